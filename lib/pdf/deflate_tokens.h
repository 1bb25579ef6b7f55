/* SPDX-License-Identifier: MIT */
/*
 * Tokens of a text made by who writes it: where most of it is known to be what
 * stood so many bytes before, nothing has to be looked for. A run that stands
 * at one distance is kept open, so that it may go on in what is written next.
 */
#ifndef DBI_PDF_DEFLATE_TOKENS_H
#define DBI_PDF_DEFLATE_TOKENS_H

#include "pdf/deflate_block.h"
#include "pdf/deflate_match.h"

struct dbi_lz_tokens {
	uint32_t *list;
	size_t n, cap;
	size_t run;        /* bytes since the last token that are those `distance` before */
	uint32_t distance, distance_token;
	bool failed;       /* out of memory */
};

void dbi_lz_tokens_dispose(struct dbi_lz_tokens *t);
/* Gives back what is more than `keep` bytes. */
void dbi_lz_tokens_trim(struct dbi_lz_tokens *t, size_t keep);
/* Another text begins. */
void dbi_lz_tokens_clear(struct dbi_lz_tokens *t);
/* Room for n more tokens; NULL when memory is out. */
uint32_t *dbi_lz_tokens_grow(struct dbi_lz_tokens *t, size_t n);
/* Ends the run, which ends before p, where it is not as most are. */
void dbi_lz_tokens_end_any_run(struct dbi_lz_tokens *t, const unsigned char *p);

static inline uint32_t *dbi_lz_tokens_room(struct dbi_lz_tokens *t, size_t n)
{
	return n <= t->cap - t->n ? t->list + t->n : dbi_lz_tokens_grow(t, n);
}

/* Ends the run, which ends before p. */
static inline void dbi_lz_tokens_end_run(struct dbi_lz_tokens *t, const unsigned char *p)
{
	if (t->run < 3 || t->run > DBI_MAX_MATCH || t->cap - t->n < 2) {
		dbi_lz_tokens_end_any_run(t, p);
		return;
	}
	t->list[t->n] = dbi_length_tokens[t->run - 3];
	t->list[t->n + 1] = t->distance_token;
	t->n += 2;
	t->run = 0;
}

/* The n bytes from p on are those `distance` before them, which is not asked. */
static inline void dbi_lz_tokens_same(struct dbi_lz_tokens *t, const unsigned char *p, size_t n, uint32_t distance)
{
	if (t->distance != distance) {
		if (t->run)
			dbi_lz_tokens_end_run(t, p);
		t->distance = distance;
		t->distance_token = dbi_distance_token(distance - 1);
	}
	t->run += n;
}

static inline void dbi_lz_tokens_literals(struct dbi_lz_tokens *t, const unsigned char *p, size_t n)
{
	if (!n)
		return;
	if (t->run)
		dbi_lz_tokens_end_run(t, p);
	uint32_t *list = dbi_lz_tokens_room(t, n);
	if (!list)
		return;
	for (size_t i = 0; i < n; i++)
		list[i] = p[i];
	t->n += n;
}

#define DBI_LZ_DISTANCES 3
/* The n bytes from p on, `at` bytes behind the start of the text, by what stands at these distances before them; 0: none. */
void dbi_lz_tokens_follow(struct dbi_lz_tokens *t, const unsigned char *p, size_t n, size_t at,
    const uint32_t distances[DBI_LZ_DISTANCES]);

#endif
