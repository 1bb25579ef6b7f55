/* SPDX-License-Identifier: MIT */
#include "pdf/deflate_block.h"

#define N_LITLEN 286
#define N_DIST 30
#define N_RUN 19          /* symbols that tell code lengths */
#define END_OF_BLOCK 256

void dbi_bits_end(struct dbi_bits *b)
{
	b->n = (b->n + 7) & ~7u;
	dbi_bits_flush(b);
}

/* Symbol of a length less 3, its first length less 3, and how many bits tell the rest. */
struct length_range { uint16_t symbol; uint8_t first, extra; };
static const struct length_range ranges[] = {
	{ 257, 0, 0 }, { 258, 1, 0 }, { 259, 2, 0 }, { 260, 3, 0 }, { 261, 4, 0 }, { 262, 5, 0 }, { 263, 6, 0 }, { 264, 7, 0 },
	{ 265, 8, 1 }, { 266, 10, 1 }, { 267, 12, 1 }, { 268, 14, 1 }, { 269, 16, 2 }, { 270, 20, 2 }, { 271, 24, 2 },
	{ 272, 28, 2 }, { 273, 32, 3 }, { 274, 40, 3 }, { 275, 48, 3 }, { 276, 56, 3 }, { 277, 64, 4 }, { 278, 80, 4 },
	{ 279, 96, 4 }, { 280, 112, 4 }, { 281, 128, 5 }, { 282, 160, 5 }, { 283, 192, 5 }, { 284, 224, 5 }, { 285, 255, 0 },
};
#define N_RANGES (sizeof(ranges) / sizeof(ranges[0]))

static unsigned range_end(size_t i)
{
	return i + 2 < N_RANGES ? ranges[i + 1].first : i + 1 < N_RANGES ? 255 : 256;
}

/* Counts of symbols; returns the bits that follow codes. */
static uint64_t count_symbols(const uint32_t *lengths, const uint32_t *distances, uint32_t *litlen, uint32_t *dist)
{
	uint64_t extra = 0;

	memcpy(litlen, lengths, 256 * sizeof(*litlen));
	litlen[END_OF_BLOCK] = 1;
	for (size_t i = 0; i < N_RANGES; i++) {
		uint32_t n = 0;
		for (unsigned k = ranges[i].first; k < range_end(i); k++)
			n += lengths[256 + k];
		litlen[ranges[i].symbol] = n;
		extra += (uint64_t)n * ranges[i].extra;
	}
	memcpy(dist, distances, N_DIST * sizeof(*dist));
	for (unsigned i = 4; i < N_DIST; i++)
		extra += (uint64_t)dist[i] * (i / 2 - 1);
	return extra;
}

static uint64_t cost(const uint32_t *counts, const unsigned char *lengths, unsigned n)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < n; i++)
		bits += (uint64_t)counts[i] * lengths[i];
	return bits;
}

static void fill_entries(struct dbi_codes *c)
{
	uint16_t codes[N_LITLEN + 2];

	dbi_huffman_codes(c->lit_lengths, N_LITLEN + 2, codes);
	for (unsigned i = 0; i < 256; i++)
		c->entries[i] = codes[i] | (uint32_t)c->lit_lengths[i] << DBI_CODE_SHIFT;
	c->end = codes[END_OF_BLOCK] | (uint32_t)c->lit_lengths[END_OF_BLOCK] << DBI_CODE_SHIFT;
	for (size_t i = 0; i < N_RANGES; i++) {
		unsigned n = c->lit_lengths[ranges[i].symbol];
		for (unsigned k = ranges[i].first; n && k < range_end(i); k++)
			c->entries[256 + k] = codes[ranges[i].symbol] | (k - ranges[i].first) << n | (n + ranges[i].extra) << DBI_CODE_SHIFT;
	}
	dbi_huffman_codes(c->dist_lengths, N_DIST, codes);
	for (unsigned i = 0; i < N_DIST; i++)
		c->dist[i] = codes[i] | (uint32_t)c->dist_lengths[i] << DBI_CODE_SHIFT;
}

