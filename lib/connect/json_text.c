/* SPDX-License-Identifier: MIT */
#include "connect/json_text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 200
#define MAX_NUMBER 400

void dbi_json_text_clear(struct dbi_json_text *t)
{
	t->len = 0;
	t->depth = 0;
	t->string = t->escape = t->number = t->begun = false;
}

void dbi_json_text_free(struct dbi_json_text *t)
{
	free(t->bytes);
	t->bytes = NULL;
	t->room = 0;
}

static enum dbi_json_add append(struct dbi_json_text *t, const char *bytes, size_t len)
{
	if (len > t->max || t->len > t->max - len)
		return DBI_JSON_LARGE;
	if (t->len + len > t->room) {
		size_t room = t->room ? 2 * t->room : 4096;
		char *grown = realloc(t->bytes, room < t->len + len ? t->len + len : room);

		if (!grown)
			return DBI_JSON_MEMORY;
		t->bytes = grown;
		t->room = room < t->len + len ? t->len + len : room;
	}
	memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
	return DBI_JSON_MORE;
}

static bool is_number_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Beginning with '"' and the mark, as JSON has to write it. */
static enum dbi_json_add begin_number(struct dbi_json_text *t, char byte)
{
	enum dbi_json_add added = append(t, "\"\\u0001", 7);

	t->number = true;
	t->begin = t->len;
	return added == DBI_JSON_MORE ? append(t, &byte, 1) : added;
}

static enum dbi_json_add end_number(struct dbi_json_text *t)
{
	char *text = dbi_json_number(t->bytes + t->begin, t->len - t->begin);

	t->number = false;
	if (!text)
		return DBI_JSON_NONE;
	free(text);
	return append(t, "\"", 1);
}

/* Inside a string. */
static enum dbi_json_add add_string(struct dbi_json_text *t, unsigned char byte)
{
	char c = (char)byte;
	enum dbi_json_add added = append(t, &c, 1);

	if (added == DBI_JSON_MORE && t->len - t->begin == 6 && memcmp(t->bytes + t->begin, "\\u0001", 6) == 0)
		t->bytes[t->len - 1] = '0';
	if (t->escape)
		t->escape = false;
	else if (byte == '\\')
		t->escape = true;
	else if (byte == '"')
		t->string = false;
	if (added != DBI_JSON_MORE || t->string || t->depth)
		return added;
	return DBI_JSON_WHOLE;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Outside of strings and numbers. */
static enum dbi_json_add add_plain(struct dbi_json_text *t, unsigned char byte)
{
	char c = (char)byte;

	/* true, false or null ends before what follows it. */
	if (!t->depth && t->begun && !(byte >= 'a' && byte <= 'z'))
		return DBI_JSON_BEFORE;
	t->begun = true;
	if (byte == '-' || (byte >= '0' && byte <= '9'))
		return begin_number(t, c);
	if (is_blank(byte))
		return DBI_JSON_MORE;
	if (byte == '"') {
		t->string = true;
		t->begin = t->len + 1;
	}
	if (byte == '{' || byte == '[')
		t->depth++;
	if (t->depth > MAX_DEPTH)
		return DBI_JSON_LARGE;
	if (byte == '}' || byte == ']') {
		if (!t->depth)
			return DBI_JSON_NONE;
		t->depth--;
	}
	if ((byte == '}' || byte == ']') && !t->depth) {
		enum dbi_json_add added = append(t, &c, 1);

		return added == DBI_JSON_MORE ? DBI_JSON_WHOLE : added;
	}
	return append(t, &c, 1);
}

enum dbi_json_add dbi_json_text_add(struct dbi_json_text *t, unsigned char byte)
{
	enum dbi_json_add added;

	if (t->string)
		return add_string(t, byte);
	if (t->number) {
		char c = (char)byte;

		if (is_number_byte(byte))
			return append(t, &c, 1);
		added = end_number(t);
		if (added != DBI_JSON_MORE)
			return added;
		if (!t->depth)
			return DBI_JSON_BEFORE;
	}
	return add_plain(t, byte);
}

enum dbi_json_add dbi_json_text_end(struct dbi_json_text *t)
{
	enum dbi_json_add added;

