/* SPDX-License-Identifier: MIT */
/* Tables to fragments: a row each; rows taller than a page are cut between lines. */
#include "layout/table.h"

static dbi_len cell_above(const struct dbi_table_cell *c)
{
	return c->style->padding[DBI_TOP] + c->style->border[DBI_TOP].width;
}

static dbi_len cell_below(const struct dbi_table_cell *c)
{
	return c->style->padding[DBI_BOTTOM] + c->style->border[DBI_BOTTOM].width;
}

dbi_len dbi_cell_height(const struct dbi_table_row *row, const struct dbi_table_cell *c)
{
	int64_t h = 0;

	for (uint32_t i = 0; i < c->rowspan; i++)
		h += row[i].height;
	return h < INT32_MAX ? (dbi_len)h : INT32_MAX; /* far beyond what check_joined lets pass */
}

/* A text of one line needs no fragments. */
static int flow_text(struct dbi_lay *l, struct dbi_table_cell *c, dbi_len width, struct dbi_flow *flow)
{
	int status;

	l->line = c->para->line ? (long)c->para->line : l->line;
	status = dbi_para_break(l, c->para, width);
	if (status == DBRIEF_OK && c->para->n_lines == 1)
		c->content = dbi_para_line_height(c->para, 0);
	else if (status == DBRIEF_OK)
		status = dbi_flow_lines(l, flow, c->para->style, c->para, 0, width);
	return status;
}

/* Contents of a cell for its width. `flow` is scratch, shared by all cells of the table. */
static int flow_cell(struct dbi_lay *l, struct dbi_table *t, struct dbi_table_cell *c, struct dbi_flow *flow)
{
	dbi_len width = -dbi_cell_left(t, c) - dbi_cell_right(t, c);
	int status;

	for (unsigned k = 0; k < c->colspan; k++)
		width += t->columns[c->column + k].width;
	if ((c->items || c->para) && width <= 0)
		return dbi_lay_error(
		    l, l->line, "a table column has no width left for text; use fewer columns or less padding");
	flow->n = 0;
	flow->gap = 0;
	flow->keep_next = 0;
	flow->scope = NULL;
	flow->start = true;
	status = c->para ? flow_text(l, c, width, flow) : dbi_flow_items(l, flow, c->items, 0, width);
	if (status != DBRIEF_OK || c->content)
		return status;
	c->content = dbi_flow_stack(flow);
	if (c->content == DBI_FLOW_HIGHEST)
		return dbi_lay_error(l, l->line, "a table cell is more than 1,000 pages long; send this data in another form");
	if (!flow->n)
		return DBRIEF_OK;
	c->frags = dbi_lay_copy(l, flow->frags, flow->n, sizeof(*c->frags));
	if (!c->frags)
		return dbi_lay_memory(l);
	c->n_frags = (uint32_t)flow->n;
	return DBRIEF_OK;
}

/* Baseline of a cell's first line from the top of the cell; 0 when it starts with something else. */
static dbi_len first_base(const struct dbi_table_cell *c)
{
	const struct dbi_para *p;

	if (dbi_cell_is_line(c))
		return c->para->n_lines ? cell_above(c) + dbi_para_line_base(c->para, 0) : 0;
	if (!c->n_frags || c->frags[0].kind != DBI_FRAG_LINE)
		return 0;
	p = c->frags[0].what;
	return cell_above(c) + c->frags[0].y + dbi_para_line_base(p, c->frags[0].index);
}

/* Height of a row; first baselines of its cells are brought on one line. */
static void measure_row(struct dbi_table_row *row)
{
	dbi_len base = 0;

	for (unsigned i = 0; i < row->n_cells; i++) {
		const struct dbi_table_cell *c = &row->cells[i];
		dbi_len b = c->style->valign == DBI_VALIGN_TOP ? first_base(c) : 0;

		base = b > base ? b : base;
	}
	for (unsigned i = 0; i < row->n_cells; i++) {
		struct dbi_table_cell *c = &row->cells[i];
		dbi_len b = c->style->valign == DBI_VALIGN_TOP ? first_base(c) : 0, h;

		c->shift = b ? base - b : 0;
		h = cell_above(c) + c->shift + c->content + cell_below(c);
		if (c->rowspan == 1 && h > row->height)
			row->height = h;
	}
}

