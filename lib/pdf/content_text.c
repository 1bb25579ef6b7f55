/* SPDX-License-Identifier: MIT */
/* Runs of text: fonts, positions, fragments from the word cache. */
#include "pdf/content.h"

#include <stdlib.h>
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

/* Opens an array where needed and puts the pen to x, y. */
static void move_pen(struct dbi_content *c, dbi_len x, dbi_len y)
{
	int32_t line_y = dbi_content_y(c, y);
	int64_t off = (int64_t)x * 1000 - c->pen;
	bool same_line = c->pen_valid && line_y == c->line_y;
	bool at_pen = off <= PEN_SLACK && off >= -PEN_SLACK;
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

/* The slot of a cached run: header, distinct glyphs, bytes. */
static void store(struct dbi_content *c, const struct dbi_run *run, struct dbi_fragment *f)
{
	unsigned char small[1024];
	uint16_t ids[64];
	if (run->n > 64)
		return;
	f->n_glyphs = 0;
	for (uint32_t i = 0; i < run->n && !(f->flags & DBI_FRAGMENT_LETTER); i++) {
		uint16_t k = 0;
		while (k < f->n_glyphs && ids[k] != run->glyphs[i].id)
			k++;
		if (k == f->n_glyphs)
			ids[f->n_glyphs++] = run->glyphs[i].id;
	}
	size_t ids_len = f->n_glyphs * sizeof(ids[0]);
	size_t len = f->flags & DBI_FRAGMENT_LETTER ? 0 : f->len;
	if (sizeof(*f) + ids_len + len > sizeof(small))
		return;
	memcpy(small, f, sizeof(*f));
	memcpy(small + sizeof(*f), ids, ids_len);
	if (len)
		memcpy(small + sizeof(*f) + ids_len, c->scratch->data, len);
	dbi_run_set_slot(c->shaper, run, small, sizeof(*f) + ids_len + len);
}

static void note_glyphs(struct dbi_face_use *use, const struct dbi_run *run)
{
	for (uint32_t i = 0; i < run->n; i++)
		dbi_glyph_put(use->glyphs, run->glyphs[i].id);
}

/* Bytes of a run and its advance, from its slot or made now. */
static int find_fragment(struct dbi_content *c, struct dbi_face_use *use, const struct dbi_run *run,
    struct dbi_fragment *f, const char **bytes, struct dbrief_error *err)
{
	size_t len = 0;
	const char *slot = run->cached ? dbi_run_slot(run, &len) : NULL;
	if (slot) {
		memcpy(f, slot, sizeof(*f));
		if (!(f->flags & DBI_FRAGMENT_LETTER)) {
			for (unsigned i = 0; i < f->n_glyphs; i++) {
				uint16_t id;
				memcpy(&id, slot + sizeof(*f) + i * sizeof(id), sizeof(id));
				dbi_glyph_put(use->glyphs, id);
			}
			*bytes = slot + sizeof(*f) + f->n_glyphs * sizeof(uint16_t);
			return DBRIEF_OK;
		}
	} else {
		int status = dbi_fragment_make(c, use->face, NULL, run, c->size, f, err);
		if (status != DBRIEF_OK)
			return status;
		if (run->cached)
			store(c, run, f);
	}
	if (f->flags & DBI_FRAGMENT_LETTER) {
		int status = dbi_fragment_make(c, use->face, use, run, c->size, f, err);
		if (status != DBRIEF_OK)
			return status;
	}
	note_glyphs(use, run);
	*bytes = c->scratch->data;
	return DBRIEF_OK;
}

/* Adds a glyph of our own choice to the open string; false when the font lacks it or it would want escapes. */
static bool put_own_glyph(struct dbi_content *c, struct dbi_face_use *use, unsigned gid)
{
	unsigned char code[2] = { 0, 0 };
	size_t n = dbi_glyph_code(use->face, gid, code);
	if (!gid || memchr("()\\\r", code[0], 4) || (n > 1 && memchr("()\\\r", code[1], 4)))
		return false;
	dbi_buf_add(c->out, (const char *)code, n);
	dbi_glyph_put(use->glyphs, gid);
	c->pen += (int64_t)use->face->widths[gid] * c->size * 10;
	return true;
}

/* A run of the operation, from x on. `last`: its line ends behind it. */
static int draw_run(struct dbi_content *c, const struct dbi_op *op, const struct dbi_set_run *set, int32_t size, dbi_len x, bool last,
    struct dbrief_error *err)
{
	const struct dbi_run *run = set->run;
	struct dbi_fragment f;
	const char *bytes = NULL;

	if (!run || run->n == 0)
		return DBRIEF_OK;
	struct dbi_face_use *use = dbi_content_use(c, run->face, err);
	if (!use)
		return err ? err->status : DBRIEF_FAILED;
	if (dbi_tags_wants_label(c->tags, op->elem))
		dbi_tags_label(c->tags, op->elem, run->text, run->text_len);
	dbi_content_mark(c, op->elem, true);
	set_font(c, run->face, use->resource, size);
	set_fill(c, op->color);
	move_pen(c, x, op->y);
	if (op->hyphen && put_own_glyph(c, use, use->face->soft_hyphen))
		return DBRIEF_OK;
	int status = find_fragment(c, use, run, &f, &bytes, err);
	if (status != DBRIEF_OK)
		return status;
	if (op->hyphen) /* ISO 32000-1, 14.8.2.2.3: a hyphen of the line break is U+00AD to the reader */
		dbi_fragment_open_span(c->out, "\xC2\xAD", 2);
	dbi_buf_add(c->out, bytes, f.len);
	c->pen += (int64_t)f.units * c->size * 10;
	if (op->hyphen)
		dbi_fragment_close_span(c->out);
	else if (last && !set->space) /* lines of one element must not run together when read: a space ends them */
		(void)put_own_glyph(c, use, use->face->space);
	return DBRIEF_OK;
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
	int status = DBRIEF_OK;

	if (size <= 0)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "text", "a font size is not positive; set font-size");
	for (uint32_t i = 0; i < n && status == DBRIEF_OK; i++) {
		fetch_ahead(op, i);
		status = draw_run(c, op, &op->u.text.runs[i], size, x, op->line_end && i + 1 == n, err);
		x += dbi_op_run_width(op, i, &spaces);
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
