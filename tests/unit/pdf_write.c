/* SPDX-License-Identifier: MIT */
/*
 * The PDF writer on display lists built by hand. With a folder as argument it
 * only leaves the sample files there, for judges such as veraPDF.
 */
#define _GNU_SOURCE /* memmem */
#include "pdf_sample.h"
#include "tap.h"
#include "pdf/image.h"
#include "util/hash.h"
#include "util/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <png.h>
#include <zlib.h>

static char folder[256];

static dbi_elem add(struct sample *s, enum dbi_role role, dbi_elem parent)
{
	return sample_element(s, role, parent);
}

/* A logo of 3 x 2 pixels, in colour or not. */
static struct dbi_image *make_logo(bool color)
{
	static const unsigned char colored[18] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 128, 128, 128 };
	static const unsigned char gray[18] = { 0, 0, 0, 128, 128, 128, 255, 255, 255, 0, 0, 0, 64, 64, 64, 32, 32, 32 };
	png_image image = { .version = PNG_IMAGE_VERSION, .width = 3, .height = 2, .format = PNG_FORMAT_RGB };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_image *out = NULL;
	char path[300];
	snprintf(path, sizeof(path), "%s/logo-%d.png", folder, color);
	if (!png_image_write_to_file(&image, path, 0, color ? colored : gray, 0, NULL))
		return NULL;
	if (dbi_image_load(&out, path, &err) != DBRIEF_OK)
		printf("# %s: %s\n", err.where, err.text);
	unlink(path);
	return out;
}

static void put_image(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, const struct dbi_image *image)
{
	struct dbi_op *op = sample_op(s, DBI_OP_IMAGE, elem, x, y);
	op->u.image.w = DBI_PT(60);
	op->u.image.h = DBI_PT(40);
	op->u.image.image = image;
}

static void put_rect(struct sample *s, dbi_elem elem, dbi_len x, dbi_len y, dbi_len w, dbi_len h, dbi_color color)
{
	struct dbi_op *op = sample_op(s, DBI_OP_RECT, elem, x, y);
	op->u.rect.w = w;
	op->u.rect.h = h;
	op->color = color;
}

static const unsigned char qr_bits[] = { 0xFE, 0x82, 0xBA, 0xBA, 0xBA, 0x82, 0xFE };

static void figures(struct sample *s, const struct dbi_image *logo)
{
	dbi_elem f = add(s, DBI_ROLE_FIGURE, 0);
	s->d.elements[f].alt = "Logo der Muster Versand GmbH";
	put_image(s, f, DBI_PT(470), DBI_PT(40), logo);
	f = add(s, DBI_ROLE_FIGURE, 0);
	s->d.elements[f].alt = "QR-Code: https://www.example.org/größe";
	struct dbi_op *op = sample_op(s, DBI_OP_CELLS, f, DBI_PT(70), DBI_PT(40));
	op->u.cells.cell = 2500;
	op->u.cells.columns = op->u.cells.rows = 7;
	op->u.cells.bits = qr_bits;
	f = add(s, DBI_ROLE_FIGURE, 0);
	s->d.elements[f].alt = "Balken: 30, 50";
	put_rect(s, f, DBI_PT(200), DBI_PT(40), DBI_PT(30), DBI_PT(8), 0x808080);
	sample_text(s, f, DBI_PT(235), DBI_PT(47), "30", true);
	put_rect(s, f, DBI_PT(200), DBI_PT(50), DBI_PT(50), DBI_PT(8), 0x808080);
	sample_text(s, f, DBI_PT(255), DBI_PT(57), "50", true);
}

static void put_cell(struct sample *s, dbi_elem row, enum dbi_role role, int column, dbi_len y, const char *text,
    unsigned colspan, unsigned rowspan)
{
	dbi_elem c = add(s, role, row);
	s->d.elements[c].colspan = (uint16_t)colspan;
	s->d.elements[c].rowspan = (uint16_t)rowspan;
	if (role == DBI_ROLE_TH)
		s->d.elements[c].scope = column == 0 ? 2 : 1;
	sample_text(s, c, DBI_PT(70) + column * DBI_PT(120), y, text, *text != '\0');
}

