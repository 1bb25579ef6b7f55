/* SPDX-License-Identifier: MIT */
/* --source ID=URL: the same configuration against another database or file. */
#include "gather/declare.h"

#include <stdio.h>
#include <string.h>

/* The ids there are, as far as they fit. */
static void list_ids(const struct dbi_sources *s, char *out, size_t size)
{
	size_t used = 0;
	*out = 0;
	for (size_t i = 0; i < s->n && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", s->sources[i].id);
}

static int override_error(struct dbrief_error *err, const char *text)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "--source", "%s", text);
}

int dbi_sources_override(struct dbi_sources *s, const char *id_url, struct dbrief_error *err)
{
	const char *equals = strchr(id_url, '='), *colon = equals ? strchr(equals + 1, ':') : NULL;
	size_t n = equals ? (size_t)(equals - id_url) : 0;
	if (!n || !colon || colon == equals + 1)
		return override_error(err, "the value is not ID=URL; write for example crm=sqlite:copy.db");
	for (size_t i = 0; i < s->n; i++) {
		struct dbi_source_decl *source = &s->sources[i];
		const char *url, *type;
		if (strlen(source->id) != n || memcmp(source->id, id_url, n))
			continue;
		url = dbi_arena_strndup(&s->arena, equals + 1, strlen(equals + 1));
		type = dbi_arena_strndup(&s->arena, equals + 1, (size_t)(colon - equals - 1));
		if (!url || !type)
			return dbi_error_memory(err);
		source->url = url;
		source->type = type;
		source->url_overridden = true;
		return DBRIEF_OK;
	}
	char ids[160], text[256];
	list_ids(s, ids, sizeof ids);
	snprintf(text, sizeof text, "there is no source of that id; the configuration has %s", s->n ? ids
	    : "none");
	return override_error(err, text);
}
