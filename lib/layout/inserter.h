/* SPDX-License-Identifier: MIT */
/* Marks for the machine that puts sheets into envelopes. */
#ifndef DBI_LAYOUT_INSERTER_H
#define DBI_LAYOUT_INSERTER_H

#include "layout/lay.h"

/*
 * Draws them on the front of every sheet of the finished letter, and with
 * duplex printing adds an empty back to a last page that is a front, so that
 * letters printed one after the other each start on a front.
 */
int dbi_inserter_draw(struct dbi_lay *l);

#endif
