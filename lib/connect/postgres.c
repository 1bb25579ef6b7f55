/* SPDX-License-Identifier: MIT */
/*
 * The PostgreSQL connector. A fetch is one round trip: begin, each collection's
 * prepared query, and the end of the transaction are sent together, so that
 * all collections show one snapshot of the database. A chunk is the same with
 * an array of subjects, one statement for each collection.
 */
#include "config.h"
#include "connect/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/fault.h"

#define MANY_ROWS 100000

struct cursor {
	const dbrief_source *source;
	struct dbi_pg_link link;
	struct dbi_pg_query *queries;
	size_t n;
};

/* The subjects of a call, and where their records go. */
struct fetch {
	struct cursor *cursor;
	const char *const *subjects;
	size_t n;
	char *array;               /* the subjects as one parameter; NULL: there is only one */
	dbrief_records *records;
	struct dbrief_error *err;
};

/* ---- cursor ---- */

static void cursor_close(void *cursor)
{
	struct cursor *c = cursor;

	if (!c)
		return;
	for (size_t i = 0; c->queries && i < c->n; i++)
		dbi_pg_query_dispose(&c->queries[i]);
	free(c->queries);
	dbi_pg_link_dispose(&c->link);
	free(c);
}

static int cursor_connect(struct cursor *c, struct dbrief_error *err)
{
	int status = dbi_pg_connect(&c->link, c->source, err);

	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++)
		status = dbi_pg_query_prepare(&c->queries[i], &c->link, c->source, i, err);
	if (status != DBRIEF_OK)
		dbi_pg_disconnect(&c->link);
	return status;
}

static int cursor_open(void **cursor, void *user, struct dbrief_error *err)
{
	const dbrief_source *source = user;
	struct cursor *c = calloc(1, sizeof(*c));
	int status;

	*cursor = NULL;
	if (!c)
		return dbi_connect_memory(err);
	c->source = source;
	c->n = dbrief_source_collections(source);
	c->queries = calloc(c->n ? c->n : 1, sizeof(*c->queries));
	status = dbi_pg_link_init(&c->link, err);
	if (status != DBRIEF_OK) {
		free(c->queries);
		free(c);
		return status;
	}
	status = c->queries ? cursor_connect(c, err) : dbi_connect_memory(err);
	if (status == DBRIEF_OK)
		*cursor = c;
	else
		cursor_close(c);
	return status;
}

