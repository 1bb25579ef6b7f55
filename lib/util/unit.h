/* SPDX-License-Identifier: MIT */
/*
 * Lengths on paper: 32-bit integers in 1/1000 pt (1 pt = 1/72 inch), origin
 * at the top left of the page, y downwards. A4 is 595276 x 841890.
 */
#ifndef DBI_UNIT_H
#define DBI_UNIT_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

typedef int32_t dbi_len;

#define DBI_PT(n) ((dbi_len)((n) * 1000))
/* mm to length, n in 1/100 mm: DBI_MM100(2500) is 25 mm. 1 mm = 2834.6457 units. */
#define DBI_MM100(n) ((dbi_len)(((int64_t)(n) * 2834646 + 50000) / 100000))

#define DBI_A4_WIDTH DBI_MM100(21000)
#define DBI_A4_HEIGHT DBI_MM100(29700)

/* "12pt", "4.2mm", "1.5em" (of em), "50%" (of whole), "0". False when malformed or out of range. */
bool dbi_len_parse(const char *s, size_t n, dbi_len em, dbi_len whole, dbi_len *out);

#endif
