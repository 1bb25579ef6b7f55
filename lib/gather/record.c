/* SPDX-License-Identifier: MIT */
/* The record builder: every record is whole, declared and the asked subject's, or the letter is held. */
#include "gather/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "gather/value.h"
#include "util/limits.h"
#include "util/number.h"
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
	memset(r->ordinals, 0, r->decl->n_collections * sizeof *r->ordinals);
	dbrief_error_clear(&r->error);
}

void dbi_records_dispose(struct dbrief_records *r)
{
	dbi_buf_dispose(&r->clean);
	dbi_buf_dispose(&r->typed);
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

/* An error of the open record; `field` NULL: of the record as a whole. */
static int fail(struct dbrief_records *r, int status, int cause, const char *field, const char *fmt,
    ...) DBI_PRINTF(5, 6);
static int fail(struct dbrief_records *r, int status, int cause, const char *field, const char *fmt, ...)
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

static bool failed(const struct dbrief_records *r)
{
	return r->error.status < DBRIEF_OK;
}

static int misuse(struct dbrief_records *r, const char *text)
{
	return fail(r, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, NULL, "%s", text);
}

static int memory(struct dbrief_records *r)
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
		memory(r);
	return copy;
}

/* Is the echo this target's subject? */
static bool echo_matches(const struct dbrief_records *r, const struct dbi_target *t, const char *echo)
{
	return strcmp(echo, r->utf8 ? t->subject : t->subject_nfc) == 0;
}

static struct dbi_target *find_target(struct dbrief_records *r, const char *collection, const char *subject_key)
{
	const char *echo = subject_key;
	if (!r->utf8) {
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
	if (failed(r))
		return r->error.status;
	if (r->ended || r->record)
		return misuse(r, "a subject was selected inside a record or after the end; select it before its records");
	if (i >= r->n_targets)
		return misuse(r, "a subject was selected that was not asked for; its number is too large");
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
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, NULL,
		    "has no key in the column '%s'; correct the record or the query", record->decl->key);
	if (!record->decl->parent)
		return DBRIEF_OK;
	if (!parent_key || !*parent_key)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, NULL,
		    "does not name its record of '%s'; correct the record or the query",
		    record->decl->parent->name);
	record->parent_key = key_copy(r, r->target->arena, name, parent_key);
	return record->parent_key ? DBRIEF_OK : r->error.status;
}

static int begin_checked(struct dbrief_records *r, const struct dbi_collection_decl *c,
    struct dbi_target *target)
{
	struct dbi_record *record;
	if (target->data->n_records >= DBI_MAX_RECORDS)
		return fail_at(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, c->name,
		    "more records than one letter may hold; split the subject or raise the limit");
	record = dbi_arena_calloc(target->arena, 1, sizeof *record);
	if (!record)
		return memory(r);
	record->values = dbi_arena_calloc(target->arena, c->n_fields, sizeof *record->values);
	if (!record->values)
		return memory(r);
	record->decl = c;
	r->target = target;
	r->record = record;
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
	if (failed(r))
		return r->error.status;
	if (r->ended)
		return misuse(r, "a record was delivered after the end; call dbrief_records_end last");
	if (r->record)
		return misuse(r, "a record began before the last one ended; call dbrief_record_end after each");
	if (!collection)
		return misuse(r, "a record without a collection's name was delivered; name it");
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
	if (failed(r))
		return r->error.status;
	if (!r->record)
		return misuse(r, "a record ended that had not begun; call dbrief_record_begin first");
	c = r->record->decl;
	for (size_t i = 0; i < c->n_fields; i++)
		if (!c->fields[i].ignore_reason && !r->record->values[i].set)
			return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, c->fields[i].name,
			    "was not delivered; add the column to the query or remove the <field>");
	data = r->target->data;
	*data->tail = r->record;
	data->tail = &r->record->next;
	data->n_records++;
	r->target->n_records++;
	r->record = NULL;
	return DBRIEF_OK;
}

int dbrief_records_end(dbrief_records *r)
{
	if (failed(r))
		return r->error.status;
	if (r->record)
		return misuse(r, "the source ended inside a record; call dbrief_record_end first");
	r->ended = true;
	return DBRIEF_OK;
}

