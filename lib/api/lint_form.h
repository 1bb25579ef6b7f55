/* SPDX-License-Identifier: MIT */
/* The model's form as checks of paths see it: kinds of elements as bits of a set. */
#ifndef DBI_API_LINT_FORM_H
#define DBI_API_LINT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dbi_part {
	DBI_PART_MODEL, DBI_PART_CONTROLLER, DBI_PART_DPO, DBI_PART_AUTHORITY, DBI_PART_NAME, DBI_PART_LINE, DBI_PART_COUNTRY,
	DBI_PART_REPRESENTED, DBI_PART_PHONE, DBI_PART_EMAIL, DBI_PART_WEB, DBI_PART_REGISTRATION, DBI_PART_VAT,
	DBI_PART_SUBJECT, DBI_PART_REPRESENTATIVE, DBI_PART_SALUTATION, DBI_PART_FLAG, DBI_PART_SOURCES, DBI_PART_SOURCE, DBI_PART_CHANGES,
	DBI_PART_ACTIVITIES,
	DBI_PART_ACTIVITY, DBI_PART_ACTIVITY_NAME, DBI_PART_PURPOSE, DBI_PART_BASIS, DBI_PART_DISCLOSURE, DBI_PART_TRANSFER,
	DBI_PART_RETENTION, DBI_PART_ORIGIN, DBI_PART_COLLECTIONS, DBI_PART_COLLECTION, DBI_PART_COLUMN, DBI_PART_INPUTS,
	DBI_PART_MEANING, DBI_PART_EFFECT, DBI_PART_NESTED, DBI_PART_IGNORED, DBI_PART_RECORD, DBI_PART_FIELD, DBI_PART_INNER,
	DBI_PART_COUNT
};
#define DBI_BIT(part) (UINT64_C(1) << DBI_PART_##part)
typedef uint64_t dbi_parts;

dbi_parts dbi_form_parts_children(dbi_parts of);
dbi_parts dbi_form_parts_parents(dbi_parts of);
dbi_parts dbi_form_parts_below(dbi_parts of);      /* all descendants */
dbi_parts dbi_form_parts_above(dbi_parts of);      /* all ancestors */
/* Those of the set that have this name, len bytes. */
dbi_parts dbi_form_parts_named(dbi_parts set, const char *name, size_t len);
/* Those of the set that have this attribute. */
dbi_parts dbi_form_parts_with(dbi_parts set, const char *attr, size_t len);
const char *dbi_form_part_name(dbi_parts set);     /* of the first of the set, "" for none */
/* The names of the set, or their attributes, into `words`, ended by NULL; at most max - 1. */
void dbi_form_part_names(dbi_parts set, const char **words, size_t max);
void dbi_form_part_attrs(dbi_parts set, char *space, size_t size, const char **words, size_t max);
/* The only values an attribute may have, separated by blanks; NULL: any. */
const char *dbi_form_part_values(dbi_parts set, const char *attr, size_t len);

#endif
