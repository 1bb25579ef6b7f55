/* SPDX-License-Identifier: MIT */
#include "model/words.h"

#include <stddef.h>
#include <string.h>

struct language { const char *tag; const char *words[DBI_WORD_COUNT]; };

/* The first language stands in for those that are not here. */
static const struct language languages[] = {
	{ "en", {
		[DBI_WORD_YES] = "Yes", [DBI_WORD_NO] = "No",
		[DBI_WORD_NAMED] = "stored, not printed",
		[DBI_WORD_PNG] = "PNG image", [DBI_WORD_JPEG] = "JPEG image", [DBI_WORD_GIF] = "GIF image",
		[DBI_WORD_IMAGE] = "Image", [DBI_WORD_PDF] = "PDF document", [DBI_WORD_TEXT] = "Text file",
		[DBI_WORD_AUDIO] = "Audio recording", [DBI_WORD_VIDEO] = "Video recording",
		[DBI_WORD_ARCHIVE] = "Archive", [DBI_WORD_FILE] = "File",
		[DBI_WORD_BYTES] = "bytes",
		[DBI_WORD_LATE] = "This data source did not answer in time.",
		[DBI_WORD_INCOMPLETE] = "This data source did not answer completely.",
		[DBI_WORD_UNREADABLE] = "This data source delivered data that could not be read.",
		[DBI_WORD_UNREACHABLE] = "This data source could not be reached.",
	} },
	{ "de", {
		[DBI_WORD_YES] = "Ja", [DBI_WORD_NO] = "Nein",
		[DBI_WORD_NAMED] = "gespeichert, nicht gedruckt",
		[DBI_WORD_PNG] = "PNG-Bild", [DBI_WORD_JPEG] = "JPEG-Bild", [DBI_WORD_GIF] = "GIF-Bild",
		[DBI_WORD_IMAGE] = "Bild", [DBI_WORD_PDF] = "PDF-Dokument", [DBI_WORD_TEXT] = "Textdatei",
		[DBI_WORD_AUDIO] = "Tonaufnahme", [DBI_WORD_VIDEO] = "Filmaufnahme",
		[DBI_WORD_ARCHIVE] = "Archiv", [DBI_WORD_FILE] = "Datei",
		[DBI_WORD_BYTES] = "Byte",
		[DBI_WORD_LATE] = "Diese Datenquelle hat nicht rechtzeitig geantwortet.",
		[DBI_WORD_INCOMPLETE] = "Diese Datenquelle hat nicht vollständig geantwortet.",
		[DBI_WORD_UNREADABLE] = "Diese Datenquelle hat Daten geliefert, die nicht lesbar waren.",
		[DBI_WORD_UNREACHABLE] = "Diese Datenquelle war nicht erreichbar.",
	} },
};

const char *dbi_word(const char *lang, enum dbi_word word)
{
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		size_t n = strlen(languages[i].tag);
		if (strncmp(lang, languages[i].tag, n) == 0 && (lang[n] == 0 || lang[n] == '-'))
			return languages[i].words[word];
	}
	return languages[0].words[word];
}
