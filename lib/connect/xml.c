/* SPDX-License-Identifier: MIT */
/*
 * XML, streamed by libxml2's reader: no network, no DTD, no entities. Only one
 * record at a time, or what its fields climb to, is a tree. Elements and
 * attributes are known by their local names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/xmlreader.h>
#include "connect/builtin.h"
#include "connect/fault.h"
#include "connect/file_path.h"
#include "connect/file_read.h"
#include "connect/staged.h"

#define MAX_NAME 512
#define MAX_NESTING 200
#define INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

struct xml {
	struct dbi_file_reader file;
	struct dbi_file_table *table;
	struct dbi_file_path path;
	struct dbrief_error *err;
	xmlTextReaderPtr reader;
	size_t matched;      /* open elements that are the first steps of the path */
	size_t taken;        /* bytes since the record began */
	size_t column;
	bool found, large;
};

static int fail(struct xml *x, const char *text)
{
	int line = x->reader ? xmlTextReaderGetParserLineNumber(x->reader) : 0;

	return x->file.status != DBRIEF_OK ? x->file.status :
	    dbi_file_error(x->table, line > 0 ? (uint64_t)line : 0, x->err, "%s", text);
}

/* ---- libxml2's callbacks ---- */

static int read_bytes(void *user, char *to, int n)
{
	struct xml *x = user;
	long got = dbi_file_fill(&x->file, to, n > 0 ? (size_t)n : 0);

	x->taken += got > 0 ? (size_t)got : 0;
	x->large = x->large || x->taken > DBI_FILE_MAX_VALUE;
	return x->large ? -1 : (int)got;
}

static void on_error(void *user, xmlErrorPtr error)
{
	struct xml *x = user;

	/* Its text quotes the file: only the place is kept. */
	if (error->level < XML_ERR_ERROR || (x->err && x->err->status != DBRIEF_OK))
		return;
	if (error->code == XML_ERR_NO_MEMORY)
		(void)dbi_connect_memory(x->err);
	else if (x->large)
		(void)dbi_file_error(x->table, 0, x->err, "a record is larger than %u MB; correct <path> or the export",
		    DBI_FILE_MAX_VALUE >> 20);
	else
		(void)dbi_file_error(x->table, error->line > 0 ? (uint64_t)error->line : 0, x->err,
		    "this is no well-formed XML (error %d), or the file was cut off; export it again", error->code);
}

/* ---- leaves of a record ---- */

static bool is_leaf(const xmlNode *element)
{
	for (const xmlNode *n = element->children; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			return false;
	return true;
}

static bool is_instance(const xmlAttr *a)
{
	return a->ns && a->ns->href && strcmp((const char *)a->ns->href, INSTANCE) == 0;
}

static bool is_nil(const xmlNode *element)
{
	for (const xmlAttr *a = element->properties; a; a = a->next)
		if (is_instance(a) && strcmp((const char *)a->name, "nil") == 0 && a->children && a->children->content)
			return strcmp((const char *)a->children->content, "true") == 0 ||
			    strcmp((const char *)a->children->content, "1") == 0;
	return false;
}

static int set_content(struct xml *x, size_t column, const xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent(node);
	int status;

	if (!text)
		return dbi_connect_memory(x->err);
	status = dbi_file_set(x->table, column, DBI_CELL_TEXT, (const char *)text, strlen((const char *)text), NULL, x->err);
	xmlFree(text);
	return status;
}

static int set_leaf(struct xml *x, const char *name, const xmlNode *node)
{
	int status = dbi_file_column(x->table, name, &x->column, x->err);

	if (status == DBRIEF_OK && !(node->type == XML_ELEMENT_NODE && is_nil(node)))
		status = set_content(x, x->column, node);
	x->column++;
	return status;
}

/* Adds a step to `name`; false when there is no room. */
static bool add_step(char *name, size_t len, const char *mark, const xmlChar *step)
{
	int n = snprintf(name + len, MAX_NAME - len, "%s%s%s", len ? "/" : "", mark, (const char *)step);

	return n > 0 && (size_t)n < MAX_NAME - len;
}

static int set_attributes(struct xml *x, const xmlNode *element, char *name, size_t len)
{
	int status = DBRIEF_OK;

	for (const xmlAttr *a = element->properties; status == DBRIEF_OK && a; a = a->next) {
		if (is_instance(a))
			continue;
		if (!add_step(name, len, "@", a->name))
			return fail(x, "the names of nested elements are too long; flatten the export");
		status = set_leaf(x, name, (const xmlNode *)a);
	}
	name[len] = '\0';
	return status;
}

static bool is_blank_text(const xmlNode *n)
{
	return n->content && n->content[strspn((const char *)n->content, " \t\r\n")] == '\0';
}

static bool is_empty(const xmlNode *element)
{
	for (const xmlNode *n = element->children; n; n = n->next)
		if (n->type != XML_COMMENT_NODE && !is_blank_text(n))
			return false;
	return true;
}

static int set_element(struct xml *x, const xmlNode *element, char *name, size_t len, unsigned depth);

/* Text between elements is a value as well: none may be lost. */
static int set_child(struct xml *x, const xmlNode *n, char *name, size_t len, unsigned depth)
{
	if (n->type == XML_ELEMENT_NODE) {
		if (!add_step(name, len, "", n->name))
			return fail(x, "the names of nested elements are too long; flatten the export");
		return dbi_file_is_others(x->table, &x->path, name) ? DBRIEF_OK : set_element(x, n, name, strlen(name), depth + 1);
	}
	if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && !is_blank_text(n))
		return set_leaf(x, len ? name : ".", n);
	if (n->type == XML_ENTITY_REF_NODE)
		return fail(x, "an entity is used that nothing explains; write the character itself");
	return DBRIEF_OK;
}

