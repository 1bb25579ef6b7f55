/* SPDX-License-Identifier: MIT */
/* The configuration reader: what is right loads, what is wrong is named with its place and what to do. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "api/config.h"
#include "tap.h"
#include "util/hash.h"
#include "xml/schemas.h"

#define DIR "tests/unit/config.dir"

/* Line numbers of the table below count from here: the first line is 1. */
static const char good[] =
	"<datenbrief xmlns=\"urn:datenbrief:config:1\" lang=\"de\">\n"                                            /* 1 */
	"  <controller>\n"
	"    <name>Muster Versand GmbH</name><line>Musterweg 1</line><line>34117 Kassel</line>\n"
	"    <country>DE</country><phone>0561 0000</phone>\n"
	"  </controller>\n"
	"  <dpo><name>Erika Beispiel</name></dpo>\n"
	"  <authority><name>Landesamt</name><line>Amtsweg 2</line></authority>\n"
	"  <register href=\"register.xml\"/>\n"                                                                   /* 8 */
	"  <template href=\"letter.xml\"/>\n"
	"  <case-code key-file=\"case.key\"/>\n"                                                                  /* 10 */
	"  <fonts><family name=\"Arimo\"/><fallback name=\"Noto Sans\"/></fonts>\n"
	"  <codes id=\"channel\"><code value=\"E\">E-Mail</code><code value=\"P\">Post</code></codes>\n"          /* 12 */
	"  <source id=\"crm\" type=\"sqlite\" url=\"sqlite:crm.db\" label=\"CRM\" deadline=\"30s\" optional=\"yes\">\n" /* 13 */
	"    <setting name=\"mode\">a</setting>\n"
	"    <subjects>SELECT no FROM customer</subjects>\n"
	"    <records name=\"orders\" label=\"Ihre Bestellungen\" activity=\"contract\"\n"                       /* 16 */
	"             subject-key=\"no\" key=\"order_no\" since=\"ordered_on\" origin=\"Ihre Angabe\">\n"
	"      <query>SELECT * FROM orders WHERE no = :subject</query>\n"
	"      <field name=\"ordered_on\" label=\"Bestellt am\" type=\"date\"/>\n"                                /* 19 */
	"      <field name=\"total\" label=\"Betrag\" type=\"money\" currency=\"EUR\"/>\n"                        /* 20 */
	"      <field name=\"channel\" label=\"Weg\" type=\"code\" codes=\"channel\"/>\n"                         /* 21 */
	"      <field name=\"pin\" label=\"PIN\" type=\"text\" sensitivity=\"secret\"/>\n"                        /* 22 */
	"      <field name=\"score\" label=\"Wert\" type=\"integer\" kind=\"derived\"><meaning>Gut</meaning></field>\n" /* 23 */
	"      <ignore field=\"row_version\" reason=\"Technical counter\"/>\n"                                    /* 24 */
	"    </records>\n"
	"    <records name=\"lines\" label=\"Artikel\" activity=\"contract\" within=\"orders\" link=\"order_no\" subject-key=\"no\" key=\"line\">\n" /* 26 */
	"      <field name=\"text\" label=\"Artikel\" type=\"text\"/>\n"
	"    </records>\n"
	"  </source>\n"
	"  <subject>\n"                                                                                           /* 30 */
	"    <name select=\"string('x')\"/>\n"
	"    <line select=\"collections/collection[1]/record[1]/field[1]\" default=\"\"/>\n"
	"    <flag name=\"deceased\" select=\"false()\"/>\n"                                                      /* 33 */
	"  </subject>\n"
	"</datenbrief>\n";

static const char good_register[] =
	"<register xmlns=\"urn:datenbrief:register:1\" version=\"2026-01\">\n"
	"  <recipient id=\"dhl\" role=\"processor\"><name>Paketdienst AG</name></recipient>\n"
	"  <activity id=\"contract\">\n"                                                                          /* 3 */
	"    <name>Bestellung</name><purpose>Liefern</purpose>\n"
	"    <legal-basis article=\"6(1)(b)\">Vertrag</legal-basis>\n"                                            /* 5 */
	"    <disclosure recipient=\"dhl\" data=\"Name\">Zustellung</disclosure>\n"                               /* 6 */
	"    <transfer country=\"US\" instrument=\"scc\">Rechenzentrum</transfer>\n"                              /* 7 */
	"    <retention period=\"P10Y\" from=\"year-end\">Zehn Jahre</retention>\n"                               /* 8 */
	"    <origin>Ihre Angaben</origin>\n"
	"  </activity>\n"
	"</register>\n";

