/* SPDX-License-Identifier: MIT */
/* What belongs to a subject: along foreign keys, and where there are none along names that look like them. */
#include <string.h>
#include "api/schema.h"
#include "util/error.h"

/* ---- guesses ---- */

static bool names_table(const char *column, const struct dbi_schema_table *t)
{
	return dbi_name_refers(column, t->table, "");
}

/* Where no key is declared: the first column called id, or after the table. */
static size_t likely_key(const struct dbi_schema_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if ((t->columns[i].name[0] | 0x20) == 'i' && (t->columns[i].name[1] | 0x20) == 'd' && !t->columns[i].name[2])
			return i;
	return t->n && names_table(t->columns[0].name, t) ? 0 : DBRIEF_NONE;
}

/* The one column that identifies a row of the table, or DBRIEF_NONE. */
static size_t single_key(const struct dbi_schema_table *t)
{
	size_t found = DBRIEF_NONE;

	for (size_t i = 0; i < t->n; i++) {
		if (!t->columns[i].key)
			continue;
		if (found != DBRIEF_NONE)
			return DBRIEF_NONE;
		found = i;
	}
	return found == DBRIEF_NONE ? likely_key(t) : found;
}

static bool is_declared(const dbrief_schema *s, size_t table, size_t column)
{
	for (size_t i = 0; i < s->n_references; i++)
		if (s->references[i].table == table)
			for (size_t k = 0; k < s->references[i].n; k++)
				if (s->references[i].columns[k] == column)
					return true;
	return false;
}

static bool comparable(const struct dbi_schema_column *a, const struct dbi_schema_column *b)
{
	enum dbrief_column_kind x = a->kind == DBRIEF_KIND_DECIMAL ? DBRIEF_KIND_INTEGER : a->kind;
	enum dbrief_column_kind y = b->kind == DBRIEF_KIND_DECIMAL ? DBRIEF_KIND_INTEGER : b->kind;

	return x == y && (x == DBRIEF_KIND_INTEGER || x == DBRIEF_KIND_TEXT);
}

/* How well a column's name fits a table: 0 not at all, else the more the longer, above all when it names the table itself. */
static size_t fit(const dbrief_schema *s, size_t table, size_t column, size_t to)
{
	const struct dbi_schema_column *c = &s->tables[table].columns[column];
	const struct dbi_schema_table *t = &s->tables[to];
	size_t key = single_key(t);
	bool own_key = single_key(&s->tables[table]) == column, named;

	if (key == DBRIEF_NONE || t->view || t->space || !comparable(c, &t->columns[key]) || (to == table && key == column))
		return 0;
	named = names_table(c->name, t);
	/* The key of a table is a reference only when it is named after another one: profile.user_id. */
	if (own_key && (!named || names_table(c->name, &s->tables[table])))
		return 0;
	if (!named && !dbi_name_refers(c->name, t->table, t->columns[key].name))
		return 0;
	return strlen(t->table) + (named ? 1000 : 1);
}

/* Of several tables whose names fit, the longest name fits best: "payment_card_id" is no "card". */
static size_t best_target(const dbrief_schema *s, size_t table, size_t column)
{
	size_t best = DBRIEF_NONE, best_fit = 0;

	for (size_t i = 0; i < s->n; i++) {
		size_t f = fit(s, table, column, i);

		if (f > best_fit) {
			best = i;
			best_fit = f;
		}
	}
	return best;
}

static bool guess_column(dbrief_schema *s, size_t table, size_t column)
{
	const struct dbi_schema_table *t = &s->tables[table];
	struct dbi_schema_reference *r;
	size_t to;

	if (t->space || is_declared(s, table, column))
		return true;
	to = best_target(s, table, column);
	if (to == DBRIEF_NONE)
		return true;
	r = dbi_schema_reference_new(s, table, true);
	if (!r || !dbi_schema_reference_pair(r, column, single_key(&s->tables[to])))
		return false;
	r->to = to;
	return true;
}

int dbi_schema_guess(dbrief_schema *s, struct dbrief_error *err)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; !s->tables[i].view && k < s->tables[i].n; k++)
			if (!guess_column(s, i, k))
				return dbi_error_memory(err);
	return DBRIEF_OK;
}

/* ---- reach ---- */

static void set(dbrief_schema *s, size_t table, int role, unsigned depth, size_t via, bool guessed)
{
	struct dbi_schema_table *t = &s->tables[table];

	t->role = role;
	t->depth = depth;
	t->via = via;
	t->guessed = guessed;
}

/* One step outwards: tables whose rows refer to rows that are the subject's. */
static bool spread_own(dbrief_schema *s, unsigned depth, bool guesses)
{
	bool any = false;

	for (size_t i = 0; i < s->n_references; i++) {
		const struct dbi_schema_reference *r = &s->references[i];
		const struct dbi_schema_table *to = &s->tables[r->to];

		if ((r->guessed && !guesses) || r->table == r->to || s->tables[r->table].role != DBRIEF_ROLE_NONE)
			continue;
		if ((to->role != DBRIEF_ROLE_SUBJECT && to->role != DBRIEF_ROLE_OWN) || to->depth != depth)
			continue;
		set(s, r->table, DBRIEF_ROLE_OWN, depth + 1, i, r->guessed || to->guessed);
		any = true;
	}
	return any;
}

static bool spread_lookup(dbrief_schema *s, unsigned depth, bool guesses)
{
	bool any = false;

	for (size_t i = 0; i < s->n_references; i++) {
		const struct dbi_schema_reference *r = &s->references[i];
		const struct dbi_schema_table *from = &s->tables[r->table];
		unsigned at = from->role == DBRIEF_ROLE_LOOKUP ? from->depth : 0;

		if ((r->guessed && !guesses) || from->role == DBRIEF_ROLE_NONE || at != depth || s->tables[r->to].role != DBRIEF_ROLE_NONE)
			continue;
		set(s, r->to, DBRIEF_ROLE_LOOKUP, depth + 1, i, r->guessed || from->guessed);
		any = true;
	}
	return any;
}

static void spread(dbrief_schema *s, bool guesses)
{
	unsigned deepest = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->tables[i].role == DBRIEF_ROLE_OWN && s->tables[i].depth > deepest)
			deepest = s->tables[i].depth;
	for (unsigned depth = 0; spread_own(s, depth, guesses) || depth < deepest; depth++)
		;
}

static void spread_lookups(dbrief_schema *s, bool guesses)
{
	unsigned deepest = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->tables[i].role == DBRIEF_ROLE_LOOKUP && s->tables[i].depth > deepest)
			deepest = s->tables[i].depth;
	for (unsigned depth = 0; spread_lookup(s, depth, guesses) || depth < deepest; depth++)
		;
}

void dbi_schema_reach_more(dbrief_schema *s)
{
	spread(s, false);
	spread(s, true);
	spread_lookups(s, false);
	spread_lookups(s, true);
}

void dbrief_schema_reach(dbrief_schema *s, size_t table, size_t column)
{
	(void)column;
	for (size_t i = 0; i < s->n; i++)
		set(s, i, DBRIEF_ROLE_NONE, 0, DBRIEF_NONE, false);
	if (table >= s->n)
		return;
	set(s, table, DBRIEF_ROLE_SUBJECT, 0, DBRIEF_NONE, false);
	dbi_schema_reach_more(s);
}
