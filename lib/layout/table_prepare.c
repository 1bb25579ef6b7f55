/* SPDX-License-Identifier: MIT */
/* Tables: cells to their places, contents shaped, what columns need at least and at best. */
#include <string.h>

#include "layout/table.h"
#include "layout/text.h"

struct placer {
	struct dbi_lay *l;
	struct dbi_table *t;
	const char *lang;
	uint32_t busy[DBI_MAX_COLUMNS]; /* rows a cell above still reaches down */
	const struct dbi_style *seen;   /* last style looked at */
	const struct dbi_style *bare;   /* last one found to put nothing around a text */
	struct dbi_table_row *at;
};

static void look_at_style(struct placer *p, const struct dbi_style *s)
{
	const struct dbi_edge *e = s->border;
	struct dbi_table *t = p->t;

	if (s == p->seen)
		return;
	if (s->has_background || e[DBI_LEFT].width || e[DBI_RIGHT].width)
		t->flush = false;
	t->has_backgrounds |= s->has_background;
	t->has_edges |= e[DBI_TOP].width || e[DBI_RIGHT].width || e[DBI_BOTTOM].width || e[DBI_LEFT].width;
	p->seen = s;
}

static int too_wide(struct placer *p, long line)
{
	return dbi_lay_error(p->l, line,
	    "a table has more than %d columns, cells that span rows counted; split it", DBI_MAX_COLUMNS);
}

static int cell_element(
    struct placer *p, const struct dbi_cell *src, struct dbi_table_cell *c, dbi_elem row, bool in_head)
{
	bool pairs = p->t->pairs;
	enum dbi_role role = pairs ? (src->head ? DBI_ROLE_LBL : DBI_ROLE_LBODY)
	    : src->head || in_head ? DBI_ROLE_TH
				   : DBI_ROLE_TD;
	struct dbi_element *e;

	if (!dbi_lay_element(p->l, role, row, src->lang, &c->elem))
		return dbi_lay_memory(p->l);
	e = &p->l->out->elements[c->elem];
	e->colspan = c->colspan;
	e->rowspan = (uint16_t)c->rowspan;
	e->scope = role != DBI_ROLE_TH ? 0 : in_head ? 1 : 2;
	return DBRIEF_OK;
}

/* A row is done: cells from above end or reach one row less far. */
static void leave_row(struct placer *p, struct dbi_table_row *row)
{
	for (unsigned k = 0; k < p->t->n_columns; k++) {
		row->covered = (uint16_t)(row->covered + (p->busy[k] > 0));
		row->joined |= p->busy[k] > 1;
		p->busy[k] -= p->busy[k] > 0;
	}
}

/* All rows of a tagged table have the same number of columns: short ones get cells without content. */
static bool fill_rows(struct placer *p)
{
	dbi_elem cell;

	for (uint32_t i = 0; i < p->t->n_rows; i++)
		for (unsigned k = p->t->rows[i].covered; k < p->t->n_columns; k++)
			if (!dbi_lay_element(p->l, DBI_ROLE_TD, p->t->rows[i].elem, NULL, &cell))
				return false;
	return true;
}

/* A block that is a text with nothing around it and no element of its own. */
static bool is_bare(struct placer *p, const struct dbi_block *b)
{
	const struct dbi_style *s;

	if (!b || b->next || b->kind != DBI_BLOCK_P || !b->anonymous || b->lang)
		return false;
	s = b->style;
	if (s == p->bare)
		return true;
	for (int side = 0; side < 4; side++)
		if (s->margin[side] || s->padding[side] || s->border[side].width)
			return false;
	if (s->has_background || s->width_kind != DBI_WIDTH_AUTO || s->keep_together || s->page_before)
		return false;
	p->bare = s;
	return true;
}

