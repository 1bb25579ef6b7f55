/* SPDX-License-Identifier: MIT */
/* <source> and <codes>: reading and checking what is declared. */
#include "gather/declare.h"

#include <stdlib.h>
#include <string.h>
#include "gather/declare_field.h"
#include "gather/identity.h"
#include "gather/limit.h"
#include "util/charset.h"
#include "util/limits.h"
#include "util/number.h"
#include "xml/form.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

static size_t count(const dbi_xml_node *n, const char *name)
{
	size_t i = 0;
	for (n = dbi_node_child(n, name); n; n = dbi_node_sibling(n, name))
		i++;
	return i;
}

static bool is_id(const char *s)
{
	return strchr("0123456789_.-", *s) == NULL && s[strspn(s, NAME_CHARACTERS)] == 0 && strlen(s) <= 60;
}

/* ---- code lists ---- */

static int order_codes(const void *a, const void *b)
{
	return strcmp(((const struct dbi_code *)a)->value, ((const struct dbi_code *)b)->value);
}

static int read_codes(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_code_list *list)
{
	int rc = dbi_form_attrs(f, n, "id!");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "code+");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "id", &list->id);
	list->codes = dbi_arena_calloc(f->arena, count(n, "code"), sizeof *list->codes);
	if (rc == DBRIEF_OK && !list->codes)
		rc = dbi_form_memory(f);
	for (const dbi_xml_node *c = dbi_node_child(n, "code"); rc == DBRIEF_OK && c;
	    c = dbi_node_sibling(c, "code")) {
		struct dbi_code *code = &list->codes[list->n];
		const char *value = dbi_node_attr(c, "value");
		rc = value ? dbi_form_attrs(f, c, "value?") : dbi_form_attrs(f, c, "value!");
		if (rc != DBRIEF_OK)
			return rc;
		/* Blanks count: a code of a fixed-width column may hold them. */
		code->value = dbi_form_copy(f, value, strlen(value));
		if (!code->value)
			return dbi_form_memory(f);
		rc = dbi_form_text(f, c, true, true, &code->label);
		for (size_t i = 0; rc == DBRIEF_OK && i < list->n; i++)
			if (strcmp(list->codes[i].value, code->value) == 0)
				rc = dbi_form_error(f, c,
				    "the code '%.60s' stands above; explain each code once", code->value);
		list->n++;
	}
	if (rc == DBRIEF_OK)
		qsort(list->codes, list->n, sizeof *list->codes, order_codes);
	return rc;
}

static int read_code_lists(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_sources *s)
{
	int rc = DBRIEF_OK;
	s->code_lists = dbi_arena_calloc(f->arena, count(root, "codes"), sizeof *s->code_lists);
	if (!s->code_lists)
		return dbi_form_memory(f);
	for (const dbi_xml_node *n = dbi_node_child(root, "codes"); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, "codes")) {
		struct dbi_code_list *list = &s->code_lists[s->n_code_lists];
		rc = read_codes(f, n, list);
		for (size_t i = 0; rc == DBRIEF_OK && i < s->n_code_lists; i++)
			if (strcmp(s->code_lists[i].id, list->id) == 0)
				rc = dbi_form_error(f, n,
				    "a code list '%.60s' stands above; give each its own id", list->id);
		s->n_code_lists++;
	}
	return rc;
}

/* ---- records ---- */

static int check_charset(const struct dbi_form *f, const dbi_xml_node *n, const char *name)
{
	if (!name || dbi_charset_canonical(name))
		return DBRIEF_OK;
	return dbi_form_error(f, n,
	    "the charset '%.40s' is not supported; write UTF-8, ISO-8859-1, WINDOWS-1252, CP850 or "
	    "another of datenbrief(5)", name);
}

/* <file> and <path>: where a file source keeps these records. */
static int read_file(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_collection_decl *c)
{
	const dbi_xml_node *file = dbi_node_child(n, "file");
	int rc = DBRIEF_OK;
	if (file) {
		rc = dbi_form_attrs(f, file, "charset");
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, file, "charset", &c->file_charset);
		if (rc == DBRIEF_OK)
			rc = check_charset(f, file, c->file_charset);
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(f, file, false, true, &c->file);
	}
	if (rc == DBRIEF_OK && dbi_node_child(n, "path"))
		rc = dbi_form_text(f, dbi_node_child(n, "path"), false, true, &c->path);
	return rc;
}

