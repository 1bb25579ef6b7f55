/* SPDX-License-Identifier: MIT */
/* The model of gathered data: canonical, complete, and silent about what must not be printed. */
#include <sys/stat.h>
#include "model/model.h"
#include "model/order.h"
#include "scripted.h"
#include "xml/schemas.h"

#define DIR "tests/unit/model.dir"

static const char sources_xml[] =
	"<codes id='way'><code value='E'>E-Mail &amp; Fax</code></codes>"
	"<source id='crm' type='host' label='CRM'>"
	"<records name='customer' label='Stammdaten' activity='account' subject-key='no' key='no' origin='Ihre Angabe'>"
	"<field name='name' label='Name' type='text'/>"
	"<field name='iban' label='IBAN' type='text' show='masked'/>"
	"<field name='pin' label='PIN' type='text' sensitivity='secret'/>"
	"<field name='ill' label='Krankheit' type='text' sensitivity='special' show='named' third-party='yes' origin='Arzt'/>"
	"<field name='way' label='Weg' type='code' codes='way'/>"
	"<field name='way2' label='Weg' type='code' codes='way' show='masked'/>"
	"<field name='club' label='Mitglied' type='boolean' show='masked'/>"
	"<field name='news' label='Newsletter' type='boolean'/>"
	"<field name='photo' label='Bild' type='binary'/>"
	"<field name='score' label='Wert' type='decimal' unit='Punkte' kind='derived'><inputs>I</inputs><meaning>M</meaning><effect>E</effect></field>"
	"<field name='note' label='Notiz' type='text'/>"
	"<ignore field='version' reason='Counter'/></records>"
	"<records name='orders' label='Bestellungen' activity='contract' subject-key='no' key='order' since='day'>"
	"<field name='day' label='Tag' type='datetime'/><ignore field='x' reason='r'/><field name='total' label='Betrag' type='money' currency='EUR'/></records>"
	"<records name='lines' label='Artikel' activity='contract' within='orders' link='order' subject-key='no' key='line'>"
	"<field name='what' label='Was' type='text'/></records>"
	"<records name='parts' label='Teile' activity='contract' within='lines' link='line' subject-key='no' key='part'>"
	"<field name='part' label='Teil' type='integer'/></records>"
	"</source>"
	"<source id='web' type='host' label='Web'>"
	"<records name='visits' label='Besuche' activity='web'><field name='page' label='Seite' type='text'/></records></source>";

#define E { END, 0, 0, 0, 0, 0, 0 }
#define D { DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 }
#define T(f, v) { TEXT, f, v, 0, 0, 0, 0 }
#define CUSTOMER { BEGIN, "customer", "C1", "C1", 0, 0, 0 }, T("name", "Zo\xC3\xAB <Beispiel>"), T("iban", "DE02120300000000202051"), \
	T("pin", "4711"), T("ill", "Grippe"), T("way", "E"), T("way2", "E"), { INTEGER, "club", 0, 0, 0, 1, 0 }, { INTEGER, "news", 0, 0, 0, 1, 0 }, \
	{ BINARY, "photo", "\x89PNG\r\n\x1a\n", 0, 0, 12345, 0 }, T("score", "1234.5"), { NIL, "note", 0, 0, 0, 0, 0 }, E
#define ORDER(key, day, total) { BEGIN, "orders", "C1", key, 0, 0, 0 }, T("day", day), T("total", total), E
#define LINE(order, key) { BEGIN, "lines", "C1", key, order, 0, 0 }, T("what", "W" key), E
#define PART(line, key) { BEGIN, "parts", "C1", key, line, 0, 0 }, T("part", key), E
#define VISIT(page) { BEGIN, "visits", "C1", 0, 0, 0, 0 }, T("page", page), E

static const struct step straight[] = { CUSTOMER, ORDER("2", "2024-03-02 10:00", "12.50"), LINE("2", "a"), PART("a", "1"), PART("a", "2"),
	ORDER("10", "2023-01-31", "1234.5"), LINE("10", "b"), LINE("10", "c"), D };
static const struct step crooked[] = { PART("a", "2"), LINE("10", "c"), ORDER("10", "2023-01-31", "1234.5"), LINE("10", "b"),
	PART("a", "1"), ORDER("2", "2024-03-02 10:00", "12.50"), LINE("2", "a"), CUSTOMER, D };
