/* SPDX-License-Identifier: MIT */
#include "text/wordcache.h"

#include <string.h>

#include "text/kept.h"
#include "util/hash.h"
#include "util/mem.h"

#define BUCKETS 16384u
#define MAX_WORDS 40000u
#define MAX_BYTES (3u << 20)
#define LONG_WORD 40u

struct dbi_wordcache {
	struct dbi_word *buckets[BUCKETS];
	struct dbi_kept kept; /* seen: words that looked unique */
};

dbi_wordcache *dbi_wordcache_new(void)
{
	dbi_wordcache *c = dbi_calloc(1, sizeof *c);

	if (c)
		dbi_kept_init(&c->kept, MAX_WORDS, MAX_BYTES);
	return c;
}

void dbi_wordcache_free(dbi_wordcache *c)
{
	if (!c)
		return;
	dbi_arena_dispose(&c->kept.arena);
	dbi_free(c);
}

void dbi_word_key_hash(struct dbi_word_key *key)
{
	uint32_t parts = (uint32_t)key->face << 16 | (uint32_t)key->lang << 1 | key->rtl;

	key->hash = dbi_fnv1a(DBI_FNV_START ^ parts * 2654435761u, key->text, key->len);
}

static uint32_t bucket_of(uint32_t hash)
{
	return (hash ^ hash >> 16) & (BUCKETS - 1);
}

struct dbi_word *dbi_wordcache_find(const dbi_wordcache *c, const struct dbi_word_key *key)
{
	for (struct dbi_word *w = c->buckets[bucket_of(key->hash)]; w; w = w->next)
		if (w->key.hash == key->hash && w->key.len == key->len && w->key.face == key->face && w->key.lang == key->lang
		    && w->key.rtl == key->rtl && memcmp(w->key.text, key->text, key->len) == 0)
			return w;
	return NULL;
}

static bool looks_unique(const struct dbi_word_key *key)
{
	if (key->len > LONG_WORD)
		return true;
	for (uint32_t i = 0; i < key->len; i++) {
		char c = key->text[i];

		if ((c >= '0' && c <= '9') || c == '@' || c == '/' || c == '_')
			return key->len > 1;
	}
	return false;
}

bool dbi_wordcache_admits(dbi_wordcache *c, const struct dbi_word_key *key)
{
	return !dbi_kept_is_full(&c->kept) && (!looks_unique(key) || dbi_seen_again(&c->kept.seen, key->hash));
}

struct dbi_arena *dbi_wordcache_arena(dbi_wordcache *c)
{
	return &c->kept.arena;
}

void dbi_wordcache_add(dbi_wordcache *c, struct dbi_word *word)
{
	struct dbi_word **bucket = &c->buckets[bucket_of(word->key.hash)];

	word->next = *bucket;
	*bucket = word;
	c->kept.n++;
}

bool dbi_wordcache_trim(dbi_wordcache *c, bool now)
{
	if (!now && !dbi_kept_is_full(&c->kept))
		return false;
	memset(c->buckets, 0, sizeof c->buckets);
	dbi_kept_clear(&c->kept);
	return true;
}
