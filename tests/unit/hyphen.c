/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "tap.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "text/breaks.h"
#include "text/hyphdict.h"
#ifdef HAVE_HYPHEN
#include <hyphen.h>
/* libhyphen itself does not free all it allocates. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:hnj_malloc\n";
}
#endif

static dbi_breaker *breaker;

static const char *hyphenated(const char *word, const char *lang)
{
	static char out[1024];
	unsigned char points[512];
	size_t n = 0;

	if (dbi_hyphenate(breaker, word, strlen(word), lang, points, NULL) != DBRIEF_OK)
		return "error";
	for (size_t i = 0; word[i]; i++) {
		if (points[i])
			out[n++] = '|';
		out[n++] = word[i];
	}
	out[n] = '\0';
	return out;
}

static void test_words(void)
{
	static const struct { const char *lang, *word, *want; } cases[] = {
		{ "de", "Datenschutzgrundverordnungsauskunft", "Da|ten|schutz|grund|ver|ord|nungs|aus|kunft" },
		{ "de-DE", "Vertragsverl\xC3\xA4ngerung", "Ver|trags|ver|l\xC3\xA4n|ge|rung" },
		{ "de-CH", "Aufbewahrungsfristen", "Auf|be|wah|rungs|fris|ten" },
		{ "de", "VERARBEITUNG", "VER|AR|BEI|TUNG" },
		{ "de", "Zucker", "Zu|cker" },
		{ "de", "\xC3\x9C" "bermittlung", "\xC3\x9C" "ber|mitt|lung" },
		{ "de", "Abend", "Abend" },
		{ "de", "Haus", "Haus" },
		{ "de", "Vertrag2026", "Vertrag2026" },
		{ "de", "", "" },
		{ "en", "hyphenation", "hy|phen|ation" },
		{ "en-GB", "information", "in|for|ma|tion" },
		{ "tlh", "Datenschutz", "Datenschutz" },
		{ "", "Datenschutz", "Datenschutz" },
		{ "../de", "Datenschutz", "Datenschutz" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		IS(hyphenated(cases[i].word, cases[i].lang), cases[i].want, cases[i].word);
}

#ifdef HAVE_HYPHEN
/* Points by libhyphen itself, for a word in the charset of the dictionary. */
static void their_points(HyphenDict *dict, const char *word, char *out)
{
	char hyphens[300], **rep = NULL;
	int *pos = NULL, *cut = NULL, n = (int)strlen(word);

	hnj_hyphen_hyphenate3(dict, word, n, hyphens, NULL, &rep, &pos, &cut, 2, 3, 0, 0);
	for (int i = 0; i < n; i++)
		out[i] = (char)(i > 0 && (hyphens[i - 1] & 1) ? '1' : '0');
	out[n] = '\0';
	for (int i = 0; rep && i < n; i++)
		free(rep[i]);
	free(rep);
	free(pos);
	free(cut);
}

/* Words out of the dictionary's own syllables: nothing else meets so many of its patterns. */
static void compare(const char *path, bool utf8)
{
	HyphenDict *theirs = hnj_hyphen_load(path);
	dbi_hyphdict *ours = NULL;
	FILE *f = fopen(path, "r");
	int differ = 0, words = 0;
	char line[256], word[300] = "";

	EQ(dbi_hyphdict_open(&ours, path, NULL), DBRIEF_OK, "the dictionary is read");
	for (unsigned row = 0; f && theirs && ours && fgets(line, sizeof line, f); row++) {
		char part[256], want[301], got[301];
		unsigned char points[300];
		size_t n = 0, len;
		bool plain = true;

		for (char *p = line; (unsigned char)*p > ' '; p++) {
			plain = plain && (unsigned char)*p < 0x80 && *p != '/' && *p != '%' && !(*p >= 'A' && *p <= 'Z');
			if (*p >= 'a' && *p <= 'z')
				part[n++] = *p;
		}
		part[n] = '\0';
		if (row < 30 || row % 5 != 0 || !plain || n < 3)
			continue;
		if (strlen(word) > 20)
			word[0] = '\0';
		len = strlen(word);
		memcpy(word + len, part, n + 1);
		len += n;
		their_points(theirs, word, want);
		dbi_hyphdict_points(ours, word, len, points);
		for (size_t i = 0; i < len; i++)
			got[i] = points[i] ? '1' : '0';
		got[len] = '\0';
		words++;
		if (strcmp(got, want) != 0 && differ++ < 5)
			printf("# %s\n# ours   %s\n# theirs %s\n", word, got, want);
	}
	printf("# %d words\n", words);
	OK(words > 500, "many words are compared");
	EQ(differ, 0, utf8 ? "English points are those of libhyphen" : "German points are those of libhyphen");
	if (f)
		fclose(f);
	if (theirs)
		hnj_hyphen_free(theirs);
	dbi_hyphdict_close(ours);
}
#endif

