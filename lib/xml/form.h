/* SPDX-License-Identifier: MIT */
/*
 * Strict reading of the library's own XML forms: every element and attribute
 * is known by name, and what is not is reported with its place and the nearest
 * name that exists. Used before a schema, whose messages are poorer.
 */
#ifndef DBI_XML_FORM_H
#define DBI_XML_FORM_H

#include "util/arena.h"
#include "xml/xmlio.h"

/* What one reading needs; errors are FATAL, cause CONFIG, `where` is file:line:column. */
struct dbi_form {
	const dbi_xml_doc *doc;
	const char *ns;          /* namespace every element must be in; NULL: the tree carries none */
	struct dbi_arena *arena; /* of the texts read */
	struct dbrief_error *err;
};

int dbi_form_error(const struct dbi_form *f, const dbi_xml_node *n, const char *fmt, ...) DBI_PRINTF(3, 4);
int dbi_form_memory(const struct dbi_form *f);
/* "file:line:column" in the arena; NULL when out of memory. */
const char *dbi_form_place(const struct dbi_form *f, const dbi_xml_node *n);
/*
 * Compares the attributes with `allowed`, names separated by blanks; a name
 * ending in '!' must be there, and every one that is there must not be blank
 * unless its name ends in '?'.
 */
int dbi_form_attrs(const struct dbi_form *f, const dbi_xml_node *n, const char *allowed);
/*
 * Compares the child elements with `allowed`, each name followed by how often
 * it may stand: nothing once or never, '!' once, '*' any number, '+' once or
 * more. Text between the elements is an error. "" allows none.
 */
int dbi_form_children(const struct dbi_form *f, const dbi_xml_node *n, const char *allowed);
/*
 * The text of an element without children, NFC, in the arena. Collapsed: runs
 * of white space become one blank. Blank text: an error when `required`, else NULL.
 */
int dbi_form_text(const struct dbi_form *f, const dbi_xml_node *n, bool collapsed, bool required,
    const char **out);
/* The text of the one child of that name; an absent child gives NULL. */
int dbi_form_child_text(const struct dbi_form *f, const dbi_xml_node *n, const char *child, bool required,
    const char **out);
/* The attribute's value, NFC, in the arena, blanks at the ends cut; absent gives NULL. */
int dbi_form_attr(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, const char **out);
/* Index of the attribute's value in the blank separated `words`; absent: `missing`. */
int dbi_form_word(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, const char *words,
    int missing, int *out);
/* Appends s with runs of white space as one blank and none at the ends. */
void dbi_form_collapse(struct dbi_buf *out, const char *s);
/* s in the arena as NFC; NULL when out of memory. */
const char *dbi_form_copy(const struct dbi_form *f, const char *s, size_t len);

#endif
