/* SPDX-License-Identifier: MIT */
/*
 * Sinks: where bytes go. A sink ends in exactly one of commit and abort;
 * nothing partial is ever visible. The library calls write any number of
 * times, then commit once after the last byte, or abort once on any failure,
 * also after a failed commit. A sink cannot be reused.
 */
#ifndef DATENBRIEF_SINK_H
#define DATENBRIEF_SINK_H

#include <stddef.h>
#include <datenbrief/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dbrief_sink {
	size_t size; /* sizeof(struct dbrief_sink) */
	int (*write)(void *user, const void *bytes, size_t len, struct dbrief_error *err);
	int (*commit)(void *user, struct dbrief_error *err);
	void (*abort)(void *user);
	void *user;
};

/*
 * A file that appears whole or not at all: a temporary file beside it (mode
 * 0600, O_EXCL, O_NOFOLLOW), on commit fsync, rename, fsync of the folder.
 * Replaces an existing regular file.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_sink_init_file(struct dbrief_sink *sink, const char *path,
    struct dbrief_error *err);
/* An open descriptor, never closed by the library. Commit and abort do nothing. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_sink_init_fd(struct dbrief_sink *sink, int fd, struct dbrief_error *err);
/* Memory; the bytes are there after commit. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_sink_init_memory(struct dbrief_sink *sink, struct dbrief_error *err);
/* Bytes of a committed memory sink; borrowed until dispose. */
DBRIEF_API const void *dbrief_sink_memory(const struct dbrief_sink *sink, size_t *len);
/* Frees what an init function made; aborts first if neither end was reached. */
DBRIEF_API void dbrief_sink_dispose(struct dbrief_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
