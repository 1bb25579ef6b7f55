/* SPDX-License-Identifier: MIT */
/* A sample of the data: texts that look as if read in a wrong charset, and texts that a policy changed. */
#include <string.h>
#include "api/lint.h"
#include "util/mem.h"

#define SAMPLE 50

struct sample {
	struct dbi_lint *l;
	struct dbi_connected *sources;
	size_t n_sources;
	dbi_gatherer *gatherer;
	char **subjects;
	size_t n, failed;
	struct dbrief_error first;   /* of the failed ones */
};

/* Those that dbi_lint_sources found to be as declared; it has said what is wrong with the others. */
static bool choose_sources(struct sample *s)
{
	const dbrief_engine *e = s->l->engine;

	s->sources = dbi_calloc(e->n_sources + 1, sizeof(*s->sources));
	if (!s->sources) {
		dbi_lint_memory(s->l);
		return false;
	}
	for (size_t i = 0; i < e->n_sources; i++)
		if (e->sources[i].described && e->connected[i].fault.status == DBRIEF_OK)
			s->sources[s->n_sources++] = e->connected[i];
	return s->n_sources > 0;
}

/* Where the customers are listed, or NULL. */
static const char *list_place(const struct sample *s)
{
	for (size_t i = 0; i < s->n_sources; i++)
		if (s->sources[i].decl->subjects)
			return s->sources[i].decl->place;
	return NULL;
}

static int keep_subject(void *ctx, const char *subject)
{
	struct sample *s = ctx;

	s->subjects[s->n] = dbi_lint_copy(s->l, subject);
	s->n += !s->l->stop;
	return s->n == SAMPLE || s->l->stop;
}

/* False: the source is away, slow or delivers what ends a run, so that it is not asked again. */
static bool read_one(struct sample *s, const char *subject, struct dbi_arena *arena)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_dataset data;
	int status = dbi_gather(s->gatherer, subject, arena, &data, &err);

	dbi_arena_reset(arena);
	/* Whom only a source knows that was left out is no matter here. */
	if (status == DBRIEF_OK || (err.cause == DBRIEF_CAUSE_UNKNOWN_SUBJECT && s->n_sources < s->l->engine->n_sources))
		return true;
	if (err.cause == DBRIEF_CAUSE_MEMORY)
		dbi_lint_memory(s->l);
	if (!s->failed++)
		s->first = err;
	return status == DBRIEF_FAILED && err.cause != DBRIEF_CAUSE_DEADLINE && !s->l->stop;
}

static void say_field(void *ctx, const struct dbi_source_decl *source, const struct dbi_collection_decl *records,
    const struct dbi_field_decl *field, const struct dbi_field_count *count)
{
	struct sample *s = ctx;

	if (count->suspect)
		dbi_lint_say(s->l, DBRIEF_SEVERITY_WARNING, field->place,
		    "source %s / records %s / field %s: %zu of %zu sampled values look as if read in a wrong charset (as \"M\xC3\x83\xC2\xBCller\" does); "
		    "set charset=\"...\" of the source or field to that of its bytes, or repair the data", source->id, records->name, field->name,
		    count->suspect, count->values);
	if (count->replaced)
		dbi_lint_say(s->l, DBRIEF_SEVERITY_WARNING, field->place,
		    "source %s / records %s / field %s: %zu of %zu sampled values hold what is no text and was replaced or left out; "
		    "set charset=\"...\" of the source or field to that of its bytes, or repair the data", source->id, records->name, field->name,
		    count->replaced, count->values);
}

static void read_all(struct sample *s, const char *place)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	int status = dbi_gatherer_new(&s->gatherer, s->sources, s->n_sources, &err);
	size_t read = 0;

	if (status == DBRIEF_OK)
		status = dbi_gatherer_count(s->gatherer, &err);
	if (status == DBRIEF_OK)
		status = dbi_gather_list(s->gatherer, keep_subject, s, &err);
	if (status != DBRIEF_OK)
		dbi_lint_say(s->l, DBRIEF_SEVERITY_WARNING, place, "no values were sampled: %s%s%s", err.where, err.where[0] ? ": " : "", err.text);
	while (read < s->n && read_one(s, s->subjects[read], &arena))
		read++;
	dbi_arena_dispose(&arena);
	if (s->failed)
		dbi_lint_say(s->l, DBRIEF_SEVERITY_WARNING, place, "the data of %zu of %zu sampled customers cannot be gathered; the first: %s%s%s",
		    s->failed, read < s->n ? read + 1 : s->n, s->first.where, s->first.where[0] ? ": " : "", s->first.text);
	if (s->gatherer)
		dbi_gatherer_each_count(s->gatherer, say_field, s);
}

void dbi_lint_charsets(struct dbi_lint *l)
{
	struct sample s = { .l = l };
	char *subjects[SAMPLE];
	const char *place;

	s.subjects = subjects;
	if (choose_sources(&s) && (place = list_place(&s)) != NULL)
		read_all(&s, place);
	dbi_gatherer_free(s.gatherer);
	dbi_free(s.sources);
}
