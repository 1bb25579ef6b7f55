/* SPDX-License-Identifier: MIT */
/*
 * Dataset: what the sources delivered about one subject, typed and checked,
 * before order and register are applied. Filled by the record builder in any
 * order; memory is the arena's.
 */
#ifndef DBI_MODEL_DATASET_H
#define DBI_MODEL_DATASET_H

#include <stdint.h>
#include "model/declare.h"
#include "util/arena.h"

/* A stored value: canonical text of its type (ISO dates, plain decimals, "true"/"false"), clean NFC UTF-8. */
struct dbi_value {
	bool set;                /* delivered at all */
	bool null;               /* stores nothing */
	const char *text; size_t len; /* of a BINARY: a hash of its bytes, by which two of them are told apart */
	const char *media_type; uint64_t bytes; /* BINARY: what it is, and its size */
};
struct dbi_record {
	const struct dbi_collection_decl *decl;
	const char *key;         /* clean text; NULL when the collection has no key */
	const char *parent_key;  /* or NULL */
	struct dbi_value *values; /* by index in decl->fields */
	struct dbi_record *next;
};
enum dbi_source_status { DBI_SOURCE_COMPLETE, DBI_SOURCE_EMPTY, DBI_SOURCE_FAILED };
struct dbi_source_result {
	const struct dbi_source_decl *decl;
	enum dbi_source_status status;
	int cause;               /* FAILED and optional: enum dbrief_cause; the letter's words follow from it */
	const char *reason;      /* FAILED and optional: the error's text, for the operator only */
	size_t n_records;
	unsigned replaced, suspect; /* of this source */
	size_t n_keys;           /* found by a key: how many values of it were asked for */
};
struct dbi_changes;
struct dbi_dataset {
	const char *subject;     /* the identifier asked for */
	struct dbi_source_result *sources; size_t n_sources; /* configuration order */
	struct dbi_record *first, **tail; size_t n_records; size_t bytes;
	unsigned replaced;       /* characters replaced or left out by the policies of sources and fields */
	unsigned suspect;        /* values that look as if read in a wrong charset */
	size_t n_keys;           /* what is fetched ahead by a key: how many values of it */
	bool ambiguous;          /* likewise: somebody else has the key; held, or asked for alone where a second key confirms */
	struct dbi_changes *changes; /* what the last letter held, to be compared; NULL: nobody asks */
	unsigned shared_keys;    /* keys of the subject that somebody else has, too: bits by dbi_key_decl.index */
};

#endif
