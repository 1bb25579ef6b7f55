/* SPDX-License-Identifier: MIT */
/* datenbrief run: the letters of all customers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "folder.h"
#include "idset.h"
#include "progress.h"
#include "table.h"

enum { CONFIG, OUTPUT, LIMIT, DATE, MODE, JOBS, FORM, PROGRESS, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the results, made if absent", true, false },
	[LIMIT] = { 0, "limit", "N", NULL, "stop after the first N customers", false, false },
	[DATE] = { 0, "date", "YYYY-MM-DD", NULL, "date of the letters (default: today, UTC)", false, false },
	[MODE] = { 0, "mode", "MODE", "yearly|request", "yearly letter, or answer to a request (Art. 15 GDPR)", false,
	    false },
	[JOBS] = { 'j', "jobs", "N", NULL, "threads; this version works with one", false, false },
	[FORM] = { 0, "form", "FORM", "files|lots", "one file a letter (lots: not in this version)", false, false },
	[PROGRESS] = { 0, "progress", "KIND", "auto|bar|json|none", "what is shown on standard error", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

struct batch {
	struct client client;
	struct folder folder;
	struct idset ids;       /* identifiers to do */
	struct idset codes;     /* case codes given out */
	struct table manifest, held;
	struct progress progress;
};

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
	(void)number;
	stop_asked = 1;
}

/* The letter at work is finished first; a second signal ends the process at once. */
static void catch_signals(void)
{
	struct sigaction action, before;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = (int)SA_RESETHAND;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	/* The terminal is closed. Under nohup the run goes on. */
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &action, NULL);
}

static int out_of_memory(void)
{
	message("run", "out of memory; free some and start again");
	return EXIT_FATAL;
}

/* ---- tables ---- */

static int open_table(const struct batch *b, struct table *table, const char *name, const char *const *columns)
{
	char *path = folder_file(&b->folder, name);
	int status;

	if (!path)
		return out_of_memory();
	status = table_open(table, path, columns);
	free(path);
	return status == DBRIEF_OK ? EXIT_DONE : report_end(&table->err);
}

static int open_tables(struct batch *b)
{
	static const char *const manifest[] = { "case", "file", "pages", "sheets", "bytes", "sha256", NULL };
	static const char *const held[] = { "case", "status", "cause", "where", "text", NULL };
	int code = open_table(b, &b->manifest, "manifest.csv", manifest);

	return code == EXIT_DONE ? open_table(b, &b->held, "held.csv", held) : code;
}

static int commit_tables(struct batch *b)
{
	if (table_commit(&b->manifest) != DBRIEF_OK)
		return report_end(&b->manifest.err);
	return table_commit(&b->held) == DBRIEF_OK ? EXIT_DONE : report_end(&b->held.err);
}

static int note_letter(struct batch *b, const struct dbrief_letter_info *info)
{
	char file[40], pages[16], sheets[16], bytes[32];
	const char *const cells[] = { info->case_code, file, pages, sheets, bytes, info->sha256, NULL };

	(void)snprintf(file, sizeof(file), "letters/%s.pdf", info->case_code);
	(void)snprintf(pages, sizeof(pages), "%u", info->pages);
	(void)snprintf(sheets, sizeof(sheets), "%u", (info->pages + 1) / 2);
	(void)snprintf(bytes, sizeof(bytes), "%zu", info->bytes);
	progress_step(&b->progress, 0);
	return table_row(&b->manifest, cells) == DBRIEF_OK ? EXIT_DONE : report_end(&b->manifest.err);
}

static int note_held(struct batch *b, const char *code, const struct dbrief_error *err)
{
	const char *const cells[] = { code, dbrief_status_name(err->status), dbrief_cause_name(err->cause), err->where,
		err->text, NULL };

	folder_remove_letter(&b->folder, code);
	progress_step(&b->progress, 1);
	return table_row(&b->held, cells) == DBRIEF_OK ? EXIT_DONE : report_end(&b->held.err);
}

/* ---- letters ---- */

static int write_letter(struct batch *b, const char *id, const char *code, struct dbrief_letter_info *info,
    struct dbrief_error *err)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbrief_sink sink;
	char *path = folder_letter(&b->folder, code);
	int status;

	if (!path)
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_MEMORY, "run", "out of memory; free some");
	status = dbrief_sink_init_file(&sink, path, err);
	free(path);
	if (status != DBRIEF_OK)
		return status;
	opts.info = info;
	status = dbrief_letter_create(b->client.session, b->client.tmpl, id, &sink, &opts, err);
	dbrief_sink_dispose(&sink);
	return status;
}

/* EXIT_DONE to go on, also after a held letter. */
static int do_one(struct batch *b, const char *id)
{
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char code[DBRIEF_CASE_CODE_SIZE] = "";
	size_t known = b->codes.repeated;
	int status = dbrief_session_case_code(b->client.session, id, code, &err);

	if (status == DBRIEF_OK && idset_add(&b->codes, code) != 0)
		return out_of_memory();
	if (status == DBRIEF_OK && b->codes.repeated > known) {
		(void)dbrief_error_set(&err, DBRIEF_FAILED, DBRIEF_CAUSE_STATE, "run",
		    "two customers have the same case code; use another key file in <case-code>");
		progress_step(&b->progress, 1);
		return table_row(&b->held, (const char *const[]){ code, "failed", "state", err.where, err.text, NULL }) ==
		    DBRIEF_OK ? EXIT_DONE : report_end(&b->held.err);
	}
	if (status == DBRIEF_OK)
		status = write_letter(b, id, code, &info, &err);
	if (status == DBRIEF_OK)
		return note_letter(b, &info);
	if (status == DBRIEF_FAILED)
		return note_held(b, code, &err);
	progress_clear(&b->progress);
	return report_end(&err);
}

