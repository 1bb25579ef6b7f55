/* SPDX-License-Identifier: MIT */
/* The letter reader: what it takes, and where and how it refuses. */
#include "layout_help.h"
#include "xml/schemas.h"

static struct bench b;

#define ROOT "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' lang='de' title='T'>\n"
#define REPORT "<letter xmlns='urn:datenbrief:letter:1' form='report' lang='de' title='T'>\n"
#define TO "<recipient><line>X</line></recipient>"
#define SUBJECT "<subject>S</subject>"
#define BODY(x) ROOT TO SUBJECT "<body>\n" x "</body></letter>"

static const struct { const char *xml, *where, *text; } bad[] = {
	{ "<p xmlns='urn:datenbrief:letter:1'/>", "letter.xml:1:1", "the document is <p>, not a letter; its root must be <letter>" },
	{ "<letter xmlns='urn:datenbrief:letter:1' form='fax' lang='de' title='T'/>", "letter.xml:1:1",
	  "form of <letter> must be din5008-b, din5008-a, swiss, austria or report" },
	{ "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' title='T'/>", "letter.xml:1:1", "<letter> needs lang and title; add them" },
	{ "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' lang='deutsch!' title='T'/>", "letter.xml:1:1",
	  "lang of <letter> is no language tag; write one such as de or en-GB" },
	{ REPORT TO SUBJECT "<body/></letter>", "letter.xml:1:1",
	  "a letter of the form report has no window, so no <recipient>; remove it" },
	{ REPORT SUBJECT "</letter>", "letter.xml:1:1", "<letter> has no <body>; add it" },
	{ ROOT SUBJECT "<body/></letter>", "letter.xml:1:1", "<letter> has no <recipient>; add it" },
	{ ROOT TO "<body/></letter>", "letter.xml:1:1", "<letter> has no <subject>; add it" },
	{ ROOT TO SUBJECT "</letter>", "letter.xml:1:1", "<letter> has no <body>; add it" },
	{ ROOT TO TO SUBJECT "<body/></letter>", "letter.xml:2:38", "<recipient> stands twice; keep one" },
	{ ROOT "<recipient><line>X</line><line> </line></recipient>" SUBJECT "<body/></letter>", "letter.xml:2:26", "<line> is empty; fill it or leave it out" },
	{ ROOT "<recipient>X</recipient>" SUBJECT "<body/></letter>", "letter.xml:2:1", "text stands in <recipient> as such; put it into <line>" },
	{ ROOT TO SUBJECT "<body/>\nText</letter>", "letter.xml:1:1", "text stands in <letter> as such; put it into <body>" },
	{ ROOT TO "<subject> </subject><body/></letter>", "letter.xml:1:1", "<subject> is empty; fill it" },
	{ ROOT TO SUBJECT "<p>x</p><body/></letter>", "letter.xml:2:58",
	  "<p> cannot stand in <letter>; allowed here: style letterhead return-address remark recipient info-block subject salutation body closing "
	  "reply-slip footer page-label" },
	{ BODY("<para>x</para>"), "letter.xml:3:1", "element <para> is unknown in a letter; did you mean <bar>?" },
	{ BODY("<p>x</p>\n  <tabel/>"), "letter.xml:4:3", "element <tabel> is unknown in a letter; did you mean <table>?" },
	{ BODY("text"), "letter.xml:2:58", "text or an inline element stands in <body> as such; put it into <p>" },
	{ BODY("<b>x</b>"), "letter.xml:2:58", "text or an inline element stands in <body> as such; put it into <p>" },
	{ BODY("<p clas='a'>x</p>"), "letter.xml:3:1", "attribute 'clas' is unknown in <p>; did you mean 'class'?" },
	{ BODY("<p href='a'>x</p>"), "letter.xml:3:1", "attribute 'href' is unknown in <p>; remove it" },
	{ BODY("<p>a<table/></p>"), "letter.xml:3:5", "<table> cannot stand in <p>; allowed here: text and a, b, i, br, span, img, checkbox" },
	{ BODY("<li>a</li>"), "letter.xml:3:1", "<li> cannot stand in <body>; allowed here: p h1 h2 h3 ul ol dl table box keep img qr chart hr page-break" },
	{ BODY("<ul><p>a</p></ul>"), "letter.xml:3:5", "<p> cannot stand in <ul>; allowed here: li" },
	{ BODY("<ul/>"), "letter.xml:3:1", "the list is empty; give it at least one <li> or leave it out" },
	{ BODY("<dl><dd>a</dd></dl>"), "letter.xml:3:5", "<dd> stands before the first <dt>; start with the term" },
	{ BODY("<table><tr>x</tr></table>"), "letter.xml:3:8", "text stands in <tr> as such; put it into <td>" },
	{ BODY("<table/>"), "letter.xml:3:1", "the table has no rows; add <tr> or leave the table out" },
	{ BODY("<table><tr><td/></tr><thead/></table>"), "letter.xml:3:22", "<thead> must stand once, before the rows; move it" },
	{ BODY("<table><tr><td colspan='0'/></tr></table>"), "letter.xml:3:12", "colspan of <td> must be a whole number from 1 to 64" },
	{ BODY("<p><a>x</a></p>"), "letter.xml:3:4", "href of <a> is missing; give an http:, https: or mailto: address without blanks" },
	{ BODY("<p><a href='javascript:alert(1)'>x</a></p>"), "letter.xml:3:4",
	  "href of <a> is not allowed; give an http:, https: or mailto: address without blanks" },
	{ BODY("<p><a href='file:///etc/passwd'>x</a></p>"), "letter.xml:3:4",
	  "href of <a> is not allowed; give an http:, https: or mailto: address without blanks" },
	{ BODY("<p><a href='https://a b'>x</a></p>"), "letter.xml:3:4",
	  "href of <a> is not allowed; give an http:, https: or mailto: address without blanks" },
	{ BODY("<p><a href='http://a'><a href='http://b'>x</a></a></p>"), "letter.xml:3:23", "a link stands inside a link; end the outer one first" },
	{ BODY("<img src='a.png'/>"), "letter.xml:3:1", "<img> needs src and alt, a text for those who do not see it" },
	{ BODY("<qr alt='x'/>"), "letter.xml:3:1", "<qr> needs data and alt, a text for those who do not see it" },
	{ BODY("<img src='a.png' alt='' width='3'/>"), "letter.xml:3:1", "width of <img> is no length; write it as in 25mm, 3cm, 40pt or 2em" },
	{ BODY("<chart alt='x'><bar label='a' value='1,5'/></chart>"), "letter.xml:3:16",
	  "<bar> needs label and value, a decimal of zero or more such as 12.5" },
	{ BODY("<hr>x</hr>"), "letter.xml:3:1", "<hr> must be empty; move its content behind it" },
	{ BODY("<p style='colour: red'>x</p>"), "letter.xml:3:1", "style property 'colour' is unknown; did you mean 'color'?" },
	{ ROOT TO SUBJECT "<body/><page-label>Seite {seite}</page-label></letter>", "letter.xml:2:65",
	  "<page-label> knows {page} and {pages} only; correct the braces (in a template they are doubled)" },
	{ ROOT "<style>\np {\n color: nix\n}</style>" TO SUBJECT "<body/></letter>", "letter.xml:4",
	  "style property color: value 'nix' is not understood; write #rrggbb or a basic colour name" },
};

