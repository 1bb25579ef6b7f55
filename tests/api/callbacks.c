/* SPDX-License-Identifier: MIT */
/* Connectors and sinks of the program: called as promised, believed in nothing. */
#include "host.h"

struct bench {
	struct host host;
	dbrief_engine *engine;
	dbrief_session *session;
	dbrief_template *tmpl;
	struct dbrief_error err;
};

static int bench_open(struct bench *b, enum lie lie)
{
	int status;

	memset(b, 0, sizeof(*b));
	b->host.lie = lie;
	b->engine = host_engine(&b->host);
	status = dbrief_engine_freeze(b->engine, &b->err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&b->session, b->engine, &b->err);
	if (status == DBRIEF_OK)
		status = dbrief_template_load(&b->tmpl, b->engine, NULL, &b->err);
	b->host.session = b->session;
	return status;
}

static void bench_close(struct bench *b)
{
	dbrief_session_free(b->session);
	dbrief_template_free(b->tmpl);
	dbrief_engine_free(b->engine);
}

static int make(struct bench *b, const char *subject, struct counter *c, int stage, struct dbrief_letter_info *info)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_sink sink;

	memset(c, 0, sizeof(*c));
	sink = counter_sink(c);
	opts.stage = stage;
	opts.info = info;
	return dbrief_letter_create(b->session, b->tmpl, subject, &sink, &opts, &b->err);
}

static void test_honest(void)
{
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	char code[DBRIEF_CASE_CODE_SIZE] = "";
	struct counter c;
	struct bench b;

	EQ(bench_open(&b, HONEST), DBRIEF_OK, "engine, session and template open");
	IS(b.err.text, "", "without a word");
	EQ(make(&b, "7", &c, DBRIEF_STAGE_PDF, &info), DBRIEF_OK, "a letter is made");
	if (b.err.text[0])
		printf("# %s: %s\n", b.err.where, b.err.text);
	EQ(c.commits, 1, "its sink is committed once");
	EQ(c.aborts, 0, "and not aborted");
	EQ(info.bytes, c.bytes, "info counts the bytes");
	EQ(info.pages, 1, "info counts the pages");
	EQ(info.records, 1, "info counts the records");
	EQ(strlen(info.sha256), 64, "info holds a sum");
	EQ(dbrief_session_case_code(b.session, "7", code, &b.err), DBRIEF_OK, "the case code is told");
	IS(info.case_code, code, "it is that of the letter");
	EQ(make(&b, "8", &c, DBRIEF_STAGE_LAYOUT, &info), DBRIEF_OK, "another letter of the same session");
	OK(strcmp(info.case_code, code) != 0, "has another case code");
	EQ(b.host.describes, 1, "describe was called once");
	EQ(b.host.opens, 1, "open was called once");
	EQ(b.host.fetches, 2, "fetch was called once for each letter");
	EQ(b.host.closes, 0, "close was not called yet");
	bench_close(&b);
	EQ(b.host.closes, 1, "close was called once");
}

