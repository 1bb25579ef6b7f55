/* SPDX-License-Identifier: MIT */
/* Walking and building trees. */
#include "xml/libxml.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libxml/dict.h>

#include "util/mem.h"

dbi_xml_doc *dbi_xml_new(const char *root)
{
	xmlDoc *doc;
	xmlNode *node;
	const xmlChar *name;

	dbi_xml_init();
	doc = xmlNewDoc(to_xml("1.0"));
	if (!doc)
		return NULL;
	doc->dict = xmlDictCreate();
	name = doc->dict ? xmlDictLookup(doc->dict, to_xml(root), -1) : NULL;
	node = name ? xmlNewDocNodeEatName(doc, NULL, (xmlChar *)(uintptr_t)name, NULL) : NULL;
	if (!node) {
		xmlFreeDoc(doc);
		return NULL;
	}
	(void)xmlDocSetRootElement(doc, node);
	return (dbi_xml_doc *)doc;
}

void dbi_xml_free(dbi_xml_doc *doc)
{
	if (doc)
		xmlFreeDoc(to_doc(doc));
}

dbi_xml_node *dbi_xml_root(const dbi_xml_doc *doc)
{
	return from_node(xmlDocGetRootElement(to_doc(doc)));
}

const char *dbi_xml_name(const dbi_xml_doc *doc)
{
	const xmlChar *url = to_doc(doc)->URL;

	return url ? from_xml(url) : "";
}

const char *dbi_node_name(const dbi_xml_node *n)
{
	const xmlNode *node = to_node(n);

	return node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE ? from_xml(node->name) : "";
}

const char *dbi_node_ns(const dbi_xml_node *n)
{
	const xmlNode *node = to_node(n);

	if ((node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE) || !node->ns || !node->ns->href)
		return "";
	return from_xml(node->ns->href);
}

bool dbi_node_is_element(const dbi_xml_node *n)
{
	return n && to_node(n)->type == XML_ELEMENT_NODE;
}

bool dbi_node_is_text(const dbi_xml_node *n)
{
	return n && to_node(n)->type == XML_TEXT_NODE;
}

bool dbi_node_is(const dbi_xml_node *n, const char *name)
{
	return dbi_node_is_element(n) && strcmp(from_xml(to_node(n)->name), name) == 0;
}

dbi_xml_node *dbi_node_parent(const dbi_xml_node *n)
{
	const xmlNode *parent = to_node(n)->parent;

	return parent && parent->type == XML_ELEMENT_NODE ? from_node(parent) : NULL;
}

dbi_xml_node *dbi_node_first(const dbi_xml_node *n)
{
	return to_node(n)->type == XML_ELEMENT_NODE ? from_node(to_node(n)->children) : NULL;
}

dbi_xml_node *dbi_node_next(const dbi_xml_node *n)
{
	return to_node(n)->type == XML_ATTRIBUTE_NODE ? NULL : from_node(to_node(n)->next);
}

static dbi_xml_node *find_element(const dbi_xml_node *n, const char *name)
{
	for (; n; n = dbi_node_next(n))
		if (name ? dbi_node_is(n, name) : dbi_node_is_element(n))
			break;
	return from_node(to_node(n));
}

dbi_xml_node *dbi_node_child(const dbi_xml_node *n, const char *name)
{
	return find_element(dbi_node_first(n), name);
}

dbi_xml_node *dbi_node_sibling(const dbi_xml_node *n, const char *name)
{
	return find_element(dbi_node_next(n), name);
}

static const char *attr_value(const xmlAttr *a)
{
	const xmlNode *text = a->children;

	return text && text->content ? from_xml(text->content) : "";
}

static xmlAttr *find_attr(const xmlNode *node, const char *name)
{
	xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

	for (; a; a = a->next)
		if (!a->ns && strcmp(from_xml(a->name), name) == 0)
			break;
	return a;
}

const char *dbi_node_attr(const dbi_xml_node *n, const char *name)
{
	const xmlAttr *a = find_attr(to_node(n), name);

	return a ? attr_value(a) : NULL;
}

