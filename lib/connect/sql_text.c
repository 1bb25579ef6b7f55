/* SPDX-License-Identifier: MIT */
#include "connect/sql_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

const struct dbi_sql_syntax dbi_sql_postgres = { .dollar_quotes = true, .nested_comments = true,
	.escape_strings = true };
const struct dbi_sql_syntax dbi_sql_mysql = { .backslashes = true, .hash_comments = true, .question_marks = true };
const struct dbi_sql_syntax dbi_sql_standard = { .question_marks = true };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '$';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

/* ---- pieces: each returns the end of what begins at s ---- */

/* A doubled quote inside looks like two strings side by side, which comes to the same. */
static const char *quoted_end(const char *s, bool backslashes)
{
	char quote = *s++;

	for (; *s && *s != quote; s++)
		if (*s == '\\' && backslashes && s[1])
			s++;
	return *s ? s + 1 : s;
}

static const char *line_end(const char *s)
{
	return s + strcspn(s, "\n");
}

static const char *comment_end(const char *s, bool nested)
{
	unsigned depth = 1;

	for (s += 2; *s && depth; s++) {
		if (s[0] == '*' && s[1] == '/') {
			depth--;
			s++;
		} else if (nested && s[0] == '/' && s[1] == '*') {
			depth++;
			s++;
		}
	}
	return s;
}

/* The end of a $tag$ string, or NULL when none begins here. */
static const char *dollar_end(const char *s)
{
	const char *tag = s + 1, *end;
	size_t len;

	if (!is_letter(*tag) && *tag != '$')
		return NULL;
	while (*tag && *tag != '$' && is_word(*tag))
		tag++;
	if (*tag != '$')
		return NULL;
	len = (size_t)(tag + 1 - s);
	for (end = tag + 1; *end; end++)
		if (strncmp(end, s, len) == 0)
			return end + len;
	return end;
}

/* The end of a word, number, quoted name or string, or s when none begins here. */
static const char *token_end(const char *s, const struct dbi_sql_syntax *syntax)
{
	const char *end = NULL;

	if (*s == '\'')
		return quoted_end(s, syntax->backslashes);
	if (*s == '"' || *s == '`')
		return quoted_end(s, *s == '"' && syntax->backslashes);
	if (syntax->escape_strings && (*s == 'e' || *s == 'E') && s[1] == '\'')
		return quoted_end(s + 1, true);
	if (*s == '$' && syntax->dollar_quotes)
		end = dollar_end(s);
	if (end)
		return end;
	while (is_word(*s))
		s++;
	return s;
}

static const char *gap_end(const char *s, const struct dbi_sql_syntax *syntax)
{
	if ((s[0] == '-' && s[1] == '-') || (*s == '#' && syntax->hash_comments))
		return line_end(s);
	if (s[0] == '/' && s[1] == '*')
		return comment_end(s, syntax->nested_comments);
	while (is_blank(*s))
		s++;
	return s;
}

/* ---- the copy ---- */

struct rewrite {
	const struct dbi_sql_syntax *syntax;
	const char *parameter, *place;
	char *out;
	size_t len, uses;
	bool any, ended;     /* seen: something of a statement, its semicolon */
	struct dbrief_error *err;
};

static void copy(struct rewrite *r, const char *from, size_t len)
{
	memcpy(r->out + r->len, from, len);
	r->len += len;
}

static int parameter_name(struct rewrite *r, const char **s)
{
	const char *name = *s + 1, *end = name;

	while (is_word(*end))
		end++;
	if (end - name != 7 || memcmp(name, "subject", 7) != 0)
		return dbi_connect_error(r->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, r->place,
		    "the query has the parameter '%.*s', which nothing fills; :subject is the only one",
		    (int)(end - *s < 40 ? end - *s : 40), *s);
	copy(r, r->parameter, strlen(r->parameter));
	r->uses++;
	*s = end;
	return DBRIEF_OK;
}

static int statement_part(struct rewrite *r, const char **s)
{
	const char *end;

	if (**s == ';') {
		r->ended = true;
		++*s;
		return DBRIEF_OK;
	}
	if (r->ended)
		return dbi_connect_config(r->err, r->place,
		    "the query holds more than one statement; write exactly one SELECT");
	r->any = true;
	if (**s == ':' && is_letter((*s)[1]))
		return parameter_name(r, s);
	if (**s == '?' && r->syntax->question_marks)
		return dbi_connect_config(r->err, r->place,
		    "the query has the parameter '?', which nothing fills; write :subject");
	end = token_end(*s, r->syntax);
	if (end == *s)
		end += **s == ':' && (*s)[1] == ':' ? 2 : 1;
	copy(r, *s, (size_t)(end - *s));
	*s = end;
	return DBRIEF_OK;
}

/* Each :subject of 8 bytes becomes `parameter`. */
static char *make_room(const char *sql, const char *parameter)
{
	size_t len = strlen(sql), growth = strlen(parameter);

	return len < SIZE_MAX / 2 / (growth + 1) ? malloc(len * (growth / 8 + 1) + growth + 1) : NULL;
}

int dbi_sql_rewrite(char **out, size_t *uses, const char *sql, const struct dbi_sql_syntax *syntax,
    const char *parameter, const char *place, struct dbrief_error *err)
{
	struct rewrite r = { syntax, parameter, place, make_room(sql, parameter), 0, 0, false, false, err };
	int status = DBRIEF_OK;

	*out = NULL;
	if (!r.out)
		return dbi_connect_memory(err);
	while (status == DBRIEF_OK && *sql) {
		const char *end = gap_end(sql, syntax);

		if (end == sql) {
			status = statement_part(&r, &sql);
		} else {
			copy(&r, sql, (size_t)(end - sql));
			sql = end;
		}
	}
	if (status == DBRIEF_OK && !r.any)
		status = dbi_connect_config(err, place, "the query is empty; write one SELECT statement");
	if (status != DBRIEF_OK) {
		free(r.out);
		return status;
	}
	r.out[r.len] = '\0';
	*out = r.out;
	*uses = r.uses;
	return DBRIEF_OK;
}

int dbi_sql_need_parameter(size_t uses, const char *place, struct dbrief_error *err)
{
	return uses ? DBRIEF_OK : dbi_connect_config(err, place,
	    "the query has no parameter for the customer; restrict it with WHERE ... = :subject");
}
