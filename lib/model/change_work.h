/* SPDX-License-Identifier: MIT */
/* Parts of dbi_changes_mark. */
#ifndef DBI_MODEL_CHANGE_WORK_H
#define DBI_MODEL_CHANGE_WORK_H

#include "model/change.h"

enum {
	DBI_CHANGE_VERSION = 1,
	DBI_CHANGE_ID = 8,
	DBI_CHANGE_VALUE = 6,
	DBI_CHANGE_HEAD = DBI_CHANGE_ID + 4, /* of a collection */
	DBI_CHANGE_ROW = DBI_CHANGE_ID + 2   /* of a record, without its values */
};

struct dbi_change_counts { size_t new, changed, gone, same; };

/* One record: where its bytes stand in the group's rows. */
struct dbi_change_entry { size_t row, at; };

/* The records of one collection. */
struct dbi_change_group {
	const struct dbi_order_list *list; /* NULL: there is none, or it has been compared */
	unsigned char name[DBI_CHANGE_ID];
	struct dbi_buf rows;               /* in the order of the model */
	struct dbi_change_entry *entries;  /* first in that order, then by id */
	bool failed;                       /* its source did not answer */
	bool hashed;
};

/* Records of a state, one after the other. */
struct dbi_change_rows { const unsigned char *p; size_t left; };

struct dbi_change_work {
	struct dbi_changes *changes;
	const struct dbi_order *order;
	const struct dbi_dataset *data;
	struct dbi_change_group *groups;   /* by index of the collection */
	unsigned char key[32];             /* of the subject */
	struct dbi_buf text, values;
	bool failed;                       /* out of memory */
	struct dbi_change_counts sum;
	struct dbrief_error *err;
};

/* Does the field store nothing that a reader could see? As in the model. */
bool dbi_change_is_empty(const struct dbi_field_decl *field, const struct dbi_value *value);
/* Big-endian. */
size_t dbi_change_number(const unsigned char *p, unsigned bytes);
size_t dbi_change_row_size(const unsigned char *row);
/* Calls `each` for every collection of the state compared with; `name` stands before its records. */
int dbi_change_each(struct dbi_change_work *work,
    int (*each)(struct dbi_change_work *work, const unsigned char *name, size_t n, struct dbi_change_rows rows));
struct dbi_change_group *dbi_change_find(const struct dbi_change_work *work, const unsigned char *name);
/* Sets the marks. All groups are hashed and in the order of their ids; none is left to be compared. */
int dbi_change_compare(struct dbi_change_work *work, dbi_xml_doc *model);

#endif
