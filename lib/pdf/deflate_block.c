/* SPDX-License-Identifier: MIT */
#include "pdf/deflate_block.h"

#define N_LITLEN 286
#define N_DIST 30
#define N_RUN 19          /* symbols that tell code lengths */
#define END_OF_BLOCK 256
#define FEW_TOKENS 128    /* not worth codes of their own, which take some 60 bytes to tell */

void dbi_bits_end(struct dbi_bits *b)
{
	b->n = (b->n + 7) & ~7u;
	dbi_bits_flush(b);
}

/* Lengths of one symbol, and what follows its code. */
#define L1(symbol, more) (uint16_t)((symbol) | (more) << DBI_SYMBOL_BITS)
#define L2(symbol, more) L1(symbol, more), L1(symbol, (more) + 1)
#define L4(symbol, more) L2(symbol, more), L2(symbol, (more) + 2)
#define L8(symbol, more) L4(symbol, more), L4(symbol, (more) + 4)
#define L16(symbol, more) L8(symbol, more), L8(symbol, (more) + 8)
#define L32(symbol, more) L16(symbol, more), L16(symbol, (more) + 16)
const uint16_t dbi_length_tokens[256] = {
	257, 258, 259, 260, 261, 262, 263, 264,
	L2(265, 0), L2(266, 0), L2(267, 0), L2(268, 0), L4(269, 0), L4(270, 0), L4(271, 0), L4(272, 0),
	L8(273, 0), L8(274, 0), L8(275, 0), L8(276, 0), L16(277, 0), L16(278, 0), L16(279, 0), L16(280, 0),
	L32(281, 0), L32(282, 0), L32(283, 0), L16(284, 0), L8(284, 16), L4(284, 24), L2(284, 28), L1(284, 30), 285,
};

/* How many bits follow the code of a symbol from 257 on, and of a distance's symbol. */
static const unsigned char length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const unsigned char dist_extra[N_DIST] = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

/* Bits that follow codes. */
static uint64_t count_extra(const uint32_t *counts)
{
	uint64_t extra = 0;

	for (unsigned i = 0; i < 29; i++)
		extra += (uint64_t)counts[257 + i] * length_extra[i];
	for (unsigned i = 0; i < N_DIST; i++)
		extra += (uint64_t)counts[DBI_FIRST_DISTANCE + i] * dist_extra[i];
	return extra;
}

static uint64_t cost(const uint32_t *counts, const unsigned char *lengths)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < DBI_SYMBOLS; i++)
		bits += (uint64_t)counts[i] * lengths[i];
	return bits;
}

static void make_lengths(struct dbi_codes *c, const uint32_t *counts)
{
	memset(c->lengths, 0, sizeof(c->lengths));
	dbi_huffman_lengths(counts, N_LITLEN, 15, c->lengths);
	dbi_huffman_lengths(counts + DBI_FIRST_DISTANCE, N_DIST, 15, c->lengths + DBI_FIRST_DISTANCE);
}

/* Codes of the lengths. */
static void set_codes(struct dbi_codes *c)
{
	uint16_t codes[DBI_SYMBOLS];

	dbi_huffman_codes(c->lengths, DBI_FIRST_DISTANCE, codes);
	dbi_huffman_codes(c->lengths + DBI_FIRST_DISTANCE, DBI_SYMBOLS - DBI_FIRST_DISTANCE, codes + DBI_FIRST_DISTANCE);
	for (unsigned i = 0; i < DBI_SYMBOLS; i++) {
		c->codes[i] = codes[i];
		c->code_bits[i] = c->bits[i] = c->lengths[i];
	}
	for (unsigned i = 0; i < 29; i++)
		c->bits[257 + i] += length_extra[i];
	for (unsigned i = 0; i < N_DIST; i++)
		c->bits[DBI_FIRST_DISTANCE + i] += dist_extra[i];
}

static void write_tokens(const struct dbi_block *b, const struct dbi_codes *c, struct dbi_bits *out)
{
	const uint32_t *t = b->tokens, *end = t + b->n;
	struct dbi_bits bits = *out;

	for (; end - t >= 2; t += 2) {
		dbi_bits_put_token(&bits, c, t[0]);
		dbi_bits_put_token(&bits, c, t[1]);
		dbi_bits_flush(&bits);
	}
	if (t < end)
		dbi_bits_put_token(&bits, c, *t);
	dbi_codes_end_block(c, &bits);
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

	const unsigned char *dist = c->lengths + DBI_FIRST_DISTANCE;
	for (h->n_lit = N_LITLEN; h->n_lit > 257 && !c->lengths[h->n_lit - 1]; h->n_lit--)
		;
	for (h->n_dist = N_DIST; h->n_dist > 1 && !dist[h->n_dist - 1]; h->n_dist--)
		;
	memcpy(all, c->lengths, h->n_lit);
	memcpy(all + h->n_lit, dist, h->n_dist);
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
	memset(c->lengths, 8, 144);
	memset(c->lengths + 144, 9, 256 - 144);
	memset(c->lengths + 256, 7, 280 - 256);
	memset(c->lengths + 280, 8, DBI_FIRST_DISTANCE - 280);
	memset(c->lengths + DBI_FIRST_DISTANCE, 5, DBI_SYMBOLS - DBI_FIRST_DISTANCE);
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

void dbi_codes_make(struct dbi_codes *c, const uint32_t counts[DBI_SYMBOLS])
{
	uint32_t all[DBI_SYMBOLS];

	memcpy(all, counts, sizeof(all));
	all[END_OF_BLOCK] = 1;
	make_lengths(c, all);
	set_codes(c);
}

void dbi_codes_begin_block(const struct dbi_codes *c, struct dbi_bits *bits, int last)
{
	struct header h;

	(void)plan_header(c, &h);
	dbi_bits_put(bits, (unsigned)(last != 0) | 2u << 1, 3);
	dbi_bits_flush(bits);
	write_header(&h, bits);
}

void dbi_codes_end_block(const struct dbi_codes *c, struct dbi_bits *bits)
{
	dbi_bits_put_token(bits, c, END_OF_BLOCK);
	dbi_bits_flush(bits);
}

/* The same with the codes that need no table. They have 5 bits at least, so that mostly nothing has to be added up. */
static uint64_t fixed_cost(const struct dbi_block *b, uint64_t extra, uint64_t dynamic)
{
	struct dbi_codes c;

	if (extra + 5 * (uint64_t)b->n > dynamic)
		return UINT64_MAX;
	fixed_lengths(&c);
	return extra + cost(b->counts, c.lengths);
}

void dbi_block_write(struct dbi_block *b, struct dbi_bits *bits, const unsigned char *text, size_t len, int last)
{
	uint64_t extra = count_extra(b->counts), dynamic, stored = text ? 8 * (len + 5 * (len / 65535 + 1)) : UINT64_MAX;
	struct dbi_codes c;
	struct header h;

	b->counts[END_OF_BLOCK] = 1;
	if (b->n < FEW_TOKENS) {
		dynamic = UINT64_MAX;
	} else {
		make_lengths(&c, b->counts);
		dynamic = extra + plan_header(&c, &h) + cost(b->counts, c.lengths);
	}
	uint64_t fixed = fixed_cost(b, extra, dynamic);
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
	set_codes(&c);
	write_tokens(b, &c, bits);
}
