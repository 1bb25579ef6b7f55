/* SPDX-License-Identifier: MIT */
/* dbrief_batch: the same letters with any number of threads, one callback at a time, order, cancel, errors. */
#include "../api/host.h"

#define LETTERS 700

struct state {
	unsigned given, limit, delivered, held, chunks;
	unsigned inside;            /* next or result at work: never two */
	int overlaps, disorder, fail_sink_at, end_at, worst_info;
	uint64_t last;
	int status_of_result;
	char subject[16];
	char (*sums)[65];
	struct counter counters[DBRIEF_BATCH_THREADS_MAX];
	dbrief_batch *batch;
	unsigned cancel_at;
	size_t most_waiting;
};

static int next(void *user, unsigned worker, const char **subject, struct dbrief_error *err)
{
	struct state *s = user;

	s->overlaps += s->inside++ != 0;
	(void)worker;
	if (s->end_at && s->given + 1 == (unsigned)s->end_at) {
		s->inside--;
		return dbrief_error_set(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, "list", "the list is away; try again");
	}
	(void)snprintf(s->subject, sizeof(s->subject), "%u", 1000 + s->given);
	*subject = s->subject;
	s->inside--;
	return s->given++ < s->limit ? DBRIEF_OK : DBRIEF_EOF;
}

static int sink(void *user, const struct dbrief_batch_item *item, struct dbrief_sink *out, struct dbrief_error *err)
{
	struct state *s = user;

	if (s->fail_sink_at && item->seq == (uint64_t)s->fail_sink_at)
		return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_HOLD, "here", "this one is held; nothing to do");
	*out = counter_sink(&s->counters[item->worker]);
	return DBRIEF_OK;
}

static int result(void *user, const struct dbrief_batch_result *r, struct dbrief_error *err)
{
	struct state *s = user;

	s->overlaps += s->inside++ != 0;
	s->disorder += s->delivered && r->seq != s->last + 1;
	s->last = r->seq;
	s->delivered++;
	s->held += r->status != DBRIEF_OK;
	s->worst_info += r->status == DBRIEF_OK && (r->info.pages == 0 || strtoul(r->subject, NULL, 10) != 1000 + r->seq);
	if (s->sums && r->seq < LETTERS)
		memcpy(s->sums[r->seq], r->info.sha256, 65);
	if (s->cancel_at && s->delivered == s->cancel_at)
		dbrief_batch_cancel(s->batch);
	s->inside--;
	return s->status_of_result ? dbrief_error_set(err, s->status_of_result, DBRIEF_CAUSE_SINK, "list", "cannot be written; free some space") :
	    DBRIEF_OK;
}

static int chunk_done(void *user, const struct dbrief_batch_result *results, size_t n, struct dbrief_error *err)
{
	(void)user;
	(void)err;
	return n && results[n - 1].seq == results[0].seq + n - 1 ? DBRIEF_OK : DBRIEF_FATAL;
}

static dbrief_engine *engine;
static dbrief_template *tmpl;

static int run(struct state *s, unsigned threads, int ordered, struct dbrief_batch_report *report, struct dbrief_error *err)
{
	struct dbrief_batch_opts o = DBRIEF_BATCH_OPTS_INIT;
	int status;

	o.threads = threads;
	o.chunk = 16;
	o.queue = 8;
	o.ordered = ordered;
	o.tmpl = tmpl;
	o.next = next;
	o.sink = sink;
	o.chunk_done = chunk_done;
	o.result = result;
	o.user = s;
	if (dbrief_batch_new(&s->batch, engine, &o, err) != DBRIEF_OK)
		return 1;
	status = dbrief_batch_run(s->batch, report, err);
	dbrief_batch_free(s->batch);
	return status;
}

