/* SPDX-License-Identifier: MIT */
/*
 * Display list: what layout hands to an output device, page by page, with the
 * structure of the document beside it. Nothing in it needs to be measured or
 * decided any more.
 *
 * Coordinates are dbi_len (1/1000 pt), origin top left, y downwards; text is
 * placed by its baseline. Memory is one arena per letter; runs belong to the
 * shaper and live until the letter is done.
 *
 * Structure: elements form a tree in reading order (the order in which layout
 * opened them). Every drawing operation belongs to an element or is an
 * artifact. An element may be drawn on several pages.
 */
#ifndef DBI_PAGE_DISPLAY_H
#define DBI_PAGE_DISPLAY_H

#include "text/shape.h"
#include "util/arena.h"
#include "util/buf.h"

typedef uint32_t dbi_color;                 /* 0xRRGGBB; 0 is black */

enum dbi_role {                             /* ISO 32000-1, 14.8.4 */
	DBI_ROLE_DOCUMENT, DBI_ROLE_SECT, DBI_ROLE_P, DBI_ROLE_H1, DBI_ROLE_H2, DBI_ROLE_H3,
	DBI_ROLE_L, DBI_ROLE_LI, DBI_ROLE_LBL, DBI_ROLE_LBODY,
	DBI_ROLE_TABLE, DBI_ROLE_THEAD, DBI_ROLE_TBODY, DBI_ROLE_TR, DBI_ROLE_TH, DBI_ROLE_TD,
	DBI_ROLE_FIGURE, DBI_ROLE_LINK, DBI_ROLE_SPAN, DBI_ROLE_DIV, DBI_ROLE_CAPTION,
	DBI_ROLE_COUNT
};
extern const char *const dbi_role_names[DBI_ROLE_COUNT]; /* "Document", "Sect", ... */

/* Index into dbi_display.elements. */
typedef uint32_t dbi_elem;
#define DBI_ELEM_ARTIFACT ((dbi_elem)-1)            /* decoration: rules, backgrounds, marks */
#define DBI_ELEM_ARTIFACT_PAGINATION ((dbi_elem)-2) /* footer, page number, repeated table head */

struct dbi_element {
	uint8_t role;            /* enum dbi_role */
	uint8_t scope;           /* TH: 0 none, 1 column, 2 row */
	uint16_t colspan, rowspan;
	dbi_elem parent;         /* itself for the root, element 0 */
	const char *lang;        /* where it differs from its parent, else NULL */
	const char *alt;         /* FIGURE, LINK: text alternative */
};

enum dbi_op_kind { DBI_OP_TEXT, DBI_OP_RULE, DBI_OP_RECT, DBI_OP_IMAGE, DBI_OP_CELLS };

struct dbi_op {
	uint8_t kind;            /* enum dbi_op_kind */
	uint8_t line_end;        /* TEXT: last of its line; a space follows for text extraction */
	uint8_t hyphen;          /* TEXT: a hyphen added at a line end (not part of the text) */
	dbi_elem elem;
	dbi_color color;
	dbi_len x, y;            /* TEXT: baseline start; RULE: one end; RECT, IMAGE, CELLS: top left */
	union {
		/* n > 0 runs beside each other, of one size. stretch: what each space is wider by, the first `rest` ones by 1 more (justified lines) */
		struct { const struct dbi_set_run *runs; uint32_t n; dbi_len size, stretch; uint32_t rest; } text;
		struct { dbi_len x2, y2, width; } rule;
		struct { dbi_len w, h; } rect;                 /* filled */
		struct { dbi_len w, h; const struct dbi_image *image; } image;
		struct { dbi_len cell; uint16_t columns, rows; const unsigned char *bits; } cells; /* QR: 1 bit a cell, row-major, MSB first, rows byte-aligned */
	} u;
};

/* Width of run i of a TEXT operation, stretch included. */
static inline dbi_len dbi_op_run_width(const struct dbi_op *op, uint32_t i, uint32_t *spaces)
{
	const struct dbi_set_run *r = &op->u.text.runs[i];

	return r->space ? r->width + op->u.text.stretch + ((*spaces)++ < op->u.text.rest) : r->width;
}

struct dbi_link {            /* an annotation: one rectangle of a link on a page */
	dbi_len x, y, w, h;
	const char *uri;         /* http, https or mailto, checked */
	dbi_elem elem;           /* a LINK element */
};

struct dbi_page {
	dbi_len width, height;
	struct dbi_op *ops; size_t n_ops, cap_ops;
	struct dbi_link *links; size_t n_links, cap_links;
};

/* A decoded picture, shared by letters: made by pdf/image.c, see image.h there. */
struct dbi_image {
	unsigned width, height;
	bool gray;               /* no colour at all */
	const void *priv;        /* for the device */
	char *path;              /* it was read from */
	unsigned char sha256[32];
};

struct dbi_display {
	struct dbi_arena *arena;
	const dbi_fontset *fonts;
	const char *lang;        /* BCP 47 */
	const char *title;       /* document title, no personal data */
	struct dbi_page *pages; size_t n_pages, cap_pages;
	struct dbi_element *elements; size_t n_elements, cap_elements;
};

void dbi_display_init(struct dbi_display *d, struct dbi_arena *arena, const dbi_fontset *fonts);
/* NULL or DBI_ELEM_ARTIFACT on failure: out of memory or too many pages. Pointers move when the next one is added. */
struct dbi_page *dbi_display_add_page(struct dbi_display *d, dbi_len width, dbi_len height);
dbi_elem dbi_display_add_element(struct dbi_display *d, enum dbi_role role, dbi_elem parent);
struct dbi_op *dbi_page_add_op(struct dbi_display *d, size_t page, enum dbi_op_kind kind, dbi_elem elem);
/* The same for a caller that sets all of it: it is not cleared. */
static inline struct dbi_op *dbi_page_next_op(struct dbi_display *d, size_t page)
{
	struct dbi_page *p = &d->pages[page];

	return p->n_ops < p->cap_ops ? &p->ops[p->n_ops++] : dbi_page_add_op(d, page, DBI_OP_TEXT, DBI_ELEM_ARTIFACT);
}
struct dbi_link *dbi_page_add_link(struct dbi_display *d, size_t page, dbi_elem elem);
/* Stable text form: the golden files and --stop-after=layout. */
int dbi_display_dump(const struct dbi_display *d, struct dbi_buf *out, struct dbrief_error *err);

#endif
