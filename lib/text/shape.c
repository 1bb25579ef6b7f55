/* SPDX-License-Identifier: MIT */
#include "text/shape.h"

#include <string.h>

#include "text/hbshape.h"
#include "text/itemise.h"
#include "text/textcache.h"
#include "text/uchar.h"
#include "text/wordcache.h"
#include "util/mem.h"

#define MAX_LANGS 256
#define MAX_RUN_CHARS 4096u /* keeps the width of a single run far from overflow */

struct lang {
	char tag[12];
	hb_language_t hb;
};

struct dbi_shaper {
	const dbi_fontset *set;
	dbi_wordcache *cache;
	dbi_textcache *texts;     /* of runs in the word cache */
	struct dbi_arena letter;  /* runs that are not cached */
	struct dbi_items items;
	struct dbi_hb hb;
	struct lang *langs;       /* index 0: none */
	size_t n_langs, cap_langs;
	char last_lang[36];       /* the tag asked for last, as given */
	uint16_t last_lang_index;
};

int dbi_shaper_new(dbi_shaper **out, const dbi_fontset *set, struct dbrief_error *err)
{
	dbi_shaper *sh = dbi_calloc(1, sizeof *sh);

	*out = NULL;
	if (!sh)
		return dbi_error_memory(err);
	sh->set = set;
	sh->cache = dbi_wordcache_new();
	sh->texts = dbi_textcache_new();
	if (!sh->cache || !sh->texts || dbi_hb_init(&sh->hb, NULL)
	    || !dbi_grow(&sh->langs, &sh->cap_langs, 1, sizeof *sh->langs, MAX_LANGS)) {
		dbi_shaper_free(sh);
		return dbi_error_memory(err);
	}
	memset(&sh->langs[0], 0, sizeof sh->langs[0]);
	sh->n_langs = 1;
	*out = sh;
	return DBRIEF_OK;
}

void dbi_shaper_free(dbi_shaper *sh)
{
	if (!sh)
		return;
	dbi_hb_dispose(&sh->hb);
	dbi_textcache_free(sh->texts);
	dbi_wordcache_free(sh->cache);
	dbi_items_dispose(&sh->items);
	dbi_arena_dispose(&sh->letter);
	dbi_free(sh->langs);
	dbi_free(sh);
}

void dbi_shaper_letter_done(dbi_shaper *sh)
{
	bool many = sh->n_langs >= MAX_LANGS / 2;

	dbi_textcache_trim(sh->texts, dbi_wordcache_trim(sh->cache, many));
	dbi_hb_trim(&sh->hb, many);
	if (many) {
		sh->n_langs = 1;
		sh->last_lang[0] = '\0';
		sh->last_lang_index = 0;
	}
	dbi_arena_reset(&sh->letter);
}

/*
 * Only what fonts distinguish: the language, and for Chinese the script. So
 * that no data can fill HarfBuzz's process-wide table of languages.
 */
static void reduce_tag(char out[12], const char *tag)
{
	size_t n = 0;

	while (n < 4 && ((tag[n] | 0x20) >= 'a' && (tag[n] | 0x20) <= 'z')) {
		out[n] = (char)(tag[n] | 0x20);
		n++;
	}
	if (n < 2 || n > 3 || (tag[n] != '\0' && tag[n] != '-'))
		n = 0;
	out[n] = '\0';
	if (strcmp(out, "zh") == 0 && strncmp(tag + n, "-Han", 4) == 0)
		memcpy(out, tag[n + 4] == 't' ? "zh-hant" : "zh-hans", 8);
}

