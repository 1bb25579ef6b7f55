/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sink/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"

struct fd_sink {
	struct dbi_sink_base base;
	int fd;
};

static int fd_write(struct dbi_sink_base *base, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct fd_sink *s = (struct fd_sink *)base;
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(s->fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			int number = n < 0 ? errno : ENOSPC;

			return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, "output",
			    "cannot be written (%s); check its reader or its disk", dbi_errno_text(number));
		}
		p += n;
		len -= (size_t)n;
	}
	return DBRIEF_OK;
}

static int fd_commit(struct dbi_sink_base *base, struct dbrief_error *err)
{
	(void)base, (void)err;
	return DBRIEF_OK;
}

static void fd_abort(struct dbi_sink_base *base)
{
	(void)base;
}

static void fd_destroy(struct dbi_sink_base *base)
{
	dbi_free(base);
}

static const struct dbi_sink_class fd_class = { fd_write, fd_commit, fd_abort, fd_destroy };

int dbrief_sink_init_fd(struct dbrief_sink *sink, int fd, struct dbrief_error *err)
{
	struct fd_sink *s;

	dbrief_error_clear(err);
	if (!sink)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "sink must not be NULL; pass one");
	memset(sink, 0, sizeof *sink);
	if (fcntl(fd, F_GETFD) < 0)
		return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, errno, "", "the descriptor is not open; open it first");
	s = dbi_calloc(1, sizeof *s);
	if (!s)
		return dbi_error_memory(err);
	s->fd = fd;
	dbi_sink_setup(sink, &s->base, &fd_class);
	return DBRIEF_OK;
}
