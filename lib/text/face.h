/* SPDX-License-Identifier: MIT */
/*
 * One font file: scanned when the fontset is made (metrics and characters),
 * opened when first needed (bytes and HarfBuzz objects), then immutable.
 */
#ifndef DBI_TEXT_FACE_H
#define DBI_TEXT_FACE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include "text/fontset.h"
#include "text/sfnt.h"
#include "util/publish.h"

struct dbi_face {
	struct dbi_face_info info;
	struct dbi_sfnt sfnt;
	char *path;
	unsigned char *bytes;
	uint16_t *advances;
	atomic_bool open;     /* what opening fills may be read once this is true */
	pthread_mutex_t lock; /* held while opening */
};

/* Reads metrics and character map. FATAL, cause FONT, when the font is unusable. */
int dbi_face_new(struct dbi_face **face, const char *path, struct dbrief_error *err);
void dbi_face_free(struct dbi_face *face);
/* Reads the whole file and warms it up; any thread, no more than a load when done before. */
int dbi_face_open(struct dbi_face *face, struct dbrief_error *err);
static inline bool dbi_face_is_open(const struct dbi_face *face)
{
	return dbi_published(&((struct dbi_face *)(uintptr_t)face)->open);
}

#endif
