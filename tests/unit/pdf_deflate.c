/* SPDX-License-Identifier: MIT */
/* Our own deflate: whatever goes in comes out of zlib again, it stays in its bounds and never differs. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pdf/deflate_tokens.h"
#include "tap.h"

static uint32_t seed = 1;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* Unpacks a raw deflate stream; true when it is `text` and nothing more. */
static bool unpacks(const unsigned char *packed, size_t packed_len, const unsigned char *text, size_t len)
{
	unsigned char *out = malloc(len + 1);
	z_stream s = { .next_in = (z_const Bytef *)(uintptr_t)packed, .avail_in = (uInt)packed_len, .next_out = out, .avail_out = (uInt)len + 1 };
	bool good = out && inflateInit2(&s, -15) == Z_OK;

	good = good && inflate(&s, Z_FINISH) == Z_STREAM_END && s.avail_in == 0 && s.total_out == len && (!len || memcmp(out, text, len) == 0);
	inflateEnd(&s);
	free(out);
	return good;
}

struct packed { unsigned char *bytes; size_t len; };

static struct packed pack_parts(dbi_lz *z, const struct dbi_lz_part *parts, size_t n)
{
	struct packed p = { malloc(dbi_lz_bound(parts, n)), 0 };

	if (p.bytes)
		p.len = dbi_lz_compress(z, parts, n, p.bytes);
	return p;
}

static struct packed pack(dbi_lz *z, const unsigned char *text, size_t len)
{
	return pack_parts(z, &(struct dbi_lz_part){ .text = text, .len = len }, 1);
}

/* Packs parts of one text and unpacks it; the packed size, 0 when something is wrong. */
static size_t round_trip_parts(dbi_lz *z, const unsigned char *text, size_t len, const struct dbi_lz_part *parts, size_t n)
{
	struct packed p = pack_parts(z, parts, n);
	size_t size = p.bytes && p.len <= dbi_lz_bound(parts, n) && unpacks(p.bytes, p.len, text, len) ? p.len : 0;

	free(p.bytes);
	return size;
}

static size_t round_trip(dbi_lz *z, const unsigned char *text, size_t len)
{
	return round_trip_parts(z, text, len, &(struct dbi_lz_part){ .text = text, .len = len }, 1);
}

static void test_short(dbi_lz *z)
{
	static const char text[] = "abcabcabcabcabcabc";
	bool good = true;

	for (size_t len = 0; len < sizeof(text); len++)
		good = good && round_trip(z, (const unsigned char *)text, len);
	OK(good, "texts of 0 to 18 bytes come back");
}

/* Noise cannot be packed: it is stored, and hardly grows. */
static void test_noise(dbi_lz *z)
{
	size_t len = 300000, size;
	unsigned char *text = malloc(len);

	for (size_t i = 0; i < len; i++)
		text[i] = (unsigned char)roll(256);
	size = round_trip(z, text, len);
	OK(size >= len && size < len + 200, "noise comes back and is stored");
	free(text);
}

static void test_repeats(dbi_lz *z)
{
	size_t len = 3 << 20, size;
	unsigned char *text = calloc(1, len);

	size = round_trip(z, text, len);
	OK(size && size < len / 200, "a long text of one character comes back small");
	for (size_t i = 0; i < len; i++)
		text[i] = (unsigned char)(i % 32769 == 5);
	OK(round_trip(z, text, len), "repetitions a window apart come back");
	free(text);
}

/* Words, numbers and binary stretches of all lengths, in many sizes. */
static void test_mixtures(dbi_lz *z)
{
	unsigned char *text = malloc(200000);
	bool good = true;

	for (int n = 0; n < 200 && good; n++) {
		size_t len = roll(n % 10 ? 3000 : 200000), at = 0;
		unsigned kinds = 2 + roll(254);
		while (at < len) {
			size_t part = 1 + roll(300), from = at ? roll((uint32_t)at) : 0;
			bool repeat = at && roll(3);
			for (size_t i = 0; i < part && at < len; i++, at++)
				text[at] = repeat ? text[from + i] : (unsigned char)roll(kinds);
		}
		good = round_trip(z, text, len) != 0;
	}
	OK(good, "200 mixtures come back");
	free(text);
}

