/* SPDX-License-Identifier: MIT */
/* The parts of the first page at their places. */
#include <string.h>

#include "layout/frame.h"
#include "layout/text.h"

#define LEFT        DBI_MM100(2500)
#define RIGHT       DBI_MM100(19000)
#define TEXT_WIDTH  (RIGHT - LEFT)
#define LINE        DBI_MM100(423)
#define FONT_OF_LINE(line) ((dbi_len)((int64_t)(line) * DBI_PT(12.5) / DBI_PT(11.99))) /* largest font: 12.5 pt in 4.23 mm */
#define BODY_TOP    DBI_MM100(2200)   /* of a following page */
#define BODY_BOTTOM DBI_MM100(27700)
#define FOOT_BOTTOM DBI_MM100(28700)  /* lower edge of the footer */
#define FOOT_MOST   DBI_MM100(6000)
#define FOOT_RULE   DBI_PT(5)         /* from the hairline to the text below it */
#define GUTTER      DBI_PT(12)        /* between columns of the footer, at least */
#define MARK_X      DBI_MM100(500)
#define MARK_FOLD   DBI_MM100(250)
#define MARK_HOLE   DBI_MM100(400)
#define MARK_COLOR  0x808080
#define REPORT_GAP  DBI_MM100(800)    /* from the letterhead of a report to its title */

dbi_len dbi_frame_height(void)
{
	return BODY_BOTTOM - BODY_TOP;
}

/* ---- prepare ---- */

/* `wrap`: a long line may go on in the next one, at a space. */
static int prepare_line(struct dbi_lay *l, const struct dbi_form *form, const char *part, const char *text,
    const struct dbi_style *style, bool wrap, dbi_elem elem, struct dbi_para **para)
{
	dbi_len room = strcmp(part, "return-address") ? form->line_width : form->return_width, width, widest = 0, high = wrap ? dbi_form_line(form, DBI_ADDRESS_LINES) : LINE;
	bool bidi = dbi_text_look(text, strlen(text)) & DBI_TEXT_BIDI;
	/* An address is read as it is written, whatever the language of the letter: "34117 Kassel", not the other way round. */
	int status = dbi_para_build_text(l, text, style, dbi_text_is_rtl_lang(l->letter->lang) && !bidi ? "und" : l->letter->lang, elem, para);

	if (status != DBRIEF_OK)
		return status;
	if ((*para)->empty)
		return dbi_lay_error(l, 0, "a line of <%s> shows nothing; fill it or leave it out", part);
	if (style->size > FONT_OF_LINE(high))
		return dbi_lay_error(l, 0, "the font of <%s> is too large for its lines of " DBI_MM_FMT "; use %ld.%ldpt or less", part,
		    DBI_MM_ARGS(high), (long)FONT_OF_LINE(high) / 1000, (long)FONT_OF_LINE(high) / 100 % 10);
	width = wrap ? (*para)->min : (*para)->max;
	if (width > room)
		return dbi_lay_error(l, 0,
		    "a line of <%s> is " DBI_MM_FMT " wide, " DBI_MM_FMT
		    " fit in the window; shorten it or divide it",
		    part, DBI_MM_ARGS(width), DBI_MM_ARGS(room));
	status = dbi_para_break(l, *para, room);
	for (uint32_t i = 0; i < (*para)->n_lines && status == DBRIEF_OK; i++) {
		if (dbi_para_line_width(*para, i) > widest)
			widest = dbi_para_line_width(*para, i);
		if ((*para)->rtl)
			(*para)->width = widest; /* flush left in the window, as posts ask for */
	}
	return status;
}

static int prepare_remark(struct dbi_lay *l, struct dbi_front *f, dbi_elem root)
{
	dbi_elem elem;
	int status = DBRIEF_OK;

	if (!l->letter->remark)
		return DBRIEF_OK;
	if (!dbi_lay_element(l, DBI_ROLE_P, root, NULL, &elem))
		return dbi_lay_memory(l);
	for (const struct dbi_line *line = l->letter->remark; line && status == DBRIEF_OK; line = line->next) {
		if (f->n_remark == f->form.remarks)
			return dbi_lay_error(l, 0, "<remark> has more than %u lines, and no more have room above the address; shorten it",
			    f->form.remarks);
		status = prepare_line(
		    l, &f->form, "remark", line->text, l->letter->remark_style, false, elem, &f->remark[f->n_remark++]);
	}
	return status;
}

