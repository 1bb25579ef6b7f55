/* SPDX-License-Identifier: MIT */
/*
 * Form "lots": a rendered letter is a spool record in journal/spool; merge
 * puts them into lots/lot-NNNNN.pdf and removes them. A merge that was killed
 * before journal/lots stood there begins anew from the records; one killed
 * after it finds its lots made.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <datenbrief/lot.h>

#include "batch/form.h"
#include "batch/lot_list.h"
#include "batch/point.h"
#include "batch/run.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

struct lots {
	struct dbi_form_merge how;
	int folder;                     /* lots/ */
	struct dbi_lot_list list, made; /* made: what journal/lots says, if it is there */
	bool ready;                     /* it is there */
	struct { dbrief_lot *lot; struct dbrief_sink sink; } open[DBI_LOT_CLASSES];
	struct dbi_buf record;
};

static int create(dbrief_session *session, const dbrief_template *tmpl, const char *subject, struct dbrief_sink *sink,
    const struct dbrief_letter_opts *opts, struct dbrief_error *err)
{
	struct dbrief_letter_opts o = *opts;

	o.stage = DBRIEF_STAGE_SPOOL;
	return dbrief_letter_create(session, tmpl, subject, sink, &o, err);
}

/* ---- begin ---- */

static int remove_lot(void *ctx, const char *name)
{
	size_t len = strlen(name);

	if (len > 8 && strncmp(name, "lot-", 4) == 0 && strcmp(name + len - 4, ".pdf") == 0)
		(void)unlinkat(*(int *)ctx, name, 0);
	return 0;
}

static void release(struct lots *l)
{
	for (size_t i = 0; i < DBI_LOT_CLASSES; i++) {
		dbrief_lot_free(l->open[i].lot);
		dbrief_sink_dispose(&l->open[i].sink);
	}
	if (l->folder >= 0)
		(void)close(l->folder);
	dbi_lot_list_dispose(&l->list);
	dbi_lot_list_dispose(&l->made);
	dbi_buf_dispose(&l->record);
	dbi_free(l);
}

static int merge_begin(void **state, const struct dbi_form_merge *how, struct dbrief_error *err)
{
	struct lots *l = dbi_calloc(1, sizeof(*l));
	int status;

	if (!l)
		return dbi_error_memory(err);
	l->how = *how;
	l->folder = -1;
	dbi_lot_list_init(&l->list, how->plan);
	status = dbi_folder_part(how->product, "lots", !how->dry, &l->folder, err);
	if (status == DBRIEF_OK || status == DBRIEF_EOF)
		status = dbi_lot_list_read(&l->made, how->folder, err);
	l->ready = status == DBRIEF_OK;
	if (status == DBRIEF_EOF) {
		status = DBRIEF_OK;
		if (how->dry)
			how->found(how->user, "journal", "lots", "is missing; merge writes it");
		else /* of a merge that was killed */
			status = dbi_folder_each(l->folder, "lots", remove_lot, &l->folder, err);
	}
	if (status == DBRIEF_OK && !how->dry)
		dbi_folder_clean(l->folder);
	if (status != DBRIEF_OK) {
		release(l);
		return status;
	}
	*state = l;
	return DBRIEF_OK;
}

/* ---- one letter ---- */

static int open_lot(struct lots *l, unsigned class, struct dbrief_error *err)
{
	struct dbrief_lot_opts opts = DBRIEF_LOT_OPTS_INIT;
	char name[DBI_LOT_NAME_SIZE], inside[DBI_LOT_NAME_SIZE + 8];
	char *path;
	int status;

	dbi_lot_name(l->list.n + 1, name);
	(void)snprintf(inside, sizeof(inside), "lots/%s", name);
	path = dbi_folder_path(l->how.product, inside);
	opts.duplex = l->list.duplex;
	status = path ? dbrief_sink_init_file(&l->open[class].sink, path, err) : dbi_error_memory(err);
	dbi_free(path);
	if (status == DBRIEF_OK)
		status = dbrief_lot_new(&l->open[class].lot, l->how.engine, &l->open[class].sink, &opts, err);
	return status;
}

static int close_lot(struct lots *l, unsigned class, struct dbrief_error *err)
{
	struct dbrief_lot_info info = DBRIEF_LOT_INFO_INIT;
	size_t number = l->list.open[class];
	int status = DBRIEF_OK;

	l->list.open[class] = 0;
	if (!l->open[class].lot)
		return status;
	dbi_point("before-lot");
	status = dbrief_lot_finish(l->open[class].lot, &info, err);
	dbrief_lot_free(l->open[class].lot);
	dbrief_sink_dispose(&l->open[class].sink);
	memset(&l->open[class], 0, sizeof(l->open[class]));
	dbi_point("after-lot");
	if (status == DBRIEF_OK) {
		l->list.lines[number - 1].bytes = info.bytes;
		memcpy(l->list.lines[number - 1].sha256, info.sha256, sizeof(info.sha256));
	}
	return status;
}

/* The record, as the journal knows it. */
static int read_record(struct lots *l, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	char name[64], hash[65];
	char *path;
	int status;

	(void)snprintf(name, sizeof(name), "journal/spool/%.15s.spool", row->code);
	path = dbi_folder_path(l->how.folder, name);
	dbi_buf_clear(&l->record);
	status = path ? dbi_file_read(&l->record, path, DBI_MAX_PDF_BYTES, DBRIEF_CAUSE_SINK, err) : dbi_error_memory(err);
	if (status == DBRIEF_OK) {
		dbi_sha256_hex(hash, l->record.data, l->record.len);
		if (l->record.len != row->bytes || strcmp(hash, row->sha256) != 0)
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, path,
			    "the rendered letter is not the one that was written; start again in an empty folder");
	}
	dbi_free(path);
	return status;
}

