/* SPDX-License-Identifier: MIT */
/* Values of PostgreSQL, which arrive as text, handed over as what they are. */
#include "connect/postgres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

#define MAX_PLAIN 400 /* digits of the longest double written out */

enum dbi_pg_form dbi_pg_form_of(Oid type)
{
	switch (type) {
	case 16:
		return DBI_PG_BOOLEAN;
	case 17:
		return DBI_PG_BINARY;
	case 20: /* bigint, smallint, integer, numeric */
	case 21:
	case 23:
	case 1700:
		return DBI_PG_NUMBER;
	case 700:
	case 701:
		return DBI_PG_REAL;
	case 1042:
		return DBI_PG_PADDED;
	case 1184:
		return DBI_PG_INSTANT;
	default:
		return DBI_PG_PLAIN;
	}
}

/* ---- numbers ---- */

static int put(char *out, int n, char c)
{
	if (n < MAX_PLAIN)
		out[n++] = c;
	return n;
}

/* "1.5e+20" without its exponent; returns the length, 0 when it is no such number. */
static int plain_real(const char *s, char out[MAX_PLAIN + 1])
{
	const char *e = strchr(s, 'e');
	long exponent = e ? strtol(e + 1, NULL, 10) : 0;
	char digits[32];
	int n_digits = 0, n = 0;

	if (!e || exponent < -350 || exponent > 350)
		return 0;
	if (*s == '-')
		n = put(out, n, *s++);
	for (exponent++; s < e && n_digits < (int)sizeof(digits); s++)
		if (*s != '.')
			digits[n_digits++] = *s;
	if (exponent <= 0) {
		n = put(out, n, '0');
		n = put(out, n, '.');
		for (; exponent < 0; exponent++)
			n = put(out, n, '0');
	}
	for (int i = 0; i < n_digits; i++) {
		if (i && i == exponent)
			n = put(out, n, '.');
		n = put(out, n, digits[i]);
	}
	for (long i = n_digits; i < exponent; i++)
		n = put(out, n, '0');
	out[n] = '\0';
	return n;
}

/* The server writes the shortest decimal that reads back as the same number. */
static int set_real(dbrief_records *records, const char *name, const char *text)
{
	char plain[MAX_PLAIN + 1];
	size_t len = strlen(text);

	if (strcmp(text, "NaN") == 0)
		return dbrief_record_set_real(records, name, (double)NAN);
	if (strstr(text, "Infinity"))
		return dbrief_record_set_real(records, name, (double)INFINITY);
	if (len < 16 && strspn(text, "-0123456789") == len)
		return dbrief_record_set_real(records, name, (double)strtoll(text, NULL, 10));
	if (plain_real(text, plain))
		return dbrief_record_set_text(records, name, plain, DBRIEF_NTS);
	return dbrief_record_set_text(records, name, text, len);
}

/* ---- others ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\x" and hexadecimal digits. */
static int set_binary(dbrief_records *records, const char *name, const char *text, size_t len, struct dbrief_error *err)
{
	size_t n = len >= 2 ? (len - 2) / 2 : 0;
	unsigned char *bytes = malloc(n ? n : 1);
	int status;

	if (!bytes)
		return dbi_connect_memory(err);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)(hex_digit(text[2 * i + 2]) * 16 + hex_digit(text[2 * i + 3]));
	status = dbrief_record_set_binary(records, name, bytes, n, NULL);
	free(bytes);
	return status;
}

/* The session is in UTC: "2024-05-01 10:00:00+00". */
static int set_instant(dbrief_records *records, const char *name, const char *text, size_t len)
{
	char utc[64];

	if (len < 4 || len >= sizeof(utc) || strcmp(text + len - 3, "+00") != 0)
		return dbrief_record_set_text(records, name, text, len);
	memcpy(utc, text, len - 3);
	utc[len - 3] = 'Z';
	return dbrief_record_set_text(records, name, utc, len - 2);
}

static size_t unpadded(const char *text, size_t len)
{
	while (len && text[len - 1] == ' ')
		len--;
	return len;
}

static int set_column(dbrief_records *records, const char *name, enum dbi_pg_form form, const char *text, size_t len,
    struct dbrief_error *err)
{
	switch (form) {
	case DBI_PG_BOOLEAN:
		return dbrief_record_set_text(records, name, *text == 't' ? "true" : "false", DBRIEF_NTS);
	case DBI_PG_REAL:
		return set_real(records, name, text);
	case DBI_PG_BINARY:
		return set_binary(records, name, text, len, err);
	case DBI_PG_INSTANT:
		return set_instant(records, name, text, len);
	case DBI_PG_PADDED:
		return dbrief_record_set_text(records, name, text, unpadded(text, len));
	case DBI_PG_NUMBER:
	case DBI_PG_PLAIN:
		break;
	}
	return dbrief_record_set_text(records, name, text, len);
}

/* ---- rows ---- */

/* A key column; `room` is for one that must lose its padding. */
static const char *key_text(const struct dbi_pg_query *q, const PGresult *result, int row, int first, size_t column,
    char room[256])
{
	const char *text;
	size_t len;
	int at = first + (int)column;

	if (column == DBI_SQL_NO_COLUMN || PQgetisnull(result, row, at))
		return NULL;
	text = PQgetvalue(result, row, at);
	len = (size_t)PQgetlength(result, row, at);
	if (q->forms[column] != DBI_PG_PADDED || unpadded(text, len) > 255)
		return text;
	len = unpadded(text, len);
	memcpy(room, text, len);
	room[len] = '\0';
	return room;
}

int dbi_pg_record(const struct dbi_pg_query *q, const PGresult *result, int row, int first, const char *asked,
    dbrief_records *records, struct dbrief_error *err)
{
	char rooms[3][256];
	struct dbi_sql_keys keys;
	int status;

	keys.subject = key_text(q, result, row, first, q->sql.subject, rooms[0]);
	keys.key = key_text(q, result, row, first, q->sql.key, rooms[1]);
	keys.link = key_text(q, result, row, first, q->sql.link, rooms[2]);
	keys.number = q->forms[q->sql.subject] == DBI_PG_NUMBER;
	status = dbi_sql_record_begin(records, &q->sql, asked, &keys, err);
	for (size_t i = 0; status == DBRIEF_OK && i < q->sql.n; i++) {
		int at = first + (int)i;

		if (PQgetisnull(result, row, at))
			status = dbrief_record_set_null(records, q->sql.names[i]);
		else
			status = set_column(records, q->sql.names[i], q->forms[i], PQgetvalue(result, row, at),
			    (size_t)PQgetlength(result, row, at), err);
	}
	return status == DBRIEF_OK ? dbrief_record_end(records) : status;
}
