/* SPDX-License-Identifier: MIT */
/* RelaxNG validation with messages of our own. */
#include "xml/libxml.h"

#include <stdio.h>
#include <string.h>

#include <libxml/relaxng.h>

#include "xml/diagnose.h"

/*
 * libxml2 reports one mistake several times, from the innermost element out
 * and for every alternative it tried. Where our own diagnosis finds nothing,
 * the most telling of these reports is used.
 */
struct finding {
	int rank;
	const xmlNode *node;
	char text[256];
	bool memory;
};

static int rank_of(int code)
{
	switch (code) {
	case XML_RELAXNG_ERR_INVALIDATTR:
	case XML_RELAXNG_ERR_ELEMWRONG:
	case XML_RELAXNG_ERR_TEXTWRONG:
		return 5;
	case XML_RELAXNG_ERR_DATATYPE:
	case XML_RELAXNG_ERR_VALUE:
	case XML_RELAXNG_ERR_TYPEVAL:
		return 4;
	case XML_RELAXNG_ERR_NOELEM:
	case XML_RELAXNG_ERR_ELEMNAME:
	case XML_RELAXNG_ERR_EXTRACONTENT:
		return 3;
	case XML_RELAXNG_ERR_ATTRVALID:
	case XML_RELAXNG_ERR_CONTENTVALID:
		return 2;
	default:
		return 1;
	}
}

/* Only names are quoted: str1 and str2 of other codes can hold content. */
static void describe(char out[256], dbi_xml_error e, const char *element)
{
	const char *first = e->str1 ? e->str1 : "?";

	switch (e->code) {
	case XML_RELAXNG_ERR_INVALIDATTR:
		(void)snprintf(out, 256, "attribute '%.60s' of element '%.60s' has a wrong value; see datenbrief(5)", first, element);
		break;
	case XML_RELAXNG_ERR_ELEMWRONG:
		(void)snprintf(out, 256, "element '%.60s' is not allowed here, or its content is wrong; see datenbrief(5)", first);
		break;
	case XML_RELAXNG_ERR_TEXTWRONG:
		(void)snprintf(out, 256, "text is not allowed in element '%.60s'; remove it", first);
		break;
	case XML_RELAXNG_ERR_NOELEM:
		(void)snprintf(out, 256, "element '%.60s' is missing in element '%.60s'; add it", first, element);
		break;
	case XML_RELAXNG_ERR_ATTRVALID:
		(void)snprintf(out, 256, "an attribute of element '%.60s' is missing, unknown or wrong; see datenbrief(5)", element);
		break;
	case XML_RELAXNG_ERR_DATATYPE:
	case XML_RELAXNG_ERR_VALUE:
	case XML_RELAXNG_ERR_TYPEVAL:
		(void)snprintf(out, 256, "a value in element '%.60s' is not of the kind wanted here; see datenbrief(5)", element);
		break;
	default:
		(void)snprintf(out, 256, "the content of element '%.60s' is incomplete or wrong; see datenbrief(5)", element);
	}
}

static void on_invalid(void *ctx, dbi_xml_error e)
{
	struct finding *f = ctx;
	const xmlNode *node = e->node;
	int rank = rank_of(e->code);

	if (e->code == XML_RELAXNG_ERR_MEMORY || e->code == XML_ERR_NO_MEMORY)
		f->memory = true;
	if (e->level < XML_ERR_ERROR || rank <= f->rank)
		return;
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->parent;
	f->rank = rank;
	f->node = node;
	describe(f->text, e, node ? from_xml(node->name) : "?");
}

static void on_schema_error(void *ctx, dbi_xml_error e)
{
	bool *memory = ctx;

	if (e->code == XML_ERR_NO_MEMORY)
		*memory = true;
}

