/* SPDX-License-Identifier: MIT */
/* Plain paragraphs: a text in one style, set whole, kept in the cache of texts with the lines found for it. */
#include <string.h>

#include "layout/para.h"
#include "layout/text.h"
#include "text/textcache.h"

#define LONGEST_TEXT 1500 /* bytes; longer ones have parts, where a word of too many pieces is cut */
#define LONGEST_LANG 40
#define MOST_SPANS 64
#define MOST_WIDTHS 4     /* kept lines of one text */

/* Lines of a kept text, and all they depend on beside it. */
struct kept_lines {
	struct kept_lines *next;
	dbi_len width, indent;
	enum dbi_align align;
	bool hyphens;
	char lang[LONGEST_LANG];
	uint32_t n;
	struct dbi_set_line lines[];
};

/* A text on its way to words: where a line may end is as in the general case, see add_ink in para_build.c. */
struct setter {
	struct dbi_lay *l;
	const struct dbi_span *span;
	const char *lang;
	bool hyphens;
	dbi_len word, space, widest; /* width of the word at hand, of the spaces behind it, of the widest word */
	int64_t width;
};

/* A span that puts nothing but text on the lines of its paragraph. */
static bool is_text(const struct dbi_para *p, const struct dbi_span *s)
{
	return s->kind == DBI_SPAN_TEXT && s->len && !s->link && !s->lang && !s->style->underline &&
	    s->style->leading <= p->style->leading && s->style->family == p->style->family;
}

static bool may_be_plain(const struct dbi_para *p, const struct dbi_span *s)
{
	const struct dbi_span *last = s;
	size_t len = 0, n = 0;

	if (!s || p->rtl || (!s->next && s->style->size != p->style->size))
		return false;
	for (const struct dbi_span *i = s; i; last = i, i = i->next) {
		len += i->len;
		if (!is_text(p, i) || len > LONGEST_TEXT || ++n > MOST_SPANS)
			return false;
	}
	return s->text[0] != ' ' && last->text[last->len - 1] != ' ';
}

/* The runs of a space are asked for once while face and language stay the same. */
static int set_space(struct setter *t)
{
	struct dbi_lay *l = t->l;
	unsigned face = dbi_lay_face(l, t->span->style);

	if (!l->space || l->space_face != face || l->space_lang != t->lang) {
		int status = dbi_lay_shape(l, t->span->style, " ", 1, false, t->lang, &l->space, &l->n_space);

		if (status != DBRIEF_OK)
			return status;
		l->space_face = face;
		l->space_lang = t->lang;
	}
	return dbi_scratch_add_runs(l, l->space, l->n_space, t->span->style->size, true, &t->space) ? DBRIEF_OK : dbi_lay_memory(l);
}

/* The text from `at` to `end`, which lies between spaces and hyphens a line may end behind. */
static int set_ink(struct setter *t, size_t at, size_t end)
{
	const struct dbi_run *const *runs;
	const char *text = t->span->text;
	dbi_len width = 0;
	size_t n = 0;
	int status;

	t->width += t->space;
	if (at && (text[at - 1] != ' ' || !dbi_text_is_glued(text, at))) {
		t->widest = t->word > t->widest ? t->word : t->widest;
		t->word = t->space = 0;
	}
	status = dbi_lay_shape(t->l, t->span->style, text + at, end - at, false, t->lang, &runs, &n);
	if (status == DBRIEF_OK && !dbi_scratch_add_runs(t->l, runs, n, t->span->style->size, false, &width))
		status = dbi_lay_memory(t->l);
	t->word += t->space + width;
	t->width += width;
	t->space = 0;
	return status;
}

static int set_words(struct setter *t)
{
	const char *text = t->span->text;
	int status = DBRIEF_OK;

	for (size_t at = 0, end, len = t->span->len; at < len && status == DBRIEF_OK; at = end) {
		end = at + 1;
		if (text[at] == ' ') {
			status = set_space(t);
			continue;
		}
		while (end < len && text[end] != ' ' && !(t->hyphens && dbi_text_is_hyphen_break(text, end)))
			end++;
		status = set_ink(t, at, end);
	}
	t->widest = t->word > t->widest ? t->word : t->widest;
	return status;
}

