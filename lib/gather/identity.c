/* SPDX-License-Identifier: MIT */
/* Values of keys: their normal form, and what the records of a subject hold of them. */
#include "gather/identity.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Letters of ASCII only: what others mean is a matter of language. */
static void add_lower(struct dbi_buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		dbi_buf_addc(out, s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] - 'A' + 'a') : s[i]);
}

/* The domain is the same in capitals; the mailbox is what its host makes of it. */
static bool normalise_email(const struct dbi_key_decl *key, const char *s, size_t len, struct dbi_buf *out)
{
	size_t at = len;
	while (at > 0 && s[at - 1] != '@')
		at--;
	if (at < 2 || at == len || memchr(s, ' ', len))
		return false;
	if (key->ignore_case)
		add_lower(out, s, at);
	else
		dbi_buf_add(out, s, at);
	add_lower(out, s + at, len - at);
	return true;
}

/* Digits; an international number begins with 00. */
static bool normalise_phone(const struct dbi_key_decl *key, const char *s, size_t len, struct dbi_buf *out)
{
	char digits[40];
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] >= '0' && s[i] <= '9' && n < sizeof digits)
			digits[n++] = s[i];
		else if (!strchr("+ -/().", s[i]) || (s[i] == '+' && n))
			return false;
	}
	if (n < 4 || n == sizeof digits)
		return false;
	if (s[0] == '+') {
		dbi_buf_adds(out, "00");
	} else if (key->country && digits[0] == '0' && digits[1] != '0') {
		dbi_buf_addf(out, "00%s", key->country);
		dbi_buf_add(out, digits + 1, n - 1);
		return true;
	}
	dbi_buf_add(out, digits, n);
	return true;
}

bool dbi_key_normalise(const struct dbi_key_decl *key, const char *text, size_t len, struct dbi_buf *out)
{
	for (; len && is_blank(text[len - 1]); len--)
		;
	for (; len && is_blank(*text); len--)
		text++;
	if (len == 0)
		return false;
	if (key->type == DBI_KEY_EMAIL)
		return normalise_email(key, text, len, out);
	if (key->type == DBI_KEY_PHONE)
		return normalise_phone(key, text, len, out);
	if (key->ignore_case)
		add_lower(out, text, len);
	else
		dbi_buf_add(out, text, len);
	return true;
}

static bool is_known(const struct dbi_key_values *values, const char *text)
{
	for (size_t i = 0; i < values->n; i++)
		if (strcmp(values->values[i], text) == 0)
			return true;
	return false;
}

static int add_value(struct dbi_key_values *values, const struct dbi_key_decl *key, const struct dbi_value *v,
    struct dbi_buf *text, struct dbi_arena *arena, struct dbrief_error *err)
{
	const char *copy;
	dbi_buf_clear(text);
	if (!v->set || v->null || !dbi_key_normalise(key, v->text, v->len, text))
		return text->failed ? dbi_error_memory(err) : DBRIEF_OK;
	if (text->failed)
		return dbi_error_memory(err);
	if (is_known(values, text->data))
		return DBRIEF_OK;
	if (values->n == DBI_MAX_KEY_VALUES)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "the subject has more than %d values of the key '%s'; correct the data, or name only the fields that identify",
		    DBI_MAX_KEY_VALUES, key->name);
	copy = dbi_arena_strndup(arena, text->data, text->len);
	if (!copy)
		return dbi_error_memory(err);
	values->values[values->n++] = copy;
	return DBRIEF_OK;
}

int dbi_key_values_add(struct dbi_key_values *values, const struct dbi_key_decl *key, const struct dbi_dataset *data,
    struct dbi_arena *arena, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;
	int rc = DBRIEF_OK;
	for (const struct dbi_record *r = data->first; rc == DBRIEF_OK && r; r = r->next)
		for (size_t i = 0; rc == DBRIEF_OK && i < key->n_from; i++) {
			const struct dbi_key_from *from = &key->from[i];
			const struct dbi_value *when = from->when ? &r->values[from->when_at] : NULL;
			if (r->decl == from->decl && (!when || (!when->null && strcmp(when->text, from->is) == 0)))
				rc = add_value(values, key, &r->values[from->field_at], &text, arena, err);
		}
	dbi_buf_dispose(&text);
	return rc;
}

int dbi_key_ambiguous(const struct dbi_key_decl *key, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_AMBIGUOUS, "",
	    "the subject is found there by '%s', and somebody else has the same; a person must tell them apart", key->name);
}

static bool tells(const struct dbi_source_decl *s, const struct dbi_key_decl *key)
{
	for (size_t i = 0; i < s->n_shared; i++)
		if (s->collections[s->n_collections + i].shared == key)
			return true;
	return false;
}

static bool holds(const struct dbi_source_decl *s, const struct dbi_key_decl *key)
{
	for (size_t i = 0; i < key->n_from; i++)
		if (key->from[i].source_decl == s)
			return true;
	return false;
}

int dbi_found_by_check(const struct dbi_source_decl *decl, const struct dbi_dataset *data, size_t n_keys,
    struct dbrief_error *err)
{
	const struct dbi_key_decl *key = decl->found_by;
	if (!key)
		return DBRIEF_OK;
	if (n_keys && !decl->confirm_by && (data->shared_keys & 1u << key->index))
		return dbi_key_ambiguous(key, err);
	for (size_t i = 0; i < data->n_sources; i++) {
		const struct dbi_source_result *r = &data->sources[i];
		if (r->decl && r->status == DBI_SOURCE_FAILED && (holds(r->decl, key) || (n_keys && !decl->confirm_by && tells(r->decl, key))))
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "",
			    "the subject is found there by '%s', and source '%.60s', which knows that key, did not answer; try again",
			    key->name, r->decl->id);
	}
	return DBRIEF_OK;
}
