/* SPDX-License-Identifier: MIT */
/* ODBC connections: opening, transactions, statements, interrupts, and what errors mean. */
#include "connect/odbc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"

#define LOGIN_SECONDS 15

/* ---- errors ---- */

struct diagnosis {
	char state[16];
	SQLINTEGER native;
	char message[256];
};

static bool is_class(const struct diagnosis *d, const char *class)
{
	return strncmp(d->state, class, strlen(class)) == 0;
}

static void diagnose(SQLSMALLINT type, SQLHANDLE handle, struct diagnosis *d)
{
	SQLWCHAR state[6] = { 0 }, message[200] = { 0 };
	SQLSMALLINT len = 0;

	memset(d, 0, sizeof(*d));
	if (!SQL_SUCCEEDED(SQLGetDiagRecW(type, handle, 1, state, &d->native, message,
	    (SQLSMALLINT)(sizeof(message) / sizeof(message[0])), &len)))
		return;
	if (len < 0 || len > 199)
		len = 199;
	dbi_odbc_utf8(d->state, sizeof(d->state), state, 5);
	dbi_odbc_utf8(d->message, sizeof(d->message), message, (size_t)len);
}

/* Over at another time: classes of SQLSTATE, and numbers of MySQL and MariaDB for what they class as "other". */
static bool passes(const struct dbi_odbc_link *link, const struct diagnosis *d)
{
	static const char *const classes[] = { "08", "40", "53", "57", "HYT" };
	static const SQLINTEGER numbers[] = { 1040, 1053, 1203, 1205, 1927, 2002, 2003, 2005, 2006, 2013, 2055 };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (is_class(d, classes[i]))
			return true;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (d->native == numbers[i] && link->mysql)
			return true;
	return false;
}

static bool was_interrupted(struct dbi_odbc_link *link)
{
	bool interrupted;

	(void)pthread_mutex_lock(&link->lock);
	interrupted = link->interrupted;
	(void)pthread_mutex_unlock(&link->lock);
	return interrupted;
}

int dbi_odbc_fault(struct dbi_odbc_link *link, SQLSMALLINT type, SQLHANDLE handle, const char *place, bool sql,
    struct dbrief_error *err)
{
	struct diagnosis d;

	diagnose(type, handle, &d);
	if (was_interrupted(link) || is_class(&d, "HY008"))
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CANCELLED, place,
		    "the query was interrupted; raise the source's deadline or make the query faster");
	if (passes(link, &d))
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
		    "the connection was lost or refused for now (SQLSTATE %.5s, %d); check that the server runs, then try again",
		    d.state, (int)d.native);
	if (is_class(&d, "25006"))
		return dbi_connect_config(err, place, "the query does more than read; write one SELECT statement");
	if (sql)
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
		    "the database refuses the query (%.170s); correct the SQL", d.message);
	return dbi_connect_error(err, is_class(&d, "42") ? DBRIEF_FATAL : DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, place,
	    "the query failed (SQLSTATE %.5s, %d); run it in the database's own shell to see why", d.state, (int)d.native);
}

/* The driver's words are left out: they may quote the connection string. */
static int connect_fault(struct dbi_odbc_link *link, const char *place, struct dbrief_error *err)
{
	static const SQLINTEGER away[] = { 1040, 1053, 2002, 2003, 2005, 2006, 2013 };
	struct diagnosis d;
	bool retry;

	diagnose(SQL_HANDLE_DBC, link->dbc, &d);
	retry = is_class(&d, "08") || is_class(&d, "HYT");
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		retry = retry || d.native == away[i];
	if (is_class(&d, "28") || d.native == 1044 || d.native == 1045 || d.native == 1698)
		return dbi_connect_config(err, place,
		    "the server refuses the user or its password; check both in url");
	if (is_class(&d, "IM") || is_class(&d, "01000"))
		return dbi_connect_config(err, place,
		    "there is no such ODBC driver or data source; check DRIVER or DSN in url with odbcinst -q -d and -s");
	if (d.native == 1049)
		return dbi_connect_config(err, place, "the server has no such database; check DATABASE in url");
	if (retry)
		return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, place,
		    "the server cannot be reached (SQLSTATE %.5s, %d); check that it runs and the url, then try again",
		    d.state, (int)d.native);
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
	    "the connection is refused (SQLSTATE %.5s, %d); check url and the rights of the user", d.state, (int)d.native);
}

