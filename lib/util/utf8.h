/* SPDX-License-Identifier: MIT */
/* UTF-8: decoding, strict validation, what XML 1.0 allows. */
#ifndef DBI_UTF8_H
#define DBI_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

/* Code point at s (len > 0) and its length; 0xFFFFFFFF and *n = 1 when malformed. */
uint32_t dbi_utf8_next(const char *s, size_t len, size_t *n);
/* Writes 1..4 bytes, returns how many. */
size_t dbi_utf8_put(char out[4], uint32_t c);
/* Offset of the first byte that is not strict UTF-8 or not legal in XML 1.0; len when all is well. */
size_t dbi_utf8_check(const char *s, size_t len);
bool dbi_xml_legal(uint32_t c);
/* Number of code points of valid text. */
size_t dbi_utf8_count(const char *s, size_t len);

#endif
