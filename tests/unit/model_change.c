/* SPDX-License-Identifier: MIT */
/* What changed since the last letter: states by keyed hashes, and the marks that follow from two of them. */
#include "model/change.h"
#include "model/model.h"
#include "scripted.h"
#include "util/mem.h"
#include "xml/schemas.h"

static const char sources_xml[] =
	"<source id='crm' type='host' label='CRM'>"
	"<records name='customer' label='Stammdaten' activity='account' subject-key='no' key='no'>"
	"<field name='name' label='Name' type='text'/><field name='iban' label='IBAN' type='text' show='masked'/>"
	"<field name='pin' label='PIN' type='text' sensitivity='secret'/><field name='ill' label='Krankheit' type='text' show='named'/>"
	"<field name='born' label='Geboren' type='date'/><ignore field='version' reason='Counter'/></records>"
	"<records name='orders' label='Bestellungen' activity='contract' subject-key='no' key='order'>"
	"<field name='total' label='Betrag' type='money' currency='EUR'/></records>"
	"<records name='lines' label='Artikel' activity='contract' within='orders' link='order' subject-key='no' key='line'>"
	"<field name='what' label='Was' type='text'/></records>"
	"<records name='log' label='Briefe' activity='datenbrief' subject-key='no' key='year'><field name='sent' label='Am' type='date'/></records>"
	"</source>"
	"<source id='web' type='host' label='Web' optional='yes'>"
	"<records name='visits' label='Besuche' activity='web' subject-key='no'><field name='page' label='Seite' type='text'/></records>"
	"<records name='photos' label='Bilder' activity='web' subject-key='no'><field name='photo' label='Bild' type='binary'/></records></source>";

#define E { END, 0, 0, 0, 0, 0, 0 }
#define D { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 }
#define T(f, v) { TEXT, f, v, 0, 0, 0, 0 }
#define CUSTOMER(s, name, iban, pin, ill, born, version) { BEGIN, "customer", s, "1", 0, 0, 0 }, T("name", name), T("iban", iban), \
	T("pin", pin), T("ill", ill), T("born", born), T("version", version), E
#define ZOE(s) CUSTOMER(s, "Zo\xC3\xAB", "DE02120300000000202051", "4711", "Grippe", "1980-02-29", "1")
#define ORDER(s, key, total) { BEGIN, "orders", s, key, 0, 0, 0 }, T("total", total), E
#define LINE(s, order, key, what) { BEGIN, "lines", s, key, order, 0, 0 }, T("what", what), E
#define LOG(s, year) { BEGIN, "log", s, year, 0, 0, 0 }, T("sent", year "-11-23"), E
#define VISIT(s, page) { BEGIN, "visits", s, 0, 0, 0, 0 }, T("page", page), E

static const struct step first[] = { ZOE("C1"), ORDER("C1", "2", "12.50"), LINE("C1", "2", "a", "Rose"), ORDER("C1", "10", "12.50"),
	LINE("C1", "10", "a", "Rose"), LINE("C1", "10", "b", "Tulpe"), LOG("C1", "2025"), D };
static const struct step crooked[] = { LINE("C1", "10", "b", "Tulpe"), LOG("C1", "2025"), ORDER("C1", "10", "12.50"),
	LINE("C1", "2", "a", "Rose"), ZOE("C1"), LINE("C1", "10", "a", "Rose"), ORDER("C1", "2", "12.50"), D };
static const struct step other[] = { ZOE("C2"), ORDER("C2", "2", "12.50"), LINE("C2", "2", "a", "Rose"), ORDER("C2", "10", "12.50"),
	LINE("C2", "10", "a", "Rose"), LINE("C2", "10", "b", "Tulpe"), LOG("C2", "2025"), D };
/* An order's line is another, one order is new and one is gone; the log grows. */
static const struct step second[] = { ZOE("C1"), ORDER("C1", "10", "12.50"), LINE("C1", "10", "a", "Rosen"), LINE("C1", "10", "b", "Tulpe"),
	ORDER("C1", "11", "1"), LOG("C1", "2025"), LOG("C1", "2026"), D };
