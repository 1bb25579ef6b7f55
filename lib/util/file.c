/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int not_readable(struct dbrief_error *err, int cause, const char *path, const char *what, int number)
{
	return dbi_error_system(err, DBRIEF_FATAL, cause, number, path, "%s (%s); check the path", what,
	    dbi_errno_text(number));
}

int dbi_file_read(struct dbi_buf *out, const char *path, size_t max, int cause, struct dbrief_error *err)
{
	size_t total = 0;
	struct stat st;
	int fd, status = DBRIEF_OK;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return not_readable(err, cause, path, "cannot be opened", errno);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		status = not_readable(err, cause, path, "cannot be read", EISDIR);
		goto done;
	}
	for (;;) {
		size_t left = max - total, chunk = left < 65536 ? left + 1 : 65536;
		char *room = dbi_buf_room(out, chunk);
		ssize_t n;

		if (!room) {
			status = dbi_error_memory(err);
			break;
		}
		n = read(fd, room, chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			status = not_readable(err, cause, path, "cannot be read", errno);
			break;
		}
		if (n == 0)
			break;
		if ((size_t)n > left) {
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, path,
			    "is larger than %zu bytes; make it smaller", max);
			break;
		}
		total += (size_t)n;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
	}
done:
	(void)close(fd);
	return status;
}
