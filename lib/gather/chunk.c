/* SPDX-License-Identifier: MIT */
#include "gather/chunk.h"

#include <stdlib.h>
#include <string.h>
#include "util/limits.h"
#include "util/norm.h"
#include "util/utf8.h"

void dbi_chunk_init(struct dbi_chunk *chunk)
{
	memset(chunk, 0, sizeof *chunk);
	chunk->arena.max = DBI_MAX_CHUNK_BYTES;
}

void dbi_chunk_clear(struct dbi_chunk *chunk)
{
	if (chunk->arena.first) {
		dbi_arena_reset(&chunk->arena);
		dbi_arena_trim(&chunk->arena, DBI_KEEP_CHUNK);
	}
	chunk->subjects = NULL;
	chunk->names = NULL;
	chunk->targets = NULL;
	chunk->shares = NULL;
	chunk->n = 0;
}

void dbi_chunk_dispose(struct dbi_chunk *chunk)
{
	dbi_chunk_clear(chunk);
	dbi_arena_dispose(&chunk->arena);
}

/* ---- which subjects ---- */

static int compare(const void *a, const void *b)
{
	const struct dbi_chunk_subject *x = a, *y = b;
	int order = strcmp(x->nfc, y->nfc);
	return order ? order : strcmp(x->subject, y->subject);
}

static int add_subject(struct dbi_chunk *chunk, const char *subject, struct dbi_buf *nfc, struct dbrief_error *err)
{
	struct dbi_chunk_subject *s = &chunk->subjects[chunk->n];
	size_t len = subject ? strnlen(subject, DBI_MAX_SUBJECT_KEY + 1) : 0;
	int rc;
	/* The letter of an unusable one will say so. */
	if (len == 0 || len > DBI_MAX_SUBJECT_KEY || dbi_utf8_check(subject, len) != len)
		return DBRIEF_OK;
	dbi_buf_clear(nfc);
	rc = dbi_nfc(nfc, subject, len, err);
	if (rc != DBRIEF_OK)
		return rc;
	s->subject = dbi_arena_strndup(&chunk->arena, subject, len);
	s->nfc = dbi_arena_strndup(&chunk->arena, nfc->data ? nfc->data : "", nfc->len);
	s->served = false;
	if (!s->subject || !s->nfc)
		return dbi_error_memory(err);
	chunk->n++;
	return DBRIEF_OK;
}

/* Sources in other charsets cannot tell subjects apart that are the same text: one of them is left to the single fetch. */
static void drop_twins(struct dbi_chunk *chunk)
{
	size_t kept = 0;
	for (size_t i = 0; i < chunk->n; i++)
		if (kept == 0 || strcmp(chunk->subjects[kept - 1].nfc, chunk->subjects[i].nfc) != 0)
			chunk->subjects[kept++] = chunk->subjects[i];
	chunk->n = kept;
}

int dbi_chunk_start(struct dbi_chunk *chunk, const char *const *subjects, size_t n, size_t n_sources,
    struct dbrief_error *err)
{
	struct dbi_arena *arena = &chunk->arena;
	struct dbi_buf nfc = DBI_BUF_INIT;
	int rc = DBRIEF_OK;
	dbi_chunk_clear(chunk);
	chunk->subjects = dbi_arena_calloc(arena, n, sizeof *chunk->subjects);
	chunk->names = dbi_arena_calloc(arena, n, sizeof *chunk->names);
	chunk->targets = dbi_arena_calloc(arena, n, sizeof *chunk->targets);
	chunk->shares = dbi_arena_calloc(arena, n_sources, sizeof *chunk->shares);
	chunk->n_sources = n_sources;
	if (!chunk->subjects || !chunk->names || !chunk->targets || !chunk->shares)
		rc = dbi_error_memory(err);
	for (size_t i = 0; rc == DBRIEF_OK && i < n; i++)
		rc = add_subject(chunk, subjects[i], &nfc, err);
	dbi_buf_dispose(&nfc);
	if (rc != DBRIEF_OK) {
		chunk->n = 0;
		return rc;
	}
	qsort(chunk->subjects, chunk->n, sizeof *chunk->subjects, compare);
	drop_twins(chunk);
	for (size_t i = 0; i < chunk->n; i++)
		chunk->names[i] = chunk->subjects[i].subject;
	return DBRIEF_OK;
}

/* ---- fetching and serving ---- */

int dbi_chunk_fetch(struct dbi_chunk *chunk, size_t source, struct dbi_gathered *s, dbi_deadline *deadline,
    struct dbrief_error *err)
{
	struct dbi_dataset *shares = dbi_arena_calloc(&chunk->arena, chunk->n, sizeof *shares);
	int rc;
	if (!shares)
		return dbi_error_memory(err);
	for (size_t i = 0; i < chunk->n; i++) {
		const struct dbi_chunk_subject *subject = &chunk->subjects[i];
		dbi_dataset_clear(&shares[i]);
		chunk->targets[i] = (struct dbi_target){ subject->subject, subject->nfc, &chunk->arena, &shares[i], 0, NULL };
	}
	if (chunk->n == 0)
		return DBRIEF_OK;
	rc = dbi_gathered_fetch_many(s, deadline, chunk->targets, chunk->n, chunk->names, err);
	if (rc == DBRIEF_OK)
		chunk->shares[source] = shares;
	return rc;
}

size_t dbi_chunk_take(struct dbi_chunk *chunk, const struct dbi_target *target)
{
	struct dbi_chunk_subject key = { target->subject, target->subject_nfc, false }, *found;
	if (chunk->n == 0)
		return 0;
	found = bsearch(&key, chunk->subjects, chunk->n, sizeof key, compare);
	if (!found || found->served)
		return chunk->n;
	found->served = true;
	return (size_t)(found - chunk->subjects);
}
