/* SPDX-License-Identifier: MIT */
#include "gather/cursor.h"

#include <string.h>
#include <time.h>
#include "util/limits.h"
#include "util/mem.h"

#define DEFAULT_DEADLINE_MS 60000u
#define ATTEMPTS 3
#define PAUSE_MS 100

/* ---- opening and closing ---- */

static const char *charset_of(const struct dbi_connected *c)
{
	if (c->connector.flags & DBRIEF_CONNECTOR_DECODES)
		return "UTF-8";
	if (c->decl->charset)
		return c->decl->charset;
	return c->connector.charset ? c->connector.charset : "UTF-8";
}

/* What a callback said may not be what it returned: the return value counts. */
static int settle(struct dbrief_error *err, int status)
{
	if (err)
		err->status = status;
	return status;
}

int dbi_connector_error(struct dbrief_error *err, int rc, const char *text)
{
	int status = rc < DBRIEF_WARN && rc >= DBRIEF_FATAL ? rc : DBRIEF_FAILED;
	(void)dbi_error(err, status, DBRIEF_CAUSE_CONNECTOR, "", "%s", text);
	return settle(err, status);
}

int dbi_gathered_open(struct dbi_gathered *s, struct dbrief_error *err)
{
	const struct dbrief_connector *c = &s->connected->connector;
	int rc;
	s->cursor = NULL;
	rc = c->open(&s->cursor, c->user, err);
	s->open = rc == DBRIEF_OK;
	return s->open ? DBRIEF_OK : dbi_connector_error(err, rc,
	    "the source could not be opened; check that it can be reached");
}

static void cursor_close(struct dbi_gathered *s)
{
	if (s->open)
		s->connected->connector.close(s->cursor);
	s->open = false;
	s->cursor = NULL;
}

/* One converter for each place that names a charset: they are few. */
static int open_field_charsets(struct dbi_gathered *s, struct dbrief_error *err)
{
	const struct dbi_source_decl *decl = s->connected->decl;
	size_t cap = 0;
	for (size_t i = 0; i < decl->n_collections; i++)
		for (size_t k = 0; k < decl->collections[i].n_fields; k++) {
			const char *name = decl->collections[i].fields[k].charset;
			int rc;
			if (!name)
				continue;
			if (!dbi_grow(&s->field_charsets, &cap, s->n_field_charsets + 1, sizeof *s->field_charsets, DBI_MAX_FIELDS))
				return dbi_error_memory(err);
			s->field_charsets[s->n_field_charsets].name = name;
			rc = dbi_charset_open(&s->field_charsets[s->n_field_charsets].charset, name, err);
			if (rc != DBRIEF_OK)
				return rc;
			s->n_field_charsets++;
		}
	return DBRIEF_OK;
}

int dbi_gathered_init(struct dbi_gathered *s, const struct dbi_connected *c, struct dbrief_error *err)
{
	const char *name = dbi_charset_canonical(charset_of(c));
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	int rc;
	s->connected = c;
	s->ordinals = dbi_calloc(c->decl->n_collections + c->decl->n_shared, sizeof *s->ordinals);
	if (!s->ordinals)
		return dbi_error_memory(err);
	rc = dbi_charset_open(&s->charset, charset_of(c), err);
	if (rc != DBRIEF_OK)
		return rc;
	rc = open_field_charsets(s, err);
	if (rc != DBRIEF_OK)
		return rc;
	dbi_records_init(&s->records, c->decl, s->charset, name && strcmp(name, "UTF-8") == 0, s->ordinals);
	s->records.decoded = (c->connector.flags & DBRIEF_CONNECTOR_DECODES) != 0;
	s->records.field_charsets = s->field_charsets;
	s->records.n_field_charsets = s->n_field_charsets;
	rc = dbi_gathered_open(s, &e);
	/* An optional source that cannot be opened now is asked again for each letter, and named in it. */
	if (rc != DBRIEF_OK && dbi_source_may_be_away(c->decl, &e))
		return DBRIEF_OK;
	return dbi_error_pass(err, rc, &e);
}

void dbi_gathered_dispose(struct dbi_gathered *s)
{
	cursor_close(s);
	dbi_records_dispose(&s->records);
	dbi_charset_close(s->charset);
	for (size_t i = 0; i < s->n_field_charsets; i++)
		dbi_charset_close(s->field_charsets[i].charset);
	dbi_free(s->field_charsets);
	dbi_free(s->ordinals);
}

bool dbi_source_may_be_away(const struct dbi_source_decl *decl, const struct dbrief_error *e)
{
	return decl->optional && (e->status > DBRIEF_FATAL || e->os_errno) && e->cause != DBRIEF_CAUSE_UNDECLARED
	    && e->cause != DBRIEF_CAUSE_FOREIGN && e->cause != DBRIEF_CAUSE_AMBIGUOUS && e->cause != DBRIEF_CAUSE_MEMORY;
}

/* ---- one call ---- */

