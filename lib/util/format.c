/* SPDX-License-Identifier: MIT */
/* Languages, plurals, countries and collation of the ICU door. */
#include <stdio.h>
#include <string.h>
#include <unicode/uregion.h>
#include <unicode/ustring.h>
#include "util/format_lang.h"
#include "util/mem.h"
#include "util/utf8.h"

struct dbi_format {
	struct dbi_lang *langs; /* the last used stands first */
};

int dbi_format_icu_error(struct dbrief_error *err, UErrorCode code)
{
	if (code == U_MEMORY_ALLOCATION_ERROR)
		return dbi_error_memory(err);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, "ICU",
	    "%s while formatting for a language; check the installation of ICU", u_errorName(code));
}

bool dbi_format_utf8(char *out, size_t size, const UChar *s, int32_t len)
{
	UErrorCode st = U_ZERO_ERROR;
	int32_t n = 0;

	u_strToUTF8(out, (int32_t)size, &n, s, len, &st);
	return U_SUCCESS(st) && st != U_STRING_NOT_TERMINATED_WARNING;
}

int dbi_format_append(struct dbi_buf *out, const UChar *s, int32_t len, struct dbrief_error *err)
{
	UErrorCode st = U_ZERO_ERROR;
	int32_t n = 0, cap = len * 3 + 1;
	char *room = dbi_buf_room(out, (size_t)cap);

	if (!room)
		return dbi_error_memory(err);
	u_strToUTF8(room, cap, &n, s, len, &st);
	if (U_FAILURE(st))
		return dbi_format_icu_error(err, st);
	out->len += (size_t)n;
	return DBRIEF_OK;
}

int dbi_format_new(dbi_format **f, struct dbrief_error *err)
{
	*f = dbi_calloc(1, sizeof(**f));
	return *f ? DBRIEF_OK : dbi_error_memory(err);
}

static void lang_free(struct dbi_lang *l)
{
	dbi_lang_dates_dispose(l);
	if (l->plurals)
		uplrules_close(l->plurals);
	if (l->collator)
		ucol_close(l->collator);
	if (l->names)
		uldn_close(l->names);
	dbi_free(l->numbers);
	dbi_free(l);
}

void dbi_format_free(dbi_format *f)
{
	struct dbi_lang *l, *next;

	if (!f)
		return;
	for (l = f->langs; l; l = next) {
		next = l->next;
		lang_free(l);
	}
	dbi_free(f);
}

/* ICU quietly answers for the process's own locale when it does not know a language: so ask whether it does. */
static bool language_known(const char *locale)
{
	char language[ULOC_LANG_CAPACITY];
	UErrorCode st = U_ZERO_ERROR;
	int32_t i, n = uloc_countAvailable();

	uloc_getLanguage(locale, language, sizeof(language), &st);
	if (U_FAILURE(st) || !language[0])
		return false;
	for (i = 0; i < n; i++)
		if (strcmp(uloc_getAvailable(i), language) == 0)
			return true;
	return false;
}

static bool locale_of(const char *tag, char out[DBI_FORMAT_LOCALE])
{
	UErrorCode st = U_ZERO_ERROR;
	int32_t parsed = 0;

	uloc_forLanguageTag(tag, out, DBI_FORMAT_LOCALE, &parsed, &st);
	if (U_FAILURE(st) || st == U_STRING_NOT_TERMINATED_WARNING || parsed != (int32_t)strlen(tag))
		return false;
	if (!language_known(out))
		return false;
	uloc_setKeywordValue("calendar", "gregorian", out, DBI_FORMAT_LOCALE, &st);
	return U_SUCCESS(st);
}

static int lang_add(dbi_format *f, const char *tag, struct dbi_lang **out, struct dbrief_error *err)
{
	char locale[DBI_FORMAT_LOCALE];
	struct dbi_lang *l;

	if (!tag || strlen(tag) >= sizeof(l->tag) || !locale_of(tag, locale))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL,
		    "a language tag is not one ICU has formats for; give one such as de or en-GB");
	l = dbi_calloc(1, sizeof(*l));
	if (!l)
		return dbi_error_memory(err);
	memcpy(l->tag, tag, strlen(tag) + 1);
	memcpy(l->locale, locale, sizeof(locale));
	l->next = f->langs;
	f->langs = l;
	*out = l;
	return DBRIEF_OK;
}

static int lang_get(dbi_format *f, const char *tag, struct dbi_lang **out, struct dbrief_error *err)
{
	struct dbi_lang **link, *l;

	*out = NULL;
	if (tag)
		for (link = &f->langs; (l = *link); link = &l->next)
			if (strcmp(l->tag, tag) == 0) {
				*link = l->next;
				l->next = f->langs;
				*out = f->langs = l;
				return DBRIEF_OK;
			}
	return lang_add(f, tag, out, err);
}

int dbi_format_date(dbi_format *f, const char *lang, const struct dbi_date *d, enum dbi_date_style style, struct dbi_buf *out,
    struct dbrief_error *err)
{
	struct dbi_lang *l;
	int st = lang_get(f, lang, &l, err);

	if (st)
		return st;
	return dbi_lang_date(l, style == DBI_DATE_LONG ? DBI_PATTERN_LONG : DBI_PATTERN_NUMERIC, d, 0, out, err);
}

int dbi_format_datetime(dbi_format *f, const char *lang, const struct dbi_date *d, int seconds_of_day, struct dbi_buf *out,
    struct dbrief_error *err)
{
	struct dbi_lang *l;
	int st = lang_get(f, lang, &l, err);

