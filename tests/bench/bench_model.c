/* SPDX-License-Identifier: MIT */
#include "bench_model.h"

#include <stdio.h>

#include "model/model.h"
#include "util/buf.h"
#include "util/code.h"

#define COLLECTIONS 5
#define ROWS 12

static const char *const german_given[] = { "Anna", "Jürgen", "Käthe", "Bernd", "Sören", "Lieselotte", "Günther", "Friederike",
	"Paul", "Mechthild", "Hanna", "Rüdiger", "Ute", "Thomas", "Ingeborg", "Wolfgang" };
static const char *const german_family[] = { "Müller", "Weiß", "Schröder", "Krämer", "Beispielmann", "Großkopf", "Lindenau",
	"Hasenclever", "Jäger", "Vogt", "Köhler", "Brandstätter", "Öztal", "Pfeiffer", "Strauß", "Zimmermann" };
static const char *const other_names[] = { "Łukasz Wiśniewski", "Nguyễn Thị Ánh", "Ștefan Țepeluș", "Růžena Dvořáková",
	"Çağla Yıldırım", "Þórdís Guðmundsdóttir", "Zoë Brontë-Étienne", "Živilė Žemaitė", "Şükrü Gökçe", "Ağça Iğdırlı" };
static const char *const labels[COLLECTIONS] = { "Ihre Bestellungen", "Ihre Zahlungen", "Ihre Anfragen", "Ihre Einwilligungen",
	"Wer Ihre Daten abgerufen hat" };
static const char *const columns[COLLECTIONS][4] = {
	{ "Datum", "Artikel", "Menge", "Betrag" }, { "Datum", "Verwendungszweck", "Art", "Betrag" },
	{ "Datum", "Worum es ging", "Weg", "Ergebnis" }, { "Datum", "Wortlaut", "Weg", "Stand" },
	{ "Datum", "Zweck", "Abteilung", "Umfang" } };
static const char *const texts[COLLECTIONS][4] = {
	{ "Gartenschere mit Holzgriff, rostfrei", "Wolldecke, grau, 140 x 200 cm", "Teekanne aus Steingut", "Leselampe, verstellbar, Messing" },
	{ "Rechnung zur Bestellung", "Teilzahlung zur Rechnung", "Erstattung nach Rücksendung", "Anzahlung" },
	{ "Frage zur Lieferzeit der Bestellung", "Reklamation: Griff lose, Ersatz gewünscht", "Änderung der Anschrift", "Frage zur Rechnung" },
	{ "Ja, ich möchte den Katalog per Post erhalten.", "Ja, ich möchte den Newsletter erhalten.", "Anruf zur Bestellung erlaubt", "Bewertung per E-Mail" },
	{ "Bearbeitung einer Bestellung", "Prüfung einer Zahlung", "Antwort auf eine Anfrage", "Versand" } };
static const char *const ways[4] = { "E-Mail", "Telefon", "Brief", "Webshop" };
static const char *const results[4] = { "erledigt", "offen", "gültig", "widerrufen" };

static void add_field(struct dbi_buf *b, unsigned c, unsigned row, unsigned f, const char *value, const char *display)
{
	char item[DBI_ITEM_CODE_SIZE];
	dbi_item_code_format(item, c, row, f);
	dbi_buf_addf(b, "<field name=\"f%u\" item=\"%s\"", f, item);
	if (value)
		dbi_buf_addf(b, " value=\"%s\"", value);
	dbi_buf_addf(b, ">%s</field>", display);
}

static void add_record(struct dbi_buf *b, unsigned n, unsigned c, unsigned row)
{
	char item[DBI_ITEM_CODE_SIZE], iso[32], shown[32];
	unsigned day = 1 + (n + row * 3) % 28, month = 1 + (n + row) % 12, cents = (n * 37 + row * 311) % 100,
		 euros = (n * 13 + row * 29) % 900, year = 2015 + (n + row) % 11;

	dbi_item_code_format(item, c, row, 0);
	dbi_buf_addf(b, "<record item=\"%s\" key=\"%u\" since=\"%u-%02u-%02u\">", item, n * 100 + row, year, month, day);
	snprintf(iso, sizeof(iso), "%u-%02u-%02u", year, month, day);
	snprintf(shown, sizeof(shown), "%02u.%02u.%u", day, month, year);
	add_field(b, c, row, 1, iso, shown);
	add_field(b, c, row, 2, NULL, texts[c][(n + row) % 4]);
	add_field(b, c, row, 3, NULL, c == 0 ? "1" : ways[(n + row) % 4]);
	if (c < 2) {
		snprintf(iso, sizeof(iso), "%u.%02u", euros, cents);
		snprintf(shown, sizeof(shown), "%u,%02u\302\240€", euros, cents);
		add_field(b, c, row, 4, iso, shown);
	} else {
		add_field(b, c, row, 4, NULL, results[(n * 7 + row) % 4]);
	}
	dbi_buf_adds(b, "</record>");
}

