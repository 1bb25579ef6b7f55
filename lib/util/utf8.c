/* SPDX-License-Identifier: MIT */
#include "util/utf8.h"

#include <string.h>

#define MALFORMED 0xFFFFFFFFu

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

static uint32_t bits(char c, unsigned mask)
{
	return (unsigned char)c & mask;
}

uint32_t dbi_utf8_next(const char *s, size_t len, size_t *n)
{
	unsigned char lead = (unsigned char)s[0];
	uint32_t c;

	*n = 1;
	if (lead < 0x80)
		return lead;
	if (lead < 0xC2 || lead > 0xF4 || len < 2 || !is_tail(s[1]))
		return MALFORMED;
	if (lead < 0xE0) {
		*n = 2;
		return bits(s[0], 0x1F) << 6 | bits(s[1], 0x3F);
	}
	if (len < 3 || !is_tail(s[2]))
		return MALFORMED;
	if (lead < 0xF0) {
		c = bits(s[0], 0x0F) << 12 | bits(s[1], 0x3F) << 6 | bits(s[2], 0x3F);
		if (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))
			return MALFORMED;
		*n = 3;
		return c;
	}
	if (len < 4 || !is_tail(s[3]))
		return MALFORMED;
	c = bits(s[0], 0x07) << 18 | bits(s[1], 0x3F) << 12 | bits(s[2], 0x3F) << 6 | bits(s[3], 0x3F);
	if (c < 0x10000 || c > 0x10FFFF)
		return MALFORMED;
	*n = 4;
	return c;
}

size_t dbi_utf8_put(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | (c >> 18 & 0x07));
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

bool dbi_xml_legal(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* True when none of eight bytes is above 0x7F or below 0x20. */
static bool is_plain(const char *s)
{
	uint64_t w;

	memcpy(&w, s, sizeof w);
	return ((w | (w - 0x2020202020202020u)) & 0x8080808080808080u) == 0;
}

size_t dbi_utf8_check(const char *s, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		if (len - i >= 8 && is_plain(s + i)) {
			i += 8;
			continue;
		}
		if (!dbi_xml_legal(dbi_utf8_next(s + i, len - i, &n)))
			return i;
		i += n;
	}
	return len;
}

size_t dbi_utf8_count(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += !is_tail(s[i]);
	return n;
}
