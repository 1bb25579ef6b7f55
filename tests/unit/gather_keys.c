/* SPDX-License-Identifier: MIT */
/* Sources found by a key: what is fetched ahead stays judged by what other sources say later, or do not say. */
#include "scripted.h"

static const char config_xml[] =
	"<identity><key name='email' type='email' strength='strong'><from records='crm/contact' field='mail'/></key></identity>"
	"<source id='crm' type='host' label='CRM' optional='%s'><records name='contact' label='C' activity='a'>"
	"<field name='mail' label='M' type='text'/></records></source>"
	"<source id='twins' type='host' label='Twins' optional='%s'><records name='calls' label='A' activity='a'>"
	"<field name='note' label='N' type='text'/></records><shared key='email'/></source>"
	"<source id='news' type='host' label='News' found-by='email'><records name='topics' label='T' activity='a'>"
	"<field name='topic' label='T' type='text'/></records></source>";

struct world {
	const char *shared;      /* the subject that shares a key, by the source that is asked one by one */
	bool twins_away, crm_away;
	unsigned busy;           /* chunks of the newsletter that fail first */
	unsigned chunks;
};

/* C1 and C2 have one address in common. */
static const char *const mails[][2] = { { "C1", "a@x.de" }, { "C1", "t@x.de" }, { "C2", "t@x.de" }, { "C3", "c@x.de" } };

static int world_open(void **cursor, void *user, struct dbrief_error *err)
{
	(void)err;
	*cursor = user;
	return DBRIEF_OK;
}

static void world_close(void *cursor)
{
	(void)cursor;
}

static int one_record(dbrief_records *r, const char *collection, const char *subject, const char *field, const char *value)
{
	(void)dbrief_record_begin(r, collection, subject, NULL, NULL);
	if (field)
		(void)dbrief_record_set_text(r, field, value, DBRIEF_NTS);
	return dbrief_record_end(r);
}

static int crm_fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *r, struct dbrief_error *err)
{
	const struct world *w = cursor;
	(void)err;
	for (size_t i = 0; i < n && !w->crm_away; i++)
		for (size_t k = 0; k < sizeof mails / sizeof *mails; k++)
			if (strcmp(mails[k][0], subjects[i]) == 0)
				(void)one_record(r, "contact", subjects[i], "mail", mails[k][1]);
	return w->crm_away ? DBRIEF_FAILED : dbrief_records_end(r);
}

static int crm_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	return crm_fetch_many(cursor, &subject, 1, r, err);
}

static int twins_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	const struct world *w = cursor;
	(void)err;
	if (w->twins_away)
		return DBRIEF_FAILED;
	(void)one_record(r, "calls", subject, "note", "n");
	if (w->shared && strcmp(w->shared, subject) == 0)
		(void)one_record(r, "shared-email", subject, NULL, NULL);
	return dbrief_records_end(r);
}

static int news_fetch_many(void *cursor, const char *const *keys, size_t n, dbrief_records *r, struct dbrief_error *err)
{
	struct world *w = cursor;
	(void)err;
	w->chunks++;
	for (size_t i = 0; i < n; i++)
		(void)one_record(r, "topics", keys[i], "topic", keys[i]);
	return w->chunks <= w->busy ? DBRIEF_RETRY : dbrief_records_end(r);
}

static int news_fetch(void *cursor, const char *key, dbrief_records *r, struct dbrief_error *err)
{
	(void)cursor;
	(void)err;
	(void)one_record(r, "topics", key, "topic", key);
	return dbrief_records_end(r);
}

struct run {
	struct dbi_sources s;
	struct dbi_connected c[3];
	dbi_gatherer *g;
	struct dbrief_error err;
	size_t n_records, n_keys; /* of the newsletter, in the last letter */
};