static const struct step empty[] = { D };
static const struct step web[] = { VISIT("C1", "/a"), VISIT("C1", "/b"), VISIT("C1", "/a"), D };
static const struct step web_later[] = { VISIT("C1", "/c"), VISIT("C1", "/a"), D };
#define PHOTO(bytes) { BEGIN, "photos", "C1", 0, 0, 0, 0 }, { BINARY, "photo", bytes, "image/png", 0, 4, 0 }, E
static const struct step photos[] = { PHOTO("ab\0c"), PHOTO("abcd"), D };
static const struct step photos_turned[] = { PHOTO("abcd"), PHOTO("ab\0c"), D };
static const struct step photos_later[] = { PHOTO("ab\0d"), PHOTO("abcd"), D };
static const struct step web_other[] = { VISIT("C2", "/a"), VISIT("C2", "/b"), VISIT("C2", "/a"), D };

static struct dbi_sources sources;
static dbi_format *format;

struct letter {
	const char *subject, *lang;
	unsigned char key;
	const struct step *crm, *web;
	bool away;                   /* the web source failed */
	const struct dbi_buf *before;
};

/* State and model of a letter; both are the caller's. */
static int make(const struct letter *l, struct dbi_buf *state, struct dbi_buf *text, struct dbrief_error *err)
{
	struct dbi_env env = { { 2026, 11, 23 }, DBI_MODE_YEARLY };
	struct script a = { .steps = l->crm }, b = { .steps = l->web };
	struct dbi_connected c[2] = { { &sources.sources[0], script_connector(&a), DBRIEF_ERROR_INIT },
		{ &sources.sources[1], script_connector(&b), DBRIEF_ERROR_INIT } };
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_changes changes = { .since = "2025-11-23", .after = DBI_BUF_INIT };
	struct dbi_dataset data;
	dbi_gatherer *g = NULL;
	dbi_xml_doc *model = NULL;
	int rc;

	memset(changes.key, l->key, sizeof(changes.key));
	changes.before = l->before ? (const unsigned char *)l->before->data : NULL;
	changes.before_len = l->before ? l->before->len : 0;
	rc = dbi_gatherer_new(&g, c, 2, err);
	if (rc == DBRIEF_OK)
		rc = dbi_gather(g, l->subject, &arena, &data, err);
	data.changes = &changes;
	if (rc == DBRIEF_OK && l->away)
		data.sources[1].status = DBI_SOURCE_FAILED;
	if (rc == DBRIEF_OK)
		rc = dbi_model_build(&model, &data, "K7Q3-9XB2-ABC1", l->lang ? l->lang : "de", &env, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_model_write(model, true, text, err);
	dbi_xml_free(model);
	dbi_gatherer_free(g);
	dbi_arena_dispose(&arena);
	*state = changes.after;
	return rc;
}

static void state_of(const struct letter *l, struct dbi_buf *state)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;

	if (make(l, state, &text, &err) != DBRIEF_OK)
		printf("# %s: %s\n", err.where, err.text);
	dbi_buf_dispose(&text);
}

static bool equal(const struct dbi_buf *a, const struct dbi_buf *b)
{
	return a->len && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static bool has_line(const struct dbi_buf *text, const char *line)
{
	bool has = text->data && strstr(text->data, line);

	if (!has)
		printf("# not there: %s\n", line);
	return has;
}

static bool holds(const struct dbi_buf *b, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= b->len; i++)
		if (memcmp(b->data + i, word, strlen(word)) == 0)
			return true;
	return false;
}

/* Do the two hold eight equal bytes anywhere? */
static bool share(const struct dbi_buf *a, const struct dbi_buf *b)
{
	for (size_t i = 0; i + 8 <= a->len; i++)
		for (size_t k = 0; k + 8 <= b->len; k++)
			if (memcmp(a->data + i, b->data + k, 8) == 0)
				return true;
	return false;
}

static void test_state(void)
{
	const struct letter straight = { "C1", "de", 1, first, web, false, NULL }, turned = { "C1", "en", 1, crooked, web, false, NULL };
	const struct letter stranger = { "C2", "de", 1, other, web_other, false, NULL }, house = { "C1", "de", 2, first, web, false, NULL };
	struct dbi_buf a = DBI_BUF_INIT, b = DBI_BUF_INIT, c = DBI_BUF_INIT, d = DBI_BUF_INIT;

	state_of(&straight, &a);
	state_of(&turned, &b);
	state_of(&stranger, &c);
	state_of(&house, &d);
	/* version, 6 collections; 1 record of 5 values, 2 of 1, 3 of 1, 1 of 1, 3 without */
	EQ(a.len, 1 + 6 * 12 + 10 * 10 + (5 + 2 + 3 + 1) * 6, "a state has the size that change.h tells");
	OK(equal(&a, &b), "the order of records and the language make no other state");
	EQ(a.len, c.len, "another customer with the same data has a state of the same size");
	OK(!share(&a, &c), "and no hash in common");
	OK(!share(&a, &d), "nor has the same customer under another key");
	OK(!holds(&a, "Rose") && !holds(&a, "orders"), "no value and no name stands in it");
	dbi_buf_dispose(&a);
	dbi_buf_dispose(&b);
	dbi_buf_dispose(&c);
	dbi_buf_dispose(&d);
}

