/* SPDX-License-Identifier: MIT */
/* The libqrencode door. */
#ifndef DBI_LAYOUT_QR_H
#define DBI_LAYOUT_QR_H

#include "util/arena.h"
#include "util/error.h"

/*
 * The modules of a QR code (error correction M) for a text, without the quiet
 * zone: *side rows of *side bits, most significant first, rows byte-aligned.
 * FAILED, cause LAYOUT, where is left to the caller, when the text is too long
 * or the library was built without QR codes.
 */
int dbi_qr_encode(struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err);

#endif
