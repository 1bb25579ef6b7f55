/* SPDX-License-Identifier: MIT */
#include "batch/journal.h"

#include <stdio.h>
#include <string.h>

#include "batch/plan.h"
#include "batch/point.h"
#include "batch/post.h"
#include "util/mem.h"

struct dbi_journal {
	struct dbi_store store;
	unsigned shard;
	uint32_t epoch;
	sqlite3_stmt *has, *put, *done, *rows, *fence, *suspect, *put_state, *get_state, *begin, *end, *undo;
	char sha[65];
};

static const char remedy[] = "remove the folder journal/ to make all letters again from the same plan, or restore it";

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS shard(k INTEGER PRIMARY KEY, epoch INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS chunk(chunk INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, n INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS letter(chunk INTEGER, offset INTEGER, code TEXT NOT NULL, status INTEGER NOT NULL,"
    " cause INTEGER NOT NULL, place TEXT, reason TEXT, pages INTEGER NOT NULL, sheets INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL, sha256 BLOB, attempts INTEGER NOT NULL, template INTEGER, lang TEXT, PRIMARY KEY(chunk, offset)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS suspect(chunk INTEGER, offset INTEGER, crashes INTEGER NOT NULL,"
    " PRIMARY KEY(chunk, offset)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS state(letter INTEGER PRIMARY KEY, items BLOB NOT NULL);";

/* ---- opening ---- */

static int prepare(dbi_journal *j, struct dbrief_error *err)
{
	const struct { sqlite3_stmt **stmt; const char *sql; } all[] = {
		{ &j->has, "SELECT n FROM chunk WHERE chunk = ?1" },
		{ &j->put, "INSERT INTO letter VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)" },
		{ &j->done, "INSERT INTO chunk VALUES (?1, ?2, ?3)" },
		{ &j->rows, "SELECT chunk, offset, code, status, cause, place, reason, pages, bytes, sha256, attempts, template, lang FROM letter"
		    " WHERE chunk BETWEEN ?1 AND ?2 ORDER BY chunk, offset" },
		{ &j->fence, "SELECT epoch FROM shard" },
		{ &j->suspect, "INSERT INTO suspect VALUES (?1, ?2, ?3)"
		    " ON CONFLICT(chunk, offset) DO UPDATE SET crashes = max(crashes, excluded.crashes)" },
		{ &j->put_state, "INSERT INTO state VALUES (?1, ?2)" }, { &j->get_state, "SELECT items FROM state WHERE letter = ?1" },
		{ &j->begin, "BEGIN IMMEDIATE" }, { &j->end, "COMMIT" }, { &j->undo, "ROLLBACK" },
	};
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < sizeof(all) / sizeof(all[0]); i++)
		status = dbi_store_prepare(&j->store, all[i].stmt, all[i].sql, err);
	return status;
}

/* The value in meta, or DBRIEF_EOF. */
static int read_meta(dbi_journal *j, const char *name, char *out, size_t size, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt, "SELECT value FROM meta WHERE name = ?1", err);

	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
		status = dbi_store_row(&j->store, stmt, err);
	}
	if (status == DBRIEF_OK) {
		const char *value = (const char *)sqlite3_column_text(stmt, 0);

		(void)snprintf(out, size, "%s", value ? value : "");
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

static int check_plan(dbi_journal *j, const char *plan, struct dbrief_error *err)
{
	char text[80] = "", shard[16];
	int status = read_meta(j, "plan", text, sizeof(text), err);

	if (status == DBRIEF_EOF)
		return dbi_store_damaged(&j->store, err);
	if (status == DBRIEF_OK && strcmp(text, plan) != 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, j->store.path,
		    "the journal belongs to another plan: plan.db was changed; put the old plan back, or start again in an empty folder");
	(void)snprintf(shard, sizeof(shard), "%u", j->shard);
	if (status == DBRIEF_OK)
		status = read_meta(j, "shard", text, sizeof(text), err);
	if (status == DBRIEF_EOF || (status == DBRIEF_OK && strcmp(text, shard) != 0))
		return dbi_store_damaged(&j->store, err);
	return status;
}

static int set_meta(dbi_journal *j, const char *name, const char *value, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt, "INSERT OR IGNORE INTO meta VALUES (?1, ?2)", err);

	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
		status = dbi_store_run(&j->store, stmt, err);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

static int read_epoch(dbi_journal *j, uint32_t *epoch, struct dbrief_error *err)
{
	int status = dbi_store_row(&j->store, j->fence, err);

	if (status == DBRIEF_EOF)
		return dbi_store_damaged(&j->store, err);
	if (status == DBRIEF_OK) {
		*epoch = (uint32_t)sqlite3_column_int64(j->fence, 0);
		(void)sqlite3_reset(j->fence);
	}
	return status;
}

/* Schema, identity and a new epoch in one transaction. */
static int start_attempt(dbi_journal *j, const char *plan, struct dbrief_error *err)
{
	char shard[16];
	int status = dbi_store_exec(&j->store, "BEGIN IMMEDIATE", err);

	(void)snprintf(shard, sizeof(shard), "%u", j->shard);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&j->store, schema, err);
	if (status == DBRIEF_OK)
		status = set_meta(j, "format", "1", err);
	if (status == DBRIEF_OK)
		status = set_meta(j, "plan", plan, err);
	if (status == DBRIEF_OK)
		status = set_meta(j, "shard", shard, err);
	if (status == DBRIEF_OK)
		status = check_plan(j, plan, err);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&j->store, "INSERT OR IGNORE INTO shard VALUES (0, 0); UPDATE shard SET epoch = epoch + 1", err);
	if (status == DBRIEF_OK)
		status = prepare(j, err);
	if (status == DBRIEF_OK)
		status = read_epoch(j, &j->epoch, err);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&j->store, "COMMIT", err);
	return status;
}

