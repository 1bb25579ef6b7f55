/* SPDX-License-Identifier: MIT */
#include "gather/declare_field.h"

#include <string.h>
#include "util/charset.h"

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

/* How the bytes of the field become text. */
static int read_policy(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_field_decl *field)
{
	int replace = 0, drop = 0, trim = 0, rc = dbi_form_attr(f, n, "charset", &field->charset);
	if (rc == DBRIEF_OK && field->charset && !dbi_charset_canonical(field->charset))
		rc = dbi_form_error(f, n, "the charset '%.40s' is not supported; write UTF-8, WINDOWS-1252 or another of datenbrief(5)",
		    field->charset);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "bad-bytes", "hold replace", -1, &replace);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "controls", "hold drop", -1, &drop);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "trim", "no end both", 0, &trim);
	field->replace = replace + 1;
	field->drop_controls = drop + 1;
	field->trim_end = trim > 0;
	field->trim_start = trim == 2;
	if (rc == DBRIEF_OK && trim && field->type != DBI_TYPE_TEXT && field->type != DBI_TYPE_CODE)
		rc = dbi_form_error(f, n, "trim belongs to fields of type text or code, others have no blanks; remove it");
	return rc;
}

/* "4-2": that many characters at the start and the end are shown. */
static bool parse_mask(const char *s, unsigned char *first, unsigned char *last)
{
	if (s[0] < '0' || s[0] > '8' || s[1] != '-' || s[2] < '0' || s[2] > '8' || s[3])
		return false;
	*first = (unsigned char)(s[0] - '0');
	*last = (unsigned char)(s[2] - '0');
	return true;
}

static int read_mask(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_field_decl *field)
{
	static const struct { const char *name, *shown; } masks[] = {
		{ "all", "0-0" }, { "iban", "2-4" }, { "card", "0-4" }, { "email", "1-0" },
	};
	const char *mask = NULL, *shown;
	int rc = dbi_form_attr(f, n, "mask", &mask);
	field->mask_last = 4;
	if (rc != DBRIEF_OK || !mask)
		return rc;
	if (field->show != DBI_SHOW_MASKED)
		return dbi_form_error(f, n, "mask belongs to fields with show=\"masked\"; add that or remove it");
	shown = mask;
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
		if (strcmp(mask, masks[i].name) == 0)
			shown = masks[i].shown;
	field->mask_email = strcmp(mask, "email") == 0;
	if (!parse_mask(shown, &field->mask_first, &field->mask_last))
		return dbi_form_error(f, n, "the mask is none; write all, iban, card, email, or how many characters at the start and "
		    "the end are shown, such as 2-4");
	return DBRIEF_OK;
}

static int read_field(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_field_decl *field)
{
	int rc = dbi_form_attrs(f, n,
	    "name! label! type! path kind origin sensitivity show third-party currency unit codes consent charset bad-bytes controls trim mask");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "inputs meaning effect");
	if (rc == DBRIEF_OK)
		rc = read_words(f, n, field);
	if (rc == DBRIEF_OK)
		rc = read_texts(f, n, field);
	if (rc == DBRIEF_OK)
		rc = check_money(f, n, field);
	if (rc == DBRIEF_OK)
		rc = read_policy(f, n, field);
	if (rc == DBRIEF_OK)
		rc = read_mask(f, n, field);
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