static void write_file(const char *name, const char *bytes, size_t len)
{
	char path[256];
	FILE *f;
	snprintf(path, sizeof path, DIR "/%s", name);
	f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, len, f) != len || fclose(f))
		printf("Bail out! cannot write %s\n", path);
}

/* `text` with the first `old` replaced; writes it as `name`. */
static bool write_changed(const char *name, const char *text, const char *old, const char *new)
{
	char out[8192];
	const char *at = strstr(text, old);
	int n;
	if (!at)
		return false;
	n = snprintf(out, sizeof out, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
	write_file(name, out, (size_t)n);
	return true;
}

static void write_good(void)
{
	write_file("datenbrief.xml", good, strlen(good));
	write_file("register.xml", good_register, strlen(good_register));
	write_file("letter.xml", "<x/>", 4);
	write_file("case.key", "0123456789abcdef0123456789abcdef", 32);
}

/* ---- right ---- */

static void test_good(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_config *c = NULL;
	const struct dbi_source_decl *s;
	write_good();
	EQ(dbi_config_load(&c, DIR "/datenbrief.xml", &err), DBRIEF_OK, "a whole configuration loads");
	if (!c) {
		printf("# %s: %s\n", err.where, err.text);
		return;
	}
	IS(c->base, DIR, "base is the folder of the file");
	IS(c->n_templates == 1 ? c->templates[0].path : "", DIR "/letter.xml", "the template's path is resolved against the file");
	EQ(c->n_families, 1, "one family");
	EQ(c->n_fallbacks, 1, "one fallback");
	EQ(c->sources.n, 1, "one source");
	s = &c->sources.sources[0];
	EQ(s->deadline_ms, 30000, "the deadline is in ms");
	EQ(s->optional, 1, "the source is optional");
	IS(s->settings[0][1], "a", "a setting is kept");
	EQ(s->n_collections, 2, "two collections");
	EQ(s->collections[1].parent == &s->collections[0], 1, "within is resolved");
	EQ(s->collections[1].index, 1, "collections are numbered over all");
	EQ(s->collections[0].n_fields, 6, "fields and ignored ones in file order");
	EQ(s->collections[0].fields[3].show, DBI_SHOW_NAMED, "a secret is named by itself");
	IS(s->collections[0].fields[5].ignore_reason, "Technical counter", "the reason of an ignored field is kept");
	IS(s->collections[0].fields[1].place, DIR "/datenbrief.xml:20:7", "a field knows its place");
	IS(dbi_code_find(s->collections[0].fields[2].codes, "P")->label, "Post", "a code is explained");
	dbi_config_free(c);
}

static void test_keys(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_config *a = NULL, *b = NULL, *c = NULL;
	unsigned char want[32];
	int rc = dbi_config_load(&a, DIR "/datenbrief.xml", &err);
	write_changed("nokey.xml", good, "<case-code key-file=\"case.key\"/>", "");
	rc |= dbi_config_load(&b, DIR "/nokey.xml", &err);
	write_file("case.key", "0123456789abcdef0123456789abcdeX", 32);
	rc |= dbi_config_load(&c, DIR "/datenbrief.xml", &err);
	EQ(rc, DBRIEF_OK, "all load");
	if (a && b && c) {
		dbi_blake2b(want, 32, "Muster Versand GmbH", 19, NULL, 0);
		OK(memcmp(b->case_key, want, 32) == 0, "without a key file the key comes from the controller's name");
		OK(memcmp(a->case_key, b->case_key, 32) != 0, "a key file changes the key");
		OK(memcmp(a->case_key, c->case_key, 32) != 0, "every byte of the key file counts");
	}
	dbi_config_free(a);
	dbi_config_free(b);
	dbi_config_free(c);
}

static void test_inline_register(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_config *c = NULL;
	write_good();
	write_changed("inline.xml", good, "<register href=\"register.xml\"/>", good_register);
	if (!EQ(dbi_config_load(&c, DIR "/inline.xml", &err), DBRIEF_OK, "the register may stand inline"))
		printf("# %s: %s\n", err.where, err.text);
	OK(c && dbi_register_has(c->reg, "contract"), "its activities are known");
	dbi_config_free(c);
}

static void test_override(void)
{
	static const struct { const char *value, *type, *what; } table[] = {
		{ "crm=sqlite:/tmp/copy.db", "sqlite", "another file" },
		{ "crm=postgresql://host/db?x=y", "postgresql", "another type" },
		{ "shop=sqlite:x", NULL, "an unknown source is refused" },
		{ "crm", NULL, "no URL is refused" },
		{ "crm=secret.db", NULL, "a URL without a type is refused" },
		{ "=sqlite:x", NULL, "no id is refused" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		struct dbi_config *c = NULL;
		int rc = dbi_config_load(&c, DIR "/datenbrief.xml", &err);
		if (rc == DBRIEF_OK)
			rc = dbi_sources_override(&c->sources, table[i].value, &err);
		EQ(rc, table[i].type ? DBRIEF_OK : DBRIEF_FATAL, table[i].what);
		if (c && table[i].type) {
			IS(c->sources.sources[0].type, table[i].type, "the type follows the URL");
			IS(c->sources.sources[0].url, strchr(table[i].value, '=') + 1, "the URL is replaced");
			OK(c->sources.sources[0].url_overridden, "and marked so");
		} else {
			OK(strstr(err.text, "; ") != NULL && !strstr(err.text, "secret.db"), "the message says what to do, never the URL");
		}
		dbi_config_free(c);
	}
}

/* ---- wrong ---- */

/* The change to `good` (or to the register), and where and how it is reported. */
static const struct wrong { const char *file, *old, *new, *place, *text; } wrongs[] = {
	/* names */
	{ "c", "<controller>", "<controler>", NULL, NULL },
	{ "c", "<dpo><name>", "<dpo><nam>x</nam><name>", "datenbrief.xml:6:8", "unknown element <nam> in <dpo>; did you mean name?" },
	{ "c", " lang=\"de\"", " long=\"de\"", "datenbrief.xml:1:1", "<datenbrief> has an unknown attribute long; did you mean lang?" },
	{ "c", "<template href=\"letter.xml\"/>", "<letter/>", "datenbrief.xml:9:3", NULL },
	{ "c", "<template href=\"letter.xml\"/>", "<template/>", "datenbrief.xml:9:3", "<template> names no template; add standard=\"de\" for the letter that comes along, or href" },
	{ "c", "<template href=\"letter.xml\"/>", "<template href=\"\"/>", "datenbrief.xml:9:3", "the attribute href of <template> is empty; fill it or leave it out" },
	{ "c", "<template href=\"letter.xml\"/>", "<template href=\"letter.xml\"/><template href=\"letter.xml\"/>", "datenbrief.xml:9:32", "the <template> above has no conditions, so this one is never taken; put that one last" },
	{ "c", "<template href=\"letter.xml\"/>", "<template href=\"letter.xml\" mode=\"weekly\"/>", "datenbrief.xml:9:3", NULL },
	{ "c", "<template href=\"letter.xml\"/>", "<template href=\"letter.xml\" when=\"@mode =\"/>", "datenbrief.xml:9:3", NULL },
	{ "c", "<template href=\"letter.xml\"/>", "<template href=\"letter.xml\" when=\"$x\"/>", "datenbrief.xml:9:3", "when uses x; only paths of the model and functions of XPath 1.0 are known here" },
	{ "c", "<authority>", "text <authority>", "datenbrief.xml:1:1", "<datenbrief> holds text where none belongs; remove it or put it into an element" },
	{ "c", "xmlns=\"urn:datenbrief:config:1\"", "xmlns=\"urn:datenbrief:config:2\"", "datenbrief.xml:1:1", NULL },
	{ "c", "<dpo>", "<dpo xmlns=\"urn:x\">", "datenbrief.xml:6:3", NULL },
	/* controller and offices */
	{ "c", "<line>Musterweg 1</line><line>34117 Kassel</line>", "", "datenbrief.xml:2:3", "<controller> has no <line>; add one" },
	{ "c", "<name>Muster Versand GmbH</name>", "<name> </name>", "datenbrief.xml:3:5", "<name> is empty; fill it" },
	{ "c", "<country>DE</country>", "<country>Deutschland</country>", "datenbrief.xml:4:5", "the country is no ISO 3166 code; write two capital letters such as DE" },
	{ "c", "<authority><name>Landesamt</name><line>Amtsweg 2</line></authority>", "", "datenbrief.xml:1:1", "<datenbrief> has no <authority>; add one" },
	/* files */
	{ "c", "href=\"register.xml\"", "href=\"missing.xml\"", "datenbrief.xml:8:3", "the file 'missing.xml' of <register> is not there or cannot be reached; correct href" },
	{ "c", "href=\"register.xml\"", "href=\".\"", "datenbrief.xml:8:3", "'.' of <register> is no file; correct href" },
	{ "c", "href=\"letter.xml\"", "href=\"nowhere/letter.xml\"", "datenbrief.xml:9:3", "the file 'nowhere/letter.xml' of <template> is not there or cannot be reached; correct href" },
	{ "c", "key-file=\"case.key\"", "key-file=\"letter.xml\"", "datenbrief.xml:10:3", "the key file holds less than 32 bytes; fill it with: head -c 32 /dev/urandom" },
	{ "c", "<family name=\"Arimo\"/>", "<family name=\"Arimo\" bold=\"b.ttf\"/>", "datenbrief.xml:11:10", "the file 'b.ttf' of <family> is not there or cannot be reached; correct bold" },
	{ "c", "<family name=\"Arimo\"/>", "<family name=\"Arimo\"/><family name=\"Arimo\"/>", "datenbrief.xml:11:32", "a <family> 'Arimo' stands above; name each once" },
	/* codes */
	{ "c", "<code value=\"P\">", "<code value=\"E\">", "datenbrief.xml:12:52", "the code 'E' stands above; explain each code once" },
	{ "c", "<code value=\"P\">", "<code>", "datenbrief.xml:12:52", "<code> has no attribute value; add value=\"...\"" },
	{ "c", "codes=\"channel\"", "codes=\"chanel\"", "datenbrief.xml:21:7", "there is no code list 'chanel'; add <codes id=\"chanel\">" },
	{ "c", " codes=\"channel\"", "", "datenbrief.xml:21:7", "a field of type code needs codes; name the <codes> list that explains it" },
	/* source */
	{ "c", "id=\"crm\"", "id=\"1 crm\"", "datenbrief.xml:13:3", "the id of the source is no name; write a letter, then letters, digits, '_', '.' or '-'" },
	{ "c", "url=\"sqlite:crm.db\" ", "", "datenbrief.xml:13:3", "<source> has no attribute url; add url=\"sqlite:...\"" },
	{ "c", "url=\"sqlite:crm.db\"", "url=\"csv:secret\"", "datenbrief.xml:13:3", "the url does not begin with the type of the source; write url=\"sqlite:...\" or correct type" },
	{ "c", "deadline=\"30s\"", "deadline=\"30\"", "datenbrief.xml:13:3", "the deadline is none; write a number with its unit, such as 500ms, 30s or 2min" },
	{ "c", "optional=\"yes\"", "optional=\"ja\"", "datenbrief.xml:13:3", "the attribute optional of <source> has an unknown value 'ja'; allowed: no, yes" },
	{ "c", "optional=\"yes\"", "charset=\"UTF-7\"", "datenbrief.xml:13:3", NULL },
	{ "c", "<setting name=\"mode\">a</setting>", "<setting name=\"m\">a</setting><setting name=\"m\">b</setting>", "datenbrief.xml:14:34", "a setting 'm' stands above; set each once" },
	/* records */
	{ "c", "activity=\"contract\"", "activity=\"contracts\"", "datenbrief.xml:16:5", "the register has no activity 'contracts'; add it there or correct activity" },
	{ "c", "subject-key=\"no\" key=\"order_no\"", "key=\"order_no\"", "datenbrief.xml:16:5", "<records> has no attribute subject-key; name the column that holds the customer's identifier" },
	{ "c", "since=\"ordered_on\"", "since=\"ordered\"", "datenbrief.xml:16:5", "since names 'ordered', which is no field of type date here; name one or leave since out" },
	{ "c", "since=\"ordered_on\"", "since=\"total\"", "datenbrief.xml:16:5", "since names 'total', which is no field of type date here; name one or leave since out" },
	{ "c", "name=\"ordered_on\" label", "name=\"ordered_on\" show=\"masked\" label", "datenbrief.xml:16:5", "since names 'ordered_on', whose value is not printed; name another or leave since out" },
	{ "c", "within=\"orders\"", "within=\"order\"", "datenbrief.xml:26:5", "within names 'order', and this source has no such records; correct the name" },
	{ "c", "within=\"orders\"", "within=\"lines\"", "datenbrief.xml:26:5", "the records 'lines' stand within themselves; break the ring" },
	{ "c", "within=\"orders\" link=\"order_no\"", "within=\"orders\"", "datenbrief.xml:26:5", "within needs link; name the column that holds the key of the record of 'orders'" },
	{ "c", "within=\"orders\" link", "link", "datenbrief.xml:26:5", "link needs within; name the records that hold these" },
	{ "c", "key=\"order_no\" since", "since", "datenbrief.xml:26:5", "within names 'orders', which has no key; add key=\"...\" there" },
	{ "c", "name=\"lines\"", "name=\"orders\"", "datenbrief.xml:26:5", "records 'orders' stand above in this source; name each once" },
	/* fields */
	{ "c", "label=\"Betrag\" ", "", "datenbrief.xml:20:7", "<field> has no attribute label; add label=\"...\"" },
	{ "c", "label=\"Betrag\"", "lable=\"Betrag\"", "datenbrief.xml:20:7", "<field> has an unknown attribute lable; did you mean label?" },
	{ "c", "type=\"money\"", "type=\"currency\"", "datenbrief.xml:20:7", "the attribute type of <field> has an unknown value 'currency'; allowed: text, integer, decimal, money, date, datetime, boolean, code, binary" },
	{ "c", "type=\"integer\"", "type=\"intger\"", "datenbrief.xml:23:7", "the attribute type of <field> has an unknown value 'intger'; did you mean integer?" },
	{ "c", " currency=\"EUR\"", "", "datenbrief.xml:20:7", "a field of type money needs its currency; add currency=\"EUR\" or another ISO 4217 code" },
	{ "c", "currency=\"EUR\"", "currency=\"Euro\"", "datenbrief.xml:20:7", "the currency is no ISO 4217 code; write three capital letters such as EUR" },
	{ "c", "type=\"date\"", "type=\"date\" currency=\"EUR\"", "datenbrief.xml:19:7", "currency belongs to fields of type money; change the type or remove it" },
	{ "c", "type=\"date\"", "type=\"date\" unit=\"kg\"", "datenbrief.xml:19:7", "unit belongs to fields of type integer or decimal; change the type or remove it" },
	{ "c", "sensitivity=\"secret\"", "sensitivity=\"secret\" show=\"value\"", "datenbrief.xml:22:7", "a secret is always named, never shown; remove show or write show=\"named\"" },
	{ "c", " kind=\"derived\"", "", "datenbrief.xml:23:7", "<inputs>, <meaning> and <effect> explain derived fields; add kind=\"derived\" or remove them" },
	{ "c", "name=\"total\"", "name=\"ordered_on\"", "datenbrief.xml:20:7", "a field 'ordered_on' stands above; name each field once" },
	{ "c", "field=\"row_version\"", "field=\"total\"", "datenbrief.xml:24:7", "a field 'total' stands above; name each field once" },
	{ "c", " reason=\"Technical counter\"", "", "datenbrief.xml:24:7", "<ignore> has no attribute reason; add reason=\"...\"" },
	/* subject */
	{ "c", "<name select=\"string('x')\"/>", "", "datenbrief.xml:30:3", "<subject> has no <name>; add one" },
	{ "c", "select=\"string('x')\"", "select=\"string('x'\"", "datenbrief.xml:31:5", NULL },
	{ "c", "select=\"string('x')\"", "select=\"t:mask('x')\"", "datenbrief.xml:31:5", NULL },
	{ "c", "select=\"string('x')\"", "select=\"$x\"", "datenbrief.xml:31:5", "the select of <name> uses a variable; there are none here" },
	{ "c", "<flag name=\"deceased\" ", "<flag ", "datenbrief.xml:33:5", "<flag> has no attribute name; add name=\"...\"" },
	/* register */
	{ "r", "recipient=\"dhl\"", "recipient=\"ups\"", "register.xml:6:5", "there is no recipient 'ups'; add <recipient id=\"ups\"> to the register" },
	{ "r", "role=\"processor\"", "role=\"helper\"", "register.xml:2:3", "the attribute role of <recipient> has an unknown value 'helper'; allowed: processor, controller, joint, authority" },
	{ "r", "<legal-basis article=\"6(1)(b)\">Vertrag</legal-basis>", "", "register.xml:3:3", "<activity> has no <legal-basis>; add one" },
	{ "r", "<purpose>Liefern</purpose>", "", "register.xml:3:3", "<activity> has no <purpose>; add one" },
	{ "r", "country=\"US\"", "country=\"USA\"", "register.xml:7:5", "the country is no ISO 3166 code; write two capital letters such as DE" },
	{ "r", "instrument=\"scc\"", "instrument=\"none\"", "register.xml:7:5", "the attribute instrument of <transfer> has an unknown value 'none'; allowed: adequacy, scc, bcr, consent, contract" },
	{ "r", "period=\"P10Y\"", "period=\"10Y\"", "register.xml:8:5", "the period is none of ISO 8601; write P10Y, P6M or P30D" },
	{ "r", "period=\"P10Y\" ", "", "register.xml:8:5", "<retention> has from but no period; add period=\"P10Y\" or remove from" },
	{ "r", "from=\"year-end\"", "from=\"year\"", "register.xml:8:5", "the attribute from of <retention> has an unknown value 'year'; allowed: date, year-end" },
	{ "r", "</register>", "<activity id=\"contract\"><name>x</name><purpose>x</purpose><legal-basis article=\"6\">x</legal-basis><retention>x</retention><origin>x</origin></activity></register>", "register.xml:11:1", "an activity with the id 'contract' stands above; give each its own id" },
	{ "r", "<register xmlns", "<verzeichnis xmlns", NULL, NULL },
	{ "r", "version=\"2026-01\"", "", "register.xml:1:1", "<register> has no attribute version; add version=\"...\"" },
};

static void test_wrong(const struct wrong *w)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_config *c = NULL;
	char what[300];
	bool reg = *w->file == 'r';
	write_good();
	if (!OK(write_changed(reg ? "register.xml" : "datenbrief.xml", reg ? good_register : good, w->old, w->new), "the change applies"))
		printf("# %s\n", w->old);
	snprintf(what, sizeof what, "'%.120s' for '%.120s' is refused", w->new, w->old);
	if (!EQ(dbi_config_load(&c, DIR "/datenbrief.xml", &err), DBRIEF_FATAL, what)) {
		dbi_config_free(c);
		return;
	}
	OK(c == NULL, "nothing is handed out");
	OK(err.cause == DBRIEF_CAUSE_CONFIG || err.cause == DBRIEF_CAUSE_XML, "the cause is the configuration");
	OK(strncmp(err.where, DIR "/", strlen(DIR "/")) == 0, "the place names the file");
	if (w->place)
		IS(err.where + strlen(DIR "/"), w->place, "the place is exact");
	if (w->text)
		IS(err.text, w->text, "the message is exact");
	else
		printf("# %s: %s\n", err.where, err.text);
	OK(strstr(err.text, ";") != NULL, "the message says what to do");
}

static void test_paths(void)
{
	static const struct { const char *path, *what; } table[] = {
		{ DIR, "a folder is no configuration" },
		{ DIR "/none.xml", "a file that is not there" },
		{ DIR "/letter.xml/x", "a path through a file" },
		{ "", "an empty path" },
		{ DIR "/letter.xml", "another form" },
		{ DIR "/empty.xml", "an empty file" },
	};
	write_good();
	write_file("empty.xml", "", 0);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		struct dbi_config *c = NULL;
		EQ(dbi_config_load(&c, table[i].path, &err), DBRIEF_FATAL, table[i].what);
		OK(c == NULL && *err.text, "is refused with a message");
		printf("# %s: %s\n", err.where, err.text);
	}
}

