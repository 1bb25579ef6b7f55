/* SPDX-License-Identifier: MIT */
/* Where things stand: DIN 5008 measures, margins, pages, heads of tables, what is kept together, what is refused. */
#include "layout_help.h"

static struct bench b;

#define MM(x) DBI_MM100((x) * 100)
#define NEAR(got, mm, what) near_mm(got, DBI_MM100(mm), what, __LINE__)

static void near_mm(dbi_len got, dbi_len want, const char *what, int line)
{
	if (!OK(got > want - DBI_MM100(50) && got < want + DBI_MM100(50), what))
		printf("# line %d: got %ld, want %ld (1/1000 pt)\n", line, (long)got, (long)want);
}

static bool op_is(const struct dbi_op *op, const char *text)
{
	return op->kind == DBI_OP_TEXT && op->u.text.runs->run->text_len == strlen(text) && memcmp(op->u.text.runs->run->text, text, strlen(text)) == 0;
}

/* The first run of this text on a page from `page` on; NULL when there is none. */
static const struct dbi_op *find_text(const char *text, size_t page, size_t *where)
{
	for (; page < b.display.n_pages; page++)
		for (size_t i = 0; i < b.display.pages[page].n_ops; i++)
			if (op_is(&b.display.pages[page].ops[i], text)) {
				if (where)
					*where = page;
				return &b.display.pages[page].ops[i];
			}
	return NULL;
}

static dbi_len cap_top(const struct dbi_op *op)
{
	const struct dbi_face_info *f = dbi_fontset_info(b.fonts, op->u.text.runs->run->face);

	return op->y - (dbi_len)((int64_t)f->ascent * op->u.text.size / (int64_t)f->units_per_em);
}

static const char front_xml[] =
	"<letter xmlns='urn:datenbrief:letter:1' form='din5008-%c' lang='de' title='T' case='CASE'>"
	"<letterhead><p>Kopf</p></letterhead><return-address>Absender</return-address><remark><line>Vermerk</line></remark>"
	"<recipient><line>Erste</line><line>Zweite</line><line>3</line><line>4</line><line>5</line><line>Sechste</line></recipient>"
	"<info-block><item label='Datum'>23.11.2026</item></info-block><subject>Betreff</subject><salutation>Anrede</salutation>"
	"<body><p>Text</p></body><footer><column><p>Fuss</p></column></footer><page-label>Seite {page} von {pages}</page-label></letter>";

static void check_front(char form, int field, int body, int fold1, int fold2)
{
	char xml[1200];
	size_t rules = 0;
	const struct dbi_op *first, *op;

	snprintf(xml, sizeof(xml), front_xml, form);
	if (!OK(bench_layout_parted(&b, xml, strlen(xml)) == DBRIEF_OK, "a first page"))
		return;
	first = find_text("Erste", 0, NULL);
	NEAR(first->x, 2500, "the address starts 25 mm from the left");
	NEAR(cap_top(first), field + 1770, "at the top of the address zone");
	NEAR(find_text("Sechste", 0, NULL)->y - first->y, 5 * 423, "its six lines are 4.23 mm apart");
	OK(find_text("Sechste", 0, NULL)->y < DBI_MM100(field + 4500), "and end inside the field");
	op = find_text("Absender", 0, NULL);
	OK(op->y > DBI_MM100(field) && op->y < DBI_MM100(field + 500), "the return line stands in the first five millimetres of the field");
	op = find_text("Vermerk", 0, NULL);
	OK(op->y > DBI_MM100(field + 500) && op->y < DBI_MM100(field + 1770), "remarks stand between return line and address");
	op = find_text("Kopf", 0, NULL);
	OK(op->y < DBI_MM100(field), "the letterhead stands above the field");
	op = find_text("Datum", 0, NULL);
	NEAR(op->x, 12500, "the info block starts at 125 mm");
	NEAR(cap_top(op), field + 500, "five millimetres below the field's top");
	NEAR(cap_top(find_text("Betreff", 0, NULL)), body, "the subject stands at its line");
	OK(find_text("Text", 0, NULL)->y > find_text("Anrede", 0, NULL)->y, "body below salutation");
	OK(find_text("Fuss", 0, NULL)->y < DBI_MM100(29000), "the footer ends above the edge");
	OK(find_text("Seite", 0, NULL)->y < find_text("Fuss", 0, NULL)->y, "the page label stands above the footer");
	for (size_t i = 0; i < b.display.pages[0].n_ops; i++) {
		const struct dbi_op *r = &b.display.pages[0].ops[i];

		if (r->kind != DBI_OP_RULE || r->x > MM(10))
			continue;
		rules++;
		OK(r->y == DBI_MM100(fold1) || r->y == DBI_MM100(fold2) || r->y == DBI_MM100(14850), "a mark at a fold or for the hole");
	}
	EQ(rules, 3, "three marks");
}

