/* SPDX-License-Identifier: MIT */
/*
 * The bench: what a full letter costs, stage by stage, beside programs that
 * call libharu directly with the same lines, and beside bare compression of
 * the same bytes. Ratios inside one run are what counts; times differ from
 * machine to machine. Usage: bench TEMPLATE [LETTERS]
 */
#define _GNU_SOURCE /* memmem */
#include <libdeflate.h>
#include <pthread.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_letter.h"
#include "bench_peer.h"
#include "stages.h"

#define MODELS 40
#define ROUNDS 5

struct result {
	double letter_ms, helvetica_ms, truetype_ms, floor_ms, bytes, rss_1000, rss_20000, scale2;
	size_t helvetica_bytes, truetype_bytes, floor_raw, floor_packed;
};

static int fail(const struct dbrief_error *err)
{
	fprintf(stderr, "bench: %s: %s\n", err->where, err->text);
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

static int make_letters(struct bench_worker *w, unsigned first, unsigned n)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	for (unsigned i = 0; i < n; i++)
		if (bench_letter(w, first + i, &err) != DBRIEF_OK)
			return fail(&err);
	return 0;
}

/* The same, each with a model made just before it, as gathering makes it. */
static int gather_letters(struct bench_worker *w, unsigned first, unsigned n)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	for (unsigned i = 0; i < n; i++)
		if (bench_gather(w, first + i, &err) != DBRIEF_OK || bench_letter(w, first + i, &err) != DBRIEF_OK)
			return fail(&err);
	return 0;
}

/* Best of some rounds, since noise only ever adds. The clock stands while models are made. */
static int measure_letters(struct bench_worker *w, unsigned n, struct result *r)
{
	r->letter_ms = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t spent = 0;
		w->bytes = 0;
		for (unsigned i = 0; i < n; i++) {
			struct dbrief_error err = DBRIEF_ERROR_INIT;
			if (bench_gather(w, i, &err) != DBRIEF_OK)
				return fail(&err);
			spent -= clock_cpu();
			if (make_letters(w, i, 1))
				return 1;
			spent += clock_cpu();
		}
		double ms = (double)spent / 1e6 / n;
		if (ms < r->letter_ms)
			r->letter_ms = ms;
	}
	r->bytes = (double)w->bytes / n;
	dbi_xml_free(w->gathered);
	w->gathered = NULL;
	return 0;
}

static int measure_stages(struct bench_worker *w, unsigned n)
{
	int64_t ns[STAGE_COUNT], sum = 0;

	stages_start(); /* what is between letters belongs to no stage */
	if (gather_letters(w, 0, n))
		return 1;
	stages_stop(ns);
	for (int i = 0; i < STAGE_COUNT; i++)
		sum += ns[i];
	printf("\nstage       ms per letter   share   (clocks included)\n");
	for (int i = 0; i < STAGE_COUNT; i++)
		printf("%-10s  %13.4f  %5.1f %%\n", stage_names[i], (double)ns[i] / 1e6 / n, 100.0 * (double)ns[i] / (double)sum);
	return 0;
}

static void measure_peers(const struct peer_letter *letter, const struct bench_shared *s, struct result *r)
{
	const char *regular = dbi_fontset_info(s->fonts, dbi_fontset_face(s->fonts, 0, DBI_FONT_REGULAR))->path;
	const char *bold = dbi_fontset_info(s->fonts, dbi_fontset_face(s->fonts, 0, DBI_FONT_BOLD))->path;

	r->helvetica_ms = r->truetype_ms = 1e9;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_cpu();
		for (int i = 0; i < 200; i++)
			r->helvetica_bytes = peer_haru_helvetica(letter);
		double ms = (double)(clock_cpu() - start) / 1e6 / 200;
		r->helvetica_ms = ms < r->helvetica_ms ? ms : r->helvetica_ms;
		start = clock_cpu();
		for (int i = 0; i < 10; i++)
			r->truetype_bytes = peer_haru_truetype(letter, regular, bold);
		ms = (double)(clock_cpu() - start) / 1e6 / 10;
		r->truetype_ms = ms < r->truetype_ms ? ms : r->truetype_ms;
	}
}

