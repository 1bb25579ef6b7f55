/* SPDX-License-Identifier: MIT */
/* The state of a letter: hashes of its records in canonical order. */
#include "model/change_work.h"

#include <stdlib.h>
#include <string.h>
#include "util/hash.h"
#include "util/mem.h"

/* ---- hashes ---- */

static void put_number(struct dbi_buf *b, size_t n, unsigned bytes)
{
	while (bytes--)
		dbi_buf_addc(b, (char)(n >> 8 * bytes & 0xff));
}

/* Each part with its length before it: no two texts of parts are one. */
static void add_part(struct dbi_buf *b, const void *bytes, size_t len)
{
	put_number(b, len, 4);
	dbi_buf_add(b, bytes, len);
}

static void begin(struct dbi_buf *b, char kind)
{
	dbi_buf_clear(b);
	dbi_buf_addc(b, kind);
}

static void hash_text(struct dbi_change_work *w, unsigned char *out, size_t len)
{
	unsigned char hash[16] = { 0 };

	w->failed |= w->text.failed;
	if (!w->text.failed)
		dbi_blake2b(hash, sizeof(hash), w->text.data, w->text.len, w->key, sizeof(w->key));
	memcpy(out, hash, len);
}

static void hash_names(struct dbi_change_work *w, struct dbi_change_group *g)
{
	begin(&w->text, 'c');
	add_part(&w->text, g->list->source->id, strlen(g->list->source->id));
	add_part(&w->text, g->list->decl->name, strlen(g->list->decl->name));
	hash_text(w, g->name, DBI_CHANGE_ID);
}

bool dbi_change_is_empty(const struct dbi_field_decl *f, const struct dbi_value *v)
{
	return f->ignore_reason || v->null || (v->len == 0 && f->type != DBI_TYPE_BINARY && f->type != DBI_TYPE_CODE);
}

static void add_value(struct dbi_buf *b, const struct dbi_field_decl *f, const struct dbi_value *v)
{
	add_part(b, f->name, strlen(f->name));
	if (f->sensitivity == DBI_SENS_SECRET)
		return;
	if (f->type == DBI_TYPE_BINARY)
		add_part(b, v->media_type ? v->media_type : "", v->media_type ? strlen(v->media_type) : 0);
	add_part(b, v->text, v->len);
}

static const unsigned char *parent_id(const struct dbi_change_work *w, const struct dbi_change_group *g, size_t at)
{
	static const unsigned char none[DBI_CHANGE_ID];
	const struct dbi_change_group *parent = g->list->decl->parent ? &w->groups[g->list->decl->parent->index] : NULL;

	return parent ? (const unsigned char *)parent->rows.data + parent->entries[g->list->items[at].parent].row : none;
}

static void hash_record(struct dbi_change_work *w, struct dbi_change_group *g, size_t at)
{
	const struct dbi_record *r = g->list->items[at].record;
	unsigned char id[DBI_CHANGE_ID], hash[DBI_CHANGE_VALUE];
	size_t n = 0;

	begin(&w->text, r->key ? 'k' : 'r');
	dbi_buf_add(&w->text, parent_id(w, g, at), DBI_CHANGE_ID);
	dbi_buf_add(&w->text, g->name, DBI_CHANGE_ID);
	if (r->key)
		add_part(&w->text, r->key, strlen(r->key));
	for (size_t i = 0; !r->key && i < r->decl->n_fields; i++)
		if (!dbi_change_is_empty(&r->decl->fields[i], &r->values[i]))
			add_value(&w->text, &r->decl->fields[i], &r->values[i]);
	hash_text(w, id, DBI_CHANGE_ID);
	dbi_buf_clear(&w->values);
	for (size_t i = 0; r->key && i < r->decl->n_fields; i++) {
		if (dbi_change_is_empty(&r->decl->fields[i], &r->values[i]))
			continue;
		begin(&w->text, 'v');
		dbi_buf_add(&w->text, id, DBI_CHANGE_ID);
		add_value(&w->text, &r->decl->fields[i], &r->values[i]);
		hash_text(w, hash, DBI_CHANGE_VALUE);
		dbi_buf_add(&w->values, hash, DBI_CHANGE_VALUE);
		n++;
	}
	w->failed |= w->values.failed;
	g->entries[at] = (struct dbi_change_entry){ g->rows.len, at };
	dbi_buf_add(&g->rows, id, DBI_CHANGE_ID);
	put_number(&g->rows, n, 2);
	dbi_buf_add(&g->rows, n ? w->values.data : "", w->values.len);
}

