/* SPDX-License-Identifier: MIT */
/* What stands behind dbrief_schema. */
#ifndef DBI_API_SCHEMA_H
#define DBI_API_SCHEMA_H

#include <datenbrief/schema.h>
#include "api/api.h"

#define DBI_MAX_TABLES 20000
#define DBI_MAX_COLUMNS 4000         /* of a table */
#define DBI_MAX_REFERENCES 100000
#define DBI_SCHEMA_VALUES 24         /* different values that are kept of a column */
#define DBI_SCHEMA_VALUE_BYTES 32    /* of the longest of them */

struct dbi_seen_value { char text[DBI_SCHEMA_VALUE_BYTES + 1]; size_t rows; };

struct dbi_schema_column {
	const char *name, *type;
	enum dbrief_column_kind kind;
	bool nullable, nul, many;        /* nul: a NULL was seen; many: more values than are kept */
	bool read, mentioned, ignored;   /* by a query: as a result, or somewhere; by <ignore> */
	bool key_of_subject;             /* a query's subject-key comes from it */
	unsigned key;
	size_t seen, nulls, longest;
	unsigned looks;
	struct dbi_seen_value *values; size_t n_values;
};

struct dbi_schema_table {
	const char *name, *space, *table;
	bool view, whole, guessed, ignored, read;
	int64_t rows;
	struct dbi_schema_column *columns; size_t n, cap;
	int role;
	unsigned depth;
	size_t via;
};

struct dbi_schema_reference {
	size_t table, to, n, cap;
	size_t *columns, *to_columns;
	bool guessed;
	const char *to_space, *to_table; /* until it is resolved */
	const char **to_names;
};

/* A column of a query's result. */
struct dbi_schema_result { const char *collection, *result, *space, *table, *column; };
struct dbi_schema_refusal { const char *collection, *text; };

struct dbrief_schema {
	struct dbi_arena arena;
	struct dbi_schema_table *tables; size_t n, cap;
	struct dbi_schema_reference *references; size_t n_references, references_cap;
	struct dbi_schema_result *results; size_t n_results, results_cap;
	struct dbi_schema_refusal *refusals; size_t n_refusals, refusals_cap;
	unsigned samples;
	char quote;
	int status;                      /* the first error of a call of the connector */
	int cause;
};

int dbi_schema_new(dbrief_schema **schema, unsigned samples, struct dbrief_error *err);
/* References find their tables, views and duplicates are put right; then guesses are added. */
int dbi_schema_finish(dbrief_schema *schema, struct dbrief_error *err);
int dbi_schema_guess(dbrief_schema *schema, struct dbrief_error *err);
/* From the tables whose role is SUBJECT already. */
void dbi_schema_reach_more(dbrief_schema *schema);
struct dbi_schema_reference *dbi_schema_reference_new(dbrief_schema *schema, size_t table, bool guessed);
bool dbi_schema_reference_pair(struct dbi_schema_reference *r, size_t column, size_t to_column);
/* The table of a query's result; DBRIEF_NONE. */
size_t dbi_schema_table_of(const dbrief_schema *schema, const char *space, const char *table);
enum dbrief_column_kind dbi_schema_kind(const char *type);
void dbi_schema_look(struct dbi_schema_column *c, const char *bytes, size_t len);

/* The schema of source i, by its connector. FATAL, cause STATE: it cannot tell. */
int dbi_schema_of_source(dbrief_schema **schema, dbrief_engine *engine, size_t i, unsigned samples, struct dbrief_error *err);
bool dbi_schema_can(const struct dbrief_connector *connector);

/* ---- schema_names.c: what names of tables and columns say ---- */
#define DBI_NAME_WORDS 8
struct dbi_name { char words[DBI_NAME_WORDS][DBRIEF_WORD_SIZE]; size_t n; };
void dbi_name_split(struct dbi_name *name, const char *text);
/* Is it a word for "number" or "key"? */
bool dbi_name_is_key_word(const char *word);
/* Does `column` name the key `key` of `table`, whatever stands in front of it: ship_customer_no, CustomerId, cust_no? */
bool dbi_name_refers(const char *column, const char *table, const char *key);
bool dbi_name_is_email(const char *column);

/* ---- lint_cover_read.c: what a configuration says of a schema ---- */
/* Marks in a schema what the queries of a source read, as its own reading `read` tells, and what it leaves out on purpose. */
void dbi_cover_add(dbrief_schema *schema, const dbrief_schema *read, const struct dbi_source_decl *decl);
/* Then finds out what belongs to the subjects. False: no query tells where they are. */
bool dbi_cover_follow(dbrief_schema *schema);
/* Is that column of the database delivered, left out, or no more than a number that leads to another table? */
bool dbi_cover_settled(const dbrief_schema *schema, size_t table, size_t column);

#endif
