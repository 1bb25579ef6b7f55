/* SPDX-License-Identifier: MIT */
#include "util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

/* Under AddressSanitizer what was given back is poisoned, so that a use after reset is found. */
#if defined(__SANITIZE_ADDRESS__)
#define DBI_HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DBI_HAVE_ASAN 1
#endif
#endif
#ifdef DBI_HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region(p, n)
#define UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#define ALIGNMENT 16u
#define FIRST_CHUNK (16u << 10)
#define LARGEST_CHUNK (1u << 20)

struct dbi_arena_chunk {
	struct dbi_arena_chunk *next;
	size_t size, used;
	alignas(ALIGNMENT) unsigned char bytes[];
};

static struct dbi_arena_chunk *add_chunk(struct dbi_arena *a, size_t size)
{
	size_t max = a->max ? a->max : DBI_MAX_BUF;
	size_t want = a->total < FIRST_CHUNK ? FIRST_CHUNK : a->total;
	struct dbi_arena_chunk *chunk;

	if (want > LARGEST_CHUNK)
		want = LARGEST_CHUNK;
	if (size > max || a->total > max - size)
		return NULL;
	if (want > max - a->total)
		want = max - a->total;
	if (want < size)
		want = size;
	chunk = dbi_calloc(1, sizeof *chunk + want);
	if (!chunk)
		return NULL;
	chunk->size = want;
	POISON(chunk->bytes, want);
	a->total += want;
	return chunk;
}

/* The next kept chunk with enough room, or a new one behind the current. */
static struct dbi_arena_chunk *next_chunk(struct dbi_arena *a, size_t size)
{
	struct dbi_arena_chunk *chunk;

	while (a->current && a->current->next) {
		a->current = a->current->next;
		if (a->current->size - a->current->used >= size)
			return a->current;
	}
	chunk = add_chunk(a, size);
	if (!chunk)
		return NULL;
	if (a->current)
		a->current->next = chunk;
	else
		a->first = chunk;
	a->current = chunk;
	return chunk;
}

void *dbi_arena_alloc(struct dbi_arena *a, size_t size)
{
	struct dbi_arena_chunk *chunk = a->current;
	size_t need = size ? size : 1;
	void *p;

	if (need > SIZE_MAX / 2)
		return NULL;
	need = (need + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!chunk || chunk->size - chunk->used < need) {
		chunk = next_chunk(a, need);
		if (!chunk)
			return NULL;
	}
	p = chunk->bytes + chunk->used;
	chunk->used += need;
	UNPOISON(p, size ? size : 1);
	return p;
}

void *dbi_arena_calloc(struct dbi_arena *a, size_t n, size_t size)
{
	size_t bytes;

	/* What is not in use is zero: chunks begin so, and what was used is wiped. */
	return dbi_size_mul(n, size, &bytes) ? dbi_arena_alloc(a, bytes) : NULL;
}

char *dbi_arena_strndup(struct dbi_arena *a, const char *s, size_t len)
{
	size_t bytes;
	char *copy;

	if (!s || !dbi_size_add(len, 1, &bytes))
		return NULL;
	copy = dbi_arena_alloc(a, bytes);
	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

static void wipe_chunk(struct dbi_arena_chunk *chunk)
{
	UNPOISON(chunk->bytes, chunk->size);
	dbi_wipe(chunk->bytes, chunk->used);
	chunk->used = 0;
}

void dbi_arena_reset(struct dbi_arena *a)
{
	for (struct dbi_arena_chunk *c = a->first; c; c = c->next) {
		wipe_chunk(c);
		POISON(c->bytes, c->size);
	}
	a->current = a->first;
}

size_t dbi_arena_used(const struct dbi_arena *a)
{
	size_t used = 0;

	for (const struct dbi_arena_chunk *c = a->first; c; c = c->next)
		used += c->used;
	return used;
}

void dbi_arena_trim(struct dbi_arena *a, size_t keep)
{
	struct dbi_arena_chunk **link = &a->first, *c;
	size_t kept = 0;

	while ((c = *link) && c->size <= keep - kept) {
		kept += c->size;
		link = &c->next;
	}
	while ((c = *link)) {
		*link = c->next;
		a->total -= c->size;
		wipe_chunk(c);
		dbi_free(c);
	}
	a->current = a->first;
}

void dbi_arena_dispose(struct dbi_arena *a)
{
	struct dbi_arena_chunk *c, *next;

	for (c = a->first; c; c = next) {
		next = c->next;
		wipe_chunk(c);
		dbi_free(c);
	}
	a->first = a->current = NULL;
	a->total = 0;
}
