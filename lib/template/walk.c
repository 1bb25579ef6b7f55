/* SPDX-License-Identifier: MIT */
/* The program of a template, shown to checks. */
#include <string.h>
#include "template/program.h"

struct walk {
	const struct dbi_template_visitor *v;
	void *ctx;
};

static int walk_ops(const struct walk *w, const struct dbi_op *op);

static int show(const struct walk *w, const struct dbi_template_xpath *xp)
{
	return xp && w->v->select ? w->v->select(w->ctx, xp) : 0;
}

static const char *role_of(const struct dbi_op *op)
{
	for (const struct dbi_op_attr *a = op->attrs; a; a = a->next)
		if (a->constant && strcmp(a->name, "role") == 0)
			return a->constant;
	return "";
}

static int walk_element(const struct walk *w, const struct dbi_op *op)
{
	int st = w->v->enter ? w->v->enter(w->ctx, op->name, role_of(op), op->place) : 0;

	for (const struct dbi_op_attr *a = op->attrs; a && !st; a = a->next)
		for (const struct dbi_avt *part = a->parts; part && !st; part = part->next)
			st = show(w, part->xpath);
	if (!st)
		st = walk_ops(w, op->first);
	return st || !w->v->leave ? st : w->v->leave(w->ctx, op->name);
}

static int walk_other(const struct walk *w, const struct dbi_op *op)
{
	int st = show(w, op->select);

	for (const struct dbi_sort_key *key = op->sorts; key && !st; key = key->next)
		st = show(w, key->select);
	return st ? st : walk_ops(w, op->first);
}

static int walk_ops(const struct walk *w, const struct dbi_op *op)
{
	int st = 0;

	for (; op && !st; op = op->next) {
		if (op->kind == DBI_OP_ELEMENT)
			st = walk_element(w, op);
		else if (op->kind != DBI_OP_TEXT)
			st = walk_other(w, op);
		else if (w->v->text)
			st = w->v->text(w->ctx, op->name, op->len);
	}
	return st;
}

int dbi_template_walk(const dbi_template *tmpl, const struct dbi_template_visitor *v, void *ctx)
{
	const struct walk w = { v, ctx };

	return walk_ops(&w, tmpl->program);
}

static bool ops_write(const struct dbi_op *op, const char *element, const char *attr, const char *value)
{
	for (; op; op = op->next) {
		bool named = op->kind == DBI_OP_ELEMENT && strcmp(op->name, element) == 0;

		for (const struct dbi_op_attr *a = named ? op->attrs : NULL; a; a = a->next)
			if (a->constant && strcmp(a->name, attr) == 0 && strcmp(a->constant, value) == 0)
				return true;
		if (ops_write(op->first, element, attr, value))
			return true;
	}
	return false;
}

bool dbi_template_writes(const dbi_template *tmpl, const char *element, const char *attr, const char *value)
{
	return ops_write(tmpl->program, element, attr, value);
}
