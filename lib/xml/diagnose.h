/* SPDX-License-Identifier: MIT */
/* Finds what a person did wrong in a document that a schema refused. */
#ifndef DBI_XML_DIAGNOSE_H
#define DBI_XML_DIAGNOSE_H

#include "xml/xmlio.h"

/*
 * First plain mistake in document order: an unknown, misspelt or missing
 * element or attribute, a word outside its list, text where none may stand.
 * Returns the element and fills `text`, or NULL when the mistake is of
 * another kind. Only names of elements and attributes are quoted.
 */
const dbi_xml_node *dbi_xml_diagnose(const dbi_xml_doc *doc, const dbi_xml_doc *schema, char text[256]);

#endif
