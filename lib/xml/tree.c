/* SPDX-License-Identifier: MIT */
/* Walking trees. */
#include "xml/libxml.h"

#include <stdio.h>
#include <string.h>

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

void dbi_place_write(const char *name, size_t line, size_t column, char out[128])
{
	size_t len = strlen(name);
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

void dbi_node_place(const dbi_xml_doc *doc, const dbi_xml_node *n, char out[128])
{
	const xmlNode *node = n ? element_of(n) : NULL;

	dbi_place_write(doc ? dbi_xml_name(doc) : "", node ? dbi_place_line(node) : 0, node ? dbi_place_column(node) : 0, out);
}
