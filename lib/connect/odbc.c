/* SPDX-License-Identifier: MIT */
/*
 * The ODBC connector. Each <query> is prepared once per cursor and run for
 * each subject. A chunk is many runs in one transaction: ODBC has no common
 * way to send an array of subjects and get the rows of all of them back.
 */
#include "config.h"
#include "connect/odbc.h"

#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/fault.h"

struct query {
	struct dbi_sql_query sql;
	SQLHSTMT stmt;
	size_t uses;             /* of :subject */
	enum dbi_odbc_form *forms;
};

struct cursor {
	const dbrief_source *source;
	struct dbi_odbc_link link;
	struct query *queries;
	size_t n;
	struct dbi_odbc_row row;
};

/* ---- preparing ---- */

struct columns {
	SQLHSTMT stmt;
	enum dbi_odbc_form *forms;
	char name[400];
};

static const char *describe_column(void *ctx, size_t i)
{
	struct columns *c = ctx;
	SQLWCHAR name[100] = { 0 };
	SQLSMALLINT len = 0, type = 0, digits = 0, nullable = 0;
	SQLULEN size = 0;

	if (!SQL_SUCCEEDED(SQLDescribeColW(c->stmt, (SQLUSMALLINT)(i + 1), name, 100, &len, &type, &size, &digits, &nullable)))
		return NULL;
	dbi_odbc_utf8(c->name, sizeof(c->name), name, (size_t)(len < 99 ? len : 99));
	c->forms[i] = dbi_odbc_form_of(type);
	return c->name;
}

static int read_columns(struct query *q, struct dbi_odbc_link *link, struct dbrief_error *err)
{
	struct columns c = { q->stmt, NULL, "" };
	SQLSMALLINT n = 0;

	if (!SQL_SUCCEEDED(SQLNumResultCols(q->stmt, &n)))
		return dbi_odbc_fault(link, SQL_HANDLE_STMT, q->stmt, q->sql.info.place, true, err);
	if (n <= 0)
		return dbi_connect_config(err, q->sql.info.place, "the query is no SELECT; write one SELECT statement");
	q->forms = c.forms = calloc((size_t)n, sizeof(*q->forms));
	if (!q->forms)
		return dbi_connect_memory(err);
	return dbi_sql_query_columns(&q->sql, (size_t)n, describe_column, &c, err);
}

static int prepare_query(struct cursor *c, size_t i, struct dbrief_error *err)
{
	struct query *q = &c->queries[i];
	int status = dbi_sql_query_load(&q->sql, c->source, i, NULL, err);

	if (status == DBRIEF_OK)
		status = dbi_odbc_prepare(&c->link, &q->stmt, q->sql.info.query, &q->uses, q->sql.info.place, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_need_parameter(q->uses, q->sql.info.place, err);
	return status == DBRIEF_OK ? read_columns(q, &c->link, err) : status;
}

static void drop_queries(struct cursor *c)
{
	for (size_t i = 0; c->queries && i < c->n; i++) {
		struct query *q = &c->queries[i];

		if (q->stmt)
			(void)SQLFreeHandle(SQL_HANDLE_STMT, q->stmt);
		dbi_sql_query_dispose(&q->sql);
		free(q->forms);
		memset(q, 0, sizeof(*q));
	}
}

static void cursor_disconnect(struct cursor *c)
{
	drop_queries(c);
	dbi_odbc_disconnect(&c->link);
}

static int cursor_connect(struct cursor *c, struct dbrief_error *err)
{
	int status = dbi_odbc_connect(&c->link, c->source, err);

	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = prepare_query(c, i, err);
	if (status != DBRIEF_OK)
		cursor_disconnect(c);
	return status;
}

/* ---- cursor ---- */

static void cursor_close(void *cursor)
{
	struct cursor *c = cursor;

	if (!c)
		return;
	drop_queries(c);
	dbi_odbc_link_dispose(&c->link);
	dbi_odbc_row_dispose(&c->row);
	free(c->queries);
	free(c);
}

static int cursor_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct cursor *c = calloc(1, sizeof(*c));
	int status;

	*cursor = NULL;
	if (!c)
		return dbi_connect_memory(err);
	c->source = user;
	c->n = dbrief_source_collections(c->source);
	c->queries = calloc(c->n ? c->n : 1, sizeof(*c->queries));
	status = c->queries ? dbi_odbc_link_init(&c->link, err) : dbi_connect_memory(err);
	if (status != DBRIEF_OK) {
		free(c->queries);
		free(c);
		return status;
	}
	status = cursor_connect(c, err);
	if (status == DBRIEF_OK)
		*cursor = c;
	else
		cursor_close(c);
	return status;
}

