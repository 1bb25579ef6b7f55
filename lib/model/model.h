/* SPDX-License-Identifier: MIT */
/*
 * Model: the XML tree (urn:datenbrief:model:1) of one subject, in canonical
 * order: collections in configuration order, records by key (numbers by
 * value, else by code point), nested records under their parent, fields in
 * declared order. Equal data gives equal bytes, however it arrived.
 */
#ifndef DBI_MODEL_H
#define DBI_MODEL_H

#include "model/dataset.h"
#include "util/env.h"
#include "util/format.h"
#include "xml/xmlio.h"

#define DBI_MODEL_NS "urn:datenbrief:model:1"

/*
 * Builds the tree with its five children in their places: sources and
 * collections with records, fields, display forms, masks, item codes;
 * <controller>, <subject> and <activities> stay empty until api/, gather/ and
 * register/ join them. An orphan nested record is FAILED, cause INCOMPLETE;
 * two records of one key in one collection likewise. lang: of display forms.
 */
int dbi_model_build(dbi_xml_doc **model, const struct dbi_dataset *data, const char *case_code, const char *lang,
    const struct dbi_env *env, dbi_format *format, struct dbrief_error *err);
/* Canonical XML text; one element a line with `indent`, else without white space between elements. */
int dbi_model_write(const dbi_xml_doc *model, bool indent, struct dbi_buf *out, struct dbrief_error *err);
/* Parses and validates a model document. */
int dbi_model_read(dbi_xml_doc **model, const char *path, struct dbrief_error *err);
/* The masked form of a value for paper: last four characters, the rest as bullets. */
void dbi_model_mask(struct dbi_buf *out, const char *text, size_t len);

#endif
