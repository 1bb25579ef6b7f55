/* SPDX-License-Identifier: MIT */
/* Checks at public entries: arguments, options, states. Inner code trusts them. */
#include <string.h>
#include "api/api.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/utf8.h"

int dbi_misuse(struct dbrief_error *err, int cause, const char *text)
{
	return dbi_error(err, DBRIEF_FATAL, cause, "", "%s", text);
}

int dbi_opts_copy(void *to, size_t known, size_t first, const void *from, struct dbrief_error *err)
{
	const unsigned char *bytes = from;
	size_t size;

	memset(to, 0, known);
	if (!from)
		return DBRIEF_OK;
	memcpy(&size, from, sizeof(size));
	if (size < first)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG,
		    "an options struct has no size; begin it with its ..._INIT macro");
	for (size_t i = known; i < size; i++)
		if (bytes[i])
			return dbi_misuse(err, DBRIEF_CAUSE_OPTION,
			    "an options struct holds an option this library does not know; use a newer library");
	memcpy(to, from, size < known ? size : known);
	return DBRIEF_OK;
}

int dbi_engine_check(const dbrief_engine *engine, unsigned states, struct dbrief_error *err)
{
	if (!engine)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the engine is NULL; load one first");
	if (engine->state & states)
		return DBRIEF_OK;
	return dbi_misuse(err, DBRIEF_CAUSE_STATE, engine->state == DBI_ENGINE_FROZEN ?
	    "the engine is frozen and cannot be changed any more; do this before dbrief_engine_freeze" :
	    "the engine is not frozen; call dbrief_engine_freeze first");
}

bool dbi_sink_usable(const struct dbrief_sink *sink)
{
	return sink && sink->size >= sizeof(*sink) && sink->write && sink->commit && sink->abort;
}

int dbi_session_enter(dbrief_session *session, struct dbrief_error *err)
{
	if (!session)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the session is NULL; open one with dbrief_session_new");
	if (session->busy)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE,
		    "the session is at work; callbacks must not call into their own session");
	session->busy = true;
	return DBRIEF_OK;
}

static void wipe_buf(struct dbi_buf *b)
{
	if (b->data)
		dbi_wipe(b->data, b->cap);
	dbi_buf_trim(b, DBI_KEEP_BUF);
}

void dbi_session_leave(dbrief_session *session)
{
	dbi_shaper_letter_done(session->shaper);
	wipe_buf(&session->xml);
	wipe_buf(&session->out);
	dbi_arena_reset(&session->arena);
	dbi_arena_trim(&session->arena, DBI_KEEP_LETTER);
	dbi_draft_trim(&session->draft, DBI_KEEP_DRAFT);
	session->busy = false;
}

int dbi_subject_check(const char *subject, struct dbrief_error *err)
{
	if (!subject || !subject[0])
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the identifier is NULL or empty; pass one");
	if (strnlen(subject, DBI_MAX_SUBJECT_KEY + 1) > DBI_MAX_SUBJECT_KEY)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "the identifier is longer than %d bytes; check it", DBI_MAX_SUBJECT_KEY);
	if (dbi_utf8_check(subject, strlen(subject)) != strlen(subject))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "",
		    "the identifier is not UTF-8 text without control characters; check it");
	return DBRIEF_OK;
}
