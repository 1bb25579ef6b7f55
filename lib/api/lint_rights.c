/* SPDX-License-Identifier: MIT */
/* L07, L08, L13, L18, L20 to L23: rights, who is responsible, how to answer. */
#include <string.h>
#include "api/lint.h"

/* Word stems of the four rights, by language; any of a list will do. */
struct right { const char *name, *de, *en; };
static const struct right rights[] = {
	{ "rectification", "berichtig korrigier verbesser änder", "correct rectif" },
	{ "erasure", "lösch", "eras delet" },
	{ "restriction", "einschränk sperr benutz", "restrict" },
	{ "objection", "widersp", "object" },
};

static bool names_any(const char *text, const char *stems)
{
	char stem[32];

	for (stems += strspn(stems, " "); *stems; stems += strspn(stems, " ")) {
		size_t n = strcspn(stems, " ");

		if (n < sizeof(stem)) {
			memcpy(stem, stems, n);
			stem[n] = '\0';
			if (dbi_lint_contains(text, stem))
				return true;
		}
		stems += n;
	}
	return false;
}

static bool speaks(const struct dbi_lint *l, const char *lang)
{
	return strncmp(l->lang, lang, 2) == 0 && (!l->lang[2] || l->lang[2] == '-');
}

static const char *stems_of(const struct dbi_lint *l, const struct right *r)
{
	return speaks(l, "de") ? r->de : speaks(l, "en") ? r->en : NULL;
}

void dbi_lint_l07(struct dbi_lint *l)
{
	dbi_lint_need_role(l, "rights", NULL, "explains the rights to rectification, erasure, restriction and objection");
	for (size_t i = 0; i < l->n_samples && !l->stop; i++) {
		const char *text = dbi_lint_role(l, &l->samples[i], "rights", NULL);
		const char *objection = dbi_lint_role(l, &l->samples[i], "objection", NULL);

		for (size_t k = 0; text && k < sizeof(rights) / sizeof(*rights); k++) {
			const char *stems = stems_of(l, &rights[k]);
			bool elsewhere = k == 3 && objection; /* a box of its own, L23 */

			if (stems && !elsewhere && !names_any(text, stems))
				dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the part role=\"rights\" does not name the right to %s; add it",
				    rights[k].name);
		}
	}
}

static const char *office_name(const struct dbi_lint *l, const char *office)
{
	const dbi_xml_node *n = dbi_node_child(dbi_xml_root(l->config->doc), office);
	const dbi_xml_node *name = n ? dbi_node_child(n, "name") : NULL;

	return name ? dbi_node_text(name) : NULL;
}

void dbi_lint_l08(struct dbi_lint *l)
{
	dbi_lint_need_role(l, "complaint", office_name(l, "authority"), "tells of the right to complain and names the authority");
}

void dbi_lint_l13(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->n_samples; i++)
		if (l->samples[i].mode == DBI_MODE_REQUEST && !dbi_lint_role(l, &l->samples[i], "cost", NULL))
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the answer to a request does not say that it costs nothing; add it, "
			    "marked role=\"cost\"");
}

void dbi_lint_l18(struct dbi_lint *l)
{
	dbi_lint_need_role(l, "as-of", "2001", "dates what the sources answered");
}

void dbi_lint_l20(struct dbi_lint *l)
{
	const char *dpo = office_name(l, "dpo");
	char place[128];

	dbi_lint_need_role(l, "controller", office_name(l, "controller"), "names the controller");
	if (dpo) {
		dbi_lint_need_role(l, "dpo", dpo, "names the data protection officer");
	} else if (!dbi_lint_attested(l, NULL)) {
		dbi_node_place(l->config->doc, dbi_xml_root(l->config->doc), place);
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, place, "no data protection officer is named; add <dpo>, or <attest rule=\"L20\"> "
		    "why there is none");
	}
}

/* ---- L21 ---- */

static bool rests_on_consent(const struct activity *a)
{
	for (size_t i = 0; i < a->n_bases; i++)
		if (strcmp(a->bases[i].article, "6(1)(a)") == 0 || strcmp(a->bases[i].article, "9(2)(a)") == 0)
			return true;
	return false;
}

