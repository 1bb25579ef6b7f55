/* SPDX-License-Identifier: MIT */
/* Results of natively evaluated expressions. */
#include <string.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_run.h"
#include "util/mem.h"

#define SMALL 32

struct set {
	const xmlNode *small[SMALL];
	const xmlNode **nodes; /* small, or on the heap */
	size_t n, cap;
};

static bool push(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct set *set = ctx;
	const xmlNode **grown;

	if (set->n == set->cap) {
		grown = dbi_realloc(set->nodes == set->small ? NULL : set->nodes, set->cap * 2, sizeof *grown);
		if (!grown) {
			r->memory = true;
			return true;
		}
		if (set->nodes == set->small)
			memcpy(grown, set->small, set->n * sizeof *grown);
		set->nodes = grown;
		set->cap *= 2;
	}
	set->nodes[set->n++] = node;
	return false;
}

void dbi_fast_collect(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node, struct dbi_xvalue *out)
{
	struct set set;

	set.nodes = set.small;
	set.n = 0;
	set.cap = SMALL;
	dbi_fast_walk(r, path, node, true, push, &set);
	if (!dbi_fast_stop(r) && set.n > 0) {
		out->nodes = dbi_realloc(NULL, set.n, sizeof *out->nodes);
		r->memory = out->nodes == NULL;
	}
	if (!dbi_fast_stop(r)) {
		out->kind = DBI_X_NODES;
		for (; out->n < set.n; out->n++)
			out->nodes[out->n] = from_node(set.nodes[out->n]);
	}
	if (set.nodes != set.small)
		dbi_free(set.nodes);
}

/* The same of a name alone: counted, then taken. */
static void collect_children(struct dbi_fast_run *r, const xmlNode *node, struct dbi_xvalue *out)
{
	size_t n = dbi_fast_children(r, node, NULL);

	if (dbi_fast_stop(r))
		return;
	out->kind = DBI_X_NODES;
	if (!n)
		return;
	out->nodes = dbi_realloc(NULL, n, sizeof *out->nodes);
	r->memory = out->nodes == NULL;
	if (out->nodes)
		out->n = dbi_fast_children(r, node, out->nodes);
}

static void collect_union(struct dbi_fast_run *r, const xmlNode *node, struct dbi_xvalue *out)
{
	struct dbi_fast_set set;

	dbi_fast_unite(r, r->fast->root, node, true, &set);
	if (dbi_fast_stop(r))
		return;
	out->kind = DBI_X_NODES;
	if (!set.n)
		return;
	if (dbi_fast_at(r, r->fast->root)->last) {
		set.nodes[0] = set.nodes[set.n - 1];
		set.n = 1;
	}
	out->nodes = dbi_realloc(NULL, set.n, sizeof *out->nodes);
	r->memory = out->nodes == NULL;
	for (; out->nodes && out->n < set.n; out->n++)
		out->nodes[out->n] = from_node(set.nodes[out->n]);
}

static void copy_text(struct dbi_fast_run *r, const xmlNode *node, struct dbi_xvalue *out)
{
	struct dbi_xtext text = dbi_fast_text(r, r->fast->root, node);

	if (dbi_fast_stop(r))
		return;
	out->kind = DBI_X_STRING;
	out->string = dbi_strndup(text.text, text.len);
	r->memory = out->string == NULL;
}

static int finish(const struct dbi_fast_run *r, bool *done, struct dbrief_error *err)
{
	*done = !r->leave || r->memory;
	return r->memory ? dbi_error_memory(err) : DBRIEF_OK;
}

int dbi_xpath_fast_eval(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_xvalue *out, bool *done, struct dbrief_error *err)
{
	struct dbi_fast_run r = { .fast = fast, .scope = scope, .current = to_node(node), .leave = fast->current && !scope->has_current };
	const struct dbi_fast_node *root = dbi_fast_at(&r, fast->root);
	const struct dbi_xvalue *v;
	int status = DBRIEF_OK, finished;

	if (dbi_fast_is_variable(root)) {
		v = dbi_fast_variable(&r, root);
		r.leave |= !v;
		r.memory = v && dbi_xvalue_copy(out, v) != DBRIEF_OK;
	} else if (fast->plain == DBI_FAST_PLAIN_CHILD) {
		collect_children(&r, to_node(node), out);
	} else if (root->kind == DBI_FAST_PATH) {
		dbi_fast_collect(&r, root, to_node(node), out);
	} else if (root->kind == DBI_FAST_UNION) {
		collect_union(&r, to_node(node), out);
	} else if (root->kind == DBI_FAST_CALL) {
		status = dbi_fast_call(&r, to_node(node), out, err);
	} else if (dbi_fast_is_text(root)) {
		copy_text(&r, to_node(node), out);
	} else if (root->kind <= DBI_FAST_COMPARE) {
		out->boolean = dbi_fast_truth(&r, fast->root, to_node(node));
		out->kind = DBI_X_BOOLEAN;
	} else {
		out->number = dbi_fast_number(&r, fast->root, to_node(node));
		out->kind = DBI_X_NUMBER;
	}
	finished = finish(&r, done, err);
	return finished ? finished : status;
}

int dbi_xpath_fast_test(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node, bool *yes,
    bool *done, struct dbrief_error *err)
{
	struct dbi_fast_run r = { .fast = fast, .scope = scope, .current = to_node(node), .leave = fast->current && !scope->has_current };

	*yes = dbi_fast_truth(&r, fast->root, to_node(node));
	return finish(&r, done, err);
}

/* The text of a path's first node, or of a function of texts; *hit false when there is none. */
static void add_text(struct dbi_fast_run *r, const xmlNode *node, struct dbi_buf *out, struct dbi_xtext *lent, bool *hit)
{
	const struct dbi_fast_node *root = dbi_fast_at(r, r->fast->root);
	const xmlNode *one = NULL;
	struct dbi_xtext text;

	if (dbi_fast_is_text(root)) {
		text = dbi_fast_text(r, r->fast->root, node);
		*hit = true;
		if (!dbi_fast_stop(r))
			dbi_buf_add(out, text.text, text.len);
		return;
	}
	if (root->kind != DBI_FAST_PATH || dbi_fast_is_variable(root))
		r->leave = true;
	else
		dbi_fast_walk(r, root, node, true, dbi_fast_first, &one);
	*hit = one != NULL;
	if (!one || dbi_fast_stop(r))
		return;
	*lent = dbi_node_lend(one);
	if (!lent->text)
		(void)dbi_node_string(from_node(one), out);
}

int dbi_xpath_fast_text(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_buf *out, struct dbi_xtext *lent, bool *hit, bool *done, struct dbrief_error *err)
{
	struct dbi_fast_run r = { .fast = fast, .scope = scope, .current = to_node(node), .leave = fast->current && !scope->has_current };

	add_text(&r, to_node(node), out, lent, hit);
	r.memory |= out->failed;
	return finish(&r, done, err);
}
