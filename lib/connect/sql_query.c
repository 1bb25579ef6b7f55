/* SPDX-License-Identifier: MIT */
#include "connect/sql_query.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "connect/fault.h"

int dbi_sql_query_load(struct dbi_sql_query *q, const dbrief_source *source, size_t i, const char *query,
    struct dbrief_error *err)
{
	int status;

	q->info.size = sizeof(q->info);
	q->by_key = dbrief_source_found_by(source) != NULL;
	status = dbrief_source_collection(source, i, &q->info);
	if (status != DBRIEF_OK)
		return dbrief_error_set(err, status, DBRIEF_CAUSE_STATE, "", "the source cannot be read; report this");
	if ((!q->info.query || !q->info.query[0]) && query)
		q->info.query = query;
	if (!q->info.query || !q->info.query[0])
		return dbi_connect_config(err, q->info.place, "the records have no <query>; write one SELECT statement");
	if (!q->info.subject_key)
		return dbi_connect_config(err, q->info.place,
		    "the records have no subject-key; name the column of the customer");
	return DBRIEF_OK;
}

/* ---- columns ---- */

static void drop_names(struct dbi_sql_query *q)
{
	for (size_t i = 0; i < q->n; i++)
		free(q->names[i]);
	free(q->names);
	q->names = NULL;
	q->n = 0;
}

void dbi_sql_query_dispose(struct dbi_sql_query *q)
{
	drop_names(q);
}

static size_t find_column(const struct dbi_sql_query *q, const char *name)
{
	for (size_t i = 0; name && i < q->n; i++)
		if (strcmp(q->names[i], name) == 0)
			return i;
	return DBI_SQL_NO_COLUMN;
}

static int need_column(const struct dbi_sql_query *q, const char *name, const char *role, size_t *column,
    struct dbrief_error *err)
{
	*column = find_column(q, name);
	if (!name || *column != DBI_SQL_NO_COLUMN)
		return DBRIEF_OK;
	return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->info.place,
	    "the query does not return the column '%.60s' named by %s; add it to the SELECT", name, role);
}

static int add_column(struct dbi_sql_query *q, const char *name, struct dbrief_error *err)
{
	if (name && find_column(q, name) != DBI_SQL_NO_COLUMN)
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, q->info.place,
		    "the query returns two columns named '%.60s'; rename one with AS", name);
	q->names[q->n] = name ? strdup(name) : NULL;
	if (!q->names[q->n])
		return dbi_connect_memory(err);
	q->n++;
	return DBRIEF_OK;
}

int dbi_sql_query_columns(struct dbi_sql_query *q, size_t n, const char *(*name)(void *ctx, size_t i), void *ctx,
    struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	drop_names(q);
	q->names = calloc(n ? n : 1, sizeof(*q->names));
	if (!q->names)
		return dbi_connect_memory(err);
	for (size_t i = 0; status == DBRIEF_OK && i < n; i++)
		status = add_column(q, name(ctx, i), err);
	if (status == DBRIEF_OK)
		status = need_column(q, q->info.subject_key, "subject-key", &q->subject, err);
	if (status == DBRIEF_OK)
		status = need_column(q, q->info.key, "key", &q->key, err);
	if (status == DBRIEF_OK)
		status = need_column(q, q->info.link, "link", &q->link, err);
	return status;
}

int dbi_sql_query_describe(const struct dbi_sql_query *q, dbrief_declaration *decl)
{
	int status = dbrief_declare_collection(decl, q->info.name);

	for (size_t i = 0; status == DBRIEF_OK && i < q->n; i++)
		status = dbrief_declare_field(decl, q->names[i]);
	return status;
}

/* ---- records ---- */

int dbi_sql_key_check(const struct dbi_sql_query *q, const char *key, size_t len, struct dbrief_error *err)
{
	if (strlen(key) == len)
		return DBRIEF_OK;
	return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, q->info.place,
	    "a key column holds a NUL byte; correct the record or the query");
}

static bool is_plain_number(const char *s)
{
	const char *digits = *s == '-' ? s + 1 : s;

	return *digits && strspn(digits, "0123456789") == strlen(digits) && (*digits != '0' || !s[1]);
}

/* But for upper and lower case and blanks at the end. */
static bool is_same_word(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;

		if (x != y)
			return false;
	}
	return a[strspn(a, " ")] == '\0' && b[strspn(b, " ")] == '\0';
}

