/* SPDX-License-Identifier: MIT */
/*
 * The text of an object stream (ISO 32000-1, 7.5.7): a list of numbers and
 * places, then the objects. What is in slots, or is known to be like what
 * stands before, is made together with its tokens; in what follows these
 * objects repetitions are looked for.
 */
#ifndef DBI_PDF_OBJECT_STREAM_H
#define DBI_PDF_OBJECT_STREAM_H

#include "pdf/compress.h"
#include "pdf/deflate_tokens.h"

/* At 100 times the number: "107 10700 108 10800" can hardly be told from nothing once it is deflated. */
#define DBI_SLOT 100

struct dbi_object_stream {
	struct dbi_buf head, body; /* work space kept between letters */
	struct dbi_lz_tokens head_tokens, tokens;
	size_t n;                  /* objects */
	size_t known;              /* bytes of the body that have tokens */
	uint32_t number;           /* the last one listed */
	size_t pair;               /* length of it and its place */
	size_t digits;             /* of that number, if its place is 100 times as much, else 0 */
	uint32_t name_token, pair_token; /* distances from the number to itself in its place, and to the number before */
	bool open;                 /* the last three bytes of its pair have no tokens yet */
};

void dbi_object_stream_dispose(struct dbi_object_stream *s);
void dbi_object_stream_clear(struct dbi_object_stream *s);
/* Between letters: gives back what only a large one needed. */
void dbi_object_stream_trim(struct dbi_object_stream *s);
/* Lists an object that stands at this place of the body. Places ascend, the first is 0. */
void dbi_object_stream_list(struct dbi_object_stream *s, uint32_t number, size_t place);
/* What was appended to the body gets its tokens: at these distances before, if anywhere, it has stood; 0: none. */
void dbi_object_stream_follow(struct dbi_object_stream *s, size_t a, size_t b, size_t c);
/*
 * The slot before once more, with other numbers than the last ones at these places; the text ends with something else. False, and
 * nothing done, when one of them has another number of digits.
 */
#define DBI_SLOT_NUMBERS 12
bool dbi_object_stream_repeat(struct dbi_object_stream *s, const size_t *at, const uint32_t *numbers, const uint32_t *last, unsigned n);
/* Appends all of it, compressed. False when memory was out. */
bool dbi_object_stream_pack(struct dbi_object_stream *s, dbi_deflater *z, struct dbi_buf *out);

#endif