static void small_table(struct sample *s, dbi_len y)
{
	dbi_elem t = add(s, DBI_ROLE_TABLE, 0);
	sample_text(s, add(s, DBI_ROLE_CAPTION, t), DBI_PT(70), y, "Anschriften", true);
	dbi_elem row = add(s, DBI_ROLE_TR, add(s, DBI_ROLE_THEAD, t));
	put_rect(s, DBI_ELEM_ARTIFACT, DBI_PT(66), y + 5000, DBI_PT(370), DBI_PT(14), 0xEEEEEE);
	put_cell(s, row, DBI_ROLE_TH, 0, y += 15000, "Art", 1, 1);
	put_cell(s, row, DBI_ROLE_TH, 1, y, "Straße und Ort", 2, 1);
	dbi_elem body = add(s, DBI_ROLE_TBODY, t);
	row = add(s, DBI_ROLE_TR, body);
	put_cell(s, row, DBI_ROLE_TH, 0, y += 15000, "Lieferung", 1, 2);
	put_cell(s, row, DBI_ROLE_TD, 1, y, "Musterweg 1", 1, 1);
	put_cell(s, row, DBI_ROLE_TD, 2, y, "", 1, 1);
	row = add(s, DBI_ROLE_TR, body);
	put_cell(s, row, DBI_ROLE_TD, 1, y += 15000, "", 1, 1);
	put_cell(s, row, DBI_ROLE_TD, 2, y, "34117 Kassel", 1, 1);
	sample_rule(s, DBI_ELEM_ARTIFACT, DBI_PT(66), y + 4000, DBI_PT(436), y + 4000);
}

static void list(struct sample *s, dbi_len y, const char *const labels[2])
{
	dbi_elem l = add(s, DBI_ROLE_L, 0);
	for (int i = 0; i < 2; i++) {
		dbi_elem li = add(s, DBI_ROLE_LI, l);
		sample_text(s, add(s, DBI_ROLE_LBL, li), DBI_PT(70), y, labels[i], true);
		sample_text(s, add(s, DBI_ROLE_P, add(s, DBI_ROLE_LBODY, li)), DBI_PT(85), y, i ? "zweitens" : "erstens", true);
		y += 13000;
	}
}

static void linked_paragraph(struct sample *s, dbi_len y)
{
	dbi_elem p = add(s, DBI_ROLE_P, 0);
	dbi_len x = sample_text(s, p, DBI_PT(70), y, "Schreiben Sie an ", false);
	dbi_elem a = add(s, DBI_ROLE_LINK, p);
	s->d.elements[a].alt = "E-Mail an den Datenschutz";
	dbi_len x2 = sample_text(s, a, x, y, "datenschutz@example.org", false);
	sample_text(s, p, x2, y, " oder rufen Sie an.", true);
	struct dbi_link *link = dbi_page_add_link(&s->d, s->d.n_pages - 1, a);
	if (link)
		*link = (struct dbi_link){ x, y - 9000, x2 - x, 12000, "mailto:datenschutz@example.org", a };
}

static void hyphenated(struct sample *s, dbi_len y)
{
	dbi_elem p = add(s, DBI_ROLE_P, 0);
	dbi_len x = sample_text(s, p, DBI_PT(70), y, "Die Daten", false);
	x = sample_text(s, p, x, y, " schutz", false);
	sample_text(s, p, x, y, "-", true);
	struct dbi_page *page = &s->d.pages[s->d.n_pages - 1];
	page->ops[page->n_ops - 1].hyphen = 1;
	sample_text(s, p, DBI_PT(70), y + 13000, "erklärung liegt bei.", true);
}

static void over_two_pages(struct sample *s)
{
	dbi_elem p = add(s, DBI_ROLE_P, 0);
	sample_text(s, p, DBI_PT(70), DBI_PT(750), "Dieser Absatz beginnt auf der ersten Seite", true);
	sample_text(s, DBI_ELEM_ARTIFACT_PAGINATION, DBI_PT(70), DBI_PT(802), "Seite 1 von 2", true);
	if (!dbi_display_add_page(&s->d, DBI_A4_WIDTH, DBI_A4_HEIGHT))
		s->failed = true;
	sample_text(s, p, DBI_PT(70), DBI_PT(80), "und endet auf der zweiten.", true);
	sample_text(s, DBI_ELEM_ARTIFACT_PAGINATION, DBI_PT(70), DBI_PT(802), "Seite 2 von 2", true);
}

