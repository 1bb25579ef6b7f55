/* SPDX-License-Identifier: MIT */
#include "xml/xpath_fast.h"

#include <string.h>

#include "xml/libxml.h"
#include "util/mem.h"

#define MAX_STEPS 8
#define SMALL 32

enum start { FROM_CONTEXT, FROM_ROOT, FROM_VARIABLE };
enum form { PATH, EQUAL, UNEQUAL, NOT, COUNT };

struct step {
	const char *name;
	const char *test_attr;  /* NULL: no predicate */
	const char *test_value; /* NULL: [@a], the attribute must be there */
	const char *test_variable, *test_other; /* [@a=$variable/@other]; NULL: not this form */
};

/* All strings point into one copy of the expression, cut up by NULs. */
struct dbi_xpath_fast {
	enum form form;
	enum start start;
	const char *variable;
	const char *literal; /* of EQUAL and UNEQUAL */
	size_t n;
	struct step steps[MAX_STEPS];
	const char *attr;    /* last step; NULL: none */
	char text[];
};

/* ---- reading ---- */

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/*
 * Takes a name and overwrites the character behind it with NUL, which the
 * caller has read before: *behind. NULL when there is no plain name.
 */
static const char *take_name(char **at, char *behind)
{
	char *first = *at;

	if (!is_name_start(*first))
		return NULL;
	while (is_name_char(**at))
		(*at)++;
	*behind = **at;
	**at = '\0';
	return first;
}

static const char *take_literal(char **at)
{
	char quote = **at, *first = *at + 1, *end;

	if (quote != '\'' && quote != '"')
		return NULL;
	end = strchr(first, quote);
	if (!end)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return first;
}

/* "$v/@b]" behind the '='; *behind becomes its last character. */
static bool take_join(char **at, struct step *step, char *behind)
{
	(*at)++;
	step->test_variable = take_name(at, behind);
	if (!step->test_variable || *behind != '/')
		return false;
	(*at)++;
	if (*(*at)++ != '@')
		return false;
	step->test_other = take_name(at, behind);
	*at += *behind != '\0';
	return step->test_other != NULL;
}

/* "[@a='x']", "[@a=$v/@b]" or "[@a]" behind the '['; false when it is anything else. */
static bool take_predicate(char **at, struct step *step)
{
	char behind;

	if (*(*at)++ != '@')
		return false;
	step->test_attr = take_name(at, &behind);
	if (!step->test_attr)
		return false;
	(*at)++;
	if (behind == '=' && **at == '$') {
		if (!take_join(at, step, &behind))
			return false;
	} else if (behind == '=') {
		step->test_value = take_literal(at);
		if (!step->test_value)
			return false;
		behind = *(*at)++;
	}
	return behind == ']';
}

/* Steps up to the end or a character that no step has; that one is put into *behind and *at is past it. */
static bool take_steps(struct dbi_xpath_fast *f, char **at, char *behind)
{
	for (;;) {
		struct step *step = &f->steps[f->n];

		if (**at == '@') {
			(*at)++;
			f->attr = take_name(at, behind);
			if (!f->attr)
				return false;
			*at += *behind != '\0';
			return *behind != '/' && *behind != '[' && *behind != ':';
		}
		if (f->n == MAX_STEPS)
			return false;
		step->name = take_name(at, behind);
		if (!step->name || *behind == ':' || *behind == '(')
			return false;
		f->n++;
		*at += *behind != '\0';
		if (*behind == '[') {
			if (!take_predicate(at, step))
				return false;
			*behind = **at;
			**at = '\0';
			*at += *behind != '\0';
		}
		if (*behind != '/')
			return true;
	}
}

static bool take_path(struct dbi_xpath_fast *f, char **at, char *behind)
{
	if (**at == '$') {
		(*at)++;
		f->start = FROM_VARIABLE;
		f->variable = take_name(at, behind);
		if (!f->variable)
			return false;
		*at += *behind != '\0';
		if (*behind != '/')
			return *behind != '[' && *behind != ':' && *behind != '(';
	} else if (**at == '/') {
		(*at)++;
		f->start = FROM_ROOT;
		if (!is_name_start(**at))
			return false;
	} else if (**at == '.') {
		(*at)++;
		*behind = **at;
		*at += *behind != '\0';
		return *behind == '\0' || *behind == ' ' || *behind == '=' || *behind == '!' || *behind == ')';
	}
	return take_steps(f, at, behind);
}

