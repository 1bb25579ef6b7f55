/* SPDX-License-Identifier: MIT */
/* Reading the expressions that are evaluated natively. Whatever is not understood here is left to libxml2. */
#include <string.h>

#include "xml/xpath_fast_tree.h"
#include "util/mem.h"

#define MAX_NODES 96
#define MAX_DEPTH 8
#define MAX_UP 15

struct reader {
	const char *at;
	struct dbi_xpath_fast *f;
	char *free;      /* where the next name goes */
	unsigned depth;  /* of brackets */
	unsigned inside; /* of conditions: there position() means something else */
};

static uint16_t read_or(struct reader *r);

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static void skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \t\r\n");
}

static bool take(struct reader *r, const char *token)
{
	size_t n = strlen(token);

	skip_blanks(r);
	if (strncmp(r->at, token, n) != 0)
		return false;
	r->at += n;
	return true;
}

static const char *keep(struct reader *r, const char *s, size_t n)
{
	char *kept = r->free;

	memcpy(kept, s, n);
	kept[n] = '\0';
	r->free += n + 1;
	return kept;
}

static uint16_t add(struct reader *r, enum dbi_fast_kind kind)
{
	if (r->f->n == MAX_NODES)
		return 0;
	r->f->nodes[r->f->n].kind = (unsigned char)kind;
	return r->f->n++;
}

static struct dbi_fast_node *node_at(struct reader *r, uint16_t i)
{
	return &r->f->nodes[i];
}

/* Length of the plain name here; 0 when there is none, or it is a prefix, a function's or not ASCII. */
static size_t name_length(const char *s)
{
	size_t n = 0, behind;

	if (!is_name_start(*s))
		return 0;
	while (is_name_char(s[n]))
		n++;
	behind = n + strspn(s + n, " \t\r\n");
	return s[n] == ':' || s[behind] == '(' || (unsigned char)s[n] >= 0x80 ? 0 : n;
}

static const char *take_name(struct reader *r)
{
	size_t n = name_length(r->at);
	const char *name = n ? keep(r, r->at, n) : NULL;

	r->at += n;
	return name;
}

/* A word that is an operator, standing alone. */
static bool take_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	skip_blanks(r);
	if (strncmp(r->at, word, n) != 0 || is_name_char(r->at[n]) || (unsigned char)r->at[n] >= 0x80)
		return false;
	r->at += n;
	return true;
}

/* "name(" of a function, blanks allowed before the bracket. */
static bool take_call(struct reader *r, const char *name)
{
	const char *start = r->at;

	if (take_word(r, name) && take(r, "("))
		return true;
	r->at = start;
	return false;
}

/* A condition must be a truth: a number would ask for a position. */
static bool is_condition(struct reader *r, uint16_t i)
{
	const struct dbi_fast_node *n = node_at(r, i);

	if (n->kind == DBI_FAST_PATH)
		return n->start != DBI_FAST_VARIABLE || n->a != 0 || n->nth != 0;
	return n->kind <= DBI_FAST_COMPARE;
}

/* "[3]" as first condition. */
static bool read_nth(struct reader *r, unsigned char *nth)
{
	const char *s = r->at + strspn(r->at, " \t\r\n");
	unsigned n = 0;

	if (*s != '[')
		return true;
	s += 1 + strspn(s + 1, " \t\r\n");
	if (*s < '1' || *s > '9')
		return true;
	while (*s >= '0' && *s <= '9' && n <= 255)
		n = n * 10 + (unsigned)(*s++ - '0');
	s += strspn(s, " \t\r\n");
	if (*s != ']')
		return true;
	r->at = s + 1;
	*nth = (unsigned char)n;
	return n <= 255;
}

/* Conditions into *first. */
static bool read_conditions(struct reader *r, uint16_t *first)
{
	uint16_t last = 0, i;

	*first = 0;
	while (take(r, "[")) {
		r->inside++;
		i = read_or(r);
		r->inside--;
		if (!i || !is_condition(r, i) || !take(r, "]"))
			return false;
		if (last)
			node_at(r, last)->next = i;
		else
			*first = i;
		last = i;
	}
	return true;
}

static uint16_t read_step(struct reader *r, bool descendant)
{
	uint16_t i, first;
	const char *name;

	skip_blanks(r);
	i = add(r, descendant ? DBI_FAST_DESCENDANT : DBI_FAST_CHILD);
	if (!i)
		return 0;
	if (*r->at == '@') {
		r->at++;
		skip_blanks(r);
		node_at(r, i)->kind = DBI_FAST_ATTRIBUTE;
		if (descendant)
			return 0;
	}
	name = take_name(r);
	if (!name || (node_at(r, i)->kind == DBI_FAST_CHILD && !read_nth(r, &node_at(r, i)->nth)) || !read_conditions(r, &first))
		return 0;
	node_at(r, i)->text = name;
	node_at(r, i)->b = first;
	return i;
}

