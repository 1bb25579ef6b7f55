/* SPDX-License-Identifier: MIT */
/* datenbrief run: the letters of all customers; plan, render, merge and verify in one. */
#include <string.h>
#include "runs.h"
#include "supervisor.h"

enum { CONFIG, OUTPUT, LIMIT, DATE, MODE, JOBS, FORM, LOT_SIZE, LOT_SHEETS, DUPLEX, DUE, AGAIN, HOLD, PROGRESS, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the results, made if absent", true, false },
	[LIMIT] = { 0, "limit", "N", NULL, "stop after the first N customers", false, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the letters (default: the plan's, or today, UTC)", false, false },
	[MODE] = { 0, "mode", "MODE", "yearly|request", "yearly letter, or answer to a request (Art. 15 GDPR)", false,
	    false },
	[JOBS] = { 'j', "jobs", "N", NULL, "threads (default: one for each processor)", false, false },
	[FORM] = { 0, "form", "FORM", "files|lots", "one file a letter (the default), or lots of many letters", false, false },
	[LOT_SIZE] = { 0, "lot-size", "N", NULL, "letters of a lot (default: 25000)", false, false },
	[LOT_SHEETS] = { 0, "lot-sheets", "N", NULL, "sheets of a lot, printed on both sides", false, false },
	[DUPLEX] = { 0, "duplex", "YES-NO", "yes|no", "each letter of a lot begins on a front", false, false },
	[DUE] = { 0, "due", NULL, NULL, "only who had no letter in the twelve months before", false, false },
	[AGAIN] = { 0, "again", "REASON", NULL, "why some get another letter within twelve months", false, false },
	[HOLD] = { 0, "hold-release", "KEY.pub", NULL, "keep the letters aside until the key's owner releases them", false, false },
	[PROGRESS] = { 0, "progress", "KIND", "auto|bar|json|none", "what is shown on standard error", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int render_all(struct runs *r, const struct runs_args *args, struct supervised *s)
{
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int code = EXIT_DONE;

	if (dbrief_run_status(args->folder, DBRIEF_SHARDS_ALL, &counts, &err) != DBRIEF_OK)
		return report_end(&err);
	progress_start(&r->progress, args->progress, (size_t)counts.planned, (size_t)(counts.written + counts.held), (size_t)counts.held);
	/* Nothing is left: the journals stay as they are, since the report takes the time from them. */
	for (unsigned k = 0; counts.left && code == EXIT_DONE && k < r->plan.shards; k++)
		code = runs_render(r, args, k, s);
	progress_clear(&r->progress);
	if (code != EXIT_DONE)
		progress_end(&r->progress, code == EXIT_TEMPORARY ? "interrupted" : "stopped", args->folder);
	return code;
}

static int finish(struct runs *r, const struct runs_args *args)
{
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	int code = runs_merge(r, &counts);

	if (code == EXIT_DONE)
		code = runs_verify(r, &counts);
	if (code == EXIT_DONE)
		(void)runs_report(r, args); /* a line says what is wrong with it; the letters are all right */
	r->progress.replaced = counts.replaced;
	r->progress.replaced_letters = counts.replaced_letters;
	progress_end(&r->progress, code == EXIT_DONE ? "done" : code == EXIT_TEMPORARY ? "interrupted" : "stopped", args->folder);
	if (code == EXIT_DONE)
		code = runs_samples(r, args);
	return code == EXIT_DONE && counts.held ? EXIT_HELD : code;
}

/* *other: somebody else made the plan while we were about to. */
static int attempt(const struct runs_args *args, struct supervised *s, bool *other)
{
	struct runs r;
	bool found;
	int code;

	memset(&r, 0, sizeof(r));
	code = runs_find_plan(args->folder, &r.plan, &found);
	if (code == EXIT_DONE && found)
		code = runs_check_plan(&r.plan, args);
	if (code == EXIT_DONE)
		code = runs_open_client(&r, args, found, true);
	if (code == EXIT_DONE && !found)
		code = runs_make_plan(&r, args, other);
	if (code == EXIT_DONE)
		code = runs_open(&r, args, DBRIEF_RUN_ALONE);
	if (code == EXIT_DONE)
		code = render_all(&r, args, s);
	if (code == EXIT_DONE)
		code = finish(&r, args);
	runs_close(&r);
	return code;
}

static int work(void *ctx, struct supervised *s)
{
	bool other = false;
	int code = attempt(ctx, s, &other);

	return other ? attempt(ctx, s, &other) : code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct arguments args;
	struct runs_args a = { 0 };
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	a.config = args.value[CONFIG];
	a.folder = args.value[OUTPUT];
	a.date = args.value[DATE];
	a.mode = args.value[MODE];
	a.form = args.value[FORM];
	a.progress = args.value[PROGRESS];
	a.release_key = args.value[HOLD];
	a.due = args.value[DUE] != NULL;
	a.again = args.value[AGAIN];
	a.sources = args.sources;
	a.n_sources = args.n_sources;
	if (args.value[LIMIT] && !options_number(command, "limit", args.value[LIMIT], 1, 2000000000, &a.limit))
		return EXIT_USAGE;
	if (args.value[JOBS] && !options_number(command, "jobs", args.value[JOBS], 1, DBRIEF_BATCH_THREADS_MAX, &a.threads))
		return EXIT_USAGE;
	if (!runs_read_lots(&a, command, args.value[LOT_SIZE], args.value[LOT_SHEETS], args.value[DUPLEX]))
		return EXIT_USAGE;
	return supervise(work, &a);
}

const struct command command_run = {
	"run", NULL, "Make the letters of all customers.", options,
	"DIR holds afterwards:\n"
	"  letters/CASE.pdf   one letter a customer, named by its case code; with --form lots instead\n"
	"  lots/lot-NNNNN.pdf many letters a file, by envelope, in the order of the post\n"
	"  manifest.csv       the letters in the order of the post: case, file, pages, sheets, bytes,\n"
	"                     SHA-256, first page, envelope and weight in grams (both estimated),\n"
	"                     characters replaced since they were no text (bad-bytes, controls)\n"
	"  held.csv           letters that were not made, and why\n"
	"  report.pdf         figures of the run, without a customer's value\n"
	"  plan.db, journal/  what was planned and done; keep them, they prove that nobody is left out\n"
	"The folder must belong to its owner alone; it and the files are private. A run may be stopped\n"
	"or killed at any moment: the same command goes on where it was. Ctrl-C finishes the letters at\n"
	"work; the exit status is then 75. A run that is complete is verified again and\n"
	"changes nothing. Where the configuration has a <ledger>, a run that would give somebody a second\n"
	"letter within twelve months is refused without --due or --again.\n"
	"A held letter stays held in this folder. datenbrief item tells whose case code held.csv has; when\n"
	"the cause is mended, run --due into a new folder makes exactly these (with a <ledger>), or\n"
	"datenbrief letter makes each.\n",
	"  datenbrief run -c datenbrief.xml -o out\n"
	"  datenbrief run -c datenbrief.xml -o test --limit 10 --date 2026-01-31\n"
	"  datenbrief run -c datenbrief.xml -o print --form lots --lot-size 5000 --duplex yes\n",
	run
};
