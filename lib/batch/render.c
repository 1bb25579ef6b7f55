/* SPDX-License-Identifier: MIT */
/*
 * The letters of one shard: a batch whose identifiers are the plan's chunks
 * that are not in the journal, and whose chunks are published one by one.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "batch/point.h"
#include "batch/publish.h"
#include "batch/render.h"
#include "util/hash.h"
#include "util/mem.h"

/* ---- what is next ---- */

/* The next chunk of the shard that is not complete. The batch's lock is held. */
static int next_chunk(struct dbi_render *r, struct dbi_render_worker *w, struct dbrief_error *err)
{
	const struct dbrief_plan_info *info = dbi_plan_info(r->run->plan);
	int status = DBRIEF_OK;
	bool has = true;

	while (status == DBRIEF_OK && has && r->next < info->chunks) {
		uint32_t chunk = (uint32_t)r->next;

		(void)pthread_mutex_lock(&r->lock);
		status = dbi_journal_has_chunk(r->journal, chunk, &has, err);
		(void)pthread_mutex_unlock(&r->lock);
		r->next += info->shards;
		if (status == DBRIEF_OK && !has) {
			dbi_plan_chunk_dispose(&w->chunk);
			status = dbi_plan_chunk_load(r->run->plan, chunk, &w->chunk, err);
		}
	}
	return status == DBRIEF_OK && has ? DBRIEF_EOF : status;
}

static int next(void *user, unsigned worker, const char **subject, struct dbrief_error *err)
{
	struct dbi_render *r = user;
	struct dbi_render_worker *w = &r->workers[worker];
	int status = DBRIEF_OK;

	if (w->taken == w->chunk.n) {
		if (w->fresh) /* the short chunk at the end of the plan: it is made first */
			return DBRIEF_EOF;
		if (atomic_load(&r->run->stop))
			return DBRIEF_EOF;
		status = next_chunk(r, w, err);
		if (status != DBRIEF_OK)
			return status;
		w->taken = 0;
		w->fresh = true;
		dbi_work_mark(r->work, worker, w->chunk.id, DBI_WORK_WHOLE_CHUNK, false);
	}
	*subject = w->chunk.ids[w->taken++];
	return DBRIEF_OK;
}

/* ---- one letter ---- */

static const struct dbi_suspect *find_crasher(const struct dbi_render *r, uint32_t chunk, unsigned offset)
{
	for (size_t i = 0; i < r->n_suspects; i++)
		if (r->suspects[i].chunk == chunk && r->suspects[i].offset == offset && r->suspects[i].crashes >= 2)
			return &r->suspects[i];
	return NULL;
}

static int sink_of(void *user, const struct dbrief_batch_item *item, struct dbrief_sink *sink, struct dbrief_error *err)
{
	struct dbi_render *r = user;
	struct dbi_render_worker *w = &r->workers[item->worker];
	unsigned offset;

	if (w->fresh) {
		w->fresh = false;
		w->first = item->seq;
	}
	offset = (unsigned)(item->seq - w->first);
	if (w->chunk.twin[offset])
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_STATE, "run",
		    "two customers have the same case code; use another key file in <case-code>");
	if (find_crasher(r, w->chunk.id, offset))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, "run",
		    "this letter crashed the program twice; make it alone with datenbrief letter and report the fault");
	dbi_work_mark(r->work, item->worker, w->chunk.id, offset, false);
	if (r->opts.begun)
		r->opts.begun(r->opts.user);
	dbi_point_letter(w->chunk.id, offset);
	return dbi_publish_sink(sink, &w->file, &r->publish, w->chunk.id, offset, err);
}