static void test_same_as_libhyphen(void)
{
#ifdef HAVE_HYPHEN
	compare(DBI_HYPHEN_DIR "/hyph_en_US.dic", true);
	compare(DBI_HYPHEN_DIR "/hyph_de_DE.dic", false);
#else
	tap_skip("points are those of libhyphen", "libhyphen is not installed");
#endif
}

static const char *write_file(const char *text)
{
	static char path[] = "hyphen-test.dic";
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
	return path;
}

static void test_files(void)
{
	static const struct { const char *text; int status; const char *what; } cases[] = {
		{ "UTF-8\na1b\n", DBRIEF_OK, "a small one" },
		{ "ISO8859-15\na1b\n", DBRIEF_OK, "another charset" },
		{ "UTF-8\nLEFTHYPHENMIN 99999999999999\n1a1\n\n\n", DBRIEF_OK, "absurd settings" },
		{ "UTF-8\naa1bb/b=b,1,2\n12345\n.\n...\n9\n", DBRIEF_OK, "odd patterns" },
		{ "NEXTLEVEL\nNEXTLEVEL\nNEXTLEVEL\n", DBRIEF_FAILED, "no charset" },
		{ "UTF-7\na1b\n", DBRIEF_FAILED, "a charset that is not allowed" },
		{ "", DBRIEF_FAILED, "an empty file" },
		{ "ISO8859-99999999999999999999999999999999\n", DBRIEF_FAILED, "an absurd charset" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		unsigned char points[16];
		dbi_hyphdict *dict;
		char name[96];

		snprintf(name, sizeof name, "dictionary: %s", cases[i].what);
		EQ(dbi_hyphdict_open(&dict, write_file(cases[i].text), NULL), cases[i].status, name);
		if (dict)
			dbi_hyphdict_points(dict, "aabbaabb", 8, points);
		dbi_hyphdict_close(dict);
		unlink("hyphen-test.dic");
	}
}

static void *use_dictionary(void *result)
{
	unsigned char points[64];
	dbi_breaker *b;

	if (dbi_breaker_new(&b, NULL) == DBRIEF_OK
	    && dbi_hyphenate(b, "Datenschutz", 11, "de", points, NULL) == DBRIEF_OK)
		*(int *)result = points[2] * 10 + points[5];
	dbi_breaker_free(b);
	return NULL;
}

static void test_threads(void)
{
	pthread_t threads[4];
	int results[4] = { 0, 0, 0, 0 };

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, use_dictionary, &results[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	OK(results[0] == 11 && results[1] == 11 && results[2] == 11 && results[3] == 11, "four threads share one dictionary");
}

int main(void)
{
	if (access(DBI_HYPHEN_DIR "/hyph_de_DE.dic", R_OK) != 0 || access(DBI_HYPHEN_DIR "/hyph_en_US.dic", R_OK) != 0) {
		tap_skip("hyphenation", "the dictionaries hyph_de_DE.dic and hyph_en_US.dic are not installed");
		return tap_done();
	}
	test_threads();
	dbi_breaker_new(&breaker, NULL);
	test_words();
	dbi_breaker_free(breaker);
	test_files();
	test_same_as_libhyphen();
	return tap_done();
}