/* Frequencies that double from symbol to symbol ask for longer codes than there are. */
static void test_long_codes(dbi_lz *z)
{
	unsigned char lengths[32];
	uint32_t counts[32], space = 0;
	size_t at = 0;
	unsigned char *text = malloc(2 << 20);

	for (unsigned i = 0; i < 32; i++)
		counts[i] = i < 31 ? 1u << i : 1u << 30;
	dbi_huffman_lengths(counts, 32, 15, lengths);
	for (unsigned i = 0; i < 32; i++)
		space += lengths[i] && lengths[i] <= 15 ? 1u << (15 - lengths[i]) : 1u << 20;
	OK(space == 1u << 15, "codes of at most 15 bits that leave nothing over");
	for (unsigned i = 0; i < 13; i++)
		for (uint32_t k = 0; k < 1u << i; k++)
			text[at++] = (unsigned char)(i * 7 + 3 * (k & 1));
	OK(round_trip(z, text, at), "a text with very uneven frequencies comes back");
	free(text);
}

/* Tokens of a text that may stand at these distances before; returns its packed size, 0 when something is wrong. */
static size_t follow(dbi_lz *z, const unsigned char *text, size_t len, size_t step, const uint32_t distances[DBI_LZ_DISTANCES])
{
	struct dbi_lz_tokens t = { .n = 0 };
	size_t size;

	for (size_t at = 0, n; at < len; at += n) {
		n = len - at < step ? len - at : step;
		dbi_lz_tokens_follow(&t, text + at, n, at, distances);
	}
	if (t.run)
		dbi_lz_tokens_end_run(&t, text + len);
	size = round_trip_parts(z, text, len, &(struct dbi_lz_part){ .text = text, .len = len, .tokens = &t }, 1);
	dbi_lz_tokens_dispose(&t);
	return size;
}

/* What is said about repetitions is a hint and may be wrong. */
static void test_tokens(dbi_lz *z)
{
	static unsigned char text[50000];
	size_t free_size, followed;
	bool good = true;

	for (size_t i = 0; i < sizeof(text); i += 10) {
		char line[24];
		snprintf(line, sizeof(line), "%03u %03u00 ", (unsigned)(i / 10 % 1000), (unsigned)(i / 10 % 1000));
		memcpy(text + i, line, 10);
	}
	free_size = round_trip(z, text, 10000);
	followed = follow(z, text, 10000, 10000, (const uint32_t[]){ 10, 4, 0 });
	OK(free_size && followed && followed < free_size, "a text that is known to repeat itself every 10 bytes is smaller for it");
	size_t pieces = follow(z, text, 10000, 7, (const uint32_t[]){ 10, 4, 0 });
	OK(pieces && pieces < 2 * followed, "also when it is told in pieces of seven");
	for (int n = 0; n < 200 && good; n++) {
		if (n == 100) /* now nearly every distance gives a match */
			memset(text, 'x', sizeof(text) - 100);
		good = follow(z, text, roll(sizeof(text)), 1 + roll(400), (const uint32_t[]){ roll(4) ? roll(40000) : 0, roll(100), roll(5) }) != 0;
	}
	OK(good, "wrong hints do no harm");
}

/* A text in pieces, some of them empty, some with tokens. */
static void test_parts(dbi_lz *z)
{
	static unsigned char text[60000];
	struct dbi_lz_part parts[20];
	struct dbi_lz_tokens tokens[20] = { { .n = 0 } };
	bool good = true;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)(i % 7 ? i % 7 : roll(50));
	for (int n = 0; n < 100 && good; n++) {
		size_t at = 0, count = 1 + roll(20);
		for (size_t i = 0; i < count; i++, at += parts[i - 1].len) {
			parts[i] = (struct dbi_lz_part){ text + at, roll(4) ? roll(3000) : roll(12), roll(2) ? &tokens[i] : NULL };
			dbi_lz_tokens_clear(&tokens[i]);
			dbi_lz_tokens_follow(&tokens[i], parts[i].text, parts[i].len, at, (const uint32_t[]){ 7, 0, 14 });
			if (tokens[i].run)
				dbi_lz_tokens_end_run(&tokens[i], parts[i].text + parts[i].len);
		}
		good = round_trip_parts(z, text, at, parts, count) != 0;
	}
	OK(good, "parts come back as one text");
	for (int i = 0; i < 20; i++)
		dbi_lz_tokens_dispose(&tokens[i]);
}

