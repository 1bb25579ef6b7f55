/* SPDX-License-Identifier: MIT */
/*
 * One native evaluation: xpath_fast_walk.c follows paths, xpath_fast_set.c puts them together, xpath_fast_string.c cuts texts,
 * xpath_fast_call.c calls extension functions, xpath_fast.c compares, xpath_fast_result.c gives results.
 */
#ifndef DBI_XPATH_FAST_RUN_H
#define DBI_XPATH_FAST_RUN_H

#include <libxml/tree.h>

#include "xml/xpath_fast_tree.h"

struct dbi_fast_run {
	const struct dbi_xpath_fast *fast;
	const struct dbi_xpath_scope *scope;
	const xmlNode *current; /* the node the whole expression is evaluated for */
	uint16_t fixed;         /* path whose only value is `fixed_text`, 0: none yet */
	uint16_t unfixed;       /* path that has not just one, 0: none yet */
	const char *fixed_text;
	unsigned long visits, pairs;
	bool leave;  /* libxml2 must do it: the kind of a variable, order, limits */
	bool memory;
};

/* Called for each node of a path; true ends the walk. */
typedef bool (*dbi_fast_visit)(struct dbi_fast_run *r, void *ctx, const xmlNode *node);

static inline const struct dbi_fast_node *dbi_fast_at(const struct dbi_fast_run *r, uint16_t i)
{
	return &r->fast->nodes[i];
}

static inline const struct dbi_xvalue *dbi_fast_variable(const struct dbi_fast_run *r, const struct dbi_fast_node *path)
{
	return r->scope->var ? r->scope->var(r->scope->user, path->text) : NULL;
}

static inline bool dbi_fast_stop(const struct dbi_fast_run *r)
{
	return r->leave || r->memory;
}

/* Keeps the node it is called for first in *ctx, and ends the walk. */
bool dbi_fast_first(struct dbi_fast_run *r, void *ctx, const xmlNode *node);
/* Visits the nodes of a path. `ordered`: order and number of the nodes matter, not only whether there is one. */
void dbi_fast_walk(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node, bool ordered, dbi_fast_visit visit,
    void *ctx);
/* Number of the children whose name is the plain expression; into `nodes` when not NULL. */
size_t dbi_fast_children(struct dbi_fast_run *r, const xmlNode *node, dbi_xml_node **nodes);
const xmlAttr *dbi_fast_attr(const xmlNode *node, const char *name); /* NULL when it has none, or is no element */
bool dbi_fast_truth(struct dbi_fast_run *r, uint16_t i, const xmlNode *node);
double dbi_fast_number(struct dbi_fast_run *r, uint16_t i, const xmlNode *node);
/* The nodes of a path into `out`, in document order. */
void dbi_fast_collect(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node, struct dbi_xvalue *out);
/* "$v" alone, whatever its kind. */
static inline bool dbi_fast_is_variable(const struct dbi_fast_node *n)
{
	return n->kind == DBI_FAST_PATH && n->start == DBI_FAST_VARIABLE && !n->a && !n->b && !n->nth && !n->first;
}

/* ---- xpath_fast_set.c ---- */
#define DBI_FAST_SET 64 /* nodes of a union; larger ones are libxml2's */
struct dbi_fast_set {
	const xmlNode *nodes[DBI_FAST_SET];
	size_t n;
};
/* The nodes of a union, each once; `ordered`: in document order. */
void dbi_fast_unite(struct dbi_fast_run *r, uint16_t i, const xmlNode *node, bool ordered, struct dbi_fast_set *set);
/* Sum of a path's or union's numbers, all of them whole. */
double dbi_fast_sum(struct dbi_fast_run *r, uint16_t i, const xmlNode *node);

/* ---- xpath_fast_string.c ---- */
/* Part of a text that stands elsewhere. */
struct dbi_xtext dbi_fast_text(struct dbi_fast_run *r, uint16_t i, const xmlNode *node);
/* As number; of a variable, whatever it is. */
double dbi_fast_text_number(struct dbi_fast_run *r, uint16_t i, const xmlNode *node);
/* Whether a text contains or starts with another. */
bool dbi_fast_text_test(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node);

/* ---- xpath_fast_call.c ---- */
int dbi_fast_call(struct dbi_fast_run *r, const xmlNode *node, struct dbi_xvalue *out, struct dbrief_error *err);

#endif
