/* SPDX-License-Identifier: MIT */
/* <identity>, <shared>, found-by and confirm-by: reading and checking. */
#include "gather/identity.h"

#include <stdio.h>
#include <string.h>
#include "util/limits.h"

static const struct dbi_key_decl *find_key(const struct dbi_sources *s, const char *name)
{
	for (size_t i = 0; name && i < s->n_keys; i++)
		if (strcmp(s->keys[i].name, name) == 0)
			return &s->keys[i];
	return NULL;
}

static size_t count(const dbi_xml_node *n, const char *name)
{
	size_t i = 0;
	for (n = dbi_node_child(n, name); n; n = dbi_node_sibling(n, name))
		i++;
	return i;
}

/* ---- <key> ---- */

/* "source/records" */
static int read_from(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_key_from *from)
{
	const char *slash;
	int rc = dbi_form_attrs(f, n, "records! field! when is");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "records", &from->records);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "field", &from->field);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "when", &from->when);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "is", &from->is);
	if (rc != DBRIEF_OK)
		return rc;
	if (!from->when != !from->is)
		return dbi_form_error(f, n, "when names a field and is its value; give both or none");
	slash = strchr(from->records, '/');
	if (!slash)
		return dbi_form_error(f, n, "records names no source; write it as SOURCE/RECORDS");
	from->source = dbi_arena_strndup(f->arena, from->records, (size_t)(slash - from->records));
	from->records = slash + 1;
	return from->source ? DBRIEF_OK : dbi_form_memory(f);
}

static int read_words(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_key_decl *key)
{
	int type = 0, strength = 0, ignore = 0, unique = 0, rc = dbi_form_word(f, n, "type", "text email phone", 0, &type);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "strength", "strong weak", 0, &strength);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "case", "exact ignore", 0, &ignore);
	if (rc == DBRIEF_OK)
		rc = dbi_form_word(f, n, "unique", "no yes", 0, &unique);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "country", &key->country);
	key->type = (enum dbi_key_type)type;
	key->strong = strength == 0;
	key->ignore_case = ignore == 1;
	key->unique = unique == 1;
	if (rc == DBRIEF_OK && key->country && (key->type != DBI_KEY_PHONE || !*key->country || strlen(key->country) > 3
	    || strspn(key->country, "0123456789") != strlen(key->country)))
		rc = dbi_form_error(f, n, "country is a calling code of one to three digits for keys of type phone, such as 49");
	return rc;
}

static int read_key(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_key_decl *key)
{
	int rc = dbi_form_attrs(f, n, "name! type! strength! case unique country");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "from+");
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "name", &key->name);
	if (rc == DBRIEF_OK && find_key(s, key->name))
		rc = dbi_form_error(f, n, "a key '%.60s' stands above; name each once", key->name);
	if (rc == DBRIEF_OK && strlen(key->name) > 40)
		rc = dbi_form_error(f, n, "the name of the key is too long; use at most 40 bytes");
	if (rc == DBRIEF_OK)
		rc = read_words(f, n, key);
	key->from = dbi_arena_calloc(f->arena, count(n, "from"), sizeof *key->from);
	key->place = dbi_form_place(f, n);
	if (rc == DBRIEF_OK && (!key->from || !key->place))
		rc = dbi_form_memory(f);
	for (const dbi_xml_node *c = dbi_node_child(n, "from"); rc == DBRIEF_OK && c; c = dbi_node_sibling(c, "from"))
		rc = read_from(f, c, &key->from[key->n_from++]);
	return rc;
}