/* ---- refusals ---- */

static void refuse(const char *xml, const char *text)
{
	EQ(bench_layout(&b, xml, strlen(xml)), DBRIEF_FAILED, text);
	EQ(b.err.cause, DBRIEF_CAUSE_LAYOUT, "cause layout");
	if (!OK(strstr(b.err.text, text), "the text names it"))
		printf("# got: %s: %s\n", b.err.where, b.err.text);
}

#define HEAD "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' lang='de' title='T'>"
#define REST "<subject>S</subject><body><p>x</p></body></letter>"
#define TO "<recipient><line>X</line></recipient>"

static void test_refusals(void)
{
	refuse(HEAD "<recipient><line>1</line><line>2</line><line>3</line><line>4</line><line>5</line><line>6</line><line>7</line></recipient>" REST,
	    "the address has 7 lines, the window takes six");
	refuse(HEAD "<recipient><line>Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung</line></recipient>" REST,
	    "a line of <recipient> is");
	refuse(HEAD "<recipient><line>1</line><line>2</line><line>3</line><line>4</line><line>5</line>"
	    "<line>Eine Zeile, die so lang ist, dass sie in eine zweite umbricht, macht sieben daraus</line></recipient>" REST,
	    "the address takes 7 lines");
	refuse(HEAD "<return-address>Eine Absenderzeile, die mit ihrer ganzen Länge in keiner Schrift und keinem Fenster dieser Welt Platz findet, leider, schade</return-address>" TO REST,
	    "a line of <return-address> is");
	refuse(HEAD "<letterhead><p style='font-size: 60pt'>A<br/>B</p></letterhead>" TO REST, "the letterhead is");
	refuse(HEAD TO "<subject>S</subject><body><p>x</p></body><footer><column><p style='font-size: 90pt'>A<br/>B</p></column></footer></letter>", "the footer is");
	refuse(body_letter("<table><tr><td style='width: 10mm'><qr data='x' alt='y' width='40mm'/></td></tr></table>"), "a QR code is wider");
	refuse(body_letter("<table><tr><td style='width: 90mm'>a</td><td style='width: 90mm'>b</td></tr></table>"), "the columns of a table do not fit");
	refuse(body_letter("<p style='width: 20mm'><img src='a' alt='' width='60mm'/></p>"), "something is 60.0 mm wide where 20.0 mm are there");
	refuse(body_letter("<p style='margin-left: 170mm'>x</p>"), "no width is left");
	refuse(body_letter("<p style='padding: 0mm 100mm'>x</p>"), "no width is left");
	refuse(body_letter("<p style='text-indent: 155mm; hyphens: none'>Donaudampfschiff x</p>"), "something is 183.4 mm wide where 165.0 mm");
	refuse(body_letter("<table><tr><td>a</td><td rowspan='2'>b</td></tr><tr><td colspan='2'>c</td></tr></table>"), "a cell with colspan reaches into");
	refuse(body_letter("<table><tr><td style='width: 8mm'><chart alt='c'><bar label='A' value='1' text='x'/></chart></td><td>y</td></tr></table>"),
	    "a chart has no room");
	refuse(HEAD "<return-address>&#xAD;</return-address>" TO REST, "a line of <return-address> shows nothing");
	refuse(HEAD "<remark><line>&#xAD;</line></remark>" TO REST, "a line of <remark> shows nothing");
	refuse(HEAD "<recipient style='font-size: 20pt'><line>A</line><line>B</line></recipient>" REST, "the font of <recipient> is too large");
	refuse(HEAD TO "<subject>S</subject><body><p>x</p></body><page-label style='font-size: 30pt'>{page}</page-label></letter>",
	    "the page label is 14.1 mm high, 10.0 mm are there");
}

