/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <pthread.h>
#include <stdlib.h>

#include "text/textcache.h"
#include "util/hash.h"
#include "util/mem.h"
#include "util/utf8.h"

static dbi_fontset *fonts;
static dbi_shaper *shaper;
static struct dbrief_error error;

static int shape(const char *text, bool rtl, const struct dbi_run *const **runs, size_t *n)
{
	dbrief_error_clear(&error);
	return dbi_shape(shaper, 0, text, strlen(text), rtl, rtl ? "ar" : "de", runs, n, &error);
}

/* What is drawn, as a number: faces, glyphs, places, text. */
static uint32_t digest(const struct dbi_run *const *runs, size_t n)
{
	uint32_t h = DBI_FNV_START;

	for (size_t i = 0; i < n; i++) {
		h = dbi_fnv1a(h, &runs[i]->face, sizeof runs[i]->face);
		h = dbi_fnv1a(h, runs[i]->text, runs[i]->text_len);
		for (uint32_t g = 0; g < runs[i]->n; g++) {
			const struct dbi_glyph *glyph = &runs[i]->glyphs[g];
			int32_t v[6] = { glyph->id, glyph->text_len, (int32_t)glyph->text, glyph->advance, glyph->dx, glyph->dy };

			h = dbi_fnv1a(h, v, sizeof v);
		}
	}
	return h;
}

/* Each byte of a run's text belongs to at most one glyph, and no visible one to none. */
static bool text_is_covered(const struct dbi_run *run)
{
	size_t covered = 0;

	for (uint32_t i = 0; i < run->n; i++) {
		if ((size_t)run->glyphs[i].text + run->glyphs[i].text_len > run->text_len)
			return false;
		covered += run->glyphs[i].text_len;
	}
	return covered == run->text_len;
}

static void test_latin(void)
{
	const struct dbi_run *const *runs;
	size_t n;
	int32_t sum = 0;

	EQ(shape("AVATAR", false, &runs, &n), DBRIEF_OK, "a plain word is shaped");
	EQ(n, 1, "into one run");
	EQ(runs[0]->n, 6, "of six glyphs");
	OK(text_is_covered(runs[0]), "each letter has its text");
	for (uint32_t i = 0; i < runs[0]->n; i++)
		sum += runs[0]->glyphs[i].advance;
	EQ(runs[0]->advance, sum, "the run's advance is the sum");
	OK(runs[0]->glyphs[0].advance < dbi_fontset_info(fonts, 0)->advances[runs[0]->glyphs[0].id], "A before V is kerned");
	EQ(dbi_run_width(fonts, runs[0], DBI_PT(10)), (int64_t)sum * 10000 / (int)dbi_fontset_info(fonts, 0)->units_per_em,
	    "the width follows from size and units per em");
	EQ(shape("", false, &runs, &n), DBRIEF_OK, "empty text is no error");
	EQ(n, 0, "and has no run");
}

static void test_marks(void)
{
	static const char *const words[] = { "M\xCC\x82", "S\xCC\xB1", "C\xCC\xA8\xCC\x86", "k\xCD\x9Fh", "\xC4\xA7\xCC\xA7" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct dbi_run *const *runs;
		char name[96];
		bool placed = true;
		size_t n;
		int rc = shape(words[i], false, &runs, &n);

		for (uint32_t g = 1; !rc && n == 1 && g < runs[0]->n; g++)
			if (runs[0]->glyphs[g].advance == 0 && runs[0]->glyphs[g].dx == 0)
				placed = false;
		snprintf(name, sizeof name, "%s: base and marks lie in one run, marks are moved over the base", words[i]);
		OK(rc == DBRIEF_OK && n == 1 && placed && text_is_covered(runs[0]), name);
	}
}

