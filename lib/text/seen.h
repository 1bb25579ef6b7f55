/* SPDX-License-Identifier: MIT */
/*
 * Which of many values came before, by their hashes: a table of fixed size that
 * forgets what is oldest among a few. What comes again and again is not pushed
 * out by another that shares its place.
 */
#ifndef DBI_TEXT_SEEN_H
#define DBI_TEXT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#define DBI_SEEN_SETS 2048u
#define DBI_SEEN_WAYS 4u

struct dbi_seen { uint32_t hashes[DBI_SEEN_SETS][DBI_SEEN_WAYS]; };

/* Whether this hash was here before; from now on it was. */
static inline bool dbi_seen_again(struct dbi_seen *s, uint32_t hash)
{
	uint32_t *set = s->hashes[(hash ^ hash >> 13) % DBI_SEEN_SETS], last = hash;

	for (unsigned i = 0; i < DBI_SEEN_WAYS; i++) {
		uint32_t here = set[i];

		set[i] = last;
		if (here == hash)
			return true;
		last = here;
	}
	return false;
}

#endif
