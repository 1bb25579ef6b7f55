/* SPDX-License-Identifier: MIT */
/* Which tables become records, and how each of them leads back to the customer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

struct dbrief_table_info plan_table(const struct plan *plan, size_t table)
{
	struct dbrief_table_info info = { .size = sizeof(info) };

	if (dbrief_schema_table(plan->schema, table, &info) != DBRIEF_OK)
		info.name = info.table = "";
	return info;
}

struct dbrief_column_info plan_column(const struct plan *plan, size_t table, size_t column)
{
	struct dbrief_column_info info = { .size = sizeof(info) };

	if (dbrief_schema_column(plan->schema, table, column, &info) != DBRIEF_OK)
		info.name = info.type = "";
	return info;
}

struct dbrief_reference_info plan_reference(const struct plan *plan, size_t reference)
{
	struct dbrief_reference_info info = { .size = sizeof(info), .table = DBRIEF_NONE, .to = DBRIEF_NONE };

	if (dbrief_schema_reference(plan->schema, reference, &info) != DBRIEF_OK)
		info.n = 0;
	return info;
}

/* ---- collections ---- */

static const char *activity_of(const struct plan *plan, size_t table)
{
	struct words w;

	words_of(&w, plan_table(plan, table).table);
	if (table == plan->table || words_have(&w, "customer customers kunde kunden person contact address addresses anschrift loyalty account"))
		return "account";
	if (words_have(&w, "newsletter campaign consent marketing einwilligung"))
		return "marketing";
	if (words_have(&w, "order orders invoice invoices payment payments card cards item items bestellung rechnung zahlung contract delivery"))
		return "contract";
	if (words_have(&w, "message messages ticket tickets request requests note notes call calls mail support complaint complaints"))
		return "contact";
	return words_have(&w, "login logins visit visits session sessions log logs event events") ? "usage" : "other";
}

static struct collection *new_collection(struct plan *plan, size_t table)
{
	struct dbrief_table_info t = plan_table(plan, table);
	struct collection *grown, *c;

	if (plan->n == plan->cap) {
		grown = realloc(plan->list, (plan->cap + 16) * sizeof(*grown));
		plan->failed = plan->failed || !grown;
		if (!grown)
			return NULL;
		plan->list = grown;
		plan->cap += 16;
	}
	c = &plan->list[plan->n];
	memset(c, 0, sizeof(*c));
	c->table = table;
	c->reference = c->key = c->within = DBRIEF_NONE;
	(void)snprintf(c->name, sizeof(c->name), "%.50s", t.table);
	for (size_t i = 0; i < plan->n; i++)
		if (strcmp(plan->list[i].name, c->name) == 0) {
			(void)snprintf(c->name, sizeof(c->name), "%.38s.%zu", t.table, plan->n);
			break;
		}
	table_label_of(c->label, sizeof(c->label), t.table, plan->german);
	c->activity = activity_of(plan, table);
	c->guessed = t.guessed;
	plan->n++;
	return c;
}

static size_t single_key(const struct plan *plan, size_t table)
{
	size_t key = DBRIEF_NONE;

	for (size_t i = 0; i < plan_table(plan, table).columns; i++) {
		if (!plan_column(plan, table, i).key)
			continue;
		if (key != DBRIEF_NONE)
			return DBRIEF_NONE;
		key = i;
	}
	return key;
}

/* ---- the way back to the customer ---- */

static struct join *add_join(struct collection *c, size_t table, size_t reference, const char *from)
{
	struct join *j = &c->joins[c->n_joins];

	if (c->n_joins == MAX_JOINS)
		return NULL;
	*j = (struct join){ .table = table, .reference = reference };
	(void)snprintf(j->alias, sizeof(j->alias), "p%zu", c->n_joins + 1);
	(void)snprintf(j->from, sizeof(j->from), "%s", from);
	c->n_joins++;
	return j;
}

static void set_subject(struct collection *c, const char *alias, size_t table, size_t column)
{
	(void)snprintf(c->subject_alias, sizeof(c->subject_alias), "%s", alias);
	c->subject_table = table;
	c->subject_column = column;
}

