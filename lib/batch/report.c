/* SPDX-License-Identifier: MIT */
/*
 * The figures of a run as a tree for report templates: the register's tree,
 * and in it an element `run`. Counts and reasons only: no case code, no value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "api/api.h"
#include "batch/lot_list.h"
#include "batch/post.h"
#include "batch/run.h"
#include "util/mem.h"

#define MAX_REASONS 200

struct reason { int cause; char text[256]; uint64_t n; };
struct group { uint64_t letters, pages, sheets, grams; };

struct figures {
	struct dbrief_run_counts counts;
	struct group envelopes[DBI_LOT_CLASSES];
	struct group lengths[5];               /* by pages: 1, 2, 3 to 4, 5 to 10, more */
	struct reason *reasons; size_t n_reasons, cap_reasons;
	uint64_t other_reasons;                /* beyond the maximum */
	uint64_t bytes;
};

/* ---- counting ---- */

static int count_held(struct figures *f, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	f->counts.held++;
	for (size_t i = 0; i < f->n_reasons; i++)
		if (f->reasons[i].cause == row->cause && strncmp(f->reasons[i].text, row->text, sizeof(f->reasons[i].text) - 1) == 0) {
			f->reasons[i].n++;
			return DBRIEF_OK;
		}
	if (f->n_reasons == MAX_REASONS) {
		f->other_reasons++;
		return DBRIEF_OK;
	}
	if (!dbi_grow(&f->reasons, &f->cap_reasons, f->n_reasons + 1, sizeof(*f->reasons), MAX_REASONS))
		return dbi_error_memory(err);
	struct reason *r = &f->reasons[f->n_reasons++];
	*r = (struct reason){ .cause = row->cause, .n = 1 };
	(void)snprintf(r->text, sizeof(r->text), "%s", row->text);
	return DBRIEF_OK;
}

static void add_letter(struct group *g, unsigned pages)
{
	unsigned sheets = dbi_post_sheets(pages);

	g->letters++;
	g->pages += pages;
	g->sheets += sheets;
	g->grams += dbi_post_grams(sheets);
}

static int count_row(void *user, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	struct figures *f = user;

	if (row->status != DBRIEF_OK)
		return count_held(f, row, err);
	f->counts.written++;
	f->counts.pages += row->pages;
	f->counts.sheets += dbi_post_sheets(row->pages);
	f->bytes += row->bytes;
	f->counts.replaced += row->replaced;
	f->counts.replaced_letters += row->replaced > 0;
	add_letter(&f->envelopes[dbi_lot_class(row->pages)], row->pages);
	add_letter(&f->lengths[row->pages <= 1 ? 0 : row->pages == 2 ? 1 : row->pages <= 4 ? 2 : row->pages <= 10 ? 3 : 4], row->pages);
	return DBRIEF_OK;
}

static int order_reasons(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->cause != y->cause ? (x->cause < y->cause ? -1 : 1) : strcmp(x->text, y->text);
}

/* ---- writing ---- */

static bool set_number(dbi_xml_node *n, const char *name, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	return n && dbi_node_set(n, name, text);
}

static bool add_group(dbi_xml_node *run, const char *element, const char *name, const struct group *g)
{
	dbi_xml_node *n = dbi_node_add(run, element);

	return n && dbi_node_set(n, "name", name) && set_number(n, "letters", g->letters) && set_number(n, "pages", g->pages) &&
	    set_number(n, "sheets", g->sheets) && set_number(n, "grams", g->grams);
}

static bool add_reasons(dbi_xml_node *run, const struct figures *f)
{
	bool good = true;

	for (size_t i = 0; good && i < f->n_reasons; i++) {
		dbi_xml_node *n = dbi_node_add(run, "hold");
		good = n && dbi_node_set(n, "cause", dbrief_cause_name(f->reasons[i].cause)) && set_number(n, "letters", f->reasons[i].n) &&
		    dbi_node_add_text(n, f->reasons[i].text, strlen(f->reasons[i].text));
	}
	if (good && f->other_reasons)
		good = set_number(run, "other-holds", f->other_reasons);
	return good;
}

static bool add_lots(dbi_xml_node *run, const struct dbi_lot_list *lots)
{
	char name[DBI_LOT_NAME_SIZE];
	bool good = true;

	for (size_t i = 0; good && i < lots->n; i++) {
		const struct dbi_lot_line *l = &lots->lines[i];
		dbi_xml_node *n = dbi_node_add(run, "lot");
		dbi_lot_name(i + 1, name);
		good = n && dbi_node_set(n, "name", name) && set_number(n, "letters", l->letters) && set_number(n, "pages", l->pages) &&
		    set_number(n, "sheets", l->sheets) && set_number(n, "bytes", l->bytes);
	}
	return good;
}

