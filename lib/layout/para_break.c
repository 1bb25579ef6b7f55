/* SPDX-License-Identifier: MIT */
/*
 * Line breaking over the whole paragraph: the cheapest way from its start to
 * its end, where a line costs the square of what it falls short of the width,
 * and a parted word its price. Words are parted in a second pass, and only when
 * the first leaves a line too short; words wider than the line always are.
 */
#include <string.h>

#include "layout/para.h"

#define COST_LINE   20000     /* of one more line */
#define COST_RUNT   15000     /* of a last line that is hardly there */
#define COST_TAIL   60000     /* of a last line that is the rest of a parted word */
#define COST_HYPHENATED 4000  /* of a line that ends behind a hyphen of the text */
#define COST_MARK   30000     /* of a line that ends behind another mark, such as the slash of an address */
#define COST_AGAIN  30000     /* of two parted words in a row */
#define COST_OVERFULL 100000000 /* of a line that sticks out; refused afterwards */
#define NEVER INT64_MAX
#define SLACK 60              /* 0.06 pt: what rounding and kerning at a cut may take */

struct node {
	int64_t cost;
	uint32_t before;          /* node the best line to here starts at */
	uint32_t word;            /* the next line starts in this word */
	const struct dbi_split *split; /* NULL: at its start */
};

struct seeker {
	struct dbi_lay *l;
	struct dbi_parts *p;
	struct node *nodes;
	size_t n, cap;
	dbi_len width;
	int64_t scale;            /* to thousandths of the width, times 2^20 */
	bool hyphenate;
};

void dbi_parts_measure_line(const struct dbi_lay *l, const struct dbi_parts *p, struct dbi_text_line *line)
{
	const struct dbi_word *last = &p->words[line->last];
	const struct dbi_style *seen = NULL;

	line->height = p->height;
	line->base = p->base;
	if (!p->uneven)
		return;
	for (uint32_t i = p->words[line->first].piece; i < last->piece + last->n_ink; i++) {
		const struct dbi_piece *piece = &p->pieces[i];
		const struct dbi_style *st = piece->span->style;
		dbi_len below = line->height - line->base, base;

		if (piece->kind == DBI_PIECE_IMAGE) {
			const struct dbi_image *image = p->images[piece->len];
			dbi_len h = piece->span->picture->height
			    ? piece->span->picture->height
			    : dbi_other_side(piece->width, image->width, image->height);

			base = h + st->size / 10;
		} else if (st != seen && st != p->style) {
			seen = st;
			base = dbi_style_base(l, st);
			if (st->leading - base > below)
				below = st->leading - base;
		} else {
			continue;
		}
		line->base = base > line->base ? base : line->base;
		line->height = line->base + below;
	}
}

/* ---- the search ---- */

static int add_nodes(struct seeker *s, struct dbi_word *w, uint32_t index)
{
	w->node = (uint32_t)s->n;
	for (size_t i = 0; i < w->n_splits; i++) {
		if (!dbi_lay_grow(s->l, &s->nodes, s->n, &s->cap, sizeof(*s->nodes)))
			return dbi_lay_memory(s->l);
		s->nodes[s->n++] = (struct node){ NEVER, 0, index, &w->splits[i] };
	}
	return DBRIEF_OK;
}

/* Cost of a line that leaves `rest` empty. */
static int64_t rag_cost(const struct seeker *s, dbi_len rest)
{
	int64_t x = rest * s->scale >> 20;

	return COST_LINE + x * x;
}

/* A line may end inside a token, but rather between words. */
static int64_t mark_cost(const struct dbi_parts *p, const struct dbi_word *w)
{
	const struct dbi_piece *last = w->n_ink ? &p->pieces[w->piece + w->n_ink - 1] : NULL;

	return last && last->kind == DBI_PIECE_TEXT && last->len && p->text[last->off + last->len - 1] == '-' ? COST_HYPHENATED : COST_MARK;
}

static void relax(struct seeker *s, uint32_t from, uint32_t to, int64_t cost)
{
	int64_t total = s->nodes[from].cost + cost;

	if (total < s->nodes[to].cost) {
		s->nodes[to].cost = total;
		s->nodes[to].before = from;
	}
}

/* Width of what a word has before a line that starts inside it. */
static dbi_len part_before(const struct dbi_split *start)
{
	return start ? start->before + start->skip : 0;
}

