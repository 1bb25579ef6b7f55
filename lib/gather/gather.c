/* SPDX-License-Identifier: MIT */
#include "gather/gather.h"

#include <string.h>
#include "gather/chunk.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/norm.h"
#include "util/utf8.h"

struct dbi_gatherer {
	struct dbi_gathered *sources;
	size_t n;
	unsigned last_stage;
	dbi_deadline *deadline;
	struct dbi_chunk chunk;
	struct dbi_buf key;
};

int dbi_gatherer_new(dbi_gatherer **out, const struct dbi_connected *sources, size_t n,
    struct dbrief_error *err)
{
	dbi_gatherer *g = dbi_calloc(1, sizeof *g);
	bool watched = false;
	int rc = DBRIEF_OK;
	*out = NULL;
	if (!g || !(g->sources = dbi_calloc(n, sizeof *g->sources))) {
		dbi_free(g);
		return dbi_error_memory(err);
	}
	dbi_chunk_init(&g->chunk);
	for (size_t i = 0; rc == DBRIEF_OK && i < n; i++) {
		g->n = i + 1;
		rc = dbi_gathered_init(&g->sources[i], &sources[i], err);
		if (rc != DBRIEF_OK)
			rc = dbi_error_prefix(err, rc, "source %s", sources[i].decl->id);
		watched = watched || sources[i].connector.interrupt;
		if (sources[i].decl->stage > g->last_stage)
			g->last_stage = sources[i].decl->stage;
	}
	if (rc == DBRIEF_OK && watched)
		rc = dbi_deadline_new(&g->deadline, err);
	if (rc == DBRIEF_OK)
		*out = g;
	else
		dbi_gatherer_free(g);
	return rc;
}

void dbi_gatherer_free(dbi_gatherer *g)
{
	if (!g)
		return;
	dbi_deadline_free(g->deadline);
	for (size_t i = 0; i < g->n; i++)
		dbi_gathered_dispose(&g->sources[i]);
	dbi_chunk_dispose(&g->chunk);
	dbi_buf_dispose(&g->key);
	dbi_free(g->sources);
	dbi_free(g);
}

int dbi_gatherer_count(dbi_gatherer *g, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;
	for (size_t i = 0; rc == DBRIEF_OK && i < g->n; i++)
		rc = dbi_records_count(&g->sources[i].records, err);
	return rc;
}

void dbi_gatherer_each_count(const dbi_gatherer *g, dbi_field_count_fn each, void *ctx)
{
	for (size_t i = 0; i < g->n; i++)
		dbi_records_each_count(&g->sources[i].records, each, ctx);
}

/* ---- one source ---- */

static int answered(struct dbi_source_result *result, size_t n_records)
{
	result->status = n_records ? DBI_SOURCE_COMPLETE : DBI_SOURCE_EMPTY;
	result->n_records = n_records;
	return DBRIEF_OK;
}

/* Appends what was fetched ahead; the limits of a letter hold for all its sources together. */
static int serve(struct dbi_dataset *data, const struct dbi_dataset *share, struct dbi_source_result *result,
    struct dbrief_error *err)
{
	const struct dbi_gather_limits *limits = result->decl->limits;
	if (share->n_records > limits->records - data->n_records)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "all sources",
		    "more than %zu records for one letter; raise <limits records>, or decide about this letter by hand", limits->records);
	if (share->bytes > limits->bytes - data->bytes)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "all sources",
		    "more than %zu bytes of text for one letter; raise <limits bytes>, or decide about this letter by hand", limits->bytes);
	if (share->first) {
		*data->tail = share->first;
		data->tail = share->tail;
	}
	data->n_records += share->n_records;
	data->bytes += share->bytes;
	data->replaced += share->replaced;
	data->suspect += share->suspect;
	data->shared_keys |= share->shared_keys;
	result->replaced = share->replaced;
	result->suspect = share->suspect;
	result->n_keys = share->n_keys;
	return answered(result, share->n_records);
}

/* The values of the keys that a source is found by, from what came before; the targets of its calls. */
struct asking { struct dbi_key_values keys, confirm; struct dbi_target targets[DBI_MAX_KEY_VALUES]; size_t n; };