static int prepare_recipient(struct dbi_lay *l, struct dbi_front *f, dbi_elem root)
{
	dbi_elem elem;
	unsigned n = 0;
	int status = DBRIEF_OK;

	if (!f->form.window)
		return DBRIEF_OK;
	for (const struct dbi_line *line = l->letter->recipient; line; line = line->next)
		n++;
	if (n > DBI_ADDRESS_LINES)
		return dbi_lay_error(l, 0, "the address has %u lines, the window takes six; shorten it", n);
	n = 0;
	f->recipient = dbi_arena_calloc(l->arena, DBI_ADDRESS_LINES, sizeof(*f->recipient));
	if (!f->recipient || !dbi_lay_element(l, DBI_ROLE_P, root, NULL, &elem))
		return dbi_lay_memory(l);
	for (const struct dbi_line *line = l->letter->recipient; line && status == DBRIEF_OK; line = line->next) {
		status = prepare_line(l, &f->form, "recipient", line->text, l->letter->recipient_style, true, elem,
		    &f->recipient[f->n_recipient]);
		n += status == DBRIEF_OK ? f->recipient[f->n_recipient++]->n_lines : 0;
	}
	f->line = dbi_form_line(&f->form, n);
	if (status == DBRIEF_OK && n > DBI_ADDRESS_LINES)
		return dbi_lay_error(l, 0,
		    "the address takes %u lines, as long ones are divided, and the window takes six; shorten it",
		    n);
	return status;
}

/* The info block as rows of label and value. */
static int info_rows(struct dbi_lay *l, struct dbi_row **rows)
{
	for (const struct dbi_info_item *i = l->letter->info; i; i = i->next) {
		struct dbi_row *row = dbi_arena_calloc(l->arena, 1, sizeof(*row));
		struct dbi_cell *cells = dbi_arena_calloc(l->arena, 2, sizeof(*cells));
		struct dbi_block *label = dbi_arena_calloc(l->arena, 1, sizeof(*label));
		struct dbi_span *span = dbi_arena_calloc(l->arena, 1, sizeof(*span));

		if (!row || !cells || !label || !span)
			return dbi_lay_memory(l);
		span->text = i->label;
		span->len = (uint32_t)strlen(i->label);
		span->style = l->letter->info_label_style;
		*label = (struct dbi_block){ .kind = DBI_BLOCK_P, .anonymous = true, .style = span->style, .spans = span, .line = i->value->line };
		i->value->anonymous = true;
		cells[0] = (struct dbi_cell){ .blocks = label, .head = true, .colspan = 1, .rowspan = 1, .style = span->style, .next = &cells[1] };
		cells[1] = (struct dbi_cell){ .blocks = i->value, .colspan = 1, .rowspan = 1, .style = i->value->style, .lang = i->value->lang };
		row->cells = cells;
		row->line = i->value->line;
		*rows = row;
		rows = &row->next;
	}
	return DBRIEF_OK;
}

static int prepare_info(struct dbi_lay *l, struct dbi_front *f, dbi_elem root)
{
	struct dbi_row *rows = NULL;
	struct dbi_block *block = dbi_arena_calloc(l->arena, 1, sizeof(*block));
	int status;

	if (!l->letter->info)
		return DBRIEF_OK;
	f->info = dbi_arena_calloc(l->arena, 1, sizeof(*f->info));
	if (!f->info || !block)
		return dbi_lay_memory(l);
	block->kind = DBI_BLOCK_DL;
	block->style = l->letter->info_style;
	f->info->block = block;
	f->info->style = block->style;
	status = info_rows(l, &rows);
	return status == DBRIEF_OK ? dbi_prepare_pairs(l, f->info, rows, l->letter->lang, root) : status;
}

int dbi_front_prepare(struct dbi_lay *l, struct dbi_front *f, dbi_elem root)
{
	const struct dbi_letter *letter = l->letter;
	dbi_elem elem;
	int status;

	status = dbi_form_of_letter(l, &f->form);
	if (status != DBRIEF_OK)
		return status;
	status = dbi_prepare_blocks(l, letter->letterhead, letter->lang, root, false, &f->letterhead);
	l->line = 0;
	if (status == DBRIEF_OK && letter->return_address) {
		if (!dbi_lay_element(l, DBI_ROLE_P, root, NULL, &elem))
			return dbi_lay_memory(l);
		status = prepare_line(l, &f->form, "return-address", letter->return_address, letter->return_style, false,
		    elem, &f->return_address);
	}
	if (status == DBRIEF_OK)
		status = prepare_remark(l, f, root);
	if (status == DBRIEF_OK)
		status = prepare_recipient(l, f, root);
	return status == DBRIEF_OK ? prepare_info(l, f, root) : status;
}

