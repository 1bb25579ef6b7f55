/* SPDX-License-Identifier: MIT */
/* PDF text strings and the quick writers of numbers. */
#ifndef DBI_PDF_STRINGS_H
#define DBI_PDF_STRINGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
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

static inline char *dbi_put_uint(char *p, uint32_t v)
{
	char *end = p + 1;
	for (uint64_t power = 10; power <= v; power *= 10)
		end++;
	for (char *digit = end; digit > p; v /= 10)
		*--digit = (char)('0' + v % 10);
	return end;
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
	uint32_t u = v < 0 ? 0u - (uint32_t)v : (uint32_t)v;
	if (v < 0)
		*p++ = '-';
	if (u >= 100 || u % 100 == 0)
		p = dbi_put_uint(p, u / 100);
	if (u % 100) {
		*p++ = '.';
		*p++ = (char)('0' + u / 10 % 10);
		if (u % 10)
			*p++ = (char)('0' + u % 10);
	}
	return p;
}

/* 1/1000 pt to 1/100 pt, half away from zero. */
static inline int32_t dbi_centi(dbi_len v)
{
	return v < 0 ? -((5 - v) / 10) : (v + 5) / 10;
}

#endif
