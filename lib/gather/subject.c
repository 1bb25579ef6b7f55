/* SPDX-License-Identifier: MIT */
#include "gather/subject.h"

#include <stdio.h>
#include <string.h>
#include "gather/joined.h"
#include "util/mem.h"
#include "xml/form.h"

#define MAX_LINES 5
#define MAX_REASON 160
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* One element of <subject>: what it selects and where it stands. */
struct part {
	const char *element, *name; /* name: of a flag or hold */
	const char *select, *missing, *place; /* missing: the default, or NULL */
	const char *reason; /* of a flag or hold, or NULL */
	bool hold; /* raised, it holds the letter */
};
struct dbi_subject_map {
	struct dbi_arena arena;
	struct part *parts; size_t n; /* in the order of the model, then the hold rules */
};
struct dbi_subject_eval {
	const dbi_subject_map *map;
	dbi_xpath_ctx *ctx;
	dbi_joined **texts;        /* by part; of flags and hold rules: */
	dbi_xpath **tests;
	struct dbi_buf text, line;
};

static const char *const order[] = { "name", "representative", "salutation", "line", "country", "language", "flag" };
static const struct dbi_xpath_function no_functions[] = { { NULL, NULL, 0, 0 } };

/* ---- reading ---- */

struct name_check { const struct dbi_form *f; const dbi_xml_node *n; };

static int check_name(void *ctx, char kind, const char *name, size_t args)
{
	const struct name_check *c = ctx;
	(void)args;
	if (kind == 'v')
		return dbi_form_error(c->f, c->n, "the select of <%s> uses a variable; there are none here",
		    dbi_node_name(c->n));
	if (kind == 'f' && strchr(name, ':'))
		return dbi_form_error(c->f, c->n,
		    "the select of <%s> uses %.40s(); only functions of XPath 1.0 are known here",
		    dbi_node_name(c->n), name);
	return DBRIEF_OK;
}

static int check_select(const struct dbi_form *f, const dbi_xml_node *n, const char *select)
{
	struct name_check check = { f, n };
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	dbi_xpath *compiled = NULL;
	size_t column = 0;
	int rc = dbi_xpath_compile(&compiled, select, &column, &e);
	dbi_xpath_free(compiled);
	if (rc != DBRIEF_OK)
		return dbi_form_error(f, n, "the select of <%s> fails at its character %zu: %.150s",
		    dbi_node_name(n), column + 1, e.text);
	return dbi_xpath_names(select, check_name, &check);
}

/* A flag holds the letter unless the configuration says otherwise. */
static int read_hold(const struct dbi_form *f, const dbi_xml_node *n, bool *hold)
{
	const char *text = NULL;
	int rc = dbi_form_attr(f, n, "hold", &text);
	*hold = !text || strcmp(text, "no") != 0;
	if (rc == DBRIEF_OK && text && *hold && strcmp(text, "yes") != 0)
		rc = dbi_form_error(f, n, "hold is neither yes nor no; write one of these");
	return rc;
}

static int read_part(const struct dbi_form *f, const dbi_xml_node *n, struct part *p)
{
	bool flag = dbi_node_is(n, "flag"), hold = dbi_node_is(n, "hold");
	int rc = dbi_form_attrs(f, n, hold ? "name! select! reason!" : flag ? "name! select! hold? reason?" : "select! default?");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "select", &p->select);
	if (rc == DBRIEF_OK)
		rc = check_select(f, n, p->select);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "name", &p->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "default", &p->missing);
	if (rc == DBRIEF_OK && (flag || hold))
		rc = dbi_form_attr(f, n, "reason", &p->reason);
	if (rc == DBRIEF_OK && p->reason && strlen(p->reason) > MAX_REASON)
		rc = dbi_form_error(f, n, "the reason is longer than %d bytes; shorten it", MAX_REASON);
	p->hold = hold;
	if (rc == DBRIEF_OK && flag)
		rc = read_hold(f, n, &p->hold);
	p->place = dbi_form_place(f, n);
	return rc == DBRIEF_OK && !p->place ? dbi_form_memory(f) : rc;
}

