/* SPDX-License-Identifier: MIT */
/* All that decides how letters look, but the data: one hash for each part, so that a difference can be named. */
#ifndef DBI_API_FINGERPRINT_H
#define DBI_API_FINGERPRINT_H

#include "util/error.h"
#include <datenbrief/engine.h>
#include <datenbrief/template.h>

enum dbi_fingerprint_part {
	DBI_FINGERPRINT_CONFIG, DBI_FINGERPRINT_REGISTER, DBI_FINGERPRINT_TEMPLATE, DBI_FINGERPRINT_PICTURES,
	DBI_FINGERPRINT_FONTS, DBI_FINGERPRINT_SOURCES, DBI_FINGERPRINT_PROGRAM, DBI_FINGERPRINTS
};
struct dbi_fingerprint { char hash[DBI_FINGERPRINTS][65]; }; /* "" when it could not be known: fonts of an engine that is not frozen */
extern const char *const dbi_fingerprint_names[DBI_FINGERPRINTS]; /* "config" */
extern const char *const dbi_fingerprint_words[DBI_FINGERPRINTS]; /* "the configuration", for messages */

int dbi_fingerprint(struct dbi_fingerprint *out, const dbrief_engine *engine, const dbrief_template *tmpl, struct dbrief_error *err);
/* Case code of a subject in the engine's year. */
void dbi_engine_code(const dbrief_engine *engine, const char *subject, char code[DBRIEF_CASE_CODE_SIZE]);
/* "YYYY-MM-DD" and "yearly" or "request". */
void dbi_engine_date(const dbrief_engine *engine, char date[11]);
const char *dbi_engine_mode(const dbrief_engine *engine);
/* Keyed hash of text under the case code's key. */
void dbi_engine_keyed(const dbrief_engine *engine, const char *text, size_t len, unsigned char out[32]);

#endif
