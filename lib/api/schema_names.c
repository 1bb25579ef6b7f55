/* SPDX-License-Identifier: MIT */
/* What the names of tables and columns say, where no foreign key says it. */
#include <string.h>
#include "api/schema.h"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter_or_digit(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* A capital begins a word after a small letter, or as the last of several before a small one: "IDCard" is id, card. */
static bool begins_word(const char *text, size_t i)
{
	if (i == 0 || !is_letter_or_digit(text[i - 1]))
		return true;
	if (!is_upper(text[i]))
		return false;
	return !is_upper(text[i - 1]) || (text[i + 1] >= 'a' && text[i + 1] <= 'z');
}

size_t dbrief_schema_words(const char *text, char words[][DBRIEF_WORD_SIZE], size_t max)
{
	size_t n = 0, len = 0;

	for (size_t i = 0; text[i]; i++) {
		if (!is_letter_or_digit(text[i]))
			continue;
		if (begins_word(text, i)) {
			if (n == max)
				return n;
			memset(words[n++], 0, DBRIEF_WORD_SIZE);
			len = 0;
		}
		if (len < DBRIEF_WORD_SIZE - 1)
			words[n - 1][len++] = is_upper(text[i]) ? (char)(text[i] - 'A' + 'a') : text[i];
	}
	return n;
}

void dbi_name_split(struct dbi_name *name, const char *text)
{
	memset(name, 0, sizeof(*name));
	name->n = dbrief_schema_words(text, name->words, DBI_NAME_WORDS);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool dbi_name_is_key_word(const char *word)
{
	static const char *const words[] = { "id", "ids", "no", "nr", "num", "number", "nummer", "key", "code", "ref", "uuid", "guid", "fk", "pk",
		"oid", NULL };

	return is_one_of(word, words);
}

/* "customers" is a customer, "addresses" an address, "companies" a company, "kunden" a kunde. */
static bool same_noun(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	if (n > m)
		return same_noun(b, a);
	if (n >= 3 && n == m - 1 && memcmp(a, b, n - 1) == 0 && a[n - 1] == 'y')
		return false;
	if (strncmp(a, b, n) == 0)
		return n == m || (n >= 3 && (strcmp(b + n, "s") == 0 || strcmp(b + n, "es") == 0 || strcmp(b + n, "n") == 0 ||
		    strcmp(b + n, "en") == 0));
	return n >= 3 && m == n + 2 && a[n - 1] == 'y' && strncmp(a, b, n - 1) == 0 && strcmp(b + n - 1, "ies") == 0;
}

/* "cust" for customer, "kd" not: an abbreviation has three letters or more and ends before the noun does. */
static bool abbreviates(const char *word, const char *noun)
{
	size_t n = strlen(word);

	return n >= 3 && n < strlen(noun) && strncmp(word, noun, n) == 0;
}

/* The words of a table's name without what says "table": tbl_customer, t_customer, customers_tab. */
static void noun_of(struct dbi_name *noun, const char *table)
{
	static const char *const empty[] = { "tbl", "t", "tab", "table", "dbo", "tb", NULL };
	struct dbi_name all;

	dbi_name_split(&all, table);
	noun->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (!is_one_of(all.words[i], empty))
			memcpy(noun->words[noun->n++], all.words[i], sizeof(all.words[i]));
}

/* Do the words that end before `end` end with those of the table? */
static bool ends_with(const struct dbi_name *column, size_t end, const struct dbi_name *noun, bool abbreviated)
{
	if (noun->n == 0 || noun->n > end)
		return false;
	for (size_t i = 0; i + 1 < noun->n; i++)
		if (strcmp(column->words[end - noun->n + i], noun->words[i]) != 0)
			return false;
	return same_noun(column->words[end - 1], noun->words[noun->n - 1]) ||
	    (abbreviated && abbreviates(column->words[end - 1], noun->words[noun->n - 1]));
}

/* "kundennr", "custno": noun and key word in one word. */
static bool is_compound(const char *word, const struct dbi_name *noun)
{
	static const char *const tails[] = { "id", "no", "nr", "nummer", "number", "num", "key", "ref", NULL };
	size_t n = strlen(word);
	char head[DBRIEF_WORD_SIZE];

	if (noun->n != 1)
		return false;
	for (size_t i = 0; tails[i]; i++) {
		size_t tail = strlen(tails[i]);

		if (n <= tail + 2 || strcmp(word + n - tail, tails[i]) != 0)
			continue;
		memcpy(head, word, n - tail);
		head[n - tail] = '\0';
		if (same_noun(head, noun->words[0]) || abbreviates(head, noun->words[0]))
			return true;
	}
	return false;
}

bool dbi_name_refers(const char *column, const char *table, const char *key)
{
	struct dbi_name c, k, noun;
	size_t end;

	dbi_name_split(&c, column);
	dbi_name_split(&k, key);
	noun_of(&noun, table);
	if (c.n == 0)
		return false;
	/* A key that says more than "id" is its own name elsewhere, too. */
	if (k.n > 1 && c.n >= k.n && memcmp(c.words[c.n - k.n], k.words[0], k.n * sizeof(k.words[0])) == 0)
		return true;
	if (k.n == 1 && strlen(k.words[0]) >= 5 && !dbi_name_is_key_word(k.words[0]) && strcmp(c.words[c.n - 1], k.words[0]) == 0 &&
	    is_compound(k.words[0], &noun))
		return true;
	end = c.n > 1 && dbi_name_is_key_word(c.words[c.n - 1]) ? c.n - 1 : 0;
	return (end && ends_with(&c, end, &noun, true)) || is_compound(c.words[c.n - 1], &noun);
}

bool dbi_name_is_email(const char *column)
{
	struct dbi_name c;

	dbi_name_split(&c, column);
	for (size_t i = 0; i < c.n; i++)
		if (strcmp(c.words[i], "email") == 0 || strcmp(c.words[i], "mail") == 0 || strcmp(c.words[i], "emailaddress") == 0)
			return strcmp(c.words[c.n - 1], "id") != 0;
	return false;
}
