/* SPDX-License-Identifier: MIT */
/* datenbrief release: letters leave a held run with a second person's token; that person's key and token. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "runs.h"

enum { CONFIG, OUTPUT, TOKEN, MAKE_KEY, MAKE_TOKEN, KEY, SOURCE };

static const struct option_spec options[] = {
	[CONFIG] = { 'c', "config", "CONFIG", NULL, "configuration file", false, false },
	[OUTPUT] = { 'o', "output", "DIR", NULL, "folder of the held run", false, false },
	[TOKEN] = { 0, "token", "FILE", NULL, "the second person's token for this run", false, false },
	[MAKE_KEY] = { 0, "make-key", "FILE", NULL, "make the second person's keys: FILE is secret, FILE.pub is not", false, false },
	[MAKE_TOKEN] = { 0, "make-token", "SEAL", NULL, "sign a run's journal/seal; the token goes to standard output", false, false },
	[KEY] = { 0, "key", "FILE", NULL, "secret key for --make-token", false, false },
	[SOURCE] = { 0, "source", "ID=URL", NULL, "as it was planned with; may be repeated", false, true },
	{ 0, NULL, NULL, NULL, NULL, false, false }
};

static int make_key(const char *path)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char key[DBRIEF_RELEASE_KEY_SIZE], name[PATH_MAX];
	struct dbrief_sink sink;
	int status;

	if (snprintf(name, sizeof(name), "%s.pub", path) >= (int)sizeof(name)) {
		message("--make-key", "the name is too long; name a file in another folder");
		return EXIT_USAGE;
	}
	status = dbrief_release_key_create(path, key, &err);

	memset(&sink, 0, sizeof(sink));
	if (status == DBRIEF_OK)
		status = dbrief_sink_init_file(&sink, name, &err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, key, strlen(key), &err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, "\n", 1, &err);
	if (status == DBRIEF_OK)
		status = sink.commit(sink.user, &err);
	dbrief_sink_dispose(&sink);
	return status == DBRIEF_OK ? EXIT_DONE : report_end(&err);
}

static int make_token(const char *seal, const char *key)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char token[DBRIEF_RELEASE_TOKEN_SIZE];

	if (dbrief_release_token(seal, key, token, &err) != DBRIEF_OK)
		return report_end(&err);
	if (fputs(token, stdout) >= 0 && fflush(stdout) == 0)
		return EXIT_DONE;
	message("standard output", "cannot be written; check where it goes");
	return EXIT_FATAL;
}

static int read_token(const char *path, char token[DBRIEF_RELEASE_TOKEN_SIZE + 2])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(token, 1, DBRIEF_RELEASE_TOKEN_SIZE + 1, f) : 0;
	bool good = f && !ferror(f);

	if (f)
		(void)fclose(f);
	token[n] = '\0';
	if (good)
		return EXIT_DONE;
	message(path, "the token cannot be read; name the file that the second person made");
	return EXIT_USAGE;
}

static void on_finding(void *user, const char *place, const char *text)
{
	(void)user;
	message(place, "%s", text);
}

static int publish(struct runs *r, const char *token)
{
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (dbrief_run_release(r->run, token, on_finding, NULL, &counts, &err) != DBRIEF_OK)
		return report_end(&err);
	(void)printf("released %llu letters, %llu pages, %llu sheets\n", (unsigned long long)counts.written,
	    (unsigned long long)counts.pages, (unsigned long long)counts.sheets);
	return EXIT_DONE;
}

static int release(const struct arguments *args)
{
	struct runs_args a = { 0 };
	char token[DBRIEF_RELEASE_TOKEN_SIZE + 2];
	struct runs r;
	bool found;
	int code = read_token(args->value[TOKEN], token);

	a.config = args->value[CONFIG];
	a.folder = args->value[OUTPUT];
	a.sources = args->sources;
	a.n_sources = args->n_sources;
	memset(&r, 0, sizeof(r));
	if (code == EXIT_DONE)
		code = runs_find_plan(a.folder, &r.plan, &found);
	if (code == EXIT_DONE)
		code = runs_open_client(&r, &a, found, false);
	if (code == EXIT_DONE)
		code = runs_open(&r, &a, DBRIEF_RUN_ALONE);
	if (code == EXIT_DONE)
		code = publish(&r, token);
	runs_close(&r);
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
	if (args.value[MAKE_KEY])
		return make_key(args.value[MAKE_KEY]);
	if (args.value[MAKE_TOKEN] && args.value[KEY])
		return make_token(args.value[MAKE_TOKEN], args.value[KEY]);
	if (args.value[CONFIG] && args.value[OUTPUT] && args.value[TOKEN])
		return release(&args);
	message(command->name, "give -c, -o and --token, or --make-token and --key, or --make-key; see datenbrief release --help");
	return EXIT_USAGE;
}

const struct command command_release = {
	"release", NULL, "Release the letters of a held run with a second person's token.", options,
	"A run with --hold-release keeps its letters in DIR/unreleased, where nothing posts them. The second\n"
	"person looks at DIR/samples and DIR/report.pdf and signs DIR/journal/seal with a secret key that the\n"
	"one who runs does not have. The token is good for these letters alone: plan, lists and hashes stand\n"
	"under the seal. release verifies the run, moves the letters to their place in one step, keeps the\n"
	"token in DIR/journal/released and removes the samples.\n",
	"  datenbrief release --make-key second.key                         # the second person, once\n"
	"  datenbrief run -c datenbrief.xml -o out --hold-release second.key.pub\n"
	"  datenbrief release --make-token seal --key second.key > token    # the second person\n"
	"  datenbrief release -c datenbrief.xml -o out --token token\n",
	run
};
