/* SPDX-License-Identifier: MIT */
#include "connect/staged.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "connect/fault.h"
#include "connect/files.h"
#include "connect/sqlite.h"

struct staged {
	struct dbi_sqlite_database base;
	const char *type;
	int (*read)(struct dbi_file_table *, struct dbrief_error *);
	char **queries;            /* of sqlite3_mprintf */
	size_t n;
	pthread_mutex_t lock;      /* of what follows: files are read once, by whoever comes first */
	bool done;
	struct dbi_stage *stage;   /* NULL when that failed, with this error */
	struct dbrief_error error;
};

/* ---- staging ---- */

static bool has_column(const struct dbi_file_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return true;
	return false;
}

static int index_column(struct dbi_file_table *t, const char *name, const char *role, struct dbrief_error *err)
{
	if (!name)
		return DBRIEF_OK;
	if (has_column(t, name))
		return dbi_stage_index(t->stage, t->id, name, err);
	/* What only queries read is no key of this table. */
	return t->collection == DBI_NO_COLLECTION ? DBRIEF_OK : dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG,
	    t->shown, "the file has no column '%.60s' named by %s; correct the name or the export", name, role);
}

/* Records are looked for by the customer; joins in queries go by keys. */
static int index_table(struct dbi_file_table *t, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < dbrief_source_collections(t->source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };

		if (t->collection != DBI_NO_COLLECTION && t->collection != i)
			continue;
		status = dbrief_source_collection(t->source, i, &info);
		if (status == DBRIEF_OK)
			status = index_column(t, info.subject_key, "subject-key", err);
		if (status == DBRIEF_OK)
			status = index_column(t, info.key, "key", err);
		if (status == DBRIEF_OK)
			status = index_column(t, info.link, "link", err);
	}
	return status;
}

static int stage_table(const struct staged *s, struct dbi_stage *stage, struct dbi_file_table *t, struct dbrief_error *err)
{
	int status;

	t->stage = stage;
	status = dbi_stage_table(stage, t->name, &t->id, err);
	if (status == DBRIEF_OK)
		status = s->read(t, err);
	return status == DBRIEF_OK ? index_table(t, err) : status;
}

static int stage_files(struct staged *s, struct dbrief_error *err)
{
	struct dbi_files files = { NULL, 0 };
	struct dbi_stage *stage = NULL;
	int status = dbi_files_list(&files, s->base.source, s->type, err);

	if (status == DBRIEF_OK)
		status = dbi_stage_new(&stage, err);
	for (size_t i = 0; status == DBRIEF_OK && i < files.n; i++)
		status = stage_table(s, stage, &files.tables[i], err);
	if (status == DBRIEF_OK)
		status = dbi_stage_finish(stage, err);
	dbi_files_dispose(&files);
	if (status != DBRIEF_OK)
		dbi_stage_free(stage);
	else
		s->stage = stage;
	return status;
}

/* A file that is no good is not read again for every letter: what was found stays. */
static int open_staged(sqlite3 **db, struct dbi_sqlite_database *base, struct dbrief_error *err)
{
	struct staged *s = (struct staged *)base;
	int status;

	(void)pthread_mutex_lock(&s->lock);
	if (!s->done) {
		dbrief_error_clear(&s->error);
		status = stage_files(s, &s->error);
		if (status != DBRIEF_OK && s->error.status == DBRIEF_OK)
			(void)dbi_connect_memory(&s->error);
		s->done = true;
	}
	status = s->error.status;
	if (status != DBRIEF_OK)
		status = dbrief_error_set(err, status, s->error.cause, s->error.where, s->error.text);
	if (err && status != DBRIEF_OK)
		err->os_errno = s->error.os_errno;
	(void)pthread_mutex_unlock(&s->lock);
	return status == DBRIEF_OK ? dbi_stage_open(db, s->stage, err) : status;
}

/* ---- queries ---- */

static const char *query_of(const struct dbi_sqlite_database *base, size_t i)
{
	return ((const struct staged *)base)->queries[i];
}

static int write_queries(struct staged *s, struct dbrief_error *err)
{
	s->n = dbrief_source_collections(s->base.source);
	s->queries = calloc(s->n, sizeof(*s->queries));
	if (!s->queries)
		return dbi_connect_memory(err);
	for (size_t i = 0; i < s->n; i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };
		int status = dbrief_source_collection(s->base.source, i, &info);

		if (status != DBRIEF_OK || info.query || !info.subject_key)
			continue;
		s->queries[i] = sqlite3_mprintf("SELECT * FROM \"%w\" WHERE \"%w\" = :subject", info.name, info.subject_key);
		if (!s->queries[i])
			return dbi_connect_memory(err);
	}
	return DBRIEF_OK;
}

/* ---- the type ---- */

void dbi_staged_destroy(struct dbrief_connector *connector)
{
	struct staged *s = connector->user;

	if (!s)
		return;
	for (size_t i = 0; s->queries && i < s->n; i++)
		sqlite3_free(s->queries[i]);
	free(s->queries);
	dbi_stage_free(s->stage);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
	connector->user = NULL;
}

int dbi_staged_create(struct dbrief_connector *connector, const dbrief_source *source, const char *type,
    int (*read)(struct dbi_file_table *t, struct dbrief_error *err), struct dbrief_error *err)
{
	struct staged *s = calloc(1, sizeof(*s));
	int status;

	if (!s || pthread_mutex_init(&s->lock, NULL) != 0) {
		free(s);
		return dbi_connect_memory(err);
	}
	s->base = (struct dbi_sqlite_database){ .source = source, .open = open_staged, .query = query_of, .staged = true };
	s->type = type;
	s->read = read;
	dbi_sqlite_connector(connector, type, &s->base);
	connector->flags = DBRIEF_CONNECTOR_DECODES;
	status = write_queries(s, err);
	if (status != DBRIEF_OK)
		dbi_staged_destroy(connector);
	return status;
}
