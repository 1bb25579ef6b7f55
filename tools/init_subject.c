/* SPDX-License-Identifier: MIT */
/* The customer's name, salutation and address, from the names of fields. */
#include <string.h>
#include "init.h"

/* A field whose name ends in words of `ends`, with words of `with` (NULL: any), and none of `without`. */
static const struct field *find(const struct collection *c, const char *ends, const char *with, const char *without)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->n; i++) {
			const struct field *f = &c->fields[i];
			struct words w;

			words_of(&w, f->name);
			if ((strcmp(f->alias, "t") == 0) != (pass == 0) || f->hidden || f->third || f->show || f->sensitivity || strcmp(f->type, "binary") == 0)
				continue;
			if (words_end(&w, ends) && (!with || words_have(&w, with)) && (!without || !words_have(&w, without)))
				return f;
		}
	return NULL;
}

static void add_path(struct text *out, const struct collection *c, const struct field *f)
{
	text_add(out, "collections/collection[@name='");
	text_xml(out, c->name);
	text_add(out, "']/record[1]/field[@name='");
	text_xml(out, f->name);
	text_add(out, "']");
}

/* concat of the fields that are there, with blanks; the path alone when it is one. */
static void add_fields(struct text *out, const struct collection *c, const char *before, const struct field *const *fields, size_t n)
{
	size_t any = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		all += fields[i] != NULL;
	if (all == 1 && !before[0]) {
		for (size_t i = 0; i < n; i++)
			if (fields[i])
				add_path(out, c, fields[i]);
		return;
	}
	text_addf(out, before[0] ? "concat('%s '" : "concat(", before);
	for (size_t i = 0; i < n; i++) {
		if (!fields[i])
			continue;
		text_add(out, any++ ? ", ' ', " : before[0] ? ", " : "");
		add_path(out, c, fields[i]);
	}
	text_add(out, ")");
}

static void add_line(struct text *out, const struct collection *c, const struct field *const *fields, size_t n)
{
	text_add(out, "    <line select=\"");
	add_fields(out, c, "", fields, n);
	text_add(out, "\" default=\"\"/>\n");
}

/* The records that hold a town: the customer's own, else the first others. */
static const struct collection *address_of(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->list[i].within == DBRIEF_NONE && !plan->list[i].email && find(&plan->list[i], "city ort town stadt", NULL, NULL))
			return &plan->list[i];
	return NULL;
}

static void write_name(const struct plan *plan, struct text *out)
{
	const struct collection *c = &plan->list[0];
	const struct field *first = find(c, "firstname vorname", NULL, NULL), *last = find(c, "lastname nachname surname", NULL, NULL);
	const struct field *names[2];

	first = first ? first : find(c, "name", "first", NULL);
	last = last ? last : find(c, "name", "last family", NULL);
	if (!last)
		last = find(c, "name", NULL, "first user login file company firma");
	names[0] = first;
	names[1] = last;
	if (!first && !last) {
		text_add(out, "    <!-- TODO: no column looks like a name; write here what finds it -->\n");
		names[0] = c->n ? &c->fields[0] : NULL;
	}
	text_add(out, "    <name select=\"");
	add_fields(out, c, "", names, 2);
	text_add(out, "\"/>\n    <salutation select=\"");
	add_fields(out, c, plan->german ? "Guten Tag" : "Dear", names, 2);
	text_addf(out, "\" default=\"%s\"/>\n", plan->german ? "Guten Tag" : "Dear customer");
}

static void write_country(const struct plan *plan, struct text *out, const struct collection *c)
{
	const struct field *country = find(c, "country land countrycode", NULL, NULL), *code = find(c, "code", "country land", NULL);

	country = code ? code : country;
	if (country && plan_column(plan, country->table, country->column).longest == 2) {
		text_add(out, "    <country select=\"");
		add_path(out, c, country);
		text_add(out, "\" default=\"DE\"/>\n");
		return;
	}
	if (country) {
		text_addf(out, "    <!-- TODO: %.100s is no ISO code of two letters; write <country> with a code, and remove this line of the address -->\n",
		    country->name);
		add_line(out, c, &country, 1);
	}
	text_add(out, "    <country select=\"'DE'\" default=\"DE\"/>\n");
}

static void write_address(const struct plan *plan, struct text *out)
{
	const struct collection *c = address_of(plan);
	const struct field *company, *street[2], *city[3];

	if (!c) {
		text_addf(out, "    <line select=\"'%s'\"/>\n", plan->german ? "TODO: Keine Spalte sieht nach einer Anschrift aus" :
		    "TODO: no column looks like an address");
		return;
	}
	company = find(c, "company firma", NULL, "billing");
	if (company)
		add_line(out, c, &company, 1);
	street[0] = find(c, "street strasse str address1 addressline", NULL, "email");
	street[0] = street[0] ? street[0] : find(c, "address anschrift", NULL, "email mail ip");
	street[1] = find(c, "house hausnummer housenumber", NULL, NULL);
	if (street[0] || street[1])
		add_line(out, c, street, 2);
	city[0] = find(c, "zip plz postcode postalcode", NULL, NULL);
	city[0] = city[0] ? city[0] : find(c, "code", "postal zip post", NULL);
	city[1] = find(c, "city ort town stadt", NULL, NULL);
	city[2] = find(c, "state province", NULL, NULL);
	add_line(out, c, city, 3);
	write_country(plan, out, c);
}

/* A flag holds the letter: a person decides. */
static void write_flags(const struct plan *plan, struct text *out)
{
	static const struct { const char *flag, *words; } known[] = { { "deceased", "deceased verstorben dead" },
		{ "blocked", "blocked gesperrt locked" } };
	const struct collection *c = &plan->list[0];

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
			const struct field *f = &c->fields[i];
			struct words w;

			words_of(&w, f->name);
			if (strcmp(f->type, "boolean") != 0 || f->show || f->sensitivity || !words_have(&w, known[k].words))
				continue;
			text_addf(out, "    <!-- TODO: should a letter be held for this? -->\n    <flag name=\"%s\" select=\"", known[k].flag);
			add_path(out, c, f);
			text_add(out, "/@value = 'true'\"/>\n");
			return;
		}
}

void write_subject(const struct plan *plan, struct text *out)
{
	text_add(out, "  <!-- TODO: whom the letter is for and where it goes, proposed from names of columns; look at a few letters -->\n  <subject>\n");
	write_name(plan, out);
	write_address(plan, out);
	write_flags(plan, out);
	text_add(out, "  </subject>\n");
}
