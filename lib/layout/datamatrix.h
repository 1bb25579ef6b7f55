/* SPDX-License-Identifier: MIT */
/* The libdmtx door. */
#ifndef DBI_LAYOUT_DATAMATRIX_H
#define DBI_LAYOUT_DATAMATRIX_H

#include "util/arena.h"
#include "util/error.h"

/*
 * The modules of a square DataMatrix (ECC 200) for a text, without the quiet
 * zone: *side rows of *side bits, most significant first, rows byte-aligned.
 * FAILED, cause LAYOUT, where is left to the caller, when the text is too long
 * or the library was built without DataMatrix.
 */
int dbi_datamatrix_encode(struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err);

#endif
