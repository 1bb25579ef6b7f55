/* SPDX-License-Identifier: MIT */
/*
 * After a crash every letter that was at work is a suspect, since with several
 * threads nobody knows which one it was. Suspects are made alone, one at a
 * time, into memory: who crashes again is held as such, the others are cleared.
 */
#include <datenbrief/sink.h>

#include "api/api.h"
#include "batch/point.h"
#include "batch/render.h"
#include "util/mem.h"

struct collecting { struct dbi_render *r; struct dbrief_error *err; int status; };

static int note(struct collecting *c, uint32_t chunk, unsigned offset, unsigned crashes)
{
	bool has = false;

	c->status = dbi_journal_has_chunk(c->r->journal, chunk, &has, c->err);
	if (c->status == DBRIEF_OK && !has)
		c->status = dbi_journal_suspect(c->r->journal, chunk, offset, crashes, c->err);
	return c->status;
}

static int each_left(void *ctx, uint32_t chunk, unsigned offset, bool alone)
{
	struct collecting *c = ctx;
	const struct dbrief_plan_info *info = dbi_plan_info(c->r->run->plan);
	size_t n;

	if (chunk >= info->chunks || chunk % info->shards != c->r->opts.shard)
		return 0;
	n = dbi_plan_chunk_size(c->r->run->plan, chunk);
	if (offset < n)
		return note(c, chunk, offset, alone ? 2 : 1);
	for (unsigned i = 0; offset == DBI_WORK_WHOLE_CHUNK && i < n; i++)
		if (note(c, chunk, i, 1) != DBRIEF_OK)
			return c->status;
	return 0;
}

static int add(void *ctx, uint32_t chunk, unsigned offset, unsigned crashes)
{
	struct dbi_render *r = ctx;

	if (!dbi_grow(&r->suspects, &r->cap_suspects, r->n_suspects + 1, sizeof(*r->suspects), 10000000))
		return DBRIEF_FATAL;
	r->suspects[r->n_suspects++] = (struct dbi_suspect){ chunk, offset, crashes };
	return DBRIEF_OK;
}

static int make_alone(struct dbi_render *r, dbrief_session *session, const struct dbi_suspect *s, const char *subject,
    struct dbrief_error *err)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbi_marks_letter letter = { .before = DBI_BUF_INIT };
	struct dbrief_sink sink;
	int status = dbrief_sink_init_memory(&sink, err);

	if (status != DBRIEF_OK)
		return status;
	if (r->opts.begun)
		r->opts.begun(r->opts.user);
	dbi_point_letter(s->chunk, s->offset);
	status = dbi_marks_create(&r->marks, &letter, session, subject, &sink, &opts, true, err);
	dbi_marks_letter_dispose(&letter);
	dbrief_sink_dispose(&sink);
	return status;
}

/* Whether the letter can be made at all is found out again with the others: only that it does not crash counts. */
static int try_alone(struct dbi_render *r, dbrief_session *session, struct dbi_plan_chunk *chunk, struct dbi_suspect *s,
    struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	if (!chunk->text || chunk->id != s->chunk) {
		dbi_plan_chunk_dispose(chunk);
		status = dbi_plan_chunk_load(r->run->plan, s->chunk, chunk, err);
	}
	if (status == DBRIEF_OK && s->offset < chunk->n) {
		dbi_work_mark(r->work, 0, s->chunk, s->offset, true);
		status = make_alone(r, session, s, chunk->ids[s->offset], err);
		dbi_work_clear(r->work, 0);
	}
	if (status == DBRIEF_FATAL || status == DBRIEF_RETRY)
		return status;
	dbrief_error_clear(err);
	return dbi_journal_clear_suspect(r->journal, s->chunk, s->offset, err);
}

static int try_all(struct dbi_render *r, struct dbrief_error *err)
{
	struct dbi_plan_chunk chunk = { .text = NULL };
	dbrief_session *session = NULL;
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < r->n_suspects; i++) {
		if (r->suspects[i].crashes >= 2)
			continue;
		if (atomic_load(&r->run->stop))
			break;
		if (!session)
			status = dbrief_session_new(&session, r->run->engine, err);
		if (status == DBRIEF_OK)
			status = try_alone(r, session, &chunk, &r->suspects[i], err);
	}
	dbrief_session_free(session);
	dbi_plan_chunk_dispose(&chunk);
	return status;
}

int dbi_render_suspects(struct dbi_render *r, struct dbrief_error *err)
{
	struct collecting c = { r, err, DBRIEF_OK };
	int dir = r->run->journal, status = DBRIEF_OK;

	if (r->opts.crashed) {
		status = dbi_work_left(dir, r->opts.shard, r->publish.epoch, each_left, &c, err);
		if (c.status != DBRIEF_OK)
			status = c.status;
	}
	if (status != DBRIEF_OK)
		return status;
	dbi_work_remove_left(dir, r->opts.shard, r->publish.epoch);
	status = dbi_journal_suspects(r->journal, add, r, err);
	if (status == DBRIEF_FATAL && (!err || err->status == DBRIEF_OK))
		return dbi_error_memory(err);
	return status == DBRIEF_OK ? try_all(r, err) : status;
}
