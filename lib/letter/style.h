/* SPDX-License-Identifier: MIT */
/*
 * Styles: CSS property names, resolved by element, class and order; a small,
 * closed set. A style belongs to the arena of its letter and is complete:
 * every property has its computed value.
 */
#ifndef DBI_LETTER_STYLE_H
#define DBI_LETTER_STYLE_H

#include "util/unit.h"
#include "util/arena.h"
#include "util/error.h"
#include "text/fontset.h"

enum dbi_align { DBI_ALIGN_LEFT, DBI_ALIGN_RIGHT, DBI_ALIGN_CENTER, DBI_ALIGN_JUSTIFY };
enum dbi_valign { DBI_VALIGN_TOP, DBI_VALIGN_MIDDLE, DBI_VALIGN_BOTTOM };
enum dbi_width_kind { DBI_WIDTH_AUTO, DBI_WIDTH_LEN, DBI_WIDTH_PERCENT };
enum dbi_side { DBI_TOP, DBI_RIGHT, DBI_BOTTOM, DBI_LEFT };

struct dbi_edge { dbi_len width; uint32_t color; };   /* a border side */

struct dbi_style {
	/* inherited */
	int family; enum dbi_font_style face;         /* font-family, font-weight, font-style */
	dbi_len size, leading;                        /* font-size, line-height */
	uint32_t leading_factor;                      /* 1/1000 of the size; 0: leading was given as a length */
	uint32_t color;                               /* color */
	enum dbi_align align;                         /* text-align */
	bool hyphens;                                 /* hyphens: auto | none */
	bool underline;                               /* text-decoration */
	bool nowrap, preline;                         /* white-space: nowrap | pre-line */
	unsigned widows, orphans;
	/* not inherited */
	dbi_len margin[4], padding[4];                /* by enum dbi_side; padding-left of ul and ol is the hang of the text */
	struct dbi_edge border[4];
	bool has_background; uint32_t background;
	enum dbi_width_kind width_kind; dbi_len width; /* PERCENT: 1/1000 percent */
	enum dbi_valign valign;
	bool keep_together, keep_with_next;           /* break-inside: avoid, break-after: avoid */
	bool page_before;                             /* break-before: page */
	dbi_len indent;                               /* text-indent */
	const char *marker;                           /* list-style-type: a string or keyword; NULL: default */
};

typedef struct dbi_stylesheet dbi_stylesheet;

/* The default look plus the rules of <style> texts, in order. */
int dbi_stylesheet_new(dbi_stylesheet **sheet, struct dbi_arena *arena, const dbi_fontset *fonts, struct dbrief_error *err);
/*
 * Parses CSS text: selectors `name`, `.class`, `name.class`, each optionally
 * after the name of a part of the letter ("footer p"), lists by comma.
 * `place` and line name errors.
 */
int dbi_stylesheet_add(dbi_stylesheet *sheet, const char *css, const char *place, long line, int status, struct dbrief_error *err);
/* Part of the letter the next elements stand in ("footer"), "" for none. Not copied. */
void dbi_stylesheet_set_part(dbi_stylesheet *sheet, const char *part);
/*
 * Computed style of an element under a parent (NULL: the root). `classes` is
 * the class attribute or NULL, `inline_css` the style attribute or NULL. The
 * element "" stands for a block nobody wrote: it inherits and nothing else.
 * Equal styles are one object. Errors have no place: the caller knows it.
 */
int dbi_style_resolve(dbi_stylesheet *sheet, const struct dbi_style *parent, const char *element, const char *classes,
    const char *inline_css, const struct dbi_style **style, struct dbrief_error *err);

#endif
