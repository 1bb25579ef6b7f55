/* SPDX-License-Identifier: MIT */
/*
 * Connectors: how a source of data hands over what it stores about a subject.
 *
 * A connector is a table of functions. The engine calls `describe` once while
 * it is frozen, and per session (one thread): open, then fetch for each
 * subject, then close exactly once after a successful open. Calls of one
 * cursor never overlap, except `interrupt`, which may come from another thread
 * while a fetch runs. A callback must not call back into its own session.
 * What a callback reports through its error record reaches the caller
 * untouched, with the source's name put in front of `where`.
 *
 * Completeness: a fetch hands over every record of the subject, each opened
 * with the subject key read from the data itself (the echo), and ends with
 * dbrief_records_end. A fetch that returns OK without it did not end, and the
 * letter is held. Every column the source delivers is handed over by its name,
 * also the ones nobody declared: the record builder is the judge.
 */
#ifndef DATENBRIEF_CONNECTOR_H
#define DATENBRIEF_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <datenbrief/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_declaration dbrief_declaration; /* borrowed, inside describe only */
typedef struct dbrief_records dbrief_records;         /* borrowed, inside a fetch only */
typedef struct dbrief_source dbrief_source;           /* borrowed, lives as long as the engine */
typedef struct dbrief_schema dbrief_schema;           /* borrowed inside `schema`; see schema.h */

/*
 * Texts and keys come as UTF-8 whatever charset the configuration names, since
 * the connector itself decodes its files (see dbrief_decoder below).
 */
#define DBRIEF_CONNECTOR_DECODES 1u
/* One subject of a batch. What is not known is NULL; it sorts letters for the post and is kept nowhere. */
struct dbrief_subject_row {
	size_t size;         /* sizeof(struct dbrief_subject_row) */
	const char *subject;
	const char *country, *postcode, *street;
};

struct dbrief_connector {
	size_t size;         /* sizeof(struct dbrief_connector) */
	const char *name;    /* for messages: "sqlite" */
	const char *charset; /* of text values; NULL: UTF-8. The config may override it */
	unsigned flags;      /* 0, or DBRIEF_CONNECTOR_DECODES */
	/* Which records and fields it can deliver now. Required. */
	int (*describe)(void *user, dbrief_declaration *decl, struct dbrief_error *err);
	/* Once per session, in its thread: no locks needed. Required. */
	int (*open)(void **cursor, void *user, struct dbrief_error *err);
	/* All records of one subject. Required. */
	int (*fetch)(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err);
	/*
	 * Several subjects at once, each named once; may be NULL. When it fails,
	 * fetch is called for each of them, so that only the letters that are
	 * at fault are held.
	 */
	int (*fetch_many)(void *cursor, const char *const *subjects, size_t n,
	    dbrief_records *records, struct dbrief_error *err);
	/* Lists subject keys for a batch: calls `each` per key until it returns non-zero; may be NULL. */
	int (*list)(void *cursor, int (*each)(void *ctx, const char *subject), void *ctx,
	    struct dbrief_error *err);
	/*
	 * From another thread, at a deadline or cancel; may be NULL. It may come
	 * before fetch has begun its work and must reach it all the same. The
	 * cursor is closed after that fetch; the next subject gets a new one.
	 */
	void (*interrupt)(void *cursor);
	/* Exactly once after a successful open. Required. */
	void (*close)(void *cursor);
	void *user; /* shared by all threads: read-only, or locked by its owner */
	/*
	 * As `list`, with what letters are sorted by for the post; may be NULL.
	 * A connector that has it needs no `list`. Whoever ends the struct
	 * with `user` says so by its size: DBRIEF_CONNECTOR_SIZE_FIRST.
	 */
	int (*list_rows)(void *cursor, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx,
	    struct dbrief_error *err);
	/*
	 * Hands over the tables and columns behind the source with the calls of
	 * schema.h, and what the queries of its <records> read, compiled but not
	 * run. On a connection of its own, in any thread. NULL or a smaller `size`:
	 * the source does not tell.
	 */
	int (*schema)(void *user, dbrief_schema *schema, struct dbrief_error *err);
};
#define DBRIEF_CONNECTOR_SIZE_FIRST offsetof(struct dbrief_connector, list_rows)

/* ---- describe ---- */

/* Opens the description of one collection of records. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_declare_collection(dbrief_declaration *decl, const char *collection);
/* Names a field of the collection opened last. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_declare_field(dbrief_declaration *decl, const char *field);

/* ---- fetch: the record builder ---- */
/*
 * Errors latch: after the first one every call returns it again, so that a
 * connector may check only the last call. Strings are copied. Lengths are in
 * bytes; DBRIEF_NTS stands for a NUL-terminated string.
 */
#define DBRIEF_NTS ((size_t)-1)

/*
 * Opens a record. `subject_key` is the key as found in this record, compared
 * with the one asked for: another subject's record ends the run (FATAL, cause
 * FOREIGN). `record_key` identifies the record within its collection and
 * orders it. `parent_key` names the record of the enclosing collection for
 * collections declared `within` another, else NULL.
 */
DBRIEF_API int dbrief_record_begin(dbrief_records *records, const char *collection,
    const char *subject_key, const char *record_key, const char *parent_key);
/* Text in the declared charset, read as the field's declared type. */
DBRIEF_API int dbrief_record_set_text(dbrief_records *records, const char *field, const char *bytes, size_t len);
/*
 * Bytes which the connector could not decode from `charset`, for connectors
 * that decode by themselves: judged like text of a source in that charset.
 */
