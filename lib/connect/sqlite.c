/* SPDX-License-Identifier: MIT */
/*
 * The SQLite connector: each <query> is one SELECT with the parameter
 * :subject, prepared once per cursor and run for each subject inside one read
 * transaction, so that all collections show the same state of the database.
 */
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/sqlite_open.h"

struct query {
	struct dbrief_collection_info info;
	sqlite3_stmt *stmt;
	int parameter;
	int n;              /* result columns */
	const char **names; /* borrowed from the statement until it is compiled again */
	int subject, key, link; /* column numbers; key and link: -1 when not configured */
};

/* What all threads share: nothing that changes. */
struct database {
	const dbrief_source *source;
	char *path;
};

struct cursor {
	const struct database *database;
	sqlite3 *db;
	sqlite3_stmt *begin, *end;
	struct query *queries;
	size_t n;
};

static int out_of_memory(struct dbrief_error *err)
{
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_MEMORY, "", "out of memory; try again");
}

static int config_error(struct dbrief_error *err, const char *place, const char *text)
{
	return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place, text);
}

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
			return config_error(err, place,
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
		return config_error(err, place, "the query is empty; write one SELECT statement");
	if (sqlite3_column_count(*stmt) == 0 || !sqlite3_stmt_readonly(*stmt) || sqlite3_stmt_isexplain(*stmt))
		return config_error(err, place, "the query is no SELECT; write one SELECT statement");
	return check_tail(db, tail, place, err);
}

static int find_parameter(struct query *q, struct dbrief_error *err)
{
	const char *name;

	q->parameter = sqlite3_bind_parameter_index(q->stmt, ":subject");
	if (q->parameter == 0)
		q->parameter = sqlite3_bind_parameter_index(q->stmt, "?1");
	if (q->parameter == 0)
		return config_error(err, q->info.place,
		    "the query has no parameter for the customer; restrict it with WHERE ... = :subject");
	if (sqlite3_bind_parameter_count(q->stmt) == 1)
		return DBRIEF_OK;
	name = sqlite3_bind_parameter_name(q->stmt, q->parameter == 1 ? 2 : 1);
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->info.place,
	    "the query has the parameter '%.40s', which nothing fills; :subject is the only one", name ? name : "?");
}

static int find_column(const struct query *q, const char *name)
{
	for (int i = 0; name && i < q->n; i++)
		if (strcmp(q->names[i], name) == 0)
			return i;
	return -1;
}

static int need_column(const struct query *q, const char *name, const char *role, int *column,
    struct dbrief_error *err)
{
	*column = find_column(q, name);
	if (!name || *column >= 0)
		return DBRIEF_OK;
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->info.place,
	    "the query does not return the column '%.60s' named by %s; add it to the SELECT", name, role);
}

/* Names and numbers of the result columns; again after SQLite compiled the statement anew. */
static int read_columns(struct query *q, struct dbrief_error *err)
{
	int n = sqlite3_column_count(q->stmt), status;
	const char **names = realloc(q->names, (size_t)n * sizeof(*names));

	if (!names)
		return out_of_memory(err);
	q->names = names;
	q->n = n;
	memset(names, 0, (size_t)n * sizeof(*names));
	for (int i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(q->stmt, i);

		if (!name)
			return out_of_memory(err);
		q->n = i;
		if (find_column(q, name) >= 0)
			return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->info.place,
			    "the query returns two columns named '%.60s'; rename one with AS", name);
		q->n = n;
		names[i] = name;
	}
	if (!q->info.subject_key)
		return config_error(err, q->info.place,
		    "the records have no subject-key; name the column of the customer");
	status = need_column(q, q->info.subject_key, "subject-key", &q->subject, err);
	if (status == DBRIEF_OK)
		status = need_column(q, q->info.key, "key", &q->key, err);
	if (status == DBRIEF_OK)
		status = need_column(q, q->info.link, "link", &q->link, err);
	return status;
}

static int prepare_query(struct query *q, const struct cursor *c, size_t i, struct dbrief_error *err)
{
	int status;

	q->info.size = sizeof(q->info);
	status = dbrief_source_collection(c->database->source, i, &q->info);
	if (status != DBRIEF_OK)
		return dbrief_error_set(err, status, DBRIEF_CAUSE_STATE, "", "the source cannot be read; report this");
	if (!q->info.query || !q->info.query[0])
		return config_error(err, q->info.place, "the records have no <query>; write one SELECT statement");
	status = prepare_select(&q->stmt, c->db, q->info.query, q->info.place, err);
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
		free(c->queries[i].names);
	}
	free(c->queries);
	(void)sqlite3_finalize(c->begin);
	(void)sqlite3_finalize(c->end);
	(void)sqlite3_close(c->db);
	free(c);
}

