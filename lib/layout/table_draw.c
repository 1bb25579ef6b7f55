/* SPDX-License-Identifier: MIT */
/* Rows on paper: backgrounds, contents, rules. Equal rules side by side are drawn as one. */
#include "layout/table.h"

struct row_draw {
	struct dbi_lay *l;
	const struct dbi_table_row *row;
	const struct dbi_frag *frag;
	const struct dbi_spot *spot;
	dbi_len x, y;               /* top left of the whole row, shown or not */
	dbi_elem rules;             /* artifact of what kind */
};

static dbi_len cell_width(const struct dbi_table *t, const struct dbi_table_cell *c)
{
	dbi_len w = 0;

	for (unsigned k = 0; k < c->colspan; k++)
		w += t->columns[c->column + k].width;
	return w;
}

/* The part of from..to of the row that this fragment shows. */
static void clip(const struct row_draw *d, dbi_len *from, dbi_len *to)
{
	if (*from < d->frag->from)
		*from = d->frag->from;
	if (*to > d->frag->to && d->frag->to < d->row->height)
		*to = d->frag->to;
}

static bool draw_background(const struct row_draw *d, const struct dbi_table_cell *c)
{
	const struct dbi_table *t = d->row->table;
	dbi_len from = 0, to = dbi_cell_height(d->row, c);

	if (!c->style->has_background)
		return true;
	clip(d, &from, &to);
	return dbi_draw_rect(d->l, d->spot->page, d->rules, d->x + dbi_cell_x(t, c), d->y + from,
	    cell_width(t, c), to - from, c->style->background);
}

static dbi_len content_top(const struct row_draw *d, const struct dbi_table_cell *c)
{
	const struct dbi_style *s = c->style;
	dbi_len above = s->padding[DBI_TOP] + s->border[DBI_TOP].width;
	bool whole = d->frag->from == 0 && d->frag->to == d->row->height; /* a row cut in parts was cut with all cells at the top */
	dbi_len rest;

	if (!whole || s->valign == DBI_VALIGN_TOP)
		return above + c->shift;
	rest = dbi_cell_height(d->row, c) - above - c->content - s->padding[DBI_BOTTOM] - s->border[DBI_BOTTOM].width;
	return s->valign == DBI_VALIGN_MIDDLE ? above + rest / 2 : above + rest;
}

static int draw_content(const struct row_draw *d, const struct dbi_table_cell *c)
{
	bool whole = d->frag->from == 0 && d->frag->to >= d->row->height;
	dbi_len top = content_top(d, c);
	struct dbi_spot spot = *d->spot;
	uint32_t first = 0, n = c->n_frags;

	spot.x = d->x + dbi_cell_x(d->row->table, c) + dbi_cell_left(d->row->table, c);
	spot.y = d->y + top;
	if (dbi_cell_is_line(c) && (!c->para->n_lines || (!whole && (top < d->frag->from || top >= d->frag->to))))
		return DBRIEF_OK;
	if (dbi_cell_is_line(c))
		return dbi_para_draw_line(d->l, c->para, 0, spot.page, spot.x, spot.y, spot.over);
	if (!whole) {
		while (first < n && top + c->frags[first].y < d->frag->from)
			first++;
		for (n = first; n < c->n_frags && top + c->frags[n].y < d->frag->to; n++)
			;
		n -= first;
	}
	return n ? dbi_draw_frags(d->l, c->frags + first, n, &spot) : DBRIEF_OK;
}

static bool same_edge(const struct dbi_edge *a, const struct dbi_edge *b)
{
	return a->width == b->width && a->color == b->color;
}

struct pending { struct dbi_edge edge; dbi_len x, x2, y; };

static bool flush_rule(const struct row_draw *d, struct pending *p)
{
	bool good = !p->edge.width || dbi_draw_rule(d->l, d->spot->page, d->rules, p->x, p->y, p->x2, p->y, &p->edge);

	p->edge.width = 0;
	return good;
}

static bool extend_rule(
    const struct row_draw *d, struct pending *p, const struct dbi_edge *edge, dbi_len x, dbi_len x2, dbi_len y)
{
	if (p->edge.width && same_edge(&p->edge, edge) && p->x2 == x && p->y == y) {
		p->x2 = x2;
		return true;
	}
	if (p->edge.width && same_edge(&p->edge, edge) && p->x == x2 && p->y == y) { /* columns from right to left */
		p->x = x;
		return true;
	}
	if (!flush_rule(d, p))
		return false;
	*p = (struct pending){ *edge, x, x2, y };
	return true;
}

static bool draw_upright(
    const struct row_draw *d, const struct dbi_edge *edge, dbi_len x, dbi_len from, dbi_len to)
{
	return !edge->width || dbi_draw_rule(d->l, d->spot->page, d->rules, x, d->y + from, x, d->y + to, edge);
}

/* The style of all cells of a row whose rules run through from end to end; NULL when they are drawn cell by cell. */
static const struct dbi_style *common_style(const struct dbi_table_row *row)
{
	const struct dbi_style *s = row->n_cells && !row->table->has_spans ? row->cells[0].style : NULL;

	if (!s || s->border[DBI_LEFT].width || s->border[DBI_RIGHT].width)
		return NULL;
	for (unsigned i = 1; i < row->n_cells; i++)
		if (row->cells[i].style != s)
			return NULL;
	return s;
}