static void use_set(struct dbi_para *p, struct dbi_set_text *set)
{
	p->set = set;
	p->runs = set->runs;
	p->n_runs = set->n;
	p->min = set->widest;
	p->max = set->width;
}

/* Sets a text that is not kept; keeps it when it comes again. */
static int set_new(struct dbi_lay *l, struct dbi_para *p, const struct dbi_text_key *key, unsigned look)
{
	struct setter t = { .l = l, .span = p->span, .lang = p->lang, .hyphens = look & DBI_TEXT_HYPHENS };
	dbi_textcache *texts = dbi_shaper_texts(l->shaper);
	struct dbi_scratch *s = dbi_lay_scratch(l);
	int status = s ? set_words(&t) : dbi_lay_memory(l);

	if (status != DBRIEF_OK)
		return status;
	p->n_runs = (uint32_t)s->n_runs;
	p->min = t.widest;
	p->max = t.width < DBI_WIDEST ? (dbi_len)t.width : DBI_WIDEST;
	if (dbi_textcache_admits(texts, key) && (p->set = dbi_textcache_add(texts, key, s->runs, p->n_runs))) {
		p->set->widest = p->min;
		p->set->width = p->max;
		p->runs = p->set->runs;
		return DBRIEF_OK;
	}
	p->runs = dbi_lay_copy(l, s->runs, s->n_runs, sizeof(*s->runs));
	return p->runs ? DBRIEF_OK : dbi_lay_memory(l);
}

static const char *lang_of(const struct dbi_para *p)
{
	return p->lang ? p->lang : "";
}

/* Texts of several spans are found by all of them, with what their looks have to do with runs and widths. */
static bool take_long_key(struct dbi_lay *l, const struct dbi_span *spans, struct dbi_text_key *key)
{
	struct { dbi_len size; uint32_t len; unsigned face; } look;
	size_t len = 0;
	char *text, *at;

	for (const struct dbi_span *s = spans; s; s = s->next)
		len += sizeof(look) + s->len;
	at = text = dbi_scratch_text(l, len);
	if (!text)
		return false;
	for (const struct dbi_span *s = spans; s; s = s->next) {
		look.size = s->style->size;
		look.len = s->len;
		look.face = dbi_lay_face(l, s->style);
		memcpy(at, &look, sizeof(look));
		memcpy(at + sizeof(look), s->text, s->len);
		at += sizeof(look) + s->len;
	}
	key->text = text;
	key->len = (uint32_t)len;
	key->face = UINT16_MAX;
	return true;
}

/* False when memory is out. */
static bool take_key(struct dbi_lay *l, const struct dbi_para *p, const struct dbi_span *span, struct dbi_text_key *key)
{
	*key = (struct dbi_text_key){ .text = span->text, .len = span->len, .size = p->style->size,
		.face = (uint16_t)dbi_lay_face(l, span->style), .lang = l->lang_number };
	if (span->next && !take_long_key(l, span, key))
		return false;
	dbi_text_key_hash(key);
	return true;
}

/* Nothing that only parts can say: directions, pictures, line ends that are forced, a space at the end that is not drawn. */
static bool is_plain_inside(const struct dbi_parts *parts)
{
	for (uint32_t i = 0; i < parts->n_words; i++)
		if (parts->words[i].forced)
			return false;
	return parts->n_words && !parts->words[parts->n_words - 1].n_space && !parts->bidi && !parts->uneven && !parts->images;
}

