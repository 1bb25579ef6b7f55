/* SPDX-License-Identifier: MIT */
/* Connecting to PostgreSQL, waiting for it, and what its errors mean. */
#include "connect/postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include "connect/fault.h"

#define CONNECT_MS 15000
#define GRACE_MS 3000 /* for the server to obey a cancel request */

/* Notices may quote data. */
static void ignore_notice(void *ctx, const PGresult *notice)
{
	(void)ctx;
	(void)notice;
}

static int64_t now_ms(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- errors ---- */

static bool is_class(const char *state, const char *class)
{
	return state && strncmp(state, class, strlen(class)) == 0;
}

/* Not the statement's fault, and over at another time. */
static bool passes(const char *state)
{
	static const char *const classes[] = { "08", "53", "57P", "40", "55P03", "25P03" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (is_class(state, classes[i]))
			return true;
	return false;
}

static int statement_fault(const PGresult *result, const char *state, const char *place, bool sql,
    struct dbrief_error *err)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	/* "permission denied for table ...": the rights are looked at when it runs. */
	if (message && is_class(state, "42501"))
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "the server refuses the query (%.150s); grant the user SELECT", message);
	/* While a statement is compiled, these quote nothing but the configuration and the schema. */
	if (sql && message && (is_class(state, "42") || is_class(state, "3F") || is_class(state, "0A")))
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "the server refuses the query (%.150s); correct the SQL", message);
	if (is_class(state, "42"))
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "the server refuses the query (SQLSTATE %.5s); check its SQL and the rights of the user", state);
	return dbi_connect_error(err, sql ? DBRIEF_FATAL : DBRIEF_FAILED,
	    sql ? DBRIEF_CAUSE_CONFIG : DBRIEF_CAUSE_CONNECTOR, place,
	    "the query failed (SQLSTATE %.5s); run it in psql to see why", state);
}

int dbi_pg_fault(const struct dbi_pg_link *link, const PGresult *result, const char *place, bool sql,
    struct dbrief_error *err)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	if (link->interrupted || is_class(state, "57014"))
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CANCELLED, place,
		    "the query was interrupted; raise the source's deadline or make the query faster");
	if (!state || link->lost || PQstatus(link->conn) == CONNECTION_BAD)
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
		    "the connection to the server was lost; check that it runs, then try again");
	if (passes(state))
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
		    "the server cannot answer now (SQLSTATE %.5s); try again later", state);
	if (is_class(state, "25006"))
		return dbi_connect_config(err, place, "the query does more than read; write one SELECT statement");
	return statement_fault(result, state, place, sql, err);
}

/* The SQLSTATE at the end of a message in verbosity "sqlstate", or NULL: then the network spoke, not the server. */
static const char *connect_state(const PGconn *conn, char state[6])
{
	const char *message = PQerrorMessage(conn);
	size_t len = strlen(message), start;

	while (len && strchr(" \r\n\t", message[len - 1]))
		len--;
	start = len >= 5 ? len - 5 : 0;
	if (len < 7 || message[start - 1] != ' ' ||
	    strspn(message + start, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") < 5)
		return NULL;
	memcpy(state, message + start, 5);
	state[5] = '\0';
	return state;
}

/* The server's and libpq's own words are left out: both may quote the URL. */
static int connect_fault(const struct dbi_pg_link *link, const char *place, struct dbrief_error *err)
{
	const PGconn *conn = link->conn;
	const char *host = PQhost(conn), *port = PQport(conn);
	char text[6];
	const char *state = connect_state(conn, text);

	if (link->interrupted)
		return dbi_pg_fault(link, NULL, place, false, err);
	if (is_class(state, "28") || PQconnectionNeedsPassword(conn))
		return dbi_connect_config(err, place,
		    "the server refuses the user or its password; check both in url, or the password file");
	if (is_class(state, "3D"))
		return dbi_connect_config(err, place, "the server has no such database; check the name in url");
	if (state && !passes(state))
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "the server refuses the connection (SQLSTATE %.5s); check url and the rights of the user", state);
	if (state)
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
		    "the server takes no connection now (SQLSTATE %.5s); try again later", state);
	return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
	    "the server at '%.100s', port %.8s, cannot be reached; check that it runs and the url, then try again",
	    host && *host ? host : "the default socket", port && *port ? port : "5432");
}

/* ---- connecting ---- */

static bool connect_wait(struct dbi_pg_link *link)
{
	int64_t until = now_ms() + CONNECT_MS;
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
		short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		struct pollfd p[2] = { { PQsocket(link->conn), events, 0 }, { link->wake, POLLIN, 0 } };
		int64_t left = until - now_ms();

		if (left <= 0 || p[0].fd < 0 || (poll(p, 2, (int)left) < 0 && errno != EINTR))
			return false;
		link->interrupted = (p[1].revents & POLLIN) != 0;
		if (link->interrupted)
			return false;
		if (p[0].revents)
			next = PQconnectPoll(link->conn);
	}
	return next == PGRES_POLLING_OK;
}

/* What the values and the promise to read only depend on. */
static const char settings[] =
	"SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read';"
	"SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET timezone = 'UTC'; SET bytea_output = 'hex';"
	"SET extra_float_digits = 1; SET client_min_messages = 'error'; SET standard_conforming_strings = on";

static PGconn *connect_start(const char *url)
{
	const char *info = strncmp(url, "postgresql://", 13) == 0 ? url : url + strlen("postgresql:");
	const char *const keywords[] = { "fallback_application_name", "dbname", "client_encoding", NULL };
	const char *const values[] = { "datenbrief", info, "UTF8", NULL };

	return PQconnectStartParams(keywords, values, 1);
}

