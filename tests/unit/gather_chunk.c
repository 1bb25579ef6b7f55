/* SPDX-License-Identifier: MIT */
/* Subjects fetched ahead: the same data as one by one, each served once, and a fault holds only the letters at fault. */
#include <stdatomic.h>
#include <time.h>
#include "scripted.h"

static const char sources_xml[] =
	"<source id='crm' type='host' label='CRM' optional='%s'><records name='orders' label='O' activity='a'>"
	"<field name='day' label='D' type='text'/></records></source>"
	"<source id='shop' type='host' label='Shop'><records name='visits' label='V' activity='a'>"
	"<field name='page' label='P' type='text'/></records></source>";

enum lie { HONEST, FOREIGN, SELECTED_FOREIGN, BAD_SELECT, FAILS, UNDECLARED, NO_END, LARGE, AWAY, BUSY, FATAL_FAILURE, LATE };

struct crm {
	enum lie lie;
	bool selects;
	unsigned opens, singles, chunks;
	size_t asked; /* in the last chunk */
	atomic_bool interrupted;
};

/* Two records for each subject but C3, who has none. C2 is the one at fault. */
static int deliver(const struct crm *crm, dbrief_records *r, const char *subject)
{
	bool guilty = strcmp(subject, "C2") == 0;
	int rc = DBRIEF_OK;
	for (int i = 0; rc == DBRIEF_OK && i < 2 && strcmp(subject, "C3") != 0; i++) {
		rc = dbrief_record_begin(r, "orders", subject, i ? "2" : "1", NULL);
		if (rc == DBRIEF_OK)
			rc = dbrief_record_set_text(r, "day", subject, DBRIEF_NTS);
		if (rc == DBRIEF_OK && guilty && crm->lie == UNDECLARED)
			rc = dbrief_record_set_null(r, "mood");
		if (rc == DBRIEF_OK)
			rc = dbrief_record_end(r);
	}
	return rc;
}

static int crm_open(void **cursor, void *user, struct dbrief_error *err)
{
	struct crm *crm = user;
	*cursor = user;
	if (crm->opens++ && crm->lie == AWAY)
		return dbrief_error_set(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, "", "away; wait");
	return DBRIEF_OK;
}

static void crm_close(void *cursor)
{
	(void)cursor;
}

static int crm_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	struct crm *crm = cursor;
	int rc;
	(void)err;
	crm->singles++;
	rc = deliver(crm, r, subject);
	return rc == DBRIEF_OK ? dbrief_records_end(r) : rc;
}

static void crm_interrupt(void *cursor)
{
	atomic_store(&((struct crm *)cursor)->interrupted, true);
}

static int lie(const struct crm *crm, dbrief_records *r, struct dbrief_error *err)
{
	static char large[1 << 20];
	int rc = DBRIEF_OK;
	switch (crm->lie) {
	case FOREIGN: return dbrief_record_begin(r, "orders", "C9", "1", NULL);
	case SELECTED_FOREIGN:
		rc = dbrief_records_select_subject(r, 0);
		return rc == DBRIEF_OK ? dbrief_record_begin(r, "orders", "C2", "1", NULL) : rc;
	case BAD_SELECT: return dbrief_records_select_subject(r, crm->asked);
	case FAILS: return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "", "no; wait");
	case FATAL_FAILURE: return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "", "wrong; correct it");
	case AWAY:
	case BUSY: return DBRIEF_RETRY;
	case LATE:
		while (!atomic_load(&crm->interrupted))
			(void)nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
		return DBRIEF_FAILED;
	case LARGE:
		memset(large, 'x', sizeof large);
		for (int i = 0; rc == DBRIEF_OK && i < 30; i++) {
			(void)dbrief_record_begin(r, "orders", "C1", "1", NULL);
			(void)dbrief_record_set_text(r, "day", large, sizeof large);
			rc = dbrief_record_end(r);
		}
		return rc;
	default: return DBRIEF_OK;
	}
}

static int crm_fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *r, struct dbrief_error *err)
{
	struct crm *crm = cursor;
	int rc;
	crm->chunks++;
	crm->asked = n;
	rc = lie(crm, r, err);
	for (size_t i = 0; rc == DBRIEF_OK && i < n; i++) {
		size_t at = crm->selects ? n - 1 - i : i;
		if (crm->selects)
			rc = dbrief_records_select_subject(r, at);
		if (rc == DBRIEF_OK)
			rc = deliver(crm, r, subjects[at]);
	}
	if (crm->lie == NO_END)
		return DBRIEF_OK;
	return rc == DBRIEF_OK ? dbrief_records_end(r) : rc;
}

