/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "runs.h"
#include "supervisor.h"

/* ---- signals: the chunks at work are finished; again a second later ends the process at once ---- */

static dbrief_run *volatile stoppable;
static volatile sig_atomic_t stop_asked;
static volatile time_t stop_at;

static void on_signal(int number)
{
	struct timespec now;

	(void)number;
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		now.tv_sec = 0;
	/* A terminal's signal and the supervisor's may be the same wish. */
	if (stop_asked && now.tv_sec > stop_at + 1)
		_exit(EXIT_TEMPORARY);
	if (!stop_asked)
		stop_at = now.tv_sec;
	stop_asked = 1;
	dbrief_run_stop(stoppable);
}

static void catch_signals(void)
{
	static const int terminal[] = { SIGINT, SIGHUP };
	struct sigaction action, before;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	/* What comes from a terminal and is ignored (under nohup, in the background of a script) stays so. */
	for (size_t i = 0; i < sizeof(terminal) / sizeof(terminal[0]); i++)
		if (sigaction(terminal[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(terminal[i], &action, NULL);
}

/* ---- plan ---- */

int runs_find_plan(const char *folder, struct dbrief_plan_info *plan, bool *found)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int status;

	*plan = (struct dbrief_plan_info)DBRIEF_PLAN_INFO_INIT;
	status = dbrief_plan_read(folder, plan, &err);
	*found = status == DBRIEF_OK;
	return status == DBRIEF_OK || status == DBRIEF_EOF ? EXIT_DONE : report_end(&err);
}

/* A public key as release --make-key writes it. */
static int read_public_key(const char *path, char key[DBRIEF_RELEASE_KEY_SIZE])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(key, 1, DBRIEF_RELEASE_KEY_SIZE - 1, f) : 0;

	if (f)
		(void)fclose(f);
	key[n] = '\0';
	if (n == DBRIEF_RELEASE_KEY_SIZE - 1 && strspn(key, "0123456789abcdef") == n)
		return EXIT_DONE;
	message(path, "is no public key; name the .pub file that datenbrief release --make-key wrote");
	return EXIT_USAGE;
}

/* Options of lots that are given again must be those of the plan. */
static bool same_lots(const struct dbrief_plan_info *plan, const struct runs_args *a)
{
	return (!a->lot_size || (unsigned long)a->lot_size == plan->lot_letters) &&
	    (!a->lot_sheets || (unsigned long)a->lot_sheets == plan->lot_sheets) &&
	    (!a->duplex || (strcmp(a->duplex, "yes") == 0) == (plan->duplex != 0));
}

int runs_check_plan(const struct dbrief_plan_info *plan, const struct runs_args *args)
{
	char key[DBRIEF_RELEASE_KEY_SIZE];

	if (args->release_key && read_public_key(args->release_key, key) != EXIT_DONE)
		return EXIT_USAGE;
	if (args->release_key && strcmp(key, plan->release_key) != 0)
		message(args->folder, "the plan was made with%s; start again in an empty folder",
		    plan->release_key[0] ? " another key for its release" : "out --hold-release");
	else if (!same_lots(plan, args))
		message(args->folder, "the plan was made with other lots; leave out their options, or start again in an empty folder");
	else if (args->form && strcmp(args->form, plan->form) != 0)
		message(args->folder, "the plan is for --form %s; leave out --form, or start again in an empty folder", plan->form);
	else if (args->shards && (unsigned long)args->shards != plan->shards)
		message(args->folder, "the plan has %u shards; leave out --shards, or start again in an empty folder", plan->shards);
	else if (args->limit && (unsigned long)args->limit != plan->limit)
		message(args->folder, "the plan was made with another --limit; leave it out, or start again in an empty folder");
	else if (args->due && !plan->due)
		message(args->folder, "the plan was made without --due; leave it out, or start again in an empty folder");
	else if (args->again && strcmp(args->again, plan->again) != 0)
		message(args->folder, "the plan was made with%s; leave out --again, or start again in an empty folder",
		    plan->again[0] ? " another reason for second letters" : "out --again");
	else
		return EXIT_DONE;
	return EXIT_USAGE;
}

int runs_open_client(struct runs *runs, const struct runs_args *args, bool found, bool needs_sources)
{
	struct client_opts opts = { args->config, args->date, args->mode, args->sources, args->n_sources, !needs_sources };
	int code;

	if (found && !opts.date)
		opts.date = runs->plan.date;
	if (found && !opts.mode)
		opts.mode = runs->plan.mode;
	code = client_open(&runs->client, &opts);
	/* Sources and fonts are there; the threads make sessions of their own. */
	dbrief_session_free(runs->client.session);
	runs->client.session = NULL;
	return code;
}

bool runs_read_lots(struct runs_args *a, const struct command *command, const char *size, const char *sheets,
    const char *duplex)
{
	a->duplex = duplex;
	if (size && !options_number(command, "lot-size", size, 1, 1000000, &a->lot_size))
		return false;
	if (sheets && !options_number(command, "lot-sheets", sheets, 1, 10000000, &a->lot_sheets))
		return false;
	if ((size || sheets || duplex) && (!a->form || strcmp(a->form, "lots") != 0)) {
		message(command->name, "--lot-size, --lot-sheets and --duplex are for lots; add --form lots, or leave them out");
		return false;
	}
	return true;
}

int runs_make_plan(struct runs *runs, const struct runs_args *args, bool *other)
{
	struct dbrief_plan_opts opts = DBRIEF_PLAN_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char key[DBRIEF_RELEASE_KEY_SIZE];

	if (args->release_key && read_public_key(args->release_key, key) != EXIT_DONE)
		return EXIT_USAGE;
	opts.release_key = args->release_key ? key : NULL;
	opts.shards = (unsigned)args->shards;
	opts.limit = (size_t)args->limit;
	opts.form = args->form;
	opts.lot_letters = (size_t)args->lot_size;
	opts.lot_sheets = (size_t)args->lot_sheets;
	opts.due = args->due;
	opts.again = args->again;
	opts.duplex = args->duplex && strcmp(args->duplex, "yes") == 0;
	runs->plan = (struct dbrief_plan_info)DBRIEF_PLAN_INFO_INIT;
	if (dbrief_plan_create(args->folder, runs->client.engine, runs->client.tmpl, &opts, &err) != DBRIEF_OK) {
		if (other && err.cause == DBRIEF_CAUSE_CONFIG)
			*other = dbrief_plan_read(args->folder, &runs->plan, NULL) == DBRIEF_OK;
		return other && *other ? EXIT_USAGE : report_end(&err);
	}
	return dbrief_plan_read(args->folder, &runs->plan, &err) == DBRIEF_OK ? EXIT_DONE : report_end(&err);
}

/* ---- run ---- */

int runs_open(struct runs *runs, const struct runs_args *args, int access)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (dbrief_run_open(&runs->run, args->folder, runs->client.engine, runs->client.tmpl, access, &err) != DBRIEF_OK)
		return report_end(&err);
	return EXIT_DONE;
}

