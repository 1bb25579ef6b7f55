/* SPDX-License-Identifier: MIT */
#include "pdf/deflate_latin.h"

/* Shorter texts are written with less by codes of their own, or by those that need no table. */
#define SHORTEST 2048
#define PIECE 128

/* A hexadecimal digit a symbol, from all pages and models of the sample company's letters: tests/bench/codes.py. */
static const char lengths[] =
	"dedeffffff8dffffffffffffffffffff4e7ffced88ff866866667777779a897cc889889899a9989b9b988a99bb9a9cf9f577"
	"647765b767567b565698b98efdffbfdffefffafffffffffffffffaffcf9cdfedafcdffffeffffeefffbffffeaeffffc9eeff"
	"fffffcecefffffffdfffffffcfbffffffffffffffeffffffffffffffbf455566667776788889a99bbadefdbddbcb89765545"
	"4444444444455656";

static unsigned digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void dbi_latin_init(struct dbi_latin *latin)
{
	struct dbi_codes *c = &latin->codes;
	struct dbi_bits *h = &latin->header;

	memset(latin, 0, sizeof(*latin));
	for (unsigned i = 0; i < 286; i++)
		c->lengths[i] = (unsigned char)digit(lengths[i]);
	for (unsigned i = 0; i < 30; i++)
		c->lengths[DBI_FIRST_DISTANCE + i] = (unsigned char)digit(lengths[286 + i]);
	dbi_codes_set(c);
	h->p = latin->bytes;
	dbi_codes_begin_block(c, h, 0);
}

bool dbi_is_latin(const unsigned char *text, size_t len)
{
	size_t others = 0;

	if (len < SHORTEST || len > DBI_LATIN_LONGEST)
		return false;
	for (size_t i = 0; i + PIECE <= len; i += PIECE) {
		unsigned char n = 0; /* a byte is enough, and many are counted at once */
		for (size_t k = i; k < i + PIECE; k++)
			n = (unsigned char)(n + ((unsigned char)(text[k] - 0x20) > 0x7E - 0x20));
		others += n;
	}
	return others < len / 8; /* line feeds are among them */
}

/* The block's header, at whatever bit it begins. */
static void begin_block(const struct dbi_latin *latin, struct dbi_bits *bits, bool last)
{
	const unsigned char *p = latin->bytes, *end = latin->header.p;

	dbi_bits_put(bits, *p++ | (unsigned)last, 8);
	for (; p < end; p++) {
		dbi_bits_flush(bits);
		dbi_bits_put(bits, *p, 8);
	}
	dbi_bits_flush(bits);
	dbi_bits_put(bits, latin->header.acc, latin->header.n);
	dbi_bits_flush(bits);
}

void dbi_latin_write(const struct dbi_latin *latin, struct dbi_places *places, const unsigned char *text, size_t len, bool last,
    struct dbi_bits *out)
{
	const struct dbi_codes *c = &latin->codes;
	const unsigned char *p = text, *end = text + len, *last_start = end - DBI_LAST_START;
	struct dbi_bits bits = *out;

	memset(places, 0, sizeof(*places)); /* or the text before would tell in the bytes of this one */
	begin_block(latin, &bits, last);
	while (p < last_start) {
		struct dbi_match m = dbi_match_find(places, text, p, end);
		if (m.len) {
			dbi_bits_put_token(&bits, c, dbi_length_tokens[m.len - 3]);
			dbi_bits_put_token(&bits, c, dbi_distance_token(m.dist - 1));
			p += m.len;
			if (p < last_start)
				dbi_match_note(places, text, p - 1);
		} else {
			dbi_bits_put(&bits, c->codes[*p], c->bits[*p]);
			p++;
		}
		dbi_bits_flush(&bits);
	}
	for (; p < end; p++) {
		dbi_bits_put(&bits, c->codes[*p], c->bits[*p]);
		dbi_bits_flush(&bits);
	}
	dbi_codes_end_block(c, &bits);
	*out = bits;
}
