/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* syncfs */
#endif
#include "config.h"
#include "batch/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "batch/folder.h"
#include "batch/point.h"

static int failed(const struct dbi_publish *p, int number, const char *what, struct dbrief_error *err)
{
	const char *remedy = "check the disk, then start again";

	if (number == ENOSPC || number == EDQUOT)
		remedy = "free some space, then start again";
	else if (number == EROFS || number == EACCES || number == EPERM)
		remedy = "choose another folder or change its rights";
	else if (number == EFBIG)
		remedy = "choose another file system or raise the limit";
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, p->place, "%s (%s); %s", what,
	    dbi_errno_text(number), remedy);
}

/* ---- names ---- */

void dbi_publish_name(const struct dbi_publish *p, uint32_t chunk, unsigned offset, char name[DBI_PUBLISH_NAME_SIZE])
{
	(void)snprintf(name, DBI_PUBLISH_NAME_SIZE, ".datenbrief-s%05u-e%08x-%08x-c%08x-o%04x.tmp", p->shard, (unsigned)p->epoch,
	    (unsigned)p->attempt, (unsigned)chunk, offset);
}

/* Reads `digits` hexadecimal digits after a literal. */
static bool part(const char **s, const char *literal, size_t digits, uint32_t *value)
{
	size_t len = strlen(literal);

	if (strncmp(*s, literal, len) != 0)
		return false;
	*s += len;
	*value = 0;
	for (size_t i = 0; i < digits; i++, (*s)++) {
		char c = **s;

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		*value = *value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return true;
}

struct name { uint32_t shard, epoch, attempt, chunk, offset; };

/* The shard's decimal digits are read as hexadecimal: only compared. */
static bool parse(const char *s, struct name *n)
{
	return part(&s, ".datenbrief-s", 5, &n->shard) && part(&s, "-e", 8, &n->epoch) && part(&s, "-", 8, &n->attempt) &&
	    part(&s, "-c", 8, &n->chunk) && part(&s, "-o", 4, &n->offset) && strcmp(s, ".tmp") == 0;
}

bool dbi_publish_is_temporary(const char *name)
{
	struct name n;

	return parse(name, &n);
}

struct cleaning { const struct dbi_publish *p; uint32_t shard; bool own; };

static int clean_name(void *ctx, const char *name)
{
	const struct cleaning *c = ctx;
	struct name n;

	if (!parse(name, &n) || n.shard != c->shard)
		return 0;
	if (c->own ? n.attempt == c->p->attempt && n.epoch == c->p->epoch :
	    n.epoch < c->p->epoch || (n.epoch == c->p->epoch && n.attempt != c->p->attempt))
		(void)unlinkat(c->p->dir, name, 0);
	return 0;
}

void dbi_publish_clean(const struct dbi_publish *p, bool own)
{
	struct cleaning c = { p, 0, own };
	char digits[8];
	const char *s = digits;

	(void)snprintf(digits, sizeof(digits), "%05u", p->shard % 100000);
	(void)part(&s, "", 5, &c.shard);
	(void)dbi_folder_each(p->dir, p->place, clean_name, &c, NULL);
}

/* ---- writing ---- */

static int file_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct dbi_publish_file *f = user;
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(f->fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(f->to, n < 0 ? errno : ENOSPC, "cannot be written", err);
		p += n;
		len -= (size_t)n;
	}
	return DBRIEF_OK;
}

static int file_commit(void *user, struct dbrief_error *err)
{
	struct dbi_publish_file *f = user;
	int rc = close(f->fd), number = errno;

	f->fd = -1;
	return rc == 0 || number == EINTR ? DBRIEF_OK : failed(f->to, number, "cannot be written", err);
}

static void file_abort(void *user)
{
	struct dbi_publish_file *f = user;

	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	(void)unlinkat(f->to->dir, f->name, 0);
}

