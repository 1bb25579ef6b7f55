/* SPDX-License-Identifier: MIT */
/* The names in an expression, by the lexical rules of XPath 1.0, section 3.7. */
#include "xml/xpath.h"

#include <string.h>


struct lexer {
	const char *at;
	bool operand;     /* the token before ends an operand: a name now is an operator */
	bool attribute;   /* '@' or 'attribute::' stands before */
	bool other_axis;  /* the axis before selects no elements */
};

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t name_length(const char *s)
{
	size_t n = 0;

	if (!is_name_start(s[0]))
		return 0;
	while (is_name_start(s[n]) || is_digit(s[n]) || s[n] == '-' || s[n] == '.')
		n++;
	return n;
}

/* NCName, or prefix:NCName, or prefix:*; "axis::" is left to the caller. */
static size_t qname_length(const char *s)
{
	size_t n = name_length(s), local;

	if (!n || s[n] != ':' || s[n + 1] == ':')
		return n;
	local = s[n + 1] == '*' ? 1 : name_length(s + n + 1);
	return local ? n + 1 + local : n;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *skip_literal(const char *s)
{
	const char *end = strchr(s + 1, *s);

	return end ? end + 1 : s + strlen(s);
}

/* Arguments of a call, from behind its '('. */
static size_t count_args(const char *s)
{
	size_t depth = 0, commas = 0;

	s = skip_blanks(s);
	if (*s == ')')
		return 0;
	while (*s) {
		if (*s == '\'' || *s == '"') {
			s = skip_literal(s);
			continue;
		}
		if (*s == '(' || *s == '[')
			depth++;
		if (*s == ']' || *s == ')') {
			if (depth == 0)
				break;
			depth--;
		}
		if (*s == ',' && depth == 0)
			commas++;
		s++;
	}
	return commas + 1;
}

static bool is_word(const char *s, size_t n, const char *list)
{
	for (const char *at = list; *at;) {
		size_t len = strcspn(at, " ");

		if (len == n && memcmp(at, s, n) == 0)
			return true;
		at += len + (at[len] == ' ');
	}
	return false;
}

static int report(int (*each)(void *, char, const char *, size_t), void *ctx, char kind, const char *s, size_t n, size_t args)
{
	char name[256];

	if (n >= sizeof name)
		n = sizeof name - 1;
	memcpy(name, s, n);
	name[n] = '\0';
	return each(ctx, kind, name, args);
}

/* A name that is no operator: axis, node type, function, or a name test. */
static int take_name(struct lexer *l, int (*each)(void *, char, const char *, size_t), void *ctx)
{
	const char *s = l->at;
	size_t n = qname_length(s);
	const char *behind = skip_blanks(s + n);
	bool attribute = l->attribute, other = l->other_axis;

	l->at = s + n;
	l->attribute = l->other_axis = false;
	if (behind[0] == ':' && behind[1] == ':') {
		l->at = behind + 2;
		l->attribute = is_word(s, n, "attribute");
		l->other_axis = is_word(s, n, "namespace");
		return 0;
	}
	if (behind[0] == '(') {
		l->at = behind;
		if (is_word(s, n, "comment text processing-instruction node"))
			return 0;
		return report(each, ctx, 'f', s, n, count_args(behind + 1));
	}
	l->operand = true;
	if (other || s[n - 1] == '*')
		return 0;
	return report(each, ctx, attribute ? 'a' : 'e', s, n, 0);
}

static int take_variable(struct lexer *l, int (*each)(void *, char, const char *, size_t), void *ctx)
{
	size_t n;

	l->at = skip_blanks(l->at + 1);
	n = qname_length(l->at);
	l->at += n;
	l->operand = true;
	return n ? report(each, ctx, 'v', l->at - n, n, 0) : 0;
}

static void take_sign(struct lexer *l)
{
	char c = *l->at++;

	if (c == '*') {
		/* A name test where an operand is due, else a product. */
		l->operand = !l->operand;
		l->attribute = l->other_axis = false;
		return;
	}
	if (c == '@')
		l->attribute = true;
	l->operand = c == ')' || c == ']' || c == '.';
}

int dbi_xpath_names(const char *text, int (*each)(void *ctx, char kind, const char *name, size_t args), void *ctx)
{
	struct lexer l = { text, false, false, false };
	int result = 0;

	while (result == 0 && *(l.at = skip_blanks(l.at))) {
		if (*l.at == '\'' || *l.at == '"') {
			l.at = skip_literal(l.at);
			l.operand = true;
		} else if (is_digit(*l.at) || (*l.at == '.' && is_digit(l.at[1]))) {
			l.at += strspn(l.at, "0123456789.");
			l.operand = true;
		} else if (*l.at == '$') {
			result = take_variable(&l, each, ctx);
		} else if (is_name_start(*l.at) && l.operand) {
			l.at += name_length(l.at);
			l.operand = false;
		} else if (is_name_start(*l.at)) {
			result = take_name(&l, each, ctx);
		} else {
			take_sign(&l);
		}
	}
	return result;
}
