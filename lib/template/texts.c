/* SPDX-License-Identifier: MIT */
/* The texts of a language: files of t:text with a key, which templates name where the text shall stand. */
#include <stdio.h>
#include <string.h>
#include "template/program.h"
#include "util/mem.h"

#define MAX_TEXTS 2000

static int fault(const dbi_xml_doc *doc, const dbi_xml_node *n, struct dbrief_error *err, const char *what)
{
	char place[128];

	dbi_node_place(doc, n, place);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "%s", what);
}

static const struct dbi_text_entry *look_up(const struct dbi_texts *t, const char *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->list[i].key, key) == 0)
			return &t->list[i];
	return NULL;
}

static bool is_key(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	return n > 0 && n < 64 && !s[n];
}

static bool is_blank(const char *s)
{
	return !s[strspn(s, " \t\r\n")];
}

static int add_one(struct dbi_texts *t, const dbi_xml_doc *doc, const dbi_xml_node *n, struct dbrief_error *err)
{
	const struct dbi_text_entry *known;
	const char *key;

	if (!dbi_node_is(n, "text") || strcmp(dbi_node_ns(n), DBI_TEMPLATE_NS) != 0)
		return fault(doc, n, err, "a file of texts holds t:text elements with a key only; move this into one of them");
	key = dbi_node_attr(n, "key");
	if (!key || !is_key(key))
		return fault(doc, n, err, "this t:text has no key of letters, digits, - _ and .; give it one");
	known = look_up(t, key);
	if (known && known->doc == doc)
		return fault(doc, n, err, "a text with this key stands above; remove one of them");
	if (known)
		return DBRIEF_OK;
	if (!dbi_grow(&t->list, &t->cap, t->n + 1, sizeof(*t->list), MAX_TEXTS))
		return fault(doc, n, err, "there are too many texts; at most 2000 are read");
	t->list[t->n++] = (struct dbi_text_entry){ key, doc, n };
	return DBRIEF_OK;
}

int dbi_texts_add(struct dbi_texts *t, const dbi_xml_doc *doc, struct dbrief_error *err)
{
	const dbi_xml_node *root = dbi_xml_root(doc), *n;
	char place[128];
	int st;

	if (!dbi_node_is(root, "texts") || strcmp(dbi_node_ns(root), DBI_TEMPLATE_NS) != 0)
		return fault(doc, root, err, "a file of texts has the root t:texts; wrap its t:text elements in it");
	dbi_node_place(doc, root, place);
	st = dbi_template_check_attrs(dbi_template_rule("texts"), root, place, err);
	for (n = dbi_node_first(root); n && !st; n = dbi_node_next(n)) {
		if (dbi_node_is_element(n))
			st = add_one(t, doc, n, err);
		else if (dbi_node_is_text(n) && !is_blank(dbi_node_text(n)))
			st = fault(doc, root, err, "words stand between the texts; put them into a t:text");
	}
	return st;
}

void dbi_texts_dispose(struct dbi_texts *t)
{
	dbi_free(t->list);
	*t = (struct dbi_texts){ NULL, 0, 0, 0 };
}

static int missing(const struct dbi_texts *t, const char *key, const char *place, struct dbrief_error *err)
{
	const char *names[MAX_TEXTS + 1];
	char hint[96], name[128];

	if (!t->n_files)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place,
		    "a text is asked for by its key, and the template names no file of texts; add texts=\"...\" to t:template");
	for (size_t i = 0; i < t->n; i++)
		names[i] = t->list[i].key;
	names[t->n] = NULL;
	(void)snprintf(name, sizeof(name), "%s", t->n ? dbi_xml_name(t->list[t->n - 1].doc) : "the files of texts");
	dbi_template_suggest(hint, "", key, names, "add it there");
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "there is no text '%.60s' in %.80s%s", key, name, hint);
}

int dbi_texts_find(const struct dbi_texts *t, const char *key, const char *place, const struct dbi_text_entry **entry,
    struct dbrief_error *err)
{
	*entry = look_up(t, key);
	return *entry ? DBRIEF_OK : missing(t, key, place, err);
}
