/* SPDX-License-Identifier: MIT */
/* Dates: patterns and month names from ICU, written by ourselves where the pattern is simple. */
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udatpg.h>
#include <unicode/ustring.h>
#include "util/format_lang.h"
#include "util/utf8.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int run_length(const char *p)
{
	int n = 1;

	while (p[n] == p[0])
		n++;
	return n;
}

/* Year as a whole, month and day in digits, full month name, hour, minute, second: what almost all languages use. */
static bool pattern_is_simple(const char *p)
{
	bool quoted = false;
	int n;

	for (; *p; p += n) {
		n = is_letter(*p) && !quoted ? run_length(p) : 1;
		if (*p == '\'')
			quoted = !quoted;
		if (quoted || !is_letter(*p))
			continue;
		if ((*p == 'y' && (n == 1 || n == 4)) || ((*p == 'M' || *p == 'L') && (n == 1 || n == 2 || n == 4)) ||
		    ((*p == 'd' || *p == 'H' || *p == 'm' || *p == 's') && n <= 2))
			continue;
		return false;
	}
	return true;
}

static int32_t best_pattern(const char *locale, const char *skeleton, UChar *out, UErrorCode *st)
{
	UDateTimePatternGenerator *g = udatpg_open(locale, st);
	UChar wide[24];
	int32_t n = 0;

	if (U_SUCCESS(*st)) {
		u_charsToUChars(skeleton, wide, (int32_t)strlen(skeleton) + 1);
		n = udatpg_getBestPattern(g, wide, -1, out, DBI_FORMAT_PATTERN, st);
	}
	if (g)
		udatpg_close(g);
	return n;
}

static void long_pattern(const char *locale, UChar *out, UErrorCode *st)
{
	UDateFormat *f = udat_open(UDAT_NONE, UDAT_LONG, locale, NULL, 0, NULL, 0, st);

	if (U_SUCCESS(*st))
		udat_toPattern(f, 0, out, DBI_FORMAT_PATTERN, st);
	if (f)
		udat_close(f);
}

/* ICU changes to the Julian calendar before 1582; the library's dates are Gregorian throughout. */
static UDateFormat *open_icu(const char *locale, const UChar *pattern, UErrorCode *st)
{
	static const UChar utc[] = { 'U', 'T', 'C', 0 };
	UDateFormat *f = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, utc, 3, pattern, -1, st);
	UCalendar *cal = NULL;

	if (U_SUCCESS(*st)) {
		cal = ucal_clone(udat_getCalendar(f), st);
		if (U_SUCCESS(*st))
			ucal_setGregorianChange(cal, -1e17, st);
		if (U_SUCCESS(*st))
			udat_setCalendar(f, cal);
	}
	if (cal)
		ucal_close(cal);
	return f;
}

static void months_read(struct dbi_lang *l, UErrorCode *st)
{
	UDateFormat *f = udat_open(UDAT_NONE, UDAT_LONG, l->locale, NULL, 0, NULL, 0, st);
	UNumberFormat *nf = U_SUCCESS(*st) ? unum_open(UNUM_DECIMAL, NULL, 0, l->locale, NULL, st) : NULL;
	UChar name[DBI_FORMAT_PART];
	char zero[DBI_FORMAT_PART];
	size_t used;
	int32_t i, n;

	for (i = 0; i < 12 && U_SUCCESS(*st); i++) {
		n = udat_getSymbols(f, UDAT_MONTHS, i, name, DBI_FORMAT_PART, st);
		if (U_SUCCESS(*st) && !dbi_format_utf8(l->months[i], DBI_FORMAT_PART, name, n))
			*st = U_BUFFER_OVERFLOW_ERROR;
		n = udat_getSymbols(f, UDAT_STANDALONE_MONTHS, i, name, DBI_FORMAT_PART, st);
		if (U_SUCCESS(*st) && !dbi_format_utf8(l->standalone_months[i], DBI_FORMAT_PART, name, n))
			*st = U_BUFFER_OVERFLOW_ERROR;
	}
	n = nf ? unum_getSymbol(nf, UNUM_ZERO_DIGIT_SYMBOL, name, DBI_FORMAT_PART, st) : 0;
	if (U_SUCCESS(*st) && dbi_format_utf8(zero, sizeof(zero), name, n))
		l->zero = dbi_utf8_next(zero, strlen(zero), &used);
	l->months_ready = U_SUCCESS(*st);
	if (nf)
		unum_close(nf);
	if (f)
		udat_close(f);
}