static int read_head(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_collection_decl *c)
{
	int rc = dbi_form_attrs(f, n, "name! label! activity! subject-key key within link since origin confirm-key");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "query file path field+ ignore*");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "name", &c->name);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "label", &c->label);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "activity", &c->activity);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "subject-key", &c->subject_key);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "key", &c->key);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "within", &c->within);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "link", &c->link);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "since", &c->since);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "confirm-key", &c->confirm_key);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "origin", &c->origin);
	if (rc == DBRIEF_OK && dbi_node_child(n, "query"))
		rc = dbi_form_text(f, dbi_node_child(n, "query"), false, true, &c->query);
	if (rc == DBRIEF_OK)
		rc = read_file(f, n, c);
	c->place = dbi_form_place(f, n);
	return rc == DBRIEF_OK && !c->place ? dbi_form_memory(f) : rc;
}

static int read_fields(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_collection_decl *c)
{
	size_t total = count(n, "field") + count(n, "ignore");
	int rc = DBRIEF_OK;
	if (total > DBI_MAX_FIELDS)
		return dbi_form_error(f, n, "more than %d fields; split the records", DBI_MAX_FIELDS);
	c->fields = dbi_arena_calloc(f->arena, total, sizeof *c->fields);
	if (!c->fields)
		return dbi_form_memory(f);
	for (const dbi_xml_node *x = dbi_node_child(n, NULL); rc == DBRIEF_OK && x;
	    x = dbi_node_sibling(x, NULL)) {
		struct dbi_field_decl *field = &c->fields[c->n_fields];
		if (dbi_node_is(x, "query") || dbi_node_is(x, "file") || dbi_node_is(x, "path"))
			continue;
		rc = dbi_field_read(f, x, s, field);
		if (rc == DBRIEF_OK && dbi_collection_field(c, field->name))
			rc = dbi_form_error(f, x, "a field '%.60s' stands above; name each field once",
			    field->name);
		c->n_fields++;
	}
	return rc;
}

static int check_since(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_collection_decl *c)
{
	const struct dbi_field_decl *since = c->since ? dbi_collection_field(c, c->since) : NULL;
	if (!c->since)
		return DBRIEF_OK;
	if (!since || since->ignore_reason
	    || (since->type != DBI_TYPE_DATE && since->type != DBI_TYPE_DATETIME))
		return dbi_form_error(f, n,
		    "since names '%.60s', which is no field of type date here; name one or leave since out",
		    c->since);
	if (since->show != DBI_SHOW_VALUE)
		return dbi_form_error(f, n,
		    "since names '%.60s', whose value is not printed; name another or leave since out",
		    c->since);
	return DBRIEF_OK;
}

static int read_records(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    const struct dbi_source_decl *source, struct dbi_collection_decl *c)
{
	int rc = read_head(f, n, c);
	if (rc == DBRIEF_OK && strlen(c->name) > 60)
		rc = dbi_form_error(f, n, "the name of the records is too long; use at most 60 bytes");
	if (rc == DBRIEF_OK && dbi_source_collection(source, c->name))
		rc = dbi_form_error(f, n, "records '%s' stand above in this source; name each once", c->name);
	if (rc == DBRIEF_OK && !c->subject_key && strcmp(source->type, "host"))
		rc = dbi_form_error(f, n,
		    "<records> has no attribute subject-key; name the column that holds the customer's identifier");
	if (rc == DBRIEF_OK && c->within && !c->link && strcmp(source->type, "host"))
		rc = dbi_form_error(f, n,
		    "within needs link; name the column that holds the key of the record of '%.60s'",
		    c->within);
	if (rc == DBRIEF_OK && c->link && !c->within)
		rc = dbi_form_error(f, n, "link needs within; name the records that hold these");
	if (rc == DBRIEF_OK)
		rc = read_fields(f, n, s, c);
	return rc == DBRIEF_OK ? check_since(f, n, c) : rc;
}

/* `within` names records of the same source that have a key, and no ring of them. */
static int resolve_parents(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_source_decl *s)
{
	size_t i = 0;
	for (n = dbi_node_child(n, "records"); n; n = dbi_node_sibling(n, "records"), i++) {
		struct dbi_collection_decl *c = &s->collections[i];
		if (!c->within)
			continue;
		c->parent = dbi_source_collection(s, c->within);
		if (!c->parent)
			return dbi_form_error(f, n,
			    "within names '%.60s', and this source has no such records; correct the name",
			    c->within);
		if (!c->parent->key && strcmp(s->type, "host"))
			return dbi_form_error(f, n,
			    "within names '%.60s', which has no key; add key=\"...\" there", c->within);
		for (const struct dbi_collection_decl *p = c->parent; p; p = p->parent)
			if (p == c)
				return dbi_form_error(f, n,
				    "the records '%s' stand within themselves; break the ring", c->name);
	}
	return DBRIEF_OK;
}

