/* SPDX-License-Identifier: MIT */
/* <limits>: what one letter may take in. */
#ifndef DBI_GATHER_LIMIT_H
#define DBI_GATHER_LIMIT_H

#include "model/declare.h"
#include "xml/form.h"

/* Without <limits>, or for what it does not name: the maxima of limits.h. */
int dbi_limits_read(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_gather_limits *limits);

#endif
