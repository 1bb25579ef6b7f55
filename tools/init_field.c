/* SPDX-License-Identifier: MIT */
/* A column as a field: its label, type and sensitivity, from its name, its declared type and what its values have in common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

#define MAX_CODES 12
#define ROWS_OF_A_CODE 3 /* seen less often, a value may be one person's */

static const char secrets[] = "password passwd pwd passwort kennwort hash salt token secret apikey cvv cvc ccn pin session otp creditcard cardnumber";
static const char masks[] = "iban ssn passport ausweis steuernummer";
static const char specials[] = "health gesundheit religion confession konfession union gewerkschaft biometric ethnic ethnicity race political sexual "
	"diagnosis disability allergy allergies medication blood illness krankheit behinderung";
static const char others[] = "author autor verfasser agent sachbearbeiter bearbeiter erfasser employee mitarbeiter emergency spouse guardian";
static const char verdicts[] = "score scoring rating segment risk churn probability bonitaet bonität";
static const char moneys[] = "price preis total amount betrag summe sum balance saldo cost kosten fee gebuehr gebühr umsatz revenue salary gehalt tax "
	"steuer discount rabatt limit credit";
static const char flags[] = "is has aktiv active deleted gelöscht enabled disabled verified confirmed preferred default blocked gesperrt deceased opt "
	"subscribed allowed flag";
static const char numbers[] = "id no nr number nummer phone telefon fax mobile zip plz postcode postal code year jahr month house hausnummer version";
static const char codelike[] = "status type typ kind art class klasse category kategorie channel kanal gender geschlecht salutation anrede level "
	"stufe tier mode reason grund code language sprache";
static const char personal[] = "name firstname lastname vorname nachname street strasse city ort town zip plz postcode postal email mail phone telefon "
	"mobile fax company firma birth birthday birthdate note notes comment description text title url address";

/* ---- sensitivity ---- */

static bool is_secret(const struct plan *plan, size_t table, const struct words *w)
{
	struct words t;

	words_of(&t, plan_table(plan, table).table);
	if (words_have(w, secrets) || (words_have(w, "card karte") && words_end(w, "no number nr nummer")))
		return true;
	return words_have(&t, "card") && (words_end(w, "code number pan") && w->n == 1);
}

static void propose_sensitivity(const struct plan *plan, struct field *f, const struct words *w)
{
	if (is_secret(plan, f->table, w)) {
		f->sensitivity = "secret";
	} else if (words_have(w, specials)) {
		f->sensitivity = "special";
		f->todo = "special category of Art. 9 GDPR: on which exception of Art. 9(2) is it stored, and may it go by post?";
	} else if (words_have(w, masks) || (words_have(w, "account konto") && words_end(w, "no nr number nummer"))) {
		f->show = "masked";
	}
	if (words_have(w, others) || (w->n > 1 && words_end(w, "by") && words_have(w, "created updated changed modified entered"))) {
		f->third = true;
		f->show = "named";
		f->todo = "another person's: leave it named only, or show it and <attest rule=\"L14\"> why it may be seen";
	}
	if (words_have(w, verdicts) && !f->sensitivity) {
		f->derived = true;
		f->todo = "looks computed: explain from what, what it means and what it leads to, Art. 15(1)(h); or remove kind=\"derived\"";
	}
}

/* ---- type ---- */

static const char *date_type(const struct dbrief_column_info *c)
{
	if (c->looks & DBRIEF_LOOKS_DATE || (!c->looks && c->kind == DBRIEF_KIND_DATE))
		return "date";
	if (c->looks & DBRIEF_LOOKS_DATETIME || (!c->looks && c->kind == DBRIEF_KIND_DATETIME))
		return "datetime";
	return "text";
}

static bool fits(const struct dbrief_column_info *c, unsigned looks)
{
	return !c->looks || (c->looks & looks);
}

static const char *number_type(const struct dbrief_column_info *c, const struct words *w)
{
	if (c->kind == DBRIEF_KIND_DECIMAL && words_have(w, moneys) && fits(c, DBRIEF_LOOKS_DECIMAL))
		return "money";
	if (c->looks & DBRIEF_LOOKS_BOOLEAN && c->looks & DBRIEF_LOOKS_INTEGER && words_have(w, flags))
		return "boolean";
	if (words_have(w, numbers) || c->key)
		return "text";
	if (c->kind == DBRIEF_KIND_INTEGER && fits(c, DBRIEF_LOOKS_INTEGER))
		return "integer";
	return fits(c, DBRIEF_LOOKS_DECIMAL) && !strstr(c->type, "money") ? "decimal" : "text";
}

