/* SPDX-License-Identifier: MIT */
/*
 * The ICU door: what German and some other readers see, and that the parts put
 * together by the library give what ICU itself gives in every language.
 */
#include <stdlib.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>
#include "tap.h"
#include "util/format.h"
#include "util/mem.h"

#define NBSP "\xC2\xA0"
#define NNBSP "\xE2\x80\xAF"

static dbi_format *fmt;
static struct dbi_buf buf = DBI_BUF_INIT;
static struct dbrief_error err;

static const char *result(int st)
{
	return st ? err.text : buf.data ? buf.data : "";
}
static void fresh(void)
{
	dbi_buf_clear(&buf);
	dbrief_error_clear(&err);
}

static void check(int st, const char *want)
{
	IS(result(st), want, "formatted as its readers write it");
}

static void test_dates(void)
{
	static const struct { const char *lang; struct dbi_date d; enum dbi_date_style style; const char *want; } rows[] = {
		{ "de", { 2026, 1, 4 }, DBI_DATE_NUMERIC, "04.01.2026" },
		{ "de", { 2026, 1, 4 }, DBI_DATE_LONG, "4. Januar 2026" },
		{ "de-AT", { 2026, 1, 4 }, DBI_DATE_LONG, "4. J\xC3\xA4nner 2026" },
		{ "de", { 812, 12, 31 }, DBI_DATE_NUMERIC, "31.12.0812" },
		{ "de", { 1582, 10, 4 }, DBI_DATE_NUMERIC, "04.10.1582" },
		{ "en-GB", { 2026, 1, 4 }, DBI_DATE_NUMERIC, "04/01/2026" },
		{ "en-GB", { 2026, 1, 4 }, DBI_DATE_LONG, "4 January 2026" },
		{ "en", { 2026, 1, 4 }, DBI_DATE_LONG, "January 4, 2026" },
		{ "fr", { 2026, 8, 4 }, DBI_DATE_LONG, "4 ao\xC3\xBBt 2026" },
		{ "es", { 2026, 8, 4 }, DBI_DATE_LONG, "4 de agosto de 2026" },
		{ "pl", { 2026, 1, 4 }, DBI_DATE_LONG, "4 stycznia 2026" },
		{ "th", { 2026, 1, 4 }, DBI_DATE_NUMERIC, "04/01/2026" },
	};
	struct dbi_date d = { 2026, 1, 4 }, bad = { 2026, 13, 1 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fresh();
		check(dbi_format_date(fmt, rows[i].lang, &rows[i].d, rows[i].style, &buf, &err), rows[i].want);
	}
	fresh();
	IS(result(dbi_format_datetime(fmt, "de", &d, 14 * 3600 + 5 * 60 + 59, &buf, &err)), "04.01.2026, 14:05:59", "date and time");
	fresh();
	IS(result(dbi_format_datetime(fmt, "de", &d, 14 * 3600 + 5 * 60, &buf, &err)), "04.01.2026, 14:05", "seconds of 0 are left out");
	fresh();
	EQ(dbi_format_date(fmt, "de", &bad, DBI_DATE_LONG, &buf, &err), DBRIEF_FAILED, "month 13 is refused");
	EQ(err.cause, DBRIEF_CAUSE_VALUE, "with cause VALUE");
}

static void test_numbers(void)
{
	static const struct { const char *lang, *decimal; int digits; const char *want; } rows[] = {
		{ "de", "1234567.890", -1, "1.234.567,890" },
		{ "de", "0", -1, "0" },
		{ "de", "-12", -1, "-12" },
		{ "de", "999.995", 2, "1.000,00" },
		{ "de", "-0.005", 2, "-0,01" },
		{ "de", "0.0049", 2, "0,00" },
		{ "de", "9999999999999999999999999999.5", 0, "10.000.000.000.000.000.000.000.000.000" },
		{ "de", "1", 3, "1,000" },
		{ "en", "1234.5", -1, "1,234.5" },
		{ "fr", "1234567.5", -1, "1" NNBSP "234" NNBSP "567,5" },
		{ "es", "1234.5", -1, "1234,5" },
		{ "es", "12345.5", -1, "12.345,5" },
		{ "de-CH", "1234.5", -1, "1\xE2\x80\x99" "234.5" },
		{ "hi", "12345678", -1, "1,23,45,678" },
	};
	static const char *const bad[] = { "", "-", "1,5", "1e5", "1.", ".5", "0x10", "NaN", "1 000", "--1", "1.2.3" };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fresh();
		check(dbi_format_number(fmt, rows[i].lang, rows[i].decimal, rows[i].digits, &buf, &err), rows[i].want);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fresh();
		EQ(dbi_format_number(fmt, "de", bad[i], -1, &buf, &err), DBRIEF_FAILED, "no decimal is refused");
	}
}

