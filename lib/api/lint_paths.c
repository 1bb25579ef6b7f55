/* SPDX-License-Identifier: MIT */
/* Every expression of template and subject mapping against the model's form and the names of the configuration. */
#include <stdio.h>
#include <string.h>
#include "api/lint_xpath.h"
#include "letter/style_rules.h"
#include "util/mem.h"

#define MAX_NAMES 512

void dbi_xcheck_hint(char out[96], const char *prefix, const char *word, size_t len, const char *const *candidates, const char *otherwise)
{
	const char *near;
	size_t n = 0;

	while (candidates[n])
		n++;
	near = dbi_suggest(word, len, candidates, n);
	if (near)
		(void)snprintf(out, 96, "; did you mean %s%.40s?", prefix, near);
	else
		(void)snprintf(out, 96, "; %s", otherwise);
}

/* ---- names in literals ---- */

struct names {
	const char *list[MAX_NAMES + 1];
	size_t n;
	const char *what;          /* they are names of */
};

static void add_name(struct names *names, const char *name)
{
	if (name && names->n < MAX_NAMES)
		names->list[names->n++] = name;
	names->list[names->n] = NULL;
}

static void add_fields(struct names *names, const struct dbi_collection_decl *c, bool ignored)
{
	for (size_t i = 0; i < c->n_fields; i++)
		if (!c->fields[i].ignore_reason == !ignored)
			add_name(names, c->fields[i].name);
}

static bool is_name(const char *name, const char *s, size_t len)
{
	return strlen(name) == len && memcmp(name, s, len) == 0;
}

enum declared { COLLECTION_NAMES, FIELD_NAMES, IGNORED_NAMES, SOURCE_IDS };

/* `in`: fields of collections of that name only. */
static void add_declared(struct names *names, const struct dbi_config *config, enum declared what, const char *in, size_t in_len)
{
	for (size_t i = 0; i < config->sources.n; i++) {
		const struct dbi_source_decl *s = &config->sources.sources[i];

		if (what == SOURCE_IDS)
			add_name(names, s->id);
		for (size_t k = 0; what != SOURCE_IDS && k < s->n_collections; k++) {
			const struct dbi_collection_decl *c = &s->collections[k];

			if (what == COLLECTION_NAMES)
				add_name(names, c->name);
			else if (!in || is_name(c->name, in, in_len))
				add_fields(names, c, what == IGNORED_NAMES);
		}
	}
}

static void add_flags(struct names *names, const struct dbi_config *config)
{
	const dbi_xml_node *map = dbi_node_child(dbi_xml_root(config->doc), "subject");

	for (const dbi_xml_node *f = map ? dbi_node_child(map, "flag") : NULL; f; f = dbi_node_sibling(f, "flag"))
		add_name(names, dbi_node_attr(f, "name"));
}

static void add_register(struct names *names, const dbi_register *reg, bool activities)
{
	for (size_t i = 0; activities && i < reg->n_activities; i++)
		add_name(names, reg->activities[i].id);
	for (size_t i = 0; !activities && i < reg->n_recipients; i++)
		add_name(names, reg->recipients[i].id);
	if (activities)
		add_name(names, "datenbrief");
}

#define COLLECTIONS (DBI_BIT(COLLECTION) | DBI_BIT(NESTED) | DBI_BIT(INNER))

