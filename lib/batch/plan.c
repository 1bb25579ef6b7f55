/* SPDX-License-Identifier: MIT */
#include "batch/plan.h"

#include <stdio.h>
#include <string.h>

#include "util/buf.h"
#include "util/hash.h"
#include "util/mem.h"

#define MAX_META 32

struct dbi_plan {
	struct dbi_store store;
	sqlite3_stmt *load, *twins;
	struct dbrief_plan_info info;
	size_t last;              /* letters of the last chunk */
	char *names[MAX_META], *values[MAX_META];
	size_t n_meta;
};

static const char remedy[] = "restore it, or make a new plan in an empty folder";

/* ---- hashes ---- */

int dbi_plan_hash(const struct dbi_store *store, char out[65], struct dbrief_error *err)
{
	struct dbi_buf b = DBI_BUF_INIT;
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(store, &stmt, "SELECT name, value FROM meta WHERE name <> 'plan' ORDER BY name", err);

	while (status == DBRIEF_OK && (status = dbi_store_row(store, stmt, err)) == DBRIEF_OK) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0), *value = (const char *)sqlite3_column_text(stmt, 1);

		dbi_buf_addf(&b, "%s=%s\n", name ? name : "", value ? value : "");
	}
	(void)sqlite3_finalize(stmt);
	if (status == DBRIEF_EOF)
		status = b.failed ? dbi_error_memory(err) : DBRIEF_OK;
	if (status == DBRIEF_OK)
		dbi_sha256_hex(out, b.data ? b.data : "", b.len);
	dbi_buf_dispose(&b);
	return status;
}

/* A chain, so that any number of chunks needs no memory. */
int dbi_plan_hash_ids(const struct dbi_store *store, char out[65], struct dbrief_error *err)
{
	unsigned char link[64] = { 0 };
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(store, &stmt, "SELECT sha256 FROM chunk ORDER BY chunk", err);

	while (status == DBRIEF_OK && (status = dbi_store_row(store, stmt, err)) == DBRIEF_OK) {
		const void *hash = sqlite3_column_blob(stmt, 0);

		if (!hash || sqlite3_column_bytes(stmt, 0) != 32)
			status = dbi_store_damaged(store, err);
		else
			memcpy(link + 32, hash, 32);
		if (status == DBRIEF_OK)
			dbi_sha256(link, link, sizeof(link));
	}
	(void)sqlite3_finalize(stmt);
	if (status == DBRIEF_EOF)
		status = DBRIEF_OK;
	if (status == DBRIEF_OK)
		dbi_sha256_hex(out, link, 32);
	return status;
}

/* ---- opening ---- */

const char *dbi_plan_meta(const dbi_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_meta; i++)
		if (strcmp(plan->names[i], name) == 0)
			return plan->values[i];
	return "";
}

static uint64_t number(const dbi_plan *plan, const char *name)
{
	uint64_t n = 0;

	for (const char *p = dbi_plan_meta(plan, name); *p >= '0' && *p <= '9' && n < 1000000000000; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	return n;
}

static int read_meta(dbi_plan *p, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&p->store, &stmt, "SELECT name, value FROM meta", err);

	while (status == DBRIEF_OK && (status = dbi_store_row(&p->store, stmt, err)) == DBRIEF_OK) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0), *value = (const char *)sqlite3_column_text(stmt, 1);

		if (p->n_meta == MAX_META || !name || !value) {
			status = dbi_store_damaged(&p->store, err);
			break;
		}
		p->names[p->n_meta] = dbi_strdup(name);
		p->values[p->n_meta] = dbi_strdup(value);
		p->n_meta++;
		if (!p->names[p->n_meta - 1] || !p->values[p->n_meta - 1])
			status = dbi_error_memory(err);
	}
	(void)sqlite3_finalize(stmt);
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

static int count_letters(dbi_plan *p, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = dbi_store_prepare(&p->store, &stmt, "SELECT count(*), coalesce(sum(n), 0), coalesce(max(chunk), -1) FROM chunk", err);
	uint64_t chunks, letters, want = number(p, "subjects");

	if (status == DBRIEF_OK)
		status = dbi_store_row(&p->store, stmt, err);
	if (status == DBRIEF_OK) {
		chunks = (uint64_t)sqlite3_column_int64(stmt, 0);
		letters = (uint64_t)sqlite3_column_int64(stmt, 1);
		p->info.subjects = letters;
		p->info.chunks = chunks;
		p->last = chunks ? letters - (chunks - 1) * DBI_PLAN_CHUNK : 0;
		if (letters != want || sqlite3_column_int64(stmt, 2) != (int64_t)chunks - 1 || p->last > DBI_PLAN_CHUNK)
			status = dbi_store_damaged(&p->store, err);
	}
	(void)sqlite3_finalize(stmt);
	return status;
}

