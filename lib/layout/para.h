/* SPDX-License-Identifier: MIT */
/*
 * Paragraphs: spans become pieces (shaped text in one style and direction, or
 * a space, or a small picture), pieces become words (what may not be broken),
 * words become lines. Shaping happens once, when the paragraph is built.
 */
#ifndef DBI_LAYOUT_PARA_H
#define DBI_LAYOUT_PARA_H

#include "layout/lay.h"

#define DBI_WIDEST (1 << 29) /* 190 m: where content widths end, so that sums of a few stay below 2^31 */

/* A side of a picture from the other one and its pixels. */
static inline dbi_len dbi_other_side(dbi_len side, unsigned of, unsigned other)
{
	int64_t v = (int64_t)side * other / of;

	return v < DBI_WIDEST ? (dbi_len)v : DBI_WIDEST;
}

enum dbi_piece_kind { DBI_PIECE_TEXT, DBI_PIECE_SPACE, DBI_PIECE_IMAGE, DBI_PIECE_CHECKBOX };

struct dbi_piece {
	const struct dbi_span *span;
	uint32_t off, len;          /* in the paragraph's text */
	uint32_t run;               /* first of n_runs of the paragraph's */
	dbi_len width;
	dbi_elem elem;
	uint16_t n_runs;
	uint8_t kind;               /* enum dbi_piece_kind */
	uint8_t level;              /* bidi */
};

/* A place inside a word where a line may end when it must. */
struct dbi_split {
	uint32_t piece, off;        /* the piece, and the offset in the text */
	dbi_len before;             /* width of the word up to here */
	dbi_len hyphen;             /* width of the hyphen that is added; 0: none is */
	dbi_len skip;               /* width of a space that vanishes here */
	int32_t price;
};

struct dbi_word {
	uint32_t piece;             /* first of n_ink pieces; n_space pieces of white space follow */
	uint16_t n_ink, n_space;
	dbi_len width, space;
	bool forced;                /* the line ends after it */
	bool split_done;
	uint16_t n_splits;
	struct dbi_split *splits;   /* by offset */
	uint32_t node;              /* of splits[0], while lines are sought */
};

struct dbi_text_line {
	uint32_t first, last;       /* words, inclusive */
	const struct dbi_split *from, *to; /* NULL: at the word's own start and end */
	dbi_len width, height, base;
	uint32_t gaps;              /* spaces that can be stretched */
	bool last_line;             /* or ends at a forced break */
};

struct dbi_para {
	const struct dbi_style *style;
	const char *lang, *text;
	const struct dbi_image **images;   /* of image spans, by piece; NULL when there is none */
	const struct dbi_set_run *runs;    /* of all pieces */
	struct dbi_piece *pieces;
	struct dbi_word *words;
	const uint32_t *shy;        /* offsets of soft hyphens, which are taken out of the text */
	struct dbi_text_line *lines;
	struct dbi_text_line single;
	uint32_t n_pieces, n_words, n_shy, n_lines;
	dbi_len min, max;           /* widest word; widest line if nothing is broken */
	dbi_len width;              /* lines were made for */
	dbi_len height, base;       /* of an ordinary line, and its baseline */
	dbi_elem elem;
	long line;                  /* in the letter document */
	bool rtl, bidi;             /* base direction; levels matter */
	bool uneven;                /* lines may have other heights */
};

/* Shapes the spans. lang is the language in force. An empty list gives a paragraph of no words. */
int dbi_para_build(struct dbi_lay *l, const struct dbi_span *spans, const struct dbi_style *style, const char *lang,
    dbi_elem elem, struct dbi_para **para);
/* The same for a plain text. */
int dbi_para_build_text(struct dbi_lay *l, const char *text, const struct dbi_style *style, const char *lang, dbi_elem elem,
    struct dbi_para **para);
/* Finds the lines for a width. */
int dbi_para_break(struct dbi_lay *l, struct dbi_para *p, dbi_len width);
/* Fills word->splits: hyphenation, and emergency cuts where that does not suffice for `width`. */
int dbi_word_split(struct dbi_lay *l, struct dbi_para *p, struct dbi_word *w, dbi_len width);
/* Height and baseline of a line from what stands in it. */
void dbi_para_measure_line(const struct dbi_lay *l, const struct dbi_para *p, struct dbi_text_line *line);
/* Draws a line with its top left at x, y. `elem_over`: DBI_ELEM_ARTIFACT_PAGINATION instead of its elements, or 0. */
int dbi_para_draw_line(struct dbi_lay *l, const struct dbi_para *p, uint32_t line, size_t page, dbi_len x, dbi_len y, dbi_elem elem_over);
/* Baseline of a style in its own line height. */
dbi_len dbi_style_base(const struct dbi_lay *l, const struct dbi_style *s);

#endif
