/* SPDX-License-Identifier: MIT */
/* What stands behind dbrief_run. */
#ifndef DBI_BATCH_RUN_H
#define DBI_BATCH_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <datenbrief/run.h>
#include "batch/folder.h"
#include "batch/form.h"
#include "batch/journal.h"
#include "batch/plan.h"
#include "util/buf.h"

struct dbrief_run {
	dbrief_engine *engine;
	const dbrief_template *tmpl;
	struct dbi_folder folder;
	struct dbi_folder product; /* DIR/unreleased while the run is held; else its descriptor is -1 */
	int rendered, journal;     /* descriptors of the folder of rendered letters and of journal/ */
	dbi_plan *plan;
	const struct dbi_form *form;
	char plan_hash[65];
	atomic_bool stop;
	bool releasing;            /* the token is at hand and not yet in journal/released */
};

/* Where letters or lots lie: DIR, or DIR/unreleased. */
const struct dbi_folder *dbi_run_product(const dbrief_run *run);
void dbi_counts_start(struct dbrief_run_counts *counts, uint64_t planned);
/* Copies as much as the caller's struct holds. */
void dbi_counts_give(struct dbrief_run_counts *to, const struct dbrief_run_counts *from);

/* ---- lists.c: manifest.csv and held.csv ---- */
struct dbi_lists {
	struct dbrief_sink *manifest, *held;   /* borrowed */
	struct dbi_buf line;
};
int dbi_lists_begin(struct dbi_lists *lists, struct dbrief_error *err);
int dbi_lists_letter(struct dbi_lists *lists, const struct dbi_journal_row *row, const char *file, unsigned first_page,
    struct dbrief_error *err);
int dbi_lists_held(struct dbi_lists *lists, const struct dbi_journal_row *row, struct dbrief_error *err);

/* ---- walk.c: all rows of all shards, in the order of the plan ---- */
struct dbi_walker {
	/* Rows of one chunk have come to their end; n of them. May be NULL. */
	int (*chunk)(void *user, uint32_t chunk, size_t n, struct dbrief_error *err);
	int (*row)(void *user, const struct dbi_journal_row *row, struct dbrief_error *err);
	void *user;
	bool states;               /* rows come with them */
};
int dbi_run_walk(dbrief_run *run, const struct dbi_walker *walker, struct dbrief_error *err);

/* ---- release.c ---- */
/* Letters of a plan with a release key that lie in their place have their token in journal/released. */
bool dbi_run_has_token(const dbrief_run *run);

/* ---- samples.c ---- */
/* Removes the samples, and their folder unless something else is in there. */
void dbi_samples_remove(const dbrief_run *run);

/* ---- seal.c ---- */
/* The lines of journal/seal. */
int dbi_seal_text(struct dbi_buf *out, const dbrief_run *run, const struct dbrief_run_counts *counts, const char *manifest,
    const char *held, struct dbrief_error *err);
int dbi_seal_write(const dbrief_run *run, const struct dbi_buf *text, struct dbrief_error *err);
/* SHA-256 of a file in the run's folder, in memory of fixed size. DBRIEF_EOF: absent. */
int dbi_file_sha256(int dir, const char *name, const char *place, char out[65], uint64_t *bytes, struct dbrief_error *err);

#endif
