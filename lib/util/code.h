/* SPDX-License-Identifier: MIT */
/*
 * Codes that people copy by hand: case codes and item codes, each with a check
 * character that catches any single wrong character and any swap of neighbours.
 *
 * Case code: "XXXX-XXXX-XXXX", Crockford base 32 (no I L O U), 55 bits and a
 * check character. Item code: collection letters (alphabet without I, O, Q),
 * record number padded to an even number of digits, optionally "-" and field
 * number, then "-" and a check letter (weighted sum modulo 23): "B07-K", "B07-4-W".
 */
#ifndef DBI_CODE_H
#define DBI_CODE_H

#include <stddef.h>
#include <stdbool.h>

#define DBI_ITEM_CODE_SIZE 32
void dbi_case_code_format(char out[16], const unsigned char hash[16]);
/* Accepts lower case, blanks, missing hyphens, I L for 1 and O for 0; writes the canonical form. */
bool dbi_case_code_parse(char out[16], const char *text);
/* field 0: code of the record. collection 0 is "A". */
void dbi_item_code_format(char out[DBI_ITEM_CODE_SIZE], unsigned collection, unsigned record, unsigned field);
/* False when malformed or the check letter does not fit. */
bool dbi_item_code_parse(const char *text, unsigned *collection, unsigned *record, unsigned *field);

#endif