/* Cells over several rows make the last of them taller when they need it. */
static void stretch_rows(struct dbi_table *t)
{
	for (uint32_t r = 0; r < t->n_rows; r++)
		for (unsigned i = 0; i < t->rows[r].n_cells; i++) {
			const struct dbi_table_cell *c = &t->rows[r].cells[i];
			dbi_len need = cell_above(c) + c->shift + c->content + cell_below(c), have;

			if (c->rowspan < 2)
				continue;
			have = dbi_cell_height(&t->rows[r], c);
			if (need > have)
				t->rows[r + c->rowspan - 1].height += need - have;
		}
}

static int measure_rows(struct dbi_lay *l, struct dbi_table *t)
{
	struct dbi_flow flow = { .start = true };
	int status = DBRIEF_OK;

	for (uint32_t r = 0; r < t->n_rows && status == DBRIEF_OK; r++) {
		struct dbi_table_row *row = &t->rows[r];

		l->line = row->line ? row->line : l->line;
		for (unsigned i = 0; i < row->n_cells && status == DBRIEF_OK; i++)
			status = flow_cell(l, t, &row->cells[i], &flow);
		if (status == DBRIEF_OK)
			measure_row(row);
	}
	if (t->has_spans)
		stretch_rows(t);
	for (uint32_t r = 0; r < t->n_head; r++)
		t->head_height += t->rows[r].height;
	return status;
}

/* ---- rows taller than a page ---- */

/* Whether a cut at y (from the top of the row) goes through something of a cell. `at` is where to look on, for the next y. */
static bool is_cut(const struct dbi_table_cell *c, dbi_len y, uint32_t *at)
{
	dbi_len top = cell_above(c) + c->shift;

	if (dbi_cell_is_line(c))
		return top < y && top + c->content > y;
	while (*at < c->n_frags && top + c->frags[*at].y + c->frags[*at].height <= y)
		(*at)++;
	if (*at < c->n_frags && c->frags[*at].keep == DBI_KEEP_ROWSPAN)
		return true; /* a cell of an inner table reaches down from above */
	return *at < c->n_frags && top + c->frags[*at].y < y && c->frags[*at].height > 0;
}

static const struct dbi_table_cell *tallest(const struct dbi_table_row *row)
{
	const struct dbi_table_cell *c = &row->cells[0];

	for (unsigned i = 1; i < row->n_cells; i++)
		if (row->cells[i].content > c->content)
			c = &row->cells[i];
	return c;
}

static int add_slice(
    struct dbi_lay *l, struct dbi_flow *f, const struct dbi_table_row *row, dbi_len x, dbi_len from, dbi_len to)
{
	struct dbi_frag *frag = dbi_flow_add(l, f, DBI_FRAG_ROW, row, x, row->table->width, to - from);

	if (!frag)
		return dbi_lay_memory(l);
	frag->from = from;
	frag->to = to;
	return DBRIEF_OK;
}

/* Cuts a row behind the lines of its tallest cell, wherever no other cell is hit. */
static int slice_row(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_table_row *row, dbi_len x)
{
	const struct dbi_table_cell *c = tallest(row);
	uint32_t *at = dbi_arena_calloc(l->arena, row->n_cells, sizeof(*at));
	dbi_len from = 0;
	unsigned lines = 0;
	int status = DBRIEF_OK;

	if (!at)
		return dbi_lay_memory(l);
	for (uint32_t k = 0; k + 2 < c->n_frags && status == DBRIEF_OK; k++) {
		dbi_len y = cell_above(c) + c->shift + c->frags[k].y + c->frags[k].height;
		bool hit = ++lines < 2 || c->frags[k + 1].keep >= DBI_KEEP_LINES;

		for (unsigned i = 0; i < row->n_cells; i++)
			hit = is_cut(&row->cells[i], y, &at[i]) || hit;
		if (hit || y <= from)
			continue;
		status = add_slice(l, f, row, x, from, y);
		from = y;
	}
	return status == DBRIEF_OK ? add_slice(l, f, row, x, from, row->height) : status;
}

/* ---- the fragments ---- */

/* Room a row can have at most: a following page less repeated heads and the boxes around. */
static dbi_len row_room(const struct dbi_lay *l, const struct dbi_flow *f)
{
	dbi_len room = l->body_height;

	for (const struct dbi_scope *s = f->scope; s; s = s->parent)
		room -= s->above + s->below;
	return room;
}

