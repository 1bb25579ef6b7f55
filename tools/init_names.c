/* SPDX-License-Identifier: MIT */
/* Names of columns and tables as words, and as labels that people read. */
#include <stdio.h>
#include <string.h>
#include "init.h"

void words_of(struct words *words, const char *name)
{
	words->n = dbrief_schema_words(name, words->w, 8);
}

static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = strstr(list, word); s; s = strstr(s + 1, word))
		if ((s == list || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

bool words_have(const struct words *words, const char *list)
{
	for (size_t i = 0; i < words->n; i++)
		if (in_list(list, words->w[i]))
			return true;
	return false;
}

bool words_end(const struct words *words, const char *list)
{
	return words->n && in_list(list, words->w[words->n - 1]);
}

bool is_email_name(const char *name)
{
	struct words w;

	words_of(&w, name);
	return words_have(&w, "email mail emailaddress") && !words_end(&w, "id");
}

/* Words of databases, most of them English, as German customers know them. */
static const struct { const char *words, *german; } dictionary[] = {
	{ "account", "Konto" }, { "account number", "Kontonummer" }, { "active", "Aktiv" }, { "address", "Anschrift" }, { "age", "Alter" },
	{ "album", "Album" }, { "alt", "Weitere" }, { "amount", "Betrag" }, { "artist", "Künstler" }, { "article", "Artikel" }, { "author", "Verfasst von" },
	{ "balance", "Saldo" }, { "billing", "Rechnung" }, { "billing address", "Anschrift (Rechnung)" }, { "birth date", "Geburtsdatum" },
	{ "birthdate", "Geburtsdatum" }, { "birthday", "Geburtstag" }, { "card", "Karte" }, { "card number", "Kartennummer" }, { "category", "Kategorie" },
	{ "ccn", "Kartennummer" }, { "channel", "Kanal" }, { "city", "Ort" }, { "class", "Klasse" }, { "closed", "Geschlossen am" }, { "code", "Code" },
	{ "comment", "Bemerkung" }, { "comments", "Bemerkungen" }, { "company", "Firma" }, { "consent", "Einwilligung" }, { "contact", "Kontakt" },
	{ "count", "Anzahl" }, { "country", "Land" }, { "created", "Angelegt am" }, { "created at", "Angelegt am" }, { "created by", "Angelegt von" },
	{ "currency", "Währung" }, { "customer", "Kunde" }, { "customer id", "Kundennummer" }, { "customer no", "Kundennummer" },
	{ "customer number", "Kundennummer" }, { "cvv", "Prüfziffer" }, { "date", "Datum" }, { "deleted", "Gelöscht" },
	{ "delivery", "Lieferung" }, { "description", "Beschreibung" }, { "discount", "Rabatt" }, { "email", "E-Mail" }, { "email address", "E-Mail" },
	{ "employee", "Mitarbeiter" }, { "fax", "Fax" }, { "first name", "Vorname" }, { "firstname", "Vorname" }, { "gender", "Geschlecht" },
	{ "genre", "Genre" }, { "hash", "Prüfwert" }, { "house", "Hausnummer" }, { "iban", "IBAN" }, { "id", "Nummer" }, { "invoice", "Rechnung" },
	{ "invoice date", "Rechnungsdatum" }, { "invoice id", "Rechnungsnummer" }, { "invoice no", "Rechnungsnummer" }, { "invoice line", "Rechnungsposten" }, { "invoice lines", "Rechnungsposten" }, { "item", "Posten" },
	{ "item no", "Posten Nr." }, { "kind", "Art" }, { "language", "Sprache" }, { "last login", "Letzte Anmeldung" }, { "last name", "Nachname" },
	{ "last visit", "Letzter Besuch" }, { "lastname", "Nachname" }, { "line", "Zeile" }, { "line no", "Zeile Nr." }, { "login", "Anmeldung" },
	{ "loyalty", "Kundenkarte" }, { "mail", "E-Mail" }, { "manager", "Vorgesetzte" }, { "media type", "Medientyp" }, { "message", "Nachricht" },
	{ "mobile", "Mobiltelefon" }, { "month", "Monat" }, { "name", "Name" }, { "newsletter", "Newsletter" }, { "no", "Nummer" }, { "note", "Notiz" },
	{ "notes", "Notizen" }, { "number", "Nummer" }, { "opened", "Geöffnet am" }, { "order", "Bestellung" }, { "order date", "Bestelldatum" }, { "order id", "Bestellnummer" }, { "order no", "Bestellnummer" },
	{ "order item", "Bestellposten" }, { "order lines", "Bestellposten" }, { "orders", "Bestellungen" }, { "password", "Passwort" },
	{ "payment", "Zahlung" }, { "payment card", "Zahlungskarte" }, { "phone", "Telefon" }, { "phone number", "Telefon" }, { "photo", "Foto" },
	{ "playlist", "Titelliste" }, { "points", "Punkte" }, { "postal code", "Postleitzahl" }, { "postcode", "Postleitzahl" },
	{ "preferred", "Bevorzugt" }, { "price", "Preis" }, { "product", "Produkt" }, { "quantity", "Menge" }, { "rating", "Bewertung" },
	{ "reason", "Grund" }, { "remark", "Bemerkung" }, { "report", "Bericht" }, { "review", "Bewertung" }, { "reviews", "Bewertungen" },
	{ "salutation", "Anrede" }, { "score", "Punktwert" }, { "service request", "Serviceanfragen" }, { "shipping", "Lieferung" },
	{ "shipping address", "Anschrift (Lieferung)" }, { "size", "Größe" }, { "source", "Quelle" }, { "state", "Bundesstaat" }, { "status", "Status" },
	{ "strasse", "Straße" }, { "street", "Straße" }, { "subject", "Betreff" }, { "sum", "Summe" }, { "support", "Betreuung" }, { "tax", "Steuer" },
	{ "text", "Text" }, { "ticket", "Anfrage" }, { "tickets", "Anfragen" }, { "tier", "Stufe" }, { "time", "Zeitpunkt" }, { "title", "Titel" },
	{ "token", "Zugangsmerkmal" }, { "total", "Summe" }, { "track", "Titel" }, { "type", "Art" }, { "unit price", "Einzelpreis" },
	{ "updated", "Geändert am" }, { "updated at", "Geändert am" }, { "updated by", "Geändert von" }, { "url", "Adresse im Netz" },
	{ "user", "Benutzer" }, { "username", "Benutzername" }, { "visit", "Besuch" }, { "year", "Jahr" }, { "zip", "Postleitzahl" },
	{ "zip code", "Postleitzahl" }
};

/* Tables hold many. */
static const struct { const char *words, *german; } tables[] = {
	{ "address", "Anschriften" }, { "contact", "Kontakte" }, { "invoice", "Rechnungen" }, { "login", "Anmeldungen" }, { "message", "Nachrichten" },
	{ "note", "Notizen" }, { "order", "Bestellungen" }, { "order item", "Bestellte Artikel" }, { "payment", "Zahlungen" },
	{ "payment card", "Zahlungskarten" }, { "report", "Berichte" }, { "review", "Bewertungen" }, { "service request", "Serviceanfragen" },
	{ "ticket", "Anfragen" }, { "visit", "Besuche" }
};

static const char *translate(const char *words)
{
	for (size_t i = 0; i < sizeof(dictionary) / sizeof(*dictionary); i++)
		if (strcmp(dictionary[i].words, words) == 0)
			return dictionary[i].german;
	return NULL;
}

/* Words from..to with blanks; the first letter as a capital. */
static void join(const struct words *w, size_t from, size_t to, char *out, size_t size, bool capital)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = from; i < to && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i > from ? " " : "", w->w[i]);
	if (capital && out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
}

static void german_label(const struct words *w, char *out, size_t size)
{
	char phrase[200], rest[200];
	const char *head, *inner;

	for (size_t from = 0; from < w->n; from++) {
		join(w, from, w->n, phrase, sizeof(phrase), false);
		head = translate(phrase);
		if (!head)
			continue;
		join(w, 0, from, phrase, sizeof(phrase), false);
		join(w, 0, from, rest, sizeof(rest), true);
		/* "Hausnummer (Anschrift (Lieferung))" says no more than "Hausnummer (Lieferung)". */
		inner = translate(phrase) ? strchr(translate(phrase), '(') : NULL;
		(void)snprintf(out, size, !from ? "%s" : inner ? "%s %s" : "%s (%s)", head, inner ? inner : translate(phrase) ? translate(phrase) : rest);
		return;
	}
	join(w, 0, w->n, out, size, true);
}

void label_of(char *out, size_t size, const char *name, bool german)
{
	struct words w;

	words_of(&w, name);
	if (german)
		german_label(&w, out, size);
	else
		join(&w, 0, w.n, out, size, true);
	if (!out[0])
		(void)snprintf(out, size, "%s", name);
}

void table_label_of(char *out, size_t size, const char *name, bool german)
{
	struct words w;
	char phrase[200];

	words_of(&w, name);
	join(&w, 0, w.n, phrase, sizeof(phrase), false);
	for (size_t i = 0; german && i < sizeof(tables) / sizeof(*tables); i++)
		if (strcmp(tables[i].words, phrase) == 0) {
			(void)snprintf(out, size, "%s", tables[i].german);
			return;
		}
	label_of(out, size, name, german);
}
