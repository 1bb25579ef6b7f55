/* SPDX-License-Identifier: MIT */
/* The trees of a lot, written while they grow: a node goes out when it is full. */
#include "pdf/lot_parts.h"

#include <string.h>

#include "util/mem.h"

#define LABELS 256 /* of a leaf */

static void add_number(struct dbi_buf *out, const char *key, uint32_t v)
{
	dbi_buf_adds(out, key);
	dbi_buf_addc(out, ' ');
	dbi_buf_add_int(out, v);
}

static void write_node(const struct dbi_lot_node *node, struct dbi_lot_file *f, uint32_t parent)
{
	struct dbi_buf *out = dbi_lot_file_object(f, node->number);
	dbi_buf_adds(out, "<</Type/Pages");
	if (parent) {
		dbi_buf_adds(out, "/Parent");
		dbi_lot_add_reference(out, parent);
	}
	add_number(out, "/Count", node->pages);
	dbi_buf_adds(out, "/Kids[");
	for (uint32_t i = 0; i < node->n; i++)
		dbi_lot_add_reference(out, node->kids[i]);
	dbi_buf_adds(out, "]>>");
}

static void close_node(struct dbi_lot_tree *t, struct dbi_lot_file *f, unsigned level);

/* The open node of a level, a new one when that is full. */
static struct dbi_lot_node *open_node(struct dbi_lot_tree *t, struct dbi_lot_file *f, unsigned level)
{
	struct dbi_lot_node *node = &t->levels[level];
	if (node->n == DBI_LOT_FAN && level + 1 < DBI_LOT_LEVELS)
		close_node(t, f, level);
	if (!node->number)
		node->number = dbi_lot_file_number(f);
	return node;
}

static void close_node(struct dbi_lot_tree *t, struct dbi_lot_file *f, unsigned level)
{
	struct dbi_lot_node *node = &t->levels[level], *parent = open_node(t, f, level + 1);
	write_node(node, f, parent->number);
	parent->kids[parent->n++] = node->number;
	parent->pages += node->pages;
	memset(node, 0, sizeof(*node));
}

uint32_t dbi_lot_tree_parent(struct dbi_lot_tree *t, struct dbi_lot_file *f)
{
	return open_node(t, f, 0)->number;
}

void dbi_lot_tree_page(struct dbi_lot_tree *t, uint32_t page)
{
	struct dbi_lot_node *node = &t->levels[0];
	node->kids[node->n++] = page;
	node->pages++;
	t->pages++;
}

static uint32_t finish_pages(struct dbi_lot_tree *t, struct dbi_lot_file *f)
{
	unsigned level = 0;
	while (level + 1 < DBI_LOT_LEVELS && t->levels[level + 1].number)
		close_node(t, f, level++);
	write_node(&t->levels[level], f, 0);
	return t->levels[level].number;
}

static void close_labels(struct dbi_lot_tree *t, struct dbi_lot_file *f)
{
	if (!t->n_labels)
		return;
	if (t->labels.failed ||
	    !dbi_grow(&t->leaves, &t->cap_leaves, t->n_leaves + 1, sizeof(*t->leaves), DBI_LOT_OBJECTS)) {
		f->body.failed = true;
		return;
	}
	uint32_t number = dbi_lot_file_number(f);
	struct dbi_buf *out = dbi_lot_file_object(f, number);
	add_number(out, "<</Limits[", t->labels_first);
	add_number(out, "", t->labels_last);
	dbi_buf_adds(out, "]/Nums[");
	dbi_buf_add(out, t->labels.data, t->labels.len);
	dbi_buf_adds(out, "]>>");
	t->leaves[t->n_leaves++] = number;
	t->n_labels = 0;
	dbi_buf_clear(&t->labels);
}

/* "17-2": the second page of the seventeenth letter. */
static void add_label(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t letter)
{
	if (t->n_labels == LABELS)
		close_labels(t, f);
	if (!t->n_labels)
		t->labels_first = t->pages;
	t->labels_last = t->pages;
	t->n_labels++;
	dbi_buf_add_int(&t->labels, t->pages);
	dbi_buf_adds(&t->labels, "<</S/D/P(");
	dbi_buf_add_int(&t->labels, letter);
	dbi_buf_adds(&t->labels, "-)>>");
}

static uint32_t finish_labels(struct dbi_lot_tree *t, struct dbi_lot_file *f)
{
	uint32_t number = dbi_lot_file_number(f);
	close_labels(t, f);
	struct dbi_buf *out = dbi_lot_file_object(f, number);
	dbi_buf_adds(out, "<</Kids[");
	for (size_t i = 0; i < t->n_leaves; i++)
		dbi_lot_add_reference(out, t->leaves[i]);
	dbi_buf_adds(out, "]>>");
	return number;
}

/* An item names the one after it, so it is written when that is known. */
static void write_item(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t after)
{
	if (!t->item)
		return;
	struct dbi_buf *out = dbi_lot_file_object(f, t->item);
	dbi_buf_adds(out, "<</Title");
	dbi_buf_add_text_string(out, t->title, strlen(t->title));
	dbi_buf_adds(out, "/Parent");
	dbi_lot_add_reference(out, t->outline);
	if (t->item_before) {
		dbi_buf_adds(out, "/Prev");
		dbi_lot_add_reference(out, t->item_before);
	}
	if (after) {
		dbi_buf_adds(out, "/Next");
		dbi_lot_add_reference(out, after);
	}
	dbi_buf_adds(out, "/Dest[");
	dbi_lot_add_reference(out, t->item_page);
	dbi_buf_adds(out, "/Fit]>>");
}

void dbi_lot_tree_letter(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t letter, uint32_t page, const char *title)
{
	uint32_t number = dbi_lot_file_number(f);
	add_label(t, f, letter);
	if (!t->outline)
		t->outline = dbi_lot_file_number(f);
	write_item(t, f, number);
	t->item_before = t->item;
	t->item = number;
	t->item_page = page;
	if (!t->first_item)
		t->first_item = number;
	t->n_items++;
	size_t len = strnlen(title, sizeof(t->title) - 1);
	memcpy(t->title, title, len);
	t->title[len] = '\0';
}

static void finish_outline(struct dbi_lot_tree *t, struct dbi_lot_file *f)
{
	write_item(t, f, 0);
	struct dbi_buf *out = dbi_lot_file_object(f, t->outline);
	dbi_buf_adds(out, "<</Type/Outlines/First");
	dbi_lot_add_reference(out, t->first_item);
	dbi_buf_adds(out, "/Last");
	dbi_lot_add_reference(out, t->item);
	add_number(out, "/Count", t->n_items);
	dbi_buf_adds(out, ">>");
}

uint32_t dbi_lot_tree_finish(struct dbi_lot_tree *t, struct dbi_lot_file *f, uint32_t *labels)
{
	*labels = finish_labels(t, f);
	finish_outline(t, f);
	return finish_pages(t, f);
}

void dbi_lot_tree_dispose(struct dbi_lot_tree *t)
{
	dbi_buf_dispose(&t->labels);
	dbi_free(t->leaves);
}