static int read_collections(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    struct dbi_source_decl *s, unsigned *index)
{
	int rc = DBRIEF_OK;
	size_t total = count(n, "records"), shared = count(n, "shared");
	if (total + *index > DBI_MAX_COLLECTIONS)
		return dbi_form_error(f, n, "more than %d <records> in one configuration; split it",
		    DBI_MAX_COLLECTIONS);
	s->collections = dbi_arena_calloc(f->arena, total + shared, sizeof *s->collections);
	if (!s->collections)
		return dbi_form_memory(f);
	for (const dbi_xml_node *r = dbi_node_child(n, "records"); rc == DBRIEF_OK && r;
	    r = dbi_node_sibling(r, "records")) {
		struct dbi_collection_decl *c = &s->collections[s->n_collections];
		rc = read_records(f, r, all, s, c);
		c->index = (*index)++;
		s->n_collections++;
	}
	for (const dbi_xml_node *r = dbi_node_child(n, "shared"); rc == DBRIEF_OK && r;
	    r = dbi_node_sibling(r, "shared"))
		rc = dbi_shared_read(f, r, all, s);
	return rc == DBRIEF_OK ? resolve_parents(f, n, s) : rc;
}

/* ---- sources ---- */

/* "30s", "500ms", "2min" */
static bool parse_deadline(const char *text, unsigned *ms)
{
	static const struct { const char *unit; unsigned ms; } units[] = { { "ms", 1 }, { "s", 1000 },
	    { "min", 60000 } };
	size_t digits = strspn(text, "0123456789");
	int64_t n;
	if (!dbi_parse_int(text, digits, &n) || n < 1)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(text + digits, units[i].unit) == 0 && n <= 86400000 / units[i].ms) {
			*ms = (unsigned)n * units[i].ms;
			return true;
		}
	return false;
}

static int read_settings(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_source_decl *s)
{
	const char *(*settings)[2] = dbi_arena_calloc(f->arena, count(n, "setting"), sizeof *settings);
	if (!settings)
		return dbi_form_memory(f);
	s->settings = settings;
	for (const dbi_xml_node *x = dbi_node_child(n, "setting"); x; x = dbi_node_sibling(x, "setting")) {
		int rc = dbi_form_attrs(f, x, "name!");
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, x, "name", &settings[s->n_settings][0]);
		if (rc == DBRIEF_OK)
			rc = dbi_form_text(f, x, false, false, &settings[s->n_settings][1]);
		if (rc != DBRIEF_OK)
			return rc;
		if (!settings[s->n_settings][1])
			settings[s->n_settings][1] = "";
		for (size_t i = 0; i < s->n_settings; i++)
			if (strcmp(settings[i][0], settings[s->n_settings][0]) == 0)
				return dbi_form_error(f, x, "a setting '%.60s' stands above; set each once",
				    settings[i][0]);
		s->n_settings++;
	}
	return DBRIEF_OK;
}

/* <ignore table="..." column="..." reason="..."/> of the source itself. */
static int read_left_out(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_source_decl *s)
{
	s->left_out = dbi_arena_calloc(f->arena, count(n, "ignore"), sizeof *s->left_out);
	if (!s->left_out)
		return dbi_form_memory(f);
	for (const dbi_xml_node *x = dbi_node_child(n, "ignore"); x; x = dbi_node_sibling(x, "ignore")) {
		struct dbi_left_out *o = &s->left_out[s->n_left_out++];
		int rc = dbi_form_attrs(f, x, "table! column reason!");
		if (rc == DBRIEF_OK)
			rc = dbi_form_children(f, x, "");
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, x, "table", &o->table);
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, x, "column", &o->column);
		if (rc == DBRIEF_OK)
			rc = dbi_form_attr(f, x, "reason", &o->reason);
		if (rc != DBRIEF_OK)
			return rc;
		o->place = dbi_form_place(f, x);
		if (!o->place)
			return dbi_form_memory(f);
	}
	return DBRIEF_OK;
}

