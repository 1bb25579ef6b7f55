/* SPDX-License-Identifier: MIT */
/* Functions of texts. None needs memory: their results are parts of their arguments, or numbers. */
#include <string.h>

#include <libxml/xpath.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_run.h"

#define LONGEST_NUMBER 64

static struct dbi_xtext leave(struct dbi_fast_run *r)
{
	r->leave = true;
	return (struct dbi_xtext){ "", 0 };
}

/* Of the first node; a text put together of several nodes is left to libxml2. */
static struct dbi_xtext text_of_path(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node)
{
	const struct dbi_xvalue *v = dbi_fast_is_variable(path) ? dbi_fast_variable(r, path) : NULL;
	struct dbi_xtext text = { "", 0 };
	const xmlNode *one = NULL;

	if (v && v->kind == DBI_X_STRING && v->string)
		return (struct dbi_xtext){ v->string, strlen(v->string) };
	if (dbi_fast_is_variable(path) && (!v || v->kind != DBI_X_NODES || v->n > 1))
		return leave(r);
	dbi_fast_walk(r, path, node, true, dbi_fast_first, &one);
	if (one)
		text = dbi_node_lend(one);
	return text.text ? text : leave(r);
}

/* Where b stands in a; NULL: nowhere. */
static const char *find(struct dbi_xtext a, struct dbi_xtext b)
{
	const char *at = a.text, *end = a.text + a.len;

	if (b.len == 0)
		return at;
	for (; (size_t)(end - at) >= b.len; at++) {
		at = memchr(at, *b.text, (size_t)(end - at) - b.len + 1);
		if (!at || memcmp(at, b.text, b.len) == 0)
			return at;
	}
	return NULL;
}

static struct dbi_xtext part(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	struct dbi_xtext a = dbi_fast_text(r, n->a, node), b = dbi_fast_text(r, n->b, node);
	const char *at = find(a, b), *end = a.text + a.len;

	if (!at)
		return (struct dbi_xtext){ "", 0 };
	if (n->kind == DBI_FAST_BEFORE)
		return (struct dbi_xtext){ a.text, (size_t)(at - a.text) };
	return (struct dbi_xtext){ at + b.len, (size_t)(end - at) - b.len };
}

/* ---- numbers ---- */

/* Of a short text; NUL-terminated in `out`. */
static bool translate(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node, char out[LONGEST_NUMBER])
{
	const struct dbi_fast_node *from = dbi_fast_at(r, n->b), *to = dbi_fast_at(r, from->next);
	struct dbi_xtext text = dbi_fast_text(r, n->a, node);
	size_t len = strlen(to->text), at = 0;

	if (text.len >= LONGEST_NUMBER)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *hit = strchr(from->text, text.text[i]);

		if (!hit)
			out[at++] = text.text[i];
		else if ((size_t)(hit - from->text) < len)
			out[at++] = to->text[hit - from->text];
	}
	out[at] = '\0';
	return true;
}

double dbi_fast_text_number(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);
	const struct dbi_xvalue *v = dbi_fast_is_variable(n) ? dbi_fast_variable(r, n) : NULL;
	char number[LONGEST_NUMBER];
	struct dbi_xtext text;

	if (v && v->kind == DBI_X_NUMBER)
		return v->number;
	if (v && v->kind == DBI_X_BOOLEAN)
		return v->boolean ? 1 : 0;
	if (n->kind == DBI_FAST_TRANSLATE) {
		r->leave |= !translate(r, n, node, number);
		return dbi_fast_stop(r) ? 0 : xmlXPathCastStringToNumber(to_xml(number));
	}
	text = dbi_fast_text(r, i, node);
	r->leave |= text.len >= sizeof number;
	if (dbi_fast_stop(r))
		return 0;
	memcpy(number, text.text, text.len);
	number[text.len] = '\0';
	return xmlXPathCastStringToNumber(to_xml(number));
}

/* ---- texts ---- */

/* The recursion is as deep as the expression. */
struct dbi_xtext dbi_fast_text(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);

	switch (n->kind) {
	case DBI_FAST_LITERAL: return (struct dbi_xtext){ n->text, strlen(n->text) };
	case DBI_FAST_STRING: return dbi_fast_text(r, n->a, node);
	case DBI_FAST_PATH: return text_of_path(r, n, node);
	case DBI_FAST_TRANSLATE: return leave(r);
	default: return part(r, n, node);
	}
}

bool dbi_fast_text_test(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	struct dbi_xtext a = dbi_fast_text(r, n->a, node), b = dbi_fast_text(r, n->b, node);

	if (n->kind == DBI_FAST_CONTAINS)
		return find(a, b) != NULL;
	return a.len >= b.len && memcmp(a.text, b.text, b.len) == 0;
}
