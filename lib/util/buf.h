/* SPDX-License-Identifier: MIT */
/*
 * Growing byte buffer with a maximum. Errors latch in `failed`, so a writer
 * checks once at the end. data is always NUL-terminated when not NULL.
 */
#ifndef DBI_BUF_H
#define DBI_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include "util/error.h"

struct dbi_buf {
	char *data;
	size_t len, cap;
	size_t max;  /* 0: DBI_MAX_BUF */
	bool failed; /* out of memory or over max: contents are not to be used */
};
#define DBI_BUF_INIT { NULL, 0, 0, 0, false }

/* When the buffer has to grow, or failed. */
char *dbi_buf_grow(struct dbi_buf *b, size_t len);

/* Makes room for len more bytes and returns the place, NULL on failure; then add to b->len. */
static inline char *dbi_buf_room(struct dbi_buf *b, size_t len)
{
	/* The capacity never exceeds the maximum, and one byte is kept for the NUL. */
	if (!b->failed && len < b->cap - b->len)
		return b->data + b->len;
	return dbi_buf_grow(b, len);
}

static inline void dbi_buf_add(struct dbi_buf *b, const void *bytes, size_t len)
{
	char *p = dbi_buf_room(b, len);

	if (!p)
		return;
	if (len)
		memcpy(p, bytes, len);
	p[len] = '\0';
	b->len += len;
}

static inline void dbi_buf_adds(struct dbi_buf *b, const char *s)
{
	dbi_buf_add(b, s, strlen(s));
}

static inline void dbi_buf_addc(struct dbi_buf *b, char c)
{
	dbi_buf_add(b, &c, 1);
}

void dbi_buf_addf(struct dbi_buf *b, const char *fmt, ...) DBI_PRINTF(2, 3); /* no reals */
void dbi_buf_add_int(struct dbi_buf *b, int64_t v);
/* v / 10^digits as decimal without trailing zeros: (1250, 2) gives "12.5". */
void dbi_buf_add_fixed(struct dbi_buf *b, int64_t v, int digits);
/* XML character data or attribute value, escaped (also CR, and TAB and LF in attributes). */
void dbi_buf_add_xml(struct dbi_buf *b, const char *s, size_t len, bool attribute);
/* A cell of a CSV file: always quoted, defused against spreadsheet formulas. */
void dbi_buf_add_csv(struct dbi_buf *b, const char *s);
void dbi_buf_clear(struct dbi_buf *b);   /* keeps the memory */
/* Empties it; the memory is kept up to `keep` bytes, else given back. */
void dbi_buf_trim(struct dbi_buf *b, size_t keep);
void dbi_buf_dispose(struct dbi_buf *b);
char *dbi_buf_take(struct dbi_buf *b);   /* yours, end with dbi_free; NULL when failed */

#endif
