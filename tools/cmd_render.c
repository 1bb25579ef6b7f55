/* SPDX-License-Identifier: MIT */
/* datenbrief render: the letters of one shard of a plan. */
#include <stdlib.h>
#include <string.h>
#include "runs.h"
#include "supervisor.h"

enum { CONFIG, OUTPUT, SHARD, JOBS, PROGRESS, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the run, with its plan", true, false },
	[SHARD] = { 0, "shard", "K/N", NULL, "part K (from 0) of the plan's N, or auto (default: 0/1)", false, false },
	[JOBS] = { 'j', "jobs", "N", NULL, "threads (default: one for each processor)", false, false },
	[PROGRESS] = { 0, "progress", "KIND", "auto|bar|json|none", "what is shown on standard error", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "as it was planned with; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

struct rendering { struct runs_args args; const char *shard; };

/* Decimal digits only; false also when it is too large to be a shard. */
static bool number(const char *s, const char *end, unsigned *out)
{
	*out = 0;
	if (s == end)
		return false;
	for (; s < end; s++) {
		if (*s < '0' || *s > '9' || *out > DBRIEF_SHARDS_MAX)
			return false;
		*out = *out * 10 + (unsigned)(*s - '0');
	}
	return true;
}

static int wrong(const char *what)
{
	message("--shard", "%s", what);
	return EXIT_USAGE;
}

/* N comes from the plan alone: an array that was submitted in part has another count. */
static int from_environment(unsigned *k)
{
	const char *job = getenv("JOB_COMPLETION_INDEX"), *slurm = getenv("SLURM_ARRAY_TASK_ID");
	unsigned a = 0, b = 0;

	if (!job && !slurm)
		return wrong("auto needs JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID in the environment; write K/N");
	if ((job && !number(job, job + strlen(job), &a)) || (slurm && !number(slurm, slurm + strlen(slurm), &b)))
		return wrong("JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID is no number from 0; write K/N");
	if (job && slurm && a != b)
		return wrong("JOB_COMPLETION_INDEX and SLURM_ARRAY_TASK_ID disagree; unset one of them");
	*k = job ? a : b;
	return EXIT_DONE;
}

static int choose_shard(const char *text, const struct dbrief_plan_info *plan, unsigned *k)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	unsigned n = plan->shards;
	int code = EXIT_DONE;

	*k = 0;
	if (!text && plan->shards > 1)
		return wrong("the plan has several shards; say which one, as K/N or auto");
	if (text && strcmp(text, "auto") == 0)
		code = from_environment(k);
	else if (text && (!slash || !number(text, slash, k) || !number(slash + 1, slash + strlen(slash), &n)))
		return wrong("write K/N with K from 0, or auto");
	if (code != EXIT_DONE)
		return code;
	if (n != plan->shards) {
		message("--shard", "the plan has %u shards, not %u; write K/%u", plan->shards, n, plan->shards);
		return EXIT_USAGE;
	}
	if (*k >= plan->shards) {
		message("--shard", "there is no shard %u; the plan's go from 0 to %u", *k, plan->shards - 1);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

static int render(struct runs *r, const struct runs_args *args, unsigned shard, struct supervised *s)
{
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int code;

	if (dbrief_run_status(args->folder, shard, &counts, &err) != DBRIEF_OK)
		return report_end(&err);
	progress_start(&r->progress, args->progress, (size_t)counts.planned, (size_t)(counts.written + counts.held), (size_t)counts.held);
	code = runs_render(r, args, shard, s);
	progress_end(&r->progress, code == EXIT_DONE ? "done" : code == EXIT_TEMPORARY ? "interrupted" : "stopped", args->folder);
	return code == EXIT_DONE && r->progress.held ? EXIT_HELD : code;
}

static int work(void *ctx, struct supervised *s)
{
	const struct rendering *how = ctx;
	unsigned shard = 0;
	struct runs r;
	bool found;
	int code;

	memset(&r, 0, sizeof(r));
	code = runs_find_plan(how->args.folder, &r.plan, &found);
	if (code == EXIT_DONE && !found) {
		message(how->args.folder, "there is no plan; make one with datenbrief plan");
		code = EXIT_USAGE;
	}
	if (code == EXIT_DONE)
		code = choose_shard(how->shard, &r.plan, &shard);
	if (code == EXIT_DONE)
		code = runs_open_client(&r, &how->args, true, true);
	if (code == EXIT_DONE)
		code = runs_open(&r, &how->args, DBRIEF_RUN_SHARED);
	if (code == EXIT_DONE)
		code = render(&r, &how->args, shard, s);
	runs_close(&r);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct rendering how;
	struct arguments args;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	memset(&how, 0, sizeof(how));
	how.args.config = args.value[CONFIG];
	how.args.folder = args.value[OUTPUT];
	how.args.progress = args.value[PROGRESS];
	how.args.sources = args.sources;
	how.args.n_sources = args.n_sources;
	how.shard = args.value[SHARD];
	if (args.value[JOBS] && !options_number(command, "jobs", args.value[JOBS], 1, DBRIEF_BATCH_THREADS_MAX, &how.args.threads))
		return EXIT_USAGE;
	return supervise(work, &how);
}

const struct command command_render = {
	"render", NULL, "Make the letters of one shard of a plan.", options,
	"Several shards may be rendered at once, also on several machines that share DIR. A second attempt\n"
	"at the same shard takes over: the older one publishes nothing more and ends with exit status 3.\n"
	"auto takes K from JOB_COMPLETION_INDEX (Kubernetes) or SLURM_ARRAY_TASK_ID (Slurm), and N from\n"
	"the plan.\n",
	"  datenbrief render -c datenbrief.xml -o out --shard 3/16\n"
	"  sbatch --array=0-15 --wrap 'datenbrief render -c datenbrief.xml -o out --shard auto'\n",
	run
};
