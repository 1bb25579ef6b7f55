/* SPDX-License-Identifier: MIT */
/* Preparing the configured SQL: for one subject, and for a chunk of them in one statement. */
#include "connect/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"
#include "connect/sql_text.h"

#define MONEY_OID 790
/* More rows of a chunk than this are fetched one subject at a time, in pieces. */
#define MANY_ROWS "100000"

void dbi_pg_query_name(char name[DBI_PG_NAME_SIZE], size_t i, bool many)
{
	(void)snprintf(name, DBI_PG_NAME_SIZE, "%c%zu", many ? 'm' : 'q', i);
}

/* The last result of a call, which is blocking in effect; NULL when the link is lost. */
static PGresult *last_result(struct dbi_pg_link *link, int sent)
{
	PGresult *last = NULL, *result;

	while (sent && (result = dbi_pg_result(link)) != NULL) {
		PQclear(last);
		last = result;
	}
	if (link->lost) {
		PQclear(last);
		last = NULL;
	}
	return last;
}

/* Prepares and describes; *described is the caller's. */
static int prepare(struct dbi_pg_link *link, const char *name, const char *sql, const char *place,
    PGresult **described, struct dbrief_error *err)
{
	PGresult *result = last_result(link, PQsendPrepare(link->conn, name, sql, 0, NULL));
	int status = DBRIEF_OK;

	*described = NULL;
	if (PQresultStatus(result) == PGRES_COMMAND_OK) {
		PQclear(result);
		result = last_result(link, PQsendDescribePrepared(link->conn, name));
	}
	if (PQresultStatus(result) == PGRES_COMMAND_OK) {
		*described = result;
		return DBRIEF_OK;
	}
	status = dbi_pg_fault(link, result, place, true, err);
	PQclear(result);
	return status;
}

/* ---- one subject ---- */

static const char *column_name(void *ctx, size_t i)
{
	return PQfname(ctx, (int)i);
}

static int read_columns(struct dbi_pg_query *q, PGresult *described, struct dbrief_error *err)
{
	size_t n = (size_t)PQnfields(described);

	if (n == 0)
		return dbi_connect_config(err, q->sql.info.place,
		    "the query is no SELECT; write one SELECT statement");
	free(q->forms);
	q->forms = calloc(n, sizeof(*q->forms));
	if (!q->forms)
		return dbi_connect_memory(err);
	for (size_t i = 0; i < n; i++) {
		Oid type = PQftype(described, (int)i);

		if (type == MONEY_OID)
			return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->sql.info.place,
			    "the column '%.60s' is of type money, whose form depends on the server's locale; "
			    "cast it to numeric", PQfname(described, (int)i));
		q->forms[i] = dbi_pg_form_of(type);
	}
	return dbi_sql_query_columns(&q->sql, n, column_name, described, err);
}

static int prepare_one(struct dbi_pg_query *q, struct dbi_pg_link *link, size_t i, Oid *parameter,
    struct dbrief_error *err)
{
	const char *place = q->sql.info.place;
	char name[DBI_PG_NAME_SIZE], *sql = NULL;
	PGresult *described = NULL;
	size_t uses = 0;
	int status = dbi_sql_rewrite(&sql, &uses, q->sql.info.query, &dbi_sql_postgres, "$1", place, err);

	if (status == DBRIEF_OK)
		status = dbi_sql_need_parameter(uses, place, err);
	dbi_pg_query_name(name, i, false);
	if (status == DBRIEF_OK)
		status = prepare(link, name, sql, place, &described, err);
	if (status == DBRIEF_OK && PQnparams(described) != 1)
		status = dbi_connect_config(err, place,
		    "the query has the parameter '$2' or higher, which nothing fills; :subject is the only one");
	if (status == DBRIEF_OK) {
		*parameter = PQparamtype(described, 0);
		status = read_columns(q, described, err);
	}
	PQclear(described);
	free(sql);
	return status;
}

/* ---- many subjects ---- */

