/* SPDX-License-Identifier: MIT */
/* Worker threads with one session each; who is next and what became of a letter is told under one lock. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* sched_getaffinity */
#endif
#include "batch/pool.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/api.h"
#include "util/mem.h"

#define WAIT_MS 200

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
#endif
	return n < 1 ? 1 : n > DBRIEF_BATCH_THREADS_MAX ? DBRIEF_BATCH_THREADS_MAX : (unsigned)n;
}

/* ---- making one ---- */

static int check_opts(struct dbrief_batch_opts *o, const struct dbrief_batch_opts *given, struct dbrief_error *err)
{
	int status;

	if (!given)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the options are NULL; a batch needs next, sink and a template");
	status = dbi_opts_copy(o, sizeof(*o), sizeof(*o), given, err);
	if (status != DBRIEF_OK)
		return status;
	if (!o->next || !o->sink || !o->tmpl)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "next, sink and the template are required; set them");
	if (o->threads > DBRIEF_BATCH_THREADS_MAX || o->chunk > DBRIEF_PREFETCH_MAX || (o->stack && o->stack < DBRIEF_BATCH_STACK_MIN))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "too many threads, too large a chunk or too small a stack; see batch.h");
	o->threads = o->threads ? o->threads : processors();
	o->chunk = o->chunk ? o->chunk : DBRIEF_BATCH_CHUNK;
	o->queue = o->queue ? o->queue : 2 * o->chunk * o->threads;
	o->stack = o->stack ? o->stack : DBRIEF_BATCH_STACK;
	return DBRIEF_OK;
}

int dbrief_batch_new(dbrief_batch **batch, dbrief_engine *engine, const struct dbrief_batch_opts *opts, struct dbrief_error *err)
{
	struct dbrief_batch_opts o;
	dbrief_batch *b;
	int status;

	dbrief_error_clear(err);
	if (!batch)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the batch is NULL; pass its address");
	*batch = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_FROZEN, err);
	if (status == DBRIEF_OK)
		status = check_opts(&o, opts, err);
	if (status != DBRIEF_OK)
		return status;
	b = dbi_calloc(1, sizeof(*b));
	if (!b)
		return dbi_error_memory(err);
	b->engine = engine;
	b->opts = o;
	b->workers = dbi_calloc(o.threads, sizeof(*b->workers));
	if (!b->workers || pthread_mutex_init(&b->lock, NULL) != 0) {
		dbi_free(b->workers);
		dbi_free(b);
		return dbi_error_memory(err);
	}
	if (pthread_cond_init(&b->turn, NULL) != 0) {
		(void)pthread_mutex_destroy(&b->lock);
		dbi_free(b->workers);
		dbi_free(b);
		return dbi_error_memory(err);
	}
	*batch = b;
	return DBRIEF_OK;
}

void dbrief_batch_free(dbrief_batch *batch)
{
	if (!batch)
		return;
	(void)pthread_cond_destroy(&batch->turn);
	(void)pthread_mutex_destroy(&batch->lock);
	dbi_free(batch->workers);
	dbi_free(batch);
}

void dbrief_batch_cancel(dbrief_batch *batch)
{
	if (batch)
		atomic_store(&batch->cancelled, true);
}

/* ---- ending ---- */

bool dbi_pool_over(dbrief_batch *b)
{
	return atomic_load(&b->over) || atomic_load(&b->cancelled);
}

/* The first one is what the caller sees. The lock is not held. */
void dbi_pool_fail(dbrief_batch *b, int status, const struct dbrief_error *err)
{
	(void)pthread_mutex_lock(&b->lock);
	if (b->status == DBRIEF_OK) {
		b->status = status;
		b->err = *err;
	}
	atomic_store(&b->over, true);
	(void)pthread_cond_broadcast(&b->turn);
	(void)pthread_mutex_unlock(&b->lock);
}

/* ---- chunks ---- */