struct rendering { struct progress *progress; struct supervised *supervised; uint64_t held, done; };

static void on_progress(void *user, const struct dbrief_run_counts *counts)
{
	struct rendering *r = user;

	progress_step(r->progress, counts->held > r->held);
	r->held = counts->held;
}

static void on_begun(void *user)
{
	const struct rendering *r = user;

	if (r->supervised && r->supervised->shared)
		atomic_fetch_add(&r->supervised->shared->letters, 1);
}

/* Who asked to stop is told by the closing line. */
static int end_with(const struct runs *runs, const struct dbrief_error *err)
{
	progress_clear(&runs->progress);
	return err->cause == DBRIEF_CAUSE_CANCELLED && stop_asked ? EXIT_TEMPORARY : report_end(err);
}

int runs_render(struct runs *runs, const struct runs_args *args, unsigned shard, struct supervised *supervised)
{
	struct dbrief_render_opts opts = DBRIEF_RENDER_OPTS_INIT;
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct rendering r = { &runs->progress, supervised, 0, 0 };
	int status;

	if (dbrief_run_status(args->folder, shard, &counts, &err) != DBRIEF_OK)
		return report_end(&err);
	r.held = counts.held;
	opts.shard = shard;
	opts.threads = (unsigned)args->threads;
	opts.crashed = supervised && supervised->crashed;
	opts.progress = on_progress;
	opts.begun = on_begun;
	opts.user = &r;
	stoppable = runs->run;
	catch_signals();
	if (stop_asked)
		dbrief_run_stop(runs->run);
	status = dbrief_run_render(runs->run, &opts, &counts, &err);
	return status == DBRIEF_OK ? EXIT_DONE : end_with(runs, &err);
}

int runs_merge(struct runs *runs, struct dbrief_run_counts *counts)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	return dbrief_run_merge(runs->run, counts, &err) == DBRIEF_OK ? EXIT_DONE : end_with(runs, &err);
}

static void on_finding(void *user, const char *place, const char *text)
{
	unsigned *n = user;

	if (++*n <= 100)
		message(place, "%s", text);
	else if (*n == 101)
		message("verify", "more differences follow and are only counted");
}

int runs_verify(struct runs *runs, struct dbrief_run_counts *counts)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	unsigned n = 0;

	return dbrief_run_verify(runs->run, on_finding, &n, counts, &err) == DBRIEF_OK ? EXIT_DONE : end_with(runs, &err);
}

void runs_close(struct runs *runs)
{
	stoppable = NULL;
	dbrief_run_close(runs->run);
	runs->run = NULL;
	client_close(&runs->client);
}
