/* SPDX-License-Identifier: MIT */
/*
 * A run of glyphs as the inside of a TJ array: their codes, adjustments
 * where the next glyph must stand elsewhere than the font's widths put it, and
 * ActualText around clusters whose glyphs do not spell their text.
 */
#include "pdf/content.h"

#include <string.h>

#include "pdf/glyph_code.h"
#include "util/mem.h"

/* Differences up to this (1/1000 em) are rounding and left alone. */
#define SLACK 2

struct maker {
	struct dbi_content *c;
	const struct dbi_pdf_face *face;
	struct dbi_face_use *use;   /* NULL: cacheable form wanted */
	const struct dbi_run *run;
	int32_t size;
	int64_t at;                 /* where the next glyph belongs, font units */
	int32_t pen;                /* where the viewer is, 1/1000 em */
	bool letter;                /* result depends on the letter */
	bool failed;
};

void dbi_fragment_open_span(struct dbi_buf *out, const char *text, size_t len)
{
	dbi_buf_adds(out, ")]TJ/Span<</ActualText<FEFF");
	dbi_buf_add_utf16_hex(out, text, len);
	dbi_buf_adds(out, ">>>BDC[(");
}

void dbi_fragment_close_span(struct dbi_buf *out)
{
	dbi_buf_adds(out, ")]TJ EMC[(");
}

static void add_code(struct dbi_buf *out, unsigned gid)
{
	char code[DBI_GLYPH_CODE_ROOM];

	dbi_buf_add(out, code, (size_t)(dbi_put_glyph_code(code, gid) - code));
}

static void add_adjustment(struct dbi_buf *out, int32_t n)
{
	char text[DBI_NUMBER_ROOM + 2];
	char *p = text;
	*p++ = ')';
	p = dbi_put_int(p, n);
	*p++ = '(';
	dbi_buf_add(out, text, (size_t)(p - text));
}

static int32_t to_em(const struct maker *m, int64_t units)
{
	int64_t em = m->face->info->units_per_em, x = units * 1000;
	return (int32_t)(x < 0 ? -((em / 2 - x) / em) : (x + em / 2) / em);
}

/* A state operator between two TJ: ")]TJ 2.5 Ts[(". v in 1/100 pt. */
static void add_operator(struct dbi_buf *out, int32_t v, const char *name)
{
	dbi_buf_adds(out, ")]TJ ");
	dbi_buf_add_fixed(out, v, 2);
	dbi_buf_adds(out, name);
}

/* Units of 1/1000 em in 1/100 pt. */
static int32_t to_centi(const struct maker *m, int64_t units)
{
	int64_t x = units * m->size;
	return (int32_t)(x < 0 ? -((500 - x) / 1000) : (x + 500) / 1000);
}

/* fill: the glyph takes up the room to the end of its cluster, for readers that measure words by their last glyph. */
static void put_glyph(struct maker *m, const struct dbi_glyph *g, bool fill)
{
	struct dbi_buf *out = m->c->scratch;
	int32_t want = to_em(m, m->at + g->dx);
	if (want - m->pen > SLACK || m->pen - want > SLACK) {
		add_adjustment(out, m->pen - want);
		m->pen = want;
	}
	int32_t end = to_em(m, m->at + g->advance), width = m->face->widths[g->id];
	int32_t rise = g->dy ? to_centi(m, to_em(m, g->dy)) : 0;
	int32_t spacing = fill ? to_centi(m, end - m->pen - width) : 0;
	if (g->dy || spacing)
		m->letter = true; /* both depend on the font size */
	if (rise)
		add_operator(out, rise, " Ts[(");
	if (spacing)
		add_operator(out, spacing, " Tc[(");
	add_code(out, g->id);
	if (spacing)
		add_operator(out, 0, " Tc[(");
	if (rise)
		add_operator(out, 0, " Ts[(");
	m->pen = spacing ? end : m->pen + width;
	m->at += g->advance;
}

/* Characters that look alike on purpose: reading one for the other loses nothing but a line break rule. */
static bool same_reading(const char *own, size_t own_len, const char *text, size_t len)
{
	if (own_len == len && memcmp(own, text, len) == 0)
		return true;
	if (own_len == 1 && *own == ' ')
		return len == 2 && memcmp(text, "\xC2\xA0", 2) == 0;
	if (own_len == 1 && *own == '-')
		return (len == 3 && memcmp(text, "\xE2\x80\x91", 3) == 0);
	return false;
}

