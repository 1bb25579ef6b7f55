/* SPDX-License-Identifier: MIT */
/* A register with the activities that the draft's records belong to; every text is for a person to write. */
#include <string.h>
#include "init.h"

static const struct { const char *id, *german, *english; } names[] = {
	{ "account", "Ihr Kundenkonto", "Your customer account" }, { "contract", "Ihre Verträge mit uns", "Your contracts with us" },
	{ "contact", "Ihre Anliegen", "Your requests" }, { "usage", "Nutzung unserer Dienste", "Use of our services" },
	{ "marketing", "Werbung", "Advertising" }, { "other", "Weitere Daten", "Other data" },
};

static bool is_used(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->n; i++)
		if (strcmp(plan->list[i].activity, id) == 0)
			return true;
	return false;
}

static void write_activity(struct text *out, const char *id, const char *name, bool german)
{
	const char *article = strcmp(id, "contract") == 0 || strcmp(id, "account") == 0 ? "6(1)(b)" : strcmp(id, "marketing") == 0 ? "6(1)(a)" : "6(1)(f)";

	text_addf(out, "\n  <activity id=\"%s\">\n    <name>%s</name>\n", id, name);
	text_addf(out, "    <purpose>%s</purpose>\n", german ? "TODO: Wofür braucht Ihr Haus diese Daten? Ein oder zwei kurze Sätze." :
	    "TODO: what do you need these data for? One or two short sentences.");
	text_addf(out, "    <persons>%s</persons>\n", german ? "Kundinnen und Kunden" : "Customers");
	text_addf(out, "    <!-- TODO: is that the legal basis of Art. 6? -->\n    <legal-basis article=\"%s\">%s</legal-basis>\n", article, german ?
	    "TODO: die Rechtsgrundlage in Worten" : "TODO: the legal basis in words");
	text_add(out, "    <!-- TODO: who gets these data? Add <recipient> above and <disclosure recipient=\"...\" data=\"...\"> here; <transfer> when outside the EU -->\n");
	text_addf(out, "    <retention>%s</retention>\n", german ? "TODO: Wann werden sie gelöscht? (Frist mit period=\"P10Y\" from=\"year-end\")" :
	    "TODO: when are they erased? (a period with period=\"P10Y\" from=\"year-end\")");
	text_addf(out, "    <origin>%s</origin>\n  </activity>\n", german ? "TODO: Woher stammen sie?" : "TODO: where do they come from?");
}

void write_register(const struct plan *plan, struct text *out)
{
	text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!--\n"
	    "  Draft of a register of processing activities (Art. 30 GDPR), written by datenbrief init. The letters take purposes,\n"
	    "  legal bases, recipients, storage times and origins from here; doc/forms.md describes the form.\n-->\n"
	    "<register xmlns=\"urn:datenbrief:register:1\" version=\"0\">\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_used(plan, names[i].id))
			write_activity(out, names[i].id, plan->german ? names[i].german : names[i].english, plan->german);
	text_add(out, "\n  <!-- The letter itself, Art. 5(2): it is processing, too. -->");
	write_activity(out, "datenbrief", plan->german ? "Dieser Brief" : "This letter", plan->german);
	text_add(out, "</register>\n");
}
