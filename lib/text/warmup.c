/* SPDX-License-Identifier: MIT */
#include "text/warmup.h"

#include <stdint.h>
#include <string.h>

#include "text/hbshape.h"
#include "util/mem.h"

#define MAX_SCRIPTS 8   /* of one font, in the order of their characters */
#define MAX_LETTERS 64  /* of one script */
#define MAX_MARKS 24
#define CANARY (1u << 20)

/* Words in which letters really meet: kerning, ligatures, marks, joining, conjuncts. */
static const struct sample {
	hb_codepoint_t probe; /* only for fonts that have this character */
	hb_script_t script;
	const char *text;
} samples[] = {
	{ 'A', HB_SCRIPT_LATIN, "AVATAR Tyfflig \xC3\x84\xC3\x96\xC3\x9C\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F M\xCC\x82 S\xCC\xB1 "
	    "\xE1\xBA\x9E \xE2\x82\xAC 0123456789.,:;-\xE2\x80\x93\xE2\x80\x9E\xE2\x80\x9C()/ \xC5\x81\xC3\xB3" "d\xC5\xBA \xC4\x9F\xC4\xB0\xC4\xB1" },
	{ 0x3B1, HB_SCRIPT_GREEK, "\xCE\x91\xCE\xBB\xCE\xAD\xCE\xBE\xCE\xB1\xCE\xBD\xCE\xB4\xCF\x81\xCE\xBF\xCF\x82" },
	{ 0x430, HB_SCRIPT_CYRILLIC, "\xD0\x90\xD0\xBB\xD0\xB5\xD0\xBA\xD1\x81\xD0\xB0\xD0\xBD\xD0\xB4\xD1\x80\xD0\xB0 \xD0\x87" },
	{ 0x5D0, HB_SCRIPT_HEBREW, "\xD7\xA9\xD7\x81\xD6\xB8\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D" },
	{ 0x627, HB_SCRIPT_ARABIC, "\xD9\x85\xD8\xAD\xD9\x85\xD9\x8E\xD9\x91\xD8\xAF \xD9\x84\xD8\xA7 \xD9\x84\xD9\x84\xD9\x87" },
	{ 0x915, HB_SCRIPT_DEVANAGARI, "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7\xE0\xA4\xBF\xE0\xA4\xB0\xE0\xA5\x8D\xE0\xA4\xAE"
	    " "
	    "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7\xE0\xA4\xA4\xE0\xA5\x8D\xE0\xA4\xB0\xE0\xA4\xBF\xE0\xA4\xAF "
	    "\xE0\xA4\xB6\xE0\xA5\x8D\xE0\xA4\xB0\xE0\xA5\x80 "
	    "\xE0\xA4\x9C\xE0\xA5\x8D\xE0\xA4\x9E\xE0\xA4\xBE\xE0\xA4\xA8 "
	    "\xE0\xA4\xB0\xE0\xA5\x8D\xE0\xA4\x95 \xE0\xA4\xA6\xE0\xA5\x8D\xE0\xA4\xA7 "
	    "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\x82" },
	{ 0x995, HB_SCRIPT_BENGALI, "\xE0\xA6\x95\xE0\xA7\x8D\xE0\xA6\xB7\xE0\xA6\xBF" },
	{ 0xB95, HB_SCRIPT_TAMIL, "\xE0\xAE\x95\xE0\xAF\x8A\xE0\xAE\xB7\xE0\xAF\x8D" },
	{ 0xC15, HB_SCRIPT_TELUGU, "\xE0\xB0\x95\xE0\xB1\x8D\xE0\xB0\xB7\xE0\xB0\xBF" },
	{ 0xE01, HB_SCRIPT_THAI, "\xE0\xB8\x81\xE0\xB8\xB3\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88" },
	{ 0x1000, HB_SCRIPT_MYANMAR, "\xE1\x80\x80\xE1\x80\xBC\xE1\x80\xAD\xE1\x80\xAF" },
	{ 0x1780, HB_SCRIPT_KHMER, "\xE1\x9E\x80\xE1\x9F\x92\xE1\x9E\x9A\xE1\x9E\xB7" },
};

/* Characters of one script that a font has. */
struct soup {
	hb_script_t script;
	hb_codepoint_t letters[MAX_LETTERS], marks[MAX_MARKS], virama;
	size_t n_letters, n_marks;
};

