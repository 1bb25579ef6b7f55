/* SPDX-License-Identifier: MIT */
/* Style rules: what they compute to, and what is said about wrong ones. */
#include "tap.h"

#include "letter/style.h"
#include "util/hash.h"

static dbi_fontset *fonts;
static struct dbi_arena arena = DBI_ARENA_INIT;
static struct dbrief_error err;

static dbi_stylesheet *sheet_with(const char *css)
{
	dbi_stylesheet *sheet = NULL;

	dbrief_error_clear(&err);
	if (dbi_stylesheet_new(&sheet, &arena, fonts, &err) != DBRIEF_OK || dbi_stylesheet_add(sheet, css, "letter.xml", 10, DBRIEF_FAILED, &err))
		return NULL;
	return sheet;
}

static const struct dbi_style *resolve(dbi_stylesheet *sheet, const struct dbi_style *parent, const char *element, const char *classes, const char *css)
{
	const struct dbi_style *s = NULL;

	dbrief_error_clear(&err);
	return sheet && dbi_style_resolve(sheet, parent, element, classes, css, &s, &err) == DBRIEF_OK ? s : NULL;
}

static long value_of(const struct dbi_style *s, const char *what)
{
	static const char *const names[] = { "size", "leading", "color", "face", "align", "hyphens", "underline", "nowrap", "widows", "margin-top",
		"margin-right", "margin-bottom", "margin-left", "padding-left", "border-top", "border-color", "background", "width-kind", "width",
		"valign", "keep", "next", "page", "indent", "preline" };
	size_t i = 0;

	while (i < sizeof(names) / sizeof(*names) && strcmp(names[i], what))
		i++;
	const long values[] = { s->size, s->leading, (long)s->color, s->face, s->align, s->hyphens, s->underline, s->nowrap, (long)s->widows,
		s->margin[0], s->margin[1], s->margin[2], s->margin[3], s->padding[3], s->border[0].width, (long)s->border[0].color,
		s->has_background ? (long)s->background : -1, s->width_kind, s->width, s->valign, s->keep_together, s->keep_with_next, s->page_before,
		s->indent, s->preline };

	return i < sizeof(values) / sizeof(*values) ? values[i] : -999;
}

static const struct { const char *css, *what; long want; } good[] = {
	{ "font-size: 12pt", "size", 12000 }, { "font-size: 1.5em", "size", 15000 }, { "font-size: 120%", "size", 12000 },
	{ "font-size: 5mm", "size", 14173 }, { "line-height: 14pt", "leading", 14000 }, { "line-height: 1.5", "leading", 15000 },
	{ "font-size: 20pt; line-height: 150%", "leading", 30000 }, { "line-height: 2; font-size: 8pt", "leading", 16000 },
	{ "font-size: 20pt", "leading", 27000 }, { "color: #1f4e79", "color", 0x1f4e79 }, { "color: #abc", "color", 0xaabbcc },
	{ "color: navy", "color", 0x80 }, { "font-weight: bold", "face", DBI_FONT_BOLD }, { "font-weight: 700", "face", DBI_FONT_BOLD },
	{ "font-weight: bold; font-style: italic", "face", DBI_FONT_BOLD_ITALIC }, { "text-align: justify", "align", DBI_ALIGN_JUSTIFY },
	{ "hyphens: none", "hyphens", 0 }, { "text-decoration: underline", "underline", 1 }, { "white-space: nowrap", "nowrap", 1 },
	{ "white-space: pre-line", "preline", 1 }, { "white-space: pre-line", "nowrap", 0 },
	{ "line-height: 5pt; font-size: 12pt", "leading", 12000 },
	{ "widows: 3", "widows", 3 }, { "margin: 1pt 2pt 3pt 4pt", "margin-left", 4000 }, { "margin: 1pt 2pt 3pt", "margin-left", 2000 },
	{ "margin: 1pt 2pt", "margin-bottom", 1000 }, { "margin: 7pt", "margin-right", 7000 }, { "margin-top: -2pt", "margin-top", -2000 },
	{ "padding: 2em", "padding-left", 20000 }, { "border: 0.5pt solid #999", "border-top", 500 },
	{ "border: #ff0000 solid 2pt", "border-color", 0xff0000 }, { "border: 1pt solid red; border-top: none", "border-top", 0 },
	{ "background-color: #eef2f6", "background", 0xeef2f6 }, { "background: none", "background", -1 },
	{ "width: 50%", "width", 50000 }, { "width: 30mm", "width", 85039 }, { "width: auto", "width-kind", DBI_WIDTH_AUTO },
	{ "vertical-align: middle", "valign", DBI_VALIGN_MIDDLE }, { "break-inside: avoid", "keep", 1 }, { "break-after: avoid", "next", 1 },
	{ "break-before: page", "page", 1 }, { "text-indent: 8mm", "indent", 22677 }, { " /* note */ color : red ; ", "color", 0xff0000 },
};

