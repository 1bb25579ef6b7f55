/* SPDX-License-Identifier: MIT */
/* Values as libxml2's objects and back. Private to lib/xml. */
#ifndef DBI_XPATH_OBJECT_H
#define DBI_XPATH_OBJECT_H

#include <libxml/xpath.h>

#include "xml/xpath.h"

/* False when out of memory or of no kind known. `borrow`: the string stays the object's. */
bool dbi_xpath_from_object(struct dbi_xvalue *out, const xmlXPathObject *o, bool borrow);
xmlXPathObject *dbi_xpath_to_object(const struct dbi_xvalue *v); /* NULL when out of memory */

#endif
