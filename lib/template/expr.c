/* SPDX-License-Identifier: MIT */
/* Expressions at load: syntax, functions, variables in scope; attribute values taken apart. */
#include <stdio.h>
#include <string.h>
#include "template/program.h"
#include "util/limits.h"
#include "util/mem.h"

#define ANY 64 /* no upper bound of arguments worth naming */

static const struct { const char *name; unsigned min, max; } core[] = {
	{ "last", 0, 0 }, { "position", 0, 0 }, { "count", 1, 1 }, { "id", 1, 1 }, { "local-name", 0, 1 },
	{ "namespace-uri", 0, 1 }, { "name", 0, 1 }, { "string", 0, 1 }, { "concat", 2, ANY }, { "starts-with", 2, 2 },
	{ "contains", 2, 2 }, { "substring-before", 2, 2 }, { "substring-after", 2, 2 }, { "substring", 2, 3 },
	{ "string-length", 0, 1 }, { "normalize-space", 0, 1 }, { "translate", 3, 3 }, { "boolean", 1, 1 }, { "not", 1, 1 },
	{ "true", 0, 0 }, { "false", 0, 0 }, { "lang", 1, 1 }, { "number", 0, 1 }, { "sum", 1, 1 }, { "floor", 1, 1 },
	{ "ceiling", 1, 1 }, { "round", 1, 1 },
};
#define N_CORE (sizeof(core) / sizeof(*core))
#define MAX_OWN 16

struct names_check {
	struct dbi_expr_env *env;
	const char *attr;
	struct dbi_template_var vars[64];
	size_t n_vars;
};

static int wrong(const struct dbi_expr_env *env, const char *attr, const char *what, const char *name, const char *hint)
{
	return dbi_error(env->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, env->place, "%.40s: %s %.60s%s", attr, what, name, hint);
}

static int wrong_count(const struct names_check *c, const char *name, unsigned min, unsigned max, size_t args)
{
	char hint[80];

	if (min == max)
		snprintf(hint, sizeof(hint), "() takes %u argument%s, not %zu; correct it", min, min == 1 ? "" : "s", args);
	else if (max >= ANY)
		snprintf(hint, sizeof(hint), "() takes at least %u arguments, not %zu; correct it", min, args);
	else
		snprintf(hint, sizeof(hint), "() takes %u to %u arguments, not %zu; correct it", min, max, args);
	return wrong(c->env, c->attr, "the function", name, hint);
}

static int unknown_function(const struct names_check *c, const char *name)
{
	const char *names[N_CORE + MAX_OWN + 1];
	char own[MAX_OWN][32], hint[96];
	const struct dbi_xpath_function *f;
	size_t i, n = 0;

	for (f = dbi_template_functions; f->name && n < MAX_OWN; f++, n++) {
		snprintf(own[n], sizeof(own[n]), "t:%s", f->name);
		names[n] = own[n];
	}
	for (i = 0; i < N_CORE; i++)
		names[n++] = core[i].name;
	names[n] = NULL;
	dbi_template_suggest(hint, "", name, names, "see datenbrief-template(5)");
	return wrong(c->env, c->attr, "there is no function", name, hint);
}

static int check_function(const struct names_check *c, const char *name, size_t args)
{
	const struct dbi_xpath_function *f;
	size_t i;

	if (strncmp(name, "t:", 2) == 0) {
		for (f = dbi_template_functions; f->name; f++)
			if (strcmp(f->name, name + 2) == 0)
				return args >= f->min_args && args <= f->max_args ? DBRIEF_OK :
				    wrong_count(c, name, f->min_args, f->max_args, args);
		return unknown_function(c, name);
	}
	for (i = 0; i < N_CORE; i++)
		if (strcmp(core[i].name, name) == 0)
			return args >= core[i].min && (core[i].max == ANY || args <= core[i].max) ? DBRIEF_OK :
			    wrong_count(c, name, core[i].min, core[i].max, args);
	return unknown_function(c, name);
}

