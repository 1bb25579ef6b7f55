/* SPDX-License-Identifier: MIT */
/* Where a word may be parted: soft hyphens, hyphenation by language, and emergency cuts. */
#include <string.h>

#include "layout/para.h"
#include "util/utf8.h"

#define SHORTEST 5          /* letters of a word that is hyphenated */
#define PRICE_HYPHEN 22500
#define PRICE_SOFT 4000     /* the writer put it there */
#define PRICE_MARK 40000    /* behind / - _ . and the like */
#define PRICE_ANY 250000
#define NEAR 200              /* bytes of a token around a piece that tell what it is */

enum { POINT_NONE, POINT_SOFT, POINT_HYPHEN, POINT_MARK, POINT_ANY };

/* Width of the piece's text before byte `off` of it. Runs and glyphs stand as they are seen, so they are walked as they are read. */
struct advance_walk {
	const struct dbi_lay *l;
	const struct dbi_piece *piece;
	const struct dbi_set_run *runs; /* of the piece */
	size_t run, glyph, base;
	dbi_len before;
};

static dbi_len advance_until(struct advance_walk *w, size_t off)
{
	const struct dbi_piece *piece = w->piece;
	int64_t size = piece->span->style->size;

	for (; w->run < piece->n_runs; w->run++, w->glyph = 0) {
		const struct dbi_run *r = w->runs[piece->level & 1 ? piece->n_runs - 1 - w->run : w->run].run;
		int64_t units = (int64_t)dbi_fontset_info(w->l->fonts, r->face)->units_per_em;

		for (; w->glyph < r->n; w->glyph++) {
			const struct dbi_glyph *g = &r->glyphs[r->rtl ? r->n - 1 - w->glyph : w->glyph];

			if (g->text_len && w->base + g->text >= off)
				return w->before;
			w->before += (dbi_len)(g->advance * size / units);
		}
		w->base += r->text_len;
	}
	return w->before;
}

static bool is_letter(const char *s, size_t len, size_t *n)
{
	uint32_t c = dbi_utf8_next(s, len, n);

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7);
}

/* The token, from space to space, that a piece belongs to; of a very long one what is near. */
static bool in_identifier(const struct dbi_parts *p, const struct dbi_piece *piece)
{
	const struct dbi_piece *last = &p->pieces[p->n_pieces - 1];
	size_t from = piece->off, to = piece->off + piece->len, end = last->kind == DBI_PIECE_TEXT ? last->off + last->len : last->off;

	while (from > 0 && piece->off - from < NEAR && p->text[from - 1] != ' ')
		from--;
	while (to < end && to - piece->off - piece->len < NEAR && p->text[to] != ' ')
		to++;
	return dbi_token_is_identifier(p->text + from, to - from);
}

static int mark_hyphens(
    struct dbi_lay *l, const struct dbi_parts *p, const struct dbi_piece *piece, unsigned char *at)
{
	const char *s = p->text + piece->off, *lang = piece->span->lang ? piece->span->lang : p->lang;
	size_t i = 0, n;

	while (i < piece->len) {
		size_t start = i, letters = 0;
		unsigned char *points;
		int status;

		for (; i < piece->len && is_letter(s + i, piece->len - i, &n); i += n)
			letters++;
		if (i == start) {
			i += n;
			continue;
		}
		if (letters < SHORTEST || !lang || !dbi_word_takes_hyphens(s + start, i - start))
			continue;
		points = dbi_arena_calloc(l->arena, i - start, 1);
		if (!points)
			return dbi_lay_memory(l);
		status = dbi_hyphenate(l->breaker, s + start, i - start, lang, points, l->err);
		if (status != DBRIEF_OK)
			return status;
		for (size_t k = 1; k < i - start; k++)
			if (points[k])
				at[start + k] = POINT_HYPHEN;
	}
	return DBRIEF_OK;
}

/* Soft hyphens inside the piece; true when there are any. */
static bool mark_soft(const struct dbi_parts *p, const struct dbi_piece *piece, unsigned char *at)
{
	bool any = false;

	for (uint32_t i = 0; i < p->n_shy; i++)
		if (p->shy[i] > piece->off && p->shy[i] < piece->off + piece->len) {
			at[p->shy[i] - piece->off] = POINT_SOFT;
			any = true;
		}
	return any;
}

static void mark_emergency(
    const struct dbi_parts *p, const struct dbi_piece *piece, unsigned char *at, unsigned char *scratch)
{
	dbi_emergency_breaks(p->text + piece->off, piece->len, scratch);
	for (size_t i = 0; i < piece->len; i++)
		if (!at[i] && scratch[i])
			at[i] = scratch[i] == 1 ? POINT_MARK : POINT_ANY;
}

