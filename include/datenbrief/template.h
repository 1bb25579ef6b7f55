/* SPDX-License-Identifier: MIT */
/*
 * Template: compiled once, immutable, shared by threads.
 */
#ifndef DATENBRIEF_TEMPLATE_H
#define DATENBRIEF_TEMPLATE_H

#include <datenbrief/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_template dbrief_template;

/*
 * Loads and checks a template and what it includes. `path` NULL: all those the
 * configuration names; each letter is then made by the first whose conditions
 * (mode, language, `when`) fit its model, and FAILED when none does. Errors as
 * file:line:column. End with dbrief_template_free, before the engine.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_template_load(dbrief_template **tmpl, dbrief_engine *engine,
    const char *path, struct dbrief_error *err);
DBRIEF_API void dbrief_template_free(dbrief_template *tmpl);

#ifdef __cplusplus
}
#endif
#endif
