/* SPDX-License-Identifier: MIT */
/* Fonts of letters: glyphs picked out of a prepared subset are those of the font, whichever are picked. */
#include <hb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pdf/font.h"
#include "tap.h"
#include "util/limits.h"

static uint32_t seed = 7;

/* A check of one subset of one face. */
static void check(bool good, const char *face, unsigned tier, const char *what)
{
	char text[200];
	snprintf(text, sizeof(text), "%s, subset %u: %s", face, tier, what);
	OK(good, text);
}

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

struct points { double sum; unsigned n; };

static void note(void *data, float x, float y)
{
	struct points *p = data;
	p->n++;
	p->sum = p->sum * 1.0009765625 + (double)x * 3 + (double)y;
}

static void draw_point(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	note(data, x, y);
}

static void draw_quad(hb_draw_funcs_t *f, void *data, hb_draw_state_t *st, float cx, float cy, float x, float y, void *user)
{
	(void)f, (void)st, (void)user;
	note(data, cx, cy);
	note(data, x, y);
}

static struct points outline_of(hb_font_t *font, hb_draw_funcs_t *funcs, unsigned gid)
{
	struct points p = { 0, 0 };
#if HB_VERSION_ATLEAST(7, 0, 0)
	hb_font_draw_glyph(font, gid, funcs, &p);
#else
	hb_font_get_glyph_shape(font, gid, funcs, &p);
#endif
	return p;
}

/* Every glyph of the set has the advance and outline that it has in the face. */
static bool draws(const struct dbi_pdf_face *face, const char *file, size_t len, const uint64_t *set)
{
	hb_blob_t *blob = hb_blob_create(file, (unsigned)len, HB_MEMORY_MODE_READONLY, NULL, NULL);
	hb_face_t *picked = hb_face_create(blob, 0);
	hb_font_t *a = hb_font_create(face->info->hb_face), *b = hb_font_create(picked);
	hb_draw_funcs_t *funcs = hb_draw_funcs_create();
	unsigned n = 0, different = 0;

	hb_draw_funcs_set_move_to_func(funcs, draw_point, NULL, NULL);
	hb_draw_funcs_set_line_to_func(funcs, draw_point, NULL, NULL);
	hb_draw_funcs_set_quadratic_to_func(funcs, draw_quad, NULL, NULL);
	for (unsigned gid = 0; gid < face->info->n_glyphs; gid++) {
		if (!dbi_glyph_in(set, gid))
			continue;
		struct points p = outline_of(a, funcs, gid), q = outline_of(b, funcs, gid);
		different += p.n != q.n || memcmp(&p.sum, &q.sum, sizeof(p.sum)) != 0 ||
		    hb_font_get_glyph_h_advance(b, gid) != (hb_position_t)face->info->advances[gid];
		n += p.n > 0;
	}
	hb_draw_funcs_destroy(funcs);
	hb_font_destroy(b);
	hb_font_destroy(a);
	hb_face_destroy(picked);
	hb_blob_destroy(blob);
	return n > 0 && different == 0;
}

static uint32_t get32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static uint32_t sum(const char *p, size_t len)
{
	uint32_t s = 0;
	for (size_t i = 0; i + 4 <= len; i += 4)
		s += get32(p + i);
	return s;
}

/* Checksums of the tables (but head's, which counts without its own) and of the whole file. */
static bool adds_up(const char *file, size_t len)
{
	unsigned n = get32(file + 2) & 0xFFFF;
	bool good = len % 4 == 0 && sum(file, len) == 0xB1B0AFBAu;

	for (unsigned i = 0; good && i < n; i++) {
		const char *entry = file + 12 + 16 * (size_t)i;
		uint32_t from = get32(entry + 8), size = get32(entry + 12);
		good = from % 4 == 0 && from + size <= len;
		if (good && memcmp(entry, "head", 4) != 0)
			good = sum(file + from, (size + 3) / 4 * 4) == get32(entry + 4);
	}
	return good;
}

