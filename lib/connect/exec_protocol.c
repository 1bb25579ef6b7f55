/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/exec.h"
#include "connect/fault.h"

static int bad_line(struct dbrief_error *err, const char *text)
{
	return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "", "%s; see datenbrief-exec(7)", text);
}

/* ---- lines ---- */

/* Sends and releases a message. */
static int send_message(struct dbi_exec *e, json_t *message, struct dbrief_error *err)
{
	char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;
	int status;

	json_decref(message);
	if (!text)
		return dbi_connect_memory(err);
	text[len] = '\n'; /* in the place of the NUL */
	status = dbi_process_send(e->process, text, len + 1, err);
	free(text);
	return status;
}

/* Takes a line apart; numbers keep their digits. */
static int parse_line(struct dbi_exec *e, const char *line, size_t len, json_t **message, struct dbrief_error *err)
{
	enum dbi_json_add added = DBI_JSON_MORE;
	const char *why = "";
	size_t i = 0;

	while (len && (line[len - 1] == '\r' || line[len - 1] == ' '))
		len--;
	dbi_json_text_clear(&e->text);
	e->text.max = 2 * (size_t)DBI_EXEC_MAX_LINE;
	while (i < len && added == DBI_JSON_MORE)
		added = dbi_json_text_add(&e->text, (unsigned char)line[i++]);
	if (added == DBI_JSON_MEMORY)
		return dbi_connect_memory(err);
	if (added != DBI_JSON_WHOLE || i < len || *line != '{')
		return bad_line(err, "a line of the program is not one JSON object");
	*message = dbi_json_text_load(&e->text, &why);
	return *message ? DBRIEF_OK : bad_line(err, "a line of the program is not one JSON object");
}

static int read_message(struct dbi_exec *e, unsigned patience_ms, json_t **message, struct dbrief_error *err)
{
	const char *line;
	size_t len;
	int status = dbi_process_line(e->process, patience_ms, &line, &len, err);

	*message = NULL;
	return status == DBRIEF_OK ? parse_line(e, line, len, message, err) : status;
}

/* A member that is a number, -1 when it is none. */
static json_int_t number_of(const json_t *message, const char *name)
{
	const json_t *value = json_object_get(message, name);
	const char *s = json_string_value(value);
	json_int_t n = 0;

	if (!s || *s++ != DBI_JSON_NUMBER || !*s || strlen(s) > 15)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		n = n * 10 + (*s - '0');
	}
	return n;
}

/* ---- greeting ---- */

static void add_text(json_t *object, const char *name, const char *text)
{
	if (text)
		(void)json_object_set_new(object, name, json_string(text));
}

static json_t *fields_of(const dbrief_source *source, size_t i)
{
	json_t *list = json_array();

	for (size_t k = 0; list && k < dbrief_source_fields(source, i); k++) {
		struct dbrief_field_info f = { .size = sizeof(f) };

		if (dbrief_source_field(source, i, k, &f) == DBRIEF_OK && f.type)
			(void)json_array_append_new(list, json_string(f.name));
	}
	return list;
}

/* What the configuration says of the source: the program may use it or not. */
static json_t *greeting(const dbrief_source *source)
{
	json_t *collections = json_array(), *message = json_object();

	for (size_t i = 0; i < dbrief_source_collections(source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };
		json_t *c = json_object();

		if (dbrief_source_collection(source, i, &info) != DBRIEF_OK)
			continue;
		add_text(c, "name", info.name);
		add_text(c, "subject-key", info.subject_key);
		add_text(c, "key", info.key);
		add_text(c, "link", info.link);
		add_text(c, "query", info.query);
		(void)json_object_set_new(c, "fields", fields_of(source, i));
		(void)json_array_append_new(collections, c);
	}
	(void)json_object_set_new(message, "datenbrief", json_integer(DBI_EXEC_PROTOCOL));
	add_text(message, "source", dbrief_source_id(source));
	add_text(message, "subjects", dbrief_source_subjects(source));
	(void)json_object_set_new(message, "collections", collections);
	return message;
}

static bool is_offer(json_t *offer)
{
	const char *name;
	json_t *fields;

	json_object_foreach(offer, name, fields) {
		json_t *field;
		size_t i;

		if (!json_is_array(fields))
			return false;
		json_array_foreach(fields, i, field)
			if (!json_is_string(field))
				return false;
	}
	return json_is_object(offer);
}

int dbi_exec_greet(struct dbi_exec *e, struct dbrief_error *err)
{
	json_t *message = NULL, *offer;
	int status = send_message(e, greeting(e->source), err);

	if (status == DBRIEF_OK)
		status = read_message(e, DBI_EXEC_PATIENCE_MS, &message, err);
	if (status != DBRIEF_OK)
		return status;
	offer = json_object_get(message, "collections");
	if (number_of(message, "datenbrief") != DBI_EXEC_PROTOCOL)
		status = bad_line(err, "the program does not greet with version 1 of the protocol");
	else if (!is_offer(offer))
		status = bad_line(err, "the program does not say which collections and fields it delivers");
	if (status == DBRIEF_OK) {
		json_decref(e->offer);
		e->offer = json_incref(offer);
	}
	json_decref(message);
	return status;
}