int dbi_shaper_lang(dbi_shaper *sh, const char *tag, uint16_t *index, struct dbrief_error *err)
{
	char reduced[12];
	size_t i;

	if (!tag)
		tag = "";
	if (strncmp(tag, sh->last_lang, sizeof sh->last_lang) == 0) {
		*index = sh->last_lang_index;
		return DBRIEF_OK;
	}
	reduce_tag(reduced, tag);
	for (i = 0; i < sh->n_langs && strcmp(sh->langs[i].tag, reduced) != 0; i++)
		;
	if (i == sh->n_langs) {
		if (i >= MAX_LANGS)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL,
			    "more than %d languages in one letter; use fewer lang attributes", MAX_LANGS / 2);
		if (!dbi_grow(&sh->langs, &sh->cap_langs, i + 1, sizeof *sh->langs, MAX_LANGS))
			return dbi_error_memory(err);
		memcpy(sh->langs[i].tag, reduced, sizeof reduced);
		if (!(sh->langs[i].hb = dbi_hb_language(reduced)))
			return dbi_error_memory(err);
		sh->n_langs++;
	}
	*index = (uint16_t)i;
	if (strlen(tag) < sizeof sh->last_lang) {
		memcpy(sh->last_lang, tag, strlen(tag) + 1);
		sh->last_lang_index = (uint16_t)i;
	}
	return DBRIEF_OK;
}

dbi_textcache *dbi_shaper_texts(dbi_shaper *sh)
{
	return sh->texts;
}

/* Index of the last char that starts before `end`. */
static size_t last_before(const struct dbi_text_char *chars, size_t n, uint32_t end)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (chars[mid].offset < end)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? low - 1 : 0;
}

/* Gives the text of one cluster, glyphs[a..b), to its first glyph in logical order. */
static int assign_text(struct dbi_glyph *glyphs, size_t a, size_t b, uint32_t start, uint32_t end, bool rtl, uint32_t base,
    const struct dbi_text_char *chars, size_t n, struct dbrief_error *err)
{
	struct dbi_glyph *carrier = &glyphs[rtl ? b - 1 : a];
	uint32_t stop = chars[last_before(chars, n, end)].end;

	if (stop - start > UINT16_MAX)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL,
		    "a character carries thousands of combining marks; correct the value at its source");
	carrier->text = start - base;
	carrier->text_len = (uint16_t)(stop - start);
	return DBRIEF_OK;
}

static int assign_texts(struct dbi_run *run, struct dbi_glyph *glyphs, const hb_glyph_info_t *info,
    const struct dbi_text_char *chars, size_t n, struct dbrief_error *err)
{
	uint32_t run_end = chars[n - 1].end, before = run_end;

	for (size_t a = 0, b; a < run->n; a = b) {
		uint32_t start = info[a].cluster, end;
		int rc;

		for (b = a + 1; b < run->n && info[b].cluster == start; b++)
			;
		end = run->rtl ? before : b < run->n ? info[b].cluster : run_end;
		before = start;
		if (end <= start)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, NULL,
			    "a font draws a text in an order that cannot be read back; use another font");
		if ((rc = assign_text(glyphs, a, b, start, end, run->rtl, chars[0].offset, chars, n, err)))
			return rc;
	}
	return DBRIEF_OK;
}

/* Characters that leave paper white by their nature. */
static bool is_white(uint32_t c)
{
	hb_unicode_general_category_t category = hb_unicode_general_category(hb_unicode_funcs_get_default(), c);

	return category >= HB_UNICODE_GENERAL_CATEGORY_LINE_SEPARATOR || category <= HB_UNICODE_GENERAL_CATEGORY_FORMAT
	    || c == 0x2800 || dbi_char_ignorable(c);
}

/*
 * Some fonts map characters to an empty glyph. Such a character would be lost
 * on paper while it still stands in the text.
 */
static int refuse_blanks(dbi_shaper *sh, const struct dbi_run *run, const struct dbi_text_char *chars, size_t n,
    struct dbrief_error *err)
{
	if (run->n != n)
		return DBRIEF_OK; /* not one glyph a character: blank parts are meant */
	for (uint32_t i = 0; i < run->n; i++) {
		const struct dbi_text_char *t = &chars[run->rtl ? n - 1 - i : i];

		if (dbi_fontset_is_blank(sh->set, run->face, run->glyphs[i].id) && !is_white(t->c))
			return dbi_glyph_missing(err, t->c);
	}
	return DBRIEF_OK;
}

/*
 * Arimo's table of glyph classes calls letters such as U+02C8 marks, and HarfBuzz then draws them without an advance, so
 * that the next letter is printed over them. What Unicode calls a letter or sign keeps the width that the font gives it.
 */
