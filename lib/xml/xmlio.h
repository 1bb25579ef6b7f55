/* SPDX-License-Identifier: MIT */
/*
 * The libxml2 door for trees: parse, walk, build, write. Nodes are libxml2's
 * own, seen through an opaque type. No network, no DTD, no entities, bounded.
 *
 * Trees of the library's own forms (model, letter) carry no namespace in
 * memory: dbi_xml_parse with `ns` checks that every element is in that
 * namespace and strips it; dbi_xml_write puts it on the root. So expressions
 * need no prefixes. Parsed with ns NULL, a tree keeps its namespaces.
 */
#ifndef DBI_XMLIO_H
#define DBI_XMLIO_H

#include <stddef.h>
#include <stdbool.h>
#include "util/buf.h"

typedef struct dbi_xml_doc dbi_xml_doc;   /* xmlDoc */
typedef struct dbi_xml_node dbi_xml_node; /* xmlNode: element, text or (from XPath) attribute */

/* Once per process, from any thread. */
void dbi_xml_init(void);

/*
 * Reads a file (path is kept as the document's name for messages) or memory.
 * Comments and processing instructions are dropped. Errors: "file:line:column:
 * what", cause XML, status FATAL.
 */
int dbi_xml_parse_file(dbi_xml_doc **doc, const char *path, const char *ns, struct dbrief_error *err);
int dbi_xml_parse_memory(dbi_xml_doc **doc, const char *name, const char *bytes, size_t len, const char *ns,
    struct dbrief_error *err);
/* Validates against a RelaxNG schema given as text (XML syntax). Errors like parsing. */
int dbi_xml_validate(dbi_xml_doc *doc, const char *schema_name, const char *schema, struct dbrief_error *err);
dbi_xml_doc *dbi_xml_new(const char *root);  /* NULL when out of memory */
void dbi_xml_free(dbi_xml_doc *doc);
dbi_xml_node *dbi_xml_root(const dbi_xml_doc *doc);
const char *dbi_xml_name(const dbi_xml_doc *doc); /* file name for messages */

/* ---- walking ---- */
const char *dbi_node_name(const dbi_xml_node *n);          /* local name; "" for text */
const char *dbi_node_ns(const dbi_xml_node *n);            /* namespace URI or "" */
bool dbi_node_is(const dbi_xml_node *n, const char *name); /* an element of that local name */
bool dbi_node_is_element(const dbi_xml_node *n);
bool dbi_node_is_text(const dbi_xml_node *n);
dbi_xml_node *dbi_node_parent(const dbi_xml_node *n);
dbi_xml_node *dbi_node_first(const dbi_xml_node *n);       /* first child of any kind */
dbi_xml_node *dbi_node_next(const dbi_xml_node *n);        /* next sibling of any kind */
dbi_xml_node *dbi_node_child(const dbi_xml_node *n, const char *name);   /* first child element; name NULL: any */
dbi_xml_node *dbi_node_sibling(const dbi_xml_node *n, const char *name); /* next sibling element */
const char *dbi_node_attr(const dbi_xml_node *n, const char *name);      /* borrowed; NULL when absent */
/* Calls `each` for every attribute in document order; stops and returns non-zero results. */
int dbi_node_each_attr(const dbi_xml_node *n, int (*each)(void *ctx, const char *name, const char *value), void *ctx);
const char *dbi_node_text(const dbi_xml_node *n);  /* content of a text node, or of an element with only text; "" when empty, NULL when it has child elements */
int dbi_node_string(const dbi_xml_node *n, struct dbi_buf *out); /* XPath string value */
/* "file:line:column" of an element's start tag into out. Columns are kept for parsed documents. */
void dbi_node_place(const dbi_xml_doc *doc, const dbi_xml_node *n, char out[128]);
/* The same of a name and numbers, 0 where unknown. */
void dbi_place_write(const char *name, size_t line, size_t column, char out[128]);

/* ---- building: NULL or false when out of memory; several times faster in documents made by dbi_xml_new ---- */
dbi_xml_node *dbi_node_add(dbi_xml_node *parent, const char *name);
bool dbi_node_set(dbi_xml_node *n, const char *attr, const char *value);
/* For a value that many nodes have: its memory is shared. */
bool dbi_node_set_constant(dbi_xml_node *n, const char *attr, const char *value);
bool dbi_node_add_text(dbi_xml_node *parent, const char *s, size_t len);
dbi_xml_node *dbi_node_copy_into(dbi_xml_node *parent, const dbi_xml_node *n); /* deep */
void dbi_node_remove(dbi_xml_node *n);

/*
 * Canonical text: UTF-8, XML declaration, attributes in tree order, escaped by
 * ourselves, one element a line with `indent` where no text stands beside
 * elements. `ns` goes on the root. Same tree, same bytes.
 */
int dbi_xml_write(const dbi_xml_doc *doc, const char *ns, bool indent, struct dbi_buf *out, struct dbrief_error *err);

/* "libxml2 2.9.14": the one in use. */
void dbi_xml_library_version(char *out, size_t size);

#endif
