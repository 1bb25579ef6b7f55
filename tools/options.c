/* SPDX-License-Identifier: MIT */
/* Option parsing by the table of a command. One line and a suggestion on every mistake. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

static const struct option_spec help_option = { 'h', "help", NULL, NULL, NULL, false, false };

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edit distance; words beyond 31 characters count as far away. */
static size_t distance(const char *a, const char *b)
{
	size_t row[32], n = strlen(b), m = strlen(a);

	if (n > 31 || m > 31)
		return 99;
	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 1; i <= m; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			size_t above = row[k];

			row[k] = smallest(above + 1, row[k - 1] + 1, diagonal + (a[i - 1] != b[k - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

const char *options_nearest(const char *word, const char *best, const char *candidate)
{
	size_t d = distance(word, candidate);
	bool prefix = strlen(word) >= 2 && strncmp(word, candidate, strlen(word)) == 0;

	if (!prefix && (d > 2 || d >= strlen(candidate)))
		return best;
	return !best || d < distance(word, best) ? candidate : best;
}

static int unknown_option(const struct command *command, const char *name, bool is_long)
{
	const char *nearest = NULL;

	for (const struct option_spec *o = command->options; is_long && o->name; o++)
		nearest = options_nearest(name, nearest, o->name);
	if (nearest)
		message(command->name, "unknown option '--%.40s'; did you mean '--%s'?", name, nearest);
	else
		message(command->name, "unknown option '%s%.40s'; see datenbrief %s --help", is_long ? "--" : "-", name,
		    command->name);
	return EXIT_USAGE;
}

static const struct option_spec *find_long(const struct command *command, const char *name)
{
	if (strcmp(name, "help") == 0)
		return &help_option;
	for (const struct option_spec *o = command->options; o->name; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

static const struct option_spec *find_short(const struct command *command, char letter)
{
	if (letter == 'h')
		return &help_option;
	for (const struct option_spec *o = command->options; o->name; o++)
		if (o->letter == letter && letter)
			return o;
	return NULL;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *c = choices; c; c = strchr(c, '|')) {
		c += *c == '|';
		if (strncmp(c, value, len) == 0 && (c[len] == '|' || !c[len]))
			return len > 0;
	}
	return false;
}

static int set_option(const struct command *command, const struct option_spec *o, const char *value,
    struct arguments *args)
{
	if (o == &help_option) {
		args->help = true;
		return EXIT_DONE;
	}
	if (o->choices && !is_choice(o->choices, value)) {
		message(command->name, "--%s takes %s; '%.40s' is none of them", o->name, o->choices, value);
		return EXIT_USAGE;
	}
	if (!o->repeated) {
		args->value[o - command->options] = value;
		return EXIT_DONE;
	}
	if (args->n_sources == MAX_SOURCES) {
		message(command->name, "--%s is given more than %d times; give it once for each source", o->name,
		    MAX_SOURCES);
		return EXIT_USAGE;
	}
	args->sources[args->n_sources++] = value;
	return EXIT_DONE;
}

/* One argument that begins with '-'. *next is moved when the value is the argument after it. */
static int parse_option(const struct command *command, char **argv, int argc, int *next, struct arguments *args)
{
	char *arg = argv[*next], *equals = NULL;
	bool is_long = arg[1] == '-';
	const struct option_spec *o;
	const char *value = NULL;

	if (is_long) {
		equals = strchr(arg, '=');
		if (equals)
			*equals = '\0';
		o = find_long(command, arg + 2);
		value = equals ? equals + 1 : NULL;
	} else {
		o = find_short(command, arg[1]);
		value = arg[2] ? arg + 2 : NULL;
	}
	if (!o)
		return unknown_option(command, arg + (is_long ? 2 : 1), is_long);
	if (!o->value && value) {
		message(command->name, "--%s takes no value; leave it out", o->name);
		return EXIT_USAGE;
	}
	if (o->value && !value) {
		if (*next + 1 >= argc) {
			message(command->name, "--%s needs a value; write --%s %s", o->name, o->name, o->value);
			return EXIT_USAGE;
		}
		value = argv[++*next];
	}
	return set_option(command, o, value ? value : "", args);
}

static int set_argument(const struct command *command, const char *value, struct arguments *args)
{
	bool two = command->arguments && strchr(command->arguments, ' ');

	if (two && args->argument && !args->second) {
		args->second = value;
		return EXIT_DONE;
	}
	if (args->argument || !command->arguments) {
		message(command->name, "too many arguments; see datenbrief %s --help", command->name);
		return EXIT_USAGE;
	}
	args->argument = value;
	return EXIT_DONE;
}

static int check_required(const struct command *command, const struct arguments *args)
{
	for (const struct option_spec *o = command->options; o->name; o++) {
		if (o->required && !args->value[o - command->options]) {
			message(command->name, "-%c %s is missing; see datenbrief %s --help", o->letter, o->value,
			    command->name);
			return EXIT_USAGE;
		}
	}
	if (command->arguments && (!args->argument || (strchr(command->arguments, ' ') && !strchr(command->arguments, '[') && !args->second))) {
		message(command->name, "%s is missing; see datenbrief %s --help", command->arguments, command->name);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}

int options_parse(const struct command *command, int argc, char **argv, struct arguments *args)
{
	bool options = true;

	memset(args, 0, sizeof(*args));
	for (int i = 0; i < argc; i++) {
		int code;

		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
			continue;
		}
		code = options && argv[i][0] == '-' && argv[i][1] ? parse_option(command, argv, argc, &i, args) :
		    set_argument(command, argv[i], args);
		if (code != EXIT_DONE)
			return code;
	}
	return args->help ? EXIT_DONE : check_required(command, args);
}

bool options_number(const struct command *command, const char *name, const char *text, long min, long max,
    long *out)
{
	char *end = NULL;
	long n = strtol(text, &end, 10);

	if (text[0] >= '0' && text[0] <= '9' && end && !*end && n >= min && n <= max) {
		*out = n;
		return true;
	}
	message(command->name, "--%s takes a whole number from %ld to %ld", name, min, max);
	return false;
}
