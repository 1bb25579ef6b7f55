/* SPDX-License-Identifier: MIT */
/* Lines: what is read from the operations is the text, whatever the width; where lines end; what is never broken. */
#include "config.h"

#include "layout_help.h"
#include "text/textcache.h"

static struct bench b;

/* Text of one element's children and its own, in drawing order: spaces after line ends, added hyphens left out. */
static void collect(const struct dbi_display *d, bool wanted(const struct dbi_display *, dbi_elem), struct dbi_buf *out)
{
	for (size_t p = 0; p < d->n_pages; p++)
		for (size_t i = 0; i < d->pages[p].n_ops; i++) {
			const struct dbi_op *op = &d->pages[p].ops[i];

			if (op->kind != DBI_OP_TEXT || op->elem >= DBI_ELEM_ARTIFACT_PAGINATION || !wanted(d, op->elem))
				continue;
			if (!op->hyphen)
				dbi_buf_add(out, op->u.text.runs->run->text, op->u.text.runs->run->text_len);
			if (op->line_end)
				dbi_buf_addc(out, ' ');
		}
}

/* Everything behind the subject. */
static bool in_body(const struct dbi_display *d, dbi_elem e)
{
	dbi_elem h1 = 0;

	while (h1 < d->n_elements && d->elements[h1].role != DBI_ROLE_H1)
		h1++;
	return e > h1;
}

static const char *const texts[] = {
	"Einmal im Jahr zeigen wir Ihnen von uns aus, was wir über Sie gespeichert haben.",
	"Datenschutzgrundverordnungsauskunft Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
	"https://www.muster.example/sehr/langer/pfad/zu/einer/datei-mit-namen_und_mehr.html?frage=antwort",
	"DE00123456780000000000123456789012345678901234567890123456789012345678901234567890 und Schluss",
	"E-Mail-Adressen-Verwaltung, Ost-West-Gespräche und 3-mal-täglich",
	"Nach Art. 15 Abs. 1 und § 34 am 4. Januar 2026: 1.234,50 € für „Müller & Söhne“ (GmbH)",
	"Ž\xC4\x8D C\xCC\xA8\xCC\x86 Ǩ Ελλάδα Україна",
	"a b c d e f g h i j k l m n o p q r s t u v w x y z",
	"x",
};

/* All texts at all widths: nothing lost, nothing twice, nothing wider than its column. */
static void test_every_width(void)
{
	for (size_t t = 0; t < sizeof(texts) / sizeof(*texts); t++)
		for (int align = 0; align < 2; align++) {
			bool same = true, inside = true;

			for (int mm = 8; mm <= 165 && same && inside; mm += 7) {
				struct dbi_buf body = DBI_BUF_INIT, got = DBI_BUF_INIT;
				dbi_len right = DBI_MM100(2500 + mm * 100) + 150;

				dbi_buf_addf(&body, "<p style=\"width: %dmm; text-align: %s\">", mm, align ? "justify" : "left");
				dbi_buf_add_xml(&body, texts[t], strlen(texts[t]), false);
				dbi_buf_adds(&body, "</p>");
				same = bench_body(&b, body.data) == DBRIEF_OK;
				if (same) {
					collect(&b.display, in_body, &got);
					same = got.len == strlen(texts[t]) + 1 && memcmp(got.data, texts[t], got.len - 1) == 0;
				}
				for (size_t i = 0; same && i < b.display.pages[0].n_ops; i++) {
					const struct dbi_op *op = &b.display.pages[0].ops[i];

					if (op->kind == DBI_OP_TEXT && op->elem < DBI_ELEM_ARTIFACT_PAGINATION && in_body(&b.display, op->elem))
						inside &= op->x + dbi_run_width(b.fonts, op->u.text.runs->run, op->u.text.size) + op->u.text.stretch <= right;
				}
				if (!same || !inside)
					printf("# width %d mm, %s: %s %s\n# got %s\n", mm, inside ? "text differs" : "too wide", b.err.where, b.err.text,
					    got.data ? got.data : "");
				dbi_buf_dispose(&body);
				dbi_buf_dispose(&got);
			}
			OK(same && inside, texts[t]);
		}
}

