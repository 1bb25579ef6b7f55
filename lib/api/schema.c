/* SPDX-License-Identifier: MIT */
/* Reading a source's schema, and what callers may ask of it. */
#include "api/schema.h"

#include <stddef.h>
#include <string.h>
#include "util/error.h"
#include "util/mem.h"

/* ---- reading ---- */

bool dbi_schema_can(const struct dbrief_connector *c)
{
	return c->size >= offsetof(struct dbrief_connector, schema) + sizeof(c->schema) && c->schema;
}

static int read_through(dbrief_schema **schema, const struct dbrief_connector *c, unsigned samples, struct dbrief_error *err)
{
	int status;

	*schema = NULL;
	if (!dbi_schema_can(c))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
		    "this connector cannot tell its schema; name a database, such as sqlite:FILE or postgresql://...");
	status = dbi_schema_new(schema, samples, err);
	if (status == DBRIEF_OK)
		status = c->schema(c->user, *schema, err);
	if (status > DBRIEF_OK || (status < DBRIEF_OK && err && err->status == DBRIEF_OK && (*schema)->status == DBRIEF_OK))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, "", "the schema cannot be read; check the source");
	if (status == DBRIEF_OK || (*schema && (*schema)->status != DBRIEF_OK))
		status = dbi_schema_finish(*schema, err);
	if (status != DBRIEF_OK) {
		dbrief_schema_free(*schema);
		*schema = NULL;
	}
	return status;
}

static const struct dbrief_connector_type *type_of(const struct dbrief_connector_type *const *types, const char *url)
{
	for (; *types; types++) {
		size_t len = strlen((*types)->type);

		if (strncmp(url, (*types)->type, len) == 0 && url[len] == ':')
			return *types;
	}
	return NULL;
}

static int open_url(dbrief_schema **schema, const char *url, const struct dbrief_schema_opts *o, struct dbrief_error *err)
{
	const struct dbi_source_decl decl = { .id = "source", .label = "source", .url = url, .base = ".", .place = "", .url_overridden = true };
	const dbrief_source source = { &decl };
	const struct dbrief_connector_type *type = type_of(o->types ? o->types : dbrief_builtin_connectors(), url);
	struct dbrief_connector c = { 0 };
	int status;

	if (!type)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
		    "no connector for this URL in this build; begin it with a known type, such as sqlite:");
	status = type->create(&c, &source, err);
	if (status != DBRIEF_OK)
		return dbi_error(err, status, DBRIEF_CAUSE_CONNECTOR, "", "the connector could not be made; check the URL");
	status = read_through(schema, &c, o->samples, err);
	if (type->destroy)
		type->destroy(&c);
	return status;
}

int dbrief_schema_open(dbrief_schema **schema, const char *url, const struct dbrief_schema_opts *opts, struct dbrief_error *err)
{
	struct dbrief_schema_opts o;
	int status;

	dbrief_error_clear(err);
	if (!schema)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the schema is NULL; pass its address");
	*schema = NULL;
	status = dbi_opts_copy(&o, sizeof(o), sizeof(o), opts, err);
	if (status != DBRIEF_OK)
		return status;
	return url ? open_url(schema, url, &o, err) : dbi_misuse(err, DBRIEF_CAUSE_ARG, "the URL is NULL; pass one");
}

int dbi_schema_of_source(dbrief_schema **schema, dbrief_engine *engine, size_t i, unsigned samples, struct dbrief_error *err)
{
	int status = dbi_engine_create_source(engine, i, err);

	*schema = NULL;
	if (status == DBRIEF_OK)
		status = read_through(schema, &engine->connected[i].connector, samples, err);
	return status == DBRIEF_OK ? status : dbi_error_prefix(err, status, "source %s", engine->sources[i].source.decl->id);
}

int dbrief_schema_read(dbrief_schema **schema, dbrief_engine *engine, const char *source_id, const struct dbrief_schema_opts *opts,
    struct dbrief_error *err)
{
	struct dbrief_schema_opts o;
	int status;