/* The names an attribute can hold; false: they are not known. */
static bool find_names(const struct dbi_lint *l, const struct dbi_kinds *a, struct names *names)
{
	static const struct { dbi_parts of; const char *attr, *what; } table[] = {
		{ COLLECTIONS, "name", "collection" }, { DBI_BIT(FIELD) | DBI_BIT(COLUMN), "name", "field" },
		{ DBI_BIT(IGNORED), "name", "ignored field" }, { DBI_BIT(SOURCE), "id", "source" },
		{ DBI_BIT(COLLECTION), "source", "source" }, { DBI_BIT(ACTIVITY), "id", "activity" },
		{ COLLECTIONS, "activity", "activity" }, { DBI_BIT(DISCLOSURE), "recipient", "recipient" },
		{ DBI_BIT(FLAG), "name", "flag" },
	};
	size_t i = 0;

	while (i < sizeof(table) / sizeof(*table) && (a->owners & ~table[i].of || !is_name(table[i].attr, a->attr, a->attr_len)))
		i++;
	if (i == sizeof(table) / sizeof(*table))
		return false;
	names->what = table[i].what;
	if (i == 5 || i == 6 || i == 7)
		add_register(names, l->reg, i != 7);
	else if (i == 8)
		add_flags(names, l->config);
	else
		add_declared(names, l->config, i == 0 ? COLLECTION_NAMES : i == 1 ? FIELD_NAMES : i == 2 ? IGNORED_NAMES : SOURCE_IDS,
		    a->collection, a->collection_len);
	return true;
}

static void check_word(struct dbi_xcheck *x, const struct dbi_kinds *attr, const struct dbi_kinds *word)
{
	const char *values = dbi_form_part_values(attr->owners, attr->attr, attr->attr_len);

	for (const char *at = values; at && *at;) {
		size_t n = strcspn(at, " ");

		if (n == word->literal_len && memcmp(at, word->literal, n) == 0)
			return;
		at += n + (at[n] == ' ');
	}
	if (values && word->literal_len)
		dbi_lint_say(x->l, DBRIEF_SEVERITY_ERROR, x->place, "\"%.120s\": @%.*s is never '%.*s'; it is one of %s", x->text,
		    (int)attr->attr_len, attr->attr, (int)word->literal_len, word->literal, values);
}

void dbi_xcheck_literal(struct dbi_xcheck *x, const struct dbi_kinds *attr, const struct dbi_kinds *word)
{
	struct names names = { .n = 0 };
	char hint[96];

	if (attr->any || !attr->attr || !attr->owners || !word->literal)
		return;
	if (!find_names(x->l, attr, &names)) {
		check_word(x, attr, word);
		return;
	}
	for (size_t i = 0; i < names.n; i++)
		if (is_name(names.list[i], word->literal, word->literal_len))
			return;
	/* Of a collection that does not exist, no field does; that is said already. */
	if (!word->literal_len || !names.n || names.n == MAX_NAMES)
		return;
	dbi_xcheck_hint(hint, "", word->literal, word->literal_len, names.list, "see the configuration");
	dbi_lint_say(x->l, DBRIEF_SEVERITY_ERROR, x->place, "\"%.120s\": there is no %s '%.*s'%s", x->text, names.what,
	    (int)word->literal_len, word->literal, hint);
}

/* ---- the template's expressions ---- */

struct paths {
	struct dbi_lint *l;
	struct dbi_kinds *kinds;   /* by index, once known */
	bool *known;
	dbi_parts *touched;
	size_t n;
	const struct dbi_template_xpath *xp; /* at work */
};

static const struct dbi_kinds model_kinds = { .nodes = true, .parts = DBI_BIT(MODEL) };

static const struct dbi_kinds *kinds_of(struct paths *p, const struct dbi_template_xpath *xp);

static const struct dbi_kinds *variable(void *user, const char *name, size_t len)
{
	struct paths *p = user;

	for (size_t i = 0; i < p->xp->n_vars; i++)
		if (is_name(p->xp->vars[i].name, name, len))
			return kinds_of(p, p->xp->vars[i].value);
	return NULL;
}

