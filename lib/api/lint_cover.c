/* SPDX-License-Identifier: MIT */
/*
 * Coverage: what the database of a source holds about its subjects, and nobody
 * declared; and what is declared, and the database does not have any more.
 */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"
#include "api/schema.h"

struct cover {
	struct dbi_lint *l;
	dbrief_schema *s;
	const struct dbi_source_decl *decl;
	bool refused;
};

/* ---- lists of names that fit into a message ---- */

struct names { char text[240]; size_t len, n, left_out; };

static void add_name(struct names *names, const char *name)
{
	size_t n = strlen(name);

	names->n++;
	if (names->left_out || names->len + n + 3 > sizeof(names->text)) {
		names->left_out++;
		return;
	}
	names->len += (size_t)snprintf(names->text + names->len, sizeof(names->text) - names->len, "%s%s", names->len ? ", " : "", name);
}

/* ", and 3 more" */
static const char *rest(const struct names *names, char out[32])
{
	out[0] = '\0';
	if (names->left_out)
		(void)snprintf(out, 32, " and %zu more", names->left_out);
	return out;
}

/* ---- declared, and not there ---- */

static void say_refusals(struct dbi_lint *l, const dbrief_schema *read, const struct dbi_source_decl *decl)
{
	for (size_t i = 0; i < read->n_refusals; i++) {
		const struct dbi_schema_refusal *r = &read->refusals[i];
		const struct dbi_collection_decl *records = r->collection ? dbi_source_collection(decl, r->collection) : NULL;

		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, records ? records->place : decl->place, "%s%s: %s", records ? "records " : "<subjects>",
		    records ? records->name : "", r->text);
	}
}

static void say_vanished(struct dbi_lint *l, const dbrief_schema *s, const struct dbi_source_decl *decl)
{
	for (size_t i = 0; i < decl->n_left_out; i++) {
		const struct dbi_left_out *o = &decl->left_out[i];
		size_t table = dbrief_schema_find_table(s, o->table);

		if (table == DBRIEF_NONE)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, o->place, "%s: the database has no such table; correct the name, or remove the <ignore>",
			    o->table);
		else if (o->column && dbrief_schema_find_column(s, table, o->column) == DBRIEF_NONE)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, o->place, "%s.%s: the table has no such column; correct the name, or remove the <ignore>",
			    o->table, o->column);
	}
}

/* ---- there, and not declared ---- */

static void say_rows(const struct dbi_schema_table *t, char out[48])
{
	if (t->rows >= 0)
		(void)snprintf(out, 48, ", about %lld row%s", (long long)t->rows, t->rows == 1 ? "" : "s");
	else
		out[0] = '\0';
}

static void say_table(struct cover *c, const struct dbi_schema_table *t, int severity, const char *why)
{
	char rows[48];

	say_rows(t, rows);
	dbi_lint_say(c->l, severity, c->decl->place, "%s: a table of %zu columns%s %s, and nothing of it is declared; "
	    "add <records> that read it, or <ignore table=\"%s\" reason=\"...\"/>", t->name, t->n, rows, why, t->name);
}

static void say_columns(struct cover *c, size_t table)
{
	const struct dbi_schema_table *t = &c->s->tables[table];

	for (size_t i = 0; i < t->n; i++)
		if (!dbi_cover_settled(c->s, table, i))
			dbi_lint_say(c->l, DBRIEF_SEVERITY_ERROR, c->decl->place, "%s.%s: stored about a customer and not declared; read it in a <query> and "
			    "add a <field>, or <ignore table=\"%s\" column=\"%s\" reason=\"...\"/>", t->name, t->columns[i].name, t->name, t->columns[i].name);
}

/* Of a table whose rows many share, one finding names all columns: most of them say nothing about anybody. */
static void say_lookup(struct cover *c, size_t table, int severity)
{
	const struct dbi_schema_table *t = &c->s->tables[table];
	struct names names = { .len = 0 };
	char more[32];

	for (size_t i = 0; i < t->n; i++)
		if (!dbi_cover_settled(c->s, table, i))
			add_name(&names, t->columns[i].name);
	if (names.n)
		dbi_lint_say(c->l, severity, c->decl->place, "%s: the customer's records refer to rows of it, and not declared are %s%s; "
		    "read them, or <ignore table=\"%s\" reason=\"...\"/>", t->name, names.text, rest(&names, more), t->name);
}

static bool is_any_read(const struct dbi_schema_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].read || t->columns[i].mentioned || t->columns[i].ignored)
			return true;
	return false;
}

/* By the likeness of names only: a person must look. */
static void say_likeness(struct cover *c, size_t table)
{
	const struct dbi_schema_table *t = &c->s->tables[table];
	const struct dbi_schema_reference *r = &c->s->references[t->via];
	bool out = r->table == table;
	char why[240];

	if (out)
		(void)snprintf(why, sizeof(why), "looks like the customer's: %.60s is named like %.60s.%.40s", t->columns[r->columns[0]].name,
		    c->s->tables[r->to].name, c->s->tables[r->to].columns[r->to_columns[0]].name);
	else
		(void)snprintf(why, sizeof(why), "looks like what %.60s.%.60s refers to", c->s->tables[r->table].name,
		    c->s->tables[r->table].columns[r->columns[0]].name);
	say_table(c, t, DBRIEF_SEVERITY_WARNING, why);
}

