/* SPDX-License-Identifier: MIT */
#include "text/textcache.h"

#include <string.h>

#include "text/kept.h"
#include "util/mem.h"

#define BUCKETS 4096u
#define MAX_TEXTS 8192u
#define MAX_BYTES (1u << 20)

struct dbi_textcache {
	struct dbi_set_text *buckets[BUCKETS];
	struct dbi_kept kept; /* seen: texts that came once */
};

dbi_textcache *dbi_textcache_new(void)
{
	dbi_textcache *c = dbi_calloc(1, sizeof *c);

	if (c)
		dbi_kept_init(&c->kept, MAX_TEXTS, MAX_BYTES);
	return c;
}

void dbi_textcache_free(dbi_textcache *c)
{
	if (!c)
		return;
	dbi_arena_dispose(&c->kept.arena);
	dbi_free(c);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 32;
}

/* Eight bytes at a time: texts are long, and all that is kept is compared with them whole. */
void dbi_text_key_hash(struct dbi_text_key *key)
{
	uint64_t h = mix((uint64_t)key->face << 48 | (uint64_t)key->lang << 32 | (uint32_t)key->size, key->len), v;
	uint32_t i = 0;

	for (; i + sizeof v <= key->len; i += sizeof v) {
		memcpy(&v, key->text + i, sizeof v);
		h = mix(h, v);
	}
	v = 0;
	for (; i < key->len; i++)
		v = v << 8 | (unsigned char)key->text[i];
	h = mix(h, v);
	key->hash = (uint32_t)(h ^ h >> 15);
}

struct dbi_set_text *dbi_textcache_find(const dbi_textcache *c, const struct dbi_text_key *key)
{
	for (struct dbi_set_text *t = c->buckets[key->hash & (BUCKETS - 1)]; t; t = t->next)
		if (t->key.hash == key->hash && t->key.len == key->len && t->key.size == key->size && t->key.face == key->face
		    && t->key.lang == key->lang && memcmp(t->key.text, key->text, key->len) == 0)
			return t;
	return NULL;
}

bool dbi_textcache_admits(dbi_textcache *c, const struct dbi_text_key *key)
{
	return !dbi_kept_is_full(&c->kept) && dbi_seen_again(&c->kept.seen, key->hash);
}

struct dbi_set_text *dbi_textcache_add(dbi_textcache *c, const struct dbi_text_key *key, const struct dbi_set_run *runs, uint32_t n)
{
	struct dbi_set_text *t, **bucket = &c->buckets[key->hash & (BUCKETS - 1)];
	struct dbi_set_run *copy;

	for (uint32_t i = 0; i < n; i++)
		if (!runs[i].run->cached)
			return NULL;
	t = dbi_arena_calloc(&c->kept.arena, 1, sizeof *t);
	copy = t ? dbi_arena_calloc(&c->kept.arena, n, sizeof *copy) : NULL;
	if (!copy)
		return NULL;
	t->key = *key;
	t->key.text = dbi_arena_strndup(&c->kept.arena, key->text, key->len);
	if (!t->key.text)
		return NULL;
	if (n)
		memcpy(copy, runs, n * sizeof *copy);
	t->runs = copy;
	t->n = n;
	t->next = *bucket;
	*bucket = t;
	c->kept.n++;
	return t;
}

void *dbi_textcache_alloc(dbi_textcache *c, size_t size)
{
	return dbi_arena_calloc(&c->kept.arena, 1, size);
}

void dbi_textcache_trim(dbi_textcache *c, bool now)
{
	if (!now && !dbi_kept_is_full(&c->kept))
		return;
	memset(c->buckets, 0, sizeof c->buckets);
	dbi_kept_clear(&c->kept);
}

size_t dbi_textcache_count(const dbi_textcache *c)
{
	return c->kept.n;
}
