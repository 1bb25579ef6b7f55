/* SPDX-License-Identifier: MIT */
/* Codes of glyphs in literal strings: a reader gets every glyph back. */
#include <stdbool.h>
#include <stdint.h>

#include "pdf/glyph_code.h"
#include "tap.h"

/* The glyph as a reader has it; 0 where the string would end early or be mistaken (ISO 32000-1, 7.3.4.2). */
static unsigned read_literal(const char *s, const char *end)
{
	unsigned char code[2] = { 0, 0 };
	unsigned n = 0;

	for (; s < end && n < 2; s++) {
		if (*s == '(' || *s == ')' || *s == '\r' || (*s == '\\' && s + 1 == end))
			return 0;
		bool escaped = *s == '\\';
		s += escaped;
		code[n++] = (unsigned char)(escaped && *s == 'r' ? '\r' : *s);
	}
	return s == end && n == 2 ? (unsigned)code[0] << 8 | code[1] : 0;
}

int main(void)
{
	char text[DBI_GLYPH_CODE_ROOM];
	unsigned found = 0;

	for (unsigned gid = 1; gid <= UINT16_MAX; gid++)
		found += read_literal(text, dbi_put_glyph_code(text, gid)) == gid;
	OK(found == UINT16_MAX, "every glyph comes back from its code in a string");
	return tap_done();
}