/* An info block that would reach over the lower edge of the page. */
static void test_long_info(void)
{
	struct dbi_buf out = DBI_BUF_INIT;

	dbi_buf_adds(&out, HEAD TO "<info-block>");
	for (unsigned i = 0; i < 60; i++)
		dbi_buf_addf(&out, "<item label='L%u'>W%u</item>", i, i);
	dbi_buf_adds(&out, "</info-block>" REST);
	refuse(out.data, "too long for the first page");
	dbi_buf_dispose(&out);
}

/* A picture of one row of pixels, turned: its height by its width is beyond any length. */
static void test_thin_picture(void)
{
	const struct dbi_image usual = b.image;

	b.image.width = 1;
	b.image.height = 60000;
	refuse(body_letter("<p><img src='a' alt='' width='100mm'/></p>"), "something is higher than a page");
	if (OK(bench_body(&b, "<img src='a' alt='' width='100mm'/>") == DBRIEF_OK, "as a block it is made smaller"))
		for (size_t i = 0; i < b.display.pages[0].n_ops; i++)
			if (b.display.pages[0].ops[i].kind == DBI_OP_IMAGE)
				OK(b.display.pages[0].ops[i].u.image.h > 0, "and has a height");
	b.image = usual;
}

/* ---- lists ---- */

static void test_lists(void)
{
	const struct dbi_op *marker;

	OK(bench_body(&b, "<ol><li/><li>zwei</li></ol>") == DBRIEF_OK, "an item without content");
	OK(find_text("2.", 0, NULL)->y > find_text("1.", 0, NULL)->y + DBI_PT(10), "has a line of its own for its number");
	OK(bench_body(&b, "<ol start='99998'><li>Punkt</li></ol>") == DBRIEF_OK, "a long number");
	marker = find_text("99998.", 0, NULL);
	OK(find_text("Punkt", 0, NULL)->x > marker->x + dbi_run_width(b.fonts, marker->u.text.runs->run, marker->u.text.size), "moves the text away");
}

/* ---- many pages ---- */

/* Rows with words that occur once each; the name of a word: w and its number. */
static char *many_rows(unsigned rows, unsigned words)
{
	struct dbi_buf out = DBI_BUF_INIT;

	dbi_buf_adds(&out, "<h1>Tabelle</h1><p>Davor</p><table><thead><tr><th>Kopfeins</th><th>Kopfzwei</th></tr></thead>");
	for (unsigned r = 0; r < rows; r++) {
		dbi_buf_addf(&out, "<tr><td>r%u</td><td>", r);
		for (unsigned k = 0; k < words; k++)
			dbi_buf_addf(&out, "%sw%u", k ? " " : "", r * words + k);
		dbi_buf_adds(&out, "</td></tr>");
	}
	dbi_buf_adds(&out, "</table><p>Danach</p>");
	return dbi_buf_take(&out);
}

/* How often each of w0..wn is drawn; true when once and as content. */
static bool each_once(unsigned n)
{
	unsigned char *seen = calloc(n + 1, 1);
	bool good = seen;

	for (size_t p = 0; p < b.display.n_pages; p++)
		for (size_t i = 0; i < b.display.pages[p].n_ops && seen; i++) {
			const struct dbi_op *op = &b.display.pages[p].ops[i];
			unsigned v;

			if (op->kind != DBI_OP_TEXT || op->u.text.runs->run->text_len < 2 || op->u.text.runs->run->text[0] != 'w')
				continue;
			v = (unsigned)strtoul(op->u.text.runs->run->text + 1, NULL, 10);
			good &= v < n && seen[v]++ == 0 && op->elem < DBI_ELEM_ARTIFACT_PAGINATION;
		}
	for (unsigned i = 0; i < n; i++)
		good &= seen && seen[i] == 1;
	free(seen);
	return good;
}