static void test_missing(void)
{
	static const struct { const char *text, *part, *what; } cases[] = {
		{ "ab\xF0\xA0\x80\x80", "U+20000 (Han)", "an ideograph no font has" },
		{ "a\xC2\x80", "U+0080 (control character)", "a C1 control from mistaken Windows text" },
		{ "a\xEE\x80\x80", "U+E000 (private use)", "a private use character" },
		{ "a\x7F", "U+007F (control character)", "DEL" },
		{ "a\xF0\x9F\xAB\xA8", "U+1FAE8 (", "a new emoji" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct dbi_run *const *runs;
		char name[128];
		size_t n;

		snprintf(name, sizeof name, "%s holds the letter", cases[i].what);
		EQ(shape(cases[i].text, false, &runs, &n), DBRIEF_FAILED, name);
		snprintf(name, sizeof name, "%s is named by its code point", cases[i].what);
		if (!OK(error.cause == DBRIEF_CAUSE_GLYPH && strstr(error.text, cases[i].part), name))
			printf("# %d %s\n", error.cause, error.text);
		EQ(n, 0, "nothing is drawn of it");
	}
}

static void test_invisible(void)
{
	static const char *const same[] = { "Daten\xC2\xADschutz", "Daten\xE2\x80\x8Eschutz", "Da\xE2\x81\xA6ten\xE2\x81\xA9schutz",
		"\xE2\x80\xAE" "Datenschutz\xE2\x80\xAC", "Daten\xE2\x80\x8Bschutz", "\xEF\xBB\xBF" "Datenschutz" };
	const struct dbi_run *const *runs;
	int32_t plain;
	size_t n;

	shape("Datenschutz", false, &runs, &n);
	plain = runs[0]->advance;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		shape(same[i], false, &runs, &n);
		OK(n == 1 && runs[0]->n == 11 && runs[0]->advance == plain, "soft hyphens and direction controls draw nothing");
	}
	EQ(shape("\xE2\x80\x8E\xC2\xAD", false, &runs, &n), DBRIEF_OK, "text of nothing but them is no error");
	EQ(n, 0, "and has no run");
	EQ(shape("A\xEF\xB8\x8E\xE2\x80\x8D", false, &runs, &n), DBRIEF_OK, "variation selector and joiner do not fail");
	EQ(n == 1 ? runs[0]->n : 0, 1, "and draw nothing of their own");
	EQ(shape("a\tb\nc", false, &runs, &n), DBRIEF_OK, "tab and line end are drawn as spaces");
}

static void test_spaces(void)
{
	const struct dbi_run *const *runs;
	int32_t space, nbsp, thin;
	size_t n;

	shape(" ", false, &runs, &n);
	space = runs[0]->advance;
	shape("\xC2\xA0", false, &runs, &n);
	nbsp = runs[0]->advance;
	EQ(nbsp, space, "a no-break space is as wide as a space");
	EQ(shape("\xE2\x80\xAF\xE2\x80\x89", false, &runs, &n), DBRIEF_OK, "thin spaces are drawn");
	thin = runs[0]->advance;
	OK(thin > 0 && thin < 2 * space, "and are thinner than spaces");
	EQ(shape("x\xE2\x80\x91y", false, &runs, &n), DBRIEF_OK, "a no-break hyphen is drawn");
}

static void test_arabic(void)
{
	const struct dbi_run *const *runs;
	uint32_t alone, joined;
	size_t n;

	if (shape("\xD9\x87", true, &runs, &n) != DBRIEF_OK) {
		tap_skip("Arabic letters join", "no installed font has Arabic");
		return;
	}
	alone = runs[0]->glyphs[0].id;
	shape("\xD8\xA8\xD9\x87\xD8\xA8", true, &runs, &n); /* beh heh beh */
	EQ(n, 1, "an Arabic word is one run");
	joined = 0;
	for (uint32_t i = 0; i < runs[0]->n; i++)
		if (runs[0]->glyphs[i].text == 2)
			joined = runs[0]->glyphs[i].id;
	OK(joined != 0 && joined != alone, "a letter inside a word has another form than alone");
	OK(runs[0]->rtl && runs[0]->glyphs[runs[0]->n - 1].text == 0, "the first letter stands rightmost");
	OK(text_is_covered(runs[0]), "each letter has its text");
}