static const struct step web[] = { VISIT("/a"), VISIT("/b"), VISIT("/a"), D };
static const struct step web_crooked[] = { VISIT("/b"), VISIT("/a"), VISIT("/a"), D };
static const struct step nothing[] = { D };

/* NBSP as HTML would write it, so that it can be seen here. */
#define NB "\xC2\xA0"
#define BULLETS18 "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" \
	"\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2"

static const char want_de[] =
	"<model xmlns=\"urn:datenbrief:model:1\" version=\"1\" lang=\"de\" mode=\"yearly\" date=\"2026-11-23\" case=\"K7Q3-9XB2-ABC1\">\n"
	"  <controller/>\n"
	"  <subject/>\n"
	"  <sources total=\"2\" complete=\"2\">\n"
	"    <source id=\"crm\" label=\"CRM\" status=\"complete\" as-of=\"2026-11-23\" records=\"8\"/>\n"
	"    <source id=\"web\" label=\"Web\" status=\"complete\" as-of=\"2026-11-23\" records=\"3\"/>\n"
	"  </sources>\n"
	"  <activities/>\n"
	"  <collections>\n"
	"    <collection source=\"crm\" name=\"customer\" label=\"Stammdaten\" activity=\"account\" code=\"A\" count=\"1\">\n";

/* What stands in the model, by XPath-free means: the exact line. */
static const char *const lines_de[] = {
	"      <column name=\"ill\" label=\"Krankheit\" type=\"text\" kind=\"stored\" sensitivity=\"special\" show=\"named\" third-party=\"yes\" origin=\"Arzt\"/>\n",
	"      <column name=\"pin\" label=\"PIN\" type=\"text\" kind=\"stored\" sensitivity=\"secret\" show=\"named\" third-party=\"no\" origin=\"Ihre Angabe\"/>\n",
	"      <ignored name=\"version\" reason=\"Counter\"/>\n",
	"        <inputs>I</inputs>\n        <meaning>M</meaning>\n        <effect>E</effect>\n",
	"      <record item=\"A01-Y\" key=\"C1\">\n",
	">Zo\xC3\xAB &lt;Beispiel&gt;</field>\n",
	"masked=\"true\">" BULLETS18 "2051</field>\n",
	"named=\"true\">gespeichert, nicht gedruckt</field>\n",
	"value=\"E\">E-Mail &amp; Fax</field>\n",
	"value=\"true\">Ja</field>\n",
	"bytes=\"12345\" media-type=\"image/png\">PNG-Bild, 12" NB "kB</field>\n",
	"value=\"1234.5\">1.234,5" NB "Punkte</field>\n",
	" empty=\"true\"/>\n",
	"      <nested name=\"lines\" label=\"Artikel\" activity=\"contract\" code=\"C\" count=\"3\">\n",
	"        <nested name=\"parts\" label=\"Teile\" activity=\"contract\" code=\"D\" count=\"2\">\n",
	" key=\"2\" since=\"2024-03-02\">\n",
	" key=\"10\" since=\"2023-01-31\">\n",
	"value=\"2024-03-02T10:00\">",
	"value=\"12.50\">12,50" NB "\xE2\x82\xAC</field>\n",
	"            <collection name=\"parts\">\n",
	"    <collection source=\"web\" name=\"visits\" label=\"Besuche\" activity=\"web\" code=\"E\" count=\"3\">\n",
};

static struct dbi_sources sources;
static dbi_format *format;

