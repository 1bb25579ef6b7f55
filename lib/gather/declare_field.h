/* SPDX-License-Identifier: MIT */
/* One <field> or <ignore>. */
#ifndef DBI_GATHER_DECLARE_FIELD_H
#define DBI_GATHER_DECLARE_FIELD_H

#include "gather/declare.h"
#include "xml/form.h"

/* `s`: for its code lists, already read. */
int dbi_field_read(const struct dbi_form *f, const dbi_xml_node *n, const struct dbi_sources *s,
    struct dbi_field_decl *field);

#endif
