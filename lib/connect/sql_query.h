/* SPDX-License-Identifier: MIT */
/* What every SQL connector does with a configured <query>: its columns, its description, the start of a record. */
#ifndef DBI_CONNECT_SQL_QUERY_H
#define DBI_CONNECT_SQL_QUERY_H

#include <stdbool.h>
#include <datenbrief/schema.h>

struct dbi_sql_query {
	struct dbrief_collection_info info;
	size_t n;               /* result columns */
	char **names;
	size_t subject;         /* column numbers; DBI_SQL_NO_COLUMN: not configured */
	size_t key, link;
	bool by_key;            /* the subject is asked for by another key than its number */
};
#define DBI_SQL_NO_COLUMN ((size_t)-1)

/* Reads collection i of the source; it must have a query, unless the connector has one. */
int dbi_sql_query_load(struct dbi_sql_query *q, const dbrief_source *source, size_t i, const char *query,
    struct dbrief_error *err);
/* Takes the names of the result's columns; again when a statement was compiled anew. name: NULL when out of memory. */
int dbi_sql_query_columns(struct dbi_sql_query *q, size_t n, const char *(*name)(void *ctx, size_t i), void *ctx,
    struct dbrief_error *err);
void dbi_sql_query_dispose(struct dbi_sql_query *q);
/* Declares the collection and its columns. */
int dbi_sql_query_describe(const struct dbi_sql_query *q, dbrief_declaration *decl);

/* The columns of a row that identify something, as text; NULL for NULL. */
struct dbi_sql_keys {
	const char *subject, *key, *link;
	bool number;            /* the subject's column is a number */
};
int dbi_sql_record_begin(dbrief_records *records, const struct dbi_sql_query *q, const char *asked,
    const struct dbi_sql_keys *keys, struct dbrief_error *err);
/* A key is text without a NUL byte. */
int dbi_sql_key_check(const struct dbi_sql_query *q, const char *key, size_t len, struct dbrief_error *err);

/* The text of <subjects>, FATAL when there is none. */
int dbi_sql_subjects(const dbrief_source *source, const char **sql, struct dbrief_error *err);
/* Columns of <subjects> by what they hold: the identifier first, then country, postcode and street in any order. */
#define DBI_SQL_SUBJECT_COLUMNS 4
enum { DBI_SQL_COUNTRY = 1, DBI_SQL_POSTCODE, DBI_SQL_STREET };
/* Tells what each of the n columns holds; any other name is refused. */
int dbi_sql_subjects_columns(const dbrief_source *source, size_t n, size_t parameters, const char *(*name)(void *ctx, size_t i),
    void *ctx, unsigned holds[DBI_SQL_SUBJECT_COLUMNS], struct dbrief_error *err);
/* One row: NUL-terminated cells and their lengths, NULL for NULL. *done when the caller wants no more. */
int dbi_sql_subject_row(const dbrief_source *source, size_t n, const unsigned *holds, const char *const *cells,
    const size_t *lens, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, bool *done,
    struct dbrief_error *err);
/* <subjects> has no parameter. */
int dbi_sql_subjects_check(const dbrief_source *source, size_t parameters, struct dbrief_error *err);

/*
 * Calls `look` for every query of the source and for <subjects> (collection
 * NULL), each with an error record of its own; what it holds afterwards is
 * noted as the query's refusal. `other` NULL, or the query of collection i
 * when none is configured.
 */
int dbi_sql_each_query(const dbrief_source *source, dbrief_schema *schema, const char *(*other)(void *ctx, size_t i),
    int (*look)(void *ctx, const char *collection, const char *sql, struct dbrief_error *err), void *ctx, struct dbrief_error *err);
/* SELECT "a", "b" FROM "space"."table" LIMIT n, piece by piece; end it with free(text). */
struct dbi_sql_select { char *text; size_t len, size; bool failed; };
void dbi_sql_select_column(struct dbi_sql_select *s, const char *name, char quote);
/* space NULL: none; limit 0: none. The text, NULL when out of memory. */
const char *dbi_sql_select_from(struct dbi_sql_select *s, const char *space, const char *table, char quote, unsigned limit);
/* name as SQL writes it, "a""b"; the call's own memory, to be freed; NULL when out of memory. */
char *dbi_sql_quoted(const char *name, char quote);

#endif