static bool draw_common_edges(const struct row_draw *d, const struct dbi_style *s)
{
	const struct dbi_table *t = d->row->table;
	const struct dbi_table_cell *a = d->row->cells, *b = a + d->row->n_cells - 1;
	const struct dbi_table_cell *left = t->rtl ? b : a, *right = t->rtl ? a : b;
	const struct dbi_edge *top = &s->border[DBI_TOP], *bottom = &s->border[DBI_BOTTOM];
	dbi_len x = d->x + dbi_cell_x(t, left), x2 = d->x + dbi_cell_x(t, right) + cell_width(t, right);
	dbi_len y = d->y + top->width / 2, y2 = d->y + d->row->height - bottom->width / 2;

	if (top->width && d->frag->from == 0 && !dbi_draw_rule(d->l, d->spot->page, d->rules, x, y, x2, y, top))
		return false;
	return !bottom->width || d->frag->to != d->row->height ||
	    dbi_draw_rule(d->l, d->spot->page, d->rules, x, y2, x2, y2, bottom);
}

/* Upper and lower rules belong to the first and last part of a row; upright ones to each. */
static bool draw_edges(const struct row_draw *d)
{
	const struct dbi_table *t = d->row->table;
	struct pending top = { .x = 0 }, bottom = { .x = 0 };
	const struct dbi_style *common = common_style(d->row);

	if (common)
		return draw_common_edges(d, common);
	for (unsigned i = 0; i < d->row->n_cells; i++) {
		const struct dbi_table_cell *c = &d->row->cells[i];
		const struct dbi_edge *e = c->style->border;
		dbi_len x = d->x + dbi_cell_x(t, c), x2 = x + cell_width(t, c),
			height = dbi_cell_height(d->row, c), from = 0, to = height;

		clip(d, &from, &to);
		if (e[DBI_TOP].width && d->frag->from == 0 &&
		    !extend_rule(d, &top, &e[DBI_TOP], x, x2, d->y + e[DBI_TOP].width / 2))
			return false;
		if (e[DBI_BOTTOM].width && d->frag->to == d->row->height &&
		    !extend_rule(d, &bottom, &e[DBI_BOTTOM], x, x2, d->y + height - e[DBI_BOTTOM].width / 2))
			return false;
		if (!draw_upright(d, &e[DBI_LEFT], x + e[DBI_LEFT].width / 2, from, to) ||
		    !draw_upright(d, &e[DBI_RIGHT], x2 - e[DBI_RIGHT].width / 2, from, to))
			return false;
	}
	return flush_rule(d, &top) && flush_rule(d, &bottom);
}

/* Background and lower rule of the row itself. */
static bool draw_row_style(const struct row_draw *d)
{
	const struct dbi_style *s = d->row->style;
	dbi_len from = 0, to = d->row->height, width = d->row->table->width;

	if (!s || (!s->has_background && !s->border[DBI_BOTTOM].width && !s->border[DBI_TOP].width))
		return true;
	clip(d, &from, &to);
	if (s->has_background &&
	    !dbi_draw_rect(d->l, d->spot->page, d->rules, d->x, d->y + from, width, to - from, s->background))
		return false;
	if (s->border[DBI_TOP].width && from == 0 &&
	    !dbi_draw_rule(d->l, d->spot->page, d->rules, d->x, d->y, d->x + width, d->y, &s->border[DBI_TOP]))
		return false;
	return !s->border[DBI_BOTTOM].width || to < d->row->height ||
	    dbi_draw_rule(d->l, d->spot->page, d->rules, d->x, d->y + to, d->x + width, d->y + to,
		&s->border[DBI_BOTTOM]);
}

int dbi_draw_row(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot)
{
	const struct dbi_table_row *row = f->what;
	struct row_draw d = { l, row, f, spot, spot->x + f->x, spot->y + f->y - f->from,
		spot->over ? spot->over : DBI_ELEM_ARTIFACT };
	int status = DBRIEF_OK;

	if (!draw_row_style(&d))
		return dbi_lay_memory(l);
	for (unsigned i = 0; row->table->has_backgrounds && i < row->n_cells; i++)
		if (!draw_background(&d, &row->cells[i]))
			return dbi_lay_memory(l);
	for (unsigned i = 0; i < row->n_cells && status == DBRIEF_OK; i++)
		status = draw_content(&d, &row->cells[i]);
	if (status == DBRIEF_OK && row->table->has_edges && !draw_edges(&d))
		status = dbi_lay_memory(l);
	return status;
}

int dbi_draw_head(struct dbi_lay *l, const struct dbi_table *t, const struct dbi_spot *spot)
{
	dbi_len y = 0;
	int status = DBRIEF_OK;

	for (uint32_t r = 0; r < t->n_head && status == DBRIEF_OK; r++) {
		struct dbi_frag f = { .what = &t->rows[r], .kind = DBI_FRAG_ROW, .y = y, .to = t->rows[r].height };

		status = dbi_draw_row(l, &f, spot);
		y += t->rows[r].height;
	}
	return status;
}
