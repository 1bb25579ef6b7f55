/* SPDX-License-Identifier: MIT */
/*
 * Texts of <subject>: most of them are paths joined by concat(). Each part is
 * evaluated by itself, since paths alone are many times faster than the
 * function around them. White space is left to the caller.
 */
#ifndef DBI_GATHER_JOINED_H
#define DBI_GATHER_JOINED_H

#include "xml/xpath.h"

typedef struct dbi_joined dbi_joined; /* one thread */

int dbi_joined_compile(dbi_joined **joined, const char *select, struct dbrief_error *err);
void dbi_joined_free(dbi_joined *joined);
/* Appends the text. *found: false when the whole expression is a set of nodes and empty. */
int dbi_joined_text(dbi_joined *joined, dbi_xpath_ctx *ctx, dbi_xml_node *node, struct dbi_buf *out, bool *found,
    struct dbrief_error *err);

#endif
