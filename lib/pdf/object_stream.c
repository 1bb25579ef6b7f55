/* SPDX-License-Identifier: MIT */
#include "pdf/object_stream.h"

#include "pdf/strings.h"
#include "util/limits.h"

void dbi_object_stream_dispose(struct dbi_object_stream *s)
{
	dbi_buf_dispose(&s->head);
	dbi_buf_dispose(&s->body);
	dbi_lz_tokens_dispose(&s->head_tokens);
	dbi_lz_tokens_dispose(&s->tokens);
}

void dbi_object_stream_clear(struct dbi_object_stream *s)
{
	dbi_buf_clear(&s->head);
	dbi_buf_clear(&s->body);
	dbi_lz_tokens_clear(&s->head_tokens);
	dbi_lz_tokens_clear(&s->tokens);
	s->n = s->known = s->digits = s->pair = 0;
	s->open = false;
}

void dbi_object_stream_trim(struct dbi_object_stream *s)
{
	dbi_buf_trim(&s->head, DBI_KEEP_BUF);
	dbi_buf_trim(&s->body, DBI_KEEP_BUF);
	dbi_lz_tokens_trim(&s->tokens, DBI_KEEP_BUF);
	dbi_lz_tokens_trim(&s->head_tokens, DBI_KEEP_BUF);
}

static const unsigned char *bytes(const char *p)
{
	return (const unsigned char *)p;
}

/* "00 " of the last pair stands in the one before as well, and the next number may begin as the last one does, `same` digits of it. */
static void end_pair(struct dbi_object_stream *s, size_t same)
{
	uint32_t *t = s->open ? dbi_lz_tokens_room(&s->head_tokens, 2) : NULL;

	s->open = false;
	if (!t)
		return;
	t[0] = dbi_length_tokens[same]; /* less three */
	t[1] = s->pair_token;
	s->head_tokens.n += 2;
}

/* A number whose digits stand at p, and its place, 100 times as much. Returns the length. */
static size_t add_regular(struct dbi_object_stream *s, char *p, size_t digits)
{
	size_t len = 2 * digits + 4, same = 0;

	if (s->open)
		while (same < digits && same < s->digits && p[same] == *(p + same - s->pair))
			same++;
	end_pair(s, same);
	p[digits] = ' ';
	for (size_t i = 0; i < digits; i++)
		p[digits + 1 + i] = p[i];
	memcpy(p + 2 * digits + 1, "00 ", 3);
	if (digits != s->digits) {
		s->name_token = dbi_distance_token((uint32_t)digits);
		s->pair_token = dbi_distance_token((uint32_t)len - 1);
	}
	dbi_lz_tokens_literals(&s->head_tokens, bytes(p + same), digits - same);
	uint32_t *t = dbi_lz_tokens_room(&s->head_tokens, 2);
	if (t) {
		t[0] = dbi_length_tokens[digits - 2]; /* with the blank, less three */
		t[1] = s->name_token;
		s->head_tokens.n += 2;
	}
	s->open = s->digits != 0;
	if (!s->open)
		dbi_lz_tokens_literals(&s->head_tokens, bytes(p + len - 3), 3);
	s->digits = digits;
	return len;
}

static size_t add_irregular(struct dbi_object_stream *s, char *p, size_t digits, size_t place)
{
	char *end = p + digits;

	end_pair(s, 0);
	*end++ = ' ';
	end = dbi_put_uint(end, (uint32_t)place);
	*end++ = ' ';
	dbi_lz_tokens_follow(&s->head_tokens, bytes(p), (size_t)(end - p), s->head.len, (const uint32_t[DBI_LZ_DISTANCES]){ (uint32_t)s->pair, 0, 0 });
	s->digits = 0;
	return (size_t)(end - p);
}

/* Most numbers are the last one and 1, in one digit: the pair before with that digit. */
static bool list_next(struct dbi_object_stream *s, char *p)
{
	char pair[24];
	uint32_t *t = p[-(ptrdiff_t)s->pair + (ptrdiff_t)s->digits - 1] < '9' ? dbi_lz_tokens_room(&s->head_tokens, 5) : NULL;

	if (!t)
		return false;
	memcpy(pair, p - s->pair, sizeof(pair)); /* the longest one there is; what is behind it does not matter */
	memcpy(p, pair, sizeof(pair));
	p[s->digits - 1]++;
	p[2 * s->digits]++;
	t[0] = dbi_length_tokens[s->digits - 1]; /* "00 " and all digits but one, less three */
	t[1] = s->pair_token;
	t[2] = (unsigned char)p[s->digits - 1];
	t[3] = dbi_length_tokens[s->digits - 2];
	t[4] = s->name_token;
	s->head_tokens.n += 5;
	s->head.len += s->pair;
	return true;
}

