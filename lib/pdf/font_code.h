/* SPDX-License-Identifier: MIT */
/*
 * A prepared subset, deflated in advance: a letter's selection of its outlines
 * is put together from strings of bits instead of being looked through.
 * Repetitions inside an outline are part of its string; those of outlines that
 * every selection has get their distance when the selection is known. One
 * table of codes, made from the whole subset, serves for all selections.
 */
#ifndef DBI_PDF_FONT_CODE_H
#define DBI_PDF_FONT_CODE_H

#include <stdbool.h>
#include "pdf/deflate_block.h"

#define DBI_CORE_GLYPHS 64 /* at most */

struct dbi_font_code; /* immutable */

/* Outline i stands from from[i] to from[i + 1]. core: those of every selection. fixed: bytes in front that are always the same. */
struct dbi_font_text {
	const unsigned char *outlines, *fixed, *places;
	const uint32_t *from;
	unsigned n, n_core;
	const uint16_t *core;
	size_t n_fixed, n_places;
	unsigned unit; /* bytes of a place in the table of places (loca) */
};
/* *code NULL: too large to be coded. False: no memory. */
bool dbi_font_code_new(struct dbi_font_code **code, const struct dbi_font_text *text);
void dbi_font_code_free(struct dbi_font_code *c);

/* A file: bytes of its own, the fixed ones, places, outlines of the set, which has all of core, and zeros. */
struct dbi_font_selection {
	const struct dbi_font_code *code;
	const uint64_t *set;
	const unsigned char *begin, *places;
	size_t n_begin, n_places;
	unsigned zeros;
};
void dbi_font_code_write(const struct dbi_font_selection *s, struct dbi_bits *bits);
/* Room for that, by the bytes of the file. */
size_t dbi_font_code_bound(size_t len);

#endif
