/* SPDX-License-Identifier: MIT */
/* Numbers and amounts of money: parts from ICU, digits by ourselves. */
#include <string.h>
#include <unicode/ucurr.h>
#include <unicode/ustring.h>
#include "util/format_lang.h"
#include "util/mem.h"
#include "util/utf8.h"

#define MAX_DECIMAL 400 /* characters of a number, so that rounding fits on the stack */
#define MAX_CURRENCIES 400

/* Formats a single digit and takes what stands around it. */
static bool affixes(UNumberFormat *nf, bool negative, uint32_t zero, char *before, char *after)
{
	UErrorCode st = U_ZERO_ERROR;
	char utf8[128], one[5] = { 0 }, *at;
	UChar text[64];
	size_t width = dbi_utf8_put(one, zero + 1);
	int32_t n;

	n = unum_formatDecimal(nf, negative ? "-1" : "1", negative ? 2 : 1, text, 63, NULL, &st);
	if (U_FAILURE(st) || !dbi_format_utf8(utf8, sizeof(utf8), text, n))
		return false;
	at = strstr(utf8, one);
	if (!at || at - utf8 >= DBI_FORMAT_PART || strlen(at + width) >= DBI_FORMAT_PART)
		return false;
	memcpy(before, utf8, (size_t)(at - utf8));
	before[at - utf8] = '\0';
	memcpy(after, at + width, strlen(at + width) + 1);
	return true;
}

static bool symbol(UNumberFormat *nf, UNumberFormatSymbol which, char out[DBI_FORMAT_PART])
{
	UErrorCode st = U_ZERO_ERROR;
	UChar s[DBI_FORMAT_PART];
	int32_t n = unum_getSymbol(nf, which, s, DBI_FORMAT_PART, &st);

	return U_SUCCESS(st) && n < DBI_FORMAT_PART && dbi_format_utf8(out, DBI_FORMAT_PART, s, n);
}

/* Digits that must stand before the first separator: CLDR writes 1234 but 12.345 in some languages. ICU tells only by doing. */
static int group_minimum(UNumberFormat *nf, uint32_t zero, const char *group)
{
	char utf8[128], parted[DBI_FORMAT_PART + 10]; /* 1, separator, 1 */
	size_t n = dbi_utf8_put(parted, zero + 1), n_group = strlen(group);
	UErrorCode st = U_ZERO_ERROR;
	UChar text[64];
	int32_t len, min;

	memcpy(parted + n, group, n_group);
	memcpy(parted + n + n_group, parted, n);
	parted[2 * n + n_group] = '\0';
	unum_setAttribute(nf, UNUM_MINIMUM_GROUPING_DIGITS, UNUM_MINIMUM_GROUPING_DIGITS_AUTO);
	for (min = 1; min < 4; min++) {
		len = unum_formatDecimal(nf, "111111", 3 + min, text, 63, NULL, &st);
		if (U_FAILURE(st) || !dbi_format_utf8(utf8, sizeof(utf8), text, len) || strstr(utf8, parted))
			break;
	}
	return min;
}

static bool read_symbols(UNumberFormat *nf, struct dbi_number_parts *p)
{
	bool money = p->currency[0] != '\0';
	char zero[DBI_FORMAT_PART];
	size_t n;

	if (!symbol(nf, UNUM_ZERO_DIGIT_SYMBOL, zero) ||
	    !symbol(nf, money ? UNUM_MONETARY_SEPARATOR_SYMBOL : UNUM_DECIMAL_SEPARATOR_SYMBOL, p->decimal) ||
	    !symbol(nf, money ? UNUM_MONETARY_GROUPING_SEPARATOR_SYMBOL : UNUM_GROUPING_SEPARATOR_SYMBOL, p->group))
		return false;
	p->zero = dbi_utf8_next(zero, strlen(zero), &n);
	p->group_size = unum_getAttribute(nf, UNUM_GROUPING_USED) ? unum_getAttribute(nf, UNUM_GROUPING_SIZE) : 0;
	p->group_size2 = unum_getAttribute(nf, UNUM_SECONDARY_GROUPING_SIZE);
	if (p->group_size2 <= 0)
		p->group_size2 = p->group_size;
	p->group_min = p->group_size == 3 ? group_minimum(nf, p->zero, p->group) : 1;
	return true;
}

static int read_parts(const char *locale, struct dbi_number_parts *p, struct dbrief_error *err)
{
	UErrorCode st = U_ZERO_ERROR;
	bool money = p->currency[0] != '\0';
	UNumberFormat *nf = unum_open(money ? UNUM_CURRENCY : UNUM_DECIMAL, NULL, 0, locale, NULL, &st);
	UChar currency[4];

	if (U_SUCCESS(st) && money) {
		u_charsToUChars(p->currency, currency, 4);
		unum_setTextAttribute(nf, UNUM_CURRENCY_CODE, currency, 3, &st);
		if (U_SUCCESS(st))
			p->digits = ucurr_getDefaultFractionDigits(currency, &st);
	}
	if (U_SUCCESS(st)) {
		unum_setAttribute(nf, UNUM_MIN_FRACTION_DIGITS, 0);
		unum_setAttribute(nf, UNUM_MAX_FRACTION_DIGITS, 0);
		if (!read_symbols(nf, p) || !affixes(nf, false, p->zero, p->plus_before, p->plus_after) ||
		    !affixes(nf, true, p->zero, p->minus_before, p->minus_after))
			st = U_BUFFER_OVERFLOW_ERROR;
	}
	if (nf)
		unum_close(nf);
	return U_FAILURE(st) ? dbi_format_icu_error(err, st) : DBRIEF_OK;
}

