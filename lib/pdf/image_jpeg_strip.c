/* SPDX-License-Identifier: MIT */
/* Segments of a JPEG file (ITU-T T.81, annex B): which go into the letter and which stay behind. */
#include "pdf/picture.h"

#include <string.h>

enum { M_SOI = 0xD8, M_EOI = 0xD9, M_SOS = 0xDA, M_APP0 = 0xE0, M_APP1 = 0xE1, M_APP14 = 0xEE, M_APP15 = 0xEF, M_COM = 0xFE };

static unsigned read16(const unsigned char *p, bool little)
{
	return little ? (unsigned)p[1] << 8 | p[0] : (unsigned)p[0] << 8 | p[1];
}

static uint32_t read32(const unsigned char *p, bool little)
{
	return little ? (uint32_t)read16(p + 2, true) << 16 | read16(p, true) :
	    (uint32_t)read16(p, false) << 16 | read16(p + 2, false);
}

/* EXIF in an APP1 segment: is there an orientation other than upright? */
static bool is_turned(const unsigned char *p, size_t len)
{
	if (len < 14 || memcmp(p, "Exif\0\0", 6) != 0)
		return false;
	const unsigned char *tiff = p + 6;
	size_t n = len - 6;
	bool little = tiff[0] == 'I';
	uint32_t at = read32(tiff + 4, little);
	if (n < 10 || at > n - 2)
		return false;
	unsigned entries = read16(tiff + at, little);
	for (size_t i = 0, e = at + 2; i < entries && e + 12 <= n; i++, e += 12)
		if (read16(tiff + e, little) == 0x0112)
			return read16(tiff + e + 8, little) > 1;
	return false;
}

static bool is_kept(unsigned marker, const unsigned char *p, size_t len)
{
	if (marker == M_APP0)
		return len >= 5 && memcmp(p, "JFIF", 5) == 0;
	if (marker == M_APP14)
		return len >= 5 && memcmp(p, "Adobe", 5) == 0;
	return !(marker >= M_APP0 && marker <= M_APP15) && marker != M_COM;
}

/* JFIF without its thumbnail: 14 bytes with both thumbnail sizes 0. */
static void add_segment(struct dbi_buf *out, unsigned marker, const unsigned char *p, size_t len)
{
	bool jfif = marker == M_APP0 && len >= 14;
	size_t n = jfif ? 14 : len;
	dbi_buf_addc(out, (char)0xFF);
	dbi_buf_addc(out, (char)marker);
	dbi_buf_addc(out, (char)((n + 2) >> 8));
	dbi_buf_addc(out, (char)(n + 2));
	dbi_buf_add(out, p, jfif ? 12 : n);
	if (jfif)
		dbi_buf_add(out, "\0", 2);
}

/* Copies the coded data of a scan; returns where the next marker stands. */
static size_t copy_scan(struct dbi_buf *out, const unsigned char *bytes, size_t at, size_t len)
{
	size_t end = at;
	while (end + 1 < len && !(bytes[end] == 0xFF && bytes[end + 1] != 0 && bytes[end + 1] != 0xFF &&
	    !(bytes[end + 1] >= 0xD0 && bytes[end + 1] <= 0xD7)))
		end++;
	if (end + 1 >= len)
		end = len;
	dbi_buf_add(out, bytes + at, end - at);
	return end;
}

bool dbi_jpeg_strip(struct dbi_buf *out, const unsigned char *bytes, size_t len, bool *turned)
{
	size_t at = 2;
	if (len < 4 || bytes[0] != 0xFF || bytes[1] != M_SOI)
		return false;
	dbi_buf_add(out, bytes, 2);
	while (at + 1 < len && bytes[at] == 0xFF) {
		unsigned marker = bytes[at + 1];
		if (marker == 0xFF) {
			at++;
			continue;
		}
		if (marker == M_EOI) {
			dbi_buf_add(out, bytes + at, 2);
			return true;
		}
		if (marker < 0xC0 || at + 4 > len)
			return false;
		size_t n = read16(bytes + at + 2, false);
		if (n < 2 || n > len - at - 2)
			return false;
		const unsigned char *p = bytes + at + 4;
		if (marker == M_APP1 && is_turned(p, n - 2))
			*turned = true;
		if (is_kept(marker, p, n - 2))
			add_segment(out, marker, p, n - 2);
		at += 2 + n;
		if (marker == M_SOS)
			at = copy_scan(out, bytes, at, len);
	}
	return false;
}
