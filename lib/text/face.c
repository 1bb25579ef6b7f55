/* SPDX-License-Identifier: MIT */
#include "text/face.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <hb.h>

#include "text/warmup.h"
#include "util/mem.h"

static int new_font(hb_blob_t *blob, hb_face_t **face, hb_font_t **font, unsigned upem)
{
	*face = hb_face_create(blob, 0);
	*font = NULL;
	if (*face == hb_face_get_empty() || hb_face_get_upem(*face) != upem)
		return -1;
	hb_face_make_immutable(*face);
	*font = hb_font_create(*face);
	if (*font == hb_font_get_empty())
		return -1;
	hb_font_set_scale(*font, (int)upem, (int)upem);
	hb_font_make_immutable(*font);
	return 0;
}

static int make_shaper_objects(struct dbi_face *f, struct dbrief_error *err)
{
	hb_blob_t *blob = hb_blob_create_or_fail((const char *)f->bytes, (unsigned)f->sfnt.file_len, HB_MEMORY_MODE_READONLY,
	    NULL, NULL);
	hb_face_t *face = NULL, *fresh_face = NULL;
	hb_font_t *font = NULL, *fresh_font = NULL;
	int rc = DBRIEF_OK;

	if (!blob || new_font(blob, &face, &font, f->info.units_per_em)
	    || new_font(blob, &fresh_face, &fresh_font, f->info.units_per_em) || !dbi_font_warm_up(font, fresh_font))
		rc = dbi_error_memory(err);
	hb_font_destroy(fresh_font);
	hb_face_destroy(fresh_face);
	hb_blob_destroy(blob);
	if (rc) {
		hb_font_destroy(font);
		hb_face_destroy(face);
		return rc;
	}
	f->info.hb_face = face;
	f->info.hb_font = font;
	return DBRIEF_OK;
}

static int read_file(struct dbi_face *f, struct dbrief_error *err)
{
	size_t len = (size_t)f->sfnt.file_len, done = 0;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc = DBRIEF_OK;

	if (!(f->bytes = dbi_malloc(len)) || !(f->advances = dbi_malloc(f->info.n_glyphs * sizeof *f->advances)))
		rc = dbi_error_memory(err);
	while (!rc && fd >= 0 && done < len) {
		ssize_t n = read(fd, f->bytes + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (!rc && (done < len || !dbi_sfnt_matches(&f->sfnt, f->bytes, len)))
		rc = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, f->path,
		    "the font file has changed or cannot be read since the start; start again");
	if (fd >= 0)
		close(fd);
	return rc;
}

static int open_locked(struct dbi_face *f, struct dbrief_error *err)
{
	int rc = read_file(f, err);

	if (!rc) {
		dbi_sfnt_advances(&f->sfnt, f->bytes, f->info.n_glyphs, f->advances);
		rc = make_shaper_objects(f, err);
	}
	if (rc) {
		dbi_free(f->bytes);
		dbi_free(f->advances);
		f->bytes = NULL;
		f->advances = NULL;
		return rc;
	}
	f->info.bytes = f->bytes;
	f->info.len = (size_t)f->sfnt.file_len;
	f->info.advances = f->advances;
	dbi_publish(&f->open);
	return DBRIEF_OK;
}

int dbi_face_open(struct dbi_face *f, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;

	if (dbi_face_is_open(f))
		return DBRIEF_OK;
	pthread_mutex_lock(&f->lock);
	if (!dbi_face_is_open(f))
		rc = open_locked(f, err);
	pthread_mutex_unlock(&f->lock);
	return rc;
}

int dbi_face_new(struct dbi_face **out, const char *path, struct dbrief_error *err)
{
	struct dbi_face *f = dbi_calloc(1, sizeof *f);
	int fd = -1, rc;

	*out = NULL;
	if (!f)
		return dbi_error_memory(err);
	atomic_init(&f->open, false);
	if (pthread_mutex_init(&f->lock, NULL) != 0 || !(f->path = dbi_strdup(path))) {
		rc = dbi_error_memory(err);
		goto fail;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		if (err)
			err->os_errno = errno;
		rc = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, path, "the font file cannot be opened; check path and rights");
		goto fail;
	}
	rc = dbi_sfnt_read(&f->sfnt, fd, path, &f->info, err);
	close(fd);
	if (rc)
		goto fail;
	f->info.path = f->path;
	f->info.ps_name = f->sfnt.ps_name;
	*out = f;
	return DBRIEF_OK;
fail:
	dbi_face_free(f);
	return rc;
}

void dbi_face_free(struct dbi_face *f)
{
	if (!f)
		return;
	hb_font_destroy(f->info.hb_font);
	hb_face_destroy(f->info.hb_face);
	pthread_mutex_destroy(&f->lock);
	dbi_sfnt_dispose(&f->sfnt);
	dbi_free(f->advances);
	dbi_free(f->bytes);
	dbi_free(f->path);
	dbi_free(f);
}
