/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include "idset.h"

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

const char *idset_at(const struct idset *set, size_t i)
{
	return set->text + set->offsets[i];
}

/* The slot where id stands, or the free one where it belongs. */
static size_t find_slot(const struct idset *set, const char *id)
{
	size_t at = hash(id) & (set->n_slots - 1);

	while (set->slots[at] && strcmp(idset_at(set, set->slots[at] - 1), id) != 0)
		at = (at + 1) & (set->n_slots - 1);
	return at;
}

bool idset_has(const struct idset *set, const char *id)
{
	return set->n_slots && set->slots[find_slot(set, id)];
}

static bool grow_slots(struct idset *set)
{
	size_t n = set->n_slots ? set->n_slots * 2 : 1024;
	uint32_t *slots;

	if (set->n_slots && set->n < set->n_slots / 2)
		return true;
	slots = calloc(n, sizeof(*slots));
	if (!slots)
		return false;
	free(set->slots);
	set->slots = slots;
	set->n_slots = n;
	for (size_t i = 0; i < set->n; i++)
		slots[find_slot(set, idset_at(set, i))] = (uint32_t)(i + 1);
	return true;
}

static bool grow_text(struct idset *set, size_t need)
{
	size_t cap = set->cap ? set->cap * 2 : 16384, cap_offsets = set->cap_offsets ? set->cap_offsets * 2 : 1024;
	size_t *offsets;
	char *text;

	if (set->len + need > set->cap) {
		text = realloc(set->text, cap < set->len + need ? set->len + need : cap);
		if (!text)
			return false;
		set->text = text;
		set->cap = cap < set->len + need ? set->len + need : cap;
	}
	if (set->n == set->cap_offsets) {
		offsets = realloc(set->offsets, cap_offsets * sizeof(*offsets));
		if (!offsets)
			return false;
		set->offsets = offsets;
		set->cap_offsets = cap_offsets;
	}
	return true;
}

int idset_add(void *user, const char *id)
{
	struct idset *set = user;
	size_t need = strlen(id) + 1, slot;

	if (set->max && set->n == set->max)
		return 1;
	if (set->n >= UINT32_MAX - 1 || !grow_slots(set) || !grow_text(set, need)) {
		set->failed = true;
		return 1;
	}
	slot = find_slot(set, id);
	if (set->slots[slot]) {
		set->repeated++;
		return 0;
	}
	memcpy(set->text + set->len, id, need);
	set->offsets[set->n] = set->len;
	set->len += need;
	set->slots[slot] = (uint32_t)++set->n;
	return 0;
}

void idset_dispose(struct idset *set)
{
	free(set->text);
	free(set->offsets);
	free(set->slots);
	memset(set, 0, sizeof(*set));
}