static bool unpack(const struct dbi_buf *packed, size_t len, struct dbi_buf *out)
{
	uLongf n = (uLongf)len + 1;
	char *room = dbi_buf_room(out, len + 1);
	if (!room || packed->failed || uncompress((Bytef *)room, &n, (const Bytef *)packed->data, (uLong)packed->len) != Z_OK || n != len)
		return false;
	out->len = len;
	return true;
}

struct tier { const struct dbi_pdf_face *face; struct dbi_font_stock *stock; const uint64_t *all; dbi_deflater *fresh, *kept; };

/* Each glyph of the stock with a chance of one in `one_in`. */
static void choose(const struct tier *t, uint32_t one_in, uint64_t *set)
{
	for (unsigned gid = 0; gid < t->face->info->n_glyphs; gid++)
		if (gid == 0 || (dbi_glyph_in(t->all, gid) && roll(one_in) == 0))
			dbi_glyph_put(set, gid);
}

static bool picks(const struct tier *t, uint32_t one_in)
{
	uint64_t *set = calloc(DBI_GLYPH_WORDS(t->face->info->n_glyphs), sizeof(*set));
	struct dbi_buf small = DBI_BUF_INIT, packed = DBI_BUF_INIT, again = DBI_BUF_INIT, file = DBI_BUF_INIT;

	choose(t, one_in, set);
	dbi_font_stock_pick(t->stock, set, &small);
	size_t len = dbi_font_stock_deflate(t->stock, set, t->fresh, &packed);
	bool good = !small.failed && draws(t->face, small.data, small.len, set) && adds_up(small.data, small.len);
	good = good && unpack(&packed, len, &file) && draws(t->face, file.data, len, set) && adds_up(file.data, len);
	dbi_font_stock_deflate(t->stock, set, t->fresh, &again);
	good = good && again.len == packed.len && memcmp(again.data, packed.data, packed.len) == 0;
	free(set);
	dbi_buf_dispose(&small);
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&again);
	dbi_buf_dispose(&file);
	return good;
}

static void test_size(const struct tier *t, const char *name, unsigned tier)
{
	struct dbi_font_program *exact = NULL, *picked = NULL;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_font_cache z = { .fresh = t->fresh, .kept = t->kept };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	bool good = dbi_font_program_new(&exact, t->face, t->all, true, t->kept, &err) == DBRIEF_OK &&
	    dbi_font_program_pick(&picked, t->stock, t->face, t->all, &arena, &z, &err) == DBRIEF_OK;

	check(good && picked->file_len * 100 < exact->file_len * 108, name, tier, "coded in advance, it is at most 8 % larger");
	dbi_font_program_free(exact);
	dbi_arena_dispose(&arena);
}

static void test_face(const dbi_pdf_fonts *fonts, unsigned index, unsigned tier, const char *name)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct tier t = { .face = dbi_pdf_face(fonts, index, &err) };
	uint64_t *all = t.face ? calloc(DBI_GLYPH_WORDS(t.face->info->n_glyphs), sizeof(*all)) : NULL;
	unsigned good = 0, rounds = getenv("DATENBRIEF_SLOW") ? 4 : 40;

	t.all = all;
	t.fresh = dbi_deflater_new(DBI_DEFLATE_FAST);
	t.kept = dbi_deflater_new(DBI_DEFLATE_SMALL);
	if (all)
		dbi_face_tier_glyphs(t.face, tier, all);
	bool made = all && dbi_font_stock_new(&t.stock, t.face, all, t.kept, &err) == DBRIEF_OK;
	check(made, name, tier, "prepared");
	for (unsigned i = 0; made && i < rounds; i++)
		good += picks(&t, 1 + i % 8);
	check(made && good == rounds, name, tier, "outlines, advances and checksums of every selection are right");
	if (made)
		test_size(&t, name, tier);
	dbi_font_stock_free(t.stock);
	dbi_deflater_free(t.fresh);
	dbi_deflater_free(t.kept);
	free(all);
}

