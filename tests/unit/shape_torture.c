/* SPDX-License-Identifier: MIT */
/*
 * HarfBuzz without memory: every allocation of the process fails once, or from
 * one on, while a word is shaped. The outcome is the right glyphs or an error,
 * never other glyphs. Each point in a child, so that none disturbs the next.
 */
#include "tap.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text/shape.h"
#include "util/hash.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define CANNOT_INTERPOSE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CANNOT_INTERPOSE 1
#endif
#endif

#ifndef CANNOT_INTERPOSE
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
#define VISIBLE __attribute__((visibility("default")))

static volatile long calls, fail_at;
static volatile int fail_on;

static int fails(void)
{
	if (!fail_at)
		return 0;
	calls++;
	if (fail_on ? calls < fail_at : calls != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

VISIBLE void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

VISIBLE void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

VISIBLE void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

static const struct { const char *text, *lang, *name; int rtl; } words[] = {
	{ "M\xC3\xBCller", "de", "a German word", 0 },
	{ "fi\xC5\x9F", "tr", "a word of another language", 0 },
	{ "\xD9\x85\xD8\xAD\xD9\x85\xD9\x91\xD8\xAF", "ar", "an Arabic word", 1 },
	{ "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7\xE0\xA4\xA4\xE0\xA5\x8D\xE0\xA4\xB0\xE0\xA4\xBF\xE0\xA4\xAF", "hi", "a Hindi word", 0 },
	{ "\xE1\x83\xA5" "art", "ka", "a word in two fonts", 0 },
};

enum outcome { SAME, MEMORY, MISSING, WRONG, NOT_REACHED, CRASH, OUTCOMES };

static uint32_t digest(const struct dbi_run *const *runs, size_t n)
{
	uint32_t h = DBI_FNV_START;

	for (size_t i = 0; i < n; i++)
		for (uint32_t g = 0; g < runs[i]->n; g++) {
			const struct dbi_glyph *glyph = &runs[i]->glyphs[g];
			int32_t v[5] = { runs[i]->face, glyph->id, glyph->advance, glyph->dx, glyph->dy };

			h = dbi_fnv1a(h, v, sizeof v);
		}
	return h;
}

/* In a child: shapes a word with the n-th allocation failing; n 0: none, and *h tells the glyphs. */
static enum outcome shape_failing(const dbi_fontset *fonts, size_t word, long n, int on, uint32_t want, uint32_t *h)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const struct dbi_run *const *runs;
	dbi_shaper *sh;
	size_t count;
	enum outcome o;
	int rc;

	if (dbi_shaper_new(&sh, fonts, NULL))
		return CRASH;
	calls = 0;
	fail_on = on;
	fail_at = n;
	rc = dbi_shape(sh, 0, words[word].text, strlen(words[word].text), words[word].rtl, words[word].lang, &runs, &count, &err);
	fail_at = 0;
	if (n && calls < n) {
		o = NOT_REACHED;
	} else if (rc) {
		o = err.cause == DBRIEF_CAUSE_MEMORY ? MEMORY : MISSING;
	} else {
		*h = digest(runs, count);
		o = !n || *h == want ? SAME : WRONG;
	}
	dbi_shaper_free(sh);
	return o;
}

static enum outcome run_child(const dbi_fontset *fonts, size_t word, long n, int on, uint32_t want, uint32_t *h)
{
	int fds[2], status = 0;
	pid_t child;

	if (pipe(fds) != 0)
		return CRASH;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		uint32_t got = 0;
		enum outcome o = shape_failing(fonts, word, n, on, want, &got);

		_exit(write(fds[1], &got, sizeof got) == sizeof got ? (int)o : CRASH);
	}
	close(fds[1]);
	if (read(fds[0], h, sizeof *h) != sizeof *h)
		*h = 0;
	close(fds[0]);
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return CRASH;
	return (enum outcome)WEXITSTATUS(status);
}

static void torture(const dbi_fontset *fonts, size_t word)
{
	int counts[OUTCOMES] = { 0 };
	uint32_t want, got;
	char name[128];

	if (run_child(fonts, word, 0, 0, 0, &want) != SAME) {
		tap_skip(words[word].name, "no installed font draws it");
		return;
	}
	for (int on = 0; on < 2; on++) {
		for (long n = 1;; n += n < 60 ? 1 : 5) {
			enum outcome o = run_child(fonts, word, n, on, want, &got);

			counts[o]++;
			if (o == NOT_REACHED)
				break;
			if (o == WRONG || o == CRASH)
				printf("# %s at allocation %ld%s\n", o == WRONG ? "wrong" : "crash", n, on ? " and after" : "");
		}
	}
	printf("# %d drawn right, %d out of memory, %d held as missing\n", counts[SAME], counts[MEMORY], counts[MISSING]);
	snprintf(name, sizeof name, "%s is never drawn wrong", words[word].name);
	EQ(counts[WRONG] + counts[CRASH], 0, name);
	snprintf(name, sizeof name, "%s did run out of memory", words[word].name);
	OK(counts[MEMORY] > 10, name);
}

/* Whether it is these functions that are called, and not those of a checker like valgrind. */
static bool is_interposed(void)
{
	void *volatile p;

	calls = 0;
	fail_at = LONG_MAX;
	p = malloc(1);
	fail_at = 0;
	free(p);
	return calls > 0;
}

int main(void)
{
	dbi_fontset *fonts;

	if (!is_interposed()) {
		tap_skip("shaping without memory", "allocations belong to a checker");
		return tap_done();
	}
	if (dbi_fontset_new(&fonts, NULL, 0, NULL, 0, NULL)) {
		tap_skip("shaping without memory", "no font is installed");
		return tap_done();
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		torture(fonts, i);
	dbi_fontset_free(fonts);
	return tap_done();
}
#else
int main(void)
{
	tap_skip("shaping without memory", "malloc cannot be replaced in this build");
	return tap_done();
}
#endif