/* What may follow a path: nothing, or a comparison with a literal. */
static bool take_comparison(struct dbi_xpath_fast *f, char **at, char behind)
{
	while (behind == ' ')
		behind = *(*at)++;
	if (behind == '\0')
		return true;
	f->form = EQUAL;
	if (behind == '!') {
		f->form = UNEQUAL;
		behind = *(*at)++;
	}
	if (behind != '=')
		return false;
	while (**at == ' ')
		(*at)++;
	f->literal = take_literal(at);
	return f->literal && **at == '\0';
}

static bool read_expression(struct dbi_xpath_fast *f)
{
	char *at = f->text, behind = '\0';

	if (strncmp(at, "count(", 6) == 0) {
		f->form = COUNT;
		at += 6;
	} else if (strncmp(at, "not(", 4) == 0) {
		f->form = NOT;
		at += 4;
	}
	if (!take_path(f, &at, &behind))
		return false;
	if (f->form != PATH)
		return behind == ')' && *at == '\0';
	return take_comparison(f, &at, behind);
}

/* The copy ends in several NULs, so that reading one past the end stays inside. */
struct dbi_xpath_fast *dbi_xpath_fast_compile(const char *text)
{
	struct dbi_xpath_fast *f;
	size_t len;

	text += strspn(text, " \t\n");
	len = strlen(text);
	while (len > 0 && strchr(" \t\n", text[len - 1]))
		len--;
	f = dbi_calloc(1, sizeof *f + len + 4);
	if (!f)
		return NULL;
	memcpy(f->text, text, len);
	if (len == 0 || !read_expression(f)) {
		dbi_free(f);
		return NULL;
	}
	return f;
}

void dbi_xpath_fast_free(struct dbi_xpath_fast *fast)
{
	dbi_free(fast);
}

/* ---- evaluation ---- */

struct run {
	const struct dbi_xpath_fast *fast;
	const xmlNode *small[SMALL];
	const xmlNode **nodes; /* small, or on the heap */
	size_t n, cap;
	bool truth;            /* a comparison held */
	bool memory;
	const char *joined[MAX_STEPS]; /* value of test_variable/@test_other, NULL: there is none */
};

static bool push(struct run *r, const xmlNode *node)
{
	const xmlNode **grown;

	if (r->n == r->cap) {
		grown = dbi_realloc(r->nodes == r->small ? NULL : r->nodes, r->cap * 2, sizeof *grown);
		if (!grown) {
			r->memory = true;
			return true;
		}
		if (r->nodes == r->small)
			memcpy(grown, r->small, r->n * sizeof *grown);
		r->nodes = grown;
		r->cap *= 2;
	}
	r->nodes[r->n++] = node;
	return false;
}

static bool value_equals(struct run *r, const xmlNode *node, const char *literal)
{
	const char *text = dbi_node_text(from_node(node));
	struct dbi_buf value = DBI_BUF_INIT;
	bool equal;

	if (text)
		return strcmp(text, literal) == 0;
	if (dbi_node_string(from_node(node), &value) != DBRIEF_OK) {
		dbi_buf_dispose(&value);
		r->memory = true;
		return false;
	}
	equal = strcmp(value.data ? value.data : "", literal) == 0;
	dbi_buf_dispose(&value);
	return equal;
}

/* A node of the result; true ends the evaluation. */
static bool emit(struct run *r, const xmlNode *node)
{
	switch (r->fast->form) {
	case PATH:
		return push(r, node);
	case COUNT:
		r->n++;
		return false;
	case NOT:
		r->n++;
		return true;
	case EQUAL:
		r->truth = value_equals(r, node, r->fast->literal);
		return r->truth || r->memory;
	case UNEQUAL:
		r->truth = !value_equals(r, node, r->fast->literal) && !r->memory;
		return r->truth || r->memory;
	}
	return false;
}

static const xmlAttr *find_attr(const xmlNode *node, const char *name)
{
	const xmlAttr *a = node->properties;

	while (a && (a->ns || strcmp(from_xml(a->name), name) != 0))
		a = a->next;
	return a;
}

static const char *attr_text(const xmlAttr *a)
{
	return a->children && a->children->content ? from_xml(a->children->content) : "";
}

static bool passes(const struct run *r, const xmlNode *node, size_t i)
{
	const struct step *step = &r->fast->steps[i];
	const xmlAttr *a;

	if (node->type != XML_ELEMENT_NODE || node->ns || strcmp(from_xml(node->name), step->name) != 0)
		return false;
	if (!step->test_attr)
		return true;
	a = find_attr(node, step->test_attr);
	if (a && step->test_variable)
		return r->joined[i] && strcmp(attr_text(a), r->joined[i]) == 0;
	return a && (!step->test_value || strcmp(attr_text(a), step->test_value) == 0);
}