/*
 * Databases compare '05', ' 5' and '5x' with a column of numbers as the number
 * 5, and some do not tell 'k' from 'K'. Such a record is no breach, but nobody
 * may guess that both name the same person.
 */
static int check_echo(const struct dbi_sql_query *q, const char *asked, const struct dbi_sql_keys *keys,
    struct dbrief_error *err)
{
	const char *echo = keys->subject;

	if (!echo)
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, q->info.place,
		    "the subject-key column '%.60s' is NULL in a record; correct the query", q->info.subject_key);
	if (q->by_key || strcmp(echo, asked) == 0)
		return DBRIEF_OK;
	if (keys->number && !is_plain_number(asked))
		return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, q->info.place,
		    "the identifier is stored as a number, but given in another form; "
		    "leave out leading zeros, blanks and signs");
	if (is_same_word(echo, asked))
		return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, q->info.place,
		    "the identifier stands at the source in other letters; write it in the same upper and lower case");
	return DBRIEF_OK;
}

int dbi_sql_record_begin(dbrief_records *records, const struct dbi_sql_query *q, const char *asked,
    const struct dbi_sql_keys *keys, struct dbrief_error *err)
{
	int status = check_echo(q, asked, keys, err);

	return status == DBRIEF_OK ? dbrief_record_begin(records, q->info.name, keys->subject, keys->key, keys->link) :
	    status;
}

/* ---- <subjects> ---- */

int dbi_sql_subjects(const dbrief_source *source, const char **sql, struct dbrief_error *err)
{
	*sql = dbrief_source_subjects(source);
	if (*sql && **sql)
		return DBRIEF_OK;
	return dbi_connect_config(err, dbrief_source_place(source),
	    "the source has no <subjects>; write a SELECT that lists the identifiers");
}

int dbi_sql_subjects_check(const dbrief_source *source, size_t parameters, struct dbrief_error *err)
{
	if (parameters)
		return dbi_connect_config(err, dbrief_source_place(source),
		    "<subjects> has a parameter, which nothing fills; remove it");
	return DBRIEF_OK;
}

static unsigned held_by(const char *name)
{
	static const char *const names[] = { "", "country", "postcode", "street" };

	for (unsigned i = 1; i < DBI_SQL_SUBJECT_COLUMNS; i++)
		if (strcasecmp(name, names[i]) == 0)
			return i;
	return 0;
}

int dbi_sql_subjects_columns(const dbrief_source *source, size_t n, size_t parameters, const char *(*name)(void *ctx, size_t i),
    void *ctx, unsigned holds[DBI_SQL_SUBJECT_COLUMNS], struct dbrief_error *err)
{
	const char *place = dbrief_source_place(source);
	bool seen[DBI_SQL_SUBJECT_COLUMNS] = { false };

	if (n == 0)
		return dbi_connect_config(err, place, "the query is no SELECT; write one SELECT statement");
	holds[0] = 0;
	for (size_t i = 1; i < n; i++) {
		const char *column = name(ctx, i);
		unsigned what = column ? held_by(column) : 0;

		if (!what || seen[what])
			return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place,
			    "<subjects> returns the column '%.60s'; besides the identifier it may return country, postcode and street, once each",
			    column ? column : "?");
		seen[what] = true;
		holds[i] = what;
	}
	return dbi_sql_subjects_check(source, parameters, err);
}

int dbi_sql_subject_row(const dbrief_source *source, size_t n, const unsigned *holds, const char *const *cells,
    const size_t *lens, int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, bool *done,
    struct dbrief_error *err)
{
	const char *by[DBI_SQL_SUBJECT_COLUMNS] = { NULL };
	struct dbrief_subject_row row = { .size = sizeof(row) };

	*done = false;
	if (!cells[0] || strlen(cells[0]) != lens[0])
		return dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(source),
		    "<subjects> returns %s; leave such rows out in its WHERE",
		    cells[0] ? "an identifier with a NUL byte" : "a NULL");
	for (size_t i = 1; i < n; i++)
		by[holds[i]] = cells[i];
	row.subject = cells[0];
	row.country = by[DBI_SQL_COUNTRY];
	row.postcode = by[DBI_SQL_POSTCODE];
	row.street = by[DBI_SQL_STREET];
	*done = each(ctx, &row) != 0;
	return DBRIEF_OK;
}