/* Parents first: their ids are part of what is hashed of the records within. */
static int hash_group(struct dbi_change_work *w, size_t index)
{
	struct dbi_change_group *g = &w->groups[index];
	const struct dbi_collection_decl *parent = g->list->decl->parent;
	int rc = DBRIEF_OK;

	if (g->hashed)
		return rc;
	g->hashed = true;
	if (parent)
		rc = hash_group(w, parent->index);
	g->entries = rc == DBRIEF_OK ? dbi_calloc(g->list->n + 1, sizeof(*g->entries)) : NULL;
	if (!g->entries)
		return rc == DBRIEF_OK ? dbi_error_memory(w->err) : rc;
	hash_names(w, g);
	for (size_t at = 0; at < g->list->n && !g->rows.failed && !w->failed; at++)
		hash_record(w, g, at);
	return w->failed || g->rows.failed ? dbi_error_memory(w->err) : DBRIEF_OK;
}

/* ---- order ---- */

struct keyed { unsigned char id[DBI_CHANGE_ID]; struct dbi_change_entry entry; };

static int by_id(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int c = memcmp(x->id, y->id, DBI_CHANGE_ID);

	return c ? c : (x->entry.at > y->entry.at) - (x->entry.at < y->entry.at);
}

static int sort_entries(const struct dbi_change_work *w, struct dbi_change_group *g)
{
	size_t n = g->list->n;
	struct keyed *all = dbi_calloc(n + 1, sizeof(*all));

	if (!all)
		return dbi_error_memory(w->err);
	for (size_t i = 0; i < n; i++) {
		memcpy(all[i].id, g->rows.data + g->entries[i].row, DBI_CHANGE_ID);
		all[i].entry = g->entries[i];
	}
	qsort(all, n, sizeof(*all), by_id);
	for (size_t i = 0; i < n; i++)
		g->entries[i] = all[i].entry;
	dbi_free(all);
	return DBRIEF_OK;
}

static int by_name(const void *a, const void *b)
{
	return memcmp((*(struct dbi_change_group *const *)a)->name, (*(struct dbi_change_group *const *)b)->name, DBI_CHANGE_ID);
}

/* ---- a state that was stored ---- */

size_t dbi_change_number(const unsigned char *p, unsigned bytes)
{
	size_t n = 0;

	while (bytes--)
		n = n << 8 | *p++;
	return n;
}

static int no_state(const struct dbi_change_work *w)
{
	return dbi_error(w->err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "",
	    "what the ledger holds of the last letter is damaged; restore the ledger");
}

size_t dbi_change_row_size(const unsigned char *row)
{
	return DBI_CHANGE_ROW + DBI_CHANGE_VALUE * dbi_change_number(row + DBI_CHANGE_ID, 2);
}

/* The size of the records of a collection; false: the bytes end before. */
static bool rows_size(const unsigned char *p, size_t left, size_t n, size_t *size)
{
	size_t all = 0;

	for (; n; n--) {
		if (left - all < DBI_CHANGE_ROW || left - all < dbi_change_row_size(p + all))
			return false;
		all += dbi_change_row_size(p + all);
	}
	*size = all;
	return true;
}

/* Calls `each` for every collection of the state. */
int dbi_change_each(struct dbi_change_work *w, int (*each)(struct dbi_change_work *w, const unsigned char *name, size_t n, struct dbi_change_rows rows))
{
	const unsigned char *p = w->changes->before;
	size_t left = w->changes->before_len, size;
	int rc = DBRIEF_OK;

	if (!p)
		return rc;
	if (left < 1 || *p != DBI_CHANGE_VERSION)
		return no_state(w);
	for (p++, left--; rc == DBRIEF_OK && left; p += DBI_CHANGE_HEAD + size, left -= DBI_CHANGE_HEAD + size) {
		size_t n = left < DBI_CHANGE_HEAD ? 0 : dbi_change_number(p + DBI_CHANGE_ID, 4);

		if (left < DBI_CHANGE_HEAD || !rows_size(p + DBI_CHANGE_HEAD, left - DBI_CHANGE_HEAD, n, &size))
			return no_state(w);
		rc = each(w, p, n, (struct dbi_change_rows){ p + DBI_CHANGE_HEAD, size });
	}
	return rc;
}