int dbi_exec_describe(const struct dbi_exec *e, dbrief_declaration *decl)
{
	const char *name;
	json_t *fields, *field;
	size_t i;
	int status = DBRIEF_OK;

	json_object_foreach(e->offer, name, fields) {
		status = dbrief_declare_collection(decl, name);
		json_array_foreach(fields, i, field)
			if (status == DBRIEF_OK)
				status = dbrief_declare_field(decl, json_string_value(field));
		if (status != DBRIEF_OK)
			return status;
	}
	return status;
}

/* ---- requests ---- */

/* A reason is a word: a sentence might hold somebody's name. */
static bool is_word(const char *s)
{
	return *s && strlen(s) <= 40 && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static int refused(const json_t *message, struct dbrief_error *err)
{
	const char *word = json_string_value(json_object_get(message, "error"));

	return dbi_connect_error(err, json_is_true(json_object_get(message, "retry")) ? DBRIEF_RETRY : DBRIEF_FAILED,
	    DBRIEF_CAUSE_CONNECTOR, "", "the program reports an error (%s); look for its cause there",
	    word && is_word(word) ? word : "not one word");
}

/* The next line of an answer to the last request. */
static int read_answer(struct dbi_exec *e, unsigned patience_ms, json_t **message, struct dbrief_error *err)
{
	int status = read_message(e, patience_ms, message, err);

	if (status != DBRIEF_OK)
		return status;
	if (number_of(*message, "request") != e->request)
		status = bad_line(err, "the program answers another request than the last one");
	else if (json_object_get(*message, "error"))
		status = refused(*message, err);
	if (status != DBRIEF_OK) {
		json_decref(*message);
		*message = NULL;
	}
	return status;
}

static int ask(struct dbi_exec *e, const char *const *subjects, size_t n, struct dbrief_error *err)
{
	json_t *list = json_array(), *message = json_object();

	for (size_t i = 0; i < n; i++) {
		json_t *subject = json_string(subjects[i]);

		if (!subject || json_array_append_new(list, subject) != 0) {
			json_decref(list);
			json_decref(message);
			return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "",
			    "the identifier is no UTF-8; give it in UTF-8");
		}
	}
	(void)json_object_set_new(message, "request", json_integer(++e->request));
	(void)json_object_set_new(message, "subjects", list);
	return send_message(e, message, err);
}

/* All records of one subject, to their end. */
static int fetch_subject(struct dbi_exec *e, const char *const *subjects, size_t i, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	json_int_t count = 0;
	int status = DBRIEF_OK;

	for (; status == DBRIEF_OK; count++) {
		json_t *message, *end;

		status = read_answer(e, 0, &message, err);
		if (status != DBRIEF_OK)
			return status;
		end = json_object_get(message, "end");
		if (end) {
			char *number;
			size_t len = 0;
			const char *text = dbi_exec_text(end, &len, &number);

			if (!text || strcmp(text, subjects[i]) != 0)
				status = bad_line(err, "the program ends another subject than the one whose turn it is");
			else if (number_of(message, "records") != count)
				status = bad_line(err, "the program counts other records than it has written");
			free(number);
			json_decref(message);
			return status;
		}
		status = dbi_exec_record(e, message, subjects, i, n, records, err);
		json_decref(message);
	}
	return status;
}

int dbi_exec_fetch(struct dbi_exec *e, const char *const *subjects, size_t n, dbrief_records *records,
    struct dbrief_error *err)
{
	int status = ask(e, subjects, n, err);

	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		status = dbrief_records_select_subject(records, i);
		if (status == DBRIEF_OK)
			status = fetch_subject(e, subjects, i, n, records, err);
	}
	return status == DBRIEF_OK ? dbrief_records_end(records) : status;
}

/* One line of a list; *done at its end. */
static int list_line(json_t *message, json_int_t *count, int (*each)(void *, const char *), void *ctx, bool *done,
    bool *enough, struct dbrief_error *err)
{
	json_t *value = json_object_get(message, "subject");
	char *number;
	size_t len = 0;
	const char *text = dbi_exec_text(value, &len, &number);
	int status = DBRIEF_OK;

	*done = json_is_true(json_object_get(message, "end"));
	if (*done) {
		if (number_of(message, "subjects") != *count)
			status = bad_line(err, "the program counts other subjects than it has written");
	} else if (!text || !len || strlen(text) != len) {
		status = bad_line(err, "a line of the list names no subject");
	} else {
		++*count;
		/* The rest is read all the same: its end and count tell that nothing was lost. */
		if (!*enough)
			*enough = each(ctx, text) != 0;
	}
	free(number);
	return status;
}

int dbi_exec_list(struct dbi_exec *e, int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err)
{
	json_t *message = json_object();
	json_int_t count = 0;
	bool done = false, enough = false;
	int status;

	(void)json_object_set_new(message, "request", json_integer(++e->request));
	(void)json_object_set_new(message, "list", json_true());
	status = send_message(e, message, err);
	while (status == DBRIEF_OK && !done) {
		status = read_answer(e, DBI_EXEC_PATIENCE_MS, &message, err);
		if (status == DBRIEF_OK) {
			status = list_line(message, &count, each, ctx, &done, &enough, err);
			json_decref(message);
		}
	}
	return status;
}
