/* SPDX-License-Identifier: MIT */
/* The draft of a configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

static void write_head(const struct plan *plan, struct text *out, const char *register_name)
{
	const bool de = plan->german;

	text_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!--\n"
	    "  Draft of a configuration, written by datenbrief init from the database's schema. It loads as it is; whatever a\n"
	    "  person must decide is marked with TODO, and \"datenbrief check\" lists what is left of them. doc/forms.md describes the form.\n-->\n"
	    "<datenbrief xmlns=\"urn:datenbrief:config:1\" lang=\"%s\">\n  <controller>\n", de ? "de" : "en");
	text_addf(out, "    <name>%s</name>\n    <line>%s</line>\n    <line>%s</line>\n    <country>DE</country>\n    <email>%s</email>\n  </controller>\n",
	    de ? "TODO: Firma" : "TODO: company", de ? "TODO: Straße" : "TODO: street",
	    de ? "TODO: Ort" : "TODO: town", de ? "TODO: E-Mail" : "TODO: e-mail");
	text_addf(out, "  <dpo>\n    <name>%s</name>\n    <email>%s</email>\n  </dpo>\n", de ? "TODO: Datenschutzbeauftragte" : "TODO: data protection officer",
	    de ? "TODO: E-Mail" : "TODO: e-mail");
	text_addf(out, "  <authority>\n    <name>%s</name>\n    <line>%s</line>\n  </authority>\n", de ? "TODO: Aufsichtsbehörde Ihres Landes" :
	    "TODO: the supervisory authority", de ? "TODO: ihre Anschrift" : "TODO: its address");
	text_add(out, "  <register href=\"");
	text_xml(out, register_name);
	text_addf(out, "\"/>\n  <template standard=\"%s\"/>\n\n", de ? "de" : "en");
}

/* ---- code lists ---- */

static int order_values(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_code_list(struct plan *plan, struct text *out, const struct field *f)
{
	struct dbrief_column_info c = plan_column(plan, f->table, f->column);
	const char *values[64];
	char id[130];
	size_t n = c.values < 64 ? c.values : 64;

	for (size_t i = 0; i < n; i++)
		values[i] = dbrief_schema_value(plan->schema, f->table, f->column, i, NULL);
	qsort(values, n, sizeof(*values), order_values);
	codes_id(plan, f, id, sizeof(id));
	text_add(out, "  <!-- TODO: what the codes of ");
	text_comment(out, id);
	text_add(out, " mean, in the customer's words; a code that is missing here holds the letter -->\n  <codes id=\"");
	text_xml(out, id);
	text_add(out, "\">\n");
	for (size_t i = 0; i < n; i++) {
		text_add(out, "    <code value=\"");
		text_xml(out, values[i]);
		text_add(out, "\">");
		text_xml(out, values[i]);
		text_add(out, "</code>\n");
	}
	text_add(out, "  </codes>\n");
	plan->n_codes++;
}

static bool is_listed(const struct plan *plan, const struct field *f, size_t collections)
{
	for (size_t i = 0; i < collections; i++)
		for (size_t k = 0; k < plan->list[i].n; k++) {
			const struct field *g = &plan->list[i].fields[k];

			if (g == f)
				return false;
			if (g->codes && g->table == f->table && g->column == f->column)
				return true;
		}
	return false;
}

static void write_codes(struct plan *plan, struct text *out)
{
	for (size_t i = 0; i < plan->n; i++)
		for (size_t k = 0; k < plan->list[i].n; k++)
			if (plan->list[i].fields[k].codes && !is_listed(plan, &plan->list[i].fields[k], i + 1))
				write_code_list(plan, out, &plan->list[i].fields[k]);
}

/* ---- records ---- */

static void add_attribute(struct text *out, const char *name, const char *value)
{
	text_addf(out, " %s=\"", name);
	text_xml(out, value);
	text_add(out, "\"");
}

static void write_field(struct plan *plan, struct text *out, const struct field *f)
{
	char id[130];

	if (f->todo)
		text_addf(out, "      <!-- TODO: %s -->\n", f->todo);
	text_add(out, "      <field");
	add_attribute(out, "name", f->name);
	add_attribute(out, "label", f->label);
	add_attribute(out, "type", f->type);
	if (f->codes) {
		codes_id(plan, f, id, sizeof(id));
		add_attribute(out, "codes", id);
	}
	if (strcmp(f->type, "money") == 0)
		add_attribute(out, "currency", "EUR");
	if (f->sensitivity)
		add_attribute(out, "sensitivity", f->sensitivity);
	if (f->show)
		add_attribute(out, "show", f->show);
	if (f->third)
		add_attribute(out, "third-party", "yes");
	if (f->derived)
		text_addf(out, " kind=\"derived\">\n        <inputs>TODO: %s</inputs>\n        <meaning>TODO: %s</meaning>\n        <effect>TODO: %s</effect>\n"
		    "      </field>\n", plan->german ? "woraus berechnet" : "computed from what", plan->german ? "was der Wert bedeutet" : "what it means",
		    plan->german ? "was daraus folgt" : "what follows from it");
	else
		text_add(out, "/>\n");
	plan->n_fields++;
}

/* What a reader of the draft should know before the records. */
static void write_note(const struct plan *plan, struct text *out, const struct collection *c)
{
	if (c->email) {
		text_add(out, "    <!-- TODO: ");
		text_comment(out, plan_table(plan, c->table).name);
		text_add(out, " has no number of the customer, only an e-mail address: are these records the customer's at all? -->\n");
	} else if (c->guessed && c->reference != DBRIEF_NONE) {
		struct dbrief_reference_info r = plan_reference(plan, c->reference);

		text_add(out, "    <!-- TODO: no foreign key says it, names do: does ");
		text_comment(out, plan_table(plan, r.table).name);
		text_add(out, ".");
		text_comment(out, plan_column(plan, r.table, r.columns[0]).name);
		text_add(out, " refer to ");
		text_comment(out, plan_table(plan, r.to).name);
		text_add(out, "? -->\n");
	}
}

static void write_records(struct plan *plan, struct text *out, const struct collection *c)
{
	write_note(plan, out, c);
	text_add(out, "    <records");
	add_attribute(out, "name", c->name);
	add_attribute(out, "label", c->reference == DBRIEF_NONE && !c->email ? plan->german ? "Stammdaten" : "Master data" : c->label);
	add_attribute(out, "activity", c->activity);
	add_attribute(out, "subject-key", c->subject_key);
	if (c->key != DBRIEF_NONE)
		add_attribute(out, "key", plan_column(plan, c->table, c->key).name);
	if (c->within != DBRIEF_NONE) {
		add_attribute(out, "within", plan->list[c->within].name);
		add_attribute(out, "link", c->link);
	}
	if (c->since)
		add_attribute(out, "since", c->since);
	text_add(out, ">\n      <query>");
	write_query(plan, c, out);
	text_add(out, "</query>\n");
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->n; i++)
			if (!c->fields[i].hidden && (strcmp(c->fields[i].alias, "t") == 0) == (pass == 0))
				write_field(plan, out, &c->fields[i]);
	text_add(out, "    </records>\n\n");
}

