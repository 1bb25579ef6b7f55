/* SPDX-License-Identifier: MIT */
/* Running the program over a model: a letter document, or the reason why not. */
#include <string.h>
#include "template/eval.h"
#include "util/limits.h"
#include "util/mem.h"

static int run_list(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at);

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
	ev->lent.len = 0;
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

/* An expression's text: lent, or appended to `out`. `op` gives the default; NULL: an attribute's expression. */
static int take_value(dbi_template_eval *ev, const struct dbi_template_xpath *xp, const struct dbi_op *op, const struct dbi_at *at,
    struct dbi_buf *out, struct dbi_xtext *lent)
{
	bool found;
	int st;

	if (dbi_xpath_lend_plain(ev->compiled[xp->index], at->node, lent, &found) && found)
		return DBRIEF_OK;
	ev->now = xp;
	ev->current = at->node;
	st = dbi_xpath_lend(ev->xpath, ev->compiled[xp->index], at->node, at->position, at->size, out, lent, &found, ev->err);
	if (st)
		return dbi_error_prefix(ev->err, st, "%s", xp->place);
	if (!found && (!op || !op->name))
		return found_nothing(ev, xp, !op);
	if (!found)
		*lent = (struct dbi_xtext){ op->name, op->len };
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

/* What was lent becomes the first of several pieces. */
static void take_over(dbi_template_eval *ev)
{
	if (ev->lent.len)
		dbi_buf_add(&ev->text, ev->lent.text, ev->lent.len);
	ev->lent.len = 0;
}

/* Adds text that outlives the letter. One piece alone is not copied. */
static int add_lent(dbi_template_eval *ev, struct dbi_xtext piece)
{
	if (!ev->text.len && !ev->lent.len) {
		ev->lent = piece;
		return DBRIEF_OK;
	}
	take_over(ev);
	dbi_buf_add(&ev->text, piece.text, piece.len);
	return ev->text.failed ? dbi_error_memory(ev->err) : DBRIEF_OK;
}

static int run_value(dbi_template_eval *ev, const struct dbi_op *op, const struct dbi_at *at)
{
	struct dbi_xtext lent;
	int st;

	take_over(ev);
	st = take_value(ev, op->select, op, at, &ev->text, &lent);
	return st || !lent.len ? st : add_lent(ev, lent);
}

static inline bool is_text_left(const dbi_template_eval *ev)
{
	return ev->lent.len || ev->text.len;
}

static int put_text(dbi_template_eval *ev, struct dbi_draft_node *parent, struct dbi_xtext text, const char *place)
{
	return dbi_draft_add_text(ev->letter, parent, text.text, text.len) ? count_bytes(ev, text.len, place) : dbi_error_memory(ev->err);
}

/* Puts the gathered text, if any, into the letter, as one node. */
static int flush(dbi_template_eval *ev, struct dbi_draft_node *parent, const char *place)
{
	struct dbi_xtext text = ev->lent;

	if (!is_text_left(ev))
		return DBRIEF_OK;
	if (!text.len) {
		text.len = ev->text.len;
		text.text = ev->text.failed ? NULL : dbi_arena_strndup(&ev->letter->arena, ev->text.data, text.len);
		dbi_buf_clear(&ev->text);
	}
	ev->lent.len = 0;
	return text.text ? put_text(ev, parent, text, place) : dbi_error_memory(ev->err);
}

/* What a simple element holds: it needs not be gathered. */
static int run_simple(dbi_template_eval *ev, const struct dbi_op *element, struct dbi_draft_node *n, const struct dbi_at *at)
{
	const struct dbi_op *op = element->first;
	struct dbi_xtext text = { op->name, op->len };
	int st = dbi_eval_count(ev, 1, op->place);

	if (!st && op->kind == DBI_OP_VALUE)
		st = take_value(ev, op->select, op, at, &ev->text, &text);
	if (st)
		return st;
	return text.len ? put_text(ev, n, text, element->place) : flush(ev, n, element->place);
}

/* The text of an attribute put together from parts. One part alone that is lent is not copied. */
static int make_value(dbi_template_eval *ev, const struct dbi_op_attr *attr, const struct dbi_at *at, struct dbi_xtext *value)
{
	struct dbi_xtext piece = { NULL, 0 };
	const struct dbi_avt *p;
	int st = DBRIEF_OK;

	dbi_buf_clear(&ev->attr);
	for (p = attr->parts; p && !st; p = p->next) {
		if (p->xpath)
			st = take_value(ev, p->xpath, NULL, at, &ev->attr, &piece);
		else
			piece = (struct dbi_xtext){ p->text, p->len };
		if (!st && piece.len && p == attr->parts && !p->next) {
			*value = piece;
			return DBRIEF_OK;
		}
		if (!st && piece.len)
			dbi_buf_add(&ev->attr, piece.text, piece.len);
	}
	if (st)
		return st;
	value->len = ev->attr.len;
	value->text = ev->attr.failed ? NULL : dbi_arena_strndup(&ev->letter->arena, ev->attr.data ? ev->attr.data : "", ev->attr.len);
	return value->text ? DBRIEF_OK : dbi_error_memory(ev->err);
}

static int set_attr(dbi_template_eval *ev, const struct dbi_op_attr *attr, struct dbi_draft_node *n, const struct dbi_at *at, const char *place)
{
	struct dbi_xtext value = { attr->constant, 0 };
	int st = attr->constant ? DBRIEF_OK : make_value(ev, attr, at, &value);

	if (st)
		return st;
	if (!dbi_draft_set(ev->letter, n, attr->name, attr->word, value.text))
		return dbi_error_memory(ev->err);
	return count_bytes(ev, value.len, place);
}

/* The language of an element goes for the formats in it; where it has one, it is the first attribute. */
static int set_attrs(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *n, const struct dbi_at *at)
{
	const struct dbi_op_attr *attr;
	int st = DBRIEF_OK;

	if (op->constant)
		n->attrs = op->constant;
	for (attr = op->attrs; attr && !st; attr = attr->next) {
		if (!op->constant)
			st = set_attr(ev, attr, n, at, op->place);
		if (!st && attr == op->attrs && attr->word == DBI_ATTR_LANG && *n->attrs->value)
			ev->lang = n->attrs->value;
	}
	return st;
}

static int run_element(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
{
	const char *lang = ev->lang;
	struct dbi_draft_node *n;
	int st = DBRIEF_OK;

	if (!parent && ev->letter->root)
		return dbi_error(ev->err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, op->place, "a second letter begins here; make only one");
	if (is_text_left(ev) && (st = flush(ev, parent, op->place)))
		return st;
	n = dbi_draft_add(ev->letter, parent, op->name, op->tag);
	if (!n)
		return dbi_error_memory(ev->err);
	if (op->attrs)
		st = set_attrs(ev, op, n, at);
	if (!st && op->simple)
		st = run_simple(ev, op, n, at);
	else if (!st)
		st = run_list(ev, op->first, n, at);
	if (!st && is_text_left(ev))
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

static int run_if(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
{
	bool yes;
	int st = test(ev, op, at, &yes);

	return st || !yes ? st : run_list(ev, op->first, parent, at);
}

static int run_choose(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
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

static int run_for(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
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

static int run_op(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
{
	switch (op->kind) {
	case DBI_OP_TEXT: return add_lent(ev, (struct dbi_xtext){ op->name, op->len });
	case DBI_OP_ELEMENT: return run_element(ev, op, parent, at);
	case DBI_OP_VALUE: return run_value(ev, op, at);
	case DBI_OP_FOR: return run_for(ev, op, parent, at);
	case DBI_OP_IF: return run_if(ev, op, parent, at);
	case DBI_OP_CHOOSE: return run_choose(ev, op, parent, at);
	case DBI_OP_VARIABLE: return run_variable(ev, op, at);
	}
	return DBRIEF_OK;
}

/* The depth of the recursion is that of the elements, bounded at load by DBI_MAX_TEMPLATE_DEPTH. */
static int run_list(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_draft_node *parent, const struct dbi_at *at)
{
	int st = DBRIEF_OK;

	for (; op && !st; op = op->next) {
		st = dbi_eval_count(ev, 1, op->place);
		if (!st)
			st = run_op(ev, op, parent, at);
	}
	return st;
}

int dbi_template_run(dbi_template_eval *ev, const dbi_xml_doc *model, struct dbi_draft *letter, struct dbrief_error *err)
{
	struct dbi_at at = { dbi_xml_root(model), 1, 1 };
	int st;

	dbi_draft_clear(letter);
	forget(ev);
	ev->letter = letter;
	ev->err = err;
	ev->lang = ev->tmpl->lang;
	st = run_list(ev, ev->tmpl->program, NULL, &at);
	if (!st && !letter->root)
		st = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, ev->tmpl->path,
		    "the template made no letter for this model; let one case always apply");
	if (st)
		dbi_draft_clear(letter);
	forget(ev);
	return st;
}
