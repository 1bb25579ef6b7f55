/* SPDX-License-Identifier: MIT */
/*
 * Paths of file sources: names separated by '/'. <path>/customers/orders</path>
 * leads from the top of a file to its records; lists are gone through by
 * themselves. The path of a field leads from the record; "../" climbs to what
 * the record stands in.
 */
#ifndef DBI_CONNECT_FILE_PATH_H
#define DBI_CONNECT_FILE_PATH_H

#include "connect/file_table.h"

#define DBI_FILE_MAX_STEPS 32

struct dbi_file_path {
	char *text;                             /* "/customers/orders"; "" for the top itself */
	char *steps[DBI_FILE_MAX_STEPS];        /* point into `cut` */
	char *cut;
	size_t n;
	size_t unit; /* steps to what is read as a whole: the record, or what fields climb to */
};

/* Reads <path>; the columns that are declared tell how far fields climb. */
int dbi_file_path_read(struct dbi_file_path *p, const struct dbi_file_table *t, struct dbrief_error *err);
void dbi_file_path_dispose(struct dbi_file_path *p);
/* "../../no": *ups is 2, and the rest is returned. */
const char *dbi_file_climb(const char *path, size_t *ups);
/* Do other records of this file stand at `path`, which leads from this table's records? */
bool dbi_file_is_others(const struct dbi_file_table *t, const struct dbi_file_path *p, const char *path);
/* Or below it? Then it is no value of its own while it is empty. */
bool dbi_file_leads_to_others(const struct dbi_file_table *t, const struct dbi_file_path *p, const char *path);

#endif
