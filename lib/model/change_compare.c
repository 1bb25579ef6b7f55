/* SPDX-License-Identifier: MIT */
/* The marks: two states side by side, both in the order of their ids. */
#include "model/change_work.h"

#include <stdio.h>
#include <string.h>

#define OWN_ACTIVITY "datenbrief"

static bool has_value(const unsigned char *row, const char *value)
{
	size_t n = dbi_change_number(row + DBI_CHANGE_ID, 2);

	for (size_t i = 0; i < n; i++)
		if (memcmp(row + DBI_CHANGE_ROW + DBI_CHANGE_VALUE * i, value, DBI_CHANGE_VALUE) == 0)
			return true;
	return false;
}

static bool mark(dbi_xml_node *n, const char *word)
{
	return dbi_node_set_constant(n, "change", word);
}

/* Marks the fields whose value is another; is any, or did a value go? */
static int compare_fields(const struct dbi_change_work *w, const struct dbi_change_group *g, const struct dbi_change_entry *e,
    const unsigned char *before, bool *differs)
{
	const struct dbi_ordered *item = &g->list->items[e->at];
	const unsigned char *row = (const unsigned char *)g->rows.data + e->row;
	const char *value = g->rows.data + e->row + DBI_CHANGE_ROW;
	const dbi_xml_node *next = dbi_node_child(item->node, "field");
	bool ok = true;

	*differs = dbi_change_number(row + DBI_CHANGE_ID, 2) < dbi_change_number(before + DBI_CHANGE_ID, 2);
	for (size_t i = 0; ok && item->record->key && i < item->record->decl->n_fields; i++) {
		const struct dbi_field_decl *f = &item->record->decl->fields[i];
		const dbi_xml_node *field = next;

		if (f->ignore_reason)
			continue;
		next = dbi_node_sibling(field, "field");
		if (dbi_change_is_empty(f, &item->record->values[i]))
			continue;
		if (!has_value(before, value)) {
			*differs = true;
			ok = mark((dbi_xml_node *)(uintptr_t)field, "changed");
		}
		value += DBI_CHANGE_VALUE;
	}
	return ok ? DBRIEF_OK : dbi_error_memory(w->err);
}

static int compare_record(const struct dbi_change_work *w, const struct dbi_change_group *g, const struct dbi_change_entry *e,
    const unsigned char *before, struct dbi_change_counts *c)
{
	dbi_xml_node *node = g->list->items[e->at].node;
	bool differs = false;
	int rc = before ? compare_fields(w, g, e, before, &differs) : DBRIEF_OK;

	if (rc != DBRIEF_OK)
		return rc;
	*(!before ? &c->new : differs ? &c->changed : &c->same) += 1;
	return mark(node, !before ? "new" : differs ? "changed" : "same") ? rc : dbi_error_memory(w->err);
}

static bool set_counts(dbi_xml_node *n, const struct dbi_change_counts *c)
{
	const struct { const char *name; size_t n; } all[] = { { "new", c->new }, { "changed", c->changed }, { "gone", c->gone }, { "same", c->same } };
	char text[24];

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		(void)snprintf(text, sizeof(text), "%zu", all[i].n);
		if (!dbi_node_set(n, all[i].name, text))
			return false;
	}
	return true;
}

/* What the making of letters leaves, such as a list of letters sent, grows with each: no change that anybody asks for. */
static void add_up(struct dbi_change_counts *sum, const struct dbi_change_group *g, const struct dbi_change_counts *c)
{
	if (strcmp(g->list->decl->activity, OWN_ACTIVITY) == 0)
		return;
	sum->new += c->new;
	sum->changed += c->changed;
	sum->gone += c->gone;
	sum->same += c->same;
}

/* Both sides are in the order of their ids; equal ids pair off. */
static int compare_group(struct dbi_change_work *w, struct dbi_change_group *g, struct dbi_change_rows rows)
{
	struct dbi_change_counts c = { 0, 0, 0, 0 };
	int rc = DBRIEF_OK;

	for (size_t i = 0; rc == DBRIEF_OK && i < g->list->n; i++) {
		const char *id = g->rows.data + g->entries[i].row;
		bool found = false;

		while (rows.left && memcmp(rows.p, id, DBI_CHANGE_ID) < 0) {
			c.gone++;
			rows.left -= dbi_change_row_size(rows.p);
			rows.p += dbi_change_row_size(rows.p);
		}
		found = rows.left && memcmp(rows.p, id, DBI_CHANGE_ID) == 0;
		rc = compare_record(w, g, &g->entries[i], found ? rows.p : NULL, &c);
		if (found) {
			rows.left -= dbi_change_row_size(rows.p);
			rows.p += dbi_change_row_size(rows.p);
		}
	}
	for (; rows.left; c.gone++) {
		rows.left -= dbi_change_row_size(rows.p);
		rows.p += dbi_change_row_size(rows.p);
	}
	if (rc == DBRIEF_OK && !set_counts(g->list->head, &c))
		rc = dbi_error_memory(w->err);
	add_up(&w->sum, g, &c);
	g->list = NULL; /* compared */
	return rc;
}

static int compare_stored(struct dbi_change_work *w, const unsigned char *name, size_t n, struct dbi_change_rows rows)
{
	struct dbi_change_group *g = dbi_change_find(w, name);

	if (!g)
		w->sum.gone += n; /* the configuration has no such collection any more */
	return g && !g->failed ? compare_group(w, g, rows) : DBRIEF_OK;
}

/* Collections that the last letter did not know: all new. */
static int compare_rest(struct dbi_change_work *w)
{
	int rc = DBRIEF_OK;

	for (size_t i = 0; rc == DBRIEF_OK && i < w->order->n; i++)
		if (w->groups[i].list && !w->groups[i].failed)
			rc = compare_group(w, &w->groups[i], (struct dbi_change_rows){ NULL, 0 });
	return rc;
}

int dbi_change_compare(struct dbi_change_work *w, dbi_xml_doc *model)
{
	dbi_xml_node *n = dbi_node_child(dbi_xml_root(model), "changes");
	int rc;

	if (!w->changes->before || !n)
		return DBRIEF_OK;
	rc = dbi_change_each(w, compare_stored);
	if (rc == DBRIEF_OK)
		rc = compare_rest(w);
	if (rc == DBRIEF_OK && !(dbi_node_set(n, "since", w->changes->since) && set_counts(n, &w->sum)))
		rc = dbi_error_memory(w->err);
	return rc;
}