/* Lines of the first page's body as texts, hyphens shown. */
static size_t lines_of(char lines[][256], size_t max)
{
	const struct dbi_page *page = &b.display.pages[0];
	dbi_len y = -1;
	size_t n = 0, len = 0;

	for (size_t i = 0; i < page->n_ops; i++) {
		const struct dbi_op *op = &page->ops[i];

		if (op->kind != DBI_OP_TEXT || op->elem >= DBI_ELEM_ARTIFACT_PAGINATION || !in_body(&b.display, op->elem))
			continue;
		if (op->y != y && n == max)
			break;
		if (op->y != y) {
			y = op->y;
			len = 0;
			n++;
		}
		if (len + op->u.text.runs->run->text_len < 255)
			memcpy(lines[n - 1] + len, op->u.text.runs->run->text, op->u.text.runs->run->text_len), len += op->u.text.runs->run->text_len;
		lines[n - 1][len] = '\0';
	}
	return n;
}

static const struct { const char *body, *lines[4], *what; } cases[] = {
	{ "<p style='width: 42mm'>Donau&#173;dampf&#173;schiff&#173;fahrts&#173;gesellschaft</p>", { "Donaudampfschifffahrts-", "gesellschaft" },
	  "soft hyphens are where a word is parted, and are not seen elsewhere" },
	{ "<p style='width: 20mm; hyphens: none'>eins&#160;zwei drei</p>", { "eins\xC2\xA0zwei", "drei" }, "a no-break space holds" },
	{ "<p>eins<br/>zwei<br/><br/>drei</p>", { "eins", "zwei", "drei" }, "br ends lines" },
	{ "<p style='width: 23mm; hyphens: none'>nach dem Art. 15 ist</p>", { "nach dem", "Art. 15 ist" }, "an article stays with its number" },
	{ "<p style='width: 24mm; hyphens: none'>am kalten 4. Januar ist</p>", { "am kalten", "4. Januar ist" }, "a day stays with its month" },
	{ "<p style='white-space: pre-line'>\n eins  zwei \n drei\r\nvier\n\n</p>", { "eins zwei", "drei", "vier" }, "stored line breaks end lines" },
	{ "<p style='white-space: pre-line'>eins\n<b>\nzwei</b>\n</p><p>drei\nvier</p>", { "eins", "zwei", "drei vier" }, "only where asked for" },
	{ "<p style='width: 22mm'>Nr. KUNDENDATENSATZ7Q3</p>", { "Nr. KUNDEN", "DATENSATZ", "7Q3" }, "a code is cut without a hyphen" },
	{ "<p style='width: 26mm'>kundenkonto@datenbrief.example</p>", { "kundenkonto@", "datenbrief.", "example" }, "an address behind its marks" },
	{ "<p style='width: 22mm'>GB29NWBK60161331926819</p>", { "GB29NWBK", "60161331", "926819" }, "an account number between groups of four" },
	{ "<p style='width: 30mm; white-space: nowrap'>eins zwei</p>", { "eins zwei" }, "what fits stays on a line" },
};

static void test_lines(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char lines[4][256] = { "", "", "", "" };

		if (!OK(bench_body(&b, cases[i].body) == DBRIEF_OK, cases[i].what))
			continue;
		lines_of(lines, 4);
		for (size_t k = 0; k < 4 && cases[i].lines[k]; k++)
			IS(lines[k], cases[i].lines[k], "the line");
	}
}

static void test_hyphen(void)
{
	const struct dbi_page *page;
	bool hyphen = false, end = false;

	OK(bench_body(&b, "<p style='width: 40mm'>Datenschutzgrundverordnungsauskunft</p>") == DBRIEF_OK, "a word wider than its column");
	page = &b.display.pages[0];
	for (size_t i = 0; i < page->n_ops; i++) {
		hyphen |= page->ops[i].kind == DBI_OP_TEXT && page->ops[i].hyphen;
		end |= page->ops[i].hyphen && page->ops[i].line_end;
	}
#ifdef HAVE_HYPHEN
	OK(hyphen, "is parted with a hyphen that is marked as added");
#endif
	OK(!end, "and no space follows it");
}

