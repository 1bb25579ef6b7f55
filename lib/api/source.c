/* SPDX-License-Identifier: MIT */
/* Configured sources as connectors see them. */
#include <stddef.h>
#include <string.h>
#include "api/api.h"
#include "util/charset.h"

const char *dbrief_source_id(const dbrief_source *source)
{
	return source ? source->decl->id : NULL;
}

const char *dbrief_source_url(const dbrief_source *source)
{
	return source ? source->decl->url : NULL;
}

const char *dbrief_source_base(const dbrief_source *source)
{
	if (!source)
		return NULL;
	/* Who replaces a url on the command line means the folder they stand in. */
	return source->decl->url_overridden ? "." : source->decl->base;
}

const char *dbrief_source_place(const dbrief_source *source)
{
	return source ? source->decl->place : NULL;
}

const char *dbrief_source_subjects(const dbrief_source *source)
{
	return source ? source->decl->subjects : NULL;
}

const char *dbrief_source_setting(const dbrief_source *source, const char *name)
{
	if (!source || !name)
		return NULL;
	for (size_t i = 0; i < source->decl->n_settings; i++)
		if (strcmp(source->decl->settings[i][0], name) == 0)
			return source->decl->settings[i][1];
	return NULL;
}

const char *dbrief_source_found_by(const dbrief_source *source)
{
	return source && source->decl->found_by ? source->decl->found_by->name : NULL;
}

size_t dbrief_source_collections(const dbrief_source *source)
{
	return source ? source->decl->n_collections + source->decl->n_shared : 0;
}

int dbrief_source_collection(const dbrief_source *source, size_t i, struct dbrief_collection_info *info)
{
	const struct dbi_collection_decl *c;
	struct dbrief_collection_info known;

	/* A caller that was built with an earlier header has a shorter one. */
	if (!source || !info || i >= source->decl->n_collections + source->decl->n_shared ||
	    info->size < offsetof(struct dbrief_collection_info, file))
		return DBRIEF_FATAL;
	c = &source->decl->collections[i];
	known = (struct dbrief_collection_info){
		.size = info->size, .name = c->name, .query = c->query, .key = c->key,
		.subject_key = c->subject_key, .link = c->link, .place = c->place, .file = c->file,
		.file_charset = dbi_charset_canonical(c->file_charset ? c->file_charset : source->decl->charset),
		.path = c->path,
	};
	memcpy(info, &known, info->size < sizeof(known) ? info->size : sizeof(known));
	return DBRIEF_OK;
}

size_t dbrief_source_fields(const dbrief_source *source, size_t i)
{
	return source && i < source->decl->n_collections ? source->decl->collections[i].n_fields : 0;
}

int dbrief_source_field(const dbrief_source *source, size_t i, size_t field, struct dbrief_field_info *info)
{
	const struct dbi_field_decl *f;
	struct dbrief_field_info known;

	if (!info || field >= dbrief_source_fields(source, i) || info->size < sizeof(known))
		return DBRIEF_FATAL;
	f = &source->decl->collections[i].fields[field];
	known = (struct dbrief_field_info){
		.size = info->size, .name = f->name, .type = f->ignore_reason ? NULL : dbi_type_names[f->type],
		.path = f->path, .charset = dbi_charset_canonical(f->charset),
	};
	memcpy(info, &known, sizeof(known));
	return DBRIEF_OK;
}

const char *dbrief_source_charset(const dbrief_source *source)
{
	return source ? dbi_charset_canonical(source->decl->charset) : NULL;
}
