/* SPDX-License-Identifier: MIT */
/* Reading the expressions that are evaluated natively. Whatever is not understood here is left to libxml2. */
#include <string.h>

#include "xml/xpath_fast_reader.h"
#include "util/mem.h"

#define MAX_DEPTH 8

typedef uint16_t (*read_part)(struct dbi_fast_reader *r);

static uint16_t read_literal(struct dbi_fast_reader *r)
{
	const char *end = strchr(r->at + 1, *r->at);
	uint16_t i = end ? dbi_fast_add(r, DBI_FAST_LITERAL) : 0;

	if (i) {
		dbi_fast_node_at(r, i)->text = dbi_fast_keep(r, r->at + 1, (size_t)(end - r->at - 1));
		r->at = end + 1;
	}
	return i;
}

static uint16_t read_number(struct dbi_fast_reader *r)
{
	size_t n = strspn(r->at, "0123456789");
	uint16_t i = n < 10 && r->at[n] != '.' ? dbi_fast_add(r, DBI_FAST_NUMBER) : 0;
	double value = 0;

	if (!i)
		return 0;
	for (; n > 0; n--)
		value = value * 10 + (*r->at++ - '0');
	dbi_fast_node_at(r, i)->number = value;
	return i;
}

static uint16_t read_call(struct dbi_fast_reader *r, enum dbi_fast_kind kind, read_part argument)
{
	uint16_t i = dbi_fast_add(r, kind), a = i && argument ? argument(r) : 0;

	if (!i || (argument && !a) || !dbi_fast_take(r, ")"))
		return 0;
	dbi_fast_node_at(r, i)->a = a;
	return i;
}

static uint16_t read_operand(struct dbi_fast_reader *r)
{
	uint16_t i;

	dbi_fast_skip_blanks(r);
	if (*r->at == '\'' || *r->at == '"')
		return read_literal(r);
	if (*r->at >= '0' && *r->at <= '9')
		return read_number(r);
	if (dbi_fast_take(r, "(")) {
		i = dbi_fast_read_or(r);
		/* A path in brackets may go on behind them in ways not known here. */
		return i && dbi_fast_node_at(r, i)->kind <= DBI_FAST_COMPARE && dbi_fast_take(r, ")") ? i : 0;
	}
	if (dbi_fast_take_call(r, "count"))
		return read_call(r, DBI_FAST_COUNT, dbi_fast_read_path);
	if (dbi_fast_take_call(r, "string-length"))
		return read_call(r, DBI_FAST_LENGTH, dbi_fast_read_path);
	if (dbi_fast_take_call(r, "not"))
		return read_call(r, DBI_FAST_NOT, dbi_fast_read_or);
	if (!r->inside && dbi_fast_take_call(r, "position"))
		return read_call(r, DBI_FAST_POSITION, NULL);
	if (!r->inside && dbi_fast_take_call(r, "last"))
		return read_call(r, DBI_FAST_LAST, NULL);
	return dbi_fast_read_path(r);
}

static bool is_number(const struct dbi_fast_node *n)
{
	return n->kind >= DBI_FAST_NUMBER && n->kind <= DBI_FAST_LAST;
}

/* Which comparisons are done here. */
static bool is_comparable(const struct dbi_fast_node *a, const struct dbi_fast_node *b, enum dbi_fast_op op)
{
	bool equality = op == DBI_FAST_EQ || op == DBI_FAST_NE;

	if (a->kind == DBI_FAST_PATH)
		return is_number(b) || (equality && (b->kind == DBI_FAST_LITERAL || b->kind == DBI_FAST_PATH));
	if (b->kind == DBI_FAST_PATH)
		return is_number(a) || (equality && a->kind == DBI_FAST_LITERAL);
	return is_number(a) && is_number(b);
}

static bool take_op(struct dbi_fast_reader *r, enum dbi_fast_op *op)
{
	static const struct { const char *text; enum dbi_fast_op op; } ops[] = {
		{ "=", DBI_FAST_EQ }, { "!=", DBI_FAST_NE }, { "<=", DBI_FAST_LE }, { "<", DBI_FAST_LT }, { ">=", DBI_FAST_GE }, { ">", DBI_FAST_GT },
	};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (dbi_fast_take(r, ops[i].text)) {
			*op = ops[i].op;
			return true;
		}
	return false;
}

