/* SPDX-License-Identifier: MIT */
/* Each t: element to its instruction. */
#include <string.h>
#include "template/compile.h"
#include "util/number.h"

static int add_select(struct dbi_compile *c, const dbi_xml_node *n, const char *attr, const char *place, bool must_find,
    const struct dbi_template_xpath **out)
{
	struct dbi_expr_env env = { c->tmpl, place, c->scope, c->context, c->err, c->load };
	const char *text = dbi_node_attr(n, attr);

	if (!text[strspn(text, " \t\r\n")])
		return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "%s is empty; write an expression", attr);
	return dbi_expr_add(&env, attr, text, strlen(text), must_find, out);
}

/* Brings a name into scope. Names in scope cannot be used again: a value never changes under its reader's eyes. */
static int scope_add(struct dbi_compile *c, const char *place, const char *name, const struct dbi_template_xpath *value, bool item,
    uint32_t *slot)
{
	struct dbi_scope *s;
	const struct dbi_scope *i;

	if (!dbi_template_is_name(name))
		return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
		    "\"%.40s\" is no name for a variable; use up to 40 letters, digits, - and _", name);
	for (i = c->scope; i; i = i->outer)
		if (strcmp(i->var.name, name) == 0)
			return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
			    "the variable $%.40s exists here already; choose another name", name);
	if (c->tmpl->n_slots >= DBI_MAX_TEMPLATE_SLOTS)
		return dbi_compile_fault(c, place, "the template has too many variables; use fewer");
	s = dbi_arena_calloc(&c->tmpl->arena, 1, sizeof(*s));
	if (s)
		s->var.name = dbi_arena_strndup(&c->tmpl->arena, name, strlen(name));
	if (!s || !s->var.name)
		return dbi_error_memory(c->err);
	*slot = s->var.slot = c->tmpl->n_slots++;
	s->var.value = value;
	s->var.item = item;
	s->outer = c->scope;
	c->scope = s;
	return DBRIEF_OK;
}

static int no_children(struct dbi_compile *c, const dbi_xml_node *n, const char *place)
{
	const char *s = dbi_node_text(n);

	if (s && dbi_is_blank(s))
		return DBRIEF_OK;
	return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "t:%s holds nothing; remove its content", dbi_node_name(n));
}

static int compile_value(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	const char *fallback = dbi_node_attr(n, "default");
	struct dbi_op *op;
	int st = no_children(c, n, place);

	if (!st && !c->inside)
		st = dbi_compile_fault(c, place, "t:value-of stands outside the letter element; move it inside");
	if (st)
		return st;
	op = dbi_compile_add(c, list, DBI_OP_VALUE, place);
	if (op && fallback)
		op->name = dbi_arena_strndup(&c->tmpl->arena, fallback, strlen(fallback));
	if (!op || (fallback && !op->name))
		return dbi_error_memory(c->err);
	op->len = fallback ? strlen(fallback) : 0;
	return add_select(c, n, "select", place, !fallback, &op->select);
}

/* The text of that key stands here as if it were written here: it sees this place's variables and context node. */
static int compile_keyed(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	const struct dbi_text_entry *entry = NULL;
	const dbi_xml_doc *outer = c->doc;
	int st = no_children(c, n, place);

	if (!st && c->in_text)
		st = dbi_compile_fault(c, place, "a text with a key stands inside another one; write it out there");
	if (!st)
		st = dbi_texts_find(dbi_load_texts_of(c->load), dbi_node_attr(n, "key"), place, &entry, c->err);
	if (st)
		return st;
	c->doc = entry->doc;
	c->in_text = true;
	st = dbi_compile_children(c, entry->node, dbi_node_first(entry->node), list);
	c->in_text = false;
	c->doc = outer;
	return st;
}

static int compile_literal(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	const char *s = dbi_node_text(n);

	if (dbi_node_attr(n, "key"))
		return compile_keyed(c, n, place, list);
	if (!s)
		return dbi_compile_fault(c, place, "t:text holds elements; it takes text only");
	if (!c->inside)
		return dbi_compile_fault(c, place, "t:text stands outside the letter element; move it inside");
	return *s ? dbi_compile_add_text(c, s, list) : DBRIEF_OK;
}

