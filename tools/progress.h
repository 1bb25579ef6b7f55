/* SPDX-License-Identifier: MIT */
/* How far a run is, on standard error: a bar on a terminal, or JSON lines. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stddef.h>
#include <stdint.h>

enum progress_kind { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_JSON };

struct progress {
	enum progress_kind kind;
	size_t total, done, held;
	size_t before; /* of done: by an earlier attempt, no part of the rate */
	int64_t started, shown; /* monotonic milliseconds */
	uint64_t replaced, replaced_letters; /* characters that were no text, and in how many letters: known at the end */
};

/* name: auto, bar, json, none, or NULL for auto (a bar on a terminal, else nothing). */
void progress_start(struct progress *p, const char *name, size_t total, size_t before, size_t held);
/* One more letter; redraws at most ten times a second. */
void progress_step(struct progress *p, int held);
/* Clears the bar, so that a message gets a line of its own. */
void progress_clear(const struct progress *p);
/* The last word: one line. `ended`: "done", "interrupted", "stopped". */
void progress_end(struct progress *p, const char *ended, const char *folder);

/* The bar for a given moment and width, for tests: writes at most size bytes. */
void progress_line(const struct progress *p, int64_t elapsed_ms, int width, char *line, size_t size);

#endif
