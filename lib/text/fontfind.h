/* SPDX-License-Identifier: MIT */
/*
 * The fontconfig door: the files of an installed family. fontconfig answers a
 * name it does not know with some other font, so the list of installed fonts
 * is read and names are compared here.
 */
#ifndef DBI_TEXT_FONTFIND_H
#define DBI_TEXT_FONTFIND_H

#include <stdbool.h>

/* ASCII letters count as equal in either case, whatever the locale is. */
static inline bool dbi_font_name_equal(const char *a, const char *b)
{
	for (;; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a, y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;

		if (x != y)
			return false;
		if (!x)
			return true;
	}
}

typedef struct dbi_fontfinder dbi_fontfinder;

/* NULL when the library was built without fontconfig or it could not start. */
dbi_fontfinder *dbi_fontfinder_new(void);
void dbi_fontfinder_free(dbi_fontfinder *finder);
/* Fills files[4] by enum dbi_font_style, borrowed; a style that is not installed stays NULL. False when no file was found. */
bool dbi_fontfinder_find(const dbi_fontfinder *finder, const char *family, const char *files[4]);

#endif
