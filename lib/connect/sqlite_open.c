/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "connect/fault.h"
#include "connect/sqlite_open.h"

#define BUSY_TIMEOUT_MS 2000
#define MAX_CELL (64 << 20)

/* strerror depends on the locale of the process, which is the host's. */
static const char *errno_text(int code)
{
	switch (code) {
	case ENOENT:
		return "No such file or directory";
	case EACCES:
	case EPERM:
		return "Permission denied";
	case ENOTDIR:
		return "Not a directory";
	case EISDIR:
		return "Is a directory";
	case ELOOP:
		return "Too many symbolic links";
	case ENAMETOOLONG:
		return "File name too long";
	case EIO:
		return "Input/output error";
	default:
		return "not accessible";
	}
}

char *dbi_sqlite_path(const dbrief_source *source, struct dbrief_error *err)
{
	const char *url = dbrief_source_url(source), *base = dbrief_source_base(source);
	size_t len, base_len;
	char *path;

	if (!url || strncmp(url, "sqlite:", 7) != 0 || !url[7]) {
		(void)dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(source),
		    "the source has no database file; give url=\"sqlite:FILE\" or --source ID=sqlite:FILE");
		return NULL;
	}
	url += 7;
	/* A relative name always gets its folder in front: SQLite must not see "file:..." or ":memory:". */
	if (url[0] == '/' || !base || !base[0])
		base = url[0] == '/' ? "" : ".";
	base_len = strlen(base);
	len = base_len + strlen(url) + 2;
	path = malloc(len);
	if (!path) {
		(void)dbi_connect_memory(err);
		return NULL;
	}
	if (snprintf(path, len, "%s%s%s", base, base_len ? "/" : "", url) < 0)
		path[0] = '\0';
	return path;
}

/* Tells the engine that the file is at fault, so that a letter goes on where the source is optional. */
static int unreadable(struct dbrief_error *err, int code, int status)
{
	if (err && err->os_errno == 0)
		err->os_errno = code ? code : EIO;
	return status;
}

static int cannot_open(struct dbrief_error *err, const char *path, int code)
{
	const char *name = strrchr(path, '/');

	int status;

	/* A long path would push the reason out of the text. */
	name = name && strlen(path) > 120 ? name + 1 : path;
	status = dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
	    "cannot open the database file '%.120s' (%s); check url or --source", name, errno_text(code));
	return unreadable(err, code, status);
}

static int check_file(const char *path, struct dbrief_error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cannot_open(err, path, errno);
	if (S_ISDIR(st.st_mode))
		return cannot_open(err, path, EISDIR);
	if (!S_ISREG(st.st_mode))
		return cannot_open(err, path, EINVAL);
	return DBRIEF_OK;
}

/* What a query of a configuration may do: read. Transactions are this connector's own. */
static int authorize(void *user, int action, const char *a, const char *b, const char *schema,
    const char *trigger)
{
	(void)user;
	(void)schema;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b && sqlite3_stricmp(b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA: /* asked by full-text tables on their own */
		return a && sqlite3_stricmp(a, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static void limit(sqlite3 *db)
{
	static const int limits[][2] = {
		{ SQLITE_LIMIT_LENGTH, MAX_CELL },
		{ SQLITE_LIMIT_SQL_LENGTH, 256 << 10 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 16 },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(db, limits[i][0], limits[i][1]);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	/* Else WHERE "custmer_no" = :subject, misspelled, compares with that text and finds nothing in silence. */
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)NULL);
}

/* Opening reads nothing yet: only a look at the schema tells whether the file is a database. */
static int check_readable(sqlite3 *db, const char *path, struct dbrief_error *err)
{
	int rc = sqlite3_exec(db, "PRAGMA query_only=ON; PRAGMA cache_size=-1024; SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return DBRIEF_OK;
	if ((rc & 0xff) == SQLITE_NOTADB)
		return unreadable(err, EIO, dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
		    "'%.120s' is not a SQLite database; check url or --source", path));
	if ((rc & 0xff) == SQLITE_CANTOPEN)
		return cannot_open(err, path, sqlite3_system_errno(db));
	return dbi_sqlite_fault(err, "", rc);
}

int dbi_sqlite_guard(sqlite3 *db, struct dbrief_error *err)
{
	limit(db);
	return sqlite3_set_authorizer(db, authorize, NULL) == SQLITE_OK ? DBRIEF_OK :
	    dbi_sqlite_fault(err, "", SQLITE_NOMEM);
}

int dbi_sqlite_open(sqlite3 **out, const char *path, struct dbrief_error *err)
{
	sqlite3 *db = NULL;
	int rc, status;

	*out = NULL;
	status = check_file(path, err);
	if (status != DBRIEF_OK)
		return status;
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		int code = db ? sqlite3_system_errno(db) : ENOMEM;

		status = rc == SQLITE_NOMEM ? dbi_sqlite_fault(err, "", rc) : cannot_open(err, path, code);
		goto fail;
	}
	limit(db);
	(void)sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
	status = check_readable(db, path, err);
	if (status == DBRIEF_OK)
		status = dbi_sqlite_guard(db, err);
	if (status != DBRIEF_OK)
		goto fail;
	*out = db;
	return DBRIEF_OK;
fail:
	(void)sqlite3_close(db);
	return status;
}

int dbi_sqlite_fault(struct dbrief_error *err, const char *where, int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_MEMORY, where, "out of memory; try again");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, where,
		    "the database is locked by another program; try again later");
	case SQLITE_INTERRUPT:
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CANCELLED, where,
		    "the query was interrupted; raise the source's deadline or make the query faster");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
		return unreadable(err, EIO, dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, where,
		    "the database cannot be read (%s); check it with PRAGMA integrity_check", sqlite3_errstr(code)));
	case SQLITE_TOOBIG:
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, where,
		    "a value is larger than %d bytes; leave its column out of the query", MAX_CELL);
	default:
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, where,
		    "the query failed (%s); run it in the sqlite3 shell to see why", sqlite3_errstr(code));
	}
}

int dbi_sqlite_fault_sql(struct dbrief_error *err, const char *where, sqlite3 *db, int code)
{
	int primary = code & 0xff;

	if (primary == SQLITE_AUTH)
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, where,
		    "the query does more than read (%.120s); write one SELECT statement", sqlite3_errmsg(db));
	if (primary == SQLITE_ERROR || primary == SQLITE_RANGE || primary == SQLITE_TOOBIG)
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, where,
		    "the database refuses the query (%.150s); correct the SQL", sqlite3_errmsg(db));
	return dbi_sqlite_fault(err, where, code);
}