/* A token of which every letter is an element of its own. */
static void test_many_pieces(void)
{
	struct dbi_buf body = DBI_BUF_INIT, got = DBI_BUF_INIT;
	size_t x = 0;

	dbi_buf_adds(&body, "<p style='width: 20mm'>");
	for (unsigned i = 0; i < 3000; i++)
		dbi_buf_adds(&body, i % 2 ? "<b>x</b>" : "<i>x</i>");
	dbi_buf_adds(&body, "</p>");
	if (OK(bench_body(&b, body.data) == DBRIEF_OK, "a token of 3,000 elements is divided"))
		collect(&b.display, in_body, &got);
	for (size_t i = 0; i < got.len; i++)
		x += got.data[i] == 'x';
	EQ(x, 3000, "and whole");
	dbi_buf_dispose(&body);
	dbi_buf_dispose(&got);
}

static void test_links(void)
{
	const struct dbi_page *page;

	OK(bench_body(&b, "<p style='width: 50mm'>Ein <a href='https://a.example/x' title='Auskunft'>Verweis über mehr als nur eine einzige Zeile</a> hier</p>") == DBRIEF_OK,
	    "a link over lines");
	page = &b.display.pages[0];
	OK(page->n_links >= 2, "has a rectangle on each");
	IS(page->n_links ? page->links[0].uri : "", "https://a.example/x", "with its address");
	OK(page->n_links && page->links[0].elem == page->links[1].elem, "and is one element");
	EQ(b.display.elements[page->links[0].elem].role, DBI_ROLE_LINK, "of the role Link");
	IS(b.display.elements[page->links[0].elem].alt, "Auskunft", "with its title as text");
}

static void test_missing_glyph(void)
{
	int status = bench_body(&b, "<p>\xF4\x80\x80\x80</p>"); /* U+100000, private use */

	EQ(status, DBRIEF_FAILED, "a character no font has holds the letter");
	EQ(b.err.cause, DBRIEF_CAUSE_GLYPH, "with that cause");
	OK(strstr(b.err.where, "letter.xml:1"), "and the place of the block");
}

/* Where runs stand, to the last thousandth of a point, which the dump does not tell. */
static uint32_t places(const struct dbi_page *page)
{
	uint32_t h = DBI_FNV_START;

	for (size_t i = 0; i < page->n_ops; i++)
		h = dbi_fnv1a(h, &page->ops[i].x, sizeof(page->ops[i].x));
	return h;
}

/* A letter made five times, the first time with nothing kept. */
static bool is_same_again(const char *body)
{
	struct dbi_buf first = DBI_BUF_INIT;
	uint32_t where = 0;
	bool same = true;

	dbi_textcache_trim(dbi_shaper_texts(b.shaper), true);
	for (int round = 0; round < 5 && same; round++) {
		struct dbi_buf dump = DBI_BUF_INIT;

		same = bench_body(&b, body) == DBRIEF_OK && dbi_display_dump(&b.display, round ? &dump : &first, &b.err) == DBRIEF_OK &&
		    (!round || (strcmp(first.data, dump.data) == 0 && where == places(&b.display.pages[0])));
		where = places(&b.display.pages[0]);
		dbi_buf_dispose(&dump);
	}
	dbi_buf_dispose(&first);
	return same;
}

