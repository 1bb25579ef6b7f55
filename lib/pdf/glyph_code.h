/* SPDX-License-Identifier: MIT */
/*
 * What stands for a glyph in page contents (ISO 32000-1, 9.7.5 and 9.7.6.2). Fonts
 * have their Latin letters among the first glyphs, often in the order of ASCII:
 * those have codes of one byte, such that ASCII stands for itself in most fonts.
 * The others have two, the first of which is below 0x20. One character map serves
 * every face of a file, since the glyph's number is all it depends on. A face of
 * too many glyphs has Identity-H instead, two bytes each.
 */
#ifndef DBI_PDF_GLYPH_CODE_H
#define DBI_PDF_GLYPH_CODE_H

#include "pdf/font.h"

#define DBI_CODE_SHORT_FIRST 3u                           /* glyph of code 0x20 */
#define DBI_CODE_SHORT_LAST (DBI_CODE_SHORT_FIRST + 0xDFu) /* glyph of code 0xFF */
#define DBI_CODE_LONG 0x100u   /* code of glyph 0 in two bytes: no code is the number of another one */
#define DBI_CODE_GLYPHS (0x2000u - DBI_CODE_LONG)

static inline bool dbi_face_is_wide(const struct dbi_pdf_face *face)
{
	return face->info->n_glyphs > DBI_CODE_GLYPHS;
}

/* The bytes of a glyph's code; returns how many. */
static inline size_t dbi_glyph_code(const struct dbi_pdf_face *face, unsigned gid, unsigned char code[2])
{
	bool wide = dbi_face_is_wide(face);
	if (!wide && gid >= DBI_CODE_SHORT_FIRST && gid <= DBI_CODE_SHORT_LAST) {
		code[0] = (unsigned char)(gid - DBI_CODE_SHORT_FIRST + 0x20);
		return 1;
	}
	unsigned v = wide ? gid : gid + DBI_CODE_LONG;
	code[0] = (unsigned char)(v >> 8);
	code[1] = (unsigned char)v;
	return 2;
}

/* The code as it stands in a literal string (ISO 32000-1, 7.3.4.2), with escapes; returns its end. */
#define DBI_GLYPH_CODE_ROOM 4
static inline char *dbi_put_glyph_code(char *p, const struct dbi_pdf_face *face, unsigned gid)
{
	unsigned char code[2];
	size_t n = dbi_glyph_code(face, gid, code);

	for (size_t i = 0; i < n; i++) {
		if (code[i] == '(' || code[i] == ')' || code[i] == '\\' || code[i] == '\r')
			*p++ = '\\';
		*p++ = code[i] == '\r' ? 'r' : (char)code[i];
	}
	return p;
}

/* The character map from codes to glyphs, deflated: of glyphs below DBI_ENCODING_GLYPHS, which most letters get by with, or of all. */
#define DBI_ENCODING_GLYPHS (2 * 256u)
struct dbi_encoding { char *data; size_t len; };
bool dbi_encoding_make(struct dbi_encoding *e, bool all, dbi_deflater *z);
void dbi_encoding_dispose(struct dbi_encoding *e);
/* The keys of its stream. */
#define DBI_ENCODING_BODY "/Type/CMap/CMapName/Datenbrief/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/Filter/FlateDecode"
/* Appends the ranges that codes come from. */
void dbi_encoding_add_codespace(struct dbi_buf *out, const struct dbi_pdf_face *face);

#endif
