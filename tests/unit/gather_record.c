/* SPDX-License-Identifier: MIT */
/* The record builder against connectors that lie, and the values it takes. */
#include "scripted.h"

static const char sources_xml[] =
	"<codes id='way'><code value='E'>E-Mail</code><code value='J\xC3\xB6'>Umlaut</code></codes>"
	"<source id='crm' type='host' label='CRM'>"
	"<records name='orders' label='O' activity='a' subject-key='no' key='order_no'>"
	"<field name='day' label='D' type='date'/><field name='total' label='T' type='money' currency='EUR'/>"
	"<ignore field='version' reason='r'/></records>"
	"<records name='lines' label='L' activity='a' within='orders' link='order_no' subject-key='no' key='line'>"
	"<field name='what' label='W' type='text'/></records>"
	"<records name='values' label='V' activity='a'>"
	"<field name='v' label='V' type='%s' %s/></records>"
	"</source>";

#define ORDER(day, total) { BEGIN, "orders", "C1", "1", NULL, 0, 0 }, { TEXT, "day", day, 0, 0, 0, 0 }, { TEXT, "total", total, 0, 0, 0, 0 }

static void declare_with(struct dbi_sources *s, const char *type)
{
	char xml[2048];
	snprintf(xml, sizeof xml, sources_xml, type, strcmp(type, "money") == 0 ? "currency='EUR'" : strcmp(type, "code") == 0 ? "codes='way'" : "");
	declare(s, xml);
}

/* One fetch of the subject "C1" from one source. */
struct run { struct dbi_sources s; struct dbi_connected c; struct dbi_arena arena; struct dbi_dataset data; struct dbrief_error err; int rc; };

static void run_start(struct run *r, struct script *script, const char *type, const char *charset, const char *subject)
{
	dbi_gatherer *g = NULL;
	memset(r, 0, sizeof *r);
	declare_with(&r->s, type);
	r->c.decl = &r->s.sources[0];
	r->c.connector = script_connector(script);
	r->c.connector.charset = charset;
	r->rc = dbi_gatherer_new(&g, &r->c, 1, &r->err);
	if (r->rc == DBRIEF_OK)
		r->rc = dbi_gather(g, subject, &r->arena, &r->data, &r->err);
	dbi_gatherer_free(g);
}

static void run_end(struct run *r)
{
	dbi_arena_dispose(&r->arena);
	dbi_sources_dispose(&r->s);
}

/* ---- lies ---- */

