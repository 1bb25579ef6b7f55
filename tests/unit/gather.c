/* SPDX-License-Identifier: MIT */
/* Gathering over several sources: required and optional, repeats, deadlines, descriptions, lists. */
#include <pthread.h>
#include <time.h>
#include "scripted.h"

static const char sources_xml[] =
	"<source id='crm' type='host' label='CRM'>%s<records name='orders' label='O' activity='a' subject-key='no' key='id'>"
	"<field name='day' label='D' type='text'/><field name='total' label='T' type='text'/>"
	"<ignore field='version' reason='r'/></records></source>"
	"<source id='shop' type='host' label='Shop' optional='%s' deadline='50ms'>%s<records name='visits' label='V' activity='a'>"
	"<field name='page' label='P' type='text'/></records></source>";

static const struct step crm_steps[] = { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "day", "x", 0, 0, 0, 0 },
	{ TEXT, "total", "y", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 }, { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
static const struct step shop_steps[] = { { BEGIN, "visits", "C1", 0, 0, 0, 0 }, { TEXT, "page", "p", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 },
	{ DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
static const struct step nothing[] = { { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };

struct run {
	struct dbi_sources s;
	struct dbi_connected c[2];
	struct dbi_arena arena;
	struct dbi_dataset data;
	struct dbrief_error err;
	dbi_gatherer *g;
};

static void run_declare(struct run *r, struct script *crm, struct script *shop, bool optional, const char *subjects)
{
	char xml[2048];
	memset(r, 0, sizeof *r);
	snprintf(xml, sizeof xml, sources_xml, "", optional ? "yes" : "no", subjects);
	declare(&r->s, xml);
	r->c[0].decl = &r->s.sources[0];
	r->c[0].connector = script_connector(crm);
	r->c[1].decl = &r->s.sources[1];
	r->c[1].connector = script_connector(shop);
}

static int run_start(struct run *r)
{
	int rc = dbi_gatherer_new(&r->g, r->c, 2, &r->err);
	return rc == DBRIEF_OK ? dbi_gather(r->g, "C1", &r->arena, &r->data, &r->err) : rc;
}

static void run_end(struct run *r)
{
	dbi_gatherer_free(r->g);
	dbi_arena_dispose(&r->arena);
	dbi_sources_dispose(&r->s);
}

/* ---- required and optional ---- */

static const struct {
	const char *what;
	struct step steps[4];
	int required, optional;   /* status of the letter */
	int source;               /* status of the optional source */
	int cause;
} failures[] = {
	{ "a failure", { { FAIL, "down; wait", 0, 0, 0, DBRIEF_FAILED, 0 } }, DBRIEF_FAILED, DBRIEF_OK, DBI_SOURCE_FAILED, DBRIEF_CAUSE_CONNECTOR },
	{ "no end", { { BEGIN, "visits", "C1", 0, 0, 0, 0 }, { TEXT, "page", "p", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 } },
	    DBRIEF_FAILED, DBRIEF_OK, DBI_SOURCE_FAILED, DBRIEF_CAUSE_INCOMPLETE },
	{ "a source that cannot be opened", { { OPEN_FAIL, "locked; wait", 0, 0, 0, DBRIEF_FAILED, 0 } }, DBRIEF_FAILED, DBRIEF_OK,
	    DBI_SOURCE_FAILED, DBRIEF_CAUSE_CONNECTOR },
	{ "a foreign record", { { BEGIN, "visits", "C2", 0, 0, 0, 0 } }, DBRIEF_FATAL, DBRIEF_FATAL, 0, DBRIEF_CAUSE_FOREIGN },
	{ "an undeclared field", { { BEGIN, "visits", "C1", 0, 0, 0, 0 }, { NIL, "x", 0, 0, 0, 0, 0 } }, DBRIEF_FAILED, DBRIEF_FAILED, 0,
	    DBRIEF_CAUSE_UNDECLARED },
	{ "a fatal failure", { { FAIL, "down; stop", 0, 0, 0, DBRIEF_FATAL, 0 } }, DBRIEF_FATAL, DBRIEF_FATAL, 0, DBRIEF_CAUSE_CONNECTOR },
	{ "an empty source", { { DONE, 0, 0, 0, 0, 0, 0 } }, DBRIEF_OK, DBRIEF_OK, DBI_SOURCE_EMPTY, 0 },
};

static void test_failures(void)
{
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		for (int optional = 0; optional < 2; optional++) {
			struct script crm = { .steps = crm_steps }, shop = { .steps = failures[i].steps };
			struct run r;
			char what[100];
			int want = optional ? failures[i].optional : failures[i].required;
			run_declare(&r, &crm, &shop, optional, "");
			snprintf(what, sizeof what, "%s of %s source", failures[i].what, optional ? "an optional" : "a required");
			EQ(run_start(&r), want, what);
			if (want == DBRIEF_OK) {
				EQ(r.data.sources[1].status, failures[i].source, "the source's status");
				EQ(r.data.sources[1].cause, failures[i].cause, "and cause");
				EQ(r.data.n_records, 1, "only the other source's records are there");
				EQ(r.data.sources[0].status, DBI_SOURCE_COMPLETE, "which is complete");
				OK(r.data.first && !r.data.first->next, "nothing of the failed source is left");
			} else {
				EQ(r.err.cause, failures[i].cause, "the cause is told");
				OK(strncmp(r.err.where, "source shop", 11) == 0, "the source is named");
			}
			run_end(&r);
			EQ(crm.closes, crm.opens, "closed as often as opened");
		}
}

static void test_unknown(void)
{
	static const struct step away[] = { { FAIL, "down; wait", 0, 0, 0, DBRIEF_FAILED, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
	struct script crm = { .steps = nothing }, shop = { .steps = away };
	struct run r;
	run_declare(&r, &crm, &shop, true, "");
	EQ(run_start(&r), DBRIEF_FAILED, "nothing found while a source is away is held");
	EQ(r.err.cause, DBRIEF_CAUSE_INCOMPLETE, "not as an unknown subject");
	dbrief_error_clear(&r.err);
	EQ(dbi_gather(r.g, "", &r.arena, &r.data, &r.err), DBRIEF_FAILED, "an empty identifier is refused");
	dbrief_error_clear(&r.err);
	EQ(dbi_gather(r.g, "\xff", &r.arena, &r.data, &r.err), DBRIEF_FAILED, "bytes that are no text are refused");
	run_end(&r);
}

static void test_retry(void)
{
	for (unsigned fails = 0; fails < 4; fails++) {
		struct script crm = { .steps = crm_steps, .fails_first = fails }, shop = { .steps = shop_steps };
		struct run r;
		run_declare(&r, &crm, &shop, false, "");
		EQ(run_start(&r), fails < 3 ? DBRIEF_OK : DBRIEF_FAILED, "a source that asks for it is asked up to three times");
		if (fails < 3)
			EQ(r.data.n_records, 2, "what a failed try delivered is dropped");
		else
			EQ(r.err.status, DBRIEF_FAILED, "then the letter is held");
		EQ(crm.opens, fails < 3 ? fails + 1 : 3, "each time with a fresh cursor");
		run_end(&r);
	}
}

/* ---- deadlines ---- */

struct hanging { pthread_mutex_t lock; pthread_cond_t wake; bool interrupted; unsigned calls; bool late_success; };

static int hang_fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	struct hanging *h = cursor;
	(void)subject;
	pthread_mutex_lock(&h->lock);
	while (!h->interrupted)
		pthread_cond_wait(&h->wake, &h->lock);
	h->interrupted = false;
	pthread_mutex_unlock(&h->lock);
	if (h->late_success)
		return dbrief_records_end(records);
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "", "interrupted; try again");
}

static int hang_open(void **cursor, void *user, struct dbrief_error *err)
{
	(void)err;
	*cursor = user;
	return DBRIEF_OK;
}

static void hang_interrupt(void *cursor)
{
	struct hanging *h = cursor;
	pthread_mutex_lock(&h->lock);
	h->interrupted = true;
	h->calls++;
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->lock);
}

static void hang_close(void *cursor)
{
	(void)cursor;
}

static void test_deadline(void)
{
	for (int round = 0; round < 3; round++) {
		struct hanging h = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, round == 2 };
		struct script crm = { .steps = crm_steps }, shop = { .steps = shop_steps };
		struct run r;
		run_declare(&r, &crm, &shop, round == 1, "");
		r.c[1].connector.open = hang_open;
		r.c[1].connector.fetch = hang_fetch;
		r.c[1].connector.interrupt = hang_interrupt;
		r.c[1].connector.close = hang_close;
		r.c[1].connector.user = &h;
		EQ(run_start(&r), round ? DBRIEF_OK : DBRIEF_FAILED, "a source that hangs is interrupted at its deadline");
		if (round == 0)
			EQ(r.err.cause, DBRIEF_CAUSE_DEADLINE, "the cause is the deadline, not what the connector says");
		else
			EQ(r.data.sources[1].status, round == 1 ? DBI_SOURCE_FAILED : DBI_SOURCE_EMPTY, "late but whole is whole");
		EQ(h.calls, 1, "interrupted once");
		dbrief_error_clear(&r.err);
		EQ(dbi_gather(r.g, "C1", &r.arena, &r.data, &r.err), round ? DBRIEF_OK : DBRIEF_FAILED, "and again in the next letter");
		EQ(h.calls, 2, "interrupted once more");
		run_end(&r);
	}
}

/* ---- descriptions ---- */

static const struct { const char *said[8]; int cause; const char *text; } descriptions[] = {
	{ { "+orders", "no", "id", "day", "total", "version" }, 0, "" },
	{ { "+orders", "no", "id", "day", "total" }, 0, "" },
	{ { "+orders", "total", "day" }, 0, "" },
	{ { "+orders", "no", "id", "day", "total", "mood" }, DBRIEF_CAUSE_UNDECLARED,
	    "records orders / field mood is delivered but not declared: add <field> or <ignore>" },
	{ { "+orders", "no", "id", "day" }, DBRIEF_CAUSE_INCOMPLETE,
	    "records orders / field total is declared but not delivered: add it to the query" },
	{ { "+orders", "day", "total", "+notes", "x" }, DBRIEF_CAUSE_UNDECLARED, "records notes are delivered but not declared: add <records>" },
	{ { "+notes", NULL }, DBRIEF_CAUSE_UNDECLARED,
	    "records notes are delivered but not declared: add <records>; records orders are declared but not delivered: correct the name or the source" },
	{ { "+orders", "day", "total", "a", "b", "c", "d" }, DBRIEF_CAUSE_UNDECLARED,
	    "records orders / field a is delivered but not declared: add <field> or <ignore>; records orders / field b is delivered but "
	    "not declared: add <field> or <ignore>; and 2 more" },
};

static void test_describe(void)
{
	for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
		struct script crm = { .steps = crm_steps, .describe = descriptions[i].said }, shop = { .steps = shop_steps };
		struct run r;
		run_declare(&r, &crm, &shop, false, "");
		EQ(dbi_connected_check(&r.c[0], &r.err), DBRIEF_OK, "a difference does not fail the check");
		EQ(r.c[0].fault.cause, descriptions[i].cause, "the difference's cause");
		IS(r.c[0].fault.text, descriptions[i].text, "every difference by name, as many as fit");
		EQ(run_start(&r), descriptions[i].cause ? DBRIEF_FAILED : DBRIEF_OK, "and holds every letter");
		run_end(&r);
	}
}

static void test_describe_failing(void)
{
	static const char *const bad[] = { "field", NULL };
	for (int optional = 0; optional < 2; optional++) {
		struct script crm = { .describe = bad }, shop = { .steps = shop_steps };
		struct run r;
		run_declare(&r, &crm, &shop, optional, "");
		EQ(dbi_connected_check(&r.c[1], &r.err), optional ? DBRIEF_OK : DBRIEF_FAILED, "only an optional source may be away");
		IS(r.err.where, optional ? "" : "source shop / host", "else it is named");
		dbrief_error_clear(&r.err);
		EQ(dbi_connected_check(&r.c[0], &r.err), DBRIEF_FATAL, "a field before its collection is a mistake of the connector");
		EQ(r.err.cause, DBRIEF_CAUSE_STATE, "of its order");
		run_end(&r);
	}
}

/* ---- lists ---- */

static int collect(void *ctx, const char *subject)
{
	char *out = ctx;
	strncat(out, subject, 60);
	strncat(out, ",", 2);
	return strcmp(subject, "STOP") == 0;
}

static const struct { const char *charset, *keys[5]; int rc; const char *want, *what; } lists[] = {
	{ NULL, { "C1", "C2", "C3" }, DBRIEF_OK, "C1,C2,C3,", "keys in the order of the source" },
	{ NULL, { "C1", "STOP", "C3" }, DBRIEF_OK, "C1,STOP,", "until the caller stops" },
	{ "ISO-8859-1", { "K\xF6ln" }, DBRIEF_OK, "K\xC3\xB6ln,", "keys pass the charset gate" },
	{ NULL, { "C1", "", "C3" }, DBRIEF_FATAL, "C1,", "an empty key ends the list with an error" },
	{ NULL, { "C1", "\xff" }, DBRIEF_FATAL, "C1,", "so does one that is no text" },
	{ "WINDOWS-1252", { "\x81" }, DBRIEF_FATAL, "", "and one outside of its charset" },
};

static void test_list(void)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct script crm = { .steps = crm_steps }, shop = { .steps = shop_steps, .list = lists[i].keys };
		struct run r;
		char got[400] = "";
		run_declare(&r, &crm, &shop, false, "<subjects>all</subjects>");
		r.c[1].connector.charset = lists[i].charset;
		EQ(dbi_gatherer_new(&r.g, r.c, 2, &r.err), DBRIEF_OK, "opened");
		EQ(dbi_gather_list(r.g, collect, got, &r.err), lists[i].rc, lists[i].what);
		IS(got, lists[i].want, "the keys");
		if (lists[i].rc)
			OK(strncmp(r.err.where, "source shop", 11) == 0 && strchr(r.err.text, ';'), "the source is named, with what to do");
		run_end(&r);
	}
}

static void test_no_list(void)
{
	struct script crm = { .steps = crm_steps }, shop = { .steps = shop_steps };
	struct run r;
	char got[400] = "";
	run_declare(&r, &crm, &shop, false, "");
	EQ(dbi_gatherer_new(&r.g, r.c, 2, &r.err), DBRIEF_OK, "opened");
	EQ(dbi_gather_list(r.g, collect, got, &r.err), DBRIEF_FATAL, "no <subjects> anywhere is an error of the configuration");
	EQ(r.err.cause, DBRIEF_CAUSE_CONFIG, "named so");
	run_end(&r);
}

int main(void)
{
	test_failures();
	test_unknown();
	test_retry();
	test_deadline();
	test_describe();
	test_describe_failing();
	test_list();
	test_no_list();
	return tap_done();
}