static const struct { const char *css, *text; } bad[] = {
	{ "p { colour: red }", "style property 'colour' is unknown; did you mean 'color'?" },
	{ "p { font-sise: 3pt }", "style property 'font-sise' is unknown; did you mean 'font-size'?" },
	{ "p { zzzzzzzzzz: 1 }", "style property 'zzzzzzzzzz' is unknown; see the list in the letter form" },
	{ "p { font-size: 12px }", "style property font-size: value '12px' is not understood; write a length in pt, mm, cm or em" },
	{ "p { font-size: -3pt }", "style property font-size: value '-3pt' is not understood; write a length above zero" },
	{ "p { margin-left: -3pt }", "style property margin-left: value '-3pt' is not understood; write a length above zero" },
	{ "p { color: #12345 }", "style property color: value '#12345' is not understood; write #rrggbb or a basic colour name" },
	{ "p { text-align: centre }", "style property text-align: value 'centre' is not understood; write left|right|center|justify" },
	{ "p { margin: 1pt 2pt 3pt 4pt 5pt }", "style property margin: value '1pt 2pt 3pt 4pt 5pt' is not understood; write one to four lengths" },
	{ "p { color: red blue }", "style property color: value 'red blue' is not understood; write exactly one value" },
	{ "p { color }", "'color' has no value; write 'property: value;'" },
	{ "p { color: red", "a rule has no '}'; close it" },
	{ "p color: red }", "a rule has no '{'; write 'selector { property: value }'" },
	{ "@media print { p { color: red } }", "@ rules are not supported; remove the rule" },
	{ "p > b { color: red }", "selector 'p > b' is not understood; write a name, .class, name.class, or one of these after a part as in 'footer p'" },
	{ "p { widows: 0 }", "style property widows: value '0' is not understood; write a whole number from 1 to 20" },
};

static void test_values(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		dbi_stylesheet *sheet = sheet_with("");
		const struct dbi_style *root = resolve(sheet, NULL, "letter", NULL, NULL), *s = resolve(sheet, root, "x", NULL, good[i].css);

		if (!s)
			printf("# %s\n", err.text);
		EQ(s ? value_of(s, good[i].what) : -9999, good[i].want, good[i].css);
	}
}

static void test_errors(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		OK(!sheet_with(bad[i].css), bad[i].css);
		IS(err.text, bad[i].text, "the text says what to do");
		EQ(err.status, DBRIEF_FAILED, "with the status asked for");
	}
	OK(!sheet_with("p { color: red }\n\nh1 {\n  bogus: 1;\n}"), "an error on a later line");
	IS(err.where, "letter.xml:13", "names that line");
}

static void test_cascade(void)
{
	dbi_stylesheet *sheet = sheet_with(".a { color: #000001 } p { color: #000002 } p.b { color: #000003 } footer p { color: #000004 } "
	    "h1, h2.x { color: #000005 } .a { font-size: 9pt }");
	const struct dbi_style *root = resolve(sheet, NULL, "letter", NULL, NULL);

	EQ(resolve(sheet, root, "p", NULL, NULL)->color, 2, "a rule for the element");
	EQ(resolve(sheet, root, "p", "a", NULL)->color, 1, "a class weighs more, also when it stands before");
	EQ(resolve(sheet, root, "p", "a b", NULL)->color, 3, "element and class weigh most");
	EQ(resolve(sheet, root, "p", "a b", "color: #000009")->color, 9, "but for the style attribute");
	EQ(resolve(sheet, root, "p", "a", NULL)->size, 9000, "a later rule adds to an earlier one");
	EQ(resolve(sheet, root, "h2", "x", NULL)->color, 5, "lists of selectors");
	EQ(resolve(sheet, root, "h2", "y", NULL)->color, 0, "another class is not meant");
	dbi_stylesheet_set_part(sheet, "footer");
	EQ(resolve(sheet, root, "p", NULL, NULL)->color, 4, "a rule for a part of the letter");
	EQ(resolve(sheet, root, "p", NULL, NULL)->margin[DBI_BOTTOM], 0, "the default look knows parts as well");
	dbi_stylesheet_set_part(sheet, "");
	EQ(resolve(sheet, root, "p", NULL, NULL)->color, 2, "and not outside of it");
	OK(resolve(sheet, root, "p", "a", NULL) == resolve(sheet, root, "p", "a", NULL), "equal styles are one object");
}

static void test_inheritance(void)
{
	dbi_stylesheet *sheet = sheet_with("table { font-size: 9pt; color: #112233; margin: 5pt; break-inside: avoid }");
	const struct dbi_style *root = resolve(sheet, NULL, "letter", NULL, NULL), *table = resolve(sheet, root, "table", NULL, NULL),
	    *cell = resolve(sheet, table, "", NULL, NULL);

	EQ(cell->size, 9000, "font size is inherited");
	EQ(cell->color, 0x112233, "colour is inherited");
	EQ(cell->margin[0], 0, "margins are not");
	EQ(cell->keep_together, 0, "keeping together is not");
	EQ(resolve(sheet, table, "b", NULL, NULL)->face, DBI_FONT_BOLD, "b is bold by default");
	EQ(resolve(sheet, resolve(sheet, root, "i", NULL, NULL), "b", NULL, NULL)->face, DBI_FONT_BOLD_ITALIC, "b in i is both");
	OK(!resolve(sheet, root, "p", NULL, "font-family: NoSuchFont"), "an unknown family is refused");
	OK(resolve(sheet, root, "p", NULL, "font-family: NoSuchFont, \"Arimo\", \"Liberation Sans\", \"DejaVu Sans\""), "unless a known one follows");
	OK(!resolve(sheet, root, "p", NULL, "color: red } p { color: blue"), "a style attribute holds no rules");
}

int main(void)
{
	dbi_hash_init();
	if (!OK(dbi_fontset_new(&fonts, NULL, 0, NULL, 0, &err) == DBRIEF_OK, "fonts open"))
		return tap_done();
	test_values();
	test_errors();
	test_cascade();
	test_inheritance();
	dbi_arena_dispose(&arena);
	dbi_fontset_free(fonts);
	return tap_done();
}
