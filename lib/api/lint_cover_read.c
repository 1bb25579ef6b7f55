/* SPDX-License-Identifier: MIT */
/* What the queries of a source read of its schema. */
#include <string.h>
#include "api/schema.h"

/* ---- names in SQL ---- */

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with(const char *s, const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(s[i]) != lower(name[i]))
			return false;
	return true;
}

/* Does the name stand in the statement as a word, outside of texts? */
static bool sql_names(const char *sql, const char *name)
{
	size_t n = strlen(name);
	bool text = false;
	char before = ' ';

	for (; *sql; before = *sql++) {
		if (*sql == '\'')
			text = !text;
		else if (!text && !is_word(before) && begins_with(sql, name, n) && !is_word(sql[n]))
			return true;
	}
	return false;
}

/* ---- marks ---- */

static struct dbi_schema_column *origin(dbrief_schema *s, const struct dbi_schema_result *r)
{
	size_t table = r->table ? dbi_schema_table_of(s, r->space, r->table) : DBRIEF_NONE, column;

	if (table == DBRIEF_NONE || !r->column)
		return NULL;
	column = dbrief_schema_find_column(s, table, r->column);
	if (column == DBRIEF_NONE)
		return NULL;
	s->tables[table].read = true;
	return &s->tables[table].columns[column];
}

/* An expression may be made of any column the query names, of the tables it names. */
static void mark_mentioned(dbrief_schema *s, const char *sql, bool all)
{
	for (size_t i = 0; i < s->n; i++) {
		struct dbi_schema_table *t = &s->tables[i];

		/* A view may have a table's name but for its capitals. */
		if (!sql_names(sql, t->table) || (t->view && !strstr(sql, t->table)) || (t->space && !sql_names(sql, t->space)))
			continue;
		t->read = true;
		for (size_t k = 0; k < t->n; k++)
			t->columns[k].mentioned = t->columns[k].mentioned || all || sql_names(sql, t->columns[k].name);
	}
}

static void mark_result(dbrief_schema *s, const struct dbi_source_decl *decl, const struct dbi_schema_result *r)
{
	const struct dbi_collection_decl *c = r->collection ? dbi_source_collection(decl, r->collection) : NULL;
	struct dbi_schema_column *column = origin(s, r);

	if (!column) {
		if (c && c->query && !c->shared)
			mark_mentioned(s, c->query, false);
		return;
	}
	/* <subjects> lists keys, <shared> answers a question; the letter shows them only when some records do. */
	column->read = column->read || (c && !c->shared);
	column->key_of_subject = column->key_of_subject || !c || (c->subject_key && strcmp(c->subject_key, r->result) == 0);
}

/* What a query that does not compile any more would read shows when it is corrected. */
static void mark_refused(dbrief_schema *s, const struct dbi_source_decl *decl, const char *collection)
{
	const struct dbi_collection_decl *c = collection ? dbi_source_collection(decl, collection) : NULL;

	if (c && c->query)
		mark_mentioned(s, c->query, strchr(c->query, '*') != NULL);
}

static void mark_left_out(dbrief_schema *s, const struct dbi_left_out *o)
{
	size_t table = dbrief_schema_find_table(s, o->table);
	size_t column = o->column ? dbrief_schema_find_column(s, table, o->column) : DBRIEF_NONE;

	if (table == DBRIEF_NONE)
		return;
	if (!o->column)
		s->tables[table].ignored = true;
	else if (column != DBRIEF_NONE)
		s->tables[table].columns[column].ignored = true;
}

static bool mark_subjects(dbrief_schema *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->tables[i].n; k++)
			if (s->tables[i].columns[k].key_of_subject) {
				s->tables[i].role = DBRIEF_ROLE_SUBJECT;
				any = true;
			}
	return any;
}

void dbi_cover_add(dbrief_schema *s, const dbrief_schema *read, const struct dbi_source_decl *decl)
{
	for (size_t i = 0; i < read->n_results; i++)
		mark_result(s, decl, &read->results[i]);
	for (size_t i = 0; i < read->n_refusals; i++)
		mark_refused(s, decl, read->refusals[i].collection);
	for (size_t i = 0; i < decl->n_left_out; i++)
		mark_left_out(s, &decl->left_out[i]);
}

bool dbi_cover_follow(dbrief_schema *s)
{
	bool any = mark_subjects(s);

	dbi_schema_reach_more(s);
	/* What a query reads is looked at, however it got there. */
	for (size_t i = 0; i < s->n; i++) {
		if (s->tables[i].read)
			s->tables[i].guessed = false;
		if (s->tables[i].read && s->tables[i].role == DBRIEF_ROLE_NONE)
			s->tables[i].role = DBRIEF_ROLE_LOOKUP;
	}
	return any;
}

/* ---- one column ---- */

static bool is_only_key(const struct dbi_schema_table *t, size_t column)
{
	if (!t->columns[column].key || t->columns[column].kind != DBRIEF_KIND_INTEGER)
		return false;
	for (size_t i = 0; i < t->n; i++)
		if (i != column && t->columns[i].key)
			return false;
	return true;
}

static bool leads_on(const dbrief_schema *s, size_t table, size_t column)
{
	for (size_t i = 0; i < s->n_references; i++) {
		const struct dbi_schema_reference *r = &s->references[i];

		if (r->table != table || r->to == table || (s->tables[r->to].guessed && !s->tables[r->to].ignored) ||
		    s->tables[r->to].role == DBRIEF_ROLE_NONE)
			continue;
		for (size_t k = 0; k < r->n; k++)
			if (r->columns[k] == column)
				return true;
	}
	return false;
}

/* The other side of a reference says what the reference says. */
static bool is_referred_to(const dbrief_schema *s, size_t table, size_t column)
{
	for (size_t i = 0; i < s->n_references; i++) {
		const struct dbi_schema_reference *r = &s->references[i];

		if (r->to != table || r->guessed || s->tables[r->table].role == DBRIEF_ROLE_NONE)
			continue;
		for (size_t k = 0; k < r->n; k++)
			if (r->to_columns[k] == column)
				return true;
	}
	return false;
}

bool dbi_cover_settled(const dbrief_schema *s, size_t table, size_t column)
{
	const struct dbi_schema_table *t = &s->tables[table];
	const struct dbi_schema_column *c = &t->columns[column];

	return c->read || c->mentioned || c->ignored || c->key_of_subject || is_only_key(t, column) || leads_on(s, table, column) ||
	    (t->role == DBRIEF_ROLE_LOOKUP && is_referred_to(s, table, column));
}
