/* SPDX-License-Identifier: MIT */
/* L01 to L06, L09 to L11: what the letter must say about the data themselves. */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"

void dbi_lint_each_field(struct dbi_lint *l, dbi_lint_field_fn check)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++) {
			const struct dbi_collection_decl *c = &s->sources[i].collections[k];

			for (size_t j = 0; j < c->n_fields && !l->stop; j++)
				check(l, &s->sources[i], c, &c->fields[j]);
		}
}

bool dbi_lint_used(const struct dbi_lint *l, const struct activity *a)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++)
			if (strcmp(s->sources[i].collections[k].activity, a->id) == 0)
				return true;
	return strcmp(a->id, "datenbrief") == 0;
}

void dbi_lint_need_role(struct dbi_lint *l, const char *role, const char *needed, const char *what)
{
	for (size_t i = 0; i < l->n_samples && !l->stop; i++) {
		const char *text = dbi_lint_role(l, &l->samples[i], role, NULL);

		if (!text || !*text) {
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter has no part that %s; add it, marked role=\"%s\"", what, role);
			return;
		}
		if (needed && !strstr(text, dbi_lint_plain(l, needed))) {
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the part role=\"%s\" does not print what it is for; it must be one that %s",
			    role, what);
			return;
		}
	}
}

/* ---- texts of the register that every letter prints ---- */

static bool prints_all(struct dbi_lint *l, const char *text)
{
	for (size_t i = 0; i < l->n_samples; i++)
		if (!dbi_lint_prints(l, &l->samples[i], text))
			return false;
	return true;
}

static void need_text(struct dbi_lint *l, const char *text, const char *what, const char *of)
{
	if (!l->stop && !prints_all(l, text))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter does not print %s of '%s'; add it to the template", what, of);
}

typedef void (*activity_fn)(struct dbi_lint *l, const struct activity *a);

static void each_activity(struct dbi_lint *l, activity_fn check)
{
	for (size_t i = 0; i < l->reg->n_activities && !l->stop; i++)
		if (dbi_lint_used(l, &l->reg->activities[i]))
			check(l, &l->reg->activities[i]);
}

void dbi_lint_l01(struct dbi_lint *l)
{
	dbi_lint_need_role(l, "confirmation", NULL, "confirms that data on the person are processed");
}

/* ---- L02: every value ---- */

struct unprinted { const char *first; unsigned n; };

static void find_unprinted(struct dbi_lint *l, const struct dbi_lint_sample *s, const dbi_xml_node *record, struct unprinted *u)
{
	for (const dbi_xml_node *f = dbi_node_child(record, "field"); f; f = dbi_node_sibling(f, "field")) {
		const char *text = dbi_node_text(f), *name = dbi_node_attr(f, "name");

		if (!text || dbi_lint_prints(l, s, text))
			continue;
		if (!u->n++)
			u->first = name;
	}
}

static void check_printed(struct dbi_lint *l, const struct dbi_lint_sample *s, const dbi_xml_node *collection, const char *name)
{
	struct unprinted u = { NULL, 0 };

	for (const dbi_xml_node *r = dbi_node_child(collection, "record"); r && !l->stop; r = dbi_node_sibling(r, "record")) {
		find_unprinted(l, s, r, &u);
		for (const dbi_xml_node *c = dbi_node_child(r, "collection"); c; c = dbi_node_sibling(c, "collection"))
			check_printed(l, s, c, dbi_node_attr(c, "name"));
	}
	if (u.n)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter does not print the field '%s' of collection '%s'%s; "
		    "print every field", u.first, name, u.n > 1 ? ", and others of it" : "");
}

void dbi_lint_l02(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->n_samples; i++) {
		const dbi_xml_node *all = dbi_node_child(dbi_xml_root(l->samples[i].model), "collections");

		for (const dbi_xml_node *c = dbi_node_child(all, "collection"); c && !l->stop; c = dbi_node_sibling(c, "collection"))
			check_printed(l, &l->samples[i], c, dbi_node_attr(c, "name"));
	}
}

/* ---- L03 to L06 ---- */

static void check_purpose(struct dbi_lint *l, const struct activity *a)
{
	if (strcmp(a->purpose, a->name) == 0 || dbi_lint_words(a->purpose) < 4)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, a->purpose_place, "the purpose of '%s' is no more than a name; write in a sentence "
		    "what the data are needed for", a->id);
	need_text(l, a->purpose, "the purpose", a->id);
	for (size_t i = 0; i < a->n_bases; i++)
		need_text(l, a->bases[i].text, "the legal basis", a->id);
}

void dbi_lint_l03(struct dbi_lint *l)
{
	each_activity(l, check_purpose);
}