	return st ? st : dbi_lang_date(l, seconds_of_day % 60 ? DBI_PATTERN_SECONDS : DBI_PATTERN_DATETIME, d, seconds_of_day, out, err);
}

int dbi_format_number(dbi_format *f, const char *lang, const char *decimal, int digits, struct dbi_buf *out, struct dbrief_error *err)
{
	const struct dbi_number_parts *parts;
	struct dbi_lang *l;
	int st = lang_get(f, lang, &l, err);

	if (!st)
		st = dbi_lang_numbers(l, "", &parts, err);
	return st ? st : dbi_number_write(parts, decimal, digits, out, err);
}

/* Digits to print of an amount: all that are stored, at least the currency's, without zeros beyond these. */
static int money_digits(const char *decimal, int usual)
{
	const char *point = strchr(decimal, '.');
	size_t n = point ? strlen(point + 1) : 0;

	while (n > (size_t)usual && point[n] == '0')
		n--;
	return n > (size_t)usual ? (int)n : usual;
}

int dbi_format_money(dbi_format *f, const char *lang, const char *decimal, const char *currency, struct dbi_buf *out,
    struct dbrief_error *err)
{
	const struct dbi_number_parts *parts;
	struct dbi_lang *l;
	int st = lang_get(f, lang, &l, err);

	if (!st && (!currency || strlen(currency) != 3 || strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		st = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL,
		    "a currency is not an ISO 4217 code; give three capital letters such as EUR");
	if (!st)
		st = dbi_lang_numbers(l, currency, &parts, err);
	return st ? st : dbi_number_write(parts, decimal, money_digits(decimal, parts->digits), out, err);
}

static const char *plural_word(const UChar *s)
{
	static const char *const words[] = { "zero", "one", "two", "few", "many", "other" };
	char word[16];
	size_t i;

	if (dbi_format_utf8(word, sizeof(word), s, -1))
		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (strcmp(word, words[i]) == 0)
				return words[i];
	return "other";
}

const char *dbi_format_plural(dbi_format *f, const char *lang, int64_t n)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar word[16] = { 0 };
	struct dbi_lang *l;

	if (lang_get(f, lang, &l, NULL))
		return "other";
	if (!l->plurals)
		l->plurals = uplrules_open(l->locale, &st);
	/* Rules look at the last digits only: large numbers are cut to those, because ICU takes a double. */
	if (n >= INT64_C(1000000000000) || n <= -INT64_C(1000000000000))
		n = n % 1000000000 + (n < 0 ? -1000000000 : 1000000000);
	if (U_SUCCESS(st))
		uplrules_select(l->plurals, (double)n, word, 15, &st);
	return U_SUCCESS(st) ? plural_word(word) : "other";
}

static int country_name(struct dbi_lang *l, const char *code, struct dbrief_error *err)
{
	UErrorCode st = U_ZERO_ERROR;
	UChar name[120];
	const char *canonical;
	const URegion *region;
	int32_t n;

	region = uregion_getRegionFromCode(code, &st);
	if (U_FAILURE(st) || uregion_getType(region) != URGN_TERRITORY)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL,
		    "a country is not an ISO 3166 code; store two letters such as DE");
	canonical = uregion_getRegionCode(region);
	if (!l->names)
		l->names = uldn_open(l->locale, ULDN_STANDARD_NAMES, &st);
	if (U_FAILURE(st))
		return dbi_format_icu_error(err, st);
	n = uldn_regionDisplayName(l->names, canonical, name, 120, &st);
	if (U_FAILURE(st) || n >= 120 || !dbi_format_utf8(l->country_name, sizeof(l->country_name), name, n))
		return dbi_format_icu_error(err, U_FAILURE(st) ? st : U_BUFFER_OVERFLOW_ERROR);
	return DBRIEF_OK;
}

static bool country_upper(const char *code, char out[4])
{
	size_t i, n = code ? strlen(code) : 0;

	if (n != 2 && n != 3)
		return false;
	for (i = 0; i < n; i++) {
		out[i] = code[i] >= 'a' && code[i] <= 'z' ? (char)(code[i] - 'a' + 'A') : code[i];
		if (out[i] < 'A' || out[i] > 'Z')
			return false;
	}
	out[n] = '\0';
	return true;
}

int dbi_format_country(dbi_format *f, const char *lang, const char *code, struct dbi_buf *out, struct dbrief_error *err)
{
	char upper[4];
	struct dbi_lang *l;
	int st = lang_get(f, lang, &l, err);

	if (st)
		return st;
	if (!country_upper(code, upper))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL,
		    "a country is not an ISO 3166 code; store two letters such as DE");
	if (strcmp(upper, l->country_code) != 0) {
		l->country_code[0] = '\0';
		st = country_name(l, upper, err);
		if (st)
			return st;
		memcpy(l->country_code, upper, sizeof(upper));
	}
	dbi_buf_adds(out, l->country_name);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

int dbi_format_collate(dbi_format *f, const char *lang, const char *a, const char *b)
{
	UErrorCode st = U_ZERO_ERROR;
	struct dbi_lang *l;
	UCollationResult r = UCOL_EQUAL;

	if (lang_get(f, lang, &l, NULL))
		return strcmp(a, b);
	if (!l->collator)
		l->collator = ucol_open(l->locale, &st);
	if (U_SUCCESS(st))
		r = ucol_strcollUTF8(l->collator, a, -1, b, -1, &st);
	if (U_FAILURE(st))
		return strcmp(a, b);
	return r == UCOL_LESS ? -1 : r == UCOL_GREATER ? 1 : 0;
}
