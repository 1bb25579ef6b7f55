/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <iconv.h>

#include "util/charset.h"
#include "util/norm.h"
#include "util/utf8.h"

static void test_utf8_check(void)
{
	static const struct {
		const char *text;
		size_t len, bad; /* bad == len: all is well */
		const char *what;
	} cases[] = {
		{ "", 0, 0, "empty text is well" },
		{ "abc\tdef\nghi\r", 12, 12, "tab, line feed and carriage return are" },
		{ "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 9, 9, "two, three and four bytes are" },
		{ "a\0b", 3, 1, "NUL is not" },
		{ "12345678\x01", 9, 8, "a control character is not" },
		{ "1234567\x1f", 8, 7, "also within eight bytes" },
		{ "\xC0\x80", 2, 0, "an overlong NUL is not" },
		{ "\xE0\x80\xAF", 3, 0, "an overlong slash is not" },
		{ "\xF0\x80\x80\xAF", 4, 0, "nor with four bytes" },
		{ "x\xED\xA0\x80", 4, 1, "a surrogate is not" },
		{ "\xEF\xBF\xBE", 3, 0, "U+FFFE is not" },
		{ "\xEF\xBF\xBF", 3, 0, "U+FFFF is not" },
		{ "\xEF\xBF\xBD", 3, 3, "U+FFFD is well" },
		{ "\xF4\x8F\xBF\xBF", 4, 4, "U+10FFFF is well" },
		{ "\xF4\x90\x80\x80", 4, 0, "above is not" },
		{ "\xF5\x80\x80\x80", 4, 0, "F5 never begins a character" },
		{ "\x80", 1, 0, "a stray tail byte is not" },
		{ "ab\xE2\x82", 4, 2, "a cut character is not" },
		{ "\xC2\x85", 2, 2, "U+0085 is well" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		EQ(dbi_utf8_check(cases[i].text, cases[i].len), cases[i].bad, cases[i].what);
	EQ(dbi_utf8_count("a\xC3\xA4\xF0\x9F\x98\x80", 7), 3, "code points are counted");
}

static void test_utf8_round_trip(void)
{
	int wrong = 0;

	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char text[4];
		size_t n, len = dbi_utf8_put(text, c);
		uint32_t back = dbi_utf8_next(text, len, &n);
		int surrogate = c >= 0xD800 && c <= 0xDFFF;

		wrong += surrogate ? back != 0xFFFFFFFF || n != 1 : back != c || n != len;
	}
	EQ(wrong, 0, "every code point is read back, surrogates are not");
}

static void test_nfc(void)
{
	static const struct {
		const char *text, *want, *what;
	} cases[] = {
		{ "plain", "plain", "ASCII stays" },
		{ "M\xC3\xBCller", "M\xC3\xBCller", "composed text stays" },
		{ "Mu\xCC\x88ller", "M\xC3\xBCller", "decomposed text is composed" },
		{ "\xE2\x84\xAB", "\xC3\x85", "the Angstrom sign becomes a letter" },
		{ "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87", "marks are put in order" },
		{ "\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80", "Hangul is composed" },
		{ "\xEF\xAC\x81", "\xEF\xAC\x81", "a ligature is not taken apart" },
		{ "", "", "empty text stays" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_buf b = DBI_BUF_INIT;

		dbi_buf_adds(&b, "<");
		EQ(dbi_nfc(&b, cases[i].text, strlen(cases[i].text), NULL), DBRIEF_OK, cases[i].what);
		IS(b.data + 1, cases[i].want, "  as expected, appended");
		dbi_buf_dispose(&b);
	}
}

static void test_nfc_of_long_text(void)
{
	struct dbi_buf in = DBI_BUF_INIT, out = DBI_BUF_INIT;

	for (int i = 0; i < 5000; i++)
		dbi_buf_adds(&in, "u\xCC\x88");
	EQ(dbi_nfc(&out, in.data, in.len, NULL), DBRIEF_OK, "long text is normalised");
	EQ(out.len, 10000, "to its composed length");
	dbi_buf_dispose(&in);
	dbi_buf_dispose(&out);
}

static const char *const listed[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "US-ASCII", "ISO-8859-1", "ISO-8859-2", "ISO-8859-3",
	"ISO-8859-4", "ISO-8859-5", "ISO-8859-7", "ISO-8859-9", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15",
	"ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1257", "CP437",
	"CP850", "CP852", "CP858", "IBM037", "IBM273", "IBM500", "IBM1140", "IBM1141", "KOI8-R", "KOI8-U", "MACINTOSH" };

static void test_charset_names(void)
{
	static const char *const refused[] = { "", "UTF-16", "UTF-7", "ISO-2022-JP", "ISO-2022-CN-EXT", "EUC-JP", "BIG5", "TSCII", "GB18030",
		"UTF-8//TRANSLIT", "UTF-8//IGNORE", "ISO-8859-1/", "UTF-8,x", " UTF-8", "UTF-8 ", "IBM1390", "ISO-8859-6", "X", "8859", "CP" };

	for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
		IS(dbi_charset_canonical(listed[i]), listed[i], listed[i]);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		IS(dbi_charset_canonical(refused[i]), NULL, refused[i]);
	IS(dbi_charset_canonical("cp1252"), "WINDOWS-1252", "aliases and lower case are understood");
	IS(dbi_charset_canonical("latin1"), "ISO-8859-1", "latin1 is ISO-8859-1");
	IS(dbi_charset_canonical(NULL), NULL, "NULL is refused");
}

static void test_conversions(void)
{
	static const struct {
		const char *charset, *bytes;
		size_t len;
		const char *want; /* NULL: refused */
		size_t offset;
		const char *what;
	} cases[] = {
		{ "UTF-8", "gr\xC3\xBC\xC3\x9F", 6, "gr\xC3\xBC\xC3\x9F", 0, "UTF-8 passes" },
		{ "UTF-8", "\xEF\xBB\xBFx", 4, "x", 0, "one byte order mark is removed" },
		{ "UTF-8", "u\xCC\x88", 3, "\xC3\xBC", 0, "the result is NFC" },
		{ "UTF-8", "ab\xFC", 3, NULL, 2, "Latin-1 bytes in UTF-8 are refused" },
		{ "UTF-8", "ab\xC3", 3, NULL, 2, "a cut character is refused" },
		{ "UTF-8", "a\x1a", 2, NULL, 1, "a control character is refused" },
		{ "ISO-8859-1", "gr\xFC\xDF", 4, "gr\xC3\xBC\xC3\x9F", 0, "Latin-1 is converted" },
		{ "ISO-8859-1", "", 0, "", 0, "an empty value stays empty" },
		{ "ISO-8859-15", "\xA4", 1, "\xE2\x82\xAC", 0, "the euro sign of Latin-9" },
		{ "WINDOWS-1252", "\x80\x99", 2, "\xE2\x82\xAC\xE2\x84\xA2", 0, "the upper half of Windows-1252" },
		{ "WINDOWS-1252", "ab\x81", 3, NULL, 2, "a byte without meaning is refused" },
		{ "US-ASCII", "\x80", 1, NULL, 0, "ASCII has 128 characters" },
		{ "CP850", "\x81", 1, "\xC3\xBC", 0, "DOS text" },
		{ "IBM273", "\xC8\x81\x93\x93\x96", 5, "Hallo", 0, "EBCDIC text" },
		{ "IBM273", "\xC8\x3F", 2, NULL, 1, "its substitute character is refused" },
		{ "UTF-16LE", "a\0\xFC\0", 4, "a\xC3\xBC", 0, "UTF-16, little end first" },
		{ "UTF-16BE", "\0a\0\xFC", 4, "a\xC3\xBC", 0, "UTF-16, big end first" },
		{ "UTF-16LE", "\xFF\xFE" "a\0", 4, "a", 0, "its byte order mark is removed" },
		{ "UTF-16LE", "\x3D\xD8\x00\xDE", 4, "\xF0\x9F\x98\x80", 0, "a surrogate pair" },
		{ "UTF-16LE", "a\0\x3D\xD8", 4, NULL, 2, "half a pair at the end" },
		{ "UTF-16LE", "a\0\x00\xDE", 4, NULL, 2, "the second half alone" },
		{ "UTF-16LE", "a\0b", 3, NULL, 2, "an odd number of bytes" },
		{ "UTF-16LE", "\0\0", 2, NULL, 0, "NUL in UTF-16" },
		{ "UTF-16LE", "\xFF\xFF", 2, NULL, 0, "U+FFFF in UTF-16" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		struct dbi_buf b = DBI_BUF_INIT;
		struct dbi_charset *cs;
		size_t offset = 99;
		int status = dbi_charset_open(&cs, cases[i].charset, &err);

		if (status == DBRIEF_OK)
			status = dbi_charset_convert(cs, &b, cases[i].bytes, cases[i].len, &offset, &err);
		if (cases[i].want) {
			IS(status == DBRIEF_OK ? b.data ? b.data : "" : NULL, cases[i].want, cases[i].what);
		} else {
			OK(status == DBRIEF_FAILED && err.cause == DBRIEF_CAUSE_ENCODING && err.text[0], cases[i].what);
			EQ(offset, cases[i].offset, "  the offset of the fault");
		}
		dbi_charset_close(cs);
		dbi_buf_dispose(&b);
	}
}

/* iconv as judge, for a whole text of all bytes that have a meaning. */
static int differs_from_iconv(const char *name)
{
	struct dbi_buf ours = DBI_BUF_INIT;
	struct dbi_charset *cs;
	char in[256], out[1024], *from = in, *to = out;
	size_t n = 0, left, room = sizeof out;
	iconv_t cd;
	int differs;

	if (dbi_charset_open(&cs, name, NULL) != DBRIEF_OK)
		return 1;
	for (int c = 1; c < 256; c++) {
		in[n] = (char)c;
		if (dbi_charset_convert(cs, &ours, in + n, 1, NULL, NULL) == DBRIEF_OK)
			n++;
	}
	cd = iconv_open("UTF-8", name);
	left = n;
	differs = iconv(cd, &from, &left, &to, &room) != 0 || left != 0;
	(void)iconv_close(cd);
	differs |= n < 96 || sizeof out - room != ours.len || memcmp(out, ours.data, ours.len) != 0;
	dbi_charset_close(cs);
	dbi_buf_dispose(&ours);
	return differs;
}

static void test_tables_equal_iconv(void)
{
	for (size_t i = 3; i < sizeof listed / sizeof *listed; i++)
		EQ(differs_from_iconv(listed[i]), 0, listed[i]);
}

static void test_unknown_charset(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_charset *cs;

	EQ(dbi_charset_open(&cs, "ISO-2022-CN-EXT", &err), DBRIEF_FATAL, "a charset off the list is fatal");
	EQ(err.cause, DBRIEF_CAUSE_CONFIG, "its cause is the configuration");
	OK(cs == NULL, "no converter comes out");
}

int main(void)
{
	test_utf8_check();
	test_utf8_round_trip();
	test_nfc();
	test_nfc_of_long_text();
	test_charset_names();
	test_conversions();
	test_tables_equal_iconv();
	test_unknown_charset();
	return tap_done();
}
