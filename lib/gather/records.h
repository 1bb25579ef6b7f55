/* SPDX-License-Identifier: MIT */
/*
 * The record builder's inside: the judge between connector and dataset. Its
 * first error stays; see datenbrief/connector.h for the calls of connectors.
 */
#ifndef DBI_GATHER_RECORDS_H
#define DBI_GATHER_RECORDS_H

#include <datenbrief/connector.h>
#include "gather/gather.h"
#include "gather/identity.h"
#include "util/buf.h"
#include "util/charset.h"

/*
 * A subject asked for and where its records go. One of them for a fetch of one
 * subject; a fetch of many finds the target by the echo of the subject key.
 */
struct dbi_target {
	const char *subject;       /* the key as asked */
	const char *subject_nfc;   /* for sources that are not UTF-8 */
	struct dbi_arena *arena;
	struct dbi_dataset *data;
	size_t n_records;          /* of this source */
	const struct dbi_key_values *confirm; /* of the subject, for sources with confirm-by */
};

struct dbi_field_charset { const char *name; struct dbi_charset *charset; };

struct dbrief_records {
	const struct dbi_source_decl *decl;
	struct dbi_charset *charset;
	struct dbi_field_charset *field_charsets; size_t n_field_charsets; /* of fields that have their own */
	bool utf8;                 /* the charset is UTF-8: keys compare byte for byte */
	struct dbi_field_count **counts; /* by collection and field; NULL: nobody counts */
	bool decoded;              /* the connector decodes: charsets of fields are its business */
	struct dbi_target *targets; size_t n_targets, last_target;
	bool selected;             /* only last_target's records may come now */
	size_t *ordinals;          /* records begun, by collection of the source */
	struct dbi_target *target; /* of the open record */
	struct dbi_record *record; /* the open record, or NULL */
	bool confirmed;            /* the open record holds the second key of the subject */
	size_t next_field;         /* columns mostly come in declared order */
	bool ended;
	struct dbi_buf clean, typed;
	struct dbrief_error error; /* where: below the source */
};

/* ordinals: one per collection. charset: the converter of the source. */
void dbi_records_init(struct dbrief_records *r, const struct dbi_source_decl *decl,
    struct dbi_charset *charset, bool utf8,
    size_t *ordinals);
/* Ready for a fetch into these targets. */
void dbi_records_start(struct dbrief_records *r, struct dbi_target *targets, size_t n);
void dbi_records_dispose(struct dbrief_records *r);

/* ---- count.c ---- */
/* From now on the texts of each field are counted. */
int dbi_records_count(struct dbrief_records *r, struct dbrief_error *err);
void dbi_records_each_count(const struct dbrief_records *r, dbi_field_count_fn each, void *ctx);
/* Where a text of the open record's field is counted, or NULL. */
struct dbi_field_count *dbi_records_field_count(const struct dbrief_records *r, const struct dbi_field_decl *f);

/* ---- between record.c and record_value.c ---- */
bool dbi_record_failed(const struct dbrief_records *r);
/* Latches an error of the open record; `field` NULL: of the record as a whole. Returns its status. */
int dbi_record_fail(struct dbrief_records *r, int status, int cause, const char *field, const char *fmt,
    ...) DBI_PRINTF(5, 6);
/* A mistake of the connector. FATAL. */
int dbi_record_misuse(struct dbrief_records *r, const char *text);
int dbi_record_memory(struct dbrief_records *r);

#endif
