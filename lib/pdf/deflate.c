/* SPDX-License-Identifier: MIT */
/* Matches: the newest place with the same four bytes, or where a guide points. */
#include "pdf/deflate_block.h"
#include "pdf/deflate_latin.h"
#include "pdf/deflate_match.h"
#include "pdf/deflate_tokens.h"

#include <stdbool.h>
#include <string.h>

#include "util/mem.h"

struct dbi_lz {
	struct dbi_places places;
	struct dbi_block block;
	struct dbi_latin latin;
};

dbi_lz *dbi_lz_new(void)
{
	dbi_lz *z = dbi_calloc(1, sizeof(*z));

	if (z)
		dbi_latin_init(&z->latin);
	return z;
}

void dbi_lz_free(dbi_lz *z)
{
	/* Tokens tell what letters said. */
	dbi_free_wiped(z, z ? sizeof(*z) : 0);
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
		memset(&z->places, 0, sizeof(z->places)); /* or the text before would tell in the bytes of this one */
	r->searched = true;
	if ((size_t)(last - p) > room)
		last = p + room;
	while (p < last) {
		struct dbi_match m = dbi_match_find(&z->places, r->text, p, r->end);
		if (!m.len) {
			dbi_block_literal(b, *p++);
			continue;
		}
		dbi_block_match(b, m.len, m.dist);
		p += m.len;
		if (p < r->last)
			dbi_match_note(&z->places, r->text, p - 1);
	}
	r->p = p;
}

static void be_guided(dbi_lz *z, struct reader *r, const struct dbi_lz_guide *g, const unsigned char *stop)
{
	struct dbi_block *b = &z->block;
	const unsigned char *p = r->p, *last = r->last < stop ? r->last : stop;
	uint32_t distances[DBI_LZ_DISTANCES];

	for (int i = 0; i < DBI_LZ_DISTANCES; i++)
		distances[i] = g->distances[i] <= DBI_WINDOW ? g->distances[i] : 0;
	while (p < last && has_room(b)) {
		struct dbi_match m = dbi_match_longest(p, (size_t)(p - r->text), r->end, distances);
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
	for (size_t i = 0; i < n; i++) {
		bound += parts[i].len <= DBI_LATIN_LONGEST ? DBI_LATIN_BOUND(parts[i].len) : parts[i].len;
		bound += 5 * (parts[i].len / 65535 + parts[i].len / (DBI_BLOCK_TOKENS - 2) + parts[i].n_guides + 2);
		/* With codes of their own or fixed ones a token has 28 bits at most. */
		if (parts[i].tokens)
			bound += 4 * parts[i].tokens->n + 8;
	}
	return bound;
}

/* False when the text is no such one, or hardly got shorter; nothing is written then. */
static bool write_latin(dbi_lz *z, const struct dbi_lz_part *part, struct dbi_bits *bits, bool last)
{
	struct dbi_bits before = *bits;

	if (part->n_guides || !dbi_is_latin(part->text, part->len))
		return false;
	dbi_latin_write(&z->latin, &z->places, part->text, part->len, last, bits);
	if ((size_t)(bits->p - before.p) <= part->len / 2)
		return true;
	*bits = before;
	return false;
}

static void compress_part(dbi_lz *z, const struct dbi_lz_part *part, struct dbi_bits *bits, bool last)
{
	const unsigned char *text = part->text, *end = text + part->len;
	const struct dbi_lz_guide *guides_end = part->n_guides ? part->guides + part->n_guides : part->guides;
	struct reader r = { text - part->before, text, end, part->len > DBI_LAST_START ? end - DBI_LAST_START : text, NULL, part->guides, guides_end,
		false };

	if (write_latin(z, part, bits, last))
		return;
	do {
		const unsigned char *from = r.p;
		dbi_block_begin(&z->block);
		parse(z, &r);
		dbi_block_write(&z->block, bits, from, (size_t)(r.p - from), last && r.p == end);
	} while (r.p < r.end);
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