struct call {
	struct dbi_gathered *source;
	dbi_deadline *deadline;
	struct dbi_target *targets;
	size_t n;
	const char *const *subjects; /* of fetch_many; NULL: fetch */
	bool away;                   /* the cursor could not be opened */
};

/* The builder's verdict stands before what the connector says about its own failure. */
static int judge(const struct dbi_gathered *s, int rc, bool late, struct dbrief_error *err)
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
	return dbi_connector_error(err, rc, "the connector reported a failure without a reason; check its log");
}

/* Of fetch: of which of the targets; of fetch_many all. */
static int call_connector(struct call *call, size_t at, struct dbrief_error *err)
{
	struct dbi_gathered *s = call->source;
	const struct dbrief_connector *c = &s->connected->connector;
	unsigned ms = s->connected->decl->deadline_ms ? s->connected->decl->deadline_ms : DEFAULT_DEADLINE_MS;
	bool late = false;
	int rc;
	dbi_records_start(&s->records, call->targets + at, call->subjects ? call->n : 1);
	if (c->interrupt)
		dbi_deadline_arm(call->deadline, ms, c->interrupt, s->cursor);
	if (call->subjects)
		rc = c->fetch_many(s->cursor, call->subjects, call->n, &s->records, err);
	else
		rc = c->fetch(s->cursor, call->targets[at].subject, &s->records, err);
	if (c->interrupt)
		late = dbi_deadline_disarm(call->deadline);
	rc = judge(s, rc, late, err);
	/* What the interrupt may still hit must not be the next letter. */
	if (late)
		cursor_close(s);
	return rc;
}

static int call_once(struct call *call, struct dbrief_error *err)
{
	struct dbi_gathered *s = call->source;
	int rc = DBRIEF_OK;
	for (size_t i = 0; i < call->n; i++)
		call->targets[i].n_records = 0;
	for (size_t i = 0; rc == DBRIEF_OK && i < (call->subjects ? 1 : call->n); i++) {
		rc = s->open ? DBRIEF_OK : dbi_gathered_open(s, err);
		call->away = rc != DBRIEF_OK;
		if (rc == DBRIEF_OK)
			rc = call_connector(call, i, err);
	}
	return rc;
}

static void pause_before(unsigned attempt)
{
	struct timespec t = { 0, PAUSE_MS * 1000000L * (long)attempt };
	(void)nanosleep(&t, NULL);
}

/* ---- what a failed call left behind ---- */

void dbi_dataset_clear(struct dbi_dataset *data)
{
	memset(data, 0, sizeof *data);
	data->tail = &data->first;
}

/* Where a dataset stood before a source. */
struct mark { struct dbi_record **tail; size_t n_records, bytes; unsigned replaced, suspect, shared_keys; };

static void drop(const struct call *call, const struct mark *m)
{
	struct dbi_dataset *data = call->targets->data;
	for (size_t i = 0; call->subjects && i < call->n; i++) {
		struct dbi_dataset *share = call->targets[i].data;
		/* How a subject is asked for by a key was known before the call. */
		struct dbi_dataset kept = { .n_keys = share->n_keys, .ambiguous = share->ambiguous };
		dbi_dataset_clear(share);
		share->n_keys = kept.n_keys;
		share->ambiguous = kept.ambiguous;
	}
	if (call->subjects)
		return;
	data->tail = m->tail;
	*data->tail = NULL;
	data->n_records = m->n_records;
	data->bytes = m->bytes;
	data->replaced = m->replaced;
	data->suspect = m->suspect;
	data->shared_keys = m->shared_keys;
}

/* Repeats with a fresh cursor while the connector says that this may help. */
static int call_repeated(struct call *call, struct dbrief_error *err)
{
	const struct dbi_dataset *data = call->targets->data;
	struct mark before = { data->tail, data->n_records, data->bytes, data->replaced, data->suspect, data->shared_keys };
	int rc = DBRIEF_RETRY;
	for (unsigned attempt = 0; attempt < ATTEMPTS && rc == DBRIEF_RETRY; attempt++) {
		if (attempt) {
			dbrief_error_clear(err);
			cursor_close(call->source);
			pause_before(attempt);
		}
		rc = call_once(call, err);
		if (rc != DBRIEF_OK)
			drop(call, &before);
	}
	/* A source that answers, but never for this subject, is no matter of the others. */
	return rc == DBRIEF_RETRY && !call->away ? settle(err, DBRIEF_FAILED) : rc;
}

int dbi_gathered_fetch(struct dbi_gathered *s, dbi_deadline *deadline, struct dbi_target *targets, size_t n,
    struct dbrief_error *err)
{
	struct call call = { s, deadline, targets, n, NULL, false };
	return n ? call_repeated(&call, err) : DBRIEF_OK;
}

int dbi_gathered_fetch_many(struct dbi_gathered *s, dbi_deadline *deadline, struct dbi_target *targets, size_t n,
    const char *const *subjects, struct dbrief_error *err)
{
	struct call call = { s, deadline, targets, n, subjects, false };
	return n ? call_repeated(&call, err) : DBRIEF_OK;
}