static int ask(struct asking *a, const struct dbi_source_decl *decl, const struct dbi_target *subject,
    struct dbrief_error *err)
{
	struct dbi_dataset *data = subject->data;
	int rc;
	a->keys.n = a->confirm.n = 0;
	a->n = 1;
	a->targets[0] = *subject;
	if (!decl->found_by)
		return DBRIEF_OK;
	rc = dbi_key_values_add(&a->keys, decl->found_by, data, subject->arena, err);
	if (rc == DBRIEF_OK && decl->confirm_by)
		rc = dbi_key_values_add(&a->confirm, decl->confirm_by, data, subject->arena, err);
	if (rc == DBRIEF_OK)
		rc = dbi_found_by_check(decl, data, a->keys.n, err);
	a->n = a->keys.n;
	for (size_t i = 0; i < a->n; i++)
		a->targets[i] = (struct dbi_target){ a->keys.values[i], a->keys.values[i], subject->arena, data, 0, &a->confirm };
	return rc;
}

static int gather_source(dbi_gatherer *g, struct dbi_gathered *s, struct dbi_target *target,
    struct dbi_source_result *result,
    struct dbrief_error *err)
{
	const struct dbi_connected *c = s->connected;
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	struct asking a;
	size_t n_records = 0;
	unsigned replaced = target->data->replaced, suspect = target->data->suspect;
	int rc;
	if (c->fault.status < DBRIEF_OK)
		return dbi_error(err, c->fault.status, c->fault.cause, c->fault.where, "%s", c->fault.text);
	rc = ask(&a, c->decl, target, &e);
	if (rc == DBRIEF_OK)
		rc = dbi_gathered_fetch(s, g->deadline, a.targets, a.n, &e);
	result->n_keys = a.keys.n;
	for (size_t i = 0; rc == DBRIEF_OK && i < a.n; i++)
		n_records += a.targets[i].n_records;
	result->replaced = target->data->replaced - replaced;
	result->suspect = target->data->suspect - suspect;
	if (rc == DBRIEF_OK)
		return answered(result, n_records);
	(void)dbi_error_prefix(&e, rc, "source %s", c->decl->id);
	if (dbi_source_may_be_away(c->decl, &e)) {
		result->status = DBI_SOURCE_FAILED;
		result->cause = e.cause;
		result->reason = dbi_arena_strndup(target->arena, e.text, strlen(e.text));
		return result->reason ? DBRIEF_OK : dbi_error_memory(err);
	}
	return dbi_error_pass(err, rc, &e);
}

/* ---- one subject ---- */

static int target_start(dbi_gatherer *g, struct dbi_target *t, const char *subject, struct dbi_arena *arena,
    struct dbi_dataset *data, struct dbrief_error *err)
{
	int rc;
	memset(data, 0, sizeof *data);
	data->tail = &data->first;
	data->subject = dbi_arena_strndup(arena, subject, strlen(subject));
	data->sources = dbi_arena_calloc(arena, g->n, sizeof *data->sources);
	data->n_sources = g->n;
	dbi_buf_clear(&g->key);
	rc = dbi_nfc(&g->key, subject, strlen(subject), err);
	if (rc != DBRIEF_OK)
		return rc;
	t->subject = data->subject;
	t->subject_nfc = dbi_arena_strndup(arena, g->key.data ? g->key.data : "", g->key.len);
	t->arena = arena;
	t->data = data;
	t->n_records = 0;
	t->confirm = NULL;
	return data->subject && data->sources && t->subject_nfc ? DBRIEF_OK : dbi_error_memory(err);
}

static int check_subject(const char *subject, struct dbrief_error *err)
{
	size_t len = strnlen(subject, DBI_MAX_SUBJECT_KEY + 1);
	if (len == 0 || len > DBI_MAX_SUBJECT_KEY || dbi_utf8_check(subject, len) != len)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, "identifier",
		    "the subject's identifier is empty, too long or no text; pass the one the source lists");
	return DBRIEF_OK;
}

