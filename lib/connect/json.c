/* SPDX-License-Identifier: MIT */
/*
 * JSON: lists, JSON lines or both. The file is gone through byte by byte along
 * the path; only one record at a time, or what its fields climb to, is held in
 * memory and read by jansson.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/fault.h"
#include "connect/file_path.h"
#include "connect/file_read.h"
#include "connect/json_text.h"
#include "connect/staged.h"

#define MAX_NESTING 200
#define MAX_NAME 512

struct json {
	struct dbi_file_reader reader;
	struct dbi_file_table *table;
	struct dbi_file_path path;
	struct dbi_json_text text;
	struct dbrief_error *err;
	uint64_t line;               /* where the value in `text` begins */
	bool found;                  /* the path leads somewhere */
	json_t *above[DBI_FILE_MAX_STEPS + 1]; /* the objects from the unit down to the record */
	size_t n_above, column;
};

static int fail(struct json *j, const char *text)
{
	return j->reader.status != DBRIEF_OK ? j->reader.status : dbi_file_error(j->table, j->reader.line, j->err, "%s", text);
}

static int cut_off(struct json *j)
{
	return fail(j, "the file ends in the middle of a value; it was cut off, export it again");
}

static int no_json(struct json *j)
{
	return fail(j, "this is no JSON; correct the export");
}

/* ---- bytes ---- */

static int next(struct json *j)
{
	int c = dbi_file_next(&j->reader);

	if (c == '\n')
		j->reader.line++;
	return c;
}

/* The next byte that is no blank, not taken; -1 at the end. */
static int look(struct json *j)
{
	int c;

	while ((c = dbi_file_peek(&j->reader)) == ' ' || c == '\t' || c == '\r' || c == '\n')
		(void)next(j);
	return c;
}

/* ---- leaves of a record ---- */

static int set_string(struct json *j, size_t column, const json_t *value)
{
	const char *s = json_string_value(value);
	size_t len = json_string_length(value);
	char *raw, *number;
	int status;

	if (len && *s == DBI_JSON_NUMBER) {
		number = dbi_json_number(s + 1, len - 1);
		if (!number)
			return fail(j, "a number is not one of JSON; correct the export");
		status = dbi_file_set(j->table, column, DBI_CELL_TEXT, number, strlen(number), NULL, j->err);
		free(number);
		return status;
	}
	if (!j->text.bad)
		return dbi_file_set(j->table, column, DBI_CELL_TEXT, s, len, NULL, j->err);
	raw = malloc(len + 1);
	if (!raw)
		return dbi_connect_memory(j->err);
	memcpy(raw, s, len);
	status = dbi_json_raw(raw, &len) ? DBI_CELL_BAD : DBI_CELL_TEXT;
	status = dbi_file_set(j->table, column, (enum dbi_cell_kind)status, raw, len, "UTF-8", j->err);
	free(raw);
	return status;
}

static int set_scalar(struct json *j, size_t column, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return set_string(j, column, value);
	case JSON_TRUE:
		return dbi_file_set(j->table, column, DBI_CELL_TEXT, "true", 4, NULL, j->err);
	case JSON_FALSE:
		return dbi_file_set(j->table, column, DBI_CELL_TEXT, "false", 5, NULL, j->err);
	default:
		return DBRIEF_OK;
	}
}

/* `name` with room after its `len` bytes. */
static int set_leaves(struct json *j, json_t *value, char *name, size_t len);

static int set_members(struct json *j, json_t *object, char *name, size_t len)
{
	const char *key;
	json_t *value;
	int status = DBRIEF_OK;

	json_object_foreach(object, key, value) {
		int n = snprintf(name + len, MAX_NAME - len, "%s%s", len ? "/" : "", key);

		if (n < 0 || (size_t)n >= MAX_NAME - len)
			return fail(j, "the names of nested members are too long; flatten the export");
		if (!dbi_file_is_others(j->table, &j->path, name))
			status = set_leaves(j, value, name, len + (size_t)n);
		if (status != DBRIEF_OK)
			return status;
	}
	return status;
}

static int set_leaves(struct json *j, json_t *value, char *name, size_t len)
{
	json_t *item;
	size_t i;
	int status = DBRIEF_OK;

	if (json_is_object(value))
		return set_members(j, value, name, len);
	if (json_is_array(value)) {
		json_array_foreach(value, i, item) {
			status = set_leaves(j, item, name, len);
			name[len] = '\0';
			if (status != DBRIEF_OK)
				return status;
		}
		return DBRIEF_OK;
	}
	if (!len)
		return fail(j, "a record is no object; correct <path>");
	if (json_is_null(value) && dbi_file_leads_to_others(j->table, &j->path, name))
		return DBRIEF_OK;
	status = dbi_file_column(j->table, name, &j->column, j->err);
	if (status == DBRIEF_OK)
		status = set_scalar(j, j->column++, value);
	return status;
}

/* ---- fields that climb ---- */

