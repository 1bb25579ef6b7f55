/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "text/breaks.h"

static dbi_breaker *breaker;
static unsigned char marks[65536];

/* The text with its breaks: "|" may, "^" must; "." for emergency breaks of the good kind. */
static const char *marked(const char *text, const char *symbols)
{
	static char out[4096];
	size_t n = 0;

	for (size_t i = 0; text[i] && n < sizeof out - 2; i++) {
		if (marks[i] && symbols[marks[i] - 1] != ' ')
			out[n++] = symbols[marks[i] - 1];
		out[n++] = text[i];
	}
	out[n] = '\0';
	return out;
}

static void test_line_breaks(void)
{
	static const struct { const char *text, *want, *what; } cases[] = {
		{ "ein Wort", "ein |Wort", "between words" },
		{ "ein  Wort ", "ein  |Wort ", "behind all spaces, not at the end" },
		{ "Frau (Meier) kommt!", "Frau |(Meier) |kommt!", "brackets and marks stay with their word" },
		{ "12.345,67 Euro", "12.345,67 |Euro", "a number is one piece" },
		{ "5\xC2\xA0%", "5\xC2\xA0%", "not at a no-break space" },
		{ "Haus- und Hof", "Haus- |und |Hof", "behind a hyphen with space" },
		{ "Meier-Schmidt", "Meier-|Schmidt", "behind a hyphen" },
		{ "E-Mail, U-Bahn-Hof", "E-Mail, |U-Bahn-|Hof", "not behind a hyphen after a single letter" },
		{ "x\xE2\x80\x91y", "x\xE2\x80\x91y", "not at a no-break hyphen" },
		{ "a\xE2\x80\x8B" "b", "a\xE2\x80\x8B|b", "at a zero width space" },
		{ "a\xE2\x81\xA0 b", "a\xE2\x81\xA0 |b", "a word joiner does not hold a space" },
		{ "Da\xC2\xADten ja", "Da\xC2\xADten |ja", "not at a soft hyphen" },
		{ "a\nb\xE2\x80\xA8" "c", "a\n^b\xE2\x80\xA8^c", "line ends are a must" },
		{ "\xE2\x80\x9E" "Ja\xE2\x80\x9C, sagte", "\xE2\x80\x9E" "Ja\xE2\x80\x9C, |sagte", "German quotes" },
		{ "und/oder", "und/|oder", "behind a slash" },
		{ "\xE5\xBC\xA0\xE4\xBC\x9F", "\xE5\xBC\xA0|\xE4\xBC\x9F", "between ideographs" },
		{ "", "", "nothing in nothing" },
		{ " a", " |a", "behind leading spaces" },
		{ "Art.\xC2\xA0" "15 DSGVO", "Art.\xC2\xA0" "15 |DSGVO", "an article keeps its number" },
		{ "-5 Grad", "-5 |Grad", "a minus stays with its number" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		dbi_line_breaks(breaker, cases[i].text, strlen(cases[i].text), "de", marks, NULL);
		IS(marked(cases[i].text, "|^"), cases[i].want, cases[i].what);
	}
}

/* Breaks as ICU alone gives them. */
static bool icu_alone(UBreakIterator *it, const char *text, size_t len, unsigned char *breaks)
{
	UErrorCode status = U_ZERO_ERROR;
	UText *ut = utext_openUTF8(NULL, text, (int64_t)len, &status);

	memset(breaks, 0, len);
	ubrk_setUText(it, ut, &status);
	for (int32_t at = ubrk_next(it); at != UBRK_DONE && (size_t)at < len; at = ubrk_next(it))
		breaks[at] = ubrk_getRuleStatus(it) >= UBRK_LINE_HARD ? 2 : 1;
	utext_close(ut);
	return U_SUCCESS(status);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Random text out of pieces that matter to line breaking; no soft hyphen, no lone letter before a hyphen. */
static size_t random_text(uint32_t *seed, char *text)
{
	static const char *const pieces[] = { "Haus", "\xC3\xBC" "ber", " ", " ", " ", "  ", ".", ",", ":", "!", "?", "(", ")", "[", "]",
		"12", "345", "-und", "/", "\"", "\xE2\x80\x9E", "\xE2\x80\x9C", "\xC2\xA0", "\xE2\x82\xAC", "%", "\xC5\x82" "aw", ";",
		"\xC2\xAB", "\xC2\xBB", "\xE2\x80\x93", "\xE2\x80\xA6", "'", "$", "+", "\n", "\xCC\x81", "\xC2\xA7", "\xC2\xB0", "@", "\xE5\xBC\xA0" };
	size_t n = 0, count = 3 + next_random(seed) % 25;

	for (size_t i = 0; i < count; i++) {
		const char *p = pieces[next_random(seed) % (sizeof pieces / sizeof pieces[0])];

		memcpy(text + n, p, strlen(p));
		n += strlen(p);
	}
	text[n] = '\0';
	return n;
}

static void test_same_as_icu(void)
{
	UErrorCode status = U_ZERO_ERROR;
	UBreakIterator *it = ubrk_open(UBRK_LINE, "de", NULL, 0, &status);
	unsigned char want[512];
	uint32_t seed = 4711;
	int differ = 0;
	char text[512];

	for (int round = 0; round < 40000; round++) {
		size_t len = random_text(&seed, text);

		icu_alone(it, text, len, want);
		dbi_line_breaks(breaker, text, len, "de", marks, NULL);
		if (memcmp(want, marks, len) != 0 && differ++ < 5) {
			printf("# ours: %s\n", marked(text, "|^"));
			memcpy(marks, want, len);
			printf("# ICU:  %s\n", marked(text, "|^"));
		}
	}
	ubrk_close(it);
	EQ(differ, 0, "the quick way finds the same breaks as ICU alone");
}

static void test_bidi(void)
{
	static const struct { const char *text; int base; const char *want, *what; } cases[] = {
		{ "abc 12", -1, "000000", "Latin stands on level 0" },
		{ "\xC3\xA4 \xE2\x82\xAC", 0, "000000", "as do other characters from left to right" },
		{ "a \xD7\xA9\xD7\x9C b", -1, "00111100", "Hebrew within Latin" },
		{ "\xD7\xA9 12 a", -1, "1112212", "the base follows the first strong letter" },
		{ "\xD7\xA9 a", 0, "1100", "or is given" },
		{ "abc", 1, "222", "Latin in a right to left paragraph" },
		{ "\xD8\xA8 12", -1, "11122", "numbers in Arabic" },
		{ "a\xE2\x80\xAE" "bc\xE2\x80\xAC", 0, NULL, "an override does no harm" },
		{ "\xF0\x90\xA4\x80", -1, "1111", "a right to left letter beyond the basic plane" },
		{ "\xF0\x9F\x98\x80" "a", -1, "00000", "an emoji" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t len = strlen(cases[i].text);
		char got[64] = "";
		int rc = dbi_bidi_levels(breaker, cases[i].text, len, cases[i].base, marks, NULL);

		for (size_t k = 0; k < len; k++)
			got[k] = (char)('0' + marks[k]);
		if (cases[i].want)
			IS(got, cases[i].want, cases[i].what);
		else
			EQ(rc, DBRIEF_OK, cases[i].what);
	}
}

static void test_reorder(void)
{
	static const struct { const char *levels, *want; } cases[] = {
		{ "", "" }, { "000", "012" }, { "111", "210" }, { "0110", "0213" }, { "1221", "3120" }, { "01210", "03214" },
		{ "2", "0" }, { "11200", "21034" }, { "1123211", "6523410" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = strlen(cases[i].levels), order[16];
		unsigned char levels[16];
		char got[17] = "", name[64];

		for (size_t k = 0; k < n; k++)
			levels[k] = (unsigned char)(cases[i].levels[k] - '0');
		dbi_bidi_reorder(levels, n, order);
		for (size_t k = 0; k < n; k++)
			got[k] = (char)('0' + order[k]);
		snprintf(name, sizeof name, "visual order of the levels \"%s\"", cases[i].levels);
		IS(got, cases[i].want, name);
	}
}

static void test_identifiers(void)
{
	static const char *const codes[] = { "K7Q3-9XB2-ABC1", "DE89370400440532013000", "vor.name@firma.example", "https://example.org/weg",
		"www.example.org", "beispiel.example", "kundendaten.pdf", "kunden_nummer", "kundenNummer", "abc123def", "id=vertragsende" };
	static const char *const words[] = { "Datenschutzerklärung", "(Bestellbestätigung,", "CO2-Emissionen", "B2B-Kundenbetreuung", "MitarbeiterInnen",
		"Kontoauszug/Abrechnung", "Dipl.-Ingenieurin", "z.B.", "24-Stunden-Lieferung", "Straße.", "Größe:" };

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		OK(dbi_token_is_identifier(codes[i], strlen(codes[i])), codes[i]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		OK(!dbi_token_is_identifier(words[i], strlen(words[i])), words[i]);
	OK(dbi_word_takes_hyphens("Rindfleischetikettierung", 24) && dbi_word_takes_hyphens("\xC3\x9C" "bertragung", 12), "words take hyphens");
	OK(!dbi_word_takes_hyphens("ABCDEFGHIJ", 10) && !dbi_word_takes_hyphens(
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdef", 84), "capitals and endless ones do not");
}

static void test_emergency(void)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "https://www.example.org/weg/zur-seite?id=4711&x=%20y", "https://|www.|example.|org/|weg/|zur-|seite?|id=|4711&|x=%20y" },
		{ "vor.name@firma.example", "vor.|name@|firma.|example" },
		{ "DE89370400440532013000", "DE89|3704|0044|0532|0130|00" },
		{ "GB29NWBK60161331926819", "GB29|NWBK|6016|1331|9268|19" },
		{ "1234567890", "1|234|567|890" },
		{ "1.234,5", "1.234,5" },
		{ "Wort", "Wort" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		dbi_emergency_breaks(cases[i].text, strlen(cases[i].text), marks);
		IS(marked(cases[i].text, "| "), cases[i].want, "emergency breaks where a reader expects them");
	}
	dbi_emergency_breaks("M\xCC\x82u", 4, marks);
	OK(!marks[0] && !marks[1] && !marks[2] && marks[3] == 2, "never between a letter and its mark");
	dbi_emergency_breaks("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 19, marks);
	OK(!marks[4] && !marks[7] && marks[11] && !marks[15], "never inside a joined emoji or a flag");
}

static void test_languages(void)
{
	static const char *const tags[] = { "de", "de-CH", "zh-Hant-TW", "x", "", "en-GB-oxendict", "../../etc", "ja", "th", "fr", "sr-Latn-RS" };
	bool all = true;

	for (int i = 0; i < 100; i++)
		all = all && dbi_line_breaks(breaker, "a-b c/d", 7, tags[i % 11], marks, NULL) == DBRIEF_OK;
	OK(all && dbi_line_breaks(breaker, "a-b", 3, NULL, marks, NULL) == DBRIEF_OK, "any language tag will do");
}

int main(void)
{
	EQ(dbi_breaker_new(&breaker, NULL), DBRIEF_OK, "a breaker starts");
	test_line_breaks();
	test_same_as_icu();
	test_bidi();
	test_reorder();
	test_identifiers();
	test_emergency();
	test_languages();
	dbi_breaker_free(breaker);
	return tap_done();
}