static int cell_content(struct placer *p, const struct dbi_cell *cell, struct dbi_table_cell *c)
{
	const char *lang = cell->lang ? cell->lang : p->lang;
	const struct dbi_block *b = cell->text_style ? NULL : cell->blocks;

	if (cell->text_style) {
		p->l->line = cell->text ? (long)cell->line : p->l->line;
		return cell->text ? dbi_para_build(p->l, cell->text, cell->text_style, lang, c->elem, &c->para) : DBRIEF_OK;
	}
	if (!is_bare(p, b))
		return dbi_prepare_blocks(p->l, b, lang, c->elem, true, &c->items);
	p->l->line = b->line;
	return dbi_para_build(p->l, b->spans, b->style, lang, c->elem, &c->para);
}

/* One row; left: how many rows of its group are still to come, itself included. */
static int place_row(struct placer *p, const struct dbi_row *src, dbi_elem group, uint32_t left, bool in_head)
{
	struct dbi_table_row *row = p->at++;
	const struct dbi_cell *cell = src->cells;
	unsigned column = 0;
	int status = DBRIEF_OK;

	row->table = p->t;
	row->style = src->style;
	row->line = src->line;
	for (const struct dbi_cell *c = cell; c; c = c->next)
		row->n_cells++;
	row->cells = dbi_arena_calloc(p->l->arena, row->n_cells, sizeof(*row->cells));
	if (!row->cells || !dbi_lay_element(p->l, p->t->pairs ? DBI_ROLE_LI : DBI_ROLE_TR, group, NULL, &row->elem))
		return dbi_lay_memory(p->l);
	if (row->style)
		look_at_style(p, row->style);
	for (unsigned i = 0; i < row->n_cells && status == DBRIEF_OK; i++, cell = cell->next) {
		struct dbi_table_cell *c = &row->cells[i];

		while (column < DBI_MAX_COLUMNS && p->busy[column])
			column++;
		if (column + cell->colspan > DBI_MAX_COLUMNS)
			return too_wide(p, src->line);
		c->style = cell->style;
		c->column = (uint16_t)column;
		c->colspan = (uint16_t)cell->colspan;
		c->rowspan = cell->rowspan < left ? cell->rowspan : left;
		for (unsigned k = 0; k < c->colspan; k++) {
			if (p->busy[column + k])
				return dbi_lay_error(p->l, src->line, "a cell with colspan reaches into one with rowspan; correct the spans");
			p->busy[column + k] = c->rowspan;
		}
		column += c->colspan;
		p->t->n_columns = column > p->t->n_columns ? column : p->t->n_columns;
		p->t->has_spans |= c->colspan > 1 || c->rowspan > 1;
		look_at_style(p, c->style);
		status = cell_element(p, cell, c, row->elem, in_head);
		p->l->line = src->line;
		if (status == DBRIEF_OK)
			status = cell_content(p, cell, c);
	}
	leave_row(p, row);
	return status;
}

static int place_group(
    struct placer *p, const struct dbi_row *rows, enum dbi_role role, dbi_elem table, uint32_t *count)
{
	dbi_elem group = table;
	uint32_t left = 0;
	int status = DBRIEF_OK;

	for (const struct dbi_row *r = rows; r; r = r->next)
		left++;
	*count = left;
	if (left && !p->t->pairs && !dbi_lay_element(p->l, role, table, NULL, &group))
		return dbi_lay_memory(p->l);
	for (const struct dbi_row *r = rows; r && status == DBRIEF_OK; r = r->next)
		status = place_row(p, r, group, left--, role == DBI_ROLE_THEAD);
	return status;
}

/* A row is joined to the one above when that one reaches down into it. */
static void shift_joined(struct dbi_table *t)
{
	for (uint32_t i = t->n_rows; i-- > 0;)
		t->rows[i].joined = i > 0 && t->rows[i - 1].joined;
}

