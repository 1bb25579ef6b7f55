/* SPDX-License-Identifier: MIT */
/* The hb-subset door. */
#include "pdf/font.h"

#include <string.h>
#include <hb.h>
#include <hb-subset.h>

#include "util/hash.h"
#include "util/mem.h"

static hb_subset_input_t *make_input(const struct dbi_pdf_face *face, const uint64_t *glyphs)
{
	static const uint32_t keep[] = {
		HB_TAG('g', 'l', 'y', 'f'), HB_TAG('l', 'o', 'c', 'a'), HB_TAG('h', 'e', 'a', 'd'),
		HB_TAG('h', 'h', 'e', 'a'), HB_TAG('h', 'm', 't', 'x'), HB_TAG('m', 'a', 'x', 'p'),
	};
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	if (!input)
		return NULL;
	hb_subset_input_set_flags(input,
	    HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
	hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
	hb_set_clear(drop);
	hb_set_invert(drop);
	for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
		hb_set_del(drop, keep[i]);
	hb_set_t *set = hb_subset_input_glyph_set(input);
	hb_set_add(set, 0);
	unsigned n = face->info->n_glyphs;
	for (unsigned gid = dbi_glyph_next(glyphs, n, 0); gid < n; gid = dbi_glyph_next(glyphs, n, gid + 1))
		hb_set_add(set, gid);
	if (!hb_set_allocation_successful(set) || !hb_set_allocation_successful(drop)) {
		hb_subset_input_destroy(input);
		return NULL;
	}
	return input;
}

/* An outline as a hash of its drawing commands. Coordinates of TrueType are whole numbers or halves. */
struct outline { uint32_t hash; };

static void note_point(struct outline *o, uint32_t kind, float x, float y)
{
	int32_t v[3] = { (int32_t)kind, (int32_t)(x * 64), (int32_t)(y * 64) };
	o->hash = dbi_fnv1a(o->hash, v, sizeof(v));
}

static void draw_move(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	note_point(data, 1, x, y);
}

static void draw_line(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	note_point(data, 2, x, y);
}

static void draw_quad(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float cx, float cy, float x, float y,
    void *user)
{
	(void)f, (void)st, (void)user;
	note_point(data, 3, cx, cy);
	note_point(data, 4, x, y);
}

static uint32_t hash_outline(hb_font_t *font, hb_draw_funcs_t *funcs, unsigned gid)
{
	struct outline o = { DBI_FNV_START };
#if HB_VERSION_ATLEAST(7, 0, 0)
	hb_font_draw_glyph(font, gid, funcs, &o);
#else
	hb_font_get_glyph_shape(font, gid, funcs, &o);
#endif
	return o.hash;
}

/*
 * hb-subset may return another font as success when memory ran out inside it.
 * So every glyph wanted must have the advance and outline it has in the source.
 */
static bool subset_is_true(const struct dbi_pdf_face *face, hb_face_t *subset, const uint64_t *glyphs)
{
	hb_font_t *a = hb_font_create(face->info->hb_face);
	hb_font_t *b = hb_font_create(subset);
	hb_draw_funcs_t *funcs = hb_draw_funcs_create();
	hb_draw_funcs_set_move_to_func(funcs, draw_move, NULL, NULL);
	hb_draw_funcs_set_line_to_func(funcs, draw_line, NULL, NULL);
	hb_draw_funcs_set_quadratic_to_func(funcs, draw_quad, NULL, NULL);
	bool same = hb_face_get_upem(subset) == face->info->units_per_em;
	unsigned n = face->info->n_glyphs;
	for (unsigned gid = dbi_glyph_next(glyphs, n, 0); same && gid < n; gid = dbi_glyph_next(glyphs, n, gid + 1))
		same = hb_font_get_glyph_h_advance(b, gid) == (hb_position_t)face->info->advances[gid] &&
		    hash_outline(a, funcs, gid) == hash_outline(b, funcs, gid);
	hb_draw_funcs_destroy(funcs);
	hb_font_destroy(b);
	hb_font_destroy(a);
	return same;
}

/* Six capitals from the file or what it is made from, so that equal tags mean equal subsets. */
static void write_tag(char tag[8], const char *bytes, size_t len)
{
	unsigned char hash[16];
	uint64_t v = 0;
	dbi_blake2b(hash, sizeof(hash), bytes, len, NULL, 0);
	for (int i = 0; i < 8; i++)
		v = v << 8 | hash[i];
	for (int i = 0; i < 6; i++, v /= 26)
		tag[i] = (char)('A' + v % 26);
	tag[6] = '+';
	tag[7] = '\0';
}

static bool copy_file(struct dbi_font_program *p, hb_face_t *subset, bool deflated, dbi_deflater *z)
{
	hb_blob_t *blob = hb_face_reference_blob(subset);
	unsigned len = 0;
	const char *bytes = hb_blob_get_data(blob, &len);
	struct dbi_buf file = DBI_BUF_INIT;
	if (bytes && len) {
		write_tag(p->tag, bytes, len);
		if (deflated)
			dbi_deflate(z, bytes, len, &file);
		else
			dbi_buf_add(&file, bytes, len);
	}
	hb_blob_destroy(blob);
	if (file.failed || !file.len) {
		dbi_buf_dispose(&file);
		return false;
	}
	p->raw_len = len;
	p->file_len = file.len;
	p->file = dbi_buf_take(&file);
	return p->file != NULL;
}

static bool write_parts(struct dbi_font_program *p, const struct dbi_pdf_face *face, dbi_deflater *z)
{
	struct dbi_buf text = DBI_BUF_INIT, packed = DBI_BUF_INIT;
	dbi_font_write_widths(&text, face, p->glyphs);
	p->widths = dbi_buf_take(&text);
	text = (struct dbi_buf)DBI_BUF_INIT;
	dbi_font_write_cmap(&text, face, p->glyphs, NULL, 0);
	if (!text.failed)
		dbi_deflate(z, text.data, text.len, &packed);
	bool good = p->widths && !text.failed && !packed.failed;
	p->cmap_len = packed.len;
	p->cmap = good ? dbi_buf_take(&packed) : NULL;
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&packed);
	return p->cmap != NULL;
}

