/* SPDX-License-Identifier: MIT */
/* What the tests of templates share: files in a fresh folder, a model from text, a run to text. */
#ifndef TEST_TEMPLATE_H
#define TEST_TEMPLATE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "template/template.h"

#define T_OPEN "<t:template xmlns:t=\"urn:datenbrief:template:1\" xmlns=\"urn:datenbrief:letter:1\" version=\"1\" lang=\"de\">"
#define F_OPEN "<t:fragment xmlns:t=\"urn:datenbrief:template:1\" xmlns=\"urn:datenbrief:letter:1\">"

static char folder[64];

static inline void folder_make(void)
{
	snprintf(folder, sizeof(folder), "template-test.XXXXXX");
	if (!mkdtemp(folder)) {
		perror("mkdtemp");
		exit(99);
	}
}

static inline const char *folder_path(const char *name)
{
	static char path[4][400];
	static unsigned next;
	char *p = path[next++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static inline void file_write(const char *name, const char *text)
{
	FILE *f = fopen(folder_path(name), "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
		perror(name);
		exit(99);
	}
}

/* "where: text" of an error. */
static inline const char *error_line(const struct dbrief_error *err)
{
	static char line[512];

	snprintf(line, sizeof(line), "%s: %s", err->where, err->text);
	return line;
}

/* Runs a loaded template over a model given as text; the letter as XML in *out, or the error's line. */
static inline int template_run_text(const dbi_template *t, const char *model_text, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_template_eval *ev = NULL;
	dbi_xml_doc *model = NULL;
	struct dbi_draft letter = { 0 };
	int st = dbi_xml_parse_memory(&model, "model.xml", model_text, strlen(model_text), NULL, err);

	if (!st)
		st = dbi_template_eval_new(&ev, t, NULL, err);
	if (!st)
		st = dbi_template_run(ev, model, &letter, err);
	if (!st)
		st = dbi_draft_write(&letter, NULL, false, out, err);
	dbi_draft_dispose(&letter);
	dbi_template_eval_free(ev);
	dbi_xml_free(model);
	return st;
}

/* Loads letter.xml of the folder, runs it: the letter without its XML declaration, or the error's line. */
static inline const char *template_result(const char *model_text, struct dbi_buf *out)
{
	static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_template *t = NULL;
	const char *s;
	size_t n;
	int st;

	dbi_buf_clear(out);
	st = dbi_template_load(&t, folder_path("letter.xml"), &err);
	if (!st)
		st = template_run_text(t, model_text, out, &err);
	dbi_template_free(t);
	if (st)
		return error_line(&err);
	s = out->data;
	if (strncmp(s, declaration, sizeof(declaration) - 1) == 0)
		s += sizeof(declaration) - 1;
	n = strlen(s);
	if (n && s[n - 1] == '\n')
		out->data[out->len - 1] = '\0';
	return s;
}

#endif
