/* SPDX-License-Identifier: MIT */
/*
 * Canonical order: the records of a dataset sorted by key and nested under
 * their parents, whatever order they arrived in. n log n.
 */
#ifndef DBI_MODEL_ORDER_H
#define DBI_MODEL_ORDER_H

#include "model/dataset.h"
#include "util/error.h"
#include "xml/xmlio.h"

struct dbi_ordered {
	const struct dbi_record *record;
	size_t parent;             /* index in the parent collection's list */
	dbi_xml_node *node; /* its element, once the builder has made it */
};
/* One collection's records; nested ones by parent, then by key. */
struct dbi_order_list {
	const struct dbi_source_decl *source;
	const struct dbi_collection_decl *decl;
	struct dbi_ordered *items;
	size_t n, fill;
	size_t cursor;             /* for the builder: the next record not yet written */
	dbi_xml_node *head; /* the element that declares it: <collection> or <nested> */
};
struct dbi_order {
	struct dbi_order_list *lists; /* by decl->index */
	size_t n;
	struct dbi_ordered *items;    /* memory of all lists */
};

/* Orphans and records of one key: FAILED, cause INCOMPLETE. */
int dbi_order_build(struct dbi_order *order, const struct dbi_dataset *data, struct dbrief_error *err);
void dbi_order_dispose(struct dbi_order *order);
/* <0, 0, >0: whole numbers by value and before all others, those by bytes. */
int dbi_order_keys(const char *a, const char *b);

#endif
