/* SPDX-License-Identifier: MIT */
/* The compression door: zlib streams by libdeflate, else by zlib. One thread. */
#ifndef DBI_PDF_COMPRESS_H
#define DBI_PDF_COMPRESS_H

#include <stddef.h>
#include <stdbool.h>
#include "util/buf.h"

typedef struct dbi_deflater dbi_deflater;

enum dbi_deflate_level { DBI_DEFLATE_FAST, DBI_DEFLATE_SMALL, DBI_DEFLATE_LOT };

/* NULL when out of memory. */
dbi_deflater *dbi_deflater_new(enum dbi_deflate_level level);
void dbi_deflater_free(dbi_deflater *z);
/* Appends a whole zlib stream of the input; a failure latches in out->failed. */
void dbi_deflate(dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out);

#endif
