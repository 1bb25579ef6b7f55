/* SPDX-License-Identifier: MIT */
#include "util/charset.h"

#include <iconv.h>
#include <string.h>

#include "util/mem.h"
#include "util/norm.h"
#include "util/utf8.h"

enum kind { UTF8, UTF16LE, UTF16BE, BYTES };

struct known {
	const char *name;    /* canonical */
	const char *aliases; /* upper case, each between blanks */
	enum kind kind;
};

static const struct known charsets[] = {
	{ "UTF-8", " UTF8 ", UTF8 },
	{ "UTF-16LE", " UTF16LE ", UTF16LE },
	{ "UTF-16BE", " UTF16BE ", UTF16BE },
	{ "US-ASCII", " ASCII ANSI_X3.4-1968 ISO646-US ", BYTES },
	{ "ISO-8859-1", " ISO8859-1 ISO_8859-1 LATIN1 L1 ", BYTES },
	{ "ISO-8859-2", " ISO8859-2 ISO_8859-2 LATIN2 L2 ", BYTES },
	{ "ISO-8859-3", " ISO8859-3 ISO_8859-3 LATIN3 L3 ", BYTES },
	{ "ISO-8859-4", " ISO8859-4 ISO_8859-4 LATIN4 L4 ", BYTES },
	{ "ISO-8859-5", " ISO8859-5 ISO_8859-5 CYRILLIC ", BYTES },
	{ "ISO-8859-7", " ISO8859-7 ISO_8859-7 GREEK ", BYTES },
	{ "ISO-8859-9", " ISO8859-9 ISO_8859-9 LATIN5 L5 ", BYTES },
	{ "ISO-8859-10", " ISO8859-10 ISO_8859-10 LATIN6 L6 ", BYTES },
	{ "ISO-8859-13", " ISO8859-13 ISO_8859-13 LATIN7 L7 ", BYTES },
	{ "ISO-8859-14", " ISO8859-14 ISO_8859-14 LATIN8 L8 ", BYTES },
	{ "ISO-8859-15", " ISO8859-15 ISO_8859-15 LATIN9 LATIN-9 ", BYTES },
	{ "ISO-8859-16", " ISO8859-16 ISO_8859-16 LATIN10 L10 ", BYTES },
	{ "WINDOWS-1250", " CP1250 WIN1250 MS-EE ", BYTES },
	{ "WINDOWS-1251", " CP1251 WIN1251 MS-CYRL ", BYTES },
	{ "WINDOWS-1252", " CP1252 WIN1252 MS-ANSI ", BYTES },
	{ "WINDOWS-1253", " CP1253 WIN1253 MS-GREEK ", BYTES },
	{ "WINDOWS-1254", " CP1254 WIN1254 MS-TURK ", BYTES },
	{ "WINDOWS-1257", " CP1257 WIN1257 WINBALTRIM ", BYTES },
	{ "CP437", " IBM437 437 ", BYTES },
	{ "CP850", " IBM850 850 ", BYTES },
	{ "CP852", " IBM852 852 ", BYTES },
	{ "CP858", " IBM858 IBM00858 858 ", BYTES },
	{ "IBM037", " CP037 IBM-037 ", BYTES },
	{ "IBM273", " CP273 IBM-273 ", BYTES },
	{ "IBM500", " CP500 IBM-500 ", BYTES },
	{ "IBM1140", " CP1140 IBM-1140 IBM01140 ", BYTES },
	{ "IBM1141", " CP1141 IBM-1141 IBM01141 ", BYTES },
	{ "KOI8-R", " KOI8R ", BYTES },
	{ "KOI8-U", " KOI8U ", BYTES },
	{ "MACINTOSH", " MAC MACROMAN ", BYTES },
};

/*
 * All single-byte sets become a table at opening: iconv sees each byte alone,
 * once, and no customer's text ever. A length of 0 marks a byte without meaning.
 */
struct dbi_charset {
	const struct known *known;
	struct {
		unsigned char len;
		char text[3];
	} table[256];
	struct dbi_buf text; /* UTF-8 before normalisation; kept between values */
};

