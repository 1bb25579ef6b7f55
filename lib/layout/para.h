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

/* A paragraph cut into pieces and words, as it is needed when its lines are sought, or when it is not one plain text. */
struct dbi_parts {
	const struct dbi_style *style;
	const char *lang, *text;
	const struct dbi_image **images;   /* of image spans, by piece; NULL when there is none */
	const struct dbi_set_run *runs;    /* of all pieces */
	struct dbi_piece *pieces;
	struct dbi_word *words;
	const uint32_t *shy;        /* offsets of soft hyphens, which are taken out of the text */
	struct dbi_text_line *lines;
	struct dbi_text_line single;
	uint32_t n_pieces, n_words, n_shy, n_lines, n_runs;
	dbi_len min, max;           /* widest word; widest line if nothing is broken */
	dbi_len height, base;       /* of an ordinary line, and its baseline */
	dbi_elem elem;
	long line;                  /* in the letter document */
	bool rtl, bidi;             /* base direction; levels matter */
	bool uneven;                /* lines may have other heights */
};

/* A line of a plain paragraph, ready to be drawn. */
struct dbi_set_line {
	const struct dbi_set_run *runs;
	uint32_t n, n_hyphen;       /* n runs of the text, and those of a hyphen that is added */
	dbi_len width;
	uint32_t gaps;              /* spaces that can be stretched */
	bool last_line;             /* of its paragraph */
	bool parts_word;            /* the next line goes on in the word it ends with */
	bool ends_word;             /* and is read as the end of one */
};

/*
 * Most paragraphs are plain: one text in one style that runs from left to
 * right and may be broken at spaces and hyphens only. They are set as a whole,
 * from the cache of texts where they have come before, and have parts only
 * while lines are sought for a width no one asked for yet. So are texts that
 * may be broken elsewhere, too, or are of several spans, from the third time on.
 */
struct dbi_para {
	const struct dbi_style *style;
	const char *lang;
	struct dbi_parts *parts;    /* NULL: plain */
	const struct dbi_span *span;            /* plain: the first one */
	const struct dbi_set_run *runs;         /* plain */
	struct dbi_set_text *set;               /* plain: where it is kept, or NULL */
	const struct dbi_set_line *lines;       /* plain: more than one line */
	uint32_t n_runs, n_lines;
	dbi_len min, max;           /* widest word; widest line if nothing is broken */
	dbi_len width;              /* lines were made for */
	dbi_len height, base;       /* of an ordinary line, and its baseline */
	dbi_elem elem;
	uint32_t line;              /* in the letter document */
	bool rtl;                   /* base direction */
	bool empty;                 /* no words */
};

/* Shapes the spans. lang is the language in force. An empty list gives a paragraph of no words. */
int dbi_para_build(struct dbi_lay *l, const struct dbi_span *spans, const struct dbi_style *style, const char *lang,
    dbi_elem elem, struct dbi_para **para);
/* The same for a plain text. */
int dbi_para_build_text(struct dbi_lay *l, const char *text, const struct dbi_style *style, const char *lang, dbi_elem elem,
    struct dbi_para **para);
/* Finds the lines for a width. */
int dbi_para_break(struct dbi_lay *l, struct dbi_para *p, dbi_len width);
/* Draws a line with its top left at x, y. `elem_over`: DBI_ELEM_ARTIFACT_PAGINATION instead of its elements, or 0. */
int dbi_para_draw_line(struct dbi_lay *l, const struct dbi_para *p, uint32_t line, size_t page, dbi_len x, dbi_len y, dbi_elem elem_over);
/* Height and width of line i, its baseline from its top, and whether the next one goes on in the same word. */
static inline dbi_len dbi_para_line_height(const struct dbi_para *p, uint32_t i)
{
	return p->parts ? p->parts->lines[i].height : p->height;
}
static inline dbi_len dbi_para_line_base(const struct dbi_para *p, uint32_t i)
{
	return p->parts ? p->parts->lines[i].base : p->base;
}
static inline dbi_len dbi_para_line_width(const struct dbi_para *p, uint32_t i)
{
	return p->parts ? p->parts->lines[i].width : p->lines ? p->lines[i].width : p->max;
}
static inline bool dbi_para_line_parts_word(const struct dbi_para *p, uint32_t i)
{
	return p->parts ? p->parts->lines[i].to != NULL : p->lines && p->lines[i].parts_word;
}

