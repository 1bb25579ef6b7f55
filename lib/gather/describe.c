/* SPDX-License-Identifier: MIT */
/* What a connector says it can deliver, compared with what is declared. */
#include "gather/cursor.h"

#include <stdio.h>
#include <string.h>
#include "util/arena.h"
#include "util/error.h"
#include "util/limits.h"

struct described_field { const char *name; struct described_field *next; };
struct described { const char *name; struct described_field *fields,
    **tail; size_t n; struct described *next; };

struct dbrief_declaration {
	struct dbi_arena arena;
	struct described *first, **tail, *open;
	size_t n;
	struct dbrief_error error;
};

/* ---- the connector's side ---- */

static int declaration_fail(dbrief_declaration *d, int cause, const char *text)
{
	return dbi_error(&d->error, DBRIEF_FATAL, cause, "", "%s", text);
}

int dbrief_declare_collection(dbrief_declaration *d, const char *collection)
{
	struct described *c;
	if (d->error.status < DBRIEF_OK)
		return d->error.status;
	if (!collection || !*collection)
		return declaration_fail(d, DBRIEF_CAUSE_ARG,
		    "a collection without a name was described; name it");
	if (d->n >= DBI_MAX_COLLECTIONS)
		return declaration_fail(d, DBRIEF_CAUSE_LIMIT,
		    "too many collections were described; describe fewer");
	c = dbi_arena_calloc(&d->arena, 1, sizeof *c);
	if (!c || !(c->name = dbi_arena_strndup(&d->arena, collection, strlen(collection))))
		return declaration_fail(d, DBRIEF_CAUSE_MEMORY, "out of memory; give the process more");
	c->tail = &c->fields;
	*d->tail = c;
	d->tail = &c->next;
	d->open = c;
	d->n++;
	return DBRIEF_OK;
}

int dbrief_declare_field(dbrief_declaration *d, const char *field)
{
	struct described_field *f;
	if (d->error.status < DBRIEF_OK)
		return d->error.status;
	if (!d->open)
		return declaration_fail(d, DBRIEF_CAUSE_STATE,
		    "a field was described before its collection; begin with the collection");
	if (!field || !*field)
		return declaration_fail(d, DBRIEF_CAUSE_ARG, "a field without a name was described; name it");
	if (d->open->n >= DBI_MAX_FIELDS)
		return declaration_fail(d, DBRIEF_CAUSE_LIMIT,
		    "too many fields were described; describe fewer");
	f = dbi_arena_calloc(&d->arena, 1, sizeof *f);
	if (!f || !(f->name = dbi_arena_strndup(&d->arena, field, strlen(field))))
		return declaration_fail(d, DBRIEF_CAUSE_MEMORY, "out of memory; give the process more");
	*d->open->tail = f;
	d->open->tail = &f->next;
	d->open->n++;
	return DBRIEF_OK;
}

/* ---- differences ---- */

/* All differences in one line: as many as fit are named, the rest is counted. */
struct differences { char text[256]; size_t len, unnamed; int cause; };

#define ROOM_FOR_MORE 20

static void add_difference(struct differences *d, int cause, const char *collection, const char *field,
    const char *what)
{
	char one[256];
	int n = field ? snprintf(one, sizeof one, "records %.60s / field %.60s %s", collection, field, what)
	    : snprintf(one, sizeof one, "records %.60s %s", collection, what);
	if (!d->cause)
		d->cause = cause;
	if (n < 0 || d->unnamed || d->len + (size_t)n + 2 + ROOM_FOR_MORE >= sizeof d->text) {
		d->unnamed++;
		return;
	}
	d->len += (size_t)snprintf(d->text + d->len, sizeof d->text - d->len, "%s%s", d->len ? "; " : "", one);
}

static const struct described *find_described(const dbrief_declaration *d, const char *name)
{
	const struct described *c = d->first;
	while (c && strcmp(c->name, name))
		c = c->next;
	return c;
}

static void compare_fields(struct differences *d, const struct dbi_collection_decl *c,
    const struct described *described)
{
	const struct described_field *f;
	if (c->shared)
		return;
	for (f = described->fields; f; f = f->next)
		if (!dbi_collection_field(c, f->name) && !dbi_collection_is_key(c, f->name))
			add_difference(d, DBRIEF_CAUSE_UNDECLARED, c->name, f->name,
			    "is delivered but not declared: add <field> or <ignore>");
	for (size_t i = 0; i < c->n_fields; i++) {
		if (c->fields[i].ignore_reason)
			continue;
		for (f = described->fields; f && strcmp(f->name, c->fields[i].name); f = f->next)
			;
		if (!f)
			add_difference(d, DBRIEF_CAUSE_INCOMPLETE, c->name, c->fields[i].name,
			    "is declared but not delivered: add it to the query");
	}
}

static void compare(struct differences *d, const struct dbi_source_decl *s, const dbrief_declaration *said)
{
	for (const struct described *c = said->first; c; c = c->next) {
		const struct dbi_collection_decl *declared = dbi_source_collection(s, c->name);
		if (declared)
			compare_fields(d, declared, c);
		else
			add_difference(d, DBRIEF_CAUSE_UNDECLARED, c->name, NULL,
			    "are delivered but not declared: add <records>");
	}
	for (size_t i = 0; i < s->n_collections + s->n_shared; i++)
		if (!find_described(said, s->collections[i].name))
			add_difference(d, DBRIEF_CAUSE_INCOMPLETE, s->collections[i].name, NULL,
			    "are declared but not delivered: correct the name or the source");
}

int dbi_connected_check(struct dbi_connected *c, struct dbrief_error *err)
{
	struct dbrief_declaration said = { .arena = DBI_ARENA_INIT };
	struct differences d = { "", 0, 0, 0 };
	struct dbrief_error e = DBRIEF_ERROR_INIT;
	char where[192];
	int rc;
	said.tail = &said.first;
	dbrief_error_clear(&c->fault);
	rc = c->connector.describe(c->connector.user, &said, &e);
	if (said.error.status < DBRIEF_OK)
		rc = dbi_error(&e, said.error.status, said.error.cause, said.error.where, "%s",
		    said.error.text);
	else if (rc != DBRIEF_OK)
		rc = dbi_error(&e, rc < DBRIEF_WARN ? rc : DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, "",
		    "the connector could not describe its records; check that the source can be reached");
	if (rc == DBRIEF_OK) {
		compare(&d, c->decl, &said);
		snprintf(where, sizeof where, "source %s", c->decl->id);
		if (d.unnamed)
			snprintf(d.text + d.len, sizeof d.text - d.len, "; and %zu more", d.unnamed);
		if (d.cause)
			(void)dbi_error(&c->fault, DBRIEF_FAILED, d.cause, where, "%s", d.text);
	} else if (dbi_source_may_be_away(c->decl, &e)) {
		/* Away for now. Each letter asks again, and there the record builder is the judge. */
		rc = DBRIEF_OK;
	} else {
		(void)dbi_error_prefix(&e, rc, "source %s", c->decl->id);
		rc = dbi_error_pass(err, rc, &e);
	}
	dbi_arena_dispose(&said.arena);
	return rc;
}
