/* SPDX-License-Identifier: MIT */
#include "connect/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "connect/fault.h"

/* The number tells the engine that the file is at fault: where the source is optional, letters go on. */
static int cannot_open(struct dbi_file_reader *r, int number, const char *why)
{
	r->status = dbi_connect_error(r->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
	    "cannot open the file '%.120s' (%s); check url, <file> or --source", r->table->file, why);
	if (r->err)
		r->err->os_errno = number;
	return r->status;
}

int dbi_file_open(struct dbi_file_reader *r, const struct dbi_file_table *t, struct dbrief_error *err)
{
	r->table = t;
	r->err = err;
	r->status = DBRIEF_OK;
	r->line = 1;
	r->at = r->len = 0;
	/* Without O_NONBLOCK a FIFO in its place would wait for ever. */
	r->fd = open(t->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (r->fd < 0)
		return cannot_open(r, errno, errno == ENOENT ? "No such file or directory" :
		    errno == EACCES ? "Permission denied" : "not accessible");
	if (fstat(r->fd, &r->before) == 0 && S_ISREG(r->before.st_mode)) {
		(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		return DBRIEF_OK;
	}
	(void)close(r->fd);
	r->fd = -1;
	return cannot_open(r, EINVAL, "not a regular file");
}

long dbi_file_fill(struct dbi_file_reader *r, void *to, size_t n)
{
	ssize_t got;

	if (r->status != DBRIEF_OK)
		return -1;
	do
		got = read(r->fd, to, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		r->status = dbi_file_error(r->table, 0, r->err, "the file cannot be read to its end; check the disk");
	return (long)got;
}

bool dbi_file_more(struct dbi_file_reader *r)
{
	long got = dbi_file_fill(r, r->bytes, sizeof(r->bytes));

	r->at = 0;
	r->len = got > 0 ? (size_t)got : 0;
	return got > 0;
}

int dbi_file_close(struct dbi_file_reader *r)
{
	struct stat now;

	if (r->fd < 0)
		return r->status;
	if (r->status == DBRIEF_OK && (fstat(r->fd, &now) != 0 || now.st_size != r->before.st_size ||
	    now.st_mtim.tv_sec != r->before.st_mtim.tv_sec || now.st_mtim.tv_nsec != r->before.st_mtim.tv_nsec))
		r->status = dbi_file_error(r->table, 0, r->err,
		    "the file was written to while it was read; try again when the export is done");
	(void)close(r->fd);
	r->fd = -1;
	return r->status;
}
