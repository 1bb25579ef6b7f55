/* SPDX-License-Identifier: MIT */
#include "pdf/deflate_tokens.h"

#include "util/mem.h"

void dbi_lz_tokens_dispose(struct dbi_lz_tokens *t)
{
	/* They tell what letters said. */
	dbi_free_wiped(t->list, t->cap * sizeof(*t->list));
	*t = (struct dbi_lz_tokens){ .n = 0 };
}

void dbi_lz_tokens_trim(struct dbi_lz_tokens *t, size_t keep)
{
	if (t->cap > keep / sizeof(*t->list))
		dbi_lz_tokens_dispose(t);
}

void dbi_lz_tokens_clear(struct dbi_lz_tokens *t)
{
	t->n = t->run = 0;
	t->distance = 0;
	t->failed = false;
}

uint32_t *dbi_lz_tokens_grow(struct dbi_lz_tokens *t, size_t n)
{
	if (dbi_grow(&t->list, &t->cap, t->n + n, sizeof(*t->list), SIZE_MAX))
		return t->list + t->n;
	t->failed = true;
	return NULL;
}

void dbi_lz_tokens_end_any_run(struct dbi_lz_tokens *t, const unsigned char *p)
{
	size_t run = t->run;

	t->run = 0;
	while (run >= 3) {
		size_t len = run < DBI_MAX_MATCH ? run : DBI_MAX_MATCH;
		uint32_t *list = dbi_lz_tokens_room(t, 2);
		if (!list)
			return;
		list[0] = dbi_length_tokens[len - 3];
		list[1] = t->distance_token;
		t->n += 2;
		run -= len;
	}
	dbi_lz_tokens_literals(t, p - run, run);
}

/* The longest match at n distances. */
static inline struct dbi_match longest(const unsigned char *p, size_t at, const unsigned char *end, const uint32_t *distances, unsigned n)
{
	struct dbi_match m = { 0, 0 };

	for (unsigned i = 0; i < n; i++) {
		uint32_t dist = distances[i], len;
		if (dist > at || *(p - dist) != *p)
			continue;
		len = dbi_match_length_to_end(p - dist, p, end);
		if (len > m.len)
			m = (struct dbi_match){ len, dist };
	}
	return m;
}

void dbi_lz_tokens_follow(struct dbi_lz_tokens *t, const unsigned char *p, size_t n, size_t at,
    const uint32_t distances[DBI_LZ_DISTANCES])
{
	const unsigned char *end = p + n, *start = p - at;
	uint32_t inside[DBI_LZ_DISTANCES];
	unsigned n_inside = 0;

	for (int i = 0; i < DBI_LZ_DISTANCES; i++)
		if (distances[i] && distances[i] <= DBI_WINDOW)
			inside[n_inside++] = distances[i];
	/* What is open goes on as far as it can, which costs nothing. */
	while (t->run && p < end) {
		uint32_t len = dbi_match_length_to_end(p - t->distance, p, end);
		t->run += len;
		p += len;
		if (len < DBI_MAX_MATCH)
			break;
	}
	while (p < end) {
		struct dbi_match m = longest(p, (size_t)(p - start), end, inside, n_inside);
		if (m.len < 3 && m.len < (size_t)(end - p)) {
			dbi_lz_tokens_literals(t, p++, 1);
		} else {
			dbi_lz_tokens_same(t, p, m.len, m.dist);
			p += m.len;
		}
	}
}
