/* SPDX-License-Identifier: MIT */
/* A program that runs beside us and answers lines with lines. */
#ifndef DBI_CONNECT_EXEC_H
#define DBI_CONNECT_EXEC_H

#include <stddef.h>
#include <jansson.h>
#include <datenbrief/connector.h>
#include "connect/json_text.h"

#define DBI_EXEC_PROTOCOL 1
#define DBI_EXEC_MAX_LINE (64u << 20) /* bytes */
#define DBI_EXEC_PATIENCE_MS 30000    /* for a line, where the source's deadline does not watch */

/* ---- words of a command line ---- */

/*
 * Splits at blanks; what stands between '...' or "..." stays together. No
 * shell: nothing else has a meaning. *words ends with NULL; free() it, which
 * frees the words. FATAL, cause CONFIG: no word, or a quote that is not closed.
 */
int dbi_exec_split(char ***words, const char *text, const char *place, struct dbrief_error *err);

/* ---- the process ---- */

struct dbi_process;

/* Starts it in the folder of the configuration, in a process group of its own. */
int dbi_process_start(struct dbi_process **process, const dbrief_source *source, struct dbrief_error *err);
/* Closes its input and waits a moment; then ends its whole group. */
void dbi_process_free(struct dbi_process *process);
/* Ends the whole group; from any thread while the process is not freed. */
void dbi_process_kill(struct dbi_process *process);
int dbi_process_send(struct dbi_process *process, const char *bytes, size_t len, struct dbrief_error *err);
/* The next line without its end; it stays until the next call. patience_ms 0: for ever, that is until it is killed. */
int dbi_process_line(struct dbi_process *process, unsigned patience_ms, const char **line, size_t *len,
    struct dbrief_error *err);

/* ---- the protocol: datenbrief-exec(7) ---- */

struct dbi_exec {
	const dbrief_source *source;
	struct dbi_process *process;
	struct dbi_json_text text;
	json_t *offer;      /* collections and their fields, as the program says */
	json_int_t request; /* number of the last one */
};

/* Greets a program that was just started. */
int dbi_exec_greet(struct dbi_exec *e, struct dbrief_error *err);
int dbi_exec_describe(const struct dbi_exec *e, dbrief_declaration *decl);
int dbi_exec_fetch(struct dbi_exec *e, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err);
int dbi_exec_list(struct dbi_exec *e, int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err);
/* Hands one record over; the program's object becomes fields. It is the turn of asked[i], one of n. */
int dbi_exec_record(struct dbi_exec *e, json_t *message, const char *const *asked, size_t i, size_t n,
    dbrief_records *records, struct dbrief_error *err);
/* Text of a value without our mark for numbers; *number is to be freed. */
const char *dbi_exec_text(const json_t *value, size_t *len, char **number);

#endif
