/* SPDX-License-Identifier: MIT */
/*
 * The compression door: zlib streams. FAST, for what is new in every letter,
 * is deflate.h; SMALL, for what is kept, and LOT, quicker, for pages of lots,
 * are libdeflate, else zlib. One thread.
 */
#ifndef DBI_PDF_COMPRESS_H
#define DBI_PDF_COMPRESS_H

#include <stddef.h>
#include <stdbool.h>
#include "pdf/deflate.h"
#include "util/buf.h"

typedef struct dbi_deflater dbi_deflater;

enum dbi_deflate_level { DBI_DEFLATE_FAST, DBI_DEFLATE_SMALL, DBI_DEFLATE_LOT };

/* NULL when out of memory. */
dbi_deflater *dbi_deflater_new(enum dbi_deflate_level level);
void dbi_deflater_free(dbi_deflater *z);
/* Appends a whole zlib stream of the input; a failure latches in out->failed. */
void dbi_deflate(dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out);
/* The same for texts one behind the other, some with tokens; FAST alone. */
void dbi_deflate_parts(dbi_deflater *z, const struct dbi_lz_part *parts, size_t n, struct dbi_buf *out);
/*
 * A zlib stream of a text that was coded in advance: `write` writes at most `bound` bytes of raw deflate, its last bits flushed
 * but for the last byte.
 */
struct dbi_bits;
void dbi_deflate_coded(const void *in, size_t len, void (*write)(void *user, struct dbi_bits *bits), void *user, size_t bound,
    struct dbi_buf *out);

#endif