static void look_at(struct cover *c, size_t table)
{
	const struct dbi_schema_table *t = &c->s->tables[table];
	bool own = t->role != DBRIEF_ROLE_LOOKUP;
	int severity = own || t->depth <= 1 ? DBRIEF_SEVERITY_ERROR : DBRIEF_SEVERITY_WARNING;

	if (t->ignored || t->role == DBRIEF_ROLE_NONE || (t->view && !t->read))
		return;
	if (t->guessed && t->via != DBRIEF_NONE)
		say_likeness(c, table);
	else if (own && !is_any_read(t) && t->role != DBRIEF_ROLE_SUBJECT)
		say_table(c, t, severity, "whose rows belong to customers");
	else if (own)
		say_columns(c, table);
	else
		say_lookup(c, table, severity);
}

/* ---- not connected ---- */

static bool is_email_column(const struct dbi_schema_column *c)
{
	return c->kind == DBRIEF_KIND_TEXT && dbi_name_is_email(c->name);
}

static bool subjects_have_email(const dbrief_schema *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; s->tables[i].role == DBRIEF_ROLE_SUBJECT && k < s->tables[i].n; k++)
			if (is_email_column(&s->tables[i].columns[k]))
				return true;
	return false;
}

static bool say_email(struct cover *c, const struct dbi_schema_table *t)
{
	char why[240];

	for (size_t i = 0; i < t->n; i++)
		if (is_email_column(&t->columns[i])) {
			(void)snprintf(why, sizeof(why), "looks like the customer's: %.80s may be the customer's address", t->columns[i].name);
			say_table(c, t, DBRIEF_SEVERITY_WARNING, why);
			return true;
		}
	return false;
}

static void say_unreached(struct cover *c)
{
	bool email = subjects_have_email(c->s);
	struct names names = { .len = 0 };
	char more[32];

	for (size_t i = 0; i < c->s->n; i++) {
		const struct dbi_schema_table *t = &c->s->tables[i];

		if (t->role == DBRIEF_ROLE_NONE && !t->ignored && !t->view && !(email && say_email(c, t)))
			add_name(&names, t->name);
	}
	if (names.n)
		dbi_lint_say(c->l, DBRIEF_SEVERITY_INFO, c->decl->place, "source %s: nothing connects the customer with %zu table%s, so nobody looked "
		    "into %s: %s%s", c->decl->id, names.n, names.n == 1 ? "" : "s", names.n == 1 ? "it" : "them", names.text, rest(&names, more));
}

/* ---- a database, with all sources that read it ---- */

static bool same_database(const struct dbi_source_decl *a, const struct dbi_source_decl *b)
{
	return a->url && b->url && strcmp(a->url, b->url) == 0 && a->url_overridden == b->url_overridden &&
	    (a->url_overridden || strcmp(a->base, b->base) == 0);
}

/* The schema by one source; what it refuses is said. NULL: it is away, which is said where the declaration is compared. */
static dbrief_schema *read_schema(struct dbi_lint *l, size_t i)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_schema *s = NULL;

	if (dbi_engine_create_source(l->engine, i, &err) != DBRIEF_OK || !dbi_schema_can(&l->engine->connected[i].connector))
		return NULL;
	if (dbi_schema_of_source(&s, l->engine, i, 0, &err) != DBRIEF_OK) {
		if (err.cause == DBRIEF_CAUSE_MEMORY)
			dbi_lint_memory(l);
		return NULL;
	}
	l->refused[i] = s->n_refusals > 0;
	say_refusals(l, s, l->engine->sources[i].source.decl);
	say_vanished(l, s, l->engine->sources[i].source.decl);
	return s;
}

static void add_others(struct cover *c, size_t first)
{
	for (size_t i = first + 1; i < c->l->engine->n_sources; i++) {
		const struct dbi_source_decl *decl = c->l->engine->sources[i].source.decl;
		dbrief_schema *read = same_database(c->decl, decl) ? read_schema(c->l, i) : NULL;

		if (!read)
			continue;
		dbi_cover_add(c->s, read, decl);
		c->refused = c->refused || read->n_refusals;
		dbrief_schema_free(read);
	}
}

static void check_schema(struct cover *c)
{
	bool found = dbi_cover_follow(c->s);

	for (size_t i = 0; i < c->s->n && !c->l->stop; i++)
		look_at(c, i);
	if (!found && c->s->n && !c->refused)
		dbi_lint_say(c->l, DBRIEF_SEVERITY_WARNING, c->decl->place, "source %s: no query tells which table holds the customers, so the schema was "
		    "not followed; let subject-key be a plain column", c->decl->id);
	else if (found)
		say_unreached(c);
}

static bool was_checked(const struct dbi_lint *l, size_t source)
{
	for (size_t i = 0; i < source; i++)
		if (same_database(l->engine->sources[i].source.decl, l->engine->sources[source].source.decl))
			return true;
	return false;
}

void dbi_lint_coverage(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->engine->n_sources && !l->stop; i++) {
		struct cover c = { l, NULL, l->engine->sources[i].source.decl, false };

		if (!was_checked(l, i))
			c.s = read_schema(l, i);
		if (!c.s)
			continue;
		c.refused = c.s->n_refusals > 0;
		dbi_cover_add(c.s, c.s, c.decl);
		add_others(&c, i);
		check_schema(&c);
		dbrief_schema_free(c.s);
	}
}