#define NAMES "M\xCC\x8C L\xCC\xA5 C\xCC\xA8\xCC\x86 R\xCC\xA5\xCC\x84 \xE1\xB8\xB7\xCC\xA5 \xC5\x81ukasz \xC5\x9E\xC4\xB1\xC5\x9F\xC3\xA7\xC4\xB1"
#define HEBREW "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"
#define ARABIC "\xD9\x85\xD9\x83\xD8\xAA\xD9\x88\xD8\xA8"

/* Everything a letter can hold, on two pages. */
static void build_everything(struct sample *s, const struct dbi_image *logo, dbi_color color)
{
	static const char *const numbers[2] = { "1.", "2." }, *const bullets[2] = { "\xE2\x80\xA2", "\xE2\x80\xA2" };
	sample_begin(s);
	figures(s, logo);
	s->face = s->bold;
	s->size = DBI_PT(14);
	s->color = color;
	sample_text(s, add(s, DBI_ROLE_H1, 0), DBI_PT(70), DBI_PT(120), "Überschrift (mit Klammern \\)", true);
	s->color = 0;
	s->face = s->regular;
	s->size = DBI_PT(10);
	dbi_elem p = add(s, DBI_ROLE_P, 0);
	sample_lines(s, p, DBI_PT(70), DBI_PT(150), DBI_PT(200),
	    "Auflage finden Affinität Kraftfahrt: das ist ein langer Satz, der mehrere Zeilen füllt und sich gut lesen lässt.");
	linked_paragraph(s, DBI_PT(220));
	p = add(s, DBI_ROLE_P, 0);
	s->d.elements[p].lang = "pl";
	sample_text(s, p, DBI_PT(70), DBI_PT(240), NAMES, true);
	s->rtl = true;
	sample_text(s, add(s, DBI_ROLE_P, 0), DBI_PT(70), DBI_PT(260), HEBREW, true);
	sample_text(s, add(s, DBI_ROLE_P, 0), DBI_PT(170), DBI_PT(260), ARABIC, true);
	s->rtl = false;
	list(s, DBI_PT(290), numbers);
	list(s, DBI_PT(320), bullets);
	small_table(s, DBI_PT(360));
	hyphenated(s, DBI_PT(440));
	over_two_pages(s);
}

static int write_letter(struct sample *s, const struct dbi_pdf_meta *meta, struct dbi_buf *pdf)
{
	memset(&s->err, 0, sizeof(s->err));
	int status = dbi_pdf_write(s->writer, s->shaper, &s->d, meta, pdf, &s->err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", s->err.where, s->err.text);
	return status;
}

static void save_file(const char *name, const struct dbi_buf *pdf)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(pdf->data, 1, pdf->len, f) != pdf->len)
		perror(path);
	if (f)
		fclose(f);
}

static bool holds(const struct dbi_buf *text, const char *what)
{
	return text->len && memmem(text->data, text->len, what, strlen(what)) != NULL;
}

static void has(const struct dbi_buf *text, const char *what, const char *name)
{
	if (!OK(holds(text, what), name))
		printf("# nowhere: %s\n", what);
}

static void test_structure(const struct dbi_buf *text)
{
	has(text, "/Marked true", "the document says it is tagged");
	has(text, "/DisplayDocTitle true", "viewers show the title");
	has(text, "/A<</O/Table/Scope/Column/ColSpan 2>>", "a column head over two columns");
	has(text, "/A<</O/Table/Scope/Row/RowSpan 2>>", "a row head over two rows");
	has(text, "/ListNumbering/Decimal", "a numbered list is called one");
	has(text, "/ListNumbering/Disc", "a bulleted list is called one");
	has(text, "/Type/MCR/Pg", "an element has content on a second page");
	has(text, "/Type/OBJR/Obj", "a link element holds its annotation");
	has(text, "/Alt(Logo der Muster Versand GmbH)", "alternative text in ASCII");
	has(text, "/Alt<FEFF00510052", "alternative text beyond ASCII");
	has(text, "/A<</O/Layout/BBox[470 761.89 530 801.89]>>", "a figure has its box");
	has(text, "/Lang(pl)", "an element in another language");
	has(text, "/S/Caption", "the table has a caption");
	has(text, "/Artifact<</Type/Pagination>>BDC", "page numbers are pagination");
	has(text, "/Tabs /S", "tab order follows the structure");
	has(text, "/S/URI/URI(mailto:datenschutz@example.org)", "the link has its address");
	has(text, "/Contents(E-Mail an den Datenschutz)", "and its description");
}

