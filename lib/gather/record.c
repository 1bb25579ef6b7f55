/* SPDX-License-Identifier: MIT */
/* The record builder: every record is whole, declared and the asked subject's, or the letter is held. */
#include "gather/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "gather/identity.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/utf8.h"

void dbi_records_init(struct dbrief_records *r, const struct dbi_source_decl *decl,
    struct dbi_charset *charset, bool utf8,
    size_t *ordinals)
{
	memset(r, 0, sizeof *r);
	r->decl = decl;
	r->charset = charset;
	r->utf8 = utf8;
	r->ordinals = ordinals;
}

void dbi_records_start(struct dbrief_records *r, struct dbi_target *targets, size_t n)
{
	r->targets = targets;
	r->n_targets = n;
	r->last_target = 0;
	r->selected = false;
	r->target = NULL;
	r->record = NULL;
	r->ended = false;
	memset(r->ordinals, 0, (r->decl->n_collections + r->decl->n_shared) * sizeof *r->ordinals);
	dbrief_error_clear(&r->error);
}

void dbi_records_dispose(struct dbrief_records *r)
{
	dbi_buf_dispose(&r->clean);
	dbi_buf_dispose(&r->typed);
	dbi_free(r->counts);
}

/* ---- errors ---- */

/* A column's name may be shown, as long as it is a name: what a source calls it is no value. */
static const char *printable(const char *name)
{
	size_t len = strnlen(name, 64);
	if (len == 0 || len == 64 || dbi_utf8_check(name, len) != len || memchr(name, '\n', len))
		return "(unprintable name)";
	return name;
}

static size_t *ordinal(struct dbrief_records *r, const struct dbi_collection_decl *c)
{
	return &r->ordinals[c - r->decl->collections];
}

int dbi_record_fail(struct dbrief_records *r, int status, int cause, const char *field, const char *fmt, ...)
{
	char where[192] = "", text[256];
	int n = 0;
	va_list args;
	if (r->record)
		n = snprintf(where, sizeof where, "records %s / record %zu", r->record->decl->name,
		    *ordinal(r, r->record->decl));
	if (field && n >= 0 && (size_t)n < sizeof where)
		snprintf(where + n, sizeof where - (size_t)n, "%sfield %s", n ? " / " : "", printable(field));
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return dbi_error(&r->error, status, cause, where, "%s", text);
}

static int fail_at(struct dbrief_records *r, int status, int cause, const char *collection, const char *text)
{
	char where[192];
	snprintf(where, sizeof where, "records %s", printable(collection));
	return dbi_error(&r->error, status, cause, where, "%s", text);
}

bool dbi_record_failed(const struct dbrief_records *r)
{
	return r->error.status < DBRIEF_OK;
}

int dbi_record_misuse(struct dbrief_records *r, const char *text)
{
	return dbi_record_fail(r, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, NULL, "%s", text);
}

int dbi_record_memory(struct dbrief_records *r)
{
	return dbi_error_memory(&r->error);
}

/* ---- keys ---- */

/* Clean text of a key in the target's arena; NULL after an error. */
static const char *key_copy(struct dbrief_records *r, struct dbi_arena *arena, const char *collection,
    const char *key)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const char *copy;
	size_t offset = 0, len = strlen(key);
	int rc;
	if (len > DBI_MAX_VALUE) {
		fail_at(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, collection,
		    "a key is too long; check the key column");
		return NULL;
	}
	dbi_buf_clear(&r->clean);
	rc = dbi_charset_convert(r->charset, &r->clean, key, len, &offset, &err);
	if (rc != DBRIEF_OK) {
		fail_at(r, rc, err.cause, collection, err.text);
		return NULL;
	}
	copy = dbi_arena_strndup(arena, r->clean.data ? r->clean.data : "", r->clean.len);
	if (!copy)
		dbi_record_memory(r);
	return copy;
}

/* Is the echo this target's subject? */
static bool echo_matches(const struct dbrief_records *r, const struct dbi_target *t, const char *echo)
{
	return strcmp(echo, r->utf8 || r->decl->found_by ? t->subject : t->subject_nfc) == 0;
}

static struct dbi_target *find_target(struct dbrief_records *r, const char *collection, const char *subject_key)
{
	const struct dbi_key_decl *key = r->decl->found_by;
	const char *echo = subject_key;
	if (!r->utf8 || key) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		size_t offset = 0;
		int rc;
		dbi_buf_clear(&r->clean);
		rc = dbi_charset_convert(r->charset, &r->clean, subject_key, strlen(subject_key), &offset,
		    &err);
		if (rc != DBRIEF_OK) {
			fail_at(r, rc, err.cause, collection, err.text);
			return NULL;
		}
		echo = r->clean.data ? r->clean.data : "";
	}
	dbi_buf_clear(&r->typed);
	if (key && dbi_key_normalise(key, echo, r->clean.len, &r->typed))
		echo = r->typed.data ? r->typed.data : "";
	if (r->typed.failed) {
		dbi_record_memory(r);
		return NULL;
	}
	/* Records of one subject mostly come one after the other. */
	for (size_t i = 0; i < (r->selected ? 1 : r->n_targets); i++) {
		size_t at = (r->last_target + i) % r->n_targets;
		if (echo_matches(r, &r->targets[at], echo)) {
			r->last_target = at;
			return &r->targets[at];
		}
	}
	fail_at(r, DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, collection,
	    "a record of another subject was delivered; the run stops, check the query");
	return NULL;
}