void dbi_object_stream_list(struct dbi_object_stream *s, uint32_t number, size_t place)
{
	char *p = dbi_buf_room(&s->head, 2 * DBI_NUMBER_ROOM);
	bool first = s->n++ == 0, is_next = s->open && number == s->number + 1 && place == (size_t)number * DBI_SLOT;
	s->number = number;
	if (!p || (is_next && list_next(s, p)))
		return;
	size_t digits = (size_t)(dbi_put_uint(p, number) - p);
	/* A match has three bytes: a blank, and two digits. */
	bool regular = !first && digits > 1 && place == (size_t)number * DBI_SLOT;

	s->pair = regular ? add_regular(s, p, digits) : add_irregular(s, p, digits, place);
	s->head.len += s->pair;
}

void dbi_object_stream_follow(struct dbi_object_stream *s, size_t a, size_t b, size_t c)
{
	size_t from = s->known;

	if (s->body.failed)
		return;
	s->known = s->body.len;
	dbi_lz_tokens_follow(&s->tokens, bytes(s->body.data + from), s->known - from, from,
	    (const uint32_t[DBI_LZ_DISTANCES]){ (uint32_t)a, (uint32_t)b, (uint32_t)c });
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Writes a number over one of as many digits, `room` bytes before the slot ends; false when there is none. *same: how many of them stay. */
static bool replace_number(char *p, size_t room, uint32_t number, size_t *digits, size_t *same)
{
	char text[DBI_NUMBER_ROOM];
	size_t n = (size_t)(dbi_put_uint(text, number) - text), i = 0, old = 0;

	while (old < n && old < room && is_digit(p[old])) /* "57 0 R" is no number of four digits */
		old++;
	if (n >= room || old < n || is_digit(p[n]))
		return false;
	while (i < n && p[i] == text[i])
		i++;
	(void)dbi_put_uint(p, number);
	*same = i;
	*digits = n;
	return true;
}

/* Where in the slot p the bytes from `from` on up to `end` no longer are those `distance` before. */
static size_t same_until(const char *p, size_t from, size_t end, size_t distance)
{
	while (from < end && p[from] == *(p + from - distance))
		from++;
	return from;
}

/* Tokens up to the end of a number, of which the first digits stay. Kids that follow each other differ in a digit, too, and are nearer. */
static void follow_number(struct dbi_lz_tokens *t, const char *p, size_t from, size_t until, size_t end, size_t near)
{
	size_t near_until = near ? same_until(p, from, end, near) : 0;

	if (near_until >= until && near_until >= from + 3) {
		dbi_lz_tokens_same(t, bytes(p + from), near_until - from, (uint32_t)near);
		until = near_until;
	} else {
		dbi_lz_tokens_same(t, bytes(p + from), until - from, DBI_SLOT);
	}
	dbi_lz_tokens_literals(t, bytes(p + until), end - until);
}

bool dbi_object_stream_repeat(struct dbi_object_stream *s, const size_t *at, const uint32_t *numbers, const uint32_t *last, unsigned n)
{
	size_t digits[DBI_SLOT_NUMBERS], same[DBI_SLOT_NUMBERS], from = 0;
	char *p = s->known == s->body.len && s->known >= DBI_SLOT ? dbi_buf_room(&s->body, DBI_SLOT) : NULL;

	if (!p)
		return false;
	memcpy(p, p - DBI_SLOT, DBI_SLOT);
	for (unsigned i = 0; i < n; i++)
		if (numbers[i] != last[i] && !replace_number(p + at[i], DBI_SLOT - at[i], numbers[i], &digits[i], &same[i]))
			return false;
	s->known = s->body.len += DBI_SLOT;
	for (unsigned i = 0; i < n; i++) {
		if (numbers[i] == last[i])
			continue;
		follow_number(&s->tokens, p, from, at[i] + same[i], at[i] + digits[i], i > 2 ? at[i] - at[i - 1] : 0);
		from = at[i] + digits[i];
	}
	dbi_lz_tokens_same(&s->tokens, bytes(p + from), DBI_SLOT - from, DBI_SLOT);
	return true;
}

bool dbi_object_stream_pack(struct dbi_object_stream *s, dbi_deflater *z, struct dbi_buf *out)
{
	struct dbi_lz_part parts[3];
	size_t n = 1;

	if (s->head.failed || s->body.failed)
		return false;
	end_pair(s, 0);
	if (s->head_tokens.run)
		dbi_lz_tokens_end_run(&s->head_tokens, bytes(s->head.data + s->head.len));
	if (s->tokens.run)
		dbi_lz_tokens_end_run(&s->tokens, bytes(s->body.data + s->known));
	parts[0] = (struct dbi_lz_part){ bytes(s->head.data), s->head.len, &s->head_tokens };
	if (s->known)
		parts[n++] = (struct dbi_lz_part){ bytes(s->body.data), s->known, &s->tokens };
	if (s->body.len > s->known)
		parts[n++] = (struct dbi_lz_part){ bytes(s->body.data + s->known), s->body.len - s->known, NULL };
	if (s->head_tokens.failed || s->tokens.failed)
		return false;
	dbi_deflate_parts(z, parts, n, out);
	return !out->failed;
}
