/* SPDX-License-Identifier: MIT */
/* The schema of a PostgreSQL database by its catalog. Tables that are found without their schema's name are named without it. */
#include "config.h"
#include "connect/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"
#include "connect/sql_text.h"

struct reading {
	struct dbi_pg_link link;
	dbrief_schema *schema;
	struct dbrief_error *err;
};

/* ---- asking ---- */

static PGresult *last_result(struct dbi_pg_link *link, int sent)
{
	PGresult *last = NULL, *result;

	while (sent && (result = dbi_pg_result(link)) != NULL) {
		PQclear(last);
		last = result;
	}
	return last;
}

/* Rows of a query with up to two parameters; *out is the caller's, NULL unless OK. */
static int ask(struct reading *r, const char *sql, const char *a, const char *b, PGresult **out)
{
	const char *const values[] = { a, b };
	int n = b ? 2 : a ? 1 : 0, status;

	*out = last_result(&r->link, PQsendQueryParams(r->link.conn, sql, n, NULL, values, NULL, NULL, 0));
	if (PQresultStatus(*out) == PGRES_TUPLES_OK)
		return DBRIEF_OK;
	status = dbi_pg_fault(&r->link, *out, "", false, r->err);
	PQclear(*out);
	*out = NULL;
	return status;
}

