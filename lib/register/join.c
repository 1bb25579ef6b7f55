/* SPDX-License-Identifier: MIT */
#include "register/rules.h"

#include <string.h>
#include "util/mem.h"

/* The making of the letter is processing, too: always in the model. */
#define LETTER_ACTIVITY "datenbrief"

struct join {
	const dbi_register *reg;
	dbi_format *format;
	const char *lang;
	bool *used;                /* by activity */
	bool all;                  /* the register is printed, not a letter */
	struct dbi_buf scratch;
	struct dbrief_error *err;
};

static dbi_xml_node *add_text(dbi_xml_node *parent, const char *name, const char *text)
{
	dbi_xml_node *n = dbi_node_add(parent, name);
	return n && dbi_node_add_text(n, text, strlen(text)) ? n : NULL;
}

static bool set_optional(dbi_xml_node *n, const char *attr, const char *value)
{
	return !value || dbi_node_set(n, attr, value);
}

/* ---- activities ---- */

static int add_transfer(struct join *j, dbi_xml_node *parent, const struct transfer *t)
{
	dbi_xml_node *n = dbi_node_add(parent, "transfer");
	int rc;
	dbi_buf_clear(&j->scratch);
	rc = dbi_format_country(j->format, j->lang, t->country, &j->scratch, j->err);
	if (rc != DBRIEF_OK)
		return rc;
	if (j->scratch.failed || !n || !dbi_node_set(n, "country", t->country)
	    || !dbi_node_set(n, "country-name", j->scratch.data ? j->scratch.data : "")
	    || !dbi_node_set(n, "instrument", t->instrument) || !dbi_node_add_text(n, t->text, strlen(t->text)))
		return dbi_error_memory(j->err);
	return DBRIEF_OK;
}

static bool add_texts(dbi_xml_node *n, const struct activity *a)
{
	if (!add_text(n, "name", a->name) || !add_text(n, "purpose", a->purpose))
		return false;
	for (size_t i = 0; i < a->n_bases; i++) {
		dbi_xml_node *basis = dbi_node_add(n, "legal-basis");
		if (!basis || !dbi_node_set(basis, "article", a->bases[i].article)
		    || !dbi_node_add_text(basis, a->bases[i].text, strlen(a->bases[i].text)))
			return false;
	}
	for (size_t i = 0; i < a->n_disclosures; i++) {
		const struct disclosure *d = &a->disclosures[i];
		dbi_xml_node *disclosure = dbi_node_add(n, "disclosure");
		if (!disclosure || !dbi_node_set(disclosure, "recipient", d->recipient)
		    || !dbi_node_set(disclosure, "role", d->to->role) || !dbi_node_set(disclosure, "name",
		    d->to->name)
		    || !dbi_node_set(disclosure, "data", d->data) || !dbi_node_add_text(disclosure, d->text,
		    strlen(d->text)))
			return false;
	}
	return true;
}

static int add_activity(struct join *j, dbi_xml_node *parent, const struct activity *a)
{
	dbi_xml_node *n = dbi_node_add(parent, "activity"), *retention;
	int rc = DBRIEF_OK;
	if (!n || !dbi_node_set(n, "id", a->id) || !add_texts(n, a) ||
	    (j->all && a->persons && !add_text(n, "persons", a->persons)))
		return dbi_error_memory(j->err);
	for (size_t i = 0; rc == DBRIEF_OK && i < a->n_transfers; i++)
		rc = add_transfer(j, n, &a->transfers[i]);
	if (rc != DBRIEF_OK)
		return rc;
	retention = dbi_node_add(n, "retention");
	if (!retention || !set_optional(retention, "period", a->period) || !set_optional(retention, "from",
	    a->from)
	    || !dbi_node_add_text(retention, a->retention, strlen(a->retention)) || !add_text(n, "origin",
	    a->origin))
		return dbi_error_memory(j->err);
	return DBRIEF_OK;
}

/* ---- records ---- */

static int set_until(struct join *j, dbi_xml_node *record, const struct activity *a)
{
	const char *since = dbi_node_attr(record, "since");
	struct dbi_date date;
	char text[11];
	if (!since || !a->period || !dbi_date_parse(since, strlen(since), &date))
		return DBRIEF_OK;
	if (a->from && strcmp(a->from, "year-end") == 0) {
		date.month = 12;
		date.day = 31;
	}
	if (!dbi_date_add_period(&date, a->period) || date.year > 9999)
		return DBRIEF_OK;
	dbi_date_write(&date, text);
	return dbi_node_set(record, "until", text) ? DBRIEF_OK : dbi_error_memory(j->err);
}