/* Ends of a line inside word j, which does not fit behind `used` of `avail`. */
static int relax_splits(struct seeker *s, uint32_t from, uint32_t j, const struct dbi_split *start,
    dbi_len used, dbi_len avail, bool *any)
{
	struct dbi_word *w = &s->p->words[j];
	bool after_hyphen = s->nodes[from].split && s->nodes[from].split->hyphen;
	int status = DBRIEF_OK;

	if (!w->split_done)
		status = dbi_word_split(s->l, s->p, w, s->width);
	if (status == DBRIEF_OK && w->n_splits && !w->node)
		status = add_nodes(s, w, j);
	for (size_t i = start ? (size_t)(start - w->splits) + 1 : 0; i < w->n_splits && status == DBRIEF_OK; i++) {
		const struct dbi_split *split = &w->splits[i];
		dbi_len total = used + split->before - part_before(start) + split->hyphen;

		if (total > avail - (split->hyphen ? 0 : SLACK))
			break;
		relax(s, from, w->node + (uint32_t)i, rag_cost(s, avail - total) + split->price +
		    (after_hyphen && split->hyphen ? COST_AGAIN : 0));
		*any = true;
	}
	return status;
}

/* All lines that start at a node. */
static int relax_from(struct seeker *s, uint32_t from)
{
	const struct node at = s->nodes[from];
	struct dbi_parts *p = s->p;
	dbi_len used = 0, avail = s->width - (at.word == 0 && !at.split ? p->style->indent : 0), half = avail / 2;
	uint32_t spare = 0; /* end of a line that is not even half full, for want of a better one */
	bool any = false;
	int status = DBRIEF_OK;

	if (at.cost == NEVER)
		return DBRIEF_OK;
	for (uint32_t j = at.word; j < p->n_words; j++) {
		const struct dbi_word *w = &p->words[j];
		const struct dbi_split *start = j == at.word ? at.split : NULL;
		dbi_len part = w->width - part_before(start);
		bool last = w->forced || j + 1 == p->n_words;

		if (used + part > avail) {
			if (s->hyphenate || w->width > s->width)
				status = relax_splits(s, from, j, start, used, avail, &any);
			if (!any && spare)
				relax(s, from, spare, 2 * COST_LINE + 1000000);
			else if (!any)
				relax(s, from, j + 1, COST_OVERFULL);
			break;
		}
		used += part;
		if (used < half && !last) {
			spare = j + 1;
			used += w->space;
			continue;
		}
		if (last)
			relax(s, from, j + 1, COST_LINE + (start ? COST_TAIL : 0) + (used < s->width / 12 ? COST_RUNT : 0));
		else
			relax(s, from, j + 1, rag_cost(s, avail - used) + (w->n_space ? 0 : mark_cost(p, w)));
		any = true;
		if (last)
			break;
		used += w->space;
	}
	return status;
}

static int seek(struct seeker *s)
{
	struct dbi_parts *p = s->p;
	int status = DBRIEF_OK;

	s->n = p->n_words + 1;
	for (uint32_t i = 0; i < s->n; i++)
		s->nodes[i] = (struct node){ i ? NEVER : 0, 0, i, NULL };
	for (uint32_t i = 0; i < p->n_words; i++)
		p->words[i].node = 0;
	for (uint32_t i = 0; i < p->n_words && status == DBRIEF_OK; i++) {
		status = relax_from(s, i);
		for (uint32_t k = 0; p->words[i].node && k < p->words[i].n_splits && status == DBRIEF_OK; k++)
			status = relax_from(s, p->words[i].node + k);
	}
	return status;
}

/* ---- lines from the way found ---- */

/* White space inside a line, also that inside words that hold together over it. */
static uint32_t count_spaces(const struct dbi_parts *p, const struct dbi_text_line *line)
{
	const struct dbi_word *last = &p->words[line->last];
	uint32_t i = line->from ? line->from->piece : p->words[line->first].piece, n = 0;
	uint32_t end = line->to ? line->to->piece - (line->to->skip > 0) : last->piece + last->n_ink;

	for (; i < end; i++)
		n += p->pieces[i].kind == DBI_PIECE_SPACE;
	return n;
}

