/* SPDX-License-Identifier: MIT */
/*
 * Shaping: text to glyph runs, with a bounded word cache per thread. A run
 * lies in one face, one direction, one script.
 *
 * Runs returned by the shaper stay valid until dbi_shaper_letter_done, which
 * every letter ends with; that is where a full cache is emptied.
 */
#ifndef DBI_TEXT_SHAPE_H
#define DBI_TEXT_SHAPE_H

#include "text/fontset.h"

struct dbi_glyph {
	uint16_t id;
	uint16_t text_len;   /* bytes of the cluster's text if this glyph carries it, else 0 */
	uint32_t text;       /* offset of that text in the run's text */
	int32_t advance;     /* font units */
	int32_t dx, dy;      /* offset in font units, y upwards */
};

/* Glyphs in visual order, left to right. Immutable. */
struct dbi_run {
	uint16_t face;
	bool rtl;
	bool cached;         /* lives in the word cache: `slot` may keep what the PDF writer made of it */
	uint32_t n;
	const struct dbi_glyph *glyphs;
	const char *text;    /* logical order, NFC */
	uint32_t text_len;
	int32_t advance;     /* sum, font units */
	void *slot;          /* owned by the shaper, for pdf/content.c: see dbi_run_slot */
};

/* A run at a font size: a word or a part of one, or a space. */
struct dbi_set_run {
	const struct dbi_run *run;
	dbi_len width;
	bool space;              /* a space between words */
	uint8_t span;            /* layout's own: number of the span it stands in */
};

typedef struct dbi_shaper dbi_shaper; /* one thread */
typedef struct dbi_textcache dbi_textcache; /* see textcache.h */

int dbi_shaper_new(dbi_shaper **sh, const dbi_fontset *set, struct dbrief_error *err);
void dbi_shaper_free(dbi_shaper *sh);
void dbi_shaper_letter_done(dbi_shaper *sh);

/*
 * Shapes a piece of text (a word, or spaces) that stands in one bidi level.
 * Appends one or more runs (fallback faces split it) in visual order to an
 * array the shaper owns until letter_done. A character that no face has:
 * FAILED, cause GLYPH, text names U+XXXX and the script, never the text.
 * lang is a BCP 47 tag for the shaper; NULL: none. *n is 0 when nothing of the
 * text is ever drawn (soft hyphens, direction marks). A piece longer than
 * DBI_MAX_PIECE is refused with cause LIMIT: cut long tokens first, see
 * dbi_emergency_breaks in breaks.h.
 */
#define DBI_MAX_PIECE 65536
int dbi_shape(dbi_shaper *sh, unsigned face, const char *text, size_t len, bool rtl, const char *lang,
    const struct dbi_run *const **runs, size_t *n, struct dbrief_error *err);
/* Width of a run at a font size, 1/1000 pt. */
static inline dbi_len dbi_run_width(const dbi_fontset *set, const struct dbi_run *r, dbi_len size) {
	return (dbi_len)((int64_t)r->advance * size / (int64_t)dbi_fontset_info(set, r->face)->units_per_em);
}
/* Number of a language in this shaper, until letter_done: 0 for none. FAILED when a letter has too many. */
int dbi_shaper_lang(dbi_shaper *sh, const char *tag, uint16_t *lang, struct dbrief_error *err);
/* Texts that are set whole; what it gives is valid until letter_done, as runs are. */
dbi_textcache *dbi_shaper_texts(dbi_shaper *sh);
/*
 * Scratch memory attached to a cached run: returns the bytes stored before, or
 * stores a copy of them. Freed with the cache entry. NULL when none or not cached.
 */
struct dbi_run_slot { size_t len; unsigned char bytes[]; };
static inline const void *dbi_run_slot(const struct dbi_run *r, size_t *len)
{
	const struct dbi_run_slot *slot = r->slot;

	*len = slot ? slot->len : 0;
	return slot ? slot->bytes : NULL;
}
void dbi_run_set_slot(dbi_shaper *sh, const struct dbi_run *r, const void *bytes, size_t len);

/* "HarfBuzz 6.0.0" and "fontconfig 2.14.1" (or an empty text): the ones in use. */
void dbi_harfbuzz_version(char *out, size_t size);
void dbi_fontconfig_version(char *out, size_t size);

#endif
