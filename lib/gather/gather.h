/* SPDX-License-Identifier: MIT */
/*
 * Gathering: cursors on every source, the record builder, end marks. One
 * gatherer per session; connectors are shared and borrowed.
 */
#ifndef DBI_GATHER_H
#define DBI_GATHER_H

#include <datenbrief/connector.h>
#include "model/dataset.h"

/* A source with its connector; `fault` is set when describe differs from the declaration. */
struct dbi_connected {
	const struct dbi_source_decl *decl;
	struct dbrief_connector connector;
	struct dbrief_error fault;   /* status OK: none */
};
/*
 * Lets the connector describe itself and compares: undeclared fields and
 * collections, and missing ones, go to c->fault (FAILED). Returns non-OK only
 * when describing itself failed (the connector's own status), but OK without a
 * comparison when an optional source is away.
 */
int dbi_connected_check(struct dbi_connected *c, struct dbrief_error *err);

typedef struct dbi_gatherer dbi_gatherer;
int dbi_gatherer_new(dbi_gatherer **g, const struct dbi_connected *sources, size_t n, struct dbrief_error *err);
void dbi_gatherer_free(dbi_gatherer *g);
/*
 * Fetches one subject from every source into data (memory: arena). OK,
 * FAILED (hold: err names source, records, field), FATAL (foreign record),
 * RETRY (a required source cannot be opened any more).
 * No source has any record: FAILED, cause UNKNOWN_SUBJECT.
 */
int dbi_gather(dbi_gatherer *g, const char *subject, struct dbi_arena *arena, struct dbi_dataset *data,
    struct dbrief_error *err);
/*
 * Fetches many subjects ahead from the sources that can; dbi_gather serves
 * each of them once from it. Whatever only concerns letters is left to the
 * single fetch: not OK is RETRY (a required source is away) or FATAL.
 */
int dbi_gather_prefetch(dbi_gatherer *g, const char *const *subjects, size_t n, struct dbrief_error *err);
/* Memory that what was fetched ahead last takes. */
size_t dbi_gather_ahead_bytes(const dbi_gatherer *g);
/* Lists subject keys from the first source with <subjects> and a list function. */
int dbi_gather_list(dbi_gatherer *g, int (*each)(void *, const char *), void *ctx, struct dbrief_error *err);
int dbi_gather_list_rows(dbi_gatherer *g, int (*each)(void *, const struct dbrief_subject_row *), void *ctx,
    struct dbrief_error *err);

/*
 * What the texts of a field were like since counting began: `suspect` look as if read in a wrong charset, `replaced` were
 * changed by a policy. A call that is repeated counts twice.
 */
struct dbi_field_count { size_t values, suspect, replaced; };
typedef void (*dbi_field_count_fn)(void *ctx, const struct dbi_source_decl *source, const struct dbi_collection_decl *records,
    const struct dbi_field_decl *field, const struct dbi_field_count *count);
int dbi_gatherer_count(dbi_gatherer *g, struct dbrief_error *err);
void dbi_gatherer_each_count(const dbi_gatherer *g, dbi_field_count_fn each, void *ctx);

#endif
