/* SPDX-License-Identifier: MIT */
/* Wrong arguments, states and options are FATAL with their cause, and never end the process. */
#include "host.h"

#define MISUSE(call, cause_, what) do { \
	dbrief_error_clear(&err); \
	EQ((call), DBRIEF_FATAL, what ": fatal"); \
	EQ(err.cause, cause_, what ": cause"); \
	OK(err.text[0], what ": says so"); \
} while (0)

static struct dbrief_error err;

static void test_null(dbrief_engine *open, dbrief_session *session)
{
	struct counter counter = { 0 };
	struct dbrief_sink sink = counter_sink(&counter);
	char code[DBRIEF_CASE_CODE_SIZE];
	dbrief_engine *engine = NULL;
	dbrief_session *none = NULL;
	dbrief_template *tmpl = NULL;
	dbrief_model *model = NULL;
	dbrief_decoder *decoder = NULL;
	const char *text = NULL;
	size_t len = 0;

	MISUSE(dbrief_engine_load(NULL, "x", NULL, &err), DBRIEF_CAUSE_ARG, "load into NULL");
	MISUSE(dbrief_engine_load(&engine, NULL, NULL, &err), DBRIEF_CAUSE_ARG, "load without path");
	MISUSE(dbrief_engine_new(NULL, NULL, &err), DBRIEF_CAUSE_ARG, "new into NULL");
	MISUSE(dbrief_engine_freeze(NULL, &err), DBRIEF_CAUSE_ARG, "freeze NULL");
	MISUSE(dbrief_engine_add_connector(open, "crm", NULL, &err), DBRIEF_CAUSE_ARG, "no connector");
	MISUSE(dbrief_session_new(&none, NULL, &err), DBRIEF_CAUSE_ARG, "session of NULL");
	MISUSE(dbrief_session_new(NULL, open, &err), DBRIEF_CAUSE_ARG, "session into NULL");
	MISUSE(dbrief_session_case_code(session, NULL, code, &err), DBRIEF_CAUSE_ARG, "code of NULL");
	MISUSE(dbrief_session_case_code(session, "", code, &err), DBRIEF_CAUSE_ARG, "code of nobody");
	MISUSE(dbrief_session_case_code(NULL, "1", code, &err), DBRIEF_CAUSE_ARG, "code without session");
	MISUSE(dbrief_session_list_subjects(session, NULL, NULL, &err), DBRIEF_CAUSE_ARG, "list to NULL");
	MISUSE(dbrief_template_load(NULL, open, NULL, &err), DBRIEF_CAUSE_ARG, "template into NULL");
	MISUSE(dbrief_template_load(&tmpl, NULL, NULL, &err), DBRIEF_CAUSE_ARG, "template without engine");
	MISUSE(dbrief_model_gather(NULL, session, "1", &err), DBRIEF_CAUSE_ARG, "model into NULL");
	MISUSE(dbrief_model_gather(&model, NULL, "1", &err), DBRIEF_CAUSE_ARG, "model without session");
	MISUSE(dbrief_model_gather(&model, session, NULL, &err), DBRIEF_CAUSE_ARG, "model of nobody");
	MISUSE(dbrief_model_load(&model, open, NULL, &err), DBRIEF_CAUSE_ARG, "model without path");
	MISUSE(dbrief_model_write(NULL, &sink, &err), DBRIEF_CAUSE_ARG, "write no model");
	MISUSE(dbrief_decoder_new(NULL, "UTF-8", &err), DBRIEF_CAUSE_ARG, "decoder into NULL");
	MISUSE(dbrief_decoder_new(&decoder, "UTF-7", &err), DBRIEF_CAUSE_CONFIG, "decoder from what is not on the list");
	MISUSE(dbrief_decoder_decode(NULL, "", 0, &text, &len, &err), DBRIEF_CAUSE_ARG, "decode with NULL");
	EQ(counter.aborts, 1, "a model that is not written ends the sink");
	MISUSE(dbrief_letter_create(session, NULL, "1", NULL, NULL, &err), DBRIEF_CAUSE_ARG, "letter without sink");
	MISUSE(dbrief_letter_create(NULL, NULL, "1", &sink, NULL, &err), DBRIEF_CAUSE_ARG, "letter without session");
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, NULL, &err), DBRIEF_CAUSE_ARG, "letter without template");
	MISUSE(dbrief_letter_render(session, NULL, NULL, &sink, NULL, &err), DBRIEF_CAUSE_ARG, "letter without model");
	MISUSE(dbrief_letter_render_file(session, NULL, &sink, NULL, &err), DBRIEF_CAUSE_ARG, "letter without file");
	EQ(counter.aborts, 5, "every misuse with a whole sink aborts it once");
	EQ(counter.writes + counter.commits, 0, "and writes nothing");
	OK(!engine && !none && !tmpl && !model && !decoder, "nothing is handed out");
	dbrief_engine_free(NULL);
	dbrief_session_free(NULL);
	dbrief_template_free(NULL);
	dbrief_model_free(NULL);
	dbrief_sink_dispose(NULL);
	dbrief_decoder_free(NULL);
	dbrief_error_clear(NULL);
	OK(1, "NULL may be freed");
	EQ(dbrief_error_set(NULL, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "", ""), DBRIEF_FAILED, "an error record may be NULL");
	EQ(dbrief_engine_load(&engine, NULL, NULL, NULL), DBRIEF_FATAL, "so may it for a call that fails");
}

