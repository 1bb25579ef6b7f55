/* SPDX-License-Identifier: MIT */
/* What every SQL connector does for its schema. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"
#include "connect/sql_query.h"

/* A query that does not compile is a finding about the configuration; a server that went away ends the reading. */
static int look_at(dbrief_schema *schema, int (*look)(void *, const char *, const char *, struct dbrief_error *), void *ctx,
    const char *collection, const char *sql, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	int status = look(ctx, collection, sql, &own);

	if (status == DBRIEF_OK)
		return DBRIEF_OK;
	if (own.cause == DBRIEF_CAUSE_CONFIG)
		return dbrief_schema_add_refusal(schema, collection, own.text);
	return dbrief_error_set(err, status, own.cause, own.where, own.text);
}

int dbi_sql_each_query(const dbrief_source *source, dbrief_schema *schema, const char *(*other)(void *ctx, size_t i),
    int (*look)(void *ctx, const char *collection, const char *sql, struct dbrief_error *err), void *ctx, struct dbrief_error *err)
{
	const char *subjects = dbrief_source_subjects(source);
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < dbrief_source_collections(source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };

		status = dbrief_source_collection(source, i, &info);
		if (status == DBRIEF_OK && !info.query && other)
			info.query = other(ctx, i);
		if (status == DBRIEF_OK && info.query && info.query[0])
			status = look_at(schema, look, ctx, info.name, info.query, err);
	}
	if (status == DBRIEF_OK && subjects && subjects[0])
		status = look_at(schema, look, ctx, NULL, subjects, err);
	return status;
}

char *dbi_sql_quoted(const char *name, char quote)
{
	char *out = malloc(2 * strlen(name) + 3), *p = out;

	if (!out)
		return NULL;
	*p++ = quote;
	for (; *name; name++) {
		if (*name == quote)
			*p++ = quote;
		*p++ = *name;
	}
	*p++ = quote;
	*p = '\0';
	return out;
}

static void add(struct dbi_sql_select *s, const char *text)
{
	size_t n = strlen(text), size = s->size ? s->size : 256;
	char *grown;

	while (!s->failed && size - s->len <= n)
		size *= 2;
	if (!s->failed && size != s->size) {
		grown = realloc(s->text, size);
		s->failed = !grown;
		if (grown) {
			s->text = grown;
			s->size = size;
		}
	}
	if (s->failed)
		return;
	memcpy(s->text + s->len, text, n + 1);
	s->len += n;
}

static void add_name(struct dbi_sql_select *s, const char *name, char quote)
{
	char *quoted = dbi_sql_quoted(name, quote);

	s->failed = s->failed || !quoted;
	if (quoted)
		add(s, quoted);
	free(quoted);
}

void dbi_sql_select_column(struct dbi_sql_select *s, const char *name, char quote)
{
	add(s, s->len ? ", " : "SELECT ");
	add_name(s, name, quote);
}

const char *dbi_sql_select_from(struct dbi_sql_select *s, const char *space, const char *table, char quote, unsigned limit)
{
	char text[32];

	add(s, " FROM ");
	if (space) {
		add_name(s, space, quote);
		add(s, ".");
	}
	add_name(s, table, quote);
	if (limit) {
		(void)snprintf(text, sizeof(text), " LIMIT %u", limit);
		add(s, text);
	}
	return s->failed ? NULL : s->text;
}