/* A crash in the common fetch would come again each time and name nobody: chunks with a suspect fetch letter by letter. */
static int ahead(void *user, unsigned worker)
{
	const struct dbi_render *r = user;
	const struct dbi_render_worker *w = &r->workers[worker];
	uint32_t chunk = w->chunk.id;

	if (w->fresh)
		dbi_point_chunk("taken", chunk);
	for (size_t i = 0; i < r->n_suspects; i++)
		if (r->suspects[i].chunk == chunk)
			return 0;
	if (r->opts.begun)
		r->opts.begun(r->opts.user);
	if (!w->fresh) /* who crashes here is none of the letters before */
		dbi_work_mark(r->work, worker, chunk, DBI_WORK_WHOLE_CHUNK, false);
	dbi_point_chunk("fetch", chunk);
	return 1;
}

static int create(void *user, dbrief_session *session, const struct dbrief_batch_item *item, struct dbrief_sink *sink,
    const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	struct dbi_render *r = user;
	struct dbi_render_worker *w = &r->workers[item->worker];
	int status = dbi_marks_create(&r->marks, &w->letter, session, item->subject, sink, opts, true, err), put = DBRIEF_OK;

	w->states.dir = r->run->journal;
	w->states.place = r->run->folder.path;
	if ((status == DBRIEF_OK || status == DBRIEF_WARN) && w->letter.changes.after.len)
		put = dbi_states_put(&w->states, (unsigned)(item->seq - w->first), &w->letter.changes.after, err);
	return put == DBRIEF_OK ? status : put;
}

/* ---- a chunk ---- */

struct publishing {
	struct dbi_render *r;
	uint32_t chunk;
	size_t n;
	unsigned char what[DBI_PLAN_CHUNK];
	char codes[DBI_PLAN_CHUNK][DBRIEF_CASE_CODE_SIZE];
};

static int publish(void *ctx, struct dbrief_error *err)
{
	struct publishing *p = ctx;

	return dbi_publish_rename_chunk(&p->r->publish, p->chunk, p->what, (const char (*)[16])p->codes, p->n, err);
}

static void fill_row(struct dbi_journal_row *row, const struct dbrief_batch_result *result, const struct publishing *p, size_t i)
{
	const struct dbi_render *r = p->r;
	const struct dbi_states *states = &r->workers[result->worker].states;

	row->chunk = p->chunk;
	row->offset = (unsigned)i;
	row->status = result->status;
	row->code = p->codes[i];
	row->attempts = 1;
	for (size_t k = 0; k < r->n_suspects; k++)
		if (r->suspects[k].chunk == p->chunk && r->suspects[k].offset == i)
			row->attempts += r->suspects[k].crashes;
	if (result->status != DBRIEF_OK) {
		row->cause = result->err.cause;
		row->where = result->err.where;
		row->text = result->err.text;
		return;
	}
	row->pages = result->info.pages;
	row->bytes = result->info.bytes;
	row->replaced = result->info.replaced;
	row->choice = result->info.choice;
	row->lang = result->info.lang;
	row->state = dbi_states_get(states, (unsigned)i, &row->state_len);
	memcpy(row->sha256, result->info.sha256, sizeof(row->sha256));
}

/* syncfs() tells of a lost write once, to whoever asks first: after that no chunk can be believed to be on the disk. */
static int sync_chunk(const struct publishing *p, struct dbrief_error *err)
{
	struct dbi_render *r = p->r;
	int status;

	(void)pthread_mutex_lock(&r->sync_lock);
	status = r->sync_failed ? dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, r->publish.place,
	    "cannot be brought to the disk; check it, then start again") :
	    dbi_publish_sync_chunk(&r->publish, p->chunk, p->what, p->n, err);
	r->sync_failed |= status != DBRIEF_OK;
	(void)pthread_mutex_unlock(&r->sync_lock);
	return status;
}

static int commit(struct publishing *p, struct dbi_journal_row *rows, struct dbrief_error *err)
{
	struct dbi_render *r = p->r;
	int status = sync_chunk(p, err);

	if (status != DBRIEF_OK)
		return status;
	dbi_point("after-sync");
	(void)pthread_mutex_lock(&r->lock);
	status = dbi_journal_commit(r->journal, p->chunk, rows, p->n, publish, p, err);
	(void)pthread_mutex_unlock(&r->lock);
	return status;
}