/* Letters with many glyphs and with few get their subsets in two ways, the same for the same glyphs. */
static void test_choice(const dbi_pdf_fonts *fonts, unsigned index)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const struct dbi_pdf_face *face = dbi_pdf_face(fonts, index, &err);
	dbi_deflater *fresh = dbi_deflater_new(DBI_DEFLATE_FAST), *kept = dbi_deflater_new(DBI_DEFLATE_SMALL);
	struct dbi_font_cache cache = { .fresh = fresh, .kept = kept };
	struct dbi_arena arena = DBI_ARENA_INIT;
	uint64_t *set = calloc(DBI_GLYPH_WORDS(face->info->n_glyphs), sizeof(*set));

	dbi_glyph_put(set, 0);
	for (unsigned gid = 1; gid < face->info->n_glyphs; gid++)
		if (face->chars[gid] >= 'a' && face->chars[gid] <= 'e')
			dbi_glyph_put(set, gid);
	const struct dbi_font_program *a = dbi_font_choose(&cache, fonts, index, set, &arena, &err);
	OK(a && a == dbi_font_choose(&cache, fonts, index, set, &arena, &err), "few glyphs: the program is kept");
	for (unsigned gid = 1; gid < face->info->n_glyphs; gid++)
		if (face->chars[gid] >= 'A' && face->chars[gid] <= 'z')
			dbi_glyph_put(set, gid);
	const struct dbi_font_program *b = dbi_font_choose(&cache, fonts, index, set, &arena, &err);
	const struct dbi_font_program *c = dbi_font_choose(&cache, fonts, index, set, &arena, &err);
	OK(b && c && strcmp(b->tag, c->tag) == 0 && b->file_len == c->file_len && memcmp(b->file, c->file, c->file_len) == 0,
	    "many glyphs: the same ones make the same program");
	OK(a && b && strcmp(a->tag, b->tag) != 0, "other glyphs: another tag");
	dbi_font_cache_dispose(&cache);
	dbi_arena_dispose(&arena);
	dbi_deflater_free(fresh);
	dbi_deflater_free(kept);
	free(set);
}

/* Digits are of one width in most fonts, so that the table of advances ends with the first of them. */
static void test_digits(const dbi_pdf_fonts *fonts, unsigned index)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct tier t = { .face = dbi_pdf_face(fonts, index, &err), .fresh = dbi_deflater_new(DBI_DEFLATE_FAST),
		.kept = dbi_deflater_new(DBI_DEFLATE_SMALL) };
	size_t words = DBI_GLYPH_WORDS(t.face->info->n_glyphs);
	uint64_t *all = calloc(words, sizeof(*all));
	unsigned good = 0;

	for (unsigned gid = 1; gid < t.face->info->n_glyphs; gid++)
		if (t.face->chars[gid] >= '0' && t.face->chars[gid] <= '9')
			dbi_glyph_put(all, gid);
	t.all = all;
	bool made = dbi_font_stock_new(&t.stock, t.face, all, t.kept, &err) == DBRIEF_OK;
	for (unsigned gid = 1; made && gid < t.face->info->n_glyphs; gid++) {
		if (!dbi_glyph_in(all, gid))
			continue;
		uint64_t *set = calloc(words, sizeof(*set));
		struct dbi_buf file = DBI_BUF_INIT;
		dbi_glyph_put(set, gid);
		dbi_font_stock_pick(t.stock, set, &file);
		good += !file.failed && draws(t.face, file.data, file.len, set) && adds_up(file.data, file.len);
		dbi_buf_dispose(&file);
		free(set);
	}
	OK(good == 10, "a digit alone keeps its advance, though the table of advances ends before it");
	dbi_font_stock_free(t.stock);
	dbi_deflater_free(t.fresh);
	dbi_deflater_free(t.kept);
	free(all);
}