/* Gathers two scripts, builds, writes; *text is the caller's. */
static int build(const struct step *crm, const struct step *other, const char *lang, struct dbi_buf *text, struct dbrief_error *err)
{
	static char photo[12345] = "\x89PNG\r\n\x1a\n";
	struct dbi_env env = { { 2026, 11, 23 }, DBI_MODE_YEARLY };
	struct step copy[120];
	struct script a = { .steps = copy }, b = { .steps = other };
	struct dbi_connected c[2] = { { &sources.sources[0], script_connector(&a), DBRIEF_ERROR_INIT },
		{ &sources.sources[1], script_connector(&b), DBRIEF_ERROR_INIT } };
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_dataset data;
	dbi_gatherer *g = NULL;
	dbi_xml_doc *model = NULL;
	size_t n = 0;
	int rc;
	do {
		copy[n] = crm[n];
		if (copy[n].kind == BINARY)
			copy[n].b = photo;
	} while (crm[n++].kind != STOP);
	rc = dbi_gatherer_new(&g, c, 2, err);
	if (rc == DBRIEF_OK)
		rc = dbi_gather(g, "C1", &arena, &data, err);
	if (rc == DBRIEF_OK)
		rc = dbi_model_build(&model, &data, "K7Q3-9XB2-ABC1", lang, &env, format, err);
	dbi_gatherer_free(g);
	dbi_arena_dispose(&arena);
	if (rc == DBRIEF_OK)
		rc = dbi_model_write(model, true, text, err);
	dbi_xml_free(model);
	return rc;
}

static int count_of(const char *text, const char *piece)
{
	int n = 0;

	for (; (text = strstr(text, piece)); text++)
		n++;
	return n;
}

static void test_german(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;
	EQ(build(straight, web, "de", &text, &err), DBRIEF_OK, "a model is built");
	if (!text.data) {
		printf("# %s: %s\n", err.where, err.text);
		return;
	}
	OK(strstr(text.data, want_de) != NULL, "root, sources and places for what is joined");
	for (size_t i = 0; i < sizeof lines_de / sizeof *lines_de; i++)
		if (!OK(strstr(text.data, lines_de[i]) != NULL, "a line of the model"))
			printf("# want: %s", lines_de[i]);
	OK(!strstr(text.data, "4711") && !strstr(text.data, "Grippe"), "what is named only is not in it");
	OK(!strstr(text.data, "DE0212"), "nor what is masked");
	EQ(count_of(text.data, "masked=\"true\">\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2</field>"), 2,
	    "a masked code or boolean tells neither length nor end");
	OK(strstr(text.data, "key=\"2\" since") < strstr(text.data, "key=\"10\" since"), "whole numbers are ordered by value");
	if (tap_failed)
		printf("# %.12000s\n", text.data);
	dbi_buf_dispose(&text);
}

static void test_order_does_not_matter(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf a = DBI_BUF_INIT, b = DBI_BUF_INIT;
	EQ(build(straight, web, "de", &a, &err), DBRIEF_OK, "in one order");
	EQ(build(crooked, web_crooked, "de", &b, &err), DBRIEF_OK, "in another");
	IS(b.data, a.data, "equal data gives equal bytes");
	dbi_buf_dispose(&a);
	dbi_buf_dispose(&b);
}

static void test_english(void)
{
	static const char *const lines[] = { ">Yes</field>", ">stored, not printed</field>", "PNG image, 12" NB "kB", "1,234.5" NB "Punkte", ("\xE2\x82\xAC" "12.50") };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;
	EQ(build(straight, web, "en", &text, &err), DBRIEF_OK, "in English");
	for (size_t i = 0; text.data && i < sizeof lines / sizeof *lines; i++)
		OK(strstr(text.data, lines[i]) != NULL, lines[i]);
	dbi_buf_dispose(&text);
}

static void test_empty(void)
{
	static const struct step customer[] = { CUSTOMER, D };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;
	EQ(build(customer, nothing, "de", &text, &err), DBRIEF_OK, "a person without orders and visits");
	OK(text.data && strstr(text.data, "name=\"orders\" label=\"Bestellungen\" activity=\"contract\" code=\"B\" count=\"0\""), "empty collections are kept");
	OK(text.data && strstr(text.data, "<source id=\"web\" label=\"Web\" status=\"empty\""), "an empty source is named");
	dbi_buf_dispose(&text);
}

static const struct { const char *what, *where; struct step steps[24]; } refused[] = {
	{ "an orphan", "source crm / records lines", { CUSTOMER, LINE("2", "a"), D } },
	{ "an orphan of the second level", "source crm / records parts", { ORDER("2", "2024-03-02", "1"), PART("a", "1"), D } },
	{ "two records of one key", "source crm / records orders", { ORDER("2", "2024-03-02", "1"), ORDER("2", "2024-03-03", "2"), D } },
	{ "two nested records of one key", "source crm / records lines", { ORDER("2", "2024-03-02", "1"), LINE("2", "a"), LINE("2", "a"), D } },
	{ "a parent that is not one", "source crm / records lines",
	    { ORDER("2", "2024-03-02", "1"), ORDER("3", "2024-03-02", "1"), LINE("2", "a"), LINE("3", "a"), PART("a", "1"), D } },
};