int dbi_lang_numbers(struct dbi_lang *l, const char *currency, const struct dbi_number_parts **parts, struct dbrief_error *err)
{
	struct dbi_number_parts *p;
	size_t i;
	int st;

	for (i = 0; i < l->n_numbers; i++)
		if (strcmp(l->numbers[i].currency, currency) == 0) {
			*parts = &l->numbers[i];
			return DBRIEF_OK;
		}
	if (!dbi_grow(&l->numbers, &l->cap_numbers, l->n_numbers + 1, sizeof(*p), MAX_CURRENCIES))
		return dbi_error_memory(err);
	p = &l->numbers[l->n_numbers];
	memset(p, 0, sizeof(*p));
	memcpy(p->currency, currency, strlen(currency) + 1);
	st = read_parts(l->locale, p, err);
	if (st)
		return st;
	l->n_numbers++;
	*parts = p;
	return DBRIEF_OK;
}

/* A decimal taken apart: whole and fraction digits without leading zeros, rounded. */
struct decimal {
	bool negative;
	char digits[MAX_DECIMAL * 2 + 2]; /* whole, then fraction */
	size_t whole, fraction;
};

static bool decimal_split(struct decimal *d, const char *s)
{
	const char *whole, *fraction = "";
	size_t n_whole, n_fraction = 0;

	d->negative = *s == '-';
	whole = s + d->negative;
	n_whole = strspn(whole, "0123456789");
	if (whole[n_whole] == '.') {
		fraction = whole + n_whole + 1;
		n_fraction = strspn(fraction, "0123456789");
		if (n_fraction == 0 || fraction[n_fraction])
			return false;
	} else if (whole[n_whole]) {
		return false;
	}
	if (n_whole == 0 || n_whole + n_fraction > MAX_DECIMAL)
		return false;
	while (n_whole > 1 && *whole == '0') {
		whole++;
		n_whole--;
	}
	d->digits[0] = '0'; /* room for a carry */
	memcpy(d->digits + 1, whole, n_whole);
	memcpy(d->digits + 1 + n_whole, fraction, n_fraction);
	d->whole = n_whole;
	d->fraction = n_fraction;
	return true;
}

/* Half away from zero, as people round money. digits[0] takes the carry. */
static void decimal_round(struct decimal *d, size_t want)
{
	size_t i = 1 + d->whole + want;

	if (d->fraction <= want) {
		memset(d->digits + 1 + d->whole + d->fraction, '0', want - d->fraction);
	} else if (d->digits[i] >= '5') {
		while (d->digits[--i] == '9')
			d->digits[i] = '0';
		d->digits[i]++;
	}
	d->fraction = want;
}

static size_t digit_put(char *to, const struct dbi_number_parts *p, char digit)
{
	if (p->zero == '0') {
		*to = digit;
		return 1;
	}
	return dbi_utf8_put(to, p->zero + (uint32_t)(digit - '0'));
}

/* Is there a separator before the digit that has `left` digits from itself to the end of the whole part? */
static bool group_here(const struct dbi_number_parts *p, size_t whole, size_t left)
{
	size_t size = (size_t)p->group_size;

	if (size == 0 || left == whole || whole < size + (size_t)p->group_min || left < size)
		return false;
	return (left - size) % (size_t)p->group_size2 == 0;
}

static void decimal_write(const struct dbi_number_parts *p, const char *digits, size_t whole, size_t fraction, struct dbi_buf *out)
{
	size_t i, n_group = strlen(p->group), len = 0;
	char *to = dbi_buf_room(out, (whole + fraction) * 4 + whole * n_group + DBI_FORMAT_PART);

	if (!to)
		return;
	for (i = 0; i < whole; i++) {
		if (group_here(p, whole, whole - i)) {
			memcpy(to + len, p->group, n_group);
			len += n_group;
		}
		len += digit_put(to + len, p, digits[i]);
	}
	if (fraction) {
		memcpy(to + len, p->decimal, strlen(p->decimal));
		len += strlen(p->decimal);
	}
	for (i = 0; i < fraction; i++)
		len += digit_put(to + len, p, digits[whole + i]);
	to[len] = '\0';
	out->len += len;
}

int dbi_number_write(const struct dbi_number_parts *p, const char *decimal, int digits, struct dbi_buf *out, struct dbrief_error *err)
{
	struct decimal d;
	size_t carry;

	if (digits > MAX_DECIMAL || !decimal_split(&d, decimal))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, NULL,
		    "a number is not a plain decimal of at most %d digits; correct it or show it as text", MAX_DECIMAL);
	if (digits >= 0)
		decimal_round(&d, (size_t)digits);
	carry = d.digits[0] == '1';
	dbi_buf_adds(out, d.negative ? p->minus_before : p->plus_before);
	decimal_write(p, d.digits + 1 - carry, d.whole + carry, d.fraction, out);
	dbi_buf_adds(out, d.negative ? p->minus_after : p->plus_after);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
