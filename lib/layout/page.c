/* SPDX-License-Identifier: MIT */
/*
 * Pages: fragments are put below each other until one does not fit; then the
 * best place to break is sought among those on the page. Every fragment is
 * looked at a few times at most, so the time is linear.
 */
#include "layout/table.h"

#define BLANK_COST 60 /* of a page left empty from top to bottom; grows with the square */

struct pager {
	struct dbi_lay *l;
	struct dbi_flow *f;
	const struct dbi_frame *frame;
	size_t page;
	dbi_len top, bottom;
};

/* Room that the boxes around a fragment take at the end of a page. */
static dbi_len room_below(const struct dbi_frag *f)
{
	const struct dbi_scope *s = f->kind == DBI_FRAG_CLOSE ? f->scope->parent : f->scope;
	dbi_len room = 0;

	for (; s; s = s->parent)
		room += s->below;
	return room;
}

/* Room that boxes and tables which go on take at the top of a page. */
static dbi_len room_above(const struct dbi_frag *f)
{
	const struct dbi_scope *s = f->opens ? f->scope->parent : f->scope;
	dbi_len room = 0;

	for (; s; s = s->parent)
		room += s->above;
	return room;
}

/* Where to break when fragment `over` does not fit any more: the cheapest place, the later the better. */
static size_t best_break(const struct pager *p, size_t first, size_t over)
{
	const struct dbi_frag *frags = p->f->frags;
	dbi_len height = p->bottom - p->top;
	int64_t least = INT64_MAX;
	size_t best = over;

	for (size_t i = over; i > first; i--) {
		dbi_len end = frags[i - 1].y + frags[i - 1].height, blank = p->bottom - end;
		int64_t percent = height > 0 ? (int64_t)blank * 1000 / height : 0;
		int64_t cost = (int64_t)frags[i].keep * 1000 + BLANK_COST * percent * percent / 1000;

		if (frags[i].keep >= DBI_KEEP_ALWAYS)
			continue;
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* Places fragments from `first`; the first one of the next page. */
static int fill_page(struct pager *p, size_t first, size_t *next)
{
	struct dbi_frag *frags = p->f->frags;
	dbi_len y = p->top + room_above(&frags[first]);
	size_t i;

	for (i = first; i < p->f->n; i++) {
		struct dbi_frag *f = &frags[i];

		if (f->kind == DBI_FRAG_PAGE_BREAK)
			break;
		y += i > first ? f->gap : 0;
		if (y + f->height + room_below(f) > p->bottom && i == first)
			return dbi_lay_error(p->l, f->line, "something is higher than a page (" DBI_MM_FMT
			    ") and cannot be divided; make it smaller", DBI_MM_ARGS(f->height));
		if (y + f->height + room_below(f) > p->bottom)
			break;
		f->y = y;
		y += f->height;
	}
	*next = i;
	if (i < p->f->n && frags[i].kind != DBI_FRAG_PAGE_BREAK)
		*next = best_break(p, first, i);
	return DBRIEF_OK;
}

/* Heads of the tables that go on. */
static int draw_heads(struct pager *p, const struct dbi_frag *f)
{
	struct dbi_spot spot = { p->page, p->frame->x, 0, DBI_ELEM_ARTIFACT_PAGINATION };
	dbi_len y = f->y;
	const struct dbi_scope *s = f->opens ? f->scope->parent : f->scope;
	int status = DBRIEF_OK;

	for (; s && status == DBRIEF_OK; s = s->parent) {
		y -= s->above;
		if (!s->table)
			continue;
		spot.x = p->frame->x + s->x;
		spot.y = y;
		status = dbi_draw_head(p->l, s->table, &spot);
	}
	return status;
}

static int draw_page(struct pager *p, size_t first, size_t next)
{
	struct dbi_spot spot = { p->page, p->frame->x, 0, 0 };
	int status = draw_heads(p, &p->f->frags[first]);

	return status == DBRIEF_OK ? dbi_draw_frags(p->l, p->f->frags + first, next - first, &spot) : status;
}

/* Skips page breaks that stand before anything, and those that end it all. */
static size_t skip_breaks(const struct dbi_flow *f, size_t i)
{
	while (i < f->n && f->frags[i].kind == DBI_FRAG_PAGE_BREAK)
		i++;
	return i;
}

/*
 * The first page may be too short for what must stay together but fit on the
 * others: then the first fragments go to the second page.
 */
static bool is_first_too_short(const struct pager *p, const struct dbi_frag *f)
{
	dbi_len need = f->height + room_above(f) + room_below(f);

	return p->page == 0 && need > p->bottom - p->top && need <= p->frame->bottom - p->frame->top;
}

static int next_page(struct pager *p)
{
	if (!dbi_display_add_page(p->l->out, DBI_A4_WIDTH, DBI_A4_HEIGHT))
		return dbi_error(p->l->err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, p->l->letter->name,
		    "the letter has too many pages, or memory is out; send this data in another form");
	p->page++;
	p->top = p->frame->top;
	p->bottom = p->frame->bottom;
	return DBRIEF_OK;
}

int dbi_flow_paginate(struct dbi_lay *l, struct dbi_flow *f, const struct dbi_frame *frame)
{
	struct pager p = { l, f, frame, 0, frame->first_top, frame->first_bottom };
	size_t i = skip_breaks(f, 0), next = 0;
	int status = DBRIEF_OK;

	while (i < f->n && status == DBRIEF_OK) {
		if (is_first_too_short(&p, &f->frags[i])) {
			status = next_page(&p);
			continue;
		}
		status = fill_page(&p, i, &next);
		if (status == DBRIEF_OK)
			status = draw_page(&p, i, next);
		i = skip_breaks(f, next);
		if (status == DBRIEF_OK && i < f->n)
			status = next_page(&p);
	}
	return status;
}