/* Every field counts, but not what is ignored, nor what a secret is. */
static void test_sensitivity(void)
{
	static const struct step base[] = { ZOE("C1"), D };
	static const struct { struct step steps[12]; bool same; const char *what; } all[] = {
		{ { CUSTOMER("C1", "Zoe", "DE02120300000000202051", "4711", "Grippe", "1980-02-29", "1"), D }, false, "a name" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000102051", "4711", "Grippe", "1980-02-29", "1"), D }, false, "the masked part of a value" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "4711", "Husten", "1980-02-29", "1"), D }, false, "a value that is named only" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "4711", "Grippe", "1980-02-28", "1"), D }, false, "a date" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "", "Grippe", "1980-02-29", "1"), D }, false, "whether there is a secret" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "0815", "Grippe", "1980-02-29", "1"), D }, true, "what a secret is" },
		{ { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "4711", "Grippe", "1980-02-29", "2"), D }, true, "an ignored field" },
		{ { CUSTOMER("C1", "DE02120300000000202051", "Zo\xC3\xAB", "4711", "Grippe", "1980-02-29", "1"), D }, false, "which field a value is in" },
	};
	struct letter l = { "C1", "de", 1, base, empty, false, NULL };
	struct dbi_buf a = DBI_BUF_INIT, b = DBI_BUF_INIT;
	char what[80];

	state_of(&l, &a);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		l.crm = all[i].steps;
		state_of(&l, &b);
		(void)snprintf(what, sizeof(what), "%s %s", all[i].what, all[i].same ? "makes no difference" : "makes a difference");
		OK(equal(&a, &b) == all[i].same, what);
		dbi_buf_dispose(&b);
	}
	dbi_buf_dispose(&a);
}

static void marks_of(const struct letter *l, struct dbi_buf *state, struct dbi_buf *text)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_xml_doc *doc = NULL;
	int rc;

	dbi_buf_clear(text);
	EQ(make(l, state, text, &err), DBRIEF_OK, "a letter compared with the last one is made");
	rc = dbi_xml_parse_memory(&doc, "model.xml", text->data, text->len, NULL, &err); /* the schema speaks of the namespace */
	if (rc == DBRIEF_OK)
		rc = dbi_xml_validate(doc, "model.rng", dbi_schema_model, &err);
	if (!OK(rc == DBRIEF_OK, "and its model is one"))
		printf("# %s: %s\n", err.where, err.text);
	dbi_xml_free(doc);
}

