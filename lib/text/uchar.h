/* SPDX-License-Identifier: MIT */
/* The ICU door for properties of characters and for grapheme clusters (UAX 29). */
#ifndef DBI_TEXT_UCHAR_H
#define DBI_TEXT_UCHAR_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* Whether text may be cut between two neighbours; *state is 0 at the start of the text and carries what lies before. */
bool dbi_grapheme_break(uint32_t before, uint32_t after, unsigned *state);
/* Joiners, variation selectors and fillers: nothing is drawn for them by themselves. */
bool dbi_char_ignorable(uint32_t c);
/* Soft hyphen, zero width space, word joiner, direction marks and the like: mean nothing to a font. */
static inline bool dbi_char_control(uint32_t c)
{
	return c == 0xAD || c == 0x61C || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E)
	    || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}
/* Spaces a font may lack, since any font's space can stand for them. */
static inline bool dbi_char_space(uint32_t c)
{
	return c == ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}
/* Name of the script, or "emoji", "combining mark" and so on; static. */
const char *dbi_char_kind(uint32_t c);

#endif
