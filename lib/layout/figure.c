/* SPDX-License-Identifier: MIT */
/* Pictures, QR codes, bar charts. */
#include <string.h>

#include "layout/flow.h"
#include "layout/qr.h"

#define PIXEL 750                     /* natural size of a pixel: 1/96 inch */
#define QR_SIDE DBI_MM100(2500)       /* unless a width is given */
#define QR_QUIET 4                    /* cells of white around it, as the norm asks */
#define BAR_GAP DBI_PT(6)             /* between label, bar and text */
#define BAR_LEAD DBI_PT(2)            /* between bars */

static int prepare_image(struct dbi_lay *l, struct dbi_item *item)
{
	struct dbi_figure *fig = item->figure;
	const struct dbi_block *b = item->block;
	int status;

	if (!l->images)
		return dbi_lay_error(l, b->line, "a picture stands here, but pictures are not available; take <img> out");
	status = l->images->load(l->images->user, b->folder, b->src, &fig->image, l->err);
	if (status != DBRIEF_OK)
		return status;
	fig->width = b->width;
	fig->height = b->height;
	if (!fig->width && !fig->height)
		fig->width = fig->image->width > DBI_A4_WIDTH / PIXEL ? DBI_A4_WIDTH : (dbi_len)fig->image->width * PIXEL;
	if (!fig->width)
		fig->width = dbi_other_side(fig->height, fig->image->height, fig->image->width);
	if (!fig->height)
		fig->height = dbi_other_side(fig->width, fig->image->width, fig->image->height);
	return DBRIEF_OK;
}

static int prepare_qr(struct dbi_lay *l, struct dbi_item *item)
{
	struct dbi_figure *fig = item->figure;
	struct dbrief_error local = DBRIEF_ERROR_INIT;

	if (dbi_qr_encode(l->arena, item->block->data, &fig->side, &fig->bits, &local) != DBRIEF_OK)
		return local.cause == DBRIEF_CAUSE_MEMORY
		    ? dbi_lay_memory(l)
		    : dbi_lay_error(l, item->block->line, "%s", local.text);
	fig->width = fig->height = item->block->width ? item->block->width : QR_SIDE;
	return DBRIEF_OK;
}

/* What the picture shows, for those who do not see it: the alternative text and then every bar. */
static int chart_alt(struct dbi_lay *l, const struct dbi_item *item)
{
	struct dbi_buf alt = DBI_BUF_INIT;
	char *kept = NULL;

	dbi_buf_adds(&alt, item->block->alt);
	for (const struct dbi_bar *bar = item->block->bars; bar; bar = bar->next)
		dbi_buf_addf(&alt, "%s%s %s", bar == item->block->bars ? ": " : ", ", bar->label, bar->text);
	if (!alt.failed)
		kept = dbi_arena_strndup(l->arena, alt.data, alt.len);
	dbi_buf_dispose(&alt);
	if (!kept)
		return dbi_lay_memory(l);
	if (item->elem < DBI_ELEM_ARTIFACT_PAGINATION)
		l->out->elements[item->elem].alt = kept;
	return DBRIEF_OK;
}

static int prepare_chart(struct dbi_lay *l, struct dbi_item *item, const char *lang)
{
	struct dbi_figure *fig = item->figure;
	unsigned i = 0;
	int status = DBRIEF_OK;

	for (const struct dbi_bar *bar = item->block->bars; bar; bar = bar->next)
		fig->n_bars++;
	fig->labels = dbi_arena_calloc(l->arena, fig->n_bars, sizeof(*fig->labels));
	fig->texts = dbi_arena_calloc(l->arena, fig->n_bars, sizeof(*fig->texts));
	if (!fig->labels || !fig->texts)
		return dbi_lay_memory(l);
	for (const struct dbi_bar *bar = item->block->bars; bar && status == DBRIEF_OK; bar = bar->next, i++) {
		status = dbi_para_build_text(l, bar->label, item->style, lang, item->elem, &fig->labels[i]);
		if (status == DBRIEF_OK)
			status = dbi_para_build_text(l, bar->text, item->style, lang, item->elem, &fig->texts[i]);
		if (status != DBRIEF_OK)
			break;
		if (fig->labels[i]->max > fig->label_width)
			fig->label_width = fig->labels[i]->max;
		if (fig->texts[i]->max > fig->text_width)
			fig->text_width = fig->texts[i]->max;
		if (bar->value > fig->largest)
			fig->largest = bar->value;
	}
	fig->width = item->block->width;
	return status == DBRIEF_OK ? chart_alt(l, item) : status;
}

int dbi_prepare_figure(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent)
{
	const struct dbi_block *b = item->block;
	bool decoration = b->kind == DBI_BLOCK_IMAGE && !*b->alt;
	int status;

	item->figure = dbi_arena_calloc(l->arena, 1, sizeof(*item->figure));
	if (!item->figure)
		return dbi_lay_memory(l);
	item->elem = DBI_ELEM_ARTIFACT;
	if (!decoration && parent < DBI_ELEM_ARTIFACT_PAGINATION) {
		if (!dbi_lay_element(l, DBI_ROLE_FIGURE, parent, b->lang, &item->elem))
			return dbi_lay_memory(l);
		l->out->elements[item->elem].alt = b->alt;
	}
	status = b->kind == DBI_BLOCK_IMAGE ? prepare_image(l, item)
	    : b->kind == DBI_BLOCK_QR       ? prepare_qr(l, item)
					    : prepare_chart(l, item, lang);
	item->min = b->kind == DBI_BLOCK_CHART ? DBI_PT(120) : item->figure->width / 4;
	item->max = b->kind == DBI_BLOCK_CHART ? DBI_PT(400) : item->figure->width;
	if (b->kind == DBI_BLOCK_QR)
		item->min = item->max;
	return status;
}