int dbi_identity_read(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_sources *s)
{
	const dbi_xml_node *identity = dbi_node_child(root, "identity");
	int rc;
	if (!identity)
		return DBRIEF_OK;
	rc = dbi_form_attrs(f, identity, "");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, identity, "key+");
	if (rc == DBRIEF_OK && count(identity, "key") > DBI_MAX_KEYS)
		rc = dbi_form_error(f, identity, "more than %d keys; leave some out", DBI_MAX_KEYS);
	s->keys = dbi_arena_calloc(f->arena, count(identity, "key"), sizeof *s->keys);
	if (rc == DBRIEF_OK && !s->keys)
		rc = dbi_form_memory(f);
	for (const dbi_xml_node *n = dbi_node_child(identity, "key"); rc == DBRIEF_OK && n;
	    n = dbi_node_sibling(n, "key")) {
		struct dbi_key_decl *key = &s->keys[s->n_keys];
		rc = read_key(f, n, s, key);
		key->index = (unsigned)s->n_keys++;
	}
	return rc;
}

/* ---- what a source says ---- */

static int read_key_name(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, const struct dbi_sources *all,
    const struct dbi_key_decl **key)
{
	const char *name = NULL;
	int rc = dbi_form_attr(f, n, attr, &name);
	*key = find_key(all, name);
	if (rc == DBRIEF_OK && name && !*key)
		rc = dbi_form_error(f, n, "%s names '%.60s', which is no key; add <key name=\"%.60s\"> to <identity>", attr, name,
		    name);
	return rc;
}

int dbi_found_by_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    struct dbi_source_decl *s)
{
	int rc = read_key_name(f, n, "found-by", all, &s->found_by);
	if (rc == DBRIEF_OK)
		rc = read_key_name(f, n, "confirm-by", all, &s->confirm_by);
	if (rc != DBRIEF_OK)
		return rc;
	if (s->confirm_by && (!s->found_by || s->confirm_by == s->found_by))
		return dbi_form_error(f, n, "confirm-by needs another key as found-by; name the key that finds the subject");
	if (s->found_by && !s->found_by->strong && !s->confirm_by)
		return dbi_form_error(f, n, "the key '%.60s' is weak, others may have it, too; add confirm-by with a second key",
		    s->found_by->name);
	if (s->found_by && dbi_node_child(n, "subjects"))
		return dbi_form_error(f, n,
		    "<subjects> lists customer numbers, and this source is found by another key; move it to the source that has them");
	return DBRIEF_OK;
}

int dbi_shared_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *all,
    struct dbi_source_decl *s)
{
	struct dbi_collection_decl *c = &s->collections[s->n_collections + s->n_shared];
	char name[64];
	int rc = dbi_form_attrs(f, n, "key! subject-key");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "query");
	if (rc == DBRIEF_OK)
		rc = read_key_name(f, n, "key", all, &c->shared);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "subject-key", &c->subject_key);
	if (rc == DBRIEF_OK && dbi_node_child(n, "query"))
		rc = dbi_form_text(f, dbi_node_child(n, "query"), false, true, &c->query);
	if (rc == DBRIEF_OK && s->found_by)
		rc = dbi_form_error(f, n, "a source that is itself found by a key cannot tell whose it is; move <shared> to the "
		    "source of the customer numbers");
	if (rc != DBRIEF_OK)
		return rc;
	if (!c->subject_key && strcmp(s->type, "host"))
		return dbi_form_error(f, n, "<shared> has no attribute subject-key; name the column that holds the customer's identifier");
	(void)snprintf(name, sizeof name, "shared-%s", c->shared->name);
	if (dbi_source_collection(s, name))
		return dbi_form_error(f, n, "'%s' stands above in this source; name each once", name);
	c->name = c->label = dbi_arena_strndup(f->arena, name, strlen(name));
	c->activity = "";
	c->place = dbi_form_place(f, n);
	s->n_shared++;
	return c->name && c->place ? DBRIEF_OK : dbi_form_memory(f);
}

/* ---- all together ---- */

static int config_error(const struct dbi_form *f, const char *place, const char *text)
{
	return dbi_error(f->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place, "%s", text);
}

