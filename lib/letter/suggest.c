/* SPDX-License-Identifier: MIT */
/* The nearest known word to a mistyped one, for messages. */
#include <string.h>

#include "letter/style_rules.h"

#define LONGEST 32

/* Edit distance of two words up to LONGEST bytes. */
static unsigned word_distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

const char *dbi_suggest(const char *word, size_t len, const char *const *list, size_t n)
{
	const char *best = NULL;
	unsigned least = len <= 3 ? 2 : len <= 6 ? 3 : 5;

	if (len > LONGEST)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(list[i]);
		unsigned d;

		if (m > LONGEST)
			continue;
		d = word_distance(word, len, list[i], m);
		if (d < least) {
			least = d;
			best = list[i];
		}
	}
	return best;
}
