/* SPDX-License-Identifier: MIT */
/* Session: one thread's cursors, shaper, compressor and buffers. */
#include <stdio.h>
#include <string.h>
#include "api/api.h"
#include "util/code.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

static int open_parts(dbrief_session *s, struct dbrief_error *err)
{
	dbrief_engine *e = s->engine;
	int status = DBRIEF_OK;

	if (e->config)
		status = dbi_gatherer_new(&s->gatherer, e->connected, e->n_sources, err);
	if (status == DBRIEF_OK && e->config)
		status = dbi_subject_eval_new(&s->subject, e->config->subject, err);
	if (status == DBRIEF_OK)
		status = dbi_shaper_new(&s->shaper, e->fonts, err);
	if (status == DBRIEF_OK)
		status = dbi_breaker_new(&s->breaker, err);
	if (status == DBRIEF_OK)
		status = dbi_pdf_writer_new(&s->pdf, e->pdf_fonts, err);
	if (status == DBRIEF_OK)
		status = dbi_format_new(&s->format, err);
	return status;
}

int dbrief_session_new(dbrief_session **session, dbrief_engine *engine, struct dbrief_error *err)
{
	dbrief_session *s;
	int status;

	dbrief_error_clear(err);
	if (!session)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the session is NULL; pass its address");
	*session = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	s = dbi_calloc(1, sizeof(*s));
	if (!s)
		return dbi_error_memory(err);
	s->engine = engine;
	status = open_parts(s, err);
	if (status != DBRIEF_OK) {
		dbrief_session_free(s);
		return status;
	}
	*session = s;
	return DBRIEF_OK;
}

void dbrief_session_free(dbrief_session *session)
{
	if (!session)
		return;
	dbi_session_templates_drop(session);
	dbi_format_free(session->format);
	dbi_pdf_writer_free(session->pdf);
	dbi_breaker_free(session->breaker);
	dbi_shaper_free(session->shaper);
	dbi_subject_eval_free(session->subject);
	dbi_gatherer_free(session->gatherer);
	dbi_buf_dispose(&session->xml);
	dbi_buf_dispose(&session->out);
	dbi_arena_dispose(&session->arena);
	dbi_draft_dispose(&session->draft);
	dbi_free_wiped(session, sizeof(*session));
}

static int need_config(const dbrief_session *session, struct dbrief_error *err)
{
	if (session->engine->config)
		return DBRIEF_OK;
	return dbi_misuse(err, DBRIEF_CAUSE_STATE,
	    "the engine has no configuration, so no sources; load it with dbrief_engine_load");
}

int dbrief_session_list_subjects(dbrief_session *session, int (*each)(void *ctx, const char *subject),
    void *ctx, struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	if (!each)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the function to call is NULL; pass one");
	status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	status = need_config(session, err);
	if (status == DBRIEF_OK)
		status = dbi_gather_list(session->gatherer, each, ctx, err);
	dbi_session_leave(session);
	return status;
}

int dbrief_session_list_rows(dbrief_session *session, int (*each)(void *ctx, const struct dbrief_subject_row *row),
    void *ctx, struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	if (!each)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the function to call is NULL; pass one");
	status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	status = need_config(session, err);
	if (status == DBRIEF_OK)
		status = dbi_gather_list_rows(session->gatherer, each, ctx, err);
	dbi_session_leave(session);
	return status;
}

int dbrief_session_prefetch(dbrief_session *session, const char *const *subjects, size_t n,
    struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	if ((!subjects && n) || n > DBRIEF_PREFETCH_MAX)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG,
		    "the identifiers are NULL or more than DBRIEF_PREFETCH_MAX; pass fewer at once");
	status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	status = need_config(session, err);
	if (status == DBRIEF_OK)
		status = dbi_gather_prefetch(session->gatherer, subjects, n, err);
	dbi_session_leave(session);
	return status;
}

size_t dbi_session_ahead_bytes(const dbrief_session *session)
{
	return session->gatherer ? dbi_gather_ahead_bytes(session->gatherer) : 0;
}

/* The year makes the codes of one person's letters differ from year to year. */
void dbi_session_code_in_year(const dbrief_session *session, const char *subject, int year, char code[DBRIEF_CASE_CODE_SIZE])
{
	const struct dbi_config *config = session->engine->config;
	char text[DBI_MAX_SUBJECT_KEY + 16];
	unsigned char hash[16];
	int len = snprintf(text, sizeof(text), "%s\n%04d", subject, year);

	dbi_blake2b(hash, sizeof(hash), text, (size_t)len, config->case_key, sizeof(config->case_key));
	dbi_case_code_format(code, hash);
	dbi_wipe(text, sizeof(text));
}

void dbi_session_code(const dbrief_session *session, const char *subject, char code[DBRIEF_CASE_CODE_SIZE])
{
	dbi_session_code_in_year(session, subject, session->engine->env.date.year, code);
}

int dbrief_session_case_code(dbrief_session *session, const char *subject, char code[DBRIEF_CASE_CODE_SIZE],
    struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	if (!session || !code)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the session or the place for the code is NULL; pass both");
	code[0] = '\0';
	status = need_config(session, err);
	if (status != DBRIEF_OK)
		return status;
	status = dbi_subject_check(subject, err);
	if (status == DBRIEF_OK)
		dbi_session_code(session, subject, code);
	return status;
}