/* Steps behind a separator that has been read. Behind // only an attribute may follow: else the order would be lost. */
static bool read_steps(struct reader *r, uint16_t *first, bool descendant)
{
	bool seen = descendant;
	uint16_t last = 0, i;

	for (;;) {
		i = read_step(r, descendant);
		if (!i)
			return false;
		if (last)
			node_at(r, last)->next = i;
		else
			*first = i;
		if (seen && !descendant && node_at(r, i)->kind != DBI_FAST_ATTRIBUTE)
			return false;
		last = i;
		descendant = take(r, "//");
		if (!descendant && !take(r, "/"))
			return true;
		if (node_at(r, i)->kind == DBI_FAST_ATTRIBUTE || (seen && descendant))
			return false;
		seen |= descendant;
	}
}

/* ".." and "../.." in front of a path. */
static bool read_up(struct reader *r, struct dbi_fast_node *path)
{
	uint16_t first = 0;

	while (take(r, "..")) {
		if (++path->up == MAX_UP)
			return false;
		skip_blanks(r);
		if (r->at[0] != '/' || r->at[1] == '/')
			return *r->at != '[' && *r->at != '/';
		r->at++;
		skip_blanks(r);
	}
	if (!read_steps(r, &first, false))
		return false;
	path->a = first;
	return true;
}

static bool read_behind_start(struct reader *r, uint16_t i)
{
	uint16_t first = 0;
	bool descendant;

	if (!read_conditions(r, &first))
		return false;
	node_at(r, i)->b = first;
	descendant = take(r, "//");
	if (!descendant && !take(r, "/"))
		return true;
	if (!read_steps(r, &first, descendant))
		return false;
	node_at(r, i)->a = first;
	return true;
}

static bool read_start(struct reader *r, uint16_t i)
{
	struct dbi_fast_node *path = node_at(r, i);
	uint16_t first = 0;
	bool descendant;

	if (*r->at == '$') {
		r->at++;
		path->start = DBI_FAST_VARIABLE;
		path->text = take_name(r);
		return path->text && read_nth(r, &path->nth) && read_behind_start(r, i);
	}
	if (take(r, "t:current()")) {
		path->start = DBI_FAST_CURRENT;
		r->f->current = true;
		return read_behind_start(r, i);
	}
	if (*r->at == '/') {
		path->start = DBI_FAST_ROOT;
		descendant = take(r, "//");
		r->at += !descendant;
		if (!read_steps(r, &first, descendant))
			return false;
		path->a = first;
		return true;
	}
	if (r->at[0] == '.' && r->at[1] == '.')
		return read_up(r, path);
	if (r->at[0] == '.' && !(r->at[1] >= '0' && r->at[1] <= '9')) {
		r->at++;
		return read_behind_start(r, i);
	}
	if (!read_steps(r, &first, false))
		return false;
	path->a = first;
	return true;
}

static uint16_t read_path(struct reader *r)
{
	uint16_t i = add(r, DBI_FAST_PATH);

	skip_blanks(r);
	return i && read_start(r, i) ? i : 0;
}

static uint16_t read_literal(struct reader *r)
{
	const char *end = strchr(r->at + 1, *r->at);
	uint16_t i = end ? add(r, DBI_FAST_LITERAL) : 0;

	if (i) {
		node_at(r, i)->text = keep(r, r->at + 1, (size_t)(end - r->at - 1));
		r->at = end + 1;
	}
	return i;
}

static uint16_t read_number(struct reader *r)
{
	size_t n = strspn(r->at, "0123456789");
	uint16_t i = n < 10 && r->at[n] != '.' ? add(r, DBI_FAST_NUMBER) : 0;
	double value = 0;

	if (!i)
		return 0;
	for (; n > 0; n--)
		value = value * 10 + (*r->at++ - '0');
	node_at(r, i)->number = value;
	return i;
}

static uint16_t read_call(struct reader *r, enum dbi_fast_kind kind, uint16_t (*argument)(struct reader *r))
{
	uint16_t i = add(r, kind), a = i && argument ? argument(r) : 0;

	if (!i || (argument && !a) || !take(r, ")"))
		return 0;
	node_at(r, i)->a = a;
	return i;
}

