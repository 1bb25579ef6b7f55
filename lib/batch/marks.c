/* SPDX-License-Identifier: MIT */
#include "batch/marks.h"

#include <string.h>

#include "api/api.h"
#include "util/hash.h"
#include "util/limits.h"

int dbi_marks_open(struct dbi_marks *m, const dbrief_run *run, struct dbrief_error *err)
{
	const struct dbi_config *config = run->engine->config;
	int status;

	m->run = run;
	m->ledger = NULL;
	if (!config->ledger || strcmp(dbi_plan_info(run->plan)->mode, "request") == 0)
		return DBRIEF_OK;
	if (pthread_mutex_init(&m->lock, NULL) != 0)
		return dbi_error_memory(err);
	status = dbi_ledger_open(&m->ledger, config, DBI_LEDGER_READ, err);
	if (status == DBRIEF_OK)
		status = dbi_ledger_compare(m->ledger, dbi_plan_meta(run->plan, "ledger-state"), err);
	if (status != DBRIEF_OK) {
		dbi_ledger_free(m->ledger);
		m->ledger = NULL;
		(void)pthread_mutex_destroy(&m->lock);
	}
	return status;
}

void dbi_marks_close(struct dbi_marks *m)
{
	if (!m->ledger)
		return;
	dbi_ledger_free(m->ledger);
	m->ledger = NULL;
	(void)pthread_mutex_destroy(&m->lock);
}

static int load(struct dbi_marks *m, struct dbi_marks_letter *l, const char *subject, struct dbrief_error *err)
{
	const struct dbi_ledger_asked asked = { dbi_plan_info(m->run->plan)->date, dbi_plan_meta(m->run->plan, "run"),
		dbi_plan_meta(m->run->plan, "ledger-state") };
	int status;

	(void)pthread_mutex_lock(&m->lock);
	status = dbi_ledger_state(m->ledger, subject, &asked, &l->before, l->changes.since, err);
	(void)pthread_mutex_unlock(&m->lock);
	l->changes.before = status == DBRIEF_OK ? (const unsigned char *)l->before.data : NULL;
	l->changes.before_len = l->before.len;
	if (status == DBRIEF_OK || status == DBRIEF_EOF)
		dbi_ledger_state_key(m->ledger, l->changes.key);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

static int create(const dbrief_run *run, dbrief_session *session, const char *subject, struct dbrief_sink *sink,
    const struct dbrief_letter_opts *opts, bool as_form, struct dbrief_error *err)
{
	return as_form && run->form->create ? run->form->create(session, run->tmpl, subject, sink, opts, err) :
	    dbrief_letter_create(session, run->tmpl, subject, sink, opts, err);
}

int dbi_marks_create(struct dbi_marks *m, struct dbi_marks_letter *l, dbrief_session *session, const char *subject,
    struct dbrief_sink *sink, const struct dbrief_letter_opts *opts, bool as_form, struct dbrief_error *err)
{
	int status;

	/* One large letter must not be remembered for ever. */
	dbi_buf_trim(&l->changes.after, DBI_KEEP_BUF);
	dbi_buf_trim(&l->before, DBI_KEEP_BUF);
	status = m->ledger ? load(m, l, subject, err) : DBRIEF_OK;
	if (status != DBRIEF_OK) {
		sink->abort(sink->user);
		return status;
	}
	session->changes = m->ledger ? &l->changes : NULL;
	status = create(m->run, session, subject, sink, opts, as_form, err);
	session->changes = NULL;
	return status;
}

void dbi_marks_letter_dispose(struct dbi_marks_letter *l)
{
	dbi_buf_dispose(&l->before);
	dbi_buf_dispose(&l->changes.after);
	dbi_wipe(l->changes.key, sizeof(l->changes.key));
}