static int shop_fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	(void)cursor;
	(void)err;
	(void)dbrief_record_begin(r, "visits", subject, NULL, NULL);
	(void)dbrief_record_set_text(r, "page", "p", DBRIEF_NTS);
	(void)dbrief_record_end(r);
	return dbrief_records_end(r);
}

struct run {
	struct crm crm;
	struct script shop;
	struct dbi_sources s;
	struct dbi_connected c[2];
	struct dbrief_error err;
	dbi_gatherer *g;
};

static void start(struct run *r, enum lie what, bool selects, bool optional)
{
	char xml[1024];
	memset(r, 0, sizeof *r);
	r->crm.lie = what;
	r->crm.selects = selects;
	snprintf(xml, sizeof xml, sources_xml, optional ? "yes" : "no");
	declare(&r->s, xml);
	for (size_t i = 0; i < 2; i++) {
		r->c[i].decl = &r->s.sources[i];
		r->c[i].connector = script_connector(&r->shop);
	}
	r->c[0].connector.open = crm_open;
	r->c[0].connector.fetch = crm_fetch;
	r->c[0].connector.fetch_many = crm_fetch_many;
	r->c[0].connector.close = crm_close;
	r->c[0].connector.user = &r->crm;
	r->c[1].connector.fetch = shop_fetch;
	if (what == LATE) {
		r->s.sources[0].deadline_ms = 20;
		r->c[0].connector.interrupt = crm_interrupt;
	}
	EQ(dbi_gatherer_new(&r->g, r->c, 2, &r->err), DBRIEF_OK, "opened");
}

static void end(struct run *r)
{
	dbi_gatherer_free(r->g);
	dbi_sources_dispose(&r->s);
}

/* What was gathered, as "source:status:records ... values". */
static int gather(struct run *r, const char *subject, char *out, size_t size)
{
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_dataset data;
	int rc, len = 0;
	dbrief_error_clear(&r->err);
	rc = dbi_gather(r->g, subject, &arena, &data, &r->err);
	*out = 0;
	if (rc == DBRIEF_OK) {
		for (size_t i = 0; i < data.n_sources; i++)
			len += snprintf(out + len, size - (size_t)len, "%s:%d:%zu ", data.sources[i].decl->id,
			    (int)data.sources[i].status, data.sources[i].n_records);
		len += snprintf(out + len, size - (size_t)len, "%zu:%zu ", data.n_records, data.bytes);
		for (const struct dbi_record *rec = data.first; rec; rec = rec->next)
			len += snprintf(out + len, size - (size_t)len, "%s=%s ", rec->key ? rec->key : "-", rec->values[0].text);
	}
	dbi_arena_dispose(&arena);
	return rc;
}

static const char *const ids[] = { "C4", "C2", "", "C1", "C3", "C2", "\xff", NULL, "C1" };
static const char *const unique[] = { "C1", "C2", "C3", "C4" };
#define N_IDS (sizeof ids / sizeof *ids)

static void test_same(void)
{
	for (int selects = 0; selects < 2; selects++) {
		struct run r;
		char one[4][200], many[200];
		start(&r, HONEST, selects, false);
		for (size_t i = 0; i < 4; i++)
			EQ(gather(&r, unique[i], one[i], sizeof one[i]), DBRIEF_OK, "one by one");
		IS(one[0], "crm:0:2 shop:0:1 3:5 1=C1 2=C1 -=p ", "all of a subject");
		EQ(r.crm.singles, 4, "a fetch each");
		EQ(dbi_gather_prefetch(r.g, ids, N_IDS, &r.err), DBRIEF_OK, "fetched ahead");
		EQ(r.crm.asked, 4, "each usable subject once");
		for (size_t i = 0; i < 4; i++) {
			EQ(gather(&r, unique[i], many, sizeof many), DBRIEF_OK, "served");
			IS(many, one[i], "the same as one by one");
		}
		EQ(r.crm.singles, 4, "without another fetch");
		EQ(gather(&r, "C1", many, sizeof many), DBRIEF_OK, "once more");
		EQ(r.crm.singles, 5, "is fetched anew");
		EQ(dbi_gather_prefetch(r.g, ids, N_IDS, &r.err), DBRIEF_OK, "ahead again");
		EQ(dbi_gather_prefetch(r.g, NULL, 0, &r.err), DBRIEF_OK, "and dropped");
		EQ(gather(&r, "C4", many, sizeof many), DBRIEF_OK, "one by one");
		EQ(r.crm.singles, 6, "from the source");
		EQ(r.crm.chunks, 2, "chunks");
		end(&r);
	}
}

