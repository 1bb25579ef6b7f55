/* SPDX-License-Identifier: MIT */
/* Subjects fetched ahead: what each source delivered for each of them, until it is served or dropped. */
#ifndef DBI_GATHER_CHUNK_H
#define DBI_GATHER_CHUNK_H

#include "gather/cursor.h"

struct dbi_chunk_subject {
	const char *subject, *nfc;
	bool served;
};
struct dbi_chunk {
	struct dbi_arena arena;
	struct dbi_chunk_subject *subjects; size_t n; /* sorted by nfc, each once */
	const char **names;          /* the subjects once more, for fetch_many */
	struct dbi_target *targets;  /* of the source at work */
	size_t n_sources;
	struct dbi_dataset **shares; /* by source, then by subject; NULL: this source is asked one by one */
};
void dbi_chunk_init(struct dbi_chunk *chunk);
void dbi_chunk_dispose(struct dbi_chunk *chunk);
/* Forgets what it holds. */
void dbi_chunk_clear(struct dbi_chunk *chunk);
/* Takes the usable ones of these subjects, each once. */
int dbi_chunk_start(struct dbi_chunk *chunk, const char *const *subjects, size_t n, size_t n_sources,
    struct dbrief_error *err);
int dbi_chunk_fetch(struct dbi_chunk *chunk, size_t source, struct dbi_gathered *s, dbi_deadline *deadline,
    struct dbrief_error *err);
/* A source found by a key: from what the sources of lower stages delivered; left alone when one of them is missing. */
int dbi_chunk_fetch_by_key(struct dbi_chunk *chunk, struct dbi_gathered *sources, size_t source, dbi_deadline *deadline,
    struct dbrief_error *err);
/* Number of a subject that was fetched ahead and not served yet; n: none. It is served by this. */
size_t dbi_chunk_take(struct dbi_chunk *chunk, const struct dbi_target *target);

#endif