struct dbi_change_group *dbi_change_find(const struct dbi_change_work *w, const unsigned char *name)
{
	for (size_t i = 0; i < w->order->n; i++)
		if (w->groups[i].list && memcmp(w->groups[i].name, name, DBI_CHANGE_ID) == 0)
			return &w->groups[i];
	return NULL;
}

/* ---- the new state ---- */

static int keep_failed(struct dbi_change_work *w, const unsigned char *name, size_t n, struct dbi_change_rows rows)
{
	const struct dbi_change_group *g = dbi_change_find(w, name);

	(void)n;
	if (g && g->failed)
		dbi_buf_add(&w->changes->after, name, DBI_CHANGE_HEAD + rows.left);
	return DBRIEF_OK;
}

static void write_group(struct dbi_buf *out, const struct dbi_change_group *g)
{
	dbi_buf_add(out, g->name, DBI_CHANGE_ID);
	put_number(out, g->list->n, 4);
	for (size_t i = 0; i < g->list->n; i++) {
		const char *row = g->rows.data + g->entries[i].row;

		dbi_buf_add(out, row, dbi_change_row_size((const unsigned char *)row));
	}
}

static int write_state(struct dbi_change_work *w)
{
	struct dbi_buf *out = &w->changes->after;
	struct dbi_change_group **all = dbi_calloc(w->order->n + 1, sizeof(*all));
	size_t n = 0;
	int rc;

	if (!all)
		return dbi_error_memory(w->err);
	for (size_t i = 0; i < w->order->n; i++)
		if (w->groups[i].list && !w->groups[i].failed)
			all[n++] = &w->groups[i];
	qsort(all, n, sizeof(*all), by_name);
	dbi_buf_clear(out);
	dbi_buf_addc(out, DBI_CHANGE_VERSION);
	for (size_t i = 0; i < n; i++)
		write_group(out, all[i]);
	dbi_free(all);
	rc = dbi_change_each(w, keep_failed);
	return rc == DBRIEF_OK && out->failed ? dbi_error_memory(w->err) : rc;
}

/* ---- the whole ---- */

static bool has_failed(const struct dbi_dataset *data, const struct dbi_source_decl *source)
{
	for (size_t i = 0; i < data->n_sources; i++)
		if (data->sources[i].decl == source)
			return data->sources[i].status == DBI_SOURCE_FAILED;
	return false;
}

static int hash_all(struct dbi_change_work *w)
{
	int rc = DBRIEF_OK;

	dbi_blake2b(w->key, sizeof(w->key), w->data->subject, strlen(w->data->subject), w->changes->key, sizeof(w->changes->key));
	for (size_t i = 0; i < w->order->n; i++) {
		w->groups[i].list = w->order->lists[i].decl ? &w->order->lists[i] : NULL;
		w->groups[i].failed = w->groups[i].list && has_failed(w->data, w->groups[i].list->source);
	}
	for (size_t i = 0; rc == DBRIEF_OK && i < w->order->n; i++)
		if (w->groups[i].list)
			rc = hash_group(w, i);
	for (size_t i = 0; rc == DBRIEF_OK && i < w->order->n; i++)
		if (w->groups[i].list)
			rc = sort_entries(w, &w->groups[i]);
	return rc;
}

static void dispose(struct dbi_change_work *w)
{
	for (size_t i = 0; w->groups && i < w->order->n; i++) {
		dbi_buf_dispose(&w->groups[i].rows);
		dbi_free(w->groups[i].entries);
	}
	dbi_free(w->groups);
	if (w->text.data)
		dbi_wipe(w->text.data, w->text.cap);
	dbi_buf_dispose(&w->text);
	dbi_buf_dispose(&w->values);
	dbi_wipe(w->key, sizeof(w->key));
}

int dbi_changes_mark(struct dbi_changes *changes, const struct dbi_order *order, const struct dbi_dataset *data,
    dbi_xml_doc *model, struct dbrief_error *err)
{
	struct dbi_change_work w = { .changes = changes, .order = order, .data = data, .text = DBI_BUF_INIT, .values = DBI_BUF_INIT, .err = err };
	int rc;

	w.groups = dbi_calloc(order->n + 1, sizeof(*w.groups));
	rc = w.groups ? hash_all(&w) : dbi_error_memory(err);
	if (rc == DBRIEF_OK)
		rc = write_state(&w);
	if (rc == DBRIEF_OK)
		rc = dbi_change_compare(&w, model);
	dispose(&w);
	return rc;
}
