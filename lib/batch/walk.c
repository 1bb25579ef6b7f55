/* SPDX-License-Identifier: MIT */
/* The journals of all shards, read side by side. */
#include "batch/run.h"
#include "util/mem.h"

static int open_all(dbrief_run *run, dbi_journal **journals, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (unsigned k = 0; status == DBRIEF_OK && k < dbi_plan_info(run->plan)->shards; k++) {
		status = dbi_journal_open(&journals[k], &run->folder, run->journal, run->plan_hash, k, err);
		if (status == DBRIEF_EOF && dbi_plan_shard_size(run->plan, k) == 0)
			status = DBRIEF_OK; /* more shards than chunks: nothing to do there */
		if (status == DBRIEF_EOF)
			status = dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_INCOMPLETE, run->folder.path,
			    "shard %u has no journal; render it, then try again", k);
	}
	return status;
}

static int walk_chunk(dbi_journal *j, uint32_t chunk, const struct dbi_walker *w, struct dbrief_error *err)
{
	struct dbi_journal_row row;
	size_t n = 0;
	int status = dbi_journal_rows(j, chunk, err);

	while (status == DBRIEF_OK && (status = dbi_journal_next(j, &row, err)) == DBRIEF_OK) {
		n++;
		if (w->states)
			status = dbi_journal_state(j, &row, err);
		if (status == DBRIEF_OK)
			status = w->row ? w->row(w->user, &row, err) : DBRIEF_OK;
	}
	if (status == DBRIEF_EOF)
		status = w->chunk ? w->chunk(w->user, chunk, n, err) : DBRIEF_OK;
	return status;
}

int dbi_run_walk(dbrief_run *run, const struct dbi_walker *walker, struct dbrief_error *err)
{
	const struct dbrief_plan_info *info = dbi_plan_info(run->plan);
	dbi_journal **journals = dbi_calloc(info->shards, sizeof(*journals));
	int status = journals ? open_all(run, journals, err) : dbi_error_memory(err);

	for (uint64_t c = 0; status == DBRIEF_OK && c < info->chunks; c++)
		status = walk_chunk(journals[c % info->shards], (uint32_t)c, walker, err);
	for (unsigned k = 0; journals && k < info->shards; k++)
		dbi_journal_free(journals[k]);
	dbi_free(journals);
	return status;
}
