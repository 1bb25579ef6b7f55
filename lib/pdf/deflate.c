/* SPDX-License-Identifier: MIT */
/* Matches: the newest place with the same four bytes, or where a guide points. */
#include "pdf/deflate_block.h"

#include <stdbool.h>
#include <string.h>

#include "util/mem.h"

#define HASH_BITS 12
#define WINDOW 32768u
#define MIN_MATCH 4u
#define MAX_MATCH 258u
#define LAST_START 8       /* the last bytes of a text are no starts of matches, so that reads stay inside it */

/* Half of the nearest cache of most processors; places are kept modulo 65,536, twice a window. */
struct dbi_lz {
	uint32_t table[1u << HASH_BITS]; /* newest place by hash */
	struct dbi_block block;
};

dbi_lz *dbi_lz_new(void)
{
	return dbi_calloc(1, sizeof(dbi_lz));
}

void dbi_lz_free(dbi_lz *z)
{
	/* Tokens tell what letters said. */
	dbi_free_wiped(z, z ? sizeof(*z) : 0);
}

static inline uint32_t load32(const unsigned char *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t load64(const unsigned char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

/* Every machine sees the bytes in the same order. */
static inline uint32_t hash_of(const unsigned char *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint32_t v = load32(p);
#else
	uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
#endif
	return v * 2654435761u >> (32 - HASH_BITS);
}

/* The first byte in which two words of a text differ. */
static inline uint32_t first_difference(uint64_t x)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t)__builtin_ctzll(x) >> 3;
#else
	return (uint32_t)__builtin_clzll(x) >> 3;
#endif
}

/* How many bytes from a and b on are equal; b is the later one and has eight bytes. Most are equal for less than eight. */
static inline uint32_t match_length(const unsigned char *a, const unsigned char *b, const unsigned char *end)
{
	uint64_t x = load64(a) ^ load64(b);
	if (x)
		return first_difference(x);
	size_t room = (size_t)(end - b), max = room < MAX_MATCH ? room : MAX_MATCH, n = 8;
	for (; n + 8 <= max; n += 8)
		if ((x = load64(a + n) ^ load64(b + n)) != 0)
			return (uint32_t)n + first_difference(x);
	while (n < max && a[n] == b[n])
		n++;
	return (uint32_t)n;
}

struct match { uint32_t len, dist; };

/*
 * The match at p; len 0 for none. p becomes the newest place of its bytes. Places that were never written say 0, which is as
 * good a place as any: what counts are the bytes there.
 */
static inline struct match find(dbi_lz *z, const unsigned char *text, const unsigned char *p, const unsigned char *end)
{
	uint32_t *place = &z->table[hash_of(p)], at = (uint32_t)(p - text), from = *place, dist = at - from;

	*place = at;
	if (load32(text + from) != load32(p) || dist - 1 >= WINDOW)
		return (struct match){ 0, 0 };
	return (struct match){ match_length(text + from, p, end), dist };
}

/* The end of a match is found again more often than what lies inside it. */
static inline void note(dbi_lz *z, const unsigned char *text, const unsigned char *p)
{
	z->table[hash_of(p)] = (uint32_t)(p - text);
}

/* A text at work: what is left of it, and of its guides. */
struct reader {
	const unsigned char *text, *p, *end;
	const unsigned char *last; /* starts of matches are before it */
	const struct dbi_lz_guide *guide, *next, *guides_end; /* in force; to come */
	bool searched;             /* the table has places of this text alone */
};

static inline bool has_room(const struct dbi_block *b)
{
	return b->n < DBI_BLOCK_TOKENS - 2;
}

/* As far as the block has room for a token a byte. */
static void search(dbi_lz *z, struct reader *r, const unsigned char *stop)
{
	struct dbi_block *b = &z->block;
	const unsigned char *p = r->p, *last = r->last < stop ? r->last : stop;
	size_t room = DBI_BLOCK_TOKENS - 2 - b->n;

	if (!r->searched)
		memset(z->table, 0, sizeof(z->table)); /* or the text before would tell in the bytes of this one */
	r->searched = true;
	if ((size_t)(last - p) > room)
		last = p + room;
	while (p < last) {
		struct match m = find(z, r->text, p, r->end);
		if (!m.len) {
			dbi_block_literal(b, *p++);
			continue;
		}
		dbi_block_match(b, m.len, m.dist);
		p += m.len;
		if (p < r->last)
			note(z, r->text, p - 1);
	}
	r->p = p;
}