static int grow_text(struct dbi_pool_chunk *c, const char *id, struct dbrief_error *err)
{
	size_t len = strlen(id) + 1;

	if (!dbi_grow(&c->text, &c->cap, c->len + len, 1, (size_t)1 << 30))
		return dbi_error_memory(err);
	memcpy(c->text + c->len, id, len);
	c->at[c->n++] = c->len;
	c->len += len;
	return DBRIEF_OK;
}

/* Takes up to a chunk of identifiers: one worker at a time. */
static int take(struct dbi_pool_worker *w, struct dbi_pool_chunk *c, struct dbrief_error *err)
{
	dbrief_batch *b = w->batch;
	int status = DBRIEF_OK;

	(void)pthread_mutex_lock(&b->lock);
	c->seq = b->taken;
	c->n = c->len = 0;
	while (status == DBRIEF_OK && c->n < b->opts.chunk && !b->exhausted && !dbi_pool_over(b)) {
		const char *id = NULL;

		status = b->opts.next(b->opts.user, w->number, &id, err);
		if (status == DBRIEF_OK)
			status = id ? grow_text(c, id, err) : dbi_misuse(err, DBRIEF_CAUSE_ARG, "next gave no identifier; return DBRIEF_EOF at the end");
		else if (status == DBRIEF_EOF)
			b->exhausted = true;
	}
	b->taken += c->n;
	(void)pthread_mutex_unlock(&b->lock);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

static void deliver(dbrief_batch *b, const struct dbi_pool_chunk *c)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < c->n && b->status == DBRIEF_OK; i++) {
		if (b->opts.result)
			status = b->opts.result(b->opts.user, &c->results[i], &err);
		if (status == DBRIEF_OK)
			*(c->results[i].status == DBRIEF_OK ? &b->written : &b->held) += 1;
	}
	if (status != DBRIEF_OK && b->status == DBRIEF_OK) {
		b->status = status;
		b->err = err;
		atomic_store(&b->over, true);
	}
}

static void free_chunk(struct dbi_pool_chunk *c)
{
	if (!c)
		return;
	dbi_free_wiped(c->text, c->cap);
	dbi_free(c->results);
	dbi_free(c->at);
	dbi_free(c);
}

static struct dbi_pool_chunk *new_chunk(const dbrief_batch *b, struct dbrief_error *err)
{
	struct dbi_pool_chunk *c = dbi_calloc(1, sizeof(*c));

	if (c) {
		c->results = dbi_calloc(b->opts.chunk, sizeof(*c->results));
		c->at = dbi_calloc(b->opts.chunk, sizeof(*c->at));
	}
	if (c && c->results && c->at)
		return c;
	free_chunk(c);
	(void)dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_MEMORY, "batch", "out of memory; use fewer threads or smaller chunks");
	return NULL;
}

/* Delivers what is next in the order. The lock is held. */
static void deliver_ready(dbrief_batch *b)
{
	while (b->pending && b->pending->seq == b->delivered) {
		struct dbi_pool_chunk *c = b->pending;

		b->pending = c->next;
		b->waiting -= c->n;
		b->delivered += c->n;
		deliver(b, c);
		free_chunk(c);
		(void)pthread_cond_broadcast(&b->turn);
	}
}

static void insert_pending(dbrief_batch *b, struct dbi_pool_chunk *c)
{
	struct dbi_pool_chunk **at = &b->pending;

	while (*at && (*at)->seq < c->seq)
		at = &(*at)->next;
	c->next = *at;
	*at = c;
	b->waiting += c->n;
}

static void wait_a_little(dbrief_batch *b)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	(void)pthread_cond_timedwait(&b->turn, &b->lock, &until);
}

/* Hands a finished chunk over; *chunk is NULL when it was kept until its turn. */
static void hand_over(dbrief_batch *b, struct dbi_pool_chunk **chunk)
{
	(void)pthread_mutex_lock(&b->lock);
	if (!b->opts.ordered) {
		deliver(b, *chunk);
	} else {
		insert_pending(b, *chunk);
		*chunk = NULL;
		deliver_ready(b);
		/* Whoever has the next results in hand never waits. */
		while (b->waiting > b->opts.queue && !dbi_pool_over(b))
			wait_a_little(b);
	}
	(void)pthread_mutex_unlock(&b->lock);
}

