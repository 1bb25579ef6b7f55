/* SPDX-License-Identifier: MIT */
/* Inside of the PostgreSQL connector: a connection with its prepared queries, waiting for results, values. */
#ifndef DBI_CONNECT_POSTGRES_H
#define DBI_CONNECT_POSTGRES_H

#include <libpq-fe.h>
#include <pthread.h>
#include <datenbrief/schema.h>
#include "connect/sql_query.h"

/* How a column's text form is read. */
enum dbi_pg_form { DBI_PG_PLAIN, DBI_PG_BOOLEAN, DBI_PG_NUMBER, DBI_PG_REAL, DBI_PG_BINARY, DBI_PG_INSTANT, DBI_PG_PADDED };

struct dbi_pg_query {
	struct dbi_sql_query sql;
	enum dbi_pg_form *forms;
	bool many;               /* prepared for a chunk, too */
};

struct dbi_pg_link {
	PGconn *conn;
	pthread_mutex_t lock;    /* of cancel, which interrupt() uses from another thread */
	PGcancel *cancel;
	int wake;                /* eventfd: interrupt() writes, the waiting thread reads */
	bool interrupted, lost;  /* lost: not usable any more */
};

/* ---- postgres_link.c ---- */
int dbi_pg_link_init(struct dbi_pg_link *link, struct dbrief_error *err);
void dbi_pg_link_dispose(struct dbi_pg_link *link);
/* Connects with what a read-only session needs. RETRY when the server is away, FATAL when it refuses us. */
int dbi_pg_connect(struct dbi_pg_link *link, const dbrief_source *source, struct dbrief_error *err);
void dbi_pg_disconnect(struct dbi_pg_link *link);
/* Before a fetch: an interrupt that came too late for the last one ends the connection, whatever it may still hit. */
void dbi_pg_settle(struct dbi_pg_link *link);
/* From another thread. */
void dbi_pg_interrupt(struct dbi_pg_link *link);
/* The next result, as PQgetResult; NULL also when the link is lost. Leaves at an interrupt that the server ignores. */
PGresult *dbi_pg_result(struct dbi_pg_link *link);
/* Sends one statement and waits for its end. The result is OK, or the error is recorded. */
int dbi_pg_run(struct dbi_pg_link *link, const char *sql, struct dbrief_error *err);
/* Status of a failed result, or of a lost link when it is NULL. Holds no data: the server's words only with `sql`. */
int dbi_pg_fault(const struct dbi_pg_link *link, const PGresult *result, const char *place, bool sql,
    struct dbrief_error *err);

/* ---- postgres_query.c ---- */
/* Prepares query number i of the source, for one subject and for many. */
int dbi_pg_query_prepare(struct dbi_pg_query *q, struct dbi_pg_link *link, const dbrief_source *source, size_t i,
    struct dbrief_error *err);
void dbi_pg_query_dispose(struct dbi_pg_query *q);
/* Prepares <subjects> as "list". */
int dbi_pg_list_prepare(struct dbi_pg_link *link, const dbrief_source *source, unsigned holds[DBI_SQL_SUBJECT_COLUMNS],
    struct dbrief_error *err);
#define DBI_PG_NAME_SIZE 16
/* Name of the prepared statement: of the chunk when many. */
void dbi_pg_query_name(char name[DBI_PG_NAME_SIZE], size_t i, bool many);

/* ---- postgres_value.c ---- */
enum dbi_pg_form dbi_pg_form_of(Oid type);
/* Hands over a row of the result; its columns begin at `first`. */
int dbi_pg_record(const struct dbi_pg_query *q, const PGresult *result, int row, int first, const char *asked,
    dbrief_records *records, struct dbrief_error *err);

/* ---- postgres_schema.c ---- */
int dbi_pg_schema(void *user, dbrief_schema *schema, struct dbrief_error *err);

#endif
