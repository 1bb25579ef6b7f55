/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of the library's own fails once, and once with all after
 * it: the letter is then the right one or none, its sink ended exactly once,
 * and the same session makes the next letter as if nothing had happened.
 */
#include "host.h"
#include "util/mem.h"

struct bench {
	struct host host;
	dbrief_engine *engine;
	dbrief_session *session;
	dbrief_template *tmpl;
};

static int bench_open(struct bench *b)
{
	struct dbrief_connector connector;
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	char path[1024];
	int status;

	memset(b, 0, sizeof(*b));
	connector = host_connector(&b->host);
	opts.date = "2026-11-23";
	status = dbrief_engine_load(&b->engine, fixture_path(path, sizeof(path), "host.xml"), &opts, NULL);
	if (status == DBRIEF_OK)
		status = dbrief_engine_add_connector(b->engine, "crm", &connector, NULL);
	if (status == DBRIEF_OK)
		status = dbrief_template_load(&b->tmpl, b->engine, NULL, NULL);
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(b->engine, NULL);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&b->session, b->engine, NULL);
	return status;
}

static void bench_close(struct bench *b)
{
	dbrief_session_free(b->session);
	dbrief_template_free(b->tmpl);
	dbrief_engine_free(b->engine);
}

static int make(struct bench *b, struct counter *c, char sum[65])
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_sink sink;
	int status;

	memset(c, 0, sizeof(*c));
	sink = counter_sink(c);
	opts.info = &info;
	status = dbrief_letter_create(b->session, b->tmpl, "7", &sink, &opts, NULL);
	memcpy(sum, info.sha256, 65);
	return status;
}

/* Letters: the session goes on after each failure. */
static void test_letters(bool forever)
{
	int wrong = 0, ends = 0, lasting = 0, held = 0;
	char want[65], sum[65];
	struct counter c;
	struct bench b;
	unsigned long n, count;

	if (bench_open(&b) != DBRIEF_OK || make(&b, &c, want) != DBRIEF_OK) {
		OK(0, "a letter without failures");
		bench_close(&b);
		return;
	}
	count = dbi_mem_count();
	(void)make(&b, &c, sum);
	count = dbi_mem_count() - count;
	for (n = 1; n <= count + 2; n++) {
		int status;

		dbi_mem_fail_at(n, forever);
		status = make(&b, &c, sum);
		dbi_mem_fail_at(0, false);
		if (status == DBRIEF_OK)
			wrong += strcmp(sum, want) != 0;
		else
			held++;
		ends += c.commits + c.aborts != 1;
		if (make(&b, &c, sum) != DBRIEF_OK || strcmp(sum, want) != 0)
			lasting++;
	}
	printf("# %lu allocations a letter, %d letters held\n", count, held);
	OK(held > 0, forever ? "memory that stays out holds letters" : "a failed allocation holds letters");
	EQ(wrong, 0, "no wrong letter is delivered");
	EQ(ends, 0, "every sink ends once");
	EQ(lasting, 0, "the next letter is right");
	bench_close(&b);
}

/* The first letter of a session, which compiles and caches. */
static void test_first_letter(void)
{
	int wrong = 0, held = 0, lasting = 0;
	char want[65], sum[65];
	struct counter c;
	struct bench b;
	unsigned long n, count;

	if (bench_open(&b) != DBRIEF_OK)
		OK(0, "a start without failures");
	count = dbi_mem_count();
	if (make(&b, &c, want) != DBRIEF_OK)
		OK(0, "a letter without failures");
	count = dbi_mem_count() - count;
	for (n = 1; n <= count; n++) {
		int status;

		dbrief_session_free(b.session);
		if (dbrief_session_new(&b.session, b.engine, NULL) != DBRIEF_OK)
			OK(0, "a session without failures");
		dbi_mem_fail_at(n, false);
		status = make(&b, &c, sum);
		dbi_mem_fail_at(0, false);
		if (status == DBRIEF_OK)
			wrong += strcmp(sum, want) != 0;
		else
			held++;
		if (make(&b, &c, sum) != DBRIEF_OK || strcmp(sum, want) != 0)
			lasting++;
	}
	printf("# %lu allocations in a first letter, %d letters held\n", count, held);
	OK(held > 0, "a failed allocation holds the first letter of a session");
	EQ(wrong, 0, "no wrong first letter is delivered");
	EQ(lasting, 0, "the second letter is right");
	bench_close(&b);
}

/* Start-up: a sample, since it reads fonts each time. */
static void test_start(void)
{
	unsigned long count = dbi_mem_count(), step;
	int failed = 0, open = 0;
	struct bench b;

	if (bench_open(&b) != DBRIEF_OK)
		OK(0, "a start without failures");
	bench_close(&b);
	count = dbi_mem_count() - count;
	step = count / 150 + 1;
	for (unsigned long n = 1; n <= count; n += step) {
		dbi_mem_fail_at(n, false);
		failed += bench_open(&b) != DBRIEF_OK;
		dbi_mem_fail_at(0, false);
		bench_close(&b);
		open += b.host.opens - b.host.closes;
	}
	printf("# %lu allocations, %d of %lu starts failed\n", count, failed, count / step + 1);
	OK(failed > 0, "a failed allocation fails the start");
	EQ(open, 0, "every cursor is closed");
}

int main(void)
{
	test_letters(false);
	test_letters(true);
	test_first_letter();
	test_start();
	return tap_done();
}