static int32_t advance_of(const dbi_shaper *sh, uint32_t face, uint32_t c, const hb_glyph_info_t *info,
    const hb_glyph_position_t *pos)
{
	hb_unicode_general_category_t category;

	if (pos->x_advance || pos->x_offset || pos->y_offset || info->codepoint != dbi_fontset_glyph(sh->set, face, c))
		return pos->x_advance;
	category = hb_unicode_general_category(hb_unicode_funcs_get_default(), c);
	if (category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK || category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK
	    || category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK || is_white(c))
		return 0;
	return hb_font_get_glyph_h_advance(dbi_fontset_info(sh->set, face)->hb_font, info->codepoint);
}

/* Copies what HarfBuzz made of chars[0..n) into a run. Glyph 0 never gets through. */
static int take_glyphs(dbi_shaper *sh, struct dbi_arena *arena, struct dbi_run *run, const struct dbi_text_char *chars,
    size_t n, struct dbrief_error *err)
{
	unsigned count, n_glyphs = dbi_fontset_info(sh->set, chars[0].face)->n_glyphs;
	const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(sh->hb.buffer, &count);
	const hb_glyph_position_t *pos = hb_buffer_get_glyph_positions(sh->hb.buffer, NULL);
	struct dbi_glyph *glyphs = dbi_arena_alloc(arena, (count ? count : 1) * sizeof *glyphs);
	int64_t advance = 0;
	int rc;

	if (!glyphs)
		return dbi_error_memory(err);
	for (unsigned i = 0; i < count; i++) {
		uint32_t c = chars[last_before(chars, n, info[i].cluster + 1)].c;

		if (info[i].codepoint == 0 || info[i].codepoint >= n_glyphs)
			return dbi_glyph_missing(err, c);
		glyphs[i] = (struct dbi_glyph){ (uint16_t)info[i].codepoint, 0, 0, advance_of(sh, chars[0].face, c, &info[i], &pos[i]),
			pos[i].x_offset, pos[i].y_offset };
		advance += glyphs[i].advance;
	}
	if (advance > INT32_MAX || advance < INT32_MIN)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, NULL, "a font gives absurd widths; use another font");
	run->n = count;
	run->glyphs = glyphs;
	run->advance = (int32_t)advance;
	if ((rc = assign_texts(run, glyphs, info, chars, n, err)))
		return rc;
	return refuse_blanks(sh, run, chars, n, err);
}

static bool is_drawn(const struct dbi_text_char *chars, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!dbi_char_ignorable(chars[i].c))
			return true;
	return false;
}

static int shape_run(dbi_shaper *sh, struct dbi_arena *arena, const char *text, const struct dbi_text_char *chars, size_t n,
    bool rtl, uint16_t lang, struct dbi_run **out, struct dbrief_error *err)
{
	struct dbi_run *run = dbi_arena_calloc(arena, 1, sizeof *run);
	int rc;

	*out = run;
	if (!run)
		return dbi_error_memory(err);
	run->face = chars[0].face;
	run->rtl = rtl;
	run->text = text + chars[0].offset;
	run->text_len = chars[n - 1].end - chars[0].offset;
	if ((rc = dbi_hb_shape(&sh->hb, sh->set, chars, n, rtl, lang, sh->langs[lang].hb, err)) || (rc = take_glyphs(sh, arena, run, chars, n, err)))
		return rc;
	if (run->n == 0 && is_drawn(chars, n))
		return dbi_glyph_missing(err, chars[0].c);
	return DBRIEF_OK;
}

/* End of the run that starts at char a. */
static size_t run_end(const struct dbi_items *it, size_t a)
{
	size_t b = a + 1;

	while (b < it->n && it->chars[b].face == it->chars[a].face && it->chars[b].script == it->chars[a].script
	    && (b - a < MAX_RUN_CHARS || !it->chars[b].cluster))
		b++;
	return b;
}

/* Shapes the itemised text into the word; its memory comes from the arena. */
static int shape_word(dbi_shaper *sh, struct dbi_arena *arena, struct dbi_word *word, bool cached,
    struct dbrief_error *err)
{
	const struct dbi_items *it = &sh->items;
	struct dbi_run **runs, *run;
	size_t n = 0, k = 0;

