/* SPDX-License-Identifier: MIT */
/* Counting by field what texts are like: one block of memory, the counters behind a pointer for each collection. */
#include "gather/records.h"
#include "util/mem.h"

int dbi_records_count(struct dbrief_records *r, struct dbrief_error *err)
{
	const struct dbi_source_decl *decl = r->decl;
	size_t n = 0, head = decl->n_collections * sizeof *r->counts;
	struct dbi_field_count *next;
	for (size_t i = 0; i < decl->n_collections; i++)
		n += decl->collections[i].n_fields;
	dbi_free(r->counts);
	r->counts = dbi_calloc(1, head + (n + 1) * sizeof *next);
	if (!r->counts)
		return dbi_error_memory(err);
	next = (struct dbi_field_count *)(void *)((char *)r->counts + head);
	for (size_t i = 0; i < decl->n_collections; i++) {
		r->counts[i] = next;
		next += decl->collections[i].n_fields;
	}
	return DBRIEF_OK;
}

void dbi_records_each_count(const struct dbrief_records *r, dbi_field_count_fn each, void *ctx)
{
	const struct dbi_source_decl *decl = r->decl;
	for (size_t i = 0; r->counts && i < decl->n_collections; i++)
		for (size_t k = 0; k < decl->collections[i].n_fields; k++)
			each(ctx, decl, &decl->collections[i], &decl->collections[i].fields[k], &r->counts[i][k]);
}

struct dbi_field_count *dbi_records_field_count(const struct dbrief_records *r, const struct dbi_field_decl *f)
{
	const struct dbi_collection_decl *c = r->record->decl;
	return r->counts ? &r->counts[c - r->decl->collections][f - c->fields] : NULL;
}
