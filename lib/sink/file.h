/* SPDX-License-Identifier: MIT */
/*
 * Files that appear whole or not at all, through a table of operations so that
 * tests can let the n-th one fail. The public sinks stand on this.
 */
#ifndef DBI_SINK_FILE_H
#define DBI_SINK_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <datenbrief/sink.h>

struct dbi_file_ops {
	int (*openat)(int dir, const char *name, int flags, unsigned mode);
	ssize_t (*write)(int fd, const void *bytes, size_t len);
	int (*fsync)(int fd);
	int (*close)(int fd);
	int (*renameat)(int dir, const char *from, int to_dir, const char *to);
	int (*unlinkat)(int dir, const char *name, int flags);
};
extern const struct dbi_file_ops dbi_file_ops_posix;
/* Like dbrief_sink_init_file over the given operations (borrowed). */
int dbi_sink_init_file(struct dbrief_sink *sink, const char *path, const struct dbi_file_ops *ops, struct dbrief_error *err);

#endif
