/* SPDX-License-Identifier: MIT */
/*
 * A lot: the letters of spool records in one PDF/A-3b file. They share fonts
 * (one subset a face, of all glyphs used) and pictures; page labels begin anew
 * with each letter, a bookmark leads to each by its case code. Memory does not
 * grow with the letters but for a few bytes an object. Equal records in equal
 * order give equal bytes. One thread.
 */
#ifndef DBI_PDF_LOT_H
#define DBI_PDF_LOT_H

#include <datenbrief/sink.h>
#include "pdf/spool.h"

typedef struct dbi_lot dbi_lot;

struct dbi_lot_place {
	uint32_t letter;      /* 1 for the first one */
	uint32_t first_page;  /* likewise */
	uint32_t pages;       /* without the blank one */
	uint32_t sheets;
};

/* The sink is borrowed and written to at once; title NULL: the letters'. duplex: each letter begins on a front. */
int dbi_lot_new(dbi_lot **lot, const dbi_pdf_fonts *fonts, struct dbrief_sink *sink, const char *title, bool duplex,
    struct dbrief_error *err);
void dbi_lot_free(dbi_lot *lot);
/*
 * images: those of the record, in its order; they must live as long as the
 * lot. A record that does not fit these fonts leaves the lot as it was: FAILED.
 */
int dbi_lot_add(dbi_lot *lot, const struct dbi_spool *record, const struct dbi_image *const *images,
    struct dbi_lot_place *place, struct dbrief_error *err);
/* Writes the rest. The sink is not committed. */
int dbi_lot_finish(dbi_lot *lot, char sha256[65], struct dbrief_error *err);
uint32_t dbi_lot_letters(const dbi_lot *lot);
uint32_t dbi_lot_pages(const dbi_lot *lot);   /* blank ones included */
uint32_t dbi_lot_sheets(const dbi_lot *lot);
uint64_t dbi_lot_bytes(const dbi_lot *lot);   /* written so far */

#endif
