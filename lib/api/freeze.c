/* SPDX-License-Identifier: MIT */
/* Freezing an engine: fonts are opened, connectors made and compared with what the configuration declares. */
#include <string.h>
#include "api/api.h"

/* After --source ID=URL the new URL tells the type. */
static bool type_fits(const struct dbrief_connector_type *type, const struct dbi_source_decl *decl)
{
	size_t len = strlen(type->type);

	if (decl->url_overridden && decl->url)
		return strncmp(decl->url, type->type, len) == 0 && decl->url[len] == ':';
	return decl->type && strcmp(decl->type, type->type) == 0;
}

static int unknown_type(const struct dbi_source_decl *decl, struct dbrief_error *err)
{
	if (decl->type && strcmp(decl->type, "host") == 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, decl->place,
		    "the source is of type host, and the program supplies no connector for it; "
		    "use the program that does, or --source");
	if (decl->url_overridden)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
		    "no connector for this URL in this build; begin it with a known type, such as sqlite:");
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, decl->place,
	    "this build has no connector of type '%.40s'; check the type", decl->type ? decl->type : "");
}

static int create(dbrief_engine *e, size_t i, struct dbrief_error *err)
{
	struct dbi_engine_source *s = &e->sources[i];
	const struct dbrief_connector_type *type = NULL;
	int status;

	for (size_t k = 0; k < e->n_types && !type; k++)
		if (type_fits(e->types[k], s->source.decl))
			type = e->types[k];
	if (!type)
		return unknown_type(s->source.decl, err);
	status = type->create(&e->connected[i].connector, &s->source, err);
	if (status != DBRIEF_OK)
		return dbi_error(err, status, DBRIEF_CAUSE_CONNECTOR, s->source.decl->place,
		    "the connector could not be made; check the source's settings");
	s->type = type;
	s->connected = true;
	return DBRIEF_OK;
}

int dbi_engine_create_source(dbrief_engine *e, size_t i, struct dbrief_error *err)
{
	return e->sources[i].connected ? DBRIEF_OK : create(e, i, err);
}

int dbi_engine_connect_source(dbrief_engine *e, size_t i, struct dbrief_error *err)
{
	struct dbi_engine_source *s = &e->sources[i];
	int status = dbi_engine_create_source(e, i, err);

	if (status != DBRIEF_OK)
		return dbi_error_prefix(err, status, "source %s", s->source.decl->id);
	if (!s->described)
		status = dbi_connected_check(&e->connected[i], err);
	if (status == DBRIEF_OK)
		s->described = true;
	return status;
}

int dbi_engine_connect(dbrief_engine *e, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; i < e->n_sources && status == DBRIEF_OK; i++)
		status = dbi_engine_connect_source(e, i, err);
	return status;
}

static int open_fonts(dbrief_engine *e, struct dbrief_error *err)
{
	const struct dbi_config *c = e->config;
	int status = DBRIEF_OK;

	if (!e->fonts)
		status = c ? dbi_fontset_new_named(&e->fonts, e->house_fonts, c->families, c->n_families, c->fallbacks, c->n_fallbacks, err) :
		    dbi_fontset_new_named(&e->fonts, e->house_fonts, NULL, 0, NULL, 0, err);
	if (status == DBRIEF_OK && !e->pdf_fonts)
		status = dbi_pdf_fonts_new(&e->pdf_fonts, e->fonts, err);
	return status;
}

/* What an attempt that failed has done stays done: after RETRY the call may be repeated. */
int dbrief_engine_freeze(dbrief_engine *engine, struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	status = dbi_engine_check(engine, DBI_ENGINE_OPEN, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_connect(engine, err);
	if (status == DBRIEF_OK)
		status = open_fonts(engine, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_try_house(engine, err);
	if (status == DBRIEF_OK)
		engine->state = DBI_ENGINE_FROZEN;
	return status;
}
