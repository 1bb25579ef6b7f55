/* SPDX-License-Identifier: MIT */
/*
 * Connectors that lie: each lie has its stated outcome (doc/gather.md), and other customers' letters are unharmed. The
 * lying source is asked for C1, the liar's victim, and for C2, about whom it tells the truth.
 */
#include "scripted.h"

static const char sources_xml[] =
	"<codes id='k'><code value='E'>Mail</code></codes>"
	"<source id='crm' type='host' label='CRM' optional='%s'><records name='orders' label='O' activity='a' subject-key='no' key='id'>"
	"<field name='day' label='D' type='date'/><field name='note' label='N' type='text'/><field name='kind' label='K' type='code' codes='k'/>"
	"<field name='photo' label='P' type='binary'/><ignore field='version' reason='r'/></records>"
	"<records name='lines' label='L' activity='a' within='orders' link='order' subject-key='no' key='id'>"
	"<field name='text' label='T' type='text'/></records></source>"
	"<source id='shop' type='host' label='Shop'><records name='visits' label='V' activity='a'>"
	"<field name='page' label='P' type='text'/></records></source>";

#define RECORD(who, id) { BEGIN, "orders", who, id, 0, 0, 0 }, { TEXT, "day", "2024-01-02", 0, 0, 0, 0 }, { TEXT, "note", "x", 0, 0, 0, 0 }, \
	{ NIL, "kind", 0, 0, 0, 0, 0 }, { NIL, "photo", 0, 0, 0, 0, 0 }
#define CLOSE { END, 0, 0, 0, 0, 0, 0 }
#define OVER { DONE, 0, 0, 0, 0, 0, 0 }

static const struct step honest[] = { RECORD("C2", "1"), CLOSE, OVER, { STOP, 0, 0, 0, 0, 0, 0 } };

