/* SPDX-License-Identifier: MIT */
/* Sessions in parallel on one engine and one template: the same subjects give the same bytes. */
#include <pthread.h>
#include "host.h"

#define THREADS 4
#define SUBJECTS 12

struct worker {
	pthread_t thread;
	dbrief_engine *engine;
	dbrief_template *tmpl;
	unsigned first;
	int failures;
	char sums[SUBJECTS][65];
};

static void *work(void *arg)
{
	struct worker *w = arg;
	dbrief_session *session = NULL;

	if (dbrief_session_new(&session, w->engine, NULL) != DBRIEF_OK) {
		w->failures = SUBJECTS;
		return NULL;
	}
	for (unsigned i = 0; i < SUBJECTS; i++) {
		struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
		struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
		struct counter c = { 0 };
		struct dbrief_sink sink = counter_sink(&c);
		unsigned k = (i + w->first) % SUBJECTS;
		char subject[16];

		(void)snprintf(subject, sizeof(subject), "%u", 100 + k);
		opts.info = &info;
		if (dbrief_letter_create(session, w->tmpl, subject, &sink, &opts, NULL) != DBRIEF_OK)
			w->failures++;
		memcpy(w->sums[k], info.sha256, sizeof(info.sha256));
	}
	dbrief_session_free(session);
	return NULL;
}

int main(void)
{
	struct host host = { 0 };
	dbrief_engine *engine = host_engine(&host);
	dbrief_template *tmpl = NULL;
	struct worker w[THREADS];
	int failures = 0, different = 0, equal = 0;

	memset(w, 0, sizeof(w));
	EQ(dbrief_engine_freeze(engine, NULL), DBRIEF_OK, "freeze");
	EQ(dbrief_template_load(&tmpl, engine, NULL, NULL), DBRIEF_OK, "template");
	for (unsigned i = 0; i < THREADS; i++) {
		w[i].engine = engine;
		w[i].tmpl = tmpl;
		w[i].first = i * 5;
		if (pthread_create(&w[i].thread, NULL, work, &w[i]) != 0)
			return 99;
	}
	for (unsigned i = 0; i < THREADS; i++) {
		(void)pthread_join(w[i].thread, NULL);
		failures += w[i].failures;
	}
	for (unsigned k = 0; k < SUBJECTS; k++) {
		for (unsigned i = 1; i < THREADS; i++)
			different += strcmp(w[i].sums[k], w[0].sums[k]) != 0;
		for (unsigned m = 0; m < k; m++)
			equal += strcmp(w[0].sums[k], w[0].sums[m]) == 0;
	}
	EQ(failures, 0, "every letter is made in every thread");
	EQ(different, 0, "a subject's letter is the same in every thread");
	EQ(equal, 0, "two subjects have different letters");
	EQ(host.opens, THREADS, "one cursor a thread");
	EQ(host.closes, THREADS, "each closed");
	EQ(host.fetches, THREADS * SUBJECTS, "one fetch a letter");
	dbrief_template_free(tmpl);
	dbrief_engine_free(engine);
	return tap_done();
}
