/* SPDX-License-Identifier: MIT */
#include "gather/declare_field.h"

#include <string.h>

/* In the order of enum dbi_type. */
static const char types[] = "text integer decimal money date datetime boolean code binary";

static int read_words(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_field_decl *field)
{
	int type, kind, sensitivity, show, consent, third = 0, rc = dbi_form_word(f, n, "type", types, DBI_TYPE_TEXT,
	    &type);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "kind", "stored derived", DBI_KIND_STORED, &kind);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "sensitivity", "normal special secret", DBI_SENS_NORMAL, &sensitivity);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "show", "value masked named", DBI_SHOW_VALUE, &show);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "third-party", "no yes", 0, &third);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "consent", "no wording given state", DBI_CONSENT_NO, &consent);
	if (rc != DBRIEF_OK)
		return rc;
	field->type = (enum dbi_type)type;
	field->kind = (enum dbi_kind)kind;
	field->sensitivity = (enum dbi_sensitivity)sensitivity;
	field->show = (enum dbi_show)show;
	field->consent = (enum dbi_consent)consent;
	field->third_party = third == 1;
	if (field->sensitivity != DBI_SENS_SECRET)
		return DBRIEF_OK;
	if (dbi_node_attr(n, "show") && field->show != DBI_SHOW_NAMED)
		return dbi_form_error(f, n,
		    "a secret is always named, never shown; remove show or write show=\"named\"");
	field->show = DBI_SHOW_NAMED;
	return DBRIEF_OK;
}

static int read_texts(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_field_decl *field)
{
	int rc = dbi_form_attr(f, n, "name", &field->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "label", &field->label);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "path", &field->path);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "origin", &field->origin);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "currency", &field->currency);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "unit", &field->unit);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "inputs", true, &field->inputs);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "meaning", true, &field->meaning);
	if (rc == DBRIEF_OK)
		rc = dbi_form_child_text(f, n, "effect", true, &field->effect);
	return rc;
}

static int check_money(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_field_decl *field)
{
	const char *c = field->currency;
	if (field->type == DBI_TYPE_MONEY && !c)
		return dbi_form_error(f, n,
		    "a field of type money needs its currency; add currency=\"EUR\" or another ISO 4217 code");
	if (field->type != DBI_TYPE_MONEY && c)
		return dbi_form_error(f, n,
		    "currency belongs to fields of type money; change the type or remove it");
	if (c && (strlen(c) != 3 || strspn(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		return dbi_form_error(f, n,
		    "the currency is no ISO 4217 code; write three capital letters such as EUR");
	return DBRIEF_OK;
}

static int find_codes(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_field_decl *field)
{
	const char *id = NULL;
	int rc = dbi_form_attr(f, n, "codes", &id);
	if (rc != DBRIEF_OK)
		return rc;
	if (field->type != DBI_TYPE_CODE)
		return id ? dbi_form_error(f, n,
		    "codes belongs to fields of type code; change the type or remove it") : DBRIEF_OK;
	if (!id)
		return dbi_form_error(f, n,
		    "a field of type code needs codes; name the <codes> list that explains it");
	for (size_t i = 0; i < s->n_code_lists; i++)
		if (strcmp(s->code_lists[i].id, id) == 0)
			field->codes = &s->code_lists[i];
	return field->codes ? DBRIEF_OK : dbi_form_error(f, n,
	    "there is no code list '%.60s'; add <codes id=\"%.60s\">", id, id);
}

/* What belongs to one kind or type only. */
static int check_use(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_field_decl *field)
{
	if (field->kind != DBI_KIND_DERIVED && (field->inputs || field->meaning || field->effect))
		return dbi_form_error(f, n,
		    "<inputs>, <meaning> and <effect> explain derived fields; add kind=\"derived\" or remove them");
	if (field->unit && field->type != DBI_TYPE_INTEGER && field->type != DBI_TYPE_DECIMAL)
		return dbi_form_error(f, n,
		    "unit belongs to fields of type integer or decimal; change the type or remove it");
	return DBRIEF_OK;
}

static int read_field(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_field_decl *field)
{
	int rc = dbi_form_attrs(f, n,
	    "name! label! type! path kind origin sensitivity show third-party currency unit codes consent");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "inputs meaning effect");
	if (rc == DBRIEF_OK)
		rc = read_words(f, n, field);
	if (rc == DBRIEF_OK)
		rc = read_texts(f, n, field);
	if (rc == DBRIEF_OK)
		rc = check_money(f, n, field);
	if (rc == DBRIEF_OK)
		rc = find_codes(f, n, s, field);
	return rc == DBRIEF_OK ? check_use(f, n, field) : rc;
}

static int read_ignore(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_field_decl *field)
{
	int rc = dbi_form_attrs(f, n, "field! reason!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "field", &field->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "reason", &field->ignore_reason);
	field->label = field->name;
	return rc;
}

int dbi_field_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_field_decl *field)
{
	int rc = dbi_node_is(n, "ignore") ? read_ignore(f, n, field) : read_field(f, n, s, field);
	if (rc != DBRIEF_OK)
		return rc;
	field->place = dbi_form_place(f, n);
	return field->place ? DBRIEF_OK : dbi_form_memory(f);
}