static const struct lie {
	const char *what;
	int status, cause;
	const char *where, *text; /* text: what stands in it */
	bool optional_goes_on;    /* of an optional source: it is named, and the letter goes on */
	struct step steps[16];
} lies[] = {
	{ "a record of somebody else", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", "another subject", false, { RECORD("C2", "1"), CLOSE, OVER } },
	{ "one behind an honest one", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", "another subject", false,
	    { RECORD("C1", "1"), CLOSE, { BEGIN, "orders", "C2", "2", 0, 0, 0 } } },
	{ "the key in other letters", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", "another subject", false, { { BEGIN, "orders", "c1", "1", 0, 0, 0 } } },
	{ "a record without a key of its subject", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records orders", "without a subject key", true,
	    { { BEGIN, "orders", 0, "1", 0, 0, 0 } } },
	{ "no end", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm", "did not say that it was done", true, { RECORD("C1", "1"), CLOSE } },
	{ "no end and no record", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm", "did not say that it was done", true, { { STOP, 0, 0, 0, 0, 0, 0 } } },
	{ "an end inside a record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm / records orders / record 1", "ended inside a record", false, { RECORD("C1", "1"), OVER } },
	{ "a record after the end", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm", "after the end", false, { OVER, RECORD("C1", "1"), CLOSE } },
	{ "a field outside of a record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm", "outside of a record", false, { { TEXT, "note", "x", 0, 0, 0, 0 } } },
	{ "a field nobody declared", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "source crm / records orders / record 1 / field mood", "nobody declared", false,
	    { RECORD("C1", "1"), { TEXT, "mood", "x", 0, 0, 0, 0 }, CLOSE, OVER } },
	{ "a collection nobody declared", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "source crm / records pets", "nobody declared", false, { { BEGIN, "pets", "C1", "1", 0, 0, 0 } } },
	{ "a collection of another source", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "source crm / records visits", "nobody declared", false, { { BEGIN, "visits", "C1", "1", 0, 0, 0 } } },
	{ "a field left out", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records orders / record 1 / field day", "was not delivered", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "note", "x", 0, 0, 0, 0 }, CLOSE, OVER } },
	{ "a field twice", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm / records orders / record 1 / field note", "delivered twice", true,
	    { RECORD("C1", "1"), { TEXT, "note", "y", 0, 0, 0, 0 }, CLOSE, OVER } },
	{ "a word where a date is declared", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records orders / record 1 / field day", "is no date", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "day", "soon", 0, 0, 0, 0 } } },
	{ "a number where a date is declared", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records orders / record 1 / field day", "is no date", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { INTEGER, "day", 0, 0, 0, 20240102, 0 } } },
	{ "bytes where text is declared", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records orders / record 1 / field note", "is no text", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { BINARY, "note", "x", 0, 0, 1, 0 } } },
	{ "a code nobody explains", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records orders / record 1 / field kind", "does not explain", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "kind", "Z", 0, 0, 0, 0 } } },
	{ "a NUL inside a text", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records orders / record 1 / field note", "at byte 1", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { BYTES, "note", "a\0b", 0, 0, 3, 0 } } },
	{ "a control character", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records orders / record 1 / field note", "a control character", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "note", "ab\x1b[2J", 0, 0, 0, 0 } } },
	{ "half a character", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records orders / record 1 / field note", "cut in the middle", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "note", "Zo\xc3", 0, 0, 0, 0 } } },
	{ "a text of 2 GB", DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "source crm / records orders / record 1 / field note", "longer than", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { BYTES, "note", "short", 0, 0, 2147483648LL, 0 } } },
	{ "a binary of 2 GB", DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "source crm / records orders / record 1 / field photo", "larger than", true,
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { BINARY, "photo", "short", 0, 0, 2147483648LL, 0 } } },
	{ "a record of a parent it does not name", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records lines / record 1", "does not name its record", true,
	    { { BEGIN, "lines", "C1", "1", 0, 0, 0 } } },
	{ "a success that was none", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm / host", "page 3 is damaged", true, { { FAIL, "page 3 is damaged; repair it", 0, 0, 0, DBRIEF_FAILED, 0 } } },
	{ "a status that does not exist", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm", "without a reason", true, { { FAIL, 0, 0, 0, 0, 42, 0 } } },
};

static const struct step *lying;

static int fetch(void *cursor, const char *subject, dbrief_records *r, struct dbrief_error *err)
{
	struct script s = { .steps = strcmp(subject, "C1") == 0 ? lying : honest };
	(void)cursor;
	/* A liar does not look at what the builder says. */
	s.lies = true;
	s.after = DBRIEF_OK;
	return script_fetch(&s, subject, r, err);
}

static int fetch_many(void *cursor, const char *const *subjects, size_t n, dbrief_records *r, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;
	for (size_t i = 0; rc == DBRIEF_OK && i < n; i++) {
		const struct step *p = strcmp(subjects[i], "C1") == 0 ? lying : honest;
		(void)dbrief_records_select_subject(r, i);
		for (; p->kind != STOP && p->kind != DONE && p->kind != FAIL; p++)
			(void)script_step(r, p);
		if (p->kind == FAIL)
			return p->a ? dbrief_error_set(err, (int)p->n, DBRIEF_CAUSE_CONNECTOR, "host", p->a) : (int)p->n;
		if (p->kind == STOP)
			return DBRIEF_OK; /* no end */
		for (p += p[1].kind == STOP; p->kind != STOP; p++)
			(void)script_step(r, p); /* an end, and then more */
	}
	(void)cursor;
	return dbrief_records_end(r);
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

struct run { struct dbi_sources s; struct dbi_connected c[2]; struct script crm, shop; dbi_gatherer *g; struct dbrief_error err; };

static void start(struct run *r, const struct lie *lie, bool optional)
{
	char xml[2048];
	memset(r, 0, sizeof *r);
	snprintf(xml, sizeof xml, sources_xml, optional ? "yes" : "no");
	declare(&r->s, xml);
	lying = lie->steps;
	for (size_t i = 0; i < 2; i++) {
		r->c[i].decl = &r->s.sources[i];
		r->c[i].connector = script_connector(i ? &r->shop : &r->crm);
		r->c[i].connector.fetch = i ? shop_fetch : fetch;
	}
	EQ(dbi_gatherer_new(&r->g, r->c, 2, &r->err), DBRIEF_OK, lie->what);
}

static void end(struct run *r)
{
	dbi_gatherer_free(r->g);
	dbi_sources_dispose(&r->s);
}

static int gather(struct run *r, const char *subject, size_t *n)
{
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_dataset data;
	int rc;
	dbrief_error_clear(&r->err);
	rc = dbi_gather(r->g, subject, &arena, &data, &r->err);
	*n = rc == DBRIEF_OK ? data.n_records : 0;
	dbi_arena_dispose(&arena);
	return rc;
}

static void test_alone(const struct lie *lie)
{
	struct run r;
	size_t n;
	start(&r, lie, false);
	EQ(gather(&r, "C1", &n), lie->status, "the victim's letter");
	EQ(r.err.cause, lie->cause, "its cause");
	OK(strncmp(r.err.where, lie->where, strlen(lie->where)) == 0 && strstr(r.err.text, lie->text), "place and text");
	if (strncmp(r.err.where, lie->where, strlen(lie->where)) != 0 || !strstr(r.err.text, lie->text))
		printf("# %s: %s\n", r.err.where, r.err.text);
	EQ(gather(&r, "C2", &n), DBRIEF_OK, "another customer's");
	EQ(n, 2, "is whole");
	end(&r);
	start(&r, lie, true);
	EQ(gather(&r, "C1", &n), lie->optional_goes_on ? DBRIEF_OK : lie->status, "of an optional source");
	EQ(n, lie->optional_goes_on ? 1 : 0, "nothing of it is kept");
	end(&r);
}

/* In a chunk the liar spoils the chunk at most: everybody is asked again alone. */
static void test_chunk(const struct lie *lie)
{
	static const char *const both[] = { "C1", "C2" };
	struct run r;
	size_t n;
	int rc;
	start(&r, lie, false);
	dbi_gatherer_free(r.g);
	r.c[0].connector.fetch_many = fetch_many;
	EQ(dbi_gatherer_new(&r.g, r.c, 2, &r.err), DBRIEF_OK, "in a chunk");
	rc = dbi_gather_prefetch(r.g, both, 2, &r.err);
	OK(rc == DBRIEF_OK || (lie->status == DBRIEF_FATAL && rc == DBRIEF_FATAL), "only what ends the run ends the chunk");
	if (rc == DBRIEF_OK) {
		EQ(gather(&r, "C1", &n), lie->status, "the victim's letter as alone");
		EQ(gather(&r, "C2", &n), DBRIEF_OK, "another customer's");
		EQ(n, 2, "is whole");
	}
	end(&r);
}

/* Twice the same record is seen where the model is put in order; see model_build. */
int main(void)
{
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		test_alone(&lies[i]);
		test_chunk(&lies[i]);
	}
	return tap_done();
}
