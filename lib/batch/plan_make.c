/* SPDX-License-Identifier: MIT */
/*
 * Making a plan: subjects are sorted in a scratch file that nobody sees and
 * that is gone with the process, so their number is not bound by memory, and
 * what they were sorted by is kept nowhere.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* renameat2 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/plan.h"
#include "batch/point.h"
#include "util/buf.h"
#include "util/hash.h"
#include "util/mem.h"

struct maker {
	const struct dbi_folder *folder;
	const struct dbi_plan_maker *how;
	struct dbi_store scratch, plan;
	sqlite3_stmt *add, *known, *twins, *chunk, *twin;
	struct dbrief_error *err;
	int status;
	uint64_t n, repeated, recent;
	char temp[DBI_TEMP_NAME_SIZE];
	/* the chunk at work */
	struct dbi_buf ids;
	uint32_t chunk_id;
	size_t in_chunk;
	char previous[DBRIEF_CASE_CODE_SIZE];
};

/* ---- sorting ---- */

static int open_scratch(struct maker *m)
{
	char name[DBI_TEMP_NAME_SIZE];
	int status;

	dbi_temp_name(name);
	status = dbi_store_open(&m->scratch, m->folder->fd, m->folder->path, name, DBI_STORE_SCRATCH, m->err);
	if (status == DBRIEF_OK)
		status = dbi_store_exec(&m->scratch,
		    "CREATE TABLE s(country TEXT, postcode TEXT, street TEXT, id TEXT, code TEXT,"
		    " PRIMARY KEY(country, postcode, street, id)) WITHOUT ROWID;"
		    "CREATE UNIQUE INDEX i ON s(id); CREATE INDEX c ON s(code); BEGIN", m->err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&m->scratch, &m->add,
		    "INSERT OR IGNORE INTO s VALUES (coalesce(?1, ''), coalesce(?2, ''), coalesce(?3, ''), ?4, ?5)", m->err);
	return status;
}

/* Counts who had a letter lately; false: left out. */
static bool is_taken(struct maker *m, const char *subject)
{
	bool had = false;

	if (m->how->had)
		m->status = m->how->had(m->how->user, subject, &had, m->err);
	m->recent += had;
	return m->status == DBRIEF_OK && !(had && m->how->due);
}