/* What only the reader knows: properties of styles, braces, links in links, text that is all blanks. */
static bool is_beyond_schema(const char *text)
{
	static const char *const beyond[] = { "style property", "<page-label>", "a link stands", "<subject>" };

	for (size_t i = 0; i < sizeof(beyond) / sizeof(*beyond); i++)
		if (strncmp(text, beyond[i], strlen(beyond[i])) == 0)
			return true;
	return false;
}

static int validate(const char *xml)
{
	bench_clear(&b);
	if (dbi_xml_parse_memory(&b.doc, "letter.xml", xml, strlen(xml), NULL, &b.err) != DBRIEF_OK)
		return DBRIEF_FATAL;
	return dbi_xml_validate(b.doc, "letter.rng", dbi_schema_letter, &b.err);
}

/* The schema refuses what the reader refuses, and takes a letter of every kind. */
static void test_schema(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (!is_beyond_schema(bad[i].text))
			OK(validate(bad[i].xml) != DBRIEF_OK, bad[i].text);
	if (!OK(validate(body_letter("<p class='a' lang='en'>x <b>y</b> <a href='mailto:a@b.example'>z</a><br/><checkbox/></p><ul><li>a<p>b</p></li></ul>"
	    "<ol start='3'><li/></ol><dl><dt>a</dt><dd>b</dd><dd>c</dd></dl><box>t<p>u</p></box><keep><p>x</p></keep><hr/><page-break/>"
	    "<img src='a' alt='' width='3cm'/><qr data='d' alt='e'/><chart alt='f'><bar label='g' value='1.5'/></chart>"
	    "<table><caption>h</caption><thead><tr><th colspan='2'>i</th></tr></thead><tr><td>j</td></tr><tbody/><tfoot/></table>")) == DBRIEF_OK,
	    "a letter of every kind"))
		printf("# %s: %s\n", b.err.where, b.err.text);
}

