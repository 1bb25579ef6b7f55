/* SPDX-License-Identifier: MIT */
/*
 * Hyphenation dictionaries in the format of libhyphen, read by our own code:
 * for the German one libhyphen takes seconds to start and 31 MB, this a few
 * milliseconds and 6 MB. The points are the same. Read-only once loaded,
 * shared by all threads, freed with its last user.
 */
#ifndef DBI_TEXT_HYPHDICT_H
#define DBI_TEXT_HYPHDICT_H

#include <stddef.h>
#include <stdbool.h>
#include "util/error.h"

typedef struct dbi_hyphdict dbi_hyphdict;

/* NULL in *dict with OK when there is no such file. A damaged one is FAILED, cause CONFIG. */
int dbi_hyphdict_open(dbi_hyphdict **dict, const char *path, struct dbrief_error *err);
void dbi_hyphdict_close(dbi_hyphdict *dict);
/*
 * points[i] is true when a hyphen may stand before byte i of a word in lower
 * case, UTF-8; len entries. False when out of memory.
 */
bool dbi_hyphdict_points(const dbi_hyphdict *dict, const char *word, size_t len, unsigned char *points);

#endif
