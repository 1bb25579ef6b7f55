/* SPDX-License-Identifier: MIT */
/* Which character a glyph stands for, read from the font's own character map backwards. */
#include "pdf/font.h"

#include <string.h>
#include <hb.h>

#include "util/mem.h"
#include "util/utf8.h"

/* Ligatures that fonts reach by a character of their own; their text is the letters. */
static const char *const latin_ligatures[] = { "ff", "fi", "fl", "ffi", "ffl", "\xC5\xBFt", "st" };
#define LIGATURE_FIRST 0xFB00u
#define LIGATURE_LAST 0xFB06u

/* Shapes of other characters, private and ignorable code points: a glyph reached only so is told by its cluster. */
static bool is_own_character(uint32_t c)
{
	return !(c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD ||
	    (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
	    (c >= 0xD800 && c <= 0xF8FF) || (c >= 0xFB07 && c <= 0xFDFF) || (c >= 0xFE00 && c <= 0xFE0F) ||
	    (c >= 0xFE70 && c <= 0xFEFF) || c == 0xFFFE || c == 0xFFFF || c >= 0xE0000);
}

/*
 * A hyphen at a line's end is U+00AD to the reader (ISO 32000-1, 14.8.2.2.3). Where the font draws U+2010 by a glyph of its
 * own, as wide as the plain hyphen, that glyph means U+00AD; a real U+2010 says so by ActualText. That keeps such spans out of
 * most lines; poppler loses the text that follows them in the structure tree.
 */
static void find_soft_hyphen(struct dbi_pdf_face *face, hb_font_t *font)
{
	hb_codepoint_t plain, other;

	if (!hb_font_get_nominal_glyph(font, '-', &plain) || !hb_font_get_nominal_glyph(font, 0x2010, &other)
	    || plain >= face->info->n_glyphs || other >= face->info->n_glyphs || other == plain
	    || face->chars[other] != 0x2010 || face->info->advances[other] != face->info->advances[plain])
		return;
	face->chars[other] = 0xAD;
	face->soft_hyphen = (uint16_t)other;
}

bool dbi_face_read_chars(struct dbi_pdf_face *face)
{
	hb_face_t *hb = face->info->hb_face;
	hb_set_t *all = hb_set_create();
	hb_codepoint_t c = HB_SET_VALUE_INVALID;
	hb_font_t *font = hb_font_create(hb);
	bool good = false;

	face->chars = dbi_calloc(face->info->n_glyphs, sizeof(*face->chars));
	if (!face->chars)
		goto out;
	hb_face_collect_unicodes(hb, all);
	if (!hb_set_allocation_successful(all))
		goto out;
	while (hb_set_next(all, &c)) {
		hb_codepoint_t gid;
		if (!is_own_character(c) || !hb_font_get_nominal_glyph(font, c, &gid))
			continue;
		if (gid > 0 && gid < face->info->n_glyphs && !face->chars[gid])
			face->chars[gid] = c;
		if (c == 0x20 && gid < face->info->n_glyphs)
			face->space = (uint16_t)gid;
	}
	find_soft_hyphen(face, font);
	good = true;
out:
	hb_font_destroy(font);
	hb_set_destroy(all);
	return good;
}

size_t dbi_glyph_text(const struct dbi_pdf_face *face, unsigned gid, char out[8])
{
	uint32_t c = gid < face->info->n_glyphs ? face->chars[gid] : 0;
	if (!c)
		return 0;
	if (c >= LIGATURE_FIRST && c <= LIGATURE_LAST) {
		size_t n = strlen(latin_ligatures[c - LIGATURE_FIRST]);
		memcpy(out, latin_ligatures[c - LIGATURE_FIRST], n);
		return n;
	}
	return dbi_utf8_put(out, c);
}

unsigned dbi_char_tier(uint32_t c)
{
	static const uint32_t core[] = {
		0xA7, 0xB7, 0xC4, 0xD6, 0xDC, 0xDF, 0xE4, 0xF6, 0xFC, 0x2013, 0x201C, 0x201E, 0x2022, 0x20AC,
	}, more[] = {
		0xAD, 0xD7, 0xE0, 0xE1, 0xE8, 0xE9, 0x2014, 0x2018, 0x2019, 0x201A, 0x2026, 0xFB01, 0xFB02,
	};
	if (c >= 0x20 && c < 0x7F)
		return strchr("\"#$'*<=>[\\]^`{|}~", (int)c) ? 1 : 0;
	for (size_t i = 0; i < sizeof(core) / sizeof(core[0]); i++)
		if (core[i] == c)
			return 0;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (more[i] == c)
			return 1;
	return DBI_TIERS;
}

void dbi_face_tier_glyphs(const struct dbi_pdf_face *face, unsigned tier, uint64_t *set)
{
	dbi_glyph_put(set, 0);
	for (unsigned gid = 1; gid < face->info->n_glyphs; gid++)
		if (dbi_char_tier(face->chars[gid]) <= tier)
			dbi_glyph_put(set, gid);
}
