/* SPDX-License-Identifier: MIT */
#include "connect/base64.h"

#include <string.h>

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_base64(const char *s, size_t len)
{
	size_t digits = 0, pads = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_blank(s[i]))
			continue;
		if (s[i] == '=')
			pads++;
		else if (pads || digit(s[i]) < 0)
			return false;
		else
			digits++;
	}
	return pads <= 2 && (digits + pads) % 4 == 0 && digits % 4 != 1;
}

bool dbi_base64_decode(char *bytes, size_t len, size_t *out_len)
{
	unsigned word = 0, bits = 0;
	size_t at = 0;

	if (!is_base64(bytes, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		int d = digit(bytes[i]);

		if (d < 0)
			continue;
		word = (word << 6 | (unsigned)d) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (char)(unsigned char)(word >> bits & 0xff);
		}
	}
	*out_len = at;
	return true;
}