static int add_row(void *ctx, const struct dbrief_subject_row *row)
{
	struct maker *m = ctx;
	char code[DBRIEF_CASE_CODE_SIZE];

	if (m->how->limit && m->n == m->how->limit)
		return 1;
	if (!is_taken(m, row->subject))
		return m->status != DBRIEF_OK;
	m->how->code(m->how->user, row->subject, code);
	(void)sqlite3_bind_text(m->add, 1, row->country, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(m->add, 2, row->postcode, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(m->add, 3, row->street, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(m->add, 4, row->subject, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(m->add, 5, code, -1, SQLITE_STATIC);
	m->status = dbi_store_run(&m->scratch, m->add, m->err);
	(void)sqlite3_clear_bindings(m->add);
	m->n++;
	if (m->status == DBRIEF_OK && sqlite3_changes(m->scratch.db) == 0)
		m->repeated++;
	return m->status != DBRIEF_OK;
}

static int collect(struct maker *m)
{
	int status = m->how->list(m->how->user, add_row, m, m->err);

	if (m->status != DBRIEF_OK)
		return m->status;
	if (status != DBRIEF_OK)
		return status;
	if (m->n >= (uint64_t)UINT32_MAX * DBI_PLAN_CHUNK)
		return dbi_error(m->err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, m->folder->path,
		    "too many customers for one run; use --limit");
	if (m->repeated)
		return dbi_error(m->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, m->folder->path,
		    "<subjects> lists identifiers more than once (%llu rows too many); use SELECT DISTINCT",
		    (unsigned long long)m->repeated);
	if (m->recent && !m->how->due && !m->how->again)
		return dbi_error(m->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, m->folder->path,
		    "%llu of %llu customers had a letter within twelve months of %s; plan the others with --due, or give the"
		    " reason for a second one with --again", (unsigned long long)m->recent, (unsigned long long)m->n, m->how->date);
	return DBRIEF_OK;
}

/* ---- writing ---- */

static int set_meta(struct maker *m, const char *name, const char *value)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&m->plan, &stmt, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", m->err);

	if (status == DBRIEF_OK) {
		(void)sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
		(void)sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
		status = dbi_store_run(&m->plan, stmt, m->err);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

static int set_number(struct maker *m, const char *name, uint64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	return set_meta(m, name, text);
}

static int flush_chunk(struct maker *m)
{
	unsigned char hash[32];
	int status;

	if (!m->in_chunk)
		return DBRIEF_OK;
	if (m->ids.failed)
		return dbi_error_memory(m->err);
	dbi_sha256(hash, m->ids.data, m->ids.len);
	(void)sqlite3_bind_int64(m->chunk, 1, m->chunk_id);
	(void)sqlite3_bind_int64(m->chunk, 2, (int64_t)m->in_chunk);
	(void)sqlite3_bind_blob(m->chunk, 3, hash, sizeof(hash), SQLITE_STATIC);
	(void)sqlite3_bind_blob64(m->chunk, 4, m->ids.data, m->ids.len, SQLITE_STATIC);
	status = dbi_store_run(&m->plan, m->chunk, m->err);
	(void)sqlite3_clear_bindings(m->chunk);
	dbi_buf_clear(&m->ids);
	m->in_chunk = 0;
	m->chunk_id++;
	return status;
}

/* Two customers with one case code would be one file: the later one in the order is held. */
static int note_twin(struct maker *m, const char *id, const char *code)
{
	int status;

	(void)sqlite3_bind_text(m->known, 1, code, -1, SQLITE_STATIC);
	status = dbi_store_row(&m->scratch, m->known, m->err);
	if (status == DBRIEF_OK) {
		const char *first = (const char *)sqlite3_column_text(m->known, 0);
		bool later = first && strcmp(first, id) != 0;

		(void)sqlite3_reset(m->known);
		if (!later)
			return DBRIEF_OK;
		(void)sqlite3_bind_int64(m->twin, 1, m->chunk_id);
		(void)sqlite3_bind_int64(m->twin, 2, (int64_t)m->in_chunk);
		return dbi_store_run(&m->plan, m->twin, m->err);
	}
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

static int put_id(struct maker *m, const char *id, const char *code)
{
	int status = DBRIEF_OK;

	if (code)
		status = note_twin(m, id, code);
	dbi_buf_add(&m->ids, id, strlen(id) + 1);
	m->in_chunk++;
	if (status == DBRIEF_OK && m->in_chunk == DBI_PLAN_CHUNK)
		status = flush_chunk(m);
	return status;
}

static int has_twins(struct maker *m, bool *has)
{
	int status = dbi_store_prepare(&m->scratch, &m->twins,
	    "SELECT code FROM s GROUP BY code HAVING count(*) > 1 LIMIT 1", m->err);

	if (status == DBRIEF_OK)
		status = dbi_store_row(&m->scratch, m->twins, m->err);
	*has = status == DBRIEF_OK;
	(void)sqlite3_finalize(m->twins);
	m->twins = NULL;
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

static int write_chunks(struct maker *m)
{
	sqlite3_stmt *all = NULL;
	bool twins = false;
	int status = has_twins(m, &twins);

	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&m->plan, &m->chunk, "INSERT INTO chunk VALUES (?1, ?2, ?3, ?4)", m->err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&m->plan, &m->twin, "INSERT INTO twin VALUES (?1, ?2)", m->err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&m->scratch, &m->known,
		    "SELECT id FROM s WHERE code = ?1 ORDER BY country, postcode, street, id LIMIT 1", m->err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&m->scratch, &all, "SELECT id, code FROM s ORDER BY country, postcode, street, id", m->err);
	while (status == DBRIEF_OK && (status = dbi_store_row(&m->scratch, all, m->err)) == DBRIEF_OK) {
		const char *id = (const char *)sqlite3_column_text(all, 0);

		status = id ? put_id(m, id, twins ? (const char *)sqlite3_column_text(all, 1) : NULL) : dbi_error_memory(m->err);
	}
	(void)sqlite3_finalize(all);
	if (status == DBRIEF_EOF)
		status = flush_chunk(m);
	return status;
}

/* What the ledger knows the run by: of this plan alone, also where another was made with the same. */
static int write_ledger(struct maker *m)
{
	unsigned char random[16];
	char id[33];
	int status;

	dbi_random(random, sizeof(random));
	dbi_hex(id, random, sizeof(random));
	status = set_meta(m, "run", id);
	if (status == DBRIEF_OK)
		status = set_meta(m, "ledger", m->how->ledger);
	if (status == DBRIEF_OK)
		status = set_meta(m, "ledger-state", m->how->ledger_state);
	if (status == DBRIEF_OK)
		status = set_number(m, "due", m->how->due);
	if (status == DBRIEF_OK)
		status = set_number(m, "recent", m->recent);
	return status == DBRIEF_OK ? set_meta(m, "again", m->how->again ? m->how->again : "") : status;
}

static int write_meta(struct maker *m)
{
	const struct dbi_plan_maker *how = m->how;
	char hash[65];
	int status = set_meta(m, "format", "1");

	for (size_t i = 0; status == DBRIEF_OK && i < DBI_FINGERPRINTS; i++)
		status = set_meta(m, dbi_fingerprint_names[i], how->made_with->hash[i]);
	if (status == DBRIEF_OK)
		status = set_meta(m, "date", how->date);
	if (status == DBRIEF_OK)
		status = set_meta(m, "mode", how->mode);
	if (status == DBRIEF_OK)
		status = set_meta(m, "form", how->form);
	if (status == DBRIEF_OK)
		status = set_number(m, "shards", how->shards);
	if (status == DBRIEF_OK)
		status = set_number(m, "limit", how->limit);
	if (status == DBRIEF_OK)
		status = set_number(m, "lot-letters", how->lot_letters);
	if (status == DBRIEF_OK)
		status = set_number(m, "lot-sheets", how->lot_sheets);
	if (status == DBRIEF_OK)
		status = set_number(m, "duplex", how->duplex);
	if (status == DBRIEF_OK)
		status = set_meta(m, "release-key", how->release_key ? how->release_key : "");
	if (status == DBRIEF_OK)
		status = set_number(m, "subjects", m->n);
	if (status == DBRIEF_OK && how->had)
		status = write_ledger(m);
	if (status == DBRIEF_OK)
		status = dbi_plan_hash_ids(&m->plan, hash, m->err);
	if (status == DBRIEF_OK)
		status = set_meta(m, "ids", hash);
	if (status == DBRIEF_OK)
		status = dbi_plan_hash(&m->plan, hash, m->err);
	return status == DBRIEF_OK ? set_meta(m, "plan", hash) : status;
}

static int write_plan(struct maker *m)
{
	int status;

	dbi_temp_name(m->temp);
	status = dbi_store_open(&m->plan, m->folder->fd, m->folder->path, m->temp, DBI_STORE_CREATE, m->err);
	if (status == DBRIEF_OK) /* nobody sees the file before it is whole */
		status = dbi_store_exec(&m->plan, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN;"
		    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL);"
		    "CREATE TABLE chunk(chunk INTEGER PRIMARY KEY, n INTEGER NOT NULL, sha256 BLOB NOT NULL, ids BLOB NOT NULL);"
		    "CREATE TABLE twin(chunk INTEGER, offset INTEGER, PRIMARY KEY(chunk, offset)) WITHOUT ROWID;", m->err);
	if (status == DBRIEF_OK)
		status = write_chunks(m);
	if (status == DBRIEF_OK)
		status = write_meta(m);
	return status == DBRIEF_OK ? dbi_store_exec(&m->plan, "COMMIT", m->err) : status;
}

/* On a file system without links: never over another plan either, where the system can say so. */
static int rename_plan(int dir, const char *temp)
{
#if defined(RENAME_NOREPLACE)
	if (renameat2(dir, temp, dir, "plan.db", RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
		return errno;
#endif
	struct stat st;

	if (fstatat(dir, "plan.db", &st, AT_SYMLINK_NOFOLLOW) == 0)
		return EEXIST;
	return renameat(dir, temp, dir, "plan.db") != 0 ? errno : 0;
}

static int publish(struct maker *m)
{
	int dir = m->folder->fd, fd, number = 0;

	dbi_point("plan-before-rename");
	fd = openat(dir, m->temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fsync(fd) != 0)
		number = errno;
	if (fd >= 0)
		(void)close(fd);
	if (!number && linkat(dir, m->temp, dir, "plan.db", 0) != 0) /* never over another plan */
		number = errno;
	if (number == EPERM || number == ENOTSUP || number == EOPNOTSUPP)
		number = rename_plan(dir, m->temp);
	if (number == EEXIST)
		return dbi_error(m->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, m->folder->path,
		    "a plan stands there already; go on with it (datenbrief run), or choose an empty folder");
	dbi_point("plan-after-rename");
	if (!number && fsync(dir) != 0 && errno != EINVAL && errno != ENOTSUP)
		number = errno;
	if (!number)
		return DBRIEF_OK;
	return dbi_error_system(m->err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, m->folder->path,
	    "the plan cannot be brought to the disk (%s); check it, then start again", dbi_errno_text(number));
}

static void dispose(struct maker *m)
{
	(void)sqlite3_finalize(m->add);
	(void)sqlite3_finalize(m->known);
	(void)sqlite3_finalize(m->chunk);
	(void)sqlite3_finalize(m->twin);
	m->add = m->known = m->chunk = m->twin = NULL;
	dbi_store_close(&m->scratch);
	dbi_store_close(&m->plan);
	if (m->ids.data)
		dbi_wipe(m->ids.data, m->ids.cap);
	dbi_buf_dispose(&m->ids);
}

int dbi_plan_make(const struct dbi_folder *folder, const struct dbi_plan_maker *maker, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct maker m = { .folder = folder, .how = maker, .err = err ? err : &own };
	int status = open_scratch(&m);

	if (status == DBRIEF_OK)
		status = collect(&m);
	if (status == DBRIEF_OK)
		status = write_plan(&m);
	dispose(&m);
	if (status == DBRIEF_OK)
		status = publish(&m);
	if (m.temp[0])
		(void)unlinkat(folder->fd, m.temp, 0);
	return status;
}
