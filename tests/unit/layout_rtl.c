/* SPDX-License-Identifier: MIT */
/* Lists, tables and pairs of a language written from right to left start at the right. */
#include "layout_help.h"

static struct bench b;

#define BODY "<body><ul><li>\xD7\x90</li></ul><ol><li>\xD7\x91</li></ol>" \
	"<table><thead><tr><th>\xD7\x92</th><th colspan='2'>\xD7\x93</th></tr></thead>" \
	"<tr><td>\xD7\x94</td><td>\xD7\x95</td><td>\xD7\x96</td></tr></table><dl><dt>\xD7\x97</dt><dd>\xD7\x98</dd></dl></body>"

static int lay_out(const char *lang)
{
	char xml[2000];

	snprintf(xml, sizeof(xml), "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' lang='%s' title='T'><recipient><line>\xD7\xA9"
	    "</line><line>34117 Kassel</line></recipient><subject>B</subject>" BODY "</letter>", lang);
	return bench_layout_parted(&b, xml, strlen(xml));
}

/* Left edge of the run with this text; -1 when there is none. */
static dbi_len at(const char *text, dbi_len *width)
{
	const struct dbi_page *page = &b.display.pages[0];

	for (size_t i = 0; i < page->n_ops; i++) {
		const struct dbi_op *op = &page->ops[i];

		if (op->kind == DBI_OP_TEXT && op->u.text.runs->run->text_len == strlen(text) && memcmp(op->u.text.runs->run->text, text, strlen(text)) == 0) {
			if (width)
				*width = dbi_run_width(b.fonts, op->u.text.runs->run, op->u.text.size);
			return op->x;
		}
	}
	return -1;
}

static dbi_len right_of(const char *text)
{
	dbi_len width = 0, x = at(text, &width);

	return x < 0 ? -1 : x + width;
}

static bool close_to(dbi_len a, dbi_len c)
{
	return a - c < 200 && c - a < 200;
}

static size_t rules(void)
{
	size_t n = 0;

	for (size_t i = 0; i < b.display.pages[0].n_ops; i++)
		n += b.display.pages[0].ops[i].kind == DBI_OP_RULE;
	return n;
}

int main(void)
{
	dbi_len left = DBI_MM100(2500), right = DBI_MM100(19000);
	size_t as_many;

	if (!OK(bench_open(&b), "fonts open"))
		return tap_done();
	if (!OK(lay_out("de") == DBRIEF_OK, "from left to right"))
		return tap_done();
	as_many = rules();
	OK(at("\xE2\x80\xA2", NULL) == left && at("\xD7\x90", NULL) > left, "a bullet stands before its item");
	OK(at("\xD7\x94", NULL) < at("\xD7\x95", NULL) && at("\xD7\x95", NULL) < at("\xD7\x96", NULL), "the first column is at the left");
	if (OK(lay_out("he") == DBRIEF_OK, "from right to left")) {
		OK(at("34117", NULL) == left && at("Kassel", NULL) > left && at("\xD7\xA9", NULL) == left, "the address is flush left and read as written");
		OK(close_to(right_of("\xE2\x80\xA2"), right) && right_of("\xD7\x90") < at("\xE2\x80\xA2", NULL), "a bullet stands at the right of its item");
		OK(right_of("\xD7\x91") < right - DBI_PT(10), "and a number has its room");
		OK(close_to(right_of("\xD7\x94"), right), "the first column is flush with the right margin");
		OK(at("\xD7\x94", NULL) > right_of("\xD7\x95") && at("\xD7\x95", NULL) > right_of("\xD7\x96"), "the others follow to the left");
		OK(at("\xD7\x92", NULL) > right_of("\xD7\x93") && close_to(right_of("\xD7\x93"), right_of("\xD7\x95")), "a cell over two columns begins with the first of them");
		OK(close_to(right_of("\xD7\x97"), right) && at("\xD7\x97", NULL) > right_of("\xD7\x98"), "a term stands at the right of its text");
		EQ((long)rules(), (long)as_many, "and rules that touch are one");
	}
	bench_close(&b);
	return tap_done();
}
