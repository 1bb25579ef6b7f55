/* SPDX-License-Identifier: MIT */
/* Placed fragments to drawing operations; boxes first, then what stands in them. */
#include "layout/flow.h"

bool dbi_draw_rect(
    struct dbi_lay *l, size_t page, dbi_elem elem, dbi_len x, dbi_len y, dbi_len w, dbi_len h, dbi_color color)
{
	struct dbi_op *op = dbi_page_add_op(l->out, page, DBI_OP_RECT, elem);

	if (!op)
		return false;
	op->x = x;
	op->y = y;
	op->u.rect.w = w;
	op->u.rect.h = h;
	op->color = color;
	return true;
}

bool dbi_draw_rule(struct dbi_lay *l, size_t page, dbi_elem elem, dbi_len x, dbi_len y, dbi_len x2, dbi_len y2,
    const struct dbi_edge *edge)
{
	struct dbi_op *op = dbi_page_add_op(l->out, page, DBI_OP_RULE, elem);

	if (!op)
		return false;
	op->x = x;
	op->y = y;
	op->u.rule.x2 = x2;
	op->u.rule.y2 = y2;
	op->u.rule.width = edge->width;
	op->color = edge->color;
	return true;
}

/* ---- boxes ---- */

/*
 * Puts a box on the list of those on this page, outer before inner. `top` is
 * where its content starts; a box that was opened on an earlier page has its
 * upper padding above that, and so have those around it.
 */
static struct dbi_scope **touch(
    struct dbi_lay *l, struct dbi_scope *s, struct dbi_scope **tail, dbi_len top, bool opens)
{
	if (s->stamp == l->stamp)
		return tail;
	if (!opens)
		top -= s->above;
	if (s->parent)
		tail = touch(l, s->parent, tail, top, false);
	s->stamp = l->stamp;
	s->top = top;
	s->list = NULL;
	*tail = s;
	return &s->list;
}

static void extend(const struct dbi_frag *f)
{
	struct dbi_scope *s = f->scope;
	dbi_len bottom = f->y + f->height;

	if (f->kind == DBI_FRAG_CLOSE) {
		s->bottom = bottom;
		s = s->parent;
	}
	for (; s; s = s->parent) {
		bottom += s->below;
		s->bottom = bottom;
	}
}

static bool draw_side(struct dbi_lay *l, const struct dbi_spot *spot, const struct dbi_edge *edge, dbi_len x, dbi_len y,
    dbi_len x2, dbi_len y2)
{
	return !edge->width || dbi_draw_rule(l, spot->page, spot->over ? spot->over : DBI_ELEM_ARTIFACT, x, y, x2, y2, edge);
}

static bool draw_box(struct dbi_lay *l, const struct dbi_scope *s, const struct dbi_spot *spot)
{
	const struct dbi_style *st = s->style;
	const struct dbi_edge *e;
	dbi_len x = spot->x + s->x, y = spot->y + s->top, x2 = x + s->width, y2 = spot->y + s->bottom;
	dbi_len top, right, bottom, left; /* middles of the rules */

	if (!st)
		return true;
	e = st->border;
	top = y + e[DBI_TOP].width / 2;
	right = x2 - e[DBI_RIGHT].width / 2;
	bottom = y2 - e[DBI_BOTTOM].width / 2;
	left = x + e[DBI_LEFT].width / 2;
	if (st->has_background && !dbi_draw_rect(l, spot->page, spot->over ? spot->over : DBI_ELEM_ARTIFACT, x, y, x2 - x,
	    y2 - y, st->background))
		return false;
	return draw_side(l, spot, &e[DBI_TOP], x, top, x2, top) && draw_side(l, spot, &e[DBI_BOTTOM], x, bottom, x2, bottom) &&
	    draw_side(l, spot, &e[DBI_LEFT], left, y, left, y2) && draw_side(l, spot, &e[DBI_RIGHT], right, y, right, y2);
}

static bool draw_boxes(struct dbi_lay *l, const struct dbi_frag *frags, size_t n, const struct dbi_spot *spot)
{
	struct dbi_scope *list = NULL, **tail = &list;

	l->stamp++;
	for (size_t i = 0; i < n; i++) {
		const struct dbi_frag *f = &frags[i];

		if (!f->scope)
			continue;
		tail = touch(l, f->scope, tail, f->y, f->opens);
		extend(f);
	}
	for (struct dbi_scope *s = list; s; s = s->list)
		if (!draw_box(l, s, spot))
			return false;
	return true;
}

/* ---- contents ---- */

static int draw_marker(
    struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_frag *next, const struct dbi_spot *spot)
{
	const struct dbi_para *p = f->what, *text;
	dbi_len y = f->y;

	if (!p->n_lines)
		return DBRIEF_OK;
	if (!f->height && next && next->kind == DBI_FRAG_LINE) {
		text = next->what;
		y = next->y + dbi_para_line_base(text, next->index) - dbi_para_line_base(p, 0);
	}
	return dbi_para_draw_line(l, p, 0, spot->page, spot->x + f->x, spot->y + y, spot->over);
}

static int draw_hr(struct dbi_lay *l, const struct dbi_frag *f, const struct dbi_spot *spot)
{
	const struct dbi_item *item = f->what;
	const struct dbi_edge *edge = &item->style->border[DBI_TOP];
	dbi_len y = spot->y + f->y + edge->width / 2;

	if (!edge->width)
		return DBRIEF_OK;
	return dbi_draw_rule(l, spot->page, spot->over ? spot->over : DBI_ELEM_ARTIFACT, spot->x + f->x, y,
		   spot->x + f->x + f->width, y, edge)
	    ? DBRIEF_OK
	    : dbi_lay_memory(l);
}

int dbi_draw_frags(struct dbi_lay *l, struct dbi_frag *frags, size_t n, const struct dbi_spot *spot)
{
	int status = draw_boxes(l, frags, n, spot) ? DBRIEF_OK : dbi_lay_memory(l);

	for (size_t i = 0; i < n && status == DBRIEF_OK; i++) {
		const struct dbi_frag *f = &frags[i];

		switch ((enum dbi_frag_kind)f->kind) {
		case DBI_FRAG_LINE:
			status = dbi_para_draw_line(l, f->what, f->index, spot->page, spot->x + f->x, spot->y + f->y, spot->over);
			break;
		case DBI_FRAG_MARKER:
			status = draw_marker(l, f, i + 1 < n ? &frags[i + 1] : NULL, spot);
			break;
		case DBI_FRAG_FIGURE:
			status = dbi_draw_figure(l, f, spot);
			break;
		case DBI_FRAG_BAR:
			status = dbi_draw_bar(l, f, spot);
			break;
		case DBI_FRAG_RULE:
			status = draw_hr(l, f, spot);
			break;
		case DBI_FRAG_ROW:
			status = dbi_draw_row(l, f, spot);
			break;
		default:
			break;
		}
	}
	return status;
}
