/* SPDX-License-Identifier: MIT */
#include "text/breaker.h"

#include <string.h>
#include <unicode/ustring.h>

#include "util/mem.h"
#include "util/utf8.h"

/*
 * False when every character is of a kind that stands on level 0 in a left to
 * right paragraph: nothing from right to left, no direction controls. Judged
 * by lead bytes, so some harmless characters count as suspicious.
 */
static bool maybe_right_to_left(const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = s[i], d = i + 1 < len ? s[i + 1] : 0;

		if (c < 0xD6)
			continue;
		if (c <= 0xDF)                                                /* U+0580..U+07FF */
			return true;
		if (c == 0xE0 && d < 0xA4)                                    /* U+0800..U+08FF */
			return true;
		if (c == 0xE2 && (d == 0x80 || d == 0x81) && i + 2 < len
		    && ((d == 0x80 && (s[i + 2] == 0x8E || s[i + 2] == 0x8F || s[i + 2] >= 0xA8)) || (d == 0x81 && s[i + 2] >= 0xA0))
		    && !(d == 0x80 && s[i + 2] >= 0xAF))                      /* U+200E, U+2028..U+202E, U+2060.. */
			return true;
		if (c == 0xEF && d >= 0xAC)                                   /* U+FB00.. */
			return true;
		if (c == 0xF0 && (d == 0x90 || d == 0x91 || d == 0x9E))       /* U+10000.., U+1E000.. */
			return true;
	}
	return false;
}

static int to_utf16(dbi_breaker *b, const char *text, size_t len, int32_t *n, struct dbrief_error *err)
{
	UErrorCode status = U_ZERO_ERROR;

	if (!dbi_grow(&b->utf16, &b->cap_utf16, len + 1, sizeof *b->utf16, INT32_MAX))
		return dbi_error_memory(err);
	u_strFromUTF8(b->utf16, (int32_t)b->cap_utf16, n, text, (int32_t)len, &status);
	if (U_FAILURE(status))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ENCODING, NULL,
		    "text to be set is not UTF-8; report this as a fault of the library");
	return DBRIEF_OK;
}

/* Each character's level to all its bytes. */
static void spread_levels(const char *text, size_t len, const UBiDiLevel *from, unsigned char *levels)
{
	size_t unit = 0;

	for (size_t i = 0, step; i < len; i += step) {
		uint32_t c = dbi_utf8_next(text + i, len - i, &step);

		memset(levels + i, from[unit], step);
		unit += c > 0xFFFF && c != 0xFFFFFFFF ? 2 : 1;
	}
}

int dbi_bidi_levels(dbi_breaker *b, const char *text, size_t len, int base, unsigned char *levels,
    struct dbrief_error *err)
{
	UErrorCode status = U_ZERO_ERROR;
	const UBiDiLevel *found;
	int32_t n;
	int rc;

	if (len == 0)
		return DBRIEF_OK;
	if (base <= 0 && !maybe_right_to_left((const unsigned char *)text, len)) {
		memset(levels, 0, len);
		return DBRIEF_OK;
	}
	if (len > INT32_MAX / 4)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, NULL, "a text is too long; shorten it at its source");
	if ((rc = to_utf16(b, text, len, &n, err)))
		return rc;
	if (!b->bidi && !(b->bidi = ubidi_open()))
		return dbi_error_memory(err);
	ubidi_setPara(b->bidi, b->utf16, n, base < 0 ? UBIDI_DEFAULT_LTR : (UBiDiLevel)(base != 0), NULL, &status);
	found = ubidi_getLevels(b->bidi, &status);
	if (U_FAILURE(status))
		return dbi_error_memory(err);
	spread_levels(text, len, found, levels);
	return DBRIEF_OK;
}

static void reverse(size_t *order, size_t a, size_t b)
{
	while (a + 1 < b) {
		size_t t = order[a];

		order[a++] = order[--b];
		order[b] = t;
	}
}

void dbi_bidi_reorder(const unsigned char *levels, size_t n, size_t *order)
{
	unsigned highest = 0, least_odd = 255;

	for (size_t i = 0; i < n; i++) {
		order[i] = i;
		if (levels[i] > highest)
			highest = levels[i];
		if ((levels[i] & 1) && levels[i] < least_odd)
			least_odd = levels[i];
	}
	/*
	 * Each step reverses what stands on `level` or above. The pieces have moved
	 * since the first step, but only within such stretches, so their bounds can
	 * be read in the first order.
	 */
	for (unsigned level = highest; level >= least_odd && level > 0; level--) {
		for (size_t a = 0, b; a < n; a = b) {
			b = a + 1;
			if (levels[a] < level)
				continue;
			while (b < n && levels[b] >= level)
				b++;
			reverse(order, a, b);
		}
	}
}
