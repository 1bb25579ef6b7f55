/* SPDX-License-Identifier: MIT */
/* What stands behind dbrief_batch. */
#ifndef DBI_BATCH_POOL_H
#define DBI_BATCH_POOL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <datenbrief/batch.h>

/* Letters taken together by one worker, and what became of them. */
struct dbi_pool_chunk {
	struct dbi_pool_chunk *next;
	uint64_t seq;                        /* of the first */
	size_t n;
	char *text;                          /* identifiers, NUL-terminated */
	size_t len, cap;
	size_t *at;                          /* where each begins */
	struct dbrief_batch_result *results;
};

struct dbi_pool_worker {
	dbrief_batch *batch;
	unsigned number;
	pthread_t thread;
	dbrief_session *session;             /* NULL: to be made */
	size_t ahead;                        /* customers to fetch at once; 0: not known yet */
	unsigned memory_failures;            /* letters in a row */
};

struct dbrief_batch {
	dbrief_engine *engine;
	struct dbrief_batch_opts opts;       /* defaults filled in */
	struct dbi_pool_worker *workers;
	atomic_bool cancelled, over;
	atomic_uint renewed;
	bool ran;
	pthread_mutex_t lock;                /* of all that follows */
	pthread_cond_t turn;
	bool exhausted;
	uint64_t taken, delivered, written, held;
	struct dbi_pool_chunk *pending;      /* finished before their turn, by seq */
	size_t waiting;                      /* results in there */
	int status;                          /* that ended the batch */
	struct dbrief_error err;
};

bool dbi_pool_over(dbrief_batch *batch);
void dbi_pool_fail(dbrief_batch *batch, int status, const struct dbrief_error *err);
/* Makes the letters of a chunk. DBRIEF_EOF: given up since the batch is over. */
int dbi_pool_make(struct dbi_pool_worker *worker, struct dbi_pool_chunk *chunk, struct dbrief_error *err);

#endif
