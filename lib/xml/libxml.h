/* SPDX-License-Identifier: MIT */
/* What the files behind the libxml2 door share; nothing outside this folder sees it. */
#ifndef DBI_LIBXML_H
#define DBI_LIBXML_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include "xml/xmlio.h"
#include "xml/xpath.h"

#if LIBXML_VERSION >= 21200
typedef const xmlError *dbi_xml_error;
#else
typedef xmlErrorPtr dbi_xml_error;
#endif

static inline xmlNode *to_node(const dbi_xml_node *n) { return (xmlNode *)(uintptr_t)n; }
static inline dbi_xml_node *from_node(const xmlNode *n) { return (dbi_xml_node *)(uintptr_t)n; }
static inline xmlDoc *to_doc(const dbi_xml_doc *d) { return (xmlDoc *)(uintptr_t)d; }
static inline const xmlChar *to_xml(const char *s) { return (const xmlChar *)s; }
static inline const char *from_xml(const xmlChar *s) { return (const char *)s; }

/*
 * Line and column of a start tag, kept in the node's _private; 0 when unknown.
 * libxml2 itself knows the line of the tag's end and no column at all.
 */
void *dbi_place_pack(size_t line, size_t column);
size_t dbi_place_line(const xmlNode *n);
size_t dbi_place_column(const xmlNode *n);

/*
 * What a document that was built (build.c) knows more than a parsed one: the
 * lengths of its names and texts. These lie in whole blocks of memory, zeros
 * at the end, so that they are copied by blocks.
 */
#define DBI_TEXT_BLOCK 16
static inline size_t dbi_in_blocks(size_t len)
{
	return (len / DBI_TEXT_BLOCK + 1) * DBI_TEXT_BLOCK;
}

struct dbi_built_name {
	struct dbi_built_name *next;
	uint32_t hash, len;
	char text[];
};

static inline bool dbi_is_built(const xmlDoc *doc)
{
	return doc->_private != NULL;
}

static inline size_t dbi_built_name_length(const xmlChar *name)
{
	return ((const struct dbi_built_name *)(const void *)(name - offsetof(struct dbi_built_name, text)))->len;
}

/* Kept in the _private of a text: one more, so that NULL is none. */
static inline void dbi_built_set_length(xmlNode *text, size_t len)
{
	text->_private = (void *)(len + 1);
}

static inline size_t dbi_built_text_length(const xmlNode *text)
{
	return (uintptr_t)text->_private - 1;
}

/* What dbi_node_text gives, with its length. */
static inline struct dbi_xtext dbi_node_lend(const xmlNode *node)
{
	const xmlNode *text = node->type == XML_TEXT_NODE ? node : node->children;

	if (!text || text->type != XML_TEXT_NODE || (text != node && text->next))
		return (struct dbi_xtext){ text ? NULL : "", 0 };
	if (!text->content)
		return (struct dbi_xtext){ "", 0 };
	return (struct dbi_xtext){ from_xml(text->content),
		dbi_is_built(text->doc) ? dbi_built_text_length(text) : strlen(from_xml(text->content)) };
}

/* Changes of a parsed document, whose nodes are libxml2's own; NULL or false when out of memory. */
xmlNode *dbi_amend_add(xmlNode *parent, const char *name);
bool dbi_amend_set(xmlNode *node, const char *attr, const char *value);
bool dbi_amend_text(xmlNode *parent, const char *s, size_t len);
void dbi_amend_remove(xmlNode *node);

/* What a parser error means, in our own words: libxml2's message would quote content. Never NULL. */
const char *dbi_xml_fault(int domain, int code);

#endif
