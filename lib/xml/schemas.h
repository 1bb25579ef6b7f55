/* SPDX-License-Identifier: MIT */
/*
 * The RelaxNG schemas of templates/schema/, compiled into the library so that
 * none is read at run time. One line per file: NAME.rng is dbi_schema_NAME.
 */
#ifndef DBI_XML_SCHEMAS_H
#define DBI_XML_SCHEMAS_H

extern const char dbi_schema_config[];
extern const char dbi_schema_letter[];
extern const char dbi_schema_model[];
extern const char dbi_schema_register[];
extern const char dbi_schema_template[];

#endif