/* Streams of the letter that are compressed anew each time: all but font files, maps and profiles, which are kept. */
static bool is_fresh(const char *dictionary, size_t len)
{
	return len > 0 && !memmem(dictionary, len, "/Length1", 8) && !memmem(dictionary, len, "/N 1", 4) &&
	    !memmem(dictionary, len, "/N 3", 4) && (memmem(dictionary, len, "/Type", 5) || len < 80);
}

static size_t unpack_stream(const char *packed, size_t len, struct dbi_buf *raw)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	size_t n = 0, before = raw->len;
	char *room = dbi_buf_room(raw, 4 << 20);

	if (d && room && libdeflate_zlib_decompress(d, packed, len, room, 4 << 20, &n) == LIBDEFLATE_SUCCESS)
		raw->len = before + n;
	libdeflate_free_decompressor(d);
	return n;
}

/* Bare libdeflate at the library's level over what the letter's fresh streams hold. */
static void measure_floor(const struct dbi_buf *pdf, struct result *r)
{
	struct dbi_buf raw = DBI_BUF_INIT;
	size_t parts[64], n_parts = 0;
	const char *at = pdf->data, *end = pdf->data + pdf->len;

	while (n_parts < 64 && (at = memmem(at, (size_t)(end - at), "stream\n", 7))) {
		const char *body = at + 7, *dict = at, *stop = memmem(body, (size_t)(end - body), "endstream", 9);
		while (dict > pdf->data && memcmp(dict, " obj", 4) != 0)
			dict--;
		size_t n = stop && is_fresh(dict, (size_t)(at - dict)) ? unpack_stream(body, (size_t)(stop - body), &raw) : 0;
		if (n)
			parts[n_parts++] = n;
		at = stop ? stop + 9 : end;
	}
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
	size_t bound = libdeflate_zlib_compress_bound(c, raw.len);
	char *out = malloc(bound);
	r->floor_ms = 1e9;
	r->floor_raw = raw.len;
	for (int round = 0; out && round < ROUNDS; round++) {
		int64_t start = clock_cpu();
		for (int i = 0; i < 500; i++) {
			size_t offset = 0;
			r->floor_packed = 0;
			for (size_t p = 0; p < n_parts; offset += parts[p++])
				r->floor_packed += libdeflate_zlib_compress(c, raw.data + offset, parts[p], out, bound);
		}
		double ms = (double)(clock_cpu() - start) / 1e6 / 500;
		r->floor_ms = ms < r->floor_ms ? ms : r->floor_ms;
	}
	free(out);
	libdeflate_free_compressor(c);
	dbi_buf_dispose(&raw);
}

struct thread_job {
	const struct bench_shared *shared;
	unsigned first, n;
	int failed;
	pthread_barrier_t *barrier;
};

static void *run_thread(void *user)
{
	struct thread_job *job = user;
	struct bench_worker w;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	job->failed = bench_worker_init(&w, job->shared, &err) != DBRIEF_OK || gather_letters(&w, job->first, MODELS);
	pthread_barrier_wait(job->barrier);
	job->failed = job->failed || gather_letters(&w, job->first, job->n);
	pthread_barrier_wait(job->barrier);
	bench_worker_dispose(&w);
	return NULL;
}

