/* SPDX-License-Identifier: MIT */
/* What a text asks for before it is cut into words: cheap looks that spare calls of ICU. */
#include "layout/text.h"

#include <string.h>

/* Bytes of a sign at s that is neither letter nor digit and allows no break beside it but at spaces; 0: it is something else. */
static size_t plain_sign(const char *s, size_t len)
{
	static const char *const longer[] = { "\xE2\x82\xAC", "\xC2\xA0", "\xC2\xA7", "\xC2\xB7" }; /* euro, no-break space, section, middle dot */

	if (strchr(" .,:;_@'*&()+%=#\"<>", *s))
		return 1;
	if ((*s == '!' || *s == '?') && (len == 1 || s[1] == ' '))
		return 1;
	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++) {
		size_t n = strlen(longer[i]);

		if (len >= n && memcmp(s, longer[i], n) == 0)
			return n;
	}
	return 0;
}

/*
 * True when a line can end at spaces only: no hyphen, slash or dash, no script
 * with other rules. What most cells hold.
 */
bool dbi_text_is_simple(const char *text, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))
			i++;
		else if (c >= 0xC3 && c <= 0xC5) /* Latin letters up to U+017F */
			i += 2;
		else if (c && (n = plain_sign(text + i, len - i)) > 0)
			i += n;
		else
			return false;
	}
	return true;
}

/* Whether anything in the text may run from right to left: Hebrew and on, and explicit marks. */
bool dbi_text_is_bidi(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i], d = i + 1 < len ? (unsigned char)text[i + 1] : 0;

		if (c < 0xD6)
			continue;
		if ((c >= 0xD6 && c <= 0xDF) || (c == 0xE0 && d <= 0xA3) || (c == 0xE2 && (d == 0x80 || d == 0x81)) ||
		    (c == 0xEF && d >= 0xAC) || c >= 0xF0)
			return true;
	}
	return false;
}

bool dbi_text_is_rtl_lang(const char *lang)
{
	static const char *const rtl[] = { "ar", "he", "fa", "ur", "yi", "ps", "dv", "ckb" };

	if (!lang || !strchr("ahfuypdc", *lang) || (lang[0] == 'd' && lang[1] == 'e'))
		return false;
	for (size_t i = 0; i < sizeof(rtl) / sizeof(*rtl); i++) {
		size_t n = strlen(rtl[i]);

		if (strncmp(lang, rtl[i], n) == 0 && (lang[n] == '\0' || lang[n] == '-'))
			return true;
	}
	return false;
}

/* Takes soft hyphens out of text[0..*len) and notes where they stood. */
bool dbi_text_take_soft_hyphens(struct dbi_lay *l, struct dbi_para *p, char *text, size_t *len)
{
	size_t n = 0, cap = 0, out = 0;
	uint32_t *shy = NULL;

	for (size_t i = 0; i < *len; i++) {
		if ((unsigned char)text[i] == 0xC2 && i + 1 < *len && (unsigned char)text[i + 1] == 0xAD) {
			if (!dbi_lay_grow(l, &shy, n, &cap, sizeof(*shy)))
				return false;
			shy[n++] = (uint32_t)out;
			i++;
		} else {
			text[out++] = text[i];
		}
	}
	*len = out;
	p->shy = shy;
	p->n_shy = (uint32_t)n;
	return true;
}

bool dbi_text_has_soft_hyphen(const char *s, size_t len)
{
	for (const char *p = s; len && (p = memchr(p, 0xC2, len - (size_t)(p - s))); p++)
		if ((unsigned char)p[1] == 0xAD)
			return true;
	return false;
}

/*
 * Whether the space before text[at] may not end a line: a section sign or
 * "Art.", "Abs.", "Nr." and the number behind it; the day and the month of a
 * date, "4. Januar".
 */
bool dbi_text_is_glued(const char *text, size_t at)
{
	static const char *const words[] = { "\xC2\xA7", "Art.", "Abs.", "Nr.", "No.", "Art", "S." };
	size_t end = at, start;
	bool digit = text[at] >= '0' && text[at] <= '9', capital = text[at] >= 'A' && text[at] <= 'Z';

	while (end > 0 && text[end - 1] == ' ')
		end--;
	for (start = end; start > 0 && text[start - 1] != ' '; start--)
		if (end - start > 6)
			return false;
	for (size_t i = 0; digit && i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		if (end - start >= n && memcmp(text + end - n, words[i], n) == 0 && (end - start == n || i == 0 || text[end - n - 1] == '('))
			return true;
	}
	if (!capital || text[end - 1] != '.' || end - start > 3 || end - start < 2)
		return false;
	for (size_t i = start; i + 1 < end; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}