static void test_marks(void)
{
	struct letter l = { "C1", "de", 1, first, web, false, NULL };
	struct dbi_buf before = DBI_BUF_INIT, same = DBI_BUF_INIT, after = DBI_BUF_INIT, text = DBI_BUF_INIT, plain = DBI_BUF_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	EQ(make(&l, &before, &plain, &err), DBRIEF_OK, "the first letter");
	OK(!strstr(plain.data, "change") && !strstr(plain.data, " same="), "has no marks");
	l.before = &before;
	marks_of(&l, &same, &text);
	OK(equal(&before, &same), "what has not changed has the same state");
	OK(has_line(&text, "<changes since=\"2025-11-23\" new=\"0\" changed=\"0\" gone=\"0\" same=\"9\"/>"), "and it is said so");
	OK(!strstr(text.data, "change=\"new\"") && !strstr(text.data, "change=\"changed\""), "nothing is marked");
	l.crm = second;
	l.web = web_later;
	marks_of(&l, &after, &text);
	OK(has_line(&text, "<changes since=\"2025-11-23\" new=\"2\" changed=\"1\" gone=\"4\" same=\"4\"/>"),
	    "counts of all, without what the making of letters leaves");
	OK(has_line(&text, "name=\"customer\" label=\"Stammdaten\" activity=\"account\" code=\"A\" count=\"1\" new=\"0\" changed=\"0\" gone=\"0\" same=\"1\">"),
	    "counts of a collection");
	OK(has_line(&text, "name=\"orders\" label=\"Bestellungen\" activity=\"contract\" code=\"B\" count=\"2\" new=\"1\" changed=\"0\" gone=\"1\" same=\"1\">"),
	    "an order that is new, one that is gone");
	OK(has_line(&text, "<nested name=\"lines\" label=\"Artikel\" activity=\"contract\" code=\"C\" count=\"2\" new=\"0\" changed=\"1\" gone=\"1\" same=\"1\">"),
	    "a line that is another, one that went with its order");
	OK(has_line(&text, "name=\"log\" label=\"Briefe\" activity=\"datenbrief\" code=\"D\" count=\"2\" new=\"1\" changed=\"0\" gone=\"0\" same=\"1\">"),
	    "the log of letters has its own counts");
	OK(has_line(&text, "name=\"visits\" label=\"Besuche\" activity=\"web\" code=\"E\" count=\"2\" new=\"1\" changed=\"0\" gone=\"2\" same=\"1\">"),
	    "records of no key are told apart by content, equal ones by number");
	OK(has_line(&text, "key=\"11\" change=\"new\">"), "the new order is marked");
	OK(has_line(&text, "key=\"10\" change=\"same\">"), "the order with another line is the same itself");
	OK(has_line(&text, "key=\"a\" change=\"changed\">"), "its line is marked");
	OK(has_line(&text, "change=\"changed\">Rosen</field>"), "and the field");
	OK(!strstr(text.data, "change=\"changed\">Tulpe"), "and no other");
	dbi_buf_dispose(&before);
	dbi_buf_dispose(&same);
	dbi_buf_dispose(&after);
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&plain);
}

/* A value that goes changes its record; one that comes is marked. */
static void test_empty_fields(void)
{
	static const struct step with[] = { ZOE("C1"), D };
	static const struct step without[] = { CUSTOMER("C1", "Zo\xC3\xAB", "DE02120300000000202051", "4711", "Grippe", "", "1"), D };
	struct letter l = { "C1", "de", 1, with, empty, false, NULL };
	struct dbi_buf full = DBI_BUF_INIT, less = DBI_BUF_INIT, again = DBI_BUF_INIT, text = DBI_BUF_INIT;

	state_of(&l, &full);
	l.crm = without;
	l.before = &full;
	marks_of(&l, &less, &text);
	OK(has_line(&text, "key=\"1\" change=\"changed\">"), "a value that is gone changes the record");
	EQ(less.len + 6, full.len, "and leaves nothing");
	l.crm = with;
	l.before = &less;
	marks_of(&l, &again, &text);
	OK(has_line(&text, "value=\"1980-02-29\" change=\"changed\">"), "a value that was not there is marked");
	dbi_buf_dispose(&full);
	dbi_buf_dispose(&less);
	dbi_buf_dispose(&again);
	dbi_buf_dispose(&text);
}

/* What a picture shows counts, though the letter tells only its size. */
static void test_binaries(void)
{
	struct letter l = { "C1", "de", 1, empty, photos, false, NULL };
	struct dbi_buf before = DBI_BUF_INIT, after = DBI_BUF_INIT, text = DBI_BUF_INIT;

	state_of(&l, &before);
	l.before = &before;
	l.web = photos_turned;
	marks_of(&l, &after, &text);
	OK(equal(&before, &after), "the order of binaries makes no other state");
	dbi_buf_dispose(&after);
	l.web = photos_later;
	marks_of(&l, &after, &text);
	OK(has_line(&text, "<changes since=\"2025-11-23\" new=\"1\" changed=\"0\" gone=\"1\" same=\"1\"/>"), "another picture of the same size is another");
	dbi_buf_dispose(&before);
	dbi_buf_dispose(&after);
	dbi_buf_dispose(&text);
}

