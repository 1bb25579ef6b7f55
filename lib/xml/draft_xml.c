/* SPDX-License-Identifier: MIT */
/* Letter documents from and to XML trees. */
#include "xml/draft.h"

#include <string.h>

#include "xml/libxml.h"

/* ---- from XML ---- */

static char *copy(struct dbi_draft *d, const char *s)
{
	return dbi_arena_strndup(&d->arena, s, strlen(s));
}

/* "xml:lang" stands for lang, but is written as it was. */
static const char *attr_name(struct dbi_draft *d, const xmlAttr *a, enum dbi_attr word)
{
	const char *local = from_xml(a->name), *prefix = a->ns && a->ns->prefix ? from_xml(a->ns->prefix) : NULL;
	size_t n = prefix ? strlen(prefix) : 0;
	char *name;

	if (!prefix)
		return word != DBI_ATTR_COUNT ? dbi_attr_names[word] : copy(d, local);
	name = dbi_arena_alloc(&d->arena, n + strlen(local) + 2);
	if (!name)
		return NULL;
	memcpy(name, prefix, n);
	name[n] = ':';
	memcpy(name + n + 1, local, strlen(local) + 1);
	return name;
}

static bool add_attrs(struct dbi_draft *d, struct dbi_draft_node *n, const xmlNode *from)
{
	for (const xmlAttr *a = from->properties; a; a = a->next) {
		enum dbi_attr word = dbi_attr_of(from_xml(a->name));
		const char *name = attr_name(d, a, word);
		const char *value = copy(d, a->children && a->children->content ? from_xml(a->children->content) : "");

		if (!name || !value || !dbi_draft_set(d, n, name, word, value))
			return false;
	}
	return true;
}

static struct dbi_draft_node *add_element(struct dbi_draft *d, struct dbi_draft_node *parent, const xmlNode *from)
{
	enum dbi_tag tag = dbi_tag_of(from_xml(from->name));
	const char *name = tag != DBI_TAG_COUNT ? dbi_tag_names[tag] : copy(d, from_xml(from->name));
	struct dbi_draft_node *n = name ? dbi_draft_add(d, parent, name, tag) : NULL;

	if (!n || !add_attrs(d, n, from))
		return NULL;
	n->line = (uint32_t)dbi_place_line(from);
	n->column = (uint32_t)dbi_place_column(from);
	return n;
}

/* The copy of one node; the parent's, where there is nothing to copy. NULL when out of memory. */
static struct dbi_draft_node *add_copy(struct dbi_draft *d, struct dbi_draft_node *parent, const xmlNode *from)
{
	const char *text;

	if (from->type == XML_ELEMENT_NODE)
		return add_element(d, parent, from);
	if (from->type != XML_TEXT_NODE || !from->content || !*from->content)
		return parent;
	text = copy(d, from_xml(from->content));
	return text ? dbi_draft_add_text(d, parent, text, strlen(text)) : NULL;
}

static bool copy_tree(struct dbi_draft *d, const xmlNode *top)
{
	struct dbi_draft_node *to = NULL, *made;

	for (const xmlNode *from = top; from;) {
		made = add_copy(d, to, from);
		if (!made)
			return false;
		if (from->type == XML_ELEMENT_NODE && from->children) {
			to = made;
			from = from->children;
			continue;
		}
		for (; from != top && !from->next; to = to->parent)
			from = from->parent;
		from = from == top ? NULL : from->next;
	}
	return true;
}

int dbi_draft_from_xml(struct dbi_draft *d, const dbi_xml_doc *doc, struct dbrief_error *err)
{
	const xmlNode *root = to_node(dbi_xml_root(doc));

	dbi_draft_clear(d);
	d->name = copy(d, dbi_xml_name(doc));
	if (d->name && (!root || copy_tree(d, root)))
		return DBRIEF_OK;
	dbi_draft_clear(d);
	return dbi_error_memory(err);
}

/* ---- to XML ---- */

static bool write_attrs(dbi_xml_node *to, const struct dbi_draft_node *n)
{
	for (const struct dbi_draft_attr *a = n->attrs; a; a = a->next)
		if (!dbi_node_set(to, a->name, a->value))
			return false;
	return true;
}

static bool write_tree(dbi_xml_node *to, const struct dbi_draft_node *top)
{
	const struct dbi_draft_node *n = top->first;
	bool good = write_attrs(to, top);

	while (good && n) {
		if (!n->name) {
			good = dbi_node_add_text(to, n->text, n->len);
		} else {
			dbi_xml_node *made = dbi_node_add(to, n->name);

			good = made && write_attrs(made, n);
			if (n->first) {
				to = made;
				n = n->first;
				continue;
			}
		}
		for (; n != top && !n->next; n = n->parent)
			if (n->parent != top)
				to = dbi_node_parent(to);
		n = n == top ? NULL : n->next;
	}
	return good;
}

int dbi_draft_write(const struct dbi_draft *d, const char *ns, bool indent, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_xml_doc *doc = d->root ? dbi_xml_new(d->root->name) : NULL;
	int status = doc && write_tree(dbi_xml_root(doc), d->root) ? dbi_xml_write(doc, ns, indent, out, err) : dbi_error_memory(err);

	dbi_xml_free(doc);
	return status;
}
