/* SPDX-License-Identifier: MIT */
#include "gather/gather.h"

#include <string.h>
#include <time.h>
#include "gather/deadline.h"
#include "gather/records.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/norm.h"
#include "util/utf8.h"

#define DEFAULT_DEADLINE_MS 60000u
#define ATTEMPTS 3
#define PAUSE_MS 100

struct gathered {
	const struct dbi_connected *connected;
	void *cursor;
	bool open;
	struct dbi_charset *charset;
	size_t *ordinals;
	struct dbrief_records records;
};
struct dbi_gatherer {
	struct gathered *sources;
	size_t n;
	dbi_deadline *deadline;
	struct dbi_buf key;
};

/* ---- opening and closing ---- */

static const char *charset_of(const struct dbi_connected *c)
{
	if (c->decl->charset)
		return c->decl->charset;
	return c->connector.charset ? c->connector.charset : "UTF-8";
}

static int connector_error(struct dbrief_error *err, int rc, const char *text)
{
	int status = rc < DBRIEF_WARN && rc >= DBRIEF_FATAL ? rc : DBRIEF_FAILED;
	return dbi_error(err, status, DBRIEF_CAUSE_CONNECTOR, "", "%s", text);
}

/* What a callback said may not be what it returned: the return value counts. */
static int settle(struct dbrief_error *err, int status)
{
	if (err)
		err->status = status;
	return status;
}

static int cursor_open(struct gathered *s, struct dbrief_error *err)
{
	const struct dbrief_connector *c = &s->connected->connector;
	int rc;
	s->cursor = NULL;
	rc = c->open(&s->cursor, c->user, err);
	s->open = rc == DBRIEF_OK;
	return s->open ? DBRIEF_OK : settle(err, connector_error(err, rc,
	    "the source could not be opened; check that it can be reached"));
}

static void cursor_close(struct gathered *s)
{
	if (s->open)
		s->connected->connector.close(s->cursor);
	s->open = false;
	s->cursor = NULL;
}

static int source_new(struct gathered *s, const struct dbi_connected *c, struct dbrief_error *err)
{
	const char *name = dbi_charset_canonical(charset_of(c));
	int rc;
	s->connected = c;
	s->ordinals = dbi_calloc(c->decl->n_collections, sizeof *s->ordinals);
	if (!s->ordinals)
		return dbi_error_memory(err);
	rc = dbi_charset_open(&s->charset, charset_of(c), err);
	if (rc != DBRIEF_OK)
		return rc;
	dbi_records_init(&s->records, c->decl, s->charset, name && strcmp(name, "UTF-8") == 0, s->ordinals);
	rc = cursor_open(s, err);
	/* An optional source that cannot be opened now is asked again for each letter, and named in it. */
	if (rc != DBRIEF_OK && rc > DBRIEF_FATAL && c->decl->optional) {
		dbrief_error_clear(err);
		return DBRIEF_OK;
	}
	return rc;
}

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
	for (size_t i = 0; rc == DBRIEF_OK && i < n; i++) {
		g->n = i + 1;
		rc = source_new(&g->sources[i], &sources[i], err);
		if (rc != DBRIEF_OK)
			rc = dbi_error_prefix(err, rc, "source %s", sources[i].decl->id);
		watched = watched || sources[i].connector.interrupt;
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
	for (size_t i = 0; i < g->n; i++) {
		cursor_close(&g->sources[i]);
		dbi_records_dispose(&g->sources[i].records);
		dbi_charset_close(g->sources[i].charset);
		dbi_free(g->sources[i].ordinals);
	}
	dbi_buf_dispose(&g->key);
	dbi_free(g->sources);
	dbi_free(g);
}

/* ---- one source ---- */

/* Where a dataset stood before a source, to drop what a failed fetch left behind. */
struct mark { struct dbi_record **tail; size_t n_records, bytes; };

static struct mark mark_take(const struct dbi_dataset *data)
{
	struct mark m = { data->tail, data->n_records, data->bytes };
	return m;
}

