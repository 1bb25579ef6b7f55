/* SPDX-License-Identifier: MIT */
#include "util/unit.h"

#include <string.h>

/* Units in 1/1000 pt times 10^4, so that products of six decimals stay exact enough in 64 bits. */
struct unit {
	const char *name;
	int64_t scale;
};

static const struct unit units[] = {
	{ "pt", 10000000 },
	{ "mm", 28346457 },
	{ "cm", 283464567 },
	{ "in", 720000000 },
};

/* Digits with an optional point, in millionths; false when malformed or too large. */
static bool read_millionths(const char *s, size_t n, size_t *at, int64_t *out)
{
	int64_t v = 0;
	int decimals = -1, digits = 0;

	for (; *at < n; (*at)++) {
		char c = s[*at];

		if (c == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digits++;
		if (decimals >= 6)
			continue;
		v = v * 10 + (c - '0');
		if (decimals >= 0)
			decimals++;
		if (v > 1000000000000)
			return false;
	}
	if (digits == 0 || s[*at - 1] == '.')
		return false;
	for (int i = decimals < 0 ? 0 : decimals; i < 6; i++)
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
	*out = v;
	return true;
}

/* Length of one unit times 10^4, 0 when there is no such unit. */
static int64_t scale_of(const char *s, size_t n, dbi_len em, dbi_len whole)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (n == strlen(units[i].name) && memcmp(s, units[i].name, n) == 0)
			return units[i].scale;
	if (n == 2 && memcmp(s, "em", 2) == 0)
		return (int64_t)em * 10000;
	if (n == 1 && s[0] == '%')
		return (int64_t)whole * 100;
	return -1;
}

bool dbi_len_parse(const char *s, size_t n, dbi_len em, dbi_len whole, dbi_len *out)
{
	bool negative = n > 0 && s[0] == '-';
	size_t at = n > 0 && (s[0] == '-' || s[0] == '+');
	int64_t millionths, scale;
	double length;

	if (!read_millionths(s, n, &at, &millionths))
		return false;
	if (at == n) {
		if (millionths != 0)
			return false;
		*out = 0;
		return true;
	}
	scale = scale_of(s + at, n - at, em, whole);
	if (scale < 0)
		return false;
	/* Below 2^53 wherever the result is in range; out of range is refused. */
	length = (double)millionths * (double)scale / 1e10 + 0.5;
	if (!(length < 2147483647.0))
		return false;
	*out = negative ? -(dbi_len)length : (dbi_len)length;
	return true;
}
