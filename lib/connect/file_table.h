/* SPDX-License-Identifier: MIT */
/* One table of a file source: where its records stand, its columns, and the row being read. */
#ifndef DBI_CONNECT_FILE_TABLE_H
#define DBI_CONNECT_FILE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <datenbrief/connector.h>
#include "connect/stage.h"

#define DBI_FILE_MAX_VALUE (64u << 20) /* bytes of one value, and of one record of JSON or XML */
#define DBI_FILE_MAX_COLUMNS 1000
#define DBI_NO_COLLECTION ((size_t)-1)

struct dbi_file_column {
	char *path;          /* in the file: the title of a CSV column, "address/city", "../@no" */
	char *name;          /* in the table: that of its field, else its path */
	bool binary;         /* base64 */
	bool subject;        /* the customer's identifier: it must be readable */
	const char *charset; /* its own, or NULL */
	struct dbi_cell cell;
	char *bytes;         /* of the cell; kept from row to row */
	size_t room;
};

struct dbi_file_table {
	const dbrief_source *source;
	size_t collection;   /* or DBI_NO_COLLECTION */
	char *name, *file;
	const char *shown;   /* the file's name in messages */
	const char *charset; /* declared, or NULL */
	const char *path;    /* of the records within the file, or NULL */
	const char **others; /* paths of the other records of this file */
	size_t n_others;
	struct dbi_stage *stage;
	size_t id;           /* there */
	struct dbi_file_column *columns;
	size_t n;
	uint64_t rows;
};

/* An error that stops the reading of the file. line 0: of the file as a whole. */
int dbi_file_error(const struct dbi_file_table *t, uint64_t line, struct dbrief_error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The column that `path` fills; it is added when it is new. */
int dbi_file_column(struct dbi_file_table *t, const char *path, size_t *column, struct dbrief_error *err);
/* Columns for everything that the configuration names in this table. */
int dbi_file_declared(struct dbi_file_table *t, struct dbrief_error *err);
/* Empties the row. */
void dbi_file_row_begin(struct dbi_file_table *t);
/* Sets a cell, or adds a line to it when it has a value: what occurs several times in a record. */
int dbi_file_set(struct dbi_file_table *t, size_t column, enum dbi_cell_kind kind, const char *bytes, size_t len,
    const char *charset, struct dbrief_error *err);
int dbi_file_row_end(struct dbi_file_table *t, uint64_t line, struct dbrief_error *err);
void dbi_file_table_dispose(struct dbi_file_table *t);

#endif
