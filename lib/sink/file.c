/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sink/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/base.h"
#include "util/hash.h"
#include "util/mem.h"

struct file_sink {
	struct dbi_sink_base base;
	const struct dbi_file_ops *ops;
	int dir, fd;
	bool has_temp;    /* the temporary file stands in the folder */
	char temp[DBI_TEMP_NAME_SIZE];
	const char *name; /* in path */
	char path[];      /* as given, for messages */
};

/* ---- the operations of the system ---- */

static int posix_openat(int dir, const char *name, int flags, unsigned mode)
{
	return openat(dir, name, flags, (mode_t)mode);
}

const struct dbi_file_ops dbi_file_ops_posix = {
	posix_openat, write, fsync, close, renameat, unlinkat,
};

static struct file_sink *of(struct dbi_sink_base *base)
{
	return (struct file_sink *)base;
}

static int failed(const struct file_sink *s, int number, const char *what, const char *remedy, struct dbrief_error *err)
{
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, s->path, "%s (%s); %s", what,
	    dbi_errno_text(number), remedy);
}

static const char *remedy_of(int number)
{
	switch (number) {
	case ENOSPC: return "free some space, then start again";
	case EDQUOT: return "raise the quota or free some space, then start again";
	case EIO: return "check the disk, then start again";
	case EROFS: return "choose a folder on another disk";
	case EFBIG: return "choose another file system or raise the limit";
	default: return "choose another folder or change its rights";
	}
}

/* ---- writing ---- */

static int file_write(struct dbi_sink_base *base, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct file_sink *s = of(base);
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = s->ops->write(s->fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int number = n < 0 ? errno : ENOSPC;

			return failed(s, number, "cannot be written", remedy_of(number), err);
		}
		p += n;
		len -= (size_t)n;
	}
	return DBRIEF_OK;
}

static void remove_temp(struct file_sink *s)
{
	if (s->fd >= 0)
		(void)s->ops->close(s->fd);
	s->fd = -1;
	if (s->has_temp)
		(void)s->ops->unlinkat(s->dir, s->temp, 0);
	s->has_temp = false;
}

/* Some file systems cannot sync a folder and say so; that is no failure. */
static bool sync_folder(struct file_sink *s)
{
	return s->ops->fsync(s->dir) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/*
 * A failed fsync is final: the kernel may have dropped the pages, so a second
 * one would succeed without the bytes. What cannot be made safe is removed.
 */
static int file_commit(struct dbi_sink_base *base, struct dbrief_error *err)
{
	struct file_sink *s = of(base);
	const char *what = "cannot be brought to the disk";
	int number = 0, closed;

	if (s->ops->fsync(s->fd) != 0) {
		number = errno;
	} else {
		closed = s->ops->close(s->fd);
		s->fd = -1;
		if (closed != 0 && errno != EINTR)
			number = errno;
	}
	if (!number && s->ops->renameat(s->dir, s->temp, s->dir, s->name) != 0) {
		number = errno;
		what = "cannot be given its name";
	}
	if (number) {
		remove_temp(s);
		return failed(s, number, what, remedy_of(number), err);
	}
	s->has_temp = false;
	if (!sync_folder(s)) {
		number = errno;
		(void)s->ops->unlinkat(s->dir, s->name, 0);
		return failed(s, number, what, remedy_of(number), err);
	}
	return DBRIEF_OK;
}

static void file_abort(struct dbi_sink_base *base)
{
	remove_temp(of(base));
}

static void file_destroy(struct dbi_sink_base *base)
{
	struct file_sink *s = of(base);

	if (s->dir >= 0)
		(void)s->ops->close(s->dir);
	dbi_free(s);
}

static const struct dbi_sink_class file_class = { file_write, file_commit, file_abort, file_destroy };

/* ---- setting up ---- */

static int open_folder(struct file_sink *s, struct dbrief_error *err)
{
	size_t len = (size_t)(s->name - s->path);
	char *folder;
	int number;

	if (!*s->name || strcmp(s->name, ".") == 0 || strcmp(s->name, "..") == 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path, "names no file; add a file name");
	folder = dbi_strndup(len ? s->path : ".", len ? len : 1);
	if (!folder)
		return dbi_error_memory(err);
	s->dir = s->ops->openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	number = errno;
	dbi_free(folder);
	if (s->dir < 0)
		return failed(s, number, "its folder cannot be opened", "create the folder or choose another one", err);
	return DBRIEF_OK;
}

/* A rename would put a file in the place of a link, pipe or device somebody made on purpose. */
static int check_target(struct file_sink *s, struct dbrief_error *err)
{
	struct stat st;

	if (fstatat(s->dir, s->name, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(st.st_mode))
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, s->path, "%s; choose another name",
	    S_ISDIR(st.st_mode) ? "is a folder" : "exists and is no regular file");
}

static int create_temp(struct file_sink *s, struct dbrief_error *err)
{
	int number = 0;

	for (int i = 0; i < 8; i++) {
		dbi_temp_name(s->temp);
		s->fd = s->ops->openat(s->dir, s->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (s->fd >= 0) {
			s->has_temp = true;
			return DBRIEF_OK;
		}
		number = errno;
		if (number != EEXIST && number != EINTR)
			break;
	}
	return failed(s, number, "cannot create a file in this folder", remedy_of(number), err);
}

int dbi_sink_init_file(struct dbrief_sink *sink, const char *path, const struct dbi_file_ops *ops, struct dbrief_error *err)
{
	struct file_sink *s;
	const char *slash;
	size_t len;
	int status;

	memset(sink, 0, sizeof *sink);
	len = strlen(path);
	if (!dbi_hash_init())
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "", "libsodium has no random source; check /dev/urandom");
	s = dbi_calloc(1, sizeof *s + len + 1);
	if (!s)
		return dbi_error_memory(err);
	memcpy(s->path, path, len + 1);
	slash = strrchr(s->path, '/');
	s->name = slash ? slash + 1 : s->path;
	s->ops = ops;
	s->dir = s->fd = -1;
	status = open_folder(s, err);
	if (status == DBRIEF_OK)
		status = check_target(s, err);
	if (status == DBRIEF_OK)
		status = create_temp(s, err);
	if (status != DBRIEF_OK) {
		file_destroy(&s->base);
		return status;
	}
	dbi_sink_setup(sink, &s->base, &file_class);
	return DBRIEF_OK;
}

int dbrief_sink_init_file(struct dbrief_sink *sink, const char *path, struct dbrief_error *err)
{
	dbrief_error_clear(err);
	if (!sink || !path)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "sink and path must not be NULL; pass both");
	return dbi_sink_init_file(sink, path, &dbi_file_ops_posix, err);
}