static int list_ids(struct batch *b)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (dbrief_session_list_subjects(b->client.session, idset_add, &b->ids, &err) != DBRIEF_OK)
		return report_end(&err);
	if (b->ids.failed)
		return out_of_memory();
	if (b->ids.repeated)
		message("run", "<subjects> listed identifiers more than once (%zu rows), and each gets one letter; "
		    "use SELECT DISTINCT", b->ids.repeated);
	return EXIT_DONE;
}

#define CHUNK 256

/* Fetches the data of the next customers at once. */
static int prefetch(struct batch *b, size_t from)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const char *ids[CHUNK];
	size_t n = 0;

	for (; n < CHUNK && from + n < b->ids.n; n++)
		ids[n] = idset_at(&b->ids, from + n);
	if (dbrief_session_prefetch(b->client.session, ids, n, &err) == DBRIEF_OK)
		return EXIT_DONE;
	progress_clear(&b->progress);
	return report_end(&err);
}

/*
 * Whoever posts letters/ posts all of it: nothing may lie there that this run
 * does not make or hold, such as the letter of a customer deleted since.
 */
static int check_strangers(const struct batch *b)
{
	struct idset codes = { 0 };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char code[DBRIEF_CASE_CODE_SIZE];
	size_t strangers;

	for (size_t i = 0; i < b->ids.n; i++)
		if (dbrief_session_case_code(b->client.session, idset_at(&b->ids, i), code, &err) == DBRIEF_OK)
			(void)idset_add(&codes, code);
	strangers = folder_strangers(&b->folder, &codes);
	idset_dispose(&codes);
	if (strangers == 0)
		return EXIT_DONE;
	message(b->folder.path, "letters/ holds %zu files that are no letters of this run; choose an empty folder or remove them",
	    strangers);
	return EXIT_USAGE;
}

static int do_all(struct batch *b, const char *progress)
{
	const char *ended = "done";
	int code = EXIT_DONE, closed;

	progress_start(&b->progress, progress, b->ids.n);
	for (size_t i = 0; i < b->ids.n && code == EXIT_DONE && !stop_asked; i++) {
		if (i % CHUNK == 0)
			code = prefetch(b, i);
		if (code == EXIT_DONE)
			code = do_one(b, idset_at(&b->ids, i));
	}
	if (code != EXIT_DONE)
		ended = "stopped";
	else if (b->progress.done < b->progress.total)
		ended = "interrupted";
	progress_clear(&b->progress);
	closed = commit_tables(b);
	progress_end(&b->progress, ended, b->folder.path);
	if (code != EXIT_DONE || closed != EXIT_DONE)
		return code != EXIT_DONE ? code : closed;
	if (b->progress.done < b->progress.total)
		return EXIT_TEMPORARY;
	return b->progress.held ? EXIT_HELD : EXIT_DONE;
}

static int run_batch(struct batch *b, const struct arguments *args)
{
	int code = client_open(&b->client, &(struct client_opts){ args->value[CONFIG], args->value[DATE],
	    args->value[MODE], args->sources, args->n_sources });

	if (code == EXIT_DONE)
		code = list_ids(b);
	if (code == EXIT_DONE)
		code = folder_open(&b->folder, args->value[OUTPUT]);
	if (code == EXIT_DONE)
		code = check_strangers(b);
	if (code == EXIT_DONE)
		code = open_tables(b);
	if (code == EXIT_DONE) {
		catch_signals();
		code = do_all(b, args->value[PROGRESS]);
	}
	table_dispose(&b->manifest);
	table_dispose(&b->held);
	folder_close(&b->folder);
	idset_dispose(&b->ids);
	idset_dispose(&b->codes);
	client_close(&b->client);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct arguments args;
	struct batch *b;
	long limit = 0, jobs = 0;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	if (args.value[LIMIT] && !options_number(command, "limit", args.value[LIMIT], 1, 2000000000, &limit))
		return EXIT_USAGE;
	if (args.value[JOBS] && !options_number(command, "jobs", args.value[JOBS], 1, 256, &jobs))
		return EXIT_USAGE;
	if (args.value[FORM] && strcmp(args.value[FORM], "files") != 0) {
		message(command->name, "--form lots is not in this version; leave it out");
		return EXIT_USAGE;
	}
	b = calloc(1, sizeof(*b));
	if (!b)
		return out_of_memory();
	b->folder.fd = b->folder.letters = -1;
	b->ids.max = (size_t)limit;
	code = run_batch(b, &args);
	free(b);
	return code;
}

const struct command command_run = {
	"run", NULL, "Make the letters of all customers.", options,
	"DIR holds afterwards:\n"
	"  letters/CASE.pdf   one letter a customer, named by its case code\n"
	"  manifest.csv       case, file, pages, sheets, bytes and SHA-256 of each letter\n"
	"  held.csv           letters that were not made, and why\n"
	"The folder must belong to its owner alone; it and the files are private. Interrupted with\n"
	"Ctrl-C, the letter at work is finished and the lists are written; the exit status is 75.\n",
	"  datenbrief run -c datenbrief.xml -o out\n"
	"  datenbrief run -c datenbrief.xml -o test --limit 10 --date 2026-01-31\n",
	run
};
