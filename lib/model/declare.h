/* SPDX-License-Identifier: MIT */
/*
 * Declarations: what a configuration says a source may deliver. Plain
 * structures, filled by gather/declare.c from <source>, immutable after the
 * engine is frozen, read by gather and model.
 */
#ifndef DBI_MODEL_DECLARE_H
#define DBI_MODEL_DECLARE_H

#include <stddef.h>
#include <stdbool.h>

enum dbi_type { DBI_TYPE_TEXT, DBI_TYPE_INTEGER, DBI_TYPE_DECIMAL, DBI_TYPE_MONEY, DBI_TYPE_DATE,
	DBI_TYPE_DATETIME, DBI_TYPE_BOOLEAN, DBI_TYPE_CODE, DBI_TYPE_BINARY, DBI_TYPE_COUNT };
extern const char *const dbi_type_names[DBI_TYPE_COUNT];   /* "text", ... */
enum dbi_kind { DBI_KIND_STORED, DBI_KIND_DERIVED };
enum dbi_sensitivity { DBI_SENS_NORMAL, DBI_SENS_SPECIAL, DBI_SENS_SECRET };
enum dbi_consent { DBI_CONSENT_NO, DBI_CONSENT_WORDING, DBI_CONSENT_GIVEN, DBI_CONSENT_STATE };
enum dbi_show { DBI_SHOW_VALUE, DBI_SHOW_MASKED, DBI_SHOW_NAMED };

struct dbi_code { const char *value, *label; };
struct dbi_code_list { const char *id; struct dbi_code *codes; size_t n; }; /* sorted by value */

struct dbi_field_decl {
	const char *name, *label;
	enum dbi_type type;
	enum dbi_kind kind;
	enum dbi_sensitivity sensitivity;
	enum dbi_show show;
	enum dbi_consent consent;    /* what it tells of a consent */
	const char *charset;         /* other than the source's, or NULL */
	int replace, drop_controls;  /* 0: as the source; 1: no; 2: yes */
	bool trim_start, trim_end;   /* blanks of padded columns */
	unsigned char mask_first, mask_last; /* characters that a masked value shows */
	bool mask_email;             /* likewise the domain, behind the first character */
	bool third_party;            /* concerns somebody else: author, contact */
	const char *origin;          /* overrides that of the records, or NULL */
	const char *currency;        /* MONEY: ISO 4217 */
	const char *unit;            /* printed after numbers, or NULL */
	const struct dbi_code_list *codes; /* CODE */
	const char *inputs, *meaning, *effect; /* DERIVED: texts, or NULL */
	const char *path;            /* where a file holds it, or NULL: under its name */
	const char *ignore_reason;   /* not NULL: <ignore>, delivered but left out */
	const char *place;           /* "datenbrief.xml:44:7" */
};
struct dbi_collection_decl;
struct dbi_source_decl;

/* <identity>: what else than the customer number a subject is found by. */
enum dbi_key_type { DBI_KEY_TEXT, DBI_KEY_EMAIL, DBI_KEY_PHONE };
/* Where values of a key are stored: a field, perhaps only of records where another field has one value. */
struct dbi_key_from {
	const char *source, *records, *field, *when, *is;
	const struct dbi_source_decl *source_decl;       /* resolved */
	const struct dbi_collection_decl *decl;
	size_t field_at, when_at;
};
struct dbi_key_decl {
	const char *name, *place;
	enum dbi_key_type type;
	bool strong;                 /* one value of it is enough to know the person */
	bool unique;                 /* the source itself keeps two subjects from having one value */
	bool ignore_case;
	const char *country;         /* PHONE: calling code for numbers that begin with one 0, or NULL */
	struct dbi_key_from *from; size_t n_from;
	unsigned index;              /* bit in dbi_dataset.shared_keys */
};
#define DBI_MAX_KEYS 32

struct dbi_collection_decl {
	const char *name, *label;
	const char *activity;        /* id in the register */
	const char *origin;          /* "where the data comes from", overrides the activity's, or NULL */
	const char *query;
	const char *file, *file_charset, *path; /* of sources that are files, or NULL */
	const char *key;             /* column that identifies a record, or NULL: records are told apart by content */
	const char *subject_key;     /* NULL with type "host" only */
	const char *link;            /* with within: column that holds the parent record's key */
	const char *within;          /* name of the enclosing collection of the same source, or NULL */
	const char *since;           /* field with the date the record dates from, or NULL */
	const char *confirm_key;     /* with confirm-by: column that must hold that key of the subject, or NULL */
	const struct dbi_key_decl *shared; /* <shared>: a record says that somebody else has this key of the subject, too */
	const char *place;
	struct dbi_field_decl *fields; size_t n_fields;  /* file order; <ignore> too */
	const struct dbi_collection_decl *parent;        /* resolved `within` */
	unsigned index;              /* order of all collections in the configuration: item code letter */
};
/* What one letter may take in; at most the maxima of limits.h. */
struct dbi_gather_limits { size_t records, bytes, value; unsigned pages; };
/* A table, or a column of one, that is left out on purpose. */
struct dbi_left_out { const char *table, *column, *reason, *place; }; /* column: NULL for the whole table */
struct dbi_source_decl {
	const char *id, *label, *type, *url, *base, *charset, *subjects, *place;
	bool optional, url_overridden;
	bool replace, drop_controls; /* bytes that are no text; control characters */
	const struct dbi_gather_limits *limits;
	unsigned deadline_ms;        /* 0: default */
	const char *(*settings)[2]; size_t n_settings;
	struct dbi_collection_decl *collections; size_t n_collections;
	size_t n_shared;             /* <shared> ones, behind the collections */
	const struct dbi_key_decl *found_by;  /* NULL: by the customer number */
	const struct dbi_key_decl *confirm_by;
	unsigned stage;              /* sources of stage 0 are asked first; the keys of others come from lower stages */
	struct dbi_left_out *left_out; size_t n_left_out;
};

const struct dbi_field_decl *dbi_collection_field(const struct dbi_collection_decl *c, const char *name);
/* Is it the subject's, the record's or the parent's key? Such a column needs no <field>. */
bool dbi_collection_is_key(const struct dbi_collection_decl *c, const char *column);
const struct dbi_collection_decl *dbi_source_collection(const struct dbi_source_decl *s, const char *name);
/* The entry of a value, or NULL when the list does not explain it. */
const struct dbi_code *dbi_code_find(const struct dbi_code_list *list, const char *value);

#endif