static int check_known(const struct dbi_dataset *data, struct dbrief_error *err)
{
	if (data->n_records)
		return DBRIEF_OK;
	for (size_t i = 0; i < data->n_sources; i++)
		if (data->sources[i].status == DBI_SOURCE_FAILED)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "all sources",
			    "no source knows this identifier, but source '%s' did not answer; try again",
			    data->sources[i].decl->id);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "all sources",
	    "no source knows this identifier; check it");
}

/* From what was fetched ahead, else from the source. */
static int gather_one(dbi_gatherer *g, size_t i, size_t ahead, struct dbi_target *target, struct dbrief_error *err)
{
	struct dbi_source_result *result = &target->data->sources[i];
	const struct dbi_dataset *share = ahead < g->chunk.n && g->chunk.shares[i] ? &g->chunk.shares[i][ahead] : NULL;
	result->decl = g->sources[i].connected->decl;
	/* What the letter's own sources say since may forbid what was fetched ahead. */
	if (share && !share->ambiguous && dbi_found_by_check(result->decl, target->data, share->n_keys, NULL) == DBRIEF_OK)
		return serve(target->data, share, result, err);
	if (share && share->ambiguous && !result->decl->confirm_by) {
		int rc = dbi_key_ambiguous(result->decl->found_by, err);
		return dbi_error_prefix(err, rc, "source %s", result->decl->id);
	}
	return gather_source(g, &g->sources[i], target, result, err);
}

int dbi_gather(dbi_gatherer *g, const char *subject, struct dbi_arena *arena, struct dbi_dataset *data,
    struct dbrief_error *err)
{
	struct dbi_target target;
	size_t ahead = 0;
	int rc = check_subject(subject, err);
	if (rc == DBRIEF_OK)
		rc = target_start(g, &target, subject, arena, data, err);
	if (rc == DBRIEF_OK)
		ahead = dbi_chunk_take(&g->chunk, &target);
	for (unsigned stage = 0; rc == DBRIEF_OK && stage <= g->last_stage; stage++)
		for (size_t i = 0; rc == DBRIEF_OK && i < g->n; i++)
			if (g->sources[i].connected->decl->stage == stage)
				rc = gather_one(g, i, ahead, &target, err);
	return rc == DBRIEF_OK ? check_known(data, err) : rc;
}

/* ---- many subjects ---- */

static bool can_prefetch(const struct dbi_gathered *s)
{
	return s->connected->connector.fetch_many && s->connected->fault.status == DBRIEF_OK && !s->one_by_one;
}

/* Whoever asked for a foreign record, or lost its source, ends the run; all else is seen again, one by one. */
static int prefetch_source(dbi_gatherer *g, size_t i, struct dbrief_error *err)
{
	struct dbi_gathered *s = &g->sources[i];
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	int rc = s->connected->decl->found_by ? dbi_chunk_fetch_by_key(&g->chunk, g->sources, i, g->deadline, &e)
	    : dbi_chunk_fetch(&g->chunk, i, s, g->deadline, &e);
	s->one_by_one = rc != DBRIEF_OK && e.cause == DBRIEF_CAUSE_DEADLINE;
	if (rc == DBRIEF_OK || (rc > DBRIEF_FATAL && rc != DBRIEF_RETRY) || dbi_source_may_be_away(s->connected->decl, &e))
		return DBRIEF_OK;
	(void)dbi_error_prefix(&e, rc, "source %s", s->connected->decl->id);
	return dbi_error_pass(err, rc, &e);
}

int dbi_gather_prefetch(dbi_gatherer *g, const char *const *subjects, size_t n, struct dbrief_error *err)
{
	bool any = false;
	int rc = DBRIEF_OK;
	dbi_chunk_clear(&g->chunk);
	for (size_t i = 0; i < g->n; i++)
		any = any || can_prefetch(&g->sources[i]);
	if (!any || n < 2 || dbi_chunk_start(&g->chunk, subjects, n, g->n, NULL) != DBRIEF_OK)
		return DBRIEF_OK;
	for (unsigned stage = 0; rc == DBRIEF_OK && stage <= g->last_stage; stage++)
		for (size_t i = 0; rc == DBRIEF_OK && i < g->n; i++)
			if (g->sources[i].connected->decl->stage == stage && can_prefetch(&g->sources[i]))
				rc = prefetch_source(g, i, err);
	if (rc != DBRIEF_OK)
		dbi_chunk_clear(&g->chunk);
	return rc;
}

