/* SPDX-License-Identifier: MIT */
/*
 * Schemas: which tables and columns a source has, how they hang together, and
 * which of them belong to a subject. `datenbrief check` compares them with
 * what a configuration declares, `datenbrief init` drafts one from them.
 *
 * A schema belongs to one thread. It knows names, types and counts; values
 * are looked at only where samples were asked for, and then only counted: of
 * a column whose rows show few different short values those values are kept,
 * of all others none. Everything is wiped when the schema is freed.
 */
#ifndef DATENBRIEF_SCHEMA_H
#define DATENBRIEF_SCHEMA_H

#include <stddef.h>
#include <stdint.h>
#include <datenbrief/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DBRIEF_NONE ((size_t)-1) /* no such table, column, reference or parent */

/* ---- reading ---- */

struct dbrief_schema_opts {
	size_t size;
	/* Rows of each table that are looked at; 0: none. */
	unsigned samples;
	/* Connector types; NULL: dbrief_builtin_connectors(). Ended by NULL. */
	const struct dbrief_connector_type *const *types;
};
#define DBRIEF_SCHEMA_OPTS_INIT { sizeof(struct dbrief_schema_opts), 0, NULL }

/*
 * Reads the schema behind a source URL ("sqlite:FILE", "postgresql://..."); a
 * relative file name starts at the process's folder. *schema is yours: end it
 * with dbrief_schema_free. FATAL, cause CONFIG: the connector of this URL
 * cannot tell its schema.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_schema_open(dbrief_schema **schema, const char *url,
    const struct dbrief_schema_opts *opts, struct dbrief_error *err);
/*
 * The schema behind a source of a configuration, with what its queries read.
 * The engine need not be frozen. A query that the database refuses is noted,
 * not a failure.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_schema_read(dbrief_schema **schema, dbrief_engine *engine, const char *source_id,
    const struct dbrief_schema_opts *opts, struct dbrief_error *err);
DBRIEF_API void dbrief_schema_free(dbrief_schema *schema);

/* ---- tables, columns, references: borrowed, valid until the schema is freed ---- */

/* What a table is to the subject; set by dbrief_schema_reach. */
enum dbrief_role {
	DBRIEF_ROLE_NONE = 0,   /* not connected */
	DBRIEF_ROLE_SUBJECT,    /* one row for each subject */
	DBRIEF_ROLE_OWN,        /* rows that refer to the subject, over any number of tables */
	DBRIEF_ROLE_LOOKUP      /* rows that such rows refer to, shared by many subjects */
};
struct dbrief_table_info {
	size_t size;
	const char *name;       /* as messages name it: "orders", "archive.orders" */
	const char *space, *table; /* its parts; space NULL: found without it */
	int view;
	int64_t rows;           /* about; -1: unknown */
	size_t columns;
	int role;               /* enum dbrief_role */
	unsigned depth;         /* references between it and the subject's table */
	size_t via;             /* OWN, LOOKUP: the reference by which it was reached; else DBRIEF_NONE */
	int guessed;            /* reached by the likeness of names only, somewhere on the way */
};
DBRIEF_API size_t dbrief_schema_tables(const dbrief_schema *schema);
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_schema_table(const dbrief_schema *schema, size_t table, struct dbrief_table_info *info);
/* By name, in any case of letters when no table has exactly this one; DBRIEF_NONE when there is none. */
DBRIEF_API size_t dbrief_schema_find_table(const dbrief_schema *schema, const char *name);

/* What a column's declared type comes to. */
enum dbrief_column_kind {
	DBRIEF_KIND_TEXT = 0, DBRIEF_KIND_INTEGER, DBRIEF_KIND_DECIMAL, DBRIEF_KIND_DATE, DBRIEF_KIND_DATETIME, DBRIEF_KIND_BOOLEAN,
	DBRIEF_KIND_BINARY
};
/* What every value that was looked at has in common, as bits. */
enum dbrief_looks {
	DBRIEF_LOOKS_INTEGER = 1, DBRIEF_LOOKS_DECIMAL = 2, DBRIEF_LOOKS_DATE = 4, /* a day, or a time at midnight */
	DBRIEF_LOOKS_DATETIME = 8, DBRIEF_LOOKS_BOOLEAN = 16, DBRIEF_LOOKS_EMAIL = 32, DBRIEF_LOOKS_TEXT = 64 /* clean UTF-8 */
};
struct dbrief_column_info {
	size_t size;
	const char *name, *type; /* type in the source's words */
	int kind;               /* enum dbrief_column_kind */
	int nullable;
	unsigned key;           /* place in the primary key, from 1; 0: not in it */
	size_t seen, nulls;     /* values looked at, without and with NULL among them */
	unsigned looks;         /* 0 also when none was seen */
	size_t longest;         /* bytes */
	size_t values;          /* different values, 0: too many or too long to be codes */
	int whole;              /* every row was looked at */
};
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_schema_column(const dbrief_schema *schema, size_t table, size_t column,
    struct dbrief_column_info *info);
