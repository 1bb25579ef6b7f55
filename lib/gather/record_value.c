/* SPDX-License-Identifier: MIT */
/* The record builder, continued: the values of a record. */
#include "gather/records.h"

#include <stdio.h>
#include <string.h>
#include "gather/identity.h"
#include "gather/value.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/number.h"
#include "util/utf8.h"

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
	if (dbi_record_failed(r))
		return r->error.status;
	if (!r->record)
		return dbi_record_misuse(r, "a field was set outside of a record; call dbrief_record_begin first");
	if (!name)
		return dbi_record_misuse(r, "a field without a name was set; name it");
	if (r->record->decl->shared)
		return DBRIEF_OK; /* that there is such a record is all that counts */
	f = find_field(r, name);
	if (!f && !dbi_collection_is_key(r->record->decl, name)) {
		name = field_name(r, name);
		f = find_field(r, name);
	}
	if (!f && dbi_collection_is_key(r->record->decl, name))
		return DBRIEF_OK;
	if (!f)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, name,
		    "the source delivers a field that nobody declared; add a <field> or an <ignore> for it");
	*field = f;
	if (f->ignore_reason)
		return DBRIEF_OK;
	*value = &r->record->values[f - r->record->decl->fields];
	if ((*value)->set)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, name,
		    "was delivered twice; name each column of the query once");
	return DBRIEF_OK;
}

static int wrong_type(struct dbrief_records *r, const struct dbi_field_decl *f)
{
	return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, f->name,
	    "is no %s; correct the record or the type of the <field>",
	    dbi_type_names[f->type]);
}

static int store(struct dbrief_records *r, struct dbi_value *v, const char *text, size_t len)
{
	struct dbi_dataset *data = r->target->data;
	if (data->bytes > r->decl->limits->bytes || len > r->decl->limits->bytes - data->bytes)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL,
		    "more than %zu bytes of text for one letter; raise <limits bytes>, or decide about this letter by hand",
		    r->decl->limits->bytes);
	v->text = dbi_arena_strndup(r->target->arena, text, len);
	if (!v->text)
		return dbi_record_memory(r);
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
	for (; f->trim_end && len && text[len - 1] == ' '; len--)
		;
	for (; f->trim_start && len && *text == ' '; len--)
		text++;
	dbi_buf_clear(&r->typed);
	switch (dbi_value_type(f, text, len, &r->typed)) {
	case DBI_TYPED_VALUE:
		return store(r, v, r->typed.data ? r->typed.data : "", r->typed.len);
	case DBI_TYPED_NULL:
		return store_null(v);
	case DBI_TYPED_UNEXPLAINED:
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, f->name,
		    "has a code that its list '%s' does not explain; add it to <codes id=\"%s\">",
		    f->codes->id, f->codes->id);
	case DBI_TYPED_WRONG:
		return wrong_type(r, f);
	case DBI_TYPED_MEMORY:
		break;
	}
	return dbi_record_memory(r);
}

static int store_binary(struct dbrief_records *r, struct dbi_value *v, const void *bytes, size_t len,
    const char *media_type)
{
	char hash[65];

	if (!media_type || !*media_type || strlen(media_type) > 127 || dbi_utf8_check(media_type,
	    strlen(media_type)) != strlen(media_type))
		media_type = dbi_media_type(bytes, len);
	if (media_type) {
		v->media_type = dbi_arena_strndup(r->target->arena, media_type, strlen(media_type));
		if (!v->media_type)
			return dbi_record_memory(r);
	}
	dbi_blake2b_hex(hash, bytes, len);
	v->text = dbi_arena_strndup(r->target->arena, hash, sizeof(hash) - 1);
	if (!v->text)
		return dbi_record_memory(r);
	v->len = sizeof(hash) - 1;
	v->set = true;
	v->bytes = len;
	return DBRIEF_OK;
}

