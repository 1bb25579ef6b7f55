/* SPDX-License-Identifier: MIT */
/*
 * Register of processing activities (Art. 30 GDPR): the one place for purpose,
 * legal basis, recipients, transfers, retention and origin. Immutable.
 */
#ifndef DBI_REGISTER_H
#define DBI_REGISTER_H

#include "xml/xmlio.h"
#include "util/env.h"
#include "util/format.h"

typedef struct dbi_register dbi_register;

/* From a file (`register` root) or an inline <register> element of a config document. FATAL, cause CONFIG. */
int dbi_register_load(dbi_register **reg, const char *path, struct dbrief_error *err);
int dbi_register_from_node(dbi_register **reg, const dbi_xml_doc *doc, const dbi_xml_node *node, struct dbrief_error *err);
void dbi_register_free(dbi_register *reg);
bool dbi_register_has(const dbi_register *reg, const char *activity);
/*
 * Joins into a model tree: <activities> with the activities the model's
 * collections refer to, in register order; per record `since` and `until`
 * by the activity's retention rule; origin where the declaration has none.
 */
int dbi_register_join(const dbi_register *reg, dbi_xml_doc *model, const char *lang, const struct dbi_env *env,
    dbi_format *format, struct dbrief_error *err);
/*
 * For a print of the register itself: every activity, and what letters have no
 * use for: <security> in <activities>, <persons> in <activity>.
 */
int dbi_register_join_all(const dbi_register *reg, dbi_xml_doc *model, const char *lang, dbi_format *format,
    struct dbrief_error *err);

#endif
