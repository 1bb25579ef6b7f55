/* SPDX-License-Identifier: MIT */
/* One source of a gatherer: its cursor, and calls into it with deadline and repeats. */
#ifndef DBI_GATHER_CURSOR_H
#define DBI_GATHER_CURSOR_H

#include "gather/deadline.h"
#include "gather/gather.h"
#include "gather/records.h"

struct dbi_gathered {
	const struct dbi_connected *connected;
	void *cursor;
	bool open;
	bool one_by_one;             /* a fetch of many was late: the deadline is one for single subjects */
	struct dbi_charset *charset;
	struct dbi_field_charset *field_charsets; size_t n_field_charsets;
	size_t *ordinals;
	struct dbrief_records records;
};
/* Opens the source; an optional one may be away. Disposed of also after a failure. */
int dbi_gathered_init(struct dbi_gathered *s, const struct dbi_connected *c, struct dbrief_error *err);
void dbi_gathered_dispose(struct dbi_gathered *s);
int dbi_gathered_open(struct dbi_gathered *s, struct dbrief_error *err);
/*
 * Fetches one subject, by each of these keys (targets) in turn. What a failed try left behind is dropped, and a try that
 * asks for it is repeated with a fresh cursor. RETRY: it cannot be opened.
 */
int dbi_gathered_fetch(struct dbi_gathered *s, dbi_deadline *deadline, struct dbi_target *targets, size_t n,
    struct dbrief_error *err);
/* The same for several at once; the connector has fetch_many. Each target has a dataset of its own. */
int dbi_gathered_fetch_many(struct dbi_gathered *s, dbi_deadline *deadline, struct dbi_target *targets, size_t n,
    const char *const *subjects, struct dbrief_error *err);
/* The status of a failed callback: its own, if it is one. The first error wins. */
int dbi_connector_error(struct dbrief_error *err, int rc, const char *text);
/*
 * May a letter go on without this source after the error? Only when it is optional, and never when something undeclared
 * or foreign was seen or the configuration is wrong. What the operating system refused (a file that is missing) counts
 * as away, whatever status it has elsewhere.
 */
bool dbi_source_may_be_away(const struct dbi_source_decl *decl, const struct dbrief_error *e);
/* Makes a dataset empty. */
void dbi_dataset_clear(struct dbi_dataset *data);

#endif
