/* SPDX-License-Identifier: MIT */
#include "util/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

#define FIRST_CHUNK (16u << 10)
#define LARGEST_CHUNK (1u << 20)

struct dbi_arena_chunk {
	struct dbi_arena_chunk *next;
	size_t size, used;
	alignas(16) unsigned char bytes[];
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
	DBI_POISON(chunk->bytes, want);
	a->total += want;
	return chunk;
}

/* Makes a chunk the current one. */
static void enter_chunk(struct dbi_arena *a, struct dbi_arena_chunk *chunk)
{
	a->current = chunk;
	a->at = chunk ? chunk->bytes + chunk->used : NULL;
	a->room = chunk ? (chunk->size - chunk->used) & ~(size_t)(DBI_ARENA_ALIGNMENT - 1) : 0;
}

/* Notes how much of the current chunk is used; for others it is known. */
static void leave_chunk(const struct dbi_arena *a)
{
	if (a->current)
		a->current->used = (size_t)(a->at - a->current->bytes);
}

/* The next kept chunk with enough room, or a new one behind the current. */
static bool next_chunk(struct dbi_arena *a, size_t size)
{
	struct dbi_arena_chunk *chunk;

	leave_chunk(a);
	while (a->current && a->current->next) {
		enter_chunk(a, a->current->next);
		if (a->room >= size)
			return true;
	}
	chunk = add_chunk(a, size);
	if (!chunk)
		return false;
	if (a->current)
		a->current->next = chunk;
	else
		a->first = chunk;
	enter_chunk(a, chunk);
	return true;
}

void *dbi_arena_alloc_chunk(struct dbi_arena *a, size_t size)
{
	size_t need = size ? size : 1;

	if (need > SIZE_MAX / 2)
		return NULL;
	need = (need + DBI_ARENA_ALIGNMENT - 1) & ~(size_t)(DBI_ARENA_ALIGNMENT - 1);
	return a->room >= need || next_chunk(a, need) ? dbi_arena_alloc(a, size ? size : 1) : NULL;
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
	DBI_UNPOISON(chunk->bytes, chunk->size);
	dbi_wipe(chunk->bytes, chunk->used);
	chunk->used = 0;
}

void dbi_arena_reset(struct dbi_arena *a)
{
	leave_chunk(a);
	for (struct dbi_arena_chunk *c = a->first; c; c = c->next) {
		wipe_chunk(c);
		DBI_POISON(c->bytes, c->size);
	}
	enter_chunk(a, a->first);
}

size_t dbi_arena_used(const struct dbi_arena *a)
{
	size_t used = 0;

	leave_chunk(a);
	for (const struct dbi_arena_chunk *c = a->first; c; c = c->next)
		used += c->used;
	return used;
}

size_t dbi_arena_left(const struct dbi_arena *a)
{
	size_t left = (a->max ? a->max : DBI_MAX_BUF) - a->total + a->room;

	for (const struct dbi_arena_chunk *c = a->current ? a->current->next : NULL; c; c = c->next)
		left += c->size;
	return left;
}

void dbi_arena_trim(struct dbi_arena *a, size_t keep)
{
	struct dbi_arena_chunk **link = &a->first, *c;
	size_t kept = 0;

	leave_chunk(a);
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
	enter_chunk(a, a->first);
}

void dbi_arena_dispose(struct dbi_arena *a)
{
	struct dbi_arena_chunk *c, *next;

	leave_chunk(a);
	for (c = a->first; c; c = next) {
		next = c->next;
		wipe_chunk(c);
		dbi_free(c);
	}
	a->first = NULL;
	a->total = 0;
	enter_chunk(a, NULL);
}
