/* SPDX-License-Identifier: MIT */
/* The libjpeg door: one clean decode; setjmp only in decode_all, which owns nothing but its argument. */
#include "pdf/picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>

#include "util/mem.h"

#define MAX_SCANS 100

struct job {
	struct jpeg_decompress_struct dec;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf out;
	const struct dbi_buf *file;
	size_t source_len;          /* of the file as given: the ratio is to it */
	const char *path;
	unsigned char *row;
	struct dbrief_error *err;
	int status;                 /* of a check of ours that failed */
};

static void leave(j_common_ptr c)
{
	struct job *j = c->client_data;
	longjmp(j->out, 1);
}

/* Any warning means damage: -1 is the level of corrupt data. */
static void note_message(j_common_ptr c, int level)
{
	if (level < 0)
		leave(c);
}

static void be_silent(j_common_ptr c)
{
	(void)c;
}

static void watch_scans(j_common_ptr c)
{
	struct job *j = c->client_data;
	if (j->dec.input_scan_number > MAX_SCANS)
		leave(c);
}

static bool refuse(struct job *j, const char *text)
{
	j->status = dbi_error(j->err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, j->path, "%s", text);
	return false;
}

static bool check_form(struct job *j)
{
	const struct jpeg_decompress_struct *d = &j->dec;
	if (d->data_precision != 8 || d->arith_code || (d->num_components != 1 && d->num_components != 3))
		return refuse(j, "a JPEG of a kind that PDF does not show (CMYK, 12 bit, arithmetic); save it as RGB");
	j->status = dbi_picture_check_size(d->image_width, d->image_height, (unsigned)d->num_components, j->source_len,
	    j->path, j->err);
	return j->status == DBRIEF_OK;
}

static bool decode_all(struct job *j)
{
	if (setjmp(j->out))
		return false;
	jpeg_create_decompress(&j->dec);
	j->dec.client_data = j;
	j->dec.progress = &j->progress;
	jpeg_mem_src(&j->dec, (const unsigned char *)j->file->data, (unsigned long)j->file->len);
	jpeg_read_header(&j->dec, TRUE);
	if (!check_form(j))
		return false;
	jpeg_start_decompress(&j->dec);
	j->row = dbi_malloc((size_t)j->dec.output_width * (unsigned)j->dec.output_components);
	if (!j->row) {
		j->status = dbi_error_memory(j->err);
		return false;
	}
	while (j->dec.output_scanline < j->dec.output_height) {
		JSAMPROW rows[1] = { j->row };
		jpeg_read_scanlines(&j->dec, rows, 1);
	}
	jpeg_finish_decompress(&j->dec);
	return true;
}

int dbi_jpeg_check(struct dbi_buf *clean, struct dbi_jpeg_info *info, const struct dbi_buf *file, const char *path,
    struct dbrief_error *err)
{
	bool turned = false;
	if (!dbi_jpeg_strip(clean, (const unsigned char *)file->data, file->len, &turned))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path, "damaged JPEG; save the picture again");
	if (clean->failed)
		return dbi_error_memory(err);
	if (turned)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path,
		    "the JPEG asks to be turned or mirrored (EXIF orientation); turn it for good and save it again");
	struct job *j = dbi_calloc(1, sizeof(*j));
	if (!j)
		return dbi_error_memory(err);
	j->file = clean;
	j->source_len = file->len;
	j->path = path;
	j->err = err;
	j->dec.err = jpeg_std_error(&j->errors);
	j->dec.client_data = j;
	j->errors.error_exit = leave;
	j->errors.emit_message = note_message;
	j->errors.output_message = be_silent;
	j->progress.progress_monitor = watch_scans;
	int status = DBRIEF_OK;
	if (!decode_all(j))
		status = j->status ? j->status :
		    dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_IMAGE, path, "damaged JPEG; save the picture again");
	*info = (struct dbi_jpeg_info){ j->dec.image_width, j->dec.image_height, (unsigned)j->dec.num_components,
		j->dec.jpeg_color_space == JCS_RGB };
	jpeg_destroy_decompress(&j->dec);
	dbi_free(j->row);
	dbi_free(j);
	return status;
}
