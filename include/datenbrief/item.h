/* SPDX-License-Identifier: MIT */
/*
 * From the codes on a reply slip back to the place of the data: which source,
 * collection, record and field a person means.
 */
#ifndef DATENBRIEF_ITEM_H
#define DATENBRIEF_ITEM_H

#include <datenbrief/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Valid during the callback only; wiped after it. Never the value itself. */
struct dbrief_item {
	size_t size;
	const char *source;           /* id */
	const char *collection;       /* name */
	const char *collection_label;
	const char *record_key;       /* NULL: the collection has no key, or one that must not be shown */
	const char *field;            /* NULL: the code means the whole record */
	const char *field_label;
};

/*
 * Finds the subject by its case code among those that <subjects> lists,
 * gathers its data as they are now, and calls `found` once. Case codes of the
 * engine's year are known, and those of the year before.
 *
 * Item codes number the records in the order of the model. When records came
 * or went since the letter, a code can mean another record or none: compare
 * with the letter before anything is changed.
 *
 * FATAL, cause ARG: a code is mistyped, its check character does not fit.
 * FAILED, cause UNKNOWN_SUBJECT: nobody has this case code, or the subject has
 * no such item now.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_item_find(dbrief_session *session, const char *case_code, const char *item_code,
    void (*found)(void *ctx, const struct dbrief_item *item), void *ctx, struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
