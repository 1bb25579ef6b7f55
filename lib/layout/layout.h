/* SPDX-License-Identifier: MIT */
/*
 * Layout: a letter placed on pages. Blocks are placed until the page is full,
 * and go on on the next; page n of m is filled in at the end. Nothing is
 * clipped or overprinted: what cannot be placed is an error by name.
 */
#ifndef DBI_LAYOUT_H
#define DBI_LAYOUT_H

#include "letter/letter.h"
#include "page/display.h"
#include "text/breaks.h"

/* Pictures by file name, in `folder` or, when that is NULL, in the letter's own, decoded once per process; supplied by the api floor. */
struct dbi_image_source {
	int (*load)(void *user, const char *folder, const char *src, const struct dbi_image **image, struct dbrief_error *err);
	void *user;
};

struct dbi_layout_ctx {           /* one thread; borrowed parts */
	const dbi_fontset *fonts;
	dbi_shaper *shaper;
	dbi_breaker *breaker;
	struct dbi_arena *arena;      /* of the letter */
	const struct dbi_image_source *images; /* may be NULL: pictures are errors */
};

int dbi_layout_letter(struct dbi_layout_ctx *ctx, const struct dbi_letter *letter, struct dbi_display *out,
    struct dbrief_error *err);

#endif