static int unknown_variable(const struct names_check *c, const char *name)
{
	const char *names[64];
	const struct dbi_scope *s;
	char hint[96], dollar[64];
	size_t n = 0;

	for (s = c->env->scope; s && n < 63; s = s->outer)
		names[n++] = s->var.name;
	names[n] = NULL;
	dbi_template_suggest(hint, "$", name, names, "set it before with t:variable or as");
	snprintf(dollar, sizeof(dollar), "$%.60s", name);
	return wrong(c->env, c->attr, "there is no variable", dollar, hint);
}

static int check_variable(struct names_check *c, const char *name)
{
	const struct dbi_scope *s;
	size_t i;

	for (i = 0; i < c->n_vars; i++)
		if (strcmp(c->vars[i].name, name) == 0)
			return DBRIEF_OK;
	for (s = c->env->scope; s; s = s->outer)
		if (strcmp(s->var.name, name) == 0)
			break;
	if (!s)
		return unknown_variable(c, name);
	if (c->n_vars == sizeof(c->vars) / sizeof(*c->vars))
		return wrong(c->env, c->attr, "too many variables from", name, " on; split the expression");
	c->vars[c->n_vars++] = s->var;
	return DBRIEF_OK;
}

static int check_name(void *ctx, char kind, const char *name, size_t args)
{
	struct names_check *c = ctx;

	if (kind == 'f')
		return check_function(c, name, args);
	return kind == 'v' ? check_variable(c, name) : DBRIEF_OK;
}

static int check_syntax(const struct dbi_expr_env *env, const char *attr, const char *text)
{
	struct dbrief_error why = DBRIEF_ERROR_INIT;
	dbi_xpath *xp = NULL;
	size_t column = 0;
	int st = dbi_xpath_compile(&xp, text, &column, &why);

	dbi_xpath_free(xp);
	if (!st)
		return DBRIEF_OK;
	if (why.cause == DBRIEF_CAUSE_MEMORY)
		return dbi_error_memory(env->err);
	return dbi_error(env->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, env->place,
	    "%.40s: \"%.60s\" is wrong at character %zu: %s", attr, text, column + 1, why.text);
}

int dbi_expr_add(struct dbi_expr_env *env, const char *attr, const char *text, size_t len, bool must_find,
    const struct dbi_template_xpath **out)
{
	struct names_check c = { .env = env, .attr = attr };
	dbi_template *t = env->tmpl;
	struct dbi_template_xpath *xp;
	struct dbi_template_var *vars = NULL;
	int st;

	*out = NULL;
	if (len > DBI_MAX_XPATH)
		return dbi_error(env->err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, env->place,
		    "%.40s: an expression is longer than %d bytes; split it", attr, DBI_MAX_XPATH);
	xp = dbi_arena_calloc(&t->arena, 1, sizeof(*xp));
	if (xp)
		xp->text = dbi_arena_strndup(&t->arena, text, len);
	if (!xp || !xp->text || !dbi_grow(&t->xpaths, &t->cap_xpaths, t->n_xpaths + 1, sizeof(*t->xpaths), 1u << 20))
		return dbi_error_memory(env->err);
	st = check_syntax(env, attr, xp->text);
	if (!st)
		st = dbi_xpath_names(xp->text, check_name, &c);
	if (st)
		return st;
	if (c.n_vars) {
		vars = dbi_arena_alloc(&t->arena, c.n_vars * sizeof(*vars));
		if (!vars)
			return dbi_error_memory(env->err);
		memcpy(vars, c.vars, c.n_vars * sizeof(*vars));
	}
	xp->place = env->place;
	xp->context = env->context;
	xp->vars = vars;
	xp->n_vars = c.n_vars;
	xp->must_find = must_find;
	xp->index = t->n_xpaths;
	t->xpaths[t->n_xpaths++] = xp;
	*out = xp;
	return DBRIEF_OK;
}
