/* SPDX-License-Identifier: MIT */
/* Memory of one letter: bump pointer over chunks, given back all at once. */
#ifndef DBI_ARENA_H
#define DBI_ARENA_H

#include <stddef.h>

struct dbi_arena_chunk;
struct dbi_arena {
	struct dbi_arena_chunk *first, *current;
	size_t total, max; /* max 0: DBI_MAX_BUF */
};
#define DBI_ARENA_INIT { NULL, NULL, 0, 0 }

void *dbi_arena_alloc(struct dbi_arena *a, size_t size);              /* 16-byte aligned, not zeroed; NULL when out */
void *dbi_arena_calloc(struct dbi_arena *a, size_t n, size_t size);   /* zeroed, checked */
char *dbi_arena_strndup(struct dbi_arena *a, const char *s, size_t len);
void dbi_arena_reset(struct dbi_arena *a);   /* keeps the chunks; wipes what was used */
size_t dbi_arena_used(const struct dbi_arena *a);
/* Gives back the chunks behind the first `keep` bytes, after a reset: one large letter must not be remembered for ever. */
void dbi_arena_trim(struct dbi_arena *a, size_t keep);
void dbi_arena_dispose(struct dbi_arena *a);

#endif
