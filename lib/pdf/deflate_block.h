/* SPDX-License-Identifier: MIT */
/* A block of a deflate stream: tokens with their counts, then the cheapest of the three ways to write them. */
#ifndef DBI_PDF_DEFLATE_BLOCK_H
#define DBI_PDF_DEFLATE_BLOCK_H

#include <string.h>

#include "pdf/deflate.h"

#define DBI_BLOCK_TOKENS 16384

struct dbi_bits {
	unsigned char *p;    /* next byte to be written */
	uint64_t acc;        /* bits not yet written, the first one lowest */
	unsigned n;          /* how many; fewer than 8 between calls */
};

/*
 * A token, from the lowest bit on: 9 bits literal, or 256 + length - 3; 5 bits
 * symbol of the distance, NONE for a literal; 13 bits what the symbol leaves open.
 */
#define DBI_NO_DISTANCE 31u
struct dbi_block {
	uint32_t n;
	uint32_t lengths[512];   /* how often each literal or length */
	uint32_t distances[32];  /* and each distance symbol */
	uint32_t tokens[DBI_BLOCK_TOKENS];
};

/* The symbol of a distance less one (RFC 1951, 3.2.5). */
static inline unsigned dbi_distance_symbol(uint32_t d)
{
	if (d < 2)
		return d;
	unsigned top = 31 - (unsigned)__builtin_clz(d);
	return 2 * top + (d >> (top - 1) & 1);
}

/* The bits that follow the symbol of a distance. */
static inline unsigned dbi_distance_open(unsigned symbol)
{
	return symbol < 4 ? 0 : (symbol >> 1) - 1;
}

static inline void dbi_block_begin(struct dbi_block *b)
{
	b->n = 0;
	memset(b->lengths, 0, sizeof(b->lengths));
	memset(b->distances, 0, sizeof(b->distances));
}

static inline void dbi_block_literal(struct dbi_block *b, unsigned char c)
{
	b->tokens[b->n++] = c | DBI_NO_DISTANCE << 9;
	b->lengths[c]++;
}

static inline void dbi_block_match(struct dbi_block *b, uint32_t len, uint32_t dist)
{
	uint32_t length = 256 + len - 3, symbol = dbi_distance_symbol(--dist), open = dbi_distance_open(symbol);
	b->tokens[b->n++] = length | symbol << 9 | (dist & ((1u << open) - 1)) << 14;
	b->lengths[length]++;
	b->distances[symbol]++;
}

/*
 * Codes that tokens are written with. An entry is the code and what follows
 * it, in the order of writing, and from bit DBI_CODE_SHIFT on their number.
 */
#define DBI_CODE_SHIFT 24
struct dbi_codes {
	unsigned char lit_lengths[288], dist_lengths[32]; /* by symbol, 0: none */
	uint32_t entries[512];  /* by literal, or 256 + length - 3 */
	uint32_t dist[32];      /* by symbol, the last for none */
	uint32_t end;
};
/* Codes for tokens that occur so often, `lengths` and `distances` being those of a block. */
void dbi_codes_make(struct dbi_codes *c, const uint32_t lengths[512], const uint32_t distances[32]);
/* Begins a block of such tokens. */
void dbi_codes_begin_block(const struct dbi_codes *c, struct dbi_bits *bits, int last);

static inline void dbi_bits_flush(struct dbi_bits *b)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(b->p, &b->acc, sizeof(b->acc));
#else
	for (unsigned i = 0; i < 8; i++)
		b->p[i] = (unsigned char)(b->acc >> 8 * i);
#endif
	b->p += b->n >> 3;
	b->acc >>= b->n & 56;
	b->n &= 7;
}

/* Up to 56 bits since the last flush. */
static inline void dbi_bits_put(struct dbi_bits *b, uint64_t v, unsigned n)
{
	b->acc |= v << b->n;
	b->n += n;
}

static inline void dbi_bits_put_entry(struct dbi_bits *b, uint32_t entry)
{
	dbi_bits_put(b, entry & ((1u << DBI_CODE_SHIFT) - 1), entry >> DBI_CODE_SHIFT);
}

/* Writes the tokens, which stand for len bytes at `text`. */
void dbi_block_write(const struct dbi_block *b, struct dbi_bits *bits, const unsigned char *text, size_t len, int last);
/* Fills the last byte. */
void dbi_bits_end(struct dbi_bits *bits);

/*
 * Huffman code lengths of at most `max` bits for symbols by how often they
 * occur, 0 for those that do not. At least two symbols get a code, since some
 * readers want that.
 */
void dbi_huffman_lengths(const uint32_t *counts, unsigned n, unsigned max, unsigned char *lengths);
/* Codes of those lengths, ready to be written from the lowest bit on. */
void dbi_huffman_codes(const unsigned char *lengths, unsigned n, uint16_t *codes);

#endif
