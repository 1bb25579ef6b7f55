/* SPDX-License-Identifier: MIT */
/* Lines to drawing operations: alignment, visual order, links, underlines. */
#include <string.h>

#include "layout/para.h"

#define BOX_LINE 600 /* stroke of a checkbox, 0.6 pt */

/* A piece or a part of one, or pieces beside each other that look alike, on their line. */
struct bit {
	const struct dbi_piece *piece;
	const struct dbi_set_run *runs;
	uint32_t n_runs, spaces;
	dbi_len width;
	bool hyphen;
};

struct drawer {
	struct dbi_lay *l;
	const struct dbi_parts *p;
	const struct dbi_text_line *line;
	size_t page;
	dbi_elem over;
	dbi_len x, baseline, top;
	dbi_len extra, extra_rest; /* stretch of each space, and what rounding left */
	size_t last;               /* number of the last text operation on the page, from 1; 0: none. The page's array may move */
	const struct dbi_span *link_span;
	dbi_elem link_elem;
	dbi_len link_x;
};

static dbi_elem element_of(const struct drawer *d, const struct dbi_piece *piece)
{
	return d->over ? d->over : piece->elem;
}

static int shape_part(
    struct drawer *d, const struct dbi_piece *piece, const char *text, size_t len, struct bit *bit)
{
	const struct dbi_style *st = piece->span->style;
	struct dbi_lay *l = d->l;
	const struct dbi_run *const *runs;
	struct dbi_set_run *set;
	size_t n = 0;
	int status = dbi_shape(l->shaper, dbi_fontset_face(l->fonts, st->family, st->face), text, len,
	    piece->level & 1, piece->span->lang ? piece->span->lang : d->p->lang, &runs, &n, l->err);

	if (status != DBRIEF_OK)
		return status;
	set = dbi_arena_calloc(l->arena, n, sizeof(*set));
	if (!set)
		return dbi_lay_memory(l);
	*bit = (struct bit){ .piece = piece, .runs = set, .n_runs = (uint32_t)n };
	for (size_t i = 0; i < n; i++) {
		set[i].run = runs[i];
		set[i].width = dbi_run_width(l->fonts, runs[i], st->size);
		set[i].span = piece->n_runs ? d->p->runs[piece->run].span : 0;
		bit->width += set[i].width;
	}
	return DBRIEF_OK;
}

static struct bit bit_of(const struct drawer *d, const struct dbi_piece *piece)
{
	return (struct bit){ piece, d->p->runs + piece->run, piece->n_runs, piece->kind == DBI_PIECE_SPACE ? piece->n_runs : 0, piece->width, false };
}

/* Adds the bit that comes next on the line, when one operation can draw both. */
static bool join(struct bit *bit, const struct bit *next)
{
	const struct dbi_piece *piece = bit->piece;

	if (piece->span != next->piece->span || bit->runs + bit->n_runs != next->runs || next->hyphen ||
	    next->piece->kind > DBI_PIECE_SPACE || piece->kind > DBI_PIECE_SPACE || piece->span->style->underline)
		return false;
	bit->n_runs += next->n_runs;
	bit->spaces += next->spaces;
	bit->width += next->width;
	return true;
}

/* The pieces of a line in logical order, the first and last cut where it starts and ends inside a word. */
static int collect_bits(struct drawer *d, struct bit *bits, size_t *n)
{
	const struct dbi_text_line *line = d->line;
	const struct dbi_parts *p = d->p;
	uint32_t first = line->from ? line->from->piece : p->words[line->first].piece;
	uint32_t end = p->words[line->last].piece + p->words[line->last].n_ink;

	if (line->to)
		end = line->to->skip ? line->to->piece - 1 : line->to->piece + 1;
	*n = 0;
	for (uint32_t i = first; i < end; i++) {
		const struct dbi_piece *piece = &p->pieces[i];
		struct bit *bit = &bits[*n];
		uint32_t a = line->from && i == line->from->piece ? line->from->off : piece->off;
		uint32_t b = line->to && i == line->to->piece ? line->to->off : piece->off + piece->len;
		int status;

		*bit = bit_of(d, piece);
		if (piece->kind == DBI_PIECE_TEXT && b - a != piece->len) {
			if (a == b)
				continue;
			status = shape_part(d, piece, p->text + a, b - a, bit);
			if (status != DBRIEF_OK)
				return status;
		}
		if (p->bidi || !*n || !join(&bits[*n - 1], bit))
			(*n)++;
	}
	if (line->to && line->to->hyphen) {
		int status = shape_part(d, &p->pieces[line->to->piece], "-", 1, &bits[*n]);

		if (status != DBRIEF_OK)
			return status;
		bits[(*n)++].hyphen = true;
	}
	return DBRIEF_OK;
}