static uint16_t read_sum(struct dbi_fast_reader *r)
{
	uint16_t a = read_operand(r), b, i;
	bool plus;

	while (a && ((plus = dbi_fast_take(r, "+")) || dbi_fast_take(r, "-"))) {
		b = read_operand(r);
		if (!b || !is_number(dbi_fast_node_at(r, a)) || !is_number(dbi_fast_node_at(r, b)))
			return 0;
		i = dbi_fast_add(r, plus ? DBI_FAST_ADD : DBI_FAST_SUBTRACT);
		if (!i)
			return 0;
		dbi_fast_node_at(r, i)->a = a;
		dbi_fast_node_at(r, i)->b = b;
		a = i;
	}
	return a;
}

static uint16_t read_comparison(struct dbi_fast_reader *r)
{
	uint16_t a = read_sum(r), b, i;
	enum dbi_fast_op op;

	if (!a || !take_op(r, &op))
		return a;
	b = read_sum(r);
	i = b && is_comparable(dbi_fast_node_at(r, a), dbi_fast_node_at(r, b), op) ? dbi_fast_add(r, DBI_FAST_COMPARE) : 0;
	if (i) {
		dbi_fast_node_at(r, i)->a = a;
		dbi_fast_node_at(r, i)->b = b;
		dbi_fast_node_at(r, i)->op = (unsigned char)op;
	}
	return i;
}

static uint16_t read_chain(struct dbi_fast_reader *r, const char *word, enum dbi_fast_kind kind, read_part part)
{
	uint16_t a = part(r), b, i;

	while (a && dbi_fast_take_word(r, word)) {
		b = part(r);
		if (!b || dbi_fast_node_at(r, a)->kind == DBI_FAST_LITERAL || dbi_fast_node_at(r, b)->kind == DBI_FAST_LITERAL)
			return 0;
		i = dbi_fast_add(r, kind);
		if (!i)
			return 0;
		dbi_fast_node_at(r, i)->a = a;
		dbi_fast_node_at(r, i)->b = b;
		a = i;
	}
	return a;
}

static uint16_t read_and(struct dbi_fast_reader *r)
{
	return read_chain(r, "and", DBI_FAST_AND, read_comparison);
}

uint16_t dbi_fast_read_or(struct dbi_fast_reader *r)
{
	uint16_t i;

	if (r->depth == MAX_DEPTH)
		return 0;
	r->depth++;
	i = read_chain(r, "or", DBI_FAST_OR, read_and);
	r->depth--;
	/* not('x') and the like. */
	return i && r->depth && dbi_fast_node_at(r, i)->kind == DBI_FAST_LITERAL ? 0 : i;
}

static bool read_all(struct dbi_fast_reader *r)
{
	uint16_t root = dbi_fast_read_or(r);
	unsigned char kind;

	dbi_fast_skip_blanks(r);
	if (!root || *r->at)
		return false;
	kind = dbi_fast_node_at(r, root)->kind;
	if (kind == DBI_FAST_LITERAL || kind == DBI_FAST_NUMBER)
		return false;
	r->f->root = root;
	return true;
}

static void find_plain(struct dbi_xpath_fast *f)
{
	const struct dbi_fast_node *path = &f->nodes[f->root], *step = &f->nodes[path->a];

	if (path->kind != DBI_FAST_PATH || path->start != DBI_FAST_CONTEXT || path->up || path->b || path->nth)
		return;
	if (!path->a)
		f->plain = DBI_FAST_PLAIN_SELF;
	else if (!step->b && !step->next && !step->nth && !step->last && step->kind != DBI_FAST_DESCENDANT)
		f->plain = step->kind == DBI_FAST_CHILD ? DBI_FAST_PLAIN_CHILD : DBI_FAST_PLAIN_ATTRIBUTE;
	f->plain_name = step->text;
}

struct dbi_xpath_fast *dbi_xpath_fast_compile(const char *text)
{
	size_t size = sizeof(struct dbi_xpath_fast) + DBI_FAST_MAX_NODES * sizeof(struct dbi_fast_node);
	struct dbi_xpath_fast *f = dbi_calloc(1, size), *smaller;
	struct dbi_fast_reader r = { text, f, NULL, 0, 0 };

	if (f) {
		f->n = 1;
		/* Every name is followed by its NUL and stood behind at least one other character, but the first. */
		f->names = r.free = dbi_malloc(2 * strlen(text) + 2);
	}
	if (!f || !f->names || !read_all(&r)) {
		dbi_xpath_fast_free(f);
		return NULL;
	}
	find_plain(f);
	smaller = dbi_realloc(f, 1, sizeof *f + f->n * sizeof(struct dbi_fast_node));
	return smaller ? smaller : f;
}

void dbi_xpath_fast_free(struct dbi_xpath_fast *fast)
{
	if (!fast)
		return;
	dbi_free(fast->names);
	dbi_free(fast);
}