/* The letter of a template is made of data: what stands in a style of its own is in no message. */
static void test_values_in_styles(void)
{
	static const struct { const char *body, *text; } table[] = {
		{ "<p style='width: 4711-0815'>x</p>", "style property width: value '...' is not understood; write " },
		{ "<p style='4711-0815'>x</p>", "'...' has no value; write" },
		{ "<p style='4711-0815: 1'>x</p>", "style property '...' is unknown; see" },
		{ "<p style='colour: 4711-0815'>x</p>", "style property '...' is unknown; did you mean 'color'?" },
		{ "<p style='font-family: 4711-0815'>x</p>", "font-family '...' is not configured" },
		{ "<p style=\"color: 4711-0815 '4'\">x</p>", "style property color: value '...' is not understood" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *xml = body_letter(table[i].body);

		OK(bench_read(&b, xml, strlen(xml)) == DBRIEF_FAILED, "a wrong style holds the letter");
		OK(strncmp(b.err.text, table[i].text, strlen(table[i].text)) == 0 && !strstr(b.err.text, "4711"), table[i].text);
	}
}

static void test_errors(void)
{
	b.fault = DBRIEF_FATAL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		OK(bench_read(&b, bad[i].xml, strlen(bad[i].xml)) != DBRIEF_OK, bad[i].text);
		IS(b.err.where, bad[i].where, "the place");
		IS(b.err.text, bad[i].text, "the text");
		EQ(b.err.cause, DBRIEF_CAUSE_XML, "the cause");
	}
	b.fault = 0;
}

/* Spans as text: kinds as signs, each text in bars. */
static const char *spans_text(const struct dbi_span *s)
{
	static char out[512];
	size_t n = 0;

	for (; s && n < sizeof(out) - 100; s = s->next)
		n += (size_t)(s->kind == DBI_SPAN_TEXT ? snprintf(out + n, sizeof(out) - n, "|%.*s|", (int)s->len, s->text)
		                                        : snprintf(out + n, sizeof(out) - n, s->kind == DBI_SPAN_BREAK ? "/" : "#"));
	out[n] = '\0';
	return out;
}

static const struct { const char *body, *want; } spaces[] = {
	{ "<p>  a \n b\t c  </p>", "|a b c|" },
	{ "<p>a <b> b </b> c</p>", "|a ||b ||c|" },
	{ "<p>a<b>b</b>c</p>", "|a||b||c|" },
	{ "<p>a <br/> b</p>", "|a|/|b|" },
	{ "<p><b> a</b> </p>", "|a|" },
	{ "<p>a&#160; b</p>", "|a\xC2\xA0 b|" },
	{ "<p>a <checkbox/> b</p>", "|a |#| b|" },
};

static void test_white_space(void)
{
	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		const char *xml = body_letter(spaces[i].body);

		if (!OK(bench_read(&b, xml, strlen(xml)) == DBRIEF_OK, "a paragraph is read"))
			continue;
		IS(spans_text(b.letter->body->spans), spaces[i].want, "white space is collapsed as in HTML");
	}
}

/* White space collapsed one character after the other. */
static void collapse_slowly(const char *s, char *out)
{
	char *start = out;

	for (; *s; s++) {
		bool blank = strchr(" \t\n", *s) != NULL;

		if (!blank || (out > start && out[-1] != ' '))
			*out++ = blank ? ' ' : *s;
	}
	while (out > start && out[-1] == ' ')
		out--;
	*out = '\0';
}

