/* SPDX-License-Identifier: MIT */
/*
 * The ICU door for what people read: dates, numbers, money, plurals, sorting,
 * by language tag and never by the process locale. One thread; formatters are
 * kept per language.
 */
#ifndef DBI_FORMAT_H
#define DBI_FORMAT_H

#include "util/number.h"

typedef struct dbi_format dbi_format;

int dbi_format_new(dbi_format **f, struct dbrief_error *err);
void dbi_format_free(dbi_format *f);
enum dbi_date_style { DBI_DATE_NUMERIC, DBI_DATE_LONG }; /* 04.01.2026; 4. Januar 2026 */
int dbi_format_date(dbi_format *f, const char *lang, const struct dbi_date *d, enum dbi_date_style style, struct dbi_buf *out, struct dbrief_error *err);
/* date and "HH:MM", with ":SS" unless the seconds are 0 */
int dbi_format_datetime(dbi_format *f, const char *lang, const struct dbi_date *d, int seconds_of_day, struct dbi_buf *out, struct dbrief_error *err);
/* A canonical decimal string, grouped; digits after the point as given, or `digits` when >= 0. */
int dbi_format_number(dbi_format *f, const char *lang, const char *decimal, int digits, struct dbi_buf *out, struct dbrief_error *err);
/* "1.234,50 €" with a no-break space; currency is an ISO 4217 code. */
int dbi_format_money(dbi_format *f, const char *lang, const char *decimal, const char *currency, struct dbi_buf *out, struct dbrief_error *err);
/* CLDR plural keyword of a whole number: "one", "few", "other", ... static. */
const char *dbi_format_plural(dbi_format *f, const char *lang, int64_t n);
/* Country name of an ISO 3166 code in a language, "Polen". */
int dbi_format_country(dbi_format *f, const char *lang, const char *code, struct dbi_buf *out, struct dbrief_error *err);
/* <0, 0, >0 by the language's collation. */
int dbi_format_collate(dbi_format *f, const char *lang, const char *a, const char *b);

#endif
