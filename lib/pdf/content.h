/* SPDX-License-Identifier: MIT */
/*
 * Display list to content streams. Collects on the way which glyphs, images
 * and marked contents a letter uses. Internal to content*.c and writer.c.
 */
#ifndef DBI_PDF_CONTENT_H
#define DBI_PDF_CONTENT_H

#include "pdf/font.h"
#include "pdf/strings.h"
#include "pdf/tags.h"

/* A set of glyphs has room for these at least. */
#define DBI_FIRST_GLYPH_WORDS 4

/* What a letter uses of one face. */
struct dbi_face_use {
	const struct dbi_pdf_face *face;
	uint64_t *glyphs;
	struct dbi_glyph_note *notes;
	size_t n_notes, cap_notes;
	unsigned resource;           /* n of /Fn; 0: not used */
};

struct dbi_content {
	const struct dbi_display *d;
	dbi_shaper *shaper;
	const dbi_pdf_fonts *fonts;
	struct dbi_arena *arena;
	struct dbi_tags *tags;
	struct dbi_face_use *uses; size_t n_faces; /* by face */
	uint16_t *used; size_t n_used; /* faces in the order of their first use */
	const struct dbi_image **images; size_t n_images, cap_images;
	struct dbi_buf *out;         /* the page's main part */
	struct dbi_buf *under, *over; /* decoration below and rules above it */
	struct dbi_buf *scratch;     /* fragment of a run that is not cached */
	/* the page */
	size_t page;
	dbi_len height;
	bool in_text;                /* between BT and ET */
	bool in_array;               /* inside [( of a TJ */
	bool marked;                 /* inside BDC */
	const char *stamp;           /* across all pages, below their text; NULL: none */
	bool plain;                  /* no marks, no structure: of all pages */
	dbi_elem elem;               /* of the open marked content; without marks, of what was drawn last */
	dbi_color under_color, over_color;
	int32_t over_width;
	int32_t over_x, over_y;      /* origin of the rules' part, moved from rule to rule; 1/100 pt */
	dbi_color fill;
	unsigned face;               /* of the last Tf */
	int32_t size;                /* of the last Tf, 1/100 pt; 0: none */
	int32_t line_x, line_y;      /* origin of the line, 1/100 pt */
	int64_t pen;                 /* x of the text position, 1/1000000 pt */
	bool pen_valid;
};

/* Puts the content of a page into page_out. */
int dbi_content_page(struct dbi_content *c, size_t page, struct dbi_buf *page_out, struct dbrief_error *err);

/* content_text.c */
int dbi_content_text(struct dbi_content *c, const struct dbi_op *op, struct dbrief_error *err);
void dbi_content_end_text(struct dbi_content *c);
/* content_draw.c */
void dbi_content_rule(struct dbi_content *c, const struct dbi_op *op);
void dbi_content_rect(struct dbi_content *c, const struct dbi_op *op);
int dbi_content_image(struct dbi_content *c, const struct dbi_op *op, struct dbrief_error *err);
void dbi_content_cells(struct dbi_content *c, const struct dbi_op *op);
void dbi_content_add_color(struct dbi_buf *out, dbi_color color, bool stroke);
/* content.c: what follows belongs to elem; opens or closes the text object as asked. */
void dbi_content_mark(struct dbi_content *c, dbi_elem elem, bool in_text);
/* content_stamp.c: appends a word across the page. */
int dbi_content_stamp(struct dbi_content *c, size_t page, const char *text, struct dbi_buf *out, struct dbrief_error *err);
void dbi_content_end_array(struct dbi_content *c);
/* The use of a face, begun when needed. NULL with an error recorded. */
struct dbi_face_use *dbi_content_use(struct dbi_content *c, unsigned face, struct dbrief_error *err);
/* 1/100 pt upwards from the bottom of the page. */
static inline int32_t dbi_content_y(const struct dbi_content *c, dbi_len y)
{
	return dbi_centi(c->height - y);
}

/* fragment.c: a run as it stands between "[(" and ")]TJ", with what it moves the pen. */
struct dbi_fragment {
	uint32_t len;
	int32_t units;       /* advance in 1/1000 em as the viewer will count it */
	bool letter;         /* depends on the letter or the font size: nothing kept but that it does */
};

/*
 * Appends the fragment's bytes to c->scratch after clearing it. size in 1/100 pt.
 * With use NULL nothing of the letter is touched: the cacheable form, or the word
 * that there is none.
 */
int dbi_fragment_make(struct dbi_content *c, const struct dbi_pdf_face *face, struct dbi_face_use *use,
    const struct dbi_run *run, int32_t size, struct dbi_fragment *f, struct dbrief_error *err);
/* )]TJ/Span<</ActualText<FEFF...>>>BDC[( */
void dbi_fragment_open_span(struct dbi_buf *out, const char *text, size_t len);
void dbi_fragment_close_span(struct dbi_buf *out);

#endif