static uint16_t read_operand(struct reader *r)
{
	uint16_t i;

	skip_blanks(r);
	if (*r->at == '\'' || *r->at == '"')
		return read_literal(r);
	if (*r->at >= '0' && *r->at <= '9')
		return read_number(r);
	if (take(r, "(")) {
		i = read_or(r);
		/* A path in brackets may go on behind them in ways not known here. */
		return i && node_at(r, i)->kind <= DBI_FAST_COMPARE && take(r, ")") ? i : 0;
	}
	if (take_call(r, "count"))
		return read_call(r, DBI_FAST_COUNT, read_path);
	if (take_call(r, "string-length"))
		return read_call(r, DBI_FAST_LENGTH, read_path);
	if (take_call(r, "not"))
		return read_call(r, DBI_FAST_NOT, read_or);
	if (!r->inside && take_call(r, "position"))
		return read_call(r, DBI_FAST_POSITION, NULL);
	if (!r->inside && take_call(r, "last"))
		return read_call(r, DBI_FAST_LAST, NULL);
	return read_path(r);
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

static bool take_op(struct reader *r, enum dbi_fast_op *op)
{
	static const struct { const char *text; enum dbi_fast_op op; } ops[] = {
		{ "=", DBI_FAST_EQ }, { "!=", DBI_FAST_NE }, { "<=", DBI_FAST_LE }, { "<", DBI_FAST_LT }, { ">=", DBI_FAST_GE }, { ">", DBI_FAST_GT },
	};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (take(r, ops[i].text)) {
			*op = ops[i].op;
			return true;
		}
	return false;
}

static uint16_t read_sum(struct reader *r)
{
	uint16_t a = read_operand(r), b, i;
	bool plus;

	while (a && ((plus = take(r, "+")) || take(r, "-"))) {
		b = read_operand(r);
		if (!b || !is_number(node_at(r, a)) || !is_number(node_at(r, b)))
			return 0;
		i = add(r, plus ? DBI_FAST_ADD : DBI_FAST_SUBTRACT);
		if (!i)
			return 0;
		node_at(r, i)->a = a;
		node_at(r, i)->b = b;
		a = i;
	}
	return a;
}

static uint16_t read_comparison(struct reader *r)
{
	uint16_t a = read_sum(r), b, i;
	enum dbi_fast_op op;

	if (!a || !take_op(r, &op))
		return a;
	b = read_sum(r);
	i = b && is_comparable(node_at(r, a), node_at(r, b), op) ? add(r, DBI_FAST_COMPARE) : 0;
	if (i) {
		node_at(r, i)->a = a;
		node_at(r, i)->b = b;
		node_at(r, i)->op = (unsigned char)op;
	}
	return i;
}

static uint16_t read_chain(struct reader *r, const char *word, enum dbi_fast_kind kind, uint16_t (*part)(struct reader *r))
{
	uint16_t a = part(r), b, i;

	while (a && take_word(r, word)) {
		b = part(r);
		if (!b || node_at(r, a)->kind == DBI_FAST_LITERAL || node_at(r, b)->kind == DBI_FAST_LITERAL)
			return 0;
		i = add(r, kind);
		if (!i)
			return 0;
		node_at(r, i)->a = a;
		node_at(r, i)->b = b;
		a = i;
	}
	return a;
}

static uint16_t read_and(struct reader *r)
{
	return read_chain(r, "and", DBI_FAST_AND, read_comparison);
}

static uint16_t read_or(struct reader *r)
{
	uint16_t i;

	if (r->depth == MAX_DEPTH)
		return 0;
	r->depth++;
	i = read_chain(r, "or", DBI_FAST_OR, read_and);
	r->depth--;
	/* not('x') and the like. */
	return i && r->depth && node_at(r, i)->kind == DBI_FAST_LITERAL ? 0 : i;
}

static bool read_all(struct reader *r)
{
	uint16_t root = read_or(r);

	skip_blanks(r);
	if (!root || *r->at || node_at(r, root)->kind == DBI_FAST_LITERAL || node_at(r, root)->kind == DBI_FAST_NUMBER)
		return false;
	r->f->root = root;
	return true;
}

struct dbi_xpath_fast *dbi_xpath_fast_compile(const char *text)
{
	size_t size = sizeof(struct dbi_xpath_fast) + MAX_NODES * sizeof(struct dbi_fast_node);
	struct dbi_xpath_fast *f = dbi_calloc(1, size), *smaller;
	struct reader r = { text, f, NULL, 0, 0 };

	if (f) {
		f->n = 1;
		/* Every name is followed by its NUL and stood behind at least one other character, but the first. */
		f->names = r.free = dbi_malloc(2 * strlen(text) + 2);
	}
	if (!f || !f->names || !read_all(&r)) {
		dbi_xpath_fast_free(f);
		return NULL;
	}
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