static void test_tables(dbrief_engine *open)
{
	struct host h = { 0 };
	struct dbrief_connector c = host_connector(&h);
	struct counter counter = { 0 };
	struct dbrief_sink sink = counter_sink(&counter);

	c.fetch = NULL;
	MISUSE(dbrief_engine_add_connector(open, "crm", &c, &err), DBRIEF_CAUSE_ARG, "a connector without fetch");
	c = host_connector(&h);
	c.size = 8;
	MISUSE(dbrief_engine_add_connector(open, "crm", &c, &err), DBRIEF_CAUSE_ARG, "a connector without size");
	c = host_connector(&h);
	MISUSE(dbrief_engine_add_connector(open, "erp", &c, &err), DBRIEF_CAUSE_ARG, "a connector of an unknown source");
	MISUSE(dbrief_engine_add_connector(open, NULL, &c, &err), DBRIEF_CAUSE_ARG, "a connector of no source");
	EQ(dbrief_engine_add_connector(open, "crm", &c, &err), DBRIEF_OK, "a whole connector is taken");
	MISUSE(dbrief_engine_add_connector(open, "crm", &c, &err), DBRIEF_CAUSE_STATE, "a second connector of one source");
	sink.abort = NULL;
	MISUSE(dbrief_model_write(NULL, &sink, &err), DBRIEF_CAUSE_ARG, "a sink without abort");
	sink = counter_sink(&counter);
	sink.size = 0;
	MISUSE(dbrief_model_write(NULL, &sink, &err), DBRIEF_CAUSE_ARG, "a sink without size");
	EQ(counter.aborts, 0, "a table that is not whole is not called");
}

static void test_states(dbrief_engine *open, dbrief_engine *frozen)
{
	struct host h = { 0 };
	struct dbrief_connector c = host_connector(&h);
	dbrief_session *session = NULL;

	MISUSE(dbrief_session_new(&session, open, &err), DBRIEF_CAUSE_STATE, "a session before freeze");
	MISUSE(dbrief_engine_freeze(frozen, &err), DBRIEF_CAUSE_STATE, "freeze twice");
	MISUSE(dbrief_engine_add_connector(frozen, "crm", &c, &err), DBRIEF_CAUSE_STATE, "a connector after freeze");
}

/* A caller compiled against a newer library. */
struct newer_opts {
	struct dbrief_letter_opts known;
	long later;
};

