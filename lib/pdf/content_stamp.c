/* SPDX-License-Identifier: MIT */
/* A word across the page, below its text: samples that must not be posted. */
#include "pdf/content.h"

#include <string.h>

/* The direction from corner to corner of a sheet A4, in 1/10000. */
#define COS 5774
#define SIN 8165
#define STAMP_WIDTH DBI_PT(640)

static void add_matrix(struct dbi_buf *out, const struct dbi_page *p, dbi_len width)
{
	static const int turn[4] = { COS, SIN, -SIN, COS };

	for (int i = 0; i < 4; i++) {
		dbi_buf_add_fixed(out, turn[i], 4);
		dbi_buf_addc(out, ' ');
	}
	dbi_buf_add_fixed(out, dbi_centi(p->width / 2 - (dbi_len)((int64_t)width * COS / 20000)), 2);
	dbi_buf_addc(out, ' ');
	dbi_buf_add_fixed(out, dbi_centi(p->height / 2 - (dbi_len)((int64_t)width * SIN / 20000)), 2);
	dbi_buf_adds(out, " Tm\n");
}

int dbi_content_stamp(struct dbi_content *c, size_t page, const char *text, struct dbi_buf *out, struct dbrief_error *err)
{
	unsigned face = dbi_fontset_face(c->d->fonts, 0, DBI_FONT_BOLD);
	const struct dbi_run *const *runs = NULL;
	size_t n = 0;
	dbi_len width = 0;
	int status = dbi_shape(c->shaper, face, text, strlen(text), false, NULL, &runs, &n, err);

	for (size_t i = 0; status == DBRIEF_OK && i < n; i++)
		width += dbi_run_width(c->d->fonts, runs[i], DBI_PT(100));
	if (status != DBRIEF_OK || width <= 0)
		return status;
	int32_t size = (int32_t)((int64_t)STAMP_WIDTH * 10000 / width); /* 1/100 pt */
	if (size > 8000)
		size = 8000;
	dbi_buf_adds(out, c->plain ? "q 0.82 g BT\n" : "/Artifact BMC q 0.82 g BT\n");
	add_matrix(out, &c->d->pages[page], (dbi_len)((int64_t)width * size / 10000));
	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		struct dbi_face_use *use = dbi_content_use(c, runs[i]->face, err);
		struct dbi_fragment f;
		if (!use)
			return err ? err->status : DBRIEF_FAILED;
		status = dbi_fragment_make(c, use->face, use, runs[i], size, &f, err);
		for (uint32_t k = 0; status == DBRIEF_OK && k < runs[i]->n; k++)
			dbi_glyph_put(use->glyphs, runs[i]->glyphs[k].id);
		if (status != DBRIEF_OK)
			return status;
		dbi_buf_addf(out, "/F%u ", use->resource);
		dbi_buf_add_fixed(out, size, 2);
		dbi_buf_adds(out, " Tf[(");
		dbi_buf_add(out, c->scratch->data, f.len);
		dbi_buf_adds(out, ")]TJ\n");
	}
	dbi_buf_adds(out, c->plain ? "ET Q\n" : "ET Q EMC\n");
	return status;
}
