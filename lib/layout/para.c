/* SPDX-License-Identifier: MIT */
/* Paragraphs as the rest of layout sees them, plain or of parts. */
#include <string.h>

#include "layout/para.h"
#include "layout/text.h"

dbi_len dbi_style_base(const struct dbi_lay *l, const struct dbi_style *s)
{
	const struct dbi_face_info *f = dbi_fontset_info(l->fonts, dbi_fontset_face(l->fonts, s->family, s->face));
	int64_t ascent = (int64_t)f->ascent * s->size / (int64_t)f->units_per_em;
	int64_t descent = -(int64_t)f->descent * s->size / (int64_t)f->units_per_em;

	return (dbi_len)((s->leading - ascent - descent) / 2 + ascent);
}

void dbi_line_align(const struct dbi_style *style, bool rtl, bool first, uint32_t gaps, dbi_len rest, struct dbi_place *place)
{
	enum dbi_align a = style->align;

	if (first) {
		rest -= style->indent;
		place->x += rtl ? 0 : style->indent;
	}
	if (a == DBI_ALIGN_JUSTIFY && gaps && rest > 0) {
		place->extra = rest / (dbi_len)gaps;
		place->rest = rest % (dbi_len)gaps;
	} else if (a == DBI_ALIGN_CENTER) {
		place->x += rest / 2;
	} else if (a == DBI_ALIGN_RIGHT || (rtl && (a == DBI_ALIGN_LEFT || a == DBI_ALIGN_JUSTIFY))) {
		place->x += rest > 0 ? rest : 0;
	}
}

int dbi_lay_shape(struct dbi_lay *l, const struct dbi_style *style, const char *text, size_t len, bool rtl, const char *lang,
    const struct dbi_run *const **runs, size_t *n)
{
	int status = dbi_shape(l->shaper, dbi_lay_face(l, style), text, len, rtl, lang, runs, n, l->err);

	return status == DBRIEF_OK ? status : dbi_lay_place_error(l, status);
}

struct dbi_scratch *dbi_lay_scratch(struct dbi_lay *l)
{
	struct dbi_scratch *s = l->scratch;

	if (!s)
		s = l->scratch = dbi_arena_calloc(l->arena, 1, sizeof(*s));
	if (s)
		s->n_pieces = s->n_words = s->n_runs = s->span = 0;
	return s;
}

bool dbi_scratch_add_runs(struct dbi_lay *l, const struct dbi_run *const *runs, size_t n, dbi_len size, bool space, dbi_len *width)
{
	struct dbi_scratch *s = l->scratch;

	for (size_t i = 0; i < n; i++) {
		struct dbi_set_run *set;

		if (s->n_runs == s->cap_runs && !dbi_lay_grow(l, &s->runs, s->n_runs, &s->cap_runs, sizeof(*s->runs)))
			return false;
		set = &s->runs[s->n_runs++];
		set->run = runs[i];
		set->width = dbi_run_width(l->fonts, runs[i], size);
		set->space = space;
		set->span = s->span;
		*width += set->width;
	}
	return true;
}

char *dbi_scratch_text(struct dbi_lay *l, size_t size)
{
	struct dbi_scratch *s = dbi_lay_scratch(l);

	if (s && s->cap_chars < size) {
		s->text = dbi_arena_alloc(l->arena, size * 2);
		s->cap_chars = s->text ? size * 2 : 0;
	}
	return s ? s->text : NULL;
}

void *dbi_lay_copy(struct dbi_lay *l, const void *array, size_t n, size_t size)
{
	void *copy = dbi_arena_alloc(l->arena, n * size);

	if (copy && n)
		memcpy(copy, array, n * size);
	return copy;
}

int dbi_para_build(struct dbi_lay *l, const struct dbi_span *spans, const struct dbi_style *style,
    const char *lang, dbi_elem elem, struct dbi_para **para)
{
	struct dbi_para *p = *para = dbi_arena_calloc(l->arena, 1, sizeof(*p));
	bool plain = false;
	int status = p ? dbi_lay_lang(l, lang) : dbi_lay_memory(l);

	if (status != DBRIEF_OK)
		return status;
	p->style = style;
	p->lang = lang;
	p->elem = elem;
	p->line = (uint32_t)l->line;
	p->rtl = l->lang_rtl;
	p->height = style->leading;
	if (l->base_style != style) {
		l->base_style = style;
		l->base = dbi_style_base(l, style);
	}
	p->base = l->base;
	status = dbi_para_set_plain(l, p, spans, &plain);
	if (status == DBRIEF_OK && !plain) {
		status = dbi_parts_build(l, spans, p, &p->parts);
		if (status != DBRIEF_OK)
			return status;
		p->min = p->parts->min;
		p->max = p->parts->max;
		p->empty = !p->parts->n_words;
		dbi_plain_keep(l, p, spans);
	}
	if (style->nowrap)
		p->min = p->max;
	return status;
}

int dbi_para_build_text(struct dbi_lay *l, const char *text, const struct dbi_style *style, const char *lang,
    dbi_elem elem, struct dbi_para **para)
{
	struct dbi_span *span = dbi_arena_calloc(l->arena, 1, sizeof(*span));

	if (!span)
		return dbi_lay_memory(l);
	span->text = text;
	span->len = (uint32_t)strlen(text);
	span->style = style;
	return dbi_para_build(l, span, style, lang, elem, para);
}

int dbi_para_break(struct dbi_lay *l, struct dbi_para *p, dbi_len width)
{
	int status;

	p->width = width;
	if (!p->parts)
		return dbi_plain_break(l, p, width);
	status = dbi_parts_break(l, p->parts, width);
	p->n_lines = p->parts->n_lines;
	return status;
}

int dbi_para_draw_line(struct dbi_lay *l, const struct dbi_para *p, uint32_t line, size_t page, dbi_len x, dbi_len y, dbi_elem over)
{
	return p->parts ? dbi_parts_draw_line(l, p->parts, line, p->width, page, x, y, over)
			: dbi_plain_draw_line(l, p, line, page, x, y, over);
}