int dbi_front_prepare_footer(struct dbi_lay *l, struct dbi_front *f, dbi_elem root)
{
	int status = DBRIEF_OK;

	for (unsigned i = 0; i < l->letter->n_footer && status == DBRIEF_OK; i++)
		status = dbi_prepare_blocks(l, l->letter->footer[i], l->letter->lang, root, false, &f->footer[i]);
	return status;
}

/* ---- draw ---- */

static bool draw_mark(struct dbi_lay *l, dbi_len y, dbi_len length)
{
	static const struct dbi_edge edge = { 250, MARK_COLOR };

	return dbi_draw_rule(l, 0, DBI_ELEM_ARTIFACT, MARK_X, y, MARK_X + length, y, &edge);
}

static int draw_letterhead(struct dbi_lay *l, struct dbi_front *f)
{
	struct dbi_flow flow = { .start = true };
	struct dbi_spot spot = { 0, LEFT, f->form.head_top, 0 };
	dbi_len height;
	int status = dbi_flow_items(l, &flow, f->letterhead, 0, TEXT_WIDTH);

	if (status != DBRIEF_OK)
		return status;
	height = dbi_flow_stack(&flow);
	f->head_height = height;
	if (height > f->form.head_bottom - spot.y)
		return dbi_lay_error(l, f->letterhead->block->line,
		    "the letterhead is " DBI_MM_FMT " high, " DBI_MM_FMT
		    " are there above the address; make it smaller",
		    DBI_MM_ARGS(height), DBI_MM_ARGS(f->form.head_bottom - spot.y));
	return dbi_draw_frags(l, flow.frags, flow.n, &spot);
}

/* Small, on the last line of its zone, with a hairline below. */
static int draw_return_address(struct dbi_lay *l, struct dbi_front *f)
{
	const struct dbi_para *p = f->return_address;
	dbi_len bottom = f->form.return_bottom - DBI_PT(1), left = f->form.line_left;
	const struct dbi_edge *edge;

	if (!p)
		return DBRIEF_OK;
	if (f->form.return_follows)
		bottom -= LINE * (dbi_len)f->n_remark;
	edge = &p->style->border[DBI_BOTTOM];
	if (edge->width && !dbi_draw_rule(l, 0, DBI_ELEM_ARTIFACT, left, bottom, left + f->form.return_width, bottom, edge))
		return dbi_lay_memory(l);
	return dbi_para_draw_line(l, p, 0, 0, left, bottom - dbi_para_line_height(p, 0) - DBI_PT(0.5), 0);
}

/* Remarks stand on the address, the address starts at the top of its zone, in lines of 4.23 mm or a little less. */
static int draw_address(struct dbi_lay *l, struct dbi_front *f)
{
	dbi_len left = f->form.line_left, row = f->form.address_top;
	int status = DBRIEF_OK;

	for (unsigned i = 0; i < f->n_remark && status == DBRIEF_OK; i++)
		status = dbi_para_draw_line(l, f->remark[i], 0, 0, left, f->form.remark_bottom - LINE * (dbi_len)(f->n_remark - i), 0);
	for (unsigned i = 0; i < f->n_recipient; i++)
		for (uint32_t k = 0; k < f->recipient[i]->n_lines && status == DBRIEF_OK; k++, row += f->line)
			status = dbi_para_draw_line(l, f->recipient[i], k, 0, left, row, 0);
	return status;
}

/* A long info block pushes the subject down; nothing is printed over it. */
static int draw_info(struct dbi_lay *l, struct dbi_front *f, dbi_len *bottom)
{
	struct dbi_flow flow = { .start = true };
	struct dbi_spot spot = { 0, f->form.info_left, f->form.info_top, 0 };
	int status;

	*bottom = 0;
	if (!f->info)
		return DBRIEF_OK;
	status = dbi_flow_table(l, &flow, f->info, 0, f->form.info_width);
	if (status != DBRIEF_OK)
		return status;
	*bottom = spot.y + dbi_flow_stack(&flow);
	return dbi_draw_frags(l, flow.frags, flow.n, &spot);
}

