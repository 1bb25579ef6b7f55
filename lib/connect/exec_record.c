/* SPDX-License-Identifier: MIT */
/* A record as the program writes it, and as the record builder takes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/base64.h"
#include "connect/exec.h"
#include "connect/fault.h"

static int wrong(struct dbrief_error *err, const char *collection, const char *field, const char *text)
{
	char where[160];

	(void)snprintf(where, sizeof(where), field ? "records %.60s / field %.60s" : "records %.60s", collection, field);
	return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, where, "%s", text);
}

const char *dbi_exec_text(const json_t *value, size_t *len, char **number)
{
	const char *s = json_string_value(value);

	*number = NULL;
	if (!s)
		return NULL;
	*len = json_string_length(value);
	if (!*len || *s != DBI_JSON_NUMBER)
		return s;
	*number = dbi_json_number(s + 1, *len - 1);
	*len = *number ? strlen(*number) : 0;
	return *number;
}

/* ---- keys ---- */

struct keys {
	const char *subject, *key, *link;
	char *numbers[3];
};

/* A member that names something: a string or number without NUL. */
static int read_key(const char **key, char **number, json_t *record, const char *name,
    const struct dbrief_collection_info *info, struct dbrief_error *err)
{
	json_t *value = name ? json_object_get(record, name) : NULL;
	size_t len = 0;

	*key = NULL;
	if (!value || json_is_null(value))
		return DBRIEF_OK;
	*key = dbi_exec_text(value, &len, number);
	if (!*key || strlen(*key) != len)
		return wrong(err, info->name, name, "a key is neither text nor number; correct the program");
	return DBRIEF_OK;
}

static int read_keys(struct keys *k, json_t *record, const struct dbrief_collection_info *info, struct dbrief_error *err)
{
	int status = read_key(&k->subject, &k->numbers[0], record, info->subject_key, info, err);

	if (status == DBRIEF_OK)
		status = read_key(&k->key, &k->numbers[1], record, info->key, info, err);
	if (status == DBRIEF_OK)
		status = read_key(&k->link, &k->numbers[2], record, info->link, info, err);
	return status;
}

/* ---- fields ---- */

static int set_string(struct dbi_exec *e, dbrief_records *records, const char *name, const json_t *value)
{
	char *number = NULL, *raw;
	size_t len = 0;
	const char *text = dbi_exec_text(value, &len, &number);
	int status;

	if (!text)
		return DBRIEF_FAILED; /* out of memory: no value that is empty */
	if (number || !e->text.bad) {
		status = dbrief_record_set_text(records, name, text, len);
		free(number);
		return status;
	}
	raw = malloc(len + 1);
	if (!raw)
		return DBRIEF_FAILED;
	memcpy(raw, text, len);
	raw[len] = '\0';
	(void)dbi_json_raw(raw, &len);
	status = dbrief_record_set_text(records, name, raw, len);
	free(raw);
	return status;
}

/* {"base64": "..."} */
static int set_binary(dbrief_records *records, const char *collection, const char *name, json_t *value, struct dbrief_error *err)
{
	json_t *coded = json_object_size(value) == 1 ? json_object_get(value, "base64") : NULL;
	size_t len = json_string_length(coded);
	char *bytes;
	int status;

	if (!json_is_string(coded))
		return wrong(err, collection, name, "an object is no value but {\"base64\": \"...\"}; correct the program");
	bytes = malloc(len + 1);
	if (!bytes)
		return dbi_connect_memory(err);
	memcpy(bytes, json_string_value(coded), len);
	status = dbi_base64_decode(bytes, len, &len) ? dbrief_record_set_binary(records, name, bytes, len, NULL) :
	    wrong(err, collection, name, "this is no base64; correct the program");
	free(bytes);
	return status;
}

static int set_field(struct dbi_exec *e, dbrief_records *records, const char *collection, const char *name, json_t *value,
    struct dbrief_error *err)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return set_string(e, records, name, value);
	case JSON_TRUE:
		return dbrief_record_set_text(records, name, "true", 4);
	case JSON_FALSE:
		return dbrief_record_set_text(records, name, "false", 5);
	case JSON_NULL:
		return dbrief_record_set_null(records, name);
	case JSON_OBJECT:
		return set_binary(records, collection, name, value, err);
	default:
		return wrong(err, collection, name, "a list is no value; correct the program");
	}
}

static int set_fields(struct dbi_exec *e, dbrief_records *records, const char *collection, json_t *record,
    struct dbrief_error *err)
{
	const char *name;
	json_t *value;
	int status = DBRIEF_OK;

	json_object_foreach(record, name, value) {
		status = set_field(e, records, collection, name, value, err);
		if (status != DBRIEF_OK)
			return status;
	}
	return dbrief_record_end(records);
}

/* ---- the record ---- */

static bool find_collection(const dbrief_source *source, const char *name, struct dbrief_collection_info *info)
{
	for (size_t i = 0; name && i < dbrief_source_collections(source); i++) {
		info->size = sizeof(*info);
		if (dbrief_source_collection(source, i, info) == DBRIEF_OK && strcmp(info->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Somebody else's record after an end that is missing, or a mix-up? Asked for
 * alone it will show: there the second one stops the run.
 */
static int check_turn(const char *subject, const char *const *asked, size_t i, size_t n, struct dbrief_error *err)
{
	for (size_t k = 0; subject && strcmp(subject, asked[i]) != 0 && k < n; k++)
		if (strcmp(subject, asked[k]) == 0)
			return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "",
			    "the program goes on to another subject without the end of the one before; see datenbrief-exec(7)");
	return DBRIEF_OK;
}

int dbi_exec_record(struct dbi_exec *e, json_t *message, const char *const *asked, size_t i, size_t n,
    dbrief_records *records, struct dbrief_error *err)
{
	struct dbrief_collection_info info = { .size = sizeof(info) };
	const char *name = json_string_value(json_object_get(message, "collection"));
	json_t *record = json_object_get(message, "record");
	struct keys k = { NULL, NULL, NULL, { NULL, NULL, NULL } };
	int status;

	if (!name || !json_is_object(record))
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "",
		    "a line of the program is neither a record nor an end; see datenbrief-exec(7)");
	/* What nobody declared is refused by the record builder, with its name. */
	if (!find_collection(e->source, name, &info))
		return dbrief_record_begin(records, name, "", NULL, NULL);
	status = read_keys(&k, record, &info, err);
	if (status == DBRIEF_OK)
		status = check_turn(k.subject, asked, i, n, err);
	if (status == DBRIEF_OK)
		status = dbrief_record_begin(records, info.name, k.subject, k.key, k.link);
	if (status == DBRIEF_OK)
		status = set_fields(e, records, info.name, record, err);
	for (size_t m = 0; m < 3; m++)
		free(k.numbers[m]);
	return status;
}
