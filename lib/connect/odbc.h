/* SPDX-License-Identifier: MIT */
/* Inside of the ODBC connector: a connection, its errors, and the rows it returns. */
#ifndef DBI_CONNECT_ODBC_H
#define DBI_CONNECT_ODBC_H

#include <pthread.h>
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
#include <datenbrief/schema.h>
#include "connect/sql_query.h"
#include "connect/sql_text.h"

struct dbi_odbc_link {
	SQLHENV env;
	SQLHDBC dbc;
	bool mysql;              /* MariaDB or MySQL */
	pthread_mutex_t lock;    /* of the two below: interrupt() comes from another thread */
	SQLHSTMT active;
	bool interrupted;
};

/* ---- odbc_link.c ---- */
int dbi_odbc_link_init(struct dbi_odbc_link *link, struct dbrief_error *err);
void dbi_odbc_link_dispose(struct dbi_odbc_link *link);
int dbi_odbc_connect(struct dbi_odbc_link *link, const dbrief_source *source, struct dbrief_error *err);
void dbi_odbc_disconnect(struct dbi_odbc_link *link);
/* All that follows shows one state of the database, where the driver can. */
int dbi_odbc_begin(struct dbi_odbc_link *link, struct dbrief_error *err);
void dbi_odbc_end(struct dbi_odbc_link *link);
void dbi_odbc_interrupt(struct dbi_odbc_link *link);
/* Prepares a statement, rewritten to the database's syntax; uses: of :subject. */
int dbi_odbc_prepare(struct dbi_odbc_link *link, SQLHSTMT *stmt, const char *sql, size_t *uses, const char *place,
    struct dbrief_error *err);
/* Between these two an interrupt cancels the statement. */
int dbi_odbc_execute(struct dbi_odbc_link *link, SQLHSTMT stmt, const char *place, struct dbrief_error *err);
void dbi_odbc_close(struct dbi_odbc_link *link, SQLHSTMT stmt);
/* Status by the first diagnostic record; the driver's words only with `sql`: while it compiles, it knows no data. */
int dbi_odbc_fault(struct dbi_odbc_link *link, SQLSMALLINT type, SQLHANDLE handle, const char *place, bool sql,
    struct dbrief_error *err);

/* ---- odbc_row.c ---- */
enum dbi_odbc_form { DBI_ODBC_TEXT, DBI_ODBC_NUMBER, DBI_ODBC_REAL, DBI_ODBC_BINARY };

struct dbi_odbc_cell {
	bool null;
	double real;
	size_t at, len;          /* in row->bytes */
};
struct dbi_odbc_row {
	size_t n, room;          /* cells */
	struct dbi_odbc_cell *cells;
	char *bytes;             /* each cell's text ends in NUL */
	size_t used, size;
};
/* Reads the current row. */
int dbi_odbc_row_read(struct dbi_odbc_row *row, struct dbi_odbc_link *link, SQLHSTMT stmt,
    const enum dbi_odbc_form *forms, size_t n, const char *place, struct dbrief_error *err);
void dbi_odbc_row_dispose(struct dbi_odbc_row *row);
enum dbi_odbc_form dbi_odbc_form_of(SQLSMALLINT type);
/* UTF-16 for the driver, NUL-terminated; end it with free(). NULL when out of memory. *units without the NUL. */
SQLWCHAR *dbi_odbc_utf16(const char *text, size_t *units);
/* The reverse, at most size - 1 bytes, whole characters only. */
void dbi_odbc_utf8(char *out, size_t size, const SQLWCHAR *text, size_t units);

/* ---- odbc_schema.c ---- */
int dbi_odbc_schema(void *user, dbrief_schema *schema, struct dbrief_error *err);

#endif