static bool draw_marks(struct dbi_lay *l, const struct dbi_form *form)
{
	const struct dbi_delivery *d = &l->letter->delivery;
	bool fold = form->window && d->fold && d->hybrid != 1, hole = form->window && d->hole && d->hybrid != 1;

	return (!fold || draw_mark(l, form->fold[0], MARK_FOLD)) && (!hole || draw_mark(l, form->hole, MARK_HOLE)) &&
	    (!fold || draw_mark(l, form->fold[1], MARK_FOLD));
}

int dbi_front_draw(struct dbi_lay *l, struct dbi_front *f, struct dbi_frame *frame)
{
	dbi_len info = 0;
	int status = draw_letterhead(l, f);

	if (status == DBRIEF_OK)
		status = draw_return_address(l, f);
	if (status == DBRIEF_OK)
		status = draw_address(l, f);
	if (status == DBRIEF_OK)
		status = draw_info(l, f, &info);
	if (status != DBRIEF_OK)
		return status;
	if (!draw_marks(l, &f->form))
		return dbi_lay_memory(l);
	frame->x = LEFT;
	frame->info_bottom = info;
	frame->first_top = f->form.window ? f->form.body_top : f->head_height ?
	    f->form.head_top + f->head_height + REPORT_GAP : BODY_TOP;
	if (info + 2 * LINE > frame->first_top)
		frame->first_top = info + 2 * LINE;
	frame->top = BODY_TOP;
	frame->bottom = frame->first_bottom = BODY_BOTTOM;
	return DBRIEF_OK;
}

/*
 * Columns of the footer: as wide as their content, what is left between them
 * in equal parts; when that is too much, narrow ones keep their width and the
 * others share the rest.
 */
static void divide_footer(struct dbi_lay *l, struct dbi_front *f)
{
	unsigned n = l->letter->n_footer, wide = n;
	dbi_len room = TEXT_WIDTH - GUTTER * (dbi_len)(n - 1), min;
	bool again = true;

	for (unsigned i = 0; i < n; i++)
		f->column[i] = -1;
	while (again && wide) {
		dbi_len fair = room / (dbi_len)wide;

		again = false;
		for (unsigned i = 0; i < n; i++) {
			dbi_len max;

			dbi_items_widths(f->footer[i], &min, &max);
			if (f->column[i] >= 0 || max > fair)
				continue;
			f->column[i] = max;
			room -= max;
			wide--;
			again = true;
		}
	}
	for (unsigned i = 0; i < n; i++)
		if (f->column[i] < 0)
			f->column[i] = room / (dbi_len)wide;
	f->gutter = GUTTER + (wide || n < 2 ? 0 : room / (dbi_len)(n - 1));
}

int dbi_front_measure_footer(struct dbi_lay *l, struct dbi_front *f, struct dbi_frame *frame)
{
	unsigned n = l->letter->n_footer;
	dbi_len height = 0;
	int status = DBRIEF_OK;

	if (!n)
		return DBRIEF_OK;
	divide_footer(l, f);
	for (unsigned i = 0; i < n && status == DBRIEF_OK; i++) {
		dbi_len h;

		f->columns[i].start = true;
		status = f->footer[i] ? dbi_flow_items(l, &f->columns[i], f->footer[i], 0, f->column[i]) : DBRIEF_OK;
		h = dbi_flow_stack(&f->columns[i]);
		height = h > height ? h : height;
	}
	if (status == DBRIEF_OK && height > FOOT_MOST)
		return dbi_lay_error(l, 0,
		    "the footer is " DBI_MM_FMT " high, " DBI_MM_FMT " are allowed; shorten it",
		    DBI_MM_ARGS(height), DBI_MM_ARGS(FOOT_MOST));
	f->footer_top = FOOT_BOTTOM - height;
	frame->first_bottom = f->footer_top - FOOT_RULE - DBI_PT(4);
	return status;
}

int dbi_front_draw_footer(struct dbi_lay *l, struct dbi_front *f)
{
	static const struct dbi_edge edge = { 250, 0xb9bec4 };
	unsigned n = l->letter->n_footer;
	struct dbi_spot spot = { 0, LEFT, f->footer_top, 0 };
	dbi_len rule = f->footer_top - FOOT_RULE;
	int status = DBRIEF_OK;

	if (n && !dbi_draw_rule(l, 0, DBI_ELEM_ARTIFACT, LEFT, rule, RIGHT, rule, &edge))
		return dbi_lay_memory(l);
	for (unsigned i = 0; i < n && status == DBRIEF_OK; i++) {
		status = dbi_draw_frags(l, f->columns[i].frags, f->columns[i].n, &spot);
		spot.x += f->column[i] + f->gutter;
	}
	return status;
}
