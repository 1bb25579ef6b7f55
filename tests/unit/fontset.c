/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/fontset.h"
#include "text/shape.h"

static const char *const font_file = "fontset-test.ttf";
static unsigned char *font;
static size_t font_len;
static unsigned char *changed;

static bool load_font(const char *path)
{
	FILE *f = fopen(path, "rb");
	long n;

	if (!f)
		return false;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	font = malloc((size_t)n);
	changed = malloc((size_t)n);
	font_len = font && changed ? fread(font, 1, (size_t)n, f) : 0;
	fclose(f);
	return font_len == (size_t)n;
}

static void write_font(const unsigned char *bytes, size_t len)
{
	FILE *f = fopen(font_file, "wb");

	if (f) {
		fwrite(bytes, 1, len, f);
		fclose(f);
	}
}

static int open_font(dbi_fontset **set, struct dbrief_error *err)
{
	struct dbi_family_spec spec = { "Test", { font_file, NULL, NULL, NULL } };

	return dbi_fontset_new(set, &spec, 1, NULL, 0, err);
}

/* Offset of a table's directory entry, or of the table. */
static size_t find_table(const char *tag, bool entry)
{
	size_t n = (size_t)font[4] << 8 | font[5];

	for (size_t i = 0; i < n; i++) {
		const unsigned char *e = font + 12 + i * 16;

		if (memcmp(e, tag, 4) == 0)
			return entry ? (size_t)(e - font) : (size_t)e[8] << 24 | (size_t)e[9] << 16 | (size_t)e[10] << 8 | e[11];
	}
	return 0;
}

static void put(const char *tag, size_t at, unsigned v)
{
	size_t o = find_table(tag, false) + at;

	changed[o] = (unsigned char)(v >> 8);
	changed[o + 1] = (unsigned char)v;
}

static void rename_table(const char *tag)
{
	memcpy(changed + find_table(tag, true), "XXXX", 4);
}

static void set_cff(void) { memcpy(changed, "OTTO", 4); }
static void set_collection(void) { memcpy(changed, "ttcf", 4); }
static void set_no_magic(void) { memcpy(changed, "%PDF", 4); }
static void set_small_em(void) { put("head", 18, 15); }
static void set_large_em(void) { put("head", 18, 16385); }
static void set_no_glyphs(void) { put("maxp", 4, 0); }
static void set_more_glyphs(void) { put("maxp", 4, 65535); }
static void set_restricted(void) { put("OS/2", 8, 2); }
static void set_no_subset(void) { put("OS/2", 8, 0x100); }
static void set_bitmaps_only(void) { put("OS/2", 8, 0x200); }
static void set_no_glyf(void) { rename_table("glyf"); }
static void set_no_loca(void) { rename_table("loca"); }
static void set_no_cmap(void) { rename_table("cmap"); }
static void set_no_head(void) { rename_table("head"); }
static void set_no_metrics(void) { put("hhea", 34, 0); }
static void set_many_metrics(void) { put("hhea", 34, 65535); }
static void set_cmap_away(void) { memset(changed + find_table("cmap", false) + 4, 0xFF, 24); }
static void set_table_away(void) { memset(changed + find_table("glyf", true) + 8, 0x7F, 4); }
static void set_table_count(void) { changed[4] = changed[5] = 0xFF; }

