/* SPDX-License-Identifier: MIT */
/*
 * Plan = journals = lists = seal = files. What is compared is worked out anew:
 * case codes from the identifiers, hashes from the files, lists from the rows.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <datenbrief/release.h>

#include "api/api.h"
#include "batch/ledger.h"
#include "batch/merge.h"
#include "util/hash.h"
#include "util/mem.h"

struct codes { char (*code)[DBRIEF_CASE_CODE_SIZE]; size_t n, cap; };

struct verify {
	dbrief_run *run;
	void (*finding)(void *user, const char *place, const char *text);
	void *user;
	uint64_t findings;
	struct dbi_plan_chunk chunk;
	size_t expected;            /* offset of the next row in it */
	struct codes written;       /* sorted at the end, to find files that belong to none */
};

static void found(struct verify *v, const char *folder, const char *name, const char *text)
{
	char place[160];

	v->findings++;
	(void)snprintf(place, sizeof(place), "%.60s%s%.90s", folder, folder[0] ? "/" : "", name);
	if (v->finding)
		v->finding(v->user, place, text);
}

/* For the form. */
static void found_in(void *user, const char *folder, const char *name, const char *text)
{
	found(user, folder, name, text);
}

/* ---- rows against plan and files ---- */

static void check_file(struct verify *v, const struct dbi_journal_row *row)
{
	const struct dbi_form *form = v->run->form;
	char name[48], hash[65];
	uint64_t bytes = 0;
	int status;

	(void)snprintf(name, sizeof(name), "%.15s%.8s", row->code, form->suffix);
	status = dbi_file_sha256(v->run->rendered, name, name, hash, &bytes, NULL);
	if (status == DBRIEF_EOF)
		found(v, form->folder, name, "is missing; the journal says it was written");
	else if (status != DBRIEF_OK)
		found(v, form->folder, name, "cannot be read, or is no file");
	else if (bytes != row->bytes || strcmp(hash, row->sha256) != 0)
		found(v, form->folder, name, "is not the letter that was written: its bytes differ");
}

static int keep_code(struct verify *v, const char *code, struct dbrief_error *err)
{
	struct codes *c = &v->written;

	if (!dbi_grow(&c->code, &c->cap, c->n + 1, sizeof(*c->code), SIZE_MAX / sizeof(*c->code)))
		return dbi_error_memory(err);
	(void)snprintf(c->code[c->n++], sizeof(*c->code), "%s", code);
	return DBRIEF_OK;
}

static int check_row(void *user, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	struct verify *v = user;
	char code[DBRIEF_CASE_CODE_SIZE];
	int status = DBRIEF_OK;

	if (!v->chunk.text || v->chunk.id != row->chunk) {
		dbi_plan_chunk_dispose(&v->chunk);
		status = dbi_plan_chunk_load(v->run->plan, row->chunk, &v->chunk, err);
		v->expected = 0;
	}
	if (status != DBRIEF_OK)
		return status;
	if (row->offset != v->expected++ || row->offset >= v->chunk.n) {
		found(v, "journal", row->code, "stands in another place than the plan has it");
		return DBRIEF_OK;
	}
	dbi_engine_code(v->run->engine, v->chunk.ids[row->offset], code);
	if (strcmp(code, row->code) != 0)
		found(v, "journal", row->code, "is not the case code of the customer whom the plan has there");
	if (row->status != DBRIEF_OK)
		return DBRIEF_OK;
	/* Lots are compared by their form; their rendered letters are gone by then. */
	if (!v->run->form->merge_letter)
		check_file(v, row);
	return keep_code(v, row->code, err);
}

/* ---- the lists ---- */

/* A sink that compares what it gets with a file. */
struct compare { int fd; bool differs; };

static int compare_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct compare *c = user;
	char buffer[4096];

	(void)err;
	for (size_t at = 0; !c->differs && at < len; ) {
		size_t want = len - at < sizeof(buffer) ? len - at : sizeof(buffer);
		ssize_t n = c->fd < 0 ? -1 : read(c->fd, buffer, want);

		if (n < 0 && errno == EINTR && c->fd >= 0)
			continue;
		c->differs = n <= 0 || memcmp(buffer, (const char *)bytes + at, (size_t)n) != 0;
		at += n > 0 ? (size_t)n : 0;
	}
	return DBRIEF_OK;
}

static void end_compare(struct verify *v, struct compare *c, const char *name)
{
	char more;

	if (c->fd < 0)
		found(v, "", name, "is missing; merge writes it");
	else if (c->differs || read(c->fd, &more, 1) != 0)
		found(v, "", name, "does not say what the journal says");
	if (c->fd >= 0)
		(void)close(c->fd);
}

static int check_lists(struct verify *v, struct dbi_merge *m, struct dbrief_error *err)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	struct compare manifest = { openat(v->run->folder.fd, "manifest.csv", flags), false };
	struct compare held = { openat(v->run->folder.fd, "held.csv", flags), false };
	struct dbrief_sink to_manifest = { sizeof(to_manifest), compare_write, NULL, NULL, &manifest };
	struct dbrief_sink to_held = { sizeof(to_held), compare_write, NULL, NULL, &held };
	struct dbi_buffered *buffers = dbi_calloc(2, sizeof(*buffers));
	int status;

	if (!buffers)
		return dbi_error_memory(err);
	m->lists.manifest = dbi_buffered_begin(&buffers[0], &to_manifest);
	m->lists.held = dbi_buffered_begin(&buffers[1], &to_held);
	status = dbi_merge_rows(m, err);
	(void)dbi_buffered_flush(&buffers[0], NULL);
	(void)dbi_buffered_flush(&buffers[1], NULL);
	dbi_free(buffers);
	if (status != DBRIEF_OK) {
		v->finding = NULL; /* the rows did not end: what is missing is not known */
	}
	end_compare(v, &manifest, "manifest.csv");
	end_compare(v, &held, "held.csv");
	return status;
}