int dbi_font_program_new(struct dbi_font_program **program, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    bool deflated, dbi_deflater *z, struct dbrief_error *err)
{
	size_t words = DBI_GLYPH_WORDS(face->info->n_glyphs);
	struct dbi_font_program *p = dbi_calloc(1, sizeof(*p));
	hb_subset_input_t *input = NULL;
	hb_face_t *subset = NULL;
	int status = DBRIEF_FAILED;

	*program = NULL;
	if (!p || !(p->glyphs = dbi_malloc(words * 8)))
		goto memory;
	memcpy(p->glyphs, glyphs, words * 8);
	p->n_words = words;
	input = make_input(face, glyphs);
	if (!input)
		goto memory;
	subset = hb_subset_or_fail(face->prepared, input);
	if (!subset || !subset_is_true(face, subset, glyphs)) {
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, face->info->path,
		    "the font could not be reduced to the glyphs used; check memory limits, else take another font");
		goto out;
	}
	if (!copy_file(p, subset, deflated, z) || !write_parts(p, face, z))
		goto memory;
	*program = p;
	p = NULL;
	status = DBRIEF_OK;
	goto out;
memory:
	status = dbi_error_memory(err);
out:
	hb_face_destroy(subset);
	hb_subset_input_destroy(input);
	dbi_font_program_free(p);
	return status;
}

/* Glyphs and prepared subset tell the file. */
static void tag_pick(struct dbi_font_program *p, const struct dbi_font_program *whole)
{
	char text[sizeof(whole->tag) + 16];
	unsigned char hash[16];

	dbi_blake2b(hash, sizeof(hash), p->glyphs, p->n_words * sizeof(*p->glyphs), NULL, 0);
	memcpy(text, whole->tag, sizeof(whole->tag));
	memcpy(text + sizeof(whole->tag), hash, sizeof(hash));
	write_tag(p->tag, text, sizeof(text));
}

/* Bytes in the arena, or on the heap where there is none. */
static char *keep_bytes(struct dbi_arena *arena, const void *bytes, size_t len)
{
	char *p = arena ? dbi_arena_alloc(arena, len + 1) : dbi_malloc(len + 1);
	if (p) {
		memcpy(p, bytes, len);
		p[len] = '\0';
	}
	return p;
}

int dbi_font_program_pick(struct dbi_font_program **program, const struct dbi_font_stock *stock, const struct dbi_pdf_face *face,
    const uint64_t *glyphs, struct dbi_arena *arena, const struct dbi_font_cache *z, struct dbrief_error *err)
{
	const struct dbi_font_program *whole = dbi_font_stock_program(stock);
	struct dbi_font_program *p = arena ? dbi_arena_calloc(arena, 1, sizeof(*p)) : dbi_calloc(1, sizeof(*p));
	struct dbi_buf file = DBI_BUF_INIT, packed = DBI_BUF_INIT, widths = DBI_BUF_INIT;
	bool good = false;

	size_t len = arena ? dbi_font_stock_deflate(stock, glyphs, z->fresh, &packed) : 0;
	if (!arena) {
		dbi_font_stock_pick(stock, glyphs, &file);
		len = file.len;
		if (!file.failed)
			dbi_deflate(z->kept, file.data, len, &packed);
	}
	dbi_font_write_widths(&widths, face, glyphs);
	if (p && !file.failed && !packed.failed && !widths.failed) {
		p->n_words = whole->n_words;
		p->raw_len = len;
		p->file_len = packed.len;
		p->cmap_len = whole->cmap_len;
		p->glyphs = (uint64_t *)(void *)keep_bytes(arena, glyphs, whole->n_words * sizeof(*glyphs));
		p->file = keep_bytes(arena, packed.data, packed.len);
		p->widths = keep_bytes(arena, widths.data, widths.len);
		p->cmap = keep_bytes(arena, whole->cmap, whole->cmap_len);
		good = p->glyphs && p->file && p->widths && p->cmap;
	}
	dbi_buf_dispose(&file);
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&widths);
	if (good) {
		tag_pick(p, whole);
		*program = p;
		return DBRIEF_OK;
	}
	if (!arena)
		dbi_font_program_free(p);
	return dbi_error_memory(err);
}

void dbi_font_program_free(struct dbi_font_program *p)
{
	if (!p)
		return;
	dbi_free(p->glyphs);
	dbi_free(p->file);
	dbi_free(p->widths);
	dbi_free(p->cmap);
	dbi_free(p);
}
