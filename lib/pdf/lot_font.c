/* SPDX-License-Identifier: MIT */
/*
 * Fonts of a lot. All letters draw from one subset a face. What a glyph stands
 * for may differ from letter to letter where the font does not say it (a
 * substituted form): then letters have font dictionaries of their own, which
 * differ in ToUnicode and share everything else.
 */
#include "pdf/lot_parts.h"

#include <string.h>

#include "util/mem.h"

int dbi_lot_face_check(struct dbi_lot_face *faces, const dbi_pdf_fonts *fonts, const struct dbi_spool_face *record,
    struct dbrief_error *err)
{
	static const char other[] = "a spool record was made with other fonts; render its letter again";
	if (record->face >= dbi_fontset_count(dbi_pdf_fontset(fonts)))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, "lot", "%s", other);
	struct dbi_lot_face *f = &faces[record->face];
	if (!f->face) {
		const struct dbi_pdf_face *face = dbi_pdf_face(fonts, record->face, err);
		if (!face)
			return err ? err->status : DBRIEF_FAILED;
		f->glyphs = dbi_calloc(DBI_GLYPH_WORDS(face->info->n_glyphs), sizeof(*f->glyphs));
		if (!f->glyphs)
			return dbi_error_memory(err);
		f->identity = dbi_face_identity(face->info);
		f->face = face;
	}
	if (f->identity != record->identity)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, "lot", "%s", other);
	for (size_t i = 0; i < record->n_glyphs; i++)
		if (dbi_spool_glyph(record, i) >= f->face->info->n_glyphs)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, "lot", "%s", other);
	return DBRIEF_OK;
}

static const struct dbi_glyph_note *find_note(const struct dbi_lot_variant *v, unsigned gid)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->notes[i].gid == gid)
			return &v->notes[i];
	return NULL;
}

/* Whether no glyph has another text there. */
static bool agrees(const struct dbi_lot_variant *v, const struct dbi_spool_face *record)
{
	for (size_t i = 0; i < record->n_notes; i++) {
		const struct dbi_glyph_note *mine = find_note(v, record->notes[i].gid);
		if (mine && (mine->len != record->notes[i].len || memcmp(mine->text, record->notes[i].text, mine->len) != 0))
			return false;
	}
	return true;
}

static bool add_notes(struct dbi_lot_variant *v, const struct dbi_spool_face *record, struct dbi_arena *arena)
{
	for (size_t i = 0; i < record->n_notes; i++) {
		const struct dbi_glyph_note *note = &record->notes[i];
		if (find_note(v, note->gid))
			continue;
		char *text = dbi_arena_strndup(arena, note->text, note->len);
		if (!text || !dbi_grow(&v->notes, &v->cap, v->n + 1, sizeof(*v->notes), UINT16_MAX + 1u))
			return false;
		v->notes[v->n++] = (struct dbi_glyph_note){ note->gid, note->len, text };
	}
	return true;
}

uint32_t dbi_lot_face_use(struct dbi_lot_face *faces, const struct dbi_spool_face *record, struct dbi_arena *arena,
    struct dbi_lot_file *f)
{
	struct dbi_lot_face *face = &faces[record->face];
	size_t k = 0;

	for (size_t i = 0; i < record->n_glyphs; i++)
		dbi_glyph_put(face->glyphs, dbi_spool_glyph(record, i));
	while (k < face->n && !agrees(&face->variants[k], record))
		k++;
	if (k == face->n) {
		if (!dbi_grow(&face->variants, &face->cap, k + 1, sizeof(*face->variants), UINT16_MAX))
			return 0;
		face->variants[face->n++] = (struct dbi_lot_variant){ dbi_lot_file_number(f), NULL, 0, 0 };
	}
	if (!face->cid)
		face->cid = dbi_lot_file_number(f);
	return add_notes(&face->variants[k], record, arena) ? face->variants[k].type0 : 0;
}

static void write_variant(const struct dbi_lot_face *face, const struct dbi_lot_variant *v, const char *tag,
    struct dbi_lot_file *f)
{
	uint32_t cmap = dbi_lot_file_number(f);
	struct dbi_buf text = DBI_BUF_INIT;

	dbi_font_write_cmap(&text, face->face, face->glyphs, v->notes, v->n);
	dbi_lot_file_deflated(f, cmap, "/Filter/FlateDecode", &text);
	dbi_buf_dispose(&text);
	struct dbi_buf *out = dbi_lot_file_object(f, v->type0);
	dbi_buf_adds(out, "<<");
	dbi_font_write_type0(out, face->face, tag, face->cid, cmap);
	dbi_buf_adds(out, ">>");
}

int dbi_lot_face_write(const struct dbi_lot_face *face, struct dbi_lot_file *f, dbi_deflater *z)
{
	struct dbi_font_program *p = NULL;
	struct dbi_buf body = DBI_BUF_INIT;

	if (!face->cid)
		return f->status;
	int status = dbi_font_program_new(&p, face->face, face->glyphs, true, z, f->err);
	if (status != DBRIEF_OK)
		return f->status = status;
	uint32_t file = dbi_lot_file_number(f), descriptor = dbi_lot_file_number(f);
	dbi_buf_addf(&body, "/Filter/FlateDecode/Length1 %zu", p->raw_len);
	if (body.failed)
		f->out.failed = true;
	else
		dbi_lot_file_stream(f, file, body.data, body.len, p->file, p->file_len);
	dbi_buf_dispose(&body);
	struct dbi_buf *out = dbi_lot_file_object(f, descriptor);
	dbi_buf_adds(out, "<<");
	dbi_font_write_descriptor(out, face->face, p->tag, file);
	dbi_buf_adds(out, ">>");
	out = dbi_lot_file_object(f, face->cid);
	dbi_buf_adds(out, "<<");
	dbi_font_write_cid(out, face->face, p, descriptor);
	dbi_buf_adds(out, ">>");
	for (size_t i = 0; i < face->n; i++)
		write_variant(face, &face->variants[i], p->tag, f);
	dbi_font_program_free(p);
	return f->status;
}

void dbi_lot_face_dispose(struct dbi_lot_face *face)
{
	for (size_t i = 0; i < face->n; i++)
		dbi_free(face->variants[i].notes);
	dbi_free(face->variants);
	dbi_free(face->glyphs);
}