static int prepare_own(sqlite3_stmt **stmt, sqlite3 *db, const char *sql, struct dbrief_error *err)
{
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);

	return rc == SQLITE_OK ? DBRIEF_OK : dbi_sqlite_fault(err, "", rc);
}

static int cursor_open(void **cursor, void *user, struct dbrief_error *err)
{
	const struct database *database = user;
	struct cursor *c = calloc(1, sizeof(*c));
	int status;

	*cursor = NULL;
	if (!c)
		return out_of_memory(err);
	c->database = database;
	c->n = dbrief_source_collections(database->source);
	c->queries = calloc(c->n ? c->n : 1, sizeof(*c->queries));
	if (!c->queries) {
		status = out_of_memory(err);
		goto fail;
	}
	status = dbi_sqlite_open(&c->db, database->path, err);
	if (status == DBRIEF_OK)
		status = prepare_own(&c->begin, c->db, "BEGIN", err);
	if (status == DBRIEF_OK)
		status = prepare_own(&c->end, c->db, "ROLLBACK", err);
	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = prepare_query(&c->queries[i], c, i, err);
	if (status != DBRIEF_OK)
		goto fail;
	*cursor = c;
	return DBRIEF_OK;
fail:
	cursor_close(c);
	return status;
}

static void cursor_interrupt(void *cursor)
{
	struct cursor *c = cursor;

	sqlite3_interrupt(c->db);
}

static int describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	struct cursor *c = NULL;
	void *cursor = NULL;
	int status = cursor_open(&cursor, user, err);

	if (status != DBRIEF_OK)
		return status;
	c = cursor;
	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++) {
		const struct query *q = &c->queries[i];

		status = dbrief_declare_collection(decl, q->info.name);
		for (int k = 0; status == DBRIEF_OK && k < q->n; k++)
			status = dbrief_declare_field(decl, q->names[k]);
	}
	cursor_close(c);
	return status;
}

/* ---- fetch ---- */

static int set_column(dbrief_records *records, sqlite3_stmt *stmt, int i, const char *name)
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
		return dbrief_record_set_binary(records, name, bytes ? bytes : "", len, NULL);
	default:
		bytes = sqlite3_column_text(stmt, i);
		len = (size_t)sqlite3_column_bytes(stmt, i);
		return dbrief_record_set_text(records, name, bytes, bytes ? len : 0);
	}
}

/* A column that identifies something: text of any stored type, NULL for NULL. */
static int key_text(const struct query *q, int column, const char **text, struct dbrief_error *err)
{
	*text = NULL;
	if (column < 0 || sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
		return DBRIEF_OK;
	*text = (const char *)sqlite3_column_text(q->stmt, column);
	if (!*text)
		return out_of_memory(err);
	if (strlen(*text) == (size_t)sqlite3_column_bytes(q->stmt, column))
		return DBRIEF_OK;
	return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, q->info.place,
	    "a value of the key column '%.60s' contains a NUL byte; correct the record in the source",
	    q->names[column]);
}

static int looks_numeric(const char *s)
{
	return strspn(s, "0123456789+-.eE \t\r\n\f\v") == strlen(s);
}

/*
 * SQLite compares '05' and ' 5' with an INTEGER column as the number 5. Such a
 * record is no breach, but nobody may guess that both name the same person.
 */
static int check_echo(const struct query *q, const char *echo, const char *subject, struct dbrief_error *err)
{
	if (!echo)
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, q->info.place,
		    "the subject-key column '%.60s' is NULL in a record; correct the query", q->info.subject_key);
	if (strcmp(echo, subject) == 0 || sqlite3_column_type(q->stmt, q->subject) == SQLITE_TEXT)
		return DBRIEF_OK;
	if (!looks_numeric(subject) || !looks_numeric(echo) || strtoll(echo, NULL, 10) != strtoll(subject, NULL, 10))
		return DBRIEF_OK;
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, q->info.place,
	    "the identifier is stored as a number, but given in another form; leave out leading zeros, blanks and signs");
}

