/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "batch/merge.h"

int dbi_buffered_flush(struct dbi_buffered *b, struct dbrief_error *err)
{
	size_t len = b->len;

	b->len = 0;
	return len ? b->inner->write(b->inner->user, b->bytes, len, err) : DBRIEF_OK;
}

static int buffered_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct dbi_buffered *b = user;
	int status = DBRIEF_OK;

	if (len > sizeof(b->bytes) - b->len)
		status = dbi_buffered_flush(b, err);
	if (status != DBRIEF_OK)
		return status;
	if (len > sizeof(b->bytes))
		return b->inner->write(b->inner->user, bytes, len, err);
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
	return DBRIEF_OK;
}

struct dbrief_sink *dbi_buffered_begin(struct dbi_buffered *b, struct dbrief_sink *inner)
{
	b->inner = inner;
	b->len = 0;
	b->outer = (struct dbrief_sink){ sizeof(b->outer), buffered_write, NULL, NULL, b };
	return &b->outer;
}
