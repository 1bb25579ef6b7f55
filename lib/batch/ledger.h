/* SPDX-License-Identifier: MIT */
/*
 * The ledger of past runs, the file that <ledger> of the configuration names:
 * who had a letter when. It holds no identifier: subjects stand there by their
 * keyed BLAKE2b hash, in the order of the hashes, so that without the key
 * nobody can tell, or try out, whose they are.
 *
 *   meta(name, value)              format, key (a check that tells another key)
 *   run(run, id, date, mode, again)  again: the reason for second letters, or NULL
 *   letter(subject, run)           letters that were written
 */
#ifndef DBI_BATCH_LEDGER_H
#define DBI_BATCH_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include "api/config.h"
#include "batch/run.h"

typedef struct dbi_ledger dbi_ledger;

/* Tells one key from another, and nothing about it. */
void dbi_ledger_check(const struct dbi_config *config, char out[65]);
/* `create`: made (0600) if absent; else that is FATAL, cause CONFIG, as is another key. */
int dbi_ledger_open(dbi_ledger **ledger, const struct dbi_config *config, bool create, struct dbrief_error *err);
void dbi_ledger_free(dbi_ledger *ledger);
/* Has another run than `run`, "" for any, given the subject a yearly letter less than twelve months from `date`? */
int dbi_ledger_has(dbi_ledger *ledger, const char *subject, const char *date, const char *run, bool *has, struct dbrief_error *err);
/*
 * The written letters of a complete run, in one transaction; repeated, it changes nothing. FATAL, cause CONFIG: some
 * of them would be second ones that nobody gave a reason for; then nothing is noted.
 */
int dbi_ledger_write(dbrief_run *run, struct dbrief_error *err);
/* How many letters of the run are noted. */
int dbi_ledger_count(dbrief_run *run, uint64_t *n, struct dbrief_error *err);

#endif
