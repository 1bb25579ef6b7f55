/* SPDX-License-Identifier: MIT */
#include "util/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

/* Per thread, so that a test which lets an allocation fail does not disturb others, and counting costs no lock. */
static _Thread_local unsigned long count, fail_at;
static _Thread_local bool fail_forever;

void dbi_mem_fail_at(unsigned long n, bool forever)
{
	count = 0;
	fail_at = n;
	fail_forever = forever;
}

unsigned long dbi_mem_count(void)
{
	return count;
}

static bool may_allocate(void)
{
	count++;
	if (!fail_at || count < fail_at)
		return true;
	return count > fail_at && !fail_forever;
}

bool dbi_size_mul(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

bool dbi_size_add(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

void *dbi_malloc(size_t size)
{
	if (size > PTRDIFF_MAX || !may_allocate())
		return NULL;
	return malloc(size ? size : 1);
}

void *dbi_calloc(size_t n, size_t size)
{
	size_t bytes;

	if (!dbi_size_mul(n, size, &bytes) || bytes > PTRDIFF_MAX || !may_allocate())
		return NULL;
	return calloc(1, bytes ? bytes : 1);
}

void *dbi_realloc(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (!dbi_size_mul(n, size, &bytes) || bytes > PTRDIFF_MAX || !may_allocate())
		return NULL;
	return realloc(p, bytes ? bytes : 1);
}

char *dbi_strndup(const char *s, size_t len)
{
	size_t bytes;
	char *copy;

	if (!s || !dbi_size_add(len, 1, &bytes))
		return NULL;
	copy = dbi_malloc(bytes);
	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *dbi_strdup(const char *s)
{
	return s ? dbi_strndup(s, strlen(s)) : NULL;
}

void dbi_free(void *p)
{
	free(p);
}

void dbi_free_wiped(void *p, size_t len)
{
	if (p)
		dbi_wipe(p, len);
	free(p);
}

bool dbi_grow(void *array_pointer, size_t *cap, size_t need, size_t size, size_t max)
{
	void *old, *grown;
	size_t want;

	if (need <= *cap)
		return true;
	if (need > max)
		return false;
	want = *cap > max / 2 ? max : *cap * 2;
	if (want < 8)
		want = 8 < max ? 8 : max;
	if (want < need)
		want = need;
	/* The caller's pointer has its own type; copying its bytes is the portable way to reach it. */
	memcpy(&old, array_pointer, sizeof old);
	grown = dbi_realloc(old, want, size);
	if (!grown)
		return false;
	memcpy(array_pointer, &grown, sizeof grown);
	*cap = want;
	return true;
}