static void start(struct run *r, struct world *w)
{
	char xml[2048];
	memset(r, 0, sizeof *r);
	snprintf(xml, sizeof xml, config_xml, w->crm_away ? "yes" : "no", w->twins_away ? "yes" : "no");
	declare(&r->s, xml);
	for (size_t i = 0; i < 3; i++) {
		r->c[i].decl = &r->s.sources[i];
		r->c[i].connector = (struct dbrief_connector){ .size = sizeof r->c[i].connector, .name = "world", .open = world_open,
			.close = world_close, .user = w };
	}
	r->c[0].connector.fetch = crm_fetch;
	r->c[0].connector.fetch_many = crm_fetch_many;
	r->c[1].connector.fetch = twins_fetch;
	r->c[2].connector.fetch = news_fetch;
	r->c[2].connector.fetch_many = news_fetch_many;
	EQ(dbi_gatherer_new(&r->g, r->c, 3, &r->err), DBRIEF_OK, "opened");
}

static void end(struct run *r)
{
	dbi_gatherer_free(r->g);
	dbi_sources_dispose(&r->s);
}

static void ahead(struct run *r)
{
	static const char *const subjects[] = { "C1", "C2", "C3" };
	EQ(dbi_gather_prefetch(r->g, subjects, 3, &r->err), DBRIEF_OK, "fetched ahead");
}

static int gather(struct run *r, const char *subject)
{
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_dataset data;
	int rc;
	dbrief_error_clear(&r->err);
	rc = dbi_gather(r->g, subject, &arena, &data, &r->err);
	if (rc == DBRIEF_OK) {
		r->n_records = data.sources[2].n_records;
		r->n_keys = data.sources[2].n_keys;
	}
	dbi_arena_dispose(&arena);
	return rc;
}

static void test_told_later(void)
{
	struct world w = { .shared = "C3" };
	struct run r;
	start(&r, &w);
	ahead(&r);
	EQ(gather(&r, "C3"), DBRIEF_FAILED, "a source that is asked one by one tells of a twin: what was fetched ahead is not served");
	EQ(r.err.cause, DBRIEF_CAUSE_AMBIGUOUS, "the letter is held");
	end(&r);
	w.shared = NULL;
	start(&r, &w);
	ahead(&r);
	EQ(gather(&r, "C3"), DBRIEF_OK, "without a twin it is served");
	EQ(r.n_records, 1, "with its record");
	end(&r);
}

static void test_away(void)
{
	struct world twins = { .twins_away = true }, crm = { .crm_away = true };
	for (int chunk = 0; chunk < 2; chunk++) {
		struct run r;
		start(&r, &twins);
		if (chunk)
			ahead(&r);
		EQ(gather(&r, "C3"), DBRIEF_FAILED, "while the source that would tell of twins is away nobody is found by the key");
		EQ(r.err.cause, DBRIEF_CAUSE_INCOMPLETE, "the letter is held");
		OK(strstr(r.err.text, "'twins'") != NULL, "and names it");
		end(&r);
		start(&r, &crm);
		if (chunk)
			ahead(&r);
		EQ(gather(&r, "C3"), DBRIEF_FAILED, "while the source of the key is away nobody says that nothing is stored");
		EQ(r.err.cause, DBRIEF_CAUSE_INCOMPLETE, "the letter is held");
		end(&r);
	}
}

static void test_repeated(void)
{
	struct world w = { .busy = 1 };
	struct run r;
	start(&r, &w);
	ahead(&r);
	EQ(w.chunks, 2, "a chunk by key is tried again");
	EQ(gather(&r, "C1"), DBRIEF_FAILED, "a subject with a twin in the chunk stays held, though its other key was asked for");
	EQ(r.err.cause, DBRIEF_CAUSE_AMBIGUOUS, "as ambiguous");
	EQ(gather(&r, "C3"), DBRIEF_OK, "the others go on");
	EQ(r.n_records, 1, "with their records once");
	EQ(r.n_keys, 1, "and the number of their keys");
	end(&r);
}

int main(void)
{
	test_told_later();
	test_away();
	test_repeated();
	return tap_done();
}