static const struct { enum lie lie; int required, optional, cause; const char *what; } lies[] = {
	{ FOREIGN, DBRIEF_FATAL, DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "a record of somebody not asked for ends the run" },
	{ SELECTED_FOREIGN, DBRIEF_FATAL, DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "one found by another subject of the chunk, too" },
	{ BAD_SELECT, DBRIEF_FATAL, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "a subject beyond the chunk is a mistake of the connector" },
	{ FATAL_FAILURE, DBRIEF_FATAL, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "a fatal failure ends the run" },
	{ AWAY, DBRIEF_RETRY, DBRIEF_OK, DBRIEF_CAUSE_CONNECTOR, "a source that went away" },
	{ BUSY, DBRIEF_OK, DBRIEF_OK, 0, "a source that is busy with the chunk" },
	{ FAILS, DBRIEF_OK, DBRIEF_OK, 0, "a chunk that fails" },
	{ UNDECLARED, DBRIEF_OK, DBRIEF_OK, 0, "an undeclared field" },
	{ NO_END, DBRIEF_OK, DBRIEF_OK, 0, "a missing end" },
	{ LARGE, DBRIEF_OK, DBRIEF_OK, 0, "a chunk too large" },
};

static void test_lies(void)
{
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
		for (int optional = 0; optional < 2; optional++) {
			int want = optional ? lies[i].optional : lies[i].required;
			struct run r;
			char got[200];
			start(&r, lies[i].lie, false, optional);
			EQ(dbi_gather_prefetch(r.g, unique, 4, &r.err), want, lies[i].what);
			if (want != DBRIEF_OK) {
				EQ(r.err.cause, lies[i].cause, "with its cause");
				OK(strncmp(r.err.where, "source crm", 10) == 0, "and the source's name");
			} else if (lies[i].lie != AWAY) {
				EQ(gather(&r, "C1", got, sizeof got), DBRIEF_OK, "others are asked one by one");
				IS(got, "crm:0:2 shop:0:1 3:5 1=C1 2=C1 -=p ", "and whole");
				EQ(gather(&r, "C2", got, sizeof got), lies[i].lie == UNDECLARED ? DBRIEF_FAILED : DBRIEF_OK,
				    "only the letter at fault is held");
				EQ(r.crm.singles, 2, "by single fetches");
			}
			end(&r);
		}
}

static void test_away(void)
{
	struct run r;
	char got[200];
	start(&r, AWAY, false, true);
	EQ(dbi_gather_prefetch(r.g, unique, 4, &r.err), DBRIEF_OK, "an optional source may go away");
	EQ(gather(&r, "C1", got, sizeof got), DBRIEF_OK, "the letter goes on");
	IS(got, "crm:2:0 shop:0:1 1:1 -=p ", "and names it");
	end(&r);
	start(&r, AWAY, false, false);
	EQ(dbi_gather_prefetch(r.g, unique, 4, &r.err), DBRIEF_RETRY, "a required one may not");
	EQ(gather(&r, "C1", got, sizeof got), DBRIEF_RETRY, "and is no fault of a single letter");
	end(&r);
}

/* A deadline that is enough for one subject, but not for many, must not be waited for with every chunk. */
static void test_late(void)
{
	struct run r;
	char got[200];
	start(&r, LATE, false, false);
	for (int i = 0; i < 3; i++) {
		EQ(dbi_gather_prefetch(r.g, unique, 4, &r.err), DBRIEF_OK, "a chunk that is late");
		EQ(gather(&r, "C1", got, sizeof got), DBRIEF_OK, "is asked one by one");
		IS(got, "crm:0:2 shop:0:1 3:5 1=C1 2=C1 -=p ", "and whole");
	}
	EQ(r.crm.chunks, 1, "and no further chunk is tried");
	end(&r);
}

int main(void)
{
	test_late();
	test_same();
	test_lies();
	test_away();
	return tap_done();
}
