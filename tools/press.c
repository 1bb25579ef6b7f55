/* SPDX-License-Identifier: MIT */
#include "cli.h"

int press_open(struct press *p, const char *tmpl, const char *date, struct dbrief_error *err)
{
	struct dbrief_engine_opts o = DBRIEF_ENGINE_OPTS_INIT;
	int status;

	o.date = date;
	status = dbrief_engine_new(&p->engine, &o, err);
	if (status == DBRIEF_OK)
		status = dbrief_template_load(&p->tmpl, p->engine, tmpl, err);
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(p->engine, err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&p->session, p->engine, err);
	return status;
}

void press_close(struct press *p)
{
	dbrief_session_free(p->session);
	dbrief_template_free(p->tmpl);
	dbrief_engine_free(p->engine);
}