/* A head cell across the whole table: it belongs to the rows below it. */
static bool heads_rows(const struct dbi_lay *l, const struct dbi_table *t, uint32_t r)
{
	const struct dbi_table_cell *c = &t->rows[r].cells[0];

	return r >= t->n_head && t->n_columns > 1 && t->rows[r].n_cells == 1 && c->colspan == t->n_columns &&
	    l->out->elements[c->elem].role == DBI_ROLE_TH;
}

static int32_t row_keep(const struct dbi_lay *l, const struct dbi_table *t, uint32_t r)
{
	uint32_t body = r - t->n_head, n_body = t->n_rows - t->n_head - t->n_foot;

	if (t->rows[r].joined)
		return DBI_KEEP_ROWSPAN;
	if (r < t->n_head)
		return r ? DBI_KEEP_HEADING : DBI_KEEP_NONE;
	if (r && heads_rows(l, t, r - 1))
		return DBI_KEEP_HEADING;
	if (body == 0)
		return t->n_head ? DBI_KEEP_HEADING : DBI_KEEP_NONE;
	if (body >= n_body)
		return DBI_KEEP_BLOCK;
	return body == 1 || body + 1 == n_body ? DBI_KEEP_LOOSE : DBI_KEEP_NONE;
}

/* Rows joined by rowspan cannot be parted, so they must fit on a page. */
static int check_joined(struct dbi_lay *l, const struct dbi_table *t, dbi_len room)
{
	dbi_len height = 0;

	for (uint32_t r = 0; r < t->n_rows && t->has_spans; r++) {
		height = t->rows[r].joined ? height + t->rows[r].height : t->rows[r].height;
		if (t->rows[r].joined && height > room)
			return dbi_lay_error(l, t->rows[r].line,
			    "rows joined by rowspan are higher than a page; end the joined cell earlier");
	}
	return DBRIEF_OK;
}

static int flow_rows(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_table *t, dbi_len x)
{
	dbi_len room = row_room(l, f);
	int status = check_joined(l, t, room);

	for (uint32_t r = 0; r < t->n_rows && status == DBRIEF_OK; r++) {
		const struct dbi_table_row *row = &t->rows[r];
		int32_t keep = row_keep(l, t, r);

		l->line = row->line ? row->line : l->line;
		if (keep > f->keep_next)
			f->keep_next = keep;
		if (row->height > room)
			status = slice_row(l, f, row, x);
		else
			status = add_slice(l, f, row, x, 0, row->height);
	}
	return status;
}

static int open_scope(struct dbi_lay *l, struct dbi_flow *f, struct dbi_table *t, dbi_len x)
{
	struct dbi_scope *s = dbi_arena_calloc(l->arena, 1, sizeof(*s));

	if (!s)
		return dbi_lay_memory(l);
	s->parent = f->scope;
	s->table = t;
	s->x = x;
	s->width = t->width;
	s->above = t->head_height;
	f->scope = s;
	f->opens = true;
	return DBRIEF_OK;
}

static int flow_caption(
    struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *caption, dbi_len x, dbi_len width)
{
	struct dbi_para *p = caption->para;
	int status = dbi_para_break(l, p, width);

	for (uint32_t i = 0; i < p->n_lines && status == DBRIEF_OK; i++) {
		struct dbi_frag *frag = dbi_flow_add(l, f, DBI_FRAG_LINE, p, x, width, dbi_para_line_height(p, i));

		if (!frag)
			return dbi_lay_memory(l);
		frag->index = i;
		f->keep_next = DBI_KEEP_HEADING;
	}
	dbi_flow_margin(f, caption->style->margin[DBI_BOTTOM]);
	return status;
}

int dbi_flow_table(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	struct dbi_table *t = item->table;
	struct dbi_scope *outer = f->scope;
	int status = dbi_table_solve(l, t, width, item->block ? item->block->line : l->line);
	bool repeat;

	if (status == DBRIEF_OK)
		status = measure_rows(l, t);
	if (status == DBRIEF_OK && t->caption)
		status = flow_caption(l, f, t->caption, x, width);
	x += t->rtl && t->width < width ? width - t->width : 0;
	repeat = t->n_head && t->head_height * 5 < l->body_height * 2;
	if (status == DBRIEF_OK && repeat)
		status = open_scope(l, f, t, x);
	if (status == DBRIEF_OK)
		status = flow_rows(l, f, t, x);
	f->scope = outer;
	return status;
}
