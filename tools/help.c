/* SPDX-License-Identifier: MIT */
/* --help and --version. */
#include <stdio.h>
#include <string.h>
#include "cli.h"

static void print_option(const struct option_spec *o)
{
	char left[64];
	const char *value = o->choices ? o->choices : o->value;

	(void)snprintf(left, sizeof(left), "%c%c%c --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
	    o->letter ? ',' : ' ', o->name, value ? " " : "", value ? value : "");
	if (strlen(left) > 30)
		(void)printf("  %s\n  %-30s  %s\n", left, "", o->help);
	else
		(void)printf("  %-30s  %s\n", left, o->help);
}

static void print_usage(const struct command *c)
{
	(void)printf("Usage: datenbrief %s", c->name);
	for (const struct option_spec *o = c->options; o->name; o++)
		if (o->required)
			(void)printf(" -%c %s", o->letter, o->value);
	if (c->arguments)
		(void)printf(" %s", c->arguments);
	(void)printf(" [options]\n\n%s\n", c->summary);
}

void help_command(const struct command *c)
{
	print_usage(c);
	(void)printf("\nOptions:\n");
	for (const struct option_spec *o = c->options; o->name; o++)
		print_option(o);
	(void)printf("  %-30s  %s\n", "-h, --help", "show this help");
	if (c->notes)
		(void)printf("\n%s", c->notes);
	if (c->examples)
		(void)printf("\nExamples:\n%s", c->examples);
}

void help_all(const struct command *const *commands)
{
	(void)printf("Usage: datenbrief COMMAND [options]\n\n"
	    "Gathers everything stored about a customer and prints it as that customer's letter:\n"
	    "complete, or not at all.\n\nCommands:\n");
	for (; *commands; commands++)
		(void)printf("  %-15s  %s\n", (*commands)->name, (*commands)->summary);
	(void)printf("\n"
	    "  datenbrief COMMAND --help   options and examples of a command\n"
	    "  datenbrief --version        version of the program and of every library in use\n"
	    "\nExamples:\n"
	    "  datenbrief letter -c datenbrief.xml 1001 -o letter.pdf\n"
	    "  datenbrief run -c datenbrief.xml -o out --limit 10\n"
	    "\nExit status:\n"
	    "   0  all done\n"
	    "   1  done, with letters held or failed\n"
	    "   2  wrong usage or configuration\n"
	    "   3  another run is at work in the folder\n"
	    "   4  the run had to stop\n"
	    "  75  temporary: try again\n");
}

int print_version(void)
{
	const char *s = dbrief_version_details();

	(void)printf("datenbrief %s\n", DBRIEF_VERSION_STRING);
	while (*s) {
		size_t len = strcspn(s, ",");

		(void)printf("%.*s\n", (int)len, s);
		s += len;
		s += strspn(s, ", ");
	}
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FATAL;
}