static int emit_record(const struct query *q, const char *subject, dbrief_records *records,
    struct dbrief_error *err)
{
	const char *echo = NULL, *key = NULL, *link = NULL;
	int status = key_text(q, q->subject, &echo, err);

	if (status == DBRIEF_OK)
		status = check_echo(q, echo, subject, err);
	if (status == DBRIEF_OK)
		status = key_text(q, q->key, &key, err);
	if (status == DBRIEF_OK)
		status = key_text(q, q->link, &link, err);
	if (status == DBRIEF_OK)
		status = dbrief_record_begin(records, q->info.name, echo, key, link);
	for (int i = 0; status == DBRIEF_OK && i < q->n; i++)
		status = set_column(records, q->stmt, i, q->names[i]);
	return status == DBRIEF_OK ? dbrief_record_end(records) : status;
}

/* A statement compiled anew after a change of the schema may have other columns. */
static int check_recompiled(struct query *q, struct dbrief_error *err)
{
	if (sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_REPREPARE, 1) == 0)
		return DBRIEF_OK;
	return read_columns(q, err);
}

static int run_query(struct query *q, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	int status = DBRIEF_OK, rc;

	rc = sqlite3_bind_text(q->stmt, q->parameter, subject, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		status = check_recompiled(q, err);
	while (status == DBRIEF_OK && rc == SQLITE_ROW) {
		status = emit_record(q, subject, records, err);
		if (status == DBRIEF_OK)
			rc = sqlite3_step(q->stmt);
	}
	if (status == DBRIEF_OK && rc != SQLITE_DONE)
		status = dbi_sqlite_fault(err, q->info.place, rc);
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

static int run_many(struct query *q, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		status = dbrief_records_select_subject(records, i);
		if (status == DBRIEF_OK)
			status = run_query(q, subjects[i], records, err);
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
		status = run_many(&c->queries[i], subjects, n, records, err);
	if (!sqlite3_get_autocommit(c->db))
		(void)run_own(c->end, NULL); /* nothing was written: only ends the snapshot */
	return status == DBRIEF_OK ? dbrief_records_end(records) : status;
}

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	return fetch_many(cursor, &subject, 1, records, err);
}

/* ---- list ---- */

static int list_rows(sqlite3_stmt *stmt, const char *place, int (*each)(void *, const char *), void *ctx,
    struct dbrief_error *err)
{
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(stmt, 0);

		if (!id || strlen(id) != (size_t)sqlite3_column_bytes(stmt, 0))
			return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
			    "<subjects> returns %s; leave such rows out in its WHERE",
			    id ? "an identifier with a NUL byte" : "a NULL");
		if (each(ctx, id) != 0)
			return DBRIEF_OK;
	}
	return rc == SQLITE_DONE ? DBRIEF_OK : dbi_sqlite_fault(err, place, rc);
}

static int list(void *cursor, int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err)
{
	struct cursor *c = cursor;
	const char *sql = dbrief_source_subjects(c->database->source);
	const char *place = dbrief_source_place(c->database->source);
	sqlite3_stmt *stmt = NULL;
	int status;

	if (!sql || !sql[0])
		return config_error(err, place, "the source has no <subjects>; write a SELECT that lists the identifiers");
	status = prepare_select(&stmt, c->db, sql, place, err);
	if (status == DBRIEF_OK && sqlite3_column_count(stmt) != 1)
		status = config_error(err, place, "<subjects> returns more than one column; select the identifier only");
	if (status == DBRIEF_OK && sqlite3_bind_parameter_count(stmt) != 0)
		status = config_error(err, place, "<subjects> has a parameter, which nothing fills; remove it");
	if (status == DBRIEF_OK)
		status = list_rows(stmt, place, each, ctx, err);
	(void)sqlite3_finalize(stmt);
	return status;
}

/* ---- the type ---- */

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
		return out_of_memory(err);
	database->source = source;
	database->path = dbi_sqlite_path(source, err);
	if (!database->path) {
		free(database);
		return err && err->status != DBRIEF_OK ? err->status : DBRIEF_FATAL;
	}
	*connector = (struct dbrief_connector){
		.size = sizeof(*connector), .name = "sqlite", .describe = describe, .open = cursor_open,
		.fetch = fetch, .fetch_many = fetch_many, .list = list, .interrupt = cursor_interrupt, .close = cursor_close, .user = database,
	};
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
