/* SPDX-License-Identifier: MIT */
/*
 * A CRM that hands over its own data: a connector table in C, no database in
 * between. The customers, here two arrays, are fictional.
 *
 *     host_connector host_connector.xml CUSTOMER FILE.pdf
 *
 * host_connector.xml declares what may be delivered in a <source type="host">.
 */
#include <datenbrief.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const struct customer {
	const char *number, *name, *street, *town, *born;
} customers[] = {
	{ "4711", "Zoë Beispiel", "Musterweg 1", "34999 Lindenrode", "1980-02-29" },
	{ "4712", "Jürgen Probe", "Musterweg 2", "34999 Lindenrode", NULL },
};
static const struct call {
	const char *customer, *id, *at, *topic;
	int64_t minutes;
} calls[] = {
	{ "4711", "c-1", "2026-03-02 09:15:00", "Frage zur Rechnung", 4 },
	{ "4711", "c-2", "2026-07-19 16:40:00", "Umzug gemeldet", 7 },
	{ "4712", "c-3", "2026-05-05 11:00:00", "Lob", 2 },
};

/* What the program can deliver now. The library compares it with the configuration. */
static int describe(void *user, dbrief_declaration *decl, struct dbrief_error *err) {
	static const char *const fields[][2] = {
		{ "customer", "name" }, { "customer", "street" }, { "customer", "town" }, { "customer", "born" },
		{ "call", "at" }, { "call", "topic" }, { "call", "minutes" },
	};
	const char *collection = "";
	int st = DBRIEF_OK;

	(void)user;
	(void)err;
	for (size_t i = 0; !st && i < sizeof(fields) / sizeof(*fields); i++) {
		if (strcmp(collection, fields[i][0]) != 0)
			st = dbrief_declare_collection(decl, collection = fields[i][0]);
		if (!st)
			st = dbrief_declare_field(decl, fields[i][1]);
	}
	return st;
}

/* Once per thread: a real program would open its database connection here. */
static int open_cursor(void **cursor, void *user, struct dbrief_error *err) {
	(void)err;
	*cursor = user;
	return DBRIEF_OK;
}

static void close_cursor(void *cursor) {
	(void)cursor;
}

/* The key handed over is the one found in the record, not the one asked for: so a wrong record is noticed. */
static void put_customer(dbrief_records *out, const struct customer *c) {
	dbrief_record_begin(out, "customer", c->number, c->number, NULL);
	dbrief_record_set_text(out, "name", c->name, DBRIEF_NTS);
	dbrief_record_set_text(out, "street", c->street, DBRIEF_NTS);
	dbrief_record_set_text(out, "town", c->town, DBRIEF_NTS);
	if (c->born)
		dbrief_record_set_text(out, "born", c->born, DBRIEF_NTS);
	else
		dbrief_record_set_null(out, "born");
	dbrief_record_end(out);
}

static void put_call(dbrief_records *out, const struct call *c) {
	dbrief_record_begin(out, "call", c->customer, c->id, NULL);
	dbrief_record_set_text(out, "at", c->at, DBRIEF_NTS);
	dbrief_record_set_text(out, "topic", c->topic, DBRIEF_NTS);
	dbrief_record_set_integer(out, "minutes", c->minutes);
	dbrief_record_end(out);
}

/* Errors latch, so the last call tells of all. */
static int fetch(void *cursor, const char *subject, dbrief_records *out, struct dbrief_error *err) {
	(void)cursor;
	(void)err;
	for (size_t i = 0; i < sizeof(customers) / sizeof(*customers); i++)
		if (strcmp(customers[i].number, subject) == 0)
			put_customer(out, &customers[i]);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (strcmp(calls[i].customer, subject) == 0)
			put_call(out, &calls[i]);
	return dbrief_records_end(out);
}

static int list(void *cursor, int (*each)(void *ctx, const char *subject), void *ctx, struct dbrief_error *err) {
	(void)cursor;
	(void)err;
	for (size_t i = 0; i < sizeof(customers) / sizeof(*customers); i++)
		if (each(ctx, customers[i].number))
			break;
	return DBRIEF_OK;
}

static const struct dbrief_connector crm = {
	.size = sizeof(struct dbrief_connector),
	.name = "crm",
	.describe = describe,
	.open = open_cursor,
	.fetch = fetch,
	.list = list,
	.close = close_cursor,
};

static int make_letter(dbrief_engine *engine, const char *subject, const char *path, struct dbrief_error *err) {
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;
	struct dbrief_sink sink;
	struct dbrief_letter_info info = { .size = sizeof(info) };
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	int st;

	opts.info = &info;
	st = dbrief_session_new(&session, engine, err);
	if (!st)
		st = dbrief_template_load(&tmpl, engine, NULL, err);
	if (!st)
		st = dbrief_sink_init_file(&sink, path, err);
	if (!st) {
		st = dbrief_letter_create(session, tmpl, subject, &sink, &opts, err);
		dbrief_sink_dispose(&sink);
	}
	if (!st)
		printf("letter %s: %u pages, %u records\n", info.case_code, info.pages, info.records);
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	return st;
}

int main(int argc, char **argv) {
	dbrief_engine *engine = NULL;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int st;

	if (argc != 4) {
		fputs("usage: host_connector CONFIG CUSTOMER FILE.pdf\n", stderr);
		return 2;
	}
	st = dbrief_engine_load(&engine, argv[1], NULL, &err);
	if (!st)
		st = dbrief_engine_add_connector(engine, "crm", &crm, &err);
	if (!st)
		st = dbrief_engine_freeze(engine, &err);
	if (!st)
		st = make_letter(engine, argv[2], argv[3], &err);
	if (st)
		fprintf(stderr, "host_connector: %s: %s\n", err.where, err.text);
	dbrief_engine_free(engine);
	return st ? 1 : 0;
}
