/* SPDX-License-Identifier: MIT */
/* Real names and the characters of DIN 91379, from data that is not part of this package. */
#include "tap.h"

#include <stdlib.h>

#include "text/shape.h"
#include "text/uchar.h"
#include "util/utf8.h"

static dbi_fontset *fonts;
static dbi_shaper *shaper;

static FILE *open_data(const char *name)
{
	const char *data = getenv("DATENBRIEF_DATA"), *src = getenv("srcdir");
	char path[1024];

	snprintf(path, sizeof path, "%s%s/%s", data ? data : src ? src : ".", data ? "" : "/../shared/data", name);
	return fopen(path, "r");
}

/* "004D 0302" to UTF-8. */
static size_t read_code_points(const char *s, char *out)
{
	size_t n = 0;
	char *end;

	for (;;) {
		unsigned long c = strtoul(s, &end, 16);

		if (end == s)
			return n;
		n += dbi_utf8_put(out + n, (uint32_t)c);
		s = end + (*end == '+' || *end == ',');
	}
}

/* A mark that is a glyph of its own has a place of its own. */
static bool marks_placed(const struct dbi_run *run)
{
	for (uint32_t i = 1; i < run->n; i++)
		if (run->glyphs[i].text_len == 0 && run->glyphs[i].advance == 0 && run->glyphs[i].dx == 0 && run->glyphs[i].dy == 0)
			return false;
	return true;
}

static int from_default_font, placed, drawn, entries;

static void check_entry(const char *text, size_t len, const char *hex)
{
	const struct dbi_run *const *runs;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	size_t n;
	int rc = dbi_shape(shaper, 0, text, len, false, "de", &runs, &n, &err);

	entries++;
	if (rc) {
		printf("# %s: %s\n", hex, err.text);
		return;
	}
	drawn++;
	if (n == 1 && runs[0]->face == 0)
		from_default_font++;
	else
		printf("# %s: drawn by %s\n", hex, n ? dbi_fontset_info(fonts, runs[0]->face)->ps_name : "nobody");
	if (n == 1 && marks_placed(runs[0]))
		placed++;
	else
		printf("# %s: a mark has no place of its own\n", hex);
}

static void test_din_91379(void)
{
	FILE *f = open_data("din91379/latin_list_1.3.txt");
	char line[512];

	if (!f) {
		tap_skip("DIN 91379 is drawn whole", "the list is not there (DATENBRIEF_DATA)");
		return;
	}
	while (fgets(line, sizeof line, f)) {
		char *field = strchr(line, ';'), text[64];
		size_t len;

		if (!field || !(field = strchr(field + 1, ';')))
			continue;
		field++;
		field[strcspn(field, ";")] = '\0';
		if ((len = read_code_points(field, text)) && text[0] != '\n' && text[0] != '\r')
			check_entry(text, len, field);
	}
	fclose(f);
	printf("# %d entries, %d in the default font\n", entries, from_default_font);
	OK(entries >= 900, "the list is complete");
	EQ(drawn, entries, "every entry of DIN 91379 is drawn");
	EQ(placed, entries, "every mark of DIN 91379 has its place");
	OK(from_default_font * 10 >= entries * 9, "nine of ten entries come from the default font");
}

static void test_names(void)
{
	FILE *f = open_data("names/cldr_sample_names.tsv");
	int shaped = 0, held = 0, wrong = 0;
	char line[2048];

	if (!f) {
		tap_skip("names of all languages", "the sample is not there (DATENBRIEF_DATA)");
		return;
	}
	while (fgets(line, sizeof line, f)) {
		for (char *cell = strtok(line, "\t\r\n"); cell; cell = strtok(NULL, "\t\r\n")) {
			struct dbrief_error err = DBRIEF_ERROR_INIT;
			const struct dbi_run *const *runs;
			size_t n;
			int rc = dbi_shape(shaper, 0, cell, strlen(cell), false, NULL, &runs, &n, &err);

			if (rc == DBRIEF_OK)
				shaped++;
			else if (rc == DBRIEF_FAILED && err.cause == DBRIEF_CAUSE_GLYPH && strstr(err.text, "U+"))
				held++;
			else
				wrong++;
		}
	}
	fclose(f);
	printf("# %d shaped, %d held\n", shaped, held);
	OK(shaped > 1000, "most names are drawn");
	EQ(wrong, 0, "every other one is held with its code point");
}

static void test_naughty(void)
{
	FILE *f = open_data("names/blns.txt");
	int wrong = 0, n_lines = 0;
	char line[8192];

	if (!f) {
		tap_skip("naughty strings", "the list is not there (DATENBRIEF_DATA)");
		return;
	}
	while (fgets(line, sizeof line, f)) {
		size_t len = strcspn(line, "\n"), n;
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		const struct dbi_run *const *runs;
		int rc;

		if (dbi_utf8_check(line, len) != len)
			continue;
		for (int rtl = 0; rtl < 2; rtl++) {
			rc = dbi_shape(shaper, 0, line, len, rtl, "de", &runs, &n, &err);
			if (rc != DBRIEF_OK && (rc != DBRIEF_FAILED || err.cause != DBRIEF_CAUSE_GLYPH))
				wrong++;
		}
		n_lines++;
	}
	fclose(f);
	OK(n_lines > 300, "the list is complete");
	EQ(wrong, 0, "naughty strings are drawn or held with a code point");
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (dbi_fontset_new(&fonts, NULL, 0, NULL, 0, &err) || dbi_fontset_family(fonts, "Arimo") != 0) {
		tap_skip("names", "Arimo is not installed");
		dbi_fontset_free(fonts);
		return tap_done();
	}
	EQ(dbi_shaper_new(&shaper, fonts, &err), DBRIEF_OK, "a shaper starts");
	test_din_91379();
	test_names();
	test_naughty();
	dbi_shaper_free(shaper);
	dbi_fontset_free(fonts);
	return tap_done();
}
