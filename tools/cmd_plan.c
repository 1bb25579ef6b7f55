/* SPDX-License-Identifier: MIT */
/* datenbrief plan, merge, verify and status: the parts of a run that make no letter. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "runs.h"

enum { CONFIG, OUTPUT, SOURCE, LIMIT, DATE, MODE, FORM, SHARDS, LOT_SIZE, LOT_SHEETS, DUPLEX, DUE, AGAIN };

static const struct option_spec plan_options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the run, made if absent", true, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	[LIMIT] = { 0, "limit", "N", NULL, "only the first N customers", false, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the letters (default: today, UTC)", false, false },
	[MODE] = { 0, "mode", "MODE", "yearly|request", "yearly letter, or answer to a request (Art. 15 GDPR)", false,
	    false },
	[FORM] = { 0, "form", "FORM", "files|lots", "one file a letter (the default), or lots of many letters", false, false },
	[SHARDS] = { 0, "shards", "N", NULL, "parts that may be rendered apart (default: 1)", false, false },
	[LOT_SIZE] = { 0, "lot-size", "N", NULL, "letters of a lot (default: 25000)", false, false },
	[LOT_SHEETS] = { 0, "lot-sheets", "N", NULL, "sheets of a lot, printed on both sides", false, false },
	[DUPLEX] = { 0, "duplex", "YES-NO", "yes|no", "each letter of a lot begins on a front", false, false },
	[DUE] = { 0, "due", NULL, NULL, "only who had no letter in the twelve months before", false, false },
	[AGAIN] = { 0, "again", "REASON", NULL, "why some get another letter within twelve months", false, false },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static const struct option_spec short_options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the run", true, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "as it was planned with", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

/* EXIT_DONE and *help, or the code to end with. */
static int parse(const struct command *command, int argc, char **argv, struct arguments *args, struct runs_args *a, bool *help)
{
	int code = options_parse(command, argc, argv, args);

	memset(a, 0, sizeof(*a));
	*help = code == EXIT_DONE && args->help;
	if (*help)
		help_command(command);
	if (code != EXIT_DONE || *help)
		return code;
	a->config = args->value[CONFIG];
	a->folder = args->value[OUTPUT];
	a->sources = args->sources;
	a->n_sources = args->n_sources;
	return EXIT_DONE;
}

/* ---- plan ---- */

static int plan(const struct command *command, int argc, char **argv)
{
	struct arguments args;
	struct runs_args a;
	struct runs r;
	bool help, found;
	int code = parse(command, argc, argv, &args, &a, &help);

	if (code != EXIT_DONE || help)
		return code;
	a.date = args.value[DATE];
	a.mode = args.value[MODE];
	a.form = args.value[FORM];
	a.due = args.value[DUE] != NULL;
	a.again = args.value[AGAIN];
	if (args.value[LIMIT] && !options_number(command, "limit", args.value[LIMIT], 1, 2000000000, &a.limit))
		return EXIT_USAGE;
	if (args.value[SHARDS] && !options_number(command, "shards", args.value[SHARDS], 1, DBRIEF_SHARDS_MAX, &a.shards))
		return EXIT_USAGE;
	if (!runs_read_lots(&a, command, args.value[LOT_SIZE], args.value[LOT_SHEETS], args.value[DUPLEX]))
		return EXIT_USAGE;
	memset(&r, 0, sizeof(r));
	code = runs_find_plan(a.folder, &r.plan, &found);
	if (code == EXIT_DONE && found) {
		message(a.folder, "a plan stands there already; go on with it (datenbrief run), or choose an empty folder");
		return EXIT_USAGE;
	}
	if (code == EXIT_DONE)
		code = runs_open_client(&r, &a, false, true);
	if (code == EXIT_DONE)
		code = runs_make_plan(&r, &a, NULL);
	if (code == EXIT_DONE && (a.due || a.again))
		(void)printf("%llu had a letter in the twelve months before: %s\n", (unsigned long long)r.plan.recent,
		    a.due ? "left out" : "planned again");
	if (code == EXIT_DONE)
		(void)printf("planned %llu letters of %s in %llu chunks and %u shards\n", (unsigned long long)r.plan.subjects,
		    r.plan.date, (unsigned long long)r.plan.chunks, r.plan.shards);
	runs_close(&r);
	return code;
}

const struct command command_plan = {
	"plan", NULL, "List the customers of a run, sorted for the post, once and for all.", plan_options,
	"DIR/plan.db holds afterwards the list and, by hash, all that decides how letters look. Each\n"
	"shard may then be rendered on another machine that sees DIR. Letters are sorted by country,\n"
	"postcode and street where <subjects> returns columns of these names, then by identifier.\n"
	"Where the configuration has a <ledger>, a plan that would give somebody a second letter within\n"
	"twelve months is refused without --due or --again.\n",
	"  datenbrief plan -c datenbrief.xml -o out --shards 16\n"
	"  datenbrief plan -c datenbrief.xml -o out --due\n",
	plan
};

/* ---- merge, verify ---- */