int dbi_node_each_attr(const dbi_xml_node *n, int (*each)(void *ctx, const char *name, const char *value), void *ctx)
{
	const xmlNode *node = to_node(n);
	const xmlAttr *a = node->type == XML_ELEMENT_NODE ? node->properties : NULL, *next;
	int result = 0;

	for (; a && result == 0; a = next) {
		next = a->next;
		result = each(ctx, from_xml(a->name), attr_value(a));
	}
	return result;
}

const char *dbi_node_text(const dbi_xml_node *n)
{
	const xmlNode *node = to_node(n), *child;

	if (node->type == XML_TEXT_NODE)
		return node->content ? from_xml(node->content) : "";
	child = node->children;
	if (!child)
		return "";
	/* Neighbouring text nodes are always merged: when parsed and when built. */
	if (child->type != XML_TEXT_NODE || child->next)
		return NULL;
	return child->content ? from_xml(child->content) : "";
}

static void add_string(const xmlNode *top, struct dbi_buf *out)
{
	const xmlNode *node = top->children;

	while (node) {
		if (node->type == XML_TEXT_NODE && node->content)
			dbi_buf_adds(out, from_xml(node->content));
		if (node->type == XML_ELEMENT_NODE && node->children) {
			node = node->children;
			continue;
		}
		while (node != top && !node->next)
			node = node->parent;
		if (node == top)
			break;
		node = node->next;
	}
}

int dbi_node_string(const dbi_xml_node *n, struct dbi_buf *out)
{
	const xmlNode *node = to_node(n);

	if (node->type == XML_TEXT_NODE) {
		if (node->content)
			dbi_buf_adds(out, from_xml(node->content));
	} else {
		add_string(node, out);
	}
	return out->failed ? DBRIEF_FAILED : DBRIEF_OK;
}

/* The nearest element: a text or attribute has the place of the element it stands in. */
static const xmlNode *element_of(const dbi_xml_node *n)
{
	const xmlNode *node = to_node(n);

	while (node && node->type != XML_ELEMENT_NODE && node->parent)
		node = node->parent;
	return node && node->type == XML_ELEMENT_NODE ? node : NULL;
}

long dbi_node_line(const dbi_xml_node *n)
{
	const xmlNode *node = element_of(n);

	return node ? (long)dbi_place_line(node) : 0;
}

void dbi_node_place(const dbi_xml_doc *doc, const dbi_xml_node *n, char out[128])
{
	const xmlNode *node = n ? element_of(n) : NULL;
	const char *name = doc ? dbi_xml_name(doc) : "";
	size_t len = strlen(name), line = node ? dbi_place_line(node) : 0, column = node ? dbi_place_column(node) : 0;
	const char *dots = "";

	/* The end of a long path says more than its start. */
	if (len > 96) {
		name += len - 93;
		while (((unsigned char)*name & 0xC0) == 0x80)
			name++;
		dots = "...";
	}
	if (line && column)
		(void)snprintf(out, 128, "%s%s:%zu:%zu", dots, name, line, column);
	else if (line)
		(void)snprintf(out, 128, "%s%s:%zu", dots, name, line);
	else
		(void)snprintf(out, 128, "%s%s", dots, name);
}

/* ---- building ---- */

/* The name as the dictionary of the document has it; NULL when out of memory. */
static xmlChar *intern(xmlDoc *doc, const char *name)
{
	return (xmlChar *)(uintptr_t)xmlDictLookup(doc->dict, to_xml(name), -1);
}

dbi_xml_node *dbi_node_add(dbi_xml_node *parent, const char *name)
{
	xmlNode *up = to_node(parent), *node;
	xmlChar *interned = intern(up->doc, name);

	node = interned ? xmlNewDocNodeEatName(up->doc, NULL, interned, NULL) : NULL;
	if (!node)
		return NULL;
	node->parent = up;
	node->prev = up->last;
	if (up->last)
		up->last->next = node;
	else
		up->children = node;
	up->last = node;
	return from_node(node);
}

