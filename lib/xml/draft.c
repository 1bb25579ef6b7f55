/* SPDX-License-Identifier: MIT */
#include "xml/draft.h"

#include "util/limits.h"
#include "util/mem.h"

#define TOGETHER 200 /* nodes of a block */

struct dbi_draft_block {
	struct dbi_draft_block *next;
	struct dbi_draft_node nodes[TOGETHER];
};

/* ---- life ---- */

static void forget(struct dbi_draft *d)
{
	d->name = "";
	d->root = NULL;
	d->block = NULL;
	d->used = 0;
}

void dbi_draft_clear(struct dbi_draft *d)
{
	forget(d);
	d->arena.max = DBI_MAX_TREE_BYTES;
	dbi_arena_reset(&d->arena);
}

static void free_blocks(struct dbi_draft_block **blocks)
{
	struct dbi_draft_block *b = *blocks, *next;

	for (*blocks = NULL; b; b = next) {
		next = b->next;
		dbi_free(b);
	}
}

void dbi_draft_trim(struct dbi_draft *d, size_t keep)
{
	struct dbi_draft_block **rest = &d->blocks;
	size_t n = 0;

	dbi_draft_clear(d);
	dbi_arena_trim(&d->arena, keep);
	for (; *rest && (n + 1) * sizeof **rest <= keep; n++)
		rest = &(*rest)->next;
	free_blocks(rest);
	d->n_blocks = n;
}

void dbi_draft_dispose(struct dbi_draft *d)
{
	forget(d);
	free_blocks(&d->blocks);
	d->n_blocks = 0;
	dbi_arena_dispose(&d->arena);
}

/* ---- building ---- */

/* The next block, kept from a letter before or new. */
static bool next_block(struct dbi_draft *d)
{
	struct dbi_draft_block **next = d->block ? &d->block->next : &d->blocks;

	if (!*next && d->n_blocks < DBI_MAX_TREE_BYTES / sizeof **next) {
		*next = dbi_malloc(sizeof **next);
		if (*next) {
			(*next)->next = NULL;
			d->n_blocks++;
		}
	}
	if (!*next)
		return false;
	d->block = *next;
	d->used = 0;
	return true;
}

/* An empty node, the last child of its parent. */
static inline struct dbi_draft_node *add_node(struct dbi_draft *d, struct dbi_draft_node *parent)
{
	struct dbi_draft_node *n;

	if ((!d->block || d->used == TOGETHER) && !next_block(d))
		return NULL;
	n = &d->block->nodes[d->used++];
	*n = (struct dbi_draft_node){ .parent = parent };
	if (!parent) {
		d->root = n;
		return n;
	}
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

struct dbi_draft_node *dbi_draft_add(struct dbi_draft *d, struct dbi_draft_node *parent, const char *name, enum dbi_tag tag)
{
	struct dbi_draft_node *n = add_node(d, parent);

	if (n) {
		n->name = name;
		n->tag = (uint8_t)tag;
	}
	return n;
}

struct dbi_draft_node *dbi_draft_add_text(struct dbi_draft *d, struct dbi_draft_node *parent, const char *text, size_t len)
{
	struct dbi_draft_node *n = add_node(d, parent);

	if (n) {
		n->text = text;
		n->len = len;
		n->tag = DBI_TAG_COUNT;
	}
	return n;
}

struct dbi_draft_attr *dbi_draft_set(struct dbi_draft *d, struct dbi_draft_node *n, const char *name, enum dbi_attr word, const char *value)
{
	struct dbi_draft_attr *a = dbi_arena_calloc(&d->arena, 1, sizeof *a);
	const struct dbi_draft_attr **tail = &n->attrs;

	if (!a)
		return NULL;
	a->name = name;
	a->word = word;
	a->value = value;
	while (*tail)
		tail = (const struct dbi_draft_attr **)(uintptr_t)&(*tail)->next;
	*tail = a;
	return a;
}

/* ---- walking ---- */

static const struct dbi_draft_node *next_in(const struct dbi_draft_node *top, const struct dbi_draft_node *n)
{
	if (n->name && n->first)
		return n->first;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

void dbi_draft_string(const struct dbi_draft_node *n, struct dbi_buf *out)
{
	for (const struct dbi_draft_node *top = n; n; n = next_in(top, n))
		if (!n->name)
			dbi_buf_add(out, n->text, n->len);
}

void dbi_draft_place(const struct dbi_draft *d, const struct dbi_draft_node *n, char out[128])
{
	const struct dbi_draft_node *element = n && !n->name ? n->parent : n;

	dbi_place_write(d->name, element ? element->line : 0, element ? element->column : 0, out);
}
