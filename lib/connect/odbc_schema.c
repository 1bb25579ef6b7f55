/* SPDX-License-Identifier: MIT */
/* The schema behind an ODBC driver, by its catalog functions. */
#include "config.h"
#include "connect/odbc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

struct reading {
	struct dbi_odbc_link link;
	dbrief_schema *schema;
	struct dbi_odbc_row row;
	char quote;
	struct dbrief_error *err;
};

/* ---- what queries read ---- */

static bool attribute(SQLHSTMT stmt, size_t i, SQLUSMALLINT what, char *out, size_t size)
{
	SQLWCHAR text[130] = { 0 };
	SQLSMALLINT bytes = 0;

	out[0] = '\0';
	if (!SQL_SUCCEEDED(SQLColAttributeW(stmt, (SQLUSMALLINT)(i + 1), what, text, sizeof(text) - sizeof(text[0]), &bytes, NULL)) || bytes < 0)
		return false;
	dbi_odbc_utf8(out, size, text, (size_t)bytes / sizeof(text[0]) < 128 ? (size_t)bytes / sizeof(text[0]) : 128);
	return out[0] != '\0';
}

static int look(void *ctx, const char *collection, const char *sql, struct dbrief_error *err)
{
	struct reading *r = ctx;
	SQLHSTMT stmt = NULL;
	SQLSMALLINT n = 0;
	size_t uses = 0;
	int status = dbi_odbc_prepare(&r->link, &stmt, sql, &uses, "", err);

	if (status == DBRIEF_OK && !SQL_SUCCEEDED(SQLNumResultCols(stmt, &n)))
		status = dbi_odbc_fault(&r->link, SQL_HANDLE_STMT, stmt, "", true, err);
	for (size_t i = 0; status == DBRIEF_OK && i < (size_t)n; i++) {
		char name[400], table[400], column[400];
		bool known = attribute(stmt, i, SQL_DESC_BASE_TABLE_NAME, table, sizeof(table)) &&
		    attribute(stmt, i, SQL_DESC_BASE_COLUMN_NAME, column, sizeof(column));

		(void)attribute(stmt, i, SQL_DESC_NAME, name, sizeof(name));
		status = dbrief_schema_add_result(r->schema, collection, name, NULL, known ? table : NULL, known ? column : NULL);
	}
	if (stmt)
		(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return status;
}

/* ---- rows of the catalog, as text ---- */

#define CATALOG_COLUMNS 20

static const char *cell(const struct reading *r, size_t i)
{
	return i > r->row.n || r->row.cells[i - 1].null ? NULL : r->row.bytes + r->row.cells[i - 1].at;
}

static long number(const struct reading *r, size_t i)
{
	const char *text = cell(r, i);

	return text ? strtol(text, NULL, 10) : 0;
}

static int each_row(struct reading *r, SQLHSTMT stmt, int (*each)(struct reading *r, void *ctx), void *ctx)
{
	static const enum dbi_odbc_form forms[CATALOG_COLUMNS] = { DBI_ODBC_TEXT };
	SQLSMALLINT n = 0;
	int status = DBRIEF_OK;

	(void)SQLNumResultCols(stmt, &n);
	while (status == DBRIEF_OK) {
		SQLRETURN rc = SQLFetch(stmt);

		if (rc == SQL_NO_DATA)
			break;
		if (!SQL_SUCCEEDED(rc))
			return dbi_odbc_fault(&r->link, SQL_HANDLE_STMT, stmt, "", false, r->err);
		status = dbi_odbc_row_read(&r->row, &r->link, stmt, forms, n < CATALOG_COLUMNS ? (size_t)n : CATALOG_COLUMNS, "", r->err);
		if (status == DBRIEF_OK)
			status = each(r, ctx);
	}
	return status;
}

/* A table's place as the catalog names it. */
struct table { char *catalog, *space, *name; bool view; };
struct tables { struct table *list; size_t n; char catalog[400]; };
struct column { char *name, *type; bool nullable; unsigned key; };
struct columns { const struct table *table; struct column *list; enum dbi_odbc_form *forms; size_t n; };

enum catalog { COLUMNS, KEYS, REFERENCES };

/* Names are arguments as they are written, without wildcards, where the driver has that attribute. */
static int ask(struct reading *r, enum catalog what, const struct table *t, int (*each)(struct reading *r, void *ctx), void *ctx)
{
	SQLHSTMT stmt = NULL;
	SQLWCHAR *name, *catalog, *space;
	size_t units;
	SQLRETURN rc = SQL_ERROR;
	int status = DBRIEF_OK;

	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, r->link.dbc, &stmt)))
		return dbi_odbc_fault(&r->link, SQL_HANDLE_DBC, r->link.dbc, "", false, r->err);
	name = dbi_odbc_utf16(t->name, &units);
	catalog = t->catalog ? dbi_odbc_utf16(t->catalog, &units) : NULL;
	space = t->space ? dbi_odbc_utf16(t->space, &units) : NULL;
	if (what == COLUMNS)
		rc = SQLColumnsW(stmt, catalog, SQL_NTS, space, SQL_NTS, name, SQL_NTS, NULL, 0);
	else if (what == KEYS)
		rc = SQLPrimaryKeysW(stmt, catalog, SQL_NTS, space, SQL_NTS, name, SQL_NTS);
	else
		rc = SQLForeignKeysW(stmt, NULL, 0, NULL, 0, NULL, 0, catalog, SQL_NTS, space, SQL_NTS, name, SQL_NTS);
	if (SQL_SUCCEEDED(rc))
		status = each_row(r, stmt, each, ctx);
	else if (what == COLUMNS) /* of drivers without the other two, names must tell */
		status = dbi_odbc_fault(&r->link, SQL_HANDLE_STMT, stmt, "", false, r->err);
	free(name);
	free(catalog);
	free(space);
	(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return status;
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* The schemas of the database itself are nobody's data. */
static bool is_system(const char *space)
{
	static const char *const names[] = { "information_schema", "INFORMATION_SCHEMA", "pg_catalog", "sys", "SYS", "mysql", "performance_schema" };

	for (size_t i = 0; space && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(space, names[i]) == 0)
			return true;
	return false;
}

static int take_table(struct reading *r, void *ctx)
{
	struct tables *all = ctx;
	const char *type = cell(r, 4), *space = cell(r, 2), *catalog = cell(r, 1);
	struct table *list;

	if (all->catalog[0] && catalog && strcmp(catalog, all->catalog) != 0)
		return DBRIEF_OK;
	if (!cell(r, 3) || is_system(space) || is_system(catalog) || (type && strstr(type, "SYSTEM")))
		return DBRIEF_OK;
	list = realloc(all->list, (all->n + 1) * sizeof(*list));
	if (!list)
		return dbi_connect_memory(r->err);
	all->list = list;
	list[all->n] = (struct table){ copy(catalog), copy(space && *space ? space : NULL), copy(cell(r, 3)), type && strstr(type, "VIEW") };
	if (!list[all->n].name)
		return dbi_connect_memory(r->err);
	all->n++;
	return DBRIEF_OK;
}

/* Some drivers list the tables of all databases the user may see. */
static void read_catalog(struct reading *r, struct tables *all)
{
	SQLWCHAR text[130] = { 0 };
	SQLINTEGER bytes = 0;

	if (SQL_SUCCEEDED(SQLGetConnectAttrW(r->link.dbc, SQL_ATTR_CURRENT_CATALOG, text, sizeof(text) - sizeof(text[0]), &bytes)) && bytes > 0)
		dbi_odbc_utf8(all->catalog, sizeof(all->catalog), text, (size_t)bytes / sizeof(text[0]) < 128 ? (size_t)bytes / sizeof(text[0]) : 128);
}

static int list_tables(struct reading *r, struct tables *all)
{
	SQLCHAR types[] = "TABLE,VIEW";
	SQLHSTMT stmt = NULL;
	int status = DBRIEF_OK;

	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, r->link.dbc, &stmt)))
		return dbi_odbc_fault(&r->link, SQL_HANDLE_DBC, r->link.dbc, "", false, r->err);
	read_catalog(r, all);
	if (SQL_SUCCEEDED(SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, types, SQL_NTS)))
		status = each_row(r, stmt, take_table, all);
	else
		status = dbi_odbc_fault(&r->link, SQL_HANDLE_STMT, stmt, "", false, r->err);
	(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return status;
}

