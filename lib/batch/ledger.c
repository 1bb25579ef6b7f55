/* SPDX-License-Identifier: MIT */
#include "batch/ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "api/api.h"
#include "batch/point.h"
#include "util/hash.h"
#include "util/mem.h"

static const char remedy[] = "restore it; without it nobody knows who had a letter";

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS run(run INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, date TEXT NOT NULL, mode TEXT NOT NULL,"
    " again TEXT);"
    "CREATE TABLE IF NOT EXISTS letter(subject BLOB NOT NULL, run INTEGER NOT NULL, PRIMARY KEY(subject, run)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS state(subject BLOB NOT NULL, run INTEGER NOT NULL, items BLOB NOT NULL, PRIMARY KEY(subject, run));"
    "INSERT OR IGNORE INTO meta VALUES ('format', '1');"
    "INSERT OR IGNORE INTO meta VALUES ('id', lower(hex(randomblob(16))));";

/* ---- hashes ---- */

void dbi_ledger_hash(const unsigned char key[32], const char *what, const char *text, unsigned char out[32])
{
	unsigned char part[32];

	/* A key of its own for each kind of hash: none can stand for another. */
	dbi_blake2b(part, sizeof(part), what, strlen(what), key, 32);
	dbi_blake2b(out, 32, text, strlen(text), part, sizeof(part));
	dbi_wipe(part, sizeof(part));
}

void dbi_ledger_check(const struct dbi_config *config, char out[65])
{
	unsigned char hash[32];

	dbi_ledger_hash(config->ledger_key, "datenbrief-ledger-1 check", "", hash);
	dbi_hex(out, hash, sizeof(hash));
}

/* ---- opening ---- */

static int check_key(dbi_ledger *l, const struct dbi_config *config, struct dbrief_error *err)
{
	char want[65];
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&l->store, &stmt, "SELECT value FROM meta WHERE name = 'key'", err);

	dbi_ledger_check(config, want);
	if (status == DBRIEF_OK)
		status = dbi_store_row(&l->store, stmt, err);
	if (status == DBRIEF_EOF)
		status = dbi_store_damaged(&l->store, err);
	if (status == DBRIEF_OK) {
		const char *have = (const char *)sqlite3_column_text(stmt, 0);

		if (!have || strcmp(have, want) != 0)
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, l->store.path,
			    "the ledger was made with another key; put that key-file back");
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

/* Tables and the check of the key, in one transaction: two runs may be the first. */
static int begin_file(dbi_ledger *l, const struct dbi_config *config, struct dbrief_error *err)
{
	char check[65];
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_exec(&l->store, "BEGIN IMMEDIATE", err);

	dbi_ledger_check(config, check);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&l->store, schema, err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&l->store, &stmt, "INSERT OR IGNORE INTO meta VALUES ('key', ?1)", err);
	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, check, -1, SQLITE_STATIC);
		status = dbi_store_run(&l->store, stmt, err);
	}
	(void)sqlite3_finalize(stmt);
	return status == DBRIEF_OK ? dbi_store_exec(&l->store, "COMMIT", err) : status;
}

static int prepare(dbi_ledger *l, struct dbrief_error *err)
{
	const struct { sqlite3_stmt **stmt; const char *sql; } all[] = {
		{ &l->has, "SELECT 1 FROM letter JOIN run ON run.run = letter.run WHERE subject = ?1 AND mode <> 'request'"
		    " AND date > ?2 AND date < ?3 AND id <> ?4 LIMIT 1" },
		{ &l->put, "INSERT OR IGNORE INTO letter VALUES (?1, ?2)" },
		{ &l->take, "DELETE FROM letter WHERE subject = ?1 AND run = ?2" },
		{ &l->states, "SELECT run.run, date, id, items FROM state JOIN run ON run.run = state.run WHERE subject = ?1"
		    " ORDER BY date DESC, run.run DESC" },
		{ &l->put_state, "INSERT INTO state VALUES (?1, ?2, ?3) ON CONFLICT(subject, run) DO UPDATE SET items = excluded.items"
		    " WHERE items IS NOT excluded.items" },
		{ &l->take_state, "DELETE FROM state WHERE subject = ?1 AND run = ?2" },
		{ &l->trim, "DELETE FROM state WHERE subject = ?1 AND run IN (SELECT run FROM run WHERE date < (SELECT max(date)"
		    " FROM state JOIN run ON run.run = state.run WHERE subject = ?1 AND date <= ?2))" },
	};
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < sizeof(all) / sizeof(all[0]); i++)
		status = dbi_store_prepare(&l->store, all[i].stmt, all[i].sql, err);
	return status;
}