/* What is kept of a text from the second time on, and of its lines from the third on, changes nothing. */
static void test_again(void)
{
	static const char *const bodies[] = {
		"Wer <b>in zwei Jahren</b> mehr als drei Mal bestellt hat, gehört zur <i>Kundenklasse</i> der Stammkunden und Stammkundinnen.",
		"<b style='color: #804020'>Woher:</b> Ihre Angaben <span style='font-size: 7pt'>bei der Bestellung</span><b>, Telefonnotizen</b> und Briefe.",
		"Donau&#173;dampfschiff&#173;fahrts&#173;gesellschaft und/oder Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz, Art. 15 Abs. 1",
		"<b>fett</b>gedruckt mitten im Wort, <i>kursiv</i>, <b>und am </b>Ende <b>auch</b>",
		"eins<br/>zwei <b>drei</b> <a href='https://a.example/'>vier</a> <span style='text-decoration: underline'>fünf</span>",
		"&#173; Ende &#173;",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		for (int justify = 0; justify < 2; justify++) {
			bool same = true;

			for (int mm = 30; mm < 170 && same; mm += 10) {
				char body[1000];

				snprintf(body, sizeof(body), "<p style='width: %dmm; text-indent: 3mm; text-align: %s'>%s %s</p>", mm,
				    justify ? "justify" : "left", bodies[i], bodies[i]);
				same = is_same_again(body);
			}
			if (!OK(same, bodies[i]))
				printf("# %s %s\n", b.err.where, b.err.text);
		}
}

/* Lines that are kept are those of a width, a look and a language, and of no other. */
static void test_variants(void)
{
	static const char *const variants[] = { "style='width: 60mm'", "style='width: 60mm; text-align: justify'", "style='width: 60mm; text-indent: 9mm'",
		"style='width: 60mm; hyphens: none'", "lang='en' style='width: 60mm'", "style='width: 80mm'" };
	enum { N = sizeof(variants) / sizeof(*variants) };
	struct dbi_buf first[N] = { DBI_BUF_INIT };
	bool same = true;

	for (int round = 0; round < 4 && same; round++)
		for (size_t i = 0; i < N && same; i++) {
			struct dbi_buf dump = DBI_BUF_INIT;
			char body[600];

			snprintf(body, sizeof(body), "<p %s>Einwilligungserklärungen, Kundenbeziehungen und Zahlungsverpflichtungen sind Angelegenheiten, "
			    "zu denen Auskunftsersuchen hauptsächlich eingehen, und international publications and responsibilities.</p>", variants[i]);
			if (!round)
				dbi_textcache_trim(dbi_shaper_texts(b.shaper), true);
			same = bench_body(&b, body) == DBRIEF_OK && dbi_display_dump(&b.display, round ? &dump : &first[i], &b.err) == DBRIEF_OK &&
			    (!round || strcmp(dump.data, first[i].data) == 0);
			if (!round)
				for (size_t k = 0; k < i; k++)
					OK(strcmp(first[k].data, first[i].data) != 0, variants[i]);
			dbi_buf_dispose(&dump);
		}
	OK(same, "lines are found again for the look they were made for");
	for (size_t i = 0; i < N; i++)
		dbi_buf_dispose(&first[i]);
}

/* Lines end wherever in a page's list of operations their rules find no room and the list moves. */
static void test_line_ends(void)
{
	static char body[8000];
	const char *xml;
	bool all = true;

	for (int before = 0; before < 6; before++) {
		int n = snprintf(body, sizeof(body), "<box style='font-size: 6pt; line-height: 7pt; text-decoration: underline; padding: 0; border: 0'>");
		size_t ends = 0;

		for (int i = 0; i < before; i++)
			n += snprintf(body + n, sizeof(body) - (size_t)n, "<hr style='margin: 0'/>");
		for (int i = 0; i < 50; i++)
			n += snprintf(body + n, sizeof(body) - (size_t)n, "<p style='margin: 0'>eins zwei</p>");
		snprintf(body + n, sizeof(body) - (size_t)n, "</box>");
		xml = body_letter(body);
		all = all && bench_layout(&b, xml, strlen(xml)) == DBRIEF_OK && b.display.n_pages == 1;
		for (size_t i = 0; all && i < b.display.pages[0].n_ops; i++) {
			const struct dbi_op *op = &b.display.pages[0].ops[i];

			ends += op->kind == DBI_OP_TEXT && op->line_end && op->elem < DBI_ELEM_ARTIFACT_PAGINATION && in_body(&b.display, op->elem);
		}
		all = all && ends == 50;
		if (!all)
			printf("# %d rules before: %zu lines end %s\n", before, ends, b.err.text);
	}
	OK(all, "every underlined line is told to end");
}

int main(void)
{
	if (!OK(bench_open(&b), "fonts open"))
		return tap_done();
	test_every_width();
	test_again();
	test_variants();
	test_line_ends();
	if (bench_has_arimo(&b))
		test_lines();
	else
		tap_skip("lines", "they are those of Arimo, which is not installed");
	test_hyphen();
	test_many_pieces();
	test_links();
	test_missing_glyph();
	bench_close(&b);
	return tap_done();
}
