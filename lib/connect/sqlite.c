/* SPDX-License-Identifier: MIT */
/*
 * The SQLite connector: each <query> is one SELECT with the parameter
 * :subject, prepared once per cursor and run for each subject inside one read
 * transaction, so that all collections show the same state of the database.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/fault.h"
#include "connect/sql_query.h"
#include "connect/sql_text.h"
#include "connect/sqlite.h"
#include "connect/sqlite_open.h"
#include "connect/stage.h"

struct query {
	struct dbi_sql_query sql;
	sqlite3_stmt *stmt;
	int parameter;
};

struct cursor {
	struct dbi_sqlite_database *database;
	sqlite3 *db;
	sqlite3_stmt *begin, *end;
	struct query *queries;
	size_t n;
	atomic_bool interrupted;
};

#define STEPS_BETWEEN_LOOKS 1000

/* ---- compiling the configured SQL ---- */

/* After the statement only blanks and comments may follow. */
static int check_tail(sqlite3 *db, const char *tail, const char *place, struct dbrief_error *err)
{
	while (*tail) {
		sqlite3_stmt *more = NULL;
		const char *next = tail;
		int rc = sqlite3_prepare_v2(db, tail, -1, &more, &next);
		int second = more != NULL || rc != SQLITE_OK;

		(void)sqlite3_finalize(more);
		if (second)
			return dbi_connect_config(err, place,
			    "the query holds more than one statement; write exactly one SELECT");
		if (next == tail)
			break;
		tail = next;
	}
	return DBRIEF_OK;
}

static int prepare_select(sqlite3_stmt **stmt, sqlite3 *db, const char *sql, const char *place,
    struct dbrief_error *err)
{
	const char *tail = "";
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, &tail);

	if (rc != SQLITE_OK)
		return dbi_sqlite_fault_sql(err, place, db, rc);
	if (!*stmt)
		return dbi_connect_config(err, place, "the query is empty; write one SELECT statement");
	if (sqlite3_column_count(*stmt) == 0 || !sqlite3_stmt_readonly(*stmt) || sqlite3_stmt_isexplain(*stmt))
		return dbi_connect_config(err, place, "the query is no SELECT; write one SELECT statement");
	return check_tail(db, tail, place, err);
}

static int find_parameter(struct query *q, struct dbrief_error *err)
{
	const char *name;

	q->parameter = sqlite3_bind_parameter_index(q->stmt, ":subject");
	if (q->parameter == 0)
		q->parameter = sqlite3_bind_parameter_index(q->stmt, "?1");
	if (q->parameter == 0)
		return dbi_sql_need_parameter(0, q->sql.info.place, err);
	if (sqlite3_bind_parameter_count(q->stmt) == 1)
		return DBRIEF_OK;
	name = sqlite3_bind_parameter_name(q->stmt, q->parameter == 1 ? 2 : 1);
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->sql.info.place,
	    "the query has the parameter '%.40s', which nothing fills; :subject is the only one", name ? name : "?");
}

static const char *column_name(void *ctx, size_t i)
{
	return sqlite3_column_name(ctx, (int)i);
}

static int read_columns(struct query *q, struct dbrief_error *err)
{
	return dbi_sql_query_columns(&q->sql, (size_t)sqlite3_column_count(q->stmt), column_name, q->stmt, err);
}

static int prepare_query(struct query *q, const struct cursor *c, size_t i, struct dbrief_error *err)
{
	struct dbi_sqlite_database *d = c->database;
	int status = dbi_sql_query_load(&q->sql, d->source, i, d->query ? d->query(d, i) : NULL, err);

	if (status == DBRIEF_OK)
		status = prepare_select(&q->stmt, c->db, q->sql.info.query, q->sql.info.place, err);
	if (status == DBRIEF_OK)
		status = find_parameter(q, err);
	if (status == DBRIEF_OK)
		status = read_columns(q, err);
	return status;
}

/* ---- cursor ---- */

static void cursor_close(void *cursor)
{
	struct cursor *c = cursor;

	if (!c)
		return;
	for (size_t i = 0; c->queries && i < c->n; i++) {
		(void)sqlite3_finalize(c->queries[i].stmt);
		dbi_sql_query_dispose(&c->queries[i].sql);
	}
	free(c->queries);
	(void)sqlite3_finalize(c->begin);
	(void)sqlite3_finalize(c->end);
	(void)sqlite3_close(c->db);
	free(c);
}

static void cursor_interrupt(void *cursor)
{
	struct cursor *c = cursor;

	atomic_store(&c->interrupted, true);
	sqlite3_interrupt(c->db);
}

/* sqlite3_interrupt reaches only a statement that runs; the next ones learn of it here. */
static int is_interrupted(void *cursor)
{
	const struct cursor *c = cursor;

	return atomic_load_explicit(&c->interrupted, memory_order_relaxed);
}

static int prepare_own(sqlite3_stmt **stmt, sqlite3 *db, const char *sql, struct dbrief_error *err)
{
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);

	return rc == SQLITE_OK ? DBRIEF_OK : dbi_sqlite_fault(err, "", rc);
}

