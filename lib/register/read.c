/* SPDX-License-Identifier: MIT */
#include "register/rules.h"

#include <string.h>
#include "util/mem.h"
#include "util/number.h"
#include "xml/form.h"
#include "xml/schemas.h"

#define REGISTER_NS "urn:datenbrief:register:1"

static const char roles[] = "processor controller joint authority";
static const char instruments[] = "adequacy scc bcr consent contract";

static size_t count(const dbi_xml_node *n, const char *name)
{
	size_t i = 0;
	for (n = dbi_node_child(n, name); n; n = dbi_node_sibling(n, name))
		i++;
	return i;
}

static int check_country(const struct dbi_form *f, const dbi_xml_node *n, const char *code)
{
	if (!code || (strlen(code) == 2 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2))
		return DBRIEF_OK;
	return dbi_form_error(f, n, "the country is no ISO 3166 code; write two capital letters such as DE");
}

/* ---- recipients ---- */

static int read_recipient(const struct dbi_form *f, const dbi_xml_node *n, struct recipient *r)
{
	int role, rc = dbi_form_attrs(f, n, "id! role!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "name! line* country");
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "role", roles, 0, &role);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "id", &r->id);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "role", &r->role);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "name", true, &r->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "country", true, &r->country);
	r->n_lines = count(n, "line");
	r->place = dbi_form_place(f, n);
	return rc == DBRIEF_OK ? check_country(f, n, r->country) : rc;
}

static int read_recipients(const struct dbi_form *f, const dbi_xml_node *root, dbi_register *reg)
{
	size_t n = count(root, "recipient");
	reg->recipients = dbi_arena_calloc(&reg->arena, n + 1, sizeof *reg->recipients);
	if (!reg->recipients)
		return dbi_form_memory(f);
	for (const dbi_xml_node *r = dbi_node_child(root, "recipient"); r;
	    r = dbi_node_sibling(r, "recipient")) {
		struct recipient *to = &reg->recipients[reg->n_recipients];
		int rc = read_recipient(f, r, to);
		if (rc != DBRIEF_OK)
			return rc;
		for (size_t i = 0; i < reg->n_recipients; i++)
			if (strcmp(reg->recipients[i].id, to->id) == 0)
				return dbi_form_error(f, r,
				    "a recipient with the id '%s' stands above; give each its own id", to->id);
		reg->n_recipients++;
	}
	return DBRIEF_OK;
}

/* ---- activities ---- */

static int read_bases(const struct dbi_form *f, const dbi_xml_node *n, struct activity *a)
{
	a->bases = dbi_arena_calloc(f->arena, count(n, "legal-basis") + 1, sizeof *a->bases);
	if (!a->bases)
		return dbi_form_memory(f);
	for (n = dbi_node_child(n, "legal-basis"); n; n = dbi_node_sibling(n, "legal-basis")) {
		struct legal_basis *b = &a->bases[a->n_bases++];
		int rc = dbi_form_attrs(f, n, "article!");
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, n, "article", &b->article);
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(f, n, true, true, &b->text);
		b->place = dbi_form_place(f, n);
		if (rc != DBRIEF_OK)
			return rc;
	}
	return DBRIEF_OK;
}

static const struct recipient *find_recipient(const dbi_register *reg, const char *id)
{
	for (size_t i = 0; i < reg->n_recipients; i++)
		if (strcmp(reg->recipients[i].id, id) == 0)
			return &reg->recipients[i];
	return NULL;
}

static int read_disclosures(const struct dbi_form *f, const dbi_xml_node *n, const dbi_register *reg,
    struct activity *a)
{
	a->disclosures = dbi_arena_calloc(f->arena, count(n, "disclosure") + 1, sizeof *a->disclosures);
	if (!a->disclosures)
		return dbi_form_memory(f);
	for (n = dbi_node_child(n, "disclosure"); n; n = dbi_node_sibling(n, "disclosure")) {
		struct disclosure *d = &a->disclosures[a->n_disclosures++];
		int rc = dbi_form_attrs(f, n, "recipient! data!");
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, n, "recipient", &d->recipient);
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, n, "data", &d->data);
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(f, n, true, true, &d->text);
		d->place = dbi_form_place(f, n);
		if (rc != DBRIEF_OK)
			return rc;
		d->to = find_recipient(reg, d->recipient);
		if (!d->to)
			return dbi_form_error(f, n,
			    "there is no recipient '%s'; add <recipient id=\"%s\"> to the register",
			    d->recipient, d->recipient);
	}
	return DBRIEF_OK;
}

static int read_transfers(const struct dbi_form *f, const dbi_xml_node *n, struct activity *a)
{
	a->transfers = dbi_arena_calloc(f->arena, count(n, "transfer") + 1, sizeof *a->transfers);
	if (!a->transfers)
		return dbi_form_memory(f);
	for (n = dbi_node_child(n, "transfer"); n; n = dbi_node_sibling(n, "transfer")) {
		struct transfer *t = &a->transfers[a->n_transfers++];
		int instrument, rc = dbi_form_attrs(f, n, "country! instrument!");
		if (rc == DBRIEF_OK)
			rc = dbi_form_word(f, n, "instrument", instruments, 0, &instrument);
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, n, "country", &t->country);
		if (rc == DBRIEF_OK)
			rc = check_country(f, n, t->country);
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, n, "instrument", &t->instrument);
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(f, n, true, true, &t->text);
		t->place = dbi_form_place(f, n);
		if (rc != DBRIEF_OK)
			return rc;
	}
	return DBRIEF_OK;
}