/* All text and rules but the marks stay inside the margins of their page. */
static bool inside_margins(void)
{
	for (size_t p = 0; p < b.display.n_pages; p++)
		for (size_t i = 0; i < b.display.pages[p].n_ops; i++) {
			const struct dbi_op *op = &b.display.pages[p].ops[i];
			dbi_len x2 = op->x, y2 = op->y;

			if (op->kind == DBI_OP_TEXT)
				x2 += dbi_run_width(b.fonts, op->u.text.runs->run, op->u.text.size) + op->u.text.stretch;
			else if (op->kind == DBI_OP_RULE)
				x2 = op->u.rule.x2, y2 = op->u.rule.y2;
			else if (op->kind == DBI_OP_RECT)
				x2 += op->u.rect.w, y2 += op->u.rect.h;
			if (op->kind == DBI_OP_RULE && x2 < MM(10))
				continue;
			if (op->x < MM(25) - 10 || x2 > MM(190) + 100 || op->y < MM(12) || y2 > MM(288)) {
				printf("# page %zu op %zu at %ld,%ld\n", p, i, (long)op->x, (long)op->y);
				return false;
			}
		}
	return true;
}

/* No line of text is drawn over another one: on a page, baselines of overlapping runs are apart. */
static bool nothing_overprinted(void)
{
	for (size_t p = 0; p < b.display.n_pages; p++) {
		const struct dbi_page *page = &b.display.pages[p];

		for (size_t i = 0; i < page->n_ops; i++)
			for (size_t k = i + 1; k < page->n_ops && k < i + 400; k++) {
				const struct dbi_op *o = &page->ops[i], *q = &page->ops[k];
				dbi_len gap;

				if (o->kind != DBI_OP_TEXT || q->kind != DBI_OP_TEXT || o->u.text.runs->space || q->u.text.runs->space)
					continue;
				if (o->x + dbi_run_width(b.fonts, o->u.text.runs->run, o->u.text.size) <= q->x + 50 ||
				    q->x + dbi_run_width(b.fonts, q->u.text.runs->run, q->u.text.size) <= o->x + 50)
					continue;
				gap = o->y > q->y ? o->y - q->y : q->y - o->y;
				if (gap < q->u.text.size * 8 / 10)
					return false;
			}
	}
	return true;
}

static void test_long_table(void)
{
	char *body = many_rows(400, 3), expect[64];
	size_t heads = 0, first = 0;

	if (!OK(body && bench_body(&b, body) == DBRIEF_OK, "a table of 400 rows"))
		return;
	OK(b.display.n_pages > 5, "goes over pages");
	OK(each_once(1200), "each word is drawn once");
	OK(inside_margins(), "nothing stands outside the margins");
	OK(nothing_overprinted(), "nothing is overprinted");
	for (size_t p = 0; p < b.display.n_pages; p++) {
		const struct dbi_op *head = find_text("Kopfeins", p, &first);

		heads += head && first == p && (p == 0 ? head->elem < DBI_ELEM_ARTIFACT_PAGINATION : head->elem == DBI_ELEM_ARTIFACT_PAGINATION);
	}
	EQ(heads, b.display.n_pages, "the head is on every page, content once and then an artifact");
	for (size_t p = 0; p < b.display.n_pages; p++) {
		snprintf(expect, sizeof(expect), "%zu", p + 1);
		if (!find_text(expect, p, &first) || first != p)
			break;
		heads -= 1;
	}
	EQ(heads, 0, "every page has its number");
	snprintf(expect, sizeof(expect), "%zu", b.display.n_pages);
	OK(find_text(expect, 0, &first) && first == 0, "and the number of pages");
	dbi_free(body);
}

