/* SPDX-License-Identifier: MIT */
/*
 * The marks of letters at work: a small file that stays in memory, journal/
 * shard-NNNNN-eEEEEEEEE.work, one slot a worker. A mark survives the death of
 * the process, not a power cut, and costs no system call. Who finds the marks
 * of a process that crashed knows the suspects.
 */
#ifndef DBI_BATCH_WORK_H
#define DBI_BATCH_WORK_H

#include <stdbool.h>
#include <stdint.h>
#include <datenbrief/batch.h>
#include "util/error.h"

struct dbi_work;
#define DBI_WORK_WHOLE_CHUNK 0xffffu   /* as offset: its data was being fetched */

int dbi_work_begin(struct dbi_work **work, int dir, unsigned shard, uint32_t epoch, struct dbrief_error *err);
/* Removes the file: nothing is at work any more. NULL is allowed. */
void dbi_work_end(struct dbi_work *work);
void dbi_work_mark(struct dbi_work *work, unsigned worker, uint32_t chunk, unsigned offset, bool alone);
void dbi_work_clear(struct dbi_work *work, unsigned worker);
/* Marks that older attempts at the shard left; `each` may be NULL. */
int dbi_work_left(int dir, unsigned shard, uint32_t epoch, int (*each)(void *ctx, uint32_t chunk, unsigned offset, bool alone),
    void *ctx, struct dbrief_error *err);
/* Removes those attempts' files. */
void dbi_work_remove_left(int dir, unsigned shard, uint32_t epoch);
bool dbi_work_is_file(const char *name);

#endif