/* Joins from the table by its reference up to the one that holds the customer's key, which is often the reference's own column. */
static void find_way(struct plan *plan, struct collection *c)
{
	size_t reference = c->reference;
	char alias[8] = "t";

	while (reference != DBRIEF_NONE) {
		struct dbrief_reference_info r = plan_reference(plan, reference);
		struct join *j;

		if (r.to == plan->table && r.n == 1 && r.to_columns[0] == plan->column) {
			set_subject(c, alias, r.table, r.columns[0]);
			return;
		}
		j = add_join(c, r.to, reference, alias);
		if (!j)
			return;
		(void)snprintf(alias, sizeof(alias), "%s", j->alias);
		reference = r.to == plan->table ? DBRIEF_NONE : plan_table(plan, r.to).via;
	}
	set_subject(c, alias, plan->table, plan->column);
}

static bool is_in_reference(const struct plan *plan, size_t reference, size_t column)
{
	struct dbrief_reference_info r = plan_reference(plan, reference);

	for (size_t k = 0; reference != DBRIEF_NONE && k < r.n; k++)
		if (r.columns[k] == column)
			return true;
	return false;
}

/* The record of the table that this one refers to holds it, when it has a key and stands once. */
static void nest(struct plan *plan, struct collection *c)
{
	struct dbrief_reference_info r = plan_reference(plan, c->reference);
	size_t found = DBRIEF_NONE;

	if (c->reference == DBRIEF_NONE || r.n != 1 || r.to == plan->table)
		return;
	for (size_t i = 0; i + 1 < plan->n; i++)
		if (plan->list[i].table == r.to) {
			if (found != DBRIEF_NONE)
				return;
			found = i;
		}
	if (found == DBRIEF_NONE || plan->list[found].key != r.to_columns[0] || plan->list[found].within != DBRIEF_NONE)
		return;
	c->within = found;
	(void)snprintf(c->link, sizeof(c->link), "%.120s", plan_column(plan, r.table, r.columns[0]).name);
}

/* Refers to a customer, and not by the way that made this one's record. */
static bool leads_to_subject(const struct plan *plan, size_t table, size_t column)
{
	for (size_t i = 0; i < dbrief_schema_references(plan->schema); i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);

		if (r.table == table && r.to == plan->table && is_in_reference(plan, i, column))
			return true;
	}
	return false;
}

static void add_own_fields(struct plan *plan, struct collection *c)
{
	size_t n = plan_table(plan, c->table).columns;

	for (size_t i = 0; i < n; i++) {
		bool subject = strcmp(c->subject_alias, "t") == 0 && c->subject_column == i, link = is_in_reference(plan, c->reference, i);
		struct field *f;

		if (!subject && !link && lookup_has(plan, c, c->table, i))
			continue;
		f = field_add(plan, c, c->table, i, "t", "");
		if (!f)
			return;
		f->hidden = (subject && c->table != plan->table && !c->email) || (link && c->within != DBRIEF_NONE);
		if (!subject && !link && leads_to_subject(plan, c->table, i)) {
			f->third = true;
			f->show = "named";
			f->todo = "the number of another customer: leave it named only, or leave it out";
		}
		if (subject)
			(void)snprintf(c->subject_key, sizeof(c->subject_key), "%s", f->name);
	}
}

static bool is_date(const struct field *f)
{
	struct words w;

	words_of(&w, f->name);
	return (strcmp(f->type, "date") == 0 || strcmp(f->type, "datetime") == 0) && !f->show && !f->sensitivity && !f->hidden &&
	    !words_have(&w, "birth birthdate birthday geburtsdatum geburtstag until end");
}

/* The key's name when it is no column of the table itself: the customer's, unless another one has it. */
static void name_subject_key(struct plan *plan, struct collection *c)
{
	const char *name = plan_column(plan, c->subject_table, c->subject_column).name;

	if (c->subject_key[0])
		return;
	(void)snprintf(c->subject_key, sizeof(c->subject_key), "%.120s", name);
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->fields[i].name, c->subject_key) == 0)
			(void)snprintf(c->subject_key, sizeof(c->subject_key), "subject_key");
}

static void fill(struct plan *plan, struct collection *c)
{
	c->key = single_key(plan, c->table);
	if (!c->email)
		nest(plan, c);
	/* Joins first, so that a number is left out where what it leads to is read. */
	lookups_add(plan, c, c->table, "t", 1);
	add_own_fields(plan, c);
	name_subject_key(plan, c);
	for (size_t i = 0; i < c->n && !c->since; i++)
		if (is_date(&c->fields[i]) && c->fields[i].table == c->table)
			c->since = c->fields[i].name;
}

/* ---- by e-mail ---- */

