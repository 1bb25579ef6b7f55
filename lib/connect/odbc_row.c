/* SPDX-License-Identifier: MIT */
/*
 * Rows of an ODBC result. Text travels as UTF-16, which alone means the same to
 * most drivers. MariaDB's loses characters of longer texts when it makes UTF-16
 * (3.1.15, 4 of 10 texts with umlauts), and none of UTF-8.
 */
#include "connect/odbc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

#define PIECE 4096               /* bytes asked for at a time */
#define MAX_CELL (64u << 20)
#define MAX_ROW (256u << 20)

enum dbi_odbc_form dbi_odbc_form_of(SQLSMALLINT type)
{
	switch (type) {
	case SQL_DOUBLE:
	case SQL_FLOAT:
		return DBI_ODBC_REAL;
	case SQL_BINARY:
	case SQL_VARBINARY:
	case SQL_LONGVARBINARY:
		return DBI_ODBC_BINARY;
	case SQL_TINYINT:
	case SQL_SMALLINT:
	case SQL_INTEGER:
	case SQL_BIGINT:
	case SQL_DECIMAL:
	case SQL_NUMERIC:
		return DBI_ODBC_NUMBER;
	default:
		return DBI_ODBC_TEXT;
	}
}

/* ---- UTF-16 ---- */

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* One character; half a pair comes out as itself, which the charset gate then refuses. */
static uint32_t next_utf16(const SQLWCHAR *s, size_t n, size_t *i)
{
	uint32_t c = s[(*i)++];

	if (c >= 0xd800 && c < 0xdc00 && *i < n && s[*i] >= 0xdc00 && s[*i] < 0xe000)
		c = 0x10000 + ((c - 0xd800) << 10) + (s[(*i)++] - 0xdc00u);
	return c;
}

void dbi_odbc_utf8(char *out, size_t size, const SQLWCHAR *text, size_t units)
{
	size_t len = 0, i = 0;

	while (i < units && len + 4 < size)
		len += put_utf8(out + len, next_utf16(text, units, &i));
	out[len] = '\0';
}

/* Well-formed UTF-8, as the configuration and the identifiers are. */
SQLWCHAR *dbi_odbc_utf16(const char *text, size_t *units)
{
	const unsigned char *s = (const unsigned char *)text;
	SQLWCHAR *out = calloc(strlen(text) + 1, sizeof(*out));
	size_t n = 0;

	while (out && *s) {
		unsigned more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
		uint32_t c = more ? *s & (0x3fu >> more) : *s;

		for (s++; more && *s; more--)
			c = c << 6 | (*s++ & 0x3f);
		if (c >= 0x10000) {
			out[n++] = (SQLWCHAR)(0xd800 + ((c - 0x10000) >> 10));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		out[n++] = (SQLWCHAR)c;
	}
	*units = n;
	return out;
}

/* ---- cells ---- */

static bool make_room(struct dbi_odbc_row *row, size_t more)
{
	size_t size = row->size ? row->size : 2 * PIECE;
	char *bytes;

	if (more > MAX_ROW || row->used > MAX_ROW)
		return false;
	while (size - row->used < more)
		size *= 2;
	if (size == row->size)
		return true;
	bytes = realloc(row->bytes, size);
	if (!bytes)
		return false;
	row->bytes = bytes;
	row->size = size;
	return true;
}

/* The bytes of a value as the driver gives them, piece by piece; they begin aligned for SQLWCHAR. */
static int read_pieces(struct dbi_odbc_row *row, struct dbi_odbc_link *link, SQLHSTMT stmt, size_t i, SQLSMALLINT type,
    const char *place, struct dbrief_error *err)
{
	struct dbi_odbc_cell *cell = &row->cells[i];
	/* the terminator of each piece */
	size_t end = type == SQL_C_WCHAR ? sizeof(SQLWCHAR) : type == SQL_C_CHAR;
	SQLRETURN rc = SQL_SUCCESS_WITH_INFO;

	row->used = (row->used + 7) & ~(size_t)7;
	cell->at = row->used;
	while (rc == SQL_SUCCESS_WITH_INFO) {
		SQLLEN got = 0;
		size_t room;

		if (row->used - cell->at > MAX_CELL)
			return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, place,
			    "a value is larger than %u bytes; leave its column out of the query", MAX_CELL);
		if (!make_room(row, PIECE + 8))
			return dbi_connect_memory(err);
		room = (row->size - row->used) & ~(size_t)7;
		rc = SQLGetData(stmt, (SQLUSMALLINT)(i + 1), type, row->bytes + row->used, (SQLLEN)room, &got);
		if (rc == SQL_NO_DATA)
			break;
		if (!SQL_SUCCEEDED(rc))
			return dbi_odbc_fault(link, SQL_HANDLE_STMT, stmt, place, false, err);
		cell->null = got == SQL_NULL_DATA;
		if (cell->null)
			return DBRIEF_OK;
		if (got == SQL_NO_TOTAL || (size_t)got > room - end)
			row->used += room - end;
		else {
			row->used += (size_t)got;
			rc = SQL_SUCCESS; /* other warnings than "truncated" */
		}
	}
	cell->len = row->used - cell->at;
	return DBRIEF_OK;
}