/* Letters per second of wall time with so many threads, models made on the clock, each thread warmed up before it starts. */
static double measure_threads(const struct bench_shared *s, unsigned threads, unsigned n)
{
	struct thread_job jobs[8];
	pthread_t ids[8];
	pthread_attr_t attr;
	pthread_barrier_t barrier;
	bool failed = false;

	pthread_barrier_init(&barrier, NULL, threads + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 1 << 20);
	for (unsigned i = 0; i < threads; i++) {
		jobs[i] = (struct thread_job){ s, i * n, n, 0, &barrier };
		if (pthread_create(&ids[i], &attr, run_thread, &jobs[i]))
			exit(1);
	}
	pthread_barrier_wait(&barrier);
	int64_t start = clock_wall();
	pthread_barrier_wait(&barrier);
	int64_t spent = clock_wall() - start;
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		failed = failed || jobs[i].failed;
	}
	pthread_attr_destroy(&attr);
	pthread_barrier_destroy(&barrier);
	return failed ? 0 : (double)n * threads * 1e9 / (double)spent;
}

static int measure_memory(struct bench_worker *w, struct result *r)
{
	if (make_letters(w, 0, 1000))
		return 1;
	r->rss_1000 = rss_mb();
	if (make_letters(w, 1000, 19000))
		return 1;
	r->rss_20000 = rss_mb();
	return 0;
}

static int measure_others(struct bench_worker *w, const struct bench_shared *s, struct result *r)
{
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct peer_letter peer;

	if (make_letters(w, 0, 1) || !bench_peer_letter(&peer, &arena, &w->display))
		return 1;
	printf("letter: %zu pages, %zu lines of text, %zu bytes attached\n", w->display.n_pages, peer.n_lines, w->xml.len);
	measure_peers(&peer, s, r);
	measure_floor(&w->out, r);
	dbi_arena_dispose(&arena);
	return 0;
}

static void print_result(const struct result *r, double one, double two)
{
	printf("\nCPU per letter          ms      bytes\n");
	printf("ours, full letter   %6.3f  %9.0f\n", r->letter_ms, r->bytes);
	printf("libharu, Helvetica  %6.3f  %9zu  (no tags, no PDF/A, no attachment, no layout)\n", r->helvetica_ms, r->helvetica_bytes);
	printf("libharu, TrueType   %6.3f  %9zu  (likewise)\n", r->truetype_ms, r->truetype_bytes);
	printf("bare libdeflate l1  %6.3f  %9zu  (of %zu bytes)\n", r->floor_ms, r->floor_packed, r->floor_raw);
	printf("\nletters per second, the making of models with them: %.0f with 1 thread, %.0f with 2\n", one, two);
	printf("resident: %.1f MB after 1,000 letters, %.1f MB after 20,000\n\n", r->rss_1000, r->rss_20000);
	printf("bench: letter_ms=%.3f vs_helvetica=%.2f vs_ttf=%.3f vs_floor=%.2f bytes=%.0f rss_mb=%.1f scale2=%.2f\n", r->letter_ms,
	    r->letter_ms / r->helvetica_ms, r->letter_ms / r->truetype_ms, r->letter_ms / r->floor_ms, r->bytes, r->rss_20000,
	    r->scale2);
}

int main(int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct bench_shared shared;
	struct bench_worker w = { 0 };
	struct result r = { 0 };
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 2000;
	int status;

	if (argc < 2 || n == 0) {
		fprintf(stderr, "Usage: bench TEMPLATE [LETTERS]\n");
		return 2;
	}
	status = bench_shared_init(&shared, argv[1], MODELS, &err);
	if (status == DBRIEF_OK)
		status = bench_worker_init(&w, &shared, &err);
	if (status != DBRIEF_OK)
		return fail(&err);
	if (measure_others(&w, &shared, &r) || measure_letters(&w, n, &r) || measure_stages(&w, n) || measure_memory(&w, &r))
		return 1;
	double one = 0, two = 0; /* best of many short rounds, turn about: two threads seldom have both processors to themselves for long */
	for (int round = 0; round < 4 * ROUNDS; round++) {
		one = fmax(one, measure_threads(&shared, 1, n / 4 + 1));
		two = fmax(two, measure_threads(&shared, 2, n / 4 + 1));
	}
	r.scale2 = one > 0 ? two / one : 0;
	print_result(&r, one, two);
	bench_worker_dispose(&w);
	bench_shared_dispose(&shared);
	return 0;
}
