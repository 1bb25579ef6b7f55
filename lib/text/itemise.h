/* SPDX-License-Identifier: MIT */
/*
 * Cuts a piece of text into items that one face can draw: one script, one
 * face, whole grapheme clusters.
 */
#ifndef DBI_TEXT_ITEMISE_H
#define DBI_TEXT_ITEMISE_H

#include "text/fontset.h"

struct dbi_text_char {
	uint32_t c;
	uint32_t offset;     /* of its first byte */
	uint32_t end;        /* behind its last byte */
	uint32_t script;     /* hb_script_t */
	uint16_t face;
	bool cluster;        /* first of a grapheme cluster */
};

struct dbi_items {       /* reused from piece to piece; zero to start with */
	struct dbi_text_char *chars;
	size_t n, cap;
	unsigned fallbacks[64];
	size_t n_fallbacks;
	unsigned fallbacks_of; /* face + 1 that fallbacks[] belongs to; 0: none */
};

/*
 * Fills chars, without those that mean nothing to a font. FAILED, cause GLYPH,
 * when a character has no face.
 */
int dbi_itemise(struct dbi_items *items, const dbi_fontset *set, unsigned face, const char *text, size_t len, bool rtl,
    struct dbrief_error *err);
void dbi_items_dispose(struct dbi_items *items);
int dbi_glyph_missing(struct dbrief_error *err, uint32_t c);

#endif
