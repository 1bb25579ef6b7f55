/* SPDX-License-Identifier: MIT */
/* Calendar dates of number.h. */
#include "util/number.h"

#include <string.h>

static bool read_digits(const char *s, size_t n, int *out)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

static bool is_real_day(const struct dbi_date *d)
{
	return d->year >= 1 && d->year <= 9999 && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
	    d->day <= days_in_month(d->year, d->month);
}

bool dbi_date_parse(const char *s, size_t len, struct dbi_date *d)
{
	struct dbi_date r;

	if (len != 10 || s[4] != '-' || s[7] != '-' || !read_digits(s, 4, &r.year) ||
	    !read_digits(s + 5, 2, &r.month) || !read_digits(s + 8, 2, &r.day) || !is_real_day(&r))
		return false;
	*d = r;
	return true;
}

/* "", "Z", "+hh", "+hhmm" or "+hh:mm" */
static bool is_zone(const char *s, size_t len)
{
	int hours, minutes = 0;

	if (len == 0 || (len == 1 && (s[0] == 'Z' || s[0] == 'z')))
		return true;
	if ((s[0] != '+' && s[0] != '-') || (len != 3 && len != 5 && len != 6) || !read_digits(s + 1, 2, &hours))
		return false;
	if (len == 6 && s[3] != ':')
		return false;
	if (len > 3 && !read_digits(s + len - 2, 2, &minutes))
		return false;
	return hours <= 15 && minutes <= 59;
}

/* "HH:MM[:SS[.fff]]" with a zone behind; seconds into *seconds. */
static bool parse_time(const char *s, size_t len, int *seconds)
{
	int h, m, sec = 0;
	size_t at = 5;

	if (len < 5 || s[2] != ':' || !read_digits(s, 2, &h) || !read_digits(s + 3, 2, &m))
		return false;
	if (at < len && s[at] == ':') {
		if (len < 8 || !read_digits(s + 6, 2, &sec))
			return false;
		at = 8;
		if (at < len && (s[at] == '.' || s[at] == ',')) {
			size_t first = ++at;

			while (at < len && s[at] >= '0' && s[at] <= '9')
				at++;
			if (at == first)
				return false;
		}
	}
	/* A leap second is the last one of its minute. */
	if (sec == 60)
		sec = 59;
	if (h > 23 || m > 59 || sec > 59 || !is_zone(s + at, len - at))
		return false;
	*seconds = (h * 60 + m) * 60 + sec;
	return true;
}

bool dbi_datetime_parse(const char *s, size_t len, struct dbi_date *d, int *seconds_of_day, bool *has_time)
{
	struct dbi_date date;
	int seconds = 0;

	if (len < 10 || !dbi_date_parse(s, 10, &date))
		return false;
	if (len > 10) {
		if ((s[10] != 'T' && s[10] != 't' && s[10] != ' ') || !parse_time(s + 11, len - 11, &seconds))
			return false;
	}
	*d = date;
	*seconds_of_day = seconds;
	*has_time = len > 10;
	return true;
}

static void write_digits(char *out, int n, int v)
{
	while (n-- > 0) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void dbi_date_write(const struct dbi_date *d, char out[11])
{
	write_digits(out, 4, d->year);
	write_digits(out + 5, 2, d->month);
	write_digits(out + 8, 2, d->day);
	out[4] = out[7] = '-';
	out[10] = '\0';
}

/* Both directions count in eras of 400 years that begin on 1 March, so that the leap day comes last. */
int64_t dbi_date_days(const struct dbi_date *d)
{
	int64_t year = (int64_t)d->year - (d->month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (d->month + (d->month > 2 ? -3 : 9)) + 2) / 5 + d->day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct dbi_date dbi_date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;
	struct dbi_date d;

	d.day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	d.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	d.year = (int)(year_of_era + era * 400 + (d.month <= 2));
	return d;
}

struct period {
	int years, months, weeks, days;
};

/* Each unit at most once and in order, at least one of them. */
static bool period_parse(const char *s, struct period *p)
{
	const char *units = "YMWD";
	int *const fields[] = { &p->years, &p->months, &p->weeks, &p->days };

	memset(p, 0, sizeof *p);
	if (*s++ != 'P' || !*s)
		return false;
	while (*s) {
		const char *unit;
		int v = 0;
		size_t n = 0;

		while (s[n] >= '0' && s[n] <= '9')
			n++;
		if (n == 0 || n > 6 || !read_digits(s, n, &v) || !s[n])
			return false;
		unit = strchr(units, s[n]);
		if (!unit)
			return false;
		*fields[3 - (strlen(unit) - 1)] = v;
		units = unit + 1;
		s += n + 1;
	}
	return true;
}

bool dbi_date_add_period(struct dbi_date *d, const char *period)
{
	struct dbi_date r = *d;
	struct period p;
	int months, last;

	if (!period_parse(period, &p))
		return false;
	months = r.year * 12 + r.month - 1 + p.years * 12 + p.months;
	r.year = months / 12;
	r.month = months % 12 + 1;
	if (r.year > 9999)
		return false;
	last = days_in_month(r.year, r.month);
	if (r.day > last)
		r.day = last;
	r = dbi_date_from_days(dbi_date_days(&r) + (int64_t)p.weeks * 7 + p.days);
	if (!is_real_day(&r))
		return false;
	*d = r;
	return true;
}
