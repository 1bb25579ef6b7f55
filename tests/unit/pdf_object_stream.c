/* SPDX-License-Identifier: MIT */
/* Tokens made by rule stand for exactly the text they were made with, whatever is in the slots and however long the numbers are. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pdf/object_stream.h"
#include "tap.h"

static uint32_t seed = 1;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* Packs the stream; true when zlib gives back its list and its objects, and nothing more. */
static bool comes_back(struct dbi_object_stream *s, dbi_deflater *z, size_t *packed_len)
{
	struct dbi_buf packed = DBI_BUF_INIT;
	bool good = dbi_object_stream_pack(s, z, &packed);
	uLongf len = (uLongf)(s->head.len + s->body.len + 1);
	Bytef *text = malloc(len);

	good = good && text && uncompress(text, &len, (const Bytef *)packed.data, (uLong)packed.len) == Z_OK && len == s->head.len + s->body.len;
	good = good && memcmp(text, s->head.data, s->head.len) == 0 && (!s->body.len || memcmp(text + s->head.len, s->body.data, s->body.len) == 0);
	*packed_len = packed.len;
	free(text);
	dbi_buf_dispose(&packed);
	return good;
}

/* Fills up with blanks to a place, and gives what is new its tokens. */
static void end_slot(struct dbi_object_stream *s, size_t place, uint32_t reference)
{
	while (s->body.len < place)
		dbi_buf_addc(&s->body, ' ');
	dbi_object_stream_follow(s, DBI_SLOT, 1, reference);
}

/* Numbers of a text and where they stand in it; n 0: something else is in it, too. */
struct numbers { size_t at[DBI_SLOT_NUMBERS]; uint32_t values[DBI_SLOT_NUMBERS]; unsigned n; };

static void add_number(struct dbi_object_stream *s, size_t from, struct numbers *k)
{
	k->at[k->n] = s->body.len - from;
	dbi_buf_addf(&s->body, "%u", k->values[k->n]);
	k->n++;
}

static void choose_numbers(struct numbers *k, uint32_t number, unsigned shape)
{
	uint32_t first = roll(2) ? number : roll(1200);
	k->n = shape == 1 ? 2 + roll(7) : 2;
	k->values[0] = number / 7;
	for (unsigned i = 1; i < k->n; i++)
		k->values[i] = roll(8) ? first + i : roll(1200);
}

static void add_text(struct dbi_object_stream *s, uint32_t number, unsigned shape, struct numbers *k)
{
	size_t from = s->body.len;
	unsigned n;

	choose_numbers(k, number, shape);
	n = k->n;
	k->n = 0;
	dbi_buf_adds(&s->body, "<</S/TD/P ");
	add_number(s, from, k);
	dbi_buf_adds(&s->body, " 0 R/K[");
	while (k->n < n) {
		dbi_buf_addc(&s->body, ' ');
		add_number(s, from, k);
		dbi_buf_adds(&s->body, " 0 R");
	}
	if (shape == 2) {
		k->n = 0;
		for (uint32_t i = roll(40); i; i--)
			dbi_buf_addc(&s->body, (char)roll(256));
	}
	dbi_buf_adds(&s->body, "]>>");
	if (s->body.len - from > DBI_SLOT)
		k->n = 0;
}

/* The slot before with other numbers, and as many; false when they have other lengths. */
static bool repeat(struct dbi_object_stream *s, uint32_t number, struct numbers *last, unsigned long *repeated)
{
	struct numbers k;

	choose_numbers(&k, number, last->n > 2);
	for (unsigned i = k.n; i < last->n; i++)
		k.values[i] = last->values[i] + roll(2);
	if (!last->n || !dbi_object_stream_repeat(s, last->at, k.values, last->values, last->n))
		return false;
	memcpy(last->values, k.values, sizeof(k.values));
	++*repeated;
	return true;
}

/* Objects from a number on: in slots, with some left empty, then others behind them. Returns how often the slot before was repeated. */
static unsigned long fill(struct dbi_object_stream *s, uint32_t first, uint32_t n, uint32_t origin, bool wild)
{
	struct numbers last = { .n = 0 };
	unsigned long repeated = 0;

	dbi_buf_adds(&s->body, "<<>>");
	dbi_object_stream_follow(s, 0, 0, 0);
	dbi_object_stream_list(s, first - 1, 0);
	for (uint32_t number = first; number < first + n; number++) {
		size_t place = (size_t)(number - origin) * DBI_SLOT;
		if (wild && roll(9) == 0) {
			last.n = 0;
			continue;
		}
		end_slot(s, place, 0);
		if (!repeat(s, number, &last, &repeated)) {
			add_text(s, number, wild ? roll(3) : 0, &last);
			if (s->body.len > place + DBI_SLOT)
				s->body.len = place + DBI_SLOT;
			end_slot(s, place + DBI_SLOT, roll(2) ? 8 : 0);
		}
		dbi_object_stream_list(s, number, place);
	}
	for (uint32_t i = wild ? roll(20) : 0; i; i--) {
		dbi_object_stream_list(s, roll(2) ? i : roll(100000), s->body.len);
		add_text(s, i, roll(3), &last);
		if (i > 10)
			dbi_object_stream_follow(s, roll(3) * 8, roll(40000), roll(200));
	}
	return repeated;
}

