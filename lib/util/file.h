/* SPDX-License-Identifier: MIT */
/* Reading a whole file with a bound. */
#ifndef DBI_FILE_H
#define DBI_FILE_H

#include "util/buf.h"

/*
 * Appends the bytes of a regular file or a pipe, at most `max`. Otherwise
 * FATAL with the given cause and the path as place; DBRIEF_CAUSE_LIMIT when
 * the file is too large.
 */
int dbi_file_read(struct dbi_buf *out, const char *path, size_t max, int cause, struct dbrief_error *err);

#endif
