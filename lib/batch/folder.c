/* SPDX-License-Identifier: MIT */
#include "batch/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/publish.h"
#include "util/mem.h"

static const char *reason(int code)
{
	switch (code) {
	case ENOENT:
		return "the folder above it does not exist; create it";
	case EACCES:
	case EPERM:
		return "no permission; choose another folder";
	case EROFS:
		return "the file system is read-only; choose another folder";
	case ENOSPC:
	case EDQUOT:
		return "no space is left; free some or choose another folder";
	case ELOOP:
		return "it is a symbolic link; give the folder itself";
	case ENOTDIR:
		return "it is no folder; choose another name";
	default:
		return "it cannot be used; choose another folder";
	}
}

static int refuse(const char *place, int code, struct dbrief_error *err)
{
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, code, place, "%s", reason(code));
}

static int see_entry(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 1;
}

enum privacy {
	MINE,       /* nobody else may look into it; an empty one is made so */
	MINE_SEEN,  /* the same, but an empty one is left as it is */
	BESIDE      /* others may look into it, but not write */
};

/* Letters hold personal data: their folders are ours, and nobody else may look into them. */
static int check_private(int fd, const char *place, enum privacy privacy, struct dbrief_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(place, errno, err);
	if (st.st_uid != geteuid() && !(privacy == BESIDE && st.st_uid == 0))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, place,
		    "the folder belongs to another user; choose one of your own, or work as that user");
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, place,
		    "group or others may write into the folder; remove that right (chmod go-w) or choose another");
	if (privacy == BESIDE || !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return DBRIEF_OK;
	if (dbi_folder_each(fd, place, see_entry, NULL, NULL) == DBRIEF_OK && (privacy == MINE_SEEN || fchmod(fd, 0700) == 0))
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, place,
	    "group or others may look into the folder, which is not empty; remove that right (chmod go=) or choose another");
}

/* Links are refused. */
static int open_folder(int at, const char *name, const char *place, bool create, enum privacy privacy, int *fd, struct dbrief_error *err)
{
	struct stat st;
	int status;

	if (create && mkdirat(at, name, 0700) != 0 && errno != EEXIST)
		return refuse(place, errno, err);
	*fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0) {
		int code = errno;

		if (code == ENOENT)
			return DBRIEF_EOF;
		/* O_DIRECTORY reports a link as "not a directory". */
		if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
			code = ELOOP;
		return refuse(place, code, err);
	}
	status = check_private(*fd, place, privacy, err);
	if (status != DBRIEF_OK) {
		(void)close(*fd);
		*fd = -1;
	}
	return status;
}

static int take_lock(const struct dbi_folder *f, enum dbi_folder_lock lock, struct dbrief_error *err)
{
	int rc;

	if (lock == DBI_LOCK_NONE)
		return DBRIEF_OK;
	do
		rc = flock(f->fd, (lock == DBI_LOCK_ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB);
	while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return DBRIEF_OK;
	if (errno == EWOULDBLOCK)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FENCED, f->path,
		    "another run is at work in this folder; wait for it or choose another");
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, errno, f->path,
	    "the folder cannot be locked; choose one on another file system");
}

static int open_top(struct dbi_folder *f, const char *path, bool create, enum privacy privacy, enum dbi_folder_lock lock,
    struct dbrief_error *err)
{
	int status;

	f->fd = -1;
	f->path = dbi_strdup(path);
	if (!f->path)
		return dbi_error_memory(err);
	status = open_folder(AT_FDCWD, path, path, create, privacy, &f->fd, err);
	if (status == DBRIEF_OK)
		status = take_lock(f, lock, err);
	if (status != DBRIEF_OK)
		dbi_folder_close(f);
	return status;
}

int dbi_folder_open(struct dbi_folder *f, const char *path, bool create, enum dbi_folder_lock lock, struct dbrief_error *err)
{
	return open_top(f, path, create, create ? MINE : MINE_SEEN, lock, err);
}

int dbi_folder_open_beside(struct dbi_folder *f, const char *path, struct dbrief_error *err)
{
	return open_top(f, path, false, BESIDE, DBI_LOCK_NONE, err);
}

void dbi_folder_close(struct dbi_folder *f)
{
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	dbi_free(f->path);
	f->path = NULL;
}

int dbi_folder_part(const struct dbi_folder *f, const char *name, bool create, int *fd, struct dbrief_error *err)
{
	char place[300];

	(void)snprintf(place, sizeof(place), "%.230s/%.60s", f->path, name);
	return open_folder(f->fd, name, place, create, create ? MINE : MINE_SEEN, fd, err);
}

char *dbi_folder_path(const struct dbi_folder *f, const char *name)
{
	size_t size = strlen(f->path) + strlen(name) + 2;
	char *path = dbi_malloc(size);

	if (path)
		(void)snprintf(path, size, "%s/%s", f->path, name);
	return path;
}

int dbi_folder_each(int fd, const char *place, int (*each)(void *ctx, const char *name), void *ctx, struct dbrief_error *err)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *entry;
	int status = DBRIEF_OK;

	if (!dir) {
		status = refuse(place, errno, err);
		if (copy >= 0)
			(void)close(copy);
		return status;
	}
	while (status == DBRIEF_OK && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = each(ctx, entry->d_name);
	(void)closedir(dir);
	return status;
}

/* Made by the library's file sinks: ".datenbrief-", 16 hexadecimal digits, ".tmp". */
bool dbi_folder_is_temporary(const char *name)
{
	if (strncmp(name, ".datenbrief-", 12) != 0)
		return false;
	return (strspn(name + 12, "0123456789abcdef") == 16 && strcmp(name + 28, ".tmp") == 0) ||
	    dbi_publish_is_temporary(name);
}

static int remove_temporary(void *ctx, const char *name)
{
	if (dbi_folder_is_temporary(name))
		(void)unlinkat(*(int *)ctx, name, 0);
	return 0;
}

void dbi_folder_clean(int fd)
{
	(void)dbi_folder_each(fd, "", remove_temporary, &fd, NULL);
}
