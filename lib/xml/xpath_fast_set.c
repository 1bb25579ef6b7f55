/* SPDX-License-Identifier: MIT */
/* Sets of nodes from several paths, and sums. */
#include <math.h>
#include <string.h>

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_run.h"

#define LARGEST 1e15 /* sums of whole numbers below are exact, whatever their order */

static bool has_descendants(const struct dbi_fast_run *r, const struct dbi_fast_node *path)
{
	for (uint16_t i = path->a; i; i = dbi_fast_at(r, i)->next)
		if (dbi_fast_at(r, i)->kind == DBI_FAST_DESCENDANT)
			return true;
	return false;
}

/* ---- unions ---- */

static bool add_once(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct dbi_fast_set *set = ctx;

	for (size_t i = 0; i < set->n; i++)
		if (set->nodes[i] == node)
			return false;
	if (set->n == DBI_FAST_SET) {
		r->leave = true;
		return true;
	}
	set->nodes[set->n++] = node;
	return false;
}

/* The paths mostly come one after the other in the document, so the place is looked for from the end. */
static bool add_in_order(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct dbi_fast_set *set = ctx;
	size_t at = set->n;
	int order = 1;

	while (at > 0 && (order = xmlXPathCmpNodes((xmlNode *)(uintptr_t)set->nodes[at - 1], (xmlNode *)(uintptr_t)node)) == -1)
		at--;
	if (at > 0 && order == 0)
		return false;
	if (set->n == DBI_FAST_SET || (at > 0 && order != 1)) {
		r->leave = true;
		return true;
	}
	memmove(set->nodes + at + 1, set->nodes + at, (set->n - at) * sizeof *set->nodes);
	set->nodes[at] = node;
	set->n++;
	return false;
}

static void unite(struct dbi_fast_run *r, uint16_t i, const xmlNode *node, dbi_fast_visit add, struct dbi_fast_set *set)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);

	/* As deep as the expression has paths. */
	if (n->kind == DBI_FAST_UNION) {
		unite(r, n->a, node, add, set);
		i = n->b;
	}
	if (!dbi_fast_stop(r))
		dbi_fast_walk(r, dbi_fast_at(r, i), node, false, add, set);
}

void dbi_fast_unite(struct dbi_fast_run *r, uint16_t i, const xmlNode *node, bool ordered, struct dbi_fast_set *set)
{
	set->n = 0;
	unite(r, i, node, ordered ? add_in_order : add_once, set);
}

/* ---- sums ---- */

static bool add_number(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	const char *text = dbi_node_text(from_node(node));
	double *sum = ctx, value = text ? xmlXPathCastStringToNumber(to_xml(text)) : NAN;

	*sum += value;
	/* Not true of what is no number, either. */
	if (!(value == floor(value) && fabs(value) < LARGEST && fabs(*sum) < LARGEST))
		r->leave = true;
	return r->leave;
}

double dbi_fast_sum(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);
	struct dbi_fast_set set;
	double sum = 0;

	if (n->kind == DBI_FAST_UNION) {
		dbi_fast_unite(r, i, node, false, &set);
		for (i = 0; i < set.n && !dbi_fast_stop(r); i++)
			(void)add_number(r, &sum, set.nodes[i]);
	} else if (n->start == DBI_FAST_VARIABLE && has_descendants(r, n)) {
		r->leave = true; /* nodes inside each other would count twice */
	} else {
		dbi_fast_walk(r, n, node, false, add_number, &sum);
	}
	return sum;
}
