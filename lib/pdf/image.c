/* SPDX-License-Identifier: MIT */
#include "pdf/image.h"

#include <string.h>

#include "pdf/picture.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

/* Below this many bytes a picture may be as flat as it likes: logos are. */
#define MODEST_BYTES (16u << 20)
#define MAX_RATIO 200

int dbi_picture_check_size(uint64_t width, uint64_t height, unsigned bytes_per_pixel, size_t file_len, const char *path,
    struct dbrief_error *err)
{
	if (width == 0 || height == 0 || width > 65500 || height > 65500 || width * height > DBI_MAX_IMAGE_PIXELS)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path,
		    "more than %d pixels, or none; make the picture smaller", DBI_MAX_IMAGE_PIXELS);
	uint64_t bytes = width * height * bytes_per_pixel;
	if (bytes > MODEST_BYTES && bytes / MAX_RATIO > file_len)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path,
		    "the file claims far more pixels than its size allows; make the picture smaller");
	return DBRIEF_OK;
}

static int load_png(struct dbi_image *image, struct dbi_picture *p, const struct dbi_buf *file, const char *path,
    struct dbrief_error *err)
{
	struct dbi_pixels pixels = { 0, 0, 0, NULL };
	int status = dbi_png_decode(&pixels, file, path, err);
	if (status == DBRIEF_OK)
		status = dbi_pixels_pack(p, &pixels, err);
	image->width = pixels.width;
	image->height = pixels.height;
	image->gray = pixels.channels == 1;
	dbi_free(pixels.samples);
	return status;
}

static int load_jpeg(struct dbi_image *image, struct dbi_picture *p, const struct dbi_buf *file, const char *path,
    struct dbrief_error *err)
{
	struct dbi_buf clean = DBI_BUF_INIT, body = DBI_BUF_INIT;
	struct dbi_jpeg_info info = { 0, 0, 0, false };
	int status = dbi_jpeg_check(&clean, &info, file, path, err);
	if (status != DBRIEF_OK)
		goto out;
	image->width = info.width;
	image->height = info.height;
	image->gray = info.channels == 1;
	dbi_buf_addf(&body, "/Type/XObject/Subtype/Image/Width %u/Height %u/ColorSpace/Device%s/BitsPerComponent 8"
	    "/Filter/DCTDecode%s", info.width, info.height, image->gray ? "Gray" : "RGB",
	    info.plain_rgb ? "/DecodeParms<</ColorTransform 0>>" : "");
	p->len = clean.len;
	p->data = dbi_buf_take(&clean);
	p->body_len = body.len;
	p->body = dbi_buf_take(&body);
	if (!p->data || !p->body)
		status = dbi_error_memory(err);
out:
	dbi_buf_dispose(&clean);
	dbi_buf_dispose(&body);
	return status;
}

static int decode(struct dbi_image *image, struct dbi_picture *p, const struct dbi_buf *file, const char *path,
    struct dbrief_error *err)
{
	if (file->len >= 8 && memcmp(file->data, "\x89PNG\r\n\x1A\n", 8) == 0)
		return load_png(image, p, file, path, err);
	if (file->len >= 3 && memcmp(file->data, "\xFF\xD8\xFF", 3) == 0)
		return load_jpeg(image, p, file, path, err);
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path, "neither PNG nor JPEG; convert the picture to PNG");
}

static void free_picture(struct dbi_picture *p)
{
	if (!p)
		return;
	dbi_free(p->body);
	dbi_free(p->data);
	dbi_free(p);
}

int dbi_image_load(struct dbi_image **out, const char *path, struct dbrief_error *err)
{
	struct dbi_buf file = DBI_BUF_INIT;
	struct dbi_image *image = dbi_calloc(1, sizeof(*image));
	struct dbi_picture *p = dbi_calloc(1, sizeof(*p));
	int status;

	*out = NULL;
	if (!image || !p) {
		status = dbi_error_memory(err);
		goto out;
	}
	status = dbi_file_read(&file, path, DBI_MAX_IMAGE_BYTES, DBRIEF_CAUSE_IMAGE, err);
	if (status == DBRIEF_OK)
		status = decode(image, p, &file, path, err);
	if (status != DBRIEF_OK)
		goto out;
	image->path = dbi_strdup(path);
	if (!image->path) {
		status = dbi_error_memory(err);
		goto out;
	}
	dbi_sha256(image->sha256, file.data, file.len);
	image->priv = p;
	*out = image;
	image = NULL;
	p = NULL;
out:
	dbi_buf_dispose(&file);
	free_picture(p);
	dbi_free(image);
	return status;
}

void dbi_image_free(struct dbi_image *image)
{
	if (!image)
		return;
	free_picture((struct dbi_picture *)(uintptr_t)image->priv);
	dbi_free(image->path);
	dbi_free(image);
}
