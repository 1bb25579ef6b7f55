/* SPDX-License-Identifier: MIT */
/* The files of a template: reading, the folder's border, includes without cycles. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "template/program.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/number.h"

struct dbi_load {
	dbi_template *tmpl;
	char *root;                             /* the folder without symbolic links */
	struct { char *name; dbi_xml_doc *doc; } files[DBI_MAX_INCLUDES + 1];
	size_t n_files, n_includes;
	size_t open[DBI_MAX_INCLUDES + 1];      /* files being compiled, outermost first */
	size_t n_open;
	struct dbi_buf hashes;
	dbi_xml_doc *text_docs[DBI_MAX_TEXT_FILES];
	struct dbi_texts texts;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int file_fault(struct dbrief_error *err, const char *place, const char *name, const char *what)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "the file %.80s %s", name, what);
}

static int system_fault(struct dbrief_error *err, const char *place, const char *name)
{
	int number = errno;

	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, number, place, "the file %.80s %s", name,
	    number == ENOENT ? "does not exist; correct the name" : "cannot be found; check it and its folder");
}

/* Messages name a file by its plain name; `place` is where it was asked for. */
static int read_document(struct dbi_load *l, const char *path, const char *name, const char *place, dbi_xml_doc **doc,
    struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;
	char hex[65];
	int st = dbi_file_read(&text, path, DBI_MAX_XML_FILE, DBRIEF_CAUSE_TEMPLATE, err);

	if (st)
		st = dbi_error_prefix(err, st, "%s", place);
	else
		st = dbi_xml_parse_memory(doc, name, text.data ? text.data : "", text.len, NULL, err);
	if (!st) {
		dbi_sha256_hex(hex, text.data, text.len);
		dbi_buf_addf(&l->hashes, "%s %s\n", hex, name);
	}
	dbi_buf_dispose(&text);
	return st;
}

static int keep_document(struct dbi_load *l, const char *name, dbi_xml_doc *doc, struct dbrief_error *err)
{
	char *kept = dbi_strdup(name);

	if (!kept) {
		dbi_xml_free(doc);
		return dbi_error_memory(err);
	}
	l->files[l->n_files].name = kept;
	l->files[l->n_files].doc = doc;
	l->open[l->n_open++] = l->n_files++;
	return DBRIEF_OK;
}

/* Also after following links, a file must lie in the template's folder or below. */
static bool lies_inside(const char *root, const char *path)
{
	size_t n = strlen(root);

	if (strcmp(root, "/") == 0)
		return true;
	return strncmp(path, root, n) == 0 && path[n] == '/';
}

static int open_inside(struct dbi_load *l, const char *name, const char *place, dbi_xml_doc **doc, struct dbrief_error *err)
{
	struct dbi_buf path = DBI_BUF_INIT;
	char *real = NULL;
	int st = DBRIEF_OK;

	dbi_buf_addf(&path, "%s/%s", l->root, name);
	if (path.failed)
		st = dbi_error_memory(err);
	if (!st && !(real = realpath(path.data, NULL)))
		st = system_fault(err, place, name);
	if (!st && !lies_inside(l->root, real))
		st = file_fault(err, place, name, "leads out of the template's folder; put the file itself there");
	if (!st)
		st = read_document(l, real, name, place, doc, err);
	free(real);
	dbi_buf_dispose(&path);
	return st;
}

static bool is_plain_name(const char *s)
{
	return *s && *s != '.' && strlen(s) <= 255 && !strpbrk(s, "/\\");
}

int dbi_load_enter(struct dbi_load *l, const char *href, const char *place, const dbi_xml_doc **doc, struct dbrief_error *err)
{
	size_t i, k;
	int st;

	if (!is_plain_name(href))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
		    "href is not the plain name of a file in the template's folder; write it without / and leading dot");
	if (l->n_includes++ >= DBI_MAX_INCLUDES)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, place, "the template includes files more than %d times; use fewer",
		    DBI_MAX_INCLUDES);
	for (i = 0; i < l->n_files && strcmp(l->files[i].name, href) != 0; i++)
		;
	for (k = 0; k < l->n_open; k++)
		if (l->open[k] == i)
			return file_fault(err, place, href, "includes itself here; break the circle");
	if (i < l->n_files) {
		l->open[l->n_open++] = i;
	} else {
		dbi_xml_doc *opened = NULL;

		st = open_inside(l, href, place, &opened, err);
		if (!st)
			st = keep_document(l, href, opened, err);
		if (st)
			return st;
	}
	*doc = l->files[l->open[l->n_open - 1]].doc;
	return DBRIEF_OK;
}

void dbi_load_leave(struct dbi_load *l)
{
	l->n_open--;
}

int dbi_load_texts(struct dbi_load *l, const char *names, const char *place, struct dbrief_error *err)
{
	char name[256];
	int st = DBRIEF_OK;

	for (names += strspn(names, " "); *names && !st; names += strspn(names, " ")) {
		size_t len = strcspn(names, " "), i = l->texts.n_files;

		memcpy(name, names, len < sizeof(name) ? len : 0);
		name[len < sizeof(name) ? len : 0] = '\0';
		names += len;
		if (!is_plain_name(name))
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
			    "texts does not hold plain names of files in the template's folder; write them without / and leading dot");
		if (i == DBI_MAX_TEXT_FILES)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, place, "texts names more than %d files; join some",
			    DBI_MAX_TEXT_FILES);
		l->texts.n_files++;
		st = open_inside(l, name, place, &l->text_docs[i], err);
		if (!st)
			st = dbi_texts_add(&l->texts, l->text_docs[i], err);
	}
	return st;
}

