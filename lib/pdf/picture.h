/* SPDX-License-Identifier: MIT */
/*
 * Pictures on their way from a file to an image XObject. Internal to image*.c;
 * writer.c embeds struct dbi_picture, which dbi_image.priv points to.
 */
#ifndef DBI_PDF_PICTURE_H
#define DBI_PDF_PICTURE_H

#include <stddef.h>
#include <stdint.h>
#include "util/buf.h"

/* Immutable. */
struct dbi_picture {
	char *body; size_t body_len;  /* of the stream dictionary */
	char *data; size_t len;       /* deflated samples or the JPEG file */
};

/* 8-bit samples without padding; 1 (gray) or 3 (RGB) a pixel. */
struct dbi_pixels {
	unsigned width, height, channels;
	unsigned char *samples;
};

/* FATAL, cause LIMIT, when the size read from a header is over the maximum or out of proportion to the file. */
int dbi_picture_check_size(uint64_t width, uint64_t height, unsigned bytes_per_pixel, size_t file_len, const char *path,
    struct dbrief_error *err);
/* image_png.c. Alpha is composited on white. On success samples is to be freed with dbi_free. */
int dbi_png_decode(struct dbi_pixels *out, const struct dbi_buf *file, const char *path, struct dbrief_error *err);
/* image_pack.c: samples as a compressed stream, in gray where no pixel has a colour. */
int dbi_pixels_pack(struct dbi_picture *out, struct dbi_pixels *pixels, struct dbrief_error *err);

struct dbi_jpeg_info { unsigned width, height, channels; bool plain_rgb; };
/*
 * image_jpeg.c. Copies the file without comments and application data (place,
 * camera, thumbnail), and decodes the copy once, to the end and without a warning.
 */
int dbi_jpeg_check(struct dbi_buf *clean, struct dbi_jpeg_info *info, const struct dbi_buf *file, const char *path,
    struct dbrief_error *err);
/* image_jpeg_strip.c. False when the segments are not well-formed. turned: EXIF wants the picture turned or mirrored. */
bool dbi_jpeg_strip(struct dbi_buf *out, const unsigned char *bytes, size_t len, bool *turned);

#endif
