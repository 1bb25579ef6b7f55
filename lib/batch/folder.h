/* SPDX-License-Identifier: MIT */
/* The output folder of a run: private, locked, and free of what killed processes left. */
#ifndef DBI_BATCH_FOLDER_H
#define DBI_BATCH_FOLDER_H

#include <stdbool.h>
#include "util/error.h"

struct dbi_folder {
	char *path;   /* as given */
	int fd;       /* of the folder, which holds the lock */
};
#define DBI_FOLDER_INIT { NULL, -1 }

enum dbi_folder_lock { DBI_LOCK_NONE, DBI_LOCK_SHARED, DBI_LOCK_ALONE };

/* Links, folders of other users and folders that others may look into are refused; an empty one is made private. `create`: made if absent (0700), else DBRIEF_EOF. */
int dbi_folder_open(struct dbi_folder *f, const char *path, bool create, enum dbi_folder_lock lock, struct dbrief_error *err);
/* The folder of one private file, into which others may look but not write. DBRIEF_EOF: absent. */
int dbi_folder_open_beside(struct dbi_folder *f, const char *path, struct dbrief_error *err);
void dbi_folder_close(struct dbi_folder *f);
/* The descriptor of a private folder inside; `create` as above. Close it with close(). */
int dbi_folder_part(const struct dbi_folder *f, const char *name, bool create, int *fd, struct dbrief_error *err);
/* "PATH/NAME", yours; NULL when out of memory. */
char *dbi_folder_path(const struct dbi_folder *f, const char *name);
/* Calls `each` for every name in the folder but . and ..; stops at a non-zero result. */
int dbi_folder_each(int fd, const char *place, int (*each)(void *ctx, const char *name), void *ctx, struct dbrief_error *err);
/* Names of files that the library's file sinks and the publishing of letters make and rename. */
bool dbi_folder_is_temporary(const char *name);
/* Removes those. Only when nobody else is at work in the folder. */
void dbi_folder_clean(int fd);

#endif