static bool shape_both(hb_font_t *font, hb_font_t *fresh, hb_buffer_t *a, hb_buffer_t *b, hb_script_t script)
{
	hb_buffer_t *both[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		hb_buffer_set_content_type(both[i], HB_BUFFER_CONTENT_TYPE_UNICODE);
		hb_buffer_set_script(both[i], script);
		hb_buffer_set_direction(both[i], hb_script_get_horizontal_direction(script));
		if (!hb_buffer_allocation_successful(both[i]) || !hb_shape_full(i ? fresh : font, both[i], NULL, 0, NULL)
		    || !hb_buffer_allocation_successful(both[i]))
			return false;
	}
	return dbi_hb_same(a, b);
}

static bool try_samples(hb_font_t *font, hb_font_t *fresh, const hb_set_t *characters, hb_buffer_t *a, hb_buffer_t *b)
{
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		if (!hb_set_has(characters, samples[i].probe))
			continue;
		hb_buffer_clear_contents(a);
		hb_buffer_clear_contents(b);
		hb_buffer_add_utf8(a, samples[i].text, -1, 0, -1);
		hb_buffer_add_utf8(b, samples[i].text, -1, 0, -1);
		if (!shape_both(font, fresh, a, b, samples[i].script) || hb_buffer_get_length(a) == 0)
			return false;
	}
	return true;
}

/* Adds a character to the soup of its script. */
static void add_to_soup(struct soup *soups, size_t *n, hb_codepoint_t c)
{
	hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
	hb_unicode_general_category_t category = hb_unicode_general_category(unicode, c);
	hb_script_t script = hb_unicode_script(unicode, c);
	bool mark = category >= HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK && category <= HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK;
	struct soup *s = soups;

	if (script == HB_SCRIPT_INHERITED || script == HB_SCRIPT_COMMON)
		script = *n ? soups[0].script : HB_SCRIPT_COMMON;
	while (s < soups + *n && s->script != script)
		s++;
	if (s == soups + *n) {
		if (*n == MAX_SCRIPTS)
			return;
		memset(s, 0, sizeof *s);
		s->script = script;
		++*n;
	}
	if (hb_unicode_combining_class(unicode, c) == HB_UNICODE_COMBINING_CLASS_VIRAMA)
		s->virama = c;
	else if (mark && s->n_marks < MAX_MARKS)
		s->marks[s->n_marks++] = c;
	else if (!mark && category >= HB_UNICODE_GENERAL_CATEGORY_LOWERCASE_LETTER && s->n_letters < MAX_LETTERS)
		s->letters[s->n_letters++] = c;
}

/* Every letter with a mark, every letter tied to the next, all in a row. */
static void fill_soup(const struct soup *s, hb_buffer_t *buf)
{
	unsigned at = 0;

	hb_buffer_clear_contents(buf);
	for (size_t i = 0; i < s->n_letters; i++) {
		hb_buffer_add(buf, s->letters[i], at++);
		if (s->virama) {
			hb_buffer_add(buf, s->virama, at++);
			hb_buffer_add(buf, s->letters[(i * 7 + 3) % s->n_letters], at++);
		}
		if (s->n_marks)
			hb_buffer_add(buf, s->marks[i % s->n_marks], at++);
	}
	for (size_t i = 0; i < s->n_letters; i++)
		hb_buffer_add(buf, s->letters[i], at++);
}

static bool try_soups(hb_font_t *font, hb_font_t *fresh, const hb_set_t *characters, hb_buffer_t *a, hb_buffer_t *b)
{
	struct soup *soups = dbi_malloc(MAX_SCRIPTS * sizeof *soups);
	hb_codepoint_t c = HB_SET_VALUE_INVALID;
	size_t n = 0;
	bool good = soups != NULL;

	while (good && hb_set_next(characters, &c))
		add_to_soup(soups, &n, c);
	for (size_t i = 0; good && i < n; i++) {
		fill_soup(&soups[i], a);
		fill_soup(&soups[i], b);
		good = shape_both(font, fresh, a, b, soups[i].script);
	}
	dbi_free(soups);
	return good;
}

bool dbi_font_warm_up(hb_font_t *font, hb_font_t *fresh)
{
	hb_buffer_t *a = hb_buffer_create(), *b = hb_buffer_create();
	hb_set_t *characters = hb_set_create();
	void *canary;
	bool good;

	hb_face_collect_unicodes(hb_font_get_face(fresh), characters);
	good = hb_set_allocation_successful(characters) && !hb_set_is_empty(characters)
	    && try_samples(font, fresh, characters, a, b) && try_soups(font, fresh, characters, a, b);
	hb_set_destroy(characters);
	hb_buffer_destroy(a);
	hb_buffer_destroy(b);
	/* Where memory is out for good, both fonts may lack the same. */
	if (!(canary = dbi_malloc(CANARY)))
		return false;
	dbi_free(canary);
	return good;
}
