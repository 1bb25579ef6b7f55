/* SPDX-License-Identifier: MIT */
/*
 * Templates: those of a configuration, each with the letters it is for, or one
 * by its path. Counted references, since sessions keep the compiled form of
 * those they used.
 */
#include <string.h>
#include "api/api.h"
#include "util/mem.h"

static int load_one(dbrief_template *t, const struct dbi_template_decl *decl, const char *path, struct dbrief_error *err)
{
	struct dbi_template_choice *choice = &t->choices[t->n_choices++];

	choice->decl = decl;
	return dbi_template_load(&choice->tmpl, path, err);
}

static int load_all(dbrief_template *t, const char *path, struct dbrief_error *err)
{
	const struct dbi_config *config = path ? NULL : t->engine->config;
	size_t n = config ? config->n_templates : 1;
	int status = DBRIEF_OK;

	t->choices = dbi_calloc(n, sizeof(*t->choices));
	if (!t->choices)
		return dbi_error_memory(err);
	for (size_t i = 0; i < n && status == DBRIEF_OK; i++)
		status = load_one(t, config ? &config->templates[i] : NULL, config ? config->templates[i].path : path, err);
	return status;
}

int dbrief_template_load(dbrief_template **tmpl, dbrief_engine *engine, const char *path,
    struct dbrief_error *err)
{
	dbrief_template *t;
	int status;

	dbrief_error_clear(err);
	if (!tmpl)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the template is NULL; pass its address");
	*tmpl = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!path && !(engine->config && engine->config->n_templates))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG,
		    engine->config ? dbi_xml_name(engine->config->doc) : "",
		    "no template is named; add <template href=\"...\"/> to the configuration or pass a path");
	t = dbi_calloc(1, sizeof(*t));
	if (!t)
		return dbi_error_memory(err);
	t->engine = engine;
	atomic_init(&t->refs, 1);
	status = load_all(t, path, err);
	if (status == DBRIEF_OK)
		*tmpl = t;
	else
		dbrief_template_free(t);
	return status;
}

void dbrief_template_free(dbrief_template *tmpl)
{
	if (!tmpl || atomic_fetch_sub(&tmpl->refs, 1) != 1)
		return;
	for (size_t i = 0; i < tmpl->n_choices; i++)
		dbi_template_free(tmpl->choices[i].tmpl);
	dbi_free(tmpl->choices);
	dbi_free(tmpl);
}

/* ---- the compiled forms of a session ---- */

static void drop(struct dbi_session_template *slot)
{
	for (size_t i = 0; slot->choices && i < slot->tmpl->n_choices; i++) {
		dbi_template_eval_free(slot->choices[i].eval);
		dbi_xpath_free(slot->choices[i].when);
	}
	dbi_free(slot->choices);
	dbi_xpath_ctx_free(slot->conditions);
	dbrief_template_free(slot->tmpl);
	*slot = (struct dbi_session_template){ NULL, NULL, NULL, 0 };
}

void dbi_session_templates_drop(dbrief_session *session)
{
	for (size_t i = 0; i < DBI_SESSION_TEMPLATES; i++)
		drop(&session->templates[i]);
}

static int compile_conditions(struct dbi_session_template *slot, struct dbrief_error *err)
{
	static const struct dbi_xpath_function none[] = { { NULL, NULL, 0, 0 } };
	int status = DBRIEF_OK;
	size_t column;

	for (size_t i = 0; i < slot->tmpl->n_choices && status == DBRIEF_OK; i++) {
		const struct dbi_template_decl *decl = slot->tmpl->choices[i].decl;

		if (!decl || !decl->when)
			continue;
		if (!slot->conditions)
			status = dbi_xpath_ctx_new(&slot->conditions, none, NULL, NULL, err);
		if (status == DBRIEF_OK)
			status = dbi_xpath_compile(&slot->choices[i].when, decl->when, &column, err);
	}
	return status;
}

/* The slot of a template, made on first use; the one longest unused makes room. */
static int find_slot(dbrief_session *session, dbrief_template *tmpl, struct dbi_session_template **out, struct dbrief_error *err)
{
	struct dbi_session_template *slot = &session->templates[0];
	int status;

	for (size_t i = 0; i < DBI_SESSION_TEMPLATES; i++) {
		struct dbi_session_template *s = &session->templates[i];

		if (s->tmpl == tmpl) {
			*out = s;
			return DBRIEF_OK;
		}
		if (s->used < slot->used || (!s->tmpl && slot->tmpl))
			slot = s;
	}
	drop(slot);
	(void)atomic_fetch_add(&tmpl->refs, 1);
	slot->tmpl = tmpl;
	slot->choices = dbi_calloc(tmpl->n_choices, sizeof(*slot->choices));
	status = slot->choices ? compile_conditions(slot, err) : dbi_error_memory(err);
	if (status != DBRIEF_OK)
		drop(slot);
	*out = slot;
	return status;
}

/* Is a language the wanted one, or a form of it, as de-AT is of de? */
static bool speaks(const char *lang, const char *wanted)
{
	size_t n = strlen(wanted);

	return lang && strncmp(lang, wanted, n) == 0 && (!lang[n] || lang[n] == '-');
}

