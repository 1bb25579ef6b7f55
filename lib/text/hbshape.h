/* SPDX-License-Identifier: MIT */
/*
 * HarfBuzz at work for one thread. Plans (which features a face applies to a
 * script and language) are made here and not by hb_shape, because a plan made
 * while memory runs out leaves features out without any error, and HarfBuzz
 * would keep it: each is made twice and the two must agree before one is kept.
 */
#ifndef DBI_TEXT_HBSHAPE_H
#define DBI_TEXT_HBSHAPE_H

#include <hb.h>
#include "text/itemise.h"

struct dbi_hb_plan {
	hb_shape_plan_t *plan;
	uint32_t script;
	uint16_t face, lang;
	bool rtl;
};

struct dbi_hb {
	hb_buffer_t *buffer, *second;
	struct dbi_hb_plan *plans;
	size_t n, cap;
};

int dbi_hb_init(struct dbi_hb *hb, struct dbrief_error *err);
void dbi_hb_dispose(struct dbi_hb *hb);
/* Between letters: drops the plans if they are many, or always with `now`. */
void dbi_hb_trim(struct dbi_hb *hb, bool now);
/*
 * Shapes chars[0..n), which share face and script; hb->buffer holds the glyphs
 * then. `lang` numbers the language among those of the caller.
 */
int dbi_hb_shape(struct dbi_hb *hb, const dbi_fontset *set, const struct dbi_text_char *chars, size_t n, bool rtl,
    uint16_t lang, hb_language_t language, struct dbrief_error *err);
/* HarfBuzz's own name of a language, by a short tag; HB_LANGUAGE_INVALID when out of memory. */
hb_language_t dbi_hb_language(const char *tag);
/* Same glyphs at the same places. */
bool dbi_hb_same(hb_buffer_t *a, hb_buffer_t *b);

#endif
