/* SPDX-License-Identifier: MIT */
#include "batch/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "batch/folder.h"
#include "util/mem.h"

/* 0: idle; else these bits and chunk << 16 | offset. */
#define BUSY (UINT64_C(1) << 63)
#define ALONE (UINT64_C(1) << 62)

struct slots { _Atomic uint64_t slot[DBRIEF_BATCH_THREADS_MAX]; };

struct dbi_work {
	int dir;
	char name[48];
	struct slots *slots;
};

static void file_name(char out[48], unsigned shard, uint32_t epoch)
{
	(void)snprintf(out, 48, "shard-%05u-e%08x.work", shard % 100000, (unsigned)epoch);
}

int dbi_work_begin(struct dbi_work **work, int dir, unsigned shard, uint32_t epoch, struct dbrief_error *err)
{
	struct dbi_work *w = dbi_calloc(1, sizeof(*w));
	struct slots *slots = MAP_FAILED;
	int fd, number = 0;

	*work = NULL;
	if (!w)
		return dbi_error_memory(err);
	w->dir = dir;
	file_name(w->name, shard, epoch);
	fd = openat(dir, w->name, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	/* Room is taken now: a full disk must not become a signal later. */
	if (fd < 0)
		number = errno;
	else
		number = posix_fallocate(fd, 0, sizeof(*slots));
	if (!number) {
		slots = mmap(NULL, sizeof(*slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		number = slots == MAP_FAILED ? errno : 0;
	}
	if (fd >= 0)
		(void)close(fd);
	if (number) {
		dbi_free(w);
		return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, "journal",
		    "the list of letters at work cannot be written (%s); check disk and rights", dbi_errno_text(number));
	}
	w->slots = slots;
	*work = w;
	return DBRIEF_OK;
}

void dbi_work_end(struct dbi_work *work)
{
	if (!work)
		return;
	(void)munmap(work->slots, sizeof(*work->slots));
	(void)unlinkat(work->dir, work->name, 0);
	dbi_free(work);
}

void dbi_work_mark(struct dbi_work *work, unsigned worker, uint32_t chunk, unsigned offset, bool alone)
{
	atomic_store(&work->slots->slot[worker], BUSY | (alone ? ALONE : 0) | (uint64_t)chunk << 16 | (offset & 0xffff));
}

void dbi_work_clear(struct dbi_work *work, unsigned worker)
{
	atomic_store(&work->slots->slot[worker], 0);
}

/* ---- what others left ---- */

struct left {
	int dir;
	char prefix[16];
	char own[48];
	int (*each)(void *ctx, uint32_t chunk, unsigned offset, bool alone);
	void *ctx;
	bool remove;
};

bool dbi_work_is_file(const char *name)
{
	size_t len = strlen(name);

	return strncmp(name, "shard-", 6) == 0 && len > 5 && strcmp(name + len - 5, ".work") == 0;
}

static int read_left(const struct left *l, const char *name)
{
	uint64_t slots[DBRIEF_BATCH_THREADS_MAX] = { 0 };
	int fd = openat(l->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), status = 0;

	if (fd < 0)
		return 0;
	if (read(fd, slots, sizeof(slots)) == (ssize_t)sizeof(slots))
		for (size_t i = 0; i < DBRIEF_BATCH_THREADS_MAX && status == 0; i++)
			if (slots[i] & BUSY)
				status = l->each(l->ctx, (uint32_t)(slots[i] >> 16), (unsigned)(slots[i] & 0xffff),
				    (slots[i] & ALONE) != 0);
	(void)close(fd);
	return status;
}

static int each_left(void *ctx, const char *name)
{
	const struct left *l = ctx;

	if (!dbi_work_is_file(name) || strncmp(name, l->prefix, strlen(l->prefix)) != 0 || strcmp(name, l->own) >= 0)
		return 0;
	if (l->remove)
		(void)unlinkat(l->dir, name, 0);
	return l->each ? read_left(l, name) : 0;
}

static struct left look_at(int dir, unsigned shard, uint32_t epoch)
{
	struct left l = { .dir = dir };

	(void)snprintf(l.prefix, sizeof(l.prefix), "shard-%05u-", shard % 100000);
	file_name(l.own, shard, epoch);
	return l;
}

int dbi_work_left(int dir, unsigned shard, uint32_t epoch, int (*each)(void *ctx, uint32_t chunk, unsigned offset, bool alone),
    void *ctx, struct dbrief_error *err)
{
	struct left l = look_at(dir, shard, epoch);

	l.each = each;
	l.ctx = ctx;
	return dbi_folder_each(dir, "journal", each_left, &l, err);
}

void dbi_work_remove_left(int dir, unsigned shard, uint32_t epoch)
{
	struct left l = look_at(dir, shard, epoch);

	l.remove = true;
	(void)dbi_folder_each(dir, "journal", each_left, &l, NULL);
}
