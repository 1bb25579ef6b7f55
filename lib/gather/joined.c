/* SPDX-License-Identifier: MIT */
#include "gather/joined.h"

#include <string.h>
#include "util/mem.h"

#define MAX_PIECES 32
#define BLANKS " \t\r\n"

struct piece { char *text; dbi_xpath *xpath; }; /* text: of a literal, without xpath */
struct dbi_joined { struct piece pieces[MAX_PIECES]; size_t n; bool joined; };

struct range { const char *s; size_t len; };

static struct range trim(struct range r)
{
	for (; r.len && strchr(BLANKS, r.s[r.len - 1]); r.len--)
		;
	for (; r.len && strchr(BLANKS, *r.s); r.len--)
		r.s++;
	return r;
}

/* Up to the next comma or the closing bracket of this level; len when there is none. */
static size_t level_end(struct range r)
{
	unsigned depth = 0;
	for (size_t i = 0; i < r.len; i++) {
		char c = r.s[i];
		if (c == '\'' || c == '"') {
			const char *end = memchr(r.s + i + 1, c, r.len - i - 1);
			if (!end)
				return r.len;
			i = (size_t)(end - r.s);
		} else if (c == '(' || c == '[') {
			depth++;
		} else if (c == ')' || c == ']') {
			if (depth-- == 0)
				return i;
		} else if (c == ',' && depth == 0) {
			return i;
		}
	}
	return r.len;
}

/* Is it one call of this function? Then *inside is what stands in its brackets. */
static bool is_call(struct range r, const char *function, struct range *inside)
{
	size_t n = strlen(function), end;
	struct range rest;
	if (r.len < n + 2 || strncmp(r.s, function, n) != 0 || r.s[r.len - 1] != ')')
		return false;
	rest = trim((struct range){ r.s + n, r.len - n });
	if (rest.len < 2 || *rest.s != '(')
		return false;
	*inside = (struct range){ rest.s + 1, rest.len - 2 };
	/* The last bracket closes the first one. */
	for (rest = *inside; (end = level_end(rest)) < rest.len; rest = (struct range){ rest.s + end + 1, rest.len - end - 1 })
		if (rest.s[end] != ',')
			return false;
	return true;
}

static bool is_literal(struct range r)
{
	return r.len >= 2 && (*r.s == '\'' || *r.s == '"') && memchr(r.s + 1, *r.s, r.len - 1) == r.s + r.len - 1;
}

static int add_piece(dbi_joined *j, struct range r, struct dbrief_error *err)
{
	struct piece *p = &j->pieces[j->n];
	size_t column = 0;
	int rc = DBRIEF_OK;
	r = trim(r);
	p->text = is_literal(r) && j->joined ? dbi_strndup(r.s + 1, r.len - 2) : dbi_strndup(r.s, r.len);
	j->n++;
	if (!p->text)
		return dbi_error_memory(err);
	if (!is_literal(r) || !j->joined) {
		rc = dbi_xpath_compile(&p->xpath, p->text, &column, err);
		dbi_free(p->text);
		p->text = NULL;
	}
	return rc;
}

static size_t count_arguments(struct range r)
{
	size_t n = 1, end;
	for (; (end = level_end(r)) < r.len; r = (struct range){ r.s + end + 1, r.len - end - 1 })
		n++;
	return n;
}

int dbi_joined_compile(dbi_joined **out, const char *select, struct dbrief_error *err)
{
	dbi_joined *j = dbi_calloc(1, sizeof *j);
	struct range whole = trim((struct range){ select, strlen(select) }), inner, rest = whole;
	size_t end = 0;
	int rc = DBRIEF_OK;
	*out = NULL;
	if (!j)
		return dbi_error_memory(err);
	/* The caller collapses white space anyway. */
	j->joined = is_call(is_call(whole, "normalize-space", &inner) ? trim(inner) : whole, "concat", &rest)
	    && count_arguments(rest) <= MAX_PIECES;
	if (!j->joined)
		rc = add_piece(j, whole, err);
	for (bool more = j->joined; more && rc == DBRIEF_OK; rest = (struct range){ rest.s + end + 1, rest.len - end - 1 }) {
		end = level_end(rest);
		more = end < rest.len;
		rc = add_piece(j, (struct range){ rest.s, end }, err);
		if (!more)
			break;
	}
	if (rc == DBRIEF_OK)
		*out = j;
	else
		dbi_joined_free(j);
	return rc;
}

void dbi_joined_free(dbi_joined *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->n; i++) {
		dbi_xpath_free(j->pieces[i].xpath);
		dbi_free(j->pieces[i].text);
	}
	dbi_free(j);
}

int dbi_joined_text(dbi_joined *j, dbi_xpath_ctx *ctx, dbi_xml_node *node, struct dbi_buf *out, bool *found,
    struct dbrief_error *err)
{
	int rc = DBRIEF_OK;
	*found = true;
	for (size_t i = 0; rc == DBRIEF_OK && i < j->n; i++) {
		if (j->pieces[i].xpath)
			rc = dbi_xpath_text(ctx, j->pieces[i].xpath, node, 1, 1, out, found, err);
		else
			dbi_buf_adds(out, j->pieces[i].text);
	}
	if (j->joined)
		*found = true;
	return rc == DBRIEF_OK && out->failed ? dbi_error_memory(err) : rc;
}