/* All elements of one name below `parent`. */
static int read_named(const struct dbi_form *f, const dbi_xml_node *parent, const char *name, dbi_subject_map *map)
{
	for (const dbi_xml_node *n = dbi_node_child(parent, name); n; n = dbi_node_sibling(n, name)) {
		struct part *p = &map->parts[map->n];
		int rc = read_part(f, n, p);
		if (rc != DBRIEF_OK)
			return rc;
		p->element = name;
		for (size_t k = 0; p->name && k < map->n; k++)
			if (strcmp(map->parts[k].element, name) == 0 && strcmp(map->parts[k].name, p->name) == 0)
				return dbi_form_error(f, n, "a %s '%.60s' stands above; name each once", name, p->name);
		map->n++;
	}
	return DBRIEF_OK;
}

static size_t count(const dbi_xml_node *parent, const char *name)
{
	size_t n = 0;
	for (const dbi_xml_node *c = parent ? dbi_node_child(parent, name) : NULL; c; c = dbi_node_sibling(c, name))
		n++;
	return n;
}

/* The hold rules stand beside <subject>. */
static int read_parts(const struct dbi_form *f, const dbi_xml_node *node, const dbi_xml_node *root,
    dbi_subject_map *map)
{
	int rc = DBRIEF_OK;
	if (count(node, "line") > MAX_LINES)
		return dbi_form_error(f, node, "<subject> has more than %d <line>; join some", MAX_LINES);
	map->parts = dbi_arena_calloc(f->arena, count(node, NULL) + count(root, "hold"), sizeof *map->parts);
	if (!map->parts)
		return dbi_form_memory(f);
	for (size_t i = 0; rc == DBRIEF_OK && i < sizeof order / sizeof *order; i++)
		rc = read_named(f, node, order[i], map);
	return rc == DBRIEF_OK && root ? read_named(f, root, "hold", map) : rc;
}

int dbi_subject_map_read(dbi_subject_map **out, const dbi_xml_doc *doc, const dbi_xml_node *node,
    const dbi_xml_node *root, struct dbrief_error *err)
{
	dbi_subject_map *map = dbi_calloc(1, sizeof *map);
	struct dbi_form f = { doc, dbi_node_ns(node), NULL, err };
	int rc;
	*out = NULL;
	if (!map)
		return dbi_form_memory(&f);
	f.arena = &map->arena;
	rc = dbi_form_attrs(&f, node, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&f, node, "name! representative salutation line+ country language flag*");
	if (rc == DBRIEF_OK)
		rc = read_parts(&f, node, root, map);
	if (rc == DBRIEF_OK)
		*out = map;
	else
		dbi_subject_map_free(map);
	return rc;
}

void dbi_subject_map_free(dbi_subject_map *map)
{
	if (!map)
		return;
	dbi_arena_dispose(&map->arena);
	dbi_free(map);
}

/* ---- evaluating ---- */

int dbi_subject_eval_new(dbi_subject_eval **out, const dbi_subject_map *map, struct dbrief_error *err)
{
	dbi_subject_eval *ev = dbi_calloc(1, sizeof *ev);
	size_t column = 0;
	int rc;
	*out = NULL;
	if (!ev)
		return dbi_error_memory(err);
	ev->map = map;
	ev->texts = dbi_calloc(map->n, sizeof *ev->texts);
	ev->tests = dbi_calloc(map->n, sizeof *ev->tests);
	rc = ev->texts && ev->tests ? dbi_xpath_ctx_new(&ev->ctx, no_functions, NULL, NULL, err) : dbi_error_memory(err);
	for (size_t i = 0; rc == DBRIEF_OK && i < map->n; i++)
		rc = map->parts[i].name ? dbi_xpath_compile(&ev->tests[i], map->parts[i].select, &column, err)
		    : dbi_joined_compile(&ev->texts[i], map->parts[i].select, err);
	if (rc == DBRIEF_OK)
		*out = ev;
	else
		dbi_subject_eval_free(ev);
	return rc;
}

void dbi_subject_eval_free(dbi_subject_eval *ev)
{
	if (!ev)
		return;
	for (size_t i = 0; ev->texts && i < ev->map->n; i++)
		dbi_joined_free(ev->texts[i]);
	for (size_t i = 0; ev->tests && i < ev->map->n; i++)
		dbi_xpath_free(ev->tests[i]);
	dbi_free(ev->texts);
	dbi_free(ev->tests);
	dbi_xpath_ctx_free(ev->ctx);
	dbi_buf_dispose(&ev->text);
	dbi_buf_dispose(&ev->line);
	dbi_free(ev);
}

