/* SPDX-License-Identifier: MIT */
#include "sink/base.h"

#include <string.h>

#include "util/buf.h"
#include "util/limits.h"
#include "util/mem.h"

struct memory_sink {
	struct dbi_sink_base base;
	struct dbi_buf bytes;
};

static struct memory_sink *of(struct dbi_sink_base *base)
{
	return (struct memory_sink *)base;
}

static int memory_write(struct dbi_sink_base *base, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct dbi_buf *b = &of(base)->bytes;

	if (len > DBI_MAX_BUF - b->len)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "output",
		    "is larger than %u bytes; write it to a file", DBI_MAX_BUF);
	dbi_buf_add(b, bytes, len);
	return b->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

static int memory_commit(struct dbi_sink_base *base, struct dbrief_error *err)
{
	return dbi_buf_room(&of(base)->bytes, 0) ? DBRIEF_OK : dbi_error_memory(err);
}

/* A letter is personal data: its bytes do not stay behind in freed memory. */
static void memory_abort(struct dbi_sink_base *base)
{
	struct dbi_buf *b = &of(base)->bytes;

	dbi_free_wiped(b->data, b->cap);
	memset(b, 0, sizeof *b);
}

static void memory_destroy(struct dbi_sink_base *base)
{
	memory_abort(base);
	dbi_free(base);
}

static const struct dbi_sink_class memory_class = { memory_write, memory_commit, memory_abort, memory_destroy };

int dbrief_sink_init_memory(struct dbrief_sink *sink, struct dbrief_error *err)
{
	struct memory_sink *s;

	dbrief_error_clear(err);
	if (!sink)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "sink must not be NULL; pass one");
	memset(sink, 0, sizeof *sink);
	s = dbi_calloc(1, sizeof *s);
	if (!s)
		return dbi_error_memory(err);
	dbi_sink_setup(sink, &s->base, &memory_class);
	return DBRIEF_OK;
}

const void *dbrief_sink_memory(const struct dbrief_sink *sink, size_t *len)
{
	struct dbi_sink_base *base = dbi_sink_base_of(sink, &memory_class);

	if (len)
		*len = 0;
	if (!base || base->state != DBI_SINK_COMMITTED)
		return NULL;
	if (len)
		*len = of(base)->bytes.len;
	return of(base)->bytes.data;
}