static int check_hashes(dbi_plan *p, struct dbrief_error *err)
{
	char all[65], ids[65];
	int status = dbi_plan_hash(&p->store, all, err);

	if (status == DBRIEF_OK)
		status = dbi_plan_hash_ids(&p->store, ids, err);
	if (status == DBRIEF_OK && (strcmp(all, dbi_plan_meta(p, "plan")) != 0 || strcmp(ids, dbi_plan_meta(p, "ids")) != 0))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, p->store.path, "the plan was edited; %s", remedy);
	return status;
}

static void fill_info(dbi_plan *p)
{
	struct dbrief_plan_info *info = &p->info;

	info->size = sizeof(*info);
	(void)snprintf(info->date, sizeof(info->date), "%.10s", dbi_plan_meta(p, "date"));
	(void)snprintf(info->mode, sizeof(info->mode), "%.15s", dbi_plan_meta(p, "mode"));
	(void)snprintf(info->form, sizeof(info->form), "%.15s", dbi_plan_meta(p, "form"));
	(void)snprintf(info->sha256, sizeof(info->sha256), "%.64s", dbi_plan_meta(p, "plan"));
	info->shards = (unsigned)number(p, "shards");
	info->limit = number(p, "limit");
	info->lot_letters = number(p, "lot-letters");
	info->lot_sheets = number(p, "lot-sheets");
	info->duplex = number(p, "duplex") != 0;
	info->due = number(p, "due") != 0;
	info->recent = number(p, "recent");
	(void)snprintf(info->again, sizeof(info->again), "%.200s", dbi_plan_meta(p, "again"));
	(void)snprintf(info->release_key, sizeof(info->release_key), "%.64s", dbi_plan_meta(p, "release-key"));
}

static int read_plan(dbi_plan *p, struct dbrief_error *err)
{
	int status = read_meta(p, err);

	if (status == DBRIEF_OK && strcmp(dbi_plan_meta(p, "format"), "1") != 0)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, p->store.path,
		    "the plan is of another version of this program; use that one, or make a new plan in an empty folder");
	if (status == DBRIEF_OK)
		status = check_hashes(p, err);
	if (status == DBRIEF_OK)
		status = count_letters(p, err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&p->store, &p->load, "SELECT n, sha256, ids FROM chunk WHERE chunk = ?1", err);
	if (status == DBRIEF_OK)
		status = dbi_store_prepare(&p->store, &p->twins, "SELECT offset FROM twin WHERE chunk = ?1", err);
	if (status != DBRIEF_OK)
		return status;
	fill_info(p);
	if (p->info.shards < 1 || p->info.shards > DBRIEF_SHARDS_MAX)
		return dbi_store_damaged(&p->store, err);
	return DBRIEF_OK;
}

int dbi_plan_open(dbi_plan **plan, const struct dbi_folder *folder, struct dbrief_error *err)
{
	dbi_plan *p = dbi_calloc(1, sizeof(*p));
	int status;

	*plan = NULL;
	if (!p)
		return dbi_error_memory(err);
	p->store.remedy = remedy;
	status = dbi_store_open(&p->store, folder->fd, folder->path, "plan.db", DBI_STORE_READ, err);
	if (status == DBRIEF_OK)
		status = read_plan(p, err);
	if (status != DBRIEF_OK) {
		dbi_plan_free(p);
		return status;
	}
	*plan = p;
	return DBRIEF_OK;
}

void dbi_plan_free(dbi_plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->n_meta; i++) {
		dbi_free(plan->names[i]);
		dbi_free(plan->values[i]);
	}
	(void)sqlite3_finalize(plan->load);
	(void)sqlite3_finalize(plan->twins);
	dbi_store_close(&plan->store);
	dbi_free(plan);
}

const struct dbrief_plan_info *dbi_plan_info(const dbi_plan *plan)
{
	return &plan->info;
}