static int chunk_done(void *user, const struct dbrief_batch_result *results, size_t n, struct dbrief_error *err)
{
	struct dbi_render *r = user;
	struct dbi_render_worker *w = &r->workers[results[0].worker];
	struct dbi_journal_row *rows = dbi_calloc(n, sizeof(*rows));
	struct publishing *p = dbi_calloc(1, sizeof(*p));
	int status;

	if (!rows || !p || n != w->chunk.n) {
		status = !rows || !p ? dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_MEMORY, "run", "out of memory; free some and start again") :
		    dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "run", "a chunk is not complete; report this fault");
		goto done;
	}
	p->r = r;
	p->chunk = w->chunk.id;
	p->n = n;
	status = dbi_states_ready(&w->states, err);
	if (status != DBRIEF_OK)
		goto done;
	for (size_t i = 0; i < n; i++) {
		p->what[i] = results[i].status == DBRIEF_OK ? DBI_PUBLISH_FILE : w->chunk.twin[i] ? DBI_PUBLISH_NOTHING : DBI_PUBLISH_REMOVE;
		dbi_engine_code(r->run->engine, results[i].subject, p->codes[i]);
		fill_row(&rows[i], &results[i], p, i);
	}
	dbi_work_clear(r->work, results[0].worker);
	status = commit(p, rows, err);
	/* Of what comes next only this worker takes care. */
	dbi_plan_chunk_dispose(&w->chunk);
	dbi_states_clear(&w->states);
	w->taken = 0;
done:
	dbi_free(rows);
	dbi_free(p);
	return status;
}

static int result(void *user, const struct dbrief_batch_result *res, struct dbrief_error *err)
{
	struct dbi_render *r = user;

	(void)err;
	if (res->status == DBRIEF_OK) {
		r->counts.written++;
		r->counts.pages += res->info.pages;
		r->counts.sheets += res->info.pages / 2 + res->info.pages % 2;
		r->counts.replaced += res->info.replaced;
		r->counts.replaced_letters += res->info.replaced > 0;
	} else {
		r->counts.held++;
	}
	r->counts.left--;
	if (r->opts.progress)
		r->opts.progress(r->opts.user, &r->counts);
	return DBRIEF_OK;
}

/* ---- the shard ---- */

static int run_batch(struct dbi_render *r, struct dbrief_error *err)
{
	struct dbrief_batch_opts o = DBRIEF_BATCH_OPTS_INIT;
	dbrief_batch *batch = NULL;
	int status;

	o.threads = r->opts.threads;
	o.chunk = DBI_PLAN_CHUNK;
	o.tmpl = r->run->tmpl;
	o.next = next;
	o.sink = sink_of;
	o.create = create;
	o.chunk_done = chunk_done;
	o.ahead = ahead;
	o.result = result;
	o.user = r;
	status = dbrief_batch_new(&batch, r->run->engine, &o, err);
	if (status == DBRIEF_OK)
		status = dbrief_batch_run(batch, NULL, err);
	dbrief_batch_free(batch);
	return status;
}