static int part_error(const struct part *p, int cause, const char *what, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FAILED, cause, p->place, "the <%s> of the subject %s", p->element, what);
}

/* The text of part i into ev->line: what is selected, else the default. */
static int part_text(dbi_subject_eval *ev, size_t i, dbi_xml_node *root, struct dbrief_error *err)
{
	const struct part *p = &ev->map->parts[i];
	bool found = false;
	int rc;
	dbi_buf_clear(&ev->text);
	dbi_buf_clear(&ev->line);
	rc = dbi_joined_text(ev->texts[i], ev->ctx, root, &ev->text, &found, err);
	if (rc != DBRIEF_OK)
		return dbi_error_prefix(err, rc, "%s", p->place);
	if (!found && !p->missing)
		return part_error(p, DBRIEF_CAUSE_INCOMPLETE, "selects nothing; correct select or add default", err);
	dbi_form_collapse(&ev->line, ev->text.data ? ev->text.data : "");
	/* An empty address line stays empty and is dropped. */
	if (ev->line.len == 0 && p->missing && (!found || strcmp(p->element, "line")))
		dbi_form_collapse(&ev->line, p->missing);
	return ev->text.failed || ev->line.failed ? dbi_error_memory(err) : DBRIEF_OK;
}

static const char *line_of(const dbi_subject_eval *ev)
{
	return ev->line.data ? ev->line.data : "";
}

static bool is_language(const char *s)
{
	size_t n = strspn(s, LETTERS);
	if (n < 2 || n > 3)
		return false;
	for (s += n; *s == '-'; s += n + 1) {
		n = strspn(s + 1, LETTERS DIGITS);
		if (n < 2 || n > 8)
			return false;
	}
	return *s == 0;
}

int dbi_subject_language(dbi_subject_eval *ev, dbi_xml_doc *model, struct dbi_buf *lang,
    struct dbrief_error *err)
{
	dbi_xml_node *root = dbi_xml_root(model);
	const char *own = dbi_node_attr(root, "lang");
	for (size_t i = 0; i < ev->map->n; i++) {
		int rc;
		if (strcmp(ev->map->parts[i].element, "language"))
			continue;
		rc = part_text(ev, i, root, err);
		if (rc != DBRIEF_OK)
			return rc;
		if (!is_language(line_of(ev)))
			return part_error(&ev->map->parts[i], DBRIEF_CAUSE_VALUE,
			    "is no language tag such as de; correct it at the source", err);
		own = line_of(ev);
	}
	dbi_buf_adds(lang, own ? own : "de");
	return lang->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

/* ---- joining ---- */

/* The rules that hold this letter. */
struct holding { const struct part *first; struct dbi_buf others; };

static int is_raised(dbi_subject_eval *ev, size_t i, dbi_xml_node *root, bool *raised, struct dbrief_error *err)
{
	const struct part *p = &ev->map->parts[i];
	int rc = dbi_xpath_test(ev->ctx, ev->tests[i], root, 1, 1, raised, err);
	*raised = *raised && rc == DBRIEF_OK;
	return rc == DBRIEF_OK ? rc : dbi_error_prefix(err, rc, "%s", p->place);
}

/* A flag of the model. One that holds is noted: all rules that apply are named together. */
static int join_flag(dbi_subject_eval *ev, size_t i, dbi_xml_node *root, dbi_xml_node *subject,
    struct holding *holding, struct dbrief_error *err)
{
	const struct part *p = &ev->map->parts[i];
	bool raised = false, rule = strcmp(p->element, "hold") == 0;
	int rc = is_raised(ev, i, root, &raised, err);
	dbi_xml_node *n;
	if (rc != DBRIEF_OK)
		return rc;
	if (raised && p->hold) {
		if (holding->first)
			dbi_buf_addf(&holding->others, "%s%s", holding->others.len ? ", " : "", p->name);
		else
			holding->first = p;
	}
	if (rule)
		return DBRIEF_OK;
	n = dbi_node_add(subject, "flag");
	if (!n || !dbi_node_set(n, "name", p->name) || !dbi_node_set(n, "value", raised ? "true" : "false"))
		return dbi_error_memory(err);
	return DBRIEF_OK;
}

static int hold(const struct holding *holding, struct dbrief_error *err)
{
	const struct part *p = holding->first;
	char where[192];
	if (!p)
		return DBRIEF_OK;
	snprintf(where, sizeof where, "%s / rule %s", p->place, p->name);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_HOLD, where,
	    "%s%s%.60s; a person must decide what becomes of this letter", p->reason ? p->reason : "the rule applies",
	    holding->others.len ? ", and also: " : "", holding->others.len ? holding->others.data : "");
}

