/* SPDX-License-Identifier: MIT */
/* Running the program over a model: a letter tree, or the reason why not. */
#include <string.h>
#include "template/eval.h"
#include "util/limits.h"
#include "util/mem.h"

static int run_list(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at);

static const struct dbi_xvalue *variable(void *user, const char *name)
{
	const dbi_template_eval *ev = user;
	size_t i;

	for (i = 0; ev->now && i < ev->now->n_vars; i++)
		if (strcmp(ev->now->vars[i].name, name) == 0)
			return &ev->slots[ev->now->vars[i].slot];
	return NULL;
}

/* ---- one thread's state ---- */

static int compile_all(dbi_template_eval *ev, struct dbrief_error *err)
{
	const dbi_template *t = ev->tmpl;
	size_t i, column;
	int st = DBRIEF_OK;

	ev->compiled = dbi_calloc(t->n_xpaths + 1, sizeof(*ev->compiled));
	ev->slots = dbi_calloc(t->n_slots + 1u, sizeof(*ev->slots));
	if (!ev->compiled || !ev->slots)
		return dbi_error_memory(err);
	for (i = 0; i < t->n_xpaths && !st; i++)
		st = dbi_xpath_compile(&ev->compiled[i], t->xpaths[i]->text, &column, err);
	return st;
}

int dbi_template_eval_new(dbi_template_eval **out, const dbi_template *tmpl, const struct dbi_env *env, struct dbrief_error *err)
{
	dbi_template_eval *ev = dbi_calloc(1, sizeof(*ev));
	int st;

	*out = NULL;
	if (!ev)
		return dbi_error_memory(err);
	ev->tmpl = tmpl;
	if (env)
		ev->env = *env;
	st = dbi_format_new(&ev->format, err);
	if (!st)
		st = dbi_xpath_ctx_new(&ev->xpath, dbi_template_functions, variable, ev, err);
	if (!st)
		st = compile_all(ev, err);
	if (st) {
		dbi_template_eval_free(ev);
		return st;
	}
	*out = ev;
	return DBRIEF_OK;
}

static void forget(dbi_template_eval *ev)
{
	size_t i;

	for (i = 0; ev->slots && i < ev->tmpl->n_slots; i++) {
		dbi_xvalue_dispose(&ev->slots[i]);
		memset(&ev->slots[i], 0, sizeof(ev->slots[i]));
	}
	ev->letter = NULL;
	ev->now = NULL;
	ev->current = NULL;
	ev->err = NULL;
	ev->ops = 0;
	ev->bytes = 0;
	dbi_buf_clear(&ev->text);
	dbi_buf_clear(&ev->attr);
	dbi_buf_clear(&ev->value);
}

void dbi_template_eval_free(dbi_template_eval *ev)
{
	size_t i;

	if (!ev)
		return;
	forget(ev);
	for (i = 0; ev->compiled && i < ev->tmpl->n_xpaths; i++)
		dbi_xpath_free(ev->compiled[i]);
	dbi_xpath_ctx_free(ev->xpath);
	dbi_free(ev->compiled);
	dbi_free(ev->slots);
	dbi_format_free(ev->format);
	dbi_buf_dispose(&ev->text);
	dbi_buf_dispose(&ev->attr);
	dbi_buf_dispose(&ev->value);
	dbi_free(ev);
}

/* ---- expressions ---- */

int dbi_eval_count(dbi_template_eval *ev, size_t n, const char *place)
{
	ev->ops += n;
	if (ev->ops <= DBI_MAX_TEMPLATE_OPS)
		return DBRIEF_OK;
	return dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, place,
	    "the letter needs more than %d instructions; simplify the template", DBI_MAX_TEMPLATE_OPS);
}

int dbi_eval_xpath(dbi_template_eval *ev, const struct dbi_template_xpath *xp, const struct dbi_at *at, struct dbi_xvalue *out)
{
	int st;

	ev->now = xp;
	ev->current = at->node;
	st = dbi_xpath_eval(ev->xpath, ev->compiled[xp->index], at->node, at->position, at->size, out, ev->err);
	ev->now = NULL;
	return st ? dbi_error_prefix(ev->err, st, "%s", xp->place) : DBRIEF_OK;
}

static int found_nothing(dbi_template_eval *ev, const struct dbi_template_xpath *xp, bool attribute)
{
	return dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, xp->place,
	    attribute ? "{%.100s} found nothing in the model; correct it or write {string(...)}" :
	    "\"%.100s\" found nothing in the model; correct it or give default=\"\"", xp->text);
}

