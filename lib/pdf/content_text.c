/* SPDX-License-Identifier: MIT */
/* Runs of text: fonts, positions, fragments from the word cache. */
#include "pdf/content.h"

#include <string.h>

#include "pdf/glyph_code.h"

/* A pen that is off by no more than this (1/1000000 pt) needs no correction: 0.03 pt. */
#define PEN_SLACK 30000
/* Gaps wider than this many ems begin a new line position. */
#define GAP_EMS 4

static void set_font(struct dbi_content *c, unsigned face, unsigned resource, int32_t size)
{
	if (c->size == size && c->face == face)
		return;
	dbi_content_end_array(c);
	char *p = dbi_buf_room(c->out, 2 * DBI_NUMBER_ROOM + 8);
	if (!p)
		return;
	char *s = p;
	*s++ = '/';
	*s++ = 'F';
	s = dbi_put_uint(s, resource);
	*s++ = ' ';
	s = dbi_put_centi(s, size);
	memcpy(s, " Tf\n", 4);
	c->out->len += (size_t)(s + 4 - p);
	c->face = face;
	c->size = size;
}

static void set_fill(struct dbi_content *c, dbi_color color)
{
	if (c->fill == color)
		return;
	dbi_content_end_array(c);
	dbi_content_add_color(c->out, color, false);
	c->fill = color;
}

static inline bool is_at_pen(const struct dbi_content *c, dbi_len x)
{
	int64_t off = (int64_t)x * 1000 - c->pen;
	return off <= PEN_SLACK && off >= -PEN_SLACK;
}

/* Opens an array where needed and puts the pen to x, y. */
static void move_pen(struct dbi_content *c, dbi_len x, dbi_len y)
{
	int32_t line_y = dbi_content_y(c, y);
	int64_t off = (int64_t)x * 1000 - c->pen;
	bool same_line = c->pen_valid && line_y == c->line_y;
	bool at_pen = is_at_pen(c, x);
	if (same_line && at_pen && c->in_array)
		return;
	char *p = dbi_buf_room(c->out, 2 * DBI_NUMBER_ROOM + 16);
	if (!p)
		return;
	char *s = p;
	int64_t step = (int64_t)c->size * 10; /* 1/1000 em in 1/1000000 pt */
	if (same_line && at_pen) {
		*s++ = '[';
		*s++ = '(';
	} else if (same_line && c->in_array && off < GAP_EMS * 1000 * step && off > -GAP_EMS * 1000 * step) {
		int64_t n = off >= 0 ? -((off + step / 2) / step) : (step / 2 - off) / step;
		*s++ = ')';
		s = dbi_put_int(s, (int32_t)n);
		*s++ = '(';
		c->pen -= n * step;
	} else { /* a place of its own: that of a table's cell is as far from the one before in every row */
		int32_t line_x = dbi_centi(x);
		if (c->in_array) {
			memcpy(s, ")]TJ\n", 5);
			s += 5;
		}
		s = dbi_put_centi(s, line_x - c->line_x);
		*s++ = ' ';
		s = dbi_put_centi(s, line_y - c->line_y);
		memcpy(s, " Td[(", 5);
		s += 5;
		c->line_x = line_x;
		c->line_y = line_y;
		c->pen = (int64_t)line_x * 10000;
		c->pen_valid = true;
	}
	c->in_array = true;
	c->out->len += (size_t)(s - p);
}

/* Most words are no longer than this many bytes, which are copied at once. */
#define SHORT 16

/*
 * The slot of a cached run: this, then the glyphs that are none of the first, then the bytes and SHORT more. The first glyphs, which nearly all
 * text in Latin letters is made of, are a part of the face's set.
 */
struct ready {
	struct dbi_fragment f;
	uint16_t n_others;
	uint64_t first[DBI_FIRST_GLYPH_WORDS];
};

/* Sorts the run's glyphs into those of the set and the others, each once; returns how many others. */
static uint16_t list_glyphs(const struct dbi_run *run, uint64_t *first, uint16_t *others)
{
	uint16_t n = 0;

	for (uint32_t i = 0; i < run->n; i++) {
		uint16_t id = run->glyphs[i].id, k = 0;
		if (id < 64 * DBI_FIRST_GLYPH_WORDS) {
			dbi_glyph_put(first, id);
			continue;
		}
		while (k < n && others[k] != id)
			k++;
		if (k == n)
			others[n++] = id;
	}
	return n;
}

static void store(struct dbi_content *c, const struct dbi_run *run, const struct dbi_fragment *f)
{
	unsigned char small[1024];
	uint16_t others[64];
	struct ready ready = { .f = *f };

	if (run->n > 64)
		return;
	if (!f->letter)
		ready.n_others = list_glyphs(run, ready.first, others);
	size_t ids_len = ready.n_others * sizeof(others[0]);
	size_t len = f->letter ? 0 : f->len;
	if (sizeof(ready) + ids_len + len + SHORT > sizeof(small))
		return;
	memset(small, 0, sizeof(ready) + ids_len + len + SHORT);
	memcpy(small, &ready, sizeof(ready));
	memcpy(small + sizeof(ready), others, ids_len);
	if (len)
		memcpy(small + sizeof(ready) + ids_len, c->scratch->data, len);
	dbi_run_set_slot(c->shaper, run, small, sizeof(ready) + ids_len + len + SHORT);
}

static inline void advance(struct dbi_content *c, const struct dbi_fragment *f)
{
	c->pen += (int64_t)f->units * c->size * 10;
}

