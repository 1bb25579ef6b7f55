/* SPDX-License-Identifier: MIT */
#include "text/face.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <hb.h>

#include "text/hbshape.h"
#include "util/mem.h"

/*
 * Shaped once when a face is opened. HarfBuzz loads tables on first use, and a
 * failed allocation there gives wrong glyphs without any error, so everything
 * a letter may need is touched here and compared with a second, fresh face.
 */
static const struct warm_up {
	uint32_t probe; /* only for faces that have this character */
	hb_script_t script;
	const char *text;
} warm_ups[] = {
	{ 'A', HB_SCRIPT_LATIN, "AVATAR Tyfflig \xC3\x84\xC3\x96\xC3\x9C\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F M\xCC\x82 S\xCC\xB1 "
	    "\xE1\xBA\x9E \xE2\x82\xAC 0123456789.,:;-\xE2\x80\x93\xE2\x80\x9E\xE2\x80\x9C()/ \xC5\x81\xC3\xB3" "d\xC5\xBA \xC4\x9F\xC4\xB0\xC4\xB1" },
	{ 0x3B1, HB_SCRIPT_GREEK, "\xCE\x91\xCE\xBB\xCE\xAD\xCE\xBE\xCE\xB1\xCE\xBD\xCE\xB4\xCF\x81\xCE\xBF\xCF\x82" },
	{ 0x430, HB_SCRIPT_CYRILLIC, "\xD0\x90\xD0\xBB\xD0\xB5\xD0\xBA\xD1\x81\xD0\xB0\xD0\xBD\xD0\xB4\xD1\x80\xD0\xB0 \xD0\x87" },
	{ 0x5D0, HB_SCRIPT_HEBREW, "\xD7\xA9\xD7\x81\xD6\xB8\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D" },
	{ 0x627, HB_SCRIPT_ARABIC, "\xD9\x85\xD8\xAD\xD9\x85\xD9\x8E\xD9\x91\xD8\xAF \xD9\x84\xD8\xA7 \xD9\x84\xD9\x84\xD9\x87" },
	{ 0x915, HB_SCRIPT_DEVANAGARI, "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7\xE0\xA4\xBF\xE0\xA4\xB0\xE0\xA5\x8D\xE0\xA4\xAE" },
	{ 0x995, HB_SCRIPT_BENGALI, "\xE0\xA6\x95\xE0\xA7\x8D\xE0\xA6\xB7\xE0\xA6\xBF" },
	{ 0xB95, HB_SCRIPT_TAMIL, "\xE0\xAE\x95\xE0\xAF\x8A\xE0\xAE\xB7\xE0\xAF\x8D" },
	{ 0xC15, HB_SCRIPT_TELUGU, "\xE0\xB0\x95\xE0\xB1\x8D\xE0\xB0\xB7\xE0\xB0\xBF" },
	{ 0xE01, HB_SCRIPT_THAI, "\xE0\xB8\x81\xE0\xB8\xB3\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88" },
	{ 0x1000, HB_SCRIPT_MYANMAR, "\xE1\x80\x80\xE1\x80\xBC\xE1\x80\xAD\xE1\x80\xAF" },
	{ 0x1780, HB_SCRIPT_KHMER, "\xE1\x9E\x80\xE1\x9F\x92\xE1\x9E\x9A\xE1\x9E\xB7" },
};

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

static bool shape_warm_up(hb_font_t *font, const struct warm_up *w, hb_buffer_t *buf)
{
	hb_buffer_clear_contents(buf);
	hb_buffer_add_utf8(buf, w->text, -1, 0, -1);
	hb_buffer_set_script(buf, w->script);
	hb_buffer_set_direction(buf, hb_script_get_horizontal_direction(w->script));
	return hb_shape_full(font, buf, NULL, 0, NULL) && hb_buffer_allocation_successful(buf);
}

/* True when the font shapes its warm-up texts as a fresh copy of itself does. */
static bool warm_up(struct dbi_face *f, hb_font_t *font, hb_font_t *fresh)
{
	hb_buffer_t *a = hb_buffer_create(), *b = hb_buffer_create();
	bool good = hb_buffer_allocation_successful(a) && hb_buffer_allocation_successful(b);

	for (size_t i = 0; good && i < sizeof warm_ups / sizeof warm_ups[0]; i++)
		if (dbi_sfnt_glyph(&f->sfnt, warm_ups[i].probe))
			good = shape_warm_up(font, &warm_ups[i], a) && shape_warm_up(fresh, &warm_ups[i], b) && hb_buffer_get_length(a) > 0 && dbi_hb_same(a, b);
	hb_buffer_destroy(a);
	hb_buffer_destroy(b);
	return good;
}

static int make_shaper_objects(struct dbi_face *f, struct dbrief_error *err)
{
	hb_blob_t *blob = hb_blob_create_or_fail((const char *)f->bytes, (unsigned)f->sfnt.file_len, HB_MEMORY_MODE_READONLY,
	    NULL, NULL);
	hb_face_t *face = NULL, *fresh_face = NULL;
	hb_font_t *font = NULL, *fresh_font = NULL;
	int rc = DBRIEF_OK;

	if (!blob || new_font(blob, &face, &font, f->info.units_per_em)
	    || new_font(blob, &fresh_face, &fresh_font, f->info.units_per_em) || !warm_up(f, font, fresh_font))
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
	atomic_store_explicit(&f->open, true, memory_order_release);
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
