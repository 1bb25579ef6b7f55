/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include "page/display.h"
#include "util/limits.h"
#include "util/mem.h"

static struct dbi_arena arena = DBI_ARENA_INIT;
static dbi_fontset *fonts;
static dbi_shaper *shaper;

static void fill(struct dbi_display *d)
{
	const struct dbi_run *const *runs;
	dbi_elem document, p, link, th;
	struct dbi_op *op;
	static struct dbi_set_run set;
	struct dbi_link *l;
	size_t n = 0;

	d->lang = "de";
	d->title = "Datenbrief \"Muster\"";
	dbi_display_add_page(d, DBI_A4_WIDTH, DBI_A4_HEIGHT);
	document = dbi_display_add_element(d, DBI_ROLE_DOCUMENT, 0);
	p = dbi_display_add_element(d, DBI_ROLE_P, document);
	link = dbi_display_add_element(d, DBI_ROLE_LINK, p);
	d->elements[link].alt = "Seite";
	th = dbi_display_add_element(d, DBI_ROLE_TH, document);
	d->elements[th].scope = 1;
	d->elements[th].colspan = 2;
	if (dbi_shape(shaper, 0, "Wort", 4, false, "de", &runs, &n, NULL) == DBRIEF_OK && n == 1) {
		op = dbi_page_add_op(d, 0, DBI_OP_TEXT, p);
		op->x = 70866;
		op->y = 100005;
		set = (struct dbi_set_run){ runs[0], dbi_run_width(fonts, runs[0], DBI_PT(10)), false, 0 };
		op->u.text.runs = &set;
		op->u.text.n = 1;
		op->u.text.size = DBI_PT(10);
		op->line_end = 1;
	}
	op = dbi_page_add_op(d, 0, DBI_OP_RULE, DBI_ELEM_ARTIFACT);
	op->x = -5;
	op->y = -4;
	op->u.rule.x2 = -1234567;
	op->u.rule.width = 400;
	op->color = 0x1F4E79;
	op = dbi_page_add_op(d, 0, DBI_OP_RECT, DBI_ELEM_ARTIFACT_PAGINATION);
	op->u.rect.w = op->u.rect.h = DBI_PT(1);
	l = dbi_page_add_link(d, 0, link);
	l->uri = "https://example.org/";
	l->w = DBI_PT(20);
}

static void test_dump(void)
{
	static const char want[] = "layout 1 lang=\"de\" title=\"Datenbrief \\\"Muster\\\"\"\n"
	    "page 1 595.28x841.89\n"
	    "  run 70.87,100.01 \"Wort\" %s 10.00 w %s end #1 Document/P\n"
	    "  rule -0.01,0.00 to -1234.57,0.00 width 0.40 #1f4e79 artifact\n"
	    "  rect 0.00,0.00 size 1.00x1.00 artifact/pagination\n"
	    "  link 0.00,0.00 size 20.00x0.00 uri=\"https://example.org/\" #2 Document/P/Link\n"
	    "structure\n"
	    "  #0 Document\n"
	    "    #1 P\n"
	    "      #2 Link alt=\"Seite\"\n"
	    "    #3 TH scope=column colspan=2\n";
	struct dbi_buf out = DBI_BUF_INIT, again = DBI_BUF_INIT;
	char expected[1024], width[16];
	struct dbi_display d;
	dbi_len w;

	dbi_display_init(&d, &arena, fonts);
	fill(&d);
	w = dbi_run_width(fonts, d.pages[0].ops[0].u.text.runs->run, DBI_PT(10));
	snprintf(width, sizeof width, "%d.%02d", (w + 5) / 10 / 100, (w + 5) / 10 % 100);
	snprintf(expected, sizeof expected, want, dbi_fontset_info(fonts, 0)->ps_name, width);
	EQ(dbi_display_dump(&d, &out, NULL), DBRIEF_OK, "a display list is written as text");
	IS(out.data, expected, "with operations, links and structure");
	dbi_display_dump(&d, &again, NULL);
	IS(again.data, out.data, "the same each time");
	dbi_buf_dispose(&out);
	dbi_buf_dispose(&again);
	dbi_arena_reset(&arena);
}

static void test_growth(void)
{
	struct dbi_display d;
	size_t ops = 0;
	bool kept = true;

	dbi_display_init(&d, &arena, fonts);
	while (d.n_pages < DBI_MAX_PAGES && dbi_display_add_page(&d, 1, 2))
		;
	EQ(d.n_pages, DBI_MAX_PAGES, "pages up to the limit");
	OK(!dbi_display_add_page(&d, 1, 2), "and not one more");
	for (int i = 0; i < 10000; i++) {
		struct dbi_op *op = dbi_page_add_op(&d, 7, DBI_OP_RECT, (dbi_elem)i);

		if (op)
			op->x = i;
		ops += op != NULL;
	}
	for (size_t i = 0; i < d.pages[7].n_ops; i++)
		kept = kept && d.pages[7].ops[i].x == (dbi_len)i && d.pages[7].ops[i].elem == i;
	OK(kept && ops == 10000, "operations keep their values while the page grows");
	dbi_arena_reset(&arena);
}

static void test_memory(void)
{
	struct dbi_arena small = { .max = 4096 };
	struct dbi_display d;
	size_t elements = 0;

	dbi_display_init(&d, &small, fonts);
	while (elements < 10000 && dbi_display_add_element(&d, DBI_ROLE_P, 0) != DBI_ELEM_ARTIFACT)
		elements++;
	OK(elements < 10000, "a full arena is told");
	dbi_arena_dispose(&small);
}

int main(void)
{
	if (dbi_fontset_new(&fonts, NULL, 0, NULL, 0, NULL) || dbi_shaper_new(&shaper, fonts, NULL)) {
		tap_skip("display list", "no font is installed");
		return tap_done();
	}
	test_dump();
	test_growth();
	test_memory();
	dbi_arena_dispose(&arena);
	dbi_shaper_free(shaper);
	dbi_fontset_free(fonts);
	return tap_done();
}