static bool upper_name(char out[32], const char *name)
{
	size_t n = 0;

	for (; *name; name++, n++) {
		char c = *name;

		if (n == 31 || c == ' ')
			return false;
		out[n] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	out[n] = '\0';
	return n > 0;
}

static bool has_alias(const char *aliases, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(aliases, name); at; at = strstr(at + 1, name))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

static const struct known *find(const char *name)
{
	char upper[32];

	if (!name || !upper_name(upper, name))
		return NULL;
	for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
		if (strcmp(charsets[i].name, upper) == 0 || has_alias(charsets[i].aliases, upper))
			return &charsets[i];
	return NULL;
}

const char *dbi_charset_canonical(const char *name)
{
	const struct known *known = find(name);

	return known ? known->name : NULL;
}

static void fill_table(struct dbi_charset *cs, iconv_t cd)
{
	for (unsigned i = 0; i < 256; i++) {
		char in[1] = { (char)i }, out[8];
		char *from = in, *to = out;
		size_t in_left = 1, out_left = sizeof out, len, used;
		uint32_t c;

		(void)iconv(cd, NULL, NULL, NULL, NULL);
		if (iconv(cd, &from, &in_left, &to, &out_left) != 0 || in_left)
			continue;
		if (iconv(cd, NULL, NULL, &to, &out_left) == (size_t)-1)
			continue;
		len = sizeof out - out_left;
		if (len == 0 || len > sizeof cs->table[i].text)
			continue;
		c = dbi_utf8_next(out, len, &used);
		if (used != len || !dbi_xml_legal(c))
			continue;
		cs->table[i].len = (unsigned char)len;
		memcpy(cs->table[i].text, out, len);
	}
}

int dbi_charset_open(struct dbi_charset **out, const char *name, struct dbrief_error *err)
{
	const struct known *known = find(name);
	struct dbi_charset *cs;
	iconv_t cd;

	*out = NULL;
	if (!known)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, "",
		    "charset '%.40s' is not supported; see datenbrief(5) for the list", name ? name : "");
	cs = dbi_calloc(1, sizeof *cs);
	if (!cs)
		return dbi_error_memory(err);
	cs->known = known;
	if (known->kind == BYTES) {
		cd = iconv_open("UTF-8", known->name);
		if (cd == (iconv_t)-1) {
			dbi_free(cs);
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "",
			    "iconv on this machine does not know %s; install its gconv modules", known->name);
		}
		fill_table(cs, cd);
		(void)iconv_close(cd);
	}
	*out = cs;
	return DBRIEF_OK;
}

void dbi_charset_close(struct dbi_charset *cs)
{
	if (!cs)
		return;
	if (cs->text.data)
		dbi_free_wiped(cs->text.data, cs->text.cap);
	dbi_free(cs);
}

static int bad(const struct dbi_charset *cs, size_t at, const char *what, size_t *offset, struct dbrief_error *err)
{
	if (offset)
		*offset = at;
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, "",
	    "%s in %s text at byte %zu; correct the charset of the source or the data", what, cs->known->name, at);
}

/* Says what is wrong with UTF-8 that failed the check at s. */
static const char *utf8_fault(const char *s, size_t len)
{
	unsigned char lead = (unsigned char)s[0];
	size_t n, need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	uint32_t c = dbi_utf8_next(s, len, &n);

	if (c < 0x20)
		return "a control character";
	if (c == 0xFFFE || c == 0xFFFF)
		return "a code point that is no character";
	if (lead >= 0xC2 && lead <= 0xF4 && len < need) {
		for (n = 1; n < len && ((unsigned char)s[n] & 0xC0) == 0x80; n++)
			;
		if (n == len)
			return "a character cut in the middle";
	}
	return "a malformed sequence";
}

static int from_utf8(struct dbi_charset *cs, struct dbi_buf *out, const char *s, size_t len, size_t *offset,
    struct dbrief_error *err)
{
	size_t skip = len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	size_t good = dbi_utf8_check(s + skip, len - skip) + skip;

	if (good < len)
		return bad(cs, good, utf8_fault(s + good, len - good), offset, err);
	return dbi_nfc(out, s + skip, len - skip, err);
}

