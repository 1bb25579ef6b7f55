/* SPDX-License-Identifier: MIT */
/* Steps of a path over the model's form. */
#include <stdio.h>
#include <string.h>
#include "api/lint_xpath.h"

#define RECORDS (DBI_BIT(RECORD) | DBI_BIT(FIELD) | DBI_BIT(COLUMN) | DBI_BIT(IGNORED))
#define COLLECTIONS (DBI_BIT(COLLECTION) | DBI_BIT(NESTED) | DBI_BIT(INNER))

enum axis {
	AXIS_CHILD, AXIS_ATTRIBUTE, AXIS_SELF, AXIS_PARENT, AXIS_DESCENDANT, AXIS_DESCENDANT_OR_SELF, AXIS_ANCESTOR,
	AXIS_ANCESTOR_OR_SELF, AXIS_FOLLOWING_SIBLING, AXIS_PRECEDING_SIBLING, AXIS_FOLLOWING, AXIS_PRECEDING, AXIS_NAMESPACE
};
static const char *const axes[] = { "child", "attribute", "self", "parent", "descendant", "descendant-or-self", "ancestor",
	"ancestor-or-self", "following-sibling", "preceding-sibling", "following", "preceding", "namespace" };

static struct dbi_kinds unknown(void)
{
	return (struct dbi_kinds){ .nodes = true, .any = true };
}

struct dbi_kinds dbi_xcheck_below(const struct dbi_kinds *of)
{
	struct dbi_kinds r = *of;

	if (r.any)
		return r;
	if (r.document)
		r.parts |= DBI_BIT(MODEL);
	r.parts |= dbi_form_parts_below(r.parts);
	r.text |= r.parts != 0;
	r.collection = NULL;
	r.direct = false;
	return r;
}

/* The nodes of the other axes, before the node test. */
static struct dbi_kinds along(enum axis axis, const struct dbi_kinds *c)
{
	struct dbi_kinds r = { .nodes = true };
	dbi_parts above = dbi_form_parts_parents(c->parts) | c->owners;

	switch (axis) {
	case AXIS_CHILD:
		r.parts = dbi_form_parts_children(c->parts) | (c->document ? DBI_BIT(MODEL) : 0);
		r.text = c->parts != 0;
		break;
	case AXIS_SELF:
		r.parts = c->parts;
		r.document = c->document;
		r.text = c->text;
		break;
	case AXIS_PARENT:
		r.parts = c->text ? above | c->parts : above;
		r.document = (c->parts & DBI_BIT(MODEL)) != 0;
		break;
	case AXIS_DESCENDANT:
	case AXIS_DESCENDANT_OR_SELF:
		r = dbi_xcheck_below(c);
		break;
	case AXIS_ANCESTOR:
	case AXIS_ANCESTOR_OR_SELF:
		r.parts = dbi_form_parts_above(c->parts) | c->owners | dbi_form_parts_above(c->owners);
		if (axis == AXIS_ANCESTOR_OR_SELF)
			r.parts |= c->parts;
		r.document = true;
		break;
	case AXIS_FOLLOWING_SIBLING:
	case AXIS_PRECEDING_SIBLING:
		r.parts = dbi_form_parts_children(dbi_form_parts_parents(c->parts));
		r.text = true;
		break;
	default:
		return unknown();
	}
	return r;
}

/* Records and fields stay with their collection as long as the path does not leave it. */
static void keep_collection(enum axis axis, const struct dbi_kinds *c, struct dbi_kinds *r)
{
	bool down = (axis == AXIS_CHILD && !(r->parts & COLLECTIONS)) || axis == AXIS_SELF || axis == AXIS_ATTRIBUTE;
	bool up = axis == AXIS_PARENT && !(c->parts & ~RECORDS) && !(c->owners & ~RECORDS);

	r->collection = down || up ? c->collection : NULL;
	r->collection_len = r->collection ? c->collection_len : 0;
}

static void say_none(struct dbi_xcheck *x, const struct dbi_kinds *c, const char *name, size_t len, dbi_parts candidates)
{
	const char *words[DBI_PART_COUNT + 1];
	const char *in = c->document ? "the document" : dbi_form_part_name(c->parts | c->owners);
	char hint[96];

	dbi_form_part_names(candidates, words, DBI_PART_COUNT + 1);
	dbi_xcheck_hint(hint, "", name, len, words, "see the model in doc/forms.md");
	dbi_lint_say(x->l, DBRIEF_SEVERITY_ERROR, x->place, "\"%.120s\": there is no <%.*s> there, seen from <%s>%s", x->text, (int)len, name,
	    in, hint);
}