static void cursor_interrupt(void *cursor)
{
	struct cursor *c = cursor;

	dbi_pg_interrupt(&c->link);
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

/* ---- sending ---- */

/* {"a","b"}, with quotes and backslashes escaped. */
static char *array_of(const char *const *subjects, size_t n)
{
	size_t size = 3, len = 0;
	char *out;

	for (size_t i = 0; i < n; i++)
		size += 2 * strlen(subjects[i]) + 3;
	out = malloc(size);
	if (!out)
		return NULL;
	out[len++] = '{';
	for (size_t i = 0; i < n; i++) {
		out[len++] = '"';
		for (const char *s = subjects[i]; *s; s++) {
			if (*s == '"' || *s == '\\')
				out[len++] = '\\';
			out[len++] = *s;
		}
		out[len++] = '"';
		out[len++] = i + 1 < n ? ',' : '}';
	}
	out[len] = '\0';
	return out;
}

static bool send_command(const struct cursor *c, const char *sql)
{
	return PQsendQueryParams(c->link.conn, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static bool send_query(const struct cursor *c, size_t i, bool many, const char *parameter)
{
	char name[DBI_PG_NAME_SIZE];

	dbi_pg_query_name(name, i, many);
	return PQsendQueryPrepared(c->link.conn, name, 1, &parameter, NULL, NULL, 0) == 1;
}

static bool send_collection(const struct fetch *f, size_t i)
{
	bool sent = true;

	if (f->array && f->cursor->queries[i].many)
		return send_query(f->cursor, i, true, f->array);
	for (size_t k = 0; sent && k < f->n; k++)
		sent = send_query(f->cursor, i, false, f->subjects[k]);
	return sent;
}

static bool send_all(const struct fetch *f)
{
	const struct cursor *c = f->cursor;
	bool sent = PQenterPipelineMode(c->link.conn) == 1;

	/* A letter that was held may have left its transaction open. */
	if (sent && PQtransactionStatus(c->link.conn) != PQTRANS_IDLE)
		sent = send_command(c, "ROLLBACK");
	sent = sent && send_command(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	for (size_t i = 0; sent && i < c->n; i++)
		sent = send_collection(f, i);
	return sent && send_command(c, "COMMIT") && PQpipelineSync(c->link.conn) == 1;
}

/* ---- receiving ---- */

static int emit_rows(const struct fetch *f, const struct dbi_pg_query *q, const PGresult *result, size_t subject)
{
	int status = DBRIEF_OK, n = PQntuples(result);
	bool many = f->array && q->many;

	if (many && n >= MANY_ROWS)
		return dbi_connect_error(f->err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, q->sql.info.place,
		    "too many records for a chunk; they are fetched one customer at a time");
	for (int row = 0; status == DBRIEF_OK && row < n; row++) {
		if (many)
			subject = (size_t)strtoul(PQgetvalue(result, row, 0), NULL, 10) - 1;
		if (many || row == 0)
			status = dbrief_records_select_subject(f->records, subject);
		if (status == DBRIEF_OK)
			status = dbi_pg_record(q, result, row, many, f->subjects[subject], f->records, f->err);
	}
	return status;
}

/* All results of one statement; after an error the rest is thrown away. q NULL: a command. */
static int receive(const struct fetch *f, const struct dbi_pg_query *q, size_t subject)
{
	struct dbi_pg_link *link = &f->cursor->link;
	const char *place = q ? q->sql.info.place : "";
	PGresult *result;
	bool whole = !q;
	int status = DBRIEF_OK;

	/* The rows of one subject come in pieces, so that a large one needs no memory. */
	if (q && !f->array)
		(void)PQsetSingleRowMode(link->conn);
	while ((result = dbi_pg_result(link)) != NULL) {
		ExecStatusType got = PQresultStatus(result);

		if (status == DBRIEF_OK && (got == PGRES_TUPLES_OK || got == PGRES_SINGLE_TUPLE))
			status = q ? emit_rows(f, q, result, subject) : DBRIEF_OK;
		else if (status == DBRIEF_OK && got != PGRES_COMMAND_OK)
			status = dbi_pg_fault(link, result, place, false, f->err);
		whole = whole || got == PGRES_TUPLES_OK;
		PQclear(result);
	}
	/* Rows end with a result of their own; without it nobody knows whether these are all. */
	return status == DBRIEF_OK && (link->lost || !whole) ? dbi_pg_fault(link, NULL, place, false, f->err) : status;
}

static int receive_collection(const struct fetch *f, size_t i)
{
	const struct dbi_pg_query *q = &f->cursor->queries[i];
	size_t n = f->array && q->many ? 1 : f->n;
	int status = DBRIEF_OK;

	for (size_t k = 0; status == DBRIEF_OK && k < n; k++)
		status = receive(f, q, k);
	return status;
}

static int receive_all(const struct fetch *f, bool rolled_back)
{
	int status = DBRIEF_OK;

	if (rolled_back)
		status = receive(f, NULL, 0);
	if (status == DBRIEF_OK)
		status = receive(f, NULL, 0);
	for (size_t i = 0; status == DBRIEF_OK && i < f->cursor->n; i++)
		status = receive_collection(f, i);
	if (status == DBRIEF_OK)
		status = receive(f, NULL, 0);
	return status;
}

/* Throws away what is left until the end mark. False: the connection is of no more use. */
static bool finish(struct cursor *c)
{
	bool synced = false;
	unsigned gaps = 0;

	while (!synced && !c->link.lost && gaps < 3) {
		PGresult *result = dbi_pg_result(&c->link);

		gaps = result ? 0 : gaps + 1;
		synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	return synced && PQexitPipelineMode(c->link.conn) == 1;
}

static int exchange(const struct fetch *f)
{
	struct cursor *c = f->cursor;
	bool rolled_back = PQtransactionStatus(c->link.conn) != PQTRANS_IDLE;
	int status;

	if (send_all(f)) {
		status = receive_all(f, rolled_back);
		c->link.lost = !finish(c) || c->link.lost;
	} else {
		c->link.lost = true;
		status = DBRIEF_OK;
	}
	if (status == DBRIEF_OK && c->link.lost)
		status = dbi_pg_fault(&c->link, NULL, "", false, f->err);
	/* A cancel request may arrive late and hit the next letter: this connection has seen its last. */
	if (c->link.lost || c->link.interrupted)
		dbi_pg_disconnect(&c->link);
	return status;
}

static int fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	struct cursor *c = cursor;
	struct fetch f = { c, subjects, n, NULL, records, err };
	int status;

	dbi_pg_settle(&c->link);
	status = c->link.conn ? DBRIEF_OK : cursor_connect(c, err);
	if (status == DBRIEF_OK && n > 1 && !(f.array = array_of(subjects, n)))
		status = dbi_connect_memory(err);
	if (status == DBRIEF_OK)
		status = exchange(&f);
	free(f.array);
	return status == DBRIEF_OK ? dbrief_records_end(records) : status;
}

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	return fetch_many(cursor, &subject, 1, records, err);
}

/* ---- list ---- */

static int list_rows(const dbrief_source *source, const PGresult *result, const unsigned *holds,
    int (*each)(void *, const struct dbrief_subject_row *), void *ctx, bool *done, struct dbrief_error *err)
{
	int status = DBRIEF_OK, n = PQnfields(result);

	for (int row = 0; status == DBRIEF_OK && !*done && row < PQntuples(result); row++) {
		const char *cells[DBI_SQL_SUBJECT_COLUMNS];
		size_t lens[DBI_SQL_SUBJECT_COLUMNS];

		for (int i = 0; i < n; i++) {
			cells[i] = PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i);
			lens[i] = (size_t)PQgetlength(result, row, i);
		}
		status = dbi_sql_subject_row(source, (size_t)n, holds, cells, lens, each, ctx, done, err);
	}
	return status;
}

static int list(void *cursor, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err)
{
	struct cursor *c = cursor;
	const char *place = dbrief_source_place(c->source);
	unsigned holds[DBI_SQL_SUBJECT_COLUMNS];
	PGresult *result;
	bool done = false;
	int status = c->link.conn ? DBRIEF_OK : cursor_connect(c, err);

	if (status == DBRIEF_OK)
		status = dbi_pg_list_prepare(&c->link, c->source, holds, err);
	if (status != DBRIEF_OK)
		return status;
	if (!PQsendQueryPrepared(c->link.conn, "list", 0, NULL, NULL, NULL, 0) || !PQsetSingleRowMode(c->link.conn))
		return dbi_pg_fault(&c->link, NULL, place, false, err);
	while ((result = dbi_pg_result(&c->link)) != NULL) {
		ExecStatusType got = PQresultStatus(result);

		if (status == DBRIEF_OK && (got == PGRES_TUPLES_OK || got == PGRES_SINGLE_TUPLE))
			status = list_rows(c->source, result, holds, each, ctx, &done, err);
		else if (status == DBRIEF_OK)
			status = dbi_pg_fault(&c->link, result, place, false, err);
		PQclear(result);
	}
	if (status == DBRIEF_OK && c->link.lost)
		status = dbi_pg_fault(&c->link, NULL, place, false, err);
	dbi_pg_disconnect(&c->link); /* the statement's name is free again, too */
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
		.size = sizeof(*connector), .name = "postgresql", .describe = describe, .open = cursor_open,
		.fetch = fetch, .fetch_many = fetch_many, .list_rows = list, .interrupt = cursor_interrupt,
		.close = cursor_close, .schema = dbi_pg_schema,
	};
	memcpy(&connector->user, &source, sizeof(source)); /* read-only in here, too */
	return DBRIEF_OK;
}

static const char *version(void)
{
	static const char text[] = "libpq " DBI_PQ_VERSION;

	return text;
}

const struct dbrief_connector_type dbi_connector_postgresql = {
	.size = sizeof(struct dbrief_connector_type), .type = "postgresql", .create = create, .destroy = destroy,
	.version = version,
};
