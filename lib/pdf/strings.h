/* SPDX-License-Identifier: MIT */
/* PDF text strings and the quick writers of numbers. */
#ifndef DBI_PDF_STRINGS_H
#define DBI_PDF_STRINGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include "util/buf.h"
#include "util/unit.h"

bool dbi_is_ascii(const char *s);
/* UTF-16BE with byte order mark. Text is valid UTF-8. */
void dbi_buf_add_utf16(struct dbi_buf *b, const char *s, size_t len);
/* UTF-16BE in upper-case hex digits, without mark or brackets. */
void dbi_buf_add_utf16_hex(struct dbi_buf *b, const char *s, size_t len);
/* A text string as an object: (ASCII) with escapes, else <FEFF...>. */
void dbi_buf_add_text_string(struct dbi_buf *b, const char *s, size_t len);

/* The longest thing these write: sign, 10 digits, point, 2 digits. */
#define DBI_NUMBER_ROOM 16

extern const char dbi_digit_pairs[201]; /* "00" to "99" */

static inline char *dbi_put_pair(char *p, uint32_t v)
{
	memcpy(p, dbi_digit_pairs + (size_t)2 * v, 2);
	return p + 2;
}

/* Numbers in a letter are short: coordinates, marks, objects. */
static inline char *dbi_put_uint(char *p, uint32_t v)
{
	if (v >= 10000) {
		p = dbi_put_uint(p, v / 10000);
		v %= 10000;
		return dbi_put_pair(dbi_put_pair(p, v / 100), v % 100);
	}
	if (v >= 1000)
		return dbi_put_pair(dbi_put_pair(p, v / 100), v % 100);
	if (v >= 100) {
		*p++ = (char)('0' + v / 100);
		return dbi_put_pair(p, v % 100);
	}
	if (v >= 10)
		return dbi_put_pair(p, v);
	*p++ = (char)('0' + v);
	return p;
}

static inline char *dbi_put_int(char *p, int32_t v)
{
	if (v < 0) {
		*p++ = '-';
		return dbi_put_uint(p, 0u - (uint32_t)v);
	}
	return dbi_put_uint(p, (uint32_t)v);
}

/* v / 100 without trailing zeros: 1250 gives 12.5. */
static inline char *dbi_put_centi(char *p, int32_t v)
{
	uint32_t u = v < 0 ? 0u - (uint32_t)v : (uint32_t)v, whole = u / 100, part = u % 100;
	if (v < 0)
		*p++ = '-';
	if (whole || !part)
		p = dbi_put_uint(p, whole);
	if (part) {
		*p++ = '.';
		p = dbi_put_pair(p, part);
		p -= p[-1] == '0';
	}
	return p;
}

/* 1/1000 pt to 1/100 pt, half away from zero. */
static inline int32_t dbi_centi(dbi_len v)
{
	return v < 0 ? -((5 - v) / 10) : (v + 5) / 10;
}

#endif