	dbrief_error_clear(err);
	if (!schema || !source_id)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the schema or the source's id is NULL; pass both");
	*schema = NULL;
	status = dbi_opts_copy(&o, sizeof(o), sizeof(o), opts, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	for (size_t i = 0; i < engine->n_sources; i++)
		if (strcmp(engine->sources[i].source.decl->id, source_id) == 0)
			return dbi_schema_of_source(schema, engine, i, o.samples, err);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "the configuration has no source '%.60s'; check the id", source_id);
}

/* ---- asking ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_word(const char *a, const char *b)
{
	for (; *a && lower(*a) == lower(*b); a++, b++)
		;
	return lower(*a) == lower(*b);
}

size_t dbrief_schema_tables(const dbrief_schema *s)
{
	return s->n;
}

int dbrief_schema_table(const dbrief_schema *s, size_t table, struct dbrief_table_info *info)
{
	const struct dbi_schema_table *t = &s->tables[table];

	if (table >= s->n || info->size < sizeof(*info))
		return DBRIEF_FATAL;
	*info = (struct dbrief_table_info){ info->size, t->name, t->space, t->table, t->view, t->rows, t->n, t->role, t->depth, t->via,
		t->guessed };
	return DBRIEF_OK;
}

size_t dbrief_schema_find_table(const dbrief_schema *s, const char *name)
{
	size_t other = DBRIEF_NONE;

	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->tables[i].name, name) == 0)
			return i;
		if (other == DBRIEF_NONE && same_word(s->tables[i].name, name))
			other = i;
	}
	return other;
}

size_t dbi_schema_table_of(const dbrief_schema *s, const char *space, const char *table)
{
	size_t other = DBRIEF_NONE;

	for (size_t i = 0; i < s->n; i++) {
		const struct dbi_schema_table *t = &s->tables[i];

		if (!same_word(t->table, table) || (space && t->space ? strcmp(space, t->space) != 0 : !space != !t->space))
			continue;
		/* "Album" and "album" may be two. */
		if (strcmp(t->table, table) == 0)
			return i;
		other = other == DBRIEF_NONE ? i : other;
	}
	return other;
}

int dbrief_schema_column(const dbrief_schema *s, size_t table, size_t column, struct dbrief_column_info *info)
{
	const struct dbi_schema_column *c;

	if (table >= s->n || column >= s->tables[table].n || info->size < sizeof(*info))
		return DBRIEF_FATAL;
	c = &s->tables[table].columns[column];
	*info = (struct dbrief_column_info){ info->size, c->name, c->type, (int)c->kind, c->nullable, c->key, c->seen + c->nulls, c->nulls,
		c->seen ? c->looks : 0, c->longest, c->many ? 0 : c->n_values, s->tables[table].whole };
	return DBRIEF_OK;
}

size_t dbrief_schema_find_column(const dbrief_schema *s, size_t table, const char *name)
{
	size_t other = DBRIEF_NONE;

	for (size_t i = 0; table < s->n && i < s->tables[table].n; i++) {
		const char *own = s->tables[table].columns[i].name;

		if (strcmp(own, name) == 0)
			return i;
		if (other == DBRIEF_NONE && same_word(own, name))
			other = i;
	}
	return other;
}

const char *dbrief_schema_value(const dbrief_schema *s, size_t table, size_t column, size_t i, size_t *rows)
{
	const struct dbi_schema_column *c;

	if (table >= s->n || column >= s->tables[table].n)
		return NULL;
	c = &s->tables[table].columns[column];
	if (c->many || i >= c->n_values)
		return NULL;
	if (rows)
		*rows = c->values[i].rows;
	return c->values[i].text;
}

size_t dbrief_schema_references(const dbrief_schema *s)
{
	return s->n_references;
}

int dbrief_schema_reference(const dbrief_schema *s, size_t reference, struct dbrief_reference_info *info)
{
	const struct dbi_schema_reference *r = &s->references[reference];

	if (reference >= s->n_references || info->size < sizeof(*info))
		return DBRIEF_FATAL;
	*info = (struct dbrief_reference_info){ info->size, r->table, r->to, r->n, r->columns, r->to_columns, r->guessed };
	return DBRIEF_OK;
}

char dbrief_schema_quote(const dbrief_schema *s)
{
	return s->quote;
}