static void measure_cell(struct dbi_table *t, const struct dbi_table_cell *c, dbi_len *min, dbi_len *max)
{
	dbi_len pad = dbi_cell_left(t, c) + dbi_cell_right(t, c);

	if (c->para) {
		*min = c->para->min;
		*max = c->para->max + c->para->style->indent;
	} else {
		dbi_items_widths(c->items, min, max);
	}
	*min += pad;
	*max += pad;
}

/* What a cell over several columns needs more than they have is shared out. */
static void widen_spanned(struct dbi_table *t, const struct dbi_table_cell *c)
{
	dbi_len min, max;
	int64_t have_min = 0, have_max = 0, n = c->colspan;

	measure_cell(t, c, &min, &max);
	for (unsigned k = 0; k < c->colspan; k++) {
		have_min += t->columns[c->column + k].min;
		have_max += t->columns[c->column + k].max;
	}
	for (unsigned k = 0; k < c->colspan; k++) {
		struct dbi_column *column = &t->columns[c->column + k];

		/* In proportion to what they have, so that a narrow column stays narrow. */
		if (min > have_min)
			column->min += (dbi_len)(have_min > 0 ? (min - have_min) * column->min / have_min + 1 : (min - have_min + n - 1) / n);
		if (max > have_max)
			column->max += (dbi_len)(have_max > 0 ? (max - have_max) * column->max / have_max + 1 : (max - have_max + n - 1) / n);
	}
}

static void measure_columns(struct dbi_table *t)
{
	for (uint32_t r = 0; r < t->n_rows; r++)
		for (unsigned i = 0; i < t->rows[r].n_cells; i++) {
			const struct dbi_table_cell *c = &t->rows[r].cells[i];
			struct dbi_column *column = &t->columns[c->column];
			dbi_len min, max;

			if (c->colspan > 1)
				continue;
			measure_cell(t, c, &min, &max);
			column->min = min > column->min ? min : column->min;
			column->max = max > column->max ? max : column->max;
			if (c->style->width_kind != DBI_WIDTH_AUTO && column->kind == DBI_WIDTH_AUTO && (r == 0 || r == t->n_head)) {
				column->kind = c->style->width_kind;
				column->wish = c->style->width;
			}
		}
	for (uint32_t r = 0; t->has_spans && r < t->n_rows; r++)
		for (unsigned i = 0; i < t->rows[r].n_cells; i++)
			if (t->rows[r].cells[i].colspan > 1)
				widen_spanned(t, &t->rows[r].cells[i]);
}

static int prepare_caption(
    struct dbi_lay *l, struct dbi_table *t, const struct dbi_block *caption, const char *lang, dbi_elem table)
{
	struct dbi_item *item = t->caption = dbi_arena_calloc(l->arena, 1, sizeof(*item));

	if (!item)
		return dbi_lay_memory(l);
	item->block = caption;
	item->style = caption->style;
	l->line = caption->line;
	if (!dbi_lay_element(l, DBI_ROLE_CAPTION, table, caption->lang, &item->elem))
		return dbi_lay_memory(l);
	return dbi_para_build(
	    l, caption->spans, caption->style, caption->lang ? caption->lang : lang, item->elem, &item->para);
}