/* How many of the next spaces take what rounding left. */
static uint32_t take_rest(struct drawer *d, uint32_t spaces)
{
	uint32_t rest = (uint32_t)d->extra_rest < spaces ? (uint32_t)d->extra_rest : spaces;

	d->extra_rest -= (dbi_len)rest;
	return rest;
}

static int draw_runs(struct drawer *d, const struct bit *bit)
{
	const struct dbi_style *st = bit->piece->span->style;
	uint32_t rest = d->extra_rest > 0 ? take_rest(d, bit->spaces) : 0;
	dbi_elem elem = element_of(d, bit->piece);
	struct dbi_op *op;

	if (!bit->n_runs)
		return DBRIEF_OK;
	op = dbi_page_next_op(d->l->out, d->page);
	if (!op)
		return dbi_lay_memory(d->l);
	*op = (struct dbi_op){ .kind = DBI_OP_TEXT, .hyphen = bit->hyphen, .elem = elem, .color = st->color, .x = d->x,
		.y = d->baseline, .u.text = { bit->runs, bit->n_runs, st->size, d->extra, rest } };
	d->x += bit->width + (dbi_len)bit->spaces * d->extra + (dbi_len)rest;
	d->last = (size_t)(op - d->l->out->pages[d->page].ops) + 1;
	return DBRIEF_OK;
}

static bool add_rect(
    struct drawer *d, dbi_elem elem, dbi_len x, dbi_len y, dbi_len w, dbi_len h, dbi_color color)
{
	struct dbi_op *op = dbi_page_add_op(d->l->out, d->page, DBI_OP_RECT, elem);

	if (!op)
		return false;
	op->x = x;
	op->y = y;
	op->u.rect.w = w;
	op->u.rect.h = h;
	op->color = color;
	return true;
}

/* A box to be ticked, standing on the baseline. */
static int draw_checkbox(struct drawer *d, const struct bit *bit)
{
	dbi_len side = bit->piece->width - BOX_LINE, x = d->x, y = d->baseline - side + side / 12;
	dbi_elem elem = element_of(d, bit->piece);
	dbi_color color = bit->piece->span->style->color;

	d->x += bit->piece->width;
	if (add_rect(d, elem, x, y, side, BOX_LINE, color) &&
	    add_rect(d, elem, x, y + side - BOX_LINE, side, BOX_LINE, color) &&
	    add_rect(d, elem, x, y + BOX_LINE, BOX_LINE, side - 2 * BOX_LINE, color) &&
	    add_rect(d, elem, x + side - BOX_LINE, y + BOX_LINE, BOX_LINE, side - 2 * BOX_LINE, color))
		return DBRIEF_OK;
	return dbi_lay_memory(d->l);
}

static int draw_picture(struct drawer *d, const struct bit *bit)
{
	const struct dbi_image *image = d->p->images[bit->piece->len];
	const struct dbi_span *span = bit->piece->span;
	struct dbi_op *op = dbi_page_add_op(d->l->out, d->page, DBI_OP_IMAGE, element_of(d, bit->piece));

	if (!op)
		return dbi_lay_memory(d->l);
	op->u.image.image = image;
	op->u.image.w = bit->width;
	op->u.image.h = span->picture->height ? span->picture->height : dbi_other_side(bit->width, image->width, image->height);
	op->x = d->x;
	op->y = d->baseline - op->u.image.h;
	d->x += bit->width;
	return DBRIEF_OK;
}

