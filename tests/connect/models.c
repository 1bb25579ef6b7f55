/* SPDX-License-Identifier: MIT */
/*
 * Writes the models of all customers to standard output, gathered one by one
 * or in chunks:
 *   models one|many CONFIG [ID=URL]
 * or tells what gathering costs, with nothing written:
 *   models time-one|time-many CONFIG [ID=URL]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <datenbrief.h>

#define CHUNK 256

struct ids {
	char **id;
	size_t n, room;
};

static int add_id(void *ctx, const char *subject)
{
	struct ids *ids = ctx;

	if (ids->n == ids->room) {
		ids->room = ids->room ? 2 * ids->room : 256;
		ids->id = realloc(ids->id, ids->room * sizeof(*ids->id));
		if (!ids->id)
			exit(3);
	}
	ids->id[ids->n] = strdup(subject);
	return ids->id[ids->n++] == NULL;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int complain(int status, const struct dbrief_error *err)
{
	if (status != DBRIEF_OK)
		printf("# %s, %s: %s: %s\n", dbrief_status_name(err->status), dbrief_cause_name(err->cause), err->where, err->text);
	return status;
}

static int one_model(dbrief_session *session, const char *id, int write)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink;
	dbrief_model *model = NULL;
	int status = dbrief_model_gather(&model, session, id, &err);

	if (status == DBRIEF_OK && write) {
		status = dbrief_sink_init_memory(&sink, &err);
		if (status == DBRIEF_OK)
			status = dbrief_model_write(model, &sink, &err);
		if (status == DBRIEF_OK)
			status = sink.commit(sink.user, &err);
		if (status == DBRIEF_OK) {
			size_t len = 0;
			const void *bytes = dbrief_sink_memory(&sink, &len);

			(void)fwrite(bytes, 1, len, stdout);
			(void)putchar('\n');
		}
		dbrief_sink_dispose(&sink);
	}
	dbrief_model_free(model);
	return complain(status, &err);
}

static int all_models(dbrief_session *session, const struct ids *ids, int many, int write)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int status = DBRIEF_OK;

	for (size_t i = 0; i < ids->n && (status == DBRIEF_OK || status == DBRIEF_FAILED); i++) {
		if (many && i % CHUNK == 0)
			status = complain(dbrief_session_prefetch(session, (const char *const *)ids->id + i,
			    ids->n - i < CHUNK ? ids->n - i : CHUNK, &err), &err);
		if (status == DBRIEF_OK || status == DBRIEF_FAILED)
			status = one_model(session, ids->id[i], write);
	}
	return status;
}

static double seconds(clockid_t clock)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int work(dbrief_session *session, const char *mode)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct ids ids = { NULL, 0, 0 };
	int timed = strncmp(mode, "time-", 5) == 0, many = strstr(mode, "many") != NULL;
	int status = complain(dbrief_session_list_subjects(session, add_id, &ids, &err), &err);
	double cpu, wall;

	/* Sources sort them as numbers or as texts. */
	if (ids.n)
		qsort(ids.id, ids.n, sizeof(*ids.id), compare_ids);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	wall = seconds(CLOCK_MONOTONIC);

	if (status == DBRIEF_OK)
		status = all_models(session, &ids, many, !timed);
	if (timed && ids.n)
		printf("%zu letters, CPU %.3f ms, elapsed %.3f ms each\n", ids.n,
		    (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3 / (double)ids.n,
		    (seconds(CLOCK_MONOTONIC) - wall) * 1e3 / (double)ids.n);
	for (size_t i = 0; i < ids.n; i++)
		free(ids.id[i]);
	free(ids.id);
	return status;
}

int main(int argc, char **argv)
{
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	int status;

	if (argc < 3)
		return 2;
	opts.date = "2026-11-23";
	opts.source_urls = (const char *const *)argv + 3;
	opts.n_source_urls = (size_t)argc - 3;
	status = dbrief_engine_load(&engine, argv[2], &opts, &err);
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(engine, &err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&session, engine, &err);
	(void)complain(status, &err);
	if (status == DBRIEF_OK)
		status = work(session, argv[1]);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return status == DBRIEF_OK || status == DBRIEF_FAILED ? 0 : 1;
}
