/* SPDX-License-Identifier: MIT */
/* Matches: the newest place with the same four bytes. */
#ifndef DBI_PDF_DEFLATE_MATCH_H
#define DBI_PDF_DEFLATE_MATCH_H

#include <stdint.h>
#include <string.h>

#define DBI_WINDOW 32768u
#define DBI_MAX_MATCH 258u
#define DBI_HASH_BITS 12
#define DBI_LAST_START 8   /* the last bytes of a text are no starts of matches, so that reads stay inside it */

/* By hash of four bytes; a third of the nearest cache of most processors. */
struct dbi_places { uint32_t newest[1u << DBI_HASH_BITS]; };

static inline uint32_t dbi_load32(const unsigned char *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t dbi_load64(const unsigned char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}

/* Every machine sees the bytes in the same order. */
static inline uint32_t dbi_hash_of(const unsigned char *p)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint32_t v = dbi_load32(p);
#else
	uint32_t v = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
#endif
	return v * 2654435761u >> (32 - DBI_HASH_BITS);
}

/* The first byte in which two words of a text differ. */
static inline uint32_t dbi_first_difference(uint64_t x)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t)__builtin_ctzll(x) >> 3;
#else
	return (uint32_t)__builtin_clzll(x) >> 3;
#endif
}

/* How many bytes from a and b on are equal; b is the later one and has eight bytes. Most are equal for less than eight. */
static inline uint32_t dbi_match_length(const unsigned char *a, const unsigned char *b, const unsigned char *end)
{
	uint64_t x = dbi_load64(a) ^ dbi_load64(b);
	if (x)
		return dbi_first_difference(x);
	size_t room = (size_t)(end - b), max = room < DBI_MAX_MATCH ? room : DBI_MAX_MATCH, n = 8;
	for (; n + 8 <= max; n += 8)
		if ((x = dbi_load64(a + n) ^ dbi_load64(b + n)) != 0)
			return (uint32_t)n + dbi_first_difference(x);
	while (n < max && a[n] == b[n])
		n++;
	return (uint32_t)n;
}

/* The same where b may have less. */
static inline uint32_t dbi_match_length_to_end(const unsigned char *a, const unsigned char *b, const unsigned char *end)
{
	uint32_t n = 0;
	if (end - b >= 8)
		return dbi_match_length(a, b, end);
	while (b + n < end && a[n] == b[n])
		n++;
	return n;
}

struct dbi_match { uint32_t len, dist; };

/*
 * The match at p; len 0 for none. p becomes the newest place of its bytes. Places that were never written say 0, which is as
 * good a place as any: what counts are the bytes there.
 */
static inline struct dbi_match dbi_match_find(struct dbi_places *z, const unsigned char *text, const unsigned char *p, const unsigned char *end)
{
	uint32_t *place = &z->newest[dbi_hash_of(p)], at = (uint32_t)(p - text), from = *place, dist = at - from;

	*place = at;
	if (dbi_load32(text + from) != dbi_load32(p) || dist - 1 >= DBI_WINDOW)
		return (struct dbi_match){ 0, 0 };
	return (struct dbi_match){ dbi_match_length(text + from, p, end), dist };
}

/* The end of a match is found again more often than what lies inside it. */
static inline void dbi_match_note(struct dbi_places *z, const unsigned char *text, const unsigned char *p)
{
	z->newest[dbi_hash_of(p)] = (uint32_t)(p - text);
}

#endif