/* ---- connecting ---- */

int dbi_odbc_link_init(struct dbi_odbc_link *link, struct dbrief_error *err)
{
	memset(link, 0, sizeof(*link));
	if (pthread_mutex_init(&link->lock, NULL) == 0)
		return DBRIEF_OK;
	return dbi_connect_memory(err);
}

void dbi_odbc_link_dispose(struct dbi_odbc_link *link)
{
	dbi_odbc_disconnect(link);
	(void)pthread_mutex_destroy(&link->lock);
}

void dbi_odbc_disconnect(struct dbi_odbc_link *link)
{
	if (link->dbc) {
		(void)SQLDisconnect(link->dbc);
		(void)SQLFreeHandle(SQL_HANDLE_DBC, link->dbc);
	}
	if (link->env)
		(void)SQLFreeHandle(SQL_HANDLE_ENV, link->env);
	link->dbc = NULL;
	link->env = NULL;
	(void)pthread_mutex_lock(&link->lock);
	link->interrupted = false;
	(void)pthread_mutex_unlock(&link->lock);
}

static int run(struct dbi_odbc_link *link, const char *sql, struct dbrief_error *err)
{
	SQLHSTMT stmt = NULL;
	SQLRETURN rc = SQLAllocHandle(SQL_HANDLE_STMT, link->dbc, &stmt);
	int status = DBRIEF_OK;

	if (!SQL_SUCCEEDED(rc))
		return dbi_odbc_fault(link, SQL_HANDLE_DBC, link->dbc, "", false, err);
	rc = SQLExecDirect(stmt, (SQLCHAR *)(uintptr_t)sql, SQL_NTS);
	if (!SQL_SUCCEEDED(rc) && rc != SQL_NO_DATA)
		status = dbi_odbc_fault(link, SQL_HANDLE_STMT, stmt, "", false, err);
	(void)SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return status;
}

static bool allocate(struct dbi_odbc_link *link)
{
	return SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &link->env)) &&
	    SQL_SUCCEEDED(SQLSetEnvAttr(link->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0)) &&
	    SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, link->env, &link->dbc));
}

static bool is_mysql(const struct dbi_odbc_link *link)
{
	char name[64] = "";
	SQLSMALLINT len = 0;

	if (!SQL_SUCCEEDED(SQLGetInfo(link->dbc, SQL_DBMS_NAME, name, sizeof(name), &len)))
		return false;
	return strstr(name, "MySQL") || strstr(name, "MariaDB");
}