static int set_element(struct xml *x, const xmlNode *element, char *name, size_t len, unsigned depth)
{
	int status;

	if (depth > MAX_NESTING)
		return fail(x, "elements are nested too deeply; correct <path>");
	status = set_attributes(x, element, name, len);
	if (status != DBRIEF_OK)
		return status;
	if (len && is_leaf(element))
		return is_empty(element) && dbi_file_leads_to_others(x->table, &x->path, name) ? DBRIEF_OK :
		    set_leaf(x, name, element);
	for (const xmlNode *n = element->children; status == DBRIEF_OK && n; n = n->next) {
		status = set_child(x, n, name, len, depth);
		name[len] = '\0';
	}
	return status;
}

/* ---- fields that climb ---- */

static bool is_named(const xmlNode *n, const char *name, size_t len)
{
	if (n->type != XML_ELEMENT_NODE)
		return false;
	return (len == 1 && *name == '*') || (strncmp((const char *)n->name, name, len) == 0 && !n->name[len]);
}

/* All that stands at the path below n: a value that is there twice is two lines, as within a record. */
static int set_found(struct xml *x, size_t column, const xmlNode *n, const char *path)
{
	size_t len = strcspn(path, "/");
	int status = DBRIEF_OK;

	for (const xmlAttr *a = *path == '@' ? n->properties : NULL; status == DBRIEF_OK && a; a = a->next)
		if (strcmp((const char *)a->name, path + 1) == 0)
			status = set_content(x, column, (const xmlNode *)a);
	if (*path == '@')
		return status;
	for (n = n->children; status == DBRIEF_OK && n; n = n->next) {
		if (!is_named(n, path, len))
			continue;
		if (path[len])
			status = set_found(x, column, n, path + len + 1);
		else if (!is_leaf(n))
			status = fail(x, "a field climbs to something that is no value; correct its path");
		else if (!is_nil(n))
			status = set_content(x, column, n);
	}
	return status;
}

static int set_climbing(struct xml *x, const xmlNode *record)
{
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && i < x->table->n; i++) {
		size_t ups;
		const char *rest = dbi_file_climb(x->table->columns[i].path, &ups);
		const xmlNode *n = ups ? record : NULL;

		for (; n && ups; ups--)
			n = n->parent;
		if (n && n->type == XML_ELEMENT_NODE)
			status = set_found(x, i, n, rest);
	}
	return status;
}

/* ---- records ---- */

static int emit(struct xml *x, const xmlNode *record)
{
	char name[MAX_NAME] = "";
	int line = (int)xmlGetLineNo((xmlNode *)(uintptr_t)record), status;

	dbi_file_row_begin(x->table);
	x->column = 0;
	status = set_element(x, record, name, 0, 0);
	if (status == DBRIEF_OK)
		status = set_climbing(x, record);
	return status == DBRIEF_OK ? dbi_file_row_end(x->table, line > 0 ? (uint64_t)line : 0, x->err) : status;
}

static int descend(struct xml *x, const xmlNode *n, size_t step)
{
	int status = DBRIEF_OK;

	if (step == x->path.n)
		return emit(x, n);
	for (n = n->children; status == DBRIEF_OK && n; n = n->next)
		if (is_named(n, x->path.steps[step], strlen(x->path.steps[step])))
			status = descend(x, n, step + 1);
	return status;
}

/* ---- the stream ---- */

