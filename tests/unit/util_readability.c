/* SPDX-License-Identifier: MIT */
/* The indices of Amstad and Flesch, and what they count. */
#include <string.h>
#include "tap.h"
#include "util/readability.h"

static const struct { const char *lang, *text; unsigned words, sentences, syllables; } counts[] = {
	{ "de", "", 0, 0, 0 },
	{ "de", "...", 0, 0, 0 },
	{ "de", "Der Hund schläft.", 3, 1, 3 },
	{ "de", "Der Hund schläft. Die Katze wacht.", 6, 2, 7 },
	{ "de", "ohne Punkt am Ende", 4, 1, 6 },
	{ "de", "Nach Art. 15 Abs. 3 DSGVO.", 4, 1, 4 },
	{ "de", "Am 3. Mai 2026 war es.", 4, 1, 4 },
	{ "de", "Ihre Quittung über den Kauf.", 5, 1, 8 },
	{ "de", "Datenschutz-Grundverordnung", 1, 1, 7 },
	{ "de", "Ja! Nein? Doch: So.", 4, 4, 4 },
	{ "de", "Müller\xc2\xa0Straße", 2, 1, 4 },
	{ "de-AT", "Österreich", 1, 1, 3 },
	{ "en", "The cat sat on the mat.", 6, 1, 6 },
	{ "en", "We used the table.", 4, 1, 5 },
	{ "en", "It\xe2\x80\x99s made of wood.", 4, 1, 4 },
};

static const struct { const char *lang, *text; int index; } indices[] = {
	{ "de", "", 100 },
	{ "de", "Der Hund schläft.", 119 },
	{ "de", "Ihre Daten.", 61 },
	{ "de", "Datenschutzgrundverordnung.", -231 },
	{ "en", "The cat sat on the mat.", 116 },
};

int main(void)
{
	struct dbi_text_counts c;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		dbi_readability_count(counts[i].lang, counts[i].text, strlen(counts[i].text), &c);
		EQ(c.words, counts[i].words, "words");
		EQ(c.sentences, counts[i].sentences, "sentences");
		if (!EQ(c.syllables, counts[i].syllables, "syllables"))
			printf("# of \"%s\"\n", counts[i].text);
	}
	for (size_t i = 0; i < sizeof(indices) / sizeof(*indices); i++) {
		dbi_readability_count(indices[i].lang, indices[i].text, strlen(indices[i].text), &c);
		EQ(dbi_readability_index(indices[i].lang, &c), indices[i].index, "index");
	}
	OK(dbi_readability_known("de-CH") && dbi_readability_known("en") && !dbi_readability_known("fr") && !dbi_readability_known("den"),
	    "German and English have an index");
	return tap_done();
}