/* Is the column the second key of a source found by a weak one, and does it name this subject? */
static int confirm(struct dbrief_records *r, const char *name, const char *bytes, size_t len)
{
	const struct dbi_key_values *values = r->target->confirm;
	size_t offset = 0;
	if (!r->record->decl->confirm_key || strcmp(name, r->record->decl->confirm_key) || !values)
		return DBRIEF_OK;
	dbi_buf_clear(&r->clean);
	dbi_buf_clear(&r->typed);
	if (dbi_charset_convert(r->charset, &r->clean, bytes, len, &offset, NULL) == DBRIEF_OK && r->clean.data
	    && dbi_key_normalise(r->decl->confirm_by, r->clean.data, r->clean.len, &r->typed) && r->typed.data)
		for (size_t i = 0; i < values->n; i++)
			r->confirmed = r->confirmed || strcmp(values->values[i], r->typed.data) == 0;
	return r->clean.failed || r->typed.failed ? dbi_record_memory(r) : DBRIEF_OK;
}

static struct dbi_charset *charset_of(const struct dbrief_records *r, const struct dbi_field_decl *f)
{
	for (size_t i = 0; f->charset && !r->decoded && i < r->n_field_charsets; i++)
		if (r->field_charsets[i].name == f->charset)
			return r->field_charsets[i].charset;
	return r->charset;
}

/* The bytes of a value as clean text in r->clean, by the policies of field and source. */
static int decode(struct dbrief_records *r, const struct dbi_field_decl *f, const char *bytes, size_t len,
    struct dbrief_error *err)
{
	struct dbi_text_policy policy = { f->replace ? f->replace == 2 : r->decl->replace,
		f->drop_controls ? f->drop_controls == 2 : r->decl->drop_controls };
	struct dbi_field_count *count = dbi_records_field_count(r, f);
	unsigned replaced = r->target->data->replaced;
	bool suspect;
	int rc;
	dbi_buf_clear(&r->clean);
	rc = dbi_charset_convert_by(charset_of(r, f), policy, &r->clean, bytes, len, &r->target->data->replaced, err);
	suspect = rc == DBRIEF_OK && r->clean.len && dbi_text_is_suspect(r->clean.data, r->clean.len);
	r->target->data->suspect += suspect;
	if (count) {
		count->values++;
		count->suspect += suspect;
		count->replaced += rc == DBRIEF_OK && r->target->data->replaced != replaced;
	}
	return rc;
}

int dbrief_record_set_text(dbrief_records *r, const char *name, const char *bytes, size_t len)
{
	const struct dbi_field_decl *f = NULL;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_value *v;
	int rc = open_field(r, name, &f, &v);
	if (bytes && len == DBRIEF_NTS)
		len = strlen(bytes);
	if (rc == DBRIEF_OK && bytes)
		rc = confirm(r, name, bytes, len);
	if (rc != DBRIEF_OK || !v)
		return rc;
	if (!bytes)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, f->name,
		    "was set to a text without bytes; use dbrief_record_set_null");
	if (len > (f->type == DBI_TYPE_BINARY ? DBI_MAX_BINARY : r->decl->limits->value))
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, f->name,
		    "is longer than %zu bytes; raise <limits value>, or correct the record",
		    f->type == DBI_TYPE_BINARY ? (size_t)DBI_MAX_BINARY : r->decl->limits->value);
	if (f->type == DBI_TYPE_BINARY)
		return store_binary(r, v, bytes, len, NULL);
	rc = decode(r, f, bytes, len, &err);
	if (rc != DBRIEF_OK)
		return dbi_record_fail(r, rc, err.cause, f->name, "%s", err.text);
	return store_clean(r, f, v, r->clean.data ? r->clean.data : "", r->clean.len);
}

int dbrief_record_set_integer(dbrief_records *r, const char *name, int64_t value)
{
	const struct dbi_field_decl *f = NULL;
	struct dbi_value *v;
	char text[24];
	int n = snprintf(text, sizeof text, "%lld", (long long)value), rc = open_field(r, name, &f, &v);
	if (rc == DBRIEF_OK)
		rc = confirm(r, name, text, (size_t)n);
	if (rc != DBRIEF_OK || !v)
		return rc;
	if (f->type == DBI_TYPE_BINARY)
		return wrong_type(r, f);
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
		return r->clean.failed ? dbi_record_memory(r) : wrong_type(r, f);
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
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, f->name,
		    "was set to a binary without bytes; use dbrief_record_set_null");
	if (f->type != DBI_TYPE_BINARY)
		return wrong_type(r, f);
	if (len > DBI_MAX_BINARY)
		return dbi_record_fail(r, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, f->name,
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
