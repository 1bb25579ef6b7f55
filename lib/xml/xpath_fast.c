/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <libxml/xpath.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_tree.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/utf8.h"

#define SMALL 32
#define MAX_PAIRS 4096 /* comparisons between two sets; libxml2 is faster on larger ones */

struct run {
	const struct dbi_xpath_fast *fast;
	const struct dbi_xpath_scope *scope;
	const xmlNode *current; /* the node the whole expression is evaluated for */
	unsigned long visits, pairs;
	bool leave;  /* libxml2 must do it: the kind of a variable, order, limits */
	bool memory;
};

/* Called for each node of a path; true ends the walk. */
typedef bool (*visit_fn)(struct run *r, void *ctx, const xmlNode *node);

struct operand {
	enum dbi_xvalue_kind kind;
	const struct dbi_fast_node *path; /* of nodes */
	const char *string;
	double number;
};

static bool truth(struct run *r, uint16_t i, const xmlNode *node);
static double number(struct run *r, uint16_t i, const xmlNode *node);

static const struct dbi_fast_node *at(const struct run *r, uint16_t i)
{
	return &r->fast->nodes[i];
}

static const struct dbi_xvalue *variable(const struct run *r, const struct dbi_fast_node *path)
{
	return r->scope->var ? r->scope->var(r->scope->user, path->text) : NULL;
}

static bool stop(const struct run *r)
{
	return r->leave || r->memory;
}

/* ---- paths ---- */

static const xmlAttr *find_attr(const xmlNode *node, const char *name)
{
	const xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

	while (a && (a->ns || strcmp(from_xml(a->name), name) != 0))
		a = a->next;
	return a;
}

static bool passes(struct run *r, uint16_t condition, const xmlNode *node)
{
	for (; condition && !stop(r); condition = at(r, condition)->next)
		if (!truth(r, condition, node))
			return false;
	return !stop(r);
}

static bool is_named(const struct dbi_fast_node *step, const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE && !node->ns && strcmp(from_xml(node->name), step->text) == 0;
}

static bool count_visit(struct run *r)
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
static bool walk(struct run *r, const xmlNode *node, uint16_t i, visit_fn visit, void *ctx)
{
	const struct dbi_fast_node *step = at(r, i);
	const xmlNode *child;

	if (!i)
		return visit(r, ctx, node);
	if (step->kind == DBI_FAST_ATTRIBUTE) {
		child = (const xmlNode *)find_attr(node, step->text);
		return child && passes(r, step->b, child) && walk(r, child, step->next, visit, ctx);
	}
	if (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE)
		return false;
	for (child = node->children; child; child = step->kind == DBI_FAST_CHILD ? child->next : next_below(node, child)) {
		if (count_visit(r))
			return true;
		if (is_named(step, child) && passes(r, step->b, child) && walk(r, child, step->next, visit, ctx))
			return true;
		if (stop(r))
			return true;
	}
	return false;
}

/* Paths from brothers do not cross; from other sets they might, and the order would be lost. */
static bool are_siblings(const struct dbi_xvalue *v)
{
	for (size_t i = 1; i < v->n; i++)
		if (to_node(v->nodes[i])->parent != to_node(v->nodes[0])->parent)
			return false;
	return true;
}

static void walk_variable(struct run *r, const struct dbi_fast_node *path, bool ordered, visit_fn visit, void *ctx)
{
	const struct dbi_xvalue *v = variable(r, path);

	if (!v || v->kind != DBI_X_NODES ||
	    (ordered && path->a && at(r, path->a)->kind != DBI_FAST_ATTRIBUTE && !are_siblings(v))) {
		r->leave = true;
		return;
	}
	for (size_t i = 0; i < v->n && !stop(r); i++)
		if (passes(r, path->b, to_node(v->nodes[i])) && walk(r, to_node(v->nodes[i]), path->a, visit, ctx))
			break;
}

/* `ordered`: order and number of the nodes matter, not only whether there is one. */
static void walk_path(struct run *r, const struct dbi_fast_node *path, const xmlNode *node, bool ordered, visit_fn visit, void *ctx)
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

/* ---- strings ---- */

/* The string value, borrowed from the node or put into *hold. */
static const char *text_of(struct run *r, const xmlNode *node, struct dbi_buf *hold)
{
	const char *text = dbi_node_text(from_node(node));

	if (text)
		return text;
	dbi_buf_clear(hold);
	if (dbi_node_string(from_node(node), hold) != DBRIEF_OK)
		r->memory = true;
	return hold->data && !r->memory ? hold->data : "";
}

static bool found(struct run *r, void *ctx, const xmlNode *node)
{
	(void)r, (void)node;
	*(bool *)ctx = true;
	return true;
}

