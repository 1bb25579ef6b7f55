/* SPDX-License-Identifier: MIT */
/* The patterns of one level of a hyphenation dictionary, as a trie over UTF-8 bytes. */
#ifndef DBI_TEXT_HYPHTRIE_H
#define DBI_TEXT_HYPHTRIE_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

struct dbi_hyphnode {
	uint32_t child, sibling; /* 0: none */
	uint32_t values;         /* offset + 1 into values; 0: no pattern ends here */
	unsigned char byte;
};

struct dbi_hyphtrie {
	struct dbi_hyphnode *nodes; /* the first is the root */
	size_t n, cap;
	unsigned char *values;      /* each: count, then that many values that end at the pattern's end */
	size_t n_values, cap_values;
	uint32_t first[256];        /* children of the root, which are many, by byte */
	/* While it grows: the last pattern and its nodes, for files are sorted mostly. */
	unsigned char last[96];
	uint32_t path[96];
	size_t n_last;
};

/* A pattern line such as ".ab3a4s"; false when out of memory. */
bool dbi_hyphtrie_add(struct dbi_hyphtrie *t, const char *line, size_t len);
void dbi_hyphtrie_finish(struct dbi_hyphtrie *t);
void dbi_hyphtrie_dispose(struct dbi_hyphtrie *t);
/*
 * points[i] becomes true where the patterns allow a hyphen before byte i. As
 * in libhyphen, of all patterns that end at one place only the longest counts,
 * and a longer beginning of some pattern hides it: dictionaries rely on that.
 */
bool dbi_hyphtrie_match(const struct dbi_hyphtrie *t, const char *word, size_t len, unsigned char *points);

#endif
