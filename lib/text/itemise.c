/* SPDX-License-Identifier: MIT */
#include "text/itemise.h"

#include <hb.h>

#include "text/uchar.h"
#include "util/mem.h"
#include "util/utf8.h"

#define MAX_CHARS (1u << 20)
#define NO_FACE 0xFFFFu

int dbi_glyph_missing(struct dbrief_error *err, uint32_t c)
{
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_GLYPH, NULL,
	    "no font draws U+%04X (%s); add a font that has it to <fonts>", c, dbi_char_kind(c));
}

/* Line ends and tabs that reach a line are spaces there. */
static uint32_t drawn_as(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029 ? ' ' : c;
}

static int decode(struct dbi_items *it, const char *text, size_t len, struct dbrief_error *err)
{
	unsigned state = 0;

	it->n = 0;
	if (!dbi_grow(&it->chars, &it->cap, len, sizeof *it->chars, MAX_CHARS))
		return dbi_error_memory(err);
	for (size_t i = 0, step; i < len; i += step) {
		uint32_t c = dbi_utf8_next(text + i, len - i, &step);
		struct dbi_text_char *t = &it->chars[it->n];

		if (c == 0xFFFFFFFF)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, NULL,
			    "text to be drawn is not UTF-8; report this as a fault of the library");
		if (dbi_char_control(c))
			continue;
		t->c = drawn_as(c);
		t->offset = (uint32_t)i;
		t->end = (uint32_t)(i + step);
		t->face = NO_FACE;
		t->cluster = it->n == 0 || dbi_grapheme_break(t[-1].c, t->c, &state);
		it->n++;
	}
	return DBRIEF_OK;
}

static bool is_real(hb_script_t s)
{
	return s != HB_SCRIPT_COMMON && s != HB_SCRIPT_INHERITED && s != HB_SCRIPT_UNKNOWN;
}

/* Common characters take the script before them, at the start the first one after them. */
static void find_scripts(struct dbi_items *it, bool rtl)
{
	hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
	hb_script_t last = HB_SCRIPT_COMMON;
	size_t first = it->n;

	for (size_t i = 0; i < it->n; i++) {
		uint32_t c = it->chars[i].c;
		hb_script_t s = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? HB_SCRIPT_LATIN
		    : c < 0x80 ? HB_SCRIPT_COMMON : hb_unicode_script(unicode, c);

		if (is_real(s)) {
			last = s;
			if (first == it->n)
				first = i;
		}
		it->chars[i].script = last;
	}
	if (first == it->n)
		last = rtl ? HB_SCRIPT_COMMON : HB_SCRIPT_LATIN;
	else
		last = (hb_script_t)it->chars[first].script;
	for (size_t i = 0; i < first; i++)
		it->chars[i].script = last;
	for (size_t i = 1; i < it->n; i++)
		if (!it->chars[i].cluster)
			it->chars[i].script = it->chars[i - 1].script;
}

/* Scripts whose letters change shape by their neighbours: a word in two fonts is broken. */
static bool is_complex(uint32_t script)
{
	switch ((hb_script_t)script) {
	case HB_SCRIPT_LATIN: case HB_SCRIPT_GREEK: case HB_SCRIPT_CYRILLIC: case HB_SCRIPT_COMMON: case HB_SCRIPT_HEBREW:
	case HB_SCRIPT_ARMENIAN: case HB_SCRIPT_GEORGIAN: case HB_SCRIPT_HAN: case HB_SCRIPT_HIRAGANA:
	case HB_SCRIPT_KATAKANA: case HB_SCRIPT_HANGUL: case HB_SCRIPT_BOPOMOFO: case HB_SCRIPT_ETHIOPIC:
	case HB_SCRIPT_CHEROKEE: case HB_SCRIPT_BRAILLE:
		return false;
	default:
		return true;
	}
}

