/* SPDX-License-Identifier: MIT */
/* Models: gathered from the sources and joined with register, controller and subject mapping; or read again. */
#include <string.h>
#include "api/api.h"
#include "util/mem.h"

/* In the person's language, which is known once the model is built in that of the configuration. */
static int build(dbi_xml_doc **model, dbrief_session *s, const struct dbi_dataset *data, const char *code,
    struct dbrief_error *err)
{
	const char *lang = s->engine->config->lang;
	struct dbi_buf own = DBI_BUF_INIT;
	int status;

	status = dbi_model_build(model, data, code, lang, &s->engine->env, s->format, err);
	if (status == DBRIEF_OK)
		status = dbi_subject_language(s->subject, *model, &own, err);
	if (status == DBRIEF_OK && strcmp(own.data, lang) != 0) {
		dbi_xml_free(*model);
		*model = NULL;
		status = dbi_model_build(model, data, code, own.data, &s->engine->env, s->format, err);
	}
	dbi_buf_dispose(&own);
	return status;
}

static int join(dbrief_session *s, dbi_xml_doc *model, struct dbrief_error *err)
{
	const struct dbi_config *config = s->engine->config;
	const char *lang = dbi_node_attr(dbi_xml_root(model), "lang");
	int status;

	status = dbi_register_join(config->reg, model, lang, &s->engine->env, s->format, err);
	if (status == DBRIEF_OK)
		status = dbi_config_join_controller(config, model, s->format, err);
	if (status == DBRIEF_OK)
		status = dbi_subject_join(s->subject, model, s->format, err);
	return status;
}

int dbi_model_of_subject(dbi_xml_doc **model, dbrief_session *s, const char *subject, struct dbrief_error *err)
{
	const struct dbi_config *config = s->engine->config;
	struct dbi_dataset data;
	char code[DBRIEF_CASE_CODE_SIZE];
	int status;

	*model = NULL;
	if (!config)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE,
		    "the engine has no configuration, so no sources; load it with dbrief_engine_load");
	status = dbi_subject_check(subject, err);
	if (status != DBRIEF_OK)
		return status;
	dbi_session_code(s, subject, code);
	memset(&data, 0, sizeof(data));
	status = dbi_gather(s->gatherer, subject, &s->arena, &data, err);
	data.changes = s->changes;
	if (status == DBRIEF_OK)
		status = build(model, s, &data, code, err);
	if (status == DBRIEF_OK)
		status = join(s, *model, err);
	if (status != DBRIEF_OK) {
		dbi_xml_free(*model);
		*model = NULL;
	}
	return status;
}

static unsigned count_records(const dbi_xml_node *node)
{
	unsigned n = 0;

	for (const dbi_xml_node *c = dbi_node_child(node, NULL); c; c = dbi_node_sibling(c, NULL)) {
		if (dbi_node_is(c, "record"))
			n += 1 + count_records(c);
		else if (dbi_node_is(c, "collection"))
			n += count_records(c);
	}
	return n;
}

unsigned dbi_model_records(const dbi_xml_doc *model)
{
	const dbi_xml_node *collections = dbi_node_child(dbi_xml_root(model), "collections");

	return collections ? count_records(collections) : 0;
}

/* Takes doc over, also when it fails. */
static int wrap(dbrief_model **model, dbi_xml_doc *doc, struct dbrief_error *err)
{
	const char *code = dbi_node_attr(dbi_xml_root(doc), "case");
	dbrief_model *m = dbi_calloc(1, sizeof(*m));

	if (!m) {
		dbi_xml_free(doc);
		return dbi_error_memory(err);
	}
	if (code)
		memcpy(m->case_code, code, strnlen(code, sizeof(m->case_code) - 1));
	m->doc = doc;
	*model = m;
	return DBRIEF_OK;
}

int dbrief_model_gather(dbrief_model **model, dbrief_session *session, const char *subject,
    struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int status;

	dbrief_error_clear(err);
	if (!model)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the model is NULL; pass its address");
	*model = NULL;
	status = dbi_session_enter(session, err);
	if (status != DBRIEF_OK)
		return status;
	status = dbi_model_of_subject(&doc, session, subject, err);
	dbi_session_leave(session);
	return status == DBRIEF_OK ? wrap(model, doc, err) : status;
}

int dbrief_model_load(dbrief_model **model, dbrief_engine *engine, const char *path, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int status;

	dbrief_error_clear(err);
	if (!model)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the model is NULL; pass its address");
	*model = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!path)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the path of the model is NULL; pass one");
	status = dbi_model_read(&doc, path, err);
	return status == DBRIEF_OK ? wrap(model, doc, err) : status;
}

/* Nothing is gathered: every source is there with no records. */
static int build_register(dbi_xml_doc **doc, const dbrief_engine *engine, const char *lang, struct dbrief_error *err)
{
	const struct dbi_config *config = engine->config;
	struct dbi_dataset data;
	dbi_format *format = NULL;
	int status;

	memset(&data, 0, sizeof(data));
	data.subject = "";
	data.tail = &data.first;
	data.n_sources = config->sources.n;
	data.sources = dbi_calloc(data.n_sources + 1, sizeof(*data.sources));
	for (size_t i = 0; data.sources && i < data.n_sources; i++)
		data.sources[i] = (struct dbi_source_result){ .decl = &config->sources.sources[i], .status = DBI_SOURCE_EMPTY };
	status = data.sources ? dbi_format_new(&format, err) : dbi_error_memory(err);
	if (status == DBRIEF_OK)
		status = dbi_model_build(doc, &data, "", lang, &engine->env, format, err);
	if (status == DBRIEF_OK)
		status = dbi_register_join_all(config->reg, *doc, lang, format, err);
	if (status == DBRIEF_OK)
		status = dbi_config_join_controller(config, *doc, format, err);
	dbi_format_free(format);
	dbi_free(data.sources);
	if (status != DBRIEF_OK) {
		dbi_xml_free(*doc);
		*doc = NULL;
	}
	return status;
}

int dbrief_model_register(dbrief_model **model, dbrief_engine *engine, const char *lang, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int status;

	dbrief_error_clear(err);
	if (!model)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the model is NULL; pass its address");
	*model = NULL;
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!engine->config)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE,
		    "the engine has no configuration, so no register; load it with dbrief_engine_load");
	status = build_register(&doc, engine, lang ? lang : engine->config->lang, err);
	return status == DBRIEF_OK ? wrap(model, doc, err) : status;
}

int dbrief_model_write(const dbrief_model *model, struct dbrief_sink *sink, struct dbrief_error *err)
{
	struct dbi_buf out = DBI_BUF_INIT;
	int status;

	dbrief_error_clear(err);
	if (!dbi_sink_usable(sink))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the sink is incomplete; set its size, write, commit and abort");
	status = model ? dbi_model_write(model->doc, true, &out, err) :
	    dbi_misuse(err, DBRIEF_CAUSE_ARG, "the model is NULL; gather or load one first");
	if (status == DBRIEF_OK)
		status = sink->write(sink->user, out.data, out.len, err);
	if (status != DBRIEF_OK)
		sink->abort(sink->user);
	dbi_buf_dispose(&out);
	return status;
}

const char *dbrief_model_case_code(const dbrief_model *model)
{
	return model ? model->case_code : NULL;
}

void dbrief_model_free(dbrief_model *model)
{
	if (!model)
		return;
	dbi_xml_free(model->doc);
	dbi_free_wiped(model, sizeof(*model));
}