static void test_lies(void)
{
	static const struct { enum lie lie; int status, cause; const char *what; } cases[] = {
		{ FOREIGN_KEY, DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "another subject's record" },
		{ NO_END, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "a fetch without its end" },
		{ UNDECLARED_FIELD, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "an undeclared field" },
		{ MISSING_FIELD, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "a missing field" },
		{ UNKNOWN_COLLECTION, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "an unknown collection" },
		{ TWICE, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "two records of one key" },
		{ BAD_TEXT, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "bytes that are not text" },
		{ BAD_VALUE, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "a value of another type" },
		{ EMPTY, DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "an unknown subject" },
		{ OWN_FAILURE, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "the connector's own failure" },
		{ DESCRIBES_MORE, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "a field described and not declared" },
		{ DESCRIBES_LESS, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "a field declared and not described" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct counter c;
		struct bench b;

		printf("# %s\n", cases[i].what);
		EQ(bench_open(&b, cases[i].lie), DBRIEF_OK, "does not fail the freeze");
		EQ(make(&b, "7654321", &c, DBRIEF_STAGE_PDF, NULL), cases[i].status, "status");
		EQ(b.err.cause, cases[i].cause, "cause");
		OK(strstr(b.err.where, "source crm") || cases[i].lie == EMPTY, "the place names the source");
		OK(!strstr(b.err.text, "7654321") && !strstr(b.err.where, "7654321"), "the identifier is not named");
		OK(!strstr(b.err.text, "999") && !strstr(b.err.text, "old"), "no value is named");
		printf("# %s: %s\n", b.err.where, b.err.text);
		EQ(c.aborts, 1, "the sink is aborted once");
		EQ(c.commits + c.writes, 0, "nothing is written");
		bench_close(&b);
		EQ(b.host.opens, b.host.closes, "every open has its close");
	}
}

static void test_after_a_lie(void)
{
	struct counter c;
	struct bench b;

	EQ(bench_open(&b, BAD_VALUE), DBRIEF_OK, "a connector with one bad record");
	EQ(make(&b, "1", &c, DBRIEF_STAGE_PDF, NULL), DBRIEF_FAILED, "its letter is held");
	b.host.lie = HONEST;
	EQ(make(&b, "2", &c, DBRIEF_STAGE_PDF, NULL), DBRIEF_OK, "the next letter is made");
	IS(b.err.text, "", "with an error record that is empty again");
	bench_close(&b);
}

static void test_own_words(void)
{
	struct counter c;
	struct bench b;

	EQ(bench_open(&b, OWN_FAILURE), DBRIEF_OK, "a connector that fails");
	EQ(make(&b, "1", &c, DBRIEF_STAGE_PDF, NULL), DBRIEF_FAILED, "holds the letter");
	IS(b.err.text, "page 3 is damaged; repair it", "its words come through");
	OK(strstr(b.err.where, "table person"), "and its place");
	bench_close(&b);
	EQ(bench_open(&b, DESCRIBE_FAILS), DBRIEF_RETRY, "a describe that fails is the status of freeze");
	IS(b.err.text, "not now; try again", "with its words");
	IS(b.err.where, "source crm / table person", "and the source in front");
	b.host.lie = HONEST;
	EQ(dbrief_engine_freeze(b.engine, &b.err), DBRIEF_OK, "freeze may be tried again");
	bench_close(&b);
	EQ(bench_open(&b, OPEN_FAILS), DBRIEF_FATAL, "an open that fails is the status of the session");
	IS(b.err.where, "source crm", "the source is named");
	bench_close(&b);
	EQ(b.host.closes, 0, "what was not opened is not closed");
}

static void test_reentry(void)
{
	struct counter c;
	struct bench b;

	EQ(bench_open(&b, CALLS_BACK), DBRIEF_OK, "a connector that calls back into its session");
	EQ(make(&b, "1", &c, DBRIEF_STAGE_PDF, NULL), DBRIEF_OK, "does no harm");
	EQ(b.host.back, DBRIEF_FATAL, "and is refused");
	bench_close(&b);
}

static void test_sinks(void)
{
	struct dbrief_sink sink;
	struct counter c = { 0 };
	struct bench b;

	EQ(bench_open(&b, HONEST), DBRIEF_OK, "for sinks that fail");
	c.fail_write = 1;
	sink = counter_sink(&c);
	EQ(dbrief_letter_create(b.session, b.tmpl, "1", &sink, NULL, &b.err), DBRIEF_FATAL, "a write that fails");
	IS(b.err.text, "no paper; add some", "its words come through");
	EQ(c.aborts, 1, "is aborted once");
	EQ(c.commits, 0, "and not committed");
	memset(&c, 0, sizeof(c));
	c.fail_commit = 1;
	EQ(dbrief_letter_create(b.session, b.tmpl, "1", &sink, NULL, &b.err), DBRIEF_FATAL, "a commit that fails");
	EQ(b.err.cause, DBRIEF_CAUSE_SINK, "has a cause");
	OK(b.err.text[0], "and a text, though the sink gave none");
	EQ(c.commits, 1, "is tried once");
	EQ(c.aborts, 1, "and aborted once");
	bench_close(&b);
}

static void test_models(void)
{
	struct dbrief_sink first, second;
	struct bench b;
	dbrief_model *model = NULL;
	size_t n1 = 0, n2 = 0;
	const void *p1, *p2;

	EQ(bench_open(&b, HONEST), DBRIEF_OK, "for models");
	EQ(dbrief_model_gather(&model, b.session, "7", &b.err), DBRIEF_OK, "a model is gathered");
	EQ(strlen(dbrief_model_case_code(model)), 14, "it has a case code");
	EQ(dbrief_sink_init_memory(&first, NULL), DBRIEF_OK, "memory");
	EQ(dbrief_model_write(model, &first, &b.err), DBRIEF_OK, "it is written");
	EQ(first.commit(first.user, NULL), DBRIEF_OK, "the caller commits");
	p1 = dbrief_sink_memory(&first, &n1);
	EQ(dbrief_sink_init_memory(&second, NULL), DBRIEF_OK, "memory");
	EQ(dbrief_letter_create(b.session, b.tmpl, "7", &second,
	    &(struct dbrief_letter_opts){ sizeof(struct dbrief_letter_opts), DBRIEF_STAGE_MODEL, 0, NULL, NULL }, &b.err),
	    DBRIEF_OK, "the stage model of the letter");
	p2 = dbrief_sink_memory(&second, &n2);
	OK(n1 > 100 && n1 == n2 && memcmp(p1, p2, n1) == 0, "has the same bytes");
	dbrief_sink_dispose(&second);
	EQ(dbrief_sink_init_memory(&second, NULL), DBRIEF_OK, "memory");
	EQ(dbrief_letter_render(b.session, b.tmpl, model, &second, NULL, &b.err), DBRIEF_OK, "a letter of a model");
	p2 = dbrief_sink_memory(&second, &n2);
	OK(n2 > 5 && memcmp(p2, "%PDF-", 5) == 0, "is a PDF");
	dbrief_sink_dispose(&second);
	dbrief_sink_dispose(&first);
	dbrief_model_free(model);
	EQ(dbrief_model_gather(&model, b.session, "7", NULL), DBRIEF_OK, "without an error record");
	dbrief_model_free(model);
	model = NULL;
	b.host.lie = NO_END;
	EQ(dbrief_model_gather(&model, b.session, "7", NULL), DBRIEF_FAILED, "held without an error record");
	OK(!model, "no model is handed out");
	bench_close(&b);
}

/* A session keeps the compiled form of a template that its owner has freed. */
static void test_templates(void)
{
	struct counter c;
	struct bench b;

	EQ(bench_open(&b, HONEST), DBRIEF_OK, "for templates");
	for (int i = 0; i < 12; i++) {
		if (make(&b, "7", &c, DBRIEF_STAGE_LETTER, NULL) != DBRIEF_OK)
			OK(0, "a letter of a template loaded again");
		dbrief_template_free(b.tmpl);
		b.tmpl = NULL;
		if (dbrief_template_load(&b.tmpl, b.engine, NULL, &b.err) != DBRIEF_OK)
			OK(0, "a template is loaded again");
	}
	OK(1, "templates come and go");
	bench_close(&b);
}

int main(void)
{
	test_honest();
	test_lies();
	test_after_a_lie();
	test_own_words();
	test_reentry();
	test_sinks();
	test_models();
	test_templates();
	return tap_done();
}
