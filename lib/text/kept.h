/* SPDX-License-Identifier: MIT */
/* What the caches of words and of texts have in common: bounds, memory, and what came before. */
#ifndef DBI_TEXT_KEPT_H
#define DBI_TEXT_KEPT_H

#include <string.h>

#include "text/seen.h"
#include "util/arena.h"

struct dbi_kept {
	struct dbi_seen seen; /* what is to be kept when it comes again */
	struct dbi_arena arena;
	size_t n, most;       /* entries */
};

static inline void dbi_kept_init(struct dbi_kept *k, size_t most, size_t bytes)
{
	k->most = most;
	k->arena.max = bytes;
}

static inline bool dbi_kept_is_full(const struct dbi_kept *k)
{
	return k->n >= k->most || dbi_arena_left(&k->arena) <= k->arena.max >> 3;
}

/* The buckets are the caller's. */
static inline void dbi_kept_clear(struct dbi_kept *k)
{
	memset(&k->seen, 0, sizeof k->seen);
	k->n = 0;
	dbi_arena_reset(&k->arena);
}

#endif
