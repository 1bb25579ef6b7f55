/* SPDX-License-Identifier: MIT */
/* Spans to pieces and words: cutting at break opportunities, shaping, measuring. */
#include <string.h>

#include "layout/para.h"
#include "layout/text.h"

#define LONGEST_PIECE 4096 /* bytes shaped at once; longer tokens are cut, which only kerning notices */
#define LONGEST_WORD 8192   /* bytes; with fonts up to 144 pt its width stays below 2^31 */
#define OBJECT "\xEF\xBF\xBC" /* U+FFFC stands for a picture in the text */

struct builder {
	struct dbi_lay *l;
	struct dbi_scratch *s;
	struct dbi_parts *p;
	const unsigned char *breaks, *levels; /* NULL: breaks at spaces only; all level 0 */
	bool hyphens;                         /* breaks NULL: and behind hyphens */
	size_t len;
	bool open;                            /* the last word may still get pieces */
	const struct dbi_style *space_style;  /* what space_runs are of */
	const struct dbi_run *const *space_runs;
	size_t n_space_runs;
	dbi_elem link_elem;
	const struct dbi_anchor *link;
	size_t n_images;
};

/* ---- pieces and words ---- */

static struct dbi_piece *add_piece(
    struct builder *b, enum dbi_piece_kind kind, const struct dbi_span *span, dbi_elem elem)
{
	struct dbi_scratch *s = b->s;
	struct dbi_piece *piece;

	if (s->n_pieces == s->cap_pieces &&
	    !dbi_lay_grow(b->l, &s->pieces, s->n_pieces, &s->cap_pieces, sizeof(*s->pieces)))
		return NULL;
	piece = &s->pieces[s->n_pieces++];
	*piece = (struct dbi_piece){ .kind = (uint8_t)kind, .span = span, .elem = elem };
	return piece;
}

/* The word that takes the next ink; opens one when the last was closed. */
static struct dbi_word *open_word(struct builder *b)
{
	struct dbi_scratch *s = b->s;
	struct dbi_word *w;

	if (b->open) {
		w = &s->words[s->n_words - 1];
		w->n_ink = (uint16_t)(w->n_ink + w->n_space); /* spaces inside: no break is allowed there */
		w->width += w->space;
		w->n_space = 0;
		w->space = 0;
		return w;
	}
	if (s->n_words == s->cap_words && !dbi_lay_grow(b->l, &s->words, s->n_words, &s->cap_words, sizeof(*s->words)))
		return NULL;
	w = &s->words[s->n_words++];
	*w = (struct dbi_word){ .piece = (uint32_t)s->n_pieces };
	b->open = true;
	return w;
}

static int shape(struct builder *b, const struct dbi_span *span, const char *text, size_t len, bool rtl,
    const struct dbi_run *const **runs, size_t *n)
{
	return dbi_lay_shape(b->l, span->style, text, len, rtl, span->lang ? span->lang : b->p->lang, runs, n);
}

/* Gives runs to the piece at hand. */
static bool set_runs(struct builder *b, struct dbi_piece *piece, const struct dbi_run *const *runs, size_t n)
{
	piece->run = (uint32_t)b->s->n_runs;
	piece->n_runs = (uint16_t)n;
	return dbi_scratch_add_runs(b->l, runs, n, piece->span->style->size, piece->kind == DBI_PIECE_SPACE, &piece->width);
}

static int add_space(struct builder *b, const struct dbi_span *span, dbi_elem elem, size_t off)
{
	struct dbi_piece *piece;
	struct dbi_word *w;

	if (!b->open && !open_word(b))
		return dbi_lay_memory(b->l);
	piece = add_piece(b, DBI_PIECE_SPACE, span, elem);
	if (!piece)
		return dbi_lay_memory(b->l);
	piece->off = (uint32_t)off;
	piece->len = 1;
	piece->level = b->levels ? b->levels[off] : 0;
	if (b->space_style != span->style) {
		int status = shape(b, span, " ", 1, false, &b->space_runs, &b->n_space_runs);

		if (status != DBRIEF_OK)
			return status;
		b->space_style = span->style;
	}
	if (!set_runs(b, piece, b->space_runs, b->n_space_runs))
		return dbi_lay_memory(b->l);
	w = &b->s->words[b->s->n_words - 1];
	w->n_space++;
	w->space += piece->width;
	return DBRIEF_OK;
}