static int fits(const struct dbi_session_template *slot, size_t i, const dbi_xml_doc *model, bool *yes, struct dbrief_error *err)
{
	const struct dbi_template_decl *decl = slot->tmpl->choices[i].decl;
	const dbi_xml_node *root = dbi_xml_root(model);
	const char *mode = dbi_node_attr(root, "mode");
	int status;

	*yes = !decl || ((!decl->mode || (mode && strcmp(mode, decl->mode) == 0)) &&
	    (!decl->lang || speaks(dbi_node_attr(root, "lang"), decl->lang)));
	if (!*yes || !slot->choices[i].when)
		return DBRIEF_OK;
	status = dbi_xpath_test(slot->conditions, slot->choices[i].when, (dbi_xml_node *)(uintptr_t)root, 1, 1, yes, err);
	return status == DBRIEF_OK ? status : dbi_error_prefix(err, status, "%s", decl->place);
}

static int none_fits(const dbrief_session *session, const dbi_xml_doc *model, struct dbrief_error *err)
{
	const dbi_xml_node *root = dbi_xml_root(model);
	const char *mode = dbi_node_attr(root, "mode"), *lang = dbi_node_attr(root, "lang");

	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONFIG, dbi_xml_name(session->engine->config->doc),
	    "no <template> is for this letter (mode %.20s, language %.20s); add one without conditions as the last", mode ? mode : "?",
	    lang ? lang : "?");
}

/* Is something stored, beside what the letter's own making leaves? */
static bool holds_data(const dbi_xml_doc *model)
{
	const dbi_xml_node *all = dbi_node_child(dbi_xml_root(model), "collections");

	for (const dbi_xml_node *c = all ? dbi_node_child(all, "collection") : NULL; c; c = dbi_node_sibling(c, "collection")) {
		const char *activity = dbi_node_attr(c, "activity");

		if (dbi_node_child(c, "record") && !(activity && strcmp(activity, "datenbrief") == 0))
			return true;
	}
	return false;
}

/* Does the model say that something is new, changed or gone since the last letter? */
static bool has_changed(const dbi_xml_doc *model)
{
	static const char *const counts[] = { "new", "changed", "gone" };
	const dbi_xml_node *changes = dbi_node_child(dbi_xml_root(model), "changes");

	for (size_t i = 0; changes && i < sizeof(counts) / sizeof(counts[0]); i++) {
		const char *n = dbi_node_attr(changes, counts[i]);

		if (n && strcmp(n, "0") != 0)
			return true;
	}
	return false;
}

/* Did a source not answer? */
static bool has_gaps(const dbi_xml_doc *model)
{
	const dbi_xml_node *sources = dbi_node_child(dbi_xml_root(model), "sources");
	const char *total = sources ? dbi_node_attr(sources, "total") : NULL;
	const char *complete = sources ? dbi_node_attr(sources, "complete") : NULL;

	return total && complete && strcmp(total, complete) != 0;
}

static const char *fault_of_short(const dbi_xml_doc *model, bool compared)
{
	const dbi_xml_node *root = dbi_xml_root(model);
	const char *mode = dbi_node_attr(root, "mode");

	if (mode && strcmp(mode, "request") == 0)
		return "a short letter is no answer to a request; give its <template> mode=\"yearly\"";
	if (compared && !dbi_node_child(root, "changes"))
		return "a short letter says that nothing has changed, but the ledger knows of no last letter; correct when of its <template>";
	if (has_changed(model))
		return "a short letter says that nothing has changed, but the ledger knows of changes; correct when of its <template>";
	if (has_gaps(model))
		return "a short letter says that nothing has changed, but not all sources answered; correct when of its <template>";
	return NULL;
}

static const char *fault_of_nothing(const dbi_xml_doc *model)
{
	if (holds_data(model))
		return "this letter says that nothing is stored, but there are records; correct when of its <template>";
	if (has_gaps(model))
		return "this letter says that nothing is stored, but not all sources answered; correct when of its <template>";
	return NULL;
}

/* A letter that leaves data out goes to nobody whose data it would hide. `compared`: with the last one, if there is any. */
static int check_kind(const dbi_template *tmpl, const dbi_xml_doc *model, bool compared, struct dbrief_error *err)
{
	enum dbi_template_kind kind = dbi_template_kind(tmpl);
	const char *fault = kind == DBI_TEMPLATE_SHORT ? fault_of_short(model, compared) :
	    kind == DBI_TEMPLATE_NOTHING ? fault_of_nothing(model) : NULL;

	return fault ? dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, dbi_template_path(tmpl), "%s", fault) : DBRIEF_OK;
}

int dbi_session_eval(dbrief_session *session, dbrief_template *tmpl, const dbi_xml_doc *model, const dbi_template **chosen,
    dbi_template_eval **eval, struct dbrief_error *err)
{
	struct dbi_session_template *slot = NULL;
	int status = find_slot(session, tmpl, &slot, err);
	bool yes = false;
	size_t i;

	for (i = 0; status == DBRIEF_OK && i < tmpl->n_choices; i++) {
		status = fits(slot, i, model, &yes, err);
		if (yes)
			break;
	}
	if (status == DBRIEF_OK && !yes)
		status = none_fits(session, model, err);
	if (status != DBRIEF_OK)
		return status;
	slot->used = session->letters;
	*chosen = tmpl->choices[i].tmpl;
	status = check_kind(*chosen, model, session->changes != NULL, err);
	if (status == DBRIEF_OK && !slot->choices[i].eval)
		status = dbi_template_eval_new(&slot->choices[i].eval, *chosen, &session->engine->env, err);
	*eval = slot->choices[i].eval;
	return status;
}
