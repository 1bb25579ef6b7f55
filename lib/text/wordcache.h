/* SPDX-License-Identifier: MIT */
/*
 * Shaped words by face, direction, language and text. Bounded in entries and
 * bytes; emptied only between letters, so that runs stay valid within one.
 */
#ifndef DBI_TEXT_WORDCACHE_H
#define DBI_TEXT_WORDCACHE_H

#include "text/shape.h"
#include "util/arena.h"

struct dbi_word_key {
	const char *text;
	uint32_t len;
	uint32_t hash;
	uint16_t face, lang;
	bool rtl;
};

struct dbi_word {
	struct dbi_word *next;
	struct dbi_word_key key;
	struct dbi_run *const *runs;
	size_t n;
};

typedef struct dbi_wordcache dbi_wordcache;

dbi_wordcache *dbi_wordcache_new(void);
void dbi_wordcache_free(dbi_wordcache *c);
void dbi_word_key_hash(struct dbi_word_key *key);
struct dbi_word *dbi_wordcache_find(const dbi_wordcache *c, const struct dbi_word_key *key);
/*
 * Whether a word that was not found should be kept: not when the cache is
 * full, and a word that looks unique (a number, an address, a long token) only
 * when it comes the second time.
 */
bool dbi_wordcache_admits(dbi_wordcache *c, const struct dbi_word_key *key);
struct dbi_arena *dbi_wordcache_arena(dbi_wordcache *c);
/* Enters a word whose parts lie in the cache's arena; the key's text too. */
void dbi_wordcache_add(dbi_wordcache *c, struct dbi_word *word);
/* Between letters: empties the cache if it is full, or always with `now`; whether it did. */
bool dbi_wordcache_trim(dbi_wordcache *c, bool now);

#endif
