/* SPDX-License-Identifier: MIT */
/*
 * journal/shard-NNNNN.db: what became of the letters of one shard. A letter
 * stands there by its place in the plan and its case code; no identifier, no
 * value. All rows of a chunk come in one transaction, which checks that this
 * attempt is still the newest (its epoch).
 *
 *   meta(name, value)   format, plan (its hash), shard
 *   shard(epoch)        counted up by every attempt
 *   chunk(chunk, epoch) complete ones
 *   letter(chunk, offset, code, status, cause, place, reason, pages, sheets, bytes, sha256, attempts, template, lang)
 *                       reason: of a written one the characters that were replaced, if there were any
 *   state(letter, items)  of a written one in a run with a ledger: what next year's is compared with (model/change.h);
 *                       letter: chunk * 256 + offset
 *   suspect(chunk, offset, crashes)  was at work in a crash; 2: held as such
 */
#ifndef DBI_BATCH_JOURNAL_H
#define DBI_BATCH_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <datenbrief/run.h>
#include "batch/folder.h"
#include "batch/store.h"

typedef struct dbi_journal dbi_journal;

/* A letter's row. Strings are borrowed until the next row, or from the caller. */
struct dbi_journal_row {
	uint32_t chunk;
	unsigned offset;
	int status;                 /* DBRIEF_OK: written; DBRIEF_FAILED: held */
	int cause;                  /* of a held one */
	const char *code;           /* case code, "" when there is none */
	const char *where, *text;   /* of a held one */
	unsigned pages, attempts;
	unsigned replaced;          /* characters, of a written one */
	unsigned choice;            /* number of the template that made a written one */
	const char *lang;           /* its language */
	uint64_t bytes;
	char sha256[65];            /* "" of a held one */
	const void *state;          /* of a written one; NULL: none. Read by dbi_journal_state */
	size_t state_len;
};

/* For a shard at work: made if absent, epoch counted up. `plan`: its hash. A journal of another plan: FATAL, cause CONFIG. */
int dbi_journal_begin(dbi_journal **journal, const struct dbi_folder *folder, int dir, const char *plan, unsigned shard,
    struct dbrief_error *err);
/* For reading. DBRIEF_EOF: absent. */
int dbi_journal_open(dbi_journal **journal, const struct dbi_folder *folder, int dir, const char *plan, unsigned shard,
    struct dbrief_error *err);
void dbi_journal_free(dbi_journal *journal);
uint32_t dbi_journal_epoch(const dbi_journal *journal);

/* Is the chunk complete? */
int dbi_journal_has_chunk(dbi_journal *journal, uint32_t chunk, bool *has, struct dbrief_error *err);
/* Adds numbers of letters to counts: written, held, pages, sheets, replaced. */
int dbi_journal_count(dbi_journal *journal, struct dbrief_run_counts *counts, struct dbrief_error *err);
/* Rows in order of chunk and offset: start, then rows until DBRIEF_EOF. */
int dbi_journal_rows(dbi_journal *journal, uint32_t chunk, struct dbrief_error *err);
int dbi_journal_next(dbi_journal *journal, struct dbi_journal_row *row, struct dbrief_error *err);
/* The state of a letter, borrowed until the next call; none: NULL. */
int dbi_journal_state(dbi_journal *journal, struct dbi_journal_row *row, struct dbrief_error *err);
/* Rows of all chunks, in order. */
int dbi_journal_all(dbi_journal *journal, struct dbrief_error *err);

/*
 * One transaction: checks the epoch (FATAL, cause FENCED), lets `publish`
 * rename the files, stores the rows and the chunk. Whatever fails rolls back.
 */
int dbi_journal_commit(dbi_journal *journal, uint32_t chunk, const struct dbi_journal_row *rows, size_t n,
    int (*publish)(void *ctx, struct dbrief_error *err), void *ctx, struct dbrief_error *err);

/* ---- suspects ---- */
int dbi_journal_suspect(dbi_journal *journal, uint32_t chunk, unsigned offset, unsigned crashes, struct dbrief_error *err);
/* Calls `each` for every suspect of the shard. */
int dbi_journal_suspects(dbi_journal *journal, int (*each)(void *ctx, uint32_t chunk, unsigned offset, unsigned crashes),
    void *ctx, struct dbrief_error *err);
/* It ran alone without a crash. */
int dbi_journal_clear_suspect(dbi_journal *journal, uint32_t chunk, unsigned offset, struct dbrief_error *err);

#endif