int dbrief_records_select_subject(dbrief_records *r, size_t i)
{
	if (dbi_record_failed(r))
		return r->error.status;
	if (r->ended || r->record)
		return dbi_record_misuse(r, "a subject was selected inside a record or after the end; select it before its records");
	if (i >= r->n_targets)
		return dbi_record_misuse(r, "a subject was selected that was not asked for; its number is too large");
	r->last_target = i;
	r->selected = true;
	return DBRIEF_OK;
}

/* ---- records ---- */

static int set_keys(struct dbrief_records *r, const char *record_key, const char *parent_key)
{
	struct dbi_record *record = r->record;
	const char *name = record->decl->name;
	if (record_key) {
		record->key = key_copy(r, r->target->arena, name, record_key);
		if (!record->key)
			return r->error.status;
	}
	if (record->decl->key && (!record->key || !*record->key))
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, NULL,
		    "has no key in the column '%s'; correct the record or the query", record->decl->key);
	if (!record->decl->parent)
		return DBRIEF_OK;
	if (!parent_key || !*parent_key)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, NULL,
		    "does not name its record of '%s'; correct the record or the query",
		    record->decl->parent->name);
	record->parent_key = key_copy(r, r->target->arena, name, parent_key);
	return record->parent_key ? DBRIEF_OK : r->error.status;
}

static int begin_checked(struct dbrief_records *r, const struct dbi_collection_decl *c,
    struct dbi_target *target)
{
	struct dbi_record *record;
	char text[160];
	if (target->data->n_records >= r->decl->limits->records) {
		snprintf(text, sizeof text, "more than %zu records for one letter; raise <limits records>, or decide about this letter "
		    "by hand", r->decl->limits->records);
		return fail_at(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, c->name, text);
	}
	record = dbi_arena_calloc(target->arena, 1, sizeof *record);
	if (!record)
		return dbi_record_memory(r);
	record->values = dbi_arena_calloc(target->arena, c->n_fields, sizeof *record->values);
	if (!record->values)
		return dbi_record_memory(r);
	record->decl = c;
	r->target = target;
	r->record = record;
	r->confirmed = false;
	r->next_field = 0;
	++*ordinal(r, c);
	return DBRIEF_OK;
}

int dbrief_record_begin(dbrief_records *r, const char *collection, const char *subject_key,
    const char *record_key,
    const char *parent_key)
{
	const struct dbi_collection_decl *c;
	struct dbi_target *target;
	int rc;
	if (dbi_record_failed(r))
		return r->error.status;
	if (r->ended)
		return dbi_record_misuse(r, "a record was delivered after the end; call dbrief_records_end last");
	if (r->record)
		return dbi_record_misuse(r, "a record began before the last one ended; call dbrief_record_end after each");
	if (!collection)
		return dbi_record_misuse(r, "a record without a collection's name was delivered; name it");
	c = dbi_source_collection(r->decl, collection);
	if (!c)
		return fail_at(r, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, collection,
		    "the source delivers a collection that nobody declared; add <records> for it");
	if (!subject_key)
		return fail_at(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, collection,
		    "a record without a subject key was delivered; correct the record or the query");
	target = find_target(r, collection, subject_key);
	if (!target)
		return r->error.status;
	rc = begin_checked(r, c, target);
	return rc == DBRIEF_OK ? set_keys(r, record_key, parent_key) : rc;
}

int dbrief_record_end(dbrief_records *r)
{
	const struct dbi_collection_decl *c;
	struct dbi_dataset *data;
	if (dbi_record_failed(r))
		return r->error.status;
	if (!r->record)
		return dbi_record_misuse(r, "a record ended that had not begun; call dbrief_record_begin first");
	c = r->record->decl;
	for (size_t i = 0; i < c->n_fields; i++)
		if (!c->fields[i].ignore_reason && !r->record->values[i].set)
			return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, c->fields[i].name,
			    "was not delivered; add the column to the query or remove the <field>");
	if (c->confirm_key && !r->confirmed)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_AMBIGUOUS, NULL,
		    "was found by the key '%s', and '%s' does not confirm it: it may be somebody else's; a person must look at it",
		    r->decl->found_by->name, r->decl->confirm_by->name);
	data = r->target->data;
	if (c->shared) {
		data->shared_keys |= 1u << c->shared->index;
		r->record = NULL;
		return DBRIEF_OK;
	}
	*data->tail = r->record;
	data->tail = &r->record->next;
	data->n_records++;
	r->target->n_records++;
	r->record = NULL;
	return DBRIEF_OK;
}

int dbrief_records_end(dbrief_records *r)
{
	if (dbi_record_failed(r))
		return r->error.status;
	if (r->record)
		return dbi_record_misuse(r, "the source ended inside a record; call dbrief_record_end first");
	r->ended = true;
	return DBRIEF_OK;
}
