/* SPDX-License-Identifier: MIT */
#include "gather/value.h"

#include <string.h>
#include "util/number.h"

/* ---- text ---- */

/* CRLF and a lone CR become LF. */
static void add_lines(struct dbi_buf *out, const char *s, size_t len)
{
	const char *end = s + len;
	while (s < end) {
		const char *cr = memchr(s, '\r', (size_t)(end - s));
		if (!cr) {
			dbi_buf_add(out, s, (size_t)(end - s));
			return;
		}
		dbi_buf_add(out, s, (size_t)(cr - s));
		dbi_buf_addc(out, '\n');
		s = cr + 1;
		if (s < end && *s == '\n')
			s++;
	}
}

/* ---- typed values ---- */

static bool type_boolean(struct dbi_buf *out, const char *s, size_t len)
{
	static const char *const words[][2] = {
		{ "0", "1" }, { "false", "true" }, { "f", "t" }, { "no", "yes" }, { "n", "y" }, { "nein",
		    "ja" }, { "n", "j" },
	};
	char lower[6];
	if (len >= sizeof lower)
		return false;
	for (size_t i = 0; i < len; i++)
		lower[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a' : s[i]);
	lower[len] = 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (int value = 0; value < 2; value++)
			if (strcmp(lower, words[i][value]) == 0) {
				dbi_buf_adds(out, value ? "true" : "false");
				return true;
			}
	return false;
}

/* A date column of many databases delivers a time too: accepted while it is midnight, so nothing is lost. */
static bool type_date(struct dbi_buf *out, const char *s, size_t len)
{
	struct dbi_date date;
	int seconds = 0;
	bool has_time = false;
	char text[11];
	if (!dbi_datetime_parse(s, len, &date, &seconds, &has_time) || seconds)
		return false;
	/* A part of a second or a zone would be lost. */
	if (has_time && strspn(s + 11, "0:.") != len - 11)
		return false;
	dbi_date_write(&date, text);
	dbi_buf_adds(out, text);
	return true;
}

static bool type_datetime(struct dbi_buf *out, const char *s, size_t len)
{
	struct dbi_date date;
	int seconds = 0;
	bool has_time = false;
	if (!dbi_datetime_parse(s, len, &date, &seconds, &has_time))
		return false;
	dbi_buf_add(out, s, 10);
	if (has_time) {
		dbi_buf_addc(out, 'T');
		dbi_buf_add(out, s + 11, len - 11);
	}
	return true;
}

static bool type_number(struct dbi_buf *out, const char *s, size_t len, bool whole)
{
	/* Many writers print a whole number that is kept as a real in this way. */
	if (len > 2 && memcmp(s + len - 2, ".0", 2) == 0 && s[len - 3] >= '0' && s[len - 3] <= '9' && !memchr(s, '.', len - 2))
		len -= 2;
	return !(whole && memchr(s, '.', len)) && dbi_canon_decimal(out, s, len);
}

static enum dbi_typed type_code(const struct dbi_field_decl *field, const char *s, size_t len,
    struct dbi_buf *out)
{
	/* Clean text holds no NUL; trimmed text ends before its string does. */
	const struct dbi_code *code;
	char word[256];
	if (s[len] && len < sizeof word) {
		memcpy(word, s, len);
		word[len] = 0;
		s = word;
	}
	code = field->codes && !s[len] ? dbi_code_find(field->codes, s) : NULL;
	if (code) {
		dbi_buf_add(out, s, len);
		return DBI_TYPED_VALUE;
	}
	return len ? DBI_TYPED_UNEXPLAINED : DBI_TYPED_NULL;
}

enum dbi_typed dbi_value_type(const struct dbi_field_decl *field, const char *text, size_t len,
    struct dbi_buf *out)
{
	enum dbi_typed typed = DBI_TYPED_VALUE;
	bool good = true;
	if (field->type == DBI_TYPE_TEXT) {
		add_lines(out, text, len);
		return out->failed ? DBI_TYPED_MEMORY : DBI_TYPED_VALUE;
	}
	if (field->type == DBI_TYPE_CODE) {
		typed = type_code(field, text, len, out);
		return out->failed ? DBI_TYPED_MEMORY : typed;
	}
	for (; len && strchr(" \t\r\n", text[len - 1]); len--)
		;
	for (; len && strchr(" \t\r\n", *text); len--)
		text++;
	if (len == 0)
		return DBI_TYPED_NULL;
	switch (field->type) {
	case DBI_TYPE_INTEGER: good = type_number(out, text, len, true); break;
	case DBI_TYPE_DECIMAL:
	case DBI_TYPE_MONEY: good = type_number(out, text, len, false); break;
	case DBI_TYPE_DATE: good = type_date(out, text, len); break;
	case DBI_TYPE_DATETIME: good = type_datetime(out, text, len); break;
	case DBI_TYPE_BOOLEAN: good = type_boolean(out, text, len); break;
	case DBI_TYPE_TEXT:
	case DBI_TYPE_CODE:
	case DBI_TYPE_BINARY:
	case DBI_TYPE_COUNT: good = false; break;
	}
	if (out->failed)
		return DBI_TYPED_MEMORY;
	return good ? DBI_TYPED_VALUE : DBI_TYPED_WRONG;
}

/* ---- binary ---- */

const char *dbi_media_type(const void *bytes, size_t len)
{
	static const struct { const char *magic; size_t n; const char *type; } table[] = {
		{ "\x89PNG\r\n\x1a\n", 8, "image/png" }, { "\xff\xd8\xff", 3, "image/jpeg" }, { "GIF8", 4,
		    "image/gif" },
		{ "%PDF-", 5, "application/pdf" }, { "PK\x03\x04", 4, "application/zip" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (len >= table[i].n && memcmp(bytes, table[i].magic, table[i].n) == 0)
			return table[i].type;
	return NULL;
}