static int prepare_rows(struct dbi_lay *l, struct dbi_item *item, const struct dbi_row *head,
    const struct dbi_row *body, const struct dbi_row *foot, const char *lang)
{
	struct dbi_table *t = item->table;
	struct placer p = { .l = l, .t = t, .lang = lang };
	const struct dbi_row *const groups[] = { head, body, foot };
	uint32_t n = 0, n_body;
	int status;

	for (size_t g = 0; g < 3; g++)
		for (const struct dbi_row *r = groups[g]; r; r = r->next)
			n++;
	t->rows = p.at = dbi_arena_calloc(l->arena, n, sizeof(*t->rows));
	if (!t->rows)
		return dbi_lay_memory(l);
	t->n_rows = n;
	t->flush = true;
	status = place_group(&p, head, DBI_ROLE_THEAD, item->elem, &t->n_head);
	if (status == DBRIEF_OK)
		status = place_group(&p, body, DBI_ROLE_TBODY, item->elem, &n_body);
	if (status == DBRIEF_OK)
		status = place_group(&p, foot, DBI_ROLE_TBODY, item->elem, &t->n_foot);
	if (status != DBRIEF_OK)
		return status;
	if (!t->pairs && !fill_rows(&p))
		return dbi_lay_memory(l);
	t->columns = dbi_arena_calloc(l->arena, t->n_columns, sizeof(*t->columns));
	if (!t->columns)
		return dbi_lay_memory(l);
	shift_joined(t);
	measure_columns(t);
	for (unsigned k = 0; k < t->n_columns; k++) {
		item->min = item->min < DBI_WIDEST - t->columns[k].min ? item->min + t->columns[k].min : DBI_WIDEST;
		item->max = item->max < DBI_WIDEST - t->columns[k].max ? item->max + t->columns[k].max : DBI_WIDEST;
	}
	return DBRIEF_OK;
}

static struct dbi_table *new_table(struct dbi_lay *l, struct dbi_item *item, const char *lang)
{
	struct dbi_table *t = item->table = dbi_arena_calloc(l->arena, 1, sizeof(*t));

	if (!t)
		return NULL;
	t->style = item->style;
	t->rtl = dbi_text_is_rtl_lang(lang);
	return t;
}

int dbi_prepare_table(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent)
{
	const struct dbi_block *b = item->block;
	struct dbi_table *t = new_table(l, item, lang);
	int status = DBRIEF_OK;

	if (!t || !dbi_lay_element(l, DBI_ROLE_TABLE, parent, b->lang, &item->elem))
		return dbi_lay_memory(l);
	if (b->caption)
		status = prepare_caption(l, t, b->caption, lang, item->elem);
	return status == DBRIEF_OK ? prepare_rows(l, item, b->head, b->rows, b->foot, lang) : status;
}

int dbi_prepare_pairs(
    struct dbi_lay *l, struct dbi_item *item, struct dbi_row *rows, const char *lang, dbi_elem parent)
{
	struct dbi_table *t = new_table(l, item, lang);

	if (!t || !dbi_lay_element(l, DBI_ROLE_L, parent, item->block ? item->block->lang : NULL, &item->elem))
		return dbi_lay_memory(l);
	t->pairs = true;
	return prepare_rows(l, item, NULL, rows, NULL, lang);
}

static struct dbi_cell *pair_cell(struct dbi_lay *l, const struct dbi_block *b, bool term)
{
	struct dbi_cell *c = dbi_arena_calloc(l->arena, 1, sizeof(*c));

	if (!c)
		return NULL;
	c->head = term;
	c->colspan = c->rowspan = 1;
	c->style = b->style;
	c->lang = b->lang;
	c->blocks = b->children;
	return c;
}

/* A term and the first text behind it make a row; more texts stand below without a term. */
int dbi_dl_rows(struct dbi_lay *l, const struct dbi_block *dl, struct dbi_row **rows)
{
	static const struct dbi_block nothing;

	for (const struct dbi_block *b = dl->children; b;) {
		struct dbi_row *row = dbi_arena_calloc(l->arena, 1, sizeof(*row));
		bool term = b->kind == DBI_BLOCK_DT;
		struct dbi_block empty = nothing;

		if (!row)
			return dbi_lay_memory(l);
		empty.style = dl->children->style;
		row->line = b->line;
		row->cells = pair_cell(l, term ? b : &empty, true);
		b = term ? b->next : b;
		if (row->cells && b && b->kind == DBI_BLOCK_DD) {
			row->cells->next = pair_cell(l, b, false);
			if (!row->cells->next)
				return dbi_lay_memory(l);
			b = b->next;
		}
		if (!row->cells)
			return dbi_lay_memory(l);
		*rows = row;
		rows = &row->next;
	}
	return DBRIEF_OK;
}
