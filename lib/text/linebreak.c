/* SPDX-License-Identifier: MIT */
/*
 * Line breaks by ICU (UAX 14). Words of plain letters between spaces, most of
 * every letter, are decided here with the same result: ICU starts afresh at
 * each place where a line may end, so the rest can be given to it in stretches
 * between two such places.
 */
#include "text/breaker.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "util/mem.h"
#include "util/utf8.h"

enum { HARD = 0, LETTER, DIGIT, INFIX, CLOSE, EXCLAIM, OPEN, SPACE };

void dbi_line_classes(struct dbi_breaker *b)
{
	for (int c = 0; c < 256; c++) {
		switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
		case U_LB_ALPHABETIC: b->classes[c] = LETTER; break;
		case U_LB_NUMERIC: b->classes[c] = DIGIT; break;
		case U_LB_INFIX_NUMERIC: b->classes[c] = INFIX; break;
		case U_LB_CLOSE_PARENTHESIS: b->classes[c] = CLOSE; break;
		case U_LB_EXCLAMATION: b->classes[c] = EXCLAIM; break;
		case U_LB_OPEN_PUNCTUATION: b->classes[c] = OPEN; break;
		case U_LB_SPACE: b->classes[c] = SPACE; break;
		default: b->classes[c] = HARD;
		}
	}
}

/* Class of the character at text[i]; letters of two bytes above U+00FF that have no marks are letters too. */
static unsigned class_at(const struct dbi_breaker *b, const unsigned char *s, size_t i, size_t *step)
{
	*step = 1;
	if (s[i] < 0x80)
		return b->classes[s[i]];
	*step = 2;
	if (s[i] == 0xC2 || s[i] == 0xC3)
		return b->classes[(s[i] & 3u) << 6 | (s[i + 1] & 0x3Fu)];
	return s[i] == 0xC4 || s[i] == 0xC5 ? LETTER : HARD; /* U+0100..U+017F */
}

/* Whether no line may end between two neighbours, for sure. */
static bool keeps_together(unsigned a, unsigned b)
{
	switch (a) {
	case LETTER:
	case DIGIT:
		return b != HARD;
	case INFIX:
		return b == LETTER || b == DIGIT || b == INFIX || b == CLOSE || b == EXCLAIM;
	case CLOSE:
		return b == INFIX || b == CLOSE || b == EXCLAIM;
	case EXCLAIM:
		return b == INFIX || b == CLOSE || b == EXCLAIM;
	case OPEN:
		return b == LETTER || b == DIGIT;
	default:
		return false;
	}
}

/*
 * Reads one word and the spaces behind it. Returns where the next word starts,
 * and whether ICU need not be asked: no break inside, one before the next word.
 */
static size_t skim_word(const struct dbi_breaker *b, const unsigned char *s, size_t i, size_t len, bool *plain)
{
	unsigned before = HARD, class = HARD;
	bool good = true;
	size_t step;

	for (; i < len; i += step) {
		class = class_at(b, s, i, &step);
		if (class == HARD) {
			for (step = 1; i + step < len && (s[i + step] & 0xC0) == 0x80; step++)
				;
			good = false;
		}
		if (class == SPACE)
			break;
		if (before != HARD && !keeps_together(before, class))
			good = false;
		before = class;
	}
	if (before == HARD || before == OPEN)
		good = false;
	while (i < len && s[i] == ' ')
		i++;
	if (i < len) {
		class = class_at(b, s, i, &step);
		good = good && (class == LETTER || class == DIGIT || class == OPEN);
	}
	*plain = good;
	return i;
}

