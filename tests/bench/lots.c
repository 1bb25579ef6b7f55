/* SPDX-License-Identifier: MIT */
/*
 * What a letter costs in a lot: CPU to make its record instead of its file, to
 * put the record into the lot, bytes in the lot, and memory over the lot.
 * Usage: lots TEMPLATE [LETTERS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_letter.h"
#include "pdf/lot.h"
#include "stages.h"
#include "util/hash.h"
#include "util/mem.h"

#define MODELS 40
#define ROUNDS 5
#define SAMPLE 1000

static int fail(const struct dbrief_error *err)
{
	fprintf(stderr, "lots: %s: %s\n", err->where, err->text);
	return 1;
}

static double rss_mb(void)
{
	unsigned long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Best of some rounds, since noise only ever adds. */
static double letter_ms(struct bench_worker *w, bool spool)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	double best = 1e9;

	w->spool = spool;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_cpu();
		w->bytes = 0;
		for (unsigned i = 0; i < SAMPLE; i++)
			if (bench_letter(w, i, &err) != DBRIEF_OK)
				exit(fail(&err));
		double ms = (double)(clock_cpu() - start) / 1e6 / SAMPLE;
		best = ms < best ? ms : best;
	}
	return best;
}

static int drop(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	(void)user, (void)bytes, (void)len, (void)err;
	return DBRIEF_OK;
}

struct lot_result { double ms, bytes, rss_1000, rss_end; };

/* n letters out of a few records: the lot does not know that they repeat. */
static int measure_lot(struct bench_worker *w, unsigned n, struct lot_result *r)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink = { sizeof(sink), drop, NULL, NULL, NULL };
	static struct dbi_buf records[MODELS];
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_lot_place place;
	struct dbi_spool record;
	dbi_lot *lot = NULL;
	char sha[65];
	int status = DBRIEF_OK;

	w->spool = true;
	for (unsigned i = 0; i < MODELS && status == DBRIEF_OK; i++) {
		status = bench_letter(w, i, &err);
		dbi_buf_add(&records[i], w->out.data, w->out.len);
	}
	int64_t start = clock_cpu();
	if (status == DBRIEF_OK)
		status = dbi_lot_new(&lot, w->shared->pdf_fonts, &sink, NULL, false, &err);
	for (unsigned i = 0; i < n && status == DBRIEF_OK; i++) {
		status = dbi_spool_read(&record, &arena, records[i % MODELS].data, records[i % MODELS].len, &err);
		if (status == DBRIEF_OK)
			status = dbi_lot_add(lot, &record, NULL, &place, &err);
		dbi_arena_reset(&arena);
		if (i == 999)
			r->rss_1000 = rss_mb();
	}
	r->rss_end = rss_mb();
	if (status == DBRIEF_OK)
		status = dbi_lot_finish(lot, sha, &err);
	r->ms = (double)(clock_cpu() - start) / 1e6 / n;
	r->bytes = lot ? (double)dbi_lot_bytes(lot) / n : 0;
	dbi_lot_free(lot);
	dbi_arena_dispose(&arena);
	for (unsigned i = 0; i < MODELS; i++)
		dbi_buf_dispose(&records[i]);
	return status == DBRIEF_OK ? 0 : fail(&err);
}

int main(int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct bench_shared shared;
	struct bench_worker w = { 0 };
	struct lot_result small = { 0, 0, 0, 0 }, large = { 0, 0, 0, 0 };
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 25000;

	if (argc < 2 || n < SAMPLE) {
		fprintf(stderr, "Usage: lots TEMPLATE [LETTERS, at least %d]\n", SAMPLE);
		return 2;
	}
	dbi_hash_init();
	int status = bench_shared_init(&shared, argv[1], MODELS, &err);
	if (status == DBRIEF_OK)
		status = bench_worker_init(&w, &shared, &err);
	if (status != DBRIEF_OK)
		return fail(&err);
	double alone = letter_ms(&w, false), alone_bytes = (double)w.bytes / SAMPLE;
	double spool = letter_ms(&w, true);
	size_t pages = w.display.n_pages;
	if (measure_lot(&w, SAMPLE, &small) || measure_lot(&w, n, &large))
		return 1;
	printf("letter: %zu pages\n\nCPU per letter            ms      bytes\n", pages);
	printf("a file of its own     %6.3f  %9.0f\n", alone, alone_bytes);
	printf("record for a lot      %6.3f\n", spool);
	printf("its part in the lot   %6.3f  %9.0f  (%u letters)\n", large.ms, large.bytes, n);
	printf("                      %6.3f  %9.0f  (%d letters)\n\n", small.ms, small.bytes, SAMPLE);
	printf("lots: letter_ms=%.3f vs_file=%.2f bytes=%.0f rss_1000_mb=%.1f rss_mb=%.1f\n", spool + large.ms,
	    (spool + large.ms) / alone, large.bytes, large.rss_1000, large.rss_end);
	bench_worker_dispose(&w);
	bench_shared_dispose(&shared);
	return 0;
}
