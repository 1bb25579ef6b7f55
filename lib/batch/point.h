/* SPDX-License-Identifier: MIT */
/*
 * Named moments of a run. In the library this does nothing; a test program
 * links a function of its own that kills, stops or delays the process there.
 */
#ifndef DBI_BATCH_POINT_H
#define DBI_BATCH_POINT_H

#include <stdint.h>

void dbi_point(const char *name);
/* The moment when a chunk of the plan is taken, or before its data are fetched at once. */
void dbi_point_chunk(const char *name, uint32_t chunk);
/* The moment before a letter of the plan is made. */
void dbi_point_letter(uint32_t chunk, unsigned offset);
/* How letters are brought to the disk: `usual`, or what a measurement wants instead. */
int dbi_point_sync(int usual);

#endif
