/* SPDX-License-Identifier: MIT */
/*
 * The ledger of past runs, the file that <ledger> of the configuration names:
 * who had a letter when. It holds no identifier: subjects stand there by their
 * keyed BLAKE2b hash, in the order of the hashes, so that without the key
 * nobody can tell, or try out, whose they are.
 *
 *   meta(name, value)              format, key (a check that tells another key), id (random)
 *   run(run, id, date, mode, again)  again: the reason for second letters, or NULL
 *   letter(subject, run)           letters that were written
 *   state(subject, run, items)     what yearly letters held, by keyed hashes (model/change.h)
 *
 * A letter is compared with the newest one that is a year older or more, and
 * less than three: so a second letter of a period (--again) tells what changed
 * since the year before, as the first did, and what other runs of the period
 * note changes nothing. States older than the one compared with are deleted
 * when a letter is noted, those of four years ago in any case; there are two
 * for each subject as a rule, and more where letters came twice.
 */
#ifndef DBI_BATCH_LEDGER_H
#define DBI_BATCH_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include "api/config.h"
#include "batch/run.h"
#include "util/buf.h"

typedef struct dbi_ledger {
	struct dbi_store store;
	sqlite3_stmt *has, *put, *take;
	sqlite3_stmt *states, *put_state, *take_state, *trim;
	unsigned char key[32];
} dbi_ledger;

/* The hash of a kind of things, under a key of its own. */
void dbi_ledger_hash(const unsigned char key[32], const char *what, const char *text, unsigned char out[32]);
/* The same day, `years` away. */
void dbi_ledger_move_date(char out[16], const char *date, int years);
/* Tells one key from another, and nothing about it. */
void dbi_ledger_check(const struct dbi_config *config, char out[65]);
enum dbi_ledger_how { DBI_LEDGER_READ, DBI_LEDGER_WRITE, DBI_LEDGER_CREATE };
/* CREATE: made (0600) if absent; else that is FATAL, cause CONFIG, as is another key. */
int dbi_ledger_open(dbi_ledger **ledger, const struct dbi_config *config, enum dbi_ledger_how how, struct dbrief_error *err);
void dbi_ledger_free(dbi_ledger *ledger);
/* Has another run than `run`, "" for any, given the subject a yearly letter less than twelve months from `date`? */
int dbi_ledger_has(dbi_ledger *ledger, const char *subject, const char *date, const char *run, bool *has, struct dbrief_error *err);
/* ---- ledger_state.c ---- */
#define DBI_LEDGER_STATE_SIZE 64
/* Which file it is and how many runs it has, for a plan: "ID RUNS". */
int dbi_ledger_describe(dbi_ledger *ledger, char out[DBI_LEDGER_STATE_SIZE], struct dbrief_error *err);
/* FATAL, cause CONFIG: another file, or an older copy. */
int dbi_ledger_compare(dbi_ledger *ledger, const char *described, struct dbrief_error *err);
/* The key of struct dbi_changes. */
void dbi_ledger_state_key(const dbi_ledger *ledger, unsigned char out[32]);
struct dbi_ledger_asked { const char *date, *run, *described; }; /* of the letter, of its run, when the run was planned */
/*
 * What a letter of that date is compared with, and its date. DBRIEF_EOF:
 * nothing. FATAL, cause CONFIG: what it is may have changed since the plan was
 * made, since a later run gave the subject a letter, or an older one was noted.
 */
int dbi_ledger_state(dbi_ledger *ledger, const char *subject, const struct dbi_ledger_asked *asked, struct dbi_buf *state,
    char since[11], struct dbrief_error *err);
/* Notes the state of a letter of run number `run`, or takes it back (NULL), and deletes those nobody needs any more. */
int dbi_ledger_put_state(dbi_ledger *ledger, const unsigned char subject[32], int64_t run, const char *date, const void *state, size_t len,
    struct dbrief_error *err);
/* Deletes the states of runs four years and more before `date`. */
int dbi_ledger_purge(dbi_ledger *ledger, const char *date, struct dbrief_error *err);

/*
 * The written letters of a complete run, in one transaction; repeated, it changes nothing. FATAL, cause CONFIG: some
 * of them would be second ones that nobody gave a reason for; then nothing is noted.
 */
int dbi_ledger_write(dbrief_run *run, struct dbrief_error *err);
/* How many letters of the run are noted. */
int dbi_ledger_count(dbrief_run *run, uint64_t *n, struct dbrief_error *err);

#endif
