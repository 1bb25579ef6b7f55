/* SPDX-License-Identifier: MIT */
#include "text/breaks.h"

#include <string.h>

#include "text/uchar.h"
#include "util/utf8.h"

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Marks that show, at the end of a line, that the token goes on. */
static bool is_mark(uint32_t c)
{
	return c < 0x80 && c > ' ' && strchr("/-_.@&=?:,;|\\+#%~", (int)c) != NULL;
}

/*
 * A mark ends a line unless another one follows ("//", "://") or it belongs to
 * what follows: the point of a number, the sign of an escape (%20).
 */
static bool good_break(uint32_t before, uint32_t after)
{
	if (!is_mark(before) || before == '%' || is_mark(after))
		return false;
	return !((before == '.' || before == ',') && is_digit(after));
}

/* Digits to the end of their group, counted from byte i. */
static size_t digits_from(const char *text, size_t len, size_t i)
{
	size_t n = 0;

	while (i + n < len && is_digit((unsigned char)text[i + n]))
		n++;
	return n;
}

/*
 * Long figures are read in groups: of four from the left in what starts with
 * two letters (an IBAN), of three from the right in a plain number.
 */
static void break_digits(const char *text, size_t len, size_t from, size_t n, unsigned char *points)
{
	bool iban = from == 2 && n >= 10;

	if (n < 7 || (from != 0 && !iban && !is_mark((unsigned char)text[from - 1])))
		return;
	if (from + n < len && !is_mark((unsigned char)text[from + n]))
		return;
	for (size_t k = 1; k < n; k++)
		if (iban ? (from + k) % 4 == 0 : (n - k) % 3 == 0)
			points[from + k] = 1;
}

/* Two letters, two digits, letters and digits: printed in groups of four. */
static bool is_iban(const char *text, size_t len)
{
	if (len < 15 || len > 34)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!(i < 2 || i > 3 ? text[i] >= 'A' && text[i] <= 'Z' : 0) && !((i > 1) && is_digit((unsigned char)text[i])))
			return false;
	return true;
}

void dbi_emergency_breaks(const char *text, size_t len, unsigned char *points)
{
	uint32_t before = 0;
	unsigned state = 0;

	memset(points, 0, len);
	for (size_t i = 0, step; i < len; i += step) {
		uint32_t c = dbi_utf8_next(text + i, len - i, &step);

		if (i > 0 && dbi_grapheme_break(before, c, &state))
			points[i] = good_break(before, c) ? 1 : 2;
		before = c;
	}
	for (size_t i = 4; is_iban(text, len) && i < len; i += 4)
		points[i] = 1;
	for (size_t i = 0, n; i < len; i += n ? n : 1)
		if ((n = digits_from(text, len, i)))
			break_digits(text, len, i, n, points);
}