static int open_store(dbi_journal **journal, const struct dbi_folder *folder, int dir, unsigned shard, int flags, struct dbrief_error *err)
{
	dbi_journal *j = dbi_calloc(1, sizeof(*j));
	char *path = dbi_folder_path(folder, "journal"), name[32];
	int status;

	*journal = j;
	if (!j || !path) {
		dbi_free(path);
		return dbi_error_memory(err);
	}
	j->shard = shard;
	j->store.remedy = remedy;
	(void)snprintf(name, sizeof(name), "shard-%05u.db", shard % 100000);
	status = dbi_store_open(&j->store, dir, path, name, flags, err);
	dbi_free(path);
	return status;
}

static int finish(dbi_journal **journal, int status)
{
	if (status != DBRIEF_OK) {
		dbi_journal_free(*journal);
		*journal = NULL;
	}
	return status;
}

int dbi_journal_begin(dbi_journal **journal, const struct dbi_folder *folder, int dir, const char *plan, unsigned shard,
    struct dbrief_error *err)
{
	int status = open_store(journal, folder, dir, shard, DBI_STORE_CREATE, err);

	if (status == DBRIEF_OK)
		status = start_attempt(*journal, plan, err);
	return finish(journal, status);
}

/* An attempt that was killed, or found no space, before its first commit left a file without tables: as if there were none. */
static int check_begun(dbi_journal *j, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt, "SELECT 1 FROM sqlite_master LIMIT 1", err);

	if (status == DBRIEF_OK)
		status = dbi_store_row(&j->store, stmt, err);
	(void)sqlite3_finalize(stmt);
	return status;
}

int dbi_journal_open(dbi_journal **journal, const struct dbi_folder *folder, int dir, const char *plan, unsigned shard,
    struct dbrief_error *err)
{
	int status = open_store(journal, folder, dir, shard, 0, err);

	if (status == DBRIEF_OK)
		status = check_begun(*journal, err);
	if (status == DBRIEF_OK)
		status = check_plan(*journal, plan, err);
	if (status == DBRIEF_OK)
		status = prepare(*journal, err);
	return finish(journal, status);
}

void dbi_journal_free(dbi_journal *j)
{
	if (!j)
		return;
	sqlite3_stmt *const all[] = { j->has, j->put, j->done, j->rows, j->fence, j->suspect, j->put_state, j->get_state, j->begin, j->end, j->undo };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)sqlite3_finalize(all[i]);
	dbi_store_close(&j->store);
	dbi_free(j);
}

uint32_t dbi_journal_epoch(const dbi_journal *journal)
{
	return journal->epoch;
}

/* ---- reading ---- */