/* Texts are looked at in pieces of several bytes: white space of every kind stands at every place. */
static void test_white_space_everywhere(void)
{
	static const char *const inserts[] = { " ", "  ", "\n", " \t", "\xC3\xA4 ", "\xC2\xA0" };
	char text[64], want[64], body[128], xml[512];
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(inserts) / sizeof(*inserts); i++)
		for (int len = 0; len < 26; len++)
			for (int at = 0; at <= len; at++) {
				snprintf(text, sizeof(text), "%.*s%s%.*s", at, "abcdefghijklmnopqrstuvwxyz", inserts[i], len - at,
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
				snprintf(body, sizeof(body), "<p>%s</p>", text);
				snprintf(xml, sizeof(xml), "%s", body_letter(body));
				collapse_slowly(text, want);
				if (bench_read(&b, xml, strlen(xml)) != DBRIEF_OK || (b.letter->body->spans ? b.letter->body->spans->len : 0) != strlen(want) ||
				    (*want && memcmp(b.letter->body->spans->text, want, strlen(want)) != 0)) {
					printf("# \"%s\"\n", text);
					wrong++;
				}
			}
	EQ(wrong, 0, "white space collapses wherever it stands");
}

static void test_structure(void)
{
	const char *xml = body_letter("<p lang='en'>x <span lang='fr'>y</span> <a href='MAILTO:a@b.example' title='t'>z <b>w</b></a></p>"
	    "<table><tr><td>a<p>b</p>c</td><td><p>d</p></td></tr></table>");
	const struct dbi_block *p;
	const struct dbi_cell *c;

	if (!OK(bench_read(&b, xml, strlen(xml)) == DBRIEF_OK, "a letter with a table"))
		return;
	p = b.letter->body;
	IS(p->lang, "en", "lang of a block");
	IS(p->spans->next->lang, "fr", "lang of a span");
	OK(p->spans->next->next->next->link != NULL, "a span of a link knows it");
	OK(p->spans->next->next->next->next->link == p->spans->next->next->next->link, "and so does an element inside of it");
	IS(p->spans->next->next->next->link->alt, "t", "their title is kept");
	c = p->next->rows->cells;
	OK(c->blocks->anonymous && !c->blocks->next->anonymous && c->blocks->next->next->anonymous, "loose text in a cell becomes paragraphs");
	OK(!c->next->blocks->anonymous, "a paragraph stays one");
	IS(b.letter->case_code, "K7Q3-9XB2-ABC1", "case code");
	xml = ROOT TO SUBJECT "<reply-slip><p>r</p></reply-slip><closing xml:lang='en'><p>c</p></closing><body><p>x</p></body></letter>";
	OK(bench_read(&b, xml, strlen(xml)) == DBRIEF_OK, "parts in any order");
	EQ(b.letter->body->next->kind, DBI_BLOCK_KEEP, "closing follows the body");
	IS(b.letter->body->next->lang, "en", "in its own language, which XML's attribute says as well");
	OK(b.letter->body->next->next && b.letter->body->next->next->style->page_before, "the reply slip starts a page");
}

/* Every allocation of reading fails once. */
static void test_memory(void)
{
	const char *xml = body_letter("<p class='note'>x <b>y</b></p><ul><li>a</li></ul><table><tr><td>1</td></tr></table>");
	unsigned long n;
	int status = DBRIEF_FAILED;

	for (n = 1; n < 500 && status != DBRIEF_OK; n++) {
		bench_clear(&b);
		dbi_arena_dispose(&b.arena);
		dbi_mem_fail_at(n, false);
		status = bench_read(&b, xml, strlen(xml));
		dbi_mem_fail_at(0, false);
		if (status != DBRIEF_OK && b.err.cause != DBRIEF_CAUSE_MEMORY)
			break;
	}
	OK(status == DBRIEF_OK, "a failed allocation is reported as such");
}

int main(void)
{
	if (!OK(bench_open(&b), "fonts open"))
		return tap_done();
	test_errors();
	test_values_in_styles();
	test_schema();
	test_white_space();
	test_white_space_everywhere();
	test_structure();
	test_memory();
	bench_close(&b);
	return tap_done();
}