static void test_hebrew(void)
{
	const struct dbi_run *const *runs;
	size_t n;
	bool falling = true;

	if (shape("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", true, &runs, &n) != DBRIEF_OK) {
		tap_skip("Hebrew runs from right to left", "no installed font has Hebrew");
		return;
	}
	for (uint32_t i = 1; i < runs[0]->n; i++)
		falling = falling && runs[0]->glyphs[i].text < runs[0]->glyphs[i - 1].text;
	OK(n == 1 && runs[0]->n == 4 && falling, "Hebrew glyphs stand in reverse order of the text");
}

static void test_fallback(void)
{
	const struct dbi_run *const *runs;
	size_t n;

	if (shape("M\xC3\xBCller\xE1\x83\xA5" "ab", false, &runs, &n) != DBRIEF_OK) {
		tap_skip("a word splits where the font lacks a letter", "no installed font has Georgian");
		return;
	}
	EQ(n, 3, "a word splits where the font lacks a letter");
	OK(runs[0]->face == 0 && runs[1]->face != 0 && runs[2]->face == 0, "only that letter comes from another font");
	EQ(runs[1]->text_len, 3, "with its own text");
	OK(dbi_fontset_is_open(fonts, runs[1]->face), "and its face is open");
	if (shape("\xD8\xA8""1\xD8\xA8", true, &runs, &n) == DBRIEF_OK && n > 1)
		OK(runs[0]->text > runs[n - 1]->text, "runs from right to left come in visual order");
}

static void test_cache(void)
{
	static const char *const words[] = { "Datenschutz", "DE89370400440532013000", "M\xC3\xBCller\xE1\x83\xA5", "a", "12", "f\xC3\xBCr" };
	uint32_t first[6];
	const struct dbi_run *const *runs;
	size_t n;

	dbi_shaper_letter_done(shaper);
	for (int round = 0; round < 3; round++) {
		bool same = true;

		for (size_t i = 0; i < 6; i++) {
			if (shape(words[i], false, &runs, &n) != DBRIEF_OK)
				continue;
			if (round == 0)
				first[i] = digest(runs, n);
			same = same && first[i] == digest(runs, n);
			if (i == 1)
				EQ(runs[0]->cached, round > 0, "an account number is kept only when seen again");
		}
		OK(same, round ? "the cache gives the same glyphs" : "words are shaped");
	}
}

static void test_slot(void)
{
	const struct dbi_run *const *runs;
	const void *bytes;
	size_t n, len;

	shape("Schublade", false, &runs, &n);
	OK(runs[0]->cached, "a word is kept");
	OK(!dbi_run_slot(runs[0], &len) && len == 0, "its slot is empty at first");
	dbi_run_set_slot(shaper, runs[0], "abc", 3);
	dbi_shaper_letter_done(shaper);
	shape("Schublade", false, &runs, &n);
	bytes = dbi_run_slot(runs[0], &len);
	OK(bytes && len == 3 && memcmp(bytes, "abc", 3) == 0, "and holds what was put there, also in the next letter");
}

static void test_bounds(void)
{
	static char text[DBI_MAX_PIECE + 2];
	const struct dbi_run *const *runs;
	bool all = true;
	size_t n;

	memset(text, 'W', DBI_MAX_PIECE);
	EQ(shape(text, false, &runs, &n), DBRIEF_OK, "the longest piece is shaped");
	OK(n > 1, "into several runs");
	text[DBI_MAX_PIECE] = 'W';
	EQ(shape(text, false, &runs, &n), DBRIEF_FAILED, "one byte more is refused");
	EQ(error.cause, DBRIEF_CAUSE_LIMIT, "as a limit");
	dbi_shaper_letter_done(shaper);
	for (unsigned i = 0; all && i < 90000; i++) {
		char word[16];

		for (int k = 0; k < 5; k++)
			word[k] = (char)('a' + (i >> (k * 4)) % 16);
		word[5] = '\0';
		all = shape(word, false, &runs, &n) == DBRIEF_OK;
		if (i % 1000 == 0)
			dbi_shaper_letter_done(shaper);
	}
	OK(all, "more words than the cache holds are all shaped");
	dbi_shaper_letter_done(shaper);
	OK(shape("danach", false, &runs, &n) == DBRIEF_OK && runs[0]->cached, "and a cache that was emptied keeps words again");
	memset(text, 0, sizeof text);
	text[0] = 'a';
	for (int i = 0; i < 30000; i++)
		memcpy(text + 1 + 2 * i, "\xCC\x82", 2);
	EQ(shape(text, false, &runs, &n), DBRIEF_OK, "thirty thousand marks on a letter do no harm");
}

