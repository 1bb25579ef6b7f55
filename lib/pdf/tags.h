/* SPDX-License-Identifier: MIT */
/*
 * Structure tree of a letter (ISO 32000-1, 14.7): collects what was drawn for
 * which element, then writes elements and ParentTree as text. Elements are no
 * objects of libharu: they get the numbers behind its last one, by their roles,
 * so that an element mostly is as the one before but for some digits.
 */
#ifndef DBI_PDF_TAGS_H
#define DBI_PDF_TAGS_H

#include "page/display.h"
#include "util/buf.h"

struct dbi_object_stream;
struct dbi_tag_node;
struct dbi_tag_kid;
struct dbi_tag_page { dbi_elem *elems; size_t n, cap; };

struct dbi_tags {
	const struct dbi_display *d;
	struct dbi_tag_node *nodes;      /* by element */
	struct dbi_tag_kid *kids;        /* 1-based; 0 ends a list */
	size_t n_kids, cap_kids;
	struct dbi_tag_page *pages;      /* elements by MCID */
	struct { dbi_elem elem; uint32_t number; } *annots;
	size_t n_annots, cap_annots;
	uint32_t *numbers;               /* object number of each element */
	dbi_elem *order;                 /* elements by number */
	uint32_t *places;                /* where in the text of objects the parent names each element, 0: not in it */
	bool failed;                     /* out of memory */
};

/* FAILED when the tree of the display list is no tree. Memory is the arena of the display list's letter but for the growing arrays. */
int dbi_tags_init(struct dbi_tags *t, const struct dbi_display *d, struct dbi_arena *arena, struct dbrief_error *err);
void dbi_tags_dispose(struct dbi_tags *t);
/* A new marked-content identifier for what follows on a page. */
uint32_t dbi_tags_mark(struct dbi_tags *t, size_t page, dbi_elem elem);
/* An annotation object of a LINK element; returns its StructParent key. */
uint32_t dbi_tags_annotate(struct dbi_tags *t, size_t page, dbi_elem elem, uint32_t number);
/* Grows the bounding box of the FIGURE the element is or lies in; 1/100 pt, y upwards. */
void dbi_tags_cover(struct dbi_tags *t, dbi_elem elem, int32_t x0, int32_t y0, int32_t x1, int32_t y1);
/* The first text of a list label tells how the list is numbered. */
void dbi_tags_label(struct dbi_tags *t, dbi_elem elem, const char *text, size_t len);
bool dbi_tags_wants_label(const struct dbi_tags *t, dbi_elem elem);
/* Ends collecting. */
void dbi_tags_finish(struct dbi_tags *t);
/* Gives the elements numbers from base on. */
void dbi_tags_number(struct dbi_tags *t, uint32_t base);

/*
 * The objects as text. root: number of the StructTreeRoot; page_numbers: object numbers of the pages. out is the text of an object
 * stream's objects: what stands in the list of an element's kids is found again in the ParentTree, which follows the elements.
 */
void dbi_tags_write_root(const struct dbi_tags *t, struct dbi_object_stream *out);
/* What the text of an element is like. */
#define DBI_TAGS_NUMBERS 12
struct dbi_tags_text {
	size_t reference;             /* length of a reference in the list of kids, 0: it has no list */
	unsigned n;                   /* numbers that may be all that sets it apart from another: parent, then its mark or kids; 0: more does */
	size_t at[DBI_TAGS_NUMBERS];  /* where in the text they stand */
	uint32_t numbers[DBI_TAGS_NUMBERS];
};
struct dbi_tags_text dbi_tags_write_element(const struct dbi_tags *t, dbi_elem elem, uint32_t root, const uint32_t *page_numbers,
    struct dbi_buf *out);
/*
 * Those numbers of an element; false when it differs in more from the other one, whose text is like this. from: where its own text is
 * going to begin.
 */
bool dbi_tags_numbers(const struct dbi_tags *t, dbi_elem elem, dbi_elem other, const struct dbi_tags_text *text, size_t from,
    uint32_t numbers[DBI_TAGS_NUMBERS]);
/* Another object stream begins. */
void dbi_tags_forget_places(const struct dbi_tags *t);

#endif