void dbi_lint_l04(struct dbi_lint *l)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++)
			/* Records within others stand below those, whose label says what they are. */
			if (!s->sources[i].collections[k].parent)
				need_text(l, s->sources[i].collections[k].label, "the label", s->sources[i].collections[k].name);
}

/* Words that stand for recipients who have a name. */
static bool is_vague(const char *name)
{
	static const char *const words[] = { "dienstleister", "unternehmen", "partner", "dritte", "auftragsverarbeiter", "behörden",
		"service providers", "providers", "partners", "third parties", "processors", "companies", "authorities", "various", "diverse" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (dbi_lint_contains(name, words[i]) && dbi_lint_words(name) <= dbi_lint_words(words[i]) + 1)
			return true;
	return false;
}

static void check_recipients(struct dbi_lint *l, const struct activity *a)
{
	for (size_t i = 0; i < a->n_disclosures; i++) {
		const struct disclosure *d = &a->disclosures[i];

		if (is_vague(d->to->name))
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, d->to->place, "the recipient '%s' is a kind of recipients; name who it is "
			    "(CJEU C-154/21)", d->to->id);
		need_text(l, d->to->name, "a recipient's name", a->id);
		need_text(l, d->data, "which data a recipient gets", a->id);
		need_text(l, d->text, "why a recipient gets data", a->id);
	}
}

void dbi_lint_l05(struct dbi_lint *l)
{
	each_activity(l, check_recipients);
}

static void check_retention(struct dbi_lint *l, const struct activity *a)
{
	if (dbi_lint_words(a->retention) < 3 && !a->period)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, a->retention_place, "the retention of '%s' names neither a period nor a rule; write "
		    "until when the data are kept", a->id);
	need_text(l, a->retention, "the retention", a->id);
}

/* A period without a day it starts from gives no date in the letter. */
static void check_since(struct dbi_lint *l)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++) {
			const struct dbi_collection_decl *c = &s->sources[i].collections[k];
			const struct activity *a = dbi_register_activity(l->reg, c->activity);

			if (a && a->period && !c->since && !c->parent)
				dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, c->place, "collection '%s' is kept for a period but names no day it "
				    "starts from; add since=\"FIELD\"", c->name);
		}
}

void dbi_lint_l06(struct dbi_lint *l)
{
	each_activity(l, check_retention);
	check_since(l);
}

/* ---- L09 to L11 ---- */

static void check_origin(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	const struct activity *a = dbi_register_activity(l->reg, c->activity);
	const char *origin = f->origin ? f->origin : c->origin ? c->origin : a ? a->origin : NULL;
	char field[256];

	(void)s;
	(void)snprintf(field, sizeof(field), "%s/%s", c->name, f->name);
	if (f->ignore_reason || f->sensitivity == DBI_SENS_SECRET)
		return;
	if (origin)
		need_text(l, origin, "the origin", field);
}

void dbi_lint_l09(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_origin);
}

static void check_derived(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	(void)s;
	if (f->ignore_reason || f->kind != DBI_KIND_DERIVED)
		return;
	if (!f->inputs || !f->meaning || !f->effect) {
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the derived field '%s' has no <%s>; say %s", f->name,
		    !f->inputs ? "inputs" : !f->meaning ? "meaning" : "effect",
		    !f->inputs ? "what it is computed from" : !f->meaning ? "how it is computed and what it means" :
		    "what follows from it for the person");
		return;
	}
	need_text(l, f->inputs, "the inputs", f->name);
	need_text(l, f->meaning, "the meaning", f->name);
	need_text(l, f->effect, "the effect", f->name);
	(void)c;
}

void dbi_lint_l10(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_derived);
}

/* EU, Iceland, Liechtenstein, Norway. */
static bool is_third_country(const char *code)
{
	return code && !dbi_lint_has_word("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO", code);
}

static void check_transfers(struct dbi_lint *l, const struct activity *a)
{
	for (size_t i = 0; i < a->n_disclosures; i++) {
		const struct disclosure *d = &a->disclosures[i];
		bool covered = !is_third_country(d->to->country);

		for (size_t k = 0; k < a->n_transfers && !covered; k++)
			covered = strcmp(a->transfers[k].country, d->to->country) == 0;
		if (!covered)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, d->place, "recipient '%s' is in %s, outside the EEA, and activity '%s' has no "
			    "transfer there; add <transfer country=\"%s\" instrument=\"...\">", d->to->id, d->to->country, a->id, d->to->country);
	}
	for (size_t k = 0; k < a->n_transfers; k++) {
		if (dbi_lint_words(a->transfers[k].text) < 5)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, a->transfers[k].place, "the transfer of '%s' does not explain its safeguard; write "
			    "which it is and where a copy can be had", a->id);
		need_text(l, a->transfers[k].text, "the transfer to a third country", a->id);
	}
}

void dbi_lint_l11(struct dbi_lint *l)
{
	each_activity(l, check_transfers);
}
