/* SPDX-License-Identifier: MIT */
/* Extension functions called without libxml2. */
#include <string.h>

#include "xml/xpath_fast_run.h"
#include "util/mem.h"

#define MAX_ARGS 8

struct call {
	struct dbi_xvalue args[MAX_ARGS];
	bool own[MAX_ARGS]; /* the nodes were collected here; all else is borrowed */
	size_t n;
};

static const struct dbi_xpath_function *find_function(const struct dbi_xpath_function *f, const char *name)
{
	while (f && f->name && strcmp(f->name, name) != 0)
		f++;
	return f && f->name ? f : NULL;
}

static void add_argument(struct dbi_fast_run *r, uint16_t i, const xmlNode *node, struct call *c)
{
	const struct dbi_fast_node *n = dbi_fast_at(r, i);
	struct dbi_xvalue *arg = &c->args[c->n];
	const struct dbi_xvalue *v;

	if (dbi_fast_is_variable(n)) {
		v = dbi_fast_variable(r, n);
		r->leave |= !v;
		if (v)
			*arg = *v;
	} else if (n->kind == DBI_FAST_PATH) {
		dbi_fast_collect(r, n, node, arg);
		c->own[c->n] = true;
	} else if (n->kind == DBI_FAST_LITERAL) {
		arg->kind = DBI_X_STRING;
		arg->string = (char *)(uintptr_t)n->text;
	} else if (n->kind <= DBI_FAST_COMPARE) {
		arg->kind = DBI_X_BOOLEAN;
		arg->boolean = dbi_fast_truth(r, i, node);
	} else {
		arg->kind = DBI_X_NUMBER;
		arg->number = dbi_fast_number(r, i, node);
	}
	c->n++;
}

int dbi_fast_call(struct dbi_fast_run *r, const xmlNode *node, struct dbi_xvalue *out, struct dbrief_error *err)
{
	const struct dbi_fast_node *root = dbi_fast_at(r, r->fast->root);
	const struct dbi_xpath_function *f = find_function(r->scope->functions, root->text);
	struct call c = { .n = 0 };
	int status = DBRIEF_OK;

	for (uint16_t i = root->a; i && !dbi_fast_stop(r); i = dbi_fast_at(r, i)->next) {
		if (c.n == MAX_ARGS)
			r->leave = true;
		else
			add_argument(r, i, node, &c);
	}
	/* What is wrong with the call libxml2 says. */
	r->leave |= !f || c.n < f->min_args || c.n > f->max_args;
	if (!dbi_fast_stop(r)) {
		status = f->fn(r->scope->user, c.args, c.n, out, err);
		if (status == DBRIEF_WARN)
			status = DBRIEF_OK;
		if (status == DBRIEF_OK && out->kind == DBI_X_STRING && !out->string && !(out->string = dbi_strdup("")))
			r->memory = true;
	}
	while (c.n > 0)
		if (c.own[--c.n])
			dbi_free(c.args[c.n].nodes);
	return status;
}
