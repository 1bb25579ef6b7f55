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
	dbi_breaker_free(b->breaker);
	dbi_shaper_free(b->shaper);
	dbi_fontset_free(b->fonts);
}

static inline int bench_read(struct bench *b, const char *xml, size_t len)
{
	int status;

	bench_clear(b);
	status = dbi_xml_parse_memory(&b->doc, "letter.xml", xml, len, "urn:datenbrief:letter:1", &b->err);
	return status == DBRIEF_OK ? dbi_letter_read(&b->letter, &b->arena, b->doc, b->fonts, b->fault ? b->fault : DBRIEF_FAILED, &b->err) : status;
}

static inline int bench_layout(struct bench *b, const char *xml, size_t len)
{
	const struct dbi_image_source images = { bench_load, b };
	struct dbi_layout_ctx ctx = { b->fonts, b->shaper, b->breaker, &b->arena, &images };
	int status = bench_read(b, xml, len);

	return status == DBRIEF_OK ? dbi_layout_letter(&ctx, b->letter, &b->display, &b->err) : status;
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

	return bench_layout(b, xml, strlen(xml));
}

#endif