/* ---- workers ---- */

static int work_chunk(struct dbi_pool_worker *w, struct dbi_pool_chunk *c, struct dbrief_error *err)
{
	int status = dbi_pool_make(w, c, err);

	if (status == DBRIEF_OK && w->batch->opts.chunk_done)
		status = w->batch->opts.chunk_done(w->batch->opts.user, c->results, c->n, err);
	return status;
}

static void *worker(void *arg)
{
	struct dbi_pool_worker *w = arg;
	dbrief_batch *b = w->batch;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_pool_chunk *c = NULL;
	int status = DBRIEF_OK;

	while (status == DBRIEF_OK && !dbi_pool_over(b)) {
		if (!c && !(c = new_chunk(b, &err))) {
			status = DBRIEF_FATAL;
			break;
		}
		status = take(w, c, &err);
		if (status != DBRIEF_OK || c->n == 0)
			break;
		status = work_chunk(w, c, &err);
		if (status == DBRIEF_EOF) { /* given up in the middle: cancelled */
			status = DBRIEF_OK;
			break;
		}
		if (status == DBRIEF_OK)
			hand_over(b, &c);
	}
	if (status != DBRIEF_OK)
		dbi_pool_fail(b, status, &err);
	free_chunk(c);
	dbrief_session_free(w->session);
	w->session = NULL;
	return NULL;
}

static int start_workers(dbrief_batch *b, unsigned *started, struct dbrief_error *err)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int rc = pthread_attr_init(&attr);

	if (rc != 0)
		return dbi_error_memory(err);
	rc = pthread_attr_setstacksize(&attr, b->opts.stack);
	/* The program's handlers run in its own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 0; rc == 0 && i < b->opts.threads; i++) {
		b->workers[i].batch = b;
		b->workers[i].number = i;
		rc = pthread_create(&b->workers[i].thread, &attr, worker, &b->workers[i]);
		if (rc == 0)
			++*started;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	if (*started)
		return DBRIEF_OK; /* fewer do the work as well */
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, rc, "batch", "no thread can be started (%s); raise the limit of processes",
	    dbi_errno_text(rc));
}

static void fill_report(const dbrief_batch *b, unsigned threads, struct dbrief_batch_report *report)
{
	struct dbrief_batch_report r = { .size = sizeof(r) };
	size_t size = report->size;

	r.taken = b->taken;
	r.written = b->written;
	r.held = b->held;
	r.dropped = b->taken - b->written - b->held;
	r.threads = threads;
	r.renewed = atomic_load(&b->renewed);
	r.cancelled = atomic_load(&b->cancelled);
	if (size > sizeof(r))
		size = sizeof(r);
	r.size = report->size;
	memcpy(report, &r, size);
}

int dbrief_batch_run(dbrief_batch *b, struct dbrief_batch_report *report, struct dbrief_error *err)
{
	unsigned started = 0;
	int status;

	dbrief_error_clear(err);
	if (!b || b->ran || (report && report->size < sizeof(size_t)))
		return dbi_misuse(err, DBRIEF_CAUSE_STATE, "the batch is NULL or has run, or the report has no size; make a new one");
	b->ran = true;
	status = start_workers(b, &started, err);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(b->workers[i].thread, NULL);
	while (b->pending) { /* what still waited for its turn when the batch ended */
		struct dbi_pool_chunk *c = b->pending;

		b->pending = c->next;
		free_chunk(c);
	}
	if (report)
		fill_report(b, started, report);
	if (status == DBRIEF_OK && b->status != DBRIEF_OK) {
		status = b->status;
		if (err)
			*err = b->err;
	} else if (status == DBRIEF_OK && atomic_load(&b->cancelled)) {
		status = dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CANCELLED, "batch", "was cancelled; start again to go on");
	}
	return status;
}
