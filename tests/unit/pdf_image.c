/* SPDX-License-Identifier: MIT */
/* Pictures: every kind of PNG and JPEG, and what damage does. */
#define _GNU_SOURCE /* memmem */
#include "pdf/image.h"
#include "pdf/picture.h"
#include "tap.h"
#include "util/buf.h"
#include "util/mem.h"

#include <stdlib.h>
#include <png.h>
#include <jpeglib.h>
#include <unistd.h>

static char path[64];

static void write_file(const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, len, f) != len)
		perror(path);
	if (f)
		fclose(f);
}

static void collect(png_structp png, png_bytep bytes, size_t n)
{
	dbi_buf_add(png_get_io_ptr(png), bytes, n);
}

static void no_flush(png_structp png)
{
	(void)png;
}

/* A small picture of a colour type and depth; pixel values differ by place. */
static void make_png(struct dbi_buf *out, int type, int depth, int interlace, unsigned w, unsigned h, int gray_values)
{
	static const png_color palette[4] = { { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 255 } };
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	unsigned char row[4096];
	png_set_write_fn(png, out, collect, no_flush);
	png_set_IHDR(png, info, w, h, depth, type, interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (type == PNG_COLOR_TYPE_PALETTE)
		png_set_PLTE(png, info, palette, 4);
	png_write_info(png, info);
	int passes = png_set_interlace_handling(png);
	for (int pass = 0; pass < passes; pass++)
		for (unsigned y = 0; y < h; y++) {
			for (size_t i = 0; i < sizeof(row); i++)
				row[i] = (unsigned char)(type == PNG_COLOR_TYPE_PALETTE ? depth == 2 ? 0x1B : i % 4 : gray_values ? y * 20 : i * 13 + y * 7);
			png_write_row(png, row);
		}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}

static void make_jpeg(struct dbi_buf *out, int components, int progressive, int comment)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr e;
	unsigned char *bytes = NULL;
	unsigned long len = 0;
	unsigned char row[16 * 4];
	c.err = jpeg_std_error(&e);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &bytes, &len);
	c.image_width = c.image_height = 16;
	c.input_components = components;
	c.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
	jpeg_set_defaults(&c);
	if (progressive)
		jpeg_simple_progression(&c);
	jpeg_start_compress(&c, TRUE);
	if (comment) {
		jpeg_write_marker(&c, JPEG_COM, (const JOCTET *)"secret place", 12);
		jpeg_write_marker(&c, JPEG_APP0 + 1, (const JOCTET *)"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\1\0\0\0", 28);
	}
	if (comment == 2)
		jpeg_write_marker(&c, JPEG_APP0 + 1, (const JOCTET *)"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", 28);
	for (int y = 0; y < 16; y++) {
		JSAMPROW rows[1] = { row };
		for (size_t i = 0; i < sizeof(row); i++)
			row[i] = (unsigned char)(i * 5 + (unsigned)y * 11);
		jpeg_write_scanlines(&c, rows, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	dbi_buf_add(out, bytes, len);
	free(bytes);
}

static int load(const struct dbi_buf *file, struct dbi_image **image, struct dbrief_error *err)
{
	memset(err, 0, sizeof(*err));
	write_file(file->data, file->len);
	return dbi_image_load(image, path, err);
}

static void test_png_kinds(void)
{
	static const struct { int type, depth, interlace, gray_values, gray; const char *what; } kinds[] = {
		{ PNG_COLOR_TYPE_GRAY, 1, 0, 0, 1, "1-bit gray" },
		{ PNG_COLOR_TYPE_GRAY, 8, 1, 0, 1, "8-bit gray, interlaced" },
		{ PNG_COLOR_TYPE_GRAY, 16, 0, 0, 1, "16-bit gray" },
		{ PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, 0, 1, "gray with alpha" },
		{ PNG_COLOR_TYPE_PALETTE, 2, 0, 0, 0, "palette" },
		{ PNG_COLOR_TYPE_PALETTE, 8, 1, 0, 0, "palette, interlaced" },
		{ PNG_COLOR_TYPE_RGB, 8, 0, 0, 0, "RGB" },
		{ PNG_COLOR_TYPE_RGB, 16, 1, 0, 0, "16-bit RGB, interlaced" },
		{ PNG_COLOR_TYPE_RGB, 8, 0, 1, 1, "RGB without a colour is gray" },
		{ PNG_COLOR_TYPE_RGB_ALPHA, 8, 0, 0, 0, "RGB with alpha" },
		{ PNG_COLOR_TYPE_RGB_ALPHA, 16, 1, 0, 0, "16-bit RGB with alpha, interlaced" },
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct dbi_buf file = DBI_BUF_INIT;
		struct dbi_image *image = NULL;
		struct dbrief_error err;
		make_png(&file, kinds[i].type, kinds[i].depth, kinds[i].interlace, 12, 9, kinds[i].gray_values);
		int status = load(&file, &image, &err);
		if (!OK(status == DBRIEF_OK && image && image->width == 12 && image->height == 9 &&
		    image->gray == (kinds[i].gray == 1), kinds[i].what))
			printf("# status %d, %s: %s\n", status, err.where, err.text);
		dbi_image_free(image);
		dbi_buf_dispose(&file);
	}
}

static void test_alpha_on_white(void)
{
	struct dbi_buf file = DBI_BUF_INIT;
	struct dbi_pixels pixels = { 0, 0, 0, NULL };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	make_png(&file, PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, 2, 1, 0); /* values 0 and 26, alpha 13 and 39 */
	EQ(dbi_png_decode(&pixels, &file, "x", &err), DBRIEF_OK, "alpha decodes");
	EQ(pixels.channels, 1, "alpha leaves one channel");
	EQ(pixels.samples ? pixels.samples[0] : -1, (0 * 13 + 255 * 242 + 127) / 255, "first pixel over white");
	EQ(pixels.samples ? pixels.samples[1] : -1, (26 * 39 + 255 * 216 + 127) / 255, "second pixel over white");
	dbi_free(pixels.samples);
	dbi_buf_dispose(&file);
}

static void test_jpeg_kinds(void)
{
	static const struct { int components, progressive, comment, status; const char *what; } kinds[] = {
		{ 1, 0, 0, DBRIEF_OK, "gray JPEG" }, { 3, 0, 1, DBRIEF_OK, "colour JPEG with comment and upright EXIF" },
		{ 3, 1, 1, DBRIEF_OK, "progressive JPEG" }, { 4, 0, 0, DBRIEF_FATAL, "CMYK JPEG is refused" },
		{ 3, 0, 2, DBRIEF_FATAL, "a JPEG to be turned is refused" },
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct dbi_buf file = DBI_BUF_INIT;
		struct dbi_image *image = NULL;
		struct dbrief_error err;
		make_jpeg(&file, kinds[i].components, kinds[i].progressive, kinds[i].comment);
		int status = load(&file, &image, &err);
		if (!EQ(status, kinds[i].status, kinds[i].what))
			printf("# %s: %s\n", err.where, err.text);
		if (image) {
			const struct dbi_picture *p = image->priv;
			OK(image->gray == (kinds[i].components == 1) && image->width == 16, "its size and colour");
			struct dbi_buf copy = DBI_BUF_INIT;
			dbi_buf_add(&copy, p->data, p->len);
			OK(!memmem(copy.data, copy.len, "secret", 6) && !memmem(copy.data, copy.len, "Exif", 4),
			    "comment and EXIF stay behind");
			dbi_buf_dispose(&copy);
		}
		dbi_image_free(image);
		dbi_buf_dispose(&file);
	}
}

/* Cuts the file at every byte, then flips each byte: an error of the right kind or a picture, never anything else. */
static void test_damage(const struct dbi_buf *file, const char *what)
{
	unsigned wrong = 0, refused = 0, cut_accepted = 0;
	struct dbrief_error err;
	char text[128];
	for (size_t i = 0; i < 2 * file->len; i++) {
		struct dbi_buf copy = DBI_BUF_INIT;
		struct dbi_image *image = NULL;
		dbi_buf_add(&copy, file->data, i < file->len ? i : file->len);
		if (i >= file->len)
			copy.data[i - file->len] = (char)~copy.data[i - file->len];
		int status = load(&copy, &image, &err);
		if (status == DBRIEF_OK ? !image : status != DBRIEF_FATAL || err.cause != DBRIEF_CAUSE_IMAGE || image)
			wrong++;
		if (status != DBRIEF_OK)
			refused++;
		else if (i < file->len)
			cut_accepted++;
		dbi_image_free(image);
		dbi_buf_dispose(&copy);
	}
	snprintf(text, sizeof(text), "%s: damage is refused as FATAL IMAGE or harmless", what);
	EQ(wrong, 0, text);
	snprintf(text, sizeof(text), "%s: no file cut short is taken", what);
	EQ(cut_accepted, 0, text);
	printf("# %s: %u of %zu damaged files refused\n", what, refused, 2 * file->len);
}

static void test_claims(void)
{
	struct dbi_buf file = DBI_BUF_INIT;
	struct dbi_image *image = NULL;
	struct dbrief_error err;
	make_png(&file, PNG_COLOR_TYPE_GRAY, 1, 0, 30000, 3000, 0); /* 90 million pixels in a small file */
	EQ(load(&file, &image, &err), DBRIEF_FATAL, "more than 25 million pixels are refused");
	dbi_buf_clear(&file);
	make_png(&file, PNG_COLOR_TYPE_RGB, 8, 0, 1000, 6000, 1);
	EQ(load(&file, &image, &err), DBRIEF_FATAL, "a picture far larger than its file is refused");
	dbi_buf_clear(&file);
	dbi_buf_adds(&file, "GIF89a not for us");
	EQ(load(&file, &image, &err), DBRIEF_FATAL, "another format is refused");
	OK(strstr(err.text, "PNG"), "and the message says what to do");
	dbi_buf_dispose(&file);
}

int main(void)
{
	struct dbi_buf png = DBI_BUF_INIT, jpeg = DBI_BUF_INIT, progressive = DBI_BUF_INIT;
	snprintf(path, sizeof(path), "pdf_image-%ld.tmp", (long)getpid());
	test_png_kinds();
	test_alpha_on_white();
	test_jpeg_kinds();
	test_claims();
	make_png(&png, PNG_COLOR_TYPE_RGB_ALPHA, 8, 1, 12, 9, 0);
	test_damage(&png, "PNG");
	make_jpeg(&jpeg, 3, 0, 1);
	test_damage(&jpeg, "JPEG");
	make_jpeg(&progressive, 3, 1, 1);
	test_damage(&progressive, "progressive JPEG");
	dbi_buf_dispose(&png);
	dbi_buf_dispose(&jpeg);
	dbi_buf_dispose(&progressive);
	unlink(path);
	return tap_done();
}
