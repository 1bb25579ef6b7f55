/* SPDX-License-Identifier: MIT */
/* What a lot is made of. Internal to lot*.c. */
#ifndef DBI_PDF_LOT_PARTS_H
#define DBI_PDF_LOT_PARTS_H

#include "pdf/lot.h"
#include "pdf/lot_file.h"
#include "util/arena.h"

/* ---- lot_tree.c: page tree (ISO 32000-1, 7.7.3), page labels (12.4.2), outline (12.3.3) ---- */
#define DBI_LOT_FAN 64
#define DBI_LOT_LEVELS 6
struct dbi_lot_node { uint32_t number, n, pages, kids[DBI_LOT_FAN]; };
struct dbi_lot_tree {
	struct dbi_lot_node levels[DBI_LOT_LEVELS]; /* the open node of each */
	uint32_t pages;
	struct dbi_buf labels;               /* of the open leaf */
	uint32_t labels_first, labels_last, n_labels;
	uint32_t *leaves; size_t n_leaves, cap_leaves;
	uint32_t outline, first_item, item, item_before, item_page, n_items; /* item: not written yet */
	char title[40];
};
/* The node the next page belongs to; then the page is added. */
uint32_t dbi_lot_tree_parent(struct dbi_lot_tree *t, struct dbi_lot_file *f);
void dbi_lot_tree_page(struct dbi_lot_tree *t, uint32_t page);
/* The next page begins a letter: label and bookmark. */
void dbi_lot_tree_letter(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t letter, uint32_t page, const char *title);
/* The rest: numbers of the root of the pages, of the labels. */
uint32_t dbi_lot_tree_finish(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t *labels);
void dbi_lot_tree_dispose(struct dbi_lot_tree *t);

/* ---- lot_font.c ---- */
/* Letters in which glyphs without a character of their own have the same texts share one ToUnicode. */
struct dbi_lot_variant {
	uint32_t type0;
	struct dbi_glyph_note *notes; size_t n, cap;
};
struct dbi_lot_face {
	const struct dbi_pdf_face *face;
	uint64_t *glyphs;
	uint64_t identity;
	uint32_t cid;
	struct dbi_lot_variant *variants; size_t n, cap;
};
/* Whether the record's face is the one of this process and all its glyphs exist. */
int dbi_lot_face_check(struct dbi_lot_face *faces, const dbi_pdf_fonts *fonts, const struct dbi_spool_face *record,
    struct dbrief_error *err);
/* Number of the Type0 dictionary for a letter; texts are copied into the arena. 0: memory is out. */
uint32_t dbi_lot_face_use(struct dbi_lot_face *faces, const struct dbi_spool_face *record, struct dbi_arena *arena,
    struct dbi_lot_file *f);
int dbi_lot_face_write(const struct dbi_lot_face *face, struct dbi_lot_file *f, dbi_deflater *z);
void dbi_lot_face_dispose(struct dbi_lot_face *face);

#endif