/* A picture shrinks to the room there is; a QR code would not be read any more. */
static int flow_picture(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	const struct dbi_figure *fig = item->figure;
	struct dbi_frag *frag;
	dbi_len w = fig->width, h = fig->height;

	if (item->block->kind == DBI_BLOCK_QR && w > width)
		return dbi_lay_error(
		    l, item->block->line, "a QR code is wider than the room it has; give it a smaller width");
	if (w > width) {
		h = (dbi_len)((int64_t)h * width / w);
		w = width;
	}
	if (h > l->body_height) {
		w = (dbi_len)((int64_t)w * l->body_height / h);
		h = l->body_height;
	}
	if (item->style->align == DBI_ALIGN_RIGHT)
		x += width - w;
	else if (item->style->align == DBI_ALIGN_CENTER)
		x += (width - w) / 2;
	frag = dbi_flow_add(l, f, DBI_FRAG_FIGURE, item, x, w, h);
	return frag ? DBRIEF_OK : dbi_lay_memory(l);
}

static int flow_chart(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	struct dbi_figure *fig = item->figure;
	int status = DBRIEF_OK;

	if (fig->width && fig->width < width)
		width = fig->width;
	if (fig->label_width > width * 2 / 5)
		fig->label_width = width * 2 / 5;
	if (fig->text_width > width / 4)
		fig->text_width = width / 4;
	if (width - fig->label_width - fig->text_width < 2 * BAR_GAP)
		return dbi_lay_error(l, item->block->line, "a chart has no room for its bars; make it or its column wider");
	for (unsigned i = 0; i < fig->n_bars && status == DBRIEF_OK; i++) {
		struct dbi_frag *frag;
		dbi_len lines;

		status = dbi_para_break(l, fig->labels[i], fig->label_width);
		if (status == DBRIEF_OK)
			status = dbi_para_break(l, fig->texts[i], fig->text_width);
		if (status != DBRIEF_OK)
			break;
		lines = (dbi_len)(fig->labels[i]->n_lines > fig->texts[i]->n_lines ? fig->labels[i]->n_lines
										   : fig->texts[i]->n_lines);
		f->gap = i ? BAR_LEAD : f->gap;
		f->keep_next = i ? DBI_KEEP_BLOCK : f->keep_next;
		frag = dbi_flow_add(l, f, DBI_FRAG_BAR, item, x, width, item->style->leading * (lines ? lines : 1));
		if (!frag)
			return dbi_lay_memory(l);
		frag->index = i;
	}
	return status;
}

int dbi_flow_figure(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	return item->block->kind == DBI_BLOCK_CHART ? flow_chart(l, f, item, x, width)
						    : flow_picture(l, f, item, x, width);
}

int dbi_draw_figure(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot)
{
	const struct dbi_item *item = f->what;
	const struct dbi_figure *fig = item->figure;
	struct dbi_op *op = dbi_page_add_op(l->out, spot->page, fig->image ? DBI_OP_IMAGE : DBI_OP_CELLS,
	    spot->over ? spot->over : item->elem);

	if (!op)
		return dbi_lay_memory(l);
	op->x = spot->x + f->x;
	op->y = spot->y + f->y;
	if (fig->image) {
		op->u.image.w = f->width;
		op->u.image.h = f->height;
		op->u.image.image = fig->image;
		return DBRIEF_OK;
	}
	op->u.cells.cell = f->width / (dbi_len)(fig->side + 2 * QR_QUIET);
	op->x += QR_QUIET * op->u.cells.cell;
	op->y += QR_QUIET * op->u.cells.cell;
	op->u.cells.columns = op->u.cells.rows = (uint16_t)fig->side;
	op->u.cells.bits = fig->bits;
	return DBRIEF_OK;
}

static int draw_lines(
    struct dbi_lay *l, const struct dbi_para *p, const struct dbi_spot *spot, dbi_len x, dbi_len y)
{
	int status = DBRIEF_OK;

	for (uint32_t i = 0; i < p->n_lines && status == DBRIEF_OK; i++) {
		status = dbi_para_draw_line(l, p, i, spot->page, x, y, spot->over);
		y += dbi_para_line_height(p, i);
	}
	return status;
}

int dbi_draw_bar(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot)
{
	const struct dbi_item *item = f->what;
	const struct dbi_figure *fig = item->figure;
	const struct dbi_bar *bar = item->block->bars;
	dbi_len x = spot->x + f->x, y = spot->y + f->y, thick = item->style->size * 4 / 5;
	dbi_len room = f->width - fig->label_width - fig->text_width - 2 * BAR_GAP,
		start = x + fig->label_width + BAR_GAP, w;
	int status = draw_lines(l, fig->labels[f->index], spot, x, y);

	for (uint32_t i = 0; i < f->index; i++)
		bar = bar->next;
	w = fig->largest > 0 && room > 0 ? (dbi_len)(bar->value / fig->largest * room) : 0;
	if (status == DBRIEF_OK && w > 0 && !dbi_draw_rect(l, spot->page, spot->over ? spot->over : item->elem, start,
	    y + (item->style->leading - thick) / 2, w, thick, item->style->background))
		status = dbi_lay_memory(l);
	return status == DBRIEF_OK ? draw_lines(l, fig->texts[f->index], spot, start + w + BAR_GAP, y) : status;
}
