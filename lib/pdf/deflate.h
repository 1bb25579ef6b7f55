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
struct dbi_lz_tokens;
/* A text of its own of less than 4 GB: no match reaches out of it. */
struct dbi_lz_part {
	const unsigned char *text;
	size_t len;
	const struct dbi_lz_tokens *tokens; /* made by who wrote the text (deflate_tokens.h); NULL: repetitions are looked for */
};
/* Room that their raw stream never exceeds. */
size_t dbi_lz_bound(const struct dbi_lz_part *parts, size_t n);
/* Writes a raw deflate stream of the parts one behind the other to out and returns its length. Tokens reach back beyond their part, too. */
size_t dbi_lz_compress(dbi_lz *z, const struct dbi_lz_part *parts, size_t n, unsigned char *out);

#endif