/* Adds a text of one word, if the cache wants it, as layout does. */
static bool keep(const char *text, dbi_len size)
{
	struct dbi_text_key key = { .text = text, .len = (uint32_t)strlen(text), .size = size };
	dbi_textcache *texts = dbi_shaper_texts(shaper);
	const struct dbi_run *const *runs;
	size_t n;

	dbi_text_key_hash(&key);
	if (dbi_textcache_find(texts, &key))
		return true;
	if (shape(text, false, &runs, &n) == DBRIEF_OK && dbi_textcache_admits(texts, &key)) {
		const struct dbi_set_run set = { runs[0], dbi_run_width(fonts, runs[0], size), false, 0 };

		dbi_textcache_add(texts, &key, &set, 1);
	}
	return false;
}

/* What is left at the ends of chunks serves nobody: the cache is full when nothing large has room any more. */
static void test_large_texts(dbi_textcache *texts)
{
	static struct dbi_set_run many[4200]; /* 100 kB */
	const struct dbi_run *const *runs;
	size_t n, kept = 0;

	if (!OK(shape("viel", false, &runs, &n) == DBRIEF_OK && runs[0]->cached, "a word of a large text"))
		return;
	for (size_t i = 0; i < sizeof many / sizeof *many; i++)
		many[i].run = runs[0];
	for (uint32_t i = 0; i < 20; i++) {
		struct dbi_text_key key = { .text = "viele", .len = 5, .size = (dbi_len)i };

		dbi_text_key_hash(&key);
		kept += dbi_textcache_add(texts, &key, many, sizeof many / sizeof *many) != NULL;
	}
	OK(kept > 1 && kept < 20, "large texts are kept as long as there is room");
	dbi_shaper_letter_done(shaper);
	EQ(dbi_textcache_count(texts), 0, "and a cache without room for another one is emptied");
}

static void test_texts(void)
{
	dbi_textcache *texts = dbi_shaper_texts(shaper);
	struct dbi_run run = { .n = 0 };
	const struct dbi_set_run own = { &run, 0, false, 0 };
	struct dbi_text_key key = { .text = "x", .len = 1 };
	bool all = true;

	dbi_shaper_letter_done(shaper); /* the words of the test before are too many: all are dropped */
	EQ(dbi_textcache_count(texts), 0, "nothing is kept");
	OK(!keep("erledigt", 9000) && !keep("erledigt", 9000) && keep("erledigt", 9000), "a text is kept from its second time on");
	OK(!keep("erledigt", 8000), "in its size only");
	OK(!keep("erledigu", 9000), "and by all of its letters");
	OK(!dbi_textcache_add(texts, &key, &own, 1), "not with a run that goes with the letter");
	dbi_shaper_letter_done(shaper);
	OK(keep("erledigt", 9000), "the next letter finds it");
	for (unsigned i = 0; i < 40100 && all; i++) { /* words at which the cache of words is full */
		char word[] = { (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676 % 26), (char)('a' + i / 17576), 0 };
		const struct dbi_run *const *runs;
		size_t n;

		all = shape(word, false, &runs, &n) == DBRIEF_OK;
	}
	dbi_shaper_letter_done(shaper);
	OK(all && dbi_textcache_count(texts) == 0, "texts are kept no longer than words");
	for (unsigned i = 0; i < 20000; i++) {
		char word[] = { (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676 % 26), (char)('a' + i / 17576), 0 };

		keep(word, 9000);
		keep(word, 9000);
	}
	if (!OK(dbi_textcache_count(texts) > 1000 && dbi_textcache_count(texts) <= 8192, "their number is bounded"))
		printf("# %zu\n", dbi_textcache_count(texts));
	dbi_shaper_letter_done(shaper);
	EQ(dbi_textcache_count(texts), 0, "and a full cache is emptied between letters");
	test_large_texts(texts);
}

