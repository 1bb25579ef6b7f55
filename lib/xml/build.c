/* SPDX-License-Identifier: MIT */
/*
 * Building trees. A tree made here lives in one arena: its nodes are libxml2's
 * structs, linked as libxml2 links them, so that XPath and validation work on
 * them, but they are not allocated by libxml2 and never given back one by one.
 * That is several times faster, and every failed allocation is seen.
 *
 * A document that was parsed belongs to libxml2 and is changed by amend.c.
 */
#include "xml/libxml.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include <libxml/parserInternals.h>

#include "util/arena.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

#define NAME_SLOTS 128

struct built {
	xmlDoc doc; /* its _private points back here */
	struct dbi_arena arena;
	struct dbi_built_name *names[NAME_SLOTS]; /* each name is stored once */
	xmlNode *constants[NAME_SLOTS]; /* texts that many attributes share; a slot holds the last one of its hash */
};

/* What a text node that was added to keeps in psvi, a member libxml2 leaves to its users. */
struct growth {
	size_t cap;
};

static struct built *built_of(const xmlNode *node)
{
	return node->doc->_private;
}

static const xmlChar *intern(struct built *b, const char *name)
{
	size_t len = strlen(name);
	uint32_t hash = dbi_fnv1a(DBI_FNV_START, name, len);
	struct dbi_built_name **slot = &b->names[hash % NAME_SLOTS], *n;

	for (n = *slot; n; n = n->next)
		if (n->hash == hash && strcmp(n->text, name) == 0)
			return to_xml(n->text);
	if (len > UINT32_MAX - DBI_TEXT_BLOCK)
		return NULL;
	n = dbi_arena_calloc(&b->arena, 1, sizeof *n + dbi_in_blocks(len));
	if (!n)
		return NULL;
	n->next = *slot;
	n->hash = hash;
	n->len = (uint32_t)len;
	memcpy(n->text, name, len + 1);
	*slot = n;
	return to_xml(n->text);
}

/* A zeroed node with room for `extra` bytes behind it. */
static xmlNode *new_node(struct built *b, xmlElementType type, size_t extra)
{
	xmlNode *node = dbi_arena_calloc(&b->arena, 1, sizeof *node + extra);

	if (!node)
		return NULL;
	node->type = type;
	node->doc = &b->doc;
	return node;
}

static xmlNode *new_element(struct built *b, const char *name)
{
	const xmlChar *interned = intern(b, name);
	xmlNode *node = interned ? new_node(b, XML_ELEMENT_NODE, 0) : NULL;

	if (node)
		node->name = interned;
	return node;
}

static xmlNode *new_text(struct built *b, const char *s, size_t len)
{
	xmlNode *node = new_node(b, XML_TEXT_NODE, dbi_in_blocks(len));
	char *content;

	if (!node)
		return NULL;
	content = (char *)(node + 1);
	memcpy(content, s, len);
	dbi_built_set_length(node, len);
	node->name = xmlStringText;
	node->content = (xmlChar *)content;
	return node;
}

/*
 * The text of an attribute: neither XPath nor we look at the members of a text behind its content, so there are none. The
 * trees of large customers consist of these.
 */
static xmlNode *new_value(struct built *b, const char *s, size_t len)
{
	const size_t head = offsetof(xmlNode, content) + sizeof(xmlChar *);
	char *memory = dbi_arena_calloc(&b->arena, 1, head + dbi_in_blocks(len));
	xmlNode *node = (void *)memory;

	if (!node)
		return NULL;
	memcpy(memory + head, s, len);
	dbi_built_set_length(node, len);
	node->type = XML_TEXT_NODE;
	node->doc = &b->doc;
	node->name = xmlStringText;
	node->content = (xmlChar *)memory + head;
	return node;
}

static void link_last(xmlNode *parent, xmlNode *node)
{
	node->parent = parent;
	node->prev = parent->last;
	if (parent->last)
		parent->last->next = node;
	else
		parent->children = node;
	parent->last = node;
}

/* ---- documents ---- */

dbi_xml_doc *dbi_xml_new(const char *root)
{
	struct built *b = dbi_calloc(1, sizeof *b);
	xmlNode *node;

	dbi_xml_init();
	if (!b)
		return NULL;
	b->arena.max = DBI_MAX_TREE_BYTES;
	b->doc.type = XML_DOCUMENT_NODE;
	b->doc.doc = &b->doc;
	b->doc.standalone = -1;
	b->doc.charset = XML_CHAR_ENCODING_UTF8;
	b->doc._private = b;
	node = new_element(b, root);
	if (!node) {
		dbi_xml_free((dbi_xml_doc *)&b->doc);
		return NULL;
	}
	link_last((xmlNode *)&b->doc, node);
	return (dbi_xml_doc *)&b->doc;
}

void dbi_xml_free(dbi_xml_doc *doc)
{
	struct built *b;

	if (!doc)
		return;
	b = to_doc(doc)->_private;
	if (!b) {
		xmlFreeDoc(to_doc(doc));
		return;
	}
	dbi_arena_dispose(&b->arena);
	dbi_free(b);
}

/* ---- nodes ---- */

dbi_xml_node *dbi_node_add(dbi_xml_node *parent, const char *name)
{
	xmlNode *up = to_node(parent), *node;
	struct built *b = built_of(up);

	if (!b)
		return from_node(dbi_amend_add(up, name));
	node = new_element(b, name);
	if (node)
		link_last(up, node);
	return from_node(node);
}

