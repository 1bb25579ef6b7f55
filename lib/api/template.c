/* SPDX-License-Identifier: MIT */
/* Templates: counted references, since sessions keep the compiled form of those they used. */
#include "api/api.h"
#include "util/mem.h"

int dbrief_template_load(dbrief_template **tmpl, dbrief_engine *engine, const char *path,
    struct dbrief_error *err)
{
	dbrief_template *t;
	int status;

	dbrief_error_clear(err);
	if (!tmpl)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the template is NULL; pass its address");
	*tmpl = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!path && engine->config)
		path = engine->config->template_path;
	if (!path)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG,
		    engine->config ? dbi_xml_name(engine->config->doc) : "",
		    "no template is named; add <template href=\"...\"/> to the configuration or pass a path");
	t = dbi_calloc(1, sizeof(*t));
	if (!t)
		return dbi_error_memory(err);
	t->engine = engine;
	atomic_init(&t->refs, 1);
	status = dbi_template_load(&t->tmpl, path, err);
	if (status != DBRIEF_OK) {
		dbi_free(t);
		return status;
	}
	*tmpl = t;
	return DBRIEF_OK;
}

void dbrief_template_free(dbrief_template *tmpl)
{
	if (!tmpl || atomic_fetch_sub(&tmpl->refs, 1) != 1)
		return;
	dbi_template_free(tmpl->tmpl);
	dbi_free(tmpl);
}

static void drop(struct dbi_session_template *slot)
{
	dbi_template_eval_free(slot->eval);
	dbrief_template_free(slot->tmpl);
	*slot = (struct dbi_session_template){ NULL, NULL, 0 };
}

/* The compiled form of this session, made on first use; the one longest unused makes room. */
int dbi_session_eval(dbrief_session *session, dbrief_template *tmpl, dbi_template_eval **eval,
    struct dbrief_error *err)
{
	struct dbi_session_template *slot = &session->templates[0];
	int status;

	for (size_t i = 0; i < DBI_SESSION_TEMPLATES; i++) {
		struct dbi_session_template *s = &session->templates[i];

		if (s->tmpl == tmpl) {
			s->used = session->letters;
			*eval = s->eval;
			return DBRIEF_OK;
		}
		if (s->used < slot->used || (!s->tmpl && slot->tmpl))
			slot = s;
	}
	drop(slot);
	status = dbi_template_eval_new(&slot->eval, tmpl->tmpl, &session->engine->env, err);
	if (status != DBRIEF_OK)
		return status;
	(void)atomic_fetch_add(&tmpl->refs, 1);
	slot->tmpl = tmpl;
	slot->used = session->letters;
	*eval = slot->eval;
	return DBRIEF_OK;
}