static int open_shard(struct dbi_render *r, char **place, struct dbrief_error *err)
{
	dbrief_run *run = r->run;
	int status = dbi_journal_begin(&r->journal, &run->folder, run->journal, run->plan_hash, r->opts.shard, err);

	if (status != DBRIEF_OK)
		return status;
	*place = dbi_folder_path(run->form->merge_letter ? &run->folder : dbi_run_product(run), run->form->folder);
	r->workers = dbi_calloc(DBRIEF_BATCH_THREADS_MAX, sizeof(*r->workers));
	if (!*place || !r->workers)
		return dbi_error_memory(err);
	r->publish = (struct dbi_publish){ .dir = run->rendered, .place = *place, .suffix = run->form->suffix,
		.shard = r->opts.shard, .epoch = dbi_journal_epoch(r->journal), .sync = (enum dbi_publish_sync)dbi_point_sync(DBI_SYNC_FS) };
	dbi_random(&r->publish.attempt, sizeof(r->publish.attempt));
	dbi_publish_clean(&r->publish, false);
	status = dbi_marks_open(&r->marks, run, err);
	if (status != DBRIEF_OK)
		return status;
	r->next = r->opts.shard;
	dbi_point("before-first-letter");
	status = dbi_work_begin(&r->work, run->journal, r->opts.shard, r->publish.epoch, err);
	if (status == DBRIEF_OK)
		status = dbi_journal_count(r->journal, &r->counts, err);
	r->counts.left = r->counts.planned - r->counts.written - r->counts.held;
	return status;
}

static void close_shard(struct dbi_render *r, char *place)
{
	if (r->publish.place)
		dbi_publish_clean(&r->publish, true);
	dbi_work_end(r->work);
	for (size_t i = 0; r->workers && i < DBRIEF_BATCH_THREADS_MAX; i++) {
		dbi_plan_chunk_dispose(&r->workers[i].chunk);
		dbi_states_dispose(&r->workers[i].states);
		dbi_marks_letter_dispose(&r->workers[i].letter);
	}
	dbi_marks_close(&r->marks);
	dbi_free(r->workers);
	dbi_free(r->suspects);
	dbi_journal_free(r->journal);
	dbi_free(place);
}

static int check_args(dbrief_run *run, struct dbi_render *r, const struct dbrief_render_opts *opts, struct dbrief_error *err)
{
	int status;

	if (!run)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run is NULL; open one");
	status = dbi_engine_check(run->engine, DBI_ENGINE_FROZEN, err);
	if (status == DBRIEF_OK)
		status = dbi_opts_copy(&r->opts, sizeof(r->opts), sizeof(r->opts), opts, err);
	if (status == DBRIEF_OK && r->opts.shard >= dbi_plan_info(run->plan)->shards)
		status = dbi_misuse(err, DBRIEF_CAUSE_ARG, "the plan has fewer shards than that; count from 0");
	r->run = run;
	return status;
}

int dbrief_run_render(dbrief_run *run, const struct dbrief_render_opts *opts, struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct dbi_render r = { .journal = NULL };
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	char *place = NULL;
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	status = check_args(run, &r, opts, err);
	if (status != DBRIEF_OK)
		return status;
	if (pthread_mutex_init(&r.lock, NULL) != 0)
		return dbi_error_memory(err);
	if (pthread_mutex_init(&r.sync_lock, NULL) != 0) {
		(void)pthread_mutex_destroy(&r.lock);
		return dbi_error_memory(err);
	}
	dbi_counts_start(&r.counts, dbi_plan_shard_size(run->plan, r.opts.shard));
	status = open_shard(&r, &place, err);
	if (status == DBRIEF_OK)
		status = dbi_render_suspects(&r, err);
	if (status == DBRIEF_OK)
		status = run_batch(&r, err);
	if (status == DBRIEF_OK && r.counts.left && !atomic_load(&run->stop))
		/* Nothing would ever make them: who tries again does so for ever. */
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, run->folder.path,
		    "the journal of shard %u lacks rows of complete chunks; remove the folder journal/ to make all letters again "
		    "from the same plan, or restore it", r.opts.shard);
	else if (status == DBRIEF_OK && r.counts.left)
		status = dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CANCELLED, "run", "was stopped; start again to go on");
	close_shard(&r, place);
	(void)pthread_mutex_destroy(&r.sync_lock);
	(void)pthread_mutex_destroy(&r.lock);
	dbi_counts_give(counts, &r.counts);
	return status;
}
