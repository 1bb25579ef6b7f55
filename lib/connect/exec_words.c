/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include "connect/exec.h"
#include "connect/fault.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Copies one word to `to`, quotes left out; NULL when one is not closed. */
static const char *copy_word(const char *s, char **to)
{
	while (*s && !is_blank(*s)) {
		char quote = *s;

		if (quote != '\'' && quote != '"') {
			*(*to)++ = *s++;
			continue;
		}
		for (s++; *s && *s != quote; s++)
			*(*to)++ = *s;
		if (!*s++)
			return NULL;
	}
	*(*to)++ = '\0';
	return s;
}

int dbi_exec_split(char ***words, const char *text, const char *place, struct dbrief_error *err)
{
	size_t len = strlen(text), n = 0;
	/* At most every second byte begins a word; the bytes stand behind the pointers. */
	char **list = malloc((len / 2 + 2) * sizeof(*list) + len + 2), *to;

	*words = NULL;
	if (!list)
		return dbi_connect_memory(err);
	to = (char *)(list + len / 2 + 2);
	for (;;) {
		while (is_blank(*text))
			text++;
		if (!*text)
			break;
		list[n++] = to;
		text = copy_word(text, &to);
		if (!text) {
			free(list);
			return dbi_connect_config(err, place, "a quotation mark in the url is not closed; close it");
		}
	}
	list[n] = NULL;
	if (!n || !*list[0]) {
		free(list);
		return dbi_connect_config(err, place, "the url names no program; write url=\"exec:PROGRAM ARGUMENTS\"");
	}
	*words = list;
	return DBRIEF_OK;
}
