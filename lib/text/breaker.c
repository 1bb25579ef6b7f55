/* SPDX-License-Identifier: MIT */
#include "text/breaker.h"

#include <string.h>

#include "util/mem.h"

int dbi_breaker_new(dbi_breaker **out, struct dbrief_error *err)
{
	*out = dbi_calloc(1, sizeof **out);
	if (!*out)
		return dbi_error_memory(err);
	dbi_line_classes(*out);
	return DBRIEF_OK;
}

void dbi_breaker_free(dbi_breaker *b)
{
	if (!b)
		return;
	for (int i = 0; i < DBI_BREAK_LANGS; i++) {
		if (b->lines[i].iterator)
			ubrk_close(b->lines[i].iterator);
		dbi_hyphdict_close(b->dicts[i].dict);
	}
	utext_close(b->utext);
	if (b->bidi)
		ubidi_close(b->bidi);
	dbi_free(b->utf16);
	dbi_free(b->lower);
	dbi_free(b);
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

void dbi_break_tag(char out[16], const char *lang)
{
	size_t n = 0, r;

	out[0] = '\0';
	if (!lang)
		return;
	while (n < 4 && is_letter(lang[n]))
		n++;
	if (n < 2 || n > 3 || (lang[n] != '\0' && lang[n] != '-'))
		return;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(lang[i] | 0x20);
	out[n] = '\0';
	/* The region is the first subtag of two letters; a script of four may stand before it. */
	r = n;
	if (lang[r] == '-' && strcspn(lang + r + 1, "-") == 4)
		r += 5;
	if (lang[r] == '-' && is_letter(lang[r + 1]) && is_letter(lang[r + 2]) && strcspn(lang + r + 1, "-") == 2) {
		out[n] = '-';
		out[n + 1] = (char)(lang[r + 1] & ~0x20);
		out[n + 2] = (char)(lang[r + 2] & ~0x20);
		out[n + 3] = '\0';
	}
}