/* The name of the type that the server inferred for :subject, into "dbrief_s.id::TYPE". */
static bool parameter_text(struct dbi_pg_link *link, Oid type, char *out, size_t size)
{
	char sql[64];
	PGresult *result;
	int len = -1;

	(void)snprintf(sql, sizeof(sql), "SELECT pg_catalog.format_type(%u, NULL)", type);
	result = last_result(link, PQsendQuery(link->conn, sql));
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		len = snprintf(out, size, "(dbrief_s.id::%s)", PQgetvalue(result, 0, 0));
	PQclear(result);
	return len > 0 && (size_t)len < size;
}

static char *wrap(const char *query)
{
	static const char head[] = "SELECT dbrief_s.n, dbrief_q.* "
		"FROM unnest($1::text[]) WITH ORDINALITY AS dbrief_s(id, n) CROSS JOIN LATERAL (";
	/* On a line of its own: the query may end in a comment. */
	static const char tail[] = "\n) AS dbrief_q LIMIT " MANY_ROWS;
	size_t size = sizeof(head) + sizeof(tail) + strlen(query);
	char *sql = malloc(size);

	if (sql)
		(void)snprintf(sql, size, "%s%s%s", head, query, tail);
	return sql;
}

/* What cannot be wrapped, such as FOR SHARE, is left to one statement for each subject. */
static int prepare_many(struct dbi_pg_query *q, struct dbi_pg_link *link, size_t i, Oid parameter,
    struct dbrief_error *err)
{
	char name[DBI_PG_NAME_SIZE], text[160], *query = NULL, *sql = NULL;
	struct dbrief_error ignored = DBRIEF_ERROR_INIT;
	PGresult *described = NULL;
	size_t uses = 0;
	int status;

	q->many = false;
	if (!parameter_text(link, parameter, text, sizeof(text)))
		return link->lost ? dbi_pg_fault(link, NULL, q->sql.info.place, false, err) : DBRIEF_OK;
	status = dbi_sql_rewrite(&query, &uses, q->sql.info.query, &dbi_sql_postgres, text, q->sql.info.place, err);
	if (status == DBRIEF_OK && !(sql = wrap(query)))
		status = dbi_connect_memory(err);
	dbi_pg_query_name(name, i, true);
	if (status == DBRIEF_OK)
		q->many = prepare(link, name, sql, q->sql.info.place, &described, &ignored) == DBRIEF_OK &&
		    (size_t)PQnfields(described) == q->sql.n + 1;
	if (status == DBRIEF_OK && link->lost)
		status = dbi_pg_fault(link, NULL, q->sql.info.place, false, err);
	PQclear(described);
	free(sql);
	free(query);
	return status;
}

int dbi_pg_query_prepare(struct dbi_pg_query *q, struct dbi_pg_link *link, const dbrief_source *source, size_t i,
    struct dbrief_error *err)
{
	Oid parameter = 0;
	int status = dbi_sql_query_load(&q->sql, source, i, NULL, err);

	if (status == DBRIEF_OK)
		status = prepare_one(q, link, i, &parameter, err);
	return status == DBRIEF_OK ? prepare_many(q, link, i, parameter, err) : status;
}

void dbi_pg_query_dispose(struct dbi_pg_query *q)
{
	dbi_sql_query_dispose(&q->sql);
	free(q->forms);
	q->forms = NULL;
}

int dbi_pg_list_prepare(struct dbi_pg_link *link, const dbrief_source *source, unsigned holds[DBI_SQL_SUBJECT_COLUMNS],
    struct dbrief_error *err)
{
	const char *configured = NULL, *place = dbrief_source_place(source);
	PGresult *described = NULL;
	char *sql = NULL;
	size_t uses = 0;
	int status = dbi_sql_subjects(source, &configured, err);

	if (status == DBRIEF_OK)
		status = dbi_sql_rewrite(&sql, &uses, configured, &dbi_sql_postgres, "$1", place, err);
	if (status == DBRIEF_OK && uses)
		status = dbi_sql_subjects_check(source, uses, err);
	if (status == DBRIEF_OK)
		status = prepare(link, "list", sql, place, &described, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_subjects_columns(source, (size_t)PQnfields(described), (size_t)PQnparams(described), column_name,
		    described, holds, err);
	PQclear(described);
	free(sql);
	return status;
}