static void test_lengths(struct dbi_object_stream *s, dbi_deflater *z)
{
	static const uint32_t firsts[] = { 2, 9, 10, 95, 990, 9990, 99990, 999990 };
	bool good = true;
	size_t len;

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		for (uint32_t n = 0; n < 30; n++) {
			(void)fill(s, firsts[i], n, firsts[i] < 20000 ? 0 : firsts[i] - 1, false);
			good = good && comes_back(s, z, &len);
			dbi_object_stream_clear(s);
		}
	OK(good, "numbers grow a digit longer: 9 and 10, 99 and 100, up to a million");
}

static void test_wild(struct dbi_object_stream *s, dbi_deflater *z)
{
	bool good = true;
	unsigned long repeated = 0;
	size_t len;

	for (int i = 0; i < 200 && good; i++) {
		uint32_t first = 2 + roll(1200);
		repeated += fill(s, first, roll(200), roll(2) ? 0 : first - 1, true);
		good = comes_back(s, z, &len);
		dbi_object_stream_clear(s);
	}
	OK(good, "slots of any contents, empty ones, and what stands behind them");
	OK(repeated > 1000, "of which many repeat the one before with other numbers");
}

/* More tokens than a block holds. */
static void test_many(struct dbi_object_stream *s, dbi_deflater *z)
{
	size_t len;

	(void)fill(s, 100, 9000, 0, true);
	OK(comes_back(s, z, &len), "nine thousand slots");
	dbi_object_stream_clear(s);
	(void)fill(s, 100, 4000, 0, false);
	OK(comes_back(s, z, &len), "four thousand that are alike");
	OK(len < 4000 * 8, "take less than 8 bytes each");
	dbi_object_stream_clear(s);
}

/* A number that would reach out of the slot is none to be replaced. */
static void test_edge(struct dbi_object_stream *s, dbi_deflater *z)
{
	const size_t at[] = { DBI_SLOT - 2 };
	bool good;
	size_t len;

	for (int i = 0; i < DBI_SLOT - 2; i++)
		dbi_buf_addc(&s->body, 'x');
	dbi_buf_adds(&s->body, "7>");
	dbi_object_stream_follow(s, 0, 0, 0);
	dbi_object_stream_list(s, 1, 0);
	good = !dbi_object_stream_repeat(s, at, (const uint32_t[]){ 70 }, (const uint32_t[]){ 7 }, 1) &&
	    !dbi_object_stream_repeat(s, at, (const uint32_t[]){ 4000000000u }, (const uint32_t[]){ 7 }, 1) &&
	    dbi_object_stream_repeat(s, at, (const uint32_t[]){ 8 }, (const uint32_t[]){ 7 }, 1);
	OK(good, "a longer number at the end of a slot is not written over it");
	OK(s->body.len == (size_t)2 * DBI_SLOT && comes_back(s, z, &len), "one as long is");
	dbi_object_stream_clear(s);
}

/* "57 0 R" is no number of four digits, though four bytes that begin and end with one. */
static void test_reference(struct dbi_object_stream *s, dbi_deflater *z)
{
	const size_t at[] = { 5 };
	bool good;
	size_t len;

	dbi_buf_adds(&s->body, "<</P 57 0 R/K 4>>");
	while (s->body.len < DBI_SLOT)
		dbi_buf_addc(&s->body, ' ');
	dbi_object_stream_follow(s, 0, 0, 0);
	dbi_object_stream_list(s, 1, 0);
	good = !dbi_object_stream_repeat(s, at, (const uint32_t[]){ 1223 }, (const uint32_t[]){ 57 }, 1);
	OK(good && s->body.len == DBI_SLOT, "a number with more digits is not written over a reference");
	good = dbi_object_stream_repeat(s, at, (const uint32_t[]){ 58 }, (const uint32_t[]){ 57 }, 1);
	OK(good && strncmp(s->body.data + DBI_SLOT, "<</P 58 0 R/K 4>> ", 18) == 0 && comes_back(s, z, &len), "one with as many is");
	dbi_object_stream_clear(s);
}

static void test_empty(struct dbi_object_stream *s, dbi_deflater *z)
{
	size_t len;

	dbi_object_stream_list(s, 7, 0);
	dbi_buf_adds(&s->body, "<<>>");
	OK(comes_back(s, z, &len), "one object and no slots");
	dbi_object_stream_clear(s);
}

int main(void)
{
	struct dbi_object_stream s = { .n = 0 };
	dbi_deflater *z = dbi_deflater_new(DBI_DEFLATE_FAST);

	if (!z)
		return 1;
	test_empty(&s, z);
	test_edge(&s, z);
	test_reference(&s, z);
	test_lengths(&s, z);
	test_wild(&s, z);
	test_many(&s, z);
	dbi_object_stream_dispose(&s);
	dbi_deflater_free(z);
	return tap_done();
}