void dbi_plain_keep(struct dbi_lay *l, const struct dbi_para *p, const struct dbi_span *span)
{
	dbi_textcache *texts = dbi_shaper_texts(l->shaper);
	struct dbi_text_key key;
	struct dbi_set_text *set;
	char *lang;

	if (!may_be_plain(p, span) || !is_plain_inside(p->parts) || !take_key(l, p, span, &key))
		return;
	if (dbi_textcache_find(texts, &key) || !dbi_textcache_admits(texts, &key))
		return;
	lang = dbi_textcache_alloc(texts, strlen(lang_of(p)) + 1);
	set = lang ? dbi_textcache_add(texts, &key, p->parts->runs, p->parts->n_runs) : NULL;
	if (!set)
		return;
	memcpy(lang, lang_of(p), strlen(lang_of(p)));
	set->lang = lang;
	set->widest = p->parts->min;
	set->width = p->parts->max;
}

int dbi_para_set_plain(struct dbi_lay *l, struct dbi_para *p, const struct dbi_span *span, bool *plain)
{
	struct dbi_text_key key;
	struct dbi_set_text *set;
	unsigned look;

	*plain = false;
	if (!may_be_plain(p, span))
		return DBRIEF_OK;
	if (!take_key(l, p, span, &key))
		return dbi_lay_memory(l);
	p->span = span;
	set = dbi_textcache_find(dbi_shaper_texts(l->shaper), &key);
	*plain = set && (!set->lang || strcmp(set->lang, lang_of(p)) == 0);
	if (*plain) {
		use_set(p, set);
		return DBRIEF_OK;
	}
	look = span->next ? DBI_TEXT_BREAKS : dbi_text_look(span->text, span->len);
	if (look & (DBI_TEXT_BREAKS | DBI_TEXT_BIDI))
		return DBRIEF_OK;
	*plain = true;
	return set_new(l, p, &key, look);
}

/* ---- lines ---- */

static bool fits(const struct kept_lines *k, const struct dbi_para *p, dbi_len width)
{
	const struct dbi_style *s = p->style;

	return k->width == width && k->indent == s->indent && k->align == s->align && k->hyphens == s->hyphens &&
	    strcmp(k->lang, lang_of(p)) == 0;
}

static bool take_kept(struct dbi_para *p, dbi_len width)
{
	for (const struct kept_lines *k = p->set ? p->set->lines : NULL; k; k = k->next)
		if (fits(k, p, width)) {
			p->lines = k->lines;
			p->n_lines = k->n;
			return true;
		}
	return false;
}

static bool is_kept(const struct dbi_set_line *line)
{
	for (uint32_t i = 0; i < line->n + line->n_hyphen; i++)
		if (!line->runs[i].run->cached)
			return false;
	return true;
}

/* Keeps the lines beside the text, if there is room; they are used from the next time on. */
static void keep_lines(struct dbi_lay *l, const struct dbi_para *p, dbi_len width)
{
	dbi_textcache *texts = dbi_shaper_texts(l->shaper);
	const char *lang = lang_of(p);
	struct kept_lines *k;
	struct dbi_set_run *runs;
	size_t n_runs = 0;
	unsigned widths = 0;

	for (k = p->set->lines; k; k = k->next)
		widths++;
	for (uint32_t i = 0; i < p->n_lines; i++) {
		if (!is_kept(&p->lines[i]))
			return;
		n_runs += p->lines[i].n + p->lines[i].n_hyphen;
	}
	if (widths >= MOST_WIDTHS || strlen(lang) >= LONGEST_LANG)
		return;
	k = dbi_textcache_alloc(texts, sizeof(*k) + p->n_lines * sizeof(k->lines[0]));
	runs = k ? dbi_textcache_alloc(texts, n_runs * sizeof(*runs)) : NULL;
	if (!runs)
		return;
	*k = (struct kept_lines){ .next = p->set->lines, .width = width, .indent = p->style->indent, .align = p->style->align,
		.hyphens = p->style->hyphens, .n = p->n_lines };
	memcpy(k->lang, lang, strlen(lang));
	for (uint32_t i = 0; i < k->n; i++) {
		n_runs = p->lines[i].n + p->lines[i].n_hyphen;
		memcpy(runs, p->lines[i].runs, n_runs * sizeof(*runs));
		k->lines[i] = p->lines[i];
		k->lines[i].runs = runs;
		runs += n_runs;
	}
	p->set->lines = k;
}

