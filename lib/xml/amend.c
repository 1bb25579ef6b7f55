/* SPDX-License-Identifier: MIT */
/*
 * Changing a document that was parsed: its nodes are libxml2's, so these are
 * made and freed by libxml2. Some of its functions lose a part without a word
 * when memory is short; each result is looked at.
 */
#include "xml/libxml.h"

#include <limits.h>
#include <string.h>

#include <libxml/dict.h>

static xmlChar *intern(xmlDoc *doc, const char *name)
{
	return (xmlChar *)(uintptr_t)xmlDictLookup(doc->dict, to_xml(name), -1);
}

xmlNode *dbi_amend_add(xmlNode *parent, const char *name)
{
	xmlChar *interned = intern(parent->doc, name);
	xmlNode *node = interned ? xmlNewDocNodeEatName(parent->doc, NULL, interned, NULL) : NULL;

	return node ? xmlAddChild(parent, node) : NULL;
}

bool dbi_amend_set(xmlNode *node, const char *attr, const char *value)
{
	xmlAttr *a = xmlHasNsProp(node, to_xml(attr), NULL);
	xmlChar *interned;

	if (a)
		(void)xmlRemoveProp(a);
	interned = intern(node->doc, attr);
	a = interned ? xmlNewNsPropEatName(node, NULL, interned, to_xml(value)) : NULL;
	if (a && (!a->children || !a->children->content)) {
		(void)xmlRemoveProp(a);
		a = NULL;
	}
	return a != NULL;
}

bool dbi_amend_text(xmlNode *parent, const char *s, size_t len)
{
	xmlNode *last = parent->last, *text;
	size_t before;

	if (len > INT_MAX)
		return false;
	if (last && last->type == XML_TEXT_NODE) {
		before = last->content ? strlen(from_xml(last->content)) : 0;
		return xmlTextConcat(last, to_xml(s), (int)len) == 0 && last->content &&
		    strlen(from_xml(last->content)) == before + len;
	}
	text = xmlNewDocTextLen(parent->doc, to_xml(s), (int)len);
	if (!text || !text->content) {
		xmlFreeNode(text);
		return false;
	}
	return xmlAddChild(parent, text) != NULL;
}

void dbi_amend_remove(xmlNode *node)
{
	if (node->type == XML_ATTRIBUTE_NODE) {
		(void)xmlRemoveProp((xmlAttr *)node);
		return;
	}
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}