static void equal_bytes(unsigned letters)
{
	static char first[LETTERS][65], other[LETTERS][65];
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	for (unsigned threads = 1; threads <= 16; threads *= 4) {
		struct dbrief_batch_report report = DBRIEF_BATCH_REPORT_INIT;
		struct state s = { .limit = letters, .sums = threads == 1 ? first : other };
		unsigned different = 0, written = 0;

		EQ(run(&s, threads, threads != 4, &report, &err), DBRIEF_OK, "a batch ends well");
		for (unsigned i = 0; i < threads; i++)
			written += (unsigned)s.counters[i].commits;
		for (unsigned i = 0; threads > 1 && i < letters; i++)
			different += memcmp(first[i], other[i], 65) != 0;
		EQ(s.delivered, letters, "each letter has one result");
		EQ(written, letters, "and one sink");
		EQ(different, 0, "the bytes do not depend on the number of threads");
		EQ(s.overlaps, 0, "next and result are never called at once");
		EQ(s.worst_info, 0, "a result tells its own letter");
		if (threads != 4)
			EQ(s.disorder, 0, "ordered results come in order");
		EQ(report.taken, letters, "the report counts what was taken");
		EQ(report.written + report.held + report.dropped, letters, "and what became of it");
		EQ(report.threads, threads, "and the threads");
	}
}

static void ends_early(unsigned letters)
{
	struct dbrief_batch_report report = DBRIEF_BATCH_REPORT_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct state s = { .limit = letters, .cancel_at = 20 };

	EQ(run(&s, 2, 1, &report, &err), DBRIEF_RETRY, "cancelled from a callback: RETRY");
	EQ(err.cause, DBRIEF_CAUSE_CANCELLED, "with its cause");
	EQ(report.cancelled, 1, "the report says so");
	OK(s.delivered >= 20 && s.delivered < letters, "the batch ended early");
	EQ(report.written + report.held, s.delivered, "what is counted was delivered");
	EQ(report.taken, report.written + report.held + report.dropped, "and the rest is counted as dropped");

	s = (struct state){ .limit = letters, .end_at = 40 };
	EQ(run(&s, 2, 0, &report, &err), DBRIEF_RETRY, "a list that fails ends the batch with its status");
	IS(err.text, "the list is away; try again", "and its text");
	s = (struct state){ .limit = letters, .status_of_result = DBRIEF_FATAL };
	EQ(run(&s, 2, 1, &report, &err), DBRIEF_FATAL, "a result that fails ends the batch with its status");
	EQ(s.delivered, 1, "nothing is delivered after it");
	s = (struct state){ .limit = letters, .fail_sink_at = 5 };
	EQ(run(&s, 2, 1, &report, &err), DBRIEF_OK, "a held letter ends nothing");
	EQ(s.held, 1, "it has its result");
	EQ(report.held, 1, "and is counted");
	s = (struct state){ .limit = 0 };
	EQ(run(&s, 4, 1, &report, &err), DBRIEF_OK, "nobody to write to");
	EQ(s.delivered, 0, "nothing is delivered");
}

static void misuse(void)
{
	struct dbrief_batch_opts o = DBRIEF_BATCH_OPTS_INIT;
	dbrief_batch *batch = (dbrief_batch *)&o;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	EQ(dbrief_batch_new(&batch, engine, NULL, &err), DBRIEF_FATAL, "no options");
	OK(batch == NULL, "give no batch");
	EQ(dbrief_batch_new(&batch, engine, &o, &err), DBRIEF_FATAL, "no callbacks");
	o.next = next;
	o.sink = sink;
	o.tmpl = tmpl;
	o.stack = 65536;
	EQ(dbrief_batch_new(&batch, engine, &o, &err), DBRIEF_FATAL, "a stack below 1 MiB");
	o.stack = 0;
	o.threads = 100000;
	EQ(dbrief_batch_new(&batch, engine, &o, &err), DBRIEF_FATAL, "too many threads");
	EQ(dbrief_batch_new(NULL, engine, &o, &err), DBRIEF_FATAL, "no place for the batch");
	EQ(dbrief_batch_run(NULL, NULL, &err), DBRIEF_FATAL, "no batch to run");
	dbrief_batch_cancel(NULL);
	dbrief_batch_free(NULL);
}

int main(void)
{
	struct host host = { 0 };
	unsigned letters = getenv("DATENBRIEF_SLOW") ? 60 : LETTERS;

	engine = host_engine(&host);
	EQ(dbrief_engine_freeze(engine, NULL), DBRIEF_OK, "freeze");
	EQ(dbrief_template_load(&tmpl, engine, NULL, NULL), DBRIEF_OK, "template");
	equal_bytes(letters);
	ends_early(letters > 200 ? 200 : letters);
	misuse();
	EQ(host.opens, host.closes, "every cursor was closed");
	dbrief_template_free(tmpl);
	dbrief_engine_free(engine);
	return tap_done();
}
