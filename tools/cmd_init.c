/* SPDX-License-Identifier: MIT */
/* datenbrief init: a draft configuration from the schema of a database. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"
#include "init.h"

#define SAMPLES 5000

enum { SUBJECT, OUTPUT, LANG };

static const struct option_spec options[] = {
	[SUBJECT] = { 's', "subject", "TABLE.COLUMN", NULL, "the column that identifies a customer", true, false },
	[OUTPUT] = { 'o', "output", "FILE", NULL, "the draft (default: datenbrief.xml); the register goes beside it", false, false },
	[LANG] = { 0, "lang", "LANG", "de|en", "language of labels and letter (default: de)", false, false },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

/* ---- files ---- */

struct names { char config[1024], reg[1024]; const char *reg_base; };

/* register.xml beside datenbrief.xml, crm-register.xml beside crm.xml. */
static bool name_files(struct names *n, const char *output)
{
	const char *base, *dot;
	size_t folder, stem;

	output = output ? output : "datenbrief.xml";
	base = strrchr(output, '/') ? strrchr(output, '/') + 1 : output;
	dot = strrchr(base, '.');
	folder = (size_t)(base - output);
	stem = dot ? (size_t)(dot - base) : strlen(base);
	if (strlen(output) + 20 > sizeof(n->config) || !base[0]) {
		message(output, "this is no name of a file; give -o FILE");
		return false;
	}
	(void)snprintf(n->config, sizeof(n->config), "%s", output);
	if (strcmp(base, "datenbrief.xml") == 0)
		(void)snprintf(n->reg, sizeof(n->reg), "%.*sregister.xml", (int)folder, output);
	else
		(void)snprintf(n->reg, sizeof(n->reg), "%.*s%.*s-register.xml", (int)folder, output, (int)stem, base);
	n->reg_base = n->reg + folder;
	return true;
}

static bool is_free(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return true;
	message(path, "is there already and is not overwritten; move it away, or name another file with -o");
	return false;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

static int create(const char *path, const struct text *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0) {
		message(path, errno == EEXIST ? "is there already and is not overwritten; move it away, or name another file with -o" :
		    "cannot be written; check the folder and its rights");
		return EXIT_USAGE;
	}
	good = write_all(fd, text->p, text->len);
	good = close(fd) == 0 && good;
	if (good)
		return EXIT_DONE;
	(void)unlink(path);
	message(path, "could not be written to its end; check the disk");
	return EXIT_FATAL;
}

/* A relative file of the URL is seen from the configuration's folder later on. */
static char *url_for(const char *url, const char *config)
{
	const char *colon = strchr(url, ':');
	char folder[1024], *out;
	size_t size;

	if (!strchr(config, '/') || !colon || strncmp(colon, "://", 3) == 0 || colon[1] == '/' || strncmp(url, "odbc:", 5) == 0 ||
	    strncmp(url, "postgresql:", 11) == 0 || !getcwd(folder, sizeof(folder)))
		return strdup(url);
	size = strlen(url) + strlen(folder) + 2;
	out = malloc(size);
	if (out)
		(void)snprintf(out, size, "%.*s%s/%s", (int)(colon + 1 - url), url, folder, colon + 1);
	return out;
}

/* ---- the subject ---- */

static bool find_subject(const dbrief_schema *schema, const char *subject, size_t *table, size_t *column)
{
	const char *dot = strrchr(subject, '.'), *nearest = NULL;
	char name[256];

	(void)snprintf(name, sizeof(name), "%.*s", dot ? (int)(dot - subject) : 0, subject);
	*table = dot ? dbrief_schema_find_table(schema, name) : DBRIEF_NONE;
	*column = *table == DBRIEF_NONE ? DBRIEF_NONE : dbrief_schema_find_column(schema, *table, dot + 1);
	if (*column != DBRIEF_NONE)
		return true;
	if (!dot) {
		message("--subject", "is no column; write TABLE.COLUMN, such as customer.customer_no");
		return false;
	}
	for (size_t i = 0; i < dbrief_schema_tables(schema) && *table == DBRIEF_NONE; i++) {
		struct dbrief_table_info t = { .size = sizeof(t) };

		if (dbrief_schema_table(schema, i, &t) == DBRIEF_OK)
			nearest = options_nearest(name, nearest, t.name);
	}
	for (size_t i = 0; *table != DBRIEF_NONE; i++) {
		struct dbrief_column_info c = { .size = sizeof(c) };

		if (dbrief_schema_column(schema, *table, i, &c) != DBRIEF_OK)
			break;
		nearest = options_nearest(dot + 1, nearest, c.name);
	}
	message("--subject", "the database has no %s '%.60s'; %s%s%s", *table == DBRIEF_NONE ? "table" : "column",
	    *table == DBRIEF_NONE ? name : dot + 1, nearest ? "did you mean '" : "check the name", nearest ? nearest : "", nearest ? "'?" : "");
	return false;
}

/* ---- the end ---- */

