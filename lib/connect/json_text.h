/* SPDX-License-Identifier: MIT */
/* One JSON value cut out of a stream and read with its numbers as they are written. */
#ifndef DBI_CONNECT_JSON_TEXT_H
#define DBI_CONNECT_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include <datenbrief/error.h>

/*
 * A double keeps 17 digits at most, so numbers become strings that begin with
 * this character before jansson sees them. It is none that a value may hold:
 * a string that begins with it gets a NUL there, which is refused all the same.
 */
#define DBI_JSON_NUMBER '\001'

struct dbi_json_text {
	char *bytes;
	size_t len, room, max;
	bool bad;        /* after loading: it held bytes that are no UTF-8, see dbi_json_raw */
	/* Between two calls: */
	unsigned depth;
	bool string, escape, number, begun;
	size_t begin;    /* of the number or string */
};

enum dbi_json_add {
	DBI_JSON_MORE,   /* the value goes on */
	DBI_JSON_WHOLE,  /* it ended with this byte */
	DBI_JSON_BEFORE, /* it ended before this byte, which was not taken */
	DBI_JSON_NONE,   /* that is no JSON */
	DBI_JSON_LARGE,  /* larger than max, or nested too deeply */
	DBI_JSON_MEMORY
};
/* Empties it for the next value. */
void dbi_json_text_clear(struct dbi_json_text *t);
void dbi_json_text_free(struct dbi_json_text *t);
/* The next byte of a value that begins with its first one. */
enum dbi_json_add dbi_json_text_add(struct dbi_json_text *t, unsigned char byte);
/* The end of the input: a number may end there. */
enum dbi_json_add dbi_json_text_end(struct dbi_json_text *t);
/*
 * The value, or NULL: *why says so without quoting it. Bytes that are no UTF-8
 * come back as private characters; dbi_json_raw makes them bytes again.
 */
json_t *dbi_json_text_load(struct dbi_json_text *t, const char **why);
/* Gives a string of a `bad` text its bytes back, in place; true when it has some. */
bool dbi_json_raw(char *s, size_t *len);

/* Is this a number as written in JSON? Exponents are written out; *text is to be freed. NULL: none, or too long. */
char *dbi_json_number(const char *s, size_t len);

#endif