/* Bits that follow the symbol of a distance. */
static const unsigned char dist_extra[32] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

/* Literals write a distance of no bits: that is quicker than asking what a token is. */
static void write_tokens(const struct dbi_block *b, const struct dbi_codes *c, struct dbi_bits *out)
{
	struct dbi_bits bits = *out;

	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t t = b->tokens[i], symbol = t >> 9 & 31;
		dbi_bits_put_entry(&bits, c->entries[t & 511]);
		dbi_bits_put_entry(&bits, c->dist[symbol]);
		dbi_bits_put(&bits, t >> 14, dist_extra[symbol]);
		dbi_bits_flush(&bits);
	}
	dbi_bits_put_entry(&bits, c->end);
	dbi_bits_flush(&bits);
	*out = bits;
}

/* Code lengths as run symbols: 0..15 a length, 16 the last one 3..6 times, 17 and 18 zeros 3..10 and 11..138 times. */
struct runs { uint16_t v[N_LITLEN + N_DIST + 4]; unsigned n; uint32_t counts[N_RUN]; }; /* symbol, argument above 5 bits */

static void add_run(struct runs *r, unsigned symbol, unsigned argument)
{
	r->v[r->n++] = (uint16_t)(symbol | argument << 5);
	r->counts[symbol]++;
}

static void find_runs(struct runs *r, const unsigned char *lengths, unsigned n)
{
	for (unsigned i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && lengths[k] == lengths[i]; k++)
			;
		unsigned left = k - i;
		if (lengths[i]) {
			add_run(r, lengths[i], 0);
			left--;
		}
		while (left >= 3) {
			unsigned most = lengths[i] ? 6 : 138, take = left < most ? left : most;
			unsigned symbol = lengths[i] ? 16 : take > 10 ? 18 : 17;
			add_run(r, symbol, take - (symbol == 18 ? 11 : 3));
			left -= take;
		}
		for (; left; left--)
			add_run(r, lengths[i], 0);
	}
}

static const unsigned char run_order[N_RUN] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
static const unsigned char run_extra[N_RUN] = { [16] = 2, [17] = 3, [18] = 7 };

struct header { struct runs runs; unsigned char run_lengths[N_RUN]; unsigned n_lit, n_dist, n_run; };

/* Returns its length in bits. */
static uint64_t plan_header(const struct dbi_codes *c, struct header *h)
{
	unsigned char all[N_LITLEN + N_DIST];
	uint64_t bits = 14;

	for (h->n_lit = N_LITLEN; h->n_lit > 257 && !c->lit_lengths[h->n_lit - 1]; h->n_lit--)
		;
	for (h->n_dist = N_DIST; h->n_dist > 1 && !c->dist_lengths[h->n_dist - 1]; h->n_dist--)
		;
	memcpy(all, c->lit_lengths, h->n_lit);
	memcpy(all + h->n_lit, c->dist_lengths, h->n_dist);
	h->runs.n = 0;
	memset(h->runs.counts, 0, sizeof(h->runs.counts));
	find_runs(&h->runs, all, h->n_lit + h->n_dist);
	dbi_huffman_lengths(h->runs.counts, N_RUN, 7, h->run_lengths);
	for (h->n_run = N_RUN; h->n_run > 4 && !h->run_lengths[run_order[h->n_run - 1]]; h->n_run--)
		;
	bits += 3 * h->n_run;
	for (unsigned i = 0; i < N_RUN; i++)
		bits += (uint64_t)h->runs.counts[i] * (h->run_lengths[i] + (unsigned)run_extra[i]);
	return bits;
}