/* Ends the rectangle of a link that runs up to here. */
static bool end_link(struct drawer *d)
{
	const struct dbi_span *span = d->link_span;
	struct dbi_link *link;

	d->link_span = NULL;
	if (!span || d->over)
		return true;
	link = dbi_page_add_link(d->l->out, d->page, d->link_elem);
	if (!link)
		return false;
	link->x = d->link_x;
	link->y = d->top;
	link->w = d->x - d->link_x;
	link->h = d->line->height;
	link->uri = span->link->href;
	return true;
}

static bool follow_link(struct drawer *d, const struct dbi_piece *piece)
{
	if (d->link_span && d->link_span->link != piece->span->link && !end_link(d))
		return false;
	if (!d->link_span && piece->span->link && piece->elem < DBI_ELEM_ARTIFACT_PAGINATION) {
		d->link_span = piece->span;
		d->link_elem = piece->elem;
		if (d->l->out->elements[piece->elem].role == DBI_ROLE_FIGURE) /* a picture in a link */
			d->link_elem = d->l->out->elements[piece->elem].parent;
		d->link_x = d->x;
	}
	return true;
}

static bool underline(struct drawer *d, const struct dbi_style *st, dbi_len x)
{
	struct dbi_op *op = dbi_page_add_op(d->l->out, d->page, DBI_OP_RULE, d->over ? d->over : DBI_ELEM_ARTIFACT);

	if (!op)
		return false;
	op->x = x;
	op->u.rule.x2 = d->x;
	op->y = op->u.rule.y2 = d->baseline + st->size / 9;
	op->u.rule.width = st->size / 18;
	op->color = st->color;
	return true;
}

static int draw_bit(struct drawer *d, const struct bit *bit)
{
	dbi_len x = d->x;
	int status;

	if ((bit->piece->span->link || d->link_span) && !follow_link(d, bit->piece))
		return dbi_lay_memory(d->l);
	if (bit->piece->kind == DBI_PIECE_CHECKBOX)
		status = draw_checkbox(d, bit);
	else if (bit->piece->kind == DBI_PIECE_IMAGE)
		status = draw_picture(d, bit);
	else
		status = draw_runs(d, bit);
	if (status == DBRIEF_OK && bit->piece->span->style->underline && !underline(d, bit->piece->span->style, x))
		status = dbi_lay_memory(d->l);
	return status;
}

/* Left ends of the bits when they are ordered as they are seen (UAX 9, L2). */
static bool visual_places(struct drawer *d, const struct bit *bits, size_t n, dbi_len *x)
{
	unsigned char *levels = dbi_arena_alloc(d->l->arena, n);
	size_t *order = dbi_arena_alloc(d->l->arena, n * sizeof(*order));
	dbi_len at = d->x;

	if (!levels || !order)
		return false;
	for (size_t i = 0; i < n; i++)
		levels[i] = bits[i].piece->level;
	dbi_bidi_reorder(levels, n, order);
	for (size_t i = 0; i < n; i++) {
		const struct bit *bit = &bits[order[i]];

		x[order[i]] = at;
		at += bit->width + (bit->piece->kind == DBI_PIECE_SPACE ? d->extra : 0);
	}
	return true;
}

/* Bits are drawn in the order they are read; where writing directions mix, not always from left to right. */
static int draw_bits(struct drawer *d, const struct bit *bits, size_t n)
{
	int status = DBRIEF_OK;
	dbi_len *x = NULL;

	if (d->p->bidi) {
		x = dbi_arena_alloc(d->l->arena, n * sizeof(*x));
		d->extra_rest = 0;
		if (!x || !visual_places(d, bits, n, x))
			return dbi_lay_memory(d->l);
	}
	for (size_t i = 0; i < n && status == DBRIEF_OK; i++) {
		if (x && x[i] != d->x) {
			if (!end_link(d))
				return dbi_lay_memory(d->l);
			d->x = x[i];
		}
		status = draw_bit(d, &bits[i]);
	}
	return status;
}

