/* SPDX-License-Identifier: MIT */
/* Elements to instructions. Every fault is found here, at load, with its place. */
#include <string.h>
#include "template/compile.h"
#include "util/limits.h"

bool dbi_is_instruction(const dbi_xml_node *n, const char *name)
{
	return dbi_node_is(n, name) && strcmp(dbi_node_ns(n), DBI_TEMPLATE_NS) == 0;
}
bool dbi_is_own(const dbi_xml_node *n)
{
	return dbi_node_is_element(n) && strcmp(dbi_node_ns(n), DBI_TEMPLATE_NS) == 0;
}

int dbi_compile_fault(struct dbi_compile *c, const char *place, const char *what)
{
	return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "%s", what);
}

const char *dbi_compile_place(struct dbi_compile *c, const dbi_xml_node *n)
{
	char place[128];
	const char *kept;

	dbi_node_place(c->doc, n, place);
	kept = dbi_arena_strndup(&c->tmpl->arena, place, strlen(place));
	return kept ? kept : "";
}

struct dbi_op *dbi_compile_add(struct dbi_compile *c, struct dbi_op_list *list, enum dbi_op_kind kind, const char *place)
{
	struct dbi_op *op = dbi_arena_calloc(&c->tmpl->arena, 1, sizeof(*op));

	if (!op)
		return NULL;
	op->kind = kind;
	op->place = place;
	op->slot = DBI_NO_SLOT;
	*list->tail = op;
	list->tail = &op->next;
	return op;
}

/* In a page label, {{page}} stands for the letter's own {page}. */
static void collapse_braces(char *s)
{
	char *to = s;

	for (; *s; s++) {
		*to++ = *s;
		if ((*s == '{' || *s == '}') && s[1] == *s)
			s++;
	}
	*to = '\0';
}

int dbi_compile_add_text(struct dbi_compile *c, const char *s, struct dbi_op_list *list)
{
	char *kept = dbi_arena_strndup(&c->tmpl->arena, s, strlen(s));
	struct dbi_op *op = kept ? dbi_compile_add(c, list, DBI_OP_TEXT, NULL) : NULL;

	if (!op)
		return dbi_error_memory(c->err);
	if (c->page_label)
		collapse_braces(kept);
	op->name = kept;
	op->len = strlen(kept);
	return DBRIEF_OK;
}

static int compile_text(struct dbi_compile *c, const dbi_xml_node *parent, const dbi_xml_node *n, const dbi_xml_node *first,
    struct dbi_op_list *list)
{
	const char *s = dbi_node_text(n);

	if (dbi_is_blank(s)) {
		if (!c->inside || !dbi_keeps_blank(parent, n, first))
			return DBRIEF_OK;
		s = " ";
	}
	if (!c->inside)
		return dbi_compile_fault(c, dbi_compile_place(c, parent), "text stands outside the letter element; move it inside");
	return dbi_compile_add_text(c, s, list);
}

/* ---- elements of the letter ---- */

struct attr_compile {
	struct dbi_expr_env env;
	struct dbi_op *op;
	const struct dbi_op_attr **tail;
};

static int compile_attr(void *ctx, const char *name, const char *value)
{
	struct attr_compile *a = ctx;
	struct dbi_op_attr *attr = dbi_arena_calloc(&a->env.tmpl->arena, 1, sizeof(*attr));

	if (attr) {
		attr->word = dbi_attr_of(name);
		attr->name = dbi_arena_strndup(&a->env.tmpl->arena, name, strlen(name));
	}
	if (!attr || !attr->name)
		return dbi_error_memory(a->env.err);
	if (strcmp(name, "lang") == 0) { /* first: it sets the language of the formats in the others */
		attr->next = a->op->attrs;
		a->op->attrs = attr;
		if (!attr->next)
			a->tail = &attr->next;
	} else {
		*a->tail = attr;
		a->tail = &attr->next;
	}
	return dbi_avt_parse(&a->env, name, value, attr);
}

static int check_letter_element(struct dbi_compile *c, const dbi_xml_node *n, const char *place)
{
	bool letter = dbi_node_is(n, "letter");

	if (strcmp(dbi_node_ns(n), DBI_LETTER_NS) != 0)
		return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
		    "%.40s is not in the letter's namespace; write xmlns=\"" DBI_LETTER_NS "\" at the root", dbi_node_name(n));
	if (letter == !c->inside)
		return DBRIEF_OK;
	return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
	    letter ? "%.40s stands inside a letter; move it out" : "%.40s stands outside the letter element; move it inside",
	    dbi_node_name(n));
}