static size_t count_todos(const struct text *text)
{
	size_t n = 0;

	for (const char *s = strstr(text->p, "TODO:"); s; s = strstr(s + 1, "TODO:"))
		n++;
	return n;
}

static void print_unconnected(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < dbrief_schema_tables(plan->schema); i++) {
		struct dbrief_table_info t = plan_table(plan, i);
		bool taken = plan->roles[i] != DBRIEF_ROLE_NONE || t.view;

		for (size_t k = 0; k < plan->n && !taken; k++)
			taken = plan->list[k].table == i;
		if (!taken)
			(void)printf("%s%s", n++ ? ", " : "  Nothing connects a customer with: ", t.name);
	}
	(void)printf(n ? ". Nobody looked into them.\n" : "");
}

static void print_end(const struct plan *plan, const struct names *n, const char *subject, size_t todos)
{
	size_t columns = 0, lookups = 0;

	for (size_t i = 0; i < dbrief_schema_tables(plan->schema); i++) {
		columns += plan_table(plan, i).columns;
		lookups += plan->roles[i] == DBRIEF_ROLE_LOOKUP;
	}
	(void)printf("Wrote %s and %s from %zu tables with %zu columns:\n", n->config, n->reg, dbrief_schema_tables(plan->schema), columns);
	(void)printf("  %zu kinds of records with %zu fields, %zu code list%s, %zu table%s looked up.\n", plan->n, plan->n_fields, plan->n_codes,
	    plan->n_codes == 1 ? "" : "s", lookups, lookups == 1 ? "" : "s");
	print_unconnected(plan);
	(void)printf("  %zu TODOs mark what a person must decide.\n\n", todos);
	(void)printf("Look at a first letter (ID is a value of %s):\n  datenbrief letter -c %s ID -o letter.pdf\n", subject, n->config);
	(void)printf("Then see what is left to decide and to declare:\n  datenbrief check -c %s\n", n->config);
}

static int write_drafts(struct plan *plan, const struct names *n, const char *url, const char *subject)
{
	struct text config = { NULL, 0, 0, false }, reg = { NULL, 0, 0, false };
	char *written = url_for(url, n->config);
	int code = EXIT_FATAL;

	if (written) {
		write_config(plan, &config, written, n->reg_base);
		write_register(plan, &reg);
	}
	if (!written || plan->failed || config.failed || reg.failed) {
		message(NULL, "out of memory; close other programs");
	} else {
		code = create(n->config, &config);
		if (code == EXIT_DONE && (code = create(n->reg, &reg)) != EXIT_DONE)
			(void)unlink(n->config);
	}
	if (code == EXIT_DONE)
		print_end(plan, n, subject, count_todos(&config) + count_todos(&reg));
	free(written);
	free(config.p);
	free(reg.p);
	return code;
}

static int draft(const struct arguments *args)
{
	struct dbrief_schema_opts opts = DBRIEF_SCHEMA_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct plan plan;
	struct names names;
	dbrief_schema *schema = NULL;
	size_t table, column;
	int code = EXIT_USAGE;

	if (!name_files(&names, args->value[OUTPUT]) || !is_free(names.config) || !is_free(names.reg))
		return EXIT_USAGE;
	opts.samples = SAMPLES;
	if (dbrief_schema_open(&schema, args->argument, &opts, &err) != DBRIEF_OK)
		return report_end(&err);
	if (find_subject(schema, args->value[SUBJECT], &table, &column)) {
		dbrief_schema_reach(schema, table, column);
		plan_make(&plan, schema, table, column, !args->value[LANG] || strcmp(args->value[LANG], "de") == 0);
		code = write_drafts(&plan, &names, args->argument, args->value[SUBJECT]);
		plan_dispose(&plan);
	}
	dbrief_schema_free(schema);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct arguments args;
	int code = options_parse(command, argc, argv, &args);

	if (code != EXIT_DONE)
		return code;
	if (args.help) {
		help_command(command);
		return EXIT_DONE;
	}
	code = draft(&args);
	if (fflush(stdout) != 0 && code == EXIT_DONE) {
		message("standard output", "cannot be written to; check where it goes");
		code = EXIT_FATAL;
	}
	return code;
}

const struct command command_init = {
	"init", "SOURCE-URL", "Draft a configuration from the schema of a database.", options,
	"Reads tables, columns and foreign keys from the column that identifies a customer: what refers\n"
	"to it, over any number of tables, and what that looks up. Where no keys are declared, names\n"
	"tell. Labels, types, code lists and sensitivity are proposed from names and from what values\n"
	"have in common; no value of a customer stands in the draft. TODO marks what a person must\n"
	"decide; \"datenbrief check\" lists those. No file is overwritten.\n",
	"  datenbrief init sqlite:shop.db --subject customer.customer_no\n"
	"  datenbrief init postgresql://reader@db/shop --subject customer.id -o shop.xml\n"
	"  datenbrief init 'odbc:DSN=crm' --subject contacts.id --lang en\n",
	run
};