static int add_letter(struct lots *l, unsigned class, const struct dbi_journal_row *row, unsigned first, struct dbrief_error *err)
{
	struct dbrief_lot_place place = DBRIEF_LOT_PLACE_INIT;
	int status = read_record(l, row, err);

	if (status == DBRIEF_OK)
		status = dbrief_lot_add(l->open[class].lot, l->record.data, l->record.len, &place, err);
	if (status == DBRIEF_FAILED)
		return err ? (err->status = DBRIEF_FATAL) : DBRIEF_FATAL; /* a letter that is written cannot be left out */
	if (status == DBRIEF_OK && (place.first_page != first || place.pages != row->pages))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, row->code,
		    "the lot holds other pages than the journal says; start again in an empty folder");
	return status;
}

static int merge_letter(void *state, const struct dbi_journal_row *row, char file[48], unsigned *first, struct dbrief_error *err)
{
	struct lots *l = state;
	bool make = !l->how.dry && !l->ready;
	unsigned class = dbi_lot_class(row->pages);
	char name[DBI_LOT_NAME_SIZE];
	int status = DBRIEF_OK;

	if (dbi_lot_is_full(&l->list, class, row->pages))
		status = close_lot(l, class, err);
	if (status == DBRIEF_OK && make && !l->list.open[class])
		status = open_lot(l, class, err);
	if (status == DBRIEF_OK)
		status = dbi_lot_put(&l->list, class, row, first, err);
	if (status == DBRIEF_OK && make)
		status = add_letter(l, class, row, *first, err);
	if (status != DBRIEF_OK)
		return status;
	dbi_lot_name(l->list.open[class], name);
	(void)snprintf(file, 48, "lots/%s", name);
	return DBRIEF_OK;
}

/* ---- end ---- */

static int remove_record(void *ctx, const char *name)
{
	(void)unlinkat(*(int *)ctx, name, 0);
	return 0;
}

/* Lots that stood there before must be those which these letters make. */
static int check_made(struct lots *l, struct dbrief_error *err)
{
	char name[DBI_LOT_NAME_SIZE];

	for (size_t i = 0; i < l->list.n; i++) {
		dbi_lot_name(i + 1, name);
		if (i >= l->made.n || !dbi_lot_holds(&l->made.lines[i], &l->list.lines[i]) || faccessat(l->folder, name, F_OK, 0) != 0)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, name,
			    "the lot is missing, or is another one; restore it, or start again in an empty folder");
	}
	return DBRIEF_OK;
}

static int finish(struct lots *l, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (unsigned class = 0; class < DBI_LOT_CLASSES && status == DBRIEF_OK; class++)
		status = close_lot(l, class, err);
	if (status == DBRIEF_OK)
		status = l->ready ? check_made(l, err) : dbi_lot_list_write(&l->list, l->how.folder, err);
	dbi_point("before-spool-removed");
	if (status == DBRIEF_OK)
		status = dbi_folder_each(l->how.rendered, "spool", remove_record, &l->how.rendered, err);
	return status;
}

static int check_stranger(void *ctx, const char *name)
{
	struct lots *l = ctx;
	char want[DBI_LOT_NAME_SIZE];

	for (size_t i = 0; i < l->list.n; i++) {
		dbi_lot_name(i + 1, want);
		if (strcmp(want, name) == 0)
			return 0;
	}
	l->how.found(l->how.user, "lots", name, "belongs to no letter of this run");
	return 0;
}

static void compare(struct lots *l, size_t i)
{
	const struct dbi_lot_line *want = &l->list.lines[i], *have = &l->made.lines[i];
	char name[DBI_LOT_NAME_SIZE], hash[65];
	uint64_t bytes = 0;
	int status = DBRIEF_EOF;

	dbi_lot_name(i + 1, name);
	if (i >= l->made.n || !dbi_lot_holds(have, want)) {
		l->how.found(l->how.user, "lots", name, "is listed with other letters than the journal has for it");
		return;
	}
	if (l->folder >= 0)
		status = dbi_file_sha256(l->folder, name, name, hash, &bytes, NULL);
	if (status == DBRIEF_EOF)
		l->how.found(l->how.user, "lots", name, "is missing");
	else if (status != DBRIEF_OK)
		l->how.found(l->how.user, "lots", name, "cannot be read, or is no file");
	else if (bytes != have->bytes || strcmp(hash, have->sha256) != 0)
		l->how.found(l->how.user, "lots", name, "is not the lot that was written: its bytes differ");
}

static int merge_end(void *state, bool ok, struct dbrief_error *err)
{
	struct lots *l = state;
	int status = DBRIEF_OK;

	if (ok && !l->how.dry)
		status = finish(l, err);
	if (ok && l->how.dry) {
		for (size_t i = 0; l->ready && i < l->list.n; i++)
			compare(l, i);
		if (l->ready && l->made.n > l->list.n)
			l->how.found(l->how.user, "journal", "lots", "lists more lots than the letters make");
		if (l->folder >= 0)
			status = dbi_folder_each(l->folder, "lots", check_stranger, l, err);
	}
	release(l);
	return status;
}

const struct dbi_form dbi_form_lots = {
	.name = "lots", .folder = "journal/spool", .suffix = ".spool", .create = create, .merge_begin = merge_begin,
	.merge_letter = merge_letter, .merge_end = merge_end,
};