static int from_bytes(struct dbi_charset *cs, const char *s, size_t len, size_t *offset, struct dbrief_error *err)
{
	char *room = dbi_buf_room(&cs->text, len * 3);
	size_t at = 0;

	if (!room)
		return dbi_error_memory(err);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (cs->table[c].len == 0)
			return bad(cs, i, "a byte without meaning or a control character", offset, err);
		memcpy(room + at, cs->table[c].text, 3);
		at += cs->table[c].len;
	}
	room[at] = '\0';
	cs->text.len = at;
	return DBRIEF_OK;
}

static uint32_t unit_at(const struct dbi_charset *cs, const char *s)
{
	unsigned a = (unsigned char)s[0], b = (unsigned char)s[1];

	return cs->known->kind == UTF16LE ? b << 8 | a : a << 8 | b;
}

static int from_utf16(struct dbi_charset *cs, const char *s, size_t len, size_t *offset, struct dbrief_error *err)
{
	size_t i = len >= 2 && unit_at(cs, s) == 0xFEFF ? 2 : 0, n;
	char text[4];

	for (; i + 1 < len; i += n) {
		uint32_t c = unit_at(cs, s + i), low;

		n = 2;
		if (c >= 0xD800 && c <= 0xDBFF) {
			if (len - i < 4)
				return bad(cs, i, "a character cut in the middle", offset, err);
			low = unit_at(cs, s + i + 2);
			if (low < 0xDC00 || low > 0xDFFF)
				return bad(cs, i, "a half surrogate pair", offset, err);
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			n = 4;
		}
		if (c >= 0xDC00 && c <= 0xDFFF)
			return bad(cs, i, "a half surrogate pair", offset, err);
		if (!dbi_xml_legal(c))
			return bad(cs, i, "a control character or a code point that is no character", offset, err);
		dbi_buf_add(&cs->text, text, dbi_utf8_put(text, c));
	}
	if (i < len)
		return bad(cs, i, "a character cut in the middle", offset, err);
	return cs->text.failed ? dbi_error_memory(err) : DBRIEF_OK;
}

/* ---- by policy ---- */

/* The next character of the charset: its code point and, in *n, its bytes. False: there is none, and *n bytes are bad. */
static bool next_char(const struct dbi_charset *cs, const char *s, size_t len, uint32_t *c, size_t *n)
{
	size_t used;

	if (cs->known->kind == UTF8) {
		*c = dbi_utf8_next(s, len, n);
		return *c <= 0x10FFFF;
	}
	if (cs->known->kind == BYTES) {
		unsigned char b = (unsigned char)s[0];

		*n = 1;
		/* Of the bytes that tables leave out those below the blank are control characters, in EBCDIC, too. */
		*c = cs->table[b].len ? dbi_utf8_next(cs->table[b].text, cs->table[b].len, &used) : b;
		return cs->table[b].len || b < (cs->known->name[0] == 'I' && cs->known->name[1] == 'B' ? 0x40 : 0x20);
	}
	*n = len < 2 ? len : 2;
	*c = len < 2 ? 0 : unit_at(cs, s);
	if (len < 2 || (*c >= 0xDC00 && *c <= 0xDFFF))
		return false;
	if (*c < 0xD800 || *c > 0xDBFF)
		return true;
	if (len < 4 || unit_at(cs, s + 2) < 0xDC00 || unit_at(cs, s + 2) > 0xDFFF)
		return false;
	*c = 0x10000 + ((*c - 0xD800) << 10) + (unit_at(cs, s + 2) - 0xDC00);
	*n = 4;
	return true;
}

static bool is_tail(const struct dbi_charset *cs, const char *s)
{
	return cs->known->kind == UTF8 && ((unsigned char)*s & 0xC0) == 0x80;
}

