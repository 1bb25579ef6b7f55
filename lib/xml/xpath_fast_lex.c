/* SPDX-License-Identifier: MIT */
/* Names, words and signs of a natively evaluated expression, and the nodes made of them. */
#include <string.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_reader.h"

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void dbi_fast_skip_blanks(struct dbi_fast_reader *r)
{
	r->at += strspn(r->at, " \t\r\n");
}

bool dbi_fast_take(struct dbi_fast_reader *r, const char *token)
{
	size_t n = strlen(token);

	dbi_fast_skip_blanks(r);
	if (strncmp(r->at, token, n) != 0)
		return false;
	r->at += n;
	return true;
}

const char *dbi_fast_keep(struct dbi_fast_reader *r, const char *s, size_t n)
{
	char *kept = r->free;

	memcpy(kept, s, n); /* the rest is zero */
	r->free += dbi_in_blocks(n);
	return kept;
}

uint16_t dbi_fast_add(struct dbi_fast_reader *r, enum dbi_fast_kind kind)
{
	if (r->f->n == DBI_FAST_MAX_NODES)
		return 0;
	r->f->nodes[r->f->n].kind = (unsigned char)kind;
	return r->f->n++;
}

/* Length of the plain name here; 0 when there is none, or it is a prefix, a function's or not ASCII. */
static size_t name_length(const char *s)
{
	size_t n = 0, behind;

	if (!is_name_start(*s))
		return 0;
	while (is_name_char(s[n]))
		n++;
	behind = n + strspn(s + n, " \t\r\n");
	return s[n] == ':' || s[behind] == '(' || (unsigned char)s[n] >= 0x80 ? 0 : n;
}

const char *dbi_fast_take_name(struct dbi_fast_reader *r)
{
	size_t n = name_length(r->at);
	const char *name = n ? dbi_fast_keep(r, r->at, n) : NULL;

	r->at += n;
	return name;
}

bool dbi_fast_take_word(struct dbi_fast_reader *r, const char *word)
{
	size_t n = strlen(word);

	dbi_fast_skip_blanks(r);
	if (strncmp(r->at, word, n) != 0 || is_name_char(r->at[n]) || (unsigned char)r->at[n] >= 0x80)
		return false;
	r->at += n;
	return true;
}

bool dbi_fast_take_call(struct dbi_fast_reader *r, const char *name)
{
	const char *start = r->at;

	if (dbi_fast_take_word(r, name) && dbi_fast_take(r, "("))
		return true;
	r->at = start;
	return false;
}

const char *dbi_fast_take_extension(struct dbi_fast_reader *r)
{
	const char *name = r->at + 2;
	size_t n = 0;

	if (strncmp(r->at, "t:", 2) != 0 || !is_name_start(*name))
		return NULL;
	while (is_name_char(name[n]))
		n++;
	if (name[n] != '(')
		return NULL;
	r->at = name + n + 1;
	return dbi_fast_keep(r, name, n);
}