size_t dbi_gather_ahead_bytes(const dbi_gatherer *g)
{
	return dbi_arena_used(&g->chunk.arena);
}

/* ---- listing ---- */

struct listing {
	dbi_gatherer *g;
	struct dbi_gathered *source;
	int (*each)(void *, const struct dbrief_subject_row *);
	void *ctx;
	struct dbrief_error error;
};

/* Keys pass the same gate as values; an unusable one ends the list, so that nobody is left out in silence. */
static int list_row(void *ctx, const struct dbrief_subject_row *given)
{
	struct listing *l = ctx;
	struct dbrief_subject_row row = *given;
	const char *subject = given->subject;
	const char *key = subject;
	size_t offset = 0;
	if (!subject) {
		(void)dbi_error(&l->error, DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, "",
		    "an identifier is missing; correct <subjects>");
		return 1;
	}
	if (!l->source->records.utf8) {
		dbi_buf_clear(&l->g->key);
		if (dbi_charset_convert(l->source->charset, &l->g->key, subject, strlen(subject), &offset,
		    &l->error) != DBRIEF_OK) {
			l->error.status = DBRIEF_FATAL;
			return 1;
		}
		key = l->g->key.data ? l->g->key.data : "";
	}
	if (check_subject(key, NULL) != DBRIEF_OK) {
		(void)dbi_error(&l->error, DBRIEF_FATAL, DBRIEF_CAUSE_VALUE, "",
		    "<subjects> lists an identifier that is empty, longer than %d bytes or no text; correct it at the source",
		    DBI_MAX_SUBJECT_KEY);
		return 1;
	}
	row.subject = key;
	return l->each(l->ctx, &row);
}

static int list_each(void *ctx, const char *subject)
{
	const struct dbrief_subject_row row = { sizeof(row), subject, NULL, NULL, NULL };

	return list_row(ctx, &row);
}

static int list_source(dbi_gatherer *g, struct dbi_gathered *s, int (*each)(void *, const struct dbrief_subject_row *),
    void *ctx, struct dbrief_error *err)
{
	const struct dbrief_connector *c = &s->connected->connector;
	struct listing l = { g, s, each, ctx, DBRIEF_ERROR_INIT };
	int rc = s->open ? DBRIEF_OK : dbi_gathered_open(s, err);
	if (rc == DBRIEF_OK)
		rc = c->list_rows ? c->list_rows(s->cursor, list_row, &l, err) : c->list(s->cursor, list_each, &l, err);
	if (l.error.status < DBRIEF_OK) {
		dbrief_error_clear(err);
		rc = dbi_error(err, l.error.status, l.error.cause, l.error.where, "%s", l.error.text);
	} else if (rc != DBRIEF_OK) {
		rc = dbi_connector_error(err, rc, "the source could not list its subjects; check <subjects>");
	}
	return rc == DBRIEF_OK ? rc : dbi_error_prefix(err, rc, "source %s", s->connected->decl->id);
}

int dbi_gather_list_rows(dbi_gatherer *g, int (*each)(void *, const struct dbrief_subject_row *), void *ctx,
    struct dbrief_error *err)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct dbrief_connector *c = &g->sources[i].connected->connector;

		if ((c->list_rows || c->list) && g->sources[i].connected->decl->subjects)
			return list_source(g, &g->sources[i], each, ctx, err);
	}
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
	    "no source lists its subjects; add <subjects> to one, or name the identifiers");
}

struct plain_list { int (*each)(void *, const char *); void *ctx; };

static int each_plain(void *ctx, const struct dbrief_subject_row *row)
{
	const struct plain_list *l = ctx;

	return l->each(l->ctx, row->subject);
}

int dbi_gather_list(dbi_gatherer *g, int (*each)(void *, const char *), void *ctx, struct dbrief_error *err)
{
	struct plain_list l = { each, ctx };

	return dbi_gather_list_rows(g, each_plain, &l, err);
}
