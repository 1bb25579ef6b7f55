/* SPDX-License-Identifier: MIT */
/*
 * The file: streams as they are, everything else in object streams, a
 * cross-reference stream (ISO 32000-1, 7.5.7 and 7.5.8). libharu's own writer
 * would double the size.
 */
#ifndef DBI_PDF_SAVE_H
#define DBI_PDF_SAVE_H

#include "pdf/compress.h"
#include "pdf/document.h"
#include "pdf/object_stream.h"
#include "pdf/tags.h"

struct dbi_save {
	struct dbi_object_stream stream;  /* the open one */
	struct dbi_buf table;             /* work space kept between letters */
	struct dbi_lz_tokens rows;        /* of the cross-reference stream */
	uint32_t *waiting;                /* numbers of objects that stand behind all others */
	size_t n_waiting, cap_waiting;
};

void dbi_save_dispose(struct dbi_save *s);
/* Between letters: gives back what only a large one needed. */
void dbi_save_trim(struct dbi_save *s);
/* Appends the file to out. root: object number of the StructTreeRoot, written here. The elements follow libharu's objects. */
int dbi_save(struct dbi_save *s, struct dbi_doc *doc, const struct dbi_tags *tags, uint32_t root,
    const uint32_t *page_numbers, dbi_deflater *z, struct dbi_buf *out, struct dbrief_error *err);

#endif