static bool field_at(const struct dbi_collection_decl *c, const char *name, size_t *at)
{
	const struct dbi_field_decl *field = dbi_collection_field(c, name);
	if (!field || field->ignore_reason || field->type == DBI_TYPE_BINARY)
		return false;
	*at = (size_t)(field - c->fields);
	return true;
}

static int resolve_from(const struct dbi_form *f, const struct dbi_sources *s, const struct dbi_key_decl *key,
    struct dbi_key_from *from)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->sources[i].id, from->source) == 0)
			from->source_decl = &s->sources[i];
	from->decl = from->source_decl ? dbi_source_collection(from->source_decl, from->records) : NULL;
	if (!from->decl || from->decl->shared)
		return config_error(f, key->place, "a <from> of this key names records that no source has; correct records=\"SOURCE/RECORDS\"");
	if (!field_at(from->decl, from->field, &from->field_at) || (from->when && !field_at(from->decl, from->when, &from->when_at)))
		return config_error(f, key->place, "a <from> of this key names a field that its records do not have; correct field or when");
	return DBRIEF_OK;
}

static unsigned stage_after(const struct dbi_key_decl *key, unsigned stage)
{
	for (size_t i = 0; key && i < key->n_from; i++)
		if (key->from[i].source_decl->stage >= stage)
			stage = key->from[i].source_decl->stage + 1;
	return stage;
}

/* As many rounds as there are sources settle any order; one that still moves then asks itself. */
static int order_sources(const struct dbi_form *f, struct dbi_sources *s)
{
	bool moved = true;
	for (size_t round = 0; moved && round <= s->n; round++) {
		moved = false;
		for (size_t i = 0; i < s->n; i++) {
			struct dbi_source_decl *source = &s->sources[i];
			unsigned stage = stage_after(source->confirm_by, stage_after(source->found_by, 0));
			moved = moved || stage > source->stage;
			source->stage = stage > source->stage ? stage : source->stage;
		}
	}
	return moved ? config_error(f, s->keys[0].place,
	    "sources are found by keys that only they themselves deliver; take the keys from a source that is found by the number")
	    : DBRIEF_OK;
}

/* Would it be seen when two subjects have one value of the key? */
static bool twins_are_seen(const struct dbi_sources *s, const struct dbi_key_decl *key)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_shared; k++)
			if (s->sources[i].collections[s->sources[i].n_collections + k].shared == key)
				return true;
	return key->unique;
}

static int check_found(const struct dbi_form *f, const struct dbi_sources *s, const struct dbi_source_decl *source)
{
	if (source->found_by && source->found_by->strong && !source->confirm_by && !twins_are_seen(s, source->found_by))
		return config_error(f, source->found_by->place, "nothing would tell when two customers have one value of this key; add "
		    "<shared key=\"...\"> to the source that knows, or unique=\"yes\" where the database forbids it");
	for (size_t i = 0; i < source->n_collections; i++) {
		const struct dbi_collection_decl *c = &source->collections[i];
		if (source->confirm_by && !c->parent && !c->confirm_key)
			return config_error(f, c->place, "these records must be confirmed; add confirm-key with the column that holds the second key");
		if (!source->confirm_by && c->confirm_key)
			return config_error(f, c->place, "confirm-key needs confirm-by of the source; add it or remove confirm-key");
	}
	return DBRIEF_OK;
}

int dbi_identity_resolve(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_sources *s)
{
	int rc = DBRIEF_OK;
	(void)root;
	for (size_t i = 0; rc == DBRIEF_OK && i < s->n_keys; i++)
		for (size_t k = 0; rc == DBRIEF_OK && k < s->keys[i].n_from; k++)
			rc = resolve_from(f, s, &s->keys[i], &s->keys[i].from[k]);
	if (rc == DBRIEF_OK)
		rc = order_sources(f, s);
	for (size_t i = 0; rc == DBRIEF_OK && i < s->n; i++)
		rc = check_found(f, s, &s->sources[i]);
	return rc;
}
