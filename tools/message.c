/* SPDX-License-Identifier: MIT */
/* Messages on standard error and the exit codes they go with. */
#include <stdarg.h>
#include <stdio.h>
#include "cli.h"

/* File names come from outside: control characters would reach the terminal. */
static void put_clean(const char *s)
{
	for (; *s; s++)
		(void)fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, stderr);
}

void message(const char *place, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	(void)fputs("datenbrief: ", stderr);
	if (place && place[0]) {
		put_clean(place);
		(void)fputs(": ", stderr);
	}
	put_clean(text);
	(void)fputc('\n', stderr);
}

int exit_code_of(int status, int cause)
{
	if (status >= DBRIEF_OK || status == DBRIEF_WARN)
		return EXIT_DONE;
	if (status == DBRIEF_RETRY)
		return EXIT_TEMPORARY;
	if (status == DBRIEF_FAILED)
		return EXIT_HELD;
	switch (cause) {
	case DBRIEF_CAUSE_ARG:
	case DBRIEF_CAUSE_OPTION:
	case DBRIEF_CAUSE_CONFIG:
	case DBRIEF_CAUSE_XML:
	case DBRIEF_CAUSE_TEMPLATE:
	case DBRIEF_CAUSE_FONT:
	case DBRIEF_CAUSE_IMAGE: /* pictures belong to the template */
		return EXIT_USAGE;
	case DBRIEF_CAUSE_FENCED:
		return EXIT_FENCED;
	default:
		return EXIT_FATAL;
	}
}

int report(const struct dbrief_error *err)
{
	message(err->where, "%s", err->text[0] ? err->text : dbrief_cause_name(err->cause));
	return exit_code_of(err->status, err->cause);
}

int report_end(const struct dbrief_error *err)
{
	int code = report(err);

	return code == EXIT_HELD ? EXIT_FATAL : code;
}