static void test_archive(const struct dbi_buf *text)
{
	has(text, "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>", "XMP claims PDF/A-3a");
	has(text, "<pdfuaid:part>1</pdfuaid:part>", "and PDF/UA-1");
	has(text, "Daten &lt;und&gt; &amp; mehr</rdf:li>", "the title is escaped in XMP");
	has(text, "/AFRelationship/Data", "the attachment is data");
	has(text, "(D:20261123000000Z)", "dates come from the letter");
	has(text, "<xmp:CreateDate>2026-11-23T00:00:00Z</xmp:CreateDate>", "the same in XMP");
	has(text, "/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)", "colour has the sRGB intent");
}

static void test_everything(struct sample *s)
{
	struct dbi_image *logo = make_logo(true);
	struct dbi_buf pdf = DBI_BUF_INIT, text = DBI_BUF_INIT, xml = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	if (!OK(logo != NULL, "a logo"))
		return;
	sample_attachment(&xml, 3);
	sample_meta(&meta, &xml);
	meta.title = "Daten <und> & mehr";
	build_everything(s, logo, 0x1F4E79);
	OK(!s->failed, "display list");
	EQ(write_letter(s, &meta, &pdf), DBRIEF_OK, "everything on two pages");
	sample_end(s);
	save_file("everything.pdf", &pdf);
	sample_unpack(&pdf, &text);
	test_structure(&text);
	test_archive(&text);
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&xml);
	dbi_image_free(logo);
}

/*
 * More elements than an object stream holds; the first ones of the next do not fit into a slot, and readers want an object at its start all the same.
 */
static void test_many(struct sample *s)
{
	static const char long_text[] = "Ein Ersatztext, der mit allem anderen zusammen deutlich mehr als hundert Zeichen lang ist, damit er in kein Fach passt";
	struct dbi_buf pdf = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	dbi_elem p;

	sample_meta(&meta, NULL);
	sample_begin(s);
	p = add(s, DBI_ROLE_P, 0);
	sample_text(s, p, DBI_PT(70), DBI_PT(100), "Viele Absätze", true);
	while (s->d.n_elements < 3999) /* with the Document, which does not fit either, and the object at the start a stream of 4,000 */
		(void)add(s, DBI_ROLE_P, 0);
	for (int i = 0; i < 5; i++)
		s->d.elements[add(s, DBI_ROLE_SPAN, p)].alt = long_text;
	EQ(write_letter(s, &meta, &pdf), DBRIEF_OK, "a letter of 4,004 elements");
	sample_end(s);
	save_file("many.pdf", &pdf);
	sample_unpack(&pdf, &text);
	has(&text, ">><</S/Span/P ", "elements too large for a slot follow each other");
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&text);
}

static void test_gray(struct sample *s)
{
	struct dbi_image *logo = make_logo(false);
	struct dbi_buf pdf = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	sample_meta(&meta, NULL);
	meta.title = "Größe";
	build_everything(s, logo, 0x333333);
	EQ(write_letter(s, &meta, &pdf), DBRIEF_OK, "the same without colour or attachment");
	sample_end(s);
	save_file("gray.pdf", &pdf);
	sample_unpack(&pdf, &text);
	has(&text, "/OutputConditionIdentifier(Custom)/OutputCondition(Gray)", "gray has the gray intent");
	OK(!holds(&text, "DeviceRGB") && !holds(&text, " rg\n"), "and no colour anywhere");
	OK(!holds(&text, "EmbeddedFile"), "no attachment unless asked for");
	has(&text, "<FEFF0047007200F600DF0065>", "a title beyond ASCII is UTF-16");
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&text);
	dbi_image_free(logo);
}