static void test_money(void)
{
	static const struct { const char *lang, *decimal, *currency, *want; } rows[] = {
		{ "de", "1234.50", "EUR", "1.234,50" NBSP "\xE2\x82\xAC" },
		{ "de", "12.5", "EUR", "12,50" NBSP "\xE2\x82\xAC" },
		{ "de", "-3", "EUR", "-3,00" NBSP "\xE2\x82\xAC" },
		{ "de", "0.0375", "EUR", "0,0375" NBSP "\xE2\x82\xAC" },
		{ "de", "12.5000", "EUR", "12,50" NBSP "\xE2\x82\xAC" },
		{ "de", "1500", "JPY", "1.500" NBSP "\xC2\xA5" },
		{ "de", "1500", "PLN", "1.500,00" NBSP "PLN" },
		{ "de-AT", "1234.5", "EUR", "\xE2\x82\xAC" NBSP "1.234,50" },
		{ "en", "-1234.5", "EUR", "-\xE2\x82\xAC" "1,234.50" },
		{ "fr", "1234.5", "EUR", "1" NNBSP "234,50" NBSP "\xE2\x82\xAC" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fresh();
		check(dbi_format_money(fmt, rows[i].lang, rows[i].decimal, rows[i].currency, &buf, &err), rows[i].want);
	}
	fresh();
	EQ(dbi_format_money(fmt, "de", "1", "Euro", &buf, &err), DBRIEF_FAILED, "a currency that is no code is refused");
}

static void test_words(void)
{
	static const struct { const char *lang; int64_t n; const char *want; } plurals[] = {
		{ "de", 1, "one" }, { "de", 0, "other" }, { "de", 2, "other" }, { "fr", 0, "one" }, { "pl", 1, "one" }, { "pl", 22, "few" },
		{ "pl", 5, "many" }, { "pl", INT64_C(9000000000000000003), "few" }, { "ar", 2, "two" }, { "ja", 1, "other" },
		{ "nosuch", 1, "other" },
	};
	static const struct { const char *lang, *code, *want; } countries[] = {
		{ "de", "PL", "Polen" }, { "de", "de", "Deutschland" }, { "en", "POL", "Poland" }, { "fr", "DE", "Allemagne" },
		{ "de", "XK", "Kosovo" },
	};
	static const char *const bad[] = { "", "X", "ZZ", "419", "D3", "EUROPE" };
	size_t i;

	for (i = 0; i < sizeof(plurals) / sizeof(*plurals); i++)
		IS(dbi_format_plural(fmt, plurals[i].lang, plurals[i].n), plurals[i].want, "plural keyword");
	for (i = 0; i < sizeof(countries) / sizeof(*countries); i++) {
		fresh();
		IS(result(dbi_format_country(fmt, countries[i].lang, countries[i].code, &buf, &err)), countries[i].want, "country name");
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fresh();
		EQ(dbi_format_country(fmt, "de", bad[i], &buf, &err), DBRIEF_FAILED, "what is no country is refused");
	}
	OK(dbi_format_collate(fmt, "de", "\xC3\x84pfel", "Birnen") < 0, "German sorts a-umlaut with a");
	OK(dbi_format_collate(fmt, "sv", "\xC3\x84pfel", "Zoo") > 0, "Swedish sorts a-umlaut after z");
	EQ(dbi_format_collate(fmt, "de", "a", "a"), 0, "equal texts are equal");
}

static void test_languages(void)
{
	static const char *const bad[] = { "", "nosuch", "de_DE_x y", "x", "--", "deutsch und mehr als man in einer sprachangabe je schreiben wird, wirklich" };
	struct dbi_date d = { 2026, 1, 4 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		fresh();
		EQ(dbi_format_date(fmt, bad[i], &d, DBI_DATE_LONG, &buf, &err), DBRIEF_FAILED, "an unknown language is refused");
	}
	fresh();
	EQ(dbi_format_date(fmt, NULL, &d, DBI_DATE_LONG, &buf, &err), DBRIEF_FAILED, "no language is refused");
}

static int same_as_icu(const char *locale, const char *tag, const char *decimal, const char *currency)
{
	UErrorCode st = U_ZERO_ERROR;
	UNumberFormat *nf = unum_open(*currency ? UNUM_CURRENCY : UNUM_DECIMAL, NULL, 0, locale, NULL, &st);
	UChar text[128], wide[4];
	char want[256] = "";
	int32_t n;
	int good;

	if (*currency) {
		u_charsToUChars(currency, wide, 4);
		unum_setTextAttribute(nf, UNUM_CURRENCY_CODE, wide, 3, &st);
	} else {
		unum_setAttribute(nf, UNUM_MAX_FRACTION_DIGITS, 9);
	}
	unum_setAttribute(nf, UNUM_MINIMUM_GROUPING_DIGITS, UNUM_MINIMUM_GROUPING_DIGITS_AUTO);
	n = unum_formatDecimal(nf, decimal, -1, text, 127, NULL, &st);
	u_strToUTF8(want, sizeof(want), NULL, text, n, &st);
	unum_close(nf);
	fresh();
	if (*currency)
		dbi_format_money(fmt, tag, decimal, currency, &buf, &err);
	else
		dbi_format_number(fmt, tag, decimal, -1, &buf, &err);
	good = U_SUCCESS(st) && strcmp(result(err.status), want) == 0;
	if (!good)
		printf("# %s %s %s: got %s, ICU gives %s\n", locale, decimal, currency, result(err.status), want);
	return good;
}

static int long_date_as_icu(const char *locale, const char *tag)
{
	static const UChar utc[] = { 'U', 'T', 'C', 0 };
	char gregorian[128];
	UErrorCode st = U_ZERO_ERROR;
	struct dbi_date d = { 2026, 9, 7 };
	UDateFormat *f;
	UChar text[128];
	char want[256] = "";
	int32_t n;
	int good;

	snprintf(gregorian, sizeof(gregorian), "%s@calendar=gregorian", locale);
	f = udat_open(UDAT_NONE, UDAT_LONG, gregorian, utc, 3, NULL, 0, &st);
	n = udat_format(f, (double)dbi_date_days(&d) * 86400000.0, text, 127, NULL, &st);
	u_strToUTF8(want, sizeof(want), NULL, text, n, &st);
	udat_close(f);
	fresh();
	dbi_format_date(fmt, tag, &d, DBI_DATE_LONG, &buf, &err);
	good = U_SUCCESS(st) && strcmp(result(err.status), want) == 0;
	if (!good)
		printf("# %s: got %s, ICU gives %s\n", locale, result(err.status), want);
	return good;
}

static void test_all_languages(void)
{
	static const char *const decimals[] = { "0.00", "1.20", "-7.25", "1234.56", "12345.67", "-1234567.89" };
	static const char *const currencies[] = { "", "EUR", "USD", "CHF", "JPY", "PLN" };
	int32_t i, n = uloc_countAvailable();
	int numbers = 1, dates = 1;
	size_t k, c;
	char tag[64];

	for (i = 0; i < n; i += 3) {
		const char *locale = uloc_getAvailable(i);
		UErrorCode st = U_ZERO_ERROR;
		dbi_format *one = fmt;

		uloc_toLanguageTag(locale, tag, sizeof(tag), 1, &st);
		if (U_FAILURE(st))
			continue;
		if (dbi_format_new(&fmt, NULL))
			break;
		for (k = 0; k < sizeof(decimals) / sizeof(*decimals); k++)
			for (c = 0; c < sizeof(currencies) / sizeof(*currencies); c++)
				if (strcmp(currencies[c], "JPY") == 0 ? k == 0 && !same_as_icu(locale, tag, "1234", "JPY") :
				    (*currencies[c] || k > 2) && !same_as_icu(locale, tag, decimals[k], currencies[c]))
					numbers = 0;
		if (!long_date_as_icu(locale, tag))
			dates = 0;
		dbi_format_free(fmt);
		fmt = one;
	}
	OK(numbers, "numbers and money of every third language are ICU's");
	OK(dates, "long dates of every third language are ICU's");
}

int main(void)
{
	setenv("LC_ALL", "fr_FR.UTF-8", 1);
	EQ(dbi_format_new(&fmt, &err), DBRIEF_OK, "made");
	test_dates();
	test_numbers();
	test_money();
	test_words();
	test_languages();
	test_all_languages();
	dbi_format_free(fmt);
	dbi_buf_dispose(&buf);
	return tap_done();
}
