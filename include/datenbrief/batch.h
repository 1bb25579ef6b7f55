/* SPDX-License-Identifier: MIT */
/*
 * Batch: many letters by several threads, each with a session of its own.
 *
 * The caller supplies identifiers (`next`), a place for each letter (`sink`)
 * and learns what became of each (`result`). Identifiers are taken in chunks;
 * a worker fetches the data of many of its customers at once, makes the letters one by
 * one, and hands the chunk over. Nothing here is written to disk but what the
 * sinks write; runs over a folder that can be killed and resumed are in run.h.
 *
 * Threads: `next` and `result` are called under one lock, never at once, in
 * any of the worker threads; `sink`, `create`, `ahead` and `chunk_done` in the thread of their worker,
 * at the same time as those of other workers. No callback may call into this
 * batch but dbrief_batch_cancel. Worker threads block all signals, so the
 * program's handlers run in its own threads. dbrief_batch_run returns when all
 * workers have ended.
 */
#ifndef DATENBRIEF_BATCH_H
#define DATENBRIEF_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <datenbrief/engine.h>
#include <datenbrief/letter.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_batch dbrief_batch;

/* One letter to make. */
struct dbrief_batch_item {
	size_t size;
	uint64_t seq;        /* 0.. in the order of `next` */
	unsigned worker;     /* 0 .. threads - 1 */
	const char *subject; /* borrowed until the callback returns */
};

/* What became of it. */
struct dbrief_batch_result {
	size_t size;
	uint64_t seq;
	unsigned worker;
	int status;                     /* DBRIEF_OK: written; DBRIEF_FAILED: held, `err` says why */
	const char *subject;            /* borrowed until the callback returns */
	struct dbrief_letter_info info; /* of a written letter */
	struct dbrief_error err;        /* of a held one */
};

#define DBRIEF_BATCH_THREADS_MAX 256
#define DBRIEF_BATCH_CHUNK 256
#define DBRIEF_BATCH_STACK ((size_t)2 << 20)
#define DBRIEF_BATCH_STACK_MIN ((size_t)1 << 20)

struct dbrief_batch_opts {
	size_t size;
	unsigned threads;              /* workers; 0: one for each processor this process may use */
	size_t chunk;                  /* letters of a chunk, at most DBRIEF_PREFETCH_MAX; 0: DBRIEF_BATCH_CHUNK */
	size_t queue;                  /* results that may wait for their turn when ordered; 0: two chunks a worker */
	size_t stack;                  /* bytes of a worker's stack; 0: DBRIEF_BATCH_STACK; at least DBRIEF_BATCH_STACK_MIN */
	int ordered;                   /* results in the order of `next`; else as they come, a chunk at a time */
	const dbrief_template *tmpl;   /* of all letters; required */
	/*
	 * The next identifier, valid until the next call: OK, DBRIEF_EOF when
	 * there is none, else the batch ends. `worker` will make it. Required.
	 */
	int (*next)(void *user, unsigned worker, const char **subject, struct dbrief_error *err);
	/*
	 * Where the letter goes; the batch ends the sink as sink.h says and
	 * disposes it. FAILED: the letter is held with this error and not made.
	 * Graver: the batch ends. Required.
	 */
	int (*sink)(void *user, const struct dbrief_batch_item *item, struct dbrief_sink *sink, struct dbrief_error *err);
	/*
	 * All letters of a chunk are made: the time to bring them to the disk
	 * together. Not OK: the batch ends, and their results are not
	 * delivered. May be NULL.
	 */
	int (*chunk_done)(void *user, const struct dbrief_batch_result *results, size_t n, struct dbrief_error *err);
	/* One letter is done. Not OK: the batch ends. May be NULL. */
	int (*result)(void *user, const struct dbrief_batch_result *result, struct dbrief_error *err);
	/*
	 * Makes the letter another way than dbrief_letter_create does; the
	 * contract is the same. May be NULL.
	 */
	int (*create)(void *user, dbrief_session *session, const struct dbrief_batch_item *item, struct dbrief_sink *sink,
	    const struct dbrief_letter_opts *opts, struct dbrief_error *err);
	void *user;
	/*
	 * Whether the data of the next letters of the chunk that `worker` has
	 * taken are fetched at once; 0: each letter fetches its own. In the
	 * worker's thread, before the first letter of the chunk, and again
	 * wherever what was fetched has come to its end: few customers with
	 * much data are fetched at once, many with little. NULL: always at once.
	 */
	int (*ahead)(void *user, unsigned worker);
};
#define DBRIEF_BATCH_OPTS_INIT { sizeof(struct dbrief_batch_opts), 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/* taken = written + held + dropped. */
struct dbrief_batch_report {
	size_t size;
	uint64_t taken;     /* identifiers that `next` gave */
	uint64_t written, held;
	uint64_t dropped;   /* taken, and without a result since the batch ended before */
	unsigned threads;   /* workers that were at work */
	unsigned renewed;   /* sessions made anew after memory ran out */
	int cancelled;
};
#define DBRIEF_BATCH_REPORT_INIT { sizeof(struct dbrief_batch_report), 0, 0, 0, 0, 0, 0, 0 }

/* The engine must be frozen and outlive the batch, like the template. End with dbrief_batch_free. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_batch_new(dbrief_batch **batch, dbrief_engine *engine,
    const struct dbrief_batch_opts *opts, struct dbrief_error *err);
/*
 * Makes the letters, once. OK: all that `next` gave have their result, held
 * ones included. Else the status and error that ended the batch first; after
 * dbrief_batch_cancel that is RETRY, cause CANCELLED. The report, which may be
 * NULL, is filled in every case.
 *
 * After a failed allocation the worker's session is made anew and the letter
 * tried once more; two letters in a row that fail so end the batch (FATAL).
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_batch_run(dbrief_batch *batch, struct dbrief_batch_report *report,
    struct dbrief_error *err);
/*
 * Ends the batch early: letters at work are finished, nothing more is begun,
 * and chunks that are not complete are dropped. One atomic store: may be
 * called from any thread, from callbacks and from a signal handler.
 */
DBRIEF_API void dbrief_batch_cancel(dbrief_batch *batch);
/* NULL is allowed. Not while dbrief_batch_run is at work. */
DBRIEF_API void dbrief_batch_free(dbrief_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