static json_t *member(json_t *object, const char *path)
{
	char name[MAX_NAME];
	size_t len = strcspn(path, "/");

	if (len >= sizeof(name))
		return NULL;
	memcpy(name, path, len);
	name[len] = '\0';
	object = json_object_get(object, name);
	return object && path[len] ? member(object, path + len + 1) : object;
}

static int set_climbing(struct json *j)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < j->table->n; i++) {
		size_t ups;
		const char *rest = dbi_file_climb(j->table->columns[i].path, &ups);
		json_t *value = ups && ups < j->n_above ? member(j->above[j->n_above - 1 - ups], rest) : NULL;

		if (json_is_object(value) || json_is_array(value))
			return fail(j, "a field climbs to something that is no value; correct its path");
		if (value)
			status = set_scalar(j, i, value);
	}
	return status;
}

/* ---- records within a unit ---- */

static int emit(struct json *j, json_t *record)
{
	char name[MAX_NAME] = "";
	int status;

	dbi_file_row_begin(j->table);
	j->column = 0;
	status = set_leaves(j, record, name, 0);
	if (status == DBRIEF_OK)
		status = set_climbing(j);
	return status == DBRIEF_OK ? dbi_file_row_end(j->table, j->line, j->err) : status;
}

static int descend(struct json *j, json_t *value, size_t step)
{
	json_t *item;
	size_t i;
	int status = DBRIEF_OK;

	if (json_is_array(value)) {
		json_array_foreach(value, i, item) {
			status = descend(j, item, step);
			if (status != DBRIEF_OK)
				return status;
		}
		return DBRIEF_OK;
	}
	if (!value || json_is_null(value))
		return DBRIEF_OK;
	if (!json_is_object(value))
		return fail(j, "the path leads to something that is no object; correct <path>");
	j->above[j->n_above++] = value;
	status = step == j->path.n ? emit(j, value) : descend(j, json_object_get(value, j->path.steps[step]), step + 1);
	j->n_above--;
	return status;
}

/* ---- the stream ---- */

static int take(struct json *j, enum dbi_json_add added)
{
	switch (added) {
	case DBI_JSON_LARGE:
		return fail(j, "a record is larger than 64 MB or nested too deeply; correct <path> or the export");
	case DBI_JSON_MEMORY:
		return dbi_connect_memory(j->err);
	case DBI_JSON_NONE:
		return no_json(j);
	default:
		return DBRIEF_OK;
	}
}

/* Reads one whole value into `text`. */
static int capture(struct json *j)
{
	enum dbi_json_add added = DBI_JSON_MORE;

	dbi_json_text_clear(&j->text);
	j->line = j->reader.line;
	while (added == DBI_JSON_MORE) {
		int c = dbi_file_peek(&j->reader);

		if (c < 0)
			return j->text.depth || j->text.string ? cut_off(j) : take(j, dbi_json_text_end(&j->text));
		added = dbi_json_text_add(&j->text, (unsigned char)c);
		if (added == DBI_JSON_MORE || added == DBI_JSON_WHOLE)
			(void)next(j);
	}
	return take(j, added);
}

static json_t *load(struct json *j)
{
	const char *why = "";
	json_t *value = dbi_json_text_load(&j->text, &why);

	if (!value)
		(void)dbi_file_error(j->table, j->line, j->err, "%s; correct the export", why);
	return value;
}

static int read_unit(struct json *j)
{
	json_t *value;
	int status = capture(j);

	if (status != DBRIEF_OK)
		return status;
	value = load(j);
	if (!value)
		return DBRIEF_FAILED;
	j->found = true;
	j->n_above = 0;
	status = descend(j, value, j->path.unit);
	json_decref(value);
	return status;
}

static bool is_word_byte(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '-' || c == '+' || c == '.';
}

/* A number, true, false or null. What follows it is a value of its own. */
static int skip_word(struct json *j)
{
	if (!is_word_byte(dbi_file_peek(&j->reader)))
		return no_json(j);
	while (is_word_byte(dbi_file_peek(&j->reader)))
		(void)next(j);
	return DBRIEF_OK;
}

/* Over a value that nobody asked for: only its brackets and strings count. */
static int skip(struct json *j)
{
	char open[MAX_NESTING];
	size_t depth = 0;
	bool string = false;
	int first = look(j);

	if (first < 0)
		return cut_off(j);
	if (first != '"' && first != '{' && first != '[')
		return skip_word(j);
	for (;;) {
		int c = string ? dbi_file_peek(&j->reader) : look(j);

		if (c < 0)
			return cut_off(j);
		(void)next(j);
		if (string && c == '\\')
			(void)next(j);
		else if (c == '"')
			string = !string;
		else if (!string && (c == '{' || c == '[')) {
			if (depth == MAX_NESTING)
				return fail(j, "values are nested too deeply; correct the export");
			open[depth++] = (char)(c == '{' ? '}' : ']');
		} else if (!string && (c == '}' || c == ']') && (!depth || open[--depth] != c))
			return no_json(j);
		if (!string && !depth && (c == '"' || c == '}' || c == ']'))
			return DBRIEF_OK;
	}
}

