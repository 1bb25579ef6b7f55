/* SPDX-License-Identifier: MIT */
/* What yearly letters held, by keyed hashes, and which of them the next one is compared with. */
#include "batch/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEARS_COMPARED 3  /* a letter older than that is none to tell changes since */
#define YEARS_KEPT 4      /* one more, so that a run of a later date takes nothing from one that is being made */

/* ---- which file ---- */

int dbi_ledger_describe(dbi_ledger *l, char out[DBI_LEDGER_STATE_SIZE], struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&l->store, &stmt,
	    "SELECT (SELECT value FROM meta WHERE name = 'id'), (SELECT coalesce(max(run), 0) FROM run)", err);

	if (status == DBRIEF_OK)
		status = dbi_store_row(&l->store, stmt, err);
	if (status == DBRIEF_OK) {
		const char *id = (const char *)sqlite3_column_text(stmt, 0);

		(void)snprintf(out, DBI_LEDGER_STATE_SIZE, "%.32s %lld", id ? id : "", (long long)sqlite3_column_int64(stmt, 1));
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

/* The number of runs behind the id. */
static int64_t runs_of(const char *described)
{
	const char *blank = strchr(described, ' ');

	return blank ? strtoll(blank + 1, NULL, 10) : 0;
}

int dbi_ledger_compare(dbi_ledger *l, const char *described, struct dbrief_error *err)
{
	char now[DBI_LEDGER_STATE_SIZE] = "";
	int status = dbi_ledger_describe(l, now, err);

	if (status == DBRIEF_OK && (strncmp(now, described, 33) != 0 || runs_of(now) < runs_of(described)))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, l->store.path,
		    "changed since the plan was made: the ledger is another file or an older copy; put it back, or start again in an empty folder");
	return status;
}

/* ---- reading ---- */

void dbi_ledger_state_key(const dbi_ledger *l, unsigned char out[32])
{
	dbi_ledger_hash(l->key, "datenbrief-ledger-1 state", "", out);
}

struct window { char newest[16], oldest[16]; }; /* dates of letters that one is compared with: not after, but after */

static void look_back(struct window *w, const char *date)
{
	dbi_ledger_move_date(w->newest, date, -1);
	dbi_ledger_move_date(w->oldest, date, -YEARS_COMPARED);
}

/* Would this one not have been seen, or have been, had the letter been made when it was planned? */
static bool is_late(const char *date, int64_t run, const struct dbi_ledger_asked *asked, const struct window *w)
{
	return run > runs_of(asked->described) && (strcmp(date, asked->date) > 0 || strcmp(date, w->newest) <= 0);
}

static int take_state(const dbi_ledger *l, struct dbi_buf *state, char since[11], const char *date, struct dbrief_error *err)
{
	const void *items = sqlite3_column_blob(l->states, 3);
	size_t len = (size_t)sqlite3_column_bytes(l->states, 3);

	(void)snprintf(since, 11, "%.10s", date);
	dbi_buf_add(state, items ? items : "", items ? len : 0);
	return state->failed || !state->data ? dbi_error_memory(err) : DBRIEF_OK;
}

int dbi_ledger_state(dbi_ledger *l, const char *subject, const struct dbi_ledger_asked *asked, struct dbi_buf *state,
    char since[11], struct dbrief_error *err)
{
	unsigned char hash[32];
	struct window window;
	bool found = false;
	int status = DBRIEF_OK;

	dbi_ledger_hash(l->key, "datenbrief-ledger-1 subject", subject, hash);
	look_back(&window, asked->date);
	dbi_buf_clear(state);
	(void)sqlite3_bind_blob(l->states, 1, hash, sizeof(hash), SQLITE_STATIC);
	while (status == DBRIEF_OK && (status = dbi_store_row(&l->store, l->states, err)) == DBRIEF_OK) {
		const char *date = (const char *)sqlite3_column_text(l->states, 1), *id = (const char *)sqlite3_column_text(l->states, 2);

		if (!date || !id)
			status = dbi_store_damaged(&l->store, err);
		else if (strcmp(id, asked->run) == 0)
			continue;
		else if (is_late(date, sqlite3_column_int64(l->states, 0), asked, &window))
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, l->store.path,
			    "changed since the plan was made: another run gave customers of this one a letter; start again in an empty folder");
		else if (!found && strcmp(date, window.newest) <= 0 && strcmp(date, window.oldest) > 0) {
			status = take_state(l, state, since, date, err);
			found = true;
		}
	}
	(void)sqlite3_reset(l->states);
	(void)sqlite3_clear_bindings(l->states);
	return status == DBRIEF_EOF && found ? DBRIEF_OK : status;
}

/* ---- writing ---- */

int dbi_ledger_put_state(dbi_ledger *l, const unsigned char subject[32], int64_t run, const char *date, const void *state, size_t len,
    struct dbrief_error *err)
{
	sqlite3_stmt *stmt = state ? l->put_state : l->take_state;
	struct window window;
	int status;

	(void)sqlite3_bind_blob(stmt, 1, subject, 32, SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, run);
	if (state)
		(void)sqlite3_bind_blob64(stmt, 3, state, len, SQLITE_STATIC);
	status = dbi_store_run(&l->store, stmt, err);
	(void)sqlite3_clear_bindings(stmt);
	if (status != DBRIEF_OK || !state)
		return status;
	look_back(&window, date);
	(void)sqlite3_bind_blob(l->trim, 1, subject, 32, SQLITE_STATIC);
	(void)sqlite3_bind_text(l->trim, 2, window.newest, -1, SQLITE_STATIC);
	status = dbi_store_run(&l->store, l->trim, err);
	(void)sqlite3_clear_bindings(l->trim);
	return status;
}

int dbi_ledger_purge(dbi_ledger *l, const char *date, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	char before[16];
	/* Found by the index alone: the table itself is large. */
	int status = dbi_store_prepare(&l->store, &stmt,
	    "DELETE FROM state WHERE rowid IN (SELECT rowid FROM state WHERE run IN (SELECT run FROM run WHERE date < ?1))", err);

	dbi_ledger_move_date(before, date, -YEARS_KEPT);
	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, before, -1, SQLITE_STATIC);
		status = dbi_store_run(&l->store, stmt, err);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}
