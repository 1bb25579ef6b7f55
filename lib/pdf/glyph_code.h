/* SPDX-License-Identifier: MIT */
/*
 * What stands for a glyph in page contents: its number in two bytes (Identity-H; ISO 32000-1, 9.7.5.2). Codes of one byte through
 * a character map of our own would make letters 0.3 KB smaller, but there are programs that read text out of letters and know no
 * such maps.
 */
#ifndef DBI_PDF_GLYPH_CODE_H
#define DBI_PDF_GLYPH_CODE_H

/* The code as it stands in a literal string (ISO 32000-1, 7.3.4.2), with escapes; returns its end. */
#define DBI_GLYPH_CODE_ROOM 4
static inline char *dbi_put_glyph_code(char *p, unsigned gid)
{
	const unsigned char code[2] = { (unsigned char)(gid >> 8), (unsigned char)gid };

	for (int i = 0; i < 2; i++) {
		if (code[i] == '(' || code[i] == ')' || code[i] == '\\' || code[i] == '\r')
			*p++ = '\\';
		*p++ = code[i] == '\r' ? 'r' : (char)code[i];
	}
	return p;
}

#endif
