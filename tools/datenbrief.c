/* SPDX-License-Identifier: MIT */
/* The command line program: hygiene of the process, then the command. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include "cli.h"

static const struct command *const commands[] = { &command_init, &command_check, &command_letter, &command_run, &command_plan,
	&command_render, &command_merge, &command_verify, &command_report, &command_release,
	&command_status, &command_render_letter, &command_item, &command_register, NULL
};

/* Letters hold personal data: no core files, no other user's debugger, files for the owner only. */
static void protect_process(void)
{
	const struct rlimit none = { 0, 0 };

	(void)umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	(void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error to report, not a silent end */
}

/*
 * One letter may take ten times the memory of the next. glibc would learn from
 * the large one to keep all that for good, once for each thread: blocks of a
 * megabyte, of which only large letters are made, go back to the system.
 */
static void bound_memory(void)
{
#if defined(__GLIBC__)
	(void)mallopt(M_MMAP_THRESHOLD, 768 << 10);
	(void)mallopt(M_TRIM_THRESHOLD, 2 << 20);
#endif
}

static int unknown_command(const char *name)
{
	const char *nearest = NULL;

	for (size_t i = 0; commands[i]; i++)
		nearest = options_nearest(name, nearest, commands[i]->name);
	if (nearest)
		message(NULL, "unknown command '%.40s'; did you mean '%s'?", name, nearest);
	else
		message(NULL, "unknown command '%.40s'; see datenbrief --help", name);
	return EXIT_USAGE;
}

static int help(const char *name)
{
	for (size_t i = 0; name && commands[i]; i++) {
		if (strcmp(name, commands[i]->name) == 0) {
			help_command(commands[i]);
			return EXIT_DONE;
		}
	}
	if (name)
		return unknown_command(name);
	help_all(commands);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	protect_process();
	bound_memory();
	if (argc < 2) {
		message(NULL, "no command given; try datenbrief --help");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return help(argc > 2 ? argv[2] : NULL);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		return print_version();
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(commands[i], argc - 2, argv + 2);
	if (argv[1][0] == '-') {
		message(NULL, "unknown option '%.40s' before the command; see datenbrief --help", argv[1]);
		return EXIT_USAGE;
	}
	return unknown_command(argv[1]);
}
