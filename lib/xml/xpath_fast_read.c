/* SPDX-License-Identifier: MIT */
/* Reading the expressions that are evaluated natively. Whatever is not understood here is left to libxml2. */
#include <string.h>

#include "xml/libxml.h"
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

static uint16_t add_pair(struct dbi_fast_reader *r, enum dbi_fast_kind kind, uint16_t a, uint16_t b)
{
	uint16_t i = a && b ? dbi_fast_add(r, kind) : 0;

	if (i) {
		dbi_fast_node_at(r, i)->a = a;
		dbi_fast_node_at(r, i)->b = b;
	}
	return i;
}

static uint16_t read_nodes(struct dbi_fast_reader *r)
{
	uint16_t a = dbi_fast_read_path(r);

	while (a && dbi_fast_take(r, "|"))
		a = add_pair(r, DBI_FAST_UNION, a, dbi_fast_read_path(r));
	return a;
}

static uint16_t read_operand(struct dbi_fast_reader *r);

/* What is asked for as text. The recursion ends with the nodes there can be. */
static uint16_t read_text(struct dbi_fast_reader *r)
{
	uint16_t i = r->f->n < DBI_FAST_MAX_NODES ? read_operand(r) : 0;

	return i && (dbi_fast_node_at(r, i)->kind == DBI_FAST_PATH || dbi_fast_is_text(dbi_fast_node_at(r, i))) ? i : 0;
}

static uint16_t read_two_texts(struct dbi_fast_reader *r, enum dbi_fast_kind kind)
{
	uint16_t a = read_text(r), b = a && dbi_fast_take(r, ",") ? read_text(r) : 0;

	return b && dbi_fast_take(r, ")") ? add_pair(r, kind, a, b) : 0;
}

static bool is_ascii_literal(const struct dbi_fast_node *n)
{
	const char *s = n->text;

	if (n->kind != DBI_FAST_LITERAL)
		return false;
	while (*s && (unsigned char)*s < 0x80)
		s++;
	return !*s;
}

static uint16_t read_translate(struct dbi_fast_reader *r)
{
	uint16_t a = read_text(r), b = a && dbi_fast_take(r, ",") ? read_text(r) : 0, to = b && dbi_fast_take(r, ",") ? read_text(r) : 0;

	if (!to || !is_ascii_literal(dbi_fast_node_at(r, b)) || !is_ascii_literal(dbi_fast_node_at(r, to)) || !dbi_fast_take(r, ")"))
		return 0;
	dbi_fast_node_at(r, b)->next = to;
	return add_pair(r, DBI_FAST_TRANSLATE, a, b);
}

/* 0 with *other set: no function of those here. */
static uint16_t read_function(struct dbi_fast_reader *r, bool *other)
{
	static const struct { const char *name; enum dbi_fast_kind kind; } pairs[] = {
		{ "substring-before", DBI_FAST_BEFORE }, { "substring-after", DBI_FAST_AFTER }, { "contains", DBI_FAST_CONTAINS },
		{ "starts-with", DBI_FAST_STARTS_WITH },
	};
	const struct { const char *name; enum dbi_fast_kind kind; read_part argument; bool outside; } calls[] = {
		{ "count", DBI_FAST_COUNT, read_nodes, false }, { "sum", DBI_FAST_SUM, read_nodes, false },
		{ "string-length", DBI_FAST_LENGTH, dbi_fast_read_path, false }, { "string", DBI_FAST_STRING, read_text, false },
		{ "not", DBI_FAST_NOT, dbi_fast_read_or, false }, { "true", DBI_FAST_TRUE, NULL, false }, { "false", DBI_FAST_FALSE, NULL, false },
		{ "position", DBI_FAST_POSITION, NULL, true }, { "last", DBI_FAST_LAST, NULL, true },
		{ "number", DBI_FAST_TO_NUMBER, read_text, false },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (dbi_fast_take_call(r, pairs[i].name))
			return read_two_texts(r, pairs[i].kind);
	if (dbi_fast_take_call(r, "translate"))
		return read_translate(r);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!(calls[i].outside && r->inside) && dbi_fast_take_call(r, calls[i].name))
			return read_call(r, calls[i].kind, calls[i].argument);
	*other = true;
	return 0;
}

static uint16_t read_operand(struct dbi_fast_reader *r)
{
	bool other = false;
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
	i = read_function(r, &other);
	return other ? read_nodes(r) : i;
}

