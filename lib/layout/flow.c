/* SPDX-License-Identifier: MIT */
/* Items to fragments. */
#include "layout/flow.h"

#include <string.h>

struct dbi_frag *dbi_flow_add(struct dbi_lay *l, struct dbi_flow *f, enum dbi_frag_kind kind, const void *what,
    dbi_len x, dbi_len width, dbi_len height)
{
	struct dbi_frag *frag;

	if (!dbi_lay_grow(l, &f->frags, f->n, &f->cap, sizeof(*f->frags)))
		return NULL;
	frag = &f->frags[f->n++];
	*frag = (struct dbi_frag){ .what = what, .scope = f->scope, .keep = f->keep_next, .kind = (uint8_t)kind, .x = x, .width = width,
		.gap = f->start ? 0 : f->gap, .height = height, .line = l->line, .opens = f->opens };
	f->opens = false;
	f->gap = 0;
	f->keep_next = DBI_KEEP_NONE;
	f->start = false;
	return frag;
}

void dbi_flow_margin(struct dbi_flow *f, dbi_len margin)
{
	if (margin > f->gap)
		f->gap = margin;
}

static void keep_next(struct dbi_flow *f, int32_t cost)
{
	if (cost > f->keep_next)
		f->keep_next = cost;
}

/* Raises the cost of breaks between the fragments from first+1 on. */
static void keep_together(struct dbi_flow *f, size_t first, int32_t cost)
{
	for (size_t i = first + 1; i < f->n; i++)
		if (f->frags[i].keep < cost)
			f->frags[i].keep = cost;
}

dbi_len dbi_flow_stack(struct dbi_flow *f)
{
	int64_t y = 0;

	for (size_t i = 0; i < f->n && y <= DBI_FLOW_HIGHEST; i++) {
		y += f->frags[i].gap;
		f->frags[i].y = (dbi_len)y;
		y += f->frags[i].height;
	}
	return y < DBI_FLOW_HIGHEST ? (dbi_len)y : DBI_FLOW_HIGHEST;
}

static int no_width(struct dbi_lay *l)
{
	return dbi_lay_error(l, l->line, "no width is left for a block; make its margins and paddings, or those around it, smaller");
}

int dbi_flow_lines(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_style *s, const struct dbi_para *p, dbi_len x, dbi_len width)
{
	for (uint32_t i = 0; i < p->n_lines; i++) {
		struct dbi_frag *frag;

		if (i > 0 && (i < s->orphans || p->n_lines - i < s->widows))
			keep_next(f, DBI_KEEP_LINES);
		if (i > 0 && dbi_para_line_parts_word(p, i - 1))
			keep_next(f, DBI_KEEP_HYPHEN);
		frag = dbi_flow_add(l, f, DBI_FRAG_LINE, p, x, width, dbi_para_line_height(p, i));
		if (!frag)
			return dbi_lay_memory(l);
		frag->index = i;
	}
	return DBRIEF_OK;
}

static int flow_para(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	int status = dbi_para_break(l, item->para, width);

	return status == DBRIEF_OK ? dbi_flow_lines(l, f, item->style, item->para, x, width) : status;
}

/* Where the text of a list starts: behind its widest marker at least. */
static dbi_len list_indent(const struct dbi_item *list)
{
	dbi_len indent = list->style->padding[DBI_LEFT];

	for (const struct dbi_item *li = list->children; li; li = li->next)
		if (li->para && li->para->max && li->para->max + li->style->size / 4 > indent)
			indent = li->para->max + li->style->size / 4;
	return indent;
}

/* The first line of text stands beside the marker; where something else or nothing follows, the item is as high as the marker. */
static void make_room(struct dbi_flow *f, size_t marker, const struct dbi_para *p)
{
	dbi_len need = p->n_lines ? dbi_para_line_height(p, 0) : 0;

	if (marker + 1 < f->n && f->frags[marker + 1].kind == DBI_FRAG_LINE)
		return;
	for (size_t i = marker + 1; i < f->n && need > 0; i++)
		need -= f->frags[i].gap + f->frags[i].height;
	f->frags[marker].height = need > 0 ? need : 0;
}

