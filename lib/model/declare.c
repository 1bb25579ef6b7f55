/* SPDX-License-Identifier: MIT */
#include "model/declare.h"

#include <string.h>

const char *const dbi_type_names[DBI_TYPE_COUNT] = {
	"text", "integer", "decimal", "money", "date", "datetime", "boolean", "code", "binary"
};

const struct dbi_field_decl *dbi_collection_field(const struct dbi_collection_decl *c, const char *name)
{
	for (size_t i = 0; i < c->n_fields; i++)
		if (strcmp(c->fields[i].name, name) == 0)
			return &c->fields[i];
	return NULL;
}

const struct dbi_collection_decl *dbi_source_collection(const struct dbi_source_decl *s, const char *name)
{
	for (size_t i = 0; i < s->n_collections + s->n_shared; i++)
		if (strcmp(s->collections[i].name, name) == 0)
			return &s->collections[i];
	return NULL;
}

const struct dbi_code *dbi_code_find(const struct dbi_code_list *list, const char *value)
{
	size_t low = 0, high = list->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(value, list->codes[middle].value);
		if (order == 0)
			return &list->codes[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool dbi_collection_is_key(const struct dbi_collection_decl *c, const char *name)
{
	return (c->subject_key && strcmp(c->subject_key, name) == 0) || (c->key && strcmp(c->key, name) == 0)
	    || (c->link && strcmp(c->link, name) == 0) || (c->confirm_key && strcmp(c->confirm_key, name) == 0);
}
