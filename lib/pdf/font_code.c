/* SPDX-License-Identifier: MIT */
#include "pdf/font_code.h"

#include "pdf/font.h"
#include "util/mem.h"

#define MOST_BYTES 32000u   /* all of them, so that every distance is inside the window */
#define HASH_BITS 11
#define LITERAL_BITS 6      /* what one costs, about */
#define TRIES 500u           /* places with the same bytes that are looked at */
#define MOST_BITS 60000u    /* of a piece, before the last token: their number has 16 bits */
#define NONE UINT32_MAX
#define OWN UINT8_MAX       /* source of a match: the outline itself */

/* A literal (len 0), or a match: where it starts and what is there, counted from the outlines' starts. */
struct token { uint16_t len, to, from; uint8_t source, literal; };

/* Bits, and behind them a match with an outline of the core, len 0 for none. */
struct piece { uint32_t bits; uint16_t n_bits, len, to, from; uint8_t source; };

struct dbi_font_code {
	struct dbi_codes codes;
	unsigned char header[512]; /* of a block of those codes */
	unsigned header_bits;
	unsigned n, unit;
	uint32_t *first;        /* piece of each outline, of what is fixed, and the end */
	uint16_t *sizes;        /* bytes of each outline */
	uint8_t *core;          /* 1 + place in the core, 0: not in it */
	struct piece *pieces;
	size_t n_pieces, cap_pieces;
	unsigned char *bits;    /* each piece's from a whole byte on */
	size_t n_bits, cap_bits;
};

/* ---- looking through ---- */

struct coder {
	const unsigned char *text;
	const uint32_t *from;
	const uint16_t *core;
	uint32_t heads[1u << HASH_BITS];
	uint32_t *before;       /* place with the same hash before each place */
	uint8_t *source;        /* of each place */
	struct token *tokens;
	size_t n_tokens;
	uint32_t counts[DBI_SYMBOLS];
};