/* Appends an expression's text. `op` gives the default; NULL: an attribute's expression. */
static int add_value(dbi_template_eval *ev, const struct dbi_template_xpath *xp, const struct dbi_op *op, const struct dbi_at *at,
    struct dbi_buf *out)
{
	bool found;
	int st;

	ev->now = xp;
	ev->current = at->node;
	st = dbi_xpath_text(ev->xpath, ev->compiled[xp->index], at->node, at->position, at->size, out, &found, ev->err);
	if (st)
		return dbi_error_prefix(ev->err, st, "%s", xp->place);
	if (!found && (!op || !op->name))
		return found_nothing(ev, xp, !op);
	if (!found)
		dbi_buf_add(out, op->name, op->len);
	return out->failed ? dbi_error_memory(ev->err) : DBRIEF_OK;
}

/* ---- the letter ---- */

static int count_bytes(dbi_template_eval *ev, size_t n, const char *place)
{
	ev->bytes += n;
	if (ev->bytes <= DBI_MAX_MODEL_BYTES)
		return DBRIEF_OK;
	return dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, place, "the letter holds more than %u bytes of text; print less",
	    DBI_MAX_MODEL_BYTES);
}

/* Puts the gathered text into the tree, as one node. */
static int flush(dbi_template_eval *ev, dbi_xml_node *parent, const char *place)
{
	bool good;

	if (ev->text.len == 0)
		return DBRIEF_OK;
	good = !ev->text.failed && dbi_node_add_text(parent, ev->text.data, ev->text.len);
	if (!good)
		return dbi_error_memory(ev->err);
	if (count_bytes(ev, ev->text.len, place))
		return DBRIEF_FAILED;
	dbi_buf_clear(&ev->text);
	return DBRIEF_OK;
}

static int set_attr(dbi_template_eval *ev, const struct dbi_op_attr *attr, dbi_xml_node *n, const struct dbi_at *at, const char *place)
{
	const struct dbi_avt *p;
	int st = DBRIEF_OK;

	if (attr->constant)
		return dbi_node_set(n, attr->name, attr->constant) ? DBRIEF_OK : dbi_error_memory(ev->err);
	dbi_buf_clear(&ev->attr);
	for (p = attr->parts; p && !st; p = p->next) {
		if (p->xpath)
			st = add_value(ev, p->xpath, NULL, at, &ev->attr);
		else
			dbi_buf_add(&ev->attr, p->text, p->len);
	}
	if (st)
		return st;
	if (ev->attr.failed || !dbi_node_set(n, attr->name, ev->attr.data ? ev->attr.data : ""))
		return dbi_error_memory(ev->err);
	return count_bytes(ev, ev->attr.len, place);
}

static dbi_xml_node *add_element(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent)
{
	if (parent)
		return dbi_node_add(parent, op->name);
	ev->letter = dbi_xml_new(op->name);
	return ev->letter ? dbi_xml_root(ev->letter) : NULL;
}

static int run_element(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	const struct dbi_op_attr *attr;
	const char *lang = ev->lang, *own;
	dbi_xml_node *n;
	int st;

	if (!parent && ev->letter)
		return dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, op->place, "a second letter begins here; make only one");
	st = parent ? flush(ev, parent, op->place) : DBRIEF_OK;
	if (st)
		return st;
	n = add_element(ev, op, parent);
	if (!n)
		return dbi_error_memory(ev->err);
	for (attr = op->attrs; attr && !st; attr = attr->next) {
		st = set_attr(ev, attr, n, at, op->place);
		if (!st && attr == op->attrs && strcmp(attr->name, "lang") == 0 && (own = dbi_node_attr(n, "lang")) && *own)
			ev->lang = own;
	}
	if (!st)
		st = run_list(ev, op->first, n, at);
	if (!st)
		st = flush(ev, n, op->place);
	ev->lang = lang;
	return st;
}

/* ---- instructions ---- */

static int test(dbi_template_eval *ev, const struct dbi_op *op, const struct dbi_at *at, bool *yes)
{
	int st;

	*yes = true;
	if (!op->select)
		return DBRIEF_OK;
	ev->now = op->select;
	ev->current = at->node;
	st = dbi_xpath_test(ev->xpath, ev->compiled[op->select->index], at->node, at->position, at->size, yes, ev->err);
	return st ? dbi_error_prefix(ev->err, st, "%s", op->select->place) : DBRIEF_OK;
}

