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
 * A token, from the lowest bit on: 10 bits symbol, then up to 13 bits that follow its code. A literal is one token, a match two,
 * length and distance. Symbols are those of RFC 1951, 3.2.5, the distances behind the others.
 */
#define DBI_SYMBOL_BITS 10
#define DBI_FIRST_DISTANCE 288
#define DBI_SYMBOLS 320
struct dbi_block {
	uint32_t n;
	uint32_t counts[DBI_SYMBOLS]; /* how often each symbol */
	uint32_t tokens[DBI_BLOCK_TOKENS];
};

/* By length less 3. */
extern const uint16_t dbi_length_tokens[256];

/* By distance less 1. */
static inline uint32_t dbi_distance_token(uint32_t d)
{
	if (d < 2)
		return DBI_FIRST_DISTANCE + d;
	unsigned open = 30 - (unsigned)__builtin_clz(d); /* bits that follow the code */
	return (DBI_FIRST_DISTANCE + 2 * (open + 1) + (d >> open & 1)) | (d & ((1u << open) - 1)) << DBI_SYMBOL_BITS;
}

static inline uint32_t dbi_token_symbol(uint32_t token)
{
	return token & ((1u << DBI_SYMBOL_BITS) - 1);
}

static inline void dbi_block_begin(struct dbi_block *b)
{
	b->n = 0;
	memset(b->counts, 0, sizeof(b->counts));
}

static inline void dbi_block_literal(struct dbi_block *b, unsigned char c)
{
	b->tokens[b->n++] = c;
	b->counts[c]++;
}

static inline void dbi_block_match(struct dbi_block *b, uint32_t len, uint32_t dist)
{
	uint32_t length = dbi_length_tokens[len - 3], distance = dbi_distance_token(dist - 1);
	b->tokens[b->n] = length;
	b->tokens[b->n + 1] = distance;
	b->n += 2;
	b->counts[dbi_token_symbol(length)]++;
	b->counts[dbi_token_symbol(distance)]++;
}

/* Codes that tokens are written with, by symbol. */
struct dbi_codes {
	unsigned char lengths[DBI_SYMBOLS]; /* 0: none */
	uint32_t codes[DBI_SYMBOLS];        /* in the order of writing */
	uint32_t code_bits[DBI_SYMBOLS];
	uint32_t bits[DBI_SYMBOLS];         /* with those that follow */
};
/* Codes for symbols that occur so often. */
void dbi_codes_make(struct dbi_codes *c, const uint32_t counts[DBI_SYMBOLS]);
/* Begins a block of such tokens. */
void dbi_codes_begin_block(const struct dbi_codes *c, struct dbi_bits *bits, int last);
void dbi_codes_end_block(const struct dbi_codes *c, struct dbi_bits *bits);

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

/* Two tokens, of which one at most is a distance, have up to 48 bits. */
static inline void dbi_bits_put_token(struct dbi_bits *b, const struct dbi_codes *c, uint32_t token)
{
	uint32_t symbol = dbi_token_symbol(token);
	dbi_bits_put(b, c->codes[symbol] | token >> DBI_SYMBOL_BITS << c->code_bits[symbol], c->bits[symbol]);
}

/* Writes the tokens, which stand for len bytes at `text`; NULL: in any case by codes. */
void dbi_block_write(struct dbi_block *b, struct dbi_bits *bits, const unsigned char *text, size_t len, int last);
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