static int check_source(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    const struct dbi_source_decl *s)
{
	size_t type = strlen(s->type);
	if (!is_id(s->id))
		return dbi_form_error(f, n,
		    "the id of the source is no name; write a letter, then letters, digits, '_', '.' or '-'");
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->sources[i].id, s->id) == 0)
			return dbi_form_error(f, n, "a source '%s' stands above; give each its own id", s->id);
	if (strcmp(s->type, "host") == 0)
		return DBRIEF_OK;
	if (!s->url)
		return dbi_form_error(f, n, "<source> has no attribute url; add url=\"%.30s:...\"", s->type);
	/* The url itself may hold a password and is never shown. */
	if (strncmp(s->url, s->type, type) || s->url[type] != ':')
		return dbi_form_error(f, n,
		    "the url does not begin with the type of the source; write url=\"%.30s:...\" or correct type",
		    s->type);
	return DBRIEF_OK;
}

static int read_attributes(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_source_decl *s)
{
	const char *deadline;
	int optional = 0, replace = 0, drop = 0, rc = dbi_form_attrs(f, n, "id! type! label! url charset optional deadline found-by confirm-by bad-bytes controls");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "setting* subjects records+ shared* ignore*");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "id", &s->id);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "type", &s->type);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "label", &s->label);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "url", &s->url);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "charset", &s->charset);
	if (rc == DBRIEF_OK)
		rc = check_charset(f, n, s->charset);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "optional", "no yes", 0, &optional);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "bad-bytes", "hold replace", 0, &replace);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "controls", "hold drop", 0, &drop);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "deadline", &deadline);
	if (rc != DBRIEF_OK)
		return rc;
	s->optional = optional == 1;
	s->replace = replace == 1;
	s->drop_controls = drop == 1;
	if (deadline && !parse_deadline(deadline, &s->deadline_ms))
		return dbi_form_error(f, n,
		    "the deadline is none; write a number with its unit, such as 500ms, 30s or 2min");
	return DBRIEF_OK;
}

static int read_source(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    const char *base,
    struct dbi_source_decl *s, unsigned *index)
{
	int rc = read_attributes(f, n, s);
	if (rc == DBRIEF_OK)
		rc = check_source(f, n, all, s);
	if (rc == DBRIEF_OK)
		rc = dbi_found_by_read(f, n, all, s);
	if (rc == DBRIEF_OK && dbi_node_child(n, "subjects"))
		rc = dbi_form_text(f, dbi_node_child(n, "subjects"), false, true, &s->subjects);
	if (rc == DBRIEF_OK)
		rc = read_settings(f, n, s);
	if (rc == DBRIEF_OK)
		rc = read_left_out(f, n, s);
	if (rc == DBRIEF_OK)
		rc = read_collections(f, n, all, s, index);
	if (rc != DBRIEF_OK)
		return rc;
	s->limits = &all->limits;
	s->base = dbi_arena_strndup(f->arena, base, strlen(base));
	s->place = dbi_form_place(f, n);
	return s->base && s->place ? DBRIEF_OK : dbi_form_memory(f);
}

int dbi_sources_read(struct dbi_sources *s, const dbi_xml_doc *doc, const dbi_xml_node *root, const char *base,
    struct dbrief_error *err)
{
	struct dbi_form f = { doc, dbi_node_ns(root), NULL, err };
	unsigned index = 0;
	int rc;
	memset(s, 0, sizeof *s);
	f.arena = &s->arena;
	rc = read_code_lists(&f, root, s);
	if (rc == DBRIEF_OK)
		rc = dbi_limits_read(&f, root, &s->limits);
	if (rc == DBRIEF_OK)
		rc = dbi_identity_read(&f, root, s);
	if (rc == DBRIEF_OK) {
		s->sources = dbi_arena_calloc(&s->arena, count(root, "source"), sizeof *s->sources);
		if (!s->sources)
			rc = dbi_form_memory(&f);
	}
	for (const dbi_xml_node *n = dbi_node_child(root, "source"); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, "source")) {
		rc = read_source(&f, n, s, base, &s->sources[s->n], &index);
		s->n++;
	}
	if (rc == DBRIEF_OK)
		rc = dbi_identity_resolve(&f, root, s);
	if (rc != DBRIEF_OK)
		dbi_sources_dispose(s);
	return rc;
}

void dbi_sources_dispose(struct dbi_sources *s)
{
	dbi_arena_dispose(&s->arena);
	memset(s, 0, sizeof *s);
}