/* A token beyond any reason is cut without a sign, so that what parts words stays quick. */
static bool is_overlong(const struct dbi_scratch *s, size_t off)
{
	const struct dbi_word *w = &s->words[s->n_words - 1];

	return w->n_ink + w->n_space > 1000 || (w->n_ink && off - s->pieces[w->piece].off > LONGEST_WORD);
}

/* Whether a line may end before text[off], where no space stands. */
static bool may_break(const struct builder *b, size_t off)
{
	if (b->breaks)
		return b->breaks[off] != DBI_BREAK_NO && !dbi_text_is_hyphen_kept(b->p->text, off);
	return b->hyphens && off < b->len && dbi_text_is_hyphen_break(b->p->text, off);
}

/* Ink from `off`; a break opportunity before it closes the word at hand. */
static struct dbi_piece *add_ink(struct builder *b, enum dbi_piece_kind kind, const struct dbi_span *span,
    dbi_elem elem, size_t off, size_t len)
{
	bool space_before = b->open && b->s->words[b->s->n_words - 1].n_space > 0;
	bool may = space_before
	    ? (!b->breaks || b->breaks[off] != DBI_BREAK_NO) && !dbi_text_is_glued(b->p->text, off)
	    : may_break(b, off);
	struct dbi_piece *piece;
	struct dbi_word *w;

	if (may && b->open) {
		b->s->words[b->s->n_words - 1].forced |= b->breaks && b->breaks[off] == DBI_BREAK_MUST;
		b->open = false;
	}
	if (b->open && is_overlong(b->s, off))
		b->open = false;
	w = open_word(b);
	piece = w ? add_piece(b, kind, span, elem) : NULL;
	if (!piece)
		return NULL;
	w->n_ink++;
	piece->off = (uint32_t)off;
	piece->len = (uint32_t)len;
	piece->level = b->levels ? b->levels[off] : 0;
	return piece;
}

/* End of the piece at `off`: a space, a place to break, another direction, or too long. */
static size_t piece_end(const struct builder *b, size_t off, size_t end)
{
	const char *text = b->p->text;
	size_t i = off + 1;

	while (i < end && text[i] != ' ' && !may_break(b, i) &&
	    (!b->levels || b->levels[i] == b->levels[off]) &&
	    (i - off < LONGEST_PIECE || ((unsigned char)text[i] & 0xC0) == 0x80))
		i++;
	return i;
}

static int add_text(struct builder *b, const struct dbi_span *span, dbi_elem elem, size_t off, size_t end)
{
	const char *text = b->p->text;

	while (off < end) {
		size_t i = off + 1, n;
		const struct dbi_run *const *runs;
		struct dbi_piece *piece;
		int status;

		if (text[off] == ' ') {
			status = add_space(b, span, elem, off);
			if (status != DBRIEF_OK)
				return status;
			off++;
			continue;
		}
		if (!b->breaks && !b->levels && !b->hyphens && end - off < LONGEST_PIECE)
			while (i < end && text[i] != ' ')
				i++;
		else
			i = piece_end(b, off, end);
		piece = add_ink(b, DBI_PIECE_TEXT, span, elem, off, i - off);
		if (!piece)
			return dbi_lay_memory(b->l);
		status = shape(b, span, text + off, i - off, piece->level & 1, &runs, &n);
		if (status == DBRIEF_OK && !set_runs(b, piece, runs, n))
			status = dbi_lay_memory(b->l);
		if (status != DBRIEF_OK)
			return status;
		b->s->words[b->s->n_words - 1].width += piece->width;
		off = i;
	}
	return DBRIEF_OK;
}

static int load_picture(struct builder *b, const struct dbi_span *span, struct dbi_piece *piece)
{
	struct dbi_lay *l = b->l;
	struct dbi_parts *p = b->p;
	const struct dbi_image *image = NULL;
	int status;

	if (!l->images)
		return dbi_lay_error(l, l->line,
		    "a picture stands in the text, but pictures are not available here; take it out");
	status = l->images->load(l->images->user, span->picture->folder, span->picture->src, &image, l->err);
	if (status != DBRIEF_OK)
		return status;
	if (!p->images) {
		p->images = dbi_arena_calloc(l->arena, b->n_images, sizeof(*p->images));
		if (!p->images)
			return dbi_lay_memory(l);
		b->n_images = 0;
	}
	piece->len = (uint32_t)b->n_images; /* pictures are found by number, not by text */
	p->images[b->n_images++] = image;
	piece->width = span->picture->width;
	if (!piece->width)
		piece->width = span->picture->height ? dbi_other_side(span->picture->height, image->height, image->width)
					    : (dbi_len)(image->width * 750);
	p->uneven = true;
	return DBRIEF_OK;
}