static UBreakIterator *find_iterator(struct dbi_breaker *b, const char *lang, struct dbrief_error *err)
{
	UErrorCode status = U_ZERO_ERROR;
	UBreakIterator *it;
	char tag[16];

	dbi_break_tag(tag, lang);
	for (int i = 0; i < DBI_BREAK_LANGS; i++)
		if (b->lines[i].iterator && strcmp(b->lines[i].tag, tag) == 0)
			return b->lines[i].iterator;
	it = ubrk_open(UBRK_LINE, tag, NULL, 0, &status);
	if (U_FAILURE(status)) {
		dbi_error(err, DBRIEF_FAILED, status == U_MEMORY_ALLOCATION_ERROR ? DBRIEF_CAUSE_MEMORY : DBRIEF_CAUSE_SYSTEM, "ICU",
		    "the line breaker does not start; check the installation of the ICU data");
		return NULL;
	}
	if (b->lines[b->next_line].iterator)
		ubrk_close(b->lines[b->next_line].iterator);
	b->lines[b->next_line].iterator = it;
	memcpy(b->lines[b->next_line].tag, tag, sizeof tag);
	b->next_line = (b->next_line + 1) % DBI_BREAK_LANGS;
	return it;
}

static int icu_breaks(struct dbi_breaker *b, UBreakIterator *it, const char *text, size_t len, unsigned char *breaks,
    struct dbrief_error *err)
{
	UErrorCode status = U_ZERO_ERROR;

	b->utext = utext_openUTF8(b->utext, text, (int64_t)len, &status);
	ubrk_setUText(it, b->utext, &status);
	if (U_FAILURE(status))
		return dbi_error_memory(err);
	for (int32_t at = ubrk_next(it); at != UBRK_DONE && (size_t)at < len; at = ubrk_next(it))
		breaks[at] = ubrk_getRuleStatus(it) >= UBRK_LINE_HARD ? DBI_BREAK_MUST : DBI_BREAK_MAY;
	return DBRIEF_OK;
}

static bool ends_with(const char *text, size_t i, const char *bytes, size_t n)
{
	return i >= n && memcmp(text + i - n, bytes, n) == 0;
}

/* A single letter before a hyphen stays with what follows: "E-Mail", "U-Bahn". */
static bool after_lone_letter(const char *text, size_t i)
{
	size_t at;

	if (i < 2 || text[i - 1] != '-' || (text[i - 2] | 0x20) < 'a' || (text[i - 2] | 0x20) > 'z')
		return false;
	at = i - 2;
	return at == 0 || (text[at - 1] > 0 && strchr(" (\"'/", text[at - 1])) || ends_with(text, at, "\xC2\xA0", 2)
	    || ends_with(text, at, "\xE2\x80\x9E", 3);
}

/* Where we differ from ICU: soft hyphens belong to hyphenation, and see above. */
static void tailor(const char *text, size_t from, size_t to, unsigned char *breaks)
{
	for (size_t i = from > 0 ? from : 1; i < to; i++)
		if (breaks[i] == DBI_BREAK_MAY && (ends_with(text, i, "\xC2\xAD", 2) || after_lone_letter(text, i)))
			breaks[i] = DBI_BREAK_NO;
}

int dbi_line_breaks(dbi_breaker *b, const char *text, size_t len, const char *lang, unsigned char *breaks,
    struct dbrief_error *err)
{
	UBreakIterator *it = NULL;
	size_t end;

	if (len > INT32_MAX)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL, "a text is too long; shorten it at its source");
	memset(breaks, 0, len);
	for (size_t i = 0; i < len; i = end) {
		bool plain;
		int rc;

		end = skim_word(b, (const unsigned char *)text, i, len, &plain);
		if (plain) {
			if (end < len)
				breaks[end] = DBI_BREAK_MAY;
			continue;
		}
		/* Take words until one after which a line may end for sure. */
		while (end < len && !plain)
			end = skim_word(b, (const unsigned char *)text, end, len, &plain);
		if (!it && !(it = find_iterator(b, lang, err)))
			return err ? err->status : DBRIEF_FAILED;
		if ((rc = icu_breaks(b, it, text + i, end - i, breaks + i, err)))
			return rc;
		tailor(text, i, end, breaks);
		if (end < len)
			breaks[end] = DBI_BREAK_MAY;
	}
	return DBRIEF_OK;
}
