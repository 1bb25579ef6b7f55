/* SPDX-License-Identifier: MIT */
/* The schema of a SQLite database: pragmas, and the origins of result columns that SQLite itself knows. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"
#include "connect/sql_query.h"
#include "connect/sqlite.h"
#include "connect/sqlite_open.h"

#define ROWS_COUNTED 1000000

struct reading {
	const struct dbi_sqlite_database *database;
	dbrief_schema *schema;
	sqlite3 *db;
	struct dbrief_error *err;
};

/* ---- what queries read ---- */

#ifdef HAVE_SQLITE3_COLUMN_TABLE_NAME
static const char *origin_table(sqlite3_stmt *stmt, int i)
{
	return sqlite3_column_table_name(stmt, i);
}

static const char *origin_column(sqlite3_stmt *stmt, int i)
{
	return sqlite3_column_origin_name(stmt, i);
}
#else
/* This SQLite was built without column metadata: each column could be an expression. */
static const char *origin_table(sqlite3_stmt *stmt, int i)
{
	(void)stmt;
	(void)i;
	return NULL;
}
#define origin_column origin_table
#endif

static int look(void *ctx, const char *collection, const char *sql, struct dbrief_error *err)
{
	const struct reading *r = ctx;
	sqlite3_stmt *stmt = NULL;
	int status = DBRIEF_OK, rc = sqlite3_prepare_v2(r->db, sql, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		status = dbi_sqlite_fault_sql(err, "", r->db, rc);
	for (int i = 0; status == DBRIEF_OK && i < sqlite3_column_count(stmt); i++)
		status = dbrief_schema_add_result(r->schema, collection, sqlite3_column_name(stmt, i), NULL, origin_table(stmt, i),
		    origin_column(stmt, i));
	(void)sqlite3_finalize(stmt);
	return status;
}

/* ---- tables ---- */

static const char *text(sqlite3_stmt *stmt, int i)
{
	return (const char *)sqlite3_column_text(stmt, i);
}

/* Calls `each` for every row of a statement with one parameter, until it fails. */
static int each_row(const struct reading *r, const char *sql, const char *parameter,
    int (*each)(const struct reading *r, sqlite3_stmt *stmt, void *ctx), void *ctx)
{
	sqlite3_stmt *stmt = NULL;
	int status = DBRIEF_OK, rc = sqlite3_prepare_v2(r->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK && parameter)
		rc = sqlite3_bind_text(stmt, 1, parameter, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		while (status == DBRIEF_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
			status = each(r, stmt, ctx);
	if (status == DBRIEF_OK && rc != SQLITE_DONE && rc != SQLITE_OK)
		status = dbi_sqlite_fault(r->err, "", rc);
	(void)sqlite3_finalize(stmt);
	return status;
}

static int add_column(const struct reading *r, sqlite3_stmt *stmt, void *ctx)
{
	const char *name = text(stmt, 0);

	if (!name)
		return dbi_connect_memory(r->err);
	dbi_sql_select_column(ctx, name, '"');
	return dbrief_schema_add_column(r->schema, name, text(stmt, 1), !sqlite3_column_int(stmt, 2) && !sqlite3_column_int(stmt, 3),
	    (unsigned)sqlite3_column_int(stmt, 3));
}

static int add_reference(const struct reading *r, sqlite3_stmt *stmt, void *ctx)
{
	(void)ctx;
	return dbrief_schema_add_reference(r->schema, text(stmt, 1), NULL, text(stmt, 2), text(stmt, 3), sqlite3_column_int(stmt, 0) == 0);
}

static int add_row(const struct reading *r, sqlite3_stmt *stmt, void *ctx)
{
	size_t *left = ctx;
	int status = DBRIEF_OK;

	if (*left == 0)
		return DBRIEF_OK;
	--*left;
	for (int i = 0; status == DBRIEF_OK && i < sqlite3_column_count(stmt); i++) {
		bool null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
		const char *value = null ? NULL : text(stmt, i);

		status = dbrief_schema_add_value(r->schema, (size_t)i, value ? value : null ? NULL : "", (size_t)sqlite3_column_bytes(stmt, i));
	}
	return status;
}

/* One row more than is wanted tells whether these are all. */
static int add_samples(const struct reading *r, const char *table, struct dbi_sql_select *select)
{
	unsigned wanted = dbrief_schema_samples(r->schema);
	size_t left = wanted + 1;
	const char *sql = dbi_sql_select_from(select, NULL, table, '"', wanted + 1);
	int status = sql ? each_row(r, sql, NULL, add_row, &left) : dbi_connect_memory(r->err);

	if (status == DBRIEF_OK && left > 0)
		status = dbrief_schema_end_table(r->schema);
	return status;
}

static int read_count(const struct reading *r, sqlite3_stmt *stmt, void *ctx)
{
	(void)r;
	*(int64_t *)ctx = sqlite3_column_int64(stmt, 0);
	return DBRIEF_OK;
}

static int64_t count_rows(const struct reading *r, const char *table)
{
	char *quoted = dbi_sql_quoted(table, '"'), sql[512];
	struct reading quiet = *r;
	int64_t rows = -1;

	quiet.err = NULL; /* a view that does not work any more has no rows to count */
	if (quoted && snprintf(sql, sizeof(sql), "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d)", quoted, ROWS_COUNTED) < (int)sizeof(sql) &&
	    each_row(&quiet, sql, NULL, read_count, &rows) != DBRIEF_OK)
		rows = -1;
	free(quoted);
	return rows;
}

static int add_table(const struct reading *r, sqlite3_stmt *stmt, void *ctx)
{
	const char *name = text(stmt, 0);
	struct dbi_sql_select c = { NULL, 0, 0, false };
	int status;

	(void)ctx;
	if (!name)
		return dbi_connect_memory(r->err);
	status = dbrief_schema_add_table(r->schema, NULL, name, sqlite3_column_int(stmt, 1), count_rows(r, name));
	if (status == DBRIEF_OK)
		status = each_row(r, "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid", name, add_column, &c);
	if (status == DBRIEF_OK)
		status = each_row(r, "SELECT seq, \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq", name,
		    add_reference, NULL);
	if (status == DBRIEF_OK && dbrief_schema_samples(r->schema) && c.len)
		status = add_samples(r, name, &c);
	free(c.text);
	return status;
}

static const char *query_of(void *ctx, size_t i)
{
	const struct reading *r = ctx;

	return r->database->query ? r->database->query(r->database, i) : NULL;
}

int dbi_sqlite_schema(void *user, dbrief_schema *schema, struct dbrief_error *err)
{
	struct dbi_sqlite_database *database = user;
	struct reading r = { database, schema, NULL, err };
	int status;

	/* Which files there are, and what in them is a record, only <records> say. */
	if (database->staged && dbrief_source_collections(database->source) == 0)
		return dbi_connect_config(err, "", "files do not tell what their records are; load them into a database, or write the <records> by hand");
	status = database->open(&r.db, database, err);
	if (status == DBRIEF_OK)
		status = dbi_sql_each_query(database->source, schema, query_of, look, &r, err);
	/* From here on nothing of the configuration is compiled any more, only what stands above. */
	if (status == DBRIEF_OK && sqlite3_set_authorizer(r.db, NULL, NULL) != SQLITE_OK)
		status = dbi_connect_memory(err);
	if (status == DBRIEF_OK)
		status = each_row(&r, "SELECT name, type = 'view' FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', "
		    "'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", NULL, add_table, NULL);
	(void)sqlite3_close(r.db);
	return status;
}