static int run_if(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	bool yes;
	int st = test(ev, op, at, &yes);

	return st || !yes ? st : run_list(ev, op->first, parent, at);
}

static int run_choose(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	const struct dbi_op *branch;
	bool yes;
	int st;

	for (branch = op->first; branch; branch = branch->next) {
		st = test(ev, branch, at, &yes);
		if (st)
			return st;
		if (yes)
			return run_list(ev, branch->first, parent, at);
	}
	return DBRIEF_OK;
}

static int run_variable(dbi_template_eval *ev, const struct dbi_op *op, const struct dbi_at *at)
{
	struct dbi_xvalue v = { 0 };
	int st = dbi_eval_xpath(ev, op->select, at, &v);

	if (st)
		return st;
	dbi_xvalue_dispose(&ev->slots[op->slot]);
	ev->slots[op->slot] = v;
	return DBRIEF_OK;
}

int dbi_eval_set_item(dbi_template_eval *ev, uint32_t slot, dbi_xml_node *node)
{
	struct dbi_xvalue *v;

	if (slot == DBI_NO_SLOT)
		return DBRIEF_OK;
	v = &ev->slots[slot];
	if (!v->nodes) {
		v->kind = DBI_X_NODES;
		v->nodes = dbi_malloc(sizeof(*v->nodes));
		if (!v->nodes)
			return dbi_error_memory(ev->err);
	}
	v->nodes[0] = node;
	v->n = 1;
	return DBRIEF_OK;
}

static int run_for(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	struct dbi_xvalue v = { 0 };
	struct dbi_at each = { NULL, 0, 0 };
	int st = dbi_eval_xpath(ev, op->select, at, &v);
	size_t i;

	if (!st && v.kind != DBI_X_NODES)
		st = dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, op->place,
		    "t:for-each goes over nodes, but \"%.100s\" gives a single value; select nodes", op->select->text);
	if (!st && op->sorts)
		st = dbi_eval_sort(ev, op, &v);
	each.size = op->len && v.n > op->len ? op->len : v.n;
	for (i = 0; i < each.size && !st; i++) {
		each.node = v.nodes[i];
		each.position = i + 1;
		st = dbi_eval_set_item(ev, op->slot, each.node);
		if (!st)
			st = dbi_eval_count(ev, 1, op->place);
		if (!st)
			st = run_list(ev, op->first, parent, &each);
	}
	dbi_xvalue_dispose(&v);
	return st;
}

static int run_op(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	switch (op->kind) {
	case DBI_OP_TEXT:
		dbi_buf_add(&ev->text, op->name, op->len);
		return ev->text.failed ? dbi_error_memory(ev->err) : DBRIEF_OK;
	case DBI_OP_ELEMENT: return run_element(ev, op, parent, at);
	case DBI_OP_VALUE: return add_value(ev, op->select, op, at, &ev->text);
	case DBI_OP_FOR: return run_for(ev, op, parent, at);
	case DBI_OP_IF: return run_if(ev, op, parent, at);
	case DBI_OP_CHOOSE: return run_choose(ev, op, parent, at);
	case DBI_OP_VARIABLE: return run_variable(ev, op, at);
	}
	return DBRIEF_OK;
}

/* The depth of the recursion is that of the elements, bounded at load by DBI_MAX_TEMPLATE_DEPTH. */
static int run_list(dbi_template_eval *ev, const struct dbi_op *op, dbi_xml_node *parent, const struct dbi_at *at)
{
	int st = DBRIEF_OK;

	for (; op && !st; op = op->next) {
		st = dbi_eval_count(ev, 1, op->place);
		if (!st)
			st = run_op(ev, op, parent, at);
	}
	return st;
}

int dbi_template_run(dbi_template_eval *ev, const dbi_xml_doc *model, dbi_xml_doc **letter, struct dbrief_error *err)
{
	struct dbi_at at = { dbi_xml_root(model), 1, 1 };
	int st;

	*letter = NULL;
	forget(ev);
	ev->err = err;
	ev->lang = ev->tmpl->lang;
	st = run_list(ev, ev->tmpl->program, NULL, &at);
	if (!st && !ev->letter)
		st = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, ev->tmpl->path,
		    "the template made no letter for this model; let one case always apply");
	if (st)
		dbi_xml_free(ev->letter);
	else
		*letter = ev->letter;
	forget(ev);
	return st;
}