/* Attributes that are the same in every letter are made only once. */
static int make_constant(struct dbi_compile *c, struct dbi_op *op)
{
	const struct dbi_op_attr *attr;
	const struct dbi_draft_attr **tail = &op->constant;
	struct dbi_draft_attr *made;

	for (attr = op->attrs; attr; attr = attr->next)
		if (!attr->constant)
			return DBRIEF_OK;
	for (attr = op->attrs; attr; attr = attr->next) {
		made = dbi_arena_calloc(&c->tmpl->arena, 1, sizeof(*made));
		if (!made)
			return dbi_error_memory(c->err);
		made->name = attr->name;
		made->word = attr->word;
		made->value = attr->constant;
		*tail = made;
		tail = &made->next;
	}
	return DBRIEF_OK;
}

static int compile_element(struct dbi_compile *c, const dbi_xml_node *n, struct dbi_op_list *list)
{
	const char *place = dbi_compile_place(c, n);
	struct dbi_op_list body = { NULL, &body.first };
	bool inside = c->inside, page_label = c->page_label;
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_ELEMENT, place);
	struct attr_compile a = { { c->tmpl, place, c->scope, c->context, c->err, c->load }, op, NULL };
	int st;

	if (op) {
		op->tag = dbi_tag_of(dbi_node_name(n));
		op->name = op->tag != DBI_TAG_COUNT ? dbi_tag_names[op->tag] :
		    dbi_arena_strndup(&c->tmpl->arena, dbi_node_name(n), strlen(dbi_node_name(n)));
	}
	if (!op || !op->name)
		return dbi_error_memory(c->err);
	a.tail = &op->attrs;
	st = check_letter_element(c, n, place);
	if (!st)
		st = dbi_node_each_attr(n, compile_attr, &a);
	if (!st)
		st = make_constant(c, op);
	c->inside = true;
	c->page_label = page_label || dbi_node_is(n, "page-label");
	if (!st)
		st = dbi_compile_children(c, n, dbi_node_first(n), &body);
	c->inside = inside;
	c->page_label = page_label;
	op->first = body.first;
	op->simple = body.first && !body.first->next && (body.first->kind == DBI_OP_TEXT || body.first->kind == DBI_OP_VALUE);
	return st;
}

int dbi_compile_children(struct dbi_compile *c, const dbi_xml_node *n, const dbi_xml_node *from, struct dbi_op_list *list)
{
	const struct dbi_scope *scope = c->scope;
	const dbi_xml_node *child;
	int st = DBRIEF_OK;

	if (++c->depth > DBI_MAX_TEMPLATE_DEPTH)
		st = dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, dbi_compile_place(c, n),
		    "elements are nested deeper than %d levels; use fewer includes", DBI_MAX_TEMPLATE_DEPTH);
	for (child = from; child && !st; child = dbi_node_next(child))
		st = dbi_node_is_text(child) ? compile_text(c, n, child, from, list) :
		    dbi_is_own(child) ? dbi_compile_instruction(c, child, list) : compile_element(c, child, list);
	c->depth--;
	c->scope = scope;
	return st;
}

int dbi_template_compile(dbi_template *tmpl, const dbi_xml_doc *doc, struct dbi_load *load, struct dbrief_error *err)
{
	struct dbi_compile c = { .tmpl = tmpl, .doc = doc, .load = load, .err = err };
	struct dbi_op_list list = { NULL, &list.first };
	const dbi_xml_node *root = dbi_xml_root(doc);
	const char *place = dbi_compile_place(&c, root);
	int st;

	if (!dbi_is_instruction(root, "template"))
		return dbi_compile_fault(&c, place, "the root is not t:template of " DBI_TEMPLATE_NS "; see datenbrief-template(5)");
	st = dbi_template_check_attrs(dbi_template_rule("template"), root, place, err);
	if (!st && strcmp(dbi_node_attr(root, "version"), "1") != 0)
		st = dbi_compile_fault(&c, place, "version is not 1; this library reads version 1 only");
	if (!st && !*dbi_node_attr(root, "lang"))
		st = dbi_compile_fault(&c, place, "lang is empty; write a language such as de");
	if (!st && dbi_node_attr(root, "texts"))
		st = dbi_load_texts(load, dbi_node_attr(root, "texts"), place, err);
	if (!st)
		st = dbi_compile_children(&c, root, dbi_node_first(root), &list);
	if (!st && !list.first)
		st = dbi_compile_fault(&c, place, "the template holds no letter; add a letter element");
	tmpl->program = list.first;
	return st;
}
