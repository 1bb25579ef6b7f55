/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "progress.h"

#define REDRAW_MS 100

static int64_t now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return 80;
}

static int64_t tenths_per_second(size_t n, int64_t ms)
{
	return ms > 0 ? (int64_t)n * 10000 / ms : 0;
}

static void write_duration(char *out, size_t size, int64_t seconds)
{
	if (seconds >= 3600)
		(void)snprintf(out, size, "%d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
		    (int)(seconds % 60));
	else
		(void)snprintf(out, size, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

void progress_line(const struct progress *p, int64_t ms, int width, char *line, size_t size)
{
	char numbers[160], left[24] = "-:--", bar[64];
	size_t now = p->done - p->before;
	int64_t rate = tenths_per_second(now, ms);
	int len, room, full;

	if (now && p->total >= p->done)
		write_duration(left, sizeof(left), (int64_t)(p->total - p->done) * ms / (int64_t)now / 1000);
	len = snprintf(numbers, sizeof(numbers), "%zu/%zu %3d%%  %lld.%lld/s  ETA %s", p->done, p->total,
	    p->total ? (int)(p->done * 100 / p->total) : 100, (long long)(rate / 10), (long long)(rate % 10), left);
	if (p->held && len > 0 && (size_t)len < sizeof(numbers))
		len += snprintf(numbers + len, sizeof(numbers) - (size_t)len, "  %zu held", p->held);
	/* One column stays free: some terminals wrap after writing into the last one. */
	room = width - 1 - len - 3;
	room = room > 40 ? 40 : room;
	if (room < 5) {
		(void)snprintf(line, size, "%.*s", width > 1 ? width - 1 : 1, numbers);
		return;
	}
	full = p->total ? (int)((uint64_t)room * p->done / p->total) : room;
	memset(bar, '.', (size_t)room);
	memset(bar, '#', (size_t)full);
	bar[room] = '\0';
	(void)snprintf(line, size, "[%s] %s", bar, numbers);
}

static void draw(struct progress *p, int64_t now)
{
	char line[512];

	p->shown = now;
	if (p->kind == PROGRESS_JSON) {
		int64_t rate = tenths_per_second(p->done - p->before, now - p->started);

		(void)fprintf(stderr,
		    "{\"done\":%zu,\"total\":%zu,\"held\":%zu,\"elapsed_ms\":%lld,\"per_second\":%lld.%lld}\n",
		    p->done, p->total, p->held, (long long)(now - p->started), (long long)(rate / 10),
		    (long long)(rate % 10));
	} else if (p->kind == PROGRESS_BAR) {
		progress_line(p, now - p->started, terminal_width(), line, sizeof(line));
		(void)fprintf(stderr, "\r\033[K%s", line);
	}
	(void)fflush(stderr);
}

void progress_start(struct progress *p, const char *name, size_t total, size_t before, size_t held)
{
	const char *term = getenv("TERM");
	int terminal = isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);

	memset(p, 0, sizeof(*p));
	p->total = total;
	p->done = p->before = before;
	p->held = held;
	if (name && strcmp(name, "json") == 0)
		p->kind = PROGRESS_JSON;
	else if (name && strcmp(name, "none") == 0)
		p->kind = PROGRESS_NONE;
	else /* A bar in a file is of no use, also when asked for. */
		p->kind = terminal ? PROGRESS_BAR : PROGRESS_NONE;
	p->started = now_ms();
	draw(p, p->started);
}

void progress_step(struct progress *p, int held)
{
	int64_t now = now_ms();

	p->done++;
	p->held += held != 0;
	if (now - p->shown >= REDRAW_MS)
		draw(p, now);
}

void progress_clear(const struct progress *p)
{
	if (p->kind == PROGRESS_BAR) {
		(void)fputs("\r\033[K", stderr);
		(void)fflush(stderr);
	}
}

void progress_end(struct progress *p, const char *ended, const char *folder)
{
	int64_t ms = now_ms() - p->started, rate = tenths_per_second(p->done - p->before, ms);
	size_t written = p->done - p->held;

	if (p->kind == PROGRESS_JSON) {
		draw(p, p->started + ms);
		(void)fprintf(stderr,
		    "{\"end\":\"%s\",\"letters\":%zu,\"held\":%zu,\"total\":%zu,\"replaced\":%llu,\"replaced_letters\":%llu,"
		    "\"elapsed_ms\":%lld}\n", ended, written, p->held, p->total, (unsigned long long)p->replaced,
		    (unsigned long long)p->replaced_letters, (long long)ms);
		return;
	}
	progress_clear(p);
	(void)fprintf(stderr, "datenbrief: %s: %zu of %zu letters in %s", ended, written, p->total, folder);
	if (p->held)
		(void)fprintf(stderr, ", %zu held (see held.csv)", p->held);
	if (p->replaced)
		(void)fprintf(stderr, ", in %llu of them %llu character%s replaced that %s no text (see manifest.csv)",
		    (unsigned long long)p->replaced_letters, (unsigned long long)p->replaced, p->replaced == 1 ? "" : "s",
		    p->replaced == 1 ? "was" : "were");
	if (p->done == p->before && p->done == p->total)
		(void)fprintf(stderr, ", all made before\n");
	else
		(void)fprintf(stderr, ", %lld.%lld s, %lld.%lld letters/s\n", (long long)(ms / 1000), (long long)(ms / 100 % 10),
		    (long long)(rate / 10), (long long)(rate % 10));
}