const struct dbi_texts *dbi_load_texts_of(const struct dbi_load *l)
{
	return &l->texts;
}

static void load_dispose(struct dbi_load *l)
{
	size_t i;

	for (i = 0; i < l->n_files; i++) {
		dbi_free(l->files[i].name);
		dbi_xml_free(l->files[i].doc);
	}
	for (i = 0; i < DBI_MAX_TEXT_FILES; i++)
		dbi_xml_free(l->text_docs[i]);
	dbi_texts_dispose(&l->texts);
	free(l->root);
	dbi_buf_dispose(&l->hashes);
}

static bool set_paths(dbi_template *t, const char *path)
{
	const char *base = base_name(path);
	size_t n = (size_t)(base - path);

	t->path = dbi_arena_strndup(&t->arena, path, strlen(path));
	t->folder = n == 0 ? "." : dbi_arena_strndup(&t->arena, path, n > 1 ? n - 1 : 1);
	return t->path && t->folder;
}

static int set_kind(dbi_template *t, const dbi_xml_doc *doc, struct dbrief_error *err)
{
	static const char *const kinds[] = { "full", "short", "nothing" }; /* as enum dbi_template_kind */
	const char *s = dbi_node_attr(dbi_xml_root(doc), "kind");
	char place[128];

	for (size_t i = 0; s && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(s, kinds[i]) == 0) {
			t->kind = (enum dbi_template_kind)i;
			return DBRIEF_OK;
		}
	if (!s)
		return DBRIEF_OK;
	dbi_node_place(doc, dbi_xml_root(doc), place);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "kind must be full, short or nothing; write one of these");
}

#define READABILITY 40 /* where a template names none */

static int set_readability(dbi_template *t, const dbi_xml_doc *doc, struct dbrief_error *err)
{
	const char *s = dbi_node_attr(dbi_xml_root(doc), "readability");
	int64_t v = READABILITY;
	char place[128];

	if (s && (!dbi_parse_int(s, strlen(s), &v) || v < 0 || v > 100)) {
		dbi_node_place(doc, dbi_xml_root(doc), place);
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "readability must be a whole number from 0 to 100");
	}
	t->readability = (unsigned)v;
	return DBRIEF_OK;
}

static int load_program(struct dbi_load *l, struct dbrief_error *err)
{
	dbi_template *t = l->tmpl;
	const char *lang, *name;
	dbi_xml_doc *doc;
	int st = dbi_template_compile(t, l->files[0].doc, l, err);

	if (st)
		return st;
	doc = l->files[0].doc;
	lang = dbi_node_attr(dbi_xml_root(doc), "lang");
	name = dbi_node_attr(dbi_xml_root(doc), "name");
	t->lang = dbi_arena_strndup(&t->arena, lang, strlen(lang));
	t->name = name ? dbi_arena_strndup(&t->arena, name, strlen(name)) : "";
	if (!t->lang || !t->name || l->hashes.failed)
		return dbi_error_memory(err);
	dbi_sha256_hex(t->hash, l->hashes.data, l->hashes.len);
	st = set_kind(t, doc, err);
	return st ? st : set_readability(t, doc, err);
}

static int load_main(struct dbi_load *l, const char *path, struct dbrief_error *err)
{
	const char *name = base_name(path);
	dbi_xml_doc *doc = NULL;
	char *real;
	int st;

	if (!set_paths(l->tmpl, path))
		return dbi_error_memory(err);
	l->root = realpath(l->tmpl->folder, NULL);
	real = l->root ? realpath(path, NULL) : NULL;
	st = real ? read_document(l, real, name, path, &doc, err) : system_fault(err, path, name);
	free(real);
	if (!st)
		st = keep_document(l, name, doc, err);
	return st ? st : load_program(l, err);
}

int dbi_template_load(dbi_template **tmpl, const char *path, struct dbrief_error *err)
{
	struct dbi_load *l = dbi_calloc(1, sizeof(*l));
	int st = DBRIEF_OK;

	*tmpl = dbi_calloc(1, sizeof(**tmpl));
	if (!l || !*tmpl)
		st = dbi_error_memory(err);
	if (!st) {
		l->tmpl = *tmpl;
		st = load_main(l, path, err);
	}
	if (l)
		load_dispose(l);
	dbi_free(l);
	if (st) {
		dbi_template_free(*tmpl);
		*tmpl = NULL;
	}
	return st;
}

void dbi_template_free(dbi_template *tmpl)
{
	if (!tmpl)
		return;
	dbi_free(tmpl->xpaths);
	dbi_arena_dispose(&tmpl->arena);
	dbi_free(tmpl);
}

const char *dbi_template_lang(const dbi_template *tmpl) { return tmpl->lang; }
const char *dbi_template_path(const dbi_template *tmpl) { return tmpl->path; }
const char *dbi_template_folder(const dbi_template *tmpl) { return tmpl->folder; }
const char *dbi_template_name(const dbi_template *tmpl) { return tmpl->name; }
enum dbi_template_kind dbi_template_kind(const dbi_template *tmpl) { return tmpl->kind; }
unsigned dbi_template_readability(const dbi_template *tmpl) { return tmpl->readability; }
const char *dbi_template_hash(const dbi_template *tmpl) { return tmpl->hash; }

int dbi_template_each_xpath(const dbi_template *tmpl, int (*each)(void *ctx, const struct dbi_template_xpath *xp), void *ctx)
{
	size_t i;
	int st = 0;

	for (i = 0; i < tmpl->n_xpaths && !st; i++)
		st = each(ctx, tmpl->xpaths[i]);
	return st;
}
