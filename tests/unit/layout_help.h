/* SPDX-License-Identifier: MIT */
/* What the tests of letter and layout share: fonts once, a letter from a string. */
#ifndef LAYOUT_HELP_H
#define LAYOUT_HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "layout/layout.h"
#include "util/hash.h"
#include "util/mem.h"

struct bench {
	dbi_fontset *fonts;
	dbi_shaper *shaper;
	dbi_breaker *breaker;
	struct dbi_arena arena;
	struct dbi_image image;  /* any picture asked for */
	dbi_xml_doc *doc;
	struct dbi_draft draft;
	struct dbi_letter *letter;
	struct dbi_display display;
	struct dbrief_error err;
	int fault;               /* status of mistakes in the document, 0: FAILED */
};

static inline int bench_load(void *user, const char *folder, const char *src, const struct dbi_image **image, struct dbrief_error *err)
{
	struct bench *b = user;

	(void)folder, (void)src, (void)err;
	*image = &b->image;
	return DBRIEF_OK;
}

static inline bool bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->image.width = 200;
	b->image.height = 100;
	dbi_hash_init();
	dbi_xml_init();
	return dbi_fontset_new(&b->fonts, NULL, 0, NULL, 0, &b->err) == DBRIEF_OK && dbi_shaper_new(&b->shaper, b->fonts, &b->err) == DBRIEF_OK &&
	    dbi_breaker_new(&b->breaker, &b->err) == DBRIEF_OK;
}

/* Golden files and measures depend on the font; with another one they are skipped. */
static inline bool bench_has_arimo(const struct bench *b)
{
	return dbi_fontset_family(b->fonts, "Arimo") >= 0;
}

static inline void bench_clear(struct bench *b)
{
	dbi_shaper_letter_done(b->shaper);
	dbi_xml_free(b->doc);
	b->doc = NULL;
	b->letter = NULL;
	dbi_arena_reset(&b->arena);
	dbrief_error_clear(&b->err);
}

static inline void bench_close(struct bench *b)
{
	bench_clear(b);
	dbi_arena_dispose(&b->arena);
	dbi_draft_dispose(&b->draft);
	dbi_breaker_free(b->breaker);
	dbi_shaper_free(b->shaper);
	dbi_fontset_free(b->fonts);
}

static inline int bench_read(struct bench *b, const char *xml, size_t len)
{
	int status;

	bench_clear(b);
	status = dbi_xml_parse_memory(&b->doc, "letter.xml", xml, len, "urn:datenbrief:letter:1", &b->err);
	if (status == DBRIEF_OK)
		status = dbi_draft_from_xml(&b->draft, b->doc, &b->err);
	return status == DBRIEF_OK ? dbi_letter_read(&b->letter, &b->arena, &b->draft, b->fonts, b->fault ? b->fault : DBRIEF_FAILED, &b->err) : status;
}

/* Gives every run of a page's texts an operation of its own, so that tests find words and where they stand. */
static inline bool bench_part_runs(struct bench *b, size_t number)
{
	struct dbi_page *page = &b->display.pages[number];
	const struct dbi_op *ops = page->ops;
	size_t n = page->n_ops;

	page->ops = NULL;
	page->n_ops = page->cap_ops = 0;
	for (const struct dbi_op *op = ops; op < ops + n; op++) {
		uint32_t runs = op->kind == DBI_OP_TEXT ? op->u.text.n : 1, spaces = 0;
		dbi_len x = op->x;

		for (uint32_t k = 0; k < runs; k++) {
			struct dbi_op *part = dbi_page_add_op(&b->display, number, (enum dbi_op_kind)op->kind, op->elem);
			dbi_len width = op->kind == DBI_OP_TEXT ? dbi_op_run_width(op, k, &spaces) : 0;

			if (!part)
				return false;
			*part = *op;
			part->x = x;
			x += width;
			if (op->kind != DBI_OP_TEXT)
				continue;
			part->line_end = op->line_end && k + 1 == runs;
			part->u.text.runs += k;
			part->u.text.n = 1;
			part->u.text.rest = 0;
			part->u.text.stretch = width - op->u.text.runs[k].width;
		}
	}
	return true;
}

static inline int bench_layout(struct bench *b, const char *xml, size_t len)
{
	const struct dbi_image_source images = { bench_load, b };
	struct dbi_layout_ctx ctx = { b->fonts, b->shaper, b->breaker, &b->arena, &images };
	int status = bench_read(b, xml, len);

	return status == DBRIEF_OK ? dbi_layout_letter(&ctx, b->letter, &b->display, &b->err) : status;
}

/* The same with an operation for every run. */
static inline int bench_layout_parted(struct bench *b, const char *xml, size_t len)
{
	int status = bench_layout(b, xml, len);

	for (size_t i = 0; status == DBRIEF_OK && i < b->display.n_pages; i++)
		if (!bench_part_runs(b, i))
			status = dbi_error_memory(&b->err);
	return status;
}

#define LETTER_HEAD "<letter xmlns='urn:datenbrief:letter:1' form='din5008-b' lang='de' title='T' case='K7Q3-9XB2-ABC1'>" \
	"<recipient><line>Zoë Beispiel</line></recipient><subject>Betreff</subject>"
#define LETTER_TAIL "<page-label>Seite {page} von {pages}</page-label></letter>"

/* A letter with this body. The result lives until the next call. */
static inline const char *body_letter(const char *body)
{
	static char *xml;
	size_t n = strlen(body) + 600;

	free(xml);
	xml = malloc(n);
	if (xml)
		snprintf(xml, n, "%s<body>%s</body>%s", LETTER_HEAD, body, LETTER_TAIL);
	return xml ? xml : "";
}

static inline int bench_body(struct bench *b, const char *body)
{
	const char *xml = body_letter(body);

	return bench_layout_parted(b, xml, strlen(xml));
}

#endif
