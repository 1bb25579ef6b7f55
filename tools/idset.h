/* SPDX-License-Identifier: MIT */
/* The identifiers of a run, each once, in the order the source listed them. */
#ifndef IDSET_H
#define IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idset {
	char *text;              /* all identifiers, NUL-terminated, one after the other */
	size_t len, cap;
	size_t *offsets;         /* where each begins */
	size_t n, cap_offsets;
	uint32_t *slots;         /* index + 1, 0: free; open addressing */
	size_t n_slots;
	size_t repeated;         /* how often a known one came again */
	size_t max;              /* 0: no limit */
	bool failed;             /* out of memory */
};

/* Zero when more may come: the shape of dbrief_session_list_subjects' callback. `set` is a struct idset. */
int idset_add(void *set, const char *id);
bool idset_has(const struct idset *set, const char *id);
const char *idset_at(const struct idset *set, size_t i);
void idset_dispose(struct idset *set);

#endif