DBRIEF_API size_t dbrief_schema_find_column(const dbrief_schema *schema, size_t table, const char *name);
/* Value i of a column with few, and in how many rows it was seen. */
DBRIEF_API const char *dbrief_schema_value(const dbrief_schema *schema, size_t table, size_t column, size_t i, size_t *rows);

/* A foreign key, or columns whose names make one likely. */
struct dbrief_reference_info {
	size_t size;
	size_t table, to;       /* from, to */
	size_t n;               /* columns */
	const size_t *columns, *to_columns;
	int guessed;
};
DBRIEF_API size_t dbrief_schema_references(const dbrief_schema *schema);
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_schema_reference(const dbrief_schema *schema, size_t reference,
    struct dbrief_reference_info *info);
/* The character around names in SQL, '"' or '`'. */
DBRIEF_API char dbrief_schema_quote(const dbrief_schema *schema);

/*
 * Finds what belongs to the subjects that `column` of `table` identifies: rows
 * that refer to theirs, directly and over others, and the rows those look up;
 * never the other rows that refer to a looked up one, which are of other
 * subjects. Declared references count first, then guessed ones.
 */
DBRIEF_API void dbrief_schema_reach(dbrief_schema *schema, size_t table, size_t column);

/* The words of a name in small letters: "BillingAddressId" and "billing_address_id" come to billing, address, id. How many. */
#define DBRIEF_WORD_SIZE 24
DBRIEF_API size_t dbrief_schema_words(const char *name, char words[][DBRIEF_WORD_SIZE], size_t max);

/* ---- the connector's side: inside `schema` of struct dbrief_connector ---- */
/* Errors latch: after the first one every call returns it again. Strings are copied. */

/* Opens a table. `space` NULL: it is found without. `rows` about, -1: unknown. */
DBRIEF_API int dbrief_schema_add_table(dbrief_schema *schema, const char *space, const char *table, int view, int64_t rows);
/* A column of the table opened last. `key`: its place in the primary key from 1, or 0. */
DBRIEF_API int dbrief_schema_add_column(dbrief_schema *schema, const char *column, const char *type, int nullable, unsigned key);
/* One pair of columns of a foreign key of the table opened last. `to_column` NULL: its primary key. `first`: a new key begins. */
DBRIEF_API int dbrief_schema_add_reference(dbrief_schema *schema, const char *column, const char *to_space, const char *to_table,
    const char *to_column, int first);
/* How many rows of the table opened last should be handed over; 0: none. */
DBRIEF_API unsigned dbrief_schema_samples(const dbrief_schema *schema);
/* A value of column i of the table opened last, NULL for NULL. */
DBRIEF_API int dbrief_schema_add_value(dbrief_schema *schema, size_t i, const char *bytes, size_t len);
/* All rows of the table opened last were handed over. */
DBRIEF_API int dbrief_schema_end_table(dbrief_schema *schema);
/*
 * A column of the result of a <query>, and the column of the database it comes
 * from; `table` NULL: from an expression. `collection` NULL: of <subjects>.
 */
DBRIEF_API int dbrief_schema_add_result(dbrief_schema *schema, const char *collection, const char *result, const char *space,
    const char *table, const char *column);
/* The database refuses the query. `text`: why; what to do. */
DBRIEF_API int dbrief_schema_add_refusal(dbrief_schema *schema, const char *collection, const char *text);
DBRIEF_API int dbrief_schema_set_quote(dbrief_schema *schema, char quote);

#ifdef __cplusplus
}
#endif
#endif