/* Splits are clean: one cell of 600 words is higher than a page. */
static void test_long_cell(void)
{
	struct dbi_buf out = DBI_BUF_INIT;

	dbi_buf_adds(&out, "<table><thead><tr><th>Kopfeins</th><th>Kopfzwei</th></tr></thead><tr><td>kurz</td><td style='width: 30mm'>");
	for (unsigned i = 0; i < 600; i++)
		dbi_buf_addf(&out, "w%u ", i);
	dbi_buf_adds(&out, "</td></tr><tr><td>danach</td><td>x</td></tr></table>");
	if (OK(bench_body(&b, out.data) == DBRIEF_OK, "a cell higher than a page")) {
		OK(b.display.n_pages > 1, "is divided between lines");
		OK(each_once(600), "each word is drawn once");
		OK(inside_margins(), "nothing stands outside the margins");
		OK(nothing_overprinted(), "nothing is overprinted");
	}
	dbi_buf_dispose(&out);
	dbi_buf_adds(&out, "<table><tr><td>x</td><td>");
	for (unsigned i = 0; i < 200; i++)
		dbi_buf_addc(&out, (char)('a' + i % 26));
	dbi_buf_adds(&out, "</td><td>eine Spalte mit Text</td></tr></table>");
	if (!OK(bench_body(&b, out.data) == DBRIEF_OK, "a token of 200 letters in a cell"))
		printf("# %s: %s\n", b.err.where, b.err.text);
	OK(inside_margins() && nothing_overprinted(), "is divided and stays inside");
	dbi_buf_dispose(&out);
}

/* Words from w<first> on. */
static void add_words(struct dbi_buf *out, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++)
		dbi_buf_addf(out, "w%u ", i);
}

/* What is divided is never printed into its neighbours or over the edge, wherever cells want their content. */
static void test_divided_rows(void)
{
	static const char *const cells[] = { "<td style='vertical-align: middle'>", "<td style='vertical-align: bottom; padding-bottom: 60mm'>", "<td>" };

	for (size_t k = 0; k < 3 * 12; k++) {
		struct dbi_buf out = DBI_BUF_INIT;
		unsigned n = k % 3 == 2 ? 60 + (unsigned)k * 2 : 1, long_one = 1300 + (unsigned)k * 12;

		dbi_buf_addf(&out, "<table><tr>%s", cells[k % 3]);
		if (k % 3 == 2) {
			add_words(&out, 1, n - 1);
			dbi_buf_adds(&out, "<table><tr><td rowspan='12' style='font-size: 30pt'>w0 x<br/>x<br/>x<br/>x<br/>x<br/>x</td><td>x</td></tr>");
			for (unsigned i = 1; i < 12; i++)
				dbi_buf_adds(&out, "<tr><td>x</td></tr>");
			dbi_buf_adds(&out, "</table>");
		} else {
			dbi_buf_adds(&out, "<p style='font-size: 100pt'>w0</p>");
		}
		dbi_buf_adds(&out, "</td><td style='width: 90mm'>");
		add_words(&out, n, long_one);
		dbi_buf_adds(&out, "</td></tr></table>");
		if (!OK(bench_body(&b, out.data) == DBRIEF_OK && b.display.n_pages > 1, "a row over pages"))
			printf("# %s: %s\n", b.err.where, b.err.text);
		OK(each_once(n + long_one) && inside_margins() && nothing_overprinted(), cells[k % 3]);
		dbi_buf_dispose(&out);
	}
}

/* All its words on one line would be wider than the largest length. */
static void test_long_paragraph(void)
{
	struct dbi_buf out = DBI_BUF_INIT;

	dbi_buf_adds(&out, "<p>");
	add_words(&out, 0, 80000);
	dbi_buf_adds(&out, "</p>");
	OK(bench_body(&b, out.data) == DBRIEF_OK && b.display.n_pages > 100, "a paragraph of more than a hundred pages");
	OK(each_once(80000) && inside_margins(), "is all there");
	dbi_buf_dispose(&out);
}

