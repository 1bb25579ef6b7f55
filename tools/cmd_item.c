/* SPDX-License-Identifier: MIT */
/* datenbrief item: a code from a reply slip back to source, record and field. */
#include <stdio.h>
#include <string.h>
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

/* ---- a case code alone, such as held.csv has: whose it is ---- */

struct whose { dbrief_session *session; char code[DBRIEF_CASE_CODE_SIZE]; bool found; };

/* Letters and digits, as people type them. */
static void plain_code(char out[DBRIEF_CASE_CODE_SIZE], const char *text)
{
	size_t n = 0;

	for (; *text && n < DBRIEF_CASE_CODE_SIZE - 1; text++)
		if ((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z'))
			out[n++] = *text;
		else if (*text >= 'a' && *text <= 'z')
			out[n++] = (char)(*text - 'a' + 'A');
	out[n] = '\0';
}

static int compare_case(void *ctx, const char *subject)
{
	struct whose *w = ctx;
	char code[DBRIEF_CASE_CODE_SIZE], plain[DBRIEF_CASE_CODE_SIZE];

	if (dbrief_session_case_code(w->session, subject, code, NULL) != DBRIEF_OK)
		return 0;
	plain_code(plain, code);
	w->found = strcmp(plain, w->code) == 0;
	if (w->found)
		put_line("customer", subject, NULL);
	return w->found;
}

static int find_customer(dbrief_session *session, const char *code)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct whose w = { session, "", false };
	int status;

	plain_code(w.code, code);
	status = dbrief_session_list_subjects(session, compare_case, &w, &err);
	if (w.found)
		return EXIT_DONE;
	if (status != DBRIEF_OK)
		return report_end(&err);
	message("item", "nobody has this case code in that year; compare it with the letter or held.csv, or give the letters' --date");
	return EXIT_HELD;
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
	if (!args.second)
		code = find_customer(client.session, args.argument);
	else if (dbrief_item_find(client.session, args.argument, args.second, print_item, NULL, &err) != DBRIEF_OK)
		code = report(&err);
	client_close(&client);
	if (fflush(stdout) != 0) {
		message("standard output", "cannot be written to; check where it goes");
		code = EXIT_FATAL;
	}
	return code;
}

const struct command command_item = {
	"item", "CASE [ITEM]", "Take a code from a reply slip back to source, record and field.", options,
	"CASE is the case code of the letter, ITEM the code beside an entry or field. Without ITEM the\n"
	"customer's identifier is printed, for instance of a line of held.csv. A mistyped code is\n"
	"refused by its check character. The value itself is not printed. Codes follow the data as they\n"
	"are now: when entries came or went since the letter, compare with the letter first.\n",
	"  datenbrief item -c datenbrief.xml K7Q3-9XB2-ABC1 B07-4-L\n"
	"  datenbrief item -c datenbrief.xml K7Q3-9XB2-ABC1\n",
	run
};