static int open_file(dbi_ledger *l, const char *path, bool create, struct dbrief_error *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = slash ? (size_t)(slash - path) : 0;
	char *folder = slash == path ? dbi_strdup("/") : slash ? dbi_strndup(path, len) : dbi_strdup(".");
	struct dbi_folder f = DBI_FOLDER_INIT;
	struct stat st;
	int status = folder ? dbi_folder_open_beside(&f, folder, err) : dbi_error_memory(err);

	if (status == DBRIEF_OK)
		status = dbi_store_open(&l->store, f.fd, folder, name, create ? DBI_STORE_CREATE : 0, err);
	else if (status == DBRIEF_EOF)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path, "the folder of the ledger does not exist; create it, or correct file");
	if (status == DBRIEF_EOF)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path, "the ledger is gone since the plan was made; %s", remedy);
	if (status == DBRIEF_OK && fstatat(f.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path,
		    "group or others may read or write the ledger; take that right away (chmod go=)");
	dbi_folder_close(&f);
	dbi_free(folder);
	return status;
}

int dbi_ledger_open(dbi_ledger **ledger, const struct dbi_config *config, enum dbi_ledger_how how, struct dbrief_error *err)
{
	dbi_ledger *l = dbi_calloc(1, sizeof(*l));
	int status;

	*ledger = NULL;
	if (!l)
		return dbi_error_memory(err);
	memcpy(l->key, config->ledger_key, sizeof(l->key));
	l->store.remedy = remedy;
	status = open_file(l, config->ledger, how == DBI_LEDGER_CREATE, err);
	if (status == DBRIEF_OK && how == DBI_LEDGER_CREATE)
		status = begin_file(l, config, err);
	if (status == DBRIEF_OK)
		status = check_key(l, config, err);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&l->store, "PRAGMA cache_size=-16384", err); /* hashes come in no order */
	if (status == DBRIEF_OK)
		status = prepare(l, err);
	/* Not opened for reading alone: what a killed run left half done must be taken back first. */
	if (status == DBRIEF_OK && how == DBI_LEDGER_READ)
		status = dbi_store_exec(&l->store, "PRAGMA query_only=1", err);
	if (status != DBRIEF_OK) {
		dbi_ledger_free(l);
		return status;
	}
	*ledger = l;
	return DBRIEF_OK;
}

void dbi_ledger_free(dbi_ledger *ledger)
{
	if (!ledger)
		return;
	sqlite3_stmt *const all[] = { ledger->has, ledger->put, ledger->take, ledger->states, ledger->put_state, ledger->take_state, ledger->trim };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)sqlite3_finalize(all[i]);
	dbi_store_close(&ledger->store);
	dbi_free_wiped(ledger, sizeof(*ledger));
}

/* ---- asking ---- */

/* The same day, `years` away: dates are compared as text, so that 29 February needs no other. */
void dbi_ledger_move_date(char out[16], const char *date, int years)
{
	int year = (date[0] - '0') * 1000 + (date[1] - '0') * 100 + (date[2] - '0') * 10 + (date[3] - '0') + years;

	(void)snprintf(out, 16, "%04u%.6s", (unsigned)(year < 0 ? 0 : year > 9999 ? 9999 : year), date + 4);
}