static xmlAttr *new_attr(struct built *b, xmlNode *owner, const xmlChar *name, xmlNode *text)
{
	xmlAttr *a = dbi_arena_calloc(&b->arena, 1, sizeof *a);

	if (!a)
		return NULL;
	a->type = XML_ATTRIBUTE_NODE;
	a->name = name;
	a->parent = owner;
	a->doc = &b->doc;
	a->children = a->last = text;
	text->parent = (xmlNode *)a;
	return a;
}

static bool set_attr(struct built *b, xmlNode *node, const char *attr, xmlNode *text)
{
	const xmlChar *name = intern(b, attr);
	xmlAttr *last = NULL, *a;

	if (!name || !text)
		return false;
	for (a = node->properties; a; last = a, a = a->next) {
		if (a->name == name) {
			a->children = a->last = text;
			text->parent = (xmlNode *)a;
			return true;
		}
	}
	a = new_attr(b, node, name, text);
	if (!a)
		return false;
	a->prev = last;
	if (last)
		last->next = a;
	else
		node->properties = a;
	return true;
}

bool dbi_node_set(dbi_xml_node *n, const char *attr, const char *value)
{
	xmlNode *node = to_node(n);
	struct built *b = built_of(node);

	if (!b)
		return dbi_amend_set(node, attr, value);
	return set_attr(b, node, attr, new_value(b, value, strlen(value)));
}

bool dbi_node_set_constant(dbi_xml_node *n, const char *attr, const char *value)
{
	xmlNode *node = to_node(n), **slot;
	struct built *b = built_of(node);
	size_t len = strlen(value);

	if (!b)
		return dbi_amend_set(node, attr, value);
	slot = &b->constants[dbi_fnv1a(DBI_FNV_START, value, len) % NAME_SLOTS];
	if (!*slot || strcmp(from_xml((*slot)->content), value) != 0)
		*slot = new_value(b, value, len);
	return set_attr(b, node, attr, *slot);
}

/* Room grows by doubling, so that a text made of many pieces costs no more than its length. */
static bool append_text(struct built *b, xmlNode *text, const char *s, size_t len)
{
	struct growth *g = text->psvi;
	size_t before = dbi_built_text_length(text), need = before + len + 1;
	char *grown;

	if (!g) {
		g = dbi_arena_calloc(&b->arena, 1, sizeof *g);
		if (!g)
			return false;
	}
	if (need > g->cap) {
		grown = dbi_arena_calloc(&b->arena, 1, dbi_in_blocks(need * 2));
		if (!grown)
			return false;
		memcpy(grown, text->content, before);
		text->content = (xmlChar *)grown;
		g->cap = need * 2;
	}
	memcpy(text->content + before, s, len);
	text->psvi = g;
	dbi_built_set_length(text, before + len);
	return true;
}

bool dbi_node_add_text(dbi_xml_node *parent, const char *s, size_t len)
{
	xmlNode *up = to_node(parent), *text;
	struct built *b = built_of(up);

	if (len == 0)
		return true;
	if (!b)
		return dbi_amend_text(up, s, len);
	if (len > INT_MAX)
		return false;
	if (up->last && up->last->type == XML_TEXT_NODE)
		return append_text(b, up->last, s, len);
	text = new_text(b, s, len);
	if (text)
		link_last(up, text);
	return text != NULL;
}

static int copy_attr(void *node, const char *name, const char *value)
{
	return dbi_node_set(node, name, value) ? 0 : 1;
}

/* The copy of an element without its children; of a text: the text it became part of. */
static dbi_xml_node *copy_one(dbi_xml_node *parent, const dbi_xml_node *from)
{
	dbi_xml_node *copy;

	if (!dbi_node_is_element(from)) {
		const char *s = dbi_node_text(from);

		return dbi_node_add_text(parent, s, strlen(s)) ? from_node(to_node(parent)->last) : NULL;
	}
	copy = dbi_node_add(parent, dbi_node_name(from));
	if (!copy)
		return NULL;
	to_node(copy)->_private = to_node(from)->_private;
	if (dbi_node_each_attr(from, copy_attr, copy) == 0)
		return copy;
	dbi_node_remove(copy);
	return NULL;
}

dbi_xml_node *dbi_node_copy_into(dbi_xml_node *parent, const dbi_xml_node *n)
{
	const xmlNode *top = to_node(n), *from = top->children;
	dbi_xml_node *first = copy_one(parent, n), *to = first, *copy;

	if (!first || !dbi_node_is_element(n))
		return first;
	while (from && from != top) {
		copy = copy_one(to, from_node(from));
		if (!copy) {
			dbi_node_remove(first);
			return NULL;
		}
		if (from->type == XML_ELEMENT_NODE && from->children) {
			to = copy;
			from = from->children;
			continue;
		}
		while (from != top && !from->next) {
			from = from->parent;
			to = dbi_node_parent(to);
		}
		if (from != top)
			from = from->next;
	}
	return first;
}

/* The memory goes back with the document. */
void dbi_node_remove(dbi_xml_node *n)
{
	xmlNode *node = to_node(n);
	xmlNode *up = node ? node->parent : NULL;

	if (!up)
		return;
	if (!built_of(node)) {
		dbi_amend_remove(node);
		return;
	}
	if (node->prev)
		node->prev->next = node->next;
	else if (node->type == XML_ATTRIBUTE_NODE)
		up->properties = (xmlAttr *)node->next;
	else
		up->children = node->next;
	if (node->next)
		node->next->prev = node->prev;
	else if (node->type != XML_ATTRIBUTE_NODE)
		up->last = node->prev;
	node->parent = node->prev = node->next = NULL;
}
