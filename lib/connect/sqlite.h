/* SPDX-License-Identifier: MIT */
/* A SQLite database as a connector: of the type sqlite, and of files that are staged in one. */
#ifndef DBI_CONNECT_SQLITE_H
#define DBI_CONNECT_SQLITE_H

#include <stdbool.h>
#include <sqlite3.h>
#include <datenbrief/schema.h>

/* What all threads share: nothing that changes while they read. */
struct dbi_sqlite_database {
	const dbrief_source *source;
	/* A connection of the calling thread, read-only. */
	int (*open)(sqlite3 **db, struct dbi_sqlite_database *database, struct dbrief_error *err);
	/* The query of collection i when it has no <query>; NULL: there must be one. */
	const char *(*query)(const struct dbi_sqlite_database *database, size_t i);
	bool staged; /* blobs are what dbi_stage_read_bytes reads */
};
/* The table of functions; destroy stays the caller's. */
void dbi_sqlite_connector(struct dbrief_connector *connector, const char *name, struct dbi_sqlite_database *database);
/* Hands over the schema of the database, and what the queries of the source read. */
int dbi_sqlite_schema(void *database, dbrief_schema *schema, struct dbrief_error *err);

#endif
