/* SPDX-License-Identifier: MIT */
/* Codes of a reply slip, taken back to source, record and field. */
#include <string.h>
#include <datenbrief/item.h>
#include "api/api.h"
#include "util/code.h"
#include "util/hash.h"
#include "util/limits.h"

struct search {
	dbrief_session *session;
	char code[DBRIEF_CASE_CODE_SIZE];
	char item[DBI_ITEM_CODE_SIZE];
	char subject[DBI_MAX_SUBJECT_KEY + 1];
	bool have_subject;
	struct dbrief_item found;
};

static int parse_codes(struct search *s, const char *case_code, const char *item_code, struct dbrief_error *err)
{
	unsigned collection, record, field;

	if (!case_code || !item_code)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the case code or the item code is NULL; pass both");
	if (!dbi_case_code_parse(s->code, case_code))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "case code",
		    "its check character does not fit, so it is mistyped; compare it with the letter");
	if (!dbi_item_code_parse(item_code, &collection, &record, &field))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "item code",
		    "its check letter does not fit, so it is mistyped; compare it with the letter");
	dbi_item_code_format(s->item, collection, record, field);
	return DBRIEF_OK;
}

/* Slips come back in the year after the letter, too. */
static int compare_subject(void *ctx, const char *subject)
{
	struct search *s = ctx;
	int year = s->session->engine->env.date.year;
	char code[DBRIEF_CASE_CODE_SIZE];
	size_t len = strlen(subject);

	if (len > DBI_MAX_SUBJECT_KEY)
		return 0;
	for (int y = year; y >= year - 1; y--) {
		dbi_session_code_in_year(s->session, subject, y, code);
		if (strcmp(code, s->code) == 0) {
			memcpy(s->subject, subject, len + 1);
			s->have_subject = true;
			return 1;
		}
	}
	return 0;
}

/* ---- in the model ---- */

static const char *label_of(const dbi_xml_node *head, const char *field)
{
	for (const dbi_xml_node *c = dbi_node_child(head, "column"); c; c = dbi_node_sibling(c, "column")) {
		const char *name = dbi_node_attr(c, "name");

		if (name && strcmp(name, field) == 0)
			return dbi_node_attr(c, "label");
	}
	return "";
}

static bool has_code(const dbi_xml_node *n, const char *code)
{
	const char *have = dbi_node_attr(n, "item");

	return have && strcmp(have, code) == 0;
}

static bool find_in_record(struct search *s, const dbi_xml_node *record, const dbi_xml_node *head)
{
	s->found.record_key = dbi_node_attr(record, "key");
	s->found.field = s->found.field_label = NULL;
	if (has_code(record, s->item))
		return true;
	for (const dbi_xml_node *f = dbi_node_child(record, "field"); f; f = dbi_node_sibling(f, "field"))
		if (has_code(f, s->item)) {
			s->found.field = dbi_node_attr(f, "name");
			s->found.field_label = label_of(head, s->found.field);
			return true;
		}
	return false;
}

static const dbi_xml_node *nested_head(const dbi_xml_node *head, const char *name)
{
	const dbi_xml_node *n = dbi_node_child(head, "nested");

	while (n && name && strcmp(dbi_node_attr(n, "name"), name) != 0)
		n = dbi_node_sibling(n, "nested");
	return n;
}

/* `head` declares what `list` holds; they are the same node but for nested records. */
static bool find_in_list(struct search *s, const dbi_xml_node *list, const dbi_xml_node *head)
{
	for (const dbi_xml_node *r = dbi_node_child(list, "record"); r; r = dbi_node_sibling(r, "record")) {
		s->found.collection = dbi_node_attr(head, "name");
		s->found.collection_label = dbi_node_attr(head, "label");
		if (find_in_record(s, r, head))
			return true;
		for (const dbi_xml_node *c = dbi_node_child(r, "collection"); c; c = dbi_node_sibling(c, "collection")) {
			const dbi_xml_node *inner = nested_head(head, dbi_node_attr(c, "name"));

			if (inner && find_in_list(s, c, inner))
				return true;
		}
	}
	return false;
}

static bool find_item(struct search *s, const dbi_xml_doc *model)
{
	const dbi_xml_node *all = dbi_node_child(dbi_xml_root(model), "collections");

	for (const dbi_xml_node *c = all ? dbi_node_child(all, "collection") : NULL; c; c = dbi_node_sibling(c, "collection")) {
		s->found.source = dbi_node_attr(c, "source");
		if (find_in_list(s, c, c))
			return true;
	}
	return false;
}

/* ---- the whole ---- */

/* Codes follow from the data alone: neither register nor hold rules matter here. */
static int gather(struct search *s, dbi_xml_doc **model, struct dbrief_error *err)
{
	dbrief_session *session = s->session;
	struct dbi_dataset data;
	int status;

	memset(&data, 0, sizeof(data));
	status = dbi_gather(session->gatherer, s->subject, &session->arena, &data, err);
	if (status == DBRIEF_OK)
		status = dbi_model_build(model, &data, s->code, session->engine->config->lang, &session->engine->env,
		    session->format, err);
	return status;
}

static int find(struct search *s, void (*found)(void *ctx, const struct dbrief_item *item), void *ctx, struct dbrief_error *err)
{
	dbi_xml_doc *model = NULL;
	int status = dbi_gather_list(s->session->gatherer, compare_subject, s, err);

	if (status == DBRIEF_OK && !s->have_subject)
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "case code",
		    "no customer has it in this year or the one before; give the date of the letter, and check the key file");
	if (status == DBRIEF_OK)
		status = gather(s, &model, err);
	if (status == DBRIEF_OK) {
		if (find_item(s, model))
			found(ctx, &s->found);
		else
			status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "item code",
			    "nothing has it now; the data were changed since the letter, so look at the letter itself");
	}
	dbi_xml_free(model);
	return status;
}

int dbrief_item_find(dbrief_session *session, const char *case_code, const char *item_code,
    void (*found)(void *ctx, const struct dbrief_item *item), void *ctx, struct dbrief_error *err)
{
	struct search s = { .session = session, .found = { .size = sizeof(s.found) } };
	int status;

	dbrief_error_clear(err);
	if (!found)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the function to call is NULL; pass one");
	status = parse_codes(&s, case_code, item_code, err);
	if (status != DBRIEF_OK)
		return status;
	status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	if (session->engine->config)
		status = find(&s, found, ctx, err);
	else
		status = dbi_misuse(err, DBRIEF_CAUSE_STATE,
		    "the engine has no configuration, so no sources; load it with dbrief_engine_load");
	dbi_session_leave(session);
	dbi_wipe(s.subject, sizeof(s.subject));
	return status;
}
