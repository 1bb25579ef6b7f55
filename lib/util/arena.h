/* SPDX-License-Identifier: MIT */
/* Memory of one letter: bump pointer over chunks, given back all at once. */
#ifndef DBI_ARENA_H
#define DBI_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Under AddressSanitizer what was not given out is poisoned, so that a use after reset is found. */
#if defined(__SANITIZE_ADDRESS__)
#define DBI_HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DBI_HAVE_ASAN 1
#endif
#endif
#ifdef DBI_HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define DBI_POISON(p, n) __asan_poison_memory_region(p, n)
#define DBI_UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define DBI_POISON(p, n) ((void)(p), (void)(n))
#define DBI_UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#define DBI_ARENA_ALIGNMENT 8u

struct dbi_arena_chunk;
struct dbi_arena {
	struct dbi_arena_chunk *first, *current;
	size_t total, max; /* max 0: DBI_MAX_BUF */
	unsigned char *at; /* in the current chunk */
	size_t room;       /* behind that, a multiple of the alignment */
};
#define DBI_ARENA_INIT { NULL, NULL, 0, 0, NULL, 0 }

/* The same where the current chunk has no room for it, or size is 0. */
void *dbi_arena_alloc_chunk(struct dbi_arena *a, size_t size);

/* Aligned for pointers and 64-bit numbers, not zeroed; NULL when out. */
static inline void *dbi_arena_alloc(struct dbi_arena *a, size_t size)
{
	size_t need = (size + DBI_ARENA_ALIGNMENT - 1) & ~(size_t)(DBI_ARENA_ALIGNMENT - 1);
	void *p = a->at;

	if (size - 1 >= a->room) /* also for size 0 */
		return dbi_arena_alloc_chunk(a, size);
	a->at += need;
	a->room -= need;
	DBI_UNPOISON(p, size);
	return p;
}

/* Zeroed, checked. What is not in use is zero: chunks begin so, and what was used is wiped. */
static inline void *dbi_arena_calloc(struct dbi_arena *a, size_t n, size_t size)
{
	return size && n > SIZE_MAX / size ? NULL : dbi_arena_alloc(a, n * size);
}

/* Makes what was given out last larger where it is; false when something came behind it or there is no room. */
static inline bool dbi_arena_extend(struct dbi_arena *a, void *p, size_t old, size_t size)
{
	size_t end = (old + DBI_ARENA_ALIGNMENT - 1) & ~(size_t)(DBI_ARENA_ALIGNMENT - 1), more = size - end;

	if (!old || (unsigned char *)p + end != a->at || size <= end || more > a->room)
		return false;
	more = (more + DBI_ARENA_ALIGNMENT - 1) & ~(size_t)(DBI_ARENA_ALIGNMENT - 1);
	a->at += more;
	a->room -= more;
	DBI_UNPOISON(p, size);
	return true;
}

char *dbi_arena_strndup(struct dbi_arena *a, const char *s, size_t len);
void dbi_arena_reset(struct dbi_arena *a);   /* keeps the chunks; wipes what was used */
size_t dbi_arena_used(const struct dbi_arena *a);
/* What it can still give out; the rests of chunks it went on from are lost until the next reset. */
size_t dbi_arena_left(const struct dbi_arena *a);
/* Gives back the chunks behind the first `keep` bytes, after a reset: one large letter must not be remembered for ever. */
void dbi_arena_trim(struct dbi_arena *a, size_t keep);
void dbi_arena_dispose(struct dbi_arena *a);

#endif