/* Variables and contexts come before what uses them, so this ends. */
static const struct dbi_kinds *kinds_of(struct paths *p, const struct dbi_template_xpath *xp)
{
	const struct dbi_template_xpath *outer = p->xp;
	const struct dbi_kinds *context = &model_kinds;
	struct dbi_xcheck x = { .l = p->l, .text = xp->text, .variable = variable, .user = p };

	if (xp->index >= p->n || p->known[xp->index])
		return xp->index < p->n ? &p->kinds[xp->index] : NULL;
	p->known[xp->index] = true;
	if (xp->context)
		context = kinds_of(p, xp->context);
	p->xp = xp;
	x.place = dbi_lint_template_place(p->l, xp->place);
	x.current = *context;
	p->kinds[xp->index] = dbi_xcheck_run(&x, context);
	p->kinds[xp->index].direct = false;
	p->touched[xp->index] = x.touched;
	p->xp = outer;
	return &p->kinds[xp->index];
}

static int check_one(void *ctx, const struct dbi_template_xpath *xp)
{
	struct paths *p = ctx;

	(void)kinds_of(p, xp);
	return p->l->stop;
}

static int count_one(void *ctx, const struct dbi_template_xpath *xp)
{
	size_t *n = ctx;

	*n = xp->index + 1;
	return 0;
}

/* ---- the subject mapping ---- */

static void check_select(struct dbi_lint *l, const dbi_xml_node *n)
{
	struct dbi_xcheck x = { .l = l, .text = dbi_node_attr(n, "select"), .current = model_kinds };
	char place[128];

	dbi_node_place(l->config->doc, n, place);
	x.place = place;
	if (x.text)
		(void)dbi_xcheck_run(&x, &model_kinds);
}

/* The subject, who represents it, and the rules that hold a letter: a mistyped one would never hold. */
static void check_mapping(struct dbi_lint *l)
{
	const dbi_xml_node *root = dbi_xml_root(l->config->doc), *map = dbi_node_child(root, "subject");

	for (const dbi_xml_node *n = map ? dbi_node_child(map, NULL) : NULL; n; n = dbi_node_sibling(n, NULL)) {
		check_select(l, n);
		for (const dbi_xml_node *part = dbi_node_child(n, NULL); part; part = dbi_node_sibling(part, NULL))
			check_select(l, part);
	}
	for (const dbi_xml_node *n = dbi_node_child(root, "hold"); n; n = dbi_node_sibling(n, "hold"))
		check_select(l, n);
}

/* ---- L30: what shows in the window ---- */

struct window { struct paths *paths; unsigned inside; bool remark; const char *place; };

static int enter(void *ctx, const char *element, const char *role, const char *place)
{
	struct window *w = ctx;

	(void)role;
	w->place = place;
	if (w->inside || strcmp(element, "recipient") == 0 || strcmp(element, "return-address") == 0 || strcmp(element, "remark") == 0)
		w->inside++;
	w->remark |= strcmp(element, "remark") == 0;
	return 0;
}

static int leave(void *ctx, const char *element)
{
	struct window *w = ctx;

	w->inside -= w->inside > 0;
	if (strcmp(element, "remark") == 0)
		w->remark = false;
	return 0;
}

static int select_inside(void *ctx, const struct dbi_template_xpath *xp)
{
	const dbi_parts allowed = DBI_BIT(MODEL) | DBI_BIT(CONTROLLER) | DBI_BIT(SUBJECT) | DBI_BIT(NAME) | DBI_BIT(LINE) | DBI_BIT(COUNTRY) |
	    DBI_BIT(REPRESENTED) | DBI_BIT(REPRESENTATIVE) | DBI_BIT(SALUTATION) | DBI_BIT(FLAG);
	struct window *w = ctx;
	struct dbi_lint *l = w->paths->l;

	if (w->inside && xp->index < w->paths->n && w->paths->touched[xp->index] & ~allowed)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, dbi_lint_template_place(l, xp->place), "\"%.120s\" puts <%s> into the window of the "
		    "envelope; only name and address of subject and controller may show there", xp->text,
		    dbi_form_part_name(w->paths->touched[xp->index] & ~allowed));
	return l->stop;
}