/* The schema, kept as a tree too: the diagnosis reads it. */
static int load_schema(dbi_xml_doc **tree, xmlRelaxNG **schema, const char *name, const char *text, struct dbrief_error *err)
{
	xmlRelaxNGParserCtxt *parser = NULL;
	bool memory = false;
	int status;

	*schema = NULL;
	status = dbi_xml_parse_memory(tree, name, text, strlen(text), NULL, err);
	if (status != DBRIEF_OK)
		return status;
	parser = xmlRelaxNGNewDocParserCtxt(to_doc(*tree));
	if (!parser)
		return dbi_error_memory(err);
	xmlRelaxNGSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)on_schema_error, &memory);
	*schema = xmlRelaxNGParse(parser);
	xmlRelaxNGFreeParserCtxt(parser);
	if (*schema)
		return DBRIEF_OK;
	if (memory)
		return dbi_error_memory(err);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_XML, name, "is no valid RelaxNG schema; report this as a bug");
}

static xmlNode *next_element(xmlNode *node)
{
	do {
		if (node->children && node->type == XML_ELEMENT_NODE) {
			node = node->children;
		} else {
			while (node && !node->next)
				node = node->parent && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
			node = node ? node->next : NULL;
		}
	} while (node && node->type != XML_ELEMENT_NODE);
	return node;
}

/*
 * Our trees carry no namespace, the schemas do: for the time of the check the
 * elements are put into the schema's namespace. NULL when there is nothing to
 * do; *failed when out of memory.
 */
static xmlNs *put_namespace(xmlNode *root, const char *uri, bool *failed)
{
	xmlNs *ns;

	if (!uri || !*uri || !root || root->ns || root->nsDef)
		return NULL;
	ns = xmlNewNs(root, to_xml(uri), NULL);
	*failed = ns == NULL;
	for (xmlNode *n = root; n && ns; n = next_element(n))
		n->ns = ns;
	return ns;
}

static void take_namespace(xmlNode *root, xmlNs *ns)
{
	if (!ns)
		return;
	for (xmlNode *n = root; n; n = next_element(n))
		n->ns = NULL;
	root->nsDef = NULL;
	xmlFreeNs(ns);
}

static int report(dbi_xml_doc *doc, const dbi_xml_doc *schema, const struct finding *f, struct dbrief_error *err)
{
	const dbi_xml_node *culprit;
	const char *message;
	char text[256], where[128];

	culprit = dbi_xml_diagnose(doc, schema, text);
	message = culprit ? text : f->rank ? f->text : "does not follow its schema; see datenbrief(5)";
	dbi_node_place(doc, culprit ? culprit : f->node ? from_node(f->node) : dbi_xml_root(doc), where);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_XML, where, "%s", message);
}

int dbi_xml_validate(dbi_xml_doc *doc, const char *schema_name, const char *schema, struct dbrief_error *err)
{
	struct finding found = { 0, NULL, "", false };
	dbi_xml_doc *tree = NULL;
	xmlRelaxNG *rng = NULL;
	xmlRelaxNGValidCtxt *valid = NULL;
	xmlNode *root = xmlDocGetRootElement(to_doc(doc));
	xmlNs *ns = NULL;
	bool failed = false;
	int status, result;

	status = load_schema(&tree, &rng, schema_name, schema, err);
	if (status != DBRIEF_OK)
		goto done;
	ns = put_namespace(root, dbi_node_attr(dbi_xml_root(tree), "ns"), &failed);
	valid = failed ? NULL : xmlRelaxNGNewValidCtxt(rng);
	if (!valid) {
		status = dbi_error_memory(err);
		goto done;
	}
	xmlRelaxNGSetValidStructuredErrors(valid, (xmlStructuredErrorFunc)on_invalid, &found);
	xmlResetLastError();
	result = xmlRelaxNGValidateDoc(valid, to_doc(doc));
	if (found.memory || result < 0)
		status = dbi_error_memory(err);
	else if (result > 0 || found.rank || (xmlGetLastError() && xmlGetLastError()->level >= XML_ERR_ERROR))
		status = report(doc, tree, &found, err);
done:
	if (ns)
		take_namespace(root, ns);
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(rng);
	dbi_xml_free(tree);
	xmlResetLastError();
	return status;
}