static void add_collection(struct dbi_buf *b, unsigned n, unsigned c)
{
	dbi_buf_addf(b, "<collection source=\"crm\" name=\"c%u\" label=\"%s\" activity=\"contract\" code=\"%c\" count=\"%u\">", c,
	    labels[c], (char)('A' + c), ROWS);
	for (unsigned f = 0; f < 4; f++)
		dbi_buf_addf(b, "<column name=\"f%u\" label=\"%s\" type=\"text\" kind=\"stored\" sensitivity=\"normal\" "
		    "show=\"value\" third-party=\"no\" origin=\"Ihre Angaben\"/>", f + 1, columns[c][f]);
	for (unsigned row = 1; row <= ROWS; row++)
		add_record(b, n, c, row);
	dbi_buf_adds(b, "</collection>");
}

static void add_name(struct dbi_buf *b, unsigned n)
{
	if (n % 10 == 9)
		dbi_buf_adds(b, other_names[n / 10 % 10]);
	else
		dbi_buf_addf(b, "%s %s", german_given[n % 16], german_family[n / 16 % 16]);
}

static int set_attr(void *node, const char *name, const char *value)
{
	return dbi_node_set(node, name, value) ? 0 : 1;
}

dbi_xml_doc *bench_model_copy(const dbi_xml_doc *model)
{
	dbi_xml_doc *doc = dbi_xml_new("model");
	bool good = doc && dbi_node_each_attr(dbi_xml_root(model), set_attr, dbi_xml_root(doc)) == 0;

	for (dbi_xml_node *n = dbi_node_child(dbi_xml_root(model), NULL); good && n; n = dbi_node_sibling(n, NULL))
		good = dbi_node_copy_into(dbi_xml_root(doc), n) != NULL;
	if (good)
		return doc;
	dbi_xml_free(doc);
	return NULL;
}

dbi_xml_doc *bench_model(unsigned n)
{
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_doc *parsed = NULL, *doc;
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	dbi_buf_addf(&b, "<model xmlns=\"" DBI_MODEL_NS "\" version=\"1\" lang=\"de\" mode=\"yearly\" date=\"2026-11-23\" "
	    "case=\"%04u-0000-0000\"><controller><name>Muster Versand GmbH</name><line>Musterweg 1</line>"
	    "<line>34117 Kassel</line></controller><subject lang=\"de\"><name>", n % 10000);
	add_name(&b, n);
	dbi_buf_adds(&b, "</name><salutation>Guten Tag ");
	add_name(&b, n);
	dbi_buf_addf(&b, "</salutation><line>Musterstraße %u</line><line>%05u Musterstadt</line></subject>"
	    "<sources total=\"1\" complete=\"1\"><source id=\"crm\" label=\"Kundenverwaltung\" status=\"complete\" "
	    "as-of=\"2026-11-23\" records=\"60\"/></sources><activities/><collections>", n % 200 + 1, 10000 + n % 80000);
	for (unsigned c = 0; c < COLLECTIONS; c++)
		add_collection(&b, n, c);
	dbi_buf_adds(&b, "</collections></model>");
	if (b.failed || dbi_xml_parse_memory(&parsed, "bench", b.data, b.len, DBI_MODEL_NS, &err) != DBRIEF_OK)
		fprintf(stderr, "bench: %s: %s\n", err.where, err.text);
	dbi_buf_dispose(&b);
	/* As the library's own models are: built, not parsed. */
	doc = parsed ? bench_model_copy(parsed) : NULL;
	dbi_xml_free(parsed);
	return doc;
}