static int add_object(struct builder *b, const struct dbi_span *span, dbi_elem parent, size_t off)
{
	bool image = span->kind == DBI_SPAN_IMAGE;
	dbi_elem elem = DBI_ELEM_ARTIFACT;
	struct dbi_piece *piece;
	int status = DBRIEF_OK;

	if (parent < DBI_ELEM_ARTIFACT_PAGINATION && (!image || (span->picture->alt && *span->picture->alt))) {
		if (!dbi_lay_element(b->l, DBI_ROLE_FIGURE, parent, NULL, &elem))
			return dbi_lay_memory(b->l);
		b->l->out->elements[elem].alt = span->picture->alt ? span->picture->alt : "\xE2\x98\x90"; /* U+2610 ballot box */
	}
	piece = add_ink(b, image ? DBI_PIECE_IMAGE : DBI_PIECE_CHECKBOX, span, elem, off, sizeof(OBJECT) - 1);
	if (!piece)
		return dbi_lay_memory(b->l);
	piece->width = span->style->size * 85 / 100;
	if (image)
		status = load_picture(b, span, piece);
	b->s->words[b->s->n_words - 1].width += piece->width;
	return status;
}

/* The element of a span: the paragraph's, or one of its own for a link or another language. */
static bool span_element(struct builder *b, const struct dbi_span *span, dbi_elem *elem)
{
	dbi_elem parent = b->p->elem;

	*elem = parent;
	if (parent >= DBI_ELEM_ARTIFACT_PAGINATION)
		return true;
	if (span->link) {
		if (span->link != b->link) {
			if (!dbi_lay_element(b->l, DBI_ROLE_LINK, parent, span->lang, &b->link_elem))
				return false;
			b->l->out->elements[b->link_elem].alt = span->link->alt ? span->link->alt : span->link->href;
			b->link = span->link;
		}
		*elem = b->link_elem;
		return true;
	}
	if (span->lang && (!b->p->lang || strcmp(span->lang, b->p->lang)))
		return dbi_lay_element(b->l, DBI_ROLE_SPAN, parent, span->lang, elem);
	return true;
}

static int add_span(struct builder *b, const struct dbi_span *span, size_t off, size_t end)
{
	dbi_elem elem;

	if (span->kind == DBI_SPAN_BREAK) {
		if (!b->open && !open_word(b))
			return dbi_lay_memory(b->l);
		b->s->words[b->s->n_words - 1].forced = true;
		b->open = false;
		return DBRIEF_OK;
	}
	if (!span_element(b, span, &elem))
		return dbi_lay_memory(b->l);
	if (span->style->leading > b->p->style->leading || span->style->family != b->p->style->family)
		b->p->uneven = true;
	return span->kind == DBI_SPAN_TEXT ? add_text(b, span, elem, off, end) : add_object(b, span, elem, off);
}

/* ---- the whole ---- */

/* The text of all spans in one piece of memory; the one text of a single span as it is. */
static bool join_text(struct builder *b, const struct dbi_span *spans)
{
	size_t len = 0, at = 0;
	char *text;

	if (spans && !spans->next && spans->kind == DBI_SPAN_TEXT &&
	    !dbi_text_has_soft_hyphen(spans->text, spans->len)) {
		b->p->text = spans->text;
		b->len = spans->len;
		return true;
	}
	for (const struct dbi_span *s = spans; s; s = s->next) {
		len += s->kind == DBI_SPAN_TEXT ? s->len : s->kind == DBI_SPAN_BREAK ? 0 : sizeof(OBJECT) - 1;
		b->n_images += s->kind == DBI_SPAN_IMAGE;
	}
	text = dbi_arena_alloc(b->l->arena, len + 1);
	if (!text)
		return false;
	for (const struct dbi_span *s = spans; s; s = s->next) {
		size_t n = s->kind == DBI_SPAN_TEXT ? s->len : s->kind == DBI_SPAN_BREAK ? 0 : sizeof(OBJECT) - 1;

		memcpy(text + at, s->kind == DBI_SPAN_TEXT ? s->text : OBJECT, n);
		at += n;
	}
	if (dbi_text_has_soft_hyphen(text, len) && !dbi_text_take_soft_hyphens(b->l, b->p, text, &len))
		return false;
	text[len] = '\0';
	b->p->text = text;
	b->len = len;
	return true;
}