/* Does one collection tell wording, time and state of consents? */
static bool keeps_consents(const struct dbi_lint *l)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++) {
			const struct dbi_collection_decl *c = &s->sources[i].collections[k];
			unsigned have = 0;

			for (size_t j = 0; j < c->n_fields; j++)
				have |= 1u << c->fields[j].consent;
			if ((have | 1u) == (1u << DBI_CONSENT_NO | 1u << DBI_CONSENT_WORDING | 1u << DBI_CONSENT_GIVEN | 1u << DBI_CONSENT_STATE))
				return true;
		}
	return false;
}

void dbi_lint_l21(struct dbi_lint *l)
{
	const struct activity *first = NULL;

	for (size_t i = 0; i < l->reg->n_activities && !first; i++)
		if (dbi_lint_used(l, &l->reg->activities[i]) && rests_on_consent(&l->reg->activities[i]))
			first = &l->reg->activities[i];
	if (!first)
		return;
	if (!keeps_consents(l) && !dbi_lint_attested(l, NULL))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, first->place, "activity '%s' rests on consent, and no collection tells its wording, "
		    "time and state; mark these fields consent=\"wording\", \"given\" and \"state\"", first->id);
	dbi_lint_need_role(l, "withdrawal", NULL, "tells how to withdraw consent");
}

/* ---- L22 ---- */

static unsigned count_boxes(const struct dbi_draft_node *n)
{
	unsigned boxes = 0;

	for (n = n->name ? n->first : NULL; n; n = n->next)
		boxes += dbi_draft_is(n, DBI_TAG_CHECKBOX) ? 1 : count_boxes(n);
	return boxes;
}

static void check_codes(struct dbi_lint *l, const struct dbi_lint_sample *s, const dbi_xml_node *collection, const char *name)
{
	for (const dbi_xml_node *r = dbi_node_child(collection, "record"); r && !l->stop; r = dbi_node_sibling(r, "record")) {
		const dbi_xml_node *f = dbi_node_child(r, "field");
		const char *code = dbi_node_attr(r, "item"), *field = f ? dbi_node_attr(f, "item") : NULL;

		if (code && !strstr(s->text, code) && (!field || !strstr(s->text, field))) {
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter prints no item codes in collection '%s'; print @item of each "
			    "record, so that an answer can name it", name);
			return;
		}
		for (const dbi_xml_node *c = dbi_node_child(r, "collection"); c; c = dbi_node_sibling(c, "collection"))
			check_codes(l, s, c, dbi_node_attr(c, "name"));
	}
}

void dbi_lint_l22(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->n_samples && !l->stop; i++) {
		const struct dbi_lint_sample *s = &l->samples[i];
		const dbi_xml_node *all = dbi_node_child(dbi_xml_root(s->model), "collections");
		const char *slip = dbi_lint_role(l, s, "reply", NULL);

		if (!slip)
			slip = dbi_lint_role(l, s, "reply-slip", NULL);
		if (!slip || count_boxes(s->letter.root) < 3)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter has no form to answer with; add <reply-slip> with a checkbox for "
			    "each of wrong, delete, restrict");
		for (const dbi_xml_node *c = dbi_template_kind(l->tmpl) == DBI_TEMPLATE_SHORT ? NULL : dbi_node_child(all, "collection"); c && !l->stop; c = dbi_node_sibling(c, "collection"))
			check_codes(l, s, c, dbi_node_attr(c, "name"));
	}
}

void dbi_lint_l23(struct dbi_lint *l)
{
	static const struct right marketing = { "marketing", "werbung", "marketing advertis" };
	const char *stems = stems_of(l, &marketing);

	for (size_t i = 0; i < l->n_samples && !l->stop; i++) {
		const char *text = dbi_lint_role(l, &l->samples[i], "objection", "box");

		if (!text)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the right to object is not set apart; give it a <box role=\"objection\"> "
			    "of its own");
		else if (stems && (!names_any(text, stems) || !names_any(text, stems_of(l, &rights[3]))))
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the box role=\"objection\" does not name the right to object to marketing; "
			    "add it");
	}
}