struct lie {
	const char *what;
	int status, cause;
	const char *where, *text; /* text: NULL: not compared */
	struct step steps[12];
};
static const struct lie lies[] = {
	{ "a foreign row", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders",
	    "a record of another subject was delivered; the run stops, check the query",
	    { { BEGIN, "orders", "C2", "1", 0, 0, 0 } } },
	{ "a subject key that only begins like the asked one", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", NULL,
	    { { BEGIN, "orders", "C11", "1", 0, 0, 0 } } },
	{ "a subject key in other case", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", NULL,
	    { { BEGIN, "orders", "c1", "1", 0, 0, 0 } } },
	{ "a subject key with a blank behind it", DBRIEF_FATAL, DBRIEF_CAUSE_FOREIGN, "source crm / records orders", NULL,
	    { { BEGIN, "orders", "C1 ", "1", 0, 0, 0 } } },
	{ "no subject key", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records orders", NULL,
	    { { BEGIN, "orders", NULL, "1", 0, 0, 0 } } },
	{ "a missing end", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm",
	    "the source did not say that it was done; its connector must call dbrief_records_end",
	    { ORDER("2024-03-02", "1.50"), { END, 0, 0, 0, 0, 0, 0 } } },
	{ "an undeclared collection", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "source crm / records notes", NULL,
	    { { BEGIN, "notes", "C1", "1", 0, 0, 0 } } },
	{ "an undeclared field", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED, "source crm / records orders / record 1 / field mood",
	    "the source delivers a field that nobody declared; add a <field> or an <ignore> for it",
	    { ORDER("2024-03-02", "1"), { TEXT, "mood", "secret", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 }, { DONE, 0, 0, 0, 0, 0, 0 } } },
	{ "an undeclared field of an unprintable name", DBRIEF_FAILED, DBRIEF_CAUSE_UNDECLARED,
	    "source crm / records orders / record 1 / field (unprintable name)", NULL,
	    { ORDER("2024-03-02", "1"), { TEXT, "\xff\xfe", "secret", 0, 0, 0, 0 } } },
	{ "a missing field", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records orders / record 1 / field total",
	    "was not delivered; add the column to the query or remove the <field>",
	    { { BEGIN, "orders", "C1", "1", 0, 0, 0 }, { TEXT, "day", "2024-03-02", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 } } },
	{ "a field set twice", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm / records orders / record 1 / field day",
	    "was delivered twice; name each column of the query once",
	    { ORDER("2024-03-02", "1"), { NIL, "day", 0, 0, 0, 0, 0 } } },
	{ "a record without its key", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records orders / record 1", NULL,
	    { { BEGIN, "orders", "C1", NULL, 0, 0, 0 } } },
	{ "a nested record without its parent", DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, "source crm / records lines / record 1", NULL,
	    { { BEGIN, "lines", "C1", "1", NULL, 0, 0 } } },
	{ "bytes that are no text", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { TEXT, "what", "M\xFCller", 0, 0, 0, 0 } } },
	{ "a NUL in a text", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { BYTES, "what", "a\0b", 0, 0, 3, 0 } } },
	{ "a control character in a text", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { TEXT, "what", "a\x01", 0, 0, 0, 0 } } },
	{ "a key that is no text", DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "source crm / records orders", NULL,
	    { { BEGIN, "orders", "C1", "\xFC", 0, 0, 0 } } },
	{ "a date that is none", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records orders / record 1 / field day",
	    "is no date; correct the record or the type of the <field>", { ORDER("02.03.2024", "1") } },
	{ "binary in a text field", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { BINARY, "what", "abc", 0, 0, 3, 0 } } },
	{ "a text that is too long", DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { BYTES, "what", "a", 0, 0, (1 << 20) + 1, 0 } } },
	{ "a binary that is too long", DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { BINARY, "what", "a", 0, 0, (64 << 20) + 1, 0 } } },
	{ "a text without bytes", DBRIEF_FAILED, DBRIEF_CAUSE_ARG, "source crm / records lines / record 1 / field what", NULL,
	    { { BEGIN, "lines", "C1", "1", "1", 0, 0 }, { TEXT, "what", NULL, 0, 0, 0, 0 } } },
	{ "a record inside a record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm / records orders / record 1", NULL,
	    { ORDER("2024-03-02", "1"), { BEGIN, "orders", "C1", "2", 0, 0, 0 } } },
	{ "an end inside a record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm / records orders / record 1", NULL,
	    { ORDER("2024-03-02", "1"), { DONE, 0, 0, 0, 0, 0, 0 } } },
	{ "a record after the end", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm", NULL,
	    { { DONE, 0, 0, 0, 0, 0, 0 }, { BEGIN, "orders", "C1", "1", 0, 0, 0 } } },
	{ "a field outside of a record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm", NULL, { { NIL, "day", 0, 0, 0, 0, 0 } } },
	{ "an end of no record", DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "source crm", NULL, { { END, 0, 0, 0, 0, 0, 0 } } },
	{ "nothing at all", DBRIEF_FAILED, DBRIEF_CAUSE_UNKNOWN_SUBJECT, "all sources",
	    "no source knows this identifier; check it", { { DONE, 0, 0, 0, 0, 0, 0 } } },
	{ "a failure", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm / host", "disk on fire; call the porter",
	    { { FAIL, "disk on fire; call the porter", 0, 0, 0, DBRIEF_FAILED, 0 } } },
	{ "a failure without a reason", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm", NULL, { { FAIL, 0, 0, 0, 0, DBRIEF_FAILED, 0 } } },
	{ "a status nobody knows", DBRIEF_FAILED, DBRIEF_CAUSE_CONNECTOR, "source crm", NULL, { { FAIL, 0, 0, 0, 0, 17, 0 } } },
	{ "a fatal failure", DBRIEF_FATAL, DBRIEF_CAUSE_CONNECTOR, "source crm / host", NULL,
	    { { FAIL, "gone; stop", 0, 0, 0, DBRIEF_FATAL, 0 } } },
};

