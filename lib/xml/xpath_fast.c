/* SPDX-License-Identifier: MIT */
/* Truths, numbers and comparisons of natively evaluated expressions. */
#include <string.h>

#include <libxml/xpath.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_run.h"
#include "util/mem.h"
#include "util/utf8.h"

#define MAX_PAIRS 4096 /* comparisons between two sets; libxml2 is faster on larger ones */

struct operand {
	enum dbi_xvalue_kind kind;
	const struct dbi_fast_node *path; /* of nodes */
	const char *string;
	double number;
	bool is_node; /* the string is that of the path's only node */
};

/* ---- strings ---- */

/* The string value, borrowed from the node or put into *hold. */
static const char *text_of(struct dbi_fast_run *r, const xmlNode *node, struct dbi_buf *hold)
{
	const char *text = dbi_node_text(from_node(node));

	if (text)
		return text;
	dbi_buf_clear(hold);
	if (dbi_node_string(from_node(node), hold) != DBRIEF_OK)
		r->memory = true;
	return hold->data && !r->memory ? hold->data : "";
}

static bool found(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	(void)r, (void)node;
	*(bool *)ctx = true;
	return true;
}

bool dbi_fast_first(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	(void)r;
	*(const xmlNode **)ctx = node;
	return true;
}

static bool tally(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	(void)r, (void)node;
	++*(size_t *)ctx;
	return false;
}

/* ---- numbers ---- */

static double length_of(struct dbi_fast_run *r, const struct dbi_fast_node *path, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	const xmlNode *one = NULL;
	const char *text;
	double length = 0;

	dbi_fast_walk(r, path, node, true, dbi_fast_first, &one);
	if (one) {
		text = text_of(r, one, &hold);
		length = (double)dbi_utf8_count(text, strlen(text));
		dbi_buf_dispose(&hold);
	}
	return length;
}

static double count_of(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	struct dbi_fast_set set;
	size_t count = 0;

	if (dbi_fast_at(r, i)->kind == DBI_FAST_UNION) {
		dbi_fast_unite(r, i, node, false, &set);
		return (double)set.n;
	}
	dbi_fast_walk(r, dbi_fast_at(r, i), node, true, tally, &count);
	return (double)count;
}

double dbi_fast_number(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);

	switch (n->kind) {
	case DBI_FAST_NUMBER: return n->number;
	case DBI_FAST_POSITION: return (double)r->scope->position;
	case DBI_FAST_LAST: return (double)r->scope->size;
	case DBI_FAST_ADD: return dbi_fast_number(r, n->a, node) + dbi_fast_number(r, n->b, node);
	case DBI_FAST_SUBTRACT: return dbi_fast_number(r, n->a, node) - dbi_fast_number(r, n->b, node);
	case DBI_FAST_LENGTH: return length_of(r, dbi_fast_at(r, n->a), node);
	case DBI_FAST_SUM: return dbi_fast_sum(r, n->a, node);
	case DBI_FAST_TO_NUMBER: return dbi_fast_text_number(r, n->a, node);
	default: return count_of(r, n->a, node);
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

/* Zero and what is no number are false. */
static bool is_true(double number)
{
	return holds(number, DBI_FAST_LT, 0) || holds(number, DBI_FAST_GT, 0);
}

/* ---- comparisons ---- */

struct search {
	enum dbi_fast_op op;
	const struct operand *other;
	const xmlNode *context;
	const char *text; /* of the first set's node */
	bool hit;
};

struct two { const xmlNode *one; size_t n; };

static bool up_to_two(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct two *two = ctx;

	(void)r;
	two->one = node;
	return ++two->n == 2;
}

/*
 * The text of a path that does not start from the context node and leads to
 * one node: it stays the same while conditions are tried on many nodes. Such a
 * node compares as its text does.
 */
static const char *fixed_text(struct dbi_fast_run *r, uint16_t i, const struct dbi_fast_node *path, const xmlNode *node)
{
	struct two two = { NULL, 0 };
	const char *text;

	if (r->fixed == i || r->unfixed == i)
		return r->fixed == i ? r->fixed_text : NULL;
	dbi_fast_walk(r, path, node, false, up_to_two, &two);
	text = two.n == 1 && !dbi_fast_stop(r) ? dbi_node_text(from_node(two.one)) : NULL;
	if (text) {
		r->fixed = i;
		r->fixed_text = text;
	} else {
		r->unfixed = i;
	}
	return text;
}

static struct operand operand_of(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);
	struct operand o = { DBI_X_NODES, n, NULL, 0, false };
	const struct dbi_xvalue *v;

	if (n->kind == DBI_FAST_LITERAL) {
		o.kind = DBI_X_STRING;
		o.string = n->text;
	} else if (n->kind != DBI_FAST_PATH) {
		o.kind = DBI_X_NUMBER;
		o.number = dbi_fast_number(r, i, node);
	} else if (dbi_fast_is_variable(n)) {
		v = dbi_fast_variable(r, n);
		if (!v || v->kind == DBI_X_BOOLEAN) {
			r->leave = true;
			return o;
		}
		o.kind = v->kind;
		o.string = v->string;
		o.number = v->number;
	} else if (n->start != DBI_FAST_CONTEXT && (o.string = fixed_text(r, i, n, node))) {
		o.kind = DBI_X_STRING;
		o.is_node = true;
	}
	return o;
}