/* Adds a run from its slot; false when that is empty or does not tell all. */
static inline bool put_ready(struct dbi_content *c, struct dbi_face_use *use, const struct dbi_run *run)
{
	struct ready r;
	size_t len = 0;
	const char *slot = run->cached ? dbi_run_slot(run, &len) : NULL;

	if (!slot)
		return false;
	memcpy(&r, slot, sizeof(r));
	if (r.f.letter)
		return false;
	slot += sizeof(r);
	for (unsigned i = 0; i < DBI_FIRST_GLYPH_WORDS; i++)
		use->glyphs[i] |= r.first[i];
	for (unsigned i = 0; i < r.n_others; i++, slot += sizeof(uint16_t)) {
		uint16_t id;
		memcpy(&id, slot, sizeof(id));
		dbi_glyph_put(use->glyphs, id);
	}
	char *p = r.f.len <= SHORT ? dbi_buf_room(c->out, SHORT) : NULL;
	if (p) {
		memcpy(p, slot, SHORT);
		c->out->len += r.f.len;
	} else {
		dbi_buf_add(c->out, slot, r.f.len);
	}
	advance(c, &r.f);
	return true;
}

/* The long way, and the slot for the next time. */
static int put_run(struct dbi_content *c, struct dbi_face_use *use, const struct dbi_run *run, struct dbrief_error *err)
{
	struct dbi_fragment f = { .letter = true };
	int status = DBRIEF_OK;

	if (run->cached && !run->slot) {
		status = dbi_fragment_make(c, use->face, NULL, run, c->size, &f, err);
		if (status == DBRIEF_OK)
			store(c, run, &f);
	}
	if (status == DBRIEF_OK && f.letter)
		status = dbi_fragment_make(c, use->face, use, run, c->size, &f, err);
	if (status != DBRIEF_OK)
		return status;
	for (uint32_t i = 0; i < run->n; i++)
		dbi_glyph_put(use->glyphs, run->glyphs[i].id);
	dbi_buf_add(c->out, c->scratch->data, f.len);
	advance(c, &f);
	return DBRIEF_OK;
}

/* Adds a glyph of our own choice to the open string; false when the font lacks it. */
static bool put_own_glyph(struct dbi_content *c, struct dbi_face_use *use, unsigned gid)
{
	char code[DBI_GLYPH_CODE_ROOM];

	if (!gid)
		return false;
	dbi_buf_add(c->out, code, (size_t)(dbi_put_glyph_code(code, gid) - code));
	dbi_glyph_put(use->glyphs, gid);
	c->pen += (int64_t)use->face->widths[gid] * c->size * 10;
	return true;
}

/* Makes everything ready for a run at x: element, font, colour, place. NULL with an error recorded. */
static struct dbi_face_use *begin_run(struct dbi_content *c, const struct dbi_op *op, const struct dbi_run *run, int32_t size,
    dbi_len x, struct dbrief_error *err)
{
	struct dbi_face_use *use = dbi_content_use(c, run->face, err);

	if (!use)
		return NULL;
	if (dbi_tags_wants_label(c->tags, op->elem))
		dbi_tags_label(c->tags, op->elem, run->text, run->text_len);
	dbi_content_mark(c, op->elem, true);
	set_font(c, run->face, use->resource, size);
	set_fill(c, op->color);
	move_pen(c, x, op->y);
	return use;
}

/* ISO 32000-1, 14.8.2.2.3: a hyphen of the line break is U+00AD to the reader. */
static int put_hyphen(struct dbi_content *c, struct dbi_face_use *use, const struct dbi_run *run, struct dbrief_error *err)
{
	if (put_own_glyph(c, use, use->face->soft_hyphen))
		return DBRIEF_OK;
	dbi_fragment_open_span(c->out, "\xC2\xAD", 2);
	int status = put_run(c, use, run, err);
	dbi_fragment_close_span(c->out);
	return status;
}

/* Words lie all over the cache of words: those drawn next are fetched while this one is at work. */
static inline void fetch_ahead(const struct dbi_op *op, uint32_t i)
{
	if (i + 6 < op->u.text.n)
		__builtin_prefetch(op->u.text.runs[i + 6].run);
	if (i + 3 < op->u.text.n && op->u.text.runs[i + 3].run)
		__builtin_prefetch(op->u.text.runs[i + 3].run->slot);
}

int dbi_content_text(struct dbi_content *c, const struct dbi_op *op, struct dbrief_error *err)
{
	int32_t size = dbi_centi(op->u.text.size);
	dbi_len x = op->x;
	uint32_t spaces = 0, n = op->u.text.n;
	struct dbi_face_use *use = NULL; /* of the run before */
	int status = DBRIEF_OK;

	if (size <= 0)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "text", "a font size is not positive; set font-size");
	for (uint32_t i = 0; i < n && status == DBRIEF_OK; x += dbi_op_run_width(op, i++, &spaces)) {
		const struct dbi_run *run = op->u.text.runs[i].run;
		if (!run || run->n == 0)
			continue;
		fetch_ahead(op, i);
		if (!use || run->face != c->face || !is_at_pen(c, x))
			use = begin_run(c, op, run, size, x, err);
		if (!use)
			return err ? err->status : DBRIEF_FAILED;
		if (op->hyphen || !put_ready(c, use, run))
			status = op->hyphen ? put_hyphen(c, use, run, err) : put_run(c, use, run, err);
		if (op->line_end && i + 1 == n && !op->hyphen && !op->u.text.runs[i].space)
			(void)put_own_glyph(c, use, use->face->space); /* lines of one element must not run together when read */
	}
	return status;
}

void dbi_content_end_text(struct dbi_content *c)
{
	dbi_content_end_array(c);
	dbi_buf_adds(c->out, "ET\n");
	c->in_text = false;
	c->pen_valid = false;
	c->line_x = c->line_y = 0;
}
