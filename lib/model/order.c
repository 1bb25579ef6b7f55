/* SPDX-License-Identifier: MIT */
#include "model/order.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "util/hash.h"
#include "util/mem.h"

/* ---- comparing ---- */

struct whole { bool negative; const char *digits; size_t n; };

static bool whole_parse(const char *s, struct whole *w)
{
	w->negative = *s == '-';
	s += w->negative;
	w->n = strspn(s, "0123456789");
	if (w->n == 0 || s[w->n])
		return false;
	while (w->n > 1 && *s == '0') {
		s++;
		w->n--;
	}
	w->digits = s;
	if (w->n == 1 && *s == '0')
		w->negative = false;
	return true;
}

int dbi_order_keys(const char *a, const char *b)
{
	struct whole x, y;
	bool is_x = whole_parse(a, &x), is_y = whole_parse(b, &y);
	int order;
	if (!is_x || !is_y)
		return is_x ? -1 : is_y ? 1 : strcmp(a, b);
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	order = x.n != y.n ? (x.n < y.n ? -1 : 1) : memcmp(x.digits, y.digits, x.n);
	if (x.negative)
		order = -order;
	return order ? order : strcmp(a, b);
}

/* Records without a key: by their values in declared order. */
static int compare_values(const struct dbi_record *a, const struct dbi_record *b)
{
	for (size_t i = 0; i < a->decl->n_fields; i++) {
		const struct dbi_value *x = &a->values[i], *y = &b->values[i];
		size_t n = x->len < y->len ? x->len : y->len;
		int order;
		if (x->null != y->null)
			return x->null ? -1 : 1;
		order = n ? memcmp(x->text, y->text, n) : 0;
		if (order)
			return order;
		if (x->len != y->len)
			return x->len < y->len ? -1 : 1;
		if (x->bytes != y->bytes)
			return x->bytes < y->bytes ? -1 : 1;
	}
	return 0;
}

static int compare(const struct dbi_ordered *a, const struct dbi_ordered *b)
{
	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	if (a->record->key && b->record->key)
		return dbi_order_keys(a->record->key, b->record->key);
	if (a->record->key || b->record->key)
		return a->record->key ? -1 : 1;
	return compare_values(a->record, b->record);
}

/* Merge sort from the bottom: qsort of a C library may be quadratic. */
static bool sort(struct dbi_ordered *items, size_t n)
{
	struct dbi_ordered *spare, *from = items, *to;
	if (n < 2)
		return true;
	spare = dbi_calloc(n, sizeof *spare);
	if (!spare)
		return false;
	to = spare;
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t start = 0; start < n; start += 2 * width) {
			size_t a = start, middle = start + width < n ? start + width : n, b = middle;
			size_t end = middle + width < n ? middle + width : n;
			for (size_t k = start; k < end; k++)
				to[k] = a < middle && (b >= end || compare(&from[a], &from[b]) <= 0)
				    ? from[a++] : from[b++];
		}
		struct dbi_ordered *swap = from;
		from = to;
		to = swap;
	}
	if (from != items)
		memcpy(items, from, n * sizeof *items);
	dbi_free(spare);
	return true;
}

/* ---- parents ---- */

/* Open addressing over the keys of a parent collection; slots hold index + 1. */
struct key_table { size_t *slots; size_t mask; const struct dbi_order_list *list; };

static size_t *key_slot(const struct key_table *t, const char *key)
{
	size_t at = dbi_fnv1a(DBI_FNV_START, key, strlen(key)) & t->mask;
	while (t->slots[at] && strcmp(t->list->items[t->slots[at] - 1].record->key, key) != 0)
		at = (at + 1) & t->mask;
	return &t->slots[at];
}

static int order_error(const struct dbi_order_list *list, const char *text, struct dbrief_error *err)
{
	char where[192];
	snprintf(where, sizeof where, "source %s / records %s", list->source->id, list->decl->name);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, where, "%s", text);
}

static int key_table_build(struct key_table *t, const struct dbi_order_list *list, struct dbrief_error *err)
{
	size_t cap = 8;
	while (cap < list->n * 2)
		cap *= 2;
	t->slots = dbi_calloc(cap, sizeof *t->slots);
	t->mask = cap - 1;
	t->list = list;
	if (!t->slots)
		return dbi_error_memory(err);
	for (size_t i = 0; i < list->n; i++) {
		size_t *slot;
		if (!list->items[i].record->key)
			return order_error(list, "a record that holds others has no key; name its key column",
			    err);
		slot = key_slot(t, list->items[i].record->key);
		if (*slot)
			return order_error(list,
			    "two records of one key hold nested records; make the key unique", err);
		*slot = i + 1;
	}
	return DBRIEF_OK;
}