	if (t->string || t->depth)
		return DBI_JSON_NONE;
	if (!t->number)
		return DBI_JSON_WHOLE;
	added = end_number(t);
	return added == DBI_JSON_MORE ? DBI_JSON_WHOLE : added;
}

/* ---- bytes that are no UTF-8 ---- */

/* Length of the UTF-8 character at s, 0 when there is none. */
static size_t character(const unsigned char *s, size_t len)
{
	size_t need = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;

	if (!need || need > len)
		return 0;
	for (size_t i = 1; i < need; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
	    (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return need;
}

/* U+10FE80 to U+10FEFF stand for the bytes 80 to FF. */
static bool is_private(const unsigned char *s, size_t len)
{
	return len >= 4 && s[0] == 0xF4 && s[1] == 0x8F && s[2] >= 0xBA && s[2] <= 0xBB;
}

/* A copy with a private character for each bad byte; NULL: out of memory, or those characters are in use. */
static char *escape_bad(const char *bytes, size_t len, size_t *out_len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	char *out = malloc(4 * len + 1);
	size_t at = 0, n;

	for (size_t i = 0; out && i < len; i += n) {
		n = character(s + i, len - i);
		if (n == 4 && is_private(s + i, len - i)) {
			free(out);
			return NULL;
		}
		if (n) {
			memcpy(out + at, s + i, n);
			at += n;
			continue;
		}
		n = 1;
		out[at++] = (char)0xF4;
		out[at++] = (char)0x8F;
		out[at++] = (char)(0xB8 | s[i] >> 6);
		out[at++] = (char)(0x80 | (s[i] & 0x3F));
	}
	*out_len = at;
	return out;
}

bool dbi_json_raw(char *bytes, size_t *len)
{
	unsigned char *s = (unsigned char *)bytes;
	size_t at = 0;
	bool bad = false;

	for (size_t i = 0; i < *len; at++) {
		if (is_private(s + i, *len - i)) {
			s[at] = (unsigned char)(s[i + 2] << 6 | (s[i + 3] & 0x3F));
			bad = true;
			i += 4;
		} else {
			s[at] = s[i++];
		}
	}
	*len = at;
	return bad;
}

json_t *dbi_json_text_load(struct dbi_json_text *t, const char **why)
{
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY;
	json_error_t error;
	json_t *value = json_loadb(t->bytes, t->len, flags, &error);

	t->bad = false;
	if (!value && json_error_code(&error) == json_error_invalid_utf8) {
		size_t len = 0;
		char *escaped = escape_bad(t->bytes, t->len, &len);

		value = escaped ? json_loadb(escaped, len, flags, &error) : NULL;
		t->bad = value != NULL;
		free(escaped);
	}
	if (value)
		return value;
	switch (json_error_code(&error)) {
	case json_error_duplicate_key:
		*why = "a member stands twice in one object";
		break;
	case json_error_out_of_memory:
		*why = "out of memory";
		break;
	default:
		*why = "this is no JSON";
	}
	return NULL;
}

/* ---- numbers ---- */

struct parts {
	const char *whole, *fraction;
	size_t n_whole, n_fraction;
	bool negative;
	long exponent;
};

static size_t digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

static bool read_exponent(struct parts *p, const char *s, size_t len)
{
	bool negative = len && *s == '-';
	size_t i = len && (*s == '-' || *s == '+') ? 1 : 0;

	if (i == len || digits(s + i, len - i) != len - i)
		return false;
	for (; i < len && p->exponent <= MAX_NUMBER; i++)
		p->exponent = p->exponent * 10 + (s[i] - '0');
	if (p->exponent > MAX_NUMBER)
		return false;
	if (negative)
		p->exponent = -p->exponent;
	return true;
}

static bool read_parts(struct parts *p, const char *s, size_t len)
{
	const char *end = s + len;

	memset(p, 0, sizeof(*p));
	p->negative = len && *s == '-';
	s += p->negative;
	p->whole = s;
	p->n_whole = digits(s, (size_t)(end - s));
	s += p->n_whole;
	if (!p->n_whole || (p->n_whole > 1 && *p->whole == '0'))
		return false;
	if (s < end && *s == '.') {
		p->fraction = ++s;
		p->n_fraction = digits(s, (size_t)(end - s));
		s += p->n_fraction;
		if (!p->n_fraction)
			return false;
	}
	if (s < end && (*s == 'e' || *s == 'E'))
		return read_exponent(p, s + 1, (size_t)(end - s - 1));
	return s == end;
}

/* All digits in a row, with the point moved by the exponent. */
static char *write_out(const struct parts *p)
{
	size_t n = p->n_whole + p->n_fraction, at = 0;
	long point = (long)p->n_whole + p->exponent;
	char *out = malloc(n + 2 * MAX_NUMBER + 8);

	if (!out)
		return NULL;
	if (p->negative)
		out[at++] = '-';
	if (point <= 0)
		out[at++] = '0';
	for (long i = point <= 0 ? point : 0; i < (long)n || i < point; i++) {
		if (i == (point <= 0 ? point : 0) ? point <= 0 : i == point)
			out[at++] = '.';
		out[at++] = i < 0 || i >= (long)n ? '0' : i < (long)p->n_whole ? p->whole[i] : p->fraction[i - (long)p->n_whole];
	}
	out[at] = '\0';
	return out;
}

char *dbi_json_number(const char *s, size_t len)
{
	struct parts p;
	char *out;

	if (len > MAX_NUMBER || !read_parts(&p, s, len))
		return NULL;
	if (p.exponent)
		return write_out(&p);
	out = malloc(len + 1);
	if (!out)
		return NULL;
	memcpy(out, s, len);
	out[len] = '\0';
	return out;
}