static const char *cell(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static bool is_true(const PGresult *result, int row, int column)
{
	const char *value = cell(result, row, column);

	return value && *value == 't';
}

/* ---- what queries read ---- */

static int add_origin(struct reading *r, const char *collection, const PGresult *described, int i)
{
	char table[16], column[16];
	PGresult *found = NULL;
	int status;

	if (PQftable(described, i) == InvalidOid)
		return dbrief_schema_add_result(r->schema, collection, PQfname(described, i), NULL, NULL, NULL);
	(void)snprintf(table, sizeof(table), "%u", PQftable(described, i));
	(void)snprintf(column, sizeof(column), "%d", PQftablecol(described, i));
	status = ask(r, "SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END, c.relname, a.attname "
	    "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	    "WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum = $2::pg_catalog.int2", table, column, &found);
	if (status == DBRIEF_OK && PQntuples(found) == 1)
		status = dbrief_schema_add_result(r->schema, collection, PQfname(described, i), cell(found, 0, 0), cell(found, 0, 1),
		    cell(found, 0, 2));
	else if (status == DBRIEF_OK)
		status = dbrief_schema_add_result(r->schema, collection, PQfname(described, i), NULL, NULL, NULL);
	PQclear(found);
	return status;
}

static int look(void *ctx, const char *collection, const char *sql, struct dbrief_error *err)
{
	struct reading *r = ctx;
	char *text = NULL;
	size_t uses = 0;
	PGresult *described = NULL;
	int status = dbi_sql_rewrite(&text, &uses, sql, &dbi_sql_postgres, "$1", "", err);

	if (status == DBRIEF_OK)
		described = last_result(&r->link, PQsendPrepare(r->link.conn, "", text, 0, NULL));
	if (status == DBRIEF_OK && PQresultStatus(described) == PGRES_COMMAND_OK) {
		PQclear(described);
		described = last_result(&r->link, PQsendDescribePrepared(r->link.conn, ""));
	}
	if (status == DBRIEF_OK && PQresultStatus(described) != PGRES_COMMAND_OK)
		status = dbi_pg_fault(&r->link, described, "", true, err);
	for (int i = 0; status == DBRIEF_OK && i < PQnfields(described); i++)
		status = add_origin(r, collection, described, i);
	PQclear(described);
	free(text);
	return status;
}

/* ---- tables ---- */

static int add_columns(struct reading *r, const char *oid, PGresult **columns)
{
	int status = ask(r, "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
	    "coalesce(pg_catalog.array_position(i.indkey::pg_catalog.int2[], a.attnum) + 1, 0) "
	    "FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary "
	    "WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum", oid, NULL, columns);

	for (int i = 0; status == DBRIEF_OK && i < PQntuples(*columns); i++)
		status = dbrief_schema_add_column(r->schema, cell(*columns, i, 0), cell(*columns, i, 1), !is_true(*columns, i, 2),
		    (unsigned)strtoul(cell(*columns, i, 3), NULL, 10));
	return status;
}

static int add_references(struct reading *r, const char *oid)
{
	PGresult *found = NULL;
	int status = ask(r, "SELECT k.ord = 1, f.attname, CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN NULL ELSE n.nspname END, c.relname, "
	    "t.attname FROM pg_catalog.pg_constraint x CROSS JOIN LATERAL "
	    "ROWS FROM (pg_catalog.unnest(x.conkey), pg_catalog.unnest(x.confkey)) WITH ORDINALITY AS k(f, t, ord) "
	    "JOIN pg_catalog.pg_attribute f ON f.attrelid = x.conrelid AND f.attnum = k.f "
	    "JOIN pg_catalog.pg_attribute t ON t.attrelid = x.confrelid AND t.attnum = k.t "
	    "JOIN pg_catalog.pg_class c ON c.oid = x.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	    "WHERE x.contype = 'f' AND x.conrelid = $1::pg_catalog.oid ORDER BY x.conname, k.ord", oid, NULL, &found);

	for (int i = 0; status == DBRIEF_OK && i < PQntuples(found); i++)
		status = dbrief_schema_add_reference(r->schema, cell(found, i, 1), cell(found, i, 2), cell(found, i, 3), cell(found, i, 4),
		    is_true(found, i, 0));
	PQclear(found);
	return status;
}

/* A table that this user may not read has no samples; what to do about it is said when its query is written. */
static int add_samples(struct reading *r, const char *space, const char *table, const PGresult *columns)
{
	unsigned wanted = dbrief_schema_samples(r->schema);
	struct dbi_sql_select sql = { NULL, 0, 0, false };
	const char *text;
	PGresult *rows;
	int status = DBRIEF_OK, n;

	for (int i = 0; i < PQntuples(columns); i++)
		dbi_sql_select_column(&sql, PQgetvalue(columns, i, 0), '"');
	text = dbi_sql_select_from(&sql, space, table, '"', wanted + 1);
	if (!text) {
		free(sql.text);
		return dbi_connect_memory(r->err);
	}
	rows = last_result(&r->link, PQsendQuery(r->link.conn, text));
	free(sql.text);
	n = PQresultStatus(rows) == PGRES_TUPLES_OK ? PQntuples(rows) : -1;
	for (int i = 0; i < n && i < (int)wanted; i++)
		for (int k = 0; status == DBRIEF_OK && k < PQnfields(rows); k++)
			status = dbrief_schema_add_value(r->schema, (size_t)k, cell(rows, i, k), (size_t)PQgetlength(rows, i, k));
	if (status == DBRIEF_OK && n >= 0 && n <= (int)wanted)
		status = dbrief_schema_end_table(r->schema);
	PQclear(rows);
	return r->link.lost ? dbi_pg_fault(&r->link, NULL, "", false, r->err) : status;
}

/* "oid, schema, visible, table, view, rows" */
static int add_table(struct reading *r, const PGresult *tables, int row)
{
	const char *oid = cell(tables, row, 0), *space = cell(tables, row, 1), *table = cell(tables, row, 3);
	PGresult *columns = NULL;
	int status = dbrief_schema_add_table(r->schema, is_true(tables, row, 2) ? NULL : space, table, is_true(tables, row, 4),
	    strtoll(cell(tables, row, 5), NULL, 10));

	if (status == DBRIEF_OK)
		status = add_columns(r, oid, &columns);
	if (status == DBRIEF_OK)
		status = add_references(r, oid);
	if (status == DBRIEF_OK && dbrief_schema_samples(r->schema) && PQntuples(columns) > 0)
		status = add_samples(r, space, table, columns);
	PQclear(columns);
	return status;
}

static int add_tables(struct reading *r)
{
	PGresult *tables = NULL;
	int status = ask(r, "SELECT c.oid, n.nspname, pg_catalog.pg_table_is_visible(c.oid), c.relname, c.relkind IN ('v', 'm'), "
	    "c.reltuples::pg_catalog.int8 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' "
	    "ORDER BY pg_catalog.pg_table_is_visible(c.oid) DESC, n.nspname, c.relname", NULL, NULL, &tables);

	for (int i = 0; status == DBRIEF_OK && i < PQntuples(tables); i++)
		status = add_table(r, tables, i);
	PQclear(tables);
	return status;
}

int dbi_pg_schema(void *user, dbrief_schema *schema, struct dbrief_error *err)
{
	const dbrief_source *source = user;
	struct reading r = { .schema = schema, .err = err };
	int status = dbi_pg_link_init(&r.link, err);

	if (status != DBRIEF_OK)
		return status;
	status = dbi_pg_connect(&r.link, source, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_each_query(source, schema, NULL, look, &r, err);
	if (status == DBRIEF_OK)
		status = add_tables(&r);
	dbi_pg_link_dispose(&r.link);
	return status;
}
