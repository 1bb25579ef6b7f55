/* SPDX-License-Identifier: MIT */
/* One shard at work. */
#ifndef DBI_BATCH_RENDER_H
#define DBI_BATCH_RENDER_H

#include <pthread.h>
#include <datenbrief/batch.h>
#include "batch/marks.h"
#include "batch/publish.h"
#include "batch/run.h"
#include "batch/states.h"
#include "batch/work.h"

struct dbi_render_worker {
	struct dbi_plan_chunk chunk;   /* at work */
	size_t taken;                  /* of it, by the batch */
	bool fresh;                    /* none of its letters was begun */
	uint64_t first;                /* sequence number of its first letter */
	struct dbi_publish_file file;
	struct dbi_marks_letter letter;
	struct dbi_states states;      /* of the chunk's letters */
};

struct dbi_suspect { uint32_t chunk; unsigned offset, crashes; };

struct dbi_render {
	dbrief_run *run;
	struct dbrief_render_opts opts;
	struct dbi_publish publish;
	struct dbi_work *work;
	struct dbi_render_worker *workers;
	struct dbi_suspect *suspects;  /* in order; never changed while the batch runs */
	size_t n_suspects, cap_suspects;
	uint64_t next;                 /* chunk to look at */
	struct dbrief_run_counts counts;
	pthread_mutex_t lock;          /* of the journal */
	pthread_mutex_t sync_lock;
	bool sync_failed;
	dbi_journal *journal;
	struct dbi_marks marks;
};

/* Notes who was at work in a crash, and tries suspects alone. */
int dbi_render_suspects(struct dbi_render *render, struct dbrief_error *err);

#endif
