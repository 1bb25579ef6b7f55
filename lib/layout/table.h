/* SPDX-License-Identifier: MIT */
/* Tables: rows of cells with contents, column widths found from them. Lists of pairs are tables of two columns. */
#ifndef DBI_LAYOUT_TABLE_H
#define DBI_LAYOUT_TABLE_H

#include "layout/flow.h"

#define DBI_MAX_COLUMNS 64

/* Most cells hold a text and nothing else: then there is a paragraph and no items, and no fragments as long as it has one line. */
struct dbi_table_cell {
	struct dbi_para *para;
	struct dbi_item *items;
	const struct dbi_style *style;
	struct dbi_frag *frags;     /* stacked: y from the top of the content */
	uint32_t n_frags;
	uint16_t column, colspan;
	uint32_t rowspan;
	dbi_elem elem;
	dbi_len content;            /* height of the content */
	dbi_len shift;              /* of the content, so that first baselines agree */
};

struct dbi_table_row {
	struct dbi_table *table;
	struct dbi_table_cell *cells;
	const struct dbi_style *style;
	uint16_t n_cells, covered;  /* covered: columns, by its cells and those that reach down into it */
	dbi_elem elem;
	bool joined;                /* to the row above by a rowspan */
	dbi_len height;
	long line;
};

struct dbi_column {
	dbi_len min, max;           /* with padding */
	enum dbi_width_kind kind; dbi_len wish; /* width of the first row's cell */
	dbi_len x, width;
};

struct dbi_table {
	const struct dbi_style *style;
	struct dbi_item *caption;
	struct dbi_table_row *rows; /* head, body, foot */
	uint32_t n_rows, n_head, n_foot;
	struct dbi_column *columns;
	unsigned n_columns;
	dbi_len width;
	dbi_len head_height;
	bool pairs;                 /* dl: first column as wide as its content, up to two fifths */
	bool flush;                 /* no cell has a background or upright border: text is flush with the margins */
	bool has_spans;
	bool has_backgrounds, has_edges; /* of rows or cells */
	bool rtl;                   /* the first column stands at the right */
};

static inline bool dbi_cell_is_last(const struct dbi_table *t, const struct dbi_table_cell *c)
{
	return c->column + c->colspan >= t->n_columns;
}
/*
 * Cell paddings, without those at the outer edges of a flush table. They are those before and behind the text, so they
 * change sides with the columns; borders stay where they are drawn.
 */
static inline dbi_len dbi_cell_left(const struct dbi_table *t, const struct dbi_table_cell *c)
{
	return t->flush && (t->rtl ? dbi_cell_is_last(t, c) : c->column == 0) ? 0
	    : c->style->padding[t->rtl ? DBI_RIGHT : DBI_LEFT] + c->style->border[DBI_LEFT].width;
}
static inline dbi_len dbi_cell_right(const struct dbi_table *t, const struct dbi_table_cell *c)
{
	return t->flush && (t->rtl ? c->column == 0 : dbi_cell_is_last(t, c)) ? 0
	    : c->style->padding[t->rtl ? DBI_LEFT : DBI_RIGHT] + c->style->border[DBI_RIGHT].width;
}
/* Whether a cell holds one line of text, and no fragments. */
static inline bool dbi_cell_is_line(const struct dbi_table_cell *c)
{
	return c->para && !c->n_frags;
}
/* Left edge of a cell in its table. */
static inline dbi_len dbi_cell_x(const struct dbi_table *t, const struct dbi_table_cell *c)
{
	return t->columns[t->rtl ? c->column + c->colspan - 1 : c->column].x;
}
/* Column widths for the room there is. */
int dbi_table_solve(struct dbi_lay *l, struct dbi_table *t, dbi_len width, long line);
/* Height of a cell over all rows it spans. */
dbi_len dbi_cell_height(const struct dbi_table_row *row, const struct dbi_table_cell *c);

#endif
