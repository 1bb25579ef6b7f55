/* SPDX-License-Identifier: MIT */
/* The SQLite door of plan, journal and ledger: private files, never WAL, errors that name the file. */
#ifndef DBI_BATCH_STORE_H
#define DBI_BATCH_STORE_H

#include <sqlite3.h>
#include "util/error.h"

struct dbi_store {
	sqlite3 *db;
	char *path;          /* for messages */
	const char *remedy;  /* what to do when it is damaged */
};

enum { DBI_STORE_READ = 1, DBI_STORE_CREATE = 2, DBI_STORE_SCRATCH = 4 };

/*
 * Opens FOLDER/NAME. CREATE makes it (mode 0600) when it is absent; SCRATCH is
 * a new file that nobody sees: unlinked at once, never synced. `dir` is a
 * descriptor of the folder. DBRIEF_EOF: absent. Whatever fails later is told
 * by dbi_store_fault.
 */
int dbi_store_open(struct dbi_store *s, int dir, const char *folder, const char *name, int flags,
    struct dbrief_error *err);
void dbi_store_close(struct dbi_store *s);
/* Busy: RETRY. Damaged or anything else: FATAL. */
int dbi_store_fault(const struct dbi_store *s, int rc, struct dbrief_error *err);
int dbi_store_exec(const struct dbi_store *s, const char *sql, struct dbrief_error *err);
int dbi_store_prepare(const struct dbi_store *s, sqlite3_stmt **stmt, const char *sql, struct dbrief_error *err);
/* Runs a statement that gives no row, and resets it. */
int dbi_store_run(const struct dbi_store *s, sqlite3_stmt *stmt, struct dbrief_error *err);
/* One row: OK and the caller resets; DBRIEF_EOF: no more, reset. */
int dbi_store_row(const struct dbi_store *s, sqlite3_stmt *stmt, struct dbrief_error *err);
/* A file of bytes that nobody made can be: FATAL, cause SINK. */
int dbi_store_damaged(const struct dbi_store *s, struct dbrief_error *err);

#endif