static int find_parents(struct dbi_order_list *list, const struct dbi_order_list *parents,
    struct dbrief_error *err)
{
	struct key_table table = { NULL, 0, NULL };
	int rc = list->n ? key_table_build(&table, parents, err) : DBRIEF_OK;
	for (size_t i = 0; rc == DBRIEF_OK && i < list->n; i++) {
		const char *key = list->items[i].record->parent_key;
		size_t found = key ? *key_slot(&table, key) : 0;
		if (found)
			list->items[i].parent = found - 1;
		else
			rc = order_error(list,
			    "a record belongs to a parent record that was not delivered; check both queries",
			    err);
	}
	dbi_free(table.slots);
	return rc;
}

/* ---- all collections ---- */

static int list_sort(struct dbi_order *order, struct dbi_order_list *list, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;
	if (list->decl->parent)
		rc = find_parents(list, &order->lists[list->decl->parent->index], err);
	if (rc == DBRIEF_OK && !sort(list->items, list->n))
		rc = dbi_error_memory(err);
	for (size_t i = 1; rc == DBRIEF_OK && i < list->n; i++) {
		const struct dbi_ordered *a = &list->items[i - 1], *b = &list->items[i];
		if (a->parent == b->parent && a->record->key && b->record->key && strcmp(a->record->key,
		    b->record->key) == 0)
			rc = order_error(list, "two records of one key; make the key unique", err);
	}
	return rc;
}

static unsigned depth(const struct dbi_collection_decl *c)
{
	unsigned n = 0;
	while ((c = c->parent))
		n++;
	return n;
}

/* Lists by decl->index with room for their records. */
static int lists_make(struct dbi_order *order, const struct dbi_dataset *data, struct dbrief_error *err)
{
	size_t at = 0;
	for (size_t s = 0; s < data->n_sources; s++)
		for (size_t c = 0; c < data->sources[s].decl->n_collections; c++)
			if (data->sources[s].decl->collections[c].index >= order->n)
				order->n = data->sources[s].decl->collections[c].index + 1;
	order->lists = dbi_calloc(order->n, sizeof *order->lists);
	order->items = dbi_calloc(data->n_records, sizeof *order->items);
	if (!order->lists || !order->items)
		return dbi_error_memory(err);
	for (size_t s = 0; s < data->n_sources; s++)
		for (size_t c = 0; c < data->sources[s].decl->n_collections; c++) {
			const struct dbi_collection_decl *decl = &data->sources[s].decl->collections[c];
			order->lists[decl->index].source = data->sources[s].decl;
			order->lists[decl->index].decl = decl;
		}
	for (const struct dbi_record *r = data->first; r; r = r->next)
		order->lists[r->decl->index].n++;
	for (size_t i = 0; i < order->n; i++) {
		order->lists[i].items = order->items + at;
		at += order->lists[i].n;
	}
	for (const struct dbi_record *r = data->first; r; r = r->next) {
		struct dbi_order_list *list = &order->lists[r->decl->index];
		list->items[list->fill++].record = r;
	}
	return DBRIEF_OK;
}

int dbi_order_build(struct dbi_order *order, const struct dbi_dataset *data, struct dbrief_error *err)
{
	unsigned deepest = 0;
	int rc;
	memset(order, 0, sizeof *order);
	rc = lists_make(order, data, err);
	for (size_t i = 0; rc == DBRIEF_OK && i < order->n; i++)
		if (order->lists[i].decl && depth(order->lists[i].decl) > deepest)
			deepest = depth(order->lists[i].decl);
	/* Parents before children: a child's order follows from its parent's. */
	for (unsigned level = 0; rc == DBRIEF_OK && level <= deepest; level++)
		for (size_t i = 0; rc == DBRIEF_OK && i < order->n; i++)
			if (order->lists[i].decl && depth(order->lists[i].decl) == level)
				rc = list_sort(order, &order->lists[i], err);
	if (rc != DBRIEF_OK)
		dbi_order_dispose(order);
	return rc;
}

void dbi_order_dispose(struct dbi_order *order)
{
	dbi_free(order->lists);
	dbi_free(order->items);
	memset(order, 0, sizeof *order);
}