bool dbi_node_set(dbi_xml_node *n, const char *attr, const char *value)
{
	xmlNode *node = to_node(n);
	xmlAttr *a = find_attr(node, attr);
	xmlNode *text;
	xmlChar *interned;

	if (!a) {
		interned = intern(node->doc, attr);
		a = interned ? xmlNewNsPropEatName(node, NULL, interned, to_xml(value)) : NULL;
		if (a && (!a->children || !a->children->content)) {
			/* libxml2 gives an empty attribute when only the value found no room. */
			(void)xmlRemoveProp(a);
			a = NULL;
		}
		return a != NULL;
	}
	text = xmlNewDocText(node->doc, to_xml(value));
	if (!text || !text->content) {
		xmlFreeNode(text);
		return false;
	}
	xmlFreeNodeList(a->children);
	a->children = a->last = text;
	text->parent = (xmlNode *)a;
	return true;
}

/* libxml2 keeps the old text, without a word, when the longer one finds no room. */
static bool append_text(xmlNode *text, const char *s, size_t len)
{
	size_t before = text->content ? strlen(from_xml(text->content)) : 0;

	return xmlTextConcat(text, to_xml(s), (int)len) == 0 && text->content && strlen(from_xml(text->content)) == before + len;
}

/*
 * Short texts live inside the node, where libxml2's parser puts them too
 * (XML_PARSE_COMPACT), and its functions on text know this: no allocation of
 * their own.
 */
static xmlNode *new_text(xmlDoc *doc, const char *s, size_t len)
{
	xmlNode *text = len < 2 * sizeof(void *) ? xmlNewDocText(doc, NULL) : xmlNewDocTextLen(doc, to_xml(s), (int)len);

	if (text && len < 2 * sizeof(void *)) {
		text->content = (xmlChar *)&text->properties;
		memcpy(text->content, s, len);
		text->content[len] = '\0';
	}
	if (text && !text->content) {
		xmlFreeNode(text);
		return NULL;
	}
	return text;
}

bool dbi_node_add_text(dbi_xml_node *parent, const char *s, size_t len)
{
	xmlNode *up = to_node(parent), *text;

	if (len == 0)
		return true;
	if (len > INT_MAX)
		return false;
	if (up->last && up->last->type == XML_TEXT_NODE)
		return append_text(up->last, s, len);
	text = new_text(up->doc, s, len);
	if (!text)
		return false;
	text->parent = up;
	text->prev = up->last;
	if (up->last)
		up->last->next = text;
	else
		up->children = text;
	up->last = text;
	return true;
}

static bool copy_attr(void *node, const xmlAttr *a)
{
	return dbi_node_set(node, from_xml(a->name), attr_value(a));
}

/* Node by node through our own functions: libxml2's copy may lose parts without telling when memory is short. */
static xmlNode *copy_one(xmlNode *parent, const xmlNode *from)
{
	dbi_xml_node *copy;

	if (from->type == XML_TEXT_NODE) {
		const char *s = from->content ? from_xml(from->content) : "";

		return dbi_node_add_text(from_node(parent), s, strlen(s)) ? parent : NULL;
	}
	copy = dbi_node_add(from_node(parent), from_xml(from->name));
	if (!copy)
		return NULL;
	to_node(copy)->_private = from->_private;
	for (const xmlAttr *a = from->properties; a; a = a->next) {
		if (!copy_attr(copy, a)) {
			dbi_node_remove(copy);
			return NULL;
		}
	}
	return to_node(copy);
}

dbi_xml_node *dbi_node_copy_into(dbi_xml_node *parent, const dbi_xml_node *n)
{
	const xmlNode *top = to_node(n), *from = top;
	xmlNode *to = to_node(parent), *first;

	if (top->type != XML_ELEMENT_NODE) {
		first = copy_one(to, top);
		return first ? from_node(to->last) : NULL;
	}
	first = to = copy_one(to, top);
	if (!first)
		return NULL;
	from = top->children;
	while (from && from != top) {
		xmlNode *copy = copy_one(to, from);

		if (!copy) {
			dbi_node_remove(from_node(first));
			return NULL;
		}
		if (from->type == XML_ELEMENT_NODE && from->children) {
			to = copy;
			from = from->children;
			continue;
		}
		while (from != top && !from->next) {
			from = from->parent;
			to = to->parent;
		}
		if (from != top)
			from = from->next;
	}
	return from_node(first);
}

void dbi_node_remove(dbi_xml_node *n)
{
	xmlNode *node = to_node(n);

	if (!node)
		return;
	if (node->type == XML_ATTRIBUTE_NODE) {
		(void)xmlRemoveProp((xmlAttr *)node);
		return;
	}
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}
