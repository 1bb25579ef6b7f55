/* SPDX-License-Identifier: MIT */
/* Matches: the newest place with the same four bytes. */
#include "pdf/deflate_block.h"
#include "pdf/deflate_match.h"
#include "pdf/deflate_tokens.h"

#include <stdbool.h>
#include <string.h>

#include "util/mem.h"

struct dbi_lz {
	struct dbi_places places;
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

/* Fills the block with what is at p; returns where it ends. */
static const unsigned char *fill_block(dbi_lz *z, const unsigned char *text, const unsigned char *p, const unsigned char *end)
{
	struct dbi_block *b = &z->block;
	const unsigned char *stop = (size_t)(end - p) < DBI_BLOCK_TOKENS - 2 ? end : p + DBI_BLOCK_TOKENS - 2; /* a token a byte at most */
	const unsigned char *last = stop - text > DBI_LAST_START ? stop - DBI_LAST_START : text;

	dbi_block_begin(b);
	while (p < last) {
		struct dbi_match m = dbi_match_find(&z->places, text, p, end);
		if (!m.len) {
			dbi_block_literal(b, *p++);
			continue;
		}
		dbi_block_match(b, m.len, m.dist);
		p += m.len;
		if (p < last)
			dbi_match_note(&z->places, text, p - 1);
	}
	while (p < stop)
		dbi_block_literal(b, *p++);
	return p;
}

size_t dbi_lz_bound(const struct dbi_lz_part *parts, size_t n)
{
	size_t bound = 16;

	/* Stored parts of up to 65,535 bytes, and a block of those for every part of the text. */
	for (size_t i = 0; i < n; i++) {
		bound += parts[i].len + 5 * (parts[i].len / 65535 + parts[i].len / (DBI_BLOCK_TOKENS - 2) + 2);
		/* With codes of their own or fixed ones a token has 28 bits at most. */
		if (parts[i].tokens)
			bound += 4 * parts[i].tokens->n + 8;
	}
	return bound;
}

static void compress_part(dbi_lz *z, const struct dbi_lz_part *part, struct dbi_bits *bits, bool last)
{
	const unsigned char *p = part->text, *end = p + part->len;

	memset(&z->places, 0, sizeof(z->places)); /* or the text before would tell in the bytes of this one */
	do {
		const unsigned char *from = p;
		p = fill_block(z, part->text, p, end);
		dbi_block_write(&z->block, bits, from, (size_t)(p - from), last && p == end);
	} while (p < end);
}

static void write_tokens(dbi_lz *z, const struct dbi_lz_tokens *tokens, struct dbi_bits *bits, bool last)
{
	struct dbi_block *b = &z->block;
	size_t at = 0;

	do {
		size_t n = tokens->n - at < DBI_BLOCK_TOKENS ? tokens->n - at : DBI_BLOCK_TOKENS;
		if (at + n < tokens->n && dbi_token_symbol(tokens->list[at + n]) >= DBI_FIRST_DISTANCE)
			n--; /* length and distance stay together */
		dbi_block_begin(b);
		for (size_t i = 0; i < n; i++) {
			b->tokens[i] = tokens->list[at + i];
			b->counts[dbi_token_symbol(tokens->list[at + i])]++;
		}
		b->n = (uint32_t)n;
		at += n;
		dbi_block_write(b, bits, NULL, 0, last && at == tokens->n);
	} while (at < tokens->n);
}

size_t dbi_lz_compress(dbi_lz *z, const struct dbi_lz_part *parts, size_t n, unsigned char *out)
{
	struct dbi_bits bits = { out, 0, 0 };

	for (size_t i = 0; i < n; i++) {
		if (parts[i].tokens)
			write_tokens(z, parts[i].tokens, &bits, i + 1 == n);
		else
			compress_part(z, &parts[i], &bits, i + 1 == n);
	}
	dbi_bits_end(&bits);
	return (size_t)(bits.p - out);
}