/* Depth first, so the result is in document order. Recursion is bounded by MAX_STEPS. */
static bool walk(struct run *r, const xmlNode *node, size_t i)
{
	const xmlAttr *a;

	if (i == r->fast->n) {
		if (!r->fast->attr)
			return emit(r, node);
		a = node->type == XML_ELEMENT_NODE ? find_attr(node, r->fast->attr) : NULL;
		return a && emit(r, (const xmlNode *)a);
	}
	if (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE)
		return false;
	for (const xmlNode *child = node->children; child; child = child->next)
		if (passes(r, child, i) && walk(r, child, i + 1))
			return true;
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

static bool start_from_variable(struct run *r, const struct dbi_xvalue *v)
{
	if (!v || v->kind != DBI_X_NODES || !are_siblings(v))
		return false;
	for (size_t i = 0; i < v->n; i++)
		if (walk(r, to_node(v->nodes[i]), 0))
			break;
	return true;
}

/* What the steps' conditions compare with. False when a variable is not one element: libxml2 compares sets. */
static bool join(struct run *r, dbi_xpath_var var, void *user)
{
	for (size_t i = 0; i < r->fast->n; i++) {
		const struct step *step = &r->fast->steps[i];
		const struct dbi_xvalue *v = step->test_variable && var ? var(user, step->test_variable) : NULL;
		const xmlAttr *a;

		if (!step->test_variable)
			continue;
		if (!v || v->kind != DBI_X_NODES || v->n != 1 || to_node(v->nodes[0])->type != XML_ELEMENT_NODE)
			return false;
		a = find_attr(to_node(v->nodes[0]), step->test_other);
		r->joined[i] = a ? attr_text(a) : NULL;
	}
	return true;
}

static bool run_from_start(struct run *r, dbi_xpath_var var, void *user, const xmlNode *node)
{
	switch (r->fast->start) {
	case FROM_VARIABLE:
		return var && start_from_variable(r, var(user, r->fast->variable));
	case FROM_ROOT:
		(void)walk(r, (const xmlNode *)node->doc, 0);
		return true;
	case FROM_CONTEXT:
	default:
		(void)walk(r, node, 0);
		return true;
	}
}

static bool collect(struct run *r, struct dbi_xvalue *out)
{
	out->kind = DBI_X_NODES;
	out->n = r->n;
	if (r->n == 0)
		return true;
	out->nodes = dbi_realloc(NULL, r->n, sizeof *out->nodes);
	if (!out->nodes)
		return false;
	for (size_t i = 0; i < r->n; i++)
		out->nodes[i] = from_node(r->nodes[i]);
	return true;
}

static bool fill(struct run *r, struct dbi_xvalue *out)
{
	if (r->memory)
		return false;
	switch (r->fast->form) {
	case PATH:
		return collect(r, out);
	case COUNT:
		out->kind = DBI_X_NUMBER;
		out->number = (double)r->n;
		return true;
	case NOT:
		out->kind = DBI_X_BOOLEAN;
		out->boolean = r->n == 0;
		return true;
	case EQUAL:
	case UNEQUAL:
	default:
		out->kind = DBI_X_BOOLEAN;
		out->boolean = r->truth;
		return true;
	}
}

int dbi_xpath_fast_eval(const struct dbi_xpath_fast *fast, dbi_xpath_var var, void *user, dbi_xml_node *node,
    struct dbi_xvalue *out, bool *done, struct dbrief_error *err)
{
	struct run r;
	const struct dbi_xvalue *value;
	int status;

	*done = false;
	if (fast->start == FROM_VARIABLE && fast->form == PATH && !fast->n && !fast->attr) {
		value = var ? var(user, fast->variable) : NULL;
		if (!value)
			return DBRIEF_OK;
		*done = true;
		return dbi_xvalue_copy(out, value) == DBRIEF_OK ? DBRIEF_OK : dbi_error_memory(err);
	}
	r.fast = fast;
	r.nodes = r.small;
	r.n = 0;
	r.cap = SMALL;
	r.truth = r.memory = false;
	*done = join(&r, var, user) && run_from_start(&r, var, user, to_node(node));
	status = !*done || fill(&r, out) ? DBRIEF_OK : dbi_error_memory(err);
	if (r.nodes != r.small)
		dbi_free(r.nodes);
	return status;
}