int dbi_journal_has_chunk(dbi_journal *j, uint32_t chunk, bool *has, struct dbrief_error *err)
{
	int status;

	(void)sqlite3_bind_int64(j->has, 1, chunk);
	status = dbi_store_row(&j->store, j->has, err);
	*has = status == DBRIEF_OK;
	if (*has)
		(void)sqlite3_reset(j->has);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

int dbi_journal_count(dbi_journal *j, struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt,
	    "SELECT count(*), coalesce(sum(status <> 0), 0), coalesce(sum(pages), 0), coalesce(sum(sheets), 0),"
	    " coalesce(sum(CAST(reason AS INTEGER)) FILTER (WHERE status = 0), 0), count(reason) FILTER (WHERE status = 0) FROM letter", err);

	if (status == DBRIEF_OK)
		status = dbi_store_row(&j->store, stmt, err);
	if (status == DBRIEF_OK) {
		counts->written += (uint64_t)(sqlite3_column_int64(stmt, 0) - sqlite3_column_int64(stmt, 1));
		counts->held += (uint64_t)sqlite3_column_int64(stmt, 1);
		counts->pages += (uint64_t)sqlite3_column_int64(stmt, 2);
		counts->sheets += (uint64_t)sqlite3_column_int64(stmt, 3);
		counts->replaced += (uint64_t)sqlite3_column_int64(stmt, 4);
		counts->replaced_letters += (uint64_t)sqlite3_column_int64(stmt, 5);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

int dbi_journal_rows(dbi_journal *j, uint32_t chunk, struct dbrief_error *err)
{
	(void)err;
	(void)sqlite3_reset(j->rows);
	(void)sqlite3_bind_int64(j->rows, 1, chunk);
	(void)sqlite3_bind_int64(j->rows, 2, chunk);
	return DBRIEF_OK;
}

int dbi_journal_all(dbi_journal *j, struct dbrief_error *err)
{
	(void)err;
	(void)sqlite3_reset(j->rows);
	(void)sqlite3_bind_int64(j->rows, 1, 0);
	(void)sqlite3_bind_int64(j->rows, 2, UINT32_MAX);
	return DBRIEF_OK;
}

static void hex(char out[65], const unsigned char *bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 32; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[64] = '\0';
}

static const char *text_of(sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	return text ? text : "";
}

int dbi_journal_next(dbi_journal *j, struct dbi_journal_row *row, struct dbrief_error *err)
{
	sqlite3_stmt *s = j->rows;
	int status = dbi_store_row(&j->store, s, err);
	const unsigned char *hash;

	memset(row, 0, sizeof(*row));
	if (status != DBRIEF_OK)
		return status;
	row->chunk = (uint32_t)sqlite3_column_int64(s, 0);
	row->offset = (unsigned)sqlite3_column_int64(s, 1);
	row->code = text_of(s, 2);
	row->status = sqlite3_column_int(s, 3);
	row->cause = sqlite3_column_int(s, 4);
	row->where = text_of(s, 5);
	row->text = row->status == DBRIEF_OK ? "" : text_of(s, 6);
	row->replaced = row->status == DBRIEF_OK ? (unsigned)sqlite3_column_int64(s, 6) : 0;
	row->pages = (unsigned)sqlite3_column_int64(s, 7);
	row->bytes = (uint64_t)sqlite3_column_int64(s, 8);
	row->attempts = (unsigned)sqlite3_column_int64(s, 10);
	row->choice = (unsigned)sqlite3_column_int64(s, 11);
	row->lang = text_of(s, 12);
	hash = sqlite3_column_blob(s, 9);
	if (hash && sqlite3_column_bytes(s, 9) == 32)
		hex(row->sha256, hash);
	return DBRIEF_OK;
}

static int64_t state_number(const struct dbi_journal_row *row)
{
	return (int64_t)row->chunk * DBI_PLAN_CHUNK + row->offset;
}

int dbi_journal_state(dbi_journal *j, struct dbi_journal_row *row, struct dbrief_error *err)
{
	sqlite3_stmt *s = j->get_state;
	int status;

	(void)sqlite3_reset(s);
	(void)sqlite3_bind_int64(s, 1, state_number(row));
	status = dbi_store_row(&j->store, s, err);
	row->state = status == DBRIEF_OK ? sqlite3_column_blob(s, 0) : NULL;
	row->state_len = row->state ? (size_t)sqlite3_column_bytes(s, 0) : 0;
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

/* ---- writing ---- */

static unsigned nibble(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
}

static int put_row(dbi_journal *j, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	sqlite3_stmt *s = j->put;
	unsigned char hash[32];
	bool written = row->status == DBRIEF_OK;
	int status;

	for (size_t i = 0; written && i < 32; i++)
		hash[i] = (unsigned char)(nibble(row->sha256[2 * i]) << 4 | nibble(row->sha256[2 * i + 1]));
	(void)sqlite3_bind_int64(s, 1, row->chunk);
	(void)sqlite3_bind_int64(s, 2, row->offset);
	(void)sqlite3_bind_text(s, 3, row->code, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 4, row->status);
	(void)sqlite3_bind_int64(s, 5, row->cause);
	if (!written) {
		(void)sqlite3_bind_text(s, 6, row->where, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(s, 7, row->text, -1, SQLITE_STATIC);
	} else if (row->replaced) {
		(void)sqlite3_bind_int64(s, 7, row->replaced);
	}
	(void)sqlite3_bind_int64(s, 8, row->pages);
	(void)sqlite3_bind_int64(s, 9, dbi_post_sheets(row->pages));
	(void)sqlite3_bind_int64(s, 10, (int64_t)row->bytes);
	if (written)
		(void)sqlite3_bind_blob(s, 11, hash, sizeof(hash), SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 12, row->attempts);
	if (written) {
		(void)sqlite3_bind_int64(s, 13, row->choice);
		(void)sqlite3_bind_text(s, 14, row->lang, -1, SQLITE_STATIC);
	}
	status = dbi_store_run(&j->store, s, err);
	(void)sqlite3_clear_bindings(s);
	return status;
}

static int put_state(dbi_journal *j, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	int status;

	if (!row->state || row->status != DBRIEF_OK)
		return DBRIEF_OK;
	(void)sqlite3_bind_int64(j->put_state, 1, state_number(row));
	(void)sqlite3_bind_blob64(j->put_state, 2, row->state, row->state_len, SQLITE_STATIC);
	status = dbi_store_run(&j->store, j->put_state, err);
	(void)sqlite3_clear_bindings(j->put_state);
	return status;
}

static int check_epoch(dbi_journal *j, struct dbrief_error *err)
{
	uint32_t epoch = 0;
	int status = read_epoch(j, &epoch, err);

	if (status != DBRIEF_OK || epoch == j->epoch)
		return status;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FENCED, j->store.path,
	    "a newer attempt at this shard has taken over; leave it the work");
}

static int put_chunk(dbi_journal *j, uint32_t chunk, const struct dbi_journal_row *rows, size_t n, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < n; i++)
		status = put_row(j, &rows[i], err);
	for (size_t i = 0; status == DBRIEF_OK && i < n; i++)
		status = put_state(j, &rows[i], err);
	if (status != DBRIEF_OK)
		return status;
	(void)sqlite3_bind_int64(j->done, 1, chunk);
	(void)sqlite3_bind_int64(j->done, 2, j->epoch);
	(void)sqlite3_bind_int64(j->done, 3, (int64_t)n);
	return dbi_store_run(&j->store, j->done, err);
}

int dbi_journal_commit(dbi_journal *j, uint32_t chunk, const struct dbi_journal_row *rows, size_t n,
    int (*publish)(void *ctx, struct dbrief_error *err), void *ctx, struct dbrief_error *err)
{
	int status = dbi_store_run(&j->store, j->begin, err);

	if (status != DBRIEF_OK)
		return status;
	status = check_epoch(j, err);
	if (status == DBRIEF_OK)
		status = publish(ctx, err);
	if (status == DBRIEF_OK)
		status = put_chunk(j, chunk, rows, n, err);
	dbi_point("before-commit");
	if (status == DBRIEF_OK)
		status = dbi_store_run(&j->store, j->end, err);
	if (status != DBRIEF_OK && !sqlite3_get_autocommit(j->store.db))
		(void)dbi_store_run(&j->store, j->undo, NULL);
	dbi_point("after-commit");
	return status;
}

/* ---- suspects ---- */

int dbi_journal_suspect(dbi_journal *j, uint32_t chunk, unsigned offset, unsigned crashes, struct dbrief_error *err)
{
	(void)sqlite3_bind_int64(j->suspect, 1, chunk);
	(void)sqlite3_bind_int64(j->suspect, 2, offset);
	(void)sqlite3_bind_int64(j->suspect, 3, crashes);
	return dbi_store_run(&j->store, j->suspect, err);
}

int dbi_journal_suspects(dbi_journal *j, int (*each)(void *ctx, uint32_t chunk, unsigned offset, unsigned crashes),
    void *ctx, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt, "SELECT chunk, offset, crashes FROM suspect ORDER BY chunk, offset", err);

	while (status == DBRIEF_OK && (status = dbi_store_row(&j->store, stmt, err)) == DBRIEF_OK)
		status = each(ctx, (uint32_t)sqlite3_column_int64(stmt, 0), (unsigned)sqlite3_column_int64(stmt, 1),
		    (unsigned)sqlite3_column_int64(stmt, 2));
	(void)sqlite3_finalize(stmt);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

int dbi_journal_clear_suspect(dbi_journal *j, uint32_t chunk, unsigned offset, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&j->store, &stmt, "DELETE FROM suspect WHERE chunk = ?1 AND offset = ?2", err);

	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_int64(stmt, 1, chunk);
		(void)sqlite3_bind_int64(stmt, 2, offset);
		status = dbi_store_run(&j->store, stmt, err);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}
