/* SPDX-License-Identifier: MIT */
/* report.pdf: the figures of a run as a document, and the command that writes it. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "runs.h"

static int write_report(struct runs *runs, const struct runs_args *args, const char *tmpl, const char *lang,
    struct dbrief_error *err)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct press press = { NULL, NULL, NULL };
	struct dbrief_sink sink;
	dbrief_model *model = NULL;
	char path[PATH_MAX];
	int status = dbrief_model_run(&model, runs->run, lang, err);

	memset(&sink, 0, sizeof(sink));
	opts.no_attachment = 1; /* there is no person whose data could be attached */
	if (status == DBRIEF_OK)
		status = press_open(&press, tmpl, runs->plan.date, err);
	(void)snprintf(path, sizeof(path), "%s/report.pdf", args->folder); /* plan.db was opened by a name as long, so it fits */
	if (status == DBRIEF_OK)
		status = dbrief_sink_init_file(&sink, path, err);
	if (status == DBRIEF_OK)
		status = dbrief_letter_render(press.session, press.tmpl, model, &sink, &opts, err);
	dbrief_sink_dispose(&sink);
	press_close(&press);
	dbrief_model_free(model);
	return status;
}

int runs_report(struct runs *runs, const struct runs_args *args)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const char *lang = args->report_lang ? args->report_lang : "de";
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/report-%.8s/report.xml", templates_folder(), lang);

	if (!args->report_template && (len >= (int)sizeof(path) || access(path, R_OK) != 0)) {
		message(path, "the template of the run report is missing, so report.pdf is not written; install it, or set DATENBRIEF_TEMPLATES");
		return EXIT_DONE;
	}
	if (write_report(runs, args, args->report_template ? args->report_template : path, lang, &err) == DBRIEF_OK)
		return EXIT_DONE;
	return report_end(&err);
}

int runs_samples(struct runs *runs, const struct runs_args *args)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (!dbrief_run_is_held(runs->run))
		return EXIT_DONE;
	if (dbrief_run_samples(runs->run, "Muster \xE2\x80\x93 nicht versenden", 3, &err) != DBRIEF_OK)
		return report_end(&err);
	message(args->folder, "held: the letters wait in unreleased/; let the second person look at samples/ and report.pdf, "
	    "then run datenbrief release");
	return EXIT_DONE;
}

/* ---- datenbrief report ---- */

enum { CONFIG, OUTPUT, SOURCE, LANG, TEMPLATE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the run", true, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "as it was planned with; may be repeated", false, true },
	[LANG] = { 0, "lang", "LANG", "de|en", "language of the report (default: de)", false, false },
	[TEMPLATE] = { 0, "template", "FILE", NULL, "another template than the one that comes with the program", false, false },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int run(const struct command *command, int argc, char **argv)
{
	struct runs_args a = { 0 };
	struct arguments args;
	struct runs r;
	bool found;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	a.config = args.value[CONFIG];
	a.folder = args.value[OUTPUT];
	a.sources = args.sources;
	a.n_sources = args.n_sources;
	a.report_lang = args.value[LANG];
	a.report_template = args.value[TEMPLATE];
	memset(&r, 0, sizeof(r));
	code = runs_find_plan(a.folder, &r.plan, &found);
	if (code == EXIT_DONE)
		code = runs_open_client(&r, &a, found, false);
	if (code == EXIT_DONE)
		code = runs_open(&r, &a, DBRIEF_RUN_SHARED);
	if (code == EXIT_DONE)
		code = runs_report(&r, &a);
	runs_close(&r);
	return code;
}

const struct command command_report = {
	"report", NULL, "Write the report of a run.", options,
	"DIR/report.pdf shows letters, pages, sheets, envelopes, reasons of held letters, what the letters\n"
	"show of each source, lots and time. It holds no customer's value. run writes it, too.\n",
	"  datenbrief report -c datenbrief.xml -o out --lang en\n",
	run
};
