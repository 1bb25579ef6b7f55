/* SPDX-License-Identifier: MIT */
/*
 * Programs as sources: one process for each session, which lives as long as
 * the session and is started anew after it died, was stopped at a deadline or
 * broke the protocol, since nobody knows then what it will say next.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/exec.h"
#include "connect/fault.h"

struct cursor {
	struct dbi_exec exec;
	pthread_mutex_t lock; /* of exec.process being there, and of what follows */
	bool interrupted;
};

/* ---- the process of a cursor ---- */

static void stop(struct cursor *c, bool kill)
{
	struct dbi_process *p;

	(void)pthread_mutex_lock(&c->lock);
	p = c->exec.process;
	c->exec.process = NULL;
	(void)pthread_mutex_unlock(&c->lock);
	if (p && kill)
		dbi_process_kill(p);
	dbi_process_free(p);
}

static int start(struct cursor *c, struct dbrief_error *err)
{
	struct dbi_process *p = NULL;
	bool interrupted;
	int status = dbi_process_start(&p, c->exec.source, err);

	if (status != DBRIEF_OK)
		return status;
	(void)pthread_mutex_lock(&c->lock);
	c->exec.process = p;
	interrupted = c->interrupted;
	(void)pthread_mutex_unlock(&c->lock);
	if (interrupted)
		dbi_process_kill(p);
	status = dbi_exec_greet(&c->exec, err);
	if (status != DBRIEF_OK)
		stop(c, true);
	return status;
}

static void cursor_interrupt(void *cursor)
{
	struct cursor *c = cursor;

	(void)pthread_mutex_lock(&c->lock);
	c->interrupted = true;
	if (c->exec.process)
		dbi_process_kill(c->exec.process);
	(void)pthread_mutex_unlock(&c->lock);
}

/* ---- cursor ---- */

static void cursor_close(void *cursor)
{
	struct cursor *c = cursor;

	if (!c)
		return;
	stop(c, false);
	json_decref(c->exec.offer);
	dbi_json_text_free(&c->exec.text);
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

static int cursor_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct cursor *c = calloc(1, sizeof(*c));
	int status;

	*cursor = NULL;
	if (!c || pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c);
		return dbi_connect_memory(err);
	}
	c->exec.source = user;
	status = start(c, err);
	if (status != DBRIEF_OK)
		cursor_close(c);
	else
		*cursor = c;
	return status;
}

static int describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	void *cursor = NULL;
	int status = cursor_open(&cursor, user, err);

	if (status != DBRIEF_OK)
		return status;
	status = dbi_exec_describe(&((struct cursor *)cursor)->exec, decl);
	cursor_close(cursor);
	return status;
}

static int fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	struct cursor *c = cursor;
	int status = c->exec.process ? DBRIEF_OK : start(c, err);

	if (status == DBRIEF_OK)
		status = dbi_exec_fetch(&c->exec, subjects, n, records, err);
	/* The rest of its answer is not worth waiting for. */
	if (status != DBRIEF_OK)
		stop(c, true);
	return status;
}

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	return fetch_many(cursor, &subject, 1, records, err);
}

static int list(void *cursor, int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err)
{
	struct cursor *c = cursor;
	int status = c->exec.process ? DBRIEF_OK : start(c, err);

	if (status == DBRIEF_OK)
		status = dbi_exec_list(&c->exec, each, ctx, err);
	if (status != DBRIEF_OK)
		stop(c, true);
	return status;
}

/* ---- the type ---- */

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	for (size_t i = 0; i < dbrief_source_collections(source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };

		if (dbrief_source_collection(source, i, &info) == DBRIEF_OK && !info.subject_key)
			return dbi_connect_config(err, info.place,
			    "the records have no subject-key; name the field that holds the customer's identifier");
	}
	*connector = (struct dbrief_connector){
		.size = sizeof(*connector), .name = "exec", .flags = DBRIEF_CONNECTOR_DECODES, .describe = describe,
		.open = cursor_open, .fetch = fetch, .fetch_many = fetch_many, .list = list, .interrupt = cursor_interrupt,
		.close = cursor_close,
		.user = (void *)(uintptr_t)source, /* only read */
	};
	return DBRIEF_OK;
}

static void destroy(struct dbrief_connector *connector)
{
	connector->user = NULL;
}

static const char *version(void)
{
	static const char text[] = "exec (protocol 1)";

	return text;
}

const struct dbrief_connector_type dbi_connector_exec = {
	.size = sizeof(struct dbrief_connector_type), .type = "exec", .create = create, .destroy = destroy,
	.version = version,
};
