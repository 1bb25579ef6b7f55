/* SPDX-License-Identifier: MIT */
#include "pdf/strings.h"

#include "util/utf8.h"

const char dbi_digit_pairs[201] =
	"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
	"5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static const char hex_digits[] = "0123456789ABCDEF";

bool dbi_is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* Calls for each UTF-16 unit; malformed text cannot pass the gate and becomes U+FFFD here. */
static size_t utf16_units(const char *s, size_t len, uint16_t units[2], size_t *used)
{
	uint32_t c = dbi_utf8_next(s, len, used);
	if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		c = 0xFFFD;
	if (c < 0x10000) {
		units[0] = (uint16_t)c;
		return 1;
	}
	units[0] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
	units[1] = (uint16_t)(0xDC00 + ((c - 0x10000) & 0x3FF));
	return 2;
}

void dbi_buf_add_utf16(struct dbi_buf *b, const char *s, size_t len)
{
	dbi_buf_add(b, "\xFE\xFF", 2);
	for (size_t i = 0, used; i < len; i += used) {
		uint16_t units[2];
		size_t n = utf16_units(s + i, len - i, units, &used);
		for (size_t k = 0; k < n; k++) {
			dbi_buf_addc(b, (char)(units[k] >> 8));
			dbi_buf_addc(b, (char)(units[k] & 0xFF));
		}
	}
}

void dbi_buf_add_utf16_hex(struct dbi_buf *b, const char *s, size_t len)
{
	for (size_t i = 0, used; i < len; i += used) {
		uint16_t units[2];
		size_t n = utf16_units(s + i, len - i, units, &used);
		for (size_t k = 0; k < n; k++)
			for (int shift = 12; shift >= 0; shift -= 4)
				dbi_buf_addc(b, hex_digits[units[k] >> shift & 15]);
	}
}

static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7F)
			return false;
	return true;
}

void dbi_buf_add_text_string(struct dbi_buf *b, const char *s, size_t len)
{
	if (!is_plain(s, len)) {
		dbi_buf_adds(b, "<FEFF");
		dbi_buf_add_utf16_hex(b, s, len);
		dbi_buf_addc(b, '>');
		return;
	}
	dbi_buf_addc(b, '(');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '(' || s[i] == ')' || s[i] == '\\')
			dbi_buf_addc(b, '\\');
		dbi_buf_addc(b, s[i]);
	}
	dbi_buf_addc(b, ')');
}
