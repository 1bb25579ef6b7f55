/* SPDX-License-Identifier: MIT */
/*
 * Pictures: PNG and JPEG by their magic, guarded (limits.h), decoded once.
 * Immutable afterwards, shared by threads. A damaged file is FATAL with cause
 * IMAGE: it belongs to the template, not to a customer.
 */
#ifndef DBI_PDF_IMAGE_H
#define DBI_PDF_IMAGE_H

#include "page/display.h"

int dbi_image_load(struct dbi_image **image, const char *path, struct dbrief_error *err);
void dbi_image_free(struct dbi_image *image);

#endif
