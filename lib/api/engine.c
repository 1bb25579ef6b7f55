/* SPDX-License-Identifier: MIT */
/* Engine: load, add connectors, free. Freezing is in freeze.c. */
#include <stddef.h>
#include <string.h>
#include <time.h>
#include "api/api.h"
#include "util/hash.h"
#include "util/mem.h"
#include "xml/xmlio.h"

/* The only look at a clock in the library. */
static int set_date(struct dbi_env *env, const char *date, struct dbrief_error *err)
{
	time_t now;
	struct tm tm;

	if (date) {
		if (dbi_date_parse(date, strlen(date), &env->date))
			return DBRIEF_OK;
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "option date",
		    "not a day of the calendar; write it as YYYY-MM-DD");
	}
	now = time(NULL);
	if (now == (time_t)-1 || !gmtime_r(&now, &tm))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "option date",
		    "the system clock cannot be read; give the date");
	env->date = (struct dbi_date){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday };
	return DBRIEF_OK;
}

static int set_mode(struct dbi_env *env, const char *mode, struct dbrief_error *err)
{
	env->mode = DBI_MODE_YEARLY;
	if (!mode || strcmp(mode, "yearly") == 0)
		return DBRIEF_OK;
	env->mode = DBI_MODE_REQUEST;
	if (strcmp(mode, "request") == 0)
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "option mode", "unknown mode; write yearly or request");
}

static int copy_types(dbrief_engine *e, const struct dbrief_connector_type *const *types,
    struct dbrief_error *err)
{
	size_t n = 0;

	if (!types)
		types = dbrief_builtin_connectors();
	while (types[n])
		n++;
	e->types = dbi_calloc(n ? n : 1, sizeof(*e->types));
	if (!e->types)
		return dbi_error_memory(err);
	for (size_t i = 0; i < n; i++) {
		if (types[i]->size < sizeof(*types[i]) || !types[i]->type || !types[i]->create)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "option types",
			    "a connector type is incomplete; set its size, type and create");
		e->types[i] = types[i];
	}
	e->n_types = n;
	return DBRIEF_OK;
}

static int start(dbrief_engine **engine, const struct dbrief_engine_opts *opts, struct dbrief_engine_opts *o,
    struct dbrief_error *err)
{
	dbrief_engine *e;
	int status = dbi_opts_copy(o, sizeof(*o), offsetof(struct dbrief_engine_opts, form), opts, err);

	if (status != DBRIEF_OK)
		return status;
	dbi_xml_init();
	if (!dbi_hash_init())
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "",
		    "libsodium cannot start; check the system's random source");
	e = dbi_calloc(1, sizeof(*e));
	if (!e)
		return dbi_error_memory(err);
	e->state = DBI_ENGINE_OPEN;
	status = set_date(&e->env, o->date, err);
	if (status == DBRIEF_OK)
		status = set_mode(&e->env, o->mode, err);
	if (status == DBRIEF_OK)
		status = copy_types(e, o->types, err);
	if (status == DBRIEF_OK)
		status = dbi_images_new(&e->images, err);
	if (status != DBRIEF_OK) {
		dbrief_engine_free(e);
		return status;
	}
	*engine = e;
	return DBRIEF_OK;
}

static int list_sources(dbrief_engine *e, struct dbrief_error *err)
{
	struct dbi_sources *s = &e->config->sources;

	e->sources = dbi_calloc(s->n ? s->n : 1, sizeof(*e->sources));
	e->connected = dbi_calloc(s->n ? s->n : 1, sizeof(*e->connected));
	if (!e->sources || !e->connected)
		return dbi_error_memory(err);
	e->n_sources = s->n;
	for (size_t i = 0; i < s->n; i++) {
		e->sources[i].source.decl = &s->sources[i];
		e->connected[i].decl = &s->sources[i];
	}
	return DBRIEF_OK;
}

int dbrief_engine_load(dbrief_engine **engine, const char *config_path, const struct dbrief_engine_opts *opts,
    struct dbrief_error *err)
{
	struct dbrief_engine_opts o;
	dbrief_engine *e = NULL;
	int status;

	dbrief_error_clear(err);
	if (!engine)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the engine is NULL; pass its address");
	*engine = NULL;
	if (!config_path)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the path of the configuration is NULL; pass one");
	status = start(&e, opts, &o, err);
	if (status == DBRIEF_OK)
		status = dbi_config_load_with(&e->config, config_path, o.templates, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_set_delivery(e, &o, err);
	for (size_t i = 0; status == DBRIEF_OK && i < o.n_source_urls; i++)
		status = dbi_sources_override(&e->config->sources, o.source_urls[i], err);
	if (status == DBRIEF_OK)
		status = list_sources(e, err);
	if (status != DBRIEF_OK) {
		dbrief_engine_free(e);
		return status;
	}
	*engine = e;
	return DBRIEF_OK;
}

int dbrief_engine_new(dbrief_engine **engine, const struct dbrief_engine_opts *opts, struct dbrief_error *err)
{
	struct dbrief_engine_opts o;
	int status;

	dbrief_error_clear(err);
	if (!engine)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the engine is NULL; pass its address");
	*engine = NULL;
	status = start(engine, opts, &o, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_set_delivery(*engine, &o, err);
	if (status != DBRIEF_OK) {
		dbrief_engine_free(*engine);
		*engine = NULL;
	}
	return status;
}

static bool connector_usable(const struct dbrief_connector *c)
{
	return c && c->size >= DBRIEF_CONNECTOR_SIZE_FIRST && c->describe && c->open && c->fetch && c->close;
}

int dbrief_engine_add_connector(dbrief_engine *engine, const char *source_id,
    const struct dbrief_connector *connector, struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!source_id || !connector_usable(connector))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG,
		    "the connector is incomplete; set its size, describe, open, fetch and close");
	for (size_t i = 0; i < engine->n_sources; i++) {
		const struct dbi_source_decl *decl = engine->sources[i].source.decl;

		if (strcmp(decl->id, source_id) != 0)
			continue;
		if (!decl->type || strcmp(decl->type, "host") != 0)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, decl->place,
			    "source %s is not of type host; a program's own connector needs type=\"host\"", decl->id);
		if (engine->sources[i].connected)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, decl->place,
			    "source %s has its connector already; add one only", decl->id);
		memcpy(&engine->connected[i].connector, connector,
		    connector->size < sizeof(*connector) ? connector->size : sizeof(*connector));
		engine->sources[i].connected = true;
		return DBRIEF_OK;
	}
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "",
	    "the configuration has no source '%.60s'; check the id", source_id);
}

static void disconnect(dbrief_engine *e)
{
	for (size_t i = 0; i < e->n_sources; i++) {
		const struct dbrief_connector_type *type = e->sources[i].type;

		if (type && type->destroy && e->sources[i].connected)
			type->destroy(&e->connected[i].connector);
	}
	dbi_free(e->connected);
	dbi_free(e->sources);
}

void dbrief_engine_free(dbrief_engine *engine)
{
	if (!engine)
		return;
	disconnect(engine);
	dbi_images_free(engine->images);
	dbi_pdf_fonts_free(engine->pdf_fonts);
	dbi_fontset_free(engine->fonts);
	dbi_draft_dispose(&engine->house_doc);
	dbi_free(engine->house_folder);
	dbi_free(engine->house_fonts);
	dbi_config_free(engine->config);
	dbi_free(engine->types);
	dbi_free_wiped(engine, sizeof(*engine));
}