static uint32_t hash_of(const unsigned char *p)
{
	return ((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) * 2654435761u >> (32 - HASH_BITS);
}

static uint32_t bits_of(uint32_t distance)
{
	uint32_t symbol = dbi_token_symbol(dbi_distance_token(distance - 1)) - DBI_FIRST_DISTANCE;
	return 7 + symbol / 4 + (symbol < 4 ? 0 : symbol / 2 - 1);
}

/* The match at `at` that saves most bits, in the outline from start to end or in one of the core. */
static struct token find(const struct coder *c, uint32_t at, uint32_t start, uint32_t end, int32_t *saved)
{
	struct token best = { 0, (uint16_t)(at - start), 0, OWN, c->text[at] };

	*saved = 0;
	unsigned tries = TRIES;
	for (uint32_t p = at + 3 <= end ? c->heads[hash_of(c->text + at)] : NONE; p != NONE && tries; p = c->before[p], tries--) {
		unsigned source = p >= start ? OWN : c->source[p];
		uint32_t from = source == OWN ? start : c->from[c->core[source]];
		uint32_t stop = source == OWN ? end : c->from[c->core[source] + 1u], len = 0;
		while (len < 258 && at + len < end && p + len < stop && c->text[p + len] == c->text[at + len])
			len++;
		int32_t save = (int32_t)(len * LITERAL_BITS) - (int32_t)bits_of(at - p);
		if (len >= 3 && save > *saved) {
			*saved = save;
			best = (struct token){ (uint16_t)len, (uint16_t)(at - start), (uint16_t)(p - from), (uint8_t)source, 0 };
		}
		if (len == 258)
			break;
	}
	return best;
}

static void remember(struct coder *c, uint32_t at, uint32_t end)
{
	if (at + 3 > end)
		return;
	uint32_t *head = &c->heads[hash_of(c->text + at)];
	c->before[at] = *head;
	*head = at;
}

/* Outlines outside the core are seen by themselves alone. */
static void forget(struct coder *c, uint32_t start, uint32_t end)
{
	for (uint32_t at = end; at-- > start;)
		if (at + 3 <= end)
			c->heads[hash_of(c->text + at)] = c->before[at];
}

static void count(struct coder *c, const struct token *t, uint32_t start)
{
	uint32_t from = t->source == OWN ? start : c->from[c->core[t->source]];

	c->counts[t->len ? dbi_token_symbol(dbi_length_tokens[t->len - 3]) : t->literal]++;
	if (t->len)
		c->counts[dbi_token_symbol(dbi_distance_token(start + t->to - (from + t->from) - 1))]++;
}

static void look_through(struct coder *c, uint32_t start, uint32_t end)
{
	for (uint32_t at = start; at < end;) {
		int32_t saved, saved_next = 0;
		struct token t = find(c, at, start, end, &saved);
		remember(c, at, end);
		if (t.len && at + 1 < end)
			(void)find(c, at + 1, start, end, &saved_next);
		if (saved_next > saved)
			t = (struct token){ 0, (uint16_t)(at - start), 0, OWN, c->text[at] };
		c->tokens[c->n_tokens++] = t;
		count(c, &t, start);
		for (at++; t.len > 1; t.len--)
			remember(c, at++, end);
	}
}

/* ---- strings of bits ---- */

static inline void write_match(const struct dbi_codes *c, unsigned len, uint32_t dist, struct dbi_bits *bits)
{
	dbi_bits_put_token(bits, c, dbi_length_tokens[len - 3]);
	dbi_bits_put_token(bits, c, dbi_distance_token(dist - 1));
	dbi_bits_flush(bits);
}

static inline void write_literal(const struct dbi_codes *c, unsigned char byte, struct dbi_bits *bits)
{
	dbi_bits_put_token(bits, c, byte);
	dbi_bits_flush(bits);
}

/* How many bits were written since `start`. */
static size_t count_bits(const struct dbi_bits *bits, const unsigned char *start)
{
	return 8 * (size_t)(bits->p - start) + bits->n;
}

static bool begin_piece(struct dbi_font_code *c)
{
	if (!dbi_grow(&c->pieces, &c->cap_pieces, c->n_pieces + 1, sizeof(*c->pieces), SIZE_MAX) ||
	    !dbi_grow(&c->bits, &c->cap_bits, c->n_bits + MOST_BITS / 8 + 32, 1, SIZE_MAX))
		return false;
	c->pieces[c->n_pieces++] = (struct piece){ (uint32_t)c->n_bits, 0, 0, 0, 0, 0 };
	return true;
}

/* Codes of what does not depend on the selection, up to the next match with the core or as many as fit. */
static const struct token *write_piece(struct dbi_font_code *c, const struct token *t, const struct token *end)
{
	struct piece *p = &c->pieces[c->n_pieces - 1];
	struct dbi_bits bits = { c->bits + c->n_bits, 0, 0 };
	size_t n = 0;

	for (; t < end && (!t->len || t->source == OWN) && n < MOST_BITS; t++) {
		if (t->len)
			write_match(&c->codes, t->len, (uint32_t)(t->to - t->from), &bits);
		else
			write_literal(&c->codes, t->literal, &bits);
		n = count_bits(&bits, c->bits + c->n_bits);
	}
	dbi_bits_end(&bits);
	c->n_bits = (size_t)(bits.p - c->bits);
	p->n_bits = (uint16_t)n;
	if (t < end && t->len && t->source != OWN) {
		p->len = t->len;
		p->to = t->to;
		p->from = t->from;
		p->source = t->source;
		t++;
	}
	return t;
}

static bool write_strings(struct dbi_font_code *c, const struct coder *k, const uint32_t *ends)
{
	const struct token *t = k->tokens;

	for (unsigned i = 0; i <= c->n; i++) {
		c->first[i] = (uint32_t)c->n_pieces;
		while (t < k->tokens + ends[i]) {
			if (!begin_piece(c))
				return false;
			t = write_piece(c, t, k->tokens + ends[i]);
		}
	}
	c->first[c->n + 1] = (uint32_t)c->n_pieces;
	/* Strings are read eight bytes at a time. */
	return dbi_grow(&c->bits, &c->cap_bits, c->n_bits + 8, 1, SIZE_MAX);
}

/* The table of places as literals, and matches (256 + length - 3) with the place before, where some are equal. */
struct places { const unsigned char *start, *p, *end; unsigned unit, left; };

/* Is a place, of two or four bytes, the same as the one before? */
static inline bool is_as_before(const unsigned char *q, unsigned unit)
{
	return unit == 2 ? memcmp(q, q - 2, 2) == 0 : memcmp(q, q - 4, 4) == 0;
}

static int next_of_places(struct places *r)
{
	const unsigned char *q = r->p;

	if (r->left) {
		r->left--;
		return *r->p++;
	}
	if (q == r->end)
		return -1;
	while (q > r->start && q < r->end && q < r->p + 256 && is_as_before(q, r->unit))
		q += r->unit;
	if (q < r->p + 3) {
		r->left = r->unit - 1;
		return *r->p++;
	}
	int token = 256 + (int)(q - r->p) - 3;
	r->p = q;
	return token;
}

/* What changes with the selection may be any literal, length or distance. */
static void count_unforeseen(struct coder *k, const struct dbi_font_text *text)
{
	struct places r = { text->places, text->places, text->places + text->n_places, text->unit, 0 };

	for (int t = next_of_places(&r); t >= 0; t = next_of_places(&r)) {
		k->counts[t < 256 ? (uint32_t)t : dbi_token_symbol(dbi_length_tokens[t - 256])]++;
		k->counts[dbi_token_symbol(dbi_distance_token(text->unit - 1))] += t >= 256;
	}
	for (unsigned i = 0; i < 286; i++)
		k->counts[i] += i != 256; /* the end of the block counts itself */
	for (unsigned i = 0; i < 30; i++)
		k->counts[DBI_FIRST_DISTANCE + i]++;
}

static void find_tokens(struct dbi_font_code *c, struct coder *k, const struct dbi_font_text *text, uint32_t *ends)
{
	struct dbi_bits bits = { c->header, 0, 0 };

	memset(k->heads, 0xFF, sizeof(k->heads));
	for (unsigned i = 0; i < c->n; i++) {
		uint32_t start = k->from[i], end = k->from[i + 1];
		look_through(k, start, end);
		if (!c->core[i])
			forget(k, start, end);
		memset(k->source + start, c->core[i] - 1, end - start);
		c->sizes[i] = (uint16_t)(end - start);
		ends[i] = (uint32_t)k->n_tokens;
	}
	memset(k->heads, 0xFF, sizeof(k->heads));
	k->text = text->fixed;
	look_through(k, 0, (uint32_t)text->n_fixed);
	ends[c->n] = (uint32_t)k->n_tokens;
	count_unforeseen(k, text);
	dbi_codes_make(&c->codes, k->counts);
	dbi_codes_begin_block(&c->codes, &bits, 1);
	c->header_bits = (unsigned)count_bits(&bits, c->header);
	dbi_bits_end(&bits);
}

static bool get_memory(struct dbi_font_code *c, struct coder *k, const struct dbi_font_text *text)
{
	size_t len = text->from[text->n] + text->n_fixed + 1;

	*k = (struct coder){ .text = text->outlines, .from = text->from, .core = text->core,
		.before = dbi_calloc(len, sizeof(*k->before)), .source = dbi_malloc(len),
		.tokens = dbi_calloc(len, sizeof(*k->tokens)) };
	c->n = text->n;
	c->unit = text->unit;
	c->first = dbi_calloc((size_t)text->n + 2, sizeof(*c->first));
	c->sizes = dbi_calloc((size_t)text->n + 1, sizeof(*c->sizes));
	c->core = dbi_calloc((size_t)text->n + 1, 1);
	return k->before && k->source && k->tokens && c->first && c->sizes && c->core;
}

bool dbi_font_code_new(struct dbi_font_code **code, const struct dbi_font_text *text)
{
	*code = NULL;
	if (text->from[text->n] > MOST_BYTES || text->n_fixed > MOST_BYTES || text->n_core > DBI_CORE_GLYPHS)
		return true;
	struct dbi_font_code *c = dbi_calloc(1, sizeof(*c));
	struct coder *k = dbi_calloc(1, sizeof(*k));
	uint32_t *ends = dbi_calloc((size_t)text->n + 1, sizeof(*ends));
	bool good = c && k && ends && get_memory(c, k, text);

	for (unsigned i = 0; good && i < text->n_core; i++)
		c->core[text->core[i]] = (uint8_t)(i + 1);
	if (good) {
		find_tokens(c, k, text, ends);
		good = write_strings(c, k, ends);
	}
	if (k) {
		dbi_free(k->before);
		dbi_free(k->source);
		dbi_free(k->tokens);
	}
	dbi_free(k);
	dbi_free(ends);
	if (good)
		*code = c;
	else
		dbi_font_code_free(c);
	return good;
}

void dbi_font_code_free(struct dbi_font_code *c)
{
	if (!c)
		return;
	dbi_free(c->first);
	dbi_free(c->sizes);
	dbi_free(c->core);
	dbi_free(c->pieces);
	dbi_free(c->bits);
	dbi_free(c);
}

/* ---- a selection ---- */

static uint64_t load_bits(const unsigned char *p)
{
	uint64_t v = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, p, sizeof(v));
#else
	for (unsigned i = 0; i < 8; i++)
		v |= (uint64_t)p[i] << 8 * i;
#endif
	return v;
}