static void test_lie(const struct lie *lie, bool lies_on)
{
	struct script script = { .steps = lie->steps, .lies = lies_on, .after = DBRIEF_OK };
	struct run r;
	char what[200];
	for (const struct step *p = lie->steps; lies_on && p->kind != STOP; p++)
		if (p->kind == FAIL)
			return;
	run_start(&r, &script, "text", NULL, "C1");
	snprintf(what, sizeof what, "%s: %s", lie->what, lies_on ? "the connector goes on and returns OK" : "status");
	EQ(r.rc, lie->status, what);
	EQ(r.err.status, lie->status, "the error record says the same");
	if (!EQ(r.err.cause, lie->cause, "cause"))
		printf("# %s: %s\n", r.err.where, r.err.text);
	IS(r.err.where, lie->where, "place");
	if (lie->text)
		IS(r.err.text, lie->text, "text");
	OK(strchr(r.err.text, ';') && !strstr(r.err.text, "secret") && !strstr(r.err.where, "C1"), "what to do is said, no value");
	EQ(script.closes, script.opens, "closed as often as opened");
	run_end(&r);
}

/* ---- values ---- */

static const struct { const char *type, *given, *want; int cause; } values[] = {
	{ "text", "", "", 0 },
	{ "text", "a\r\nb\rc\nd", "a\nb\nc\nd", 0 },
	{ "text", "\r", "\n", 0 },
	{ "text", "  two  ", "  two  ", 0 },
	{ "text", "u\xCC\x88", "\xC3\xBC", 0 },
	{ "integer", "42", "42", 0 },
	{ "integer", " 42 ", "42", 0 },
	{ "integer", "-007", "-7", 0 },
	{ "integer", "+7", "7", 0 },
	{ "integer", "123456789012345678901234567890", "123456789012345678901234567890", 0 },
	{ "integer", "", NULL, 0 },
	{ "integer", " ", NULL, 0 },
	{ "integer", "4.0", "4", 0 },
	{ "integer", "4.5", 0, DBRIEF_CAUSE_VALUE },
	{ "integer", ".0", 0, DBRIEF_CAUSE_VALUE },
	{ "integer", "4x", 0, DBRIEF_CAUSE_VALUE },
	{ "integer", "0x10", 0, DBRIEF_CAUSE_VALUE },
	{ "integer", "1e3", 0, DBRIEF_CAUSE_VALUE },
	{ "decimal", "12.50", "12.50", 0 },
	{ "decimal", "12,50", 0, DBRIEF_CAUSE_VALUE },
	{ "decimal", "12.0", "12", 0 },
	{ "decimal", "1.2.0", 0, DBRIEF_CAUSE_VALUE },
	{ "decimal", "NaN", 0, DBRIEF_CAUSE_VALUE },
	{ "decimal", ".5", 0, DBRIEF_CAUSE_VALUE },
	{ "money", "-12.50", "-12.50", 0 },
	{ "money", "12.50 EUR", 0, DBRIEF_CAUSE_VALUE },
	{ "date", "2024-02-29", "2024-02-29", 0 },
	{ "date", "2024-02-29 00:00:00", "2024-02-29", 0 },
	{ "date", "2024-02-29T00:00", "2024-02-29", 0 },
	{ "date", "2024-02-29 00:00:01", 0, DBRIEF_CAUSE_VALUE },
	{ "date", "2024-02-29T00:00:00Z", 0, DBRIEF_CAUSE_VALUE },
	{ "date", "2023-02-29", 0, DBRIEF_CAUSE_VALUE },
	{ "date", "20240229", 0, DBRIEF_CAUSE_VALUE },
	{ "date", "", NULL, 0 },
	{ "datetime", "2024-02-29 12:30:59", "2024-02-29T12:30:59", 0 },
	{ "datetime", "2024-02-29T12:30", "2024-02-29T12:30", 0 },
	{ "datetime", "2024-02-29", "2024-02-29", 0 },
	{ "datetime", "2024-02-29T25:00", 0, DBRIEF_CAUSE_VALUE },
	{ "boolean", "0", "false", 0 }, { "boolean", "1", "true", 0 }, { "boolean", "TRUE", "true", 0 },
	{ "boolean", "false", "false", 0 }, { "boolean", "t", "true", 0 }, { "boolean", "F", "false", 0 },
	{ "boolean", "no", "false", 0 }, { "boolean", "Yes", "true", 0 }, { "boolean", "J", "true", 0 },
	{ "boolean", "N", "false", 0 }, { "boolean", "ja", "true", 0 }, { "boolean", "", NULL, 0 },
	{ "boolean", "2", 0, DBRIEF_CAUSE_VALUE }, { "boolean", "falsch!", 0, DBRIEF_CAUSE_VALUE },
	{ "code", "E", "E", 0 }, { "code", "Jo\xCC\x88", "J\xC3\xB6", 0 }, { "code", "", NULL, 0 },
	{ "code", "e", 0, DBRIEF_CAUSE_VALUE }, { "code", "secret", 0, DBRIEF_CAUSE_VALUE },
};