static int compile_variable(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_VARIABLE, place);
	int st = no_children(c, n, place);

	if (!op)
		return dbi_error_memory(c->err);
	if (!st)
		st = add_select(c, n, "select", place, false, &op->select);
	return st ? st : scope_add(c, place, dbi_node_attr(n, "name"), op->select, false, &op->slot);
}

static int compile_if(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	struct dbi_op_list body = { NULL, &body.first };
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_IF, place);
	int st;

	if (!op)
		return dbi_error_memory(c->err);
	st = add_select(c, n, "test", place, false, &op->select);
	if (!st)
		st = dbi_compile_children(c, n, dbi_node_first(n), &body);
	op->first = body.first;
	return st;
}

static int compile_otherwise(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	struct dbi_op_list body = { NULL, &body.first };
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_IF, place);
	int st;

	if (!op)
		return dbi_error_memory(c->err);
	st = dbi_template_check_attrs(dbi_template_rule("otherwise"), n, place, c->err);
	if (!st)
		st = dbi_compile_children(c, n, dbi_node_first(n), &body);
	op->first = body.first;
	return st;
}

static int compile_branch(struct dbi_compile *c, const dbi_xml_node *n, bool *closed, struct dbi_op_list *branches)
{
	const char *place;
	int st;

	if (dbi_node_is_text(n) && dbi_is_blank(dbi_node_text(n)))
		return DBRIEF_OK;
	if (!dbi_is_instruction(n, "when") && !dbi_is_instruction(n, "otherwise"))
		return dbi_compile_fault(c, dbi_compile_place(c, dbi_node_is_text(n) ? dbi_node_parent(n) : n),
		    "t:choose holds t:when and t:otherwise only; move this into one of them");
	place = dbi_compile_place(c, n);
	if (*closed)
		return dbi_compile_fault(c, place, "t:otherwise must come last in t:choose; move it to the end");
	*closed = dbi_is_instruction(n, "otherwise");
	if (*closed)
		return compile_otherwise(c, n, place, branches);
	st = dbi_template_check_attrs(dbi_template_rule("when"), n, place, c->err);
	return st ? st : compile_if(c, n, place, branches);
}

static int compile_choose(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	struct dbi_op_list branches = { NULL, &branches.first };
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_CHOOSE, place);
	const dbi_xml_node *child;
	bool closed = false;
	int st = DBRIEF_OK;

	if (!op)
		return dbi_error_memory(c->err);
	for (child = dbi_node_first(n); child && !st; child = dbi_node_next(child))
		st = compile_branch(c, child, &closed, &branches);
	op->first = branches.first;
	if (!st && (!op->first || !op->first->select))
		st = dbi_compile_fault(c, place, "t:choose has no t:when; add one");
	return st;
}

/* A word out of two; false when it is neither. */
static bool one_of(const char *value, const char *no, const char *yes, bool *out)
{
	*out = value && strcmp(value, yes) == 0;
	return !value || *out || strcmp(value, no) == 0;
}

static int compile_sort(struct dbi_compile *c, const dbi_xml_node *n, const struct dbi_sort_key ***tail)
{
	const char *place = dbi_compile_place(c, n);
	struct dbi_sort_key *key = dbi_arena_calloc(&c->tmpl->arena, 1, sizeof(*key));
	int st = dbi_template_check_attrs(dbi_template_rule("sort"), n, place, c->err);

	if (!key)
		return dbi_error_memory(c->err);
	if (!st)
		st = no_children(c, n, place);
	if (!st && !one_of(dbi_node_attr(n, "order"), "ascending", "descending", &key->descending))
		st = dbi_compile_fault(c, place, "order is not ascending or descending; write one of these");
	if (!st && !one_of(dbi_node_attr(n, "type"), "text", "number", &key->number))
		st = dbi_compile_fault(c, place, "type is not text or number; write one of these");
	if (!st)
		st = add_select(c, n, "select", place, false, &key->select);
	**tail = key;
	*tail = &key->next;
	return st;
}