static bool covers(const dbi_fontset *set, unsigned face, uint32_t c)
{
	hb_codepoint_t a, b;

	/* Some fonts have blank glyphs for control characters. */
	if (c < 0x20 || (c >= 0x7F && c < 0xA0))
		return false;
	if (dbi_fontset_glyph(set, face, c))
		return true;
	if (dbi_char_space(c))
		return dbi_fontset_glyph(set, face, ' ') != 0;
	if (c == 0x2011)
		return dbi_fontset_glyph(set, face, 0x2010) || dbi_fontset_glyph(set, face, '-');
	if (c >= 0x80 && dbi_char_ignorable(c))
		return true;
	if (c >= 0x80 && hb_unicode_decompose(hb_unicode_funcs_get_default(), c, &a, &b))
		return covers(set, face, a) && (b == 0 || covers(set, face, b));
	return false;
}

static bool covers_range(const struct dbi_items *it, const dbi_fontset *set, unsigned face, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!covers(set, face, it->chars[i].c))
			return false;
	return true;
}

/* First face that has all characters of a range; NO_FACE when none has. */
static unsigned find_face(struct dbi_items *it, const dbi_fontset *set, unsigned face, size_t from, size_t to)
{
	if (covers_range(it, set, face, from, to))
		return face;
	if (it->fallbacks_of != face + 1) {
		it->n_fallbacks = dbi_fontset_fallbacks(set, face, it->fallbacks, sizeof it->fallbacks / sizeof it->fallbacks[0]);
		it->fallbacks_of = face + 1;
	}
	for (size_t i = 0; i < it->n_fallbacks; i++)
		if (covers_range(it, set, it->fallbacks[i], from, to))
			return it->fallbacks[i];
	return NO_FACE;
}

static void set_face(struct dbi_items *it, size_t from, size_t to, unsigned face)
{
	for (size_t i = from; i < to; i++)
		it->chars[i].face = (uint16_t)face;
}

/* Names the character that no face has, or else the last one that no face has together with the rest. */
static int refuse_cluster(struct dbi_items *it, const dbi_fontset *set, unsigned face, size_t from, size_t to,
    struct dbrief_error *err)
{
	for (size_t i = from; i < to; i++)
		if (find_face(it, set, face, i, i + 1) == NO_FACE)
			return dbi_glyph_missing(err, it->chars[i].c);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_GLYPH, NULL,
	    "no font draws U+%04X together with U+%04X; add a font that has both to <fonts>", it->chars[from].c,
	    it->chars[to - 1].c);
}

static int find_faces_by_cluster(struct dbi_items *it, const dbi_fontset *set, unsigned face, size_t from, size_t to,
    struct dbrief_error *err)
{
	for (size_t a = from, b; a < to; a = b) {
		unsigned found;

		for (b = a + 1; b < to && !it->chars[b].cluster; b++)
			;
		found = find_face(it, set, face, a, b);
		if (found == NO_FACE)
			return refuse_cluster(it, set, face, a, b, err);
		set_face(it, a, b, found);
	}
	return DBRIEF_OK;
}

int dbi_itemise(struct dbi_items *it, const dbi_fontset *set, unsigned face, const char *text, size_t len, bool rtl,
    struct dbrief_error *err)
{
	int rc = decode(it, text, len, err);

	if (rc)
		return rc;
	find_scripts(it, rtl);
	for (size_t a = 0, b; a < it->n; a = b) {
		unsigned whole = NO_FACE;

		for (b = a + 1; b < it->n && it->chars[b].script == it->chars[a].script; b++)
			;
		if (covers_range(it, set, face, a, b))
			whole = face;
		else if (is_complex(it->chars[a].script))
			whole = find_face(it, set, face, a, b);
		if (whole != NO_FACE)
			set_face(it, a, b, whole);
		else if ((rc = find_faces_by_cluster(it, set, face, a, b, err)))
			return rc;
	}
	return DBRIEF_OK;
}

void dbi_items_dispose(struct dbi_items *it)
{
	dbi_free(it->chars);
	it->chars = NULL;
	it->n = it->cap = 0;
}
