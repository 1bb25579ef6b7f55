/* SPDX-License-Identifier: MIT */
#ifndef DBI_CONNECT_BASE64_H
#define DBI_CONNECT_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes in place, blanks and line breaks aside. False, with nothing changed, when it is not base64 to its end. */
bool dbi_base64_decode(char *bytes, size_t len, size_t *out_len);

#endif