/* Noise in blocks of a few bytes: each costs its header, which the bound knows of. */
static void test_many_blocks(dbi_lz *z)
{
	static struct dbi_lz_part parts[3000];
	static unsigned char text[30000];
	bool good = true;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)roll(256);
	for (size_t step = 1; step <= 10 && good; step += 3) {
		for (size_t i = 0; i < 3000; i++)
			parts[i] = (struct dbi_lz_part){ .text = text + i * step, .len = step };
		good = round_trip_parts(z, text, 3000 * step, parts, 3000) != 0;
	}
	OK(good, "thousands of blocks of a few bytes stay in their bounds");
}

/* Sentences as letters have them; returns their length, which is len at most. */
static size_t write_prose(unsigned char *text, size_t len)
{
	static const char *const words[] = { "Wir", "haben", "hierzu", "Daten", "gespeichert", "(Art. 6 Abs. 1)", ")]TJ\nEMC\n/TD<</MCID", "<field name=\"",
		("\xC3\xBC" "ber"), "Bestellung", "<< \\ ~ # { } | ^ ` @ > ?", "erledigt" };
	size_t at = 0;

	while (at + 64 < len)
		at += (size_t)snprintf((char *)text + at, 64, roll(4) ? "%s " : "%s %u.%02u ", words[roll(12)], roll(900), roll(100));
	return at;
}

/* Texts as letters have them, at whatever bit they begin. */
static void test_prose(dbi_lz *z)
{
	unsigned char *text = malloc(400000);
	bool good = true, small = true;

	for (int n = 0; n < 100 && good; n++) {
		size_t head = roll(50), len = head + write_prose(text + head, roll(n % 10 ? 6000 : 390000)), size;
		for (size_t i = 0; i < head; i++)
			text[i] = (unsigned char)roll(256);
		struct dbi_lz_part parts[] = { { .text = text, .len = head }, { .text = text + head, .len = len - head } };
		size = round_trip_parts(z, text, len, parts, 2);
		good = size != 0;
		small = small && (len < 4000 || size < len * 6 / 10);
	}
	OK(good, "100 texts of words and numbers come back");
	OK(small, "they are small");
	free(text);
}

/* Whatever bytes are strewn into such a text, and letters that follow no language. */
static void test_odd_prose(dbi_lz *z)
{
	unsigned char *text = malloc(100000);
	size_t len = write_prose(text, 60000), size;

	for (unsigned i = 0; i < 2000; i++)
		text[roll((uint32_t)len)] = (unsigned char)i;
	OK(round_trip(z, text, len), "a text of words with every byte in it comes back");
	for (size_t i = 0; i < 100000; i++)
		text[i] = (unsigned char)(0x20 + roll(95));
	size = round_trip(z, text, 100000);
	OK(size && size < 100000, "noise of printable characters comes back and does not grow");
	free(text);
}

/* Room is asked for in advance: that of models of hundreds of megabytes must not be a multiple of them. */
static void test_long_prose(dbi_lz *z)
{
	const struct dbi_lz_part huge = { .len = 400u << 20 };
	size_t len = 3 << 20, size, bound = dbi_lz_bound(&huge, 1);
	unsigned char *text = malloc(len);

	len = write_prose(text, len);
	size = round_trip(z, text, len);
	OK(size && size < len / 2, "megabytes of words and numbers come back, and are small");
	OK(bound >= huge.len && bound < huge.len + huge.len / 1000, "room for a long text is hardly more than the text");
	free(text);
}

/* What was packed before leaves no trace. */
static void test_same(dbi_lz *z)
{
	static unsigned char text[9000];
	dbi_lz *fresh = dbi_lz_new();
	bool same = true;

	for (size_t len = 90; len < sizeof(text); len *= 3) { /* with codes of their own and with fixed ones */
		size_t n = write_prose(text, len);
		struct packed a = pack(z, text, n), b = pack(fresh, text, n);
		same = same && a.len && a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
		free(a.bytes);
		free(b.bytes);
	}
	OK(same, "equal texts give equal bytes, whatever came before");
	dbi_lz_free(fresh);
}

int main(void)
{
	dbi_lz *z = dbi_lz_new();

	if (!z)
		return 1;
	test_short(z);
	test_noise(z);
	test_repeats(z);
	test_mixtures(z);
	test_long_codes(z);
	test_tokens(z);
	test_parts(z);
	test_many_blocks(z);
	test_prose(z);
	test_odd_prose(z);
	test_long_prose(z);
	test_same(z);
	dbi_lz_free(z);
	return tap_done();
}
