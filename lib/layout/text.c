/* SPDX-License-Identifier: MIT */
/* What a text asks for before it is cut into words: cheap looks that spare calls of ICU. */
#include "layout/text.h"

#include <string.h>

/* What the first byte of a character says: plain; exclamation; hyphen; Latin letter of two bytes; others. */
enum { P, E, H, L, S /* C2 */, U /* E2 */, I /* E0 */, F /* EF */, B /* may be right to left */, X };

static const unsigned char classes[256] = {
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	P, E, P, P, X, P, P, P, P, P, P, P, P, H, P, X, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, E,
	P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, X, X, X, X, P,
	X, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X, S, L, L, L, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, B, B, B, B, B, B, B, B, B, B,
	I, X, U, X, X, X, X, X, X, X, X, X, X, X, X, F, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Characters of class S: bytes of those that allow no break but at spaces, 0 for others. */
static size_t skip_c2(const char *s, size_t len)
{
	unsigned char d = len > 1 ? (unsigned char)s[1] : 0;

	/* no-break space, section sign, middle dot, guillemets */
	return d == 0xA0 || d == 0xA7 || d == 0xB7 || d == 0xAB || d == 0xBB ? 2 : 0;
}

/* The same of class U: euro, quotation marks, bullet, narrow no-break space; a dash and an ellipsis when a space follows. */
static size_t skip_e2(const char *text, size_t i, size_t len)
{
	unsigned char d = i + 2 < len ? (unsigned char)text[i + 1] : 0,
		      e = i + 2 < len ? (unsigned char)text[i + 2] : 0;
	bool before_space = i + 3 >= len || text[i + 3] == ' ';

	if (d == 0x82)
		return e == 0xAC ? 3 : 0;
	if (d != 0x80)
		return 0;
	if ((e >= 0x98 && e <= 0x9E && e != 0x9B) || e == 0xA2 || e == 0xAF || (e == 0xA6 && before_space))
		return 3;
	return e == 0x93 && before_space && (i == 0 || text[i - 1] == ' ') ? 3 : 0;
}

/* U+200E, 200F, 202A..202E, 2066..2069 */
static bool is_direction_mark(const char *s, size_t len)
{
	unsigned char d = len > 2 ? (unsigned char)s[1] : 0, e = len > 2 ? (unsigned char)s[2] : 0;

	return (d == 0x80 && (e == 0x8E || e == 0x8F || (e >= 0xAA && e <= 0xAE))) ||
	    (d == 0x81 && e >= 0xA6 && e <= 0xA9);
}

/* The rest of a text that is not simple: does anything run from right to left? */
static bool is_bidi(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char d = i + 1 < len ? (unsigned char)s[i + 1] : 0;

		switch (classes[(unsigned char)s[i]]) {
		case B: return true;
		case I: if (d <= 0xA3) return true; break;
		case F: if (d >= 0xAC && !(d == 0xBF && i + 2 < len && (unsigned char)s[i + 2] >= 0xBC)) return true; break;
		case U: if (is_direction_mark(s + i, len - i)) return true; break;
		default: break;
		}
	}
	return false;
}

/*
 * Bytes at text[i] that allow no line end but at spaces, and behind hyphens
 * between letters; 0 when more must be known.
 */
static size_t skip_plain(const char *text, size_t i, size_t len)
{
	switch (classes[(unsigned char)text[i]]) {
	case P: return 1;
	case L: return 2;
	case S: return skip_c2(text + i, len - i);
	case U: return skip_e2(text, i, len);
	case E: return i + 1 == len || text[i + 1] == ' ' ? 1 : 0;
	case H: return 1;
	default: return 0;
	}
}

unsigned dbi_text_look(const char *text, size_t len)
{
	size_t i = 0, n;
	unsigned look = 0;

	while (i < len) {
		if (classes[(unsigned char)text[i]] == P) {
			i++;
			continue;
		}
		n = skip_plain(text, i, len);
		if (!n)
			return DBI_TEXT_BREAKS | (is_bidi(text + i, len - i) ? DBI_TEXT_BIDI : 0);
		look |= text[i] == '-' ? DBI_TEXT_HYPHENS : 0;
		i += n;
	}
	return look;
}

static bool is_letter(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u >= 0x80;
}

/* In a text without DBI_TEXT_BREAKS: a line may end behind the hyphen before text[at]. */
bool dbi_text_is_hyphen_break(const char *text, size_t at)
{
	return at > 1 && text[at - 1] == '-' && is_letter(text[at]) && is_letter(text[at - 2]) &&
	    !dbi_text_is_hyphen_kept(text, at);
}

/*
 * Typographers do not end a line behind the hyphen of a code ("B01-K"), of a
 * number with a word ("3-mal"), or of a single letter ("E-Mail").
 */
bool dbi_text_is_hyphen_kept(const char *text, size_t at)
{
	if (at < 2 || text[at - 1] != '-')
		return false;
	return is_digit(text[at - 2]) || is_digit(text[at]) || at == 2 || text[at - 3] == ' ' ||
	    text[at - 3] == '(' || text[at - 3] == '-';
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
bool dbi_text_take_soft_hyphens(struct dbi_lay *l, struct dbi_parts *p, char *text, size_t *len)
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
	unsigned char before = at > 1 ? (unsigned char)text[at - 2] : 0;
	bool digit = text[at] >= '0' && text[at] <= '9', capital = text[at] >= 'A' && text[at] <= 'Z';

	if (before != '.' && before != 't' && before != 0xA7)
		return false;
	while (end > 0 && text[end - 1] == ' ')
		end--;
	for (start = end; start > 0 && text[start - 1] != ' '; start--)
		if (end - start > 6)
			return false;
	for (size_t i = 0; digit && i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		if (end - start >= n && memcmp(text + end - n, words[i], n) == 0 &&
		    (end - start == n || i == 0 || text[end - n - 1] == '('))
			return true;
	}
	if (!capital || text[end - 1] != '.' || end - start > 3 || end - start < 2)
		return false;
	for (size_t i = start; i + 1 < end; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}
