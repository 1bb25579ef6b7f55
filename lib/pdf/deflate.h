/* SPDX-License-Identifier: MIT */
/*
 * Deflate (RFC 1951) for what is made anew in every letter: page contents,
 * objects, the attached model. Short, repetitive texts, tens of thousands a
 * second: a small hash table, and one pass. What is made
 * once and kept (fonts, profiles, pictures) goes to a library instead, see
 * compress.h. The same input gives the same bytes everywhere.
 */
#ifndef DBI_PDF_DEFLATE_H
#define DBI_PDF_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dbi_lz dbi_lz; /* one thread */

/* NULL when out of memory. */
dbi_lz *dbi_lz_new(void);
void dbi_lz_free(dbi_lz *z);
/*
 * Who wrote a text knows where it repeats itself. From byte `from` to the next
 * guide, matches are looked for at these distances and at no others; where the
 * first is 0, anywhere. BLOCK: another kind of text begins, so that codes made
 * for it alone are worth their space.
 */
#define DBI_LZ_DISTANCES 3
#define DBI_LZ_BLOCK 1u
struct dbi_lz_guide {
	size_t from;
	uint32_t distances[DBI_LZ_DISTANCES];
	uint32_t flags;
};
struct dbi_lz_guides { struct dbi_lz_guide *list; size_t n, cap; bool failed; };
/* Out of memory latches in failed. */
void dbi_lz_guides_put(struct dbi_lz_guides *g, const struct dbi_lz_guide *guide);

/* From byte `from` on; nothing new when the last one says the same. */
static inline void dbi_lz_guides_add(struct dbi_lz_guides *g, size_t from, size_t a, size_t b, size_t c, uint32_t flags)
{
	const struct dbi_lz_guide *last = g->n ? &g->list[g->n - 1] : NULL;
	if (!last || flags || last->distances[0] != a || last->distances[1] != b || last->distances[2] != c)
		dbi_lz_guides_put(g, &(struct dbi_lz_guide){ from, { (uint32_t)a, (uint32_t)b, (uint32_t)c }, flags });
}

void dbi_lz_guides_dispose(struct dbi_lz_guides *g);
struct dbi_lz_tokens;
/*
 * A text of less than 4 GB whose matches reach no further back than `before` bytes in front of it. Guides are in ascending order, their places
 * counted from there. Where who wrote the text made its tokens, too (deflate_tokens.h), it is not looked at.
 */
struct dbi_lz_part {
	const unsigned char *text;
	size_t len, before;
	const struct dbi_lz_guide *guides;
	size_t n_guides;
	const struct dbi_lz_tokens *tokens;
};
/* Room that their raw stream never exceeds. */
size_t dbi_lz_bound(const struct dbi_lz_part *parts, size_t n);
/* Writes a raw deflate stream of the parts one behind the other to out and returns its length. */
size_t dbi_lz_compress(dbi_lz *z, const struct dbi_lz_part *parts, size_t n, unsigned char *out);

#endif