static void test_options(dbrief_session *session)
{
	struct counter counter = { 0 };
	struct dbrief_sink sink = counter_sink(&counter);
	struct dbrief_letter_info info = { 0 };
	struct newer_opts newer;
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_engine_opts eopts = DBRIEF_ENGINE_OPTS_INIT;
	const char *const wrong[] = { "crm" };
	dbrief_engine *engine = NULL;
	char path[1024];

	memset(&newer, 0, sizeof(newer));
	newer.known.size = sizeof(newer);
	newer.later = 7;
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, &newer.known, &err), DBRIEF_CAUSE_OPTION, "unknown option");
	newer.later = 0;
	newer.known.stage = DBRIEF_STAGE_MODEL;
	EQ(dbrief_letter_create(session, NULL, "1", &sink, &newer.known, &err), DBRIEF_OK, "an unknown option that is zero");
	opts.size = 4;
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, &opts, &err), DBRIEF_CAUSE_ARG, "options without size");
	opts.size = sizeof(opts);
	opts.stage = 9;
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, &opts, &err), DBRIEF_CAUSE_ARG, "unknown stage");
	opts.stage = DBRIEF_STAGE_MODEL;
	opts.info = &info;
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, &opts, &err), DBRIEF_CAUSE_ARG, "info without size");
	EQ(counter.aborts, 4, "each wrong option aborts the sink");

	fixture_path(path, sizeof(path), "host.xml");
	eopts.date = "2026-02-29";
	MISUSE(dbrief_engine_load(&engine, path, &eopts, &err), DBRIEF_CAUSE_ARG, "a day that is none");
	eopts.date = "2026-02-28";
	eopts.mode = "monthly";
	MISUSE(dbrief_engine_load(&engine, path, &eopts, &err), DBRIEF_CAUSE_ARG, "unknown mode");
	eopts.mode = NULL;
	eopts.source_urls = wrong;
	eopts.n_source_urls = 1;
	EQ(dbrief_engine_load(&engine, path, &eopts, &err), DBRIEF_FATAL, "a source URL without '='");
	OK(!engine, "no engine is handed out");
}

static void test_ready_only(void)
{
	struct counter counter = { 0 };
	struct dbrief_sink sink = counter_sink(&counter);
	char code[DBRIEF_CASE_CODE_SIZE];
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_model *model = NULL;
	dbrief_template *tmpl = NULL;

	EQ(dbrief_engine_new(&engine, NULL, &err), DBRIEF_OK, "an engine without configuration");
	MISUSE(dbrief_template_load(&tmpl, engine, NULL, &err), DBRIEF_CAUSE_CONFIG, "it names no template");
	EQ(dbrief_engine_freeze(engine, &err), DBRIEF_OK, "it freezes");
	EQ(dbrief_session_new(&session, engine, &err), DBRIEF_OK, "it has sessions");
	MISUSE(dbrief_model_gather(&model, session, "1", &err), DBRIEF_CAUSE_STATE, "it gathers nothing");
	MISUSE(dbrief_session_case_code(session, "1", code, &err), DBRIEF_CAUSE_STATE, "it has no case codes");
	MISUSE(dbrief_letter_create(session, NULL, "1", &sink, NULL, &err), DBRIEF_CAUSE_STATE, "it makes no letters");
	EQ(counter.aborts, 1, "and aborts their sink");
	dbrief_session_free(session);
	dbrief_engine_free(engine);
}

int main(void)
{
	struct host ready = { 0 };
	dbrief_engine *open, *frozen;
	dbrief_session *session = NULL;

	dbrief_error_clear(&err);
	open = host_engine(NULL);
	frozen = host_engine(&ready);
	EQ(dbrief_engine_freeze(frozen, &err), DBRIEF_OK, "an engine is frozen");
	EQ(dbrief_session_new(&session, frozen, &err), DBRIEF_OK, "a session is opened");
	test_states(open, frozen);
	test_null(open, session);
	test_options(session);
	MISUSE(dbrief_engine_freeze(open, &err), DBRIEF_CAUSE_CONFIG, "freeze without the host's connector");
	test_tables(open);
	test_ready_only();
	dbrief_session_free(session);
	dbrief_engine_free(frozen);
	dbrief_engine_free(open);
	return tap_done();
}