static int flow_list(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	dbi_len indent = list_indent(item);
	int status = DBRIEF_OK;

	for (struct dbi_item *li = item->children; li && status == DBRIEF_OK; li = li->next) {
		size_t first = f->n;

		l->line = li->block->line;
		dbi_flow_margin(f, li->style->margin[DBI_TOP]);
		if (li->para) {
			status = dbi_para_break(l, li->para, indent > li->para->max ? indent : li->para->max);
			if (status == DBRIEF_OK && !dbi_flow_add(l, f, DBI_FRAG_MARKER, li->para, item->rtl ? x + width - li->para->width : x, indent, 0))
				status = dbi_lay_memory(l);
			keep_next(f, DBI_KEEP_ALWAYS);
			f->start = true; /* the first text stands on the marker's line */
		}
		if (status == DBRIEF_OK)
			status = dbi_flow_items(l, f, li->children, item->rtl ? x : x + indent, width - indent);
		if (status == DBRIEF_OK && li->para)
			make_room(f, first, li->para);
		f->start = false;
		f->keep_next = DBI_KEEP_NONE;
		if (li->style->keep_together)
			keep_together(f, first, DBI_KEEP_BLOCK);
		dbi_flow_margin(f, li->style->margin[DBI_BOTTOM]);
	}
	return status;
}

static int open_box(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_style *s, dbi_len x, dbi_len width)
{
	struct dbi_scope *scope = dbi_arena_calloc(l->arena, 1, sizeof(*scope));

	if (!scope)
		return dbi_lay_memory(l);
	scope->parent = f->scope;
	scope->style = s;
	scope->x = x;
	scope->width = width;
	scope->above = s->padding[DBI_TOP] + s->border[DBI_TOP].width;
	scope->below = s->padding[DBI_BOTTOM] + s->border[DBI_BOTTOM].width;
	f->scope = scope;
	f->opens = true;
	if (!dbi_flow_add(l, f, DBI_FRAG_OPEN, NULL, x, width, scope->above))
		return dbi_lay_memory(l);
	f->start = true;
	keep_next(f, DBI_KEEP_ALWAYS);
	return DBRIEF_OK;
}

static bool has_frame(const struct dbi_style *s)
{
	for (int i = 0; i < 4; i++)
		if (s->padding[i] || s->border[i].width)
			return true;
	return s->has_background;
}

/* A frame around a box, a paragraph or what is kept together. */
static int flow_box(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	const struct dbi_style *s = item->style;
	dbi_len left = s->padding[DBI_LEFT] + s->border[DBI_LEFT].width,
		right = s->padding[DBI_RIGHT] + s->border[DBI_RIGHT].width;
	int64_t sum = 0;
	size_t first = f->n;
	int status;

	if (width <= left + right)
		return no_width(l);
	status = open_box(l, f, s, x, width);

	if (status == DBRIEF_OK)
		status = item->para ? flow_para(l, f, item, x + left, width - left - right)
		                    : dbi_flow_items(l, f, item->children, x + left, width - left - right);
	if (status != DBRIEF_OK)
		return status;
	f->gap = 0;
	f->keep_next = DBI_KEEP_ALWAYS;
	if (!dbi_flow_add(l, f, DBI_FRAG_CLOSE, NULL, x, width, f->scope->below))
		return dbi_lay_memory(l);
	f->scope = f->scope->parent;
	for (size_t i = first; i < f->n; i++)
		sum += f->frags[i].gap + f->frags[i].height;
	if (s->keep_together || sum < l->body_height / 3)
		keep_together(f, first, DBI_KEEP_BLOCK);
	return DBRIEF_OK;
}

static int flow_rule(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	return dbi_flow_add(l, f, DBI_FRAG_RULE, item, x, width, item->style->border[DBI_TOP].width)
	    ? DBRIEF_OK
	    : dbi_lay_memory(l);
}

