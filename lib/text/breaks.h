/* SPDX-License-Identifier: MIT */
/*
 * Doors to ICU (line breaks UAX 14, bidi UAX 9) and to the hyphenation
 * dictionaries of libhyphen. One thread.
 */
#ifndef DBI_TEXT_BREAKS_H
#define DBI_TEXT_BREAKS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "util/error.h"

typedef struct dbi_breaker dbi_breaker;

enum dbi_break { DBI_BREAK_NO = 0, DBI_BREAK_MAY = 1, DBI_BREAK_MUST = 2 };

int dbi_breaker_new(dbi_breaker **b, struct dbrief_error *err);
void dbi_breaker_free(dbi_breaker *b);
/*
 * breaks[i] tells whether a line may end before byte i of text (i = 1..len-1;
 * breaks[0] is NO, breaks has len entries). Only at character starts. Soft
 * hyphens (U+00AD) count as hyphenation points, not here.
 */
int dbi_line_breaks(dbi_breaker *b, const char *text, size_t len, const char *lang, unsigned char *breaks,
    struct dbrief_error *err);
/*
 * Bidi level of each byte (levels has len entries); base: 0 left to right,
 * 1 right to left, -1 from the text. Text without right to left letters is quick.
 */
int dbi_bidi_levels(dbi_breaker *b, const char *text, size_t len, int base, unsigned char *levels,
    struct dbrief_error *err);
/*
 * Visual order of n pieces by their levels (UAX 9, L2): order[i] is the index
 * of the piece that stands i-th from the left.
 */
void dbi_bidi_reorder(const unsigned char *levels, size_t n, size_t *order);
/*
 * Hyphenation of one word (letters only) by language: points[i] is true when a
 * hyphen may stand before byte i. At least 2 letters stay before, 3 after. No
 * dictionary for the language: no points, OK.
 */
int dbi_hyphenate(dbi_breaker *b, const char *word, size_t len, const char *lang, unsigned char *points,
    struct dbrief_error *err);
/*
 * Whether a token, what stands between two spaces, is a code, a number with
 * letters, an address or the name of a file: nothing a hyphen may be added to.
 */
bool dbi_token_is_identifier(const char *token, size_t len);
/* Whether letters may be a word of a language: no code in capitals, not longer than words are. */
bool dbi_word_takes_hyphens(const char *letters, size_t len);
/*
 * Where a typographer cuts a token that has no other place to break (a URL, an
 * e-mail address, an account number, a token of hundreds of letters):
 * points[i] is the price of ending a line before byte i: 0 never, 1 behind a
 * mark such as / - _ . @ & = ? : or between groups of digits, 2 anywhere else
 * between two characters as readers see them. points has len entries. No hyphen
 * is added.
 */
void dbi_emergency_breaks(const char *text, size_t len, unsigned char *points);

#endif
