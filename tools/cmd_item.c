/* SPDX-License-Identifier: MIT */
/* datenbrief item: a code from a reply slip back to source, record and field. */
#include <stdio.h>
#include "cli.h"

enum { CONFIG, DATE, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the letter, or of the year after (default: today, UTC)", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

/* Keys come from the data: no control characters reach the terminal. */
static void put_line(const char *name, const char *value, const char *label)
{
	(void)printf("%-12s", name);
	for (; *value; value++)
		(void)putchar((unsigned char)*value < 0x20 || *value == 0x7f ? '?' : *value);
	if (label && label[0])
		(void)printf(" (%s)", label);
	(void)putchar('\n');
}

static void print_item(void *ctx, const struct dbrief_item *item)
{
	(void)ctx;
	put_line("source", item->source, NULL);
	put_line("collection", item->collection, item->collection_label);
	put_line("record", item->record_key ? item->record_key : "-", item->record_key ? NULL : "has no key that may be shown");
	if (item->field)
		put_line("field", item->field, item->field_label);
	else
		put_line("field", "-", "the whole record");
}

static int run(const struct command *command, int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct arguments args;
	struct client client;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	code = client_open(&client, &(struct client_opts){ args.value[CONFIG], args.value[DATE], NULL, args.sources, args.n_sources, false });
	if (code != EXIT_DONE)
		return code;
	if (dbrief_item_find(client.session, args.argument, args.second, print_item, NULL, &err) != DBRIEF_OK)
		code = report(&err);
	client_close(&client);
	if (fflush(stdout) != 0) {
		message("standard output", "cannot be written to; check where it goes");
		code = EXIT_FATAL;
	}
	return code;
}

const struct command command_item = {
	"item", "CASE ITEM", "Take a code from a reply slip back to source, record and field.", options,
	"CASE is the case code of the letter, ITEM the code beside an entry or field. A mistyped code is\n"
	"refused by its check character. The value itself is not printed. Codes follow the data as they\n"
	"are now: when entries came or went since the letter, compare with the letter first.\n",
	"  datenbrief item -c datenbrief.xml K7Q3-9XB2-ABC1 B07-4-L\n",
	run
};
