/* SPDX-License-Identifier: MIT */
/* Code lengths after Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995). */
#include "pdf/deflate_block.h"

#define MAX_SYMBOLS 288
#define MOST 255 /* counts up to this are sorted by counting */
#define FEW 24   /* so many are sorted by insertion */

/*
 * Symbols with a value other than 0, without asking: whether a symbol occurs
 * is a question whose answer no processor foretells.
 */
#define LIST_USED(values, n, list, used) \
	for (unsigned i_ = 0; i_ < (n); i_++) { \
		(list)[used] = (uint16_t)i_; \
		(used) += (values)[i_] != 0; \
	}

/* By ascending count, equal counts as they come. */
static void insert(const uint32_t *counts, uint16_t *sorted, unsigned i, uint16_t s)
{
	for (; i > 0 && counts[sorted[i - 1]] > counts[s]; i--)
		sorted[i] = sorted[i - 1];
	sorted[i] = s;
}

static void sort_by_counting(const uint32_t *counts, const uint16_t *list, unsigned used, uint16_t *sorted)
{
	uint16_t places[MOST + 2] = { 0 };
	unsigned at = 0;

	for (unsigned i = 0; i < used; i++)
		places[counts[list[i]] < MOST ? counts[list[i]] + 1 : MOST + 1]++;
	for (unsigned i = 1; i <= MOST + 1; i++) {
		at += places[i];
		places[i] = (uint16_t)at;
	}
	for (unsigned i = 0; i < used; i++)
		sorted[places[counts[list[i]] < MOST ? counts[list[i]] : MOST]++] = list[i];
	/* The few that occur more often than that stand at the end. */
	for (unsigned i = 1; i < used; i++)
		if (counts[sorted[i]] >= MOST)
			insert(counts, sorted, i, sorted[i]);
}

/* Symbols that occur by ascending count; equal counts by number. */
static unsigned sort(const uint32_t *counts, unsigned n, uint16_t *sorted)
{
	uint16_t list[MAX_SYMBOLS + 1];
	unsigned used = 0;

	LIST_USED(counts, n, list, used)
	if (used > FEW) {
		sort_by_counting(counts, list, used, sorted);
		return used;
	}
	for (unsigned i = 0; i < used; i++)
		insert(counts, sorted, i, list[i]);
	return used;
}

/* a: ascending counts of n >= 2 symbols; becomes their depths in the tree. */
static void find_depths(uint32_t *a, int n)
{
	int root = 0, leaf = 2, next, free_nodes = 1, used = 0;
	uint32_t depth = 0;

	a[0] += a[1];
	for (next = 1; next < n - 1; next++) {
		if (leaf >= n || a[root] < a[leaf]) {
			a[next] = a[root];
			a[root++] = (uint32_t)next;
		} else {
			a[next] = a[leaf++];
		}
		if (leaf >= n || (root < next && a[root] < a[leaf])) {
			a[next] += a[root];
			a[root++] = (uint32_t)next;
		} else {
			a[next] += a[leaf++];
		}
	}
	a[n - 2] = 0;
	for (next = n - 3; next >= 0; next--)
		a[next] = a[a[next]] + 1;
	root = n - 2;
	next = n - 1;
	while (free_nodes > 0) {
		for (; root >= 0 && a[root] == depth; root--)
			used++;
		for (; free_nodes > used; free_nodes--)
			a[next--] = depth;
		free_nodes = 2 * used;
		depth++;
		used = 0;
	}
}

/* How many codes of each length, none longer than max. */
static void limit_depths(const uint32_t *depths, unsigned n, unsigned max, unsigned *of_length)
{
	uint32_t total = 0; /* of the code space, in units of the longest code */

	for (unsigned i = 0; i <= max; i++)
		of_length[i] = 0;
	for (unsigned i = 0; i < n; i++)
		of_length[depths[i] < max ? depths[i] : max]++;
	for (unsigned i = 1; i <= max; i++)
		total += of_length[i] << (max - i);
	for (; total > 1u << max; total--) {
		unsigned i = max - 1;
		while (!of_length[i])
			i--;
		of_length[i]--;
		of_length[i + 1] += 2;
		of_length[max]--;
	}
}

void dbi_huffman_lengths(const uint32_t *counts, unsigned n, unsigned max, unsigned char *lengths)
{
	uint16_t sorted[MAX_SYMBOLS];
	uint32_t depths[MAX_SYMBOLS];
	unsigned of_length[16], used = sort(counts, n, sorted), at = 0;

	memset(lengths, 0, n);
	if (used < 2) {
		lengths[0] = lengths[used && sorted[0] ? sorted[0] : 1] = 1;
		return;
	}
	for (unsigned i = 0; i < used; i++)
		depths[i] = counts[sorted[i]];
	find_depths(depths, (int)used);
	limit_depths(depths, used, max, of_length);
	for (unsigned len = max; len > 0; len--)
		for (unsigned k = 0; k < of_length[len]; k++)
			lengths[sorted[at++]] = (unsigned char)len;
}

void dbi_huffman_codes(const unsigned char *lengths, unsigned n, uint16_t *codes)
{
	uint32_t next[17] = { 0 }, of_length[16] = { 0 };
	uint16_t list[MAX_SYMBOLS + 1];
	unsigned used = 0;

	LIST_USED(lengths, n, list, used)
	for (unsigned i = 0; i < used; i++)
		of_length[lengths[list[i]]]++;
	for (unsigned i = 1; i < 16; i++)
		next[i + 1] = (next[i] + of_length[i]) << 1;
	memset(codes, 0, n * sizeof(*codes));
	for (unsigned i = 0; i < used; i++) {
		unsigned len = lengths[list[i]];
		uint32_t turned = next[len]++;
		/* Codes are written from their highest bit on, all else from the lowest. */
		turned = (turned & 0x5555) << 1 | (turned >> 1 & 0x5555);
		turned = (turned & 0x3333) << 2 | (turned >> 2 & 0x3333);
		turned = (turned & 0x0F0F) << 4 | (turned >> 4 & 0x0F0F);
		turned = (turned & 0x00FF) << 8 | (turned >> 8 & 0x00FF);
		codes[list[i]] = (uint16_t)(turned >> (16 - len));
	}
}
