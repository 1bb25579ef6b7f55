/* SPDX-License-Identifier: MIT */
/*
 * A flag that says: what a lock guarded while it was made is finished and never changes again, so look without the lock.
 * Built with --enable-checker-marks the order is told to helgrind, which does not see it in atomic operations.
 */
#ifndef DBI_UTIL_PUBLISH_H
#define DBI_UTIL_PUBLISH_H

#include <stdatomic.h>
#include <stdbool.h>
#ifdef DBI_CHECKER_MARKS
#include <valgrind/helgrind.h>
#else
#define ANNOTATE_HAPPENS_BEFORE(flag) ((void)0)
#define ANNOTATE_HAPPENS_AFTER(flag) ((void)0)
#define VALGRIND_HG_DISABLE_CHECKING(start, len) ((void)0)
#endif

static inline void dbi_publish(atomic_bool *flag)
{
	VALGRIND_HG_DISABLE_CHECKING(flag, sizeof(*flag));
	ANNOTATE_HAPPENS_BEFORE(flag);
	atomic_store_explicit(flag, true, memory_order_release);
}

static inline bool dbi_published(atomic_bool *flag)
{
	if (!atomic_load_explicit(flag, memory_order_acquire))
		return false;
	ANNOTATE_HAPPENS_AFTER(flag);
	return true;
}

#endif