static void cursor_interrupt(void *cursor)
{
	struct cursor *c = cursor;

	dbi_odbc_interrupt(&c->link);
}

static int describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	struct cursor *c;
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

static int set_cell(dbrief_records *records, const char *name, enum dbi_odbc_form form, const struct dbi_odbc_row *row,
    const struct dbi_odbc_cell *cell)
{
	if (cell->null)
		return dbrief_record_set_null(records, name);
	if (form == DBI_ODBC_REAL)
		return dbrief_record_set_real(records, name, cell->real);
	if (form == DBI_ODBC_BINARY)
		return dbrief_record_set_binary(records, name, row->bytes + cell->at, cell->len, NULL);
	return dbrief_record_set_text(records, name, row->bytes + cell->at, cell->len);
}

static int key_text(const struct query *q, const struct dbi_odbc_row *row, size_t column, const char **text,
    struct dbrief_error *err)
{
	const struct dbi_odbc_cell *cell;

	*text = NULL;
	if (column == DBI_SQL_NO_COLUMN || row->cells[column].null)
		return DBRIEF_OK;
	if (q->forms[column] == DBI_ODBC_REAL || q->forms[column] == DBI_ODBC_BINARY)
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->sql.info.place,
		    "the key column '%.60s' is neither text nor a whole number; cast it in the query", q->sql.names[column]);
	cell = &row->cells[column];
	*text = row->bytes + cell->at;
	return dbi_sql_key_check(&q->sql, *text, cell->len, err);
}

