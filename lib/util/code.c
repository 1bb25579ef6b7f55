/* SPDX-License-Identifier: MIT */
#include "util/code.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>


/* ---- case codes ---- */

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Doubling in the field of 32 elements, modulo x^5 + x^2 + 1: the powers of 2 are 31 different weights. */
static unsigned field_double(unsigned v)
{
	v <<= 1;
	return v & 32 ? v ^ 0x25 : v;
}

/*
 * The check character makes the sum of all twelve, each weighted with another
 * power of 2 in the field, zero. So one wrong character changes the sum, and
 * so does a swap of any two.
 */
static unsigned case_check(const unsigned char values[11])
{
	unsigned sum = 0;

	for (int i = 0; i < 11; i++)
		sum = field_double(sum ^ values[i]);
	return sum;
}

static void case_write(char out[16], const unsigned char values[11])
{
	size_t at = 0;

	for (int i = 0; i < 12; i++) {
		if (i == 4 || i == 8)
			out[at++] = '-';
		out[at++] = crockford[i < 11 ? values[i] : case_check(values)];
	}
	out[at] = '\0';
}

void dbi_case_code_format(char out[16], const unsigned char hash[16])
{
	unsigned char values[11];
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | hash[i];
	v >>= 64 - 55;
	for (int i = 10; i >= 0; i--, v >>= 5)
		values[i] = (unsigned char)(v & 31);
	case_write(out, values);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int crockford_value(char c)
{
	const char *found;

	c = upper(c);
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 'O')
		c = '0';
	found = c ? strchr(crockford, c) : NULL;
	return found ? (int)(found - crockford) : -1;
}

bool dbi_case_code_parse(char out[16], const char *text)
{
	unsigned char values[12];
	size_t n = 0;

	for (; *text; text++) {
		int v;

		if (*text == '-' || *text == ' ' || *text == '\t')
			continue;
		v = crockford_value(*text);
		if (v < 0 || n == sizeof values)
			return false;
		values[n++] = (unsigned char)v;
	}
	if (n != sizeof values || case_check(values) != values[11])
		return false;
	case_write(out, values);
	return true;
}

/* ---- item codes ---- */

static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ";
#define LETTERS 23u

static int letter_value(char c)
{
	const char *found = c ? strchr(letters, c) : NULL;

	return found ? (int)(found - letters) : -1;
}

static unsigned symbol_value(char c)
{
	if (c == '-')
		return 10;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)letter_value(c);
}

/*
 * Weights 2, 3, ... 22, 1, 2, ... from the last character before the check
 * letter: never zero modulo the prime 23 and never equal for neighbours. The
 * hyphen counts as a symbol of its own, so that it cannot change places.
 */
static char item_check(const char *s, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += symbol_value(s[len - 1 - i]) * (1 + (unsigned)(i + 1) % 22);
	return letters[(LETTERS - sum % LETTERS) % LETTERS];
}

/* A, B, ... Z, AA, AB, ... */
static size_t write_letters(char *out, unsigned n)
{
	char reversed[8];
	size_t count = 0, at = 0;
	uint64_t rest = (uint64_t)n + 1;

	while (rest > 0) {
		rest--;
		reversed[count++] = letters[rest % LETTERS];
		rest /= LETTERS;
	}
	while (count > 0)
		out[at++] = reversed[--count];
	return at;
}

/*
 * The number of digits is always even. So a digit taken for a letter, or a
 * letter for a digit, which the sum alone could miss, leaves an odd number.
 */
/* Digits from out[at] on, their number even if asked for; returns what follows. Called for every field: no printf. */
static size_t write_number(char *out, size_t at, unsigned value, bool even)
{
	char digits[16];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	if (even && n % 2)
		digits[n++] = '0';
	while (n)
		out[at++] = digits[--n];
	return at;
}

void dbi_item_code_format(char out[DBI_ITEM_CODE_SIZE], unsigned collection, unsigned record, unsigned field)
{
	size_t at = write_number(out, write_letters(out, collection), record, true);

	if (field) {
		out[at++] = '-';
		at = write_number(out, at, field, false);
	}
	out[at] = item_check(out, at);
	out[at + 1] = out[at];
	out[at] = '-';
	out[at + 2] = '\0';
}

static bool read_number(const char *s, size_t *at, unsigned *out)
{
	unsigned v = 0;
	size_t first = *at;

	for (; s[*at] >= '0' && s[*at] <= '9'; (*at)++) {
		if (*at - first >= 8)
			return false;
		v = v * 10 + (unsigned)(s[*at] - '0');
	}
	*out = v;
	return *at > first;
}

static bool read_letters(const char *s, size_t *at, unsigned *out)
{
	uint64_t n = 0;
	size_t first = *at;

	for (int v; (v = letter_value(s[*at])) >= 0; (*at)++) {
		if (*at - first >= 4)
			return false;
		n = n * LETTERS + (unsigned)v + 1;
	}
	*out = (unsigned)(n - 1);
	return *at > first;
}

/* Upper case, without the blanks before and behind. */
static bool tidy(char out[DBI_ITEM_CODE_SIZE], const char *text)
{
	size_t n = 0;

	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text && *text != ' ' && *text != '\t'; text++) {
		if (n == DBI_ITEM_CODE_SIZE - 1)
			return false;
		out[n++] = upper(*text);
	}
	while (*text == ' ' || *text == '\t')
		text++;
	out[n] = '\0';
	return *text == '\0';
}

bool dbi_item_code_parse(const char *text, unsigned *collection, unsigned *record, unsigned *field)
{
	char s[DBI_ITEM_CODE_SIZE];
	unsigned c, r, f = 0;
	size_t at = 0, first;

	if (!tidy(s, text) || !read_letters(s, &at, &c))
		return false;
	first = at;
	if (!read_number(s, &at, &r) || (at - first) % 2 || (at - first > 2 && s[first] == '0' && s[first + 1] == '0'))
		return false;
	if (s[at] == '-' && s[at + 1] >= '0' && s[at + 1] <= '9') {
		at++;
		if (s[at] == '0' || !read_number(s, &at, &f))
			return false;
	}
	if (s[at] != '-' || s[at + 1] != item_check(s, at) || s[at + 2] != '\0')
		return false;
	*collection = c;
	*record = r;
	*field = f;
	return true;
}
