/* SPDX-License-Identifier: MIT */
/*
 * How easily a text reads: the index of Amstad for German (180 - words per
 * sentence - 58.5 x syllables per word), that of Flesch for English
 * (206.835 - 1.015 x words per sentence - 84.6 x syllables per word). 100 is
 * very easy, below 30 takes a degree. Syllables are counted by groups of
 * vowels, which is as exact as the index is.
 */
#ifndef DBI_READABILITY_H
#define DBI_READABILITY_H

#include <stdbool.h>
#include <stddef.h>

struct dbi_text_counts { unsigned words, sentences, syllables; };

/* Is there an index for texts of this language? */
bool dbi_readability_known(const char *lang);
void dbi_readability_count(const char *lang, const char *text, size_t len, struct dbi_text_counts *counts);
/* Rounded; a text without words is as easy as can be: 100. */
int dbi_readability_index(const char *lang, const struct dbi_text_counts *counts);

#endif