int dbi_ledger_has(dbi_ledger *ledger, const char *subject, const char *date, const char *run, bool *has, struct dbrief_error *err)
{
	unsigned char hash[32];
	char from[16], to[16];
	int status;

	dbi_ledger_hash(ledger->key, "datenbrief-ledger-1 subject", subject, hash);
	dbi_ledger_move_date(from, date, -1);
	dbi_ledger_move_date(to, date, 1);
	(void)sqlite3_bind_blob(ledger->has, 1, hash, sizeof(hash), SQLITE_STATIC);
	(void)sqlite3_bind_text(ledger->has, 2, from, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(ledger->has, 3, to, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(ledger->has, 4, run, -1, SQLITE_STATIC);
	status = dbi_store_row(&ledger->store, ledger->has, err);
	*has = status == DBRIEF_OK;
	if (*has)
		(void)sqlite3_reset(ledger->has);
	(void)sqlite3_clear_bindings(ledger->has);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

/* ---- writing ---- */

struct writing {
	dbi_ledger *ledger;
	dbi_plan *plan;
	const char *id;            /* of the run in its plan */
	const char *folder;        /* of the run, for messages */
	int64_t number;            /* of the run in the ledger */
	bool yearly;               /* each letter has a state */
	bool once;                 /* nobody may get a second letter */
	struct dbi_plan_chunk chunk;
	uint64_t second;
};

static int put_run(struct writing *w, struct dbrief_error *err)
{
	const struct dbrief_plan_info *info = dbi_plan_info(w->plan);
	const struct dbi_store *store = &w->ledger->store;
	sqlite3_stmt *put = NULL, *get = NULL;
	int status = dbi_store_prepare(store, &put, "INSERT OR IGNORE INTO run(id, date, mode, again) VALUES (?1, ?2, ?3, nullif(?4, ''))", err);

	if (status == DBRIEF_OK)
		status = dbi_store_prepare(store, &get, "SELECT run FROM run WHERE id = ?1", err);
	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(put, 1, w->id, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(put, 2, info->date, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(put, 3, info->mode, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(put, 4, info->again, -1, SQLITE_STATIC);
		status = dbi_store_run(store, put, err);
	}
	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(get, 1, w->id, -1, SQLITE_STATIC);
		status = dbi_store_row(store, get, err);
	}
	if (status == DBRIEF_OK)
		w->number = sqlite3_column_int64(get, 0);
	(void)sqlite3_finalize(put);
	(void)sqlite3_finalize(get);
	return status == DBRIEF_EOF ? dbi_store_damaged(store, err) : status;
}

/* A letter that stands there already was judged when it came. */
static int put_letter(struct writing *w, const char *subject, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	dbi_ledger *l = w->ledger;
	const char *date = dbi_plan_info(w->plan)->date;
	bool written = row->status == DBRIEF_OK;
	sqlite3_stmt *stmt = written ? l->put : l->take;
	unsigned char hash[32];
	bool has = false;
	int status;

	dbi_ledger_hash(l->key, "datenbrief-ledger-1 subject", subject, hash);
	(void)sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	(void)sqlite3_bind_int64(stmt, 2, w->number);
	status = dbi_store_run(&l->store, stmt, err);
	(void)sqlite3_clear_bindings(stmt);
	if (status == DBRIEF_OK && written && w->once && sqlite3_changes(l->store.db) > 0)
		status = dbi_ledger_has(l, subject, date, w->id, &has, err);
	w->second += has;
	return status == DBRIEF_OK ? dbi_ledger_put_state(l, hash, w->number, date, written ? row->state : NULL, row->state_len, err) : status;
}

static int write_row(void *user, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	struct writing *w = user;
	int status = DBRIEF_OK;

	if (!w->chunk.text || w->chunk.id != row->chunk) {
		dbi_plan_chunk_dispose(&w->chunk);
		status = dbi_plan_chunk_load(w->plan, row->chunk, &w->chunk, err);
	}
	if (status != DBRIEF_OK)
		return status;
	if (row->offset >= w->chunk.n)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, w->folder, "the journal does not fit the plan; see datenbrief verify");
	if (w->yearly && row->status == DBRIEF_OK && !row->state)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, w->folder,
		    "the journal lacks what a letter held; remove the folder journal/ to make all letters again");
	return put_letter(w, w->chunk.ids[row->offset], row, err);
}

static int write_all(struct writing *w, dbrief_run *run, struct dbrief_error *err)
{
	const struct dbi_walker walker = { NULL, write_row, w, true };
	int status = dbi_store_exec(&w->ledger->store, "BEGIN IMMEDIATE", err);

	if (status == DBRIEF_OK)
		status = put_run(w, err);
	if (status == DBRIEF_OK)
		status = dbi_run_walk(run, &walker, err);
	if (status == DBRIEF_OK && w->second)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, run->folder.path,
		    "another run gave %llu of these customers a letter since this one was planned; post nothing of it, and plan anew"
		    " in an empty folder with --due or --again", (unsigned long long)w->second);
	if (status == DBRIEF_OK)
		status = dbi_ledger_purge(w->ledger, dbi_plan_info(w->plan)->date, err);
	dbi_point("ledger-before-commit");
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&w->ledger->store, "COMMIT", err);
	dbi_point("ledger-after-commit");
	return status; /* what was not committed goes with the connection */
}

int dbi_ledger_write(dbrief_run *run, struct dbrief_error *err)
{
	const struct dbi_config *config = run->engine->config;
	const struct dbrief_plan_info *info = dbi_plan_info(run->plan);
	struct writing w = { .plan = run->plan, .id = dbi_plan_meta(run->plan, "run"), .folder = run->folder.path };
	int status;

	if (!config->ledger)
		return DBRIEF_OK;
	w.yearly = strcmp(info->mode, "request") != 0;
	w.once = w.yearly && !info->again[0];
	status = dbi_ledger_open(&w.ledger, config, DBI_LEDGER_WRITE, err);
	if (status == DBRIEF_OK)
		status = write_all(&w, run, err);
	dbi_plan_chunk_dispose(&w.chunk);
	dbi_ledger_free(w.ledger);
	return status;
}

int dbi_ledger_count(dbrief_run *run, uint64_t *n, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	dbi_ledger *l = NULL;
	int status = dbi_ledger_open(&l, run->engine->config, DBI_LEDGER_READ, err);

	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&l->store, &stmt, "SELECT count(*) FROM letter WHERE run = (SELECT run FROM run WHERE id = ?1)", err);
	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, dbi_plan_meta(run->plan, "run"), -1, SQLITE_STATIC);
		status = dbi_store_row(&l->store, stmt, err);
	}
	if (status == DBRIEF_OK)
		*n = (uint64_t)sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	dbi_ledger_free(l);
	return status;
}