DBRIEF_API int dbrief_record_set_undecoded(dbrief_records *records, const char *field, const char *charset,
    const char *bytes, size_t len);
DBRIEF_API int dbrief_record_set_integer(dbrief_records *records, const char *field, int64_t value);
/*
 * A binary floating point number as the source stores it, turned into the
 * shortest decimal that reads back as the same number. NaN and infinity are
 * errors of the record.
 */
DBRIEF_API int dbrief_record_set_real(dbrief_records *records, const char *field, double value);
/* Bytes that are not text. The letter names size and media type, never prints them. */
DBRIEF_API int dbrief_record_set_binary(dbrief_records *records, const char *field,
    const void *bytes, size_t len, const char *media_type);
/* The source stores nothing in this field. */
DBRIEF_API int dbrief_record_set_null(dbrief_records *records, const char *field);
/*
 * Inside fetch_many: the records that follow were found by subjects[i], so
 * that a record of any other subject is foreign, also one of this call. Without
 * it a record goes to the one of the subjects that its subject key names.
 */
DBRIEF_API int dbrief_records_select_subject(dbrief_records *records, size_t i);
/* Closes the record: every declared field must have been set. */
DBRIEF_API int dbrief_record_end(dbrief_records *records);
/* This source has handed over everything for the subject. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_records_end(dbrief_records *records);

/* ---- configured sources: what <source> says, for connectors made by type ---- */

/*
 * The collections of a source as its <records> elements declare them, in file
 * order. Everything is borrowed from the engine.
 */
struct dbrief_collection_info {
	size_t size;
	const char *name;
	const char *query;       /* text of <query>, or NULL */
	const char *key;         /* column that identifies a record, or NULL */
	const char *subject_key; /* column that holds the subject key */
	const char *link;        /* column that holds the parent record's key, or NULL */
	const char *place;       /* "datenbrief.xml:41:3", for messages */
	const char *file;        /* text of <file>, or NULL */
	const char *file_charset; /* <file charset>, else that of the source, by its first name; or NULL */
	const char *path;        /* text of <path>: where the records stand in the file, or NULL */
};
/* A <field> or <ignore> of a collection. */
struct dbrief_field_info {
	size_t size;
	const char *name;        /* as the record builder knows it */
	const char *type;        /* "text", "money", ...; NULL: <ignore> */
	const char *path;        /* where a file holds it, when that is not its name; or NULL */
	const char *charset;     /* its own, by its first name; or NULL */
};
DBRIEF_API const char *dbrief_source_id(const dbrief_source *source);
DBRIEF_API const char *dbrief_source_url(const dbrief_source *source);   /* after --source, may be NULL */
DBRIEF_API const char *dbrief_source_base(const dbrief_source *source);  /* folder of the config file; relative paths start there unless the URL came from an override */
DBRIEF_API const char *dbrief_source_place(const dbrief_source *source); /* "datenbrief.xml:12:3" */
DBRIEF_API const char *dbrief_source_subjects(const dbrief_source *source); /* text of <subjects>, or NULL */
DBRIEF_API const char *dbrief_source_setting(const dbrief_source *source, const char *name); /* <setting name>, or NULL */
/*
 * The key of <identity> by which the source finds its subjects: then fetch is
 * given values of it in their normal form, and the engine compares the echo
 * likewise. NULL: the customer number.
 */
DBRIEF_API const char *dbrief_source_found_by(const dbrief_source *source);
DBRIEF_API size_t dbrief_source_collections(const dbrief_source *source);
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_source_collection(const dbrief_source *source, size_t i,
    struct dbrief_collection_info *info);
DBRIEF_API size_t dbrief_source_fields(const dbrief_source *source, size_t i); /* of collection i */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_source_field(const dbrief_source *source, size_t i, size_t field,
    struct dbrief_field_info *info);
DBRIEF_API const char *dbrief_source_charset(const dbrief_source *source); /* <source charset> by its first name, or NULL */

/* ---- decoding: the library's own gate for text, for connectors that read files ---- */

typedef struct dbrief_decoder dbrief_decoder; /* one thread */

/* A decoder from a charset of datenbrief(5). FATAL, cause CONFIG: there is none of that name. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_decoder_new(dbrief_decoder **decoder, const char *charset, struct dbrief_error *err);
DBRIEF_API void dbrief_decoder_free(dbrief_decoder *decoder);
/*
 * Clean UTF-8 in Unicode's composed form (NFC); *text is NUL-terminated and
 * stays until the next call. FAILED, cause ENCODING: bytes without meaning in
 * this charset, or characters that no letter may hold.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_decoder_decode(dbrief_decoder *decoder, const char *bytes, size_t len,
    const char **text, size_t *text_len, struct dbrief_error *err);

/*
 * A connector type turns a configured <source type="..."> into a connector.
 * `create` fills *connector (its `user` owns what was opened; it stays valid
 * until `destroy`). Called while the engine is frozen, in that thread.
 */
struct dbrief_connector_type {
	size_t size;
	const char *type; /* "sqlite", the word before ':' of a source URL */
	int (*create)(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err);
	void (*destroy)(struct dbrief_connector *connector);
	const char *(*version)(void); /* of the library behind it, "SQLite 3.40.1"; may be NULL */
};
/* The connector types this build brings along, ended by NULL. Static. */
DBRIEF_API const struct dbrief_connector_type *const *dbrief_builtin_connectors(void);

#ifdef __cplusplus
}
#endif
#endif
