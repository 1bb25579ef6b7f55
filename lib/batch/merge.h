/* SPDX-License-Identifier: MIT */
/* The lists of a run, written by merge and compared by verify. */
#ifndef DBI_BATCH_MERGE_H
#define DBI_BATCH_MERGE_H

#include <datenbrief/sink.h>
#include "batch/run.h"

struct dbi_merge {
	dbrief_run *run;
	struct dbi_lists lists;
	bool dry;                 /* for verify: places are worked out, nothing is made */
	struct dbrief_run_counts counts;
	void *state;              /* of the form */
	/* For verify: sees each row before it is listed. May be NULL. */
	int (*check)(void *user, const struct dbi_journal_row *row, struct dbrief_error *err);
	void (*found)(void *user, const char *folder, const char *name, const char *text); /* likewise, of the form */
	void *user;
};
/* All rows in the order of the plan into the two lists. RETRY, cause INCOMPLETE: a shard is not complete. */
int dbi_merge_rows(struct dbi_merge *merge, struct dbrief_error *err);

/* Many short lines into a sink, in larger pieces. Commit and abort are the inner sink's, by its owner. */
struct dbi_buffered {
	struct dbrief_sink outer, *inner;
	size_t len;
	char bytes[16384];
};
struct dbrief_sink *dbi_buffered_begin(struct dbi_buffered *b, struct dbrief_sink *inner);
int dbi_buffered_flush(struct dbi_buffered *b, struct dbrief_error *err);

#endif