static int emit_record(const struct query *q, const struct dbi_odbc_row *row, const char *asked,
    dbrief_records *records, struct dbrief_error *err)
{
	struct dbi_sql_keys keys = { NULL, NULL, NULL, q->forms[q->sql.subject] == DBI_ODBC_NUMBER };
	int status = key_text(q, row, q->sql.subject, &keys.subject, err);

	if (status == DBRIEF_OK)
		status = key_text(q, row, q->sql.key, &keys.key, err);
	if (status == DBRIEF_OK)
		status = key_text(q, row, q->sql.link, &keys.link, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_record_begin(records, &q->sql, asked, &keys, err);
	for (size_t i = 0; status == DBRIEF_OK && i < q->sql.n; i++)
		status = set_cell(records, q->sql.names[i], q->forms[i], row, &row->cells[i]);
	return status == DBRIEF_OK ? dbrief_record_end(records) : status;
}

/* The identifier as a parameter, in the form that results have, too. */
struct parameter {
	SQLSMALLINT c_type, sql_type;
	SQLPOINTER text;
	size_t units;
	SQLLEN bytes;
};

static int bind(const struct query *q, struct dbi_odbc_link *link, struct parameter *p, struct dbrief_error *err)
{
	for (size_t i = 1; i <= q->uses; i++)
		if (!SQL_SUCCEEDED(SQLBindParameter(q->stmt, (SQLUSMALLINT)i, SQL_PARAM_INPUT, p->c_type, p->sql_type,
		    p->units, 0, p->text, p->bytes, &p->bytes)))
			return dbi_odbc_fault(link, SQL_HANDLE_STMT, q->stmt, q->sql.info.place, false, err);
	return DBRIEF_OK;
}

static bool parameter_init(struct parameter *p, const struct dbi_odbc_link *link, const char *subject)
{
	if (link->mysql) {
		size_t len = strlen(subject);

		*p = (struct parameter){ SQL_C_CHAR, SQL_VARCHAR, strdup(subject), len, (SQLLEN)len };
	} else {
		size_t units = 0;
		SQLWCHAR *text = dbi_odbc_utf16(subject, &units);

		*p = (struct parameter){ SQL_C_WCHAR, SQL_WVARCHAR, text, units, (SQLLEN)(units * sizeof(*text)) };
	}
	return p->text != NULL;
}

static int fetch_rows(struct cursor *c, const struct query *q, const char *subject, dbrief_records *records,
    struct dbrief_error *err)
{
	const char *place = q->sql.info.place;
	int status = DBRIEF_OK;

	while (status == DBRIEF_OK) {
		SQLRETURN rc = SQLFetch(q->stmt);

		if (rc == SQL_NO_DATA)
			break;
		if (!SQL_SUCCEEDED(rc))
			return dbi_odbc_fault(&c->link, SQL_HANDLE_STMT, q->stmt, place, false, err);
		status = dbi_odbc_row_read(&c->row, &c->link, q->stmt, q->forms, q->sql.n, place, err);
		if (status == DBRIEF_OK)
			status = emit_record(q, &c->row, subject, records, err);
	}
	return status;
}

static int run_query(struct cursor *c, const struct query *q, const char *subject, dbrief_records *records,
    struct dbrief_error *err)
{
	struct parameter p;
	int status;

	if (!parameter_init(&p, &c->link, subject))
		return dbi_connect_memory(err);
	status = bind(q, &c->link, &p, err);
	if (status == DBRIEF_OK)
		status = dbi_odbc_execute(&c->link, q->stmt, q->sql.info.place, err);
	if (status == DBRIEF_OK)
		status = fetch_rows(c, q, subject, records, err);
	dbi_odbc_close(&c->link, q->stmt);
	(void)SQLFreeStmt(q->stmt, SQL_RESET_PARAMS);
	free(p.text);
	return status;
}

/* A cancelled statement may end as if nothing had happened, and the request may still hit the next one. */
static int settle(struct cursor *c, int status, struct dbrief_error *err)
{
	bool interrupted;

	(void)pthread_mutex_lock(&c->link.lock);
	interrupted = c->link.interrupted;
	(void)pthread_mutex_unlock(&c->link.lock);
	if (interrupted && status == DBRIEF_OK)
		status = dbi_odbc_fault(&c->link, SQL_HANDLE_DBC, c->link.dbc, "", false, err);
	if (interrupted || status == DBRIEF_RETRY)
		cursor_disconnect(c);
	return status;
}

static int fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	struct cursor *c = cursor;
	int status = c->link.dbc ? DBRIEF_OK : cursor_connect(c, err);

	if (status != DBRIEF_OK)
		return status;
	status = dbi_odbc_begin(&c->link, err);
	for (size_t i = 0; status == DBRIEF_OK && i < c->n * n; i++) {
		status = dbrief_records_select_subject(records, i % n);
		if (status == DBRIEF_OK)
			status = run_query(c, &c->queries[i / n], subjects[i % n], records, err);
	}
	dbi_odbc_end(&c->link);
	status = settle(c, status, err);
	return status == DBRIEF_OK ? dbrief_records_end(records) : status;
}

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	return fetch_many(cursor, &subject, 1, records, err);
}

/* ---- list ---- */

