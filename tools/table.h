/* SPDX-License-Identifier: MIT */
/* A CSV file that appears whole or not at all, written row by row. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <datenbrief.h>

struct table {
	struct dbrief_sink sink;
	bool open;
	char buffer[16384];
	size_t len;
	size_t rows;
	struct dbrief_error err; /* the first failure */
};

/* Opens the file and writes the head. The columns end with NULL. */
int table_open(struct table *table, const char *path, const char *const *columns);
int table_row(struct table *table, const char *const *cells);
/* Makes the file visible. */
int table_commit(struct table *table);
/* Without a commit nothing of it stays. */
void table_dispose(struct table *table);

#endif