static bool hyphen_width(
    struct dbi_lay *l, const struct dbi_parts *p, const struct dbi_piece *piece, dbi_len *width)
{
	const struct dbi_style *st = piece->span->style;
	const struct dbi_run *const *runs;
	size_t n;

	*width = 0;
	if (dbi_shape(l->shaper, dbi_fontset_face(l->fonts, st->family, st->face), "-", 1, false, p->lang,
		&runs, &n, l->err) != DBRIEF_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		*width += dbi_run_width(l->fonts, runs[i], st->size);
	return true;
}

struct split_list { struct dbi_split *s; size_t n, cap; };

static int add_splits(struct dbi_lay *l, const struct dbi_parts *p, struct split_list *list, uint32_t index,
    dbi_len before, const unsigned char *at)
{
	static const int32_t prices[] = { 0, PRICE_SOFT, PRICE_HYPHEN, PRICE_MARK, PRICE_ANY };
	const struct dbi_piece *piece = &p->pieces[index];
	struct advance_walk walk = { l, piece, p->runs + piece->run, 0, 0, 0, 0 };
	dbi_len hyphen = 0;

	for (size_t i = 0; i < piece->len; i++) {
		struct dbi_split *s;

		if (!at[i])
			continue;
		if (!hyphen && at[i] <= POINT_HYPHEN && !hyphen_width(l, p, piece, &hyphen))
			return DBRIEF_FAILED;
		if (!dbi_lay_grow(l, &list->s, list->n, &list->cap, sizeof(*list->s)))
			return dbi_lay_memory(l);
		s = &list->s[list->n++];
		*s = (struct dbi_split){ index, piece->off + (uint32_t)i, before + advance_until(&walk, i),
			at[i] <= POINT_HYPHEN ? hyphen : 0, 0, prices[at[i]] };
	}
	return DBRIEF_OK;
}

/* The widest part between two neighbouring splits. */
static dbi_len widest_part(const struct dbi_word *w, const struct split_list *list)
{
	dbi_len last = 0, widest = 0;

	for (size_t i = 0; i <= list->n; i++) {
		dbi_len at = i < list->n ? list->s[i].before : w->width,
			part = at - last + (i < list->n ? list->s[i].hyphen : 0);

		if (part > widest)
			widest = part;
		last = at + (i < list->n ? list->s[i].skip : 0);
	}
	return widest;
}

/* A word that is held together over a space, "Art. 15", is parted there when it does not fit otherwise. */
static int add_space_split(
    struct dbi_lay *l, const struct dbi_parts *p, struct split_list *list, uint32_t index, dbi_len before)
{
	if (!dbi_lay_grow(l, &list->s, list->n, &list->cap, sizeof(*list->s)))
		return dbi_lay_memory(l);
	list->s[list->n++] = (struct dbi_split){ index + 1, p->pieces[index + 1].off, before, 0,
		p->pieces[index].width, PRICE_SOFT };
	return DBRIEF_OK;
}

static int collect(struct dbi_lay *l, struct dbi_parts *p, struct dbi_word *w, bool wide, bool emergency,
    struct split_list *list)
{
	dbi_len before = 0;

	for (uint32_t i = w->piece; i < w->piece + w->n_ink; i++) {
		const struct dbi_piece *piece = &p->pieces[i];
		unsigned char *at;
		int status = DBRIEF_OK;

		if (piece->kind == DBI_PIECE_TEXT) {
			at = dbi_arena_calloc(l->arena, 2, piece->len);
			if (!at)
				return dbi_lay_memory(l);
			if (!mark_soft(p, piece, at) && !(piece->level & 1) && !in_identifier(p, piece))
				status = mark_hyphens(l, p, piece, at);
			if (emergency) {
				mark_emergency(p, piece, at, at + piece->len);
				at[0] = i > w->piece ? POINT_ANY : POINT_NONE;
			}
			if (status == DBRIEF_OK)
				status = add_splits(l, p, list, i, before, at);
		} else if (piece->kind == DBI_PIECE_SPACE && wide && i + 1 < w->piece + w->n_ink) {
			status = add_space_split(l, p, list, i, before);
		}
		if (status != DBRIEF_OK)
			return status;
		before += piece->width;
	}
	return DBRIEF_OK;
}

int dbi_word_split(struct dbi_lay *l, struct dbi_parts *p, struct dbi_word *w, dbi_len width)
{
	struct split_list list = { NULL, 0, 0 };
	int status;

	if (w->split_done)
		return DBRIEF_OK;
	w->split_done = true;
	status = collect(l, p, w, w->width > width, false, &list);
	if (status == DBRIEF_OK && w->width > width && widest_part(w, &list) > width) {
		list = (struct split_list){ NULL, 0, 0 };
		status = collect(l, p, w, true, true, &list);
	}
	if (list.n > UINT16_MAX)
		list.n = UINT16_MAX;
	w->splits = list.s;
	w->n_splits = (uint16_t)list.n;
	return status;
}
