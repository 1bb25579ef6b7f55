/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "connect/stage.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "connect/fault.h"
#include "connect/sqlite_open.h"

#define NAME "/datenbrief-XXXXXX"

struct table {
	char *name;
	char **columns;
	size_t n, prepared;
	sqlite3_stmt *insert; /* for `prepared` columns */
};

struct dbi_stage {
	int fd;
	sqlite3 *db; /* while it is filled */
	struct table *tables;
	size_t n;
	void *map;
	size_t size;
	char *blob;
	size_t room;
};

/* ---- the file ---- */

static int no_file(struct dbrief_error *err)
{
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "",
	    "the files cannot be staged; make room in /var/tmp, or name another folder in TMPDIR");
}

/* A file of this user alone in `folder`, its name in path. */
static int make_file(const char *folder, char *path, size_t room)
{
	int n = snprintf(path, room, "%s" NAME, folder);

	return n > 0 && (size_t)n < room ? mkostemp(path, O_CLOEXEC) : -1;
}

static int open_database(struct dbi_stage *s, struct dbrief_error *err)
{
	const char *folders[] = { secure_getenv("TMPDIR"), "/var/tmp", "/tmp" };
	char path[512];
	int rc;

	for (size_t i = 0; s->fd < 0 && i < sizeof(folders) / sizeof(folders[0]); i++)
		if (folders[i] && folders[i][0] == '/')
			s->fd = make_file(folders[i], path, sizeof(path));
	if (s->fd < 0)
		return no_file(err);
	rc = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	(void)unlink(path); /* SQLite has it open by now */
	/* Nobody else sees the file and nothing survives it: no journal, no waiting for the disk, little cache. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
		    " PRAGMA temp_store=FILE; PRAGMA cache_size=-8192; BEGIN", NULL, NULL, NULL);
	return rc == SQLITE_OK ? DBRIEF_OK : no_file(err);
}

int dbi_stage_new(struct dbi_stage **stage, struct dbrief_error *err)
{
	struct dbi_stage *s = calloc(1, sizeof(*s));
	int status;

	*stage = NULL;
	if (!s)
		return dbi_connect_memory(err);
	s->fd = -1;
	status = open_database(s, err);
	if (status != DBRIEF_OK) {
		dbi_stage_free(s);
		return status;
	}
	*stage = s;
	return DBRIEF_OK;
}

static void close_database(struct dbi_stage *s)
{
	for (size_t i = 0; i < s->n; i++) {
		(void)sqlite3_finalize(s->tables[i].insert);
		s->tables[i].insert = NULL;
	}
	(void)sqlite3_close(s->db);
	s->db = NULL;
	free(s->blob);
	s->blob = NULL;
}

void dbi_stage_free(struct dbi_stage *s)
{
	if (!s)
		return;
	close_database(s);
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->tables[i].n; k++)
			free(s->tables[i].columns[k]);
		free(s->tables[i].columns);
		free(s->tables[i].name);
	}
	free(s->tables);
	if (s->map)
		(void)munmap(s->map, s->size);
	if (s->fd >= 0)
		(void)close(s->fd);
	free(s);
}

/* ---- filling ---- */

static int fault(struct dbrief_error *err, int rc)
{
	if ((rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN)
		return no_file(err);
	return dbi_sqlite_fault(err, "", rc);
}

/* Runs SQL made by sqlite3_mprintf and frees it. */
static int run(struct dbi_stage *s, char *sql, struct dbrief_error *err)
{
	int rc = sql ? sqlite3_exec(s->db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;

	sqlite3_free(sql);
	return rc == SQLITE_OK ? DBRIEF_OK : fault(err, rc);
}

int dbi_stage_table(struct dbi_stage *s, const char *name, size_t *table, struct dbrief_error *err)
{
	struct table *grown = realloc(s->tables, (s->n + 1) * sizeof(*grown));

	if (!grown)
		return dbi_connect_memory(err);
	s->tables = grown;
	memset(&grown[s->n], 0, sizeof(*grown));
	grown[s->n].name = strdup(name);
	if (!grown[s->n].name)
		return dbi_connect_memory(err);
	*table = s->n++;
	return DBRIEF_OK;
}

int dbi_stage_column(struct dbi_stage *s, size_t table, const char *name, struct dbrief_error *err)
{
	struct table *t = &s->tables[table];
	char **grown = realloc(t->columns, (t->n + 1) * sizeof(*grown));
	int status;

	if (!grown)
		return dbi_connect_memory(err);
	t->columns = grown;
	for (size_t i = 0; i < t->n; i++)
		if (sqlite3_stricmp(t->columns[i], name) == 0)
			return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "",
			    "two columns are named '%.60s'; rename one of them", name);
	status = run(s, t->n ? sqlite3_mprintf("ALTER TABLE \"%w\" ADD COLUMN \"%w\"", t->name, name) :
	    sqlite3_mprintf("CREATE TABLE \"%w\" (\"%w\")", t->name, name), err);
	if (status != DBRIEF_OK)
		return status;
	grown[t->n] = strdup(name);
	if (!grown[t->n])
		return dbi_connect_memory(err);
	t->n++;
	return DBRIEF_OK;
}

static int prepare_insert(struct dbi_stage *s, struct table *t)
{
	sqlite3_str *sql = sqlite3_str_new(s->db);
	char *text;
	int rc;

	(void)sqlite3_finalize(t->insert);
	t->insert = NULL;
	t->prepared = 0;
	sqlite3_str_appendf(sql, "INSERT INTO \"%w\" VALUES(?", t->name);
	for (size_t i = 1; i < t->n; i++)
		sqlite3_str_appendall(sql, ",?");
	sqlite3_str_appendall(sql, ")");
	text = sqlite3_str_finish(sql);
	if (!text)
		return SQLITE_NOMEM;
	rc = sqlite3_prepare_v2(s->db, text, -1, &t->insert, NULL);
	sqlite3_free(text);
	if (rc == SQLITE_OK)
		t->prepared = t->n;
	return rc;
}

/* A blob is the charset's name and a NUL, then the bytes; without a name they are no text. */
static int bind_blob(struct dbi_stage *s, sqlite3_stmt *stmt, int i, const struct dbi_cell *cell)
{
	const char *charset = cell->kind == DBI_CELL_BAD ? cell->charset : "";
	size_t name = strlen(charset) + 1, need = name + cell->len;

	if (need > s->room) {
		char *grown = realloc(s->blob, need);

		if (!grown)
			return SQLITE_NOMEM;
		s->blob = grown;
		s->room = need;
	}
	memcpy(s->blob, charset, name);
	if (cell->len)
		memcpy(s->blob + name, cell->bytes, cell->len);
	return sqlite3_bind_blob64(stmt, i, s->blob, need, SQLITE_TRANSIENT);
}

static int bind(struct dbi_stage *s, sqlite3_stmt *stmt, int i, const struct dbi_cell *cell)
{
	if (cell->kind == DBI_CELL_NULL)
		return sqlite3_bind_null(stmt, i);
	if (cell->kind == DBI_CELL_TEXT)
		return sqlite3_bind_text64(stmt, i, cell->bytes ? cell->bytes : "", cell->len, SQLITE_STATIC, SQLITE_UTF8);
	return bind_blob(s, stmt, i, cell);
}

int dbi_stage_row(struct dbi_stage *s, size_t table, const struct dbi_cell *cells, size_t n, struct dbrief_error *err)
{
	struct table *t = &s->tables[table];
	int rc = t->prepared == t->n ? SQLITE_OK : prepare_insert(s, t);

	for (size_t i = 0; rc == SQLITE_OK && i < n && i < t->n; i++)
		rc = bind(s, t->insert, (int)i + 1, &cells[i]);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(t->insert);
		(void)sqlite3_reset(t->insert);
		(void)sqlite3_clear_bindings(t->insert);
	}
	return rc == SQLITE_OK || rc == SQLITE_DONE ? DBRIEF_OK : fault(err, rc);
}

int dbi_stage_index(struct dbi_stage *s, size_t table, const char *column, struct dbrief_error *err)
{
	const struct table *t = &s->tables[table];

	return run(s, sqlite3_mprintf("CREATE INDEX IF NOT EXISTS \"by %w %w\" ON \"%w\" (\"%w\")", t->name, column,
	    t->name, column), err);
}

int dbi_stage_finish(struct dbi_stage *s, struct dbrief_error *err)
{
	struct stat st;
	int rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);

	close_database(s);
	if (rc != SQLITE_OK)
		return fault(err, rc);
	if (fstat(s->fd, &st) != 0 || st.st_size <= 0 || (uintmax_t)st.st_size > SIZE_MAX)
		return no_file(err);
	s->size = (size_t)st.st_size;
	s->map = mmap(NULL, s->size, PROT_READ, MAP_SHARED, s->fd, 0);
	if (s->map == MAP_FAILED) {
		s->map = NULL;
		return no_file(err);
	}
	(void)madvise(s->map, s->size, MADV_RANDOM);
	(void)close(s->fd);
	s->fd = -1;
	return DBRIEF_OK;
}

/* ---- reading ---- */

int dbi_stage_open(sqlite3 **out, const struct dbi_stage *s, struct dbrief_error *err)
{
	sqlite3 *db = NULL;
	int status, rc = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);

	*out = NULL;
	/* SQLite never writes to what it was given as read-only, and does not free it. */
	if (rc == SQLITE_OK)
		rc = sqlite3_deserialize(db, "main", s->map, (sqlite3_int64)s->size, (sqlite3_int64)s->size,
		    SQLITE_DESERIALIZE_READONLY);
	status = rc == SQLITE_OK ? dbi_sqlite_guard(db, err) : fault(err, rc);
	if (status != DBRIEF_OK) {
		(void)sqlite3_close(db);
		return status;
	}
	*out = db;
	return DBRIEF_OK;
}

int dbi_stage_hand_over(dbrief_records *records, const char *field, const char *blob, size_t len)
{
	size_t name = blob ? strnlen(blob, len) + 1 : 1;

	if (!blob || name > len)
		return dbrief_record_set_null(records, field);
	if (name == 1)
		return dbrief_record_set_binary(records, field, blob + 1, len - 1, NULL);
	return dbrief_record_set_undecoded(records, field, blob, blob + name, len - name);
}