static void write_header(const struct header *h, struct dbi_bits *bits)
{
	uint16_t codes[N_RUN];

	dbi_huffman_codes(h->run_lengths, N_RUN, codes);
	dbi_bits_put(bits, (h->n_lit - 257) | (h->n_dist - 1) << 5 | (h->n_run - 4) << 10, 14);
	dbi_bits_flush(bits);
	for (unsigned i = 0; i < h->n_run; i++) {
		dbi_bits_put(bits, h->run_lengths[run_order[i]], 3);
		dbi_bits_flush(bits);
	}
	for (unsigned i = 0; i < h->runs.n; i++) {
		unsigned symbol = h->runs.v[i] & 31;
		dbi_bits_put(bits, codes[symbol], h->run_lengths[symbol]);
		dbi_bits_put(bits, h->runs.v[i] >> 5, run_extra[symbol]);
		dbi_bits_flush(bits);
	}
}

static void fixed_lengths(struct dbi_codes *c)
{
	for (unsigned i = 0; i < N_LITLEN + 2; i++)
		c->lit_lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	memset(c->dist_lengths, 5, sizeof(c->dist_lengths));
}

static void write_stored(struct dbi_bits *bits, const unsigned char *text, size_t len, int last)
{
	do {
		size_t part = len < 65535 ? len : 65535;
		dbi_bits_put(bits, last && part == len, 3);
		dbi_bits_end(bits);
		dbi_bits_put(bits, part | (~(uint64_t)part & 0xFFFF) << 16, 32);
		dbi_bits_flush(bits);
		memcpy(bits->p, text, part);
		bits->p += part;
		text += part;
		len -= part;
	} while (len);
}

void dbi_codes_make(struct dbi_codes *c, const uint32_t lengths[512], const uint32_t distances[32])
{
	uint32_t litlen[N_LITLEN + 2] = { 0 }, dist[N_DIST];

	(void)count_symbols(lengths, distances, litlen, dist);
	memset(c->lit_lengths, 0, sizeof(c->lit_lengths));
	memset(c->dist_lengths, 0, sizeof(c->dist_lengths));
	dbi_huffman_lengths(litlen, N_LITLEN, 15, c->lit_lengths);
	dbi_huffman_lengths(dist, N_DIST, 15, c->dist_lengths);
	fill_entries(c);
}

void dbi_codes_begin_block(const struct dbi_codes *c, struct dbi_bits *bits, int last)
{
	struct header h;

	(void)plan_header(c, &h);
	dbi_bits_put(bits, (unsigned)(last != 0) | 2u << 1, 3);
	dbi_bits_flush(bits);
	write_header(&h, bits);
}

void dbi_block_write(const struct dbi_block *b, struct dbi_bits *bits, const unsigned char *text, size_t len, int last)
{
	uint32_t litlen[N_LITLEN + 2] = { 0 }, dist[N_DIST];
	uint64_t extra = count_symbols(b->lengths, b->distances, litlen, dist), dynamic, fixed, stored = 8 * (len + 5 * (len / 65535 + 1));
	struct dbi_codes c = { .end = 0 };
	struct header h;

	fixed_lengths(&c);
	fixed = extra + cost(litlen, c.lit_lengths, N_LITLEN) + cost(dist, c.dist_lengths, N_DIST);
	memset(c.lit_lengths, 0, sizeof(c.lit_lengths));
	dbi_huffman_lengths(litlen, N_LITLEN, 15, c.lit_lengths);
	dbi_huffman_lengths(dist, N_DIST, 15, c.dist_lengths);
	dynamic = extra + plan_header(&c, &h) + cost(litlen, c.lit_lengths, N_LITLEN) + cost(dist, c.dist_lengths, N_DIST);
	if (stored < fixed && stored < dynamic) {
		write_stored(bits, text, len, last);
		return;
	}
	if (fixed <= dynamic)
		fixed_lengths(&c);
	dbi_bits_put(bits, (unsigned)(last != 0) | (fixed <= dynamic ? 1u : 2u) << 1, 3);
	dbi_bits_flush(bits);
	if (fixed > dynamic)
		write_header(&h, bits);
	fill_entries(&c);
	write_tokens(b, &c, bits);
}