static int check_seal(struct verify *v, const struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;
	char manifest[65] = "", held[65] = "", have[65] = "", want[65];
	uint64_t bytes;
	int status;

	(void)dbi_file_sha256(v->run->folder.fd, "manifest.csv", "", manifest, &bytes, NULL);
	(void)dbi_file_sha256(v->run->folder.fd, "held.csv", "", held, &bytes, NULL);
	status = dbi_seal_text(&text, v->run, counts, manifest, held, err);
	if (status == DBRIEF_OK) {
		dbi_sha256_hex(want, text.data, text.len);
		if (dbi_file_sha256(v->run->journal, "seal", "", have, &bytes, NULL) != DBRIEF_OK)
			found(v, "journal", "seal", "is missing; merge writes it");
		else if (strcmp(have, want) != 0)
			found(v, "journal", "seal", "is not the seal over these lists");
	}
	dbi_buf_dispose(&text);
	return status;
}

static void check_release(struct verify *v)
{
	const dbrief_run *run = v->run;

	if (dbi_plan_meta(run->plan, "release-key")[0] && run->product.fd < 0 && !run->releasing && !dbi_run_has_token(run))
		found(v, "journal", "released", "holds no token for these letters, but they lie where they are posted; release them, "
		    "or move their folder into unreleased/");
}

/* Whoever is not noted there would get a second letter by the next run. */
static int check_ledger(struct verify *v, uint64_t written, struct dbrief_error *err)
{
	uint64_t n = 0;
	int status;

	if (!v->run->engine->config->ledger || dbrief_run_is_held(v->run))
		return DBRIEF_OK;
	status = dbi_ledger_count(v->run, &n, err);
	if (status == DBRIEF_OK && n != written)
		found(v, "", "ledger", "does not hold the letters of this run; merge notes them");
	return status;
}

/* ---- files against rows ---- */

static int order_codes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int check_name(void *ctx, const char *name)
{
	struct verify *v = ctx;
	const struct dbi_form *form = v->run->form;
	char code[DBRIEF_CASE_CODE_SIZE];
	size_t len = strlen(name), suffix = strlen(form->suffix);

	if (len > suffix && len - suffix < sizeof(code) && strcmp(name + len - suffix, form->suffix) == 0) {
		memcpy(code, name, len - suffix);
		code[len - suffix] = '\0';
		if (bsearch(code, v->written.code, v->written.n, sizeof(*v->written.code), order_codes))
			return 0;
	}
	if (name[0] != '.' || dbi_folder_is_temporary(name))
		found(v, form->folder, name, "belongs to no letter of this run");
	return 0;
}

/* Beside the letters the owner may keep what he likes, but no half-written file of ours may be left. */
static int check_top(void *ctx, const char *name)
{
	if (dbi_folder_is_temporary(name))
		found(ctx, "", name, "was left by a process that was killed; merge removes it");
	return 0;
}

static int check_strangers(struct verify *v, struct dbrief_error *err)
{
	int status;

	if (v->written.n)
		qsort(v->written.code, v->written.n, sizeof(*v->written.code), order_codes);
	for (size_t i = 1; i < v->written.n; i++)
		if (strcmp(v->written.code[i - 1], v->written.code[i]) == 0)
			found(v, "journal", v->written.code[i], "was written for two customers");
	status = dbi_folder_each(v->run->rendered, v->run->folder.path, check_name, v, err);
	return status == DBRIEF_OK ? dbi_folder_each(v->run->folder.fd, v->run->folder.path, check_top, v, err) : status;
}

int dbrief_run_verify(dbrief_run *run, void (*finding)(void *user, const char *place, const char *text), void *user,
    struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	struct verify v = { .run = run, .finding = finding, .user = user };
	struct dbi_merge m = { .run = run, .dry = true, .check = check_row, .found = found_in, .user = &v };
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	int status;

	err = err ? err : &own;
	dbrief_error_clear(err);
	if (!run)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run is NULL; open one");
	status = check_lists(&v, &m, err);
	if (status == DBRIEF_OK)
		status = check_seal(&v, &m.counts, err);
	if (status == DBRIEF_OK)
		status = check_strangers(&v, err);
	if (status == DBRIEF_OK)
		check_release(&v);
	if (status == DBRIEF_OK)
		status = check_ledger(&v, m.counts.written, err);
	dbi_counts_give(counts, &m.counts);
	dbi_plan_chunk_dispose(&v.chunk);
	dbi_free(v.written.code);
	if (status == DBRIEF_OK && v.findings)
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_INCOMPLETE, run->folder.path,
		    "%llu differences between plan, journal and files; post nothing before they are explained",
		    (unsigned long long)v.findings);
	return status;
}
