/* SPDX-License-Identifier: MIT */
#include "pdf/object_stream.h"

#include "pdf/strings.h"
#include "util/limits.h"

void dbi_object_stream_dispose(struct dbi_object_stream *s)
{
	dbi_buf_dispose(&s->head);
	dbi_buf_dispose(&s->body);
	dbi_lz_tokens_dispose(&s->head_tokens);
	dbi_lz_tokens_dispose(&s->slot_tokens);
	dbi_lz_guides_dispose(&s->guides);
}

void dbi_object_stream_clear(struct dbi_object_stream *s)
{
	dbi_buf_clear(&s->head);
	dbi_buf_clear(&s->body);
	dbi_lz_tokens_clear(&s->head_tokens);
	dbi_lz_tokens_clear(&s->slot_tokens);
	s->guides.n = s->n = s->tail = s->digits = s->pair = 0;
	s->guides.failed = s->open = s->slots_ended = false;
}

void dbi_object_stream_trim(struct dbi_object_stream *s)
{
	dbi_buf_trim(&s->head, DBI_KEEP_BUF);
	dbi_buf_trim(&s->body, DBI_KEEP_BUF);
	if (s->slot_tokens.cap * sizeof(*s->slot_tokens.list) > DBI_KEEP_BUF)
		dbi_lz_tokens_dispose(&s->slot_tokens);
	if (s->head_tokens.cap * sizeof(*s->head_tokens.list) > DBI_KEEP_BUF)
		dbi_lz_tokens_dispose(&s->head_tokens);
}

static const unsigned char *bytes(const char *p)
{
	return (const unsigned char *)p;
}

/*
 * "00 " of the last pair stands in the one before as well, and the digits that follow may begin as those of the last number.
 * Returns how many of them do.
 */
static size_t end_pair(struct dbi_object_stream *s, const char *next, size_t digits)
{
	size_t same = 0;

	if (!s->open)
		return 0;
	while (same < digits && same < s->digits && next[same] == *(next + same - s->pair))
		same++;
	dbi_lz_tokens_match(&s->head_tokens, 3 + same, s->pair);
	s->open = false;
	return same;
}

/* A number whose digits stand at p, and its place, 100 times as much. Returns the length. */
static size_t add_regular(struct dbi_object_stream *s, char *p, size_t digits)
{
	size_t same = end_pair(s, p, digits);

	p[digits] = ' ';
	memcpy(p + digits + 1, p, digits);
	memcpy(p + 2 * digits + 1, "00 ", 3);
	dbi_lz_tokens_literals(&s->head_tokens, bytes(p + same), digits - same);
	dbi_lz_tokens_match(&s->head_tokens, digits + 1, digits + 1);
	s->open = s->digits != 0;
	if (!s->open)
		dbi_lz_tokens_literals(&s->head_tokens, bytes(p + 2 * digits + 1), 3);
	s->digits = digits;
	return 2 * digits + 4;
}

static size_t add_irregular(struct dbi_object_stream *s, char *p, size_t digits, size_t place)
{
	char *end = p + digits;

	(void)end_pair(s, p, 0);
	*end++ = ' ';
	end = dbi_put_uint(end, (uint32_t)place);
	*end++ = ' ';
	dbi_lz_tokens_follow(&s->head_tokens, bytes(p), (size_t)(end - p), s->head.len, (const uint32_t[DBI_LZ_DISTANCES]){ (uint32_t)s->pair, 0, 0 });
	s->digits = 0;
	return (size_t)(end - p);
}

void dbi_object_stream_list(struct dbi_object_stream *s, uint32_t number, size_t place)
{
	char *p = dbi_buf_room(&s->head, 2 * DBI_NUMBER_ROOM);
	bool first = s->n++ == 0;
	if (!p)
		return;
	size_t digits = (size_t)(dbi_put_uint(p, number) - p);
	/* A match has three bytes: a blank, and two digits. */
	bool regular = !first && digits > 1 && place == (size_t)number * DBI_SLOT;

	s->pair = regular ? add_regular(s, p, digits) : add_irregular(s, p, digits, place);
	s->head.len += s->pair;
}

void dbi_object_stream_follow(struct dbi_object_stream *s, size_t from, const uint32_t distances[DBI_LZ_DISTANCES])
{
	if (!s->body.failed)
		dbi_lz_tokens_follow(&s->slot_tokens, bytes(s->body.data + from), s->body.len - from, from, distances);
}

void dbi_object_stream_end_slots(struct dbi_object_stream *s)
{
	if (!s->slots_ended)
		s->tail = s->body.len;
	s->slots_ended = true;
}

bool dbi_object_stream_pack(struct dbi_object_stream *s, dbi_deflater *z, struct dbi_buf *out)
{
	struct dbi_lz_part parts[3];
	size_t n = 1;

	if (s->head.failed || s->body.failed || s->guides.failed)
		return false;
	dbi_object_stream_end_slots(s);
	(void)end_pair(s, s->head.data + s->head.len, 0);
	if (s->head_tokens.run)
		dbi_lz_tokens_end_run(&s->head_tokens, bytes(s->head.data + s->head.len));
	if (s->slot_tokens.run)
		dbi_lz_tokens_end_run(&s->slot_tokens, bytes(s->body.data + s->tail));
	parts[0] = (struct dbi_lz_part){ .text = bytes(s->head.data), .len = s->head.len, .tokens = &s->head_tokens };
	if (s->tail)
		parts[n++] = (struct dbi_lz_part){ .text = bytes(s->body.data), .len = s->tail, .tokens = &s->slot_tokens };
	if (s->body.len > s->tail)
		parts[n++] = (struct dbi_lz_part){ .text = bytes(s->body.data + s->tail), .len = s->body.len - s->tail, .before = s->tail,
			.guides = s->guides.list, .n_guides = s->guides.n };
	if (s->head_tokens.failed || s->slot_tokens.failed)
		return false;
	dbi_deflate_parts(z, parts, n, out);
	return !out->failed;
}
