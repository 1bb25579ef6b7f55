/* SPDX-License-Identifier: MIT */
/*
 * Fonts as they go into a file. A glyph keeps its id in every subset, so text
 * bytes do not depend on the subset. A letter gets the glyphs it uses. Where
 * they are common ones, they are picked out of a prepared subset, which takes
 * a tenth of the time that making a subset takes; where they are many, the
 * commonest letters and digits come along, used or not. What recurs, a few
 * glyphs of headings or a subset made for rare characters, the writer keeps.
 * What a letter gets depends on its glyphs alone: equal letters are equal bytes.
 */
#ifndef DBI_PDF_FONT_H
#define DBI_PDF_FONT_H

#include "pdf/compress.h"
#include "pdf/pdf.h"
#include "text/fontset.h"
#include "util/arena.h"
#include "util/limits.h"

#define DBI_GLYPH_WORDS(n) (((size_t)(n) + 63) / 64)

static inline bool dbi_glyph_in(const uint64_t *set, unsigned gid)
{
	return set[gid >> 6] >> (gid & 63) & 1;
}

static inline void dbi_glyph_put(uint64_t *set, unsigned gid)
{
	set[gid >> 6] |= (uint64_t)1 << (gid & 63);
}

/* The first glyph of the set from gid on; n, how many glyphs there are, when there is none. */
static inline unsigned dbi_glyph_next(const uint64_t *set, unsigned n, unsigned gid)
{
	size_t words = DBI_GLYPH_WORDS(n), w = gid >> 6;
	uint64_t bits = w < words ? set[w] >> (gid & 63) << (gid & 63) : 0;
	while (!bits && ++w < words)
		bits = set[w];
	unsigned found = bits ? (unsigned)(w * 64) + (unsigned)__builtin_ctzll(bits) : n;
	return found < n ? found : n;
}

/* A subset ready to be embedded. Immutable. */
struct dbi_font_program {
	char tag[8];            /* "ABCDEF+" */
	uint64_t *glyphs;       /* which glyphs it draws */
	size_t n_words;
	char *file; size_t file_len, raw_len;   /* deflated TrueType file */
	char *widths;           /* DW and W */
	char *cmap; size_t cmap_len;            /* deflated ToUnicode of the glyphs' own characters */
};

/* A face prepared for writing: immutable once dbi_pdf_face returned it. */
struct dbi_pdf_face {
	const struct dbi_face_info *info;
	void *prepared;         /* hb_face_t *: source of subsets */
	uint16_t *widths;       /* per glyph, 1/1000 em */
	uint32_t *chars;        /* per glyph: the character it stands for, 0: only its cluster tells */
	uint16_t space;         /* glyph of U+0020, 0: none */
	uint16_t soft_hyphen;   /* glyph of U+2010 that stands for U+00AD, 0: none */
};

/* NULL with an error recorded: out of memory, or the face cannot be subset. */
const struct dbi_pdf_face *dbi_pdf_face(const dbi_pdf_fonts *fonts, unsigned face, struct dbrief_error *err);
const dbi_fontset *dbi_pdf_fontset(const dbi_pdf_fonts *fonts);
/* UTF-8 of what the glyph stands for by itself; 0 when nothing. out has 8 bytes. */
size_t dbi_glyph_text(const struct dbi_pdf_face *face, unsigned gid, char out[8]);
/* Fills face->chars. */
bool dbi_face_read_chars(struct dbi_pdf_face *face);
/*
 * Prepared subsets: 0 has what nearly every German letter uses, 1 all of ASCII
 * and German typesetting. Characters of no prepared subset are of tier DBI_TIERS.
 */
#define DBI_TIERS 2
unsigned dbi_char_tier(uint32_t c);
/* The glyphs of a prepared subset; set has room for all glyphs. */
void dbi_face_tier_glyphs(const struct dbi_pdf_face *face, unsigned tier, uint64_t *set);

/* Subset of exactly the glyphs given (and .notdef), checked glyph by glyph against its source. */
int dbi_font_program_new(struct dbi_font_program **program, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    bool deflated, dbi_deflater *z, struct dbrief_error *err);
/* A prepared subset to pick from. Immutable. */
struct dbi_font_stock;
int dbi_font_stock_new(struct dbi_font_stock **stock, const struct dbi_pdf_face *face, const uint64_t *glyphs, dbi_deflater *z,
    struct dbrief_error *err);
void dbi_font_stock_free(struct dbi_font_stock *stock);
/* All of it, the file not deflated. */
const struct dbi_font_program *dbi_font_stock_program(const struct dbi_font_stock *stock);
/* Appends a TrueType file of .notdef and the glyphs given, all of which the stock has, with the components of composites. */
void dbi_font_stock_pick(const struct dbi_font_stock *stock, const uint64_t *glyphs, struct dbi_buf *out);
/* The same deflated, from strings made in advance; the commonest glyphs are in it, too. Returns the length of the file. */
size_t dbi_font_stock_deflate(const struct dbi_font_stock *stock, const uint64_t *glyphs, dbi_deflater *z, struct dbi_buf *packed);
/* One of them as a program: fresh in the arena, or if that is NULL as small as can be, to be freed. The map to characters is the stock's. */
struct dbi_font_cache;
int dbi_font_program_pick(struct dbi_font_program **program, const struct dbi_font_stock *stock, const struct dbi_pdf_face *face,
    const uint64_t *glyphs, struct dbi_arena *arena, const struct dbi_font_cache *z, struct dbrief_error *err);
void dbi_font_program_free(struct dbi_font_program *program);

/* Programs a writer made lately; a letter's own ones all have a place. Those of many common glyphs are not kept, since they hardly recur. */
#define DBI_FONT_CACHE DBI_MAX_FACES
struct dbi_font_cache {
	dbi_deflater *fresh, *kept; /* borrowed */
	struct { struct dbi_font_program *program; unsigned face; uint64_t used; } slots[DBI_FONT_CACHE];
	uint64_t clock;
};
void dbi_font_cache_dispose(struct dbi_font_cache *cache);
/* The program for the glyphs a letter uses of a face; valid until the next letter, whose arena this is. NULL with an error recorded. */
const struct dbi_font_program *dbi_font_choose(struct dbi_font_cache *cache, const dbi_pdf_fonts *fonts, unsigned face,
    const uint64_t *glyphs, struct dbi_arena *arena, struct dbrief_error *err);

/* Text of a glyph that has no character of its own, as this letter uses it. */
struct dbi_glyph_note {
	uint16_t gid;
	uint32_t len;
	const char *text;
};

/* The texts of the dictionaries. */
void dbi_font_write_widths(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs);
void dbi_font_write_cmap(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    const struct dbi_glyph_note *notes, size_t n);
void dbi_font_write_descriptor(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag, uint32_t file);
void dbi_font_write_cid(struct dbi_buf *out, const struct dbi_pdf_face *face, const struct dbi_font_program *program,
    uint32_t descriptor);
void dbi_font_write_type0(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag, uint32_t cid,
    uint32_t cmap);

#endif