static int cursor_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct dbi_sqlite_database *database = user;
	struct cursor *c = calloc(1, sizeof(*c));
	int status;

	*cursor = NULL;
	if (!c)
		return dbi_connect_memory(err);
	c->database = database;
	c->n = dbrief_source_collections(database->source);
	c->queries = calloc(c->n ? c->n : 1, sizeof(*c->queries));
	if (!c->queries) {
		status = dbi_connect_memory(err);
		goto fail;
	}
	status = database->open(&c->db, database, err);
	if (status == DBRIEF_OK)
		status = prepare_own(&c->begin, c->db, "BEGIN", err);
	if (status == DBRIEF_OK)
		status = prepare_own(&c->end, c->db, "ROLLBACK", err);
	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = prepare_query(&c->queries[i], c, i, err);
	if (status != DBRIEF_OK)
		goto fail;
	sqlite3_progress_handler(c->db, STEPS_BETWEEN_LOOKS, is_interrupted, c);
	*cursor = c;
	return DBRIEF_OK;
fail:
	cursor_close(c);
	return status;
}

static int describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	struct cursor *c = NULL;
	void *cursor = NULL;
	int status = cursor_open(&cursor, user, err);

	if (status != DBRIEF_OK)
		return status;
	c = cursor;
	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = dbi_sql_query_describe(&c->queries[i].sql, decl);
	cursor_close(c);
	return status;
}

/* ---- fetch ---- */

static int set_blob(dbrief_records *records, const char *name, const void *bytes, size_t len, bool staged)
{
	if (!staged)
		return dbrief_record_set_binary(records, name, bytes ? bytes : "", len, NULL);
	return dbi_stage_hand_over(records, name, bytes, len);
}

static int set_column(dbrief_records *records, sqlite3_stmt *stmt, int i, const char *name, bool staged)
{
	const void *bytes;
	size_t len;

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		return dbrief_record_set_integer(records, name, sqlite3_column_int64(stmt, i));
	case SQLITE_FLOAT:
		return dbrief_record_set_real(records, name, sqlite3_column_double(stmt, i));
	case SQLITE_NULL:
		return dbrief_record_set_null(records, name);
	case SQLITE_BLOB:
		bytes = sqlite3_column_blob(stmt, i);
		len = (size_t)sqlite3_column_bytes(stmt, i);
		return set_blob(records, name, bytes, len, staged);
	default:
		bytes = sqlite3_column_text(stmt, i);
		len = (size_t)sqlite3_column_bytes(stmt, i);
		return dbrief_record_set_text(records, name, bytes, bytes ? len : 0);
	}
}

/* A column that identifies something: text of any stored type, NULL for NULL. */
static int key_text(const struct query *q, size_t column, const char **text, struct dbrief_error *err)
{
	int i = (int)column;

	if (column == DBI_SQL_NO_COLUMN || sqlite3_column_type(q->stmt, i) == SQLITE_NULL)
		return DBRIEF_OK;
	*text = (const char *)sqlite3_column_text(q->stmt, i);
	if (!*text)
		return dbi_connect_memory(err);
	return dbi_sql_key_check(&q->sql, *text, (size_t)sqlite3_column_bytes(q->stmt, i), err);
}

static int emit_record(const struct query *q, const char *subject, dbrief_records *records, bool staged,
    struct dbrief_error *err)
{
	struct dbi_sql_keys keys = { NULL, NULL, NULL, false };
	int status;

	keys.number = sqlite3_column_type(q->stmt, (int)q->sql.subject) != SQLITE_TEXT;
	status = key_text(q, q->sql.subject, &keys.subject, err);
	if (status == DBRIEF_OK)
		status = key_text(q, q->sql.key, &keys.key, err);
	if (status == DBRIEF_OK)
		status = key_text(q, q->sql.link, &keys.link, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_record_begin(records, &q->sql, subject, &keys, err);
	for (size_t i = 0; status == DBRIEF_OK && i < q->sql.n; i++)
		status = set_column(records, q->stmt, (int)i, q->sql.names[i], staged);
	return status == DBRIEF_OK ? dbrief_record_end(records) : status;
}

/* A statement compiled anew after a change of the schema may have other columns. Until they are read, each run asks. */
static int check_recompiled(struct query *q, struct dbrief_error *err)
{
	int status;

	if (sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_REPREPARE, 0) == 0)
		return DBRIEF_OK;
	status = read_columns(q, err);
	if (status == DBRIEF_OK)
		(void)sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_REPREPARE, 1);
	return status;
}

static int run_query(struct query *q, const char *subject, dbrief_records *records, bool staged,
    struct dbrief_error *err)
{
	int status = DBRIEF_OK, rc;