static void mark_return(struct dbi_dataset *data, const struct mark *m)
{
	data->tail = m->tail;
	*data->tail = NULL;
	data->n_records = m->n_records;
	data->bytes = m->bytes;
}

/* The builder's verdict stands before what the connector says about its own failure. */
static int judge(const struct gathered *s, int rc, bool late, struct dbrief_error *err)
{
	const struct dbrief_error *e = &s->records.error;
	unsigned ms = s->connected->decl->deadline_ms ? s->connected->decl->deadline_ms : DEFAULT_DEADLINE_MS;
	if (e->status < DBRIEF_OK && !(rc == DBRIEF_FATAL && e->status > DBRIEF_FATAL)) {
		dbrief_error_clear(err);
		return dbi_error(err, e->status, e->cause, e->where, "%s", e->text);
	}
	if (rc == DBRIEF_OK) {
		dbrief_error_clear(err);
		if (s->records.ended)
			return DBRIEF_OK;
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "",
		    "the source did not say that it was done; its connector must call dbrief_records_end");
	}
	if (late) {
		dbrief_error_clear(err);
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_DEADLINE, "",
		    "no answer within %u ms; make the query faster or the deadline longer", ms);
	}
	return settle(err, connector_error(err, rc,
	    "the connector reported a failure without a reason; check its log"));
}

static int fetch_once(dbi_gatherer *g, struct gathered *s, struct dbi_target *target, struct dbrief_error *err)
{
	const struct dbrief_connector *c = &s->connected->connector;
	unsigned ms = s->connected->decl->deadline_ms ? s->connected->decl->deadline_ms : DEFAULT_DEADLINE_MS;
	bool late = false;
	int rc;
	if (!s->open) {
		rc = cursor_open(s, err);
		if (rc != DBRIEF_OK)
			return rc;
	}
	target->n_records = 0;
	dbi_records_start(&s->records, target, 1);
	if (c->interrupt)
		dbi_deadline_arm(g->deadline, ms, c->interrupt, s->cursor);
	rc = c->fetch(s->cursor, target->subject, &s->records, err);
	if (c->interrupt)
		late = dbi_deadline_disarm(g->deadline);
	return judge(s, rc, late, err);
}

static void pause_before(unsigned attempt)
{
	struct timespec t = { 0, PAUSE_MS * 1000000L * (long)attempt };
	(void)nanosleep(&t, NULL);
}

/* Repeats with a fresh cursor while the connector says that this may help. */
static int fetch(dbi_gatherer *g, struct gathered *s, struct dbi_target *target, struct dbrief_error *err)
{
	struct mark before = mark_take(target->data);
	int rc = DBRIEF_RETRY;
	for (unsigned attempt = 0; attempt < ATTEMPTS && rc == DBRIEF_RETRY; attempt++) {
		if (attempt) {
			dbrief_error_clear(err);
			cursor_close(s);
			pause_before(attempt);
		}
		rc = fetch_once(g, s, target, err);
		if (rc != DBRIEF_OK)
			mark_return(target->data, &before);
	}
	return rc == DBRIEF_RETRY ? settle(err, DBRIEF_FAILED) : rc;
}

/* May the letter go on without this optional source? Never when something undeclared or foreign was seen. */
static bool tolerable(const struct dbi_source_decl *decl, const struct dbrief_error *e)
{
	return decl->optional && e->status > DBRIEF_FATAL && e->cause != DBRIEF_CAUSE_UNDECLARED
	    && e->cause != DBRIEF_CAUSE_FOREIGN && e->cause != DBRIEF_CAUSE_MEMORY;
}

