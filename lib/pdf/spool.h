/* SPDX-License-Identifier: MIT */
/*
 * A letter on its way into a lot: its pages ready to be copied, and beside
 * them what the lot has to share out: glyphs by face, texts of glyphs,
 * pictures by their hash, links. Glyphs keep their ids in every subset, so the
 * pages stay valid whatever the lot embeds. A record names faces and pictures
 * and holds none, and is the same in any thread and process.
 *
 * Bytes: magic, fields (numbers little-endian, texts with length and NUL),
 * then BLAKE2b-128 of all before it.
 */
#ifndef DBI_PDF_SPOOL_H
#define DBI_PDF_SPOOL_H

#include "pdf/content.h"

/* A letter's deflated page. */
struct dbi_page_data { char *data; size_t len; };

/* Appends the record of a letter whose pages are in data. color: something on them is not gray. */
int dbi_spool_write(struct dbi_buf *out, const struct dbi_content *c, const struct dbi_page_data *data, bool color,
    const struct dbi_pdf_meta *meta, struct dbrief_error *err);

/* Tells one font file from another: a hash of its table directory, which has the checksums of all tables. */
uint64_t dbi_face_identity(const struct dbi_face_info *face);

/* What a record says. Points into it but for the arrays. */
struct dbi_spool_face {
	unsigned face;           /* the n-th of them is /Fn on the pages */
	uint64_t identity;
	const unsigned char *glyphs; size_t n_glyphs; /* see dbi_spool_glyph */
	struct dbi_glyph_note *notes; size_t n_notes;
};
struct dbi_spool_image {        /* the n-th is /In */
	const unsigned char *sha256;
	bool beside;             /* path is relative to the configuration's folder */
	const char *path;
};
struct dbi_spool_link { int32_t box[4]; const char *alt, *uri; };
struct dbi_spool_page {
	dbi_len width, height;
	const char *data; size_t len;
	struct dbi_spool_link *links; size_t n_links;
};
struct dbi_spool {
	const char *case_code, *title, *lang, *creator;
	unsigned year, month, day;
	bool color;
	struct dbi_spool_face *faces; size_t n_faces;
	struct dbi_spool_image *images; size_t n_images;
	struct dbi_spool_page *pages; size_t n_pages;
	const unsigned char *hash; /* 16 bytes */
};

static inline unsigned dbi_spool_glyph(const struct dbi_spool_face *f, size_t i)
{
	return f->glyphs[2 * i] | (unsigned)f->glyphs[2 * i + 1] << 8;
}

/* FAILED, cause VALUE, when the bytes are no record as this version writes it or were changed since. */
int dbi_spool_read(struct dbi_spool *r, struct dbi_arena *arena, const void *bytes, size_t len, struct dbrief_error *err);

#endif
