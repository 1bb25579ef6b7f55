/* SPDX-License-Identifier: MIT */
/* Who the letter is for: what <subject> selects in a model. Reading mistakes are in config.c. */
#include <string.h>
#include "gather/subject.h"
#include "model/model.h"
#include "tap.h"

static const char model_xml[] =
	"<model xmlns='urn:datenbrief:model:1' lang='de'><controller/><subject/><sources/><activities/><collections>"
	"<collection name='customer'><record><field name='first'>Zo\xC3\xAB</field><field name='last'> Beispiel\nGraf  </field>"
	"<field name='street'>Weg 1</field><field name='extra' empty='true'/><field name='town'>60311 Frankfurt</field>"
	"<field name='land' value='pl'>Polen</field><field name='bad'>Utopia</field><field name='lang' value='en'>Englisch</field>"
	"<field name='dead' value='true'>Ja</field></record></collection></collections></model>";

#define F(name) "collections/collection[@name=\"customer\"]/record/field[@name=\"" name "\"]"
#define SUBJECT "<subject lang=\"de\">"

static const struct { const char *what, *map, *want, *where; int cause; } table[] = {
	{ "name and lines", "<name select='concat(" F("first") ", \" \", " F("last") ")'/><line select='" F("street") "'/><line select='" F("town") "'/>",
	    SUBJECT "<name>Zo\xC3\xAB Beispiel Graf</name><line>Weg 1</line><line>60311 Frankfurt</line></subject>", NULL, 0 },
	{ "an empty line is dropped", "<name select='" F("first") "'/><line select='" F("extra") "'/><line select='" F("town") "'/>",
	    SUBJECT "<name>Zo\xC3\xAB</name><line>60311 Frankfurt</line></subject>", NULL, 0 },
	{ "a line that finds nothing is not", "<name select='" F("first") "'/><line select='" F("x") "'/><line select='" F("town") "'/>",
	    NULL, "s.xml:1:", DBRIEF_CAUSE_INCOMPLETE },
	{ "but with an empty default it is", "<name select='" F("first") "'/><line select='" F("x") "' default=''/><line select='" F("town") "'/>",
	    SUBJECT "<name>Zo\xC3\xAB</name><line>60311 Frankfurt</line></subject>", NULL, 0 },
	{ "no line left", "<name select='" F("first") "'/><line select='" F("extra") "'/>", NULL, "subject", DBRIEF_CAUSE_INCOMPLETE },
	{ "a name that finds nothing", "<name select='" F("x") "'/><line select='1'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_INCOMPLETE },
	{ "an empty name", "<name select='" F("extra") "'/><line select='1'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_INCOMPLETE },
	{ "a default for nothing", "<name select='" F("x") "' default='Kundin'/><line select='1'/>",
	    SUBJECT "<name>Kundin</name><line>1</line></subject>", NULL, 0 },
	{ "a default for an empty field", "<name select='1'/><salutation select='" F("extra") "' default='Guten Tag'/><line select='1'/>",
	    SUBJECT "<name>1</name><salutation>Guten Tag</salutation><line>1</line></subject>", NULL, 0 },
	{ "the order is the model's", "<flag name='f' select='1=2'/><line select='2'/><name select='1'/>",
	    SUBJECT "<name>1</name><line>2</line><flag name=\"f\" value=\"false\"/></subject>", NULL, 0 },
	{ "flags are booleans of their expressions", "<name select='1'/><line select='2'/><flag name='a' hold='no' select='" F("dead") "/@value = \"true\"'/>"
	    "<flag name='b' select='" F("x") "'/><flag name='c' hold='no' select='" F("extra") "'/>",
	    SUBJECT "<name>1</name><line>2</line><flag name=\"a\" value=\"true\"/><flag name=\"b\" value=\"false\"/><flag name=\"c\" value=\"true\"/></subject>", NULL, 0 },
	{ "a raised flag holds the letter", "<name select='1'/><line select='2'/><flag name='dead' select='true()'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_HOLD },
	{ "and so with hold", "<name select='1'/><line select='2'/><flag name='dead' hold='yes' select='true()'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_HOLD },
	{ "a country has its name", "<name select='1'/><line select='2'/><country select='" F("land") "/@value'/>",
	    SUBJECT "<name>1</name><line>2</line><country code=\"PL\">Polen</country></subject>", NULL, 0 },
	{ "a country that is no code", "<name select='1'/><line select='2'/><country select='" F("bad") "'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_VALUE },
	{ "the language is the person's", "<name select='1'/><line select='2'/><country select='\"PL\"'/><language select='" F("lang") "/@value'/>",
	    "<subject lang=\"en\"><name>1</name><line>2</line><country code=\"PL\">Poland</country></subject>", NULL, 0 },
	{ "a language by default", "<name select='1'/><line select='2'/><language select='" F("x") "' default='fr-CH'/>",
	    "<subject lang=\"fr-CH\"><name>1</name><line>2</line></subject>", NULL, 0 },
	{ "a language that is none", "<name select='1'/><line select='2'/><language select='" F("bad") "'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_VALUE },
	{ "who represents a minor", "<line select='2'/><representative select='" F("last") "' default=''/><name select='1'/>",
	    SUBJECT "<name>1</name><representative>Beispiel Graf</representative><line>2</line></subject>", NULL, 0 },
	{ "nobody has to", "<line select='2'/><representative select='" F("x") "' default=''/><name select='1'/>",
	    SUBJECT "<name>1</name><line>2</line></subject>", NULL, 0 },
	{ "a hold rule that does not apply", "<name select='1'/><line select='2'/></subject><hold name='dead' select='" F("x") "' reason='r'/>",
	    SUBJECT "<name>1</name><line>2</line></subject>", NULL, 0 },
	{ "a hold rule that does", "<name select='1'/><line select='2'/></subject><hold name='dead' select='" F("dead") "/@value=\"true\"' reason='has died'/>",
	    NULL, "s.xml:1:", DBRIEF_CAUSE_HOLD },
	{ "a hold rule over what <subject> made", "<name select='1'/><line select='2'/><flag name='f' hold='no' select='true()'/></subject>"
	    "<hold name='dead' select='subject/flag[@name=\"f\"]/@value=\"true\"' reason='has died'/>", NULL, "s.xml:1:", DBRIEF_CAUSE_HOLD },
	{ "a number that is none", "<name select='number(\"x\")'/><line select='2'/>", NULL, "s.xml:1:", -1 },
};

static int join(const char *map_xml, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_buf xml = DBI_BUF_INIT;
	dbi_xml_doc *config = NULL, *model = NULL;
	dbi_subject_map *map = NULL;
	dbi_subject_eval *ev = NULL;
	dbi_format *format = NULL;
	int rc;
	dbi_buf_addf(&xml, "<datenbrief><subject>%s", map_xml);
	if (!strstr(map_xml, "</subject>"))
		dbi_buf_adds(&xml, "</subject>");
	dbi_buf_adds(&xml, "</datenbrief>");
	rc = dbi_xml_parse_memory(&config, "s.xml", xml.data, xml.len, NULL, err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_map_read(&map, config, dbi_node_child(dbi_xml_root(config), NULL), dbi_xml_root(config), err);
	if (!EQ(rc, DBRIEF_OK, "the mapping is read"))
		printf("# %s: %s\n", err->where, err->text);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_parse_memory(&model, "model.xml", model_xml, strlen(model_xml), DBI_MODEL_NS, err);
	if (rc == DBRIEF_OK)
		rc = dbi_format_new(&format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_eval_new(&ev, map, err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_join(ev, model, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_write(model, NULL, false, out, err);
	dbi_subject_eval_free(ev);
	dbi_format_free(format);
	dbi_xml_free(model);
	dbi_subject_map_free(map);
	dbi_xml_free(config);
	dbi_buf_dispose(&xml);
	return rc;
}

/* held.csv tells the person who decides every rule that applies, and why. */
static void test_rules(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	EQ(join("<name select='1'/><line select='2'/><flag name='minor' reason='is a child' select='true()'/></subject>"
	    "<hold name='no' select='false()' reason='never'/><hold name='opt-out' select='true()' reason='wants none'/>"
	    "<hold name='returned' select='true()' reason='moved'/>", &out, &err), DBRIEF_FAILED, "three rules hold a letter");
	IS(err.where, "s.xml:1:58 / rule minor", "the first is named");
	IS(err.text, "is a child, and also: opt-out, returned; a person must decide what becomes of this letter", "with its reason, then the others");
	dbi_buf_dispose(&out);
}

int main(void)
{
	dbi_xml_init();
	test_rules();
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		struct dbi_buf out = DBI_BUF_INIT;
		EQ(join(table[i].map, &out, &err), table[i].want ? DBRIEF_OK : DBRIEF_FAILED, table[i].what);
		if (table[i].want) {
			if (!OK(out.data && strstr(out.data, table[i].want), "as wanted"))
				printf("# %s: %s\n# want: %s\n# in: %s\n", err.where, err.text, table[i].want, out.data ? out.data : "");
		} else {
			if (table[i].cause >= 0)
				EQ(err.cause, table[i].cause, "cause");
			OK(strncmp(err.where, table[i].where, strlen(table[i].where)) == 0 && strchr(err.text, ';'), "place and what to do");
			OK(!strstr(err.text, "Utopia"), "no value");
			printf("# %s: %s\n", err.where, err.text);
		}
		dbi_buf_dispose(&out);
	}
	return tap_done();
}
