/* SPDX-License-Identifier: MIT */
/* What a column's declared type and its values have in common. Values are counted, and few of them kept. */
#include <string.h>
#include "api/schema.h"
#include "util/mem.h"
#include "util/number.h"
#include "util/utf8.h"

static bool has(const char *type, const char *word)
{
	size_t n = strlen(word);

	for (; *type; type++) {
		size_t i = 0;

		while (i < n && (type[i] | 0x20) == word[i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

static bool any(const char *type, const char *const *words)
{
	for (; *words; words++)
		if (has(type, *words))
			return true;
	return false;
}

/* The words of SQL databases, in an order in which none hides another. */
enum dbrief_column_kind dbi_schema_kind(const char *type)
{
	static const char *const times[] = { "timestamp", "datetime", "smalldatetime", NULL };
	static const char *const texts[] = { "char", "text", "clob", "interval", "point", "uuid", "enum", "json", "xml", "inet", NULL };
	static const char *const binaries[] = { "blob", "binary", "bytea", "image", "geometry", NULL };
	static const char *const decimals[] = { "dec", "numeric", "money", "real", "double", "float", "number", NULL };

	if (any(type, texts))
		return DBRIEF_KIND_TEXT;
	if (any(type, binaries))
		return DBRIEF_KIND_BINARY;
	if (any(type, times))
		return DBRIEF_KIND_DATETIME;
	if (has(type, "date"))
		return DBRIEF_KIND_DATE;
	if (has(type, "bool") || has(type, "bit(1)") || has(type, "tinyint(1)"))
		return DBRIEF_KIND_BOOLEAN;
	if (any(type, decimals))
		return DBRIEF_KIND_DECIMAL;
	if (has(type, "int") || has(type, "serial") || has(type, "year"))
		return DBRIEF_KIND_INTEGER;
	return DBRIEF_KIND_TEXT;
}

/* ---- values ---- */

static bool is_email(const char *s, size_t len)
{
	const char *at = memchr(s, '@', len);

	return at && at > s && memchr(at, '.', len - (size_t)(at - s)) && !memchr(s, ' ', len) &&
	    !memchr(at + 1, '@', len - (size_t)(at + 1 - s));
}

static bool is_number(const char *s, size_t len)
{
	struct dbi_buf out = DBI_BUF_INIT;
	bool good = len <= 60 && dbi_canon_decimal(&out, s, len);

	dbi_buf_dispose(&out);
	return good;
}

static bool is_boolean(const char *s, size_t len)
{
	static const char *const words[] = { "0", "1", "t", "f", "true", "false", "y", "n", "yes", "no", "j", "ja", "nein" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t k = 0;

		while (k < len && words[i][k] && (s[k] | 0x20) == (words[i][k] | 0x20))
			k++;
		if (k == len && !words[i][k])
			return true;
	}
	return false;
}

static unsigned looks_of(const char *s, size_t len)
{
	struct dbi_date date;
	int64_t number;
	int seconds = 0;
	bool has_time = false;
	unsigned looks = 0;

	if (dbi_utf8_check(s, len) == len)
		looks |= DBRIEF_LOOKS_TEXT;
	if (dbi_parse_int(s, len, &number))
		looks |= DBRIEF_LOOKS_INTEGER;
	if (is_number(s, len))
		looks |= DBRIEF_LOOKS_DECIMAL;
	if (is_boolean(s, len))
		looks |= DBRIEF_LOOKS_BOOLEAN;
	if (is_email(s, len))
		looks |= DBRIEF_LOOKS_EMAIL;
	if (!dbi_datetime_parse(s, len, &date, &seconds, &has_time))
		return looks;
	looks |= DBRIEF_LOOKS_DATETIME;
	if (!has_time || (!seconds && strspn(s + 11, "0:.") >= len - 11))
		looks |= DBRIEF_LOOKS_DATE;
	return looks;
}

static void drop_values(struct dbi_schema_column *c)
{
	dbi_free_wiped(c->values, DBI_SCHEMA_VALUES * sizeof(*c->values));
	c->values = NULL;
	c->n_values = 0;
	c->many = true;
}

static void keep_value(struct dbi_schema_column *c, const char *s, size_t len)
{
	struct dbi_seen_value *v;

	for (size_t i = 0; i < c->n_values; i++) {
		v = &c->values[i];
		if (strlen(v->text) == len && memcmp(v->text, s, len) == 0) {
			v->rows++;
			return;
		}
	}
	if (!c->values)
		c->values = dbi_calloc(DBI_SCHEMA_VALUES, sizeof(*c->values));
	if (!c->values || c->n_values == DBI_SCHEMA_VALUES || len > DBI_SCHEMA_VALUE_BYTES || memchr(s, 0, len)) {
		drop_values(c);
		return;
	}
	v = &c->values[c->n_values++];
	memcpy(v->text, s, len);
	v->text[len] = '\0';
	v->rows = 1;
}

/* Values need not end with a NUL. */
static bool is_blank(const char *s, size_t len)
{
	while (len && strchr(" \t\r\n", s[len - 1]) && s[len - 1])
		len--;
	return len == 0;
}

void dbi_schema_look(struct dbi_schema_column *c, const char *bytes, size_t len)
{
	unsigned looks;

	if (len > c->longest)
		c->longest = len;
	if (c->kind == DBRIEF_KIND_BINARY) {
		c->seen++;
		c->looks = 0;
		return;
	}
	/* Blanks alone are no value of any type but text. */
	looks = is_blank(bytes, len) ? ~0u : looks_of(bytes, len);
	c->looks = c->seen ? c->looks & looks : looks;
	c->seen++;
	if (!c->many)
		keep_value(c, bytes, len);
}
