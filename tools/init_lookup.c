/* SPDX-License-Identifier: MIT */
/* Tables that rows of a customer refer to: what of them makes a row readable. */
#include <stdio.h>
#include <string.h>
#include "init.h"

static bool has_column(const struct plan *plan, size_t table, const char *list)
{
	struct words w;

	for (size_t i = 0; i < plan_table(plan, table).columns; i++) {
		words_of(&w, plan_column(plan, table, i).name);
		if (words_have(&w, list))
			return true;
	}
	return false;
}

static bool is_address_table(const struct plan *plan, size_t table)
{
	return has_column(plan, table, "street strasse road house") && has_column(plan, table, "city ort town zip plz postcode postal");
}

bool is_person_table(const struct plan *plan, size_t table)
{
	bool named = has_column(plan, table, "firstname lastname surname vorname nachname birthdate birth geburtsdatum");

	for (size_t i = 0; !named && i < plan_table(plan, table).columns; i++) {
		struct words w;

		words_of(&w, plan_column(plan, table, i).name);
		named = w.n > 1 && words_have(&w, "first last") && words_end(&w, "name");
	}
	return named || (has_column(plan, table, "name") && has_column(plan, table, "email mail phone telefon mobile"));
}

/* How well a column says what a row is: 0 not at all. */
static int readable(const struct plan *plan, size_t table, size_t column, bool person)
{
	struct dbrief_column_info c = plan_column(plan, table, column);
	struct words w;

	words_of(&w, c.name);
	if (c.kind != DBRIEF_KIND_TEXT || c.longest > 200 || words_have(&w, "password passwort hash token secret pin"))
		return 0;
	if (person)
		return words_end(&w, "name lastname firstname surname vorname nachname") ? 3 : 0;
	if (words_end(&w, "name title titel bezeichnung label"))
		return 3;
	return words_end(&w, "description beschreibung text") ? 2 : words_have(&w, "url path") ? 0 : 1;
}

static int best_of(const struct plan *plan, size_t table, bool person)
{
	int best = 0;

	for (size_t i = 0; i < plan_table(plan, table).columns; i++) {
		int r = plan_column(plan, table, i).key ? 0 : readable(plan, table, i, person);

		if (r > best)
			best = r;
	}
	return best;
}

static bool is_key_of_reference(const struct plan *plan, size_t table, size_t column)
{
	for (size_t i = 0; i < dbrief_schema_references(plan->schema); i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);

		for (size_t k = 0; r.table == table && k < r.n; k++)
			if (r.columns[k] == column)
				return true;
	}
	return false;
}

static void add_columns(struct plan *plan, struct collection *c, size_t table, const char *alias, const char *prefix)
{
	bool person = is_person_table(plan, table), address = !person && is_address_table(plan, table);
	int best = best_of(plan, table, person);

	for (size_t i = 0; i < plan_table(plan, table).columns; i++) {
		struct dbrief_column_info info = plan_column(plan, table, i);
		struct field *f = NULL;

		if (is_key_of_reference(plan, table, i) || (info.key && info.kind == DBRIEF_KIND_INTEGER))
			continue;
		if (address || (best && !info.key && readable(plan, table, i, person) == best))
			f = field_add(plan, c, table, i, alias, prefix);
		if (f && person) {
			f->third = true;
			f->show = "named";
			f->todo = "the name of another person: leave it named only, or show it and <attest rule=\"L14\"> why it may be seen";
		}
	}
}

bool lookup_has(const struct plan *plan, const struct collection *c, size_t table, size_t column)
{
	for (size_t i = 0; i < c->n_joins; i++) {
		struct dbrief_reference_info r = plan_reference(plan, c->joins[i].reference);

		for (size_t k = 0; r.table == table && k < r.n; k++)
			if (r.columns[k] == column)
				return true;
	}
	return false;
}

static bool is_joined(const struct collection *c, size_t table, size_t reference)
{
	for (size_t i = 0; i < c->n_joins; i++)
		if (c->joins[i].reference == reference || c->joins[i].table == table)
			return c->joins[i].reference == reference || !c->joins[i].left;
	return false;
}

/* "billing_address" of billing_address_id, so that two addresses keep apart; else the table's name. */
static void prefix_of(const struct plan *plan, const struct dbrief_reference_info *r, char *out, size_t size)
{
	struct words w;
	size_t len = 0;

	words_of(&w, plan_column(plan, r->table, r->columns[0]).name);
	if (w.n > 1 && words_end(&w, "id no nr key code ref fk"))
		w.n--;
	out[0] = '\0';
	for (size_t i = 0; i < w.n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? "_" : "", w.w[i]);
}

void lookups_add(struct plan *plan, struct collection *c, size_t table, const char *alias, unsigned depth)
{
	for (size_t i = 0; i < dbrief_schema_references(plan->schema) && c->n_joins < MAX_JOINS; i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);
		struct join *j = &c->joins[c->n_joins];
		char prefix[100];

		if (r.table != table || r.to == table || plan->roles[r.to] != DBRIEF_ROLE_LOOKUP || plan_table(plan, r.to).view ||
		    is_joined(c, r.to, i))
			continue;
		*j = (struct join){ .table = r.to, .reference = i, .left = true };
		(void)snprintf(j->alias, sizeof(j->alias), "l%zu", c->n_joins + 1);
		(void)snprintf(j->from, sizeof(j->from), "%s", alias);
		c->n_joins++;
		prefix_of(plan, &r, prefix, sizeof(prefix));
		add_columns(plan, c, r.to, j->alias, prefix);
		if (depth < 3 && !is_person_table(plan, r.to))
			lookups_add(plan, c, r.to, j->alias, depth + 1);
	}
}

/* A number that leads to a table which is looked at itself. */
static bool leads_on(const struct plan *plan, size_t table, size_t column)
{
	for (size_t i = 0; i < dbrief_schema_references(plan->schema); i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);

		for (size_t k = 0; r.table == table && r.to != table && plan->roles[r.to] != DBRIEF_ROLE_NONE && k < r.n; k++)
			if (r.columns[k] == column)
				return true;
	}
	return false;
}

bool is_partly_read(const struct plan *plan, size_t table)
{
	for (size_t i = 0; i < plan_table(plan, table).columns; i++) {
		struct dbrief_column_info c = plan_column(plan, table, i);

		if (!plan->selected[table][i] && !(c.key && c.kind == DBRIEF_KIND_INTEGER) && !leads_on(plan, table, i))
			return true;
	}
	return false;
}