static bool first(struct run *r, void *ctx, const xmlNode *node)
{
	(void)r;
	*(const xmlNode **)ctx = node;
	return true;
}

static bool tally(struct run *r, void *ctx, const xmlNode *node)
{
	(void)r, (void)node;
	++*(size_t *)ctx;
	return false;
}

/* ---- numbers ---- */

static double length_of(struct run *r, const struct dbi_fast_node *path, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	const xmlNode *one = NULL;
	const char *text;
	double length = 0;

	walk_path(r, path, node, true, first, &one);
	if (one) {
		text = text_of(r, one, &hold);
		length = (double)dbi_utf8_count(text, strlen(text));
		dbi_buf_dispose(&hold);
	}
	return length;
}

static double number(struct run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = at(r, i);
	size_t count = 0;

	switch (n->kind) {
	case DBI_FAST_NUMBER: return n->number;
	case DBI_FAST_POSITION: return (double)r->scope->position;
	case DBI_FAST_LAST: return (double)r->scope->size;
	case DBI_FAST_LENGTH: return length_of(r, at(r, n->a), node);
	default:
		walk_path(r, at(r, n->a), node, true, tally, &count);
		return (double)count;
	}
}

static bool holds(double a, enum dbi_fast_op op, double b)
{
	switch (op) {
	case DBI_FAST_EQ: return a == b;
	case DBI_FAST_NE: return a != b;
	case DBI_FAST_LT: return a < b;
	case DBI_FAST_LE: return a <= b;
	case DBI_FAST_GT: return a > b;
	case DBI_FAST_GE: return a >= b;
	}
	return false;
}

/* ---- comparisons ---- */

struct search {
	enum dbi_fast_op op;
	const struct operand *other;
	const xmlNode *context;
	const char *text; /* of the first set's node */
	bool hit;
};

static bool is_bare_variable(const struct dbi_fast_node *n)
{
	return n->kind == DBI_FAST_PATH && n->start == DBI_FAST_VARIABLE && !n->a && !n->b;
}

static struct operand operand_of(struct run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = at(r, i);
	struct operand o = { DBI_X_NODES, n, NULL, 0 };
	const struct dbi_xvalue *v;

	if (n->kind == DBI_FAST_LITERAL) {
		o.kind = DBI_X_STRING;
		o.string = n->text;
	} else if (n->kind != DBI_FAST_PATH) {
		o.kind = DBI_X_NUMBER;
		o.number = number(r, i, node);
	} else if (is_bare_variable(n)) {
		v = variable(r, n);
		if (!v || v->kind == DBI_X_BOOLEAN) {
			r->leave = true;
			return o;
		}
		o.kind = v->kind;
		o.string = v->string;
		o.number = v->number;
	}
	return o;
}

static bool compare_number(struct run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;

	s->hit = holds(xmlXPathCastStringToNumber(to_xml(text_of(r, node, &hold))), s->op, s->other->number);
	dbi_buf_dispose(&hold);
	return s->hit || stop(r);
}

static bool compare_string(struct run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;
	bool equal = strcmp(text_of(r, node, &hold), s->text) == 0;

	if (++r->pairs > MAX_PAIRS && s->other)
		r->leave = true;
	s->hit = equal == (s->op == DBI_FAST_EQ);
	dbi_buf_dispose(&hold);
	return s->hit || stop(r);
}

static bool compare_sets(struct run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;

	s->text = text_of(r, node, &hold);
	walk_path(r, s->other->path, s->context, false, compare_string, s);
	dbi_buf_dispose(&hold);
	return s->hit || stop(r);
}

static enum dbi_fast_op turned(enum dbi_fast_op op)
{
	switch (op) {
	case DBI_FAST_LT: return DBI_FAST_GT;
	case DBI_FAST_LE: return DBI_FAST_GE;
	case DBI_FAST_GT: return DBI_FAST_LT;
	case DBI_FAST_GE: return DBI_FAST_LE;
	default: return op;
	}
}

static bool compare(struct run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	struct operand a = operand_of(r, n->a, node), b = operand_of(r, n->b, node), swap;
	struct search s = { (enum dbi_fast_op)n->op, &b, node, NULL, false };

	if (stop(r))
		return false;
	if (a.kind != DBI_X_NODES) {
		swap = a;
		a = b;
		b = swap;
		s.op = turned(s.op);
	}
	if (a.kind == DBI_X_NUMBER && b.kind == DBI_X_NUMBER)
		return holds(a.number, s.op, b.number);
	if (a.kind != DBI_X_NODES || (b.kind != DBI_X_NUMBER && s.op != DBI_FAST_EQ && s.op != DBI_FAST_NE)) {
		r->leave = true;
		return false;
	}
	if (b.kind == DBI_X_STRING) {
		s.text = b.string;
		s.other = NULL;
	}
	walk_path(r, a.path, node, false,
	    b.kind == DBI_X_NUMBER ? compare_number : b.kind == DBI_X_STRING ? compare_string : compare_sets, &s);
	return s.hit;
}