static inline void copy_bits(struct dbi_bits *bits, const unsigned char *from, unsigned n)
{
	for (; n > 48; n -= 48, from += 6) {
		dbi_bits_put(bits, load_bits(from) & 0xFFFFFFFFFFFFu, 48);
		dbi_bits_flush(bits);
	}
	dbi_bits_put(bits, load_bits(from) & (((uint64_t)1 << n) - 1), n);
	dbi_bits_flush(bits);
}

static void write_places(const struct dbi_font_selection *s, struct dbi_bits *bits)
{
	const struct dbi_codes *c = &s->code->codes;
	struct places r = { s->places, s->places, s->places + s->n_places, s->code->unit, 0 };

	for (int t = next_of_places(&r); t >= 0; t = next_of_places(&r)) {
		if (t < 256)
			write_literal(c, (unsigned char)t, bits);
		else
			write_match(c, (unsigned)t - 256 + 3, s->code->unit, bits);
	}
}

static inline void write_pieces(const struct dbi_font_code *c, unsigned gid, uint32_t at, const uint32_t *places, struct dbi_bits *bits)
{
	for (uint32_t i = c->first[gid]; i < c->first[gid + 1]; i++) {
		const struct piece *p = &c->pieces[i];
		copy_bits(bits, c->bits + p->bits, p->n_bits);
		if (p->len)
			write_match(&c->codes, p->len, at + p->to - (places[p->source] + p->from), bits);
	}
}

void dbi_font_code_write(const struct dbi_font_selection *s, struct dbi_bits *out)
{
	const struct dbi_font_code *c = s->code;
	struct dbi_bits bits = *out;
	uint32_t at = 0, places[DBI_CORE_GLYPHS + 1] = { 0 };

	copy_bits(&bits, c->header, c->header_bits);
	for (size_t i = 0; i < s->n_begin; i++)
		write_literal(&c->codes, s->begin[i], &bits);
	write_pieces(c, c->n, 0, places, &bits);
	write_places(s, &bits);
	for (unsigned gid = dbi_glyph_next(s->set, c->n, 0); gid < c->n; gid = dbi_glyph_next(s->set, c->n, gid + 1)) {
		write_pieces(c, gid, at, places, &bits);
		if (c->core[gid])
			places[c->core[gid] - 1] = at;
		at += c->sizes[gid];
	}
	for (unsigned i = 0; i < s->zeros; i++)
		write_literal(&c->codes, 0, &bits);
	dbi_codes_end_block(&c->codes, &bits);
	*out = bits;
}

size_t dbi_font_code_bound(size_t len)
{
	/* A literal has at most 15 bits, a match for three bytes or more 48; codes of a block take less than 400 bytes. */
	return 2 * len + 512;
}
