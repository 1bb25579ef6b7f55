/* SPDX-License-Identifier: MIT */
#include "util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/limits.h"
#include "util/mem.h"

char *dbi_buf_grow(struct dbi_buf *b, size_t len)
{
	size_t max = b->max ? b->max : DBI_MAX_BUF;

	if (b->failed)
		return NULL;
	if (len > max || b->len > max - len) {
		b->failed = true;
		return NULL;
	}
	if (b->cap <= b->len + len) {
		size_t need = b->len + len + 1;
		size_t least = need < 64 ? 64 : need;

		/* One byte more than the maximum: the NUL does not count. */
		if (!dbi_grow(&b->data, &b->cap, least > max + 1 ? need : least, 1, max + 1)) {
			b->failed = true;
			return NULL;
		}
		b->data[b->len] = '\0';
	}
	return b->data + b->len;
}

void dbi_buf_addf(struct dbi_buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	if ((size_t)n < sizeof small) {
		dbi_buf_add(b, small, (size_t)n);
		return;
	}
	p = dbi_buf_room(b, (size_t)n);
	if (!p)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

static size_t digits_of(uint64_t u, char out[20])
{
	char reversed[20];
	size_t n = 0;

	do {
		reversed[n++] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	for (size_t i = 0; i < n; i++)
		out[i] = reversed[n - 1 - i];
	return n;
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

void dbi_buf_add_int(struct dbi_buf *b, int64_t v)
{
	char text[21];
	size_t n = 0;

	if (v < 0)
		text[n++] = '-';
	n += digits_of(magnitude(v), text + n);
	dbi_buf_add(b, text, n);
}

void dbi_buf_add_fixed(struct dbi_buf *b, int64_t v, int digits)
{
	char text[48], number[20];
	size_t n, at = 0, point;

	n = digits_of(magnitude(v), number);
	for (; digits > 0 && (number[n - 1] == '0'); digits--)
		if (--n == 0)
			break;
	if (n == 0) {
		dbi_buf_addc(b, '0');
		return;
	}
	if (v < 0)
		text[at++] = '-';
	if (digits <= 0) {
		dbi_buf_add(b, text, at);
		dbi_buf_add(b, number, n);
		for (; digits < 0; digits++)
			dbi_buf_addc(b, '0');
		return;
	}
	if (n > (size_t)digits) {
		point = n - (size_t)digits;
		memcpy(text + at, number, point);
		at += point;
	} else {
		point = 0;
		text[at++] = '0';
	}
	text[at++] = '.';
	dbi_buf_add(b, text, at);
	for (size_t pad = n; pad < (size_t)digits; pad++)
		dbi_buf_addc(b, '0');
	dbi_buf_add(b, number + point, n - point);
}

static const char *escape_of(char c, bool attribute)
{
	switch (c) {
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '&': return "&amp;";
	case '\r': return "&#13;";
	case '"': return attribute ? "&quot;" : NULL;
	case '\t': return attribute ? "&#9;" : NULL;
	case '\n': return attribute ? "&#10;" : NULL;
	default: return NULL;
	}
}

void dbi_buf_add_xml(struct dbi_buf *b, const char *s, size_t len, bool attribute)
{
	static const bool special[256] = { ['<'] = true, ['>'] = true, ['&'] = true, ['"'] = true,
		['\r'] = true, ['\n'] = true, ['\t'] = true };
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *escape;

		if (!special[(unsigned char)s[i]])
			continue;
		escape = escape_of(s[i], attribute);
		if (!escape)
			continue;
		dbi_buf_add(b, s + from, i - from);
		dbi_buf_adds(b, escape);
		from = i + 1;
	}
	dbi_buf_add(b, s + from, len - from);
}

/* First characters that spreadsheets take as the start of a formula, also in their full-width forms. */
static bool starts_formula(const char *s)
{
	static const char *const wide[] = { "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0" };

	if (*s && strchr("=+-@\t\r\n", *s))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(s, wide[i], 3) == 0)
			return true;
	return false;
}

void dbi_buf_add_csv(struct dbi_buf *b, const char *s)
{
	dbi_buf_addc(b, '"');
	if (starts_formula(s))
		dbi_buf_addc(b, '\'');
	for (; *s; s++) {
		if (*s == '"')
			dbi_buf_addc(b, '"');
		dbi_buf_addc(b, *s);
	}
	dbi_buf_addc(b, '"');
}

void dbi_buf_clear(struct dbi_buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

void dbi_buf_trim(struct dbi_buf *b, size_t keep)
{
	if (b->cap > keep)
		dbi_buf_dispose(b);
	else
		dbi_buf_clear(b);
}

void dbi_buf_dispose(struct dbi_buf *b)
{
	dbi_free(b->data);
	b->data = NULL;
	b->len = b->cap = 0;
	b->failed = false;
}

char *dbi_buf_take(struct dbi_buf *b)
{
	char *data;

	if (!dbi_buf_room(b, 0)) {
		dbi_buf_dispose(b);
		return NULL;
	}
	data = b->data;
	b->data = NULL;
	b->len = b->cap = 0;
	return data;
}
