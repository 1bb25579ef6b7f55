/* SPDX-License-Identifier: MIT */
/* The letters of one chunk, in a worker's thread. */
#include <string.h>

#include "api/api.h"
#include "batch/pool.h"
#include "util/error.h"

#define AHEAD_BYTES ((size_t)1 << 20)
#define AHEAD_FIRST 64
#define AHEAD_LEAST 16

static int need_session(struct dbi_pool_worker *w, struct dbrief_error *err)
{
	return w->session ? DBRIEF_OK : dbrief_session_new(&w->session, w->batch->engine, err);
}

static void drop_session(struct dbi_pool_worker *w)
{
	dbrief_session_free(w->session);
	w->session = NULL;
	(void)atomic_fetch_add(&w->batch->renewed, 1);
}

/*
 * How many customers are fetched at once follows from how much they brought:
 * the more at once, the fewer round trips, but what waits takes memory.
 */
static void adapt(struct dbi_pool_worker *w, size_t n)
{
	size_t bytes = dbi_session_ahead_bytes(w->session);

	if (bytes > AHEAD_BYTES)
		w->ahead = n > 2 * AHEAD_LEAST ? n / 2 : AHEAD_LEAST;
	else if (bytes < AHEAD_BYTES / 4 && n == w->ahead)
		w->ahead *= 2;
	if (w->ahead > w->batch->opts.chunk)
		w->ahead = w->batch->opts.chunk;
}

/* Fetches some customers of the chunk, beginning with `from`; *end is the one behind them. */
static int fetch_ahead(struct dbi_pool_worker *w, const struct dbi_pool_chunk *c, size_t from, size_t *end, struct dbrief_error *err)
{
	const char *ids[DBRIEF_PREFETCH_MAX];
	const struct dbrief_batch_opts *o = &w->batch->opts;
	int status = need_session(w, err);
	size_t n;

	if (!w->ahead)
		w->ahead = AHEAD_FIRST;
	n = c->n - from < w->ahead ? c->n - from : w->ahead;
	*end = from + n;
	if (o->ahead && !o->ahead(o->user, w->number))
		return status;
	for (size_t i = 0; i < n; i++)
		ids[i] = c->text + c->at[from + i];
	if (status == DBRIEF_OK)
		status = dbrief_session_prefetch(w->session, ids, n, err);
	if (status == DBRIEF_OK)
		adapt(w, n);
	if (status == DBRIEF_OK || !err || err->cause != DBRIEF_CAUSE_MEMORY)
		return status;
	/* Out of memory with a whole chunk: one by one there may be enough. */
	drop_session(w);
	w->ahead = AHEAD_LEAST;
	dbrief_error_clear(err);
	return need_session(w, err);
}

static int create(struct dbi_pool_worker *w, const struct dbrief_batch_item *item, struct dbrief_batch_result *r)
{
	const struct dbrief_batch_opts *o = &w->batch->opts;
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_sink sink;
	int status;

	memset(&sink, 0, sizeof(sink));
	dbrief_error_clear(&r->err);
	status = need_session(w, &r->err);
	if (status == DBRIEF_OK)
		status = o->sink(o->user, item, &sink, &r->err);
	if (status != DBRIEF_OK)
		return status;
	opts.info = &r->info;
	status = o->create ? o->create(o->user, w->session, item, &sink, &opts, &r->err) :
	    dbrief_letter_create(w->session, o->tmpl, item->subject, &sink, &opts, &r->err);
	dbrief_sink_dispose(&sink);
	return status;
}

/* FATAL for memory: the second letter in a row that finds none. */
static int make_one(struct dbi_pool_worker *w, const struct dbrief_batch_item *item, struct dbrief_batch_result *r)
{
	int status = create(w, item, r);

	if (status != DBRIEF_OK && r->err.cause == DBRIEF_CAUSE_MEMORY) {
		drop_session(w);
		status = create(w, item, r);
	}
	if (status == DBRIEF_OK || r->err.cause != DBRIEF_CAUSE_MEMORY) {
		w->memory_failures = 0;
		return status;
	}
	drop_session(w);
	if (++w->memory_failures < 2)
		return r->err.status = DBRIEF_FAILED;
	return r->err.status = DBRIEF_FATAL;
}

int dbi_pool_make(struct dbi_pool_worker *w, struct dbi_pool_chunk *c, struct dbrief_error *err)
{
	int status = DBRIEF_OK;
	size_t fetched = 0;

	for (size_t i = 0; status == DBRIEF_OK && i < c->n; i++) {
		struct dbrief_batch_result *r = &c->results[i];
		const char *subject = c->text + c->at[i];
		const struct dbrief_batch_item item = { sizeof(item), c->seq + i, w->number, subject };

		if (dbi_pool_over(w->batch))
			return DBRIEF_EOF;
		if (i == fetched && (status = fetch_ahead(w, c, i, &fetched, err)) != DBRIEF_OK)
			break;
		memset(r, 0, sizeof(*r));
		r->size = sizeof(*r);
		r->info.size = sizeof(r->info);
		r->seq = item.seq;
		r->worker = w->number;
		r->subject = subject;
		status = make_one(w, &item, r);
		r->status = status;
		if (status == DBRIEF_WARN)
			r->status = DBRIEF_OK; /* made, with a remark */
		if (status == DBRIEF_FAILED || status == DBRIEF_WARN)
			status = DBRIEF_OK;
		else if (status != DBRIEF_OK && err)
			*err = r->err;
	}
	return status;
}