static const char *text_type(const struct dbrief_column_info *c, const struct words *w)
{
	if (c->seen - c->nulls >= 3 && (c->looks & (DBRIEF_LOOKS_DATE | DBRIEF_LOOKS_DATETIME)))
		return date_type(c);
	if (c->seen - c->nulls >= 3 && (c->looks & DBRIEF_LOOKS_BOOLEAN) && words_have(w, flags))
		return "boolean";
	return "text";
}

static const char *type_of(const struct dbrief_column_info *c, const struct words *w)
{
	switch (c->kind) {
	case DBRIEF_KIND_BINARY:
		return "binary";
	case DBRIEF_KIND_DATE:
	case DBRIEF_KIND_DATETIME:
		return date_type(c);
	case DBRIEF_KIND_BOOLEAN:
		return fits(c, DBRIEF_LOOKS_BOOLEAN) ? "boolean" : "text";
	case DBRIEF_KIND_INTEGER:
	case DBRIEF_KIND_DECIMAL:
		return number_type(c, w);
	default:
		return text_type(c, w);
	}
}

/* Few short values, each of several rows, in a table that was looked at to its end: nobody can be told by one. */
static bool is_code(const struct plan *plan, const struct field *f, const struct dbrief_column_info *c, const struct words *w)
{
	if (!c->whole || c->values < 2 || c->values > MAX_CODES || c->longest > 16 || c->key || words_have(w, personal) || !words_have(w, codelike))
		return false;
	for (size_t i = 0; i < c->values; i++) {
		size_t rows = 0;
		const char *value = dbrief_schema_value(plan->schema, f->table, f->column, i, &rows);

		if (!value || rows < ROWS_OF_A_CODE || !value[0] || value[0] == ' ' || strpbrk(value, "@<>&\"\n\t"))
			return false;
	}
	return (c->looks & DBRIEF_LOOKS_TEXT) != 0;
}

static void propose_type(const struct plan *plan, struct field *f, const struct words *w)
{
	struct dbrief_column_info c = plan_column(plan, f->table, f->column);

	f->type = type_of(&c, w);
	f->codes = strcmp(f->type, "boolean") != 0 && !f->sensitivity && !f->show && is_code(plan, f, &c, w);
	if (f->codes) {
		f->type = "code";
		if (!f->todo)
			f->todo = "say what each code means";
	} else if (!f->todo && strcmp(f->type, "money") == 0) {
		f->todo = "the currency";
	} else if (!f->todo && c.looks && !(c.looks & DBRIEF_LOOKS_TEXT)) {
		f->todo = "its values are no UTF-8: say the charset of the source";
	}
	if (f->sensitivity && strcmp(f->sensitivity, "secret") == 0 && strcmp(f->type, "binary") != 0)
		f->type = "text";
}

/* ---- the field ---- */

static bool is_taken(const struct collection *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->fields[i].name, name) == 0)
			return true;
	return false;
}

static void name_field(const struct collection *c, struct field *f, const char *column, const char *prefix)
{
	(void)snprintf(f->name, sizeof(f->name), "%.60s%s%.60s", prefix, prefix[0] ? "_" : "", column);
	for (int i = 2; i < 100 && is_taken(c, f->name); i++)
		(void)snprintf(f->name, sizeof(f->name), "%.50s%s%.50s_%d", prefix, prefix[0] ? "_" : "", column, i);
}

struct field *field_add(struct plan *plan, struct collection *c, size_t table, size_t column, const char *alias, const char *prefix)
{
	struct dbrief_column_info info = plan_column(plan, table, column);
	struct field *f, *grown;
	struct words w;
	char name[130];

	if (c->n == c->cap) {
		grown = realloc(c->fields, (c->cap + 32) * sizeof(*grown));
		plan->failed = plan->failed || !grown;
		if (!grown)
			return NULL;
		c->fields = grown;
		c->cap += 32;
	}
	f = &c->fields[c->n];
	*f = (struct field){ .table = table, .column = column };
	(void)snprintf(f->alias, sizeof(f->alias), "%s", alias);
	name_field(c, f, info.name, prefix);
	words_of(&w, info.name);
	/* "track_Name" is a track. */
	if (prefix[0] && w.n == 1 && words_end(&w, "name title bezeichnung label"))
		(void)snprintf(name, sizeof(name), "%.120s", prefix);
	else
		(void)snprintf(name, sizeof(name), "%.120s", prefix[0] ? f->name : info.name);
	label_of(f->label, sizeof(f->label), name, plan->german);
	propose_sensitivity(plan, f, &w);
	propose_type(plan, f, &w);
	plan->selected[table][column] = true;
	c->n++;
	return f;
}

void codes_id(const struct plan *plan, const struct field *f, char *out, size_t size)
{
	(void)snprintf(out, size, "%.60s.%.60s", plan_table(plan, f->table).table, plan_column(plan, f->table, f->column).name);
}
