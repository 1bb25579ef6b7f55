/* SPDX-License-Identifier: MIT */
/* datenbrief letter: one customer's letter. */
#include <string.h>
#include "cli.h"

enum { CONFIG, OUTPUT, STOP_AFTER, DATE, MODE, SOURCE, DELIVERY };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "FILE", NULL, "where the letter goes (default: standard output)", false, false },
	[STOP_AFTER] = { 0, "stop-after", "STAGE", "model|letter|layout|pdf", "write this stage instead of the PDF",
	    false, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the letter (default: today, UTC)", false, false },
	[MODE] = { 0, "mode", "MODE", "yearly|request", "yearly letter, or answer to a request (Art. 15 GDPR)", false,
	    false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	DELIVERY_OPTIONS,
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int make(struct client *client, const char *subject, struct output *output, int stage)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	opts.stage = stage;
	opts.info = &info;
	if (dbrief_letter_create(client->session, client->tmpl, subject, &output->sink, &opts, &err) != DBRIEF_OK)
		return report(&err);
	if (info.replaced)
		message("warning", "%u character%s no text and replaced or left out, as the configuration allows; the model names the source",
		    info.replaced, info.replaced == 1 ? " was" : "s were");
	if (info.suspect)
		message("warning", "%u value%s as if read in a wrong charset; check the charset of the sources with datenbrief check",
		    info.suspect, info.suspect == 1 ? " looks" : "s look");
	return EXIT_DONE;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct arguments args;
	struct client client;
	struct output output;
	int stage, code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	stage = stage_of(args.value[STOP_AFTER]);
	code = client_open_delivery(&client, &(struct client_opts){ args.value[CONFIG], args.value[DATE], args.value[MODE],
	    args.sources, args.n_sources, false }, &args.value[DELIVERY]);
	if (code != EXIT_DONE)
		return code;
	code = output_open(&output, args.value[OUTPUT], stage == DBRIEF_STAGE_PDF);
	if (code == EXIT_DONE)
		code = make(&client, args.argument, &output, stage);
	code = output_close(&output, code);
	client_close(&client);
	return code;
}

const struct command command_letter = {
	"letter", "ID", "Make the letter of one customer.", options,
	"The file appears whole or not at all. When anything is missing or undeclared, there is\n"
	"no letter: the message names the place and what to do, and the exit status is 1.\n",
	"  datenbrief letter -c datenbrief.xml 1001 -o letter.pdf\n"
	"  datenbrief letter -c datenbrief.xml 1001 --stop-after model | less\n"
	"  datenbrief letter -c datenbrief.xml 1001 --source crm=sqlite:copy.db -o letter.pdf\n",
	run
};
