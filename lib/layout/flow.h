/* SPDX-License-Identifier: MIT */
/*
 * From blocks to what pages are made of, in three steps:
 *
 *   prepare: blocks become items; structure elements are made in reading
 *            order, text is shaped, least and most useful widths are known;
 *   flow:    items become a list of fragments for a width: lines, table rows,
 *            pictures. A fragment is never divided;
 *   place:   fragments get their y, in a column of any height or page by page.
 *
 * A fragment says what a page break before it costs; boxes and tables that a
 * break goes through are scopes: they close below and open anew above.
 */
#ifndef DBI_LAYOUT_FLOW_H
#define DBI_LAYOUT_FLOW_H

#include "layout/para.h"

struct dbi_table;

struct dbi_item {
	const struct dbi_block *block;
	const struct dbi_style *style;
	struct dbi_para *para;          /* P, H1..H3; marker of an ITEM */
	struct dbi_item *children, *next;
	struct dbi_table *table;        /* TABLE, DL */
	struct dbi_figure *figure;      /* IMAGE, QR, CHART */
	dbi_elem elem;
	bool rtl;                       /* LIST: markers stand at the right */
	dbi_len min, max;               /* content widths, with own margins and padding */
};

struct dbi_figure {
	const struct dbi_image *image;
	dbi_len width, height;          /* 0: to be found from the room there is */
	unsigned side;                  /* QR: cells a side */
	unsigned char *bits;
	struct dbi_para **labels, **texts; /* CHART: by bar */
	unsigned n_bars;
	dbi_len label_width, text_width; /* widest ones */
	double largest;
};

enum dbi_frag_kind {
	DBI_FRAG_LINE,      /* what: dbi_para, index: line */
	DBI_FRAG_MARKER,    /* what: dbi_para of the list marker; no height: stands beside the next fragment */
	DBI_FRAG_FIGURE,    /* what: dbi_item of IMAGE or QR */
	DBI_FRAG_BAR,       /* what: dbi_item of CHART, index: bar */
	DBI_FRAG_RULE,      /* what: dbi_item */
	DBI_FRAG_ROW,       /* what: dbi_table_row; from, to: the part of its height that is shown */
	DBI_FRAG_OPEN,      /* upper padding of a box */
	DBI_FRAG_CLOSE,     /* lower padding of a box */
	DBI_FRAG_PAGE_BREAK
};

/* Costs of a page break before a fragment. */
enum {
	DBI_KEEP_NONE = 0,
	DBI_KEEP_HYPHEN = 8,    /* the page would end in a parted word */
	DBI_KEEP_LOOSE = 70,    /* a paragraph and its list, first and last rows of a table */
	DBI_KEEP_LINES = 150,   /* widows and orphans */
	DBI_KEEP_BLOCK = 300,   /* inside what is kept on one page */
	DBI_KEEP_HEADING = 1000,
	DBI_KEEP_ROWSPAN = 2000,
	DBI_KEEP_ALWAYS = 10000
};

/* A box or a table around fragments. */
struct dbi_scope {
	struct dbi_scope *parent;
	const struct dbi_style *style;  /* BOX */
	struct dbi_table *table;        /* with a head to repeat */
	dbi_len x, width;
	dbi_len above, below;           /* room it takes where a page starts or ends inside it */
	dbi_len top, bottom;            /* on the page at work */
	unsigned stamp;                 /* of the drawing pass that set them */
	struct dbi_scope *list;         /* next one of that pass */
};

struct dbi_frag {
	const void *what;
	struct dbi_scope *scope;        /* innermost, NULL for none */
	uint32_t index;
	int32_t keep;                   /* cost of a page break before it */
	uint8_t kind;                   /* enum dbi_frag_kind */
	bool opens;                     /* it is the first of its scope */
	dbi_len x, width;               /* in its column */
	dbi_len gap;                    /* white space before it, not at the top of a page */
	dbi_len height;
	dbi_len y;                      /* top, when placed */
	dbi_len from, to;               /* ROW */
	long line;                      /* in the letter document */
};

struct dbi_flow {
	struct dbi_frag *frags;
	size_t n, cap;
	struct dbi_scope *scope;
	bool opens;                     /* the next fragment is the first of the scope */
	dbi_len gap;                    /* lower margin of what came last */
	int32_t keep_next;              /* cost of a break before the next fragment */
	bool start;                     /* nothing in the column or box yet: upper margins fall away */
};

/* ---- prepare ---- */
/* `direct`: text without a block of its own belongs to `parent` itself. */
int dbi_prepare_blocks(struct dbi_lay *l, const struct dbi_block *blocks, const char *lang, dbi_elem parent, bool direct,
    struct dbi_item **items);
/* Widest min and max of a list of items. */
void dbi_items_widths(const struct dbi_item *items, dbi_len *min, dbi_len *max);
int dbi_prepare_figure(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent);
int dbi_prepare_table(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent);
/* A dl, or anything else of label and value pairs: rows of two cells. */
int dbi_prepare_pairs(struct dbi_lay *l, struct dbi_item *item, struct dbi_row *rows, const char *lang, dbi_elem parent);
/* Rows of the terms and texts of a dl. */
int dbi_dl_rows(struct dbi_lay *l, const struct dbi_block *dl, struct dbi_row **rows);

/* ---- flow ---- */
/* The lines of a paragraph that was broken. */
int dbi_flow_lines(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_style *s, const struct dbi_para *p, dbi_len x, dbi_len width);
int dbi_flow_items(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *items, dbi_len x, dbi_len width);
/* Adds a fragment with the margin at hand before it. NULL when memory is out. */
struct dbi_frag *dbi_flow_add(struct dbi_lay *l, struct dbi_flow *f, enum dbi_frag_kind kind, const void *what, dbi_len x, dbi_len width,
    dbi_len height);
/* Margins collapse: the larger one counts. */
void dbi_flow_margin(struct dbi_flow *f, dbi_len margin);
int dbi_flow_figure(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width);
int dbi_flow_table(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width);
/* Puts the fragments one below the other and returns their height; DBI_FLOW_HIGHEST means at least that much, which is refused. */
#define DBI_FLOW_HIGHEST (1 << 30) /* about 1,300 pages */
dbi_len dbi_flow_stack(struct dbi_flow *f);

/* ---- place and draw ---- */
/* Where a column's fragments are drawn. `over`: see dbi_para_draw_line. */
struct dbi_spot { size_t page; dbi_len x, y; dbi_elem over; };
int dbi_draw_frags(struct dbi_lay *l, struct dbi_frag *frags, size_t n, const struct dbi_spot *spot);
int dbi_draw_figure(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot);
int dbi_draw_bar(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot);
int dbi_draw_row(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot);
/* The head rows of a table again, at the top of a page. */
int dbi_draw_head(struct dbi_lay *l, const struct dbi_table *t, const struct dbi_spot *spot);
bool dbi_draw_rect(struct dbi_lay *l, size_t page, dbi_elem elem, dbi_len x, dbi_len y, dbi_len w, dbi_len h, dbi_color color);
bool dbi_draw_rule(struct dbi_lay *l, size_t page, dbi_elem elem, dbi_len x, dbi_len y, dbi_len x2, dbi_len y2, const struct dbi_edge *edge);

/* Where bodies of pages start and end. */
struct dbi_frame { dbi_len x, info_bottom, first_top, first_bottom, top, bottom; };
/* Pages through the fragments; the first page exists. */
int dbi_flow_paginate(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_frame *frame);

#endif
