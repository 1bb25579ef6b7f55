/* SPDX-License-Identifier: MIT */
/*
 * Words and identifiers. A hyphen added at a line end is read as a part of a
 * code, an address or a number, so only words of a language get one; what is
 * no such word is told by its looks.
 */
#include "text/breaks.h"

#include <string.h>

#define LONGEST_WORD 80 /* letters; the longest German law ever had 79 in its name */
#define MIXED 5         /* letters and digits in one piece of that many: no "CO2", "B2B" or "A4" */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Letters of all scripts, as far as bytes tell. */
static bool is_letter(char c)
{
	return is_lower(c) || is_upper(c) || (unsigned char)c >= 0x80;
}

static bool has(const char *s, size_t len, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= len; i++)
		if (memcmp(s + i, what, n) == 0)
			return true;
	return false;
}

/* "example.com", "brief.pdf": a point between two letters on each side, small ones behind it. */
static bool has_inner_point(const char *s, size_t len)
{
	for (size_t i = 2; i + 2 < len; i++)
		if (s[i] == '.' && is_letter(s[i - 1]) && is_letter(s[i - 2]) && is_lower(s[i + 1]) && is_lower(s[i + 2]))
			return true;
	return false;
}

/* "accountId", but not "MitarbeiterInnen". */
static bool has_hump(const char *s, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if (is_lower(s[i - 1]) && is_upper(s[i]) && !(s[i] == 'I' && s[i + 1] == 'n'))
			return true;
	return false;
}

/* Letters and digits in one: one long piece of them, or two pieces. */
static bool is_mixed(const char *s, size_t len)
{
	size_t pieces = 0;

	for (size_t i = 0; i < len;) {
		size_t letters = 0, digits = 0;

		for (; i < len && (is_letter(s[i]) || is_digit(s[i])); i++) {
			letters += is_letter(s[i]);
			digits += is_digit(s[i]);
		}
		if (letters && digits && (letters + digits >= MIXED || ++pieces == 2))
			return true;
		i += !(letters + digits);
	}
	return false;
}

bool dbi_token_is_identifier(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] && strchr("@_\\=", s[i]))
			return true;
	return has(s, len, "://") || has(s, len, "www.") || has_inner_point(s, len) || has_hump(s, len) || is_mixed(s, len);
}

bool dbi_word_takes_hyphens(const char *s, size_t len)
{
	size_t letters = 0;
	bool capitals = true;

	for (size_t i = 0; i < len; i++) {
		letters += ((unsigned char)s[i] & 0xC0) != 0x80;
		capitals = capitals && !is_lower(s[i]);
	}
	return letters <= LONGEST_WORD && !(capitals && letters == len);
}
