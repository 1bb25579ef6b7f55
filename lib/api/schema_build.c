/* SPDX-License-Identifier: MIT */
/* The connector's side of a schema: what it hands over is copied and put in order. */
#include <ctype.h>
#include <string.h>
#include "api/schema.h"
#include "util/error.h"
#include "util/mem.h"

static int fail(dbrief_schema *s, int cause)
{
	if (s->status == DBRIEF_OK) {
		s->status = cause == DBRIEF_CAUSE_MEMORY ? DBRIEF_FAILED : DBRIEF_FATAL;
		s->cause = cause;
	}
	return s->status;
}

/* A copy in the arena; NULL stays NULL. */
static bool copy(dbrief_schema *s, const char **out, const char *text)
{
	*out = text ? dbi_arena_strndup(&s->arena, text, strlen(text)) : NULL;
	if (text && !*out)
		(void)fail(s, DBRIEF_CAUSE_MEMORY);
	return !text || *out;
}

static struct dbi_schema_table *open_table(dbrief_schema *s)
{
	if (s->n == 0)
		(void)fail(s, DBRIEF_CAUSE_STATE);
	return s->status == DBRIEF_OK ? &s->tables[s->n - 1] : NULL;
}

static char *joined(dbrief_schema *s, const char *space, const char *table)
{
	size_t n = strlen(space), m = strlen(table);
	char *name = dbi_arena_alloc(&s->arena, n + m + 2);

	if (name) {
		memcpy(name, space, n);
		name[n] = '.';
		memcpy(name + n + 1, table, m + 1);
	}
	return name;
}

int dbrief_schema_add_table(dbrief_schema *s, const char *space, const char *table, int view, int64_t rows)
{
	struct dbi_schema_table *t;

	if (s->status != DBRIEF_OK)
		return s->status;
	if (!table || !*table)
		return fail(s, DBRIEF_CAUSE_ARG);
	if (!dbi_grow(&s->tables, &s->cap, s->n + 1, sizeof(*s->tables), DBI_MAX_TABLES))
		return fail(s, s->n < DBI_MAX_TABLES ? DBRIEF_CAUSE_MEMORY : DBRIEF_CAUSE_LIMIT);
	t = &s->tables[s->n];
	*t = (struct dbi_schema_table){ .view = view != 0, .rows = rows, .via = DBRIEF_NONE };
	if (!copy(s, &t->space, space && *space ? space : NULL) || !copy(s, &t->table, table))
		return s->status;
	t->name = t->space ? joined(s, t->space, t->table) : t->table;
	if (!t->name)
		return fail(s, DBRIEF_CAUSE_MEMORY);
	s->n++;
	return DBRIEF_OK;
}

int dbrief_schema_add_column(dbrief_schema *s, const char *column, const char *type, int nullable, unsigned key)
{
	struct dbi_schema_table *t = open_table(s);
	struct dbi_schema_column *c;

	if (!t)
		return s->status;
	if (!column || !*column)
		return fail(s, DBRIEF_CAUSE_ARG);
	if (!dbi_grow(&t->columns, &t->cap, t->n + 1, sizeof(*t->columns), DBI_MAX_COLUMNS))
		return fail(s, t->n < DBI_MAX_COLUMNS ? DBRIEF_CAUSE_MEMORY : DBRIEF_CAUSE_LIMIT);
	c = &t->columns[t->n];
	*c = (struct dbi_schema_column){ .nullable = nullable != 0, .key = key };
	if (!copy(s, &c->name, column) || !copy(s, &c->type, type ? type : ""))
		return s->status;
	c->kind = dbi_schema_kind(c->type);
	t->n++;
	return DBRIEF_OK;
}

struct dbi_schema_reference *dbi_schema_reference_new(dbrief_schema *s, size_t table, bool guessed)
{
	struct dbi_schema_reference *r;

	if (!dbi_grow(&s->references, &s->references_cap, s->n_references + 1, sizeof(*s->references), DBI_MAX_REFERENCES)) {
		(void)fail(s, DBRIEF_CAUSE_MEMORY);
		return NULL;
	}
	r = &s->references[s->n_references++];
	*r = (struct dbi_schema_reference){ .table = table, .to = DBRIEF_NONE, .guessed = guessed };
	return r;
}

bool dbi_schema_reference_pair(struct dbi_schema_reference *r, size_t column, size_t to_column)
{
	size_t *columns = dbi_realloc(r->columns, r->n + 1, sizeof(*columns)), *to_columns;

	if (!columns)
		return false;
	r->columns = columns;
	to_columns = dbi_realloc(r->to_columns, r->n + 1, sizeof(*to_columns));
	if (!to_columns)
		return false;
	r->to_columns = to_columns;
	r->columns[r->n] = column;
	r->to_columns[r->n] = to_column;
	r->n++;
	return true;
}

/* Until all tables are known, the other side is kept by name. */
int dbrief_schema_add_reference(dbrief_schema *s, const char *column, const char *to_space, const char *to_table,
    const char *to_column, int first)
{
	struct dbi_schema_table *t = open_table(s);
	struct dbi_schema_reference *r;
	const char **names;
	size_t i;

	if (!t)
		return s->status;
	if (!column || !to_table || (!first && s->n_references == 0))
		return fail(s, DBRIEF_CAUSE_ARG);
	i = dbrief_schema_find_column(s, s->n - 1, column);
	r = first ? dbi_schema_reference_new(s, s->n - 1, false) : &s->references[s->n_references - 1];
	if (!r || (first && (!copy(s, &r->to_space, to_space && *to_space ? to_space : NULL) || !copy(s, &r->to_table, to_table))))
		return s->status;
	names = dbi_realloc(r->to_names, r->n + 1, sizeof(*names));
	if (!names)
		return fail(s, DBRIEF_CAUSE_MEMORY);
	r->to_names = names;
	if (!copy(s, &r->to_names[r->n], to_column) || !dbi_schema_reference_pair(r, i, DBRIEF_NONE))
		return fail(s, DBRIEF_CAUSE_MEMORY);
	return DBRIEF_OK;
}