/* ---- one table ---- */

static int take_column(struct reading *r, void *ctx)
{
	struct columns *c = ctx;
	struct column *list;
	enum dbi_odbc_form *forms;
	char type[100];

	/* A name with '_' is a pattern to some drivers and finds other tables, too. */
	if (!cell(r, 3) || !cell(r, 4) || strcmp(cell(r, 3), c->table->name) != 0)
		return DBRIEF_OK;
	list = realloc(c->list, (c->n + 1) * sizeof(*list));
	c->list = list ? list : c->list;
	forms = realloc(c->forms, (c->n + 1) * sizeof(*forms));
	c->forms = forms ? forms : c->forms;
	if (!list || !forms)
		return dbi_connect_memory(r->err);
	(void)snprintf(type, sizeof(type), "%.60s(%ld)", cell(r, 6) ? cell(r, 6) : "", number(r, 7));
	forms[c->n] = dbi_odbc_form_of((SQLSMALLINT)number(r, 5));
	list[c->n] = (struct column){ strdup(cell(r, 4)), strdup(type), number(r, 11) != SQL_NO_NULLS, 0 };
	c->n++;
	return list[c->n - 1].name && list[c->n - 1].type ? DBRIEF_OK : dbi_connect_memory(r->err);
}

static int take_key(struct reading *r, void *ctx)
{
	struct columns *c = ctx;

	for (size_t i = 0; cell(r, 4) && i < c->n; i++)
		if (strcmp(c->list[i].name, cell(r, 4)) == 0)
			c->list[i].key = (unsigned)number(r, 5);
	return DBRIEF_OK;
}

