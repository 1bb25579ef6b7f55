/* SPDX-License-Identifier: MIT */
/*
 * Model: everything gathered about one subject, joined with the register,
 * in canonical order. One owner at a time; independent of the session that
 * made it, but not of the engine.
 */
#ifndef DATENBRIEF_MODEL_H
#define DATENBRIEF_MODEL_H

#include <datenbrief/engine.h>
#include <datenbrief/sink.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_model dbrief_model;

/*
 * Asks every source for the subject. OK: complete. FAILED: the letter is
 * held, err says why, *model is NULL. FATAL: the run must stop.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_model_gather(dbrief_model **model, dbrief_session *session,
    const char *subject, struct dbrief_error *err);
/* Reads a model document (urn:datenbrief:model:1) written by dbrief_model_write. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_model_load(dbrief_model **model, dbrief_engine *engine,
    const char *path, struct dbrief_error *err);
/*
 * The register of the configuration (Art. 30 GDPR) as a tree for register
 * templates: controller, sources, all activities, all collections with their
 * columns, no subject and no record. `lang` NULL: that of the configuration.
 * No source is asked; the engine need not be frozen.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_model_register(dbrief_model **model, dbrief_engine *engine, const char *lang,
    struct dbrief_error *err);
/* Canonical XML: equal data gives equal bytes. Does not commit the sink. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_model_write(const dbrief_model *model, struct dbrief_sink *sink,
    struct dbrief_error *err);
/* Case code of the model's subject; borrowed. */
DBRIEF_API const char *dbrief_model_case_code(const dbrief_model *model);
DBRIEF_API void dbrief_model_free(dbrief_model *model);

#ifdef __cplusplus
}
#endif
#endif