/* A word without '=' would be taken for the name of a database. */
static int check_url(const char *url, const char *place, struct dbrief_error *err)
{
	PQconninfoOption *options = NULL;
	const char *info = url && strncmp(url, "postgresql:", 11) == 0 ? url + 11 : NULL;
	char *message = NULL;

	if (info && strncmp(info, "//", 2) == 0)
		info = url;
	if (info && *info)
		options = PQconninfoParse(info, &message);
	PQfreemem(message);
	if (!options)
		return dbi_connect_config(err, place, "the source's url is not understood; write "
		    "postgresql://USER@HOST/DATABASE or postgresql:host=HOST dbname=DATABASE");
	PQconninfoFree(options);
	return DBRIEF_OK;
}

int dbi_pg_connect(struct dbi_pg_link *link, const dbrief_source *source, struct dbrief_error *err)
{
	const char *url = dbrief_source_url(source), *place = dbrief_source_place(source);
	int status = check_url(url, place, err);

	link->lost = false;
	if (status != DBRIEF_OK)
		return status;
	link->conn = connect_start(url);
	if (!link->conn)
		return dbi_connect_memory(err);
	(void)PQsetErrorVerbosity(link->conn, PQERRORS_SQLSTATE);
	(void)PQsetNoticeReceiver(link->conn, ignore_notice, NULL);
	if (PQstatus(link->conn) == CONNECTION_BAD || !connect_wait(link)) {
		status = connect_fault(link, place, err);
		goto fail;
	}
	(void)pthread_mutex_lock(&link->lock);
	link->cancel = PQgetCancel(link->conn);
	(void)pthread_mutex_unlock(&link->lock);
	if (!link->cancel || PQsetnonblocking(link->conn, 1) != 0) {
		status = dbi_connect_memory(err);
		goto fail;
	}
	status = dbi_pg_run(link, settings, err);
	if (status == DBRIEF_OK)
		return status;
fail:
	dbi_pg_disconnect(link);
	return status;
}

void dbi_pg_disconnect(struct dbi_pg_link *link)
{
	(void)pthread_mutex_lock(&link->lock);
	PQfreeCancel(link->cancel);
	link->cancel = NULL;
	(void)pthread_mutex_unlock(&link->lock);
	PQfinish(link->conn);
	link->conn = NULL;
}

void dbi_pg_settle(struct dbi_pg_link *link)
{
	uint64_t count;

	if (read(link->wake, &count, sizeof(count)) > 0)
		dbi_pg_disconnect(link);
	link->interrupted = false;
}

int dbi_pg_link_init(struct dbi_pg_link *link, struct dbrief_error *err)
{
	link->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (link->wake >= 0 && pthread_mutex_init(&link->lock, NULL) == 0)
		return DBRIEF_OK;
	if (link->wake >= 0)
		(void)close(link->wake);
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "",
	    "a handle for interrupts could not be had; raise the limit of open files");
}

void dbi_pg_link_dispose(struct dbi_pg_link *link)
{
	dbi_pg_disconnect(link);
	(void)close(link->wake);
	(void)pthread_mutex_destroy(&link->lock);
}

/* ---- waiting ---- */

void dbi_pg_interrupt(struct dbi_pg_link *link)
{
	const uint64_t one = 1;
	char message[256];

	if (write(link->wake, &one, sizeof(one)) != (ssize_t)sizeof(one))
		return; /* the counter is full: it is awake */
	(void)pthread_mutex_lock(&link->lock);
	if (link->cancel)
		(void)PQcancel(link->cancel, message, sizeof(message));
	(void)pthread_mutex_unlock(&link->lock);
}

/* Waits until there is something to read or, when there is something left to send, to write. */
static bool wait_more(struct dbi_pg_link *link, bool sending, int64_t *until)
{
	struct pollfd p[2] = { { PQsocket(link->conn), POLLIN, 0 }, { link->wake, POLLIN, 0 } };
	int64_t left = *until ? *until - now_ms() : -1;
	uint64_t count;

	if (sending)
		p[0].events |= POLLOUT;
	if (*until && left <= 0)
		return false;
	if (poll(p, link->interrupted ? 1 : 2, (int)left) < 0)
		return true;
	if ((p[1].revents & POLLIN) && read(link->wake, &count, sizeof(count)) > 0) {
		link->interrupted = true;
		*until = now_ms() + GRACE_MS;
	}
	return true;
}

PGresult *dbi_pg_result(struct dbi_pg_link *link)
{
	int64_t until = 0;

	while (!link->lost) {
		int sending = PQflush(link->conn);

		if (sending >= 0 && !PQisBusy(link->conn))
			return PQgetResult(link->conn);
		if (sending < 0 || !wait_more(link, sending > 0, &until) || !PQconsumeInput(link->conn))
			link->lost = true;
	}
	return NULL;
}

int dbi_pg_run(struct dbi_pg_link *link, const char *sql, struct dbrief_error *err)
{
	PGresult *result;
	int status = DBRIEF_OK;

	if (!PQsendQuery(link->conn, sql))
		return dbi_pg_fault(link, NULL, "", false, err);
	while ((result = dbi_pg_result(link)) != NULL) {
		ExecStatusType got = PQresultStatus(result);

		if (status == DBRIEF_OK && got != PGRES_COMMAND_OK && got != PGRES_TUPLES_OK)
			status = dbi_pg_fault(link, result, "", false, err);
		PQclear(result);
	}
	return status == DBRIEF_OK && link->lost ? dbi_pg_fault(link, NULL, "", false, err) : status;
}