static void print_counts(const struct dbrief_run_counts *c)
{
	(void)printf("planned %llu = written %llu + held %llu", (unsigned long long)c->planned, (unsigned long long)c->written,
	    (unsigned long long)c->held);
	if (c->left)
		(void)printf(" + left %llu", (unsigned long long)c->left);
	(void)printf("; %llu pages, %llu sheets", (unsigned long long)c->pages, (unsigned long long)c->sheets);
	if (c->replaced)
		(void)printf("; %llu character%s replaced in %llu letter%s", (unsigned long long)c->replaced, c->replaced == 1 ? "" : "s",
		    (unsigned long long)c->replaced_letters, c->replaced_letters == 1 ? "" : "s");
	(void)putchar('\n');
}

static int over_plan(const struct command *command, int argc, char **argv, int access,
    int (*act)(struct runs *, struct dbrief_run_counts *))
{
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	struct arguments args;
	struct runs_args a;
	struct runs r;
	bool help, found;
	int code = parse(command, argc, argv, &args, &a, &help);

	if (code != EXIT_DONE || help)
		return code;
	memset(&r, 0, sizeof(r));
	code = runs_find_plan(a.folder, &r.plan, &found);
	if (code == EXIT_DONE)
		/* Lots are set with the engine's fonts, which are opened with all else. */
		code = runs_open_client(&r, &a, found, act == runs_merge && strcmp(r.plan.form, "lots") == 0);
	if (code == EXIT_DONE)
		code = runs_open(&r, &a, access);
	if (code == EXIT_DONE)
		code = act(&r, &counts);
	if (code == EXIT_DONE)
		print_counts(&counts);
	if (code == EXIT_DONE && act == runs_verify)
		(void)printf("no difference between plan, journals, lists, seal and letters\n");
	runs_close(&r);
	return code == EXIT_DONE && counts.held ? EXIT_HELD : code;
}

static int merge(const struct command *command, int argc, char **argv)
{
	return over_plan(command, argc, argv, DBRIEF_RUN_ALONE, runs_merge);
}

const struct command command_merge = {
	"merge", NULL, "Write the lists of a run from the journals of its shards.", short_options,
	"Writes manifest.csv, held.csv, the seal and, with --form lots, the lots. No customer is asked for.\n",
	"  datenbrief merge -c datenbrief.xml -o out\n",
	merge
};

static int verify(const struct command *command, int argc, char **argv)
{
	return over_plan(command, argc, argv, DBRIEF_RUN_SHARED, runs_verify);
}

const struct command command_verify = {
	"verify", NULL, "Prove that each customer of a run has one letter, or stands in held.csv.", short_options,
	"Compares plan, journals, lists, seal and letters, byte for byte. Nothing is changed and no\n"
	"source is asked.\n",
	"  datenbrief verify -c datenbrief.xml -o out\n",
	verify
};

/* ---- status ---- */

static const struct option_spec status_options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "not needed; accepted like in the other commands", false, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the run", true, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "not needed; accepted like in the other commands", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int print_shard(const char *folder, unsigned shard)
{
	struct dbrief_run_counts c = DBRIEF_RUN_COUNTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (dbrief_run_status(folder, shard, &c, &err) != DBRIEF_OK)
		return report_end(&err);
	if (shard != DBRIEF_SHARDS_ALL)
		(void)printf("shard %u: ", shard);
	print_counts(&c);
	if (shard == DBRIEF_SHARDS_ALL && c.left)
		return EXIT_TEMPORARY;
	return shard == DBRIEF_SHARDS_ALL && c.held ? EXIT_HELD : EXIT_DONE;
}

static bool has(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path) && access(path, F_OK) == 0;
}

static void print_next(const char *folder, int code)
{
	if (code == EXIT_TEMPORARY)
		(void)printf("next: datenbrief run, which goes on where it was (or render the shards that are left)\n");
	else if (!has(folder, "journal/seal"))
		(void)printf("next: datenbrief run or merge, which writes lists and seal\n");
	else if (has(folder, "unreleased"))
		(void)printf("next: datenbrief release, with the second person's token\n");
	else
		(void)printf("the lists are written and sealed; datenbrief verify compares all%s\n", code == EXIT_HELD ?
		    "; held.csv tells why letters are held" : "");
}

static int status(const struct command *command, int argc, char **argv)
{
	struct dbrief_plan_info plan_info;
	struct arguments args;
	struct runs_args a;
	bool help, found;
	int code = parse(command, argc, argv, &args, &a, &help);

	if (code != EXIT_DONE || help)
		return code;
	code = runs_find_plan(a.folder, &plan_info, &found);
	if (code == EXIT_DONE && !found) {
		message(a.folder, "there is no plan; make one with datenbrief plan or run");
		return EXIT_USAGE;
	}
	if (code != EXIT_DONE)
		return code;
	for (unsigned k = 0; code == EXIT_DONE && plan_info.shards > 1 && k < plan_info.shards; k++)
		code = print_shard(a.folder, k);
	if (code == EXIT_DONE)
		code = print_shard(a.folder, DBRIEF_SHARDS_ALL);
	if (code == EXIT_DONE || code == EXIT_HELD || code == EXIT_TEMPORARY)
		print_next(a.folder, code);
	return code;
}

const struct command command_status = {
	"status", NULL, "Tell how far a run is, and what comes next.", status_options,
	"Exit status: 0 complete, 1 complete with letters held, 75 letters are left.\n",
	"  datenbrief status -o out\n",
	status
};
