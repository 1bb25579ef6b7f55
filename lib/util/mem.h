/* SPDX-License-Identifier: MIT */
/*
 * Checked allocation. Every allocation of the library goes through here, so
 * that sizes cannot overflow and tests can let the n-th one fail.
 */
#ifndef DBI_MEM_H
#define DBI_MEM_H

#include <stddef.h>
#include <stdbool.h>

void *dbi_malloc(size_t size);                                 /* NULL when out of memory; size 0 gives 1 byte */
void *dbi_calloc(size_t n, size_t size);
void *dbi_realloc(void *p, size_t n, size_t size);             /* n * size bytes, checked; old block stays valid on NULL */
char *dbi_strdup(const char *s);                               /* NULL gives NULL */
char *dbi_strndup(const char *s, size_t len);
void dbi_free(void *p);
void dbi_free_wiped(void *p, size_t len);                      /* overwritten before it goes back */
/* Grows *array (element size `size`) so that it holds at least `need`; false when out of memory or over max. */
bool dbi_grow(void *array_pointer, size_t *cap, size_t need, size_t size, size_t max);
bool dbi_size_mul(size_t a, size_t b, size_t *out);            /* false on overflow */
bool dbi_size_add(size_t a, size_t b, size_t *out);

/* For tests: the n-th allocation from now fails (0: none); `forever`: and all after it. */
void dbi_mem_fail_at(unsigned long n, bool forever);
unsigned long dbi_mem_count(void);

#endif
