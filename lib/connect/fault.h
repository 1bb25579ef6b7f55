/* SPDX-License-Identifier: MIT */
/* Errors of the built-in connectors. */
#ifndef DBI_CONNECT_FAULT_H
#define DBI_CONNECT_FAULT_H

#include <datenbrief/error.h>

/* dbrief_error_set with a printf text. */
int dbi_connect_error(struct dbrief_error *err, int status, int cause, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* FATAL, cause CONFIG. */
int dbi_connect_config(struct dbrief_error *err, const char *place, const char *text);
/* FAILED, cause MEMORY. */
int dbi_connect_memory(struct dbrief_error *err);

#endif