/* Where a driver does not know an attribute, the rights of the user have to keep it from writing. */
static int set_up(struct dbi_odbc_link *link, struct dbrief_error *err)
{
	link->mysql = is_mysql(link);
	if (link->mysql) {
		/* SET NAMES, which the driver does not let pass. */
		int status = run(link, "SET character_set_client = utf8mb4, character_set_connection = utf8mb4, "
		    "character_set_results = utf8mb4", err);

		return status == DBRIEF_OK ? run(link, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", err) :
		    status;
	}
	(void)SQLSetConnectAttr(link->dbc, SQL_ATTR_TXN_ISOLATION, (SQLPOINTER)SQL_TXN_REPEATABLE_READ, 0);
	if (!SQL_SUCCEEDED(SQLSetConnectAttr(link->dbc, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_OFF, 0)))
		return dbi_odbc_fault(link, SQL_HANDLE_DBC, link->dbc, "", false, err);
	return DBRIEF_OK;
}

int dbi_odbc_connect(struct dbi_odbc_link *link, const dbrief_source *source, struct dbrief_error *err)
{
	const char *url = dbrief_source_url(source), *place = dbrief_source_place(source);
	SQLWCHAR *text = NULL, out[2];
	SQLSMALLINT out_len = 0;
	size_t units = 0;
	int status = DBRIEF_OK;

	if (!url || strncmp(url, "odbc:", 5) != 0 || !strchr(url, '='))
		return dbi_connect_config(err, place,
		    "the source's url is not understood; write odbc:DSN=NAME or odbc:DRIVER={NAME};SERVER=...;DATABASE=...");
	text = dbi_odbc_utf16(url + 5, &units);
	if (!text || units > 4000 || !allocate(link)) {
		free(text);
		dbi_odbc_disconnect(link);
		return dbi_connect_memory(err);
	}
	(void)SQLSetConnectAttr(link->dbc, SQL_ATTR_LOGIN_TIMEOUT, (SQLPOINTER)LOGIN_SECONDS, 0);
	(void)SQLSetConnectAttr(link->dbc, SQL_ATTR_ACCESS_MODE, (SQLPOINTER)SQL_MODE_READ_ONLY, 0);
	if (!SQL_SUCCEEDED(SQLDriverConnectW(link->dbc, NULL, text, (SQLSMALLINT)units, out, 1, &out_len,
	    SQL_DRIVER_NOPROMPT)))
		status = connect_fault(link, place, err);
	if (status == DBRIEF_OK)
		status = set_up(link, err);
	if (status != DBRIEF_OK)
		dbi_odbc_disconnect(link);
	free(text);
	return status;
}

/* ---- transactions ---- */

int dbi_odbc_begin(struct dbi_odbc_link *link, struct dbrief_error *err)
{
	return link->mysql ? run(link, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", err) : DBRIEF_OK;
}

void dbi_odbc_end(struct dbi_odbc_link *link)
{
	if (link->mysql)
		(void)run(link, "ROLLBACK", NULL);
	else
		(void)SQLEndTran(SQL_HANDLE_DBC, link->dbc, SQL_ROLLBACK);
}

/* ---- statements ---- */

int dbi_odbc_prepare(struct dbi_odbc_link *link, SQLHSTMT *stmt, const char *sql, size_t *uses, const char *place,
    struct dbrief_error *err)
{
	char *text = NULL;
	SQLWCHAR *wide = NULL;
	size_t units = 0;
	int status = dbi_sql_rewrite(&text, uses, sql, link->mysql ? &dbi_sql_mysql : &dbi_sql_standard, "?", place, err);

	if (status == DBRIEF_OK && !(wide = dbi_odbc_utf16(text, &units)))
		status = dbi_connect_memory(err);
	if (status == DBRIEF_OK && !SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, link->dbc, stmt)))
		status = dbi_odbc_fault(link, SQL_HANDLE_DBC, link->dbc, place, false, err);
	if (status == DBRIEF_OK && !SQL_SUCCEEDED(SQLPrepareW(*stmt, wide, (SQLINTEGER)units)))
		status = dbi_odbc_fault(link, SQL_HANDLE_STMT, *stmt, place, true, err);
	free(wide);
	free(text);
	return status;
}

static bool set_active(struct dbi_odbc_link *link, SQLHSTMT stmt)
{
	bool interrupted;

	(void)pthread_mutex_lock(&link->lock);
	link->active = stmt;
	interrupted = link->interrupted;
	(void)pthread_mutex_unlock(&link->lock);
	return !interrupted;
}

int dbi_odbc_execute(struct dbi_odbc_link *link, SQLHSTMT stmt, const char *place, struct dbrief_error *err)
{
	SQLRETURN rc = set_active(link, stmt) ? SQLExecute(stmt) : SQL_ERROR;

	if (SQL_SUCCEEDED(rc))
		return DBRIEF_OK;
	return dbi_odbc_fault(link, SQL_HANDLE_STMT, stmt, place, false, err);
}

void dbi_odbc_close(struct dbi_odbc_link *link, SQLHSTMT stmt)
{
	(void)set_active(link, NULL);
	(void)SQLFreeStmt(stmt, SQL_CLOSE);
}

void dbi_odbc_interrupt(struct dbi_odbc_link *link)
{
	(void)pthread_mutex_lock(&link->lock);
	link->interrupted = true;
	if (link->active)
		(void)SQLCancel(link->active);
	(void)pthread_mutex_unlock(&link->lock);
}