/* What was read as UTF-16 again as UTF-8, behind it. */
static int convert(struct dbi_odbc_row *row, struct dbi_odbc_cell *cell, struct dbrief_error *err)
{
	const SQLWCHAR *wide;
	size_t n = cell->len / sizeof(SQLWCHAR), k = 0, len = 0;

	if (!make_room(row, 3 * n + 8))
		return dbi_connect_memory(err);
	wide = (const SQLWCHAR *)(const void *)(row->bytes + cell->at);
	cell->at = row->used;
	while (k < n)
		len += put_utf8(row->bytes + cell->at + len, next_utf16(wide, n, &k));
	cell->len = len;
	row->used = cell->at + len;
	return DBRIEF_OK;
}

static int read_text(struct dbi_odbc_row *row, struct dbi_odbc_link *link, SQLHSTMT stmt, size_t i,
    const char *place, struct dbrief_error *err)
{
	struct dbi_odbc_cell *cell = &row->cells[i];
	int status = read_pieces(row, link, stmt, i, link->mysql ? SQL_C_CHAR : SQL_C_WCHAR, place, err);

	if (status != DBRIEF_OK || cell->null)
		return status;
	if (!link->mysql)
		status = convert(row, cell, err);
	if (status == DBRIEF_OK && !make_room(row, 1))
		status = dbi_connect_memory(err);
	if (status == DBRIEF_OK)
		row->bytes[row->used++] = '\0';
	return status;
}

static int read_real(struct dbi_odbc_row *row, struct dbi_odbc_link *link, SQLHSTMT stmt, size_t i,
    const char *place, struct dbrief_error *err)
{
	struct dbi_odbc_cell *cell = &row->cells[i];
	SQLLEN got = 0;
	SQLRETURN rc = SQLGetData(stmt, (SQLUSMALLINT)(i + 1), SQL_C_DOUBLE, &cell->real, sizeof(cell->real), &got);

	if (!SQL_SUCCEEDED(rc))
		return dbi_odbc_fault(link, SQL_HANDLE_STMT, stmt, place, false, err);
	cell->null = got == SQL_NULL_DATA;
	return DBRIEF_OK;
}

int dbi_odbc_row_read(struct dbi_odbc_row *row, struct dbi_odbc_link *link, SQLHSTMT stmt,
    const enum dbi_odbc_form *forms, size_t n, const char *place, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	if (n > row->room) {
		struct dbi_odbc_cell *cells = realloc(row->cells, n * sizeof(*cells));

		if (!cells)
			return dbi_connect_memory(err);
		row->cells = cells;
		row->room = n;
	}
	row->n = n;
	row->used = 0;
	memset(row->cells, 0, n * sizeof(*row->cells));
	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		if (forms[i] == DBI_ODBC_REAL)
			status = read_real(row, link, stmt, i, place, err);
		else if (forms[i] == DBI_ODBC_BINARY)
			status = read_pieces(row, link, stmt, i, SQL_C_BINARY, place, err);
		else
			status = read_text(row, link, stmt, i, place, err);
	}
	return status;
}

void dbi_odbc_row_dispose(struct dbi_odbc_row *row)
{
	free(row->cells);
	free(row->bytes);
	memset(row, 0, sizeof(*row));
}