/* ---- fields ---- */

/* Name in the source's charset as clean text, when it is none already. */
static const char *field_name(struct dbrief_records *r, const char *name)
{
	size_t offset = 0;
	if (r->utf8)
		return name;
	dbi_buf_clear(&r->clean);
	if (dbi_charset_convert(r->charset, &r->clean, name, strlen(name), &offset, NULL) != DBRIEF_OK
	    || !r->clean.data)
		return name;
	return r->clean.data;
}

static const struct dbi_field_decl *find_field(struct dbrief_records *r, const char *name)
{
	const struct dbi_collection_decl *c = r->record->decl;
	for (size_t i = 0; i < c->n_fields; i++) {
		size_t at = r->next_field + i < c->n_fields ? r->next_field + i
		    : r->next_field + i - c->n_fields;
		if (strcmp(c->fields[at].name, name) == 0) {
			r->next_field = at + 1 < c->n_fields ? at + 1 : 0;
			return &c->fields[at];
		}
	}
	return NULL;
}

/*
 * The field a column belongs to. *value is where it goes, NULL when the column
 * is dropped. Non-OK is latched.
 */
static int open_field(struct dbrief_records *r, const char *name, const struct dbi_field_decl **field,
    struct dbi_value **value)
{
	const struct dbi_field_decl *f;
	*value = NULL;
	if (failed(r))
		return r->error.status;
	if (!r->record)
		return misuse(r, "a field was set outside of a record; call dbrief_record_begin first");
	if (!name)
		return misuse(r, "a field without a name was set; name it");
	f = find_field(r, name);
	if (!f && !dbi_collection_is_key(r->record->decl, name)) {
		name = field_name(r, name);
		f = find_field(r, name);
	}
	if (!f && dbi_collection_is_key(r->record->decl, name))
		return DBRIEF_OK;
	if (!f)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, name,
		    "the source delivers a field that nobody declared; add a <field> or an <ignore> for it");
	*field = f;
	if (f->ignore_reason)
		return DBRIEF_OK;
	*value = &r->record->values[f - r->record->decl->fields];
	if ((*value)->set)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, name,
		    "was delivered twice; name each column of the query once");
	return DBRIEF_OK;
}

static int wrong_type(struct dbrief_records *r, const struct dbi_field_decl *f)
{
	return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, f->name,
	    "is no %s; correct the record or the type of the <field>",
	    dbi_type_names[f->type]);
}

static int store(struct dbrief_records *r, struct dbi_value *v, const char *text, size_t len)
{
	struct dbi_dataset *data = r->target->data;
	if (len > DBI_MAX_MODEL_BYTES - data->bytes)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL,
		    "more text than one letter may hold; split the subject");
	v->text = dbi_arena_strndup(r->target->arena, text, len);
	if (!v->text)
		return memory(r);
	v->len = len;
	v->set = true;
	data->bytes += len;
	return DBRIEF_OK;
}

static int store_null(struct dbi_value *v)
{
	v->set = v->null = true;
	v->text = "";
	return DBRIEF_OK;
}

static int store_clean(struct dbrief_records *r, const struct dbi_field_decl *f, struct dbi_value *v,
    const char *text, size_t len)
{
	dbi_buf_clear(&r->typed);
	switch (dbi_value_type(f, text, len, &r->typed)) {
	case DBI_TYPED_VALUE:
		return store(r, v, r->typed.data ? r->typed.data : "", r->typed.len);
	case DBI_TYPED_NULL:
		return store_null(v);
	case DBI_TYPED_UNEXPLAINED:
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, f->name,
		    "has a code that its list '%s' does not explain; add it to <codes id=\"%s\">",
		    f->codes->id, f->codes->id);
	case DBI_TYPED_WRONG:
		return wrong_type(r, f);
	case DBI_TYPED_MEMORY:
		break;
	}
	return memory(r);
}

