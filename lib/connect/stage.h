/* SPDX-License-Identifier: MIT */
/*
 * The private database that files are staged in: a SQLite file which has no
 * name from the moment it exists. One thread fills it; then it is mapped, and
 * every session reads that memory with a connection of its own: no lock, and
 * pages that are not in use cost nothing.
 */
#ifndef DBI_CONNECT_STAGE_H
#define DBI_CONNECT_STAGE_H

#include <stddef.h>
#include <sqlite3.h>
#include <datenbrief/connector.h>

struct dbi_stage;

enum dbi_cell_kind {
	DBI_CELL_NULL,
	DBI_CELL_TEXT,   /* clean UTF-8 */
	DBI_CELL_BINARY, /* bytes that are no text */
	DBI_CELL_BAD     /* text that could not be decoded: handed over with its charset, for the record builder to judge */
};
struct dbi_cell {
	enum dbi_cell_kind kind;
	const char *bytes;
	size_t len;
	const char *charset; /* of a bad one */
};

int dbi_stage_new(struct dbi_stage **stage, struct dbrief_error *err);
void dbi_stage_free(struct dbi_stage *stage);

/* ---- filling ---- */

/* A new table; it exists from its first column on. */
int dbi_stage_table(struct dbi_stage *stage, const char *name, size_t *table, struct dbrief_error *err);
/* A new column; names are told apart by more than upper and lower case. */
int dbi_stage_column(struct dbi_stage *stage, size_t table, const char *name, struct dbrief_error *err);
/* A row: one cell for each column so far. Cells are read before the call returns. */
int dbi_stage_row(struct dbi_stage *stage, size_t table, const struct dbi_cell *cells, size_t n, struct dbrief_error *err);
int dbi_stage_index(struct dbi_stage *stage, size_t table, const char *column, struct dbrief_error *err);
/* The end of filling, the begin of reading. */
int dbi_stage_finish(struct dbi_stage *stage, struct dbrief_error *err);

/* ---- reading ---- */

/* A read-only connection for the calling thread; the stage must live longer. */
int dbi_stage_open(sqlite3 **db, const struct dbi_stage *stage, struct dbrief_error *err);
/* Hands the value of a binary or bad cell to the record builder. */
int dbi_stage_hand_over(dbrief_records *records, const char *field, const char *blob, size_t len);

#endif