static void check_value(struct run *r, const char *want, int cause, const char *what)
{
	if (cause) {
		EQ(r->rc, DBRIEF_FAILED, what);
		EQ(r->err.cause, cause, "cause");
		IS(r->err.where, "source crm / records values / record 1 / field v", "place");
		OK(!strstr(r->err.text, "secret"), "the value is not told");
		return;
	}
	if (!EQ(r->rc, DBRIEF_OK, what) || !r->data.first) {
		printf("# %s: %s\n", r->err.where, r->err.text);
		return;
	}
	EQ(r->data.first->values[0].set, 1, "set");
	EQ(r->data.first->values[0].null, want == NULL, "null or not");
	if (want)
		IS(r->data.first->values[0].text, want, "canonical text");
}

static void test_step(const char *type, struct step step, const char *charset, const char *want, int cause, const char *what)
{
	struct step steps[] = { { BEGIN, "values", "C1", 0, 0, 0, 0 }, step, { END, 0, 0, 0, 0, 0, 0 }, { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
	struct script script = { .steps = steps };
	struct run r;
	run_start(&r, &script, type, charset, "C1");
	check_value(&r, want, cause, what);
	run_end(&r);
}

static void test_setters(void)
{
	test_step("integer", (struct step){ INTEGER, "v", 0, 0, 0, -9223372036854775807LL - 1, 0 }, NULL, "-9223372036854775808", 0, "the least integer");
	test_step("text", (struct step){ INTEGER, "v", 0, 0, 0, 7, 0 }, NULL, "7", 0, "an integer as text");
	test_step("money", (struct step){ INTEGER, "v", 0, 0, 0, 7, 0 }, NULL, "7", 0, "an integer as money");
	test_step("boolean", (struct step){ INTEGER, "v", 0, 0, 0, 1, 0 }, NULL, "true", 0, "1 as boolean");
	test_step("boolean", (struct step){ INTEGER, "v", 0, 0, 0, 7, 0 }, NULL, NULL, DBRIEF_CAUSE_VALUE, "7 as boolean");
	test_step("date", (struct step){ INTEGER, "v", 0, 0, 0, 20240229, 0 }, NULL, NULL, DBRIEF_CAUSE_VALUE, "an integer as date");
	test_step("decimal", (struct step){ REAL, "v", 0, 0, 0, 0, 0.1 }, NULL, "0.1", 0, "a real is the shortest decimal");
	test_step("money", (struct step){ REAL, "v", 0, 0, 0, 0, 12.5 }, NULL, "12.5", 0, "a real as money");
	test_step("integer", (struct step){ REAL, "v", 0, 0, 0, 0, 5.0 }, NULL, "5", 0, "a whole real as integer");
	test_step("integer", (struct step){ REAL, "v", 0, 0, 0, 0, 5.5 }, NULL, NULL, DBRIEF_CAUSE_VALUE, "a broken real as integer");
	test_step("decimal", (struct step){ REAL, "v", 0, 0, 0, 0, (double)1e300 * 1e300 }, NULL, NULL, DBRIEF_CAUSE_VALUE, "infinity");
	test_step("date", (struct step){ REAL, "v", 0, 0, 0, 0, 2024.0 }, NULL, NULL, DBRIEF_CAUSE_VALUE, "a real as date");
	test_step("text", (struct step){ NIL, "v", 0, 0, 0, 0, 0 }, NULL, NULL, 0, "null");
	test_step("text", (struct step){ TEXT, "v", "M\xFCller", 0, 0, 0, 0 }, "ISO-8859-1", "M\xC3\xBCller", 0, "Latin-1 becomes UTF-8");
	test_step("text", (struct step){ TEXT, "v", "a\x81", 0, 0, 0, 0 }, "WINDOWS-1252", NULL, DBRIEF_CAUSE_ENCODING, "a hole of Windows-1252");
	test_step("binary", (struct step){ BINARY, "v", "\x89PNG\r\n\x1a\nxxxx", 0, 0, 12, 0 }, NULL,
	    "4c9070b3b64f552df892db9e17c228732062aeb08365d748d4024b68ffab7ed6", 0, "of a binary a hash is kept");
}

static void test_binary(void)
{
	static const struct { const char *bytes; size_t n; const char *given, *want; } table[] = {
		{ "\x89PNG\r\n\x1a\n...", 11, NULL, "image/png" }, { "\xff\xd8\xff\xe0", 4, NULL, "image/jpeg" },
		{ "%PDF-1.7", 8, NULL, "application/pdf" }, { "abc", 3, NULL, NULL }, { "", 0, NULL, NULL },
		{ "abc", 3, "audio/ogg", "audio/ogg" }, { "%PDF-1.7", 8, "\xff", "application/pdf" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct step steps[] = { { BEGIN, "values", "C1", 0, 0, 0, 0 },
			{ BINARY, "v", table[i].bytes, table[i].given, 0, (long long)table[i].n, 0 },
			{ END, 0, 0, 0, 0, 0, 0 }, { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
		struct script script = { .steps = steps };
		struct run r;
		run_start(&r, &script, "binary", NULL, "C1");
		if (EQ(r.rc, DBRIEF_OK, "binary is taken")) {
			IS(r.data.first->values[0].media_type, table[i].want, "media type as said, else by the first bytes");
			EQ(r.data.first->values[0].bytes, table[i].n, "size is kept");
		}
		run_end(&r);
	}
}

/* ---- dropped columns, echoes ---- */

static void test_dropped(void)
{
	static const struct step steps[] = { ORDER("2024-03-02", "1"), { TEXT, "no", "C1", 0, 0, 0, 0 },
		{ INTEGER, "order_no", 0, 0, 0, 1, 0 }, { BINARY, "version", "\xff\x00", 0, 0, 2, 0 }, { NIL, "version", 0, 0, 0, 0, 0 },
		{ END, 0, 0, 0, 0, 0, 0 }, { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
	struct script script = { .steps = steps };
	struct run r;
	run_start(&r, &script, "text", NULL, "C1");
	EQ(r.rc, DBRIEF_OK, "key columns and ignored fields are dropped, whatever they hold");
	EQ(r.data.n_records, 1, "the record is there");
	EQ(r.data.first->values[2].set, 0, "the ignored field keeps nothing");
	IS(r.data.first->key, "1", "the record's key is kept");
	EQ(r.data.sources[0].n_records, 1, "counted for the source");
	run_end(&r);
}

static void test_echo(void)
{
	static const struct { const char *charset, *asked, *echo; int want; const char *what; } table[] = {
		{ NULL, "K\xC3\xB6ln", "K\xC3\xB6ln", DBRIEF_OK, "UTF-8, the same bytes" },
		{ NULL, "K\xC3\xB6ln", "Ko\xCC\x88ln", DBRIEF_FATAL, "UTF-8, equal after NFC only: another subject" },
		{ "ISO-8859-1", "K\xC3\xB6ln", "K\xF6ln", DBRIEF_OK, "Latin-1, the same text" },
		{ "ISO-8859-1", "K\xC3\xB6ln", "K\xC3\xB6ln", DBRIEF_FATAL, "Latin-1, the same bytes are another text" },
		{ "ISO-8859-1", "Ko\xCC\x88ln", "K\xF6ln", DBRIEF_OK, "Latin-1, asked in decomposed form" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct step steps[] = { { BEGIN, "values", table[i].echo, 0, 0, 0, 0 }, { NIL, "v", 0, 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 },
			{ DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
		struct script script = { .steps = steps };
		struct run r;
		run_start(&r, &script, "text", table[i].charset, table[i].asked);
		EQ(r.rc, table[i].want, table[i].what);
		run_end(&r);
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		test_lie(&lies[i], false);
		test_lie(&lies[i], true);
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		char what[100];
		snprintf(what, sizeof what, "%s '%.40s'", values[i].type, values[i].given);
		for (char *p = what; *p; p++)
			if (*p == '\n' || *p == '\r')
				*p = '/';
		test_step(values[i].type, (struct step){ TEXT, "v", values[i].given, 0, 0, 0, 0 }, NULL, values[i].want, values[i].cause, what);
	}
	test_setters();
	test_binary();
	test_dropped();
	test_echo();
	return tap_done();
}
