/* SPDX-License-Identifier: MIT */
/*
 * The supervisor of a run: a small process that starts the one that works
 * before any thread or library is up, passes signals on and starts it again
 * after a crash. It holds no customer's data and no connection.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdbool.h>
#include <stdatomic.h>

/* Memory that supervisor and worker share. */
struct supervised_shared { atomic_ulong letters; };

struct supervised {
	struct supervised_shared *shared; /* letters begun so far, counted by the worker */
	bool crashed;                     /* the worker before this one died by a crash */
};

/* Runs work(ctx, s) in a child, again after crashes; returns its exit code. */
int supervise(int (*work)(void *ctx, struct supervised *s), void *ctx);

#endif
