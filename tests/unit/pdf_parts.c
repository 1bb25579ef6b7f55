/* SPDX-License-Identifier: MIT */
/* Numbers, strings, glyphs and their text, list labels, very long letters. With a folder as argument it leaves big.pdf there; with a text file and a name it writes the lines as PDF. */
#define _GNU_SOURCE /* memmem */
#include "pdf_sample.h"
#include "tap.h"
#include "pdf/font.h"
#include "pdf/strings.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void test_numbers(void)
{
	static const struct { int32_t v; const char *text; } table[] = {
		{ 0, "0" }, { 1, ".01" }, { -1, "-.01" }, { 10, ".1" }, { 99, ".99" }, { 100, "1" }, { -150, "-1.5" },
		{ 84189, "841.89" }, { -2147483647, "-21474836.47" }, { 1205, "12.05" }, { 1250, "12.5" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[DBI_NUMBER_ROOM];
		*dbi_put_centi(text, table[i].v) = '\0';
		IS(text, table[i].text, "hundredths");
	}
	EQ(dbi_centi(4), 0, "rounds down");
	EQ(dbi_centi(5), 1, "half away from zero");
	EQ(dbi_centi(-5), -1, "below zero likewise");
	EQ(dbi_centi(-4), 0, "and near it");
}

static void test_strings(void)
{
	static const struct { const char *in, *out; } table[] = {
		{ "", "()" }, { "plain", "(plain)" }, { "a(b)c\\d", "(a\\(b\\)c\\\\d)" }, { "\xC3\xA4", "<FEFF00E4>" },
		{ "line\nend", "<FEFF006C0069006E00650065006E0064>" }, { "\xF0\x9F\x98\x80", "<FEFFD83DDE00>" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct dbi_buf b = DBI_BUF_INIT;
		dbi_buf_add_text_string(&b, table[i].in, strlen(table[i].in));
		if (i == 4)
			OK(b.data[0] == '<', "a line break is not written raw");
		else
			IS(b.data, table[i].out, "text string");
		dbi_buf_dispose(&b);
	}
}

/* Content of the first page, unpacked. */
static void read_page(const struct dbi_buf *pdf, struct dbi_buf *text)
{
	const char *s = pdf->data;
	size_t left = pdf->len;
	while ((s = memmem(s, left, "<</Filter/FlateDecode/Length ", 29)) != NULL) {
		static unsigned char room[1 << 16];
		uLongf n = sizeof(room);
		size_t bytes = strtoul(s + 29, NULL, 10);
		s = strstr(s, "stream\n") + 7;
		if (uncompress(room, &n, (const Bytef *)s, bytes) == Z_OK && memmem(room, n, "BT\n", 3))
			dbi_buf_add(text, room, n);
		left = pdf->len - (size_t)(s - pdf->data);
	}
}

/* Draws glyphs that claim to stand for a text, each a line of its own. */
static void write_runs(struct sample *s, const struct dbi_run *runs, size_t n, struct dbi_buf *text)
{
	struct dbi_buf pdf = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	sample_meta(&meta, NULL);
	sample_begin(s);
	dbi_elem p = sample_element(s, DBI_ROLE_P, 0);
	for (size_t i = 0; i < n; i++)
		sample_run(s, p, DBI_PT(70), DBI_PT(70) + (dbi_len)i * DBI_PT(12), &runs[i], false);
	EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err), DBRIEF_OK, "runs made by hand");
	sample_end(s);
	read_page(&pdf, text);
	dbi_buf_dispose(&pdf);
}

static bool holds(const struct dbi_buf *text, const char *what)
{
	return text->len && memmem(text->data, text->len, what, strlen(what)) != NULL;
}

static void test_glyph_text(struct sample *s)
{
	uint16_t a = (uint16_t)dbi_fontset_glyph(s->set, s->regular, 'A'), space = (uint16_t)dbi_fontset_glyph(s->set, s->regular, ' ');
	const struct dbi_glyph own = { a, 1, 0, 1366, 0, 0 }, raised = { a, 1, 0, 1366, 0, 500 };
	const struct dbi_glyph pair[2] = { { a, 1, 0, 1366, 0, 0 }, { a, 0, 0, 1366, 0, 0 } };
	const struct dbi_glyph nbsp = { space, 2, 0, 569, 0, 0 };
	const struct dbi_run runs[] = {
		{ .face = (uint16_t)s->regular, .n = 1, .glyphs = &own, .text = "A", .text_len = 1, .advance = 1366 },
		{ .face = (uint16_t)s->regular, .n = 1, .glyphs = &own, .text = "B", .text_len = 1, .advance = 1366 },
		{ .face = (uint16_t)s->regular, .n = 2, .glyphs = pair, .text = "C", .text_len = 1, .advance = 2732 },
		{ .face = (uint16_t)s->regular, .n = 1, .glyphs = &nbsp, .text = "\xC2\xA0", .text_len = 2, .advance = 569 },
		{ .face = (uint16_t)s->regular, .n = 1, .glyphs = &raised, .text = "A", .text_len = 1, .advance = 1366 },
	};
	struct dbi_buf text = DBI_BUF_INIT;
	write_runs(s, runs, sizeof(runs) / sizeof(runs[0]), &text);
	OK(holds(&text, "/Span<</ActualText<FEFF0042>>>BDC"), "a glyph used for another text says so");
	OK(holds(&text, "/Span<</ActualText<FEFF0043>>>BDC"), "two glyphs for one character say so");
	OK(!holds(&text, "FEFF0041") && !holds(&text, "FEFF00A0"), "others need no word");
	OK(holds(&text, "2.44 Ts[("), "a raised glyph is raised");
	dbi_buf_dispose(&text);
}

