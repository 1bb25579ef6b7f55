/* SPDX-License-Identifier: MIT */
/*
 * Identity: keys other than the customer number. A source that does not know
 * the number is found by values of such a key that other sources delivered.
 */
#ifndef DBI_GATHER_IDENTITY_H
#define DBI_GATHER_IDENTITY_H

#include "gather/declare.h"
#include "model/dataset.h"
#include "util/buf.h"
#include "xml/form.h"

/* ---- reading ---- */

/* <identity> of a configuration. */
int dbi_identity_read(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_sources *s);
/* The attributes found-by and confirm-by of a <source>. */
int dbi_found_by_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    struct dbi_source_decl *s);
/* One <shared>, behind the collections of its source. */
int dbi_shared_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    struct dbi_source_decl *s);
/* Once all sources are read: where keys come from, in which order sources are asked, whether twins would be seen. */
int dbi_identity_resolve(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_sources *s);

/* ---- gathering ---- */

#define DBI_MAX_KEY_VALUES 64 /* of one key and subject */

/* The values of one key of a subject, normalised, each once; memory: an arena. */
struct dbi_key_values { const char *values[DBI_MAX_KEY_VALUES]; size_t n; };

/* Appends the normal form of a value. False when it is none of this key: blank, no e-mail address, no number. */
bool dbi_key_normalise(const struct dbi_key_decl *key, const char *text, size_t len, struct dbi_buf *out);
/* Adds the values that a dataset holds. FAILED, cause LIMIT or MEMORY. */
int dbi_key_values_add(struct dbi_key_values *values, const struct dbi_key_decl *key, const struct dbi_dataset *data,
    struct dbi_arena *arena, struct dbrief_error *err);

/*
 * May a source be asked by n_keys values of its key? FAILED, cause AMBIGUOUS: somebody else has one, too. FAILED, cause
 * INCOMPLETE: an optional source is away that has more of them, or would tell. `data` holds the sources before it.
 */
int dbi_found_by_check(const struct dbi_source_decl *decl, const struct dbi_dataset *data, size_t n_keys,
    struct dbrief_error *err);
/* FAILED, cause AMBIGUOUS: somebody else has this key, too. */
int dbi_key_ambiguous(const struct dbi_key_decl *key, struct dbrief_error *err);

#endif