static void test_full_letter(struct sample *s)
{
	struct dbi_buf pdf = DBI_BUF_INIT, again = DBI_BUF_INIT, xml = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	char name[40];
	sample_attachment(&xml, 1);
	sample_meta(&meta, &xml);
	for (unsigned i = 0; i < 3; i++) {
		dbi_buf_clear(&pdf);
		sample_full_letter(s, i);
		EQ(write_letter(s, &meta, &pdf), DBRIEF_OK, "full letter");
		sample_end(s);
		snprintf(name, sizeof(name), "full-%u.pdf", i);
		save_file(name, &pdf);
		printf("# %zu bytes\n", pdf.len);
		OK(pdf.len < 27000, "a full letter has less than 27 KB");
	}
	struct sample other;
	OK(sample_open(&other), "another writer");
	sample_full_letter(&other, 2);
	EQ(write_letter(&other, &meta, &again), DBRIEF_OK, "the same letter by a cold writer");
	sample_end(&other);
	sample_close(&other);
	OK(pdf.len == again.len && memcmp(pdf.data, again.data, pdf.len) == 0, "equal input gives equal bytes");
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&again);
	dbi_buf_dispose(&xml);
}

/* Lets each allocation fail once: a clean error or the right file, and the writer lives on. */
static void test_memory(struct sample *s)
{
	struct dbi_buf want = DBI_BUF_INIT, got = DBI_BUF_INIT, xml = DBI_BUF_INIT;
	struct dbi_image *logo = make_logo(true);
	struct dbi_pdf_meta meta;
	unsigned long n = 0, failed = 0, wrong = 0;
	sample_attachment(&xml, 1);
	sample_meta(&meta, &xml);
	build_everything(s, logo, 0);
	EQ(write_letter(s, &meta, &want), DBRIEF_OK, "a letter to torture");
	for (;;) {
		dbi_pdf_writer *w = NULL;
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		dbi_buf_clear(&got);
		dbi_mem_fail_at(++n, false);
		int status = dbi_pdf_writer_new(&w, s->fonts, &err);
		if (status == DBRIEF_OK)
			status = dbi_pdf_write(w, s->shaper, &s->d, &meta, &got, &err);
		bool reached = dbi_mem_count() >= n;
		dbi_mem_fail_at(0, false);
		if (status == DBRIEF_OK)
			wrong += got.len != want.len || memcmp(got.data, want.data, want.len) != 0;
		else {
			failed++;
			wrong += err.cause != DBRIEF_CAUSE_MEMORY;
			if (err.cause != DBRIEF_CAUSE_MEMORY)
				printf("# allocation %lu: %s: %s\n", n, err.where, err.text);
			dbi_buf_dispose(&got);
			got = (struct dbi_buf)DBI_BUF_INIT;
			if (w && (dbi_pdf_write(w, s->shaper, &s->d, &meta, &got, NULL) != DBRIEF_OK ||
			    got.len != want.len || memcmp(got.data, want.data, want.len) != 0)) {
				wrong++;
				printf("# allocation %lu: the next letter is wrong\n", n);
			}
		}
		dbi_pdf_writer_free(w);
		if (!reached)
			break;
	}
	sample_end(s);
	EQ(wrong, 0, "no failed allocation gives a wrong letter");
	OK(failed > 20, "allocations do fail");
	printf("# %lu allocations, %lu refused\n", n, failed);
	dbi_image_free(logo);
	dbi_buf_dispose(&want);
	dbi_buf_dispose(&got);
	dbi_buf_dispose(&xml);
}