static int walk(struct json *j, size_t step, unsigned nesting);

/* After '[' or '{': what comes before the next item. *done at the closing bracket. */
static int next_item(struct json *j, int close, bool first, bool *done)
{
	int c = look(j);

	*done = c == close && first;
	if (first && c != close)
		return c < 0 ? cut_off(j) : DBRIEF_OK;
	if (c < 0)
		return cut_off(j);
	(void)next(j);
	if (*done || c == ',')
		return DBRIEF_OK;
	*done = c == close;
	return *done ? DBRIEF_OK : no_json(j);
}

static int walk_list(struct json *j, size_t step, unsigned nesting)
{
	bool done = false, first = true;
	int status = DBRIEF_OK;

	(void)next(j);
	if (step == j->path.unit)
		j->found = true;
	for (; status == DBRIEF_OK; first = false) {
		status = next_item(j, ']', first, &done);
		if (done || status != DBRIEF_OK)
			break;
		status = walk(j, step, nesting + 1);
	}
	return status;
}

/* The name of a member, in `text` as it is written, and the colon after it. */
static int read_name(struct json *j, bool *matches, const char *wanted)
{
	json_t *name;
	int status;

	if (look(j) != '"')
		return no_json(j);
	status = capture(j);
	if (status != DBRIEF_OK)
		return status;
	name = load(j);
	if (!name)
		return DBRIEF_FAILED;
	*matches = strcmp(json_string_value(name), wanted) == 0;
	json_decref(name);
	if (look(j) != ':')
		return look(j) < 0 ? cut_off(j) : no_json(j);
	(void)next(j);
	return DBRIEF_OK;
}

static int walk_object(struct json *j, size_t step, unsigned nesting)
{
	bool done = false, first = true, matches = false;
	int status = DBRIEF_OK;

	(void)next(j);
	for (; status == DBRIEF_OK; first = false) {
		status = next_item(j, '}', first, &done);
		if (done || status != DBRIEF_OK)
			break;
		status = read_name(j, &matches, j->path.steps[step]);
		if (status == DBRIEF_OK)
			status = matches ? walk(j, step + 1, nesting + 1) : skip(j);
	}
	return status;
}

/* At the begin of a value, `step` steps along the path. */
static int walk(struct json *j, size_t step, unsigned nesting)
{
	int c = look(j);

	if (c < 0)
		return cut_off(j);
	if (nesting > MAX_NESTING)
		return fail(j, "values are nested too deeply; correct the export");
	if (c == '[')
		return walk_list(j, step, nesting);
	if (step == j->path.unit)
		return read_unit(j);
	return c == '{' ? walk_object(j, step, nesting) : skip(j);
}

static int skip_mark(struct json *j)
{
	if (dbi_file_peek(&j->reader) < 0)
		return dbi_file_error(j->table, 0, j->err, "the file is empty; export it again");
	if (j->reader.len >= 3 && memcmp(j->reader.bytes, "\xEF\xBB\xBF", 3) == 0)
		j->reader.at = 3;
	return DBRIEF_OK;
}

static int read_values(struct json *j)
{
	const char *charset = j->table->charset;
	int status = DBRIEF_OK;

	if (charset && strcmp(charset, "UTF-8") != 0)
		return dbi_connect_config(j->err, dbrief_source_place(j->table->source), "JSON is UTF-8; leave charset out");
	status = skip_mark(j);
	while (status == DBRIEF_OK && look(j) >= 0)
		status = walk(j, 0, 0);
	if (status == DBRIEF_OK && j->reader.status == DBRIEF_OK && !j->found)
		status = dbi_file_error(j->table, 0, j->err, "nothing stands at the path '%.60s'; correct <path> or the export",
		    j->table->path ? j->table->path : "/");
	return status;
}

static int read_file(struct dbi_file_table *t, struct dbrief_error *err)
{
	struct json *j = calloc(1, sizeof(*j));
	int status;

	if (!j)
		return dbi_connect_memory(err);
	j->table = t;
	j->err = err;
	j->text.max = DBI_FILE_MAX_VALUE;
	status = dbi_file_declared(t, err);
	if (status == DBRIEF_OK)
		status = dbi_file_path_read(&j->path, t, err);
	if (status == DBRIEF_OK)
		status = dbi_file_open(&j->reader, t, err);
	else
		j->reader.fd = -1;
	if (status == DBRIEF_OK)
		status = read_values(j);
	if (j->reader.status == DBRIEF_OK)
		j->reader.status = status;
	status = dbi_file_close(&j->reader);
	dbi_json_text_free(&j->text);
	dbi_file_path_dispose(&j->path);
	free(j);
	return status;
}

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	return dbi_staged_create(connector, source, "json", read_file, err);
}

static const char *version(void)
{
	static const char text[] = "JSON (jansson " JANSSON_VERSION ")";

	return text;
}

const struct dbrief_connector_type dbi_connector_json = {
	.size = sizeof(struct dbrief_connector_type), .type = "json", .create = create, .destroy = dbi_staged_destroy,
	.version = version,
};
