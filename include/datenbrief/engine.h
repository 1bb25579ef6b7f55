/* SPDX-License-Identifier: MIT */
/*
 * Engine: configuration, register, sources, fonts. Loaded, completed, frozen,
 * then shared by any number of threads and never changed again. Session: one
 * thread's cursors and buffers.
 *
 * Threads: load, add and freeze in one thread; after freeze the engine may be
 * used by all. A session belongs to one thread at a time.
 */
#ifndef DATENBRIEF_ENGINE_H
#define DATENBRIEF_ENGINE_H

#include <stddef.h>
#include <datenbrief/connector.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dbrief_engine dbrief_engine;
typedef struct dbrief_session dbrief_session;

struct dbrief_engine_opts {
	size_t size;
	/* Connector types for <source>; NULL: dbrief_builtin_connectors(). Ended by NULL. */
	const struct dbrief_connector_type *const *types;
	/* "ID=URL" pairs that replace the url of sources. */
	const char *const *source_urls;
	size_t n_source_urls;
	/* Letter date as "YYYY-MM-DD"; NULL: today, UTC. Feeds every date that is printed or stored. */
	const char *date;
	/* "yearly" or "request" (Art. 15(3) GDPR); NULL: yearly. */
	const char *mode;
	/*
	 * How letters are delivered: the values of the attributes of <output>, see
	 * doc/forms.md. What is given here rules over the configuration, which
	 * rules over the letter; NULL says nothing.
	 */
	const char *form, *marks, *profile, *duplex, *inserter;
	/* Path of a house style (see doc/forms.md) instead of the configuration's; NULL: that one, if any. */
	const char *house_style;
	/* Folder of the standard templates, for <template standard="de"/>; NULL: where they were installed. */
	const char *templates;
};
#define DBRIEF_ENGINE_OPTS_INIT { sizeof(struct dbrief_engine_opts), NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/*
 * Reads datenbrief.xml and the register it names. *engine is yours: end it
 * with dbrief_engine_free. On failure *engine is NULL and err names
 * file:line:column. Sources are not contacted yet.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_engine_load(dbrief_engine **engine, const char *config_path,
    const struct dbrief_engine_opts *opts, struct dbrief_error *err);
/*
 * An engine without configuration, for rendering ready letter documents only.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_engine_new(dbrief_engine **engine,
    const struct dbrief_engine_opts *opts, struct dbrief_error *err);
/*
 * Connects a configured <source type="host"> to the program's own data. The
 * table is copied, `user` is not. Before freeze only.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_engine_add_connector(dbrief_engine *engine, const char *source_id,
    const struct dbrief_connector *connector, struct dbrief_error *err);
/*
 * Opens fonts, creates the connectors, lets each describe itself and compares
 * that with what the configuration declares. A difference does not fail the
 * freeze: it holds every letter, by name, since each would be incomplete.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_engine_freeze(dbrief_engine *engine, struct dbrief_error *err);
/* NULL is allowed. All sessions, models and templates of the engine must be gone. */
DBRIEF_API void dbrief_engine_free(dbrief_engine *engine);

/* Opens a cursor on each source, in the calling thread. Engine must be frozen. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_session_new(dbrief_session **session, dbrief_engine *engine,
    struct dbrief_error *err);
DBRIEF_API void dbrief_session_free(dbrief_session *session);
/*
 * Calls `each` with every subject key that the configured <subjects> lists,
 * in the order the source returns them, until `each` returns non-zero.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_session_list_subjects(dbrief_session *session,
    int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err);
/* The same with country, postcode and street, NULL where the source does not deliver them. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_session_list_rows(dbrief_session *session,
    int (*each)(void *ctx, const struct dbrief_subject_row *row), void *ctx, struct dbrief_error *err);
/*
 * Fetches many subjects at once from the sources that can do so (SQL
 * databases: one statement per collection). The next letter or model of each
 * of them is then made from what was fetched; the one after that, and whoever
 * is not among them, is fetched anew. A further call drops what was not used.
 * At most DBRIEF_PREFETCH_MAX subjects; 256 is a good number for a batch.
 * A source that fails here is asked again for each subject, so that only the
 * letters that are at fault are held. Not OK: RETRY (a source is away) or
 * FATAL, above all a record of somebody who was not asked for.
 */
#define DBRIEF_PREFETCH_MAX 4096
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_session_prefetch(dbrief_session *session, const char *const *subjects,
    size_t n, struct dbrief_error *err);
/*
 * The case code of a subject, "XXXX-XXXX-XXXX" (Crockford base 32, last
 * character a check digit): a keyed hash that names letters and files without
 * naming the customer. `code` holds at least DBRIEF_CASE_CODE_SIZE bytes.
 */
#define DBRIEF_CASE_CODE_SIZE 16
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_session_case_code(dbrief_session *session, const char *subject,
    char code[DBRIEF_CASE_CODE_SIZE], struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