	for (size_t a = 0; a < it->n; a = run_end(it, a))
		n++;
	if (!(runs = dbi_arena_alloc(arena, (n ? n : 1) * sizeof *runs)))
		return dbi_error_memory(err);
	for (size_t a = 0, b; a < it->n; a = b) {
		int rc;

		b = run_end(it, a);
		rc = shape_run(sh, arena, word->key.text, it->chars + a, b - a, word->key.rtl, word->key.lang, &run, err);
		if (rc)
			return rc;
		run->cached = cached;
		if (run->n)
			runs[k++] = run;
	}
	for (size_t i = 0; word->key.rtl && i < k / 2; i++) {
		run = runs[i];
		runs[i] = runs[k - 1 - i];
		runs[k - 1 - i] = run;
	}
	word->runs = runs;
	word->n = k;
	return DBRIEF_OK;
}

/* A word in the arena, or NULL when the arena is out of memory. */
static struct dbi_word *new_word(struct dbi_arena *arena, const struct dbi_word_key *key)
{
	struct dbi_word *word = dbi_arena_calloc(arena, 1, sizeof *word);

	if (!word)
		return NULL;
	word->key = *key;
	word->key.text = dbi_arena_strndup(arena, key->text, key->len);
	return word->key.text ? word : NULL;
}

static int shape_new(dbi_shaper *sh, const struct dbi_word_key *key, struct dbi_word **out,
    struct dbrief_error *err)
{
	bool cached = dbi_wordcache_admits(sh->cache, key);
	int rc = dbi_itemise(&sh->items, sh->set, key->face, key->text, key->len, key->rtl, err);

	if (rc)
		return rc;
	if (cached && (*out = new_word(dbi_wordcache_arena(sh->cache), key))) {
		struct dbrief_error local = DBRIEF_ERROR_INIT;

		rc = shape_word(sh, dbi_wordcache_arena(sh->cache), *out, true, &local);
		if (!rc)
			dbi_wordcache_add(sh->cache, *out);
		if (rc && local.cause != DBRIEF_CAUSE_MEMORY && err && err->status == DBRIEF_OK)
			*err = local;
		if (!rc || local.cause != DBRIEF_CAUSE_MEMORY)
			return rc;
	}
	if (!(*out = new_word(&sh->letter, key)))
		return dbi_error_memory(err);
	return shape_word(sh, &sh->letter, *out, false, err);
}

int dbi_shape(dbi_shaper *sh, unsigned face, const char *text, size_t len, bool rtl, const char *lang,
    const struct dbi_run *const **runs, size_t *n, struct dbrief_error *err)
{
	struct dbi_word_key key = { text, (uint32_t)len, 0, (uint16_t)face, 0, rtl };
	struct dbi_word *word;
	int rc;

	*runs = NULL;
	*n = 0;
	if (len > DBI_MAX_PIECE)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL,
		    "a piece of text has more than %d bytes without a place to break; shorten it at its source", DBI_MAX_PIECE);
	if (len == 0)
		return DBRIEF_OK;
	if ((rc = dbi_shaper_lang(sh, lang, &key.lang, err)))
		return rc;
	dbi_word_key_hash(&key);
	word = dbi_wordcache_find(sh->cache, &key);
	if (!word && (rc = shape_new(sh, &key, &word, err)))
		return rc;
	*runs = (const struct dbi_run *const *)word->runs;
	*n = word->n;
	return DBRIEF_OK;
}

void dbi_run_set_slot(dbi_shaper *sh, const struct dbi_run *r, const void *bytes, size_t len)
{
	struct dbi_run_slot *slot;

	/* Every cached run was made here and is not const: the caller only sees it so. */
	if (!r->cached || len > SIZE_MAX - sizeof *slot)
		return;
	if (!(slot = dbi_arena_alloc(dbi_wordcache_arena(sh->cache), sizeof *slot + len)))
		return;
	slot->len = len;
	memcpy(slot->bytes, bytes, len);
	((struct dbi_run *)(uintptr_t)r)->slot = slot;
}
