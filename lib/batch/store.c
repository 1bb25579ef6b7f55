/* SPDX-License-Identifier: MIT */
#include "batch/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"

#define BUSY_MS 10000
#define MAX_NAME 500 /* SQLite takes 512, and adds "-journal" */

int dbi_store_damaged(const struct dbi_store *s, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path, "the file is damaged; %s",
	    s->remedy ? s->remedy : "restore it");
}

int dbi_store_fault(const struct dbi_store *s, int rc, struct dbrief_error *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_SINK, s->path,
		    "another process holds the file; try again when it has ended");
	case SQLITE_NOMEM:
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_MEMORY, s->path, "out of memory; free some and start again");
	case SQLITE_FULL:
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path,
		    "cannot be written (no space left); free some, then start again");
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path,
		    "cannot be written (read-only); change its rights or choose another folder");
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path,
		    "cannot be read or written; check disk and rights, then start again");
	default:
		return dbi_store_damaged(s, err);
	}
}

static int make_private(int dir, const char *name, int flags, struct dbi_store *s, struct dbrief_error *err)
{
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (flags & DBI_STORE_SCRATCH ? O_EXCL : 0), 0600);

	if (fd < 0)
		return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, errno, s->path,
		    "cannot be created (%s); change the folder's rights or choose another", dbi_errno_text(errno));
	(void)close(fd);
	return DBRIEF_OK;
}

/* Rollback journals work wherever locks do; WAL would not on a network file system. */
static int set_up(struct dbi_store *s, int flags, struct dbrief_error *err)
{
	(void)sqlite3_extended_result_codes(s->db, 0);
	(void)sqlite3_busy_timeout(s->db, BUSY_MS);
	/* The defensive mode refuses to work without a rollback journal. */
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, !(flags & DBI_STORE_SCRATCH), (int *)NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	if (flags & DBI_STORE_SCRATCH)
		return dbi_store_exec(s, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
		    "PRAGMA cache_size=-16384;", err);
	if (flags & DBI_STORE_READ)
		return dbi_store_exec(s, "PRAGMA query_only=1; PRAGMA cache_size=-256;", err);
	return dbi_store_exec(s, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA cache_size=-1024;", err);
}

/*
 * The name SQLite opens: SQLite knows no descriptors of folders, so the
 * folder's own name, without links, stands in for it, and links behind that
 * name are refused. NULL: out of memory, or the name leads elsewhere by now.
 */
static char *true_path(int dir, const char *folder, const char *name)
{
	char link[40], real[PATH_MAX];
	ssize_t n;
	struct stat a, b;
	size_t size;
	char *path;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = readlink(link, real, sizeof(real));
	if (n > 0 && n < (ssize_t)sizeof(real))
		real[n] = '\0';
	else if (!realpath(folder, real))
		return NULL;
	if (fstat(dir, &a) != 0 || stat(real, &b) != 0 || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return NULL;
	size = strlen(real) + strlen(name) + 2;
	path = dbi_malloc(size);
	if (path)
		(void)snprintf(path, size, "%s/%s", real, name);
	return path;
}

/* The folder is held open: what was opened by name must be the file that lies in it. */
static int open_database(struct dbi_store *s, int dir, const char *folder, const char *name, int how, struct dbrief_error *err)
{
	char *path = true_path(dir, folder, name);
	struct stat a, b;
	bool same;
	int rc;

	if (!path)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path, "its folder has another name by now; start again");
	if (strlen(path) > MAX_NAME) {
		dbi_free(path);
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, folder, "the folder has too long a name; choose one of at most %d bytes",
		    MAX_NAME - 32);
	}
#ifdef SQLITE_OPEN_NOFOLLOW
	how |= SQLITE_OPEN_NOFOLLOW;
#endif
	rc = sqlite3_open_v2(path, &s->db, how | SQLITE_OPEN_NOMUTEX, NULL);
	same = lstat(path, &a) == 0 && fstatat(dir, name, &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_dev == b.st_dev &&
	    a.st_ino == b.st_ino && S_ISREG(a.st_mode);
	dbi_free(path);
	if (rc != SQLITE_OK)
		return dbi_store_fault(s, rc, err);
	return same ? DBRIEF_OK : dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path,
	    "was replaced while it was opened; see who may write into the folder, then start again");
}

int dbi_store_open(struct dbi_store *s, int dir, const char *folder, const char *name, int flags, struct dbrief_error *err)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	int how = flags & DBI_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int status = DBRIEF_OK;
	struct stat st;

	s->db = NULL;
	s->path = dbi_malloc(size);
	if (!s->path)
		return dbi_error_memory(err);
	(void)snprintf(s->path, size, "%s/%s", folder, name);
	if (flags & (DBI_STORE_CREATE | DBI_STORE_SCRATCH))
		status = make_private(dir, name, flags, s, err);
	else if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		status = DBRIEF_EOF;
	else if (!S_ISREG(st.st_mode))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path, "is no regular file; choose another folder");
	if (status == DBRIEF_OK)
		status = open_database(s, dir, folder, name, how, err);
	if (status == DBRIEF_OK)
		status = set_up(s, flags, err);
	if (flags & DBI_STORE_SCRATCH)
		(void)unlinkat(dir, name, 0);
	if (status != DBRIEF_OK)
		dbi_store_close(s);
	return status;
}

void dbi_store_close(struct dbi_store *s)
{
	(void)sqlite3_close_v2(s->db);
	dbi_free(s->path);
	s->db = NULL;
	s->path = NULL;
}

int dbi_store_exec(const struct dbi_store *s, const char *sql, struct dbrief_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? DBRIEF_OK : dbi_store_fault(s, rc, err);
}

int dbi_store_prepare(const struct dbi_store *s, sqlite3_stmt **stmt, const char *sql, struct dbrief_error *err)
{
	int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);

	return rc == SQLITE_OK ? DBRIEF_OK : dbi_store_fault(s, rc, err);
}

int dbi_store_row(const struct dbi_store *s, sqlite3_stmt *stmt, struct dbrief_error *err)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return DBRIEF_OK;
	(void)sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? DBRIEF_EOF : dbi_store_fault(s, rc, err);
}

int dbi_store_run(const struct dbi_store *s, sqlite3_stmt *stmt, struct dbrief_error *err)
{
	int status = dbi_store_row(s, stmt, err);

	if (status == DBRIEF_OK)
		(void)sqlite3_reset(stmt);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}