static int compile_sorts(struct dbi_compile *c, const dbi_xml_node *n, struct dbi_op *op, const dbi_xml_node **rest)
{
	const struct dbi_sort_key **tail = &op->sorts;
	const dbi_xml_node *child;
	int st = DBRIEF_OK;

	*rest = dbi_node_first(n);
	for (child = *rest; child && !st; child = dbi_node_next(child)) {
		if (dbi_is_instruction(child, "sort")) {
			st = compile_sort(c, child, &tail);
			*rest = dbi_node_next(child);
		} else if (!dbi_node_is_text(child) || !dbi_is_blank(dbi_node_text(child))) {
			break;
		}
	}
	return st;
}

static int compile_for(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	struct dbi_op_list body = { NULL, &body.first };
	const struct dbi_scope *scope = c->scope;
	const struct dbi_template_xpath *context = c->context;
	struct dbi_op *op = dbi_compile_add(c, list, DBI_OP_FOR, place);
	const char *as = dbi_node_attr(n, "as"), *limit = dbi_node_attr(n, "limit");
	const dbi_xml_node *rest = NULL;
	int64_t most = 0;
	int st;

	if (!op)
		return dbi_error_memory(c->err);
	if (limit && (!dbi_parse_int(limit, strlen(limit), &most) || most < 1 || most > 1000000))
		return dbi_compile_fault(c, place, "limit is not a whole number from 1 to 1000000; correct it");
	op->len = (size_t)most;
	st = add_select(c, n, "select", place, false, &op->select);
	c->context = op->select;
	if (!st && as)
		st = scope_add(c, place, as, op->select, true, &op->slot);
	if (!st)
		st = compile_sorts(c, n, op, &rest);
	if (!st)
		st = dbi_compile_children(c, n, rest, &body);
	op->first = body.first;
	c->context = context;
	c->scope = scope;
	return st;
}

static int compile_include(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list)
{
	const dbi_xml_doc *outer = c->doc, *doc = NULL;
	const dbi_xml_node *root;
	int st = no_children(c, n, place);

	if (!st && c->in_text)
		st = dbi_compile_fault(c, place, "a file is included by a text with a key; include it where the text is used");
	if (!st)
		st = dbi_load_enter(c->load, dbi_node_attr(n, "href"), place, &doc, c->err);
	if (st)
		return st;
	c->doc = doc;
	root = dbi_xml_root(doc);
	if (!dbi_is_instruction(root, "fragment"))
		st = dbi_compile_fault(c, dbi_compile_place(c, root), "an included file must have the root t:fragment; wrap its content");
	else
		st = dbi_template_check_attrs(dbi_template_rule("fragment"), root, dbi_compile_place(c, root), c->err);
	if (!st)
		st = dbi_compile_children(c, root, dbi_node_first(root), list);
	c->doc = outer;
	dbi_load_leave(c->load);
	return st;
}

static int misplaced(struct dbi_compile *c, const char *name, const char *place)
{
	const char *what = strcmp(name, "sort") == 0 ? "at the start of t:for-each" :
	    strcmp(name, "when") == 0 || strcmp(name, "otherwise") == 0 ? "in t:choose" : "at the root of a file";

	return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "t:%s stands only %s; move it", name, what);
}

int dbi_compile_instruction(struct dbi_compile *c, const dbi_xml_node *n, struct dbi_op_list *list)
{
	static const struct {
		const char *name;
		int (*compile)(struct dbi_compile *c, const dbi_xml_node *n, const char *place, struct dbi_op_list *list);
	} table[] = {
		{ "value-of", compile_value }, { "for-each", compile_for }, { "if", compile_if }, { "choose", compile_choose },
		{ "variable", compile_variable }, { "include", compile_include }, { "text", compile_literal },
	};
	const char *place = dbi_compile_place(c, n);
	const struct dbi_element_rule *rule = dbi_template_rule(dbi_node_name(n));
	size_t i;
	int st;

	if (!rule)
		return dbi_template_unknown(n, place, c->err);
	for (i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, rule->name) == 0) {
			st = dbi_template_check_attrs(rule, n, place, c->err);
			return st ? st : table[i].compile(c, n, place, list);
		}
	return misplaced(c, rule->name, place);
}

