/* SPDX-License-Identifier: MIT */
/* Sources found by a key, for many subjects at once. */
#include "gather/chunk.h"

#include <stdlib.h>
#include <string.h>
#include "util/mem.h"

/* A value of a key and the subject whose it is. */
struct asked { const char *key; size_t subject; };

struct keyed {
	struct dbi_chunk *chunk;
	const struct dbi_source_decl *decl;
	const struct dbi_gathered *sources;
	struct dbi_dataset *shares;
	struct dbi_key_values *confirm; /* by subject */
	struct asked *asked; size_t n, cap;
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct asked *)a)->key, ((const struct asked *)b)->key);
}

/* What is in the chunk of the sources that hold a key. False: one of them is asked one by one. */
static bool is_there(const struct keyed *k, const struct dbi_key_decl *key, size_t subject, struct dbi_key_values *values,
    int *rc, struct dbrief_error *err)
{
	for (size_t i = 0; i < key->n_from; i++) {
		const struct dbi_source_decl *from = key->from[i].source_decl;
		size_t at = 0, before = 0;
		while (k->sources[at].connected->decl != from)
			at++;
		while (before < i && key->from[before].source_decl != from)
			before++;
		if (!k->chunk->shares[at])
			return false;
		if (before < i)
			continue;
		*rc = dbi_key_values_add(values, key, &k->chunk->shares[at][subject], &k->chunk->arena, err);
		if (*rc != DBRIEF_OK)
			return true;
	}
	return true;
}

/* Any source may tell that a key is shared. */
static unsigned shared_by_any(const struct keyed *k, size_t subject)
{
	unsigned shared = 0;
	for (size_t i = 0; i < k->chunk->n_sources; i++)
		if (k->chunk->shares[i])
			shared |= k->chunk->shares[i][subject].shared_keys;
	return shared;
}

static int add_subject(struct keyed *k, size_t subject, bool *there, struct dbrief_error *err)
{
	const struct dbi_key_decl *key = k->decl->found_by;
	struct dbi_key_values values = { { NULL }, 0 };
	int rc = DBRIEF_OK;
	*there = is_there(k, key, subject, &values, &rc, err);
	if (*there && rc == DBRIEF_OK && k->decl->confirm_by)
		*there = is_there(k, k->decl->confirm_by, subject, &k->confirm[subject], &rc, err);
	if (!*there || rc != DBRIEF_OK)
		return rc;
	dbi_dataset_clear(&k->shares[subject]);
	k->shares[subject].n_keys = values.n;
	if (values.n && !k->decl->confirm_by && (shared_by_any(k, subject) & 1u << key->index)) {
		k->shares[subject].ambiguous = true;
		return DBRIEF_OK;
	}
	if (!dbi_grow(&k->asked, &k->cap, k->n + values.n, sizeof *k->asked, SIZE_MAX / sizeof *k->asked))
		return dbi_error_memory(err);
	for (size_t i = 0; i < values.n; i++)
		k->asked[k->n++] = (struct asked){ values.values[i], subject };
	return DBRIEF_OK;
}

/* Two subjects of one chunk with one value: neither is asked for; see dbi_dataset.ambiguous. */
static void drop_twins(struct keyed *k)
{
	size_t kept = 0;
	if (k->n)
		qsort(k->asked, k->n, sizeof *k->asked, compare);
	for (size_t i = 0, end; i < k->n; i = end) {
		for (end = i + 1; end < k->n && strcmp(k->asked[i].key, k->asked[end].key) == 0; end++)
			;
		for (size_t at = i; end > i + 1 && at < end; at++)
			k->shares[k->asked[at].subject].ambiguous = true;
		if (end == i + 1)
			k->asked[kept++] = k->asked[i];
	}
	k->n = kept;
}

static int fetch(struct keyed *k, struct dbi_gathered *s, dbi_deadline *deadline, struct dbrief_error *err)
{
	struct dbi_arena *arena = &k->chunk->arena;
	struct dbi_target *targets = dbi_arena_calloc(arena, k->n + 1, sizeof *targets);
	const char **names = dbi_arena_calloc(arena, k->n + 1, sizeof *names);
	if (!targets || !names)
		return dbi_error_memory(err);
	for (size_t i = 0; i < k->n; i++) {
		const struct asked *a = &k->asked[i];
		names[i] = a->key;
		targets[i] = (struct dbi_target){ a->key, a->key, arena, &k->shares[a->subject], 0, &k->confirm[a->subject] };
	}
	return dbi_gathered_fetch_many(s, deadline, targets, k->n, names, err);
}

int dbi_chunk_fetch_by_key(struct dbi_chunk *chunk, struct dbi_gathered *sources, size_t source, dbi_deadline *deadline,
    struct dbrief_error *err)
{
	struct keyed k = { chunk, sources[source].connected->decl, sources, NULL, NULL, NULL, 0, 0 };
	bool there = true;
	int rc = DBRIEF_OK;
	k.shares = dbi_arena_calloc(&chunk->arena, chunk->n + 1, sizeof *k.shares);
	k.confirm = dbi_arena_calloc(&chunk->arena, chunk->n + 1, sizeof *k.confirm);
	if (!k.shares || !k.confirm)
		return dbi_error_memory(err);
	for (size_t i = 0; there && rc == DBRIEF_OK && i < chunk->n; i++)
		rc = add_subject(&k, i, &there, err);
	if (there && rc == DBRIEF_OK) {
		drop_twins(&k);
		rc = fetch(&k, &sources[source], deadline, err);
		if (rc == DBRIEF_OK)
			chunk->shares[source] = k.shares;
	}
	dbi_free(k.asked);
	return rc;
}