static void mend(struct dbi_charset *cs, struct dbi_text_policy policy, const char *s, size_t len, unsigned *changed)
{
	char text[4];
	uint32_t c;
	size_t n;

	dbi_buf_clear(&cs->text);
	for (size_t i = 0; i < len; i += n) {
		bool good = next_char(cs, s + i, len - i, &c, &n), control = good && c < 0x20 && !dbi_xml_legal(c);

		if (i == 0 && good && c == 0xFEFF)
			continue;
		if (good && !control && dbi_xml_legal(c)) {
			dbi_buf_add(&cs->text, text, dbi_utf8_put(text, c));
			continue;
		}
		/* The rest of a sequence whose first byte is replaced says nothing. */
		while (!good && i + n < len && is_tail(cs, s + i + n))
			n++;
		if (!control || !policy.drop_controls)
			dbi_buf_adds(&cs->text, "\xEF\xBF\xBD");
		++*changed;
	}
}

/* Is all that is wrong what the policy allows? */
static bool is_allowed(const struct dbi_charset *cs, struct dbi_text_policy policy, const char *s, size_t len, size_t *at)
{
	uint32_t c;
	size_t n;

	for (*at = 0; *at < len; *at += n) {
		bool good = next_char(cs, s + *at, len - *at, &c, &n);

		if ((!good || !dbi_xml_legal(c)) && !policy.replace && !(good && c < 0x20 && policy.drop_controls))
			return false;
	}
	return true;
}

int dbi_charset_convert_by(struct dbi_charset *cs, struct dbi_text_policy policy, struct dbi_buf *out, const char *bytes,
    size_t len, unsigned *changed, struct dbrief_error *err)
{
	struct dbrief_error strict = DBRIEF_ERROR_INIT;
	size_t offset = 0, before = out->len;
	int status = dbi_charset_convert(cs, out, bytes, len, &offset, &strict);

	if (status == DBRIEF_OK || strict.cause != DBRIEF_CAUSE_ENCODING || !(policy.replace || policy.drop_controls))
		return dbi_error_pass(err, status, &strict);
	out->len = before;
	if (!is_allowed(cs, policy, bytes, len, &offset))
		return bad(cs, offset, "a byte or character that the source's policy does not allow", NULL, err);
	mend(cs, policy, bytes, len, changed);
	if (cs->text.failed)
		return dbi_error_memory(err);
	return dbi_nfc(out, cs->text.data ? cs->text.data : "", cs->text.len, err);
}

bool dbi_text_is_suspect(const char *s, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		unsigned char a = (unsigned char)s[i], b = (unsigned char)s[i + 1];
		uint64_t w;

		if (a < 0x80 && len - i >= 8) {
			memcpy(&w, s + i, sizeof w);
			if ((w & 0x8080808080808080u) == 0) {
				i += 7;
				continue;
			}
		}

		if (a < 0xC2)
			continue;
		/* Control characters of C1: text of WINDOWS-1252 read as ISO-8859-1. */
		if (a == 0xC2 && b < 0xA0)
			return true;
		/* "Ã" or "Â" before a character of U+0080..U+00BF, and the first byte of quotes and dashes: UTF-8 read as WINDOWS-1252. */
		if (a == 0xC3 && (b == 0x83 || b == 0x82) && i + 3 < len && (unsigned char)s[i + 2] == 0xC2)
			return true;
		if (a == 0xC3 && b == 0x83 && i + 3 < len && (unsigned char)s[i + 2] >= 0xC5)
			return true;
		if (a == 0xC3 && b == 0xA2 && i + 4 < len && memcmp(s + i + 2, "\xE2\x82\xAC", 3) == 0)
			return true;
	}
	return false;
}

int dbi_charset_convert(struct dbi_charset *cs, struct dbi_buf *out, const char *bytes, size_t len, size_t *offset,
    struct dbrief_error *err)
{
	int status;

	if (offset)
		*offset = 0;
	if (cs->known->kind == UTF8)
		return from_utf8(cs, out, bytes, len, offset, err);
	dbi_buf_clear(&cs->text);
	status = cs->known->kind == BYTES ? from_bytes(cs, bytes, len, offset, err)
	                                  : from_utf16(cs, bytes, len, offset, err);
	if (status != DBRIEF_OK)
		return status;
	return dbi_nfc(out, cs->text.data ? cs->text.data : "", cs->text.len, err);
}