size_t email_column(const struct plan *plan, size_t table, size_t from)
{
	for (size_t i = from; i < plan_table(plan, table).columns; i++)
		if (plan_column(plan, table, i).kind == DBRIEF_KIND_TEXT && is_email_name(plan_column(plan, table, i).name))
			return i;
	return DBRIEF_NONE;
}

/* What such tables refer to is looked up, also when it has addresses itself: the employee of a request. */
static void mark_email_tables(struct plan *plan, bool *email)
{
	size_t n = dbrief_schema_tables(plan->schema);

	for (size_t i = 0; i < n; i++)
		email[i] = plan->roles[i] == DBRIEF_ROLE_NONE && !plan_table(plan, i).view && !plan_table(plan, i).space &&
		    email_column(plan, i, 0) != DBRIEF_NONE;
	for (size_t i = 0; i < dbrief_schema_references(plan->schema); i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);

		if (email[r.table] && r.to != r.table && plan->roles[r.to] == DBRIEF_ROLE_NONE) {
			plan->roles[r.to] = DBRIEF_ROLE_LOOKUP;
			email[r.to] = false;
		}
	}
}

static void add_email_tables(struct plan *plan)
{
	size_t n = dbrief_schema_tables(plan->schema);
	bool *email = calloc(n ? n : 1, sizeof(*email));
	size_t column;

	plan->failed = plan->failed || !email;
	if (email && email_column(plan, plan->table, 0) != DBRIEF_NONE)
		mark_email_tables(plan, email);
	for (size_t i = 0; email && i < n; i++) {
		struct collection *c = email[i] ? new_collection(plan, i) : NULL;

		if (!c)
			continue;
		c->email = true;
		plan->n_emails++;
		column = email_column(plan, i, 0);
		set_subject(c, email_column(plan, i, column + 1) == DBRIEF_NONE ? "t" : "", i, column);
		if (!c->subject_alias[0])
			(void)snprintf(c->subject_key, sizeof(c->subject_key), "found_by_email");
		fill(plan, c);
	}
	free(email);
}

/* ---- all of it ---- */

static void add_table(struct plan *plan, size_t table, size_t reference)
{
	struct collection *c = new_collection(plan, table);

	if (!c)
		return;
	c->reference = reference;
	if (reference == DBRIEF_NONE)
		set_subject(c, "t", table, plan->column);
	else
		find_way(plan, c);
	fill(plan, c);
}

/* A table may refer to the customer more than once: who sent a message, and who got it. */
static void add_again(struct plan *plan, size_t table)
{
	struct dbrief_table_info t = plan_table(plan, table);

	for (size_t i = 0; i < dbrief_schema_references(plan->schema); i++) {
		struct dbrief_reference_info r = plan_reference(plan, i);

		if (r.table == table && r.to == plan->table && i != t.via && r.guessed == t.guessed)
			add_table(plan, table, i);
	}
}

static bool prepare(struct plan *plan)
{
	size_t n = dbrief_schema_tables(plan->schema);

	plan->roles = calloc(n, sizeof(*plan->roles));
	plan->selected = calloc(n, sizeof(*plan->selected));
	for (size_t i = 0; plan->roles && plan->selected && i < n; i++) {
		plan->roles[i] = plan_table(plan, i).role;
		plan->selected[i] = calloc(plan_table(plan, i).columns + 1, sizeof(**plan->selected));
		if (!plan->selected[i])
			return false;
	}
	return plan->roles && plan->selected;
}

void plan_make(struct plan *plan, dbrief_schema *schema, size_t table, size_t column, bool german)
{
	size_t n = dbrief_schema_tables(schema);

	*plan = (struct plan){ .schema = schema, .german = german, .table = table, .column = column };
	plan->failed = !prepare(plan);
	if (plan->failed)
		return;
	add_table(plan, table, DBRIEF_NONE);
	for (unsigned depth = 1; depth <= n; depth++)
		for (size_t i = 0; i < n; i++) {
			struct dbrief_table_info t = plan_table(plan, i);

			if (t.role != DBRIEF_ROLE_OWN || t.depth != depth || t.view)
				continue;
			add_table(plan, i, t.via);
			add_again(plan, i);
		}
	add_email_tables(plan);
}

void plan_dispose(struct plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		free(plan->list[i].fields);
	for (size_t i = 0; plan->selected && i < dbrief_schema_tables(plan->schema); i++)
		free(plan->selected[i]);
	free(plan->selected);
	free(plan->roles);
	free(plan->list);
}