#define CHAIN 20u   /* glyphs: .notdef, a triangle, and one composite of another */
#define TRIANGLE 30u
#define COMPOSITE 16u

static void put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void add_table(hb_face_t *builder, hb_tag_t tag, const unsigned char *bytes, size_t len)
{
	hb_blob_t *blob = hb_blob_create((const char *)bytes, (unsigned)len, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);
	hb_face_builder_add_table(builder, tag, blob);
	hb_blob_destroy(blob);
}

/* A font of composites of composites, of which the last one draws them all. */
static hb_face_t *make_chain(void)
{
	unsigned char head[54] = { 0, 1, [12] = 0x5F, 0x0F, 0x3C, 0xF5 }, hhea[36] = { 0, 1 }, maxp[32] = { 0, 1 }, hmtx[4 * CHAIN] = { 0 }, loca[2 * (CHAIN + 1)] = { 0 };
	unsigned char glyf[TRIANGLE + COMPOSITE * (CHAIN - 2)] = { [1] = 1, [11] = 2, [14] = 1, [15] = 1, [16] = 1, [20] = 100, [26] = 100 };
	hb_face_t *builder = hb_face_builder_create();

	put16(head + 18, 1000); /* units of an em */
	put16(hhea + 34, CHAIN);
	put16(maxp + 4, CHAIN);
	for (unsigned gid = 2; gid < CHAIN; gid++) {
		unsigned char *p = glyf + TRIANGLE + COMPOSITE * (gid - 2);
		put16(p, 0xFFFF);
		put16(p + 10, 2); /* the arguments are a move */
		put16(p + 12, gid - 1);
		p[14] = 1;
	}
	for (unsigned gid = 0; gid < CHAIN; gid++) {
		put16(hmtx + 4 * gid, 500 + gid);
		put16(loca + 2 * (gid + 1), (gid < 1 ? 0 : TRIANGLE + COMPOSITE * (gid - 1)) / 2);
	}
	add_table(builder, HB_TAG('h', 'e', 'a', 'd'), head, sizeof(head));
	add_table(builder, HB_TAG('h', 'h', 'e', 'a'), hhea, sizeof(hhea));
	add_table(builder, HB_TAG('m', 'a', 'x', 'p'), maxp, sizeof(maxp));
	add_table(builder, HB_TAG('h', 'm', 't', 'x'), hmtx, sizeof(hmtx));
	add_table(builder, HB_TAG('l', 'o', 'c', 'a'), loca, sizeof(loca));
	add_table(builder, HB_TAG('g', 'l', 'y', 'f'), glyf, sizeof(glyf));
	hb_blob_t *file = hb_face_reference_blob(builder);
	hb_face_t *face = hb_face_create(file, 0);
	hb_blob_destroy(file);
	hb_face_destroy(builder);
	return face;
}

static void test_chain(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	uint16_t advances[CHAIN], widths[CHAIN];
	uint32_t chars[CHAIN] = { 0 };
	uint64_t last = (uint64_t)1 << (CHAIN - 1);
	hb_face_t *hb = make_chain();
	struct dbi_face_info info = { .path = "chain", .ps_name = "Chain", .hb_face = hb, .n_glyphs = CHAIN, .units_per_em = 1000, .advances = advances };
	struct dbi_pdf_face face = { .info = &info, .prepared = hb, .widths = widths, .chars = chars };
	dbi_deflater *kept = dbi_deflater_new(DBI_DEFLATE_SMALL);
	struct dbi_font_stock *stock = NULL;
	struct dbi_buf file = DBI_BUF_INIT;

	for (unsigned gid = 0; gid < CHAIN; gid++)
		advances[gid] = widths[gid] = (uint16_t)(500 + gid);
	bool good = dbi_font_stock_new(&stock, &face, &last, kept, &err) == DBRIEF_OK;
	if (good)
		dbi_font_stock_pick(stock, &last, &file);
	OK(good && !file.failed && draws(&face, file.data, file.len, &last), "composites of composites are there, however deep");
	dbi_buf_dispose(&file);
	dbi_font_stock_free(stock);
	dbi_deflater_free(kept);
	hb_face_destroy(hb);
}

