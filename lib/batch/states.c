/* SPDX-License-Identifier: MIT */
#include "batch/states.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/hash.h"

#define IN_MEMORY ((size_t)1 << 20) /* three times what 256 letters of 30 records leave */

static int fault(const struct dbi_states *s, int number, struct dbrief_error *err)
{
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, s->place,
	    "hashes of a letter cannot be put aside (%s); check disk and rights, then start again", dbi_errno_text(number));
}

/* A name that a cleaning knows, should the process die before it is gone. */
static int open_file(struct dbi_states *s, struct dbrief_error *err)
{
	char name[DBI_TEMP_NAME_SIZE];
	int fd;

	if (s->file)
		return DBRIEF_OK;
	dbi_temp_name(name);
	fd = openat(s->dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fault(s, errno, err);
	(void)unlinkat(s->dir, name, 0);
	s->file = fd + 1;
	return DBRIEF_OK;
}

static int spill(struct dbi_states *s, struct dbrief_error *err)
{
	int status = open_file(s, err);

	for (size_t at = 0; status == DBRIEF_OK && at < s->memory.len;) {
		ssize_t n = pwrite(s->file - 1, s->memory.data + at, s->memory.len - at, (off_t)(s->in_file + at));

		if (n < 0 && errno != EINTR)
			status = fault(s, errno, err);
		at += n > 0 ? (size_t)n : 0;
	}
	if (status == DBRIEF_OK) {
		s->in_file += s->memory.len;
		dbi_buf_clear(&s->memory);
	}
	return status;
}

int dbi_states_put(struct dbi_states *s, unsigned offset, const struct dbi_buf *state, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	if (s->memory.len && s->memory.len + state->len > IN_MEMORY)
		status = spill(s, err);
	if (status != DBRIEF_OK)
		return status;
	s->of[offset].at = s->in_file + s->memory.len;
	s->of[offset].len = state->len;
	dbi_buf_add(&s->memory, state->data, state->len);
	return s->memory.failed ? dbi_error_memory(err) : DBRIEF_OK;
}

static void unmap(struct dbi_states *s)
{
	if (s->map)
		(void)munmap(s->map, s->mapped);
	s->map = NULL;
	s->mapped = 0;
}

int dbi_states_ready(struct dbi_states *s, struct dbrief_error *err)
{
	unmap(s);
	if (!s->in_file)
		return DBRIEF_OK;
	s->map = mmap(NULL, s->in_file, PROT_READ, MAP_SHARED, s->file - 1, 0);
	if (s->map == MAP_FAILED) {
		s->map = NULL;
		return fault(s, errno, err);
	}
	s->mapped = s->in_file;
	return DBRIEF_OK;
}

const void *dbi_states_get(const struct dbi_states *s, unsigned offset, size_t *len)
{
	size_t at = s->of[offset].at;

	*len = s->of[offset].len;
	if (!*len)
		return NULL;
	return at < s->in_file ? (const char *)s->map + at : s->memory.data + (at - s->in_file);
}

static void close_file(struct dbi_states *s)
{
	unmap(s);
	if (s->file)
		(void)close(s->file - 1);
	s->file = 0;
	s->in_file = 0;
}

void dbi_states_clear(struct dbi_states *s)
{
	close_file(s);
	dbi_buf_trim(&s->memory, 2 * IN_MEMORY);
	memset(s->of, 0, sizeof(s->of));
}

/* Leaves `of` alone: of threads that never were its memory was never touched. */
void dbi_states_dispose(struct dbi_states *s)
{
	close_file(s);
	dbi_buf_dispose(&s->memory);
}