static int text_inside(void *ctx, const char *s, size_t len)
{
	static const char *const remarks[] = { "Nicht nachsenden", "Bei Umzug mit neuer Anschrift zurück", "Do not forward", "Please do not forward",
		"If moved, return with the new address", "Persönlich", "Personal", "Vertraulich", "Confidential" };
	struct window *w = ctx;
	struct dbi_lint *l = w->paths->l;
	char text[128];

	if (!w->remark || len >= sizeof(text))
		return 0;
	memcpy(text, s, len);
	text[len] = '\0';
	while (len && strchr("!. \n\t", text[len - 1]))
		text[--len] = '\0';
	s = dbi_lint_plain(l, text);
	for (size_t i = 0; i < sizeof(remarks) / sizeof(*remarks); i++)
		if (strcmp(s, remarks[i]) == 0)
			return 0;
	if (*s)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, dbi_lint_template_place(l, w->place), "the remark in the window says something of its own; \"Nicht nachsenden!\" and "
		    "\"Bei Umzug mit neuer Anschrift zurück!\" may stand there");
	return l->stop;
}

static const struct dbi_lint_rule window_rule = { "L30", "Art. 5(1)(f), 32 GDPR", NULL, 0 };

static void check_window(struct paths *p)
{
	static const struct dbi_template_visitor visitor = { enter, leave, text_inside, select_inside };
	struct window w = { p, 0, false, "" };

	p->l->rule = &window_rule;
	(void)dbi_template_walk(p->l->tmpl, &visitor, &w);
}

/* A field of a special or secret kind is no part of an address. */
static void check_window_field(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	static const char *const parts[] = { "name", "line", "country" };
	const dbi_xml_node *map = dbi_node_child(dbi_xml_root(l->config->doc), "subject");
	char quoted[160], place[128];

	(void)s;
	if (f->ignore_reason || f->sensitivity == DBI_SENS_NORMAL)
		return;
	(void)snprintf(quoted, sizeof(quoted), "@name='%.60s'", f->name);
	for (size_t i = 0; i < 3; i++)
		for (const dbi_xml_node *n = dbi_node_child(map, parts[i]); n; n = dbi_node_sibling(n, parts[i])) {
			const char *select = dbi_node_attr(n, "select");

			if (!select || !strstr(select, quoted) || !strstr(select, c->name))
				continue;
			dbi_node_place(l->config->doc, n, place);
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, place, "the field '%s' is sensitive and would show in the window of the envelope; "
			    "take another one", f->name);
		}
}

void dbi_lint_l30(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_window_field);
}

void dbi_lint_condition(struct dbi_lint *l, const char *when, const char *place)
{
	static const struct dbi_lint_rule rule = { "path", "", dbi_lint_paths, 0 };
	struct dbi_xcheck x = { .l = l, .text = when, .current = model_kinds, .place = place };

	l->rule = &rule;
	(void)dbi_xcheck_run(&x, &model_kinds);
	if (x.touched & DBI_BIT(CHANGES) && !l->config->ledger)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, place, "\"%.120s\": the configuration has no <ledger>, so no letter is compared with "
		    "the last one and <changes> is in no model; add one, or correct the condition", when);
}

void dbi_lint_paths(struct dbi_lint *l)
{
	struct paths p = { .l = l };

	(void)dbi_template_each_xpath(l->tmpl, count_one, &p.n);
	p.kinds = dbi_calloc(p.n + 1, sizeof(*p.kinds));
	p.known = dbi_calloc(p.n + 1, sizeof(*p.known));
	p.touched = dbi_calloc(p.n + 1, sizeof(*p.touched));
	if (p.kinds && p.known && p.touched) {
		(void)dbi_template_each_xpath(l->tmpl, check_one, &p);
		check_mapping(l);
		if (!l->stop)
			check_window(&p);
	} else {
		dbi_lint_memory(l);
	}
	dbi_free(p.kinds);
	dbi_free(p.known);
	dbi_free(p.touched);
}