static struct dbi_kinds attribute(struct dbi_xcheck *x, const struct dbi_kinds *c, const char *name, size_t len)
{
	struct dbi_kinds r = { .nodes = true, .attr = name, .attr_len = len, .direct = true };
	const char *words[64];
	char space[512], hint[96];

	if (c->any)
		return unknown();
	r.owners = dbi_form_parts_with(c->parts, name, len);
	keep_collection(AXIS_ATTRIBUTE, c, &r);
	if (r.owners)
		return r;
	dbi_form_part_attrs(c->parts, space, sizeof(space), words, 64);
	dbi_xcheck_hint(hint, "@", name, len, words, "see the model in doc/forms.md");
	dbi_lint_say(x->l, DBRIEF_SEVERITY_ERROR, x->place, "\"%.120s\": <%s> has no attribute %.*s%s", x->text, dbi_form_part_name(c->parts),
	    (int)len, name, hint);
	return unknown();
}

/* A name or * after the axis. */
static struct dbi_kinds name_test(struct dbi_xcheck *x, enum axis axis, const struct dbi_kinds *c)
{
	struct dbi_kinds r = axis == AXIS_ATTRIBUTE ? (struct dbi_kinds){ .nodes = true } : along(axis, c);
	const char *name = x->at;
	size_t len = *name == '*' ? 1 : dbi_xcheck_name(name);
	dbi_parts before = r.parts;

	x->at += len;
	if (!len || c->any || r.any || axis == AXIS_NAMESPACE)
		return unknown();
	if (axis == AXIS_ATTRIBUTE && *name != '*')
		return attribute(x, c, name, len);
	if (axis == AXIS_ATTRIBUTE) {
		r.owners = c->parts;
		return r;
	}
	r.text = r.document = false;
	if (*name != '*') {
		r.parts = dbi_form_parts_named(r.parts, name, len);
		if (!r.parts) {
			say_none(x, c, name, len, before);
			return unknown();
		}
	}
	keep_collection(axis, c, &r);
	return r;
}

/* node(), text(), comment(), processing-instruction(). False: not such a test. */
static bool type_test(struct dbi_xcheck *x, enum axis axis, const struct dbi_kinds *c, struct dbi_kinds *r)
{
	static const char *const types[] = { "node", "text", "comment", "processing-instruction" };
	size_t len = dbi_xcheck_name(x->at), i;
	const char *behind = x->at + len;

	behind += strspn(behind, " \t\r\n");
	for (i = 0; i < 4 && !(strlen(types[i]) == len && strncmp(types[i], x->at, len) == 0); i++)
		;
	if (i == 4 || *behind != '(')
		return false;
	x->at = strchr(behind, ')');
	x->at = x->at ? x->at + 1 : behind + strlen(behind);
	*r = c->any ? unknown() : along(axis, c);
	keep_collection(axis, c, r);
	if (i == 1) {
		r->parts = r->owners = 0;
		r->document = false;
		r->text = true;
	}
	return true;
}

static enum axis read_axis(struct dbi_xcheck *x)
{
	size_t len = dbi_xcheck_name(x->at);
	const char *behind = x->at + len;

	if (*x->at == '@') {
		x->at++;
		dbi_xcheck_blanks(x);
		return AXIS_ATTRIBUTE;
	}
	behind += strspn(behind, " \t\r\n");
	if (!len || behind[0] != ':' || behind[1] != ':')
		return AXIS_CHILD;
	for (size_t i = 0; i < sizeof(axes) / sizeof(*axes); i++)
		if (strlen(axes[i]) == len && strncmp(axes[i], x->at, len) == 0) {
			x->at = behind + 2;
			dbi_xcheck_blanks(x);
			return (enum axis)i;
		}
	x->at = behind + 2;
	return AXIS_NAMESPACE;
}

struct dbi_kinds dbi_xcheck_step(struct dbi_xcheck *x, const struct dbi_kinds *context)
{
	struct dbi_kinds r;
	enum axis axis;

	dbi_xcheck_blanks(x);
	if (x->at[0] == '.' && x->at[1] == '.') {
		x->at += 2;
		r = context->any ? unknown() : along(AXIS_PARENT, context);
		keep_collection(AXIS_PARENT, context, &r);
		return dbi_xcheck_predicates(x, r);
	}
	if (x->at[0] == '.') {
		x->at++;
		r = *context;
		r.nodes = true;
		r.direct = false;
		return dbi_xcheck_predicates(x, r);
	}
	axis = read_axis(x);
	if (!type_test(x, axis, context, &r))
		r = name_test(x, axis, context);
	return dbi_xcheck_predicates(x, r);
}