static bool path_truth(struct run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	const struct dbi_xvalue *v;
	bool any = false;

	if (is_bare_variable(n)) {
		v = variable(r, n);
		r->leave |= !v;
		return v && dbi_xvalue_true(v);
	}
	walk_path(r, n, node, false, found, &any);
	return any;
}

/* The recursion is bounded where the expression is read. */
static bool truth(struct run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = at(r, i);

	switch (n->kind) {
	case DBI_FAST_OR: return truth(r, n->a, node) || (!stop(r) && truth(r, n->b, node));
	case DBI_FAST_AND: return truth(r, n->a, node) && !stop(r) && truth(r, n->b, node);
	case DBI_FAST_NOT: return !truth(r, n->a, node);
	case DBI_FAST_COMPARE: return compare(r, n, node);
	case DBI_FAST_PATH: return path_truth(r, n, node);
	default: return !holds(number(r, i, node), DBI_FAST_EQ, 0);
	}
}

/* ---- results ---- */

struct set {
	const xmlNode *small[SMALL];
	const xmlNode **nodes; /* small, or on the heap */
	size_t n, cap;
};

static bool push(struct run *r, void *ctx, const xmlNode *node)
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

static void collect(struct run *r, const struct dbi_fast_node *path, const xmlNode *node, struct dbi_xvalue *out)
{
	struct set set;

	set.nodes = set.small;
	set.n = 0;
	set.cap = SMALL;
	walk_path(r, path, node, true, push, &set);
	if (!stop(r) && set.n > 0) {
		out->nodes = dbi_realloc(NULL, set.n, sizeof *out->nodes);
		r->memory = out->nodes == NULL;
	}
	if (!stop(r)) {
		out->kind = DBI_X_NODES;
		for (; out->n < set.n; out->n++)
			out->nodes[out->n] = from_node(set.nodes[out->n]);
	}
	if (set.nodes != set.small)
		dbi_free(set.nodes);
}

static int finish(const struct run *r, bool *done, struct dbrief_error *err)
{
	*done = !r->leave || r->memory;
	return r->memory ? dbi_error_memory(err) : DBRIEF_OK;
}

int dbi_xpath_fast_eval(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_xvalue *out, bool *done, struct dbrief_error *err)
{
	struct run r = { fast, scope, to_node(node), 0, 0, fast->current && !scope->has_current, false };
	const struct dbi_fast_node *root = at(&r, fast->root);
	const struct dbi_xvalue *v;

	if (is_bare_variable(root)) {
		v = variable(&r, root);
		r.leave |= !v;
		r.memory = v && dbi_xvalue_copy(out, v) != DBRIEF_OK;
	} else if (root->kind == DBI_FAST_PATH) {
		collect(&r, root, to_node(node), out);
	} else if (root->kind <= DBI_FAST_COMPARE) {
		out->boolean = truth(&r, fast->root, to_node(node));
		out->kind = DBI_X_BOOLEAN;
	} else {
		out->number = number(&r, fast->root, to_node(node));
		out->kind = DBI_X_NUMBER;
	}
	return finish(&r, done, err);
}

int dbi_xpath_fast_test(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node, bool *yes,
    bool *done, struct dbrief_error *err)
{
	struct run r = { fast, scope, to_node(node), 0, 0, fast->current && !scope->has_current, false };

	*yes = truth(&r, fast->root, to_node(node));
	return finish(&r, done, err);
}

int dbi_xpath_fast_text(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_buf *out, bool *hit, bool *done, struct dbrief_error *err)
{
	struct run r = { fast, scope, to_node(node), 0, 0, fast->current && !scope->has_current, false };
	const struct dbi_fast_node *root = at(&r, fast->root);
	const xmlNode *one = NULL;
	const char *text;

	if (root->kind != DBI_FAST_PATH || is_bare_variable(root))
		r.leave = true;
	else
		walk_path(&r, root, to_node(node), true, first, &one);
	*hit = one != NULL;
	if (one && !stop(&r)) {
		text = dbi_node_text(from_node(one));
		if (text)
			dbi_buf_adds(out, text);
		else
			(void)dbi_node_string(from_node(one), out);
		r.memory = out->failed;
	}
	return finish(&r, done, err);
}