int dbi_plain_break(struct dbi_lay *l, struct dbi_para *p, dbi_len width)
{
	struct dbi_set_line *lines;
	struct dbi_parts *parts;
	int status;

	p->lines = NULL;
	p->n_lines = 1;
	if (p->max + p->style->indent <= width || take_kept(p, width))
		return DBRIEF_OK;
	status = dbi_parts_build(l, p->span, p, &parts);
	if (status == DBRIEF_OK)
		status = dbi_parts_break(l, parts, width);
	if (status != DBRIEF_OK)
		return status;
	lines = dbi_arena_calloc(l->arena, parts->n_lines, sizeof(*lines));
	if (!lines)
		return dbi_lay_memory(l);
	for (uint32_t i = 0; i < parts->n_lines && status == DBRIEF_OK; i++)
		status = dbi_parts_set_line(l, parts, i, &lines[i]);
	p->lines = lines;
	p->n_lines = parts->n_lines;
	if (status == DBRIEF_OK && p->set)
		keep_lines(l, p, width);
	return status;
}

/* ---- drawing ---- */

static const struct dbi_style *style_of(const struct dbi_para *p, const struct dbi_set_run *run)
{
	const struct dbi_span *s = p->span;

	for (unsigned i = run->span; i && s->next; i--)
		s = s->next;
	return s->style;
}

/* The first run behind i that is of another span. */
static uint32_t span_end(const struct dbi_set_run *runs, uint32_t i, uint32_t n)
{
	uint8_t span = runs[i].span;

	while (i < n && runs[i].span == span)
		i++;
	return i;
}

static struct dbi_op *draw_runs(struct dbi_lay *l, const struct dbi_para *p, const struct dbi_set_run *runs, uint32_t n, size_t page,
    const struct dbi_place *place, dbi_elem over)
{
	const struct dbi_style *style = style_of(p, runs);
	dbi_elem elem = over ? over : p->elem;
	struct dbi_op *op = dbi_page_next_op(l->out, page);

	if (op)
		*op = (struct dbi_op){ .kind = DBI_OP_TEXT, .elem = elem, .color = style->color, .x = place->x,
			.u.text = { runs, n, style->size, place->extra, (uint32_t)place->rest } };
	return op;
}

/* Goes on behind what was drawn. */
static void advance(struct dbi_place *place, const struct dbi_op *op)
{
	uint32_t spaces = 0;

	for (uint32_t i = 0; i < op->u.text.n; i++)
		place->x += dbi_op_run_width(op, i, &spaces);
	place->rest -= (dbi_len)(spaces < op->u.text.rest ? spaces : op->u.text.rest);
}

int dbi_plain_draw_line(struct dbi_lay *l, const struct dbi_para *p, uint32_t index, size_t page, dbi_len x, dbi_len y, dbi_elem over)
{
	const struct dbi_set_line all = { p->runs, p->n_runs, 0, p->max, 0, true, false, true }, *line = p->lines ? &p->lines[index] : &all;
	uint32_t total = line->n + line->n_hyphen, end;
	struct dbi_place place = { x, 0, 0 };

	dbi_line_align(p->style, false, index == 0, line->last_line ? 0 : line->gaps, p->width - line->width, &place);
	for (uint32_t i = 0; i < total; i = end) {
		struct dbi_op *op;

		end = i >= line->n ? total : p->span->next ? span_end(line->runs, i, line->n) : line->n;
		op = draw_runs(l, p, line->runs + i, end - i, page, &place, over);
		if (!op)
			return dbi_lay_memory(l);
		op->y = y + p->base;
		op->hyphen = i >= line->n;
		op->line_end = line->ends_word && end == total;
		if (end < total)
			advance(&place, op);
	}
	return DBRIEF_OK;
}