static void test_refused(void)
{
	static const struct step same_below[] = { ORDER("2", "2024-03-02", "1"), ORDER("3", "2024-03-02", "1"), LINE("2", "a"), LINE("3", "a"), D };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf text = DBI_BUF_INIT;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		dbrief_error_clear(&err);
		EQ(build(refused[i].steps, web, "de", &text, &err), DBRIEF_FAILED, refused[i].what);
		EQ(err.cause, DBRIEF_CAUSE_INCOMPLETE, "is incomplete");
		IS(err.where, refused[i].where, "at its place");
		OK(strchr(err.text, ';') != NULL, "with what to do");
	}
	dbrief_error_clear(&err);
	EQ(build(same_below, web, "de", &text, &err), DBRIEF_OK, "one key in two parents is no mistake");
	dbi_buf_dispose(&text);
}

/* ---- order of keys, masks ---- */

static void test_keys(void)
{
	static const char *const sorted[] = { "-10", "-2", "-0", "0", "00", "007", "7", "8", "10", "99999999999999999999", "100000000000000000000",
		"", "-", "1.5", "1a", "A", "a", "\xC3\xA4" };
	size_t n = sizeof sorted / sizeof *sorted;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			int order = dbi_order_keys(sorted[i], sorted[k]);
			if ((i < k) != (order < 0) || (i == k) != (order == 0)) {
				OK(0, "keys are ordered");
				printf("# %s %s %d\n", sorted[i], sorted[k], order);
			}
		}
	OK(1, "whole numbers by value, then the rest by bytes");
}

static void test_masks(void)
{
	static const struct { const char *text, *want; } table[] = {
		{ "", "" }, { "1234", "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" },
		{ "1234567", "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" },
		{ "12345678", "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" "5678" },
		{ "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4" "bcd\xC3\xB6", "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2" "bcd\xC3\xB6" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dbi_buf out = DBI_BUF_INIT;
		dbi_model_mask(&out, table[i].text, strlen(table[i].text));
		IS(out.data ? out.data : "", table[i].want, "the last four of eight or more, else none");
		dbi_buf_dispose(&out);
	}
}

/* ---- as a document ---- */

static void write_file(const char *path, const char *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f))
		printf("Bail out! cannot write %s\n", path);
}

static void test_document(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf a = DBI_BUF_INIT, b = DBI_BUF_INIT;
	dbi_xml_doc *model = NULL;
	char *at;
	(void)mkdir("tests", 0700);
	(void)mkdir("tests/unit", 0700);
	(void)mkdir(DIR, 0700);
	EQ(build(straight, web, "de", &a, &err), DBRIEF_OK, "built");
	write_file(DIR "/model.xml", a.data, a.len);
	if (!EQ(dbi_model_read(&model, DIR "/model.xml", &err), DBRIEF_OK, "a written model is valid and can be read"))
		printf("# %s: %s\n", err.where, err.text);
	if (model)
		EQ(dbi_model_write(model, true, &b, &err), DBRIEF_OK, "written again");
	IS(b.data, a.data, "it is the same");
	dbi_xml_free(model);
	at = strstr(a.data, "type=\"money\"");
	if (at)
		memcpy(at, "tipe", 4);
	write_file(DIR "/wrong.xml", a.data, a.len);
	EQ(dbi_model_read(&model, DIR "/wrong.xml", &err), DBRIEF_FATAL, "a document that is no model is refused");
	OK(model == NULL && strstr(err.where, "wrong.xml:"), "with its place");
	dbi_buf_dispose(&a);
	dbi_buf_dispose(&b);
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	declare(&sources, sources_xml);
	if (dbi_format_new(&format, &err) != DBRIEF_OK)
		return 1;
	test_german();
	test_order_does_not_matter();
	test_english();
	test_empty();
	test_refused();
	test_keys();
	test_masks();
	test_document();
	dbi_format_free(format);
	dbi_sources_dispose(&sources);
	return tap_done();
}