/* The longest match at the distances, of which there are none of 0 or beyond the window; the first one mostly has it. */
static inline struct match follow(const unsigned char *p, size_t at, const unsigned char *end, const uint32_t *distances)
{
	struct match m = { distances[0] - 1 < at ? match_length(p - distances[0], p, end) : 0, distances[0] };

	for (int i = 1; i < DBI_LZ_DISTANCES; i++) {
		uint32_t dist = distances[i], len;
		if (dist - 1 >= at || *(p - dist) != *p)
			continue;
		len = match_length(p - dist, p, end);
		if (len > m.len)
			m = (struct match){ len, dist };
	}
	return m;
}

static void be_guided(dbi_lz *z, struct reader *r, const struct dbi_lz_guide *g, const unsigned char *stop)
{
	struct dbi_block *b = &z->block;
	const unsigned char *p = r->p, *last = r->last < stop ? r->last : stop;
	uint32_t distances[DBI_LZ_DISTANCES];

	for (int i = 0; i < DBI_LZ_DISTANCES; i++)
		distances[i] = g->distances[i] <= WINDOW ? g->distances[i] : 0;
	while (p < last && has_room(b)) {
		struct match m = follow(p, (size_t)(p - r->text), r->end, distances);
		if (m.len < 3) {
			dbi_block_literal(b, *p++);
		} else {
			dbi_block_match(b, m.len, m.dist);
			p += m.len;
		}
	}
	r->p = p;
}

/* Goes on to the guide that is in force; true when it or one passed over begins a block. */
static bool next_guide(struct reader *r)
{
	bool block = false;

	for (; r->next < r->guides_end && r->next->from <= (size_t)(r->p - r->text); r->next++) {
		r->guide = r->next;
		block |= (r->guide->flags & DBI_LZ_BLOCK) != 0;
	}
	return block;
}

/* Fills the block. */
static void parse(dbi_lz *z, struct reader *r)
{
	while (r->p < r->last && has_room(&z->block)) {
		if (next_guide(r) && z->block.n)
			return;
		const unsigned char *stop = r->next < r->guides_end ? r->text + r->next->from : r->end;
		if (r->guide && r->guide->distances[0])
			be_guided(z, r, r->guide, stop);
		else
			search(z, r, stop);
	}
	while (r->p >= r->last && r->p < r->end && has_room(&z->block))
		dbi_block_literal(&z->block, *r->p++);
}

void dbi_lz_guides_put(struct dbi_lz_guides *g, const struct dbi_lz_guide *guide)
{
	if (dbi_grow(&g->list, &g->cap, g->n + 1, sizeof(*g->list), SIZE_MAX))
		g->list[g->n++] = *guide;
	else
		g->failed = true;
}

void dbi_lz_guides_dispose(struct dbi_lz_guides *g)
{
	dbi_free(g->list);
	*g = (struct dbi_lz_guides){ NULL, 0, 0, false };
}

size_t dbi_lz_bound(const struct dbi_lz_part *parts, size_t n)
{
	size_t bound = 16;

	/* Stored parts of up to 65,535 bytes, and a block of those for every part of the text, or where a guide begins one. */
	for (size_t i = 0; i < n; i++)
		bound += parts[i].len + 5 * (parts[i].len / 65535 + parts[i].len / (DBI_BLOCK_TOKENS - 2) + parts[i].n_guides + 2);
	return bound;
}

static void compress_part(dbi_lz *z, const struct dbi_lz_part *part, struct dbi_bits *bits, bool last)
{
	const unsigned char *text = part->text, *end = text + part->len;
	const struct dbi_lz_guide *guides_end = part->n_guides ? part->guides + part->n_guides : part->guides;
	struct reader r = { text, text, end, part->len > LAST_START ? end - LAST_START : text, NULL, part->guides, guides_end, false };

	do {
		const unsigned char *from = r.p;
		dbi_block_begin(&z->block);
		parse(z, &r);
		dbi_block_write(&z->block, bits, from, (size_t)(r.p - from), last && r.p == end);
	} while (r.p < r.end);
}

size_t dbi_lz_compress(dbi_lz *z, const struct dbi_lz_part *parts, size_t n, unsigned char *out)
{
	struct dbi_bits bits = { out, 0, 0 };

	for (size_t i = 0; i < n; i++)
		compress_part(z, &parts[i], &bits, i + 1 == n);
	dbi_bits_end(&bits);
	return (size_t)(bits.p - out);
}
