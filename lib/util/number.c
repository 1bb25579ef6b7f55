/* SPDX-License-Identifier: MIT */
#include "util/number.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool dbi_parse_int(const char *s, size_t len, int64_t *out)
{
	bool negative = len > 0 && s[0] == '-';
	size_t i = len > 0 && (s[0] == '-' || s[0] == '+');
	int64_t v = 0;

	if (i == len)
		return false;
	/* Summed up downwards: the negative range is the larger one. */
	for (; i < len; i++) {
		if (!is_digit(s[i]) || __builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s[i] - '0', &v))
			return false;
	}
	if (!negative && v == INT64_MIN)
		return false;
	*out = negative ? v : -v;
	return true;
}

bool dbi_canon_decimal(struct dbi_buf *out, const char *s, size_t len)
{
	size_t i = len > 0 && (s[0] == '-' || s[0] == '+');
	bool negative = len > 0 && s[0] == '-', nonzero = false;
	size_t whole = i, point, end;

	while (i < len && is_digit(s[i]))
		i++;
	point = i;
	if (i < len && s[i] == '.')
		i++;
	while (i < len && is_digit(s[i]))
		i++;
	end = i;
	/* At least one digit on each side of the point, if there is one. */
	if (end != len || point == whole || (end > point && end == point + 1))
		return false;
	for (i = whole; i < end; i++)
		nonzero = nonzero || (s[i] >= '1' && s[i] <= '9');
	while (whole + 1 < point && s[whole] == '0')
		whole++;
	if (negative && nonzero)
		dbi_buf_addc(out, '-');
	dbi_buf_add(out, s + whole, end - whole);
	return !out->failed;
}
