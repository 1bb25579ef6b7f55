/* SPDX-License-Identifier: MIT */
/* Samples of a run: letters made once more, with a stamp across their pages. */
#include <datenbrief/release.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "batch/marks.h"
#include "batch/run.h"
#include "util/hash.h"
#include "util/mem.h"

#define MAX_RANDOM 20
#define KINDS 4
#define MAX_VARIANTS 64

struct pick { const char *kind; uint32_t chunk; unsigned offset, pages; bool set; };

/* What one template made in one language. */
struct variant { char kind[40]; struct pick pick; };

struct picking {
	struct pick fixed[KINDS];      /* first, last, longest, shortest */
	struct pick random[MAX_RANDOM];
	uint64_t wanted[MAX_RANDOM];   /* places among the written letters */
	unsigned n_random;
	uint64_t seen;
	struct variant variants[MAX_VARIANTS];
	unsigned n_variants;
};

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static void put(struct pick *p, const struct dbi_journal_row *row)
{
	p->chunk = row->chunk;
	p->offset = row->offset;
	p->pages = row->pages;
	p->set = true;
}

/* The first of each template and language; of more than the maximum there are none. */
static void see_variant(struct picking *p, const struct dbi_journal_row *row)
{
	char kind[sizeof(p->variants[0].kind)];

	(void)snprintf(kind, sizeof(kind), "template-%u-%.15s", row->choice, row->lang);
	for (char *c = kind; *c; c++)
		if (!is_plain(*c))
			*c = '-';
	for (unsigned i = 0; i < p->n_variants; i++)
		if (strcmp(p->variants[i].kind, kind) == 0)
			return;
	if (p->n_variants == MAX_VARIANTS)
		return;
	memcpy(p->variants[p->n_variants].kind, kind, sizeof(kind));
	put(&p->variants[p->n_variants++].pick, row);
}

static int see(void *user, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	struct picking *p = user;

	(void)err;
	if (row->status != DBRIEF_OK)
		return DBRIEF_OK;
	if (!p->fixed[0].set)
		put(&p->fixed[0], row);
	put(&p->fixed[1], row);
	if (!p->fixed[2].set || row->pages > p->fixed[2].pages)
		put(&p->fixed[2], row);
	if (!p->fixed[3].set || row->pages < p->fixed[3].pages)
		put(&p->fixed[3], row);
	for (unsigned i = 0; i < p->n_random; i++)
		if (p->wanted[i] == p->seen)
			put(&p->random[i], row);
	see_variant(p, row);
	p->seen++;
	return DBRIEF_OK;
}

/* Places drawn by the plan's hash, so that nobody chooses them and everybody can draw them again. */
static void draw(struct picking *p, const dbrief_run *run, uint64_t written)
{
	unsigned char hash[16];
	char text[96];

	for (unsigned i = 0; i < p->n_random; i++) {
		uint64_t v = 0;
		int len = snprintf(text, sizeof(text), "%.64s sample %u", run->plan_hash, i);

		dbi_blake2b(hash, sizeof(hash), text, (size_t)len, NULL, 0);
		for (int k = 0; k < 8; k++)
			v = v << 8 | hash[k];
		p->wanted[i] = written ? v % written : 0;
	}
}

static int make(dbrief_run *run, struct dbi_marks *marks, dbrief_session *session, const struct pick *pick, const char *stamp,
    struct dbrief_error *err)
{
	struct dbi_marks_letter letter = { .before = DBI_BUF_INIT };
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	struct dbi_plan_chunk chunk = { .text = NULL };
	struct dbrief_sink sink;
	char name[64], *path;
	int status = dbi_plan_chunk_load(run->plan, pick->chunk, &chunk, err);

	memset(&sink, 0, sizeof(sink));
	(void)snprintf(name, sizeof(name), "samples/%s.pdf", pick->kind);
	path = dbi_folder_path(&run->folder, name);
	if (status == DBRIEF_OK)
		status = path ? dbrief_sink_init_file(&sink, path, err) : dbi_error_memory(err);
	opts.stamp = stamp;
	opts.no_attachment = 1;
	if (status == DBRIEF_OK)
		status = dbi_marks_create(marks, &letter, session, chunk.ids[pick->offset], &sink, &opts, false, err);
	dbi_marks_letter_dispose(&letter);
	dbrief_sink_dispose(&sink);
	dbi_plan_chunk_dispose(&chunk);
	dbi_free(path);
	return status == DBRIEF_FAILED ? DBRIEF_OK : status; /* the data of now make no letter: there is no such sample */
}

