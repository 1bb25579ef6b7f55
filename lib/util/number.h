/* SPDX-License-Identifier: MIT */
/* Numbers and calendar dates without locale. */
#ifndef DBI_NUMBER_H
#define DBI_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "util/buf.h"

bool dbi_parse_int(const char *s, size_t len, int64_t *out);        /* optional sign, digits, nothing else */
/* Canonical form of a plain decimal ("+007.50" gives "7.50"): sign, digits, '.', digits; keeps trailing zeros. */
bool dbi_canon_decimal(struct dbi_buf *out, const char *s, size_t len);
/* Shortest decimal that reads back as v, never with an exponent. False for NaN and infinity. */
bool dbi_buf_add_real(struct dbi_buf *b, double v);

struct dbi_date { int year, month, day; };                          /* proleptic Gregorian, 1..12, 1..31 */
bool dbi_date_parse(const char *s, size_t len, struct dbi_date *d); /* "YYYY-MM-DD", a real day */
/* "YYYY-MM-DD" optionally with 'T' or ' ' and "HH:MM[:SS[.fff]]" and "Z" or +hh:mm; *rest = the time part or "" */
bool dbi_datetime_parse(const char *s, size_t len, struct dbi_date *d, int *seconds_of_day, bool *has_time);
void dbi_date_write(const struct dbi_date *d, char out[11]);
int64_t dbi_date_days(const struct dbi_date *d);                    /* days since 1970-01-01 */
struct dbi_date dbi_date_from_days(int64_t days);
/* ISO 8601 period "PnYnMnD" added to d; end of month is kept inside the month. False when malformed. */
bool dbi_date_add_period(struct dbi_date *d, const char *period);

#endif