static void test_refused(void)
{
	static const struct { void (*change)(void); const char *what; } cases[] = {
		{ set_cff, "PostScript outlines" }, { set_collection, "a collection" }, { set_no_magic, "another file" },
		{ set_small_em, "15 units per em" }, { set_large_em, "16385 units per em" }, { set_no_glyphs, "no glyphs" },
		{ set_more_glyphs, "more glyphs than outlines" }, { set_restricted, "a restricted licence" },
		{ set_no_subset, "subsetting forbidden" }, { set_bitmaps_only, "bitmap embedding only" },
		{ set_no_glyf, "no glyf table" }, { set_no_loca, "no loca table" }, { set_no_cmap, "no cmap table" },
		{ set_no_head, "no head table" }, { set_no_metrics, "no widths" }, { set_many_metrics, "more widths than glyphs" },
		{ set_cmap_away, "character maps outside the table" }, { set_table_away, "a table outside the file" },
		{ set_table_count, "an absurd number of tables" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		dbi_fontset *set;
		char name[96];
		int rc;

		memcpy(changed, font, font_len);
		cases[i].change();
		write_font(changed, font_len);
		rc = open_font(&set, &err);
		snprintf(name, sizeof name, "a font is refused: %s", cases[i].what);
		OK(rc == DBRIEF_FATAL && err.cause == DBRIEF_CAUSE_FONT && !set && strstr(err.where, font_file), name);
	}
}

/* Shapes with a damaged font: it must be refused or give glyphs, never crash. */
static bool try_font(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const struct dbi_run *const *runs;
	dbi_shaper *sh = NULL;
	dbi_fontset *set;
	size_t n;
	bool good = true;

	if (open_font(&set, &err))
		return err.status == DBRIEF_FATAL || err.status == DBRIEF_FAILED;
	if (dbi_shaper_new(&sh, set, &err) == DBRIEF_OK) {
		dbi_shape(sh, 0, "\xD7\xA9\xD7\x81\xD6\xB8\xD7\x9C", 8, true, "he", &runs, &n, &err);
		for (size_t i = 0; i < n; i++)
			for (uint32_t g = 0; g < runs[i]->n; g++)
				good = good && runs[i]->glyphs[g].id > 0 && runs[i]->glyphs[g].id < dbi_fontset_info(set, 0)->n_glyphs;
	}
	dbi_shaper_free(sh);
	dbi_fontset_free(set);
	return good;
}

static void test_damaged(void)
{
	static const char *const tags[] = { "head", "maxp", "hhea", "hmtx", "cmap", "OS/2", "name", "post", "GSUB", "GPOS", "GDEF" };
	uint32_t seed = 1;
	int wrong = 0;

	for (int round = 0; round < 300; round++) {
		size_t at;

		memcpy(changed, font, font_len);
		for (int k = 0; k < 1 + round % 4; k++) {
			const char *tag = tags[(seed >> 8) % 11];

			seed = seed * 1664525u + 1013904223u;
			at = round % 3 == 0 ? (seed >> 8) % 400 : find_table(tag, false) + (seed >> 8) % 60;
			if (at < font_len)
				changed[at] = (unsigned char)(seed >> 24);
		}
		write_font(changed, font_len);
		wrong += !try_font();
	}
	EQ(wrong, 0, "a damaged font is refused or gives glyphs it has");
	for (size_t len = 0; len < font_len; len += 1 + font_len / 60) {
		write_font(font, len);
		wrong += !try_font();
	}
	EQ(wrong, 0, "as is one that is cut short");
}

static void test_names(void)
{
	struct dbi_family_spec spec = { "Arimo But Not Quite", { NULL, NULL, NULL, NULL } };
	struct dbi_family_spec missing = { "Test", { "no/such/file.ttf", NULL, NULL, NULL } };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_fontset *set;

	EQ(dbi_fontset_new(&set, &spec, 1, NULL, 0, &err), DBRIEF_FATAL, "a family that is not installed is refused");
	OK(err.cause == DBRIEF_CAUSE_FONT && strstr(err.text, spec.name), "by its name, without a substitute");
	dbrief_error_clear(&err);
	EQ(dbi_fontset_new(&set, &missing, 1, NULL, 0, &err), DBRIEF_FATAL, "a missing file is refused");
	OK(err.cause == DBRIEF_CAUSE_FONT && strstr(err.where, "no/such/file.ttf"), "by its path");
}

static void test_default(const dbi_fontset *set)
{
	const struct dbi_face_info *info = dbi_fontset_info(set, 0);
	unsigned fallbacks[8];
	unsigned char hash[32], again[32];
	size_t n;

	OK(dbi_fontset_count(set) >= 1, "the built-in choice finds fonts");
	OK(dbi_fontset_is_open(set, 0) && info->bytes && info->advances && info->hb_face, "the default face is open at once");
	OK(info->ascent > 0 && info->descent < 0 && info->cap_height > 0 && info->x_height > 0, "with its metrics");
	OK(info->ps_name[0] && info->weight == 400 && !info->italic, "and its name and style");
	OK(dbi_fontset_glyph(set, 0, 'A') && !dbi_fontset_glyph(set, 0, 0x10FFFF), "it has an A and not everything");
	EQ(dbi_fontset_family(set, "no such family"), -1, "an unknown family is -1");
	OK(dbi_fontset_info(set, dbi_fontset_face(set, 0, DBI_FONT_BOLD))->weight >= 600, "its bold face is bold");
	EQ(dbi_fontset_face(set, -1, DBI_FONT_REGULAR), 0, "an unknown family draws with the default");
	n = dbi_fontset_fallbacks(set, 0, fallbacks, 8);
	for (size_t i = 0; i < n; i++)
		if (dbi_fontset_is_open(set, fallbacks[i]))
			n = 0;
	OK(n > 0 || dbi_fontset_count(set) <= 4, "fallback faces stay closed until they are needed");
	dbi_fontset_sha256(set, 0, hash);
	dbi_fontset_sha256(set, 0, again);
	OK(memcmp(hash, again, 32) == 0 && (hash[0] | hash[1] | hash[2]), "its SHA-256 can be had");
}

struct opener {
	const dbi_fontset *set;
	unsigned face;
	void *seen;
};

static void *open_in_thread(void *p)
{
	struct opener *o = p;

	if (dbi_fontset_open(o->set, o->face, NULL) == DBRIEF_OK)
		o->seen = dbi_fontset_info(o->set, o->face)->hb_face;
	return NULL;
}

static void test_lazy_open(const dbi_fontset *set)
{
	struct opener o[4];
	pthread_t threads[4];
	unsigned face;

	if (dbi_fontset_fallbacks(set, 0, &face, 1) == 0) {
		tap_skip("threads open a face together", "no fallback font is installed");
		return;
	}
	for (int i = 0; i < 4; i++) {
		o[i] = (struct opener){ set, face, NULL };
		pthread_create(&threads[i], NULL, open_in_thread, &o[i]);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	OK(o[0].seen && o[0].seen == o[1].seen && o[1].seen == o[2].seen && o[2].seen == o[3].seen, "threads open a face once");
}

/* A file that changes between start and first use must not be drawn with. */
static void test_changed_file(const char *default_path)
{
	struct dbi_family_spec family = { "Main", { default_path, NULL, NULL, NULL } };
	struct dbi_family_spec fallback = { "Test", { font_file, NULL, NULL, NULL } };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_fontset *set;

	write_font(font, font_len);
	if (!OK(dbi_fontset_new(&set, &family, 1, &fallback, 1, &err) == DBRIEF_OK, "families may be given by file"))
		return;
	EQ(dbi_fontset_family(set, "mAIN"), 0, "names are found in any case");
	EQ(dbi_fontset_count(set), 2, "and nothing else is added");
	EQ(dbi_fontset_face(set, 1, DBI_FONT_BOLD_ITALIC), 1, "a missing style is drawn in the nearest one");
	memcpy(changed, font, font_len);
	changed[find_table("cmap", false) + 40] ^= 0xFF;
	write_font(changed, font_len);
	EQ(dbi_fontset_open(set, 1, &err), DBRIEF_FAILED, "a font file that changed since the start is not used");
	EQ(err.cause, DBRIEF_CAUSE_FONT, "as a fault of the font");
	write_font(font, font_len);
	EQ(dbi_fontset_open(set, 1, NULL), DBRIEF_OK, "and is once it is back");
	dbi_fontset_free(set);
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_fontset *set;
	const char *path = NULL;
	char default_path[512];

	test_names();
	if (dbi_fontset_new(&set, NULL, 0, NULL, 0, &err)) {
		tap_skip("fonts", err.text);
		return tap_done();
	}
	test_default(set);
	test_lazy_open(set);
	snprintf(default_path, sizeof default_path, "%s", dbi_fontset_info(set, 0)->path);
	if (dbi_fontset_family(set, "Noto Sans Hebrew") >= 0)
		path = dbi_fontset_info(set, dbi_fontset_face(set, dbi_fontset_family(set, "Noto Sans Hebrew"), DBI_FONT_REGULAR))->path;
	if (path && load_font(path)) {
		test_refused();
		test_damaged();
		test_changed_file(default_path);
	} else {
		tap_skip("damaged fonts", "Noto Sans Hebrew is not installed");
	}
	dbi_fontset_free(set);
	unlink(font_file);
	free(font);
	free(changed);
	return tap_done();
}