static int gather_source(dbi_gatherer *g, struct gathered *s, struct dbi_target *target,
    struct dbi_source_result *result,
    struct dbrief_error *err)
{
	const struct dbi_connected *c = s->connected;
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	int rc;
	result->decl = c->decl;
	if (c->fault.status < DBRIEF_OK)
		return dbi_error(err, c->fault.status, c->fault.cause, c->fault.where, "%s", c->fault.text);
	rc = fetch(g, s, target, &e);
	if (rc == DBRIEF_OK) {
		result->status = target->n_records ? DBI_SOURCE_COMPLETE : DBI_SOURCE_EMPTY;
		result->n_records = target->n_records;
		return DBRIEF_OK;
	}
	(void)dbi_error_prefix(&e, rc, "source %s", c->decl->id);
	if (tolerable(c->decl, &e)) {
		result->status = DBI_SOURCE_FAILED;
		result->cause = e.cause;
		result->reason = dbi_arena_strndup(target->arena, e.text, strlen(e.text));
		return result->reason ? DBRIEF_OK : dbi_error_memory(err);
	}
	(void)dbi_error(err, rc, e.cause, e.where, "%s", e.text);
	if (err && err->os_errno == 0)
		err->os_errno = e.os_errno;
	return rc;
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
	return data->subject && data->sources && t->subject_nfc ? DBRIEF_OK : dbi_error_memory(err);
}

static int check_subject(const char *subject, struct dbrief_error *err)
{
	size_t len = strnlen(subject, DBI_MAX_SUBJECT_KEY + 1);
	if (len == 0 || len > DBI_MAX_SUBJECT_KEY || dbi_utf8_check(subject, len) != len)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, "",
		    "the subject's identifier is empty, too long or no text; pass the one the source lists");
	return DBRIEF_OK;
}

static int check_known(const struct dbi_dataset *data, struct dbrief_error *err)
{
	if (data->n_records)
		return DBRIEF_OK;
	for (size_t i = 0; i < data->n_sources; i++)
		if (data->sources[i].status == DBI_SOURCE_FAILED)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "",
			    "no source knows this identifier, but source '%s' did not answer; try again",
			    data->sources[i].decl->id);
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "",
	    "no source knows this identifier; check it");
}

int dbi_gather(dbi_gatherer *g, const char *subject, struct dbi_arena *arena, struct dbi_dataset *data,
    struct dbrief_error *err)
{
	struct dbi_target target;
	int rc = check_subject(subject, err);
	if (rc == DBRIEF_OK)
		rc = target_start(g, &target, subject, arena, data, err);
	for (size_t i = 0; rc == DBRIEF_OK && i < g->n; i++)
		rc = gather_source(g, &g->sources[i], &target, &data->sources[i], err);
	return rc == DBRIEF_OK ? check_known(data, err) : rc;
}

/* ---- listing ---- */

struct listing {
	dbi_gatherer *g;
	struct gathered *source;
	int (*each)(void *, const char *);
	void *ctx;
	struct dbrief_error error;
};

/* Keys pass the same gate as values; an unusable one ends the list, so that nobody is left out in silence. */
static int list_each(void *ctx, const char *subject)
{
	struct listing *l = ctx;
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
	return l->each(l->ctx, key);
}

static int list_source(dbi_gatherer *g, struct gathered *s, int (*each)(void *, const char *), void *ctx,
    struct dbrief_error *err)
{
	const struct dbrief_connector *c = &s->connected->connector;
	struct listing l = { g, s, each, ctx, DBRIEF_ERROR_INIT };
	int rc = s->open ? DBRIEF_OK : cursor_open(s, err);
	if (rc == DBRIEF_OK)
		rc = c->list(s->cursor, list_each, &l, err);
	if (l.error.status < DBRIEF_OK) {
		dbrief_error_clear(err);
		rc = dbi_error(err, l.error.status, l.error.cause, l.error.where, "%s", l.error.text);
	} else if (rc != DBRIEF_OK) {
		rc = settle(err, connector_error(err, rc,
		    "the source could not list its subjects; check <subjects>"));
	}
	return rc == DBRIEF_OK ? rc : dbi_error_prefix(err, rc, "source %s", s->connected->decl->id);
}

int dbi_gather_list(dbi_gatherer *g, int (*each)(void *, const char *), void *ctx, struct dbrief_error *err)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->sources[i].connected->connector.list && g->sources[i].connected->decl->subjects)
			return list_source(g, &g->sources[i], each, ctx, err);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
	    "no source lists its subjects; add <subjects> to one, or name the identifiers");
}