int dbi_publish_sink(struct dbrief_sink *sink, struct dbi_publish_file *file, const struct dbi_publish *to, uint32_t chunk,
    unsigned offset, struct dbrief_error *err)
{
	file->to = to;
	dbi_publish_name(to, chunk, offset, file->name);
	file->fd = openat(to->dir, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return failed(to, errno, "cannot create a file in this folder", err);
	*sink = (struct dbrief_sink){ sizeof(*sink), file_write, file_commit, file_abort, file };
	return DBRIEF_OK;
}

/* ---- to the disk ---- */

static int sync_each(const struct dbi_publish *p, uint32_t chunk, const unsigned char *what, size_t n, struct dbrief_error *err)
{
	char name[DBI_PUBLISH_NAME_SIZE];

	for (size_t i = 0; i < n; i++) {
		int fd, number = 0;

		if (what[i] != DBI_PUBLISH_FILE)
			continue;
		dbi_publish_name(p, chunk, (unsigned)i, name);
		fd = openat(p->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		/* A newer attempt took it away: the epoch, which is looked at next, says so. If not, its renaming fails. */
		if (fd < 0 && errno == ENOENT)
			continue;
		/* A failed fsync is final: the kernel may have dropped the pages. */
		if (fd < 0 || fsync(fd) != 0)
			number = errno;
		if (fd >= 0)
			(void)close(fd);
		if (number)
			return failed(p, number, "cannot be brought to the disk", err);
	}
	return DBRIEF_OK;
}

/* Since Linux 5.8 syncfs() tells of write errors. */
static bool syncfs_tells(void)
{
#if defined(__linux__)
	struct utsname name;
	int major = 0, minor = 0;
	const char *s;

	if (uname(&name) != 0)
		return false;
	for (s = name.release; *s >= '0' && *s <= '9' && major < 1000; s++)
		major = major * 10 + (*s - '0');
	if (*s == '.')
		s++;
	for (; *s >= '0' && *s <= '9' && minor < 1000; s++)
		minor = minor * 10 + (*s - '0');
	return major > 5 || (major == 5 && minor >= 8);
#else
	return false;
#endif
}

int dbi_publish_sync_chunk(const struct dbi_publish *p, uint32_t chunk, const unsigned char *what, size_t n, struct dbrief_error *err)
{
	if (p->sync == DBI_SYNC_NONE)
		return DBRIEF_OK;
#if defined(__linux__)
	if (p->sync == DBI_SYNC_FS && syncfs_tells()) {
		if (syncfs(p->dir) == 0)
			return DBRIEF_OK;
		return failed(p, errno, "cannot be brought to the disk", err);
	}
#endif
	return sync_each(p, chunk, what, n, err);
}

/* Some file systems cannot sync a folder and say so; that is no failure. */
static int sync_folder(const struct dbi_publish *p, struct dbrief_error *err)
{
	if (p->sync == DBI_SYNC_NONE || fsync(p->dir) == 0 || errno == EINVAL || errno == ENOTSUP)
		return DBRIEF_OK;
	return failed(p, errno, "cannot be brought to the disk", err);
}

int dbi_publish_rename_chunk(const struct dbi_publish *p, uint32_t chunk, const unsigned char *what, const char (*codes)[16],
    size_t n, struct dbrief_error *err)
{
	char name[DBI_PUBLISH_NAME_SIZE], final[48];

	dbi_point("before-rename");
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(final, sizeof(final), "%.15s%.16s", codes[i], p->suffix);
		dbi_publish_name(p, chunk, (unsigned)i, name);
		if (what[i] == DBI_PUBLISH_FILE && renameat(p->dir, name, p->dir, final) != 0)
			return failed(p, errno, "a letter cannot be given its name", err);
		if (what[i] == DBI_PUBLISH_REMOVE && unlinkat(p->dir, final, 0) != 0 && errno != ENOENT)
			return failed(p, errno, "a letter cannot be removed", err);
		if (i == n / 2)
			dbi_point("between-renames");
	}
	dbi_point("after-rename");
	return sync_folder(p, err);
}