/* A line of whole words in one direction: nearly all there are. */
static int draw_plain(struct drawer *d)
{
	const struct dbi_parts *p = d->p;
	const struct dbi_word *last = &p->words[d->line->last];
	const struct dbi_piece *piece = p->pieces + p->words[d->line->first].piece, *end = p->pieces + last->piece + last->n_ink;
	int status = DBRIEF_OK;

	while (piece < end && status == DBRIEF_OK) {
		struct bit bit = bit_of(d, piece++);

		for (; piece < end; piece++) {
			const struct bit next = bit_of(d, piece);

			if (!join(&bit, &next))
				break;
		}
		status = draw_bit(d, &bit);
	}
	return status;
}

/* The bits of a line, in memory of the letter. */
static int line_bits(struct drawer *d, struct bit **bits, size_t *n)
{
	const struct dbi_text_line *line = d->line;
	const struct dbi_word *last = &d->p->words[line->last];
	size_t most = last->piece + last->n_ink - d->p->words[line->first].piece + 1;

	*bits = dbi_arena_alloc(d->l->arena, most * sizeof(**bits));
	return *bits ? collect_bits(d, *bits, n) : dbi_lay_memory(d->l);
}

static int draw_parts(struct drawer *d)
{
	struct bit *bits;
	size_t n = 0;
	int status = line_bits(d, &bits, &n);

	return status == DBRIEF_OK ? draw_bits(d, bits, n) : status;
}

/* A word that goes on in the next line, and a break behind a hyphen of the text, are no ends of words. */
static bool ends_word(const struct dbi_parts *p, const struct dbi_text_line *line)
{
	return line->to ? line->to->skip > 0 : line->last_line || p->words[line->last].n_space;
}

int dbi_parts_draw_line(struct dbi_lay *l, const struct dbi_parts *p, uint32_t index, dbi_len width, size_t page, dbi_len x,
    dbi_len y, dbi_elem over)
{
	const struct dbi_text_line *line = &p->lines[index];
	struct dbi_place place = { x, 0, 0 };
	struct drawer d = { .l = l, .p = p, .line = line, .page = page, .over = over, .top = y, .baseline = y + line->base };
	int status;

	dbi_line_align(p->style, p->rtl, line->first == 0 && !line->from, line->last_line ? 0 : line->gaps, width - line->width, &place);
	d.x = place.x;
	d.extra = place.extra;
	d.extra_rest = place.rest;
	status = p->bidi || line->from || line->to ? draw_parts(&d) : draw_plain(&d);
	if (status == DBRIEF_OK && !end_link(&d))
		status = dbi_lay_memory(l);
	if (d.last && ends_word(p, line))
		l->out->pages[page].ops[d.last - 1].line_end = 1;
	return status;
}

/* The runs of bits in one array. */
static struct dbi_set_run *join_runs(struct dbi_lay *l, const struct bit *bits, size_t n, uint32_t *n_runs)
{
	struct dbi_set_run *runs;
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += bits[i].n_runs;
	runs = dbi_arena_alloc(l->arena, sum * sizeof(*runs));
	*n_runs = (uint32_t)sum;
	sum = 0;
	for (size_t i = 0; i < n && runs; sum += bits[i++].n_runs)
		if (bits[i].n_runs)
			memcpy(runs + sum, bits[i].runs, bits[i].n_runs * sizeof(*runs));
	return runs;
}

int dbi_parts_set_line(struct dbi_lay *l, const struct dbi_parts *p, uint32_t index, struct dbi_set_line *out)
{
	const struct dbi_text_line *line = &p->lines[index];
	struct drawer d = { .l = l, .p = p, .line = line };
	struct bit *bits;
	size_t n = 0;
	int status = line_bits(&d, &bits, &n);

	if (status != DBRIEF_OK)
		return status;
	*out = (struct dbi_set_line){ .width = line->width, .gaps = line->gaps, .last_line = line->last_line,
		.parts_word = line->to != NULL, .ends_word = ends_word(p, line) };
	if (n && bits[n - 1].hyphen)
		out->n_hyphen = bits[n - 1].n_runs;
	out->runs = join_runs(l, bits, n, &out->n);
	out->n -= out->n_hyphen;
	return out->runs ? DBRIEF_OK : dbi_lay_memory(l);
}
