/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "pdf/compress.h"
#include "pdf/deflate_block.h"
#include "util/mem.h"

#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>

typedef struct libdeflate_compressor packer;

static packer *new_packer(int level)
{
	/* Level 12 costs 9 MB and 20 times the time of level 9 for less than 2 % of a font. */
	return libdeflate_alloc_compressor(level);
}

static void free_packer(packer *p)
{
	libdeflate_free_compressor(p);
}

static void pack(packer *p, const void *in, size_t len, struct dbi_buf *out)
{
	size_t bound = libdeflate_zlib_compress_bound(p, len);
	char *room = dbi_buf_room(out, bound);
	if (!room)
		return;
	size_t n = libdeflate_zlib_compress(p, in, len, room, bound);
	if (n == 0)
		out->failed = true;
	out->len += n;
}

static uint32_t checksum(uint32_t sum, const void *in, size_t len)
{
	return libdeflate_adler32(sum, in, len);
}

#else
#include <limits.h>
#include <zlib.h>

typedef z_stream packer;

static void *alloc_zlib(void *user, uInt n, uInt size)
{
	(void)user;
	return dbi_calloc(n, size);
}

static void free_zlib(void *user, void *p)
{
	(void)user;
	dbi_free(p);
}

static packer *new_packer(int level)
{
	packer *p = dbi_calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->zalloc = alloc_zlib;
	p->zfree = free_zlib;
	if (deflateInit(p, level) == Z_OK)
		return p;
	dbi_free(p);
	return NULL;
}

static void free_packer(packer *p)
{
	deflateEnd(p);
	dbi_free(p);
}

static void pack(packer *p, const void *in, size_t len, struct dbi_buf *out)
{
	if (len > UINT_MAX / 2 || deflateReset(p) != Z_OK) {
		out->failed = true;
		return;
	}
	size_t bound = deflateBound(p, (uLong)len);
	char *room = dbi_buf_room(out, bound);
	if (!room)
		return;
	p->next_in = (z_const Bytef *)(uintptr_t)in;
	p->avail_in = (uInt)len;
	p->next_out = (Bytef *)room;
	p->avail_out = (uInt)bound;
	if (deflate(p, Z_FINISH) != Z_STREAM_END)
		out->failed = true;
	out->len += bound - p->avail_out;
}

static uint32_t checksum(uint32_t before, const void *in, size_t len)
{
	uLong sum = before;
	const Bytef *p = in;
	for (size_t part; len; len -= part, p += part) {
		part = len < UINT_MAX / 2 ? len : UINT_MAX / 2;
		sum = adler32(sum, p, (uInt)part);
	}
	return (uint32_t)sum;
}
#endif

#define NO_BYTES 1u /* checksum of nothing */

struct dbi_deflater {
	dbi_lz *lz;      /* FAST */
	packer *packer;  /* SMALL, LOT */
};

dbi_deflater *dbi_deflater_new(enum dbi_deflate_level level)
{
	dbi_deflater *z = dbi_calloc(1, sizeof(*z));
	if (!z)
		return NULL;
	if (level == DBI_DEFLATE_FAST)
		z->lz = dbi_lz_new();
	else
		z->packer = new_packer(level == DBI_DEFLATE_LOT ? 6 : 9);
	if (z->lz || z->packer)
		return z;
	dbi_free(z);
	return NULL;
}

void dbi_deflater_free(dbi_deflater *z)
{
	if (!z)
		return;
	dbi_lz_free(z->lz);
	if (z->packer)
		free_packer(z->packer);
	dbi_free(z);
}

/* A zlib stream (RFC 1950) around what stands n bytes long behind the first two: those, and the checksum behind. */
static void wrap(unsigned char *p, size_t n, uint32_t sum, struct dbi_buf *out)
{
	p[0] = 0x78;
	p[1] = 0x01;
	n += 2;
	for (int shift = 24; shift >= 0; shift -= 8)
		p[n++] = (unsigned char)(sum >> shift);
	out->len += n;
}

void dbi_deflate_coded(const void *in, size_t len, void (*write)(void *user, struct dbi_bits *bits), void *user, size_t bound,
    struct dbi_buf *out)
{
	unsigned char *p = (unsigned char *)dbi_buf_room(out, bound + 16);
	if (!p)
		return;
	struct dbi_bits bits = { p + 2, 0, 0 };
	write(user, &bits);
	dbi_bits_end(&bits);
	wrap(p, (size_t)(bits.p - p) - 2, checksum(NO_BYTES, in, len), out);
}

void dbi_deflate_parts(dbi_deflater *z, const struct dbi_lz_part *parts, size_t n, struct dbi_buf *out)
{
	unsigned char *p = (unsigned char *)dbi_buf_room(out, dbi_lz_bound(parts, n) + 6);
	uint32_t sum = NO_BYTES;

	if (!p)
		return;
	for (size_t i = 0; i < n; i++)
		sum = checksum(sum, parts[i].text, parts[i].len);
	wrap(p, dbi_lz_compress(z->lz, parts, n, p + 2), sum, out);
}

void dbi_deflate(dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out)
{
	if (z->lz)
		dbi_deflate_parts(z, &(struct dbi_lz_part){ .text = in, .len = len }, 1, out);
	else
		pack(z->packer, in, len, out);
}
