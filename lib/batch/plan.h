/* SPDX-License-Identifier: MIT */
/*
 * plan.db: the frozen list of customers in chunks, and by hash all that decides
 * how their letters look. Made once, read by every shard, never changed.
 *
 *   meta(name, value)              config, register, template, fonts, sources, program: hashes; date, mode, form, shards,
 *                                  chunk, limit, subjects, ids: hash over the chunks; plan: hash over all of these;
 *                                  with a ledger also run (random), ledger, ledger-state, due, recent, again
 *   chunk(chunk, n, sha256, ids)   ids: each with a NUL behind it
 *   twin(chunk, offset)            its case code is that of an earlier letter: held
 */
#ifndef DBI_BATCH_PLAN_H
#define DBI_BATCH_PLAN_H

#include <stdint.h>
#include <stdbool.h>
#include <datenbrief/run.h>
#include "api/fingerprint.h"
#include "batch/folder.h"
#include "batch/store.h"

#define DBI_PLAN_CHUNK 256

typedef struct dbi_plan dbi_plan;

/* The identifiers of one chunk. */
struct dbi_plan_chunk {
	uint32_t id;
	size_t n;
	char *text;                            /* wiped on dispose */
	size_t len;
	const char *ids[DBI_PLAN_CHUNK];       /* in text */
	bool twin[DBI_PLAN_CHUNK];
};

/* Reads and checks plan.db. DBRIEF_EOF: there is none. FATAL, cause CONFIG: it was edited. */
int dbi_plan_open(dbi_plan **plan, const struct dbi_folder *folder, struct dbrief_error *err);
void dbi_plan_free(dbi_plan *plan);
const struct dbrief_plan_info *dbi_plan_info(const dbi_plan *plan);
/* "" when it was not made with that. */
const char *dbi_plan_meta(const dbi_plan *plan, const char *name);
/* FATAL, cause CONFIG, says what differs now. */
int dbi_plan_compare(const dbi_plan *plan, const struct dbi_fingerprint *now, struct dbrief_error *err);
/* Number of letters in a chunk, without their identifiers. */
size_t dbi_plan_chunk_size(const dbi_plan *plan, uint32_t chunk);
int dbi_plan_chunk_load(dbi_plan *plan, uint32_t chunk, struct dbi_plan_chunk *out, struct dbrief_error *err);
void dbi_plan_chunk_dispose(struct dbi_plan_chunk *chunk);
/* Letters of a shard. */
uint64_t dbi_plan_shard_size(const dbi_plan *plan, unsigned shard);

/* ---- making one: plan_make.c ---- */
struct dbi_plan_maker {
	const struct dbi_fingerprint *made_with;
	const char *date, *mode, *form;
	unsigned shards;
	size_t limit;
	size_t lot_letters, lot_sheets;
	bool duplex;
	const char *release_key;  /* NULL: none */
	/* With a ledger; otherwise NULL. `had`: a letter in the twelve months before the date. */
	int (*had)(void *user, const char *subject, bool *had, struct dbrief_error *err);
	const char *ledger;       /* check of its key */
	const char *ledger_state; /* which file, and how many runs it had */
	bool due;                 /* leaves out who had one */
	const char *again;        /* why they get another; NULL: refused */
	/* Calls add(ctx, row) for each subject; stops at a non-zero result. */
	int (*list)(void *user, int (*add)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err);
	void (*code)(void *user, const char *subject, char out[DBRIEF_CASE_CODE_SIZE]);
	void *user;
};
/* Sorts by country, postcode, street and identifier, refuses doubles, publishes plan.db. */
int dbi_plan_make(const struct dbi_folder *folder, const struct dbi_plan_maker *maker, struct dbrief_error *err);

/* Hash over names and values as they stand in a plan's meta table. */
int dbi_plan_hash(const struct dbi_store *store, char out[65], struct dbrief_error *err);
/* Hash over the hashes of the chunks. */
int dbi_plan_hash_ids(const struct dbi_store *store, char out[65], struct dbrief_error *err);

#endif
