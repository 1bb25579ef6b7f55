/* SPDX-License-Identifier: MIT */
#include "util/readability.h"

#include <string.h>

static bool is_lang(const char *lang, const char *code)
{
	return strncmp(lang, code, 2) == 0 && (!lang[2] || lang[2] == '-');
}

bool dbi_readability_known(const char *lang)
{
	return is_lang(lang, "de") || is_lang(lang, "en");
}

/*
 * One character as a letter of counting: 'a' to 'z' for those and their
 * accented forms, 'A' 'O' 'U' for the umlauts, '0' for digits, else the sign
 * itself, and ' ' for everything that separates words.
 */
static char fold(const unsigned char *s, size_t len, size_t *used)
{
	static const char latin[] = "aaaaAaaceeeeiiiidnooooO ouuuUyts"; /* U+00C0 to U+00DF; U+00E0 on likewise */

	*used = 1;
	if (s[0] < 0x80) {
		if (s[0] >= 'A' && s[0] <= 'Z')
			return (char)(s[0] - 'A' + 'a');
		if (s[0] >= '0' && s[0] <= '9')
			return '0';
		return (char)s[0];
	}
	if (s[0] == 0xc3 && len > 1) {
		unsigned at = (unsigned)(s[1] & 0x1f);
		char c = latin[at];

		*used = 2;
		if (s[1] == 0x9f)
			return 's';
		return c == ' ' ? 'o' : c;
	}
	if (s[0] == 0xe2 && len > 2 && s[1] == 0x80 && s[2] == 0x99) {
		*used = 3;
		return '\'';
	}
	*used = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (*used > len)
		*used = len;
	return s[0] >= 0xc4 && s[0] < 0xe2 ? 'b' : ' ';
}

static bool is_vowel(char c)
{
	return c && strchr("aeiouyAOU", c);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == 'A' || c == 'O' || c == 'U';
}

/* Two vowels that sound as one in German. */
static bool is_pair(char a, char b)
{
	static const char *const pairs[] = { "aa", "ai", "au", "ay", "ee", "ei", "eu", "ey", "ie", "oo", "ou", "oi", "Au", "ui" };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (pairs[i][0] == a && pairs[i][1] == b)
			return true;
	return false;
}

static unsigned german_syllables(const char *word, size_t n)
{
	unsigned count = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_vowel(word[i]) || (word[i] == 'u' && i && word[i - 1] == 'q'))
			continue;
		count++;
		if (i + 1 < n && is_pair(word[i], word[i + 1]))
			i++;
	}
	return count ? count : 1;
}

static unsigned english_syllables(const char *word, size_t n)
{
	unsigned count = 0;
	bool before = false;

	for (size_t i = 0; i < n; i++) {
		bool vowel = is_vowel(word[i]);

		count += vowel && !before;
		before = vowel;
	}
	/* Silent: made, uses, asked; heard: table. */
	if (count > 1 && n > 2 && word[n - 1] == 'e' && word[n - 2] != 'l' && !is_vowel(word[n - 2]))
		count--;
	else if (count > 1 && n > 3 && word[n - 2] == 'e' && word[n - 1] == 'd' && word[n - 3] != 't' && word[n - 3] != 'd' &&
	    !is_vowel(word[n - 3]))
		count--;
	return count ? count : 1;
}

struct counting {
	bool german;
	struct dbi_text_counts *counts;
	char word[64];
	size_t n;
	bool letters;
	unsigned open;      /* words since the last end of a sentence */
};

/* Words before a full stop that ends no sentence: abbreviations, single letters, figures. */
static bool is_abbreviation(const struct counting *c)
{
	static const char list[] = " art abs nr buchst bzw usw ca dr str tel vgl ggf inkl no sec para mr mrs e.g i.e ";
	char quoted[68];

	if (!c->letters || c->n <= 1)
		return true;
	quoted[0] = ' ';
	memcpy(quoted + 1, c->word, c->n);
	quoted[c->n + 1] = ' ';
	quoted[c->n + 2] = '\0';
	return strstr(list, quoted) != NULL;
}

static void end_word(struct counting *c)
{
	if (c->letters) {
		c->counts->words++;
		c->open++;
		c->counts->syllables += c->german ? german_syllables(c->word, c->n) : english_syllables(c->word, c->n);
	}
	c->n = 0;
	c->letters = false;
}

static void end_sentence(struct counting *c)
{
	c->counts->sentences += c->open > 0;
	c->open = 0;
}

void dbi_readability_count(const char *lang, const char *text, size_t len, struct dbi_text_counts *counts)
{
	struct counting c = { .german = is_lang(lang, "de"), .counts = counts };
	size_t used;

	memset(counts, 0, sizeof(*counts));
	for (size_t i = 0; i < len; i += used) {
		char sign = fold((const unsigned char *)text + i, len - i, &used);
		bool ends = strchr(".!?:;", sign) && (i + 1 >= len || strchr(" \n\t)\"'", text[i + 1]));

		if (is_letter(sign) || sign == '0' || (c.n && sign == '\'')) {
			if (c.n < sizeof(c.word))
				c.word[c.n++] = sign;
			c.letters |= is_letter(sign);
			continue;
		}
		/* A hyphen joins: one long word is what makes reading hard. */
		if (sign == '-' && c.n)
			continue;
		ends = ends && !(sign == '.' && c.n && is_abbreviation(&c));
		end_word(&c);
		if (ends)
			end_sentence(&c);
	}
	end_word(&c);
	end_sentence(&c);
}

int dbi_readability_index(const char *lang, const struct dbi_text_counts *counts)
{
	double length, weight, index;

	if (!counts->words || !counts->sentences)
		return 100;
	length = (double)counts->words / counts->sentences;
	weight = (double)counts->syllables / counts->words;
	index = is_lang(lang, "de") ? 180 - length - 58.5 * weight : 206.835 - 1.015 * length - 84.6 * weight;
	return (int)(index < 0 ? index - 0.5 : index + 0.5);
}