/* Which comparisons are done here. */
static bool is_comparable(const struct dbi_fast_node *a, const struct dbi_fast_node *b, enum dbi_fast_op op)
{
	bool equality = op == DBI_FAST_EQ || op == DBI_FAST_NE;

	if (a->kind == DBI_FAST_PATH)
		return dbi_fast_is_number(b) || (equality && (b->kind == DBI_FAST_LITERAL || b->kind == DBI_FAST_PATH));
	if (b->kind == DBI_FAST_PATH)
		return dbi_fast_is_number(a) || (equality && a->kind == DBI_FAST_LITERAL);
	return dbi_fast_is_number(a) && dbi_fast_is_number(b);
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

/* A text that is asked for as number. */
static uint16_t as_number(struct dbi_fast_reader *r, uint16_t a)
{
	uint16_t i;

	if (!a || dbi_fast_is_number(dbi_fast_node_at(r, a)))
		return a;
	i = dbi_fast_is_text(dbi_fast_node_at(r, a)) ? dbi_fast_add(r, DBI_FAST_TO_NUMBER) : 0;
	if (i)
		dbi_fast_node_at(r, i)->a = a;
	return i;
}

static uint16_t read_sum(struct dbi_fast_reader *r)
{
	uint16_t a = read_operand(r), b;
	bool plus;

	while (a && ((plus = dbi_fast_take(r, "+")) || dbi_fast_take(r, "-"))) {
		a = as_number(r, a);
		b = as_number(r, read_operand(r));
		a = add_pair(r, plus ? DBI_FAST_ADD : DBI_FAST_SUBTRACT, a, b);
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
	if (b && op > DBI_FAST_NE && dbi_fast_is_text(dbi_fast_node_at(r, a)) && dbi_fast_is_text(dbi_fast_node_at(r, b))) {
		a = as_number(r, a);
		b = as_number(r, b);
	}
	i = a && b && is_comparable(dbi_fast_node_at(r, a), dbi_fast_node_at(r, b), op) ? add_pair(r, DBI_FAST_COMPARE, a, b) : 0;
	if (i)
		dbi_fast_node_at(r, i)->op = (unsigned char)op;
	return i;
}

static uint16_t read_chain(struct dbi_fast_reader *r, const char *word, enum dbi_fast_kind kind, read_part part)
{
	uint16_t a = part(r), b;

	while (a && dbi_fast_take_word(r, word)) {
		b = part(r);
		if (!b || dbi_fast_is_text(dbi_fast_node_at(r, a)) || dbi_fast_is_text(dbi_fast_node_at(r, b)))
			return 0;
		a = add_pair(r, kind, a, b);
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
	return i && r->depth && dbi_fast_is_text(dbi_fast_node_at(r, i)) ? 0 : i;
}

/* "t:name(a, b)" as the whole expression. */
static uint16_t read_extension(struct dbi_fast_reader *r, const char *name)
{
	uint16_t i = dbi_fast_add(r, DBI_FAST_CALL), last = 0, a;
	const struct dbi_fast_node *n;

	dbi_fast_node_at(r, i)->text = name;
	if (dbi_fast_take(r, ")"))
		return i;
	do {
		a = dbi_fast_read_or(r);
		n = dbi_fast_node_at(r, a);
		if (!a || n->kind == DBI_FAST_UNION || (dbi_fast_is_text(n) && n->kind != DBI_FAST_LITERAL))
			return 0;
		if (last)
			dbi_fast_node_at(r, last)->next = a;
		else
			dbi_fast_node_at(r, i)->a = a;
		last = a;
	} while (dbi_fast_take(r, ","));
	return dbi_fast_take(r, ")") ? i : 0;
}

/* "(a | b)[last()]" as the whole expression; 0 with nothing read: another one. */
static uint16_t read_last(struct dbi_fast_reader *r)
{
	struct dbi_fast_reader start = *r;
	uint16_t n = r->f->n, i = dbi_fast_take(r, "(") ? read_nodes(r) : 0;

	if (i && dbi_fast_node_at(r, i)->kind == DBI_FAST_UNION && dbi_fast_take(r, ")") && dbi_fast_take_end(r, dbi_fast_only_last)) {
		dbi_fast_node_at(r, i)->last = true;
		return i;
	}
	memset(start.free, 0, (size_t)(r->free - start.free));
	*r = start;
	memset(r->f->nodes + n, 0, (size_t)(r->f->n - n) * sizeof *r->f->nodes);
	r->f->n = n;
	return 0;
}

static bool read_all(struct dbi_fast_reader *r)
{
	const char *extension = NULL;
	unsigned char kind;
	uint16_t root;

	dbi_fast_skip_blanks(r);
	if (strncmp(r->at, "t:current(", 10) != 0)
		extension = dbi_fast_take_extension(r);
	root = extension ? read_extension(r, extension) : read_last(r);
	if (!root && !extension)
		root = dbi_fast_read_or(r);
	dbi_fast_skip_blanks(r);
	if (!root || *r->at)
		return false;
	kind = dbi_fast_node_at(r, root)->kind;
	if (kind == DBI_FAST_LITERAL || kind == DBI_FAST_NUMBER || kind == DBI_FAST_TRANSLATE)
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
		/* Each word has a node of its own. */
		f->names = r.free = dbi_calloc(DBI_FAST_MAX_NODES + strlen(text) / DBI_TEXT_BLOCK + 1, DBI_TEXT_BLOCK);
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