static const struct activity *activity_of(struct join *j, const dbi_xml_node *head, int *rc)
{
	const char *id = dbi_node_attr(head, "activity");
	const struct activity *a = id ? dbi_register_activity(j->reg, id) : NULL;
	if (!a)
		*rc = dbi_error(j->err, DBRIEF_FAILED, DBRIEF_CAUSE_CONFIG, "", "a collection of the model refers to an activity "
		    "that the register lacks; add it to the register");
	return a;
}

/* The <nested> head of a collection that stands inside a record. */
static const dbi_xml_node *nested_head(const dbi_xml_node *head, const char *name)
{
	const dbi_xml_node *n = dbi_node_child(head, "nested");
	while (n && (!dbi_node_attr(n, "name") || strcmp(dbi_node_attr(n, "name"), name)))
		n = dbi_node_sibling(n, "nested");
	return n;
}

static int join_records(struct join *j, dbi_xml_node *parent, const dbi_xml_node *head)
{
	int rc = DBRIEF_OK;
	const struct activity *a = activity_of(j, head, &rc);
	for (dbi_xml_node *r = a ? dbi_node_child(parent, "record") : NULL; rc == DBRIEF_OK && r;
	    r = dbi_node_sibling(r, "record")) {
		rc = set_until(j, r, a);
		for (dbi_xml_node *c = dbi_node_child(r, "collection"); rc == DBRIEF_OK && c;
		    c = dbi_node_sibling(c, "collection")) {
			const char *name = dbi_node_attr(c, "name");
			const dbi_xml_node *inner = name ? nested_head(head, name) : NULL;
			if (inner)
				rc = join_records(j, c, inner);
		}
	}
	return rc;
}

/* Marks the activity as used and gives columns of no own origin the activity's. */
static int join_head(struct join *j, dbi_xml_node *head)
{
	int rc = DBRIEF_OK;
	const struct activity *a = activity_of(j, head, &rc);
	if (!a)
		return rc;
	j->used[a - j->reg->activities] = true;
	for (dbi_xml_node *n = dbi_node_child(head, "column"); n; n = dbi_node_sibling(n, "column"))
		if (!dbi_node_attr(n, "origin") && !dbi_node_set(n, "origin", a->origin))
			return dbi_error_memory(j->err);
	for (dbi_xml_node *n = dbi_node_child(head, "nested"); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, "nested"))
		rc = join_head(j, n);
	return rc;
}

static int join_register(const dbi_register *reg, dbi_xml_doc *model, const char *lang, bool all, dbi_format *format,
    struct dbrief_error *err)
{
	struct join j = { reg, format, lang, NULL, all, DBI_BUF_INIT, err };
	dbi_xml_node *root = dbi_xml_root(model), *activities = dbi_node_child(root, "activities");
	dbi_xml_node *collections = dbi_node_child(root, "collections");
	int rc = DBRIEF_OK;
	if (!activities || !collections)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_STATE, "",
		    "the model has no place for activities; build it first");
	j.used = dbi_calloc(reg->n_activities, sizeof *j.used);
	if (!j.used || !dbi_node_set(activities, "register", reg->version))
		rc = dbi_error_memory(err);
	for (dbi_xml_node *c = dbi_node_child(collections, "collection"); rc == DBRIEF_OK && c;
	    c = dbi_node_sibling(c, "collection")) {
		rc = join_head(&j, c);
		if (rc == DBRIEF_OK)
			rc = join_records(&j, c, c);
	}
	for (size_t i = 0; rc == DBRIEF_OK && i < reg->n_activities; i++)
		if (all || j.used[i] || strcmp(reg->activities[i].id, LETTER_ACTIVITY) == 0)
			rc = add_activity(&j, activities, &reg->activities[i]);
	if (rc == DBRIEF_OK && all && reg->security && !add_text(activities, "security", reg->security))
		rc = dbi_error_memory(err);
	dbi_buf_dispose(&j.scratch);
	dbi_free(j.used);
	return rc;
}

int dbi_register_join(const dbi_register *reg, dbi_xml_doc *model, const char *lang, const struct dbi_env *env,
    dbi_format *format, struct dbrief_error *err)
{
	(void)env;
	return join_register(reg, model, lang, false, format, err);
}

int dbi_register_join_all(const dbi_register *reg, dbi_xml_doc *model, const char *lang, dbi_format *format,
    struct dbrief_error *err)
{
	return join_register(reg, model, lang, true, format, err);
}
