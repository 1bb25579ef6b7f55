/* SPDX-License-Identifier: MIT */
#include "text/hyphtrie.h"

#include <string.h>

#include "util/mem.h"

#define MAX_NODES (4u << 20)
#define MAX_VALUES (16u << 20)
#define MAX_PATTERN (sizeof ((struct dbi_hyphtrie *)0)->last)
#define MAX_WORD 512
#define NEVER 10 /* above every digit and even: no hyphen whatever else says */

static bool add_node(struct dbi_hyphtrie *t, uint32_t parent, unsigned char byte, uint32_t *out)
{
	struct dbi_hyphnode *node;

	if (!dbi_grow(&t->nodes, &t->cap, t->n + 1, sizeof *t->nodes, MAX_NODES))
		return false;
	node = &t->nodes[t->n];
	memset(node, 0, sizeof *node);
	node->byte = byte;
	*out = (uint32_t)t->n++;
	if (*out == 0)
		return true;
	if (parent == 0) {
		t->first[byte] = *out;
	} else {
		node->sibling = t->nodes[parent].child;
		t->nodes[parent].child = *out;
	}
	return true;
}

static uint32_t find_child(const struct dbi_hyphtrie *t, uint32_t node, unsigned char byte)
{
	uint32_t c;

	if (node == 0)
		return t->first[byte];
	c = t->nodes[node].child;
	while (c && t->nodes[c].byte != byte)
		c = t->nodes[c].sibling;
	return c;
}

/* The node at the end of a path, made where it is missing. */
static bool find_node(struct dbi_hyphtrie *t, const unsigned char *bytes, size_t n, uint32_t *out)
{
	size_t i = 0;
	uint32_t node = 0;

	while (i < n && i < t->n_last && bytes[i] == t->last[i])
		node = t->path[i++];
	for (; i < n; i++) {
		uint32_t child = find_child(t, node, bytes[i]);

		if (!child && !add_node(t, node, bytes[i], &child))
			return false;
		t->last[i] = bytes[i];
		t->path[i] = node = child;
		t->n_last = i + 1;
	}
	*out = node;
	return true;
}

/* Keeps what is left of the values without leading zeros. */
static bool set_values(struct dbi_hyphtrie *t, uint32_t node, const unsigned char *values, size_t n)
{
	size_t skip = 0;

	while (skip < n && values[skip] == 0)
		skip++;
	n -= skip;
	if (!dbi_grow(&t->values, &t->cap_values, t->n_values + n + 1, 1, MAX_VALUES))
		return false;
	t->nodes[node].values = (uint32_t)t->n_values + 1;
	t->values[t->n_values] = (unsigned char)n;
	memcpy(t->values + t->n_values + 1, values + skip, n);
	t->n_values += n + 1;
	return true;
}

/*
 * A pattern with a replacement ("omaa1tj/om=aatj") spells the word anew at the
 * line end, which is not done here: its points become forbidden ones.
 */
bool dbi_hyphtrie_add(struct dbi_hyphtrie *t, const char *line, size_t len)
{
	unsigned char bytes[MAX_PATTERN], values[MAX_PATTERN + 1];
	const char *slash = memchr(line, '/', len);
	size_t n = 0;
	uint32_t node = 0;

	if (slash)
		len = (size_t)(slash - line);
	if (t->n == 0 && !add_node(t, 0, 0, &node))
		return false;
	values[0] = 0;
	for (size_t i = 0; i < len && (unsigned char)line[i] > ' '; i++) {
		if (line[i] >= '0' && line[i] <= '9') {
			values[n] = (unsigned char)(line[i] - '0');
			if (slash && values[n] & 1)
				values[n] = NEVER;
		} else if (n == MAX_PATTERN) {
			return true; /* as libhyphen does: such a line is no pattern */
		} else {
			bytes[n++] = (unsigned char)line[i];
			values[n] = 0;
		}
	}
	if (n == 0)
		return true;
	return find_node(t, bytes, n, &node) && set_values(t, node, values, n + 1);
}

void dbi_hyphtrie_finish(struct dbi_hyphtrie *t)
{
	void *smaller;

	if (t->n && (smaller = dbi_realloc(t->nodes, t->n, sizeof *t->nodes))) {
		t->nodes = smaller;
		t->cap = t->n;
	}
	if (t->n_values && (smaller = dbi_realloc(t->values, t->n_values, 1))) {
		t->values = smaller;
		t->cap_values = t->n_values;
	}
}

void dbi_hyphtrie_dispose(struct dbi_hyphtrie *t)
{
	dbi_free(t->nodes);
	dbi_free(t->values);
	memset(t, 0, sizeof *t);
}

/* ends[e]: node of the longest beginning of a pattern that ends behind byte e of text. */
static void find_ends(const struct dbi_hyphtrie *t, const unsigned char *text, size_t n, uint32_t *ends)
{
	memset(ends, 0, n * sizeof *ends);
	for (size_t start = 0; start < n; start++) {
		uint32_t node = 0;

		for (size_t e = start; e < n && (node = find_child(t, node, text[e])); e++)
			if (!ends[e])
				ends[e] = node;
	}
}

bool dbi_hyphtrie_match(const struct dbi_hyphtrie *t, const char *word, size_t len, unsigned char *points)
{
	unsigned char text[MAX_WORD + 2], best[MAX_WORD + 3];
	uint32_t ends[MAX_WORD + 2];

	memset(points, 0, len);
	if (t->n == 0 || len == 0 || len > MAX_WORD)
		return true;
	text[0] = text[len + 1] = '.';
	memcpy(text + 1, word, len);
	memset(best, 0, len + 3);
	find_ends(t, text, len + 2, ends);
	for (size_t e = 0; e < len + 2; e++) {
		const unsigned char *v;

		if (!ends[e] || !t->nodes[ends[e]].values)
			continue;
		/* The last value stands behind byte e, that is before byte e + 1. */
		v = t->values + t->nodes[ends[e]].values - 1;
		for (size_t k = 0; k < v[0]; k++) {
			unsigned char *slot = &best[e + 2 + k - v[0]];

			if (*slot < v[1 + k])
				*slot = v[1 + k];
		}
	}
	for (size_t i = 1; i < len; i++)
		points[i] = best[i + 1] & 1;
	return true;
}
