/* SPDX-License-Identifier: MIT */
/* datenbrief init: from a schema to a plan of what letters read, from the plan to drafts of configuration and register. */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <datenbrief.h>

/* ---- init_text.c: text that grows; a failure is seen at the end ---- */
struct text { char *p; size_t len, cap; bool failed; };
void text_add(struct text *t, const char *s);
void text_addf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_xml(struct text *t, const char *s);     /* escaped, for content and attributes */
void text_comment(struct text *t, const char *s); /* without what ends a comment */

/* ---- init_names.c: what names say ---- */
struct words { char w[8][DBRIEF_WORD_SIZE]; size_t n; };
void words_of(struct words *words, const char *name);
/* Is one of them in the list of words, separated by blanks? */
bool words_have(const struct words *words, const char *list);
bool words_end(const struct words *words, const char *list); /* the last of them */
/* "Postleitzahl (Rechnung)" of billing_postal_code. */
void label_of(char *out, size_t size, const char *name, bool german);
void table_label_of(char *out, size_t size, const char *name, bool german);
bool is_email_name(const char *name);

/* ---- the plan ---- */
#define MAX_JOINS 24

struct field {
	size_t table, column;
	char alias[8];           /* of the table in the query */
	char name[130];          /* in the result */
	char label[160];
	const char *type, *sensitivity, *show;
	const char *todo;        /* what a person must decide, or NULL */
	bool third, derived, codes;
	bool hidden;             /* delivered, but no <field>: a key */
};
struct join { char alias[8], from[8]; size_t table, reference; bool left; };
struct collection {
	char name[61], label[120];
	const char *activity;
	size_t table, reference; /* by which it hangs; DBRIEF_NONE: the subject's own, or by e-mail */
	struct join joins[MAX_JOINS]; size_t n_joins;
	struct field *fields; size_t n, cap;
	char subject_alias[8], subject_key[130];
	size_t subject_table, subject_column;
	size_t key;              /* column, or DBRIEF_NONE */
	size_t within;           /* collection, or DBRIEF_NONE */
	char link[130];
	const char *since;
	bool email, guessed;     /* email: found by an address, in a source of its own */
};
struct plan {
	dbrief_schema *schema;
	bool german;
	size_t table, column;    /* the subject's */
	int *roles;              /* of each table, enum dbrief_role */
	bool **selected;         /* columns of each table that are read */
	struct collection *list; size_t n, cap;
	size_t n_fields, n_codes, n_emails;
	bool failed;             /* out of memory */
};
/* After dbrief_schema_reach. */
void plan_make(struct plan *plan, dbrief_schema *schema, size_t table, size_t column, bool german);
void plan_dispose(struct plan *plan);
struct dbrief_table_info plan_table(const struct plan *plan, size_t table);
struct dbrief_column_info plan_column(const struct plan *plan, size_t table, size_t column);
struct dbrief_reference_info plan_reference(const struct plan *plan, size_t reference);

/* ---- init_field.c ---- */
/* Adds a field with label, type and sensitivity proposed from name and samples; the field, or NULL. */
struct field *field_add(struct plan *plan, struct collection *c, size_t table, size_t column, const char *alias, const char *prefix);

/* ---- init_lookup.c ---- */
/* Joins what the rows of `table` refer to. */
void lookups_add(struct plan *plan, struct collection *c, size_t table, const char *alias, unsigned depth);
/* Is it the reference of that column which was joined? Then the number says nothing more. */
bool lookup_has(const struct plan *plan, const struct collection *c, size_t table, size_t column);
/* A table that looks like one of persons, or of addresses. */
bool is_person_table(const struct plan *plan, size_t table);
/* Columns of a looked up table that no query reads, and that say something. */
bool is_partly_read(const struct plan *plan, size_t table);

/* ---- init_subject.c, init_write.c, init_register.c ---- */
/* The next column of a table that holds an e-mail address, from `from` on; DBRIEF_NONE. */
size_t email_column(const struct plan *plan, size_t table, size_t from);
void write_shared(const struct plan *plan, struct text *out);
void write_subjects(const struct plan *plan, struct text *out); /* SQL that lists the customers */
void write_subject(const struct plan *plan, struct text *out);
void write_query(const struct plan *plan, const struct collection *c, struct text *out);
void write_config(struct plan *plan, struct text *out, const char *url, const char *register_name);
void write_register(const struct plan *plan, struct text *out);
/* Name of the code list of a field. */
void codes_id(const struct plan *plan, const struct field *f, char *out, size_t size);

#endif