/* As make_all() names them; what else somebody put there is not ours. */
static bool is_sample(const char *name)
{
	static const char *const kinds[KINDS] = { "first.pdf", "last.pdf", "longest.pdf", "shortest.pdf" };
	size_t len = strlen(name);
	char random[24];

	if (strncmp(name, "template-", 9) == 0 && len > 13 && strcmp(name + len - 4, ".pdf") == 0) {
		for (len -= 4; len && is_plain(name[len - 1]); len--)
			;
		return len == 0;
	}
	for (unsigned i = 0; i < KINDS; i++)
		if (strcmp(name, kinds[i]) == 0)
			return true;
	for (unsigned i = 0; i < MAX_RANDOM; i++) {
		(void)snprintf(random, sizeof(random), "random-%u.pdf", i + 1);
		if (strcmp(name, random) == 0)
			return true;
	}
	return dbi_folder_is_temporary(name);
}

static int remove_sample(void *ctx, const char *name)
{
	if (is_sample(name))
		(void)unlinkat(*(int *)ctx, name, 0);
	return 0;
}

void dbi_samples_remove(const dbrief_run *run)
{
	int fd = -1;

	if (dbi_folder_part(&run->folder, "samples", false, &fd, NULL) != DBRIEF_OK)
		return;
	(void)dbi_folder_each(fd, "samples", remove_sample, &fd, NULL);
	(void)close(fd);
	(void)unlinkat(run->folder.fd, "samples", AT_REMOVEDIR);
}

static int make_all(dbrief_run *run, const struct picking *p, const char *stamp, struct dbrief_error *err)
{
	dbrief_session *session = NULL;
	struct dbi_marks marks = { .ledger = NULL };
	struct pick pick;
	char kind[24];
	int fd = -1, status = dbi_folder_part(&run->folder, "samples", true, &fd, err);

	if (status == DBRIEF_OK)
		status = dbi_folder_each(fd, "samples", remove_sample, &fd, err);
	if (fd >= 0)
		(void)close(fd);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&session, run->engine, err);
	if (status == DBRIEF_OK)
		status = dbi_marks_open(&marks, run, err);
	for (unsigned i = 0; status == DBRIEF_OK && i < KINDS; i++)
		if (p->fixed[i].set)
			status = make(run, &marks, session, &p->fixed[i], stamp, err);
	for (unsigned i = 0; status == DBRIEF_OK && i < p->n_random; i++) {
		pick = p->random[i];
		(void)snprintf(kind, sizeof(kind), "random-%u", i + 1);
		pick.kind = kind;
		if (pick.set)
			status = make(run, &marks, session, &pick, stamp, err);
	}
	for (unsigned i = 0; status == DBRIEF_OK && i < p->n_variants; i++) {
		pick = p->variants[i].pick;
		pick.kind = p->variants[i].kind;
		status = make(run, &marks, session, &pick, stamp, err);
	}
	dbi_marks_close(&marks);
	dbrief_session_free(session);
	return status;
}

int dbrief_run_samples(dbrief_run *run, const char *stamp, unsigned random, struct dbrief_error *err)
{
	struct picking p = { .fixed = { { .kind = "first" }, { .kind = "last" }, { .kind = "longest" }, { .kind = "shortest" } } };
	const struct dbi_walker walker = { NULL, see, &p, false };
	struct dbrief_run_counts counts = DBRIEF_RUN_COUNTS_INIT;
	int status;

	dbrief_error_clear(err);
	if (!run || !stamp)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run or the stamp is NULL; pass both");
	p.n_random = random < MAX_RANDOM ? random : MAX_RANDOM;
	status = dbrief_run_status(run->folder.path, DBRIEF_SHARDS_ALL, &counts, err);
	draw(&p, run, counts.written);
	if (status == DBRIEF_OK)
		status = dbi_run_walk(run, &walker, err);
	return status == DBRIEF_OK ? make_all(run, &p, stamp, err) : status;
}