static int store_binary(struct dbrief_records *r, struct dbi_value *v, const void *bytes, size_t len,
    const char *media_type)
{
	if (!media_type || !*media_type || strlen(media_type) > 127 || dbi_utf8_check(media_type,
	    strlen(media_type)) != strlen(media_type))
		media_type = dbi_media_type(bytes, len);
	if (media_type) {
		v->media_type = dbi_arena_strndup(r->target->arena, media_type, strlen(media_type));
		if (!v->media_type)
			return memory(r);
	}
	v->set = true;
	v->text = "";
	v->bytes = len;
	return DBRIEF_OK;
}

int dbrief_record_set_text(dbrief_records *r, const char *name, const char *bytes, size_t len)
{
	const struct dbi_field_decl *f = NULL;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_value *v;
	size_t offset = 0;
	int rc = open_field(r, name, &f, &v);
	if (rc != DBRIEF_OK || !v)
		return rc;
	if (!bytes)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, f->name,
		    "was set to a text without bytes; use dbrief_record_set_null");
	if (len == DBRIEF_NTS)
		len = strlen(bytes);
	if (len > (f->type == DBI_TYPE_BINARY ? DBI_MAX_BINARY : DBI_MAX_VALUE))
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, f->name,
		    "is longer than a value may be; store it as a file elsewhere");
	if (f->type == DBI_TYPE_BINARY)
		return store_binary(r, v, bytes, len, NULL);
	dbi_buf_clear(&r->clean);
	rc = dbi_charset_convert(r->charset, &r->clean, bytes, len, &offset, &err);
	if (rc != DBRIEF_OK)
		return fail(r, rc, err.cause, f->name, "%s", err.text);
	return store_clean(r, f, v, r->clean.data ? r->clean.data : "", r->clean.len);
}

int dbrief_record_set_integer(dbrief_records *r, const char *name, int64_t value)
{
	const struct dbi_field_decl *f = NULL;
	struct dbi_value *v;
	char text[24];
	int n, rc = open_field(r, name, &f, &v);
	if (rc != DBRIEF_OK || !v)
		return rc;
	if (f->type == DBI_TYPE_BINARY)
		return wrong_type(r, f);
	n = snprintf(text, sizeof text, "%lld", (long long)value);
	return store_clean(r, f, v, text, (size_t)n);
}

int dbrief_record_set_real(dbrief_records *r, const char *name, double value)
{
	const struct dbi_field_decl *f = NULL;
	struct dbi_value *v;
	size_t len;
	int rc = open_field(r, name, &f, &v);
	if (rc != DBRIEF_OK || !v)
		return rc;
	dbi_buf_clear(&r->clean);
	if (f->type == DBI_TYPE_BINARY || f->type == DBI_TYPE_DATE || f->type == DBI_TYPE_DATETIME
	    || !dbi_buf_add_real(&r->clean, value))
		return r->clean.failed ? memory(r) : wrong_type(r, f);
	len = r->clean.len;
	/* A whole number that the source keeps as a real is a whole number. */
	if (f->type != DBI_TYPE_TEXT && len > 2 && strcmp(r->clean.data + len - 2, ".0") == 0)
		r->clean.data[len -= 2] = 0;
	return store_clean(r, f, v, r->clean.data, len);
}

int dbrief_record_set_binary(dbrief_records *r, const char *name, const void *bytes, size_t len,
    const char *media_type)
{
	const struct dbi_field_decl *f = NULL;
	struct dbi_value *v;
	int rc = open_field(r, name, &f, &v);
	if (rc != DBRIEF_OK || !v)
		return rc;
	if (!bytes && len)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, f->name,
		    "was set to a binary without bytes; use dbrief_record_set_null");
	if (f->type != DBI_TYPE_BINARY)
		return wrong_type(r, f);
	if (len > DBI_MAX_BINARY)
		return fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, f->name,
		    "is larger than a binary may be; leave it out with <ignore>");
	return store_binary(r, v, bytes ? bytes : "", len, media_type);
}

int dbrief_record_set_null(dbrief_records *r, const char *name)
{
	const struct dbi_field_decl *f = NULL;
	struct dbi_value *v;
	int rc = open_field(r, name, &f, &v);
	return rc != DBRIEF_OK || !v ? rc : store_null(v);
}