	rc = sqlite3_bind_text(q->stmt, q->parameter, subject, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		status = check_recompiled(q, err);
	while (status == DBRIEF_OK && rc == SQLITE_ROW) {
		status = emit_record(q, subject, records, staged, err);
		if (status == DBRIEF_OK)
			rc = sqlite3_step(q->stmt);
	}
	if (status == DBRIEF_OK && rc != SQLITE_DONE)
		status = dbi_sqlite_fault(err, q->sql.info.place, rc);
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	return status;
}

static int run_own(sqlite3_stmt *stmt, struct dbrief_error *err)
{
	int rc = sqlite3_step(stmt);

	(void)sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? DBRIEF_OK : dbi_sqlite_fault(err, "", rc);
}

static int run_many(struct cursor *c, struct query *q, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		status = is_interrupted(c) ? dbi_sqlite_fault(err, q->sql.info.place, SQLITE_INTERRUPT) :
		    dbrief_records_select_subject(records, i);
		if (status == DBRIEF_OK)
			status = run_query(q, subjects[i], records, c->database->staged, err);
	}
	return status;
}

/* Nothing travels between SQLite and us, so a chunk is many runs of a statement: what it saves is the transactions. */
static int fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	struct cursor *c = cursor;
	int status;

	if (!sqlite3_get_autocommit(c->db)) /* an interrupt may have hit the end of the last fetch */
		(void)run_own(c->end, NULL);
	status = run_own(c->begin, err);
	if (status != DBRIEF_OK)
		return status;
	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = run_many(c, &c->queries[i], subjects, n, records, err);
	if (!sqlite3_get_autocommit(c->db))
		(void)run_own(c->end, NULL); /* nothing was written: only ends the snapshot */
	return status == DBRIEF_OK ? dbrief_records_end(records) : status;
}

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	return fetch_many(cursor, &subject, 1, records, err);
}

/* ---- list ---- */

static int list_rows(sqlite3_stmt *stmt, const dbrief_source *source, const unsigned *holds,
    int (*each)(void *, const struct dbrief_subject_row *), void *ctx, struct dbrief_error *err)
{
	size_t n = (size_t)sqlite3_column_count(stmt);
	bool done = false;
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *cells[DBI_SQL_SUBJECT_COLUMNS];
		size_t lens[DBI_SQL_SUBJECT_COLUMNS];
		int status;

		for (size_t i = 0; i < n; i++) {
			cells[i] = (const char *)sqlite3_column_text(stmt, (int)i);
			lens[i] = (size_t)sqlite3_column_bytes(stmt, (int)i);
		}
		status = dbi_sql_subject_row(source, n, holds, cells, lens, each, ctx, &done, err);
		if (status != DBRIEF_OK || done)
			return status;
	}
	return rc == SQLITE_DONE ? DBRIEF_OK : dbi_sqlite_fault(err, dbrief_source_place(source), rc);
}

static int list(void *cursor, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err)
{
	struct cursor *c = cursor;
	const dbrief_source *source = c->database->source;
	unsigned holds[DBI_SQL_SUBJECT_COLUMNS];
	const char *sql = NULL;
	sqlite3_stmt *stmt = NULL;
	int status = dbi_sql_subjects(source, &sql, err);

	if (status == DBRIEF_OK)
		status = prepare_select(&stmt, c->db, sql, dbrief_source_place(source), err);
	if (status == DBRIEF_OK)
		status = dbi_sql_subjects_columns(source, (size_t)sqlite3_column_count(stmt),
		    (size_t)sqlite3_bind_parameter_count(stmt), column_name, stmt, holds, err);
	if (status == DBRIEF_OK)
		status = list_rows(stmt, source, holds, each, ctx, err);
	(void)sqlite3_finalize(stmt);
	return status;
}

/* ---- the type ---- */

void dbi_sqlite_connector(struct dbrief_connector *connector, const char *name, struct dbi_sqlite_database *database)
{
	*connector = (struct dbrief_connector){
		.size = sizeof(*connector), .name = name, .describe = describe, .open = cursor_open, .fetch = fetch,
		.fetch_many = fetch_many, .list_rows = list, .interrupt = cursor_interrupt, .close = cursor_close,
		.user = database, .schema = dbi_sqlite_schema,
	};
}

/* A database file. */
struct database {
	struct dbi_sqlite_database base;
	char *path;
};

static int open_file(sqlite3 **db, struct dbi_sqlite_database *base, struct dbrief_error *err)
{
	return dbi_sqlite_open(db, ((struct database *)base)->path, err);
}

static void destroy(struct dbrief_connector *connector)
{
	struct database *database = connector->user;

	if (database)
		free(database->path);
	free(database);
	connector->user = NULL;
}

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	struct database *database = calloc(1, sizeof(*database));

	if (!database)
		return dbi_connect_memory(err);
	database->base.source = source;
	database->base.open = open_file;
	database->path = dbi_sqlite_path(source, err);
	if (!database->path) {
		free(database);
		return err && err->status != DBRIEF_OK ? err->status : DBRIEF_FATAL;
	}
	dbi_sqlite_connector(connector, "sqlite", &database->base);
	return DBRIEF_OK;
}

static const char *version(void)
{
	static const char text[] = "SQLite " SQLITE_VERSION;

	return text;
}

const struct dbrief_connector_type dbi_connector_sqlite = {
	.size = sizeof(struct dbrief_connector_type), .type = "sqlite", .create = create, .destroy = destroy,
	.version = version,
};
