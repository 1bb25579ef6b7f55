/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#include "util/number.h"
#include "util/unit.h"

static void test_parse_int(void)
{
	static const struct {
		const char *text;
		int good;
		int64_t value;
	} cases[] = {
		{ "0", 1, 0 }, { "-0", 1, 0 }, { "+17", 1, 17 }, { "-17", 1, -17 }, { "007", 1, 7 },
		{ "9223372036854775807", 1, INT64_MAX }, { "-9223372036854775808", 1, INT64_MIN },
		{ "9223372036854775808", 0, 0 }, { "-9223372036854775809", 0, 0 }, { "", 0, 0 }, { "-", 0, 0 }, { "+", 0, 0 },
		{ "1 ", 0, 0 }, { " 1", 0, 0 }, { "1.0", 0, 0 }, { "--1", 0, 0 }, { "1e3", 0, 0 }, { "0x1", 0, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t v = 0;

		EQ(dbi_parse_int(cases[i].text, strlen(cases[i].text), &v), cases[i].good, cases[i].text);
		EQ(v, cases[i].value, "  its value");
	}
}

static void test_canon_decimal(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "+007.50", "7.50" }, { "0", "0" }, { "-0", "0" }, { "-0.00", "0.00" }, { "-00.10", "-0.10" }, { "1", "1" },
		{ "12345678901234567890123.45", "12345678901234567890123.45" }, { "000", "0" },
		{ "", NULL }, { ".5", NULL }, { "5.", NULL }, { "1,5", NULL }, { "1e5", NULL }, { "-", NULL }, { "1.2.3", NULL },
		{ " 1", NULL }, { "1 ", NULL }, { "NaN", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_buf b = DBI_BUF_INIT;
		bool good = dbi_canon_decimal(&b, cases[i].text, strlen(cases[i].text));

		IS(good ? b.data : NULL, cases[i].want, cases[i].text);
		EQ(good || b.len == 0, 1, "  nothing is written for what is no decimal");
		dbi_buf_dispose(&b);
	}
}