unsigned dbrief_schema_samples(const dbrief_schema *s)
{
	return s->samples;
}

int dbrief_schema_add_value(dbrief_schema *s, size_t i, const char *bytes, size_t len)
{
	struct dbi_schema_table *t = open_table(s);

	if (!t)
		return s->status;
	if (i >= t->n)
		return fail(s, DBRIEF_CAUSE_ARG);
	if (bytes)
		dbi_schema_look(&t->columns[i], bytes, len == DBRIEF_NTS ? strlen(bytes) : len);
	else
		t->columns[i].nulls++;
	return DBRIEF_OK;
}

int dbrief_schema_end_table(dbrief_schema *s)
{
	struct dbi_schema_table *t = open_table(s);

	if (t)
		t->whole = true;
	return s->status;
}

int dbrief_schema_add_result(dbrief_schema *s, const char *collection, const char *result, const char *space, const char *table,
    const char *column)
{
	struct dbi_schema_result *r;

	if (s->status != DBRIEF_OK)
		return s->status;
	if (!dbi_grow(&s->results, &s->results_cap, s->n_results + 1, sizeof(*s->results), DBI_MAX_REFERENCES))
		return fail(s, DBRIEF_CAUSE_MEMORY);
	r = &s->results[s->n_results];
	if (!copy(s, &r->collection, collection) || !copy(s, &r->result, result ? result : "") ||
	    !copy(s, &r->space, space && *space ? space : NULL) || !copy(s, &r->table, table && *table ? table : NULL) ||
	    !copy(s, &r->column, column))
		return s->status;
	s->n_results++;
	return DBRIEF_OK;
}

int dbrief_schema_add_refusal(dbrief_schema *s, const char *collection, const char *text)
{
	struct dbi_schema_refusal *r;

	if (s->status != DBRIEF_OK)
		return s->status;
	if (!dbi_grow(&s->refusals, &s->refusals_cap, s->n_refusals + 1, sizeof(*s->refusals), DBI_MAX_REFERENCES))
		return fail(s, DBRIEF_CAUSE_MEMORY);
	r = &s->refusals[s->n_refusals];
	if (!copy(s, &r->collection, collection) || !copy(s, &r->text, text ? text : ""))
		return s->status;
	s->n_refusals++;
	return DBRIEF_OK;
}

int dbrief_schema_set_quote(dbrief_schema *s, char quote)
{
	if (quote == '"' || quote == '`')
		s->quote = quote;
	return s->status;
}

/* ---- when all is there ---- */

static bool primary_column(const struct dbi_schema_table *t, size_t place, size_t *column)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->columns[i].key == place) {
			*column = i;
			return true;
		}
	return false;
}

/* False: it leads nowhere, as foreign keys may where they are not enforced. */
static bool resolve(dbrief_schema *s, struct dbi_schema_reference *r)
{
	r->to = dbi_schema_table_of(s, r->to_space, r->to_table);
	for (size_t i = 0; i < r->n && r->to != DBRIEF_NONE; i++) {
		size_t *to = &r->to_columns[i];

		if (r->to_names[i])
			*to = dbrief_schema_find_column(s, r->to, r->to_names[i]);
		else if (!primary_column(&s->tables[r->to], i + 1, to))
			return false;
		if (*to == DBRIEF_NONE || r->columns[i] == DBRIEF_NONE)
			return false;
	}
	return r->to != DBRIEF_NONE;
}

static void drop(struct dbi_schema_reference *r)
{
	dbi_free(r->columns);
	dbi_free(r->to_columns);
	dbi_free(r->to_names);
}

int dbi_schema_finish(dbrief_schema *s, struct dbrief_error *err)
{
	size_t kept = 0;

	if (s->status != DBRIEF_OK && s->cause == DBRIEF_CAUSE_MEMORY)
		return dbi_error_memory(err);
	if (s->status != DBRIEF_OK)
		return dbi_error(err, s->status, s->cause, "", s->cause == DBRIEF_CAUSE_LIMIT ?
		    "the schema has too many tables or columns; give the user rights on fewer" :
		    "the connector hands over a schema that makes no sense; correct its calls");
	for (size_t i = 0; i < s->n_references; i++) {
		if (resolve(s, &s->references[i]))
			s->references[kept++] = s->references[i];
		else
			drop(&s->references[i]);
	}
	s->n_references = kept;
	return dbi_schema_guess(s, err);
}

int dbi_schema_new(dbrief_schema **schema, unsigned samples, struct dbrief_error *err)
{
	*schema = dbi_calloc(1, sizeof(**schema));
	if (!*schema)
		return dbi_error_memory(err);
	(*schema)->samples = samples;
	(*schema)->quote = '"';
	return DBRIEF_OK;
}

void dbrief_schema_free(dbrief_schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->tables[i].n; k++)
			dbi_free_wiped(s->tables[i].columns[k].values, DBI_SCHEMA_VALUES * sizeof(struct dbi_seen_value));
		dbi_free(s->tables[i].columns);
	}
	for (size_t i = 0; i < s->n_references; i++)
		drop(&s->references[i]);
	dbi_free(s->tables);
	dbi_free(s->references);
	dbi_free(s->results);
	dbi_free(s->refusals);
	dbi_arena_dispose(&s->arena);
	dbi_free(s);
}
