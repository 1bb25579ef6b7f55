/* SPDX-License-Identifier: MIT */
/* The ICU door for normalisation (NFC, UAX 15). */
#ifndef DBI_NORM_H
#define DBI_NORM_H

#include "util/buf.h"

/* Appends s (valid UTF-8) in NFC. Fast when it already is. FAILED on memory. */
int dbi_nfc(struct dbi_buf *out, const char *s, size_t len, struct dbrief_error *err);
/* "ICU 72.1": the one in use. */
void dbi_icu_version(char *out, size_t size);

#endif