static void test_languages(void)
{
	bool all = true;

	for (int i = 0; i < 2000; i++) {
		char lang[4] = { (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676), '\0' };
		const struct dbi_run *const *runs;
		size_t n;

		all = all && dbi_shape(shaper, 0, "Wort", 4, false, lang, &runs, &n, NULL) == DBRIEF_OK;
		dbi_shaper_letter_done(shaper);
	}
	OK(all, "any number of languages over the letters");
}

static void test_memory(void)
{
	static const char *const words[] = { "Speichermangel", "M\xCC\x82xyz", "Z\xC3\xBCrich\xE1\x83\xA5" };
	int wrong = 0, failed = 0;

	for (size_t w = 0; w < 3; w++) {
		const struct dbi_run *const *runs;
		uint32_t want;
		size_t n;

		if (shape(words[w], false, &runs, &n) != DBRIEF_OK)
			continue;
		want = digest(runs, n);
		for (unsigned long at = 1; at < 60; at++) {
			dbi_shaper *sh = NULL;
			struct dbrief_error err = DBRIEF_ERROR_INIT;
			int rc;

			dbi_mem_fail_at(at, at % 2);
			rc = dbi_shaper_new(&sh, fonts, &err);
			if (!rc)
				rc = dbi_shape(sh, 0, words[w], strlen(words[w]), false, "de", &runs, &n, &err);
			dbi_mem_fail_at(0, false);
			if (rc ? err.cause != DBRIEF_CAUSE_MEMORY : digest(runs, n) != want)
				wrong++;
			if (rc)
				failed++;
			dbi_shaper_free(sh);
		}
	}
	EQ(wrong, 0, "a failed allocation gives an error or the right glyphs, never other ones");
	OK(failed > 10, "and they did fail");
}

static void *shape_in_thread(void *result)
{
	static const char *const words[] = { "Datenschutz", "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF", "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7",
		"\xD7\xA9\xD7\x9C", "\xE1\x83\xA5", "\xE2\x88\x9E" };
	uint32_t *h = result;
	dbi_shaper *sh;

	*h = DBI_FNV_START;
	if (dbi_shaper_new(&sh, fonts, NULL))
		return NULL;
	for (unsigned i = 0; i < 300; i++) {
		const struct dbi_run *const *runs;
		size_t n;
		uint32_t one = 0;

		if (dbi_shape(sh, i % 4, words[i % 6], strlen(words[i % 6]), i % 6 == 1 || i % 6 == 3, "de", &runs, &n, NULL) == DBRIEF_OK)
			one = digest(runs, n);
		*h = dbi_fnv1a(*h, &one, sizeof one);
	}
	dbi_shaper_free(sh);
	return NULL;
}

static void test_threads(void)
{
	pthread_t threads[4];
	uint32_t results[4];

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, shape_in_thread, &results[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	OK(results[0] == results[1] && results[1] == results[2] && results[2] == results[3], "four threads draw the same");
}

int main(void)
{
	if (dbi_fontset_new(&fonts, NULL, 0, NULL, 0, &error)) {
		tap_skip("shaping", error.text);
		return tap_done();
	}
	test_threads(); /* first, while fallback faces are still closed */
	EQ(dbi_shaper_new(&shaper, fonts, &error), DBRIEF_OK, "a shaper starts");
	test_latin();
	test_marks();
	test_missing();
	test_invisible();
	test_spaces();
	test_arabic();
	test_hebrew();
	test_fallback();
	test_cache();
	test_slot();
	test_bounds();
	test_texts();
	test_languages();
	test_memory();
	dbi_shaper_free(shaper);
	dbi_fontset_free(fonts);
	return tap_done();
}
