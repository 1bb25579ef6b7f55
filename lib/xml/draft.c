/* SPDX-License-Identifier: MIT */
#include "xml/draft.h"

#include "util/limits.h"

#define TOGETHER 64 /* nodes allocated at once */

/* ---- life ---- */

static void forget(struct dbi_draft *d)
{
	d->name = "";
	d->root = d->free = NULL;
	d->n_free = 0;
}

void dbi_draft_clear(struct dbi_draft *d)
{
	forget(d);
	d->arena.max = DBI_MAX_TREE_BYTES;
	dbi_arena_reset(&d->arena);
}

void dbi_draft_trim(struct dbi_draft *d, size_t keep)
{
	dbi_draft_clear(d);
	dbi_arena_trim(&d->arena, keep);
}

void dbi_draft_dispose(struct dbi_draft *d)
{
	forget(d);
	dbi_arena_dispose(&d->arena);
}

/* ---- building ---- */

/* A zeroed node, the last child of its parent. */
static struct dbi_draft_node *add_node(struct dbi_draft *d, struct dbi_draft_node *parent)
{
	struct dbi_draft_node *n;

	if (!d->n_free) {
		d->free = dbi_arena_calloc(&d->arena, TOGETHER, sizeof *d->free);
		if (!d->free)
			return NULL;
		d->n_free = TOGETHER;
	}
	n = d->free++;
	d->n_free--;
	n->parent = parent;
	if (!parent)
		d->root = n;
	else if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	if (parent)
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
