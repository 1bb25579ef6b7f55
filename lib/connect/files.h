/* SPDX-License-Identifier: MIT */
/* File sources: which tables they have. */
#ifndef DBI_CONNECT_FILES_H
#define DBI_CONNECT_FILES_H

#include "connect/file_table.h"

struct dbi_files {
	struct dbi_file_table *tables;
	size_t n;
};

/*
 * The tables of a source of `type` (the word before the url's colon, and the
 * extension of its files): one for each <records> without a <query>, and for
 * those with one every file of the folder that the url names.
 */
int dbi_files_list(struct dbi_files *files, const dbrief_source *source, const char *type, struct dbrief_error *err);
void dbi_files_dispose(struct dbi_files *files);

#endif