/* A letter whose texts take every face an engine may have. */
static void test_faces(const char *path)
{
	struct dbi_family_spec specs[DBI_MAX_FACES / 4];
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_fontset *set = NULL;
	dbi_pdf_fonts *fonts = NULL;
	struct dbi_arena arena = DBI_ARENA_INIT;
	dbi_deflater *fresh = dbi_deflater_new(DBI_DEFLATE_FAST), *kept = dbi_deflater_new(DBI_DEFLATE_SMALL);
	struct dbi_font_cache cache = { .fresh = fresh, .kept = kept };
	const struct dbi_font_program *programs[DBI_MAX_FACES] = { NULL };
	char names[DBI_MAX_FACES / 4][16];
	unsigned good = 0;

	for (unsigned i = 0; i < DBI_MAX_FACES / 4; i++) {
		snprintf(names[i], sizeof(names[i]), "Family %u", i);
		specs[i] = (struct dbi_family_spec){ names[i], { path, path, path, path } };
	}
	if (dbi_fontset_new(&set, specs, DBI_MAX_FACES / 4, NULL, 0, &err) != DBRIEF_OK || dbi_pdf_fonts_new(&fonts, set, &err) != DBRIEF_OK)
		goto out;
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < DBI_MAX_FACES; i++) {
			uint64_t glyphs[1 + UINT16_MAX / 64] = { 1 };
			const struct dbi_font_program *p;
			dbi_glyph_put(glyphs, dbi_fontset_glyph(set, i, 0x142));
			p = dbi_font_choose(&cache, fonts, i, glyphs, &arena, &err);
			good += round && p && p == programs[i];
			programs[i] = p;
		}
out:
	OK(good == DBI_MAX_FACES, "the programs of a letter stay, however many faces it has");
	dbi_font_cache_dispose(&cache);
	dbi_arena_dispose(&arena);
	dbi_deflater_free(fresh);
	dbi_deflater_free(kept);
	dbi_pdf_fonts_free(fonts);
	dbi_fontset_free(set);
}

static bool has_letters(const dbi_pdf_fonts *fonts, unsigned index)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const struct dbi_pdf_face *face = dbi_pdf_face(fonts, index, &err);
	unsigned n = 0;

	for (unsigned gid = 1; face && gid < face->info->n_glyphs; gid++)
		n += face->chars[gid] >= 'a' && face->chars[gid] <= 'z';
	return n == 26;
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_fontset *set = NULL;
	dbi_pdf_fonts *fonts = NULL;

	if (dbi_fontset_new(&set, NULL, 0, NULL, 0, &err) != DBRIEF_OK || dbi_pdf_fonts_new(&fonts, set, &err) != DBRIEF_OK) {
		OK(false, err.text);
	} else {
		unsigned regular = dbi_fontset_face(set, 0, DBI_FONT_REGULAR), bold = dbi_fontset_face(set, 0, DBI_FONT_BOLD);
		for (unsigned tier = 0; tier < DBI_TIERS; tier++) {
			test_face(fonts, regular, tier, "regular");
			test_face(fonts, bold, tier, "bold");
		}
		test_choice(fonts, regular);
		test_digits(fonts, regular);
		test_chain();
		test_faces(dbi_fontset_info(set, regular)->path);
		/* Fonts of other makers: composites of composites, large tables, few Latin letters. */
		for (unsigned face = 0; face < dbi_fontset_count(set) && face < 24; face++)
			if (face != regular && face != bold && has_letters(fonts, face))
				test_face(fonts, face, 1, dbi_fontset_info(set, face)->ps_name);
	}
	dbi_pdf_fonts_free(fonts);
	dbi_fontset_free(set);
	return tap_done();
}
