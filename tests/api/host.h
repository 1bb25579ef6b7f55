/* SPDX-License-Identifier: MIT */
/* A program's own connector and a counting sink, for the tests of the public API. */
#ifndef TEST_HOST_H
#define TEST_HOST_H

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <datenbrief.h>
#include "../unit/tap.h"

enum lie {
	HONEST, FOREIGN_KEY, NO_END, UNDECLARED_FIELD, MISSING_FIELD, UNKNOWN_COLLECTION, TWICE, BAD_TEXT, BAD_VALUE,
	EMPTY, OWN_FAILURE, CALLS_BACK, NO_RECORD_END, DESCRIBES_MORE, DESCRIBES_LESS, DESCRIBE_FAILS, OPEN_FAILS
};

struct host {
	enum lie lie;
	atomic_int describes, opens, closes, fetches; /* sessions may run in threads */
	dbrief_session *session; /* for CALLS_BACK */
	int back;                /* what the call back returned */
};

static inline int host_describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	struct host *h = user;

	h->describes++;
	if (h->lie == DESCRIBE_FAILS)
		return dbrief_error_set(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, "table person", "not now; try again");
	if (dbrief_declare_collection(decl, "person") != DBRIEF_OK || dbrief_declare_field(decl, "id") != DBRIEF_OK ||
	    dbrief_declare_field(decl, "name") != DBRIEF_OK || dbrief_declare_field(decl, "street") != DBRIEF_OK)
		return DBRIEF_FATAL;
	if (h->lie == DESCRIBES_MORE && dbrief_declare_field(decl, "shoe_size") != DBRIEF_OK)
		return DBRIEF_FATAL;
	return h->lie == DESCRIBES_LESS ? DBRIEF_OK : dbrief_declare_field(decl, "age");
}

static inline int host_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct host *h = user;

	if (h->lie == OPEN_FAILS)
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, "", "no connection; check the server");
	h->opens++;
	*cursor = h;
	return DBRIEF_OK;
}

static inline void host_fields(struct host *h, dbrief_records *r)
{
	(void)dbrief_record_set_text(r, "name", h->lie == BAD_TEXT ? "Zo\xEB" : "Zoë Beispiel", DBRIEF_NTS);
	(void)dbrief_record_set_text(r, "street", "Musterweg 1", DBRIEF_NTS);
	if (h->lie == BAD_VALUE)
		(void)dbrief_record_set_text(r, "age", "old", DBRIEF_NTS);
	else if (h->lie != MISSING_FIELD)
		(void)dbrief_record_set_integer(r, "age", 44);
	if (h->lie == UNDECLARED_FIELD)
		(void)dbrief_record_set_text(r, "shoe_size", "43", DBRIEF_NTS);
}

static inline int host_call_back(struct host *h, const char *subject)
{
	char code[DBRIEF_CASE_CODE_SIZE];
	dbrief_model *model = NULL;

	(void)subject;
	(void)code;
	h->back = h->session ? dbrief_model_gather(&model, h->session, "2", NULL) : 0;
	dbrief_model_free(model);
	return h->back;
}

static inline int host_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	struct host *h = cursor;
	int rounds = h->lie == EMPTY ? 0 : h->lie == TWICE ? 2 : 1;

	h->fetches++;
	if (h->lie == OWN_FAILURE)
		return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "table person", "page 3 is damaged; repair it");
	if (h->lie == CALLS_BACK)
		(void)host_call_back(h, subject);
	for (int i = 0; i < rounds; i++) {
		(void)dbrief_record_begin(r, h->lie == UNKNOWN_COLLECTION ? "pets" : "person",
		    h->lie == FOREIGN_KEY ? "999" : subject, subject, NULL);
		host_fields(h, r);
		if (h->lie != NO_RECORD_END)
			(void)dbrief_record_end(r);
	}
	return h->lie == NO_END ? DBRIEF_OK : dbrief_records_end(r);
}

static inline void host_close(void *cursor)
{
	((struct host *)cursor)->closes++;
}

static inline struct dbrief_connector host_connector(struct host *h)
{
	return (struct dbrief_connector){ .size = sizeof(struct dbrief_connector), .name = "host",
		.describe = host_describe, .open = host_open, .fetch = host_fetch, .close = host_close, .user = h };
}

/* A sink that counts, and fails where it is told to. */
struct counter {
	int writes, commits, aborts;
	size_t bytes;
	int fail_write, fail_commit;
};

static inline int counter_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct counter *c = user;

	(void)bytes;
	c->writes++;
	c->bytes += len;
	if (c->fail_write)
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "printer", "no paper; add some");
	return DBRIEF_OK;
}

static inline int counter_commit(void *user, struct dbrief_error *err)
{
	struct counter *c = user;

	(void)err;
	c->commits++;
	return c->fail_commit ? DBRIEF_FATAL : DBRIEF_OK; /* without a word: the library supplies one */
}

static inline void counter_abort(void *user)
{
	((struct counter *)user)->aborts++;
}

static inline struct dbrief_sink counter_sink(struct counter *c)
{
	return (struct dbrief_sink){ sizeof(struct dbrief_sink), counter_write, counter_commit, counter_abort, c };
}

static inline const char *fixture_path(char *path, size_t size, const char *name)
{
	const char *srcdir = getenv("srcdir");

	(void)snprintf(path, size, "%s/tests/fixture/%s", srcdir ? srcdir : ".", name);
	return path;
}

/* Loads host.xml for a fixed date; the connector is added when h is not NULL. */
static inline dbrief_engine *host_engine(struct host *h)
{
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_connector connector = host_connector(h);
	dbrief_engine *engine = NULL;
	char path[1024];

	opts.date = "2026-11-23";
	if (dbrief_engine_load(&engine, fixture_path(path, sizeof(path), "host.xml"), &opts, &err) != DBRIEF_OK ||
	    (h && dbrief_engine_add_connector(engine, "crm", &connector, &err) != DBRIEF_OK))
		printf("# %s: %s\n", err.where, err.text);
	return engine;
}

#endif
