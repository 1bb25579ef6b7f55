/* SPDX-License-Identifier: MIT */
/*
 * What is kept of one language, private to format*.c (the only header that
 * shows ICU types).
 *
 * ICU is asked once for the parts of a format (affixes, separators, patterns,
 * month names); values are then put together from these parts by plain
 * code: exact for decimals of any length, and without ICU's cost per value.
 */
#ifndef DBI_FORMAT_LANG_H
#define DBI_FORMAT_LANG_H

#include <unicode/udat.h>
#include <unicode/uldnames.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include "util/format.h"

#define DBI_FORMAT_LOCALE 96  /* bytes of a locale name, with calendar */
#define DBI_FORMAT_PART 96    /* bytes of a separator, affix or month name */
#define DBI_FORMAT_PATTERN 120 /* UTF-16 units of a date pattern */

/* Parts of a decimal number, all UTF-8. */
struct dbi_number_parts {
	char currency[4]; /* "" for plain numbers */
	char plus_before[DBI_FORMAT_PART], plus_after[DBI_FORMAT_PART];
	char minus_before[DBI_FORMAT_PART], minus_after[DBI_FORMAT_PART];
	char decimal[DBI_FORMAT_PART], group[DBI_FORMAT_PART];
	int group_size, group_size2, group_min; /* group_size 0: no groups */
	int digits;                             /* usual digits after the point */
	uint32_t zero;                          /* code point of the digit 0 */
};

enum dbi_date_pattern { DBI_PATTERN_NUMERIC, DBI_PATTERN_LONG, DBI_PATTERN_DATETIME, DBI_PATTERN_SECONDS, DBI_PATTERNS };

struct dbi_date_parts {
	bool ready, simple;                 /* simple: only what format_date.c writes itself */
	char pattern[DBI_FORMAT_PATTERN * 3];
	UDateFormat *icu;                   /* when not simple */
};

struct dbi_lang {
	struct dbi_lang *next;
	char tag[64];
	char locale[DBI_FORMAT_LOCALE];
	struct dbi_number_parts *numbers; /* [0] without currency, then by currency */
	size_t n_numbers, cap_numbers;
	struct dbi_date_parts dates[DBI_PATTERNS];
	char months[12][DBI_FORMAT_PART], standalone_months[12][DBI_FORMAT_PART];
	bool months_ready;
	uint32_t zero;
	UPluralRules *plurals;
	UCollator *collator;
	ULocaleDisplayNames *names;
	char country_code[4], country_name[128]; /* the last one asked for */
};

/* Records an ICU failure. Returns FAILED. */
int dbi_format_icu_error(struct dbrief_error *err, UErrorCode code);
/* UTF-16 to UTF-8 with a NUL; false when it does not fit. */
bool dbi_format_utf8(char *out, size_t size, const UChar *s, int32_t len);
int dbi_format_append(struct dbi_buf *out, const UChar *s, int32_t len, struct dbrief_error *err);
/* The parts for a language and currency ("" for none), made at first use. */
int dbi_lang_numbers(struct dbi_lang *l, const char *currency, const struct dbi_number_parts **parts, struct dbrief_error *err);
int dbi_lang_date(struct dbi_lang *l, enum dbi_date_pattern which, const struct dbi_date *d, int seconds, struct dbi_buf *out,
    struct dbrief_error *err);
void dbi_lang_dates_dispose(struct dbi_lang *l);
int dbi_number_write(const struct dbi_number_parts *p, const char *decimal, int digits, struct dbi_buf *out, struct dbrief_error *err);

#endif
