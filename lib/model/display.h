/* SPDX-License-Identifier: MIT */
/* What people read for a stored value. */
#ifndef DBI_MODEL_DISPLAY_H
#define DBI_MODEL_DISPLAY_H

#include "model/dataset.h"
#include "util/format.h"

/* Appends the display form of a value that is neither null nor empty, by type and language; masks are not applied. */
int dbi_display_value(const struct dbi_field_decl *field, const struct dbi_value *value, const char *lang,
    dbi_format *format, struct dbi_buf *out, struct dbrief_error *err);

/* Appends the masked form of a display form, as the field declares it. */
void dbi_display_mask(const struct dbi_field_decl *field, const char *text, size_t len, struct dbi_buf *out);

#endif
