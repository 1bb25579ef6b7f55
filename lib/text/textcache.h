/* SPDX-License-Identifier: MIT */
/*
 * Whole texts that come again from letter to letter (headings, legal texts,
 * categories), set in one face and size, with the lines layout found for them.
 * Their runs are those of the word cache, so they are kept no longer than
 * these. Bounded in entries and bytes; a text is kept from its second time on,
 * so that values which come once displace nothing. Whole keys are compared.
 */
#ifndef DBI_TEXT_TEXTCACHE_H
#define DBI_TEXT_TEXTCACHE_H

#include "text/shape.h"

struct dbi_text_key {
	const char *text;
	uint32_t len;
	uint32_t hash;
	dbi_len size;
	uint16_t face, lang; /* lang: see dbi_shaper_lang */
};

struct dbi_set_text {
	struct dbi_set_text *next;
	struct dbi_text_key key;
	const struct dbi_set_run *runs;
	uint32_t n;
	dbi_len widest, width; /* of its words; of all in one line */
	const char *lang;      /* NULL: where lines may end does not depend on the language as it was given */
	void *lines;           /* layout's own, from dbi_textcache_alloc */
};

dbi_textcache *dbi_textcache_new(void);
void dbi_textcache_free(dbi_textcache *c);
void dbi_text_key_hash(struct dbi_text_key *key);
struct dbi_set_text *dbi_textcache_find(const dbi_textcache *c, const struct dbi_text_key *key);
/* Whether a text that was not found should be added: it comes the second time, and there is room. */
bool dbi_textcache_admits(dbi_textcache *c, const struct dbi_text_key *key);
/* Adds a text of n runs, which are copied; NULL when one of them is not kept by the word cache, or memory is out. */
struct dbi_set_text *dbi_textcache_add(dbi_textcache *c, const struct dbi_text_key *key, const struct dbi_set_run *runs, uint32_t n);
/* Memory for what belongs to a text. */
void *dbi_textcache_alloc(dbi_textcache *c, size_t size);
/* Between letters: empties the cache if it is full, or always with `now`. */
void dbi_textcache_trim(dbi_textcache *c, bool now);
size_t dbi_textcache_count(const dbi_textcache *c);

#endif
