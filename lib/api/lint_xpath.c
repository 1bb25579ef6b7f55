/* SPDX-License-Identifier: MIT */
/* Expressions over the model's form, by the grammar of XPath 1.0. */
#include "api/lint_xpath.h"

#include <string.h>

void dbi_xcheck_blanks(struct dbi_xcheck *x)
{
	x->at += strspn(x->at, " \t\r\n");
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t dbi_xcheck_name(const char *s)
{
	size_t n = 0;

	if (!is_name_start(s[0]))
		return 0;
	while (is_name_start(s[n]) || is_digit(s[n]) || s[n] == '-' || s[n] == '.')
		n++;
	return n;
}

/* prefix:name too. */
static size_t qname(const char *s)
{
	size_t n = dbi_xcheck_name(s);

	return n && s[n] == ':' && s[n + 1] != ':' ? n + 1 + dbi_xcheck_name(s + n + 1) : n;
}

static bool take(struct dbi_xcheck *x, const char *sign)
{
	size_t n = strlen(sign);

	dbi_xcheck_blanks(x);
	if (strncmp(x->at, sign, n) != 0 || (is_name_start(sign[0]) && dbi_xcheck_name(x->at) != n))
		return false;
	x->at += n;
	return true;
}

static struct dbi_kinds scalar(void)
{
	return (struct dbi_kinds){ .nodes = false };
}

/* ---- paths ---- */

static struct dbi_kinds relative_path(struct dbi_xcheck *x, struct dbi_kinds at)
{
	struct dbi_kinds r = dbi_xcheck_step(x, &at);
	bool one = true;

	for (;;) {
		if (take(x, "//")) {
			r = dbi_xcheck_below(&r);
		} else if (!take(x, "/")) {
			break;
		}
		r = dbi_xcheck_step(x, &r);
		one = false;
	}
	r.direct = r.direct && one;
	return r;
}

static bool starts_step(const char *s)
{
	return is_name_start(*s) || *s == '@' || *s == '*' || (*s == '.' && !is_digit(s[1]));
}

static struct dbi_kinds absolute_path(struct dbi_xcheck *x)
{
	struct dbi_kinds r = { .nodes = true, .document = true };

	if (take(x, "//"))
		return relative_path(x, dbi_xcheck_below(&r));
	x->at++;
	dbi_xcheck_blanks(x);
	return starts_step(x->at) ? relative_path(x, r) : r;
}

struct dbi_kinds dbi_xcheck_predicates(struct dbi_xcheck *x, struct dbi_kinds of)
{
	while (take(x, "[")) {
		const char *collection = x->collection;
		size_t len = x->collection_len;
		bool narrowing = x->narrowing;

		x->collection = NULL;
		x->narrowing = true;
		(void)dbi_xcheck_expr(x, &of);
		if (x->narrowing && x->collection) {
			of.collection = x->collection;
			of.collection_len = x->collection_len;
		}
		x->collection = collection;
		x->collection_len = len;
		x->narrowing = narrowing;
		if (!take(x, "]"))
			break;
	}
	return of;
}

/* ---- primaries ---- */

static struct dbi_kinds literal(struct dbi_xcheck *x)
{
	struct dbi_kinds r = scalar();
	const char *end = strchr(x->at + 1, *x->at);

	r.literal = x->at + 1;
	r.literal_len = end ? (size_t)(end - r.literal) : strlen(r.literal);
	x->at = end ? end + 1 : r.literal + r.literal_len;
	return r;
}

static struct dbi_kinds variable(struct dbi_xcheck *x)
{
	const struct dbi_kinds *value;
	size_t n;

	x->at++;
	dbi_xcheck_blanks(x);
	n = qname(x->at);
	value = x->variable ? x->variable(x->user, x->at, n) : NULL;
	x->at += n;
	return value ? *value : (struct dbi_kinds){ .nodes = true, .any = true };
}

/* What stands in arguments narrows nothing: not(@name = 'x') is no name. */
static struct dbi_kinds call(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	const char *name = x->at;
	size_t n = qname(name);
	const char *collection = x->collection;
	bool narrowing = x->narrowing;

	x->at += n;
	x->narrowing = false;
	(void)take(x, "(");
	while (*x->at && !take(x, ")")) {
		const char *before = x->at;

		(void)dbi_xcheck_expr(x, context);
		(void)take(x, ",");
		if (x->at == before)
			break;
	}
	x->narrowing = narrowing;
	x->collection = collection;
	if (n == 9 && strncmp(name, "t:current", n) == 0)
		return x->current;
	if (n == 2 && strncmp(name, "id", n) == 0)
		return (struct dbi_kinds){ .nodes = true, .any = true };
	return scalar();
}

static bool is_call(const char *s)
{
	size_t n = qname(s);
	const char *behind = s + n;

	behind += strspn(behind, " \t\r\n");
	if (!n || *behind != '(')
		return false;
	return !((n == 4 && (!strncmp(s, "node", n) || !strncmp(s, "text", n))) || (n == 7 && !strncmp(s, "comment", n)) ||
	    (n == 22 && !strncmp(s, "processing-instruction", n)));
}

static struct dbi_kinds primary(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r;

	if (*x->at == '(') {
		x->at++;
		r = dbi_xcheck_expr(x, context);
		(void)take(x, ")");
		r.direct = false;
		return r;
	}
	if (*x->at == '$')
		return variable(x);
	if (*x->at == '\'' || *x->at == '"')
		return literal(x);
	if (is_digit(*x->at) || *x->at == '.') {
		x->at += strspn(x->at, "0123456789.");
		return scalar();
	}
	return call(x, context);
}

static struct dbi_kinds path(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r;

	dbi_xcheck_blanks(x);
	if (*x->at == '/') {
		r = absolute_path(x);
	} else if (starts_step(x->at) && !is_call(x->at)) {
		r = relative_path(x, *context);
	} else {
		r = dbi_xcheck_predicates(x, primary(x, context));
		if (take(x, "//"))
			r = relative_path(x, dbi_xcheck_below(&r));
		else if (take(x, "/"))
			r = relative_path(x, r);
	}
	x->touched |= r.parts | r.owners;
	return r;
}

/* ---- operators, from the tightest on ---- */

static struct dbi_kinds unions(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r = path(x, context), other;

	while (take(x, "|")) {
		other = path(x, context);
		r.any |= other.any;
		r.document |= other.document;
		r.text |= other.text;
		r.parts |= other.parts;
		r.owners |= other.owners;
		r.attr = r.literal = r.collection = NULL;
		r.direct = false;
	}
	return r;
}

static struct dbi_kinds arithmetic(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r;
	bool more = true, sign = false;

	while (take(x, "-"))
		sign = true;
	r = unions(x, context);
	while (more) {
		more = take(x, "*") || take(x, "div") || take(x, "mod") || take(x, "+") || take(x, "-");
		if (more) {
			while (take(x, "-"))
				;
			(void)unions(x, context);
			sign = true;
		}
	}
	return sign ? scalar() : r;
}

/* @name = 'x' of the context node: from here on, the collection has a name. */
static void narrow(struct dbi_xcheck *x, const struct dbi_kinds *attr, const struct dbi_kinds *word)
{
	dbi_parts collections = DBI_BIT(COLLECTION) | DBI_BIT(NESTED) | DBI_BIT(INNER);

	if (!attr->direct || !attr->attr || attr->attr_len != 4 || strncmp(attr->attr, "name", 4) != 0 || attr->owners & ~collections)
		return;
	x->collection = word->literal;
	x->collection_len = word->literal_len;
}

static struct dbi_kinds comparison(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	static const char *const signs[] = { "!=", "<=", ">=", "=", "<", ">" };
	struct dbi_kinds a = arithmetic(x, context), b;
	bool done = false;

	while (!done) {
		size_t i = 0;

		while (i < 6 && !take(x, signs[i]))
			i++;
		if (i == 6)
			break;
		b = arithmetic(x, context);
		if (i == 0 || i == 3) {
			const struct dbi_kinds *attr = a.attr ? &a : &b, *word = a.attr ? &b : &a;

			dbi_xcheck_literal(x, attr, word);
			if (i == 3 && word->literal)
				narrow(x, attr, word);
		}
		a = scalar();
	}
	return a;
}

struct dbi_kinds dbi_xcheck_expr(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r = comparison(x, context);

	for (;;) {
		bool either = take(x, "or");

		if (!either && !take(x, "and"))
			return r;
		/* One of several names is no name. */
		if (either)
			x->narrowing = false;
		(void)comparison(x, context);
		r = scalar();
	}
}

struct dbi_kinds dbi_xcheck_run(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	x->at = x->text;
	x->touched = 0;
	return dbi_xcheck_expr(x, context);
}
