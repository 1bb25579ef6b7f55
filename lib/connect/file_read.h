/* SPDX-License-Identifier: MIT */
/* A file read from its beginning to its end, with the number of the line. */
#ifndef DBI_CONNECT_FILE_READ_H
#define DBI_CONNECT_FILE_READ_H

#include <stdbool.h>
#include <sys/stat.h>
#include "connect/file_table.h"

struct dbi_file_reader {
	const struct dbi_file_table *table;
	struct dbrief_error *err;
	int fd, status;      /* DBRIEF_OK until something failed */
	struct stat before;
	uint64_t line;       /* of the byte to come; counted by the reader of the format */
	size_t at, len;
	unsigned char bytes[65536];
};

int dbi_file_open(struct dbi_file_reader *r, const struct dbi_file_table *t, struct dbrief_error *err);
/* Up to n bytes; 0 at the end, -1 after an error, which r->status tells. */
long dbi_file_fill(struct dbi_file_reader *r, void *to, size_t n);
/* Reads another buffer; false at the end of the file or after an error. */
bool dbi_file_more(struct dbi_file_reader *r);
/* Nobody may have written to it meanwhile. Closes it. */
int dbi_file_close(struct dbi_file_reader *r);

/* The next byte without taking it, -1 at the end. */
static inline int dbi_file_peek(struct dbi_file_reader *r)
{
	return r->at < r->len || dbi_file_more(r) ? r->bytes[r->at] : -1;
}
static inline int dbi_file_next(struct dbi_file_reader *r)
{
	return r->at < r->len || dbi_file_more(r) ? r->bytes[r->at++] : -1;
}

#endif
