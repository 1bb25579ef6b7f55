/* SPDX-License-Identifier: MIT */
/*
 * The libpng door. libpng leaves a function only by longjmp when a file is
 * damaged; the two functions with setjmp below own nothing but their arguments.
 */
#include "pdf/picture.h"

#include <string.h>
#include <png.h>

#include "util/limits.h"
#include "util/mem.h"

struct job {
	const char *bytes;
	size_t len, at;
	png_structp png;
	png_infop info;
	unsigned width, height, channels;  /* channels: 1..4, as decoded */
	unsigned char *samples;
	png_bytep *rows;
	char reason[96];
};

static void fail(png_structp png, png_const_charp text)
{
	struct job *j = png_get_error_ptr(png);
	size_t n = strlen(text);
	if (n >= sizeof(j->reason))
		n = sizeof(j->reason) - 1;
	for (size_t i = 0; i < n; i++)
		j->reason[i] = text[i] >= 0x20 && text[i] < 0x7F ? text[i] : '?';
	j->reason[n] = '\0';
	png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp text)
{
	(void)png, (void)text;
}

static png_voidp alloc(png_structp png, png_alloc_size_t size)
{
	(void)png;
	return dbi_malloc(size);
}

static void release(png_structp png, png_voidp p)
{
	(void)png;
	dbi_free(p);
}

static void read_bytes(png_structp png, png_bytep out, size_t n)
{
	struct job *j = png_get_io_ptr(png);
	if (n > j->len - j->at)
		png_error(png, "the file ends early");
	memcpy(out, j->bytes + j->at, n);
	j->at += n;
}

/* Reads up to the first row; false after an error. */
static bool read_header(struct job *j)
{
	if (setjmp(png_jmpbuf(j->png)))
		return false;
	png_set_read_fn(j->png, j, read_bytes);
	png_set_user_limits(j->png, 65500, 65500);
	png_set_chunk_malloc_max(j->png, 8u << 20);
	png_set_chunk_cache_max(j->png, 64);
	png_set_crc_action(j->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_read_info(j->png, j->info);
	j->width = png_get_image_width(j->png, j->info);
	j->height = png_get_image_height(j->png, j->info);
	png_set_expand(j->png);
	png_set_scale_16(j->png);
	png_set_interlace_handling(j->png);
	png_read_update_info(j->png, j->info);
	j->channels = png_get_channels(j->png, j->info);
	return png_get_bit_depth(j->png, j->info) == 8 && j->channels >= 1 && j->channels <= 4;
}

static bool read_rows(struct job *j)
{
	if (setjmp(png_jmpbuf(j->png)))
		return false;
	png_read_image(j->png, j->rows);
	png_read_end(j->png, NULL);
	return true;
}

/* Drops the alpha channel in place: what shines through is white paper. */
static void composite(struct job *j)
{
	unsigned colors = j->channels - 1;
	size_t n = (size_t)j->width * j->height;
	const unsigned char *from = j->samples;
	unsigned char *to = j->samples;
	for (size_t i = 0; i < n; i++, from += colors + 1, to += colors) {
		unsigned alpha = from[colors];
		for (unsigned k = 0; k < colors; k++)
			to[k] = (unsigned char)((from[k] * alpha + 255 * (255 - alpha) + 127) / 255);
	}
	j->channels = colors;
}

static int damaged(const struct job *j, const char *path, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path, "damaged PNG (%s); save the picture again",
	    j->reason[0] ? j->reason : "unknown form");
}

static int decode(struct job *j, const char *path, struct dbrief_error *err)
{
	if (!read_header(j))
		return damaged(j, path, err);
	int status = dbi_picture_check_size(j->width, j->height, j->channels, j->len, path, err);
	if (status != DBRIEF_OK)
		return status;
	size_t stride = (size_t)j->width * j->channels;
	j->samples = dbi_calloc(j->height, stride);
	j->rows = dbi_calloc(j->height, sizeof(*j->rows));
	if (!j->samples || !j->rows)
		return dbi_error_memory(err);
	for (unsigned y = 0; y < j->height; y++)
		j->rows[y] = j->samples + y * stride;
	if (!read_rows(j))
		return damaged(j, path, err);
	if (j->channels == 2 || j->channels == 4)
		composite(j);
	return DBRIEF_OK;
}

int dbi_png_decode(struct dbi_pixels *out, const struct dbi_buf *file, const char *path, struct dbrief_error *err)
{
	struct job j = { .bytes = file->data, .len = file->len };
	int status = DBRIEF_FATAL;

	j.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &j, fail, warn, NULL, alloc, release);
	j.info = j.png ? png_create_info_struct(j.png) : NULL;
	if (j.info)
		status = decode(&j, path, err);
	else
		status = dbi_error_memory(err);
	png_destroy_read_struct(&j.png, &j.info, NULL);
	dbi_free(j.rows);
	if (status != DBRIEF_OK) {
		dbi_free(j.samples);
		return status;
	}
	*out = (struct dbi_pixels){ j.width, j.height, j.channels, j.samples };
	return DBRIEF_OK;
}
