/* SPDX-License-Identifier: MIT */
/* manifest.csv, held.csv and the seal, from the journals in the order of the plan; the form assembles on the way. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <datenbrief/release.h>
#include <datenbrief/sink.h>

#include "api/api.h"
#include "batch/ledger.h"
#include "batch/merge.h"
#include "batch/point.h"
#include "batch/work.h"
#include "util/mem.h"

/* ---- one row after the other ---- */

static int place_letter(struct dbi_merge *m, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	const struct dbi_form *form = m->run->form;
	unsigned first = 1;
	char file[48];
	int status = DBRIEF_OK;

	if (form->merge_letter)
		status = form->merge_letter(m->state, row, file, &first, err);
	else
		(void)snprintf(file, sizeof(file), "%.15s/%.15s%.8s", form->folder, row->code, form->suffix);
	return status == DBRIEF_OK ? dbi_lists_letter(&m->lists, row, file, first, err) : status;
}

static int merge_row(void *user, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	struct dbi_merge *m = user;

	if (atomic_load(&m->run->stop))
		return dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CANCELLED, "run", "was stopped; start again to go on");
	if (m->check && m->check(m->user, row, err) != DBRIEF_OK)
		return err->status;
	if (row->status != DBRIEF_OK) {
		m->counts.held++;
		return dbi_lists_held(&m->lists, row, err);
	}
	m->counts.written++;
	m->counts.pages += row->pages;
	m->counts.sheets += row->pages / 2 + row->pages % 2;
	m->counts.replaced += row->replaced;
	m->counts.replaced_letters += row->replaced > 0;
	return place_letter(m, row, err);
}

static int merge_chunk(void *user, uint32_t chunk, size_t n, struct dbrief_error *err)
{
	struct dbi_merge *m = user;
	const dbi_plan *plan = m->run->plan;

	if (n == dbi_plan_chunk_size(plan, chunk))
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_INCOMPLETE, m->run->folder.path,
	    "shard %u is not complete; render it, then try again", chunk % dbi_plan_info(plan)->shards);
}

int dbi_merge_rows(struct dbi_merge *m, struct dbrief_error *err)
{
	const struct dbi_form *form = m->run->form;
	const struct dbi_form_merge how = { m->run->engine, m->run->plan, &m->run->folder, dbi_run_product(m->run), m->run->rendered, m->dry,
		m->found, m->user };
	const struct dbi_walker walker = { merge_chunk, merge_row, m, false };
	int status = dbi_lists_begin(&m->lists, err), ended;

	dbi_counts_start(&m->counts, dbi_plan_info(m->run->plan)->subjects);
	if (status == DBRIEF_OK && form->merge_begin)
		status = form->merge_begin(&m->state, &how, err);
	if (status == DBRIEF_OK)
		status = dbi_run_walk(m->run, &walker, err);
	if (form->merge_end && m->state) {
		ended = form->merge_end(m->state, status == DBRIEF_OK, err);
		status = status == DBRIEF_OK ? ended : status;
	}
	m->counts.left = m->counts.planned - m->counts.written - m->counts.held;
	dbi_buf_dispose(&m->lists.line);
	return status;
}

/* ---- publishing the lists ---- */

static int open_list(const dbrief_run *run, const char *name, struct dbrief_sink *sink, struct dbrief_error *err)
{
	char *path = dbi_folder_path(&run->folder, name);
	int status = path ? dbrief_sink_init_file(sink, path, err) : dbi_error_memory(err);

	dbi_free(path);
	return status;
}

static int seal(dbrief_run *run, const struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;
	char manifest[65] = "", held[65] = "";
	uint64_t bytes;
	int status = dbi_file_sha256(run->folder.fd, "manifest.csv", run->folder.path, manifest, &bytes, err);

	if (status == DBRIEF_OK)
		status = dbi_file_sha256(run->folder.fd, "held.csv", run->folder.path, held, &bytes, err);
	if (status == DBRIEF_OK)
		status = dbi_seal_text(&text, run, counts, manifest, held, err);
	if (status == DBRIEF_OK)
		status = dbi_seal_write(run, &text, err);
	dbi_buf_dispose(&text);
	if (status == DBRIEF_EOF)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, run->folder.path, "a list that was just written is gone; start again");
	return status;
}

static int write_lists(dbrief_run *run, struct dbi_merge *m, struct dbrief_error *err)
{
	struct dbi_buffered manifest, held;
	struct dbrief_sink manifest_file, held_file;
	int status;

	memset(&manifest_file, 0, sizeof(manifest_file));
	memset(&held_file, 0, sizeof(held_file));
	status = open_list(run, "manifest.csv", &manifest_file, err);
	if (status == DBRIEF_OK)
		status = open_list(run, "held.csv", &held_file, err);
	if (status == DBRIEF_OK) {
		m->lists.manifest = dbi_buffered_begin(&manifest, &manifest_file);
		m->lists.held = dbi_buffered_begin(&held, &held_file);
		status = dbi_merge_rows(m, err);
	}
	if (status == DBRIEF_OK)
		status = dbi_buffered_flush(&manifest, err);
	if (status == DBRIEF_OK)
		status = dbi_buffered_flush(&held, err);
	dbi_point("merge-before-rename");
	if (status == DBRIEF_OK)
		status = manifest_file.commit(manifest_file.user, err);
	dbi_point("merge-between-renames");
	if (status == DBRIEF_OK)
		status = held_file.commit(held_file.user, err);
	dbrief_sink_dispose(&manifest_file);
	dbrief_sink_dispose(&held_file);
	return status;
}

static int remove_work(void *ctx, const char *name)
{
	if (dbi_work_is_file(name) || dbi_folder_is_temporary(name))
		(void)unlinkat(*(int *)ctx, name, 0);
	return 0;
}

/* The folder is ours alone: what looks like work was left by processes that are gone. */
static void clean(dbrief_run *run)
{
	dbi_folder_clean(run->folder.fd);
	dbi_folder_clean(run->rendered);
	(void)dbi_folder_each(run->journal, "journal", remove_work, &run->journal, NULL);
}

int dbrief_run_merge(dbrief_run *run, struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct dbi_merge m = { .run = run };
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	if (!run)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run is NULL; open one");
	clean(run);
	status = write_lists(run, &m, err);
	/* Before the seal: what is sealed may be posted. */
	if (status == DBRIEF_OK && !dbrief_run_is_held(run))
		status = dbi_ledger_write(run, err);
	dbi_point("merge-before-seal");
	if (status == DBRIEF_OK)
		status = seal(run, &m.counts, err);
	dbi_counts_give(counts, &m.counts);
	return status;
}
