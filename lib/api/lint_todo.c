/* SPDX-License-Identifier: MIT */
/* "TODO:" in configuration and register: what a person still has to decide, in texts and in comments. */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"
#include "util/file.h"
#include "util/limits.h"

#define LONGEST 160

struct scan {
	struct dbi_lint *l;
	const char *path;
	unsigned long line, column;
	bool comment;
};

/* The rest of the line, without what ends comment, attribute or element there. */
static void say(struct scan *s, const char *at)
{
	const char *text = at + 4, *ends = s->comment ? "\r\n" : "\r\n<\"";
	size_t n;
	char place[512], what[LONGEST + 4];

	text += strspn(text, ": ");
	n = strcspn(text, ends);
	for (size_t i = 0; s->comment && i + 3 <= n; i++)
		if (memcmp(text + i, "-->", 3) == 0)
			n = i;
	while (n && text[n - 1] == ' ')
		n--;
	if (n > LONGEST) {
		for (n = LONGEST; n && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			;
		(void)snprintf(what, sizeof(what), "%.*s...", (int)n, text);
	} else {
		(void)snprintf(what, sizeof(what), "%.*s", (int)n, text);
	}
	(void)snprintf(place, sizeof(place), "%s:%lu:%lu", s->path, s->line, s->column);
	dbi_lint_say(s->l, s->comment ? DBRIEF_SEVERITY_WARNING : DBRIEF_SEVERITY_ERROR, dbi_lint_copy(s->l, place),
	    "%s%sdecide it, then remove the TODO", what, n ? "; " : "");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static void scan_text(struct scan *s, const char *text)
{
	char before = ' ';

	s->line = s->column = 1;
	for (; *text && !s->l->stop; before = *text++) {
		if (strncmp(text, "<!--", 4) == 0)
			s->comment = true;
		else if (strncmp(text, "-->", 3) == 0)
			s->comment = false;
		else if (strncmp(text, "TODO:", 5) == 0 && !is_letter(before))
			say(s, text);
		if (*text == '\n') {
			s->line++;
			s->column = 0;
		}
		s->column += ((unsigned char)*text & 0xc0) != 0x80;
	}
}

static void scan_file(struct dbi_lint *l, const char *path)
{
	struct scan s = { .l = l, .path = path };
	struct dbi_buf bytes = DBI_BUF_INIT;

	if (dbi_file_read(&bytes, path, DBI_MAX_XML_FILE, DBRIEF_CAUSE_CONFIG, NULL) == DBRIEF_OK && bytes.data)
		scan_text(&s, bytes.data);
	dbi_buf_dispose(&bytes);
}

/* "register.xml:3:1" to "register.xml"; the register's place is that of its root. */
static char *file_of(struct dbi_lint *l, const char *place)
{
	char *path = dbi_lint_copy(l, place);

	for (int i = 0; i < 2; i++) {
		char *colon = strrchr(path, ':');

		if (colon)
			*colon = '\0';
	}
	return path;
}

void dbi_lint_todos(struct dbi_lint *l)
{
	const char *config = dbi_xml_name(l->config->doc), *reg = file_of(l, l->reg->place);

	scan_file(l, config);
	if (strcmp(config, reg) != 0 && !l->stop)
		scan_file(l, reg);
}