static int flow_page_break(struct dbi_lay *l, struct dbi_flow *f)
{
	f->gap = 0;
	return dbi_flow_add(l, f, DBI_FRAG_PAGE_BREAK, NULL, 0, 0, 0) ? DBRIEF_OK : dbi_lay_memory(l);
}

/* The block itself, margins and keeping aside. */
static int flow_block(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *item, dbi_len x, dbi_len width)
{
	size_t first = f->n;
	int status;

	switch (item->block->kind) {
	case DBI_BLOCK_P: case DBI_BLOCK_H1: case DBI_BLOCK_H2: case DBI_BLOCK_H3:
		status = has_frame(item->style) ? flow_box(l, f, item, x, width) : flow_para(l, f, item, x, width);
		break;
	case DBI_BLOCK_LIST:
		status = flow_list(l, f, item, x, width);
		break;
	case DBI_BLOCK_TABLE: case DBI_BLOCK_DL:
		return dbi_flow_table(l, f, item, x, width);
	case DBI_BLOCK_BOX:
		status = flow_box(l, f, item, x, width);
		break;
	case DBI_BLOCK_IMAGE: case DBI_BLOCK_QR: case DBI_BLOCK_CHART:
		status = dbi_flow_figure(l, f, item, x, width);
		break;
	case DBI_BLOCK_RULE:
		return flow_rule(l, f, item, x, width);
	case DBI_BLOCK_PAGE_BREAK:
		return flow_page_break(l, f);
	default:
		status = has_frame(item->style) ? flow_box(l, f, item, x, width)
						: dbi_flow_items(l, f, item->children, x, width);
		break;
	}
	if (item->style && item->style->keep_together)
		keep_together(f, first, DBI_KEEP_BLOCK);
	return status;
}

/* A paragraph stays with the list or table it introduces. */
static bool introduces(const struct dbi_item *item)
{
	if (item->block->kind != DBI_BLOCK_P || !item->next)
		return false;
	switch (item->next->block->kind) {
	case DBI_BLOCK_LIST: case DBI_BLOCK_DL: case DBI_BLOCK_TABLE: case DBI_BLOCK_CHART:
		return true;
	default:
		return false;
	}
}

static dbi_len own_width(const struct dbi_style *s, dbi_len width)
{
	dbi_len own = s->width_kind == DBI_WIDTH_LEN ? s->width : s->width_kind == DBI_WIDTH_PERCENT
	    ? (dbi_len)((int64_t)width * s->width / 100000) : width;

	return own > width || own <= 0 ? width : own;
}

int dbi_flow_items(struct dbi_lay *l, struct dbi_flow *f, struct dbi_item *items, dbi_len x, dbi_len width)
{
	int status = DBRIEF_OK;

	for (struct dbi_item *item = items; item && status == DBRIEF_OK; item = item->next) {
		const struct dbi_style *s = item->style;
		static const struct dbi_style plain;
		dbi_len left, inner;

		s = s ? s : &plain;
		left = s->margin[DBI_LEFT];
		inner = width - left - s->margin[DBI_RIGHT];
		if (item->block->kind == DBI_BLOCK_BOX || item->block->kind <= DBI_BLOCK_H3)
			inner = own_width(s, inner);
		l->line = item->block->line ? item->block->line : l->line;
		if (inner <= 0)
			return no_width(l);
		if (s->page_before && (f->n || f->gap))
			status = flow_page_break(l, f);
		dbi_flow_margin(f, s->margin[DBI_TOP]);
		if (status == DBRIEF_OK)
			status = flow_block(l, f, item, x + left, inner);
		dbi_flow_margin(f, s->margin[DBI_BOTTOM]);
		if (s->keep_with_next)
			keep_next(f, DBI_KEEP_HEADING);
		else if (item->block->before_closing) /* a greeting does not stand on a page by itself */
			keep_next(f, DBI_KEEP_LINES);
		else if (introduces(item))
			keep_next(f, DBI_KEEP_LOOSE);
	}
	return status;
}