static int list_rows(struct cursor *c, SQLHSTMT stmt, size_t n, const unsigned *holds,
    int (*each)(void *, const struct dbrief_subject_row *), void *ctx, struct dbrief_error *err)
{
	static const enum dbi_odbc_form forms[DBI_SQL_SUBJECT_COLUMNS] = { DBI_ODBC_TEXT, DBI_ODBC_TEXT, DBI_ODBC_TEXT, DBI_ODBC_TEXT };
	const char *place = dbrief_source_place(c->source);
	bool done = false;
	int status = dbi_odbc_execute(&c->link, stmt, place, err);

	while (status == DBRIEF_OK && !done) {
		const char *cells[DBI_SQL_SUBJECT_COLUMNS];
		size_t lens[DBI_SQL_SUBJECT_COLUMNS];
		SQLRETURN rc = SQLFetch(stmt);

		if (rc == SQL_NO_DATA)
			break;
		if (!SQL_SUCCEEDED(rc))
			return dbi_odbc_fault(&c->link, SQL_HANDLE_STMT, stmt, place, false, err);
		status = dbi_odbc_row_read(&c->row, &c->link, stmt, forms, n, place, err);
		for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
			cells[i] = c->row.cells[i].null ? NULL : c->row.bytes + c->row.cells[i].at;
			lens[i] = c->row.cells[i].len;
		}
		if (status == DBRIEF_OK)
			status = dbi_sql_subject_row(c->source, n, holds, cells, lens, each, ctx, &done, err);
	}
	return status;
}

static int list_columns(const struct cursor *c, SQLHSTMT stmt, size_t uses, size_t *n, unsigned *holds, struct dbrief_error *err)
{
	enum dbi_odbc_form forms[DBI_SQL_SUBJECT_COLUMNS];
	struct columns columns = { stmt, forms, "" };
	SQLSMALLINT count = 0;

	(void)SQLNumResultCols(stmt, &count);
	*n = count > 0 ? (size_t)count : 0;
	if (*n > DBI_SQL_SUBJECT_COLUMNS)
		return dbi_connect_config(err, dbrief_source_place(c->source),
		    "<subjects> returns too many columns; besides the identifier it may return country, postcode and street, once each");
	return dbi_sql_subjects_columns(c->source, *n, uses, describe_column, &columns, holds, err);
}

static int list(void *cursor, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err)
{
	struct cursor *c = cursor;
	unsigned holds[DBI_SQL_SUBJECT_COLUMNS];
	const char *sql = NULL;
	SQLHSTMT stmt = NULL;
	size_t uses = 0, n = 0;
	int status = c->link.dbc ? DBRIEF_OK : cursor_connect(c, err);

	if (status == DBRIEF_OK)
		status = dbi_sql_subjects(c->source, &sql, err);
	if (status == DBRIEF_OK)
		status = dbi_odbc_prepare(&c->link, &stmt, sql, &uses, dbrief_source_place(c->source), err);
	if (status == DBRIEF_OK)
		status = list_columns(c, stmt, uses, &n, holds, err);
	if (status == DBRIEF_OK)
		status = list_rows(c, stmt, n, holds, each, ctx, err);
	if (stmt) {
		dbi_odbc_close(&c->link, stmt);
		(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
		dbi_odbc_end(&c->link);
	}
	return status;
}

/* ---- the type ---- */

static void destroy(struct dbrief_connector *connector)
{
	connector->user = NULL;
}

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	(void)err;
	*connector = (struct dbrief_connector){
		.size = sizeof(*connector), .name = "odbc", .describe = describe, .open = cursor_open, .fetch = fetch,
		.fetch_many = fetch_many, .list_rows = list, .interrupt = cursor_interrupt, .close = cursor_close, .schema = dbi_odbc_schema,
	};
	memcpy(&connector->user, &source, sizeof(source)); /* read-only in here, too */
	return DBRIEF_OK;
}

static const char *version(void)
{
	static const char text[] = "unixODBC " DBI_ODBC_VERSION;

	return text;
}

const struct dbrief_connector_type dbi_connector_odbc = {
	.size = sizeof(struct dbrief_connector_type), .type = "odbc", .create = create, .destroy = destroy,
	.version = version,
};
