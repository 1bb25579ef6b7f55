/* SPDX-License-Identifier: MIT */
/* The few fixed words that the model itself puts before a reader, by language. */
#ifndef DBI_MODEL_WORDS_H
#define DBI_MODEL_WORDS_H

enum dbi_word {
	DBI_WORD_YES, DBI_WORD_NO,
	DBI_WORD_NAMED,        /* content of a field that is named, not printed */
	DBI_WORD_PNG, DBI_WORD_JPEG, DBI_WORD_GIF, DBI_WORD_IMAGE, DBI_WORD_PDF, DBI_WORD_TEXT, DBI_WORD_AUDIO,
	DBI_WORD_VIDEO, DBI_WORD_ARCHIVE, DBI_WORD_FILE,
	DBI_WORD_BYTES,        /* unit after a small size */
	DBI_WORD_LATE,         /* why an optional source is missing */
	DBI_WORD_INCOMPLETE,
	DBI_WORD_UNREADABLE,
	DBI_WORD_UNREACHABLE,
	DBI_WORD_COUNT
};

/* By the primary language of the tag; English when there are no words of that language. Static. */
const char *dbi_word(const char *lang, enum dbi_word word);

#endif
