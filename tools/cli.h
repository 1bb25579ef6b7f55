/* SPDX-License-Identifier: MIT */
/* What the commands share: the contract of exit codes, options, messages. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <datenbrief.h>

enum exit_code {
	EXIT_DONE = 0,
	EXIT_HELD = 1,       /* done, with letters held or failed */
	EXIT_USAGE = 2,      /* usage or configuration */
	EXIT_FENCED = 3,     /* another run is at work in the folder */
	EXIT_FATAL = 4,
	EXIT_TEMPORARY = 75  /* try again */
};

/* ---- options.c ---- */
#define MAX_OPTIONS 16
#define MAX_SOURCES 64

struct option_spec {
	char letter;         /* 0: none */
	const char *name;
	const char *value;   /* name of the value in help; NULL: a switch */
	const char *choices; /* "a|b|c": the only values; NULL: any */
	const char *help;
	bool required, repeated;
};

struct command {
	const char *name;
	const char *arguments;  /* "ID", "CASE ITEM", NULL: none */
	const char *summary;
	const struct option_spec *options; /* ended by a NULL name */
	const char *notes;      /* paragraphs of its --help, or NULL */
	const char *examples;   /* lines, or NULL */
	int (*run)(const struct command *command, int argc, char **argv);
};

struct arguments {
	const char *value[MAX_OPTIONS]; /* by index in the options; "" for a switch */
	const char *sources[MAX_SOURCES];
	size_t n_sources;
	const char *argument, *second; /* the positional ones, NULL: none */
	bool help;
};

/* EXIT_DONE, or EXIT_USAGE with the message printed. */
int options_parse(const struct command *command, int argc, char **argv, struct arguments *args);
/* A whole number from min to max, or false with the message printed. */
bool options_number(const struct command *command, const char *name, const char *text, long min, long max,
    long *out);
/* The known word nearest to a mistyped one, or NULL. */
const char *options_nearest(const char *word, const char *best, const char *candidate);

/* ---- help.c ---- */
void help_command(const struct command *command);
void help_all(const struct command *const *commands);
int print_version(void);

/* ---- message.c ---- */
/* "datenbrief: PLACE: text" on standard error; place may be NULL. */
void message(const char *place, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints the error and tells the exit code of its consequence. */
int report(const struct dbrief_error *err);
/* The same where no letter is at work: what fails there ends the command, so never EXIT_HELD. */
int report_end(const struct dbrief_error *err);
int exit_code_of(int status, int cause);

/* How a letter is delivered, for the tables of options. */
#define DELIVERY_OPTIONS \
	{ 0, "letter-form", "FORM", "din5008-b|din5008-a|swiss|austria", "where the window is", false, false }, \
	{ 0, "marks", "MARKS", "none|fold|hole|fold hole", "marks for folding and punching", false, false }, \
	{ 0, "profile", "PROFILE", "standard|hybrid", "hybrid: free zones of a post that prints", false, false }, \
	{ 0, "duplex", "YES-NO", "yes|no", "printed on both sides", false, false }, \
	{ 0, "inserter", "MARKS", "none|omr|datamatrix|qr", "marks for the inserting machine", false, false }, \
	{ 0, "house-style", "FILE", NULL, "look, letterhead and footer of the house", false, false }

/* ---- client.c ---- */
/* The library as a command uses it. */
struct client {
	dbrief_engine *engine;
	dbrief_session *session;
	dbrief_template *tmpl;
};
struct client_opts {
	const char *config;  /* NULL: ready letter documents only */
	const char *date, *mode;
	const char *const *sources;
	size_t n_sources;
	bool no_sources;     /* none is asked: the engine is not frozen, and there is no session */
};
/* EXIT_DONE, or another code with the message printed. */
int client_open(struct client *client, const struct client_opts *opts);
/* The same with the values of DELIVERY_OPTIONS. */
int client_open_delivery(struct client *client, const struct client_opts *opts, const char *const *delivery);
void client_close(struct client *client);
int stage_of(const char *name); /* of --stop-after */

/* ---- press.c ---- */
/* Sets documents that are about no person: an engine without configuration, which asks no source. */
struct press {
	dbrief_engine *engine;
	dbrief_session *session;
	dbrief_template *tmpl;
};
int press_open(struct press *press, const char *tmpl, const char *date, struct dbrief_error *err);
void press_close(struct press *press);

/* ---- templates.c ---- */
/* The folder of the standard templates; static. */
const char *templates_folder(void);

/* ---- output.c ---- */
/* Where one letter goes: a file that appears whole, a device, or standard output. */
struct output {
	struct dbrief_sink sink;
	int fd;              /* of a device, to be closed; else -1 */
	bool open;
};
int output_open(struct output *output, const char *path, bool is_pdf);
/* Closes; a device that reports its failure only now changes the exit code. */
int output_close(struct output *output, int code);

/* ---- commands ---- */
extern const struct command command_release, command_report, command_plan, command_render, command_merge, command_verify, command_status;
extern const struct command command_letter, command_run, command_render_letter, command_check, command_item, command_register,
	command_init;

#endif
