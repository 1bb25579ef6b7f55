/* SPDX-License-Identifier: MIT */
/* Inside of the layout floor: the state of one letter, and helpers everybody needs. */
#ifndef DBI_LAYOUT_LAY_H
#define DBI_LAYOUT_LAY_H

#include "layout/layout.h"

struct dbi_lay {
	const dbi_fontset *fonts;
	dbi_shaper *shaper;
	dbi_breaker *breaker;
	struct dbi_arena *arena;
	const struct dbi_image_source *images;
	const struct dbi_letter *letter;
	struct dbi_display *out;
	struct dbrief_error *err;
	dbi_len body_height;        /* of a following page: what is taller is split */
	long line;                  /* of the block at work, for messages */
	unsigned heading;           /* level of the last one */
	unsigned stamp;             /* counts drawing passes, see dbi_scope */
	struct dbi_scratch *scratch;
	const struct dbi_style *base_style; /* what base is of: the last paragraph's */
	dbi_len base;
	const struct dbi_style *face_style; /* what face is of: the last text's */
	unsigned face;
	const struct dbi_run *const *space; /* the runs of a space in space_face and space_lang */
	size_t n_space;
	unsigned space_face;
	const char *space_lang;
	const char *lang;           /* the last paragraph's, with its number to the shaper and its direction */
	uint16_t lang_number;
	bool lang_known, lang_rtl;
};

int dbi_lay_memory(struct dbi_lay *l);
/* FAILED, cause LAYOUT, where "document:line" (line 0: the document). No values in the text. */
int dbi_lay_error(struct dbi_lay *l, long line, const char *fmt, ...) DBI_PRINTF(3, 4);
/* Puts the place of the block at work in front of an error from below. */
int dbi_lay_place_error(struct dbi_lay *l, int status);
/* Makes room for one more in an array of the arena; n in use. False when memory is out. */
bool dbi_lay_grow(struct dbi_lay *l, void *array_pointer, size_t n, size_t *cap, size_t size);
/* Looks at a language, for lang_number and lang_rtl. */
int dbi_lay_lang(struct dbi_lay *l, const char *lang);
/* The face of a style. */
unsigned dbi_lay_face(struct dbi_lay *l, const struct dbi_style *style);
/* A new element; false when memory is out. lang NULL: as its parent. */
bool dbi_lay_element(struct dbi_lay *l, enum dbi_role role, dbi_elem parent, const char *lang, dbi_elem *out);
/* A length as millimetres with one decimal, for messages: whole and tenths. */
#define DBI_MM_TENTHS(len) (((len) * 10000LL + 1417323) / 2834646)
#define DBI_MM_ARGS(len) (long)(DBI_MM_TENTHS(len) / 10), (long)(DBI_MM_TENTHS(len) % 10)
#define DBI_MM_FMT "%ld.%ld mm"

#endif
