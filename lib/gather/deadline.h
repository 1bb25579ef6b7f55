/* SPDX-License-Identifier: MIT */
/*
 * Deadlines of calls into connectors: one watching thread per gatherer, which
 * calls `interrupt` when a call takes too long. It sleeps until the deadline
 * that was nearest when it lay down, so arming costs a lock and no wake-up.
 */
#ifndef DBI_GATHER_DEADLINE_H
#define DBI_GATHER_DEADLINE_H

#include <stdbool.h>
#include "util/error.h"

typedef struct dbi_deadline dbi_deadline;

int dbi_deadline_new(dbi_deadline **d, struct dbrief_error *err);
void dbi_deadline_free(dbi_deadline *d);
/* interrupt(cursor) is called once when `ms` have passed before disarm. */
void dbi_deadline_arm(dbi_deadline *d, unsigned ms, void (*interrupt)(void *), void *cursor);
/* True when the deadline passed. After it returns, interrupt is not running. */
bool dbi_deadline_disarm(dbi_deadline *d);

#endif
