/* SPDX-License-Identifier: MIT */
/*
 * Publishing letters, a chunk at a time: each is a temporary file whose name
 * tells shard, epoch and place; together they are brought to the disk, renamed,
 * and their folder is synced. The journal's row comes after.
 */
#ifndef DBI_BATCH_PUBLISH_H
#define DBI_BATCH_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>
#include <datenbrief/sink.h>
#include "util/error.h"

enum dbi_publish_sync {
	DBI_SYNC_FS,      /* one syncfs() a chunk; where it reports no errors, like EACH */
	DBI_SYNC_EACH,    /* fsync() of each file, at the end of the chunk */
	DBI_SYNC_NONE     /* to measure what the others cost */
};

/* What all workers of a shard share. */
struct dbi_publish {
	int dir;                     /* of the rendered letters */
	const char *place, *suffix;  /* "out/letters", ".pdf"; borrowed */
	unsigned shard;
	uint32_t epoch;
	uint32_t attempt;            /* random: a journal that was deleted counts its epochs anew */
	enum dbi_publish_sync sync;
};

/* One letter being written, of one worker. */
struct dbi_publish_file {
	const struct dbi_publish *to;
	int fd;
	char name[80];
};
#define DBI_PUBLISH_NAME_SIZE 80

void dbi_publish_name(const struct dbi_publish *p, uint32_t chunk, unsigned offset, char name[DBI_PUBLISH_NAME_SIZE]);
/* A sink into the temporary file; commit closes it, abort removes it. `file` lives as long as the sink. */
int dbi_publish_sink(struct dbrief_sink *sink, struct dbi_publish_file *file, const struct dbi_publish *to, uint32_t chunk,
    unsigned offset, struct dbrief_error *err);
/* What is to be done for a letter of a chunk. */
enum dbi_publish_what {
	DBI_PUBLISH_NOTHING,  /* the file of this case code is another letter's */
	DBI_PUBLISH_FILE,     /* it was written */
	DBI_PUBLISH_REMOVE    /* held: what an attempt that was killed left without a row goes */
};
/* Brings the chunk's files to the disk. */
int dbi_publish_sync_chunk(const struct dbi_publish *p, uint32_t chunk, const unsigned char *what, size_t n,
    struct dbrief_error *err);
/* Gives them their names CODE+SUFFIX, and syncs the folder. */
int dbi_publish_rename_chunk(const struct dbi_publish *p, uint32_t chunk, const unsigned char *what, const char (*codes)[16],
    size_t n, struct dbrief_error *err);
/* Removes temporary files: of this attempt, or of older ones at the same shard. */
void dbi_publish_clean(const struct dbi_publish *p, bool own);
/* A name made by dbi_publish_name. */
bool dbi_publish_is_temporary(const char *name);

#endif
