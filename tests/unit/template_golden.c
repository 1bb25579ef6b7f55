/* SPDX-License-Identifier: MIT */
/*
 * Each folder of tests/golden/template holds letter.xml (a template), model.xml
 * and expected.xml, the letter it must give. REGEN=1 writes expected.xml anew.
 */
#include <dirent.h>
#include "tap.h"
#include "template.h"
#include "util/file.h"
#include "xml/schemas.h"

static char root[512];

static const char *path_of(const char *name, const char *file)
{
	static char path[3][1024];
	static unsigned next;
	char *p = path[next++ % 3];

	snprintf(p, sizeof(path[0]), "%s/%s/%s", root, name, file);
	return p;
}

static int make_letter(const char *name, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_template *t = NULL;
	dbi_template_eval *ev = NULL;
	dbi_xml_doc *model = NULL;
	struct dbi_draft letter = { 0 };
	int st = dbi_template_load(&t, path_of(name, "letter.xml"), err);

	if (!st)
		st = dbi_xml_parse_file(&model, path_of(name, "model.xml"), "urn:datenbrief:model:1", err);
	if (!st)
		st = dbi_template_eval_new(&ev, t, NULL, err);
	if (!st)
		st = dbi_template_run(ev, model, &letter, err);
	if (!st)
		st = dbi_draft_write(&letter, "urn:datenbrief:letter:1", true, out, err);
	dbi_draft_dispose(&letter);
	dbi_template_eval_free(ev);
	dbi_xml_free(model);
	dbi_template_free(t);
	return st;
}

static void regenerate(const char *name, const struct dbi_buf *got)
{
	FILE *f = fopen(path_of(name, "expected.xml"), "w");

	OK(f && fwrite(got->data, 1, got->len, f) == got->len && fclose(f) == 0, name);
}

static void test_folder(const char *name)
{
	struct dbi_buf got = DBI_BUF_INIT, want = DBI_BUF_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int st = make_letter(name, &got, &err);

	if (st)
		IS(error_line(&err), "a letter", name);
	else if (getenv("REGEN"))
		regenerate(name, &got);
	else if (dbi_file_read(&want, path_of(name, "expected.xml"), 1u << 24, DBRIEF_CAUSE_SYSTEM, &err))
		IS(error_line(&err), "expected.xml", name);
	else
		IS(got.data, want.data, name);
	dbi_buf_dispose(&got);
	dbi_buf_dispose(&want);
}

static void test_schema(const char *name)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_xml_doc *doc = NULL;

	if (dbi_xml_parse_file(&doc, path_of(name, "letter.xml"), NULL, &err) ||
	    dbi_xml_validate(doc, "template.rng", dbi_schema_template, &err))
		IS(error_line(&err), "valid", name);
	else
		OK(1, "the template follows its schema");
	dbi_xml_free(doc);
}

static int is_name(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	struct dirent **names = NULL;
	int i, n;

	snprintf(root, sizeof(root), "%s/tests/golden/template", srcdir ? srcdir : ".");
	n = scandir(root, &names, is_name, alphasort);
	OK(n > 0, "there are golden templates");
	for (i = 0; i < n; i++) {
		test_folder(names[i]->d_name);
		test_schema(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return tap_done();
}
