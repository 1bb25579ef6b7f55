/* SPDX-License-Identifier: MIT */
#include "connect/fault.h"

#include <stdarg.h>
#include <stdio.h>

int dbi_connect_error(struct dbrief_error *err, int status, int cause, const char *where, const char *fmt, ...)
{
	/* Longer than the record's text, so that dbrief_error_set is the one to cut it visibly. */
	char text[512];
	va_list args;

	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	return dbrief_error_set(err, status, cause, where, text);
}

int dbi_connect_config(struct dbrief_error *err, const char *place, const char *text)
{
	return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place, text);
}

int dbi_connect_memory(struct dbrief_error *err)
{
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_MEMORY, "", "out of memory; try again");
}
