/* SPDX-License-Identifier: MIT */
#include "xml/xpath_object.h"

#include <string.h>

#include <libxml/xpathInternals.h>

#include "xml/libxml.h"
#include "util/mem.h"

static bool copy_nodes(struct dbi_xvalue *out, const xmlNodeSet *set)
{
	size_t n = set && set->nodeNr > 0 ? (size_t)set->nodeNr : 0;

	out->kind = DBI_X_NODES;
	if (n == 0)
		return true;
	out->nodes = dbi_realloc(NULL, n, sizeof *out->nodes);
	if (!out->nodes)
		return false;
	/* Namespace nodes are no part of any tree and would die with the set. */
	for (size_t i = 0; i < n; i++)
		if (set->nodeTab[i]->type != XML_NAMESPACE_DECL)
			out->nodes[out->n++] = from_node(set->nodeTab[i]);
	return true;
}

bool dbi_xpath_from_object(struct dbi_xvalue *out, const xmlXPathObject *o, bool borrow)
{
	memset(out, 0, sizeof *out);
	switch (o->type) {
	case XPATH_NODESET:
		return copy_nodes(out, o->nodesetval);
	case XPATH_BOOLEAN:
		out->kind = DBI_X_BOOLEAN;
		out->boolean = o->boolval != 0;
		return true;
	case XPATH_NUMBER:
		out->kind = DBI_X_NUMBER;
		out->number = o->floatval;
		return true;
	case XPATH_STRING:
		out->kind = DBI_X_STRING;
		if (!o->stringval)
			return false;
		out->string = borrow ? (char *)o->stringval : dbi_strdup(from_xml(o->stringval));
		return out->string != NULL;
	default:
		return false;
	}
}

xmlXPathObject *dbi_xpath_to_object(const struct dbi_xvalue *v)
{
	xmlXPathObject *o;

	switch (v->kind) {
	case DBI_X_STRING:
		o = xmlXPathNewCString(v->string ? v->string : "");
		if (o && !o->stringval) {
			xmlXPathFreeObject(o);
			o = NULL;
		}
		return o;
	case DBI_X_BOOLEAN:
		return xmlXPathNewBoolean(v->boolean);
	case DBI_X_NUMBER:
		return xmlXPathNewFloat(v->number);
	case DBI_X_NODES:
	default:
		o = xmlXPathNewNodeSet(NULL);
		for (size_t i = 0; o && i < v->n; i++) {
			if (!o->nodesetval || xmlXPathNodeSetAddUnique(o->nodesetval, to_node(v->nodes[i])) < 0) {
				xmlXPathFreeObject(o);
				o = NULL;
			}
		}
		return o;
	}
}
