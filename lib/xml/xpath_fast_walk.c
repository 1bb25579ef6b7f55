/* SPDX-License-Identifier: MIT */
#include "xml/xpath_fast_run.h"

#include <string.h>

#include "xml/libxml.h"
#include "util/limits.h"

/* Compares a document's name with one of the expression. In documents that were built both lie in blocks. */
static inline bool same(const xmlDoc *doc, const xmlChar *a, const char *b)
{
	uint64_t x[2], y[2];

	if ((char)a[0] != b[0])
		return false;
	if (!dbi_is_built(doc))
		return strcmp(from_xml(a), b) == 0;
	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	return x[0] == y[0] && x[1] == y[1] && (!b[DBI_TEXT_BLOCK - 1] || strcmp(from_xml(a), b) == 0);
}

const xmlAttr *dbi_fast_attr(const xmlNode *node, const char *name)
{
	const xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

	while (a && (a->ns || !same(a->doc, a->name, name)))
		a = a->next;
	return a;
}

static bool passes(struct dbi_fast_run *r, uint16_t condition, const xmlNode *node)
{
	for (; condition && !dbi_fast_stop(r); condition = dbi_fast_at(r, condition)->next)
		if (!dbi_fast_truth(r, condition, node))
			return false;
	return !dbi_fast_stop(r);
}

/* Equal names of one document are mostly the same string: *known is the one that was compared last. */
static inline bool is_named(const char *name, const xmlNode *node, const xmlChar **known)
{
	if (node->type != XML_ELEMENT_NODE || node->ns)
		return false;
	if (node->name == *known)
		return true;
	if (!same(node->doc, node->name, name))
		return false;
	*known = node->name;
	return true;
}

static bool count_visit(struct dbi_fast_run *r)
{
	if (++r->visits > DBI_MAX_XPATH_OPS)
		r->leave = true;
	return r->leave;
}

static const xmlNode *next_below(const xmlNode *top, const xmlNode *node)
{
	if (node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

/* Depth first, so the result is in document order. The recursion is as deep as the path has steps. */
static bool walk(struct dbi_fast_run *r, const xmlNode *node, uint16_t i, dbi_fast_visit visit, void *ctx)
{
	const struct dbi_fast_node *step = dbi_fast_at(r, i);
	const xmlNode *child, *last = NULL;
	const xmlChar *known = NULL;
	unsigned n = 0;

	if (!i)
		return visit(r, ctx, node);
	if (step->kind == DBI_FAST_ATTRIBUTE) {
		child = (const xmlNode *)dbi_fast_attr(node, step->text);
		return child && passes(r, step->b, child) && walk(r, child, step->next, visit, ctx);
	}
	if (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE)
		return false;
	for (child = node->children; child; child = step->kind == DBI_FAST_CHILD ? child->next : next_below(node, child)) {
		if (count_visit(r))
			return true;
		/* A model is larger than the quick caches: the next one is fetched while this one is at work. */
		__builtin_prefetch(child->next);
		if (!is_named(step->text, child, &known) || (step->nth && ++n != step->nth))
			continue;
		if (passes(r, step->b, child)) {
			last = child;
			if (!step->last && walk(r, child, step->next, visit, ctx))
				return true;
		}
		if (dbi_fast_stop(r))
			return true;
		if (step->nth)
			break;
	}
	return step->last && last && walk(r, last, step->next, visit, ctx);
}

size_t dbi_fast_children(struct dbi_fast_run *r, const xmlNode *node, dbi_xml_node **nodes)
{
	const xmlNode *child = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE ? node->children : NULL;
	const xmlChar *known = NULL;
	size_t n = 0;

	for (; child && (nodes || !count_visit(r)); child = child->next) {
		if (!is_named(r->fast->plain_name, child, &known))
			continue;
		if (nodes)
			nodes[n] = from_node(child);
		n++;
	}
	return n;
}

/* Paths from brothers do not cross; from other sets they might, and the order would be lost. */
static bool are_siblings(const struct dbi_xvalue *v)
{
	for (size_t i = 1; i < v->n; i++)
		if (to_node(v->nodes[i])->parent != to_node(v->nodes[0])->parent)
			return false;
	return true;
}

static void walk_variable(struct dbi_fast_run *r, const struct dbi_fast_node *path, bool ordered, dbi_fast_visit visit, void *ctx)
{
	const struct dbi_xvalue *v = dbi_fast_variable(r, path);
	size_t i, end;

	if (!v || v->kind != DBI_X_NODES ||
	    (ordered && path->a && dbi_fast_at(r, path->a)->kind != DBI_FAST_ATTRIBUTE && !are_siblings(v))) {
		r->leave = true;
		return;
	}
	end = path->nth && path->nth < v->n ? path->nth : v->n;
	for (i = path->nth ? path->nth - 1u : 0; i < end && !dbi_fast_stop(r); i++)
		if (passes(r, path->b, to_node(v->nodes[i])) && (walk(r, to_node(v->nodes[i]), path->a, visit, ctx) || path->first))
			break;
}

void dbi_fast_walk(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node, bool ordered, dbi_fast_visit visit,
    void *ctx)
{
	if (path->start == DBI_FAST_VARIABLE) {
		walk_variable(r, path, ordered, visit, ctx);
		return;
	}
	if (path->start == DBI_FAST_ROOT)
		node = (const xmlNode *)node->doc;
	else if (path->start == DBI_FAST_CURRENT)
		node = r->current;
	for (unsigned up = path->up; node && up > 0; up--)
		node = node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
	if (node && passes(r, path->b, node))
		(void)walk(r, node, path->a, visit, ctx);
}
