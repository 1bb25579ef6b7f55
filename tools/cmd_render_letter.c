/* SPDX-License-Identifier: MIT */
/* datenbrief render-letter: a ready letter document. */
#include "cli.h"

enum { OUTPUT, STOP_AFTER, DATE, DELIVERY };

static const struct option_spec options[] = {
	[OUTPUT] = { 'o', "output", "FILE", NULL, "where the PDF goes (default: standard output)", false, false },
	[STOP_AFTER] = { 0, "stop-after", "STAGE", "letter|layout|pdf", "write this stage instead of the PDF", false,
	    false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the document (default: today, UTC)", false, false },
	DELIVERY_OPTIONS,
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int make(struct client *client, const char *path, struct output *output, int stage)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int status;

	opts.stage = stage;
	status = dbrief_letter_render_file(client->session, path, &output->sink, &opts, &err);
	return status == DBRIEF_OK ? EXIT_DONE : report(&err);
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
	code = client_open_delivery(&client, &(struct client_opts){ .config = NULL, .date = args.value[DATE] }, &args.value[DELIVERY]);
	if (code != EXIT_DONE)
		return code;
	code = output_open(&output, args.value[OUTPUT], stage == DBRIEF_STAGE_PDF);
	if (code == EXIT_DONE)
		code = make(&client, args.argument, &output, stage);
	code = output_close(&output, code);
	client_close(&client);
	return code;
}

const struct command command_render_letter = {
	"render-letter", "LETTER.xml", "Print a ready letter document, as in mail merge.", options,
	"Pictures are looked up in the folder of the document.\n",
	"  datenbrief render-letter invitation.xml -o invitation.pdf\n"
	"  datenbrief render-letter invitation.xml --stop-after layout\n",
	run
};