/* The schema alone refuses what it must, should a reader ever let it through. */
static void test_schema(void)
{
	static const struct { const char *old, *new; int want; } table[] = {
		{ "<dpo>", "<dpo>", DBRIEF_OK },
		{ "type=\"money\"", "type=\"cash\"", DBRIEF_FATAL },
		{ "<subject>", "<person/><subject>", DBRIEF_FATAL },
		{ "label=\"Betrag\"", "lable=\"Betrag\"", DBRIEF_FATAL },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		dbi_xml_doc *doc = NULL;
		int rc;
		write_changed("schema.xml", good, table[i].old, table[i].new);
		rc = dbi_xml_parse_file(&doc, DIR "/schema.xml", NULL, &err);
		if (rc == DBRIEF_OK)
			rc = dbi_xml_validate(doc, "config.rng", dbi_schema_config, &err);
		EQ(rc, table[i].want, table[i].new);
		dbi_xml_free(doc);
	}
}

int main(void)
{
	dbi_hash_init();
	dbi_xml_init();
	(void)mkdir("tests", 0700);
	(void)mkdir("tests/unit", 0700);
	(void)mkdir(DIR, 0700);
	test_good();
	test_keys();
	test_inline_register();
	test_override();
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
		test_wrong(&wrongs[i]);
	test_paths();
	test_schema();
	return tap_done();
}