static void test_real_forms(void)
{
	static const struct {
		double value;
		const char *want;
	} cases[] = {
		{ 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1.5, "-1.5" }, { 0.1, "0.1" }, { 0.1 + 0.2, "0.30000000000000004" },
		{ 1e15, "1000000000000000" }, { 1e21, "1000000000000000000000" }, { 123456789012345680.0, "123456789012345680" },
		{ 1e-7, "0.0000001" }, { 1.5e-10, "0.00000000015" }, { 1.0 / 3, "0.3333333333333333" },
		{ 9007199254740993.0, "9007199254740992" }, { 5e-324, NULL }, { 1.7976931348623157e308, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_buf b = DBI_BUF_INIT;

		OK(dbi_buf_add_real(&b, cases[i].value), "a number is written");
		if (cases[i].want)
			IS(b.data, cases[i].want, cases[i].want);
		else
			OK(strtod(b.data, NULL) == cases[i].value, "an extreme reads back");
		dbi_buf_dispose(&b);
	}
	OK(!dbi_buf_add_real(&(struct dbi_buf)DBI_BUF_INIT, (double)NAN), "NaN is no number");
	OK(!dbi_buf_add_real(&(struct dbi_buf)DBI_BUF_INIT, (double)INFINITY), "infinity is none");
	OK(!dbi_buf_add_real(&(struct dbi_buf)DBI_BUF_INIT, -(double)INFINITY), "nor is its opposite");
}

/* Digits without point, sign, leading and trailing zeros. */
static void significant(const char *s, char out[400])
{
	size_t n = 0;

	for (; *s && *s != 'e'; s++)
		if (*s >= '0' && *s <= '9' && (n || *s != '0'))
			out[n++] = *s;
	while (n && out[n - 1] == '0')
		n--;
	out[n] = '\0';
}

/*
 * The C library as judge: as many digits as the first precision that reads
 * back, and then the same ones. Beside a power of two a shorter decimal may
 * exist that is not the nearest of its length.
 */
static int is_shortest(double v, const char *text)
{
	char e[64], ours[400], theirs[400];

	for (int precision = 0; precision < 17; precision++) {
		(void)snprintf(e, sizeof e, "%.*e", precision, v);
		if (strtod(e, NULL) == v)
			break;
	}
	significant(text, ours);
	significant(e, theirs);
	return strtod(text, NULL) == v && (strlen(ours) < strlen(theirs) || strcmp(ours, theirs) == 0);
}

static void test_real_is_shortest(void)
{
	uint64_t state = 88172645463325252u;
	int wrong = 0;

	for (int i = 0; i < 20000; i++) {
		struct dbi_buf b = DBI_BUF_INIT;
		double v;

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		memcpy(&v, &state, sizeof v);
		if (i % 4 == 1)
			v = (double)(int64_t)(state >> 20) / 100;
		else if (i % 4 == 2)
			v = ldexp(1, (int)(state % 2098) - 1074);
		else if (i % 4 == 3)
			v = (double)(state % 1000000007) / (double)(state % 997 + 1);
		if (!isfinite(v))
			continue;
		if (!dbi_buf_add_real(&b, v) || !is_shortest(v, b.data)) {
			if (wrong++ < 5)
				printf("# %a gave %s\n", v, b.data ? b.data : "");
		}
		dbi_buf_dispose(&b);
	}
	EQ(wrong, 0, "20000 values are written with the fewest digits that read back");
}

static void test_dates(void)
{
	static const char *const bad[] = { "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31", "0000-01-01",
		"2026-1-01", "20260101", "2026-01-01 ", "2026/01/01", "1900-02-29", "", "2026-01-0x" };
	struct dbi_date d;
	char text[11];
	int wrong = 0;

	OK(dbi_date_parse("2024-02-29", 10, &d) && d.year == 2024 && d.month == 2 && d.day == 29, "a leap day is real");
	OK(dbi_date_parse("2000-02-29", 10, &d), "also in 2000");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		OK(!dbi_date_parse(bad[i], strlen(bad[i]), &d), bad[i]);
	dbi_date_write(&(struct dbi_date){ 7, 3, 9 }, text);
	IS(text, "0007-03-09", "a date is written with leading zeros");
	EQ(dbi_date_days(&(struct dbi_date){ 1970, 1, 1 }), 0, "days are counted from 1970");
	EQ(dbi_date_days(&(struct dbi_date){ 2026, 11, 23 }), 20780, "to a known day");
	EQ(dbi_date_days(&(struct dbi_date){ 1, 1, 1 }), -719162, "and back to the year 1");
	for (int64_t day = -719162; day <= 2932896; day += 13) {
		struct dbi_date back = dbi_date_from_days(day);

		if (dbi_date_days(&back) != day)
			wrong++;
		dbi_date_write(&back, text);
		if (!dbi_date_parse(text, 10, &d))
			wrong++;
	}
	EQ(wrong, 0, "days and dates agree from year 1 to 9999");
}

static void test_datetimes(void)
{
	static const struct {
		const char *text;
		int good, seconds, has_time;
	} cases[] = {
		{ "2026-11-23", 1, 0, 0 }, { "2026-11-23T10:20", 1, 37200, 1 }, { "2026-11-23 10:20:30", 1, 37230, 1 },
		{ "2026-11-23 10:20:30.123456", 1, 37230, 1 }, { "2026-11-23T10:20:30Z", 1, 37230, 1 },
		{ "2026-11-23 10:20:30+02", 1, 37230, 1 }, { "2026-11-23 10:20:30.5-05:30", 1, 37230, 1 },
		{ "2026-11-23T23:59:60", 1, 86399, 1 }, { "2026-11-23T24:00", 0, 0, 0 }, { "2026-11-23T10:60", 0, 0, 0 },
		{ "2026-11-23T10:20:61", 0, 0, 0 }, { "2026-11-23T10", 0, 0, 0 }, { "2026-11-23x10:20", 0, 0, 0 },
		{ "2026-11-23T10:20:30.", 0, 0, 0 }, { "2026-11-23T10:20+99", 0, 0, 0 }, { "2026-11-23T10:20 ", 0, 0, 0 },
		{ "2026-11-31T10:20", 0, 0, 0 }, { "2026-11-23T1a:20", 0, 0, 0 }, { "2026-11-23T10:2", 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_date d;
		int seconds = 0;
		bool has_time = false;

		EQ(dbi_datetime_parse(cases[i].text, strlen(cases[i].text), &d, &seconds, &has_time), cases[i].good, cases[i].text);
		EQ(seconds, cases[i].seconds, "  seconds of the day");
		EQ(has_time, cases[i].has_time, "  time of day given");
	}
}

static void test_periods(void)
{
	static const struct {
		const char *from, *period, *want;
	} cases[] = {
		{ "2024-02-29", "P1Y", "2025-02-28" }, { "2024-12-31", "P10Y", "2034-12-31" }, { "2024-01-31", "P1M", "2024-02-29" },
		{ "2024-11-30", "P3M", "2025-02-28" }, { "2024-12-31", "P1D", "2025-01-01" }, { "2024-01-01", "P1Y2M3D", "2025-03-04" },
		{ "2024-01-01", "P2W", "2024-01-15" }, { "2024-01-01", "P0D", "2024-01-01" }, { "2024-01-01", "P", NULL },
		{ "2024-01-01", "", NULL }, { "2024-01-01", "1Y", NULL }, { "2024-01-01", "PY", NULL }, { "2024-01-01", "P1D1Y", NULL },
		{ "2024-01-01", "P-1Y", NULL }, { "2024-01-01", "P1", NULL }, { "2024-01-01", "PT1H", NULL },
		{ "2024-01-01", "P9999Y", NULL }, { "2024-01-01", "P1Y1Y", NULL }, { "2024-01-01", "P1234567D", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_date d;
		char text[11];
		bool good;

		(void)dbi_date_parse(cases[i].from, 10, &d);
		good = dbi_date_add_period(&d, cases[i].period);
		dbi_date_write(&d, text);
		IS(good ? text : NULL, cases[i].want, cases[i].period);
	}
}

static void test_lengths(void)
{
	static const struct {
		const char *text;
		int good;
		dbi_len want;
	} cases[] = {
		{ "0", 1, 0 }, { "12pt", 1, 12000 }, { "25mm", 1, DBI_MM100(2500) }, { "210mm", 1, DBI_A4_WIDTH }, { "2.1cm", 1, DBI_MM100(2100) },
		{ "1.5em", 1, 15000 }, { "50%", 1, 250000 }, { "-2.5pt", 1, -2500 }, { "+1pt", 1, 1000 }, { "0.0004pt", 1, 0 },
		{ "1in", 1, 72000 }, { "0.0006pt", 1, 1 }, { "12", 0, 0 }, { "pt", 0, 0 }, { "", 0, 0 }, { "12 pt", 0, 0 },
		{ "1.pt", 0, 0 }, { "1,5pt", 0, 0 }, { "12px", 0, 0 }, { "3000000pt", 0, 0 }, { "99999999999999pt", 0, 0 }, { "1..5pt", 0, 0 },
		{ "12ptx", 0, 0 }, { "-", 0, 0 },
	};

	EQ(DBI_A4_WIDTH, 595276, "A4 is 595276 wide");
	EQ(DBI_A4_HEIGHT, 841890, "and 841890 high");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		dbi_len got = 0;

		EQ(dbi_len_parse(cases[i].text, strlen(cases[i].text), 10000, 500000, &got), cases[i].good, cases[i].text);
		EQ(got, cases[i].want, "  its length");
	}
}

int main(void)
{
	test_parse_int();
	test_canon_decimal();
	test_real_forms();
	test_real_is_shortest();
	test_dates();
	test_datetimes();
	test_periods();
	test_lengths();
	return tap_done();
}
