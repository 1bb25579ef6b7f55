/* SPDX-License-Identifier: MIT */
/* The register's rules in a model: activities, origins, deletion dates. Reading mistakes are in config.c. */
#include <string.h>
#include "model/model.h"
#include "register/register.h"
#include "tap.h"

#define RETENTION(id, rule) "<activity id='" id "'><name>" id "</name><purpose>P</purpose><legal-basis article='6(1)(b)'>B</legal-basis>" \
	rule "<origin>Origin of " id "</origin></activity>"

static const char register_xml[] =
	"<register xmlns='urn:datenbrief:register:1' version='2026-01'>"
	"<recipient id='dhl' role='processor'><name>Paket \n AG</name><line>X</line><country>DE</country></recipient>"
	"<activity id='full'><name>Kauf</name><purpose>Liefern</purpose><legal-basis article='6(1)(b)'>Vertrag</legal-basis>"
	"<legal-basis article='6(1)(c)'>Gesetz</legal-basis><disclosure recipient='dhl' data='Name'>Zustellung</disclosure>"
	"<transfer country='US' instrument='scc'>Rechenzentrum</transfer><retention period='P10Y' from='year-end'>Zehn Jahre</retention>"
	"<origin>Ihre Angaben</origin></activity>"
	RETENTION("days", "<retention period='P30D'>R</retention>")
	RETENTION("months", "<retention period='P1M' from='date'>R</retention>")
	RETENTION("none", "<retention>R</retention>")
	RETENTION("unused", "<retention>R</retention>")
	RETENTION("datenbrief", "<retention>R</retention>")
	"</register>";

static const char model_xml[] =
	"<model xmlns='urn:datenbrief:model:1'><controller/><subject/><sources/><activities/><collections>"
	"<collection name='a' activity='none'><column name='x'/><column name='y' origin='own'/>"
	"<nested name='b' activity='days'><column name='z'/><nested name='c' activity='months'><column name='w'/></nested></nested>"
	"<record key='1' since='2024-01-31'><collection name='b'><record key='2' since='2024-02-28'>"
	"<collection name='c'><record key='3' since='2024-01-31'/></collection></record></collection></record></collection>"
	"<collection name='d' activity='full'><record key='4' since='2024-02-29'/><record key='5'/></collection>"
	"</collections></model>";

static const char *const wanted[] = {
	"<activities register=\"2026-01\"><activity id=\"full\"><name>Kauf</name><purpose>Liefern</purpose>"
	"<legal-basis article=\"6(1)(b)\">Vertrag</legal-basis><legal-basis article=\"6(1)(c)\">Gesetz</legal-basis>"
	"<disclosure recipient=\"dhl\" role=\"processor\" name=\"Paket AG\" data=\"Name\">Zustellung</disclosure>"
	"<transfer country=\"US\" country-name=\"Vereinigte Staaten\" instrument=\"scc\">Rechenzentrum</transfer>"
	"<retention period=\"P10Y\" from=\"year-end\">Zehn Jahre</retention><origin>Ihre Angaben</origin></activity><activity id=\"days\">",
	"<activity id=\"datenbrief\">",
	"<column name=\"x\" origin=\"Origin of none\"/><column name=\"y\" origin=\"own\"/>",
	"<column name=\"z\" origin=\"Origin of days\"/>",
	"<column name=\"w\" origin=\"Origin of months\"/>",
	"<record key=\"1\" since=\"2024-01-31\"><",
	"<record key=\"2\" since=\"2024-02-28\" until=\"2024-03-29\">",
	"<record key=\"3\" since=\"2024-01-31\" until=\"2024-02-29\"/>",
	"<record key=\"4\" since=\"2024-02-29\" until=\"2034-12-31\"/>",
	"<record key=\"5\"/>",
};

static dbi_register *read_register(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_register *reg = NULL;
	dbi_xml_doc *doc = NULL;
	int rc = dbi_xml_parse_memory(&doc, "register.xml", register_xml, strlen(register_xml), NULL, &err);
	if (rc == DBRIEF_OK)
		rc = dbi_register_from_node(&reg, doc, dbi_xml_root(doc), &err);
	if (!EQ(rc, DBRIEF_OK, "the register is read"))
		printf("# %s: %s\n", err.where, err.text);
	dbi_xml_free(doc);
	return reg;
}

static int join(const dbi_register *reg, const char *xml, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_env env = { { 2026, 11, 23 }, DBI_MODE_YEARLY };
	dbi_format *format = NULL;
	dbi_xml_doc *model = NULL;
	int rc = dbi_xml_parse_memory(&model, "model.xml", xml, strlen(xml), DBI_MODEL_NS, err);
	if (rc == DBRIEF_OK)
		rc = dbi_format_new(&format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_register_join(reg, model, "de", &env, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_write(model, NULL, false, out, err);
	dbi_format_free(format);
	dbi_xml_free(model);
	return rc;
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	dbi_register *reg;
	dbi_xml_init();
	reg = read_register();
	if (!reg)
		return tap_done();
	OK(dbi_register_has(reg, "full") && !dbi_register_has(reg, "fully"), "activities are known by id");
	EQ(join(reg, model_xml, &out, &err), DBRIEF_OK, "joined");
	for (size_t i = 0; out.data && i < sizeof wanted / sizeof *wanted; i++)
		if (!OK(strstr(out.data, wanted[i]) != NULL, "as wanted"))
			printf("# want: %s\n# in: %s\n", wanted[i], out.data);
	OK(out.data && !strstr(out.data, "unused"), "activities nobody refers to stay out");
	EQ(join(reg, "<model xmlns='urn:datenbrief:model:1'><activities/><collections><collection activity='gone'/></collections></model>",
	    &out, &err), DBRIEF_FAILED, "an activity the register lacks is refused");
	dbrief_error_clear(&err);
	EQ(join(reg, "<model xmlns='urn:datenbrief:model:1'/>", &out, &err), DBRIEF_FAILED, "so is a tree that is no model");
	dbi_buf_dispose(&out);
	dbi_register_free(reg);
	return tap_done();
}