static int parts_read(struct dbi_lang *l, enum dbi_date_pattern which, struct dbrief_error *err)
{
	static const char *const skeletons[DBI_PATTERNS] = {
		[DBI_PATTERN_NUMERIC] = "yyyyMMdd", [DBI_PATTERN_DATETIME] = "yyyyMMddHHmm", [DBI_PATTERN_SECONDS] = "yyyyMMddHHmmss",
	};
	struct dbi_date_parts *p = &l->dates[which];
	UErrorCode st = U_ZERO_ERROR;
	UChar pattern[DBI_FORMAT_PATTERN] = { 0 };

	if (!l->months_ready)
		months_read(l, &st);
	if (U_SUCCESS(st) && which == DBI_PATTERN_LONG)
		long_pattern(l->locale, pattern, &st);
	else if (U_SUCCESS(st))
		best_pattern(l->locale, skeletons[which], pattern, &st);
	if (U_SUCCESS(st) && !dbi_format_utf8(p->pattern, sizeof(p->pattern), pattern, -1))
		st = U_BUFFER_OVERFLOW_ERROR;
	if (U_SUCCESS(st))
		p->simple = pattern_is_simple(p->pattern);
	if (U_SUCCESS(st) && !p->simple)
		p->icu = open_icu(l->locale, pattern, &st);
	if (U_FAILURE(st))
		return dbi_format_icu_error(err, st);
	p->ready = true;
	return DBRIEF_OK;
}

static void add_number(struct dbi_buf *out, uint32_t zero, int value, int width)
{
	unsigned digits[12];
	char utf8[4];
	int n = 0;

	do {
		digits[n++] = (unsigned)(value % 10);
		value /= 10;
	} while (value > 0 && n < 10);
	while (n < width)
		digits[n++] = 0;
	while (n-- > 0) {
		dbi_buf_add(out, utf8, dbi_utf8_put(utf8, zero + digits[n]));
	}
}

static void add_field(const struct dbi_lang *l, char letter, int width, const struct dbi_date *d, int seconds, struct dbi_buf *out)
{
	switch (letter) {
	case 'y': add_number(out, l->zero, d->year, width); break;
	case 'd': add_number(out, l->zero, d->day, width); break;
	case 'H': add_number(out, l->zero, seconds / 3600, width); break;
	case 'm': add_number(out, l->zero, seconds / 60 % 60, width); break;
	case 's': add_number(out, l->zero, seconds % 60, width); break;
	default:
		if (width == 4)
			dbi_buf_adds(out, letter == 'L' ? l->standalone_months[d->month - 1] : l->months[d->month - 1]);
		else
			add_number(out, l->zero, d->month, width);
	}
}

static void write_simple(const struct dbi_lang *l, const char *p, const struct dbi_date *d, int seconds, struct dbi_buf *out)
{
	bool quoted = false;
	int n;

	for (; *p; p += n) {
		n = 1;
		if (*p == '\'' && p[1] == '\'') {
			dbi_buf_addc(out, '\'');
			n = 2;
		} else if (*p == '\'') {
			quoted = !quoted;
		} else if (is_letter(*p) && !quoted) {
			n = run_length(p);
			add_field(l, *p, n, d, seconds, out);
		} else {
			dbi_buf_addc(out, *p);
		}
	}
}

static int write_icu(const struct dbi_date_parts *p, const struct dbi_date *d, int seconds, struct dbi_buf *out, struct dbrief_error *err)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar text[128];
	int32_t n = udat_format(p->icu, (double)(dbi_date_days(d) * 86400 + seconds) * 1000.0, text, 128, NULL, &st);

	return U_FAILURE(st) ? dbi_format_icu_error(err, st) : dbi_format_append(out, text, n, err);
}

int dbi_lang_date(struct dbi_lang *l, enum dbi_date_pattern which, const struct dbi_date *d, int seconds, struct dbi_buf *out,
    struct dbrief_error *err)
{
	struct dbi_date_parts *p = &l->dates[which];
	int st = p->ready ? DBRIEF_OK : parts_read(l, which, err);

	if (st)
		return st;
	if (d->month < 1 || d->month > 12 || d->day < 1 || d->day > 31 || d->year < 0 || d->year > 9999 || seconds < 0 ||
	    seconds >= 86400)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL, "a date is out of range; correct it in the source");
	if (!p->simple)
		return write_icu(p, d, seconds, out, err);
	write_simple(l, p->pattern, d, seconds, out);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

void dbi_lang_dates_dispose(struct dbi_lang *l)
{
	size_t i;

	for (i = 0; i < DBI_PATTERNS; i++)
		if (l->dates[i].icu)
			udat_close(l->dates[i].icu);
}
