/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

static void add(struct text *t, const char *s, size_t n)
{
	size_t cap = t->cap ? t->cap : 4096;
	char *p;

	while (cap - t->len <= n)
		cap *= 2;
	p = t->failed ? NULL : cap == t->cap ? t->p : realloc(t->p, cap);
	t->failed = !p;
	if (!p)
		return;
	t->p = p;
	t->cap = cap;
	memcpy(t->p + t->len, s, n);
	t->len += n;
	t->p[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
	add(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
	char line[1024];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(line))
		t->failed = true;
	else
		add(t, line, (size_t)n);
}

void text_xml(struct text *t, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '<': text_add(t, "&lt;"); break;
		case '>': text_add(t, "&gt;"); break;
		case '&': text_add(t, "&amp;"); break;
		case '"': text_add(t, "&quot;"); break;
		default: add(t, (unsigned char)*s < 0x20 ? " " : s, 1);
		}
	}
}

void text_comment(struct text *t, const char *s)
{
	for (; *s; s++)
		add(t, (unsigned char)*s < 0x20 || (*s == '-' && s[1] == '-') ? " " : s, 1);
}
