/* SPDX-License-Identifier: MIT */
/* The lines of a display list, ready to be drawn by a peer. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "page/display.h"
#include "peer_haru.h"

/* False when out of memory. Memory is the arena's. */
bool bench_peer_letter(struct peer_letter *letter, struct dbi_arena *arena, const struct dbi_display *d);

#endif
