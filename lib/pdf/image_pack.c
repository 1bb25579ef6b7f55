/* SPDX-License-Identifier: MIT */
/* Samples as a compressed image stream: gray where there is no colour, with the PNG predictor where that is smaller. */
#include "pdf/picture.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/compress.h"
#include "util/mem.h"

static bool has_color(const struct dbi_pixels *p)
{
	size_t n = (size_t)p->width * p->height;
	if (p->channels == 1)
		return false;
	for (const unsigned char *s = p->samples; n; n--, s += 3)
		if (s[0] != s[1] || s[1] != s[2])
			return true;
	return false;
}

static void make_gray(struct dbi_pixels *p)
{
	size_t n = (size_t)p->width * p->height;
	for (size_t i = 0; i < n; i++)
		p->samples[i] = p->samples[3 * i];
	p->channels = 1;
}

static unsigned char paeth(int a, int b, int c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
	return (unsigned char)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* One row after a filter of PNG (0 none, 1 sub, 2 up, 4 Paeth); returns the sum of its absolute values. */
static uint64_t filter_row(const unsigned char *row, const unsigned char *above, size_t stride, unsigned bpp, int filter,
    unsigned char *out)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < stride; i++) {
		unsigned char a = i >= bpp ? row[i - bpp] : 0, b = above ? above[i] : 0, c = i >= bpp && above ? above[i - bpp] : 0;
		unsigned char guess = filter == 1 ? a : filter == 2 ? b : filter == 4 ? paeth(a, b, c) : 0;
		out[i] = (unsigned char)(row[i] - guess);
		sum += (uint64_t)abs((signed char)out[i]);
	}
	return sum;
}

static bool add_filtered(const struct dbi_pixels *p, struct dbi_buf *out)
{
	static const int filters[] = { 0, 1, 2, 4 };
	size_t stride = (size_t)p->width * p->channels;
	unsigned char *try = dbi_malloc(stride);
	for (unsigned y = 0; try && y < p->height && !out->failed; y++) {
		const unsigned char *row = p->samples + y * stride, *above = y ? row - stride : NULL;
		uint64_t best = UINT64_MAX;
		char *room = dbi_buf_room(out, stride + 1);
		for (size_t f = 0; room && f < sizeof(filters) / sizeof(filters[0]); f++) {
			uint64_t sum = filter_row(row, above, stride, p->channels, filters[f], try);
			if (sum >= best)
				continue;
			best = sum;
			room[0] = (char)filters[f];
			memcpy(room + 1, try, stride);
		}
		out->len += room ? stride + 1 : 0;
	}
	bool good = try && !out->failed;
	dbi_free(try);
	return good;
}

static bool compress(const struct dbi_pixels *p, struct dbi_buf *plain, struct dbi_buf *filtered)
{
	struct dbi_buf rows = DBI_BUF_INIT;
	dbi_deflater *z = dbi_deflater_new(DBI_DEFLATE_SMALL);
	bool good = z && add_filtered(p, &rows);
	if (good) {
		dbi_deflate(z, p->samples, (size_t)p->width * p->height * p->channels, plain);
		dbi_deflate(z, rows.data, rows.len, filtered);
		good = !plain->failed && !filtered->failed;
	}
	dbi_deflater_free(z);
	dbi_buf_dispose(&rows);
	return good;
}

int dbi_pixels_pack(struct dbi_picture *out, struct dbi_pixels *p, struct dbrief_error *err)
{
	struct dbi_buf plain = DBI_BUF_INIT, filtered = DBI_BUF_INIT, body = DBI_BUF_INIT;
	if (p->channels == 3 && !has_color(p))
		make_gray(p);
	bool good = compress(p, &plain, &filtered);
	bool predicted = filtered.len < plain.len;
	dbi_buf_addf(&body, "/Type/XObject/Subtype/Image/Width %u/Height %u/ColorSpace/Device%s/BitsPerComponent 8"
	    "/Filter/FlateDecode", p->width, p->height, p->channels == 1 ? "Gray" : "RGB");
	if (predicted)
		dbi_buf_addf(&body, "/DecodeParms<</Predictor 15/Colors %u/Columns %u>>", p->channels, p->width);
	if (good) {
		out->len = predicted ? filtered.len : plain.len;
		out->data = dbi_buf_take(predicted ? &filtered : &plain);
		out->body_len = body.len;
		out->body = dbi_buf_take(&body);
	}
	dbi_buf_dispose(&plain);
	dbi_buf_dispose(&filtered);
	dbi_buf_dispose(&body);
	return good && out->data && out->body ? DBRIEF_OK : dbi_error_memory(err);
}
