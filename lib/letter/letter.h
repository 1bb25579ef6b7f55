/* SPDX-License-Identifier: MIT */
/*
 * Letter: the strict reader of the letter form (urn:datenbrief:letter:1).
 *
 * A letter document comes from a template's evaluation or from a file. Reading it
 * checks every element and attribute against the vocabulary, resolves styles,
 * and gives the layout plain structures; nothing below looks at XML again.
 * Memory is the arena's, but for texts that are borrowed from the document.
 */
#ifndef DBI_LETTER_H
#define DBI_LETTER_H

#include "xml/draft.h"
#include "util/arena.h"
#include "util/unit.h"
#include "text/fontset.h"
#include "letter/delivery.h"
#include "letter/style.h"

/* Inline content: a flat list of spans. */
enum dbi_span_kind { DBI_SPAN_TEXT, DBI_SPAN_BREAK, DBI_SPAN_IMAGE, DBI_SPAN_CHECKBOX };
struct dbi_anchor { const char *href, *alt; };  /* http, https or mailto; title, or NULL */
struct dbi_picture {
	const char *src, *alt;          /* IMAGE: file; CHECKBOX: alt */
	const char *folder;             /* IMAGE: of src; NULL: the letter's */
	dbi_len width, height;          /* IMAGE: 0 = from the picture */
};
struct dbi_span {
	enum dbi_span_kind kind;
	uint32_t len;                   /* TEXT */
	const struct dbi_style *style;  /* of the span: font, size, colour, decoration */
	const char *lang;               /* NULL: that of the block */
	const struct dbi_anchor *link;  /* NULL: none; equal pointers are one link */
	struct dbi_span *next;
	union {
		const char *text;       /* TEXT, white space collapsed as in HTML */
		const struct dbi_picture *picture; /* IMAGE, CHECKBOX */
	};
};

enum dbi_block_kind {
	DBI_BLOCK_P, DBI_BLOCK_H1, DBI_BLOCK_H2, DBI_BLOCK_H3,
	DBI_BLOCK_LIST,    /* ul or ol; children are ITEM */
	DBI_BLOCK_ITEM,
	DBI_BLOCK_DL,      /* children are DT and DD blocks, set as a two-column table */
	DBI_BLOCK_DT, DBI_BLOCK_DD, /* children */
	DBI_BLOCK_TABLE,
	DBI_BLOCK_BOX,     /* framed blocks */
	DBI_BLOCK_KEEP,    /* blocks kept on one page if they fit; also closing and reply slip */
	DBI_BLOCK_IMAGE, DBI_BLOCK_QR, DBI_BLOCK_CHART,
	DBI_BLOCK_RULE,
	DBI_BLOCK_PAGE_BREAK
};

struct dbi_cell {
	union {
		struct dbi_span *text;  /* inline content and nothing else, as nearly all cells have */
		struct dbi_block *blocks;
	};
	const struct dbi_style *text_style; /* of the text; NULL: the content is blocks */
	const struct dbi_style *style;
	const char *lang;               /* NULL: as the table */
	struct dbi_cell *next;
	unsigned colspan, rowspan;      /* >= 1 */
	uint32_t line;                  /* of a text, in the letter document, 0 if none */
	bool head;                      /* th */
};
struct dbi_row { struct dbi_cell *cells; const struct dbi_style *style; long line; struct dbi_row *next; };
struct dbi_bar { const char *label, *text; double value; struct dbi_bar *next; };

struct dbi_block {
	enum dbi_block_kind kind;
	bool before_closing;            /* the last one of the body */
	bool anonymous;                 /* P made for text that stands in a cell or item as such */
	const struct dbi_style *style;
	const char *lang;               /* NULL: as the parent */
	long line;                      /* in the letter document, 0 if none */
	struct dbi_block *next;
	union {
		struct dbi_span *spans;                                            /* P, H* */
		struct { struct dbi_block *children; bool ordered; unsigned start; }; /* LIST, ITEM, DL, DT, DD, BOX, KEEP; the latter two: LIST */
		struct { struct dbi_row *head, *rows, *foot; struct dbi_block *caption; }; /* TABLE; the caption is a P, or NULL */
		struct {
			const char *alt;                                           /* IMAGE, QR, CHART; "": decoration */
			dbi_len width, height;                                     /* 0: natural */
			union {
				struct { const char *src, *folder; };              /* IMAGE; folder of src, NULL: the letter's */
				const char *data;                                  /* QR */
				struct dbi_bar *bars;                              /* CHART */
			};
		};
	};
};

struct dbi_info_item { const char *label; struct dbi_block *value; struct dbi_info_item *next; };
struct dbi_line { const char *text; struct dbi_line *next; };

struct dbi_letter {
	const char *form;               /* see dbi_delivery_form */
	struct dbi_delivery delivery;
	const char *lang;               /* BCP 47 */
	const char *title;              /* document title */
	const char *case_code;          /* printed on each page, or NULL */
	struct dbi_block *letterhead;
	const char *return_address;     /* one line, or NULL */
	struct dbi_line *remark;        /* "Nicht nachsenden!" and the like */
	struct dbi_line *recipient;
	struct dbi_info_item *info;
	const struct dbi_style *style, *recipient_style, *return_style, *remark_style, *info_style, *info_label_style,
	    *footer_style, *page_label_style;
	struct dbi_block *subject;      /* H1 */
	struct dbi_block *salutation;   /* P, or NULL */
	struct dbi_block *body;         /* closing and reply slip are KEEP blocks at the end of it */
	struct dbi_block *footer[4];    /* columns, left to right */
	unsigned n_footer;
	const char *page_label;         /* "Seite {page} von {pages}", or NULL */
	const char *name;               /* of the document, for messages */
};

/* A house style (<house-style>): the look of all letters of a house, apart from what they say. Borrowed. */
struct dbi_house { const struct dbi_draft *doc; const char *folder; };

/*
 * Reads a letter document. `fonts` resolves font families. Errors: FAILED or FATAL
 * as `status` says (a template's letter is FAILED, a file FATAL), cause XML,
 * "name:line:column: what; what to do".
 */
int dbi_letter_read(struct dbi_letter **letter, struct dbi_arena *arena, const struct dbi_draft *doc,
    const dbi_fontset *fonts, int status, struct dbrief_error *err);
/*
 * The same in a house style: its rules come after the letter's, its letterhead
 * and footer stand instead of the letter's own. Mistakes in it are FATAL. NULL: none.
 */
int dbi_letter_read_in_house(struct dbi_letter **letter, struct dbi_arena *arena, const struct dbi_draft *doc,
    const struct dbi_house *house, const dbi_fontset *fonts, int status, struct dbrief_error *err);

#endif
