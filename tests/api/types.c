/* SPDX-License-Identifier: MIT */
/* Connector types of the program: made and destroyed once, told what the configuration says. */
#include "host.h"

static struct host host;
static int creates, destroys, fail_create;

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	struct dbrief_collection_info info = { .size = sizeof(info) };

	creates++;
	if (fail_create == 1)
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "", "no such probe; check the url");
	if (fail_create == 2)
		return DBRIEF_RETRY; /* without a word */
	IS(dbrief_source_id(source), "crm", "the source's id");
	IS(dbrief_source_url(source), "probe:here", "its url, as replaced");
	IS(dbrief_source_base(source), ".", "the folder of a replaced url is the current one");
	OK(strstr(dbrief_source_place(source), "host.xml:"), "its place");
	IS(dbrief_source_subjects(source), NULL, "no <subjects>");
	IS(dbrief_source_setting(source, "colour"), NULL, "an unknown setting");
	EQ(dbrief_source_collections(source), 1, "one collection");
	EQ(dbrief_source_collection(source, 0, &info), DBRIEF_OK, "its description");
	IS(info.name, "person", "its name");
	IS(info.key, "id", "its key");
	IS(info.subject_key, "id", "its subject key");
	IS(info.link, NULL, "no link");
	OK(strstr(info.place, "host.xml:"), "its place");
	EQ(dbrief_source_collection(source, 1, &info), DBRIEF_FATAL, "no second collection");
	info.size = 1;
	EQ(dbrief_source_collection(source, 0, &info), DBRIEF_FATAL, "a description without size");
	*connector = host_connector(&host);
	return DBRIEF_OK;
}

static void destroy(struct dbrief_connector *connector)
{
	OK(connector->user == &host, "destroy gets the connector that was made");
	destroys++;
}

static const struct dbrief_connector_type probe = { sizeof(probe), "probe", create, destroy, NULL };

static dbrief_engine *load(const char *url, struct dbrief_error *err)
{
	const struct dbrief_connector_type *const types[] = { &probe, NULL };
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	const char *const urls[] = { url };
	dbrief_engine *engine = NULL;
	char path[1024];

	opts.types = types;
	opts.source_urls = urls;
	opts.n_source_urls = 1;
	EQ(dbrief_engine_load(&engine, fixture_path(path, sizeof(path), "host.xml"), &opts, err), DBRIEF_OK, "load");
	return engine;
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const struct dbrief_connector_type *const *builtin = dbrief_builtin_connectors();
	dbrief_session *session = NULL;
	dbrief_model *model = NULL;
	dbrief_engine *engine = load("crm=probe:here", &err);

	EQ(creates, 0, "loading makes no connector");
	EQ(dbrief_engine_freeze(engine, &err), DBRIEF_OK, "freezing does");
	EQ(creates, 1, "once");
	EQ(dbrief_session_new(&session, engine, &err), DBRIEF_OK, "a session");
	EQ(dbrief_model_gather(&model, session, "5", &err), DBRIEF_OK, "gathers through it");
	dbrief_model_free(model);
	dbrief_session_free(session);
	EQ(destroys, 0, "it lives as long as the engine");
	dbrief_engine_free(engine);
	EQ(destroys, 1, "and is destroyed once");

	for (fail_create = 1; fail_create <= 2; fail_create++) {
		engine = load("crm=probe:here", &err);
		EQ(dbrief_engine_freeze(engine, &err), fail_create == 1 ? DBRIEF_FATAL : DBRIEF_RETRY,
		    "the status of create is that of freeze");
		OK(strncmp(err.where, "source crm", 10) == 0 && err.text[0], "with the source and a text");
		dbrief_engine_free(engine);
	}
	EQ(destroys, 1, "what was not made is not destroyed");
	engine = load("crm=gopher:here", &err);
	EQ(dbrief_engine_freeze(engine, &err), DBRIEF_FATAL, "a type nobody knows");
	EQ(err.cause, DBRIEF_CAUSE_CONFIG, "is the configuration's fault");
	dbrief_engine_free(engine);
	engine = load("crm=probes:here", &err);
	EQ(dbrief_engine_freeze(engine, &err), DBRIEF_FATAL, "a type that only begins like a known one");
	dbrief_engine_free(engine);

	OK(builtin && builtin[0], "there are built-in types");
	IS(builtin[0]->type, "sqlite", "the first is sqlite");
	OK(strstr(dbrief_version_details(), "libdatenbrief " DBRIEF_VERSION_STRING ", libharu ") == dbrief_version_details(),
	    "version details begin with the library");
	OK(strstr(dbrief_version_details(), ", SQLite 3."), "and name SQLite");
	IS(dbrief_version(), DBRIEF_VERSION_STRING, "the version is that of the header");
	return tap_done();
}