/* What of a source the letters show: fields by how they are shown, and those that are left out for a reason. */
static bool add_coverage(dbi_xml_node *run, const dbi_xml_node *root, const dbi_xml_node *source)
{
	static const char *const shows[] = { "value", "masked", "named" };
	uint64_t n[3] = { 0, 0, 0 }, ignored = 0, collections = 0;
	const char *id = dbi_node_attr(source, "id"), *label = dbi_node_attr(source, "label");
	const dbi_xml_node *list = dbi_node_child(root, "collections");
	dbi_xml_node *out = dbi_node_add(run, "coverage");

	for (const dbi_xml_node *c = list ? dbi_node_child(list, "collection") : NULL; c; c = dbi_node_sibling(c, "collection")) {
		const char *of = dbi_node_attr(c, "source");
		if (!of || !id || strcmp(of, id) != 0)
			continue;
		collections++;
		for (const dbi_xml_node *k = dbi_node_child(c, NULL); k; k = dbi_node_sibling(k, NULL)) {
			const dbi_xml_node *end = dbi_node_is(k, "nested") ? dbi_node_child(k, NULL) : k;
			collections += dbi_node_is(k, "nested");
			for (const dbi_xml_node *f = end; f; f = end == k ? NULL : dbi_node_sibling(f, NULL)) {
				const char *show = dbi_node_is(f, "column") ? dbi_node_attr(f, "show") : NULL;
				ignored += dbi_node_is(f, "ignored");
				for (int i = 0; show && i < 3; i++)
					n[i] += strcmp(show, shows[i]) == 0;
			}
		}
	}
	return out && dbi_node_set(out, "source", id ? id : "") && dbi_node_set(out, "label", label ? label : "") &&
	    set_number(out, "collections", collections) && set_number(out, "shown", n[0]) && set_number(out, "masked", n[1]) &&
	    set_number(out, "named", n[2]) && set_number(out, "left-out", ignored);
}

/* From the making of the plan to the last row of a journal, by the times of the files. */
static uint64_t seconds(const dbrief_run *run)
{
	struct stat plan, journal;
	time_t last = 0;
	char name[32];

	for (unsigned k = 0; k < dbi_plan_info(run->plan)->shards; k++) {
		(void)snprintf(name, sizeof(name), "shard-%05u.db", k);
		if (fstatat(run->journal, name, &journal, AT_SYMLINK_NOFOLLOW) == 0 && journal.st_mtime > last)
			last = journal.st_mtime;
	}
	if (fstatat(run->folder.fd, "plan.db", &plan, AT_SYMLINK_NOFOLLOW) != 0 || last < plan.st_mtime)
		return 0;
	return (uint64_t)(last - plan.st_mtime);
}

static bool add_run(dbrief_run *run, dbi_xml_node *root, const struct figures *f, const struct dbi_lot_list *lots)
{
	static const char *const classes[] = { "DL", "C5", "C4" }, *const lengths[] = { "1", "2", "3-4", "5-10", "11+" };
	const struct dbrief_plan_info *info = dbi_plan_info(run->plan);
	dbi_xml_node *n = dbi_node_add(root, "run");
	const dbi_xml_node *sources = dbi_node_child(root, "sources");
	bool good = n && dbi_node_set(n, "form", info->form) && dbi_node_set(n, "date", info->date) &&
	    dbi_node_set(n, "mode", info->mode) && dbi_node_set(n, "plan", info->sha256) &&
	    set_number(n, "planned", f->counts.planned) && set_number(n, "written", f->counts.written) &&
	    set_number(n, "held", f->counts.held) && set_number(n, "left", f->counts.planned - f->counts.written - f->counts.held) &&
	    set_number(n, "pages", f->counts.pages) && set_number(n, "sheets", f->counts.sheets) && set_number(n, "bytes", f->bytes) &&
	    set_number(n, "replaced", f->counts.replaced) && set_number(n, "replaced-letters", f->counts.replaced_letters) &&
	    dbi_node_set(n, "release-key", info->release_key) && set_number(n, "shards", info->shards) && set_number(n, "seconds", seconds(run));

	for (size_t i = 0; good && i < DBI_LOT_CLASSES; i++)
		good = add_group(n, "envelope", classes[i], &f->envelopes[i]);
	for (size_t i = 0; good && i < 5; i++)
		good = add_group(n, "length", lengths[i], &f->lengths[i]);
	good = good && add_reasons(n, f) && add_lots(n, lots);
	for (const dbi_xml_node *s = sources ? dbi_node_child(sources, "source") : NULL; good && s; s = dbi_node_sibling(s, "source"))
		good = add_coverage(n, root, s);
	return good;
}

int dbrief_model_run(dbrief_model **model, dbrief_run *run, const char *lang, struct dbrief_error *err)
{
	struct figures f = { .n_reasons = 0 };
	const struct dbi_walker walker = { NULL, count_row, &f, false };
	struct dbi_lot_list lots;
	int status;

	dbrief_error_clear(err);
	if (!model || !run)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run or the place for the model is NULL; pass both");
	dbi_lot_list_init(&lots, run->plan);
	status = dbrief_model_register(model, run->engine, lang, err);
	dbi_counts_start(&f.counts, dbi_plan_info(run->plan)->subjects);
	if (status == DBRIEF_OK)
		status = dbi_run_walk(run, &walker, err);
	if (status == DBRIEF_OK)
		status = dbi_lot_list_read(&lots, &run->folder, err);
	if (status == DBRIEF_EOF)
		status = DBRIEF_OK;
	if (f.n_reasons)
		qsort(f.reasons, f.n_reasons, sizeof(*f.reasons), order_reasons);
	if (status == DBRIEF_OK && !add_run(run, dbi_xml_root((*model)->doc), &f, &lots))
		status = dbi_error_memory(err);
	if (status != DBRIEF_OK) {
		dbrief_model_free(*model);
		*model = NULL;
	}
	dbi_lot_list_dispose(&lots);
	dbi_free(f.reasons);
	return status;
}