static int join_country(dbi_subject_eval *ev, const struct part *p, const char *lang, dbi_xml_node *subject,
    dbi_format *format,
    struct dbrief_error *err)
{
	char code[3] = "";
	dbi_xml_node *n;
	int rc;
	if (ev->line.len != 2 || strspn(line_of(ev), LETTERS) != 2)
		return part_error(p, DBRIEF_CAUSE_VALUE,
		    "is no ISO 3166 code of two letters; correct it at the source", err);
	for (size_t i = 0; i < 2; i++)
		code[i] = (char)(ev->line.data[i] & ~0x20);
	dbi_buf_clear(&ev->text);
	rc = dbi_format_country(format, lang, code, &ev->text, err);
	if (rc != DBRIEF_OK)
		return dbi_error_prefix(err, rc, "%s", p->place);
	n = dbi_node_add(subject, "country");
	if (ev->text.failed || !n || !dbi_node_set(n, "code", code) || !dbi_node_add_text(n, ev->text.data,
	    ev->text.len))
		return dbi_error_memory(err);
	return DBRIEF_OK;
}

static int join_part(dbi_subject_eval *ev, size_t i, const char *lang, dbi_xml_node *root,
    dbi_xml_node *subject,
    dbi_format *format, size_t *lines, struct holding *holding, struct dbrief_error *err)
{
	const struct part *p = &ev->map->parts[i];
	dbi_xml_node *n;
	int rc;
	if (p->name)
		return join_flag(ev, i, root, subject, holding, err);
	if (strcmp(p->element, "language") == 0)
		return DBRIEF_OK;
	rc = part_text(ev, i, root, err);
	if (rc != DBRIEF_OK)
		return rc;
	if (ev->line.len == 0)
		return strcmp(p->element, "name") == 0
		    ? part_error(p, DBRIEF_CAUSE_INCOMPLETE, "is empty; correct it at the source", err)
		    : DBRIEF_OK;
	if (strcmp(p->element, "country") == 0)
		return join_country(ev, p, lang, subject, format, err);
	*lines += strcmp(p->element, "line") == 0;
	n = dbi_node_add(subject, p->element);
	return n && dbi_node_add_text(n, ev->line.data, ev->line.len) ? DBRIEF_OK : dbi_error_memory(err);
}

int dbi_subject_join(dbi_subject_eval *ev, dbi_xml_doc *model, dbi_format *format, struct dbrief_error *err)
{
	dbi_xml_node *root = dbi_xml_root(model), *subject = dbi_node_child(root, "subject");
	struct holding holding = { NULL, DBI_BUF_INIT };
	struct dbi_buf lang = DBI_BUF_INIT;
	size_t lines = 0;
	int rc;
	if (!subject)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_STATE, "",
		    "the model has no place for the subject; build it first");
	rc = dbi_subject_language(ev, model, &lang, err);
	if (rc == DBRIEF_OK && !dbi_node_set(subject, "lang", lang.data))
		rc = dbi_error_memory(err);
	for (size_t i = 0; rc == DBRIEF_OK && i < ev->map->n; i++)
		rc = join_part(ev, i, lang.data, root, subject, format, &lines, &holding, err);
	if (rc == DBRIEF_OK && lines == 0)
		rc = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "subject",
		    "every address line of the subject is empty; correct the address at the source");
	if (rc == DBRIEF_OK)
		rc = hold(&holding, err);
	dbi_buf_dispose(&holding.others);
	dbi_buf_dispose(&lang);
	return rc;
}
