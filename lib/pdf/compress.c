/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "pdf/compress.h"
#include "util/mem.h"

#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>

struct dbi_deflater {
	struct libdeflate_compressor *c;
};

dbi_deflater *dbi_deflater_new(enum dbi_deflate_level level)
{
	dbi_deflater *z = dbi_malloc(sizeof(*z));
	if (!z)
		return NULL;
	/* Level 12 costs 9 MB and 20 times the time of level 9 for less than 2 % of a font. */
	z->c = libdeflate_alloc_compressor(level == DBI_DEFLATE_FAST ? 1 : level == DBI_DEFLATE_LOT ? 6 : 9);
	if (!z->c) {
		dbi_free(z);
		return NULL;
	}
	return z;
}

void dbi_deflater_free(dbi_deflater *z)
{
	if (!z)
		return;
	libdeflate_free_compressor(z->c);
	dbi_free(z);
}

void dbi_deflate(dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out)
{
	size_t bound = libdeflate_zlib_compress_bound(z->c, len);
	char *room = dbi_buf_room(out, bound);
	if (!room)
		return;
	size_t n = libdeflate_zlib_compress(z->c, in, len, room, bound);
	if (n == 0)
		out->failed = true;
	out->len += n;
}

#else
#include <limits.h>
#include <zlib.h>

struct dbi_deflater {
	z_stream s;
};

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

dbi_deflater *dbi_deflater_new(enum dbi_deflate_level level)
{
	dbi_deflater *z = dbi_calloc(1, sizeof(*z));
	if (!z)
		return NULL;
	z->s.zalloc = alloc_zlib;
	z->s.zfree = free_zlib;
	if (deflateInit(&z->s, level == DBI_DEFLATE_SMALL ? 9 : 6) != Z_OK) {
		dbi_free(z);
		return NULL;
	}
	return z;
}

void dbi_deflater_free(dbi_deflater *z)
{
	if (!z)
		return;
	deflateEnd(&z->s);
	dbi_free(z);
}

void dbi_deflate(dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out)
{
	if (len > UINT_MAX / 2 || deflateReset(&z->s) != Z_OK) {
		out->failed = true;
		return;
	}
	size_t bound = deflateBound(&z->s, (uLong)len);
	char *room = dbi_buf_room(out, bound);
	if (!room)
		return;
	z->s.next_in = (z_const Bytef *)(uintptr_t)in;
	z->s.avail_in = (uInt)len;
	z->s.next_out = (Bytef *)room;
	z->s.avail_out = (uInt)bound;
	if (deflate(&z->s, Z_FINISH) != Z_STREAM_END)
		out->failed = true;
	out->len += bound - z->s.avail_out;
}
#endif