int dbi_plan_compare(const dbi_plan *plan, const struct dbi_fingerprint *now, struct dbrief_error *err)
{
	char changed[160] = "";
	size_t len = 0;

	for (size_t i = 0; i < DBI_FINGERPRINTS; i++) {
		if (!now->hash[i][0] || strcmp(dbi_plan_meta(plan, dbi_fingerprint_names[i]), now->hash[i]) == 0)
			continue;
		(void)snprintf(changed + len, sizeof(changed) - len, "%s%s", len ? ", " : "", dbi_fingerprint_words[i]);
		len = strlen(changed);
	}
	if (!len)
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, plan->store.path,
	    "changed since the plan was made: %s; put it back, or start again in an empty folder", changed);
}

/* ---- chunks ---- */

size_t dbi_plan_chunk_size(const dbi_plan *plan, uint32_t chunk)
{
	return chunk + 1 == plan->info.chunks ? plan->last : DBI_PLAN_CHUNK;
}

uint64_t dbi_plan_shard_size(const dbi_plan *plan, unsigned shard)
{
	const struct dbrief_plan_info *info = &plan->info;
	uint64_t chunks = info->chunks > shard ? (info->chunks - shard + info->shards - 1) / info->shards : 0;
	bool last = info->chunks && (info->chunks - 1) % info->shards == shard;

	return chunks * DBI_PLAN_CHUNK - (last ? DBI_PLAN_CHUNK - plan->last : 0);
}

static int split(const dbi_plan *plan, struct dbi_plan_chunk *c, struct dbrief_error *err)
{
	const char *p = c->text, *end = c->text + c->len;
	size_t n = 0;

	for (; p < end && n < c->n; n++) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			break;
		c->ids[n] = p;
		p = nul + 1;
	}
	return n == c->n && p == end ? DBRIEF_OK : dbi_store_damaged(&plan->store, err);
}

static int load_ids(const dbi_plan *plan, uint32_t chunk, struct dbi_plan_chunk *out, struct dbrief_error *err)
{
	sqlite3_stmt *stmt = plan->load;
	unsigned char hash[32];
	const void *ids, *want;

	ids = sqlite3_column_blob(stmt, 2);
	out->len = (size_t)sqlite3_column_bytes(stmt, 2);
	want = sqlite3_column_blob(stmt, 1);
	dbi_sha256(hash, ids ? ids : "", out->len);
	if (!ids || !want || sqlite3_column_bytes(stmt, 1) != 32 || memcmp(hash, want, 32) != 0 ||
	    (size_t)sqlite3_column_int64(stmt, 0) != out->n)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, plan->store.path,
		    "chunk %u of the plan was edited; %s", (unsigned)chunk, remedy);
	out->text = dbi_malloc(out->len);
	if (!out->text)
		return dbi_error_memory(err);
	memcpy(out->text, ids, out->len);
	return split(plan, out, err);
}

static int load_twins(const dbi_plan *plan, uint32_t chunk, struct dbi_plan_chunk *out, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	(void)sqlite3_bind_int64(plan->twins, 1, chunk);
	while ((status = dbi_store_row(&plan->store, plan->twins, err)) == DBRIEF_OK) {
		int64_t offset = sqlite3_column_int64(plan->twins, 0);

		if (offset >= 0 && offset < DBI_PLAN_CHUNK)
			out->twin[offset] = true;
	}
	return status == DBRIEF_EOF ? DBRIEF_OK : status;
}

int dbi_plan_chunk_load(dbi_plan *plan, uint32_t chunk, struct dbi_plan_chunk *out, struct dbrief_error *err)
{
	int status;

	memset(out, 0, sizeof(*out));
	out->id = chunk;
	out->n = dbi_plan_chunk_size(plan, chunk);
	(void)sqlite3_bind_int64(plan->load, 1, chunk);
	status = dbi_store_row(&plan->store, plan->load, err);
	if (status == DBRIEF_EOF)
		return dbi_store_damaged(&plan->store, err);
	if (status == DBRIEF_OK) {
		status = load_ids(plan, chunk, out, err);
		(void)sqlite3_reset(plan->load);
	}
	if (status == DBRIEF_OK)
		status = load_twins(plan, chunk, out, err);
	if (status != DBRIEF_OK)
		dbi_plan_chunk_dispose(out);
	return status;
}

void dbi_plan_chunk_dispose(struct dbi_plan_chunk *chunk)
{
	dbi_free_wiped(chunk->text, chunk->text ? chunk->len : 0);
	memset(chunk, 0, sizeof(*chunk));
}
