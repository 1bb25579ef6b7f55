/* SPDX-License-Identifier: MIT */
/*
 * A connector that plays a script, for tests: each step is one call of the
 * record builder. With it a test lies about anything it wants.
 */
#ifndef SCRIPTED_H
#define SCRIPTED_H

#include <stdlib.h>
#include <string.h>
#include "gather/declare.h"
#include "gather/gather.h"
#include "tap.h"
#include "util/hash.h"

enum step_kind {
	STOP = 0,
	BEGIN,   /* a collection, b subject key, c record key, d parent key */
	TEXT,    /* a field, b text */
	BYTES,   /* a field, b text of n bytes */
	INTEGER, /* a field, n value */
	REAL,    /* a field, r value */
	BINARY,  /* a field, b bytes, n of them, c media type */
	NIL,     /* a field */
	END,     /* of the record */
	DONE,    /* dbrief_records_end */
	FAIL,    /* returns n with text a */
	OPEN_FAIL /* like FAIL, but from open */
};
struct step { enum step_kind kind; const char *a, *b, *c, *d; long long n; double r; };

struct script {
	const struct step *steps;
	const char *const *describe; /* "+collection", "field", ..., NULL; NULL: says nothing */
	const char *const *list;     /* subject keys, NULL */
	unsigned fetches, opens, closes, fails_first; /* fails_first: that many fetches return RETRY */
	int after;                   /* what fetch returns instead of the builder's verdict, when `lies` */
	bool lies;                   /* goes on after builder errors and returns `after` */
	const char *asked;
};

static int script_step(dbrief_records *r, const struct step *s)
{
	switch (s->kind) {
	case BEGIN: return dbrief_record_begin(r, s->a, s->b, s->c, s->d);
	case TEXT: return dbrief_record_set_text(r, s->a, s->b, DBRIEF_NTS);
	case BYTES: return dbrief_record_set_text(r, s->a, s->b, (size_t)s->n);
	case INTEGER: return dbrief_record_set_integer(r, s->a, s->n);
	case REAL: return dbrief_record_set_real(r, s->a, s->r);
	case BINARY: return dbrief_record_set_binary(r, s->a, s->b, (size_t)s->n, s->c);
	case NIL: return dbrief_record_set_null(r, s->a);
	case END: return dbrief_record_end(r);
	case DONE: return dbrief_records_end(r);
	default: return DBRIEF_OK;
	}
}

static int script_describe(void *user, dbrief_declaration *decl, struct dbrief_error *err)
{
	const struct script *s = user;
	int rc = DBRIEF_OK;
	if (!s->describe)
		return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "host", "away; try later");
	for (size_t i = 0; rc == DBRIEF_OK && s->describe[i]; i++)
		rc = *s->describe[i] == '+' ? dbrief_declare_collection(decl, s->describe[i] + 1)
		    : dbrief_declare_field(decl, s->describe[i]);
	return rc;
}

static int script_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct script *s = user;
	s->opens++;
	*cursor = NULL;
	if (s->steps && s->steps->kind == OPEN_FAIL)
		return dbrief_error_set(err, (int)s->steps->n, DBRIEF_CAUSE_CONNECTOR, "host", s->steps->a);
	*cursor = s;
	return DBRIEF_OK;
}

static int script_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	struct script *s = cursor;
	int rc = DBRIEF_OK;
	s->asked = subject;
	if (s->fetches++ < s->fails_first) {
		for (const struct step *p = s->steps; p->kind != STOP && p->kind != DONE; p++)
			(void)script_step(r, p);
		return DBRIEF_RETRY;
	}
	for (const struct step *p = s->steps; (rc == DBRIEF_OK || s->lies) && p->kind != STOP; p++) {
		if (p->kind == FAIL)
			return p->a ? dbrief_error_set(err, (int)p->n, DBRIEF_CAUSE_CONNECTOR, "host", p->a) : (int)p->n;
		rc = script_step(r, p);
	}
	return s->lies ? s->after : rc;
}

static int script_list(void *cursor, int (*each)(void *, const char *), void *ctx, struct dbrief_error *err)
{
	const struct script *s = cursor;
	(void)err;
	for (size_t i = 0; s->list[i]; i++)
		if (each(ctx, s->list[i]))
			break;
	return DBRIEF_OK;
}

static void script_close(void *cursor)
{
	((struct script *)cursor)->closes++;
}

static inline struct dbrief_connector script_connector(struct script *s)
{
	struct dbrief_connector c = { .size = sizeof c, .name = "script", .describe = script_describe, .open = script_open,
		.fetch = script_fetch, .list = script_list, .close = script_close, .user = s };
	return c;
}

/* <codes> and <source> elements as declarations; the test ends when they are wrong. */
static inline void declare(struct dbi_sources *s, const char *xml)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;
	dbi_xml_doc *doc = NULL;
	int rc;
	dbi_hash_init();
	dbi_xml_init();
	dbi_buf_addf(&text, "<datenbrief xmlns='urn:datenbrief:config:1'>%s</datenbrief>", xml);
	rc = dbi_xml_parse_memory(&doc, "test.xml", text.data, text.len, NULL, &err);
	if (rc == DBRIEF_OK)
		rc = dbi_sources_read(s, doc, dbi_xml_root(doc), ".", &err);
	dbi_xml_free(doc);
	dbi_buf_dispose(&text);
	if (rc != DBRIEF_OK) {
		printf("Bail out! %s: %s\n", err.where, err.text);
		exit(1);
	}
}

#endif