static bool compare_number(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;

	s->hit = holds(xmlXPathCastStringToNumber(to_xml(text_of(r, node, &hold))), s->op, s->other->number);
	dbi_buf_dispose(&hold);
	return s->hit || dbi_fast_stop(r);
}

static bool compare_string(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;
	bool equal = strcmp(text_of(r, node, &hold), s->text) == 0;

	if (++r->pairs > MAX_PAIRS && s->other)
		r->leave = true;
	s->hit = equal == (s->op == DBI_FAST_EQ);
	dbi_buf_dispose(&hold);
	return s->hit || dbi_fast_stop(r);
}

static bool compare_sets(struct dbi_fast_run *r, void *ctx, const xmlNode *node)
{
	struct dbi_buf hold = DBI_BUF_INIT;
	struct search *s = ctx;

	s->text = text_of(r, node, &hold);
	dbi_fast_walk(r, s->other->path, s->context, false, compare_string, s);
	dbi_buf_dispose(&hold);
	return s->hit || dbi_fast_stop(r);
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

/* "@a" alone. */
static const char *is_plain_attr(const struct dbi_fast_run *r, const struct dbi_fast_node *n)
{
	const struct dbi_fast_node *step = dbi_fast_at(r, n->a);

	return n->kind == DBI_FAST_PATH && n->start == DBI_FAST_CONTEXT && n->a && !n->b && !n->up &&
	    step->kind == DBI_FAST_ATTRIBUTE && !step->b ? step->text : NULL;
}

static bool compare(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	struct operand b = operand_of(r, n->b, node), a, swap;
	struct search s = { (enum dbi_fast_op)n->op, &b, node, NULL, false };
	const char *attr = b.kind == DBI_X_STRING ? is_plain_attr(r, dbi_fast_at(r, n->a)) : NULL;
	const xmlAttr *found_attr;

	if (dbi_fast_stop(r))
		return false;
	if (attr) { /* the most frequent comparison by far */
		found_attr = dbi_fast_attr(node, attr);
		return found_attr && (strcmp(dbi_node_text(from_node((const xmlNode *)found_attr)), b.string) == 0) == (s.op == DBI_FAST_EQ);
	}
	a = operand_of(r, n->a, node);
	if (dbi_fast_stop(r))
		return false;
	if (a.kind != DBI_X_NODES && (b.kind == DBI_X_NODES || b.is_node)) {
		swap = a;
		a = b;
		b = swap;
		s.op = turned(s.op);
	}
	if (a.is_node)
		a.kind = DBI_X_NODES;
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
	dbi_fast_walk(r, a.path, node, false,
	    b.kind == DBI_X_NUMBER ? compare_number : b.kind == DBI_X_STRING ? compare_string : compare_sets, &s);
	return s.hit;
}

static bool path_truth(struct dbi_fast_run *r, const struct dbi_fast_node *n, const xmlNode *node)
{
	const struct dbi_xvalue *v;
	bool any = false;

	if (dbi_fast_is_variable(n)) {
		v = dbi_fast_variable(r, n);
		r->leave |= !v;
		return v && dbi_xvalue_true(v);
	}
	dbi_fast_walk(r, n, node, false, found, &any);
	return any;
}

/* The recursion is bounded where the expression is read. */
bool dbi_fast_truth(struct dbi_fast_run *r, uint16_t i, const xmlNode *node)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);
	struct dbi_fast_set set;

	switch (n->kind) {
	case DBI_FAST_OR: return dbi_fast_truth(r, n->a, node) || (!dbi_fast_stop(r) && dbi_fast_truth(r, n->b, node));
	case DBI_FAST_AND: return dbi_fast_truth(r, n->a, node) && !dbi_fast_stop(r) && dbi_fast_truth(r, n->b, node);
	case DBI_FAST_NOT: return !dbi_fast_truth(r, n->a, node);
	case DBI_FAST_TRUE: return true;
	case DBI_FAST_FALSE: return false;
	case DBI_FAST_CONTAINS: case DBI_FAST_STARTS_WITH: return dbi_fast_text_test(r, n, node);
	case DBI_FAST_COMPARE: return compare(r, n, node);
	case DBI_FAST_PATH: return path_truth(r, n, node);
	case DBI_FAST_UNION:
		dbi_fast_unite(r, i, node, false, &set);
		return set.n > 0;
	case DBI_FAST_CALL: r->leave = true; return false;
	default: return dbi_fast_is_text(n) ? dbi_fast_text(r, i, node).len > 0 : is_true(dbi_fast_number(r, i, node));
	}
}