/* Whatever the code of the font's space is: here that of an opening parenthesis. */
static void test_line_end(struct sample *s)
{
	struct dbi_pdf_face *face = (struct dbi_pdf_face *)(uintptr_t)dbi_pdf_face(s->fonts, s->regular, &s->err);
	struct dbi_buf pdf = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	uint16_t space = face->space;
	face->space = '(';
	sample_meta(&meta, NULL);
	sample_begin(s);
	sample_text(s, sample_element(s, DBI_ROLE_P, 0), DBI_PT(70), DBI_PT(70), "Ende", true);
	EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err), DBRIEF_OK, "a line");
	sample_end(s);
	face->space = space;
	read_page(&pdf, &text);
	OK(holds(&text, "\\()]TJ"), "ends with a space, escaped where its code has to be");
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&text);
}

static void test_labels(struct sample *s)
{
	static const struct { const char *label, *numbering; } table[] = {
		{ "1.", "Decimal" }, { "(12)", "Decimal" }, { "a)", "LowerAlpha" }, { "B.", "UpperAlpha" }, { "\xE2\x80\xA2", "Disc" },
		{ "-", "Disc" }, { "Herkunft", "None" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct dbi_buf pdf = DBI_BUF_INIT;
		struct dbi_pdf_meta meta;
		char want[64];
		sample_meta(&meta, NULL);
		sample_begin(s);
		dbi_elem li = sample_element(s, DBI_ROLE_LI, sample_element(s, DBI_ROLE_L, 0));
		sample_text(s, sample_element(s, DBI_ROLE_LBL, li), DBI_PT(70), DBI_PT(70), table[i].label, true);
		EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err), DBRIEF_OK, table[i].label);
		snprintf(want, sizeof(want), "/ListNumbering/%s>>", table[i].numbering);
		bool found = false;
		for (const char *at = pdf.data; (at = memmem(at, pdf.len - (size_t)(at - pdf.data), "/Type/ObjStm", 12)) != NULL; at++) {
			static unsigned char room[1 << 18];
			uLongf n = sizeof(room);
			const char *len = strstr(at, "/Length ");
			const char *data = strstr(at, ">>stream\n") + 9;
			if (uncompress(room, &n, (const Bytef *)data, strtoul(len + 8, NULL, 10)) == Z_OK)
				found = found || memmem(room, n, want, strlen(want));
		}
		OK(found, table[i].numbering);
		sample_end(s);
		dbi_buf_dispose(&pdf);
	}
}

/* More objects than one object stream holds, more pages than a byte counts. */
static void test_big(struct sample *s, const char *folder)
{
	struct dbi_buf pdf = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	char text[40];
	sample_meta(&meta, NULL);
	sample_begin(s);
	for (int page = 0; page < 400; page++) {
		if (page && !dbi_display_add_page(&s->d, DBI_A4_WIDTH, DBI_A4_HEIGHT))
			s->failed = true;
		for (int i = 0; i < 30; i++) {
			snprintf(text, sizeof(text), "Seite %d Absatz %d", page + 1, i + 1);
			sample_text(s, sample_element(s, DBI_ROLE_P, 0), DBI_PT(70), DBI_PT(70) + i * DBI_PT(14), text, true);
		}
	}
	EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err), DBRIEF_OK, "400 pages, 12000 elements");
	sample_end(s);
	int streams = 0;
	for (const char *at = pdf.data; (at = memmem(at, pdf.len - (size_t)(at - pdf.data), "/Type/ObjStm", 12)) != NULL; at++)
		streams++;
	EQ(streams, 4, "in four object streams");
	printf("# %zu bytes\n", pdf.len);
	if (folder) {
		char path[300];
		snprintf(path, sizeof(path), "%s/big.pdf", folder);
		FILE *f = fopen(path, "wb");
		if (!f || fwrite(pdf.data, 1, pdf.len, f) != pdf.len)
			perror(path);
		if (f)
			fclose(f);
	}
	dbi_buf_dispose(&pdf);
}

/* Each line of a file as a line of its own, for tests of extraction. */
static int write_lines(struct sample *s, const char *from, const char *to)
{
	struct dbi_buf pdf = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	char line[512];
	dbi_len y = DBI_PT(60);
	FILE *in = fopen(from, "r"), *out = fopen(to, "wb");
	sample_meta(&meta, NULL);
	sample_begin(s);
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if ((y += DBI_PT(13)) > DBI_PT(780) && dbi_display_add_page(&s->d, DBI_A4_WIDTH, DBI_A4_HEIGHT))
			y = DBI_PT(60);
		sample_text(s, sample_element(s, DBI_ROLE_P, 0), DBI_PT(70), y, line, true);
		if (s->failed)
			fprintf(stderr, "%.4s: %s\n", line, s->err.text);
	}
	int status = dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err);
	if (status != DBRIEF_OK)
		fprintf(stderr, "%s: %s\n", s->err.where, s->err.text);
	if (out)
		fwrite(pdf.data, 1, pdf.len, out);
	sample_end(s);
	dbi_buf_dispose(&pdf);
	return !in || !out || fclose(in) || fclose(out) || s->failed || status != DBRIEF_OK;
}

int main(int argc, char **argv)
{
	struct sample s;
	if (argc == 3) {
		int failed = !sample_open(&s) || write_lines(&s, argv[1], argv[2]);
		sample_close(&s);
		return failed;
	}
	test_numbers();
	test_strings();
	if (!OK(sample_open(&s), "fonts, shaper and writer")) {
		printf("# %s: %s\n", s.err.where, s.err.text);
		return tap_done();
	}
	test_glyph_text(&s);
	test_line_end(&s);
	test_labels(&s);
	test_big(&s, argc > 1 ? argv[1] : NULL);
	sample_close(&s);
	return tap_done();
}
