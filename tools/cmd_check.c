/* SPDX-License-Identifier: MIT */
/* datenbrief check: configuration, register and template against the rules, before any letter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

enum { CONFIG, JSON, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", true, false },
	[JSON] = { 0, "json", NULL, NULL, "findings as one JSON document", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "read a source from elsewhere; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

struct finding {
	char *rule, *article, *place, *text;
	int severity;
	size_t file;         /* length of the file's name in place */
	long line, column;
};

struct findings {
	struct finding *list;
	size_t n, cap, errors, infos;
	bool failed;         /* out of memory */
};

/* ---- collect ---- */

/* "file:line:column": what stands before the last two numbers is the file. */
static void split_place(struct finding *f)
{
	char *end = f->place + strlen(f->place);
	char *colon = strrchr(f->place, ':'), *first;

	f->file = (size_t)(end - f->place);
	if (!colon || !colon[1])
		return;
	for (first = colon; first > f->place && first[-1] >= '0' && first[-1] <= '9'; first--)
		;
	if (first == colon || first == f->place || first[-1] != ':')
		return;
	f->line = strtol(first, NULL, 10);
	f->column = strtol(colon + 1, NULL, 10);
	f->file = (size_t)(first - 1 - f->place);
}

static int keep(void *ctx, const struct dbrief_finding *found)
{
	struct findings *all = ctx;
	struct finding *f;

	if (all->n == all->cap) {
		size_t cap = all->cap ? 2 * all->cap : 64;
		struct finding *list = realloc(all->list, cap * sizeof(*list));

		all->failed = !list;
		if (!list)
			return 1;
		all->list = list;
		all->cap = cap;
	}
	f = &all->list[all->n++];
	*f = (struct finding){ strdup(found->rule), strdup(found->article), strdup(found->place), strdup(found->text),
		found->severity, 0, 0, 0 };
	all->failed = !f->rule || !f->article || !f->place || !f->text;
	if (all->failed)
		return 1;
	split_place(f);
	all->errors += f->severity == DBRIEF_SEVERITY_ERROR;
	all->infos += f->severity == DBRIEF_SEVERITY_INFO;
	return 0;
}

static void dispose(struct findings *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->list[i].rule);
		free(all->list[i].article);
		free(all->list[i].place);
		free(all->list[i].text);
	}
	free(all->list);
}

static int order_numbers(long a, long b)
{
	return a < b ? -1 : a > b;
}

/* By place, then rule, then text, so that the output is the same every time. */
static int order(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;
	size_t n = a->file < b->file ? a->file : b->file;
	int r = memcmp(a->place, b->place, n);

	if (!r && a->file != b->file)
		r = a->file < b->file ? -1 : 1;
	if (!r)
		r = order_numbers(a->line, b->line);
	if (!r)
		r = order_numbers(a->column, b->column);
	if (!r)
		r = strcmp(a->rule, b->rule);
	return r ? r : strcmp(a->text, b->text);
}

/* ---- print ---- */

static void put_clean(const char *s)
{
	for (; *s; s++)
		(void)putchar((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s);
}

static const char *severity_name(int severity)
{
	return severity == DBRIEF_SEVERITY_ERROR ? "error" : severity == DBRIEF_SEVERITY_INFO ? "info" : "warning";
}

static void print_lines(const struct findings *all)
{
	size_t warnings = all->n - all->errors - all->infos;

	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->list[i];

		put_clean(f->place);
		(void)printf(": %s: %s%s%s%s: ", severity_name(f->severity), f->rule, f->article[0] ? " (" : "", f->article,
		    f->article[0] ? ")" : "");
		put_clean(f->text);
		(void)putchar('\n');
	}
	if (all->n > all->infos)
		(void)printf("%zu error%s, %zu warning%s\n", all->errors, all->errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	else
		(void)printf("nothing found\n");
}

static void put_json(const char *name, const char *s, const char *behind)
{
	(void)printf("\"%s\":\"", name);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			(void)printf("\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			(void)printf("\\u%04x", (unsigned)*s);
		else
			(void)putchar(*s);
	}
	(void)printf("\"%s", behind);
}

static void print_json(const struct findings *all)
{
	(void)printf("{\"errors\":%zu,\"warnings\":%zu,\"findings\":[", all->errors,
	    all->n - all->errors - all->infos);
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->list[i];

		(void)printf(i ? ",\n{" : "\n{");
		put_json("rule", f->rule, ",");
		put_json("severity", severity_name(f->severity), ",");
		put_json("article", f->article, ",");
		put_json("place", f->place, ",");
		put_json("text", f->text, "}");
	}
	(void)printf("\n]}\n");
}

/* ---- the command ---- */

static int check(const struct arguments *args, struct findings *all)
{
	struct dbrief_engine_opts o = DBRIEF_ENGINE_OPTS_INIT;
	struct dbrief_check_opts co = DBRIEF_CHECK_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = NULL;
	int status, code;

	o.source_urls = args->sources;
	o.n_source_urls = args->n_sources;
	o.templates = templates_folder();
	co.connect = 1;
	status = dbrief_engine_load(&engine, args->value[CONFIG], &o, &err);
	if (status == DBRIEF_OK)
		status = dbrief_engine_check(engine, &co, keep, all, &err);
	code = status == DBRIEF_OK ? EXIT_DONE : report(&err);
	dbrief_engine_free(engine);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct findings all = { NULL, 0, 0, 0, 0, false };
	struct arguments args;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	code = check(&args, &all);
	if (code == EXIT_DONE && all.failed) {
		message(NULL, "out of memory; close other programs");
		code = EXIT_FATAL;
	}
	if (code == EXIT_DONE) {
		if (all.n)
			qsort(all.list, all.n, sizeof(*all.list), order);
		if (args.value[JSON])
			print_json(&all);
		else
			print_lines(&all);
		code = all.errors ? EXIT_HELD : EXIT_DONE;
	}
	dispose(&all);
	if (fflush(stdout) != 0 && code != EXIT_USAGE) {
		message("standard output", "cannot be written to; check where it goes");
		code = EXIT_FATAL;
	}
	return code;
}

const struct command command_check = {
	"check", NULL, "Check configuration, register and template before any letter is made.", options,
	"Each finding is one line: place, severity, rule with article, what is wrong and what to do.\n"
	"L01 to L32 are the rules of the law; the other words name what else is checked. Sources that\n"
	"can be reached are compared with what is declared of them, and the schema of a database with\n"
	"what is read of it: tables and columns that can belong to a customer and are neither read nor\n"
	"ignored are errors. Of the first 50 customers that a source lists the data are read: texts that\n"
	"look as if read in a wrong charset are counted by field. The exit status is 1 when there\n"
	"are errors, 0 with warnings only, 2 when the configuration cannot be read.\n",
	"  datenbrief check -c datenbrief.xml\n"
	"  datenbrief check -c datenbrief.xml --json --source crm=sqlite:copy.db\n",
	run
};