static int take_reference(struct reading *r, void *ctx)
{
	(void)ctx;
	if (!cell(r, 3) || !cell(r, 8))
		return DBRIEF_OK;
	return dbrief_schema_add_reference(r->schema, cell(r, 8), NULL, cell(r, 3), cell(r, 4), number(r, 9) <= 1);
}

static int add_rows(struct reading *r, SQLHSTMT stmt, const struct columns *c)
{
	unsigned wanted = dbrief_schema_samples(r->schema), rows = 0;
	int status = DBRIEF_OK;

	while (status == DBRIEF_OK && rows <= wanted) {
		SQLRETURN rc = SQLFetch(stmt);

		if (rc == SQL_NO_DATA)
			return dbrief_schema_end_table(r->schema);
		if (!SQL_SUCCEEDED(rc))
			return dbi_odbc_fault(&r->link, SQL_HANDLE_STMT, stmt, "", false, r->err);
		if (rows++ == wanted)
			break;
		status = dbi_odbc_row_read(&r->row, &r->link, stmt, c->forms, c->n, "", r->err);
		for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++) {
			const struct dbi_odbc_cell *v = &r->row.cells[i];

			if (c->forms[i] != DBI_ODBC_REAL)
				status = dbrief_schema_add_value(r->schema, i, v->null ? NULL : r->row.bytes + v->at, v->len);
		}
	}
	return status;
}

static int add_samples(struct reading *r, const struct table *t, const struct columns *c)
{
	struct dbi_sql_select sql = { NULL, 0, 0, false };
	SQLHSTMT stmt = NULL;
	SQLWCHAR *wide;
	const char *text;
	size_t units = 0;
	int status = DBRIEF_OK;

	for (size_t i = 0; i < c->n; i++)
		dbi_sql_select_column(&sql, c->list[i].name, r->quote);
	text = dbi_sql_select_from(&sql, NULL, t->name, r->quote, 0);
	wide = text ? dbi_odbc_utf16(text, &units) : NULL;
	free(sql.text);
	if (!wide || !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, r->link.dbc, &stmt))) {
		free(wide);
		return dbi_connect_memory(r->err);
	}
	(void)SQLSetStmtAttr(stmt, SQL_ATTR_MAX_ROWS, (SQLPOINTER)(uintptr_t)(dbrief_schema_samples(r->schema) + 1), 0);
	/* A table that this user may not read has no samples. */
	if (SQL_SUCCEEDED(SQLExecDirectW(stmt, wide, (SQLINTEGER)units)))
		status = add_rows(r, stmt, c);
	free(wide);
	(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return status;
}

static int add_table(struct reading *r, const struct table *t)
{
	struct columns c = { t, NULL, NULL, 0 };
	int status = ask(r, COLUMNS, t, take_column, &c);

	if (status == DBRIEF_OK)
		status = dbrief_schema_add_table(r->schema, NULL, t->name, t->view, -1);
	if (status == DBRIEF_OK && !t->view)
		status = ask(r, KEYS, t, take_key, &c);
	for (size_t i = 0; status == DBRIEF_OK && i < c.n; i++)
		status = dbrief_schema_add_column(r->schema, c.list[i].name, c.list[i].type, c.list[i].nullable, c.list[i].key);
	if (status == DBRIEF_OK && !t->view)
		status = ask(r, REFERENCES, t, take_reference, NULL);
	if (status == DBRIEF_OK && dbrief_schema_samples(r->schema) && c.n)
		status = add_samples(r, t, &c);
	for (size_t i = 0; i < c.n; i++) {
		free(c.list[i].name);
		free(c.list[i].type);
	}
	free(c.list);
	free(c.forms);
	return status;
}

static void read_quote(struct reading *r)
{
	char text[8] = "";
	SQLSMALLINT len = 0;

	r->quote = '"';
	if (SQL_SUCCEEDED(SQLGetInfo(r->link.dbc, SQL_IDENTIFIER_QUOTE_CHAR, text, sizeof(text), &len)) && text[0] == '`')
		r->quote = '`';
	(void)dbrief_schema_set_quote(r->schema, r->quote);
}

int dbi_odbc_schema(void *user, dbrief_schema *schema, struct dbrief_error *err)
{
	const dbrief_source *source = user;
	struct reading r = { .schema = schema, .err = err };
	struct tables all = { NULL, 0, "" };
	int status = dbi_odbc_link_init(&r.link, err);

	if (status != DBRIEF_OK)
		return status;
	status = dbi_odbc_connect(&r.link, source, err);
	if (status == DBRIEF_OK) {
		read_quote(&r);
		status = dbi_sql_each_query(source, schema, NULL, look, &r, err);
	}
	if (status == DBRIEF_OK)
		status = list_tables(&r, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (status == DBRIEF_OK)
			status = add_table(&r, &all.list[i]);
		free(all.list[i].catalog);
		free(all.list[i].space);
		free(all.list[i].name);
	}
	free(all.list);
	dbi_odbc_row_dispose(&r.row);
	dbi_odbc_link_dispose(&r.link);
	return status;
}
