/* SPDX-License-Identifier: MIT */
/* Connectors for files: staged once, then read like a SQLite database. */
#ifndef DBI_CONNECT_STAGED_H
#define DBI_CONNECT_STAGED_H

#include "connect/file_table.h"

int dbi_staged_create(struct dbrief_connector *connector, const dbrief_source *source, const char *type,
    int (*read)(struct dbi_file_table *t, struct dbrief_error *err), struct dbrief_error *err);
void dbi_staged_destroy(struct dbrief_connector *connector);

#endif
