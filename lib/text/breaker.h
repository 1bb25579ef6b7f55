/* SPDX-License-Identifier: MIT */
/* What the files behind breaks.h share. */
#ifndef DBI_TEXT_BREAKER_H
#define DBI_TEXT_BREAKER_H

#include <unicode/ubidi.h>
#include <unicode/ubrk.h>
#include "text/breaks.h"
#include "text/hyphdict.h"

#define DBI_BREAK_LANGS 16 /* languages kept ready; the oldest makes room */

struct dbi_breaker {
	struct { char tag[16]; UBreakIterator *iterator; } lines[DBI_BREAK_LANGS];
	unsigned next_line;
	struct { char tag[16]; dbi_hyphdict *dict; } dicts[DBI_BREAK_LANGS];
	unsigned next_dict;
	unsigned char classes[256]; /* of U+0000..U+00FF, see linebreak.c */
	UText *utext;
	UBiDi *bidi;
	UChar *utf16; size_t cap_utf16;
	char *lower; size_t cap_lower;
};

/* Fills classes[]. */
void dbi_line_classes(struct dbi_breaker *b);
/* Language and, if there is one, region of a BCP 47 tag: "de-CH"; "" when malformed. */
void dbi_break_tag(char out[16], const char *lang);

#endif