/* ---- left out ---- */

static void write_left_out(struct plan *plan, struct text *out)
{
	for (size_t i = 0; i < dbrief_schema_tables(plan->schema); i++) {
		/* In a schema that is not searched there may be a copy of everything. */
		bool elsewhere = plan->roles[i] == DBRIEF_ROLE_NONE && plan_table(plan, i).space && email_column(plan, i, 0) != DBRIEF_NONE &&
		    email_column(plan, plan->table, 0) != DBRIEF_NONE;

		if (plan_table(plan, i).view || (!elsewhere && (plan->roles[i] != DBRIEF_ROLE_LOOKUP || !is_partly_read(plan, i))))
			continue;
		text_add(out, "    <ignore table=\"");
		text_xml(out, plan_table(plan, i).name);
		text_addf(out, "\" reason=\"TODO: %s\"/>\n", elsewhere ?
		    "in another schema, with e-mail addresses; what is it, and whose?" : is_person_table(plan, i) ?
		    "data of other persons; or read what belongs to the customer" :
		    "shared by many customers, only what makes records readable is read; or read more of it");
	}
}

/* The type is the word before the colon of the URL. */
static void write_source(struct plan *plan, struct text *out, const char *url)
{
	text_add(out, strstr(url, "://") && strchr(url, '@') && strchr(strstr(url, "://") + 3, ':') < strchr(url, '@') && strchr(strstr(url, "://") + 3, ':') ?
	    "  <!-- TODO: the url holds a password; put it where only the run can read it, such as ~/.pgpass -->\n" : "");
	text_addf(out, "  <source id=\"main\" type=\"%.*s\"", (int)strcspn(url, ":"), url);
	add_attribute(out, "url", url);
	text_addf(out, " label=\"%s\">\n    <subjects>", plan->german ? "Kundendatenbank" : "Customer database");
	write_subjects(plan, out);
	text_add(out, "</subjects>\n\n");
	for (size_t i = 0; i < plan->n; i++)
		if (!plan->list[i].email)
			write_records(plan, out, &plan->list[i]);
	if (plan->n_emails) {
		text_addf(out, "    <shared key=\"email\" subject-key=\"");
		text_xml(out, plan_column(plan, plan->table, plan->column).name);
		text_add(out, "\">\n      <query>");
		write_shared(plan, out);
		text_add(out, "</query>\n    </shared>\n");
	}
	write_left_out(plan, out);
	text_add(out, "  </source>\n\n");
}

/* The same database again, asked with the customer's e-mail address. */
static void write_email_source(struct plan *plan, struct text *out, const char *url)
{
	if (!plan->n_emails)
		return;
	text_addf(out, "  <source id=\"by-email\" type=\"%.*s\"", (int)strcspn(url, ":"), url);
	add_attribute(out, "url", url);
	add_attribute(out, "label", plan->german ? "Kundendatenbank, nach E-Mail" : "Customer database, by e-mail");
	text_add(out, " found-by=\"email\">\n");
	for (size_t i = 0; i < plan->n; i++)
		if (plan->list[i].email)
			write_records(plan, out, &plan->list[i]);
	text_add(out, "  </source>\n\n");
}

static void write_identity(const struct plan *plan, struct text *out)
{
	if (!plan->n_emails)
		return;
	text_add(out, "  <!-- TODO: is an e-mail address proof enough whose a record is? Two customers with the same one get no letter. -->\n"
	    "  <identity>\n    <key name=\"email\" type=\"email\" strength=\"strong\">\n      <from");
	text_add(out, " records=\"main/");
	text_xml(out, plan->list[0].name);
	text_add(out, "\"");
	add_attribute(out, "field", plan_column(plan, plan->table, email_column(plan, plan->table, 0)).name);
	text_add(out, "/>\n    </key>\n  </identity>\n\n");
}

void write_config(struct plan *plan, struct text *out, const char *url, const char *register_name)
{
	write_head(plan, out, register_name);
	write_codes(plan, out);
	write_identity(plan, out);
	write_source(plan, out, url);
	write_email_source(plan, out, url);
	write_subject(plan, out);
	text_add(out, "\n  <!-- TODO: what no program can judge, somebody answers for: \"datenbrief check\" names each rule and the <attest> it asks for -->\n"
	    "</datenbrief>\n");
}
