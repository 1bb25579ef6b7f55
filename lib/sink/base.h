/* SPDX-License-Identifier: MIT */
/* What the sinks of the library share: the order of calls is checked in one place, the kinds only do the work. */
#ifndef DBI_SINK_BASE_H
#define DBI_SINK_BASE_H

#include <stddef.h>
#include <datenbrief/sink.h>
#include "util/error.h"

struct dbi_sink_base;

struct dbi_sink_class {
	int (*write)(struct dbi_sink_base *base, const void *bytes, size_t len, struct dbrief_error *err);
	int (*commit)(struct dbi_sink_base *base, struct dbrief_error *err);
	void (*abort)(struct dbi_sink_base *base); /* also after a failed write or commit */
	void (*destroy)(struct dbi_sink_base *base);
};

enum dbi_sink_state { DBI_SINK_OPEN, DBI_SINK_BROKEN, DBI_SINK_COMMITTED, DBI_SINK_ABORTED };

/* First member of every kind. */
struct dbi_sink_base {
	const struct dbi_sink_class *kind;
	enum dbi_sink_state state;
};

void dbi_sink_setup(struct dbrief_sink *sink, struct dbi_sink_base *base, const struct dbi_sink_class *kind);
/* The base of a sink of the given kind, NULL for every other sink. */
struct dbi_sink_base *dbi_sink_base_of(const struct dbrief_sink *sink, const struct dbi_sink_class *kind);

#endif
