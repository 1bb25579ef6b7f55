/* SPDX-License-Identifier: MIT */
/*
 * Fonts: found once, opened once, warmed up, then immutable and shared by all
 * threads. A family has up to four faces; characters a face lacks are looked
 * up in the fallback faces, in order. HarfBuzz and fontconfig stay behind this
 * door and shape.c.
 */
#ifndef DBI_TEXT_FONTSET_H
#define DBI_TEXT_FONTSET_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "util/error.h"
#include "util/unit.h"

enum dbi_font_style { DBI_FONT_REGULAR = 0, DBI_FONT_BOLD = 1, DBI_FONT_ITALIC = 2, DBI_FONT_BOLD_ITALIC = 3 };

/* Metrics in font units, y upwards, as the font file states them. */
struct dbi_face_info {
	const char *path;        /* file, for messages */
	const char *ps_name;     /* PostScript name, ASCII, for BaseFont */
	const unsigned char *bytes; size_t len; /* the font file; NULL until the face is open */
	unsigned units_per_em, n_glyphs;
	int ascent, descent, line_gap, cap_height, x_height;   /* descent is negative */
	int bbox[4];
	int italic_angle_100;    /* 1/100 degree */
	unsigned weight;         /* OS/2 usWeightClass */
	bool serif, monospace, italic;
	const uint16_t *advances; /* n_glyphs advance widths in font units; NULL until open */
	void *hb_face;           /* hb_face_t *, immutable and warm; NULL until open: for text/ and pdf/font.c only */
	void *hb_font;           /* hb_font_t * of it in font units, likewise: for text/ only */
};

typedef struct dbi_fontset dbi_fontset;

struct dbi_family_spec {
	const char *name;                /* as used in styles: "Arimo" */
	const char *files[4];            /* by enum dbi_font_style; NULL: ask fontconfig for the name */
};
/*
 * Opens families[0..n) (the first is the default) and fallback families.
 * Refuses fonts that are unusable: no glyf outlines, unitsPerEm outside
 * 16..16384, embedding forbidden by OS/2 fsType, no glyphs. n 0: the built-in
 * choice (Arimo, else Liberation Sans, else DejaVu Sans; then the Noto fonts
 * that are installed as fallbacks).
 */
int dbi_fontset_new(dbi_fontset **set, const struct dbi_family_spec *families, size_t n,
    const struct dbi_family_spec *fallbacks, size_t n_fallbacks, struct dbrief_error *err);
/* The same with the families of a list such as "Tinos, Arimo" before the others, unless NULL: the first one is the default then. */
int dbi_fontset_new_named(dbi_fontset **set, const char *names, const struct dbi_family_spec *families, size_t n,
    const struct dbi_family_spec *fallbacks, size_t n_fallbacks, struct dbrief_error *err);
void dbi_fontset_free(dbi_fontset *set);
/* Index of a family by name (ASCII case-insensitive), -1 when unknown. */
int dbi_fontset_family(const dbi_fontset *set, const char *name);
/* Face of a family; a missing style falls back to the nearest one. */
unsigned dbi_fontset_face(const dbi_fontset *set, int family, enum dbi_font_style style);
size_t dbi_fontset_count(const dbi_fontset *set); /* faces, fallbacks included */
/*
 * Faces are read and warmed up when they are first needed, once, by whichever
 * thread comes first; until then their info holds metrics only. The faces of
 * the default family are open from the start, and so is every face that a run
 * names. FAILED when the file cannot be read any more or memory is out.
 */
int dbi_fontset_open(const dbi_fontset *set, unsigned face, struct dbrief_error *err);
bool dbi_fontset_is_open(const dbi_fontset *set, unsigned face);
/* SHA-256 of an open face's file, worked out at each call. */
void dbi_fontset_sha256(const dbi_fontset *set, unsigned face, unsigned char out[32]);
/*
 * Fallback faces for a face, in order, in the style nearest to it: writes up
 * to max indices and returns how many there are.
 */
size_t dbi_fontset_fallbacks(const dbi_fontset *set, unsigned face, unsigned *faces, size_t max);
const struct dbi_face_info *dbi_fontset_info(const dbi_fontset *set, unsigned face);
/* Glyph of a code point in a face, 0 when it has none. */
uint32_t dbi_fontset_glyph(const dbi_fontset *set, unsigned face, uint32_t codepoint);
/* Whether a glyph of an open face has no outline. */
bool dbi_fontset_is_blank(const dbi_fontset *set, unsigned face, unsigned glyph);

#endif
