/* SPDX-License-Identifier: MIT */
/* A SQLite database opened so that nothing can be changed through it. */
#ifndef DBI_CONNECT_SQLITE_OPEN_H
#define DBI_CONNECT_SQLITE_OPEN_H

#include <sqlite3.h>
#include <datenbrief/connector.h>

/* Path of a "sqlite:FILE" source; NULL with err set. End with free(). */
char *dbi_sqlite_path(const dbrief_source *source, struct dbrief_error *err);
/* Takes from a connection what a query of a configuration must not use. */
int dbi_sqlite_guard(sqlite3 *db, struct dbrief_error *err);
/* Read-only, without URI names, extensions or statements that write. */
int dbi_sqlite_open(sqlite3 **db, const char *path, struct dbrief_error *err);
/* Status for a result code while data is read. The text never holds SQLite's own message: it may quote data. */
int dbi_sqlite_fault(struct dbrief_error *err, const char *where, int code);
/* The same for a statement that does not compile: SQLite's message quotes the configuration only. */
int dbi_sqlite_fault_sql(struct dbrief_error *err, const char *where, sqlite3 *db, int code);
#endif
