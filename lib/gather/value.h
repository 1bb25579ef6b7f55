/* SPDX-License-Identifier: MIT */
/* Typing: clean text as a value of its declared type, in canonical form. */
#ifndef DBI_GATHER_VALUE_H
#define DBI_GATHER_VALUE_H

#include "model/declare.h"
#include "util/buf.h"

enum dbi_typed {
	DBI_TYPED_VALUE,         /* `out` holds the canonical text */
	DBI_TYPED_NULL,          /* blank where the type has no blank value */
	DBI_TYPED_WRONG,         /* no value of the type */
	DBI_TYPED_UNEXPLAINED,   /* a code its list does not hold */
	DBI_TYPED_MEMORY
};
/* Appends to out, which the caller has emptied. */
enum dbi_typed dbi_value_type(const struct dbi_field_decl *field, const char *text, size_t len,
    struct dbi_buf *out);
/* Media type by the first bytes of a file, NULL when unknown. Static. */
const char *dbi_media_type(const void *bytes, size_t len);

#endif