static void test_refusals(struct sample *s)
{
	static const struct dbi_glyph missing = { 0, 1, 0, 500, 0, 0 }, mute = { 5, 0, 0, 500, 0, 0 };
	struct dbi_run run = { .face = 0, .n = 1, .glyphs = &missing, .text = "x", .text_len = 1, .advance = 500 };
	struct dbi_buf pdf = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	sample_meta(&meta, NULL);
	for (int i = 0; i < 2; i++) {
		run.glyphs = i ? &mute : &missing;
		sample_begin(s);
		sample_run(s, add(s, DBI_ROLE_P, 0), DBI_PT(70), DBI_PT(70), &run, false);
		memset(&s->err, 0, sizeof(s->err));
		EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, &s->err), DBRIEF_FAILED,
		    i ? "a glyph without text fails the letter" : "a missing glyph fails the letter");
		EQ(s->err.cause, DBRIEF_CAUSE_GLYPH, "with cause GLYPH");
		sample_end(s);
	}
	sample_begin(s);
	s->d.n_pages = 0;
	EQ(dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, &pdf, NULL), DBRIEF_FAILED, "no pages, no letter");
	sample_end(s);
	dbi_buf_dispose(&pdf);
}

struct job { const dbi_fontset *set; const dbi_pdf_fonts *fonts; unsigned char sum[32]; bool good; };

static void *work(void *user)
{
	struct job *j = user;
	struct sample s;
	struct dbi_buf pdf = DBI_BUF_INIT, sums = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	memset(&s, 0, sizeof(s));
	s.set = (dbi_fontset *)(uintptr_t)j->set;
	s.regular = dbi_fontset_face(s.set, 0, DBI_FONT_REGULAR);
	s.bold = dbi_fontset_face(s.set, 0, DBI_FONT_BOLD);
	sample_meta(&meta, NULL);
	j->good = dbi_shaper_new(&s.shaper, j->set, &s.err) == DBRIEF_OK &&
	    dbi_pdf_writer_new(&s.writer, j->fonts, &s.err) == DBRIEF_OK;
	for (unsigned i = 0; j->good && i < 20; i++) {
		dbi_buf_clear(&pdf);
		sample_full_letter(&s, i);
		j->good = dbi_pdf_write(s.writer, s.shaper, &s.d, &meta, &pdf, &s.err) == DBRIEF_OK && !s.failed;
		sample_end(&s);
		dbi_sha256(j->sum, pdf.data, pdf.len);
		dbi_buf_add(&sums, j->sum, 32);
	}
	dbi_sha256(j->sum, sums.data ? sums.data : "", sums.len);
	dbi_buf_dispose(&sums);
	dbi_buf_dispose(&pdf);
	dbi_pdf_writer_free(s.writer);
	dbi_shaper_free(s.shaper);
	dbi_arena_dispose(&s.arena);
	return NULL;
}

static void test_threads(void)
{
	struct sample s;
	pthread_t threads[4];
	struct job jobs[4];
	bool same = true;
	if (!OK(sample_open(&s), "cold fonts for threads"))
		return;
	for (int i = 0; i < 4; i++) {
		jobs[i] = (struct job){ .set = s.set, .fonts = s.fonts };
		pthread_create(&threads[i], NULL, work, &jobs[i]);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		same = same && jobs[i].good && memcmp(jobs[i].sum, jobs[0].sum, 32) == 0;
	}
	OK(same, "four threads write the same 20 letters byte for byte");
	sample_close(&s);
}

static void write_samples(struct sample *s)
{
	test_everything(s);
	test_gray(s);
	test_many(s);
	test_full_letter(s);
}

int main(int argc, char **argv)
{
	struct sample s;
	if (argc > 1)
		snprintf(folder, sizeof(folder), "%s", argv[1]);
	else
		snprintf(folder, sizeof(folder), "pdf_write-%ld.tmp", (long)getpid());
	if (argc < 2 && mkdir(folder, 0700) != 0)
		perror(folder);
	if (!OK(sample_open(&s), "fonts, shaper and writer")) {
		printf("# %s: %s\n", s.err.where, s.err.text);
		return tap_done();
	}
	write_samples(&s);
	if (argc < 2) {
		static const char *const names[] = { "everything.pdf", "gray.pdf", "full-0.pdf", "full-1.pdf", "full-2.pdf", "many.pdf" };
		test_refusals(&s);
		test_memory(&s);
		test_threads();
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			char path[300];
			snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
			unlink(path);
		}
		rmdir(folder);
	}
	sample_close(&s);
	return tap_done();
}
