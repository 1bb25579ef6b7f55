/* SPDX-License-Identifier: MIT */
#include "sink/base.h"

#include <string.h>

static int wrong_order(struct dbrief_error *err, const char *what)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "", "%s of a sink that has ended; set up a new one", what);
}

static int base_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct dbi_sink_base *base = user;
	int status;

	if (base->state != DBI_SINK_OPEN)
		return wrong_order(err, "write");
	if (len == 0)
		return DBRIEF_OK;
	status = base->kind->write(base, bytes, len, err);
	if (status != DBRIEF_OK)
		base->state = DBI_SINK_BROKEN;
	return status;
}

static int base_commit(void *user, struct dbrief_error *err)
{
	struct dbi_sink_base *base = user;
	int status;

	if (base->state != DBI_SINK_OPEN)
		return wrong_order(err, "commit");
	status = base->kind->commit(base, err);
	base->state = status == DBRIEF_OK ? DBI_SINK_COMMITTED : DBI_SINK_BROKEN;
	return status;
}

static void base_abort(void *user)
{
	struct dbi_sink_base *base = user;

	if (base->state != DBI_SINK_OPEN && base->state != DBI_SINK_BROKEN)
		return;
	base->kind->abort(base);
	base->state = DBI_SINK_ABORTED;
}

void dbi_sink_setup(struct dbrief_sink *sink, struct dbi_sink_base *base, const struct dbi_sink_class *kind)
{
	base->kind = kind;
	base->state = DBI_SINK_OPEN;
	memset(sink, 0, sizeof *sink);
	sink->size = sizeof *sink;
	sink->write = base_write;
	sink->commit = base_commit;
	sink->abort = base_abort;
	sink->user = base;
}

struct dbi_sink_base *dbi_sink_base_of(const struct dbrief_sink *sink, const struct dbi_sink_class *kind)
{
	struct dbi_sink_base *base;

	if (!sink || sink->size < sizeof *sink || sink->write != base_write || !sink->user)
		return NULL;
	base = sink->user;
	return !kind || base->kind == kind ? base : NULL;
}

void dbrief_sink_dispose(struct dbrief_sink *sink)
{
	struct dbi_sink_base *base = dbi_sink_base_of(sink, NULL);

	if (!base)
		return;
	base_abort(base);
	base->kind->destroy(base);
	memset(sink, 0, sizeof *sink);
}