/* ---- inside ---- */

/* Makes a paragraph of a span plain if it can be; *plain tells. */
int dbi_para_set_plain(struct dbi_lay *l, struct dbi_para *p, const struct dbi_span *span, bool *plain);
/* Keeps a paragraph of parts that could be drawn as a plain one, when it comes again: it is found as such from then on. */
void dbi_plain_keep(struct dbi_lay *l, const struct dbi_para *p, const struct dbi_span *span);
int dbi_plain_break(struct dbi_lay *l, struct dbi_para *p, dbi_len width);
int dbi_plain_draw_line(struct dbi_lay *l, const struct dbi_para *p, uint32_t line, size_t page, dbi_len x, dbi_len y, dbi_elem over);

int dbi_parts_build(struct dbi_lay *l, const struct dbi_span *spans, const struct dbi_para *p, struct dbi_parts **parts);
int dbi_parts_break(struct dbi_lay *l, struct dbi_parts *p, dbi_len width);
/* width: the lines were made for. */
int dbi_parts_draw_line(struct dbi_lay *l, const struct dbi_parts *p, uint32_t line, dbi_len width, size_t page, dbi_len x, dbi_len y,
    dbi_elem over);
/* A line of what is plain, in a form that needs no parts. */
int dbi_parts_set_line(struct dbi_lay *l, const struct dbi_parts *p, uint32_t line, struct dbi_set_line *out);
/* Fills word->splits: hyphenation, and emergency cuts where that does not suffice for `width`. */
int dbi_word_split(struct dbi_lay *l, struct dbi_parts *p, struct dbi_word *w, dbi_len width);
/* Height and baseline of a line from what stands in it. */
void dbi_parts_measure_line(const struct dbi_lay *l, const struct dbi_parts *p, struct dbi_text_line *line);
/* Baseline of a style in its own line height. */
dbi_len dbi_style_base(const struct dbi_lay *l, const struct dbi_style *s);
/* Where a line starts, what its spaces are wider by, and how many of them by 1 more. */
struct dbi_place { dbi_len x, extra, rest; };
/* Aligns a line that leaves `rest` of its room empty, from place->x on. gaps: its spaces; 0 where they are not stretched. */
void dbi_line_align(const struct dbi_style *style, bool rtl, bool first, uint32_t gaps, dbi_len rest, struct dbi_place *place);
/* Shapes a text in the face of a style, with the place of the block at work in the message when that fails. */
int dbi_lay_shape(struct dbi_lay *l, const struct dbi_style *style, const char *text, size_t len, bool rtl, const char *lang,
    const struct dbi_run *const **runs, size_t *n);

/* Arrays that grow from paragraph to paragraph and are copied out at their right size. */
struct dbi_scratch {
	struct dbi_piece *pieces;
	struct dbi_word *words;
	struct dbi_set_run *runs;
	size_t n_pieces, cap_pieces, n_words, cap_words, n_runs, cap_runs;
	unsigned char *breaks, *levels;
	size_t cap_text;
	char *text;
	size_t cap_chars;
	uint8_t span;               /* number of the one at work */
};
/* The scratch arrays, empty; NULL when memory is out. */
struct dbi_scratch *dbi_lay_scratch(struct dbi_lay *l);
/* Adds runs in a font size to the scratch array, and what they are wide to *width. */
bool dbi_scratch_add_runs(struct dbi_lay *l, const struct dbi_run *const *runs, size_t n, dbi_len size, bool space, dbi_len *width);
/* A text buffer of the scratch memory, at least that large; NULL when memory is out. */
char *dbi_scratch_text(struct dbi_lay *l, size_t size);
/* A copy at its right size. */
void *dbi_lay_copy(struct dbi_lay *l, const void *array, size_t n, size_t size);

#endif