/* Asks ICU where lines may end and what runs backwards, when the text needs it. */
static int analyse(struct builder *b)
{
	struct dbi_lay *l = b->l;
	struct dbi_scratch *s = b->s;
	unsigned look = dbi_text_look(b->p->text, b->len);
	bool simple = !(look & DBI_TEXT_BREAKS), bidi = (look & DBI_TEXT_BIDI) || b->p->rtl;
	int status = DBRIEF_OK;

	b->hyphens = look & DBI_TEXT_HYPHENS;
	if ((simple && !bidi) || !b->len)
		return DBRIEF_OK;
	if (b->len > s->cap_text) {
		s->cap_text = b->len * 2;
		s->breaks = dbi_arena_alloc(l->arena, s->cap_text);
		s->levels = dbi_arena_alloc(l->arena, s->cap_text);
		if (!s->breaks || !s->levels)
			return dbi_lay_memory(l);
	}
	if (!simple) {
		status = dbi_line_breaks(l->breaker, b->p->text, b->len, b->p->lang, s->breaks, l->err);
		b->breaks = s->breaks;
	}
	if (status == DBRIEF_OK && bidi) {
		status = dbi_bidi_levels(l->breaker, b->p->text, b->len, b->p->rtl, s->levels, l->err);
		b->levels = s->levels;
		b->p->bidi = true;
	}
	return status;
}

/* Bytes of the joined text that a span has, soft hyphens taken out. */
static size_t span_bytes(const struct builder *b, const struct dbi_span *s)
{
	size_t n = s->len;

	if (s->kind != DBI_SPAN_TEXT)
		return s->kind == DBI_SPAN_BREAK ? 0 : sizeof(OBJECT) - 1;
	if (b->p->n_shy)
		for (size_t i = 0; i + 1 < s->len; i++)
			n -= (unsigned char)s->text[i] == 0xC2 && (unsigned char)s->text[i + 1] == 0xAD ? 2 : 0;
	return n;
}

/* Copies the scratch arrays and sums up the widths. */
static int finish(struct builder *b)
{
	struct dbi_parts *p = b->p;
	struct dbi_scratch *s = b->s;
	int64_t line = 0;

	p->pieces = dbi_lay_copy(b->l, s->pieces, s->n_pieces, sizeof(*p->pieces));
	p->words = dbi_lay_copy(b->l, s->words, s->n_words, sizeof(*p->words));
	p->runs = dbi_lay_copy(b->l, s->runs, s->n_runs, sizeof(*p->runs));
	if (!p->pieces || !p->words || !p->runs)
		return dbi_lay_memory(b->l);
	p->n_pieces = (uint32_t)s->n_pieces;
	p->n_words = (uint32_t)s->n_words;
	p->n_runs = (uint32_t)s->n_runs;
	for (uint32_t i = 0; i < p->n_words; i++) {
		const struct dbi_word *w = &p->words[i];

		if (w->width > p->min)
			p->min = w->width;
		line += w->width;
		if (line > p->max)
			p->max = line < DBI_WIDEST ? (dbi_len)line : DBI_WIDEST;
		line = w->forced ? 0 : line + w->space;
	}
	return DBRIEF_OK;
}

int dbi_parts_build(struct dbi_lay *l, const struct dbi_span *spans, const struct dbi_para *para, struct dbi_parts **parts)
{
	struct dbi_parts *p = *parts = dbi_arena_calloc(l->arena, 1, sizeof(*p));
	struct builder b = { .l = l, .p = p, .s = dbi_lay_scratch(l) };
	size_t off = 0;
	int status;

	if (!p || !b.s)
		return dbi_lay_memory(l);
	p->style = para->style;
	p->lang = para->lang;
	p->elem = para->elem;
	p->line = para->line;
	p->rtl = para->rtl;
	p->height = para->height;
	p->base = para->base;
	if (!join_text(&b, spans))
		return dbi_lay_memory(l);
	status = analyse(&b);
	for (const struct dbi_span *s = spans; s && status == DBRIEF_OK; s = s->next) {
		size_t n = span_bytes(&b, s);

		status = add_span(&b, s, off, off + n);
		off += n;
		b.s->span = (uint8_t)(b.s->span + (b.s->span < UINT8_MAX));
	}
	return status == DBRIEF_OK ? finish(&b) : status;
}
