/* SPDX-License-Identifier: MIT */
/* Where the standard templates are: where DATENBRIEF_TEMPLATES says, beside the program, wherever it was put, else where it was installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *templates_folder(void)
{
	/* Of an installed program, then of one in its build folder, where libtool puts it one lower. */
	static const char *const beside[] = { "/../share/datenbrief/templates", "/templates", "/../templates" };
	static char path[1024];
	char program[512];
	const char *named = getenv("DATENBRIEF_TEMPLATES");
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (named && named[0])
		return named;
	if (path[0])
		return path;
	program[n > 0 ? n : 0] = '\0';
	slash = strrchr(program, '/');
	for (size_t i = 0; slash && i < sizeof(beside) / sizeof(*beside); i++) {
		(void)snprintf(path, sizeof(path), "%.*s%s", (int)(slash - program), program, beside[i]);
		if (is_folder(path))
			return path;
	}
	(void)snprintf(path, sizeof(path), "%s", DBI_TEMPLATES_DIR);
	return path;
}
