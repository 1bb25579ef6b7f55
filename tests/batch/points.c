/* SPDX-License-Identifier: MIT */
/*
 * The named moments of a run, made to act: DATENBRIEF_POINT holds
 * NAME[#N]=ACTION, separated by commas. NAME is a point, "letter", "letter@CHUNK.OFFSET",
 * "taken@CHUNK" or "fetch@CHUNK"; N: the n-th time in this process, 0 or none: each time. ACTION:
 *   kill        this process and its supervisor, as by kill -9
 *   die         this process, as by kill -9
 *   abort       a crash
 *   stop        stopped until somebody continues it
 *   term        SIGTERM to the supervisor
 *   hangup      SIGHUP to it
 *   interrupt   SIGINT to it and to this process, as from a terminal
 *   once-A      action A, if the file DATENBRIEF_POINT_ONCE can be made
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "batch/point.h"
#include "batch/publish.h"

#define MAX_POINTS 8

static atomic_uint hits[MAX_POINTS];

static void act(const char *action)
{
	if (strncmp(action, "once-", 5) == 0) {
		const char *mark = getenv("DATENBRIEF_POINT_ONCE");
		int fd = mark ? open(mark, O_CREAT | O_EXCL | O_WRONLY, 0600) : -1;

		if (fd < 0)
			return;
		(void)close(fd);
		action += 5;
	}
	if (strncmp(action, "kill", 4) == 0)
		(void)kill(getppid(), SIGKILL);
	if (strncmp(action, "kill", 4) == 0 || strncmp(action, "die", 3) == 0)
		(void)raise(SIGKILL);
	if (strncmp(action, "abort", 5) == 0)
		abort();
	if (strncmp(action, "stop", 4) == 0)
		(void)raise(SIGSTOP); /* this thread goes no step further */
	if (strncmp(action, "term", 4) == 0)
		(void)kill(getppid(), SIGTERM);
	if (strncmp(action, "hangup", 6) == 0)
		(void)kill(getppid(), SIGHUP);
	if (strncmp(action, "interrupt", 9) == 0) {
		(void)kill(getppid(), SIGINT);
		(void)kill(getpid(), SIGINT);
	}
}

/* Is it the point that this entry of the list waits for? */
static void look(const char *entry, size_t i, const char *name)
{
	size_t len = strcspn(entry, "#=,");
	unsigned wanted = entry[len] == '#' ? (unsigned)strtoul(entry + len + 1, NULL, 10) : 0;
	const char *action = strchr(entry, '=');

	if (len != strlen(name) || strncmp(entry, name, len) != 0 || !action)
		return;
	if (!wanted || atomic_fetch_add(&hits[i], 1) + 1 == wanted)
		act(action + 1);
}

void dbi_point(const char *name)
{
	const char *list = getenv("DATENBRIEF_POINT");

	for (size_t i = 0; list && *list && i < MAX_POINTS; i++) {
		look(list, i, name);
		list = strchr(list, ',');
		list = list ? list + 1 : NULL;
	}
}

void dbi_point_chunk(const char *name, uint32_t chunk)
{
	char at[48];

	(void)snprintf(at, sizeof(at), "%s@%u", name, (unsigned)chunk);
	dbi_point(at);
}

void dbi_point_letter(uint32_t chunk, unsigned offset)
{
	char name[48];

	(void)snprintf(name, sizeof(name), "letter@%u.%u", (unsigned)chunk, offset);
	dbi_point(name);
	dbi_point("letter");
}

#if defined(__linux__)
/*
 * A write was lost: the first who asks is told, as the kernel does it, in a
 * process with DATENBRIEF_LOST_WRITE set; not before another has asked, which
 * must not happen, so the wait has an end.
 */
int syncfs(int fd)
{
	static atomic_uint calls;

	if (getenv("DATENBRIEF_LOST_WRITE") && atomic_fetch_add(&calls, 1) == 0) {
		for (int i = 0; i < 150 && atomic_load(&calls) < 2; i++)
			(void)usleep(10000);
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_syncfs, fd);
}

/* DATENBRIEF_NO_LINKS: a file system without hard links; "old": and without renameat2(). */
int linkat(int from, const char *old, int to, const char *new, int flags)
{
	if (getenv("DATENBRIEF_NO_LINKS")) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_linkat, from, old, to, new, flags);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	const char *how = getenv("DATENBRIEF_NO_LINKS");

	if (how && strcmp(how, "old") == 0) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}
#endif

/* DATENBRIEF_SYNC: each or none, for `make bench-batch`. */
int dbi_point_sync(int usual)
{
	const char *how = getenv("DATENBRIEF_SYNC");

	if (how && strcmp(how, "each") == 0)
		return DBI_SYNC_EACH;
	return how && strcmp(how, "none") == 0 ? DBI_SYNC_NONE : usual;
}