static void test_source_away(void)
{
	struct letter l = { "C1", "de", 1, first, web, false, NULL };
	struct dbi_buf before = DBI_BUF_INIT, away = DBI_BUF_INIT, back = DBI_BUF_INIT, text = DBI_BUF_INIT;

	state_of(&l, &before);
	l.web = empty;
	l.away = true;
	l.before = &before;
	marks_of(&l, &away, &text);
	OK(has_line(&text, "<changes since=\"2025-11-23\" new=\"0\" changed=\"0\" gone=\"0\" same=\"6\"/>"), "of a source that did not answer nothing is gone");
	OK(has_line(&text, "activity=\"web\" code=\"E\" count=\"0\">"), "its collections have no counts");
	EQ(away.len, before.len, "what was known of it is kept");
	l.web = web;
	l.away = false;
	l.before = &away;
	marks_of(&l, &back, &text);
	OK(has_line(&text, "<changes since=\"2025-11-23\" new=\"0\" changed=\"0\" gone=\"0\" same=\"9\"/>"), "so that nothing is new when it answers again");
	dbi_buf_dispose(&before);
	dbi_buf_dispose(&away);
	dbi_buf_dispose(&back);
	dbi_buf_dispose(&text);
}

/* Every piece of a state that is cut off, and one of another version, is refused: no byte is read behind its end. */
static void test_damaged(void)
{
	struct letter l = { "C1", "de", 1, first, web, false, NULL };
	struct dbi_buf before = DBI_BUF_INIT, cut = DBI_BUF_INIT, state = DBI_BUF_INIT, text = DBI_BUF_INIT;
	int refused = 0, taken = 0;

	state_of(&l, &before);
	l.before = &cut;
	for (size_t n = 0; n < before.len; n++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		char *copy = malloc(n ? n : 1); /* exactly: whoever reads behind it is seen */
		int rc;

		if (!copy)
			break;
		memcpy(copy, before.data, n);
		cut = (struct dbi_buf){ copy, n, n + 1, 0, false };
		rc = make(&l, &state, &text, &err);
		refused += rc == DBRIEF_FATAL && err.cause == DBRIEF_CAUSE_SINK;
		taken += rc == DBRIEF_OK;
		dbi_buf_dispose(&state);
		free(copy);
	}
	EQ(refused + taken, (int)before.len, "a state that is cut off is refused or ends with a collection");
	EQ(taken, 6, "there are as many ends as collections before the last, and one for none");
	cut = (struct dbi_buf){ before.data, before.len, before.cap, 0, false };
	before.data[0] = 2;
	{
		struct dbrief_error err = DBRIEF_ERROR_INIT;

		EQ(make(&l, &state, &text, &err), DBRIEF_FATAL, "a state of another version is refused");
		OK(strstr(err.text, "damaged"), "and it is said so");
	}
	dbi_buf_dispose(&state);
	dbi_buf_dispose(&before);
	dbi_buf_dispose(&text);
}

/* Every allocation fails once, and all from there on. */
static void test_memory(void)
{
	struct letter l = { "C1", "de", 1, first, web, false, NULL };
	struct dbi_buf before = DBI_BUF_INIT, want = DBI_BUF_INIT, want_text = DBI_BUF_INIT, state = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	unsigned long total;
	int wrong = 0, unsaid = 0, failed = 0;

	state_of(&l, &before);
	l.crm = second;
	l.web = web_later;
	l.before = &before;
	total = dbi_mem_count();
	EQ(make(&l, &want, &want_text, &err), DBRIEF_OK, "a letter with enough memory");
	total = dbi_mem_count() - total;
	for (int forever = 0; forever < 2; forever++)
		for (unsigned long n = 1; n <= total; n++) {
			int rc;

			dbrief_error_clear(&err);
			dbi_buf_dispose(&text);
			dbi_mem_fail_at(n, forever);
			rc = make(&l, &state, &text, &err);
			dbi_mem_fail_at(0, false);
			wrong += rc == DBRIEF_OK && !(equal(&state, &want) && equal(&text, &want_text));
			failed += rc != DBRIEF_OK;
			unsaid += rc != DBRIEF_OK && (err.status != rc || err.cause != DBRIEF_CAUSE_MEMORY);
			dbi_buf_dispose(&state);
		}
	OK(failed > 20, "without, it fails");
	EQ(unsaid, 0, "and says so each time");
	EQ(wrong, 0, "and makes no other state and no other model");
	dbi_buf_dispose(&before);
	dbi_buf_dispose(&want);
	dbi_buf_dispose(&want_text);
	dbi_buf_dispose(&text);
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	declare(&sources, sources_xml);
	if (dbi_format_new(&format, &err) != DBRIEF_OK)
		return 1;
	test_state();
	test_sensitivity();
	test_marks();
	test_empty_fields();
	test_binaries();
	test_source_away();
	test_damaged();
	test_memory();
	dbi_format_free(format);
	dbi_sources_dispose(&sources);
	return tap_done();
}