/* A heading after n lines of filling: it never ends a page, whatever n. */
static void test_headings(void)
{
	bool together = true, orphans = true;

	for (unsigned n = 20; n < 60 && together; n++) {
		struct dbi_buf out = DBI_BUF_INIT;
		size_t heading = 0, second = 0, w[5];

		dbi_buf_adds(&out, "<p>");
		for (unsigned i = 0; i < n; i++)
			dbi_buf_adds(&out, "f<br/>");
		dbi_buf_adds(&out, "f</p><h2>Ueberschrift</h2><p>w0<br/>w1<br/>w2<br/>w3<br/>w4</p>");
		together = bench_body(&b, out.data) == DBRIEF_OK && find_text("Ueberschrift", 0, &heading) && find_text("w1", 0, &second) &&
		    heading == second;
		for (unsigned i = 0; i < 5 && together; i++) {
			char name[8];

			snprintf(name, sizeof(name), "w%u", i);
			together = find_text(name, 0, &w[i]) != NULL;
		}
		orphans &= together && w[0] == w[1] && w[3] == w[4];
		dbi_buf_dispose(&out);
	}
	OK(together, "a heading stands with the next two lines");
	OK(orphans, "a paragraph leaves two lines at least on each page");
}

static void test_keep(void)
{
	bool kept = true, box = true;

	for (unsigned n = 20; n < 60; n++) {
		struct dbi_buf out = DBI_BUF_INIT;
		size_t first = 0, last = 1;

		dbi_buf_adds(&out, "<p>");
		for (unsigned i = 0; i < n; i++)
			dbi_buf_adds(&out, "f<br/>");
		dbi_buf_adds(&out, "f</p><keep><p>eins</p><p>zwei</p><p>drei</p></keep><box><p>oben</p><p>unten</p></box>"
		    "<p>Liste:</p><ul><li>punkt</li></ul>");
		kept &= bench_body(&b, out.data) == DBRIEF_OK && find_text("eins", 0, &first) && find_text("drei", 0, &last) && first == last;
		box &= find_text("oben", 0, &first) && find_text("unten", 0, &last) && first == last;
		box &= find_text("Liste:", 0, &first) && find_text("punkt", 0, &last) && first == last;
		dbi_buf_dispose(&out);
	}
	OK(kept, "what is to be kept stays on a page");
	OK(box, "a small box and a list with its introduction do");
}

/* A box with more than a page: it closes below and opens again above. */
static void test_long_box(void)
{
	struct dbi_buf out = DBI_BUF_INIT;

	dbi_buf_adds(&out, "<box style='background-color: #eeeeee'>");
	for (unsigned i = 0; i < 120; i++)
		dbi_buf_addf(&out, "<p>w%u</p>", i);
	dbi_buf_adds(&out, "</box>");
	OK(bench_body(&b, out.data) == DBRIEF_OK && each_once(120), "a box over pages");
	for (size_t p = 0; p < b.display.n_pages; p++) {
		const struct dbi_op *rect = NULL;
		bool around = true;

		for (size_t i = 0; i < b.display.pages[p].n_ops; i++) {
			const struct dbi_op *op = &b.display.pages[p].ops[i];

			if (op->kind == DBI_OP_RECT)
				rect = op;
			else if (rect && op->kind == DBI_OP_TEXT && op->u.text.runs->run->text[0] == 'w')
				around &= op->y > rect->y && op->y < rect->y + rect->u.rect.h && rect->y + rect->u.rect.h < MM(280);
		}
		OK(rect && around, "has its background around its lines on each page");
	}
	OK(inside_margins() && nothing_overprinted(), "nothing stands outside or on each other");
	dbi_buf_dispose(&out);
}

static void test_structure(void)
{
	static const uint8_t roles[] = { DBI_ROLE_DOCUMENT, DBI_ROLE_P, DBI_ROLE_H1, DBI_ROLE_H2, DBI_ROLE_L, DBI_ROLE_LI, DBI_ROLE_LBL, DBI_ROLE_LBODY,
		DBI_ROLE_TABLE, DBI_ROLE_THEAD, DBI_ROLE_TR, DBI_ROLE_TH, DBI_ROLE_TBODY, DBI_ROLE_TR, DBI_ROLE_TH, DBI_ROLE_TD, DBI_ROLE_FIGURE };
	bool same;

	OK(bench_body(&b, "<h2>Ü</h2><ul><li>a</li></ul><table><thead><tr><th colspan='2'>k</th></tr></thead><tr><th>z</th><td>1</td></tr></table>"
	    "<chart alt='Text'><bar label='l' value='1'/></chart><img src='x' alt=''/>") == DBRIEF_OK, "a letter of many kinds");
	same = b.display.n_elements == sizeof(roles);
	for (size_t i = 0; i < sizeof(roles) && same; i++)
		same = b.display.elements[i].role == roles[i];
	OK(same, "has its elements in reading order");
	EQ(b.display.elements[11].scope, 1, "a head cell is of its column");
	EQ(b.display.elements[11].colspan, 2, "over two columns");
	EQ(b.display.elements[14].scope, 2, "a th in a row is of the row");
	IS(b.display.elements[16].alt, "Text: l 1", "a figure has its text");
}