static int read_retention(const struct dbi_form *f, const dbi_xml_node *n, struct activity *a)
{
	struct dbi_date probe = { 2000, 1, 1 };
	int from, rc = dbi_form_attrs(f, n, "period from");
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "from", "date year-end", 0, &from);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "period", &a->period);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "from", &a->from);
	if (rc == DBRIEF_OK)
		rc = dbi_form_text(f, n, true, true, &a->retention);
	if (rc != DBRIEF_OK)
		return rc;
	if (a->period && !dbi_date_add_period(&probe, a->period))
		return dbi_form_error(f, n, "the period is none of ISO 8601; write P10Y, P6M or P30D");
	if (a->from && !a->period)
		return dbi_form_error(f, n,
		    "<retention> has from but no period; add period=\"P10Y\" or remove from");
	return DBRIEF_OK;
}

/* Where its texts stand; NULL when out of memory, which costs a message its place only. */
static void read_places(const struct dbi_form *f, const dbi_xml_node *n, struct activity *a)
{
	a->place = dbi_form_place(f, n);
	a->purpose_place = dbi_form_place(f, dbi_node_child(n, "purpose"));
	a->retention_place = dbi_form_place(f, dbi_node_child(n, "retention"));
	a->origin_place = dbi_form_place(f, dbi_node_child(n, "origin"));
}

static int read_activity(const struct dbi_form *f, const dbi_xml_node *n, const dbi_register *reg,
    struct activity *a)
{
	int rc = dbi_form_attrs(f, n, "id!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n,
		    "name! purpose! persons legal-basis+ disclosure* transfer* retention! origin!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "id", &a->id);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "name", true, &a->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "purpose", true, &a->purpose);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "origin", true, &a->origin);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "persons", true, &a->persons);
	if (rc == DBRIEF_OK)
		rc = read_bases(f, n, a);
	if (rc == DBRIEF_OK)
		rc = read_disclosures(f, n, reg, a);
	if (rc == DBRIEF_OK)
		rc = read_transfers(f, n, a);
	if (rc == DBRIEF_OK)
		rc = read_retention(f, dbi_node_child(n, "retention"), a);
	if (rc == DBRIEF_OK)
		read_places(f, n, a);
	return rc;
}

static int read_activities(const struct dbi_form *f, const dbi_xml_node *root, dbi_register *reg)
{
	reg->activities = dbi_arena_calloc(&reg->arena, count(root, "activity") + 1, sizeof *reg->activities);
	if (!reg->activities)
		return dbi_form_memory(f);
	for (const dbi_xml_node *n = dbi_node_child(root, "activity"); n; n = dbi_node_sibling(n, "activity")) {
		struct activity *a = &reg->activities[reg->n_activities];
		int rc = read_activity(f, n, reg, a);
		if (rc != DBRIEF_OK)
			return rc;
		if (dbi_register_has(reg, a->id))
			return dbi_form_error(f, n,
			    "an activity with the id '%s' stands above; give each its own id", a->id);
		reg->n_activities++;
	}
	return DBRIEF_OK;
}

/* ---- the whole ---- */

int dbi_register_from_node(dbi_register **out, const dbi_xml_doc *doc, const dbi_xml_node *node,
    struct dbrief_error *err)
{
	dbi_register *reg = dbi_calloc(1, sizeof *reg);
	struct dbi_form f = { doc, REGISTER_NS, NULL, err };
	int rc;
	*out = NULL;
	if (!reg)
		return dbi_form_memory(&f);
	f.arena = &reg->arena;
	if (!dbi_node_is(node, "register") || strcmp(dbi_node_ns(node), REGISTER_NS))
		rc = dbi_form_error(&f, node,
		    "this is no register; begin it with <register xmlns=\"" REGISTER_NS "\" version=\"...\">");
	else
		rc = dbi_form_attrs(&f, node, "version!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&f, node, "recipient* activity+ security");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(&f, node, "version", &reg->version);
	reg->place = dbi_form_place(&f, node);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(&f, node, "security", true, &reg->security);
	if (rc == DBRIEF_OK)
		rc = read_recipients(&f, node, reg);
	if (rc == DBRIEF_OK)
		rc = read_activities(&f, node, reg);
	if (rc == DBRIEF_OK)
		*out = reg;
	else
		dbi_register_free(reg);
	return rc;
}

int dbi_register_load(dbi_register **reg, const char *path, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int rc = dbi_xml_parse_file(&doc, path, NULL, err);
	*reg = NULL;
	if (rc == DBRIEF_OK)
		rc = dbi_register_from_node(reg, doc, dbi_xml_root(doc), err);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_validate(doc, "register.rng", dbi_schema_register, err);
	if (rc != DBRIEF_OK) {
		dbi_register_free(*reg);
		*reg = NULL;
	}
	dbi_xml_free(doc);
	return rc;
}

void dbi_register_free(dbi_register *reg)
{
	if (!reg)
		return;
	dbi_arena_dispose(&reg->arena);
	dbi_free(reg);
}

const struct activity *dbi_register_activity(const dbi_register *reg, const char *id)
{
	for (size_t i = 0; i < reg->n_activities; i++)
		if (strcmp(reg->activities[i].id, id) == 0)
			return &reg->activities[i];
	return NULL;
}

bool dbi_register_has(const dbi_register *reg, const char *activity)
{
	return dbi_register_activity(reg, activity) != NULL;
}
