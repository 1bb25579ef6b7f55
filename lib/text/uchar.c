/* SPDX-License-Identifier: MIT */
#include "text/uchar.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* What dbi_grapheme_break has to remember of the text before. */
enum { ODD_INDICATOR = 1, PICTOGRAPH = 2, PICTOGRAPH_JOINED = 4 };

static bool is_control(int gcb)
{
	return gcb == U_GCB_CONTROL || gcb == U_GCB_CR || gcb == U_GCB_LF;
}

static bool joins_hangul(int a, int b)
{
	switch (a) {
	case U_GCB_L:
		return b == U_GCB_L || b == U_GCB_V || b == U_GCB_LV || b == U_GCB_LVT;
	case U_GCB_LV:
	case U_GCB_V:
		return b == U_GCB_V || b == U_GCB_T;
	case U_GCB_LVT:
	case U_GCB_T:
		return b == U_GCB_T;
	default:
		return false;
	}
}

/* The state that holds once `after` has been read behind `before`. */
static unsigned next_state(unsigned state, uint32_t before, int a, int b)
{
	unsigned next = 0;

	if (a == U_GCB_REGIONAL_INDICATOR && b == U_GCB_REGIONAL_INDICATOR && !(state & ODD_INDICATOR))
		next |= ODD_INDICATOR;
	if (u_hasBinaryProperty((UChar32)before, UCHAR_EXTENDED_PICTOGRAPHIC))
		state |= PICTOGRAPH;
	if (state & PICTOGRAPH && b == U_GCB_EXTEND)
		next |= PICTOGRAPH;
	if (state & PICTOGRAPH && b == U_GCB_ZWJ)
		next |= PICTOGRAPH_JOINED;
	return next;
}

bool dbi_grapheme_break(uint32_t before, uint32_t after, unsigned *state)
{
	unsigned was = *state;
	int a, b;

	if (before < 0x300 && after < 0x300 && !(before == '\r' && after == '\n')) {
		*state = 0;
		return true;
	}
	a = u_getIntPropertyValue((UChar32)before, UCHAR_GRAPHEME_CLUSTER_BREAK);
	b = u_getIntPropertyValue((UChar32)after, UCHAR_GRAPHEME_CLUSTER_BREAK);
	*state = next_state(was, before, a, b);
	if (a == U_GCB_CR && b == U_GCB_LF)
		return false;
	if (is_control(a) || is_control(b))
		return true;
	if (joins_hangul(a, b) || b == U_GCB_EXTEND || b == U_GCB_ZWJ || b == U_GCB_SPACING_MARK || a == U_GCB_PREPEND)
		return false;
	if (was & PICTOGRAPH_JOINED && u_hasBinaryProperty((UChar32)after, UCHAR_EXTENDED_PICTOGRAPHIC))
		return false;
	return !(*state & ODD_INDICATOR);
}

bool dbi_char_ignorable(uint32_t c)
{
	return c >= 0xAD && u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

const char *dbi_char_kind(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript((UChar32)c, &status);
	int category = u_charType((UChar32)c);

	if (category == U_CONTROL_CHAR)
		return "control character";
	if (category == U_PRIVATE_USE_CHAR)
		return "private use";
	if (category == U_UNASSIGNED)
		return "unassigned";
	if (u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI) && c > 0xFF)
		return "emoji";
	if (U_FAILURE(status) || script == USCRIPT_COMMON)
		return "symbol";
	return script == USCRIPT_INHERITED ? "combining mark" : uscript_getName(script);
}
