/* SPDX-License-Identifier: MIT */
/*
 * Shortest decimal that reads back as the same double: Steele and White's
 * free-format method on exact big integers, behind a shortcut for the few
 * digits that real data has.
 */
#include "util/number.h"

#include <string.h>

/* 40 words of 32 bits: the largest value met is near 2^1140. */
#define WORDS 40
struct big {
	uint32_t w[WORDS];
	int n;
};

static void big_set(struct big *b, uint64_t v)
{
	memset(b, 0, sizeof *b);
	b->w[0] = (uint32_t)v;
	b->w[1] = (uint32_t)(v >> 32);
	b->n = b->w[1] ? 2 : b->w[0] ? 1 : 0;
}

static void big_mul(struct big *b, uint32_t factor)
{
	uint64_t carry = 0;

	for (int i = 0; i < b->n; i++) {
		carry += (uint64_t)b->w[i] * factor;
		b->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry && b->n < WORDS)
		b->w[b->n++] = (uint32_t)carry;
}

static void big_shift(struct big *b, int count)
{
	int words = count / 32;

	if (b->n == 0)
		return;
	memmove(b->w + words, b->w, (size_t)b->n * sizeof *b->w);
	memset(b->w, 0, (size_t)words * sizeof *b->w);
	b->n += words;
	if (count % 32)
		big_mul(b, (uint32_t)1 << count % 32);
}

static int big_compare(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (int i = a->n - 1; i >= 0; i--)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

static void big_add(struct big *a, const struct big *b)
{
	uint64_t carry = 0;
	int n = a->n > b->n ? a->n : b->n;

	for (int i = 0; i < n; i++) {
		carry += (uint64_t)a->w[i] + b->w[i];
		a->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	a->n = n;
	if (carry && n < WORDS)
		a->w[a->n++] = (uint32_t)carry;
}

static void big_subtract(struct big *a, const struct big *b)
{
	int64_t borrow = 0;

	for (int i = 0; i < a->n; i++) {
		borrow += (int64_t)a->w[i] - b->w[i];
		a->w[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	while (a->n > 0 && a->w[a->n - 1] == 0)
		a->n--;
}

/* Compares a + b with c. */
static int big_compare_sum(const struct big *a, const struct big *b, const struct big *c)
{
	struct big sum = *a;

	big_add(&sum, b);
	return big_compare(&sum, c);
}

/* value = rest / scale; low and high reach half way to the neighbouring doubles. */
struct shortest {
	struct big rest, scale, low, high;
	bool even;    /* the ends of the interval still read back as the value */
	int exponent; /* value = 0.d1d2d3... * 10^exponent */
};

static void shortest_start(struct shortest *s, uint64_t fraction, int exponent, bool at_power)
{
	int extra = at_power ? 1 : 0;

	s->even = fraction % 2 == 0;
	big_set(&s->rest, fraction);
	big_set(&s->scale, 1);
	big_set(&s->low, 1);
	big_set(&s->high, 1);
	big_shift(&s->rest, (exponent > 0 ? exponent : 0) + 1 + extra);
	big_shift(&s->scale, (exponent < 0 ? -exponent : 0) + 1 + extra);
	if (exponent > 0) {
		big_shift(&s->low, exponent);
		big_shift(&s->high, exponent);
	}
	/* Below a power of two the doubles lie twice as close. */
	big_shift(&s->high, extra);
}

static bool is_over(const struct shortest *s)
{
	int order = big_compare_sum(&s->rest, &s->high, &s->scale);

	return s->even ? order >= 0 : order > 0;
}

static void times_ten(struct shortest *s)
{
	big_mul(&s->rest, 10);
	big_mul(&s->low, 10);
	big_mul(&s->high, 10);
}

static void shortest_scale(struct shortest *s, int binary_exponent)
{
	/* log10(2) = 0.30103; the estimate is never too high, the loop corrects it. */
	int estimate = (int)((int64_t)binary_exponent * 30103 / 100000) - 1;

	s->exponent = estimate;
	for (int i = 0; i < estimate; i++)
		big_mul(&s->scale, 10);
	for (int i = 0; i > estimate; i--)
		times_ten(s);
	while (is_over(s)) {
		big_mul(&s->scale, 10);
		s->exponent++;
	}
}

/* At most 17 digits; returns how many. */
static int shortest_digits(struct shortest *s, char digits[20])
{
	int n = 0;

	for (;;) {
		int digit = 0, order;
		bool low, high;

		times_ten(s);
		while (big_compare(&s->rest, &s->scale) >= 0) {
			big_subtract(&s->rest, &s->scale);
			digit++;
		}
		order = big_compare(&s->rest, &s->low);
		low = s->even ? order <= 0 : order < 0;
		high = is_over(s);
		if (!low && !high && n < 18) {
			digits[n++] = (char)('0' + digit);
			continue;
		}
		order = big_compare_sum(&s->rest, &s->rest, &s->scale);
		if (high && (!low || order > 0 || (order == 0 && digit % 2)))
			digit++;
		digits[n++] = (char)('0' + digit);
		return n;
	}
}

static void add_digits(struct dbi_buf *b, const char *digits, int n, int exponent)
{
	if (exponent <= 0) {
		dbi_buf_adds(b, "0.");
		for (; exponent < 0; exponent++)
			dbi_buf_addc(b, '0');
		dbi_buf_add(b, digits, (size_t)n);
		return;
	}
	if (exponent >= n) {
		dbi_buf_add(b, digits, (size_t)n);
		for (; exponent > n; exponent--)
			dbi_buf_addc(b, '0');
		return;
	}
	dbi_buf_add(b, digits, (size_t)exponent);
	dbi_buf_addc(b, '.');
	dbi_buf_add(b, digits + exponent, (size_t)(n - exponent));
}

/*
 * Up to 15 digits with at most 9 behind the point: n and 10^k are exact, so
 * their quotient is the double nearest to that decimal.
 */
static bool add_simple(struct dbi_buf *b, double v)
{
	double power = 1;

	if (!(v > -1e15 && v < 1e15))
		return false;
	for (int k = 0; k <= 9; k++, power *= 10) {
		double scaled = v * power;
		int64_t n;

		if (!(scaled > -1e15 && scaled < 1e15))
			return false;
		n = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
		if ((double)n / power == v) { /* exact comparison intended */
			dbi_buf_add_fixed(b, n, k);
			return true;
		}
	}
	return false;
}

bool dbi_buf_add_real(struct dbi_buf *b, double v)
{
	struct shortest s;
	char digits[20];
	uint64_t bits, fraction;
	int exponent, n, top;

	memcpy(&bits, &v, sizeof bits);
	exponent = (int)(bits >> 52 & 0x7FF);
	fraction = bits & 0xFFFFFFFFFFFFFu;
	if (exponent == 0x7FF)
		return false;
	if (add_simple(b, v))
		return !b->failed;
	if (bits >> 63)
		dbi_buf_addc(b, '-');
	if (exponent == 0)
		exponent = 1;
	else
		fraction |= (uint64_t)1 << 52;
	exponent -= 1075;
	top = exponent + 64 - __builtin_clzll(fraction);
	shortest_start(&s, fraction, exponent, fraction == (uint64_t)1 << 52 && exponent > -1074);
	shortest_scale(&s, top);
	n = shortest_digits(&s, digits);
	add_digits(b, digits, n, s.exponent);
	return !b->failed;
}
