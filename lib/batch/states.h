/* SPDX-License-Identifier: MIT */
/*
 * The states (model/change.h) of one chunk's letters until they go into the
 * journal with their rows: in memory, and beyond a megabyte in a file
 * that has no name. Hashes only.
 */
#ifndef DBI_BATCH_STATES_H
#define DBI_BATCH_STATES_H

#include "batch/plan.h"
#include "util/buf.h"

struct dbi_states {
	int dir;                  /* of the file */
	const char *place;        /* of it, for messages */
	struct dbi_buf memory;
	int file;                 /* descriptor + 1; 0: none */
	size_t in_file;           /* bytes; memory holds what comes after them */
	void *map; size_t mapped;
	struct { size_t at, len; } of[DBI_PLAN_CHUNK]; /* len 0: none */
};

/* Another state of the same letter takes the place of the first. */
int dbi_states_put(struct dbi_states *states, unsigned offset, const struct dbi_buf *state, struct dbrief_error *err);
/* Then dbi_states_get may be called, until the next put or clear. */
int dbi_states_ready(struct dbi_states *states, struct dbrief_error *err);
/* NULL: none. */
const void *dbi_states_get(const struct dbi_states *states, unsigned offset, size_t *len);
void dbi_states_clear(struct dbi_states *states);
void dbi_states_dispose(struct dbi_states *states);

#endif