static void fill_line(
    const struct seeker *s, const struct node *a, const struct node *b, struct dbi_text_line *line)
{
	const struct dbi_parts *p = s->p;

	memset(line, 0, sizeof(*line));
	line->first = a->word;
	line->from = a->split;
	line->to = b->split;
	line->last = b->split ? b->word : b->word - 1;
	for (uint32_t j = line->first; j <= line->last; j++) {
		const struct dbi_word *w = &p->words[j];

		line->width += w->width + (j < line->last ? w->space : 0);
	}
	if (line->from)
		line->width -= part_before(line->from);
	if (line->to)
		line->width -= p->words[line->last].width - line->to->before - line->to->hyphen;
	line->gaps = p->style->align == DBI_ALIGN_JUSTIFY ? count_spaces(p, line) : 0;
	line->last_line = !line->to && (p->words[line->last].forced || line->last + 1 == p->n_words);
	dbi_parts_measure_line(s->l, p, line);
}

static bool take_lines(struct seeker *s)
{
	struct dbi_parts *p = s->p;
	uint32_t n = 0, at;

	for (at = p->n_words; at; at = s->nodes[at].before)
		n++;
	p->lines = dbi_arena_alloc(s->l->arena, n * sizeof(*p->lines));
	if (!p->lines)
		return false;
	p->n_lines = n;
	for (at = p->n_words; at; at = s->nodes[at].before)
		fill_line(s, &s->nodes[s->nodes[at].before], &s->nodes[at], &p->lines[--n]);
	return true;
}

/* Whether some line falls so short that words should be parted. */
static bool is_ragged(const struct seeker *s)
{
	const struct dbi_parts *p = s->p;
	dbi_len most = p->style->align == DBI_ALIGN_JUSTIFY ? s->width / 12 : s->width / 5, least = p->style->size * 4;

	if (p->style->align == DBI_ALIGN_JUSTIFY)
		least = p->style->size;
	for (uint32_t i = 0; i < p->n_lines; i++)
		if (!p->lines[i].last_line && s->width - p->lines[i].width > (most > least ? most : least))
			return true;
	return false;
}

static int check_lines(struct dbi_lay *l, const struct dbi_parts *p, dbi_len width)
{
	for (uint32_t i = 0; i < p->n_lines; i++) {
		dbi_len need = p->lines[i].width + (i ? 0 : p->style->indent);

		if (need > width + SLACK)
			return dbi_lay_error(l, p->line, "something is " DBI_MM_FMT " wide where " DBI_MM_FMT
			    " are there and cannot be broken; make the column wider or the font smaller",
			    DBI_MM_ARGS(need), DBI_MM_ARGS(width));
	}
	return DBRIEF_OK;
}

/* Everything on one line, or nothing at all. */
static bool take_single(struct dbi_lay *l, struct dbi_parts *p, dbi_len width)
{
	if (p->n_words) {
		for (uint32_t i = 0; i + 1 < p->n_words; i++)
			if (p->words[i].forced)
				return false;
		if (p->max + p->style->indent > width)
			return false;
		p->lines = &p->single;
		p->n_lines = 1;
		memset(&p->single, 0, sizeof(p->single));
		p->single.last = p->n_words - 1;
		p->single.width = p->max;
		p->single.last_line = true;
		dbi_parts_measure_line(l, p, &p->single);
	} else {
		p->n_lines = 0;
	}
	return true;
}

int dbi_parts_break(struct dbi_lay *l, struct dbi_parts *p, dbi_len width)
{
	struct seeker s = { .l = l, .p = p, .width = width };
	int status;

	s.scale = width > 0 ? (1000LL << 20) / width : 0;
	if (take_single(l, p, width))
		return DBRIEF_OK;
	s.cap = (size_t)p->n_words + 1;
	s.nodes = dbi_arena_alloc(l->arena, s.cap * sizeof(*s.nodes));
	if (!s.nodes)
		return dbi_lay_memory(l);
	status = seek(&s);
	if (status == DBRIEF_OK && !take_lines(&s))
		status = dbi_lay_memory(l);
	if (status == DBRIEF_OK && p->style->hyphens && is_ragged(&s)) {
		s.hyphenate = true;
		status = seek(&s);
		if (status == DBRIEF_OK && !take_lines(&s))
			status = dbi_lay_memory(l);
	}
	return status == DBRIEF_OK ? check_lines(l, p, width) : status;
}
