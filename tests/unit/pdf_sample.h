/* SPDX-License-Identifier: MIT */
/* Display lists built by hand, for tests of the PDF writer without layout. Persons are fictional. */
#ifndef PDF_SAMPLE_H
#define PDF_SAMPLE_H

#include "page/display.h"
#include "pdf/pdf.h"

struct sample {
	dbi_fontset *set;
	dbi_shaper *shaper;
	dbi_pdf_fonts *fonts;
	dbi_pdf_writer *writer;
	struct dbi_arena arena;
	struct dbi_display d;
	struct dbrief_error err;
	unsigned regular, bold;
	dbi_color color;         /* of text */
	dbi_len size;
	unsigned face;
	bool rtl;
	bool failed;
};

bool sample_open(struct sample *s);
void sample_close(struct sample *s);
/* An empty display list with its Document element and a first page. */
void sample_begin(struct sample *s);
/* Ends a letter: its memory goes back. */
void sample_end(struct sample *s);

dbi_elem sample_element(struct sample *s, enum dbi_role role, dbi_elem parent);
/* Draws one run, as it is. */
void sample_run(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const struct dbi_run *run, bool space);
/* Draws words and spaces from x, y; returns the x behind them. line_end: a line ends there. */
dbi_len sample_text(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const char *text, bool line_end);
/* The same broken into lines of a width; returns the baseline of the line after. */
dbi_len sample_lines(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, dbi_len width, const char *text);
struct dbi_op *sample_op(struct sample *s, enum dbi_op_kind kind, dbi_elem elem, dbi_len x, dbi_len y);
void sample_rule(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, dbi_len x2, dbi_len y2);

/* The full letter of the speed figures: 3 pages, 60 rows of 4 cells, tags, link, footer. Differs by number. */
void sample_full_letter(struct sample *s, unsigned number);
/* A made-up model of about 9 KB to attach. */
void sample_attachment(struct dbi_buf *out, unsigned number);
/* All streams of a file, unpacked one after the other: what tests look into. */
void sample_unpack(const struct dbi_buf *pdf, struct dbi_buf *text);
void sample_meta(struct dbi_pdf_meta *meta, const struct dbi_buf *attachment);

#endif