/* True when the glyphs' own characters, read in order, are the text of the cluster. */
static bool spells(const struct maker *m, const struct dbi_glyph *g, size_t n, const char *text, size_t len)
{
	char own[8];
	if (n == 1)
		return same_reading(own, dbi_glyph_text(m->face, g->id, own), text, len);
	for (size_t i = 0; i < n; i++) {
		size_t k = dbi_glyph_text(m->face, g[m->run->rtl ? n - 1 - i : i].id, own);
		if (!k || k > len || memcmp(own, text, k) != 0)
			return false;
		text += k;
		len -= k;
	}
	return len == 0;
}

/* Gives a glyph without a character of its own this text, if it has none yet in the letter; true when it has exactly this. */
static bool note_glyph(struct maker *m, unsigned gid, const char *text, size_t len)
{
	struct dbi_face_use *use = m->use;
	for (size_t i = 0; i < use->n_notes; i++)
		if (use->notes[i].gid == gid)
			return use->notes[i].len == len && memcmp(use->notes[i].text, text, len) == 0;
	if (use->n_notes == use->cap_notes &&
	    !dbi_grow(&use->notes, &use->cap_notes, use->n_notes + 1, sizeof(*use->notes), UINT16_MAX)) {
		m->failed = true;
		return true;
	}
	use->notes[use->n_notes++] = (struct dbi_glyph_note){ (uint16_t)gid, (uint32_t)len, text };
	return true;
}

static bool is_private(const char *text, size_t len)
{
	return len == 3 && (unsigned char)text[0] == 0xEE ? true :
	    len == 3 && (unsigned char)text[0] == 0xEF && (unsigned char)text[1] <= 0xA3;
}

static void put_cluster(struct maker *m, const struct dbi_glyph *g, size_t n, const char *text, size_t len)
{
	/*
	 * A base and its marks spell their text, but readers sort marks by place and
	 * put spaces between them. Right-to-left text is sorted by them anyhow, and
	 * what they are given as one piece comes out backwards.
	 */
	bool span = (n > 1 && !m->run->rtl) || !spells(m, g, n, text, len);
	char own[8];
	if (span) {
		bool noted = true;
		for (size_t i = 0; i < n; i++) {
			if (dbi_glyph_text(m->face, g[i].id, own)) {
				noted = false;
				continue;
			}
			m->letter = true;
			if (!m->use)
				return;
			noted = note_glyph(m, g[i].id, text, len) && noted;
		}
		span = n > 1 || !noted || is_private(text, len);
	}
	if (span)
		dbi_fragment_open_span(m->c->scratch, text, len);
	for (size_t i = 0; i < n; i++)
		put_glyph(m, &g[i], span && n > 1 && i == n - 1);
	if (span)
		dbi_fragment_close_span(m->c->scratch);
}

/* End of the cluster that begins at glyph i: its text is carried by the first glyph in reading order. */
static size_t cluster_end(const struct dbi_run *run, size_t i)
{
	size_t k = i;
	if (run->rtl) {
		while (k + 1 < run->n && !run->glyphs[k].text_len)
			k++;
		return k + 1;
	}
	for (k++; k < run->n && !run->glyphs[k].text_len; k++)
		;
	return k;
}

static bool glyphs_are_sound(const struct dbi_run *run, const struct dbi_pdf_face *face)
{
	for (size_t i = 0; i < run->n; i++) {
		const struct dbi_glyph *g = &run->glyphs[i];
		if (g->id == 0 || g->id >= face->info->n_glyphs)
			return false;
		if (g->text > run->text_len || g->text_len > run->text_len - g->text)
			return false;
	}
	return true;
}

int dbi_fragment_make(struct dbi_content *c, const struct dbi_pdf_face *face, struct dbi_face_use *use,
    const struct dbi_run *run, int32_t size, struct dbi_fragment *f, struct dbrief_error *err)
{
	struct maker m = { .c = c, .face = face, .use = use, .run = run, .size = size };

	*f = (struct dbi_fragment){ 0, 0, false };
	dbi_buf_clear(c->scratch);
	if (!glyphs_are_sound(run, face))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_GLYPH, face->info->path,
		    "a character has no glyph; add a font that has it");
	for (size_t i = 0, end; i < run->n; i = end) {
		const char *text = run->text;
		size_t len = 0;
		end = cluster_end(run, i);
		for (size_t k = i; k < end; k++)
			if (run->glyphs[k].text_len) {
				text = run->text + run->glyphs[k].text;
				len = run->glyphs[k].text_len;
			}
		if (!len)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_GLYPH, face->info->path,
			    "a glyph stands for no text; report this text's script");
		put_cluster(&m, run->glyphs + i, end - i, text, len);
		if (m.letter && !use)
			break;
	}
	if (m.failed || c->scratch->failed)
		return dbi_error_memory(err);
	f->letter = m.letter;
	f->len = (uint32_t)c->scratch->len;
	f->units = m.pen;
	return DBRIEF_OK;
}