/* Every allocation of a layout fails once: it is reported, and the next letter is as it should be. */
static void test_memory(void)
{
	static const char body[] = "<h2>Ü</h2><p style='width: 30mm; text-align: justify'>Datenschutzgrundverordnungsauskunft שלום und mehr "
	    "<a href='http://a.example'>Text</a></p><ul><li>a</li></ul><table><thead><tr><th colspan='2'>k</th></tr></thead><tr><td>1</td><td>2</td>"
	    "</tr></table><dl><dt>a</dt><dd>b</dd></dl><box><p>c</p></box><chart alt='Text'><bar label='l' value='1'/></chart><page-break/><p>x</p>";
	unsigned long n;
	int status = DBRIEF_FAILED;

	for (n = 1; n < 2000 && status != DBRIEF_OK; n++) {
		bench_clear(&b);
		dbi_arena_dispose(&b.arena);
		dbi_mem_fail_at(n, false);
		status = bench_body(&b, body);
		dbi_mem_fail_at(0, false);
		if (status != DBRIEF_OK && b.err.cause != DBRIEF_CAUSE_MEMORY)
			break;
	}
	if (!OK(status == DBRIEF_OK, "a failed allocation is reported as such"))
		printf("# allocation %lu: %s: %s\n", n, b.err.where, b.err.text);
	OK(bench_body(&b, body) == DBRIEF_OK && b.display.n_pages == 2, "and leaves nothing behind");
}

/* Memory ends anywhere in a letter with tables, also where no chunk of it is asked for. */
static void test_little_memory(void)
{
	static const char body[] = "<table><caption>c</caption><thead><tr><th>k</th><th>l</th></tr></thead><tr><td>eins zwei drei vier f\xC3\xBCnf sechs "
	    "sieben acht neun zehn elf zw\xC3\xB6lf <br/>a<br/>b<br/>c<br/>d<br/>e<br/>f<br/>g<br/>h<br/>i<br/>j</td><td>x<br/>y</td></tr>"
	    "<tr><td rowspan='2'><p>p</p><p>q</p></td><td><b>r</b> s</td></tr><tr><td><table><tr><td>t</td></tr></table></td></tr></table>";
	int status = DBRIEF_FAILED;
	size_t max;

	for (max = 2000; max < 1000000 && status != DBRIEF_OK; max += 200) {
		bench_clear(&b);
		dbi_arena_dispose(&b.arena);
		b.arena.max = max;
		status = bench_body(&b, body);
		if (status != DBRIEF_OK && b.err.cause != DBRIEF_CAUSE_MEMORY && b.err.cause != DBRIEF_CAUSE_LIMIT)
			break;
	}
	if (!OK(status == DBRIEF_OK && max > 10000, "a letter is laid out or refused, however little memory there is"))
		printf("# %zu bytes: %s: %s\n", max, b.err.where, b.err.text);
	bench_clear(&b);
	dbi_arena_dispose(&b.arena);
	b.arena.max = 0;
}

int main(void)
{
	if (!OK(bench_open(&b), "fonts open"))
		return tap_done();
	check_front('b', 4500, 9846, 10500, 21000);
	check_front('a', 2700, 8046, 8700, 19200);
	test_refusals();
	test_long_info();
	test_lists();
	test_thin_picture();
	test_long_table();
	test_long_cell();
	test_divided_rows();
	test_long_paragraph();
	test_headings();
	test_keep();
	test_long_box();
	test_structure();
	test_memory();
	test_little_memory();
	bench_close(&b);
	return tap_done();
}
