/* SPDX-License-Identifier: MIT */
/* datenbrief register: the records of processing activities (Art. 30 GDPR) as a document. */
#include <stdio.h>
#include "cli.h"

enum { CONFIG, OUTPUT, LANG, TEMPLATE, STOP_AFTER, DATE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "FILE", NULL, "where the document goes (default: standard output)", false, false },
	[LANG] = { 0, "lang", "LANG", "de|en", "language of the document (default: de)", false, false },
	[TEMPLATE] = { 0, "template", "FILE", NULL, "another template than the one that comes with the program", false, false },
	[STOP_AFTER] = { 0, "stop-after", "STAGE", "model|letter|layout|pdf", "write this stage instead of the PDF",
	    false, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the document (default: today, UTC)", false, false },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

/*
 * Two engines: one reads the configuration and is never frozen, so that no
 * source is asked; the other sets the document.
 */
struct printing {
	dbrief_engine *config;
	struct press press;
	dbrief_model *model;
};

static int prepare(struct printing *p, const struct arguments *args, const char *tmpl, struct dbrief_error *err)
{
	struct dbrief_engine_opts o = DBRIEF_ENGINE_OPTS_INIT;
	int status;

	o.date = args->value[DATE];
	o.templates = templates_folder();
	status = dbrief_engine_load(&p->config, args->value[CONFIG], &o, err);
	if (status == DBRIEF_OK)
		status = dbrief_model_register(&p->model, p->config, args->value[LANG] ? args->value[LANG] : "de", err);
	if (status == DBRIEF_OK)
		status = press_open(&p->press, tmpl, args->value[DATE], err);
	return status;
}

static void dispose(struct printing *p)
{
	press_close(&p->press);
	dbrief_model_free(p->model);
	dbrief_engine_free(p->config);
}

static int print(struct printing *p, const struct arguments *args)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct output output;
	int code;

	opts.stage = stage_of(args->value[STOP_AFTER]);
	opts.no_attachment = 1; /* there is no person whose data could be attached */
	code = output_open(&output, args->value[OUTPUT], opts.stage == DBRIEF_STAGE_PDF);
	if (code == EXIT_DONE && dbrief_letter_render(p->press.session, p->press.tmpl, p->model, &output.sink, &opts, &err) != DBRIEF_OK)
		code = report(&err);
	return output_close(&output, code);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct printing p = { NULL, { NULL, NULL, NULL }, NULL };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct arguments args;
	char path[1100];
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	(void)snprintf(path, sizeof(path), "%s/register-%s/register.xml", templates_folder(),
	    args.value[LANG] ? args.value[LANG] : "de");
	if (prepare(&p, &args, args.value[TEMPLATE] ? args.value[TEMPLATE] : path, &err) == DBRIEF_OK)
		code = print(&p, &args);
	else
		code = report(&err);
	dispose(&p);
	return code;
}

const struct command command_register = {
	"register", NULL, "Print the register of processing activities (Art. 30 GDPR).", options,
	"Everything comes from the configuration and its register; no source is asked. The template\n"
	"is the installed one, register-de or register-en; --template names another.\n",
	"  datenbrief register -c datenbrief.xml -o register.pdf\n"
	"  datenbrief register -c datenbrief.xml --lang en -o register.pdf\n",
	run
};