/* An element begins. *skip: its content was read. */
static int begin_element(struct xml *x, bool *skip)
{
	size_t depth = (size_t)xmlTextReaderDepth(x->reader);
	const char *name = (const char *)xmlTextReaderConstLocalName(x->reader);
	const xmlNode *unit;

	*skip = false;
	if (depth < x->matched)
		x->matched = depth;
	if (depth != x->matched || depth >= x->path.unit || !name)
		return DBRIEF_OK;
	if (strcmp(x->path.steps[depth], "*") != 0 && strcmp(name, x->path.steps[depth]) != 0)
		return DBRIEF_OK;
	x->matched = depth + 1;
	/* Where records would stand something stands, be it without any. */
	if (x->matched + 1 >= x->path.unit)
		x->found = true;
	if (x->matched != x->path.unit)
		return DBRIEF_OK;
	x->taken = 0;
	unit = xmlTextReaderExpand(x->reader);
	*skip = true;
	if (!unit)
		return x->err && x->err->status != DBRIEF_OK ? x->err->status : fail(x, "a record cannot be read; export the file again");
	return descend(x, unit, x->path.unit);
}

static int read_node(struct xml *x, bool *skip)
{
	*skip = false;
	switch (xmlTextReaderNodeType(x->reader)) {
	case XML_READER_TYPE_DOCUMENT_TYPE:
		return fail(x, "the file has a DOCTYPE, which is not read; export it without");
	case XML_READER_TYPE_ELEMENT:
		x->taken = 0;
		return begin_element(x, skip);
	default:
		return DBRIEF_OK;
	}
}

/* Only what the charset gate knows: libxml2 would take whatever iconv has. */
static int check_encoding(struct xml *x)
{
	const char *name = (const char *)xmlTextReaderConstEncoding(x->reader);
	dbrief_decoder *decoder = NULL;
	int status;

	if (!name || strcmp(name, "UTF-16") == 0)
		return DBRIEF_OK;
	status = dbrief_decoder_new(&decoder, name, NULL);
	dbrief_decoder_free(decoder);
	return status == DBRIEF_OK ? DBRIEF_OK : fail(x, "the charset that the file names is not supported; export it in UTF-8");
}

static int read_nodes(struct xml *x)
{
	bool skip = false;
	int rc = xmlTextReaderRead(x->reader), status = rc == 1 ? check_encoding(x) : DBRIEF_OK;

	while (status == DBRIEF_OK && rc == 1) {
		status = read_node(x, &skip);
		if (status == DBRIEF_OK)
			rc = skip ? xmlTextReaderNext(x->reader) : xmlTextReaderRead(x->reader);
	}
	if (x->file.status != DBRIEF_OK)
		return x->file.status;
	if (x->err->status != DBRIEF_OK)
		return x->err->status;
	if (status == DBRIEF_OK && rc != 0)
		return fail(x, "this is no well-formed XML, or the file was cut off; export it again");
	if (status == DBRIEF_OK && !x->found)
		return dbi_file_error(x->table, 0, x->err, "nothing stands at the path '%.60s'; correct <path> or the export",
		    x->table->path);
	return status;
}

static int open_reader(struct xml *x)
{
	const int options = XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;

	if (!x->path.unit)
		return dbi_file_error(x->table, 0, x->err, "a field climbs above the root element; correct its path");
	if (dbi_file_open(&x->file, x->table, x->err) != DBRIEF_OK)
		return x->file.status;
	x->reader = xmlReaderForIO(read_bytes, NULL, x, NULL, x->table->charset, options);
	if (!x->reader)
		return dbi_connect_memory(x->err);
	xmlTextReaderSetStructuredErrorHandler(x->reader, on_error, x);
	return DBRIEF_OK;
}

static int read_file(struct dbi_file_table *t, struct dbrief_error *err)
{
	struct dbrief_error own = DBRIEF_ERROR_INIT;
	struct xml *x = calloc(1, sizeof(*x));
	int status;

	if (!x)
		return dbi_connect_memory(err);
	x->table = t;
	x->err = err ? err : &own;
	if (!t->path)
		t->path = "/*/*"; /* what stands below the root element */
	x->file.fd = -1;
	status = dbi_file_declared(t, x->err);
	if (status == DBRIEF_OK)
		status = dbi_file_path_read(&x->path, t, x->err);
	if (status == DBRIEF_OK)
		status = open_reader(x);
	if (status == DBRIEF_OK)
		status = read_nodes(x);
	if (x->file.status == DBRIEF_OK)
		x->file.status = status;
	xmlFreeTextReader(x->reader);
	status = dbi_file_close(&x->file);
	dbi_file_path_dispose(&x->path);
	free(x);
	return status;
}

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	return dbi_staged_create(connector, source, "xml", read_file, err);
}

static const char *version(void)
{
	static const char text[] = "XML (libxml2 " LIBXML_DOTTED_VERSION ")";

	return text;
}

const struct dbrief_connector_type dbi_connector_xml = {
	.size = sizeof(struct dbrief_connector_type), .type = "xml", .create = create, .destroy = dbi_staged_destroy,
	.version = version,
};
