/* SPDX-License-Identifier: MIT */
/*
 * Subject mapping: which of the gathered fields are the person's name,
 * salutation, address, language and flags. XPath over the model.
 */
#ifndef DBI_GATHER_SUBJECT_H
#define DBI_GATHER_SUBJECT_H

#include "util/format.h"
#include "xml/xmlio.h"
#include "xml/xpath.h"

typedef struct dbi_subject_map dbi_subject_map;   /* immutable, shared */
typedef struct dbi_subject_eval dbi_subject_eval; /* one thread */

/* From the <subject> element of a config document and the <hold> elements of its root (NULL: none); every expression is checked. */
int dbi_subject_map_read(dbi_subject_map **map, const dbi_xml_doc *doc, const dbi_xml_node *node,
    const dbi_xml_node *root, struct dbrief_error *err);
void dbi_subject_map_free(dbi_subject_map *map);
int dbi_subject_eval_new(dbi_subject_eval **ev, const dbi_subject_map *map, struct dbrief_error *err);
void dbi_subject_eval_free(dbi_subject_eval *ev);
/*
 * The person's language as <language> finds it in the model, a language tag. Comes before dbi_subject_join: when it
 * is not the language the model was built in, the caller builds the model again in this one. Without <language>:
 * the model's own.
 */
int dbi_subject_language(dbi_subject_eval *ev, dbi_xml_doc *model, struct dbi_buf *lang,
    struct dbrief_error *err);
/*
 * Fills <subject> of a model tree. FAILED when a required part (name, address line) finds nothing, or, with cause HOLD and
 * every rule named, when a flag or hold rule applies.
 */
int dbi_subject_join(dbi_subject_eval *ev, dbi_xml_doc *model, dbi_format *format, struct dbrief_error *err);

#endif
