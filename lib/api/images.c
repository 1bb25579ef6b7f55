/* SPDX-License-Identifier: MIT */
/*
 * Pictures of letters: decoded once per process and kept, shared by all
 * threads. A document may only name files in its own folder or below, so that
 * data which found its way into `src` reaches nothing else.
 */
#include <string.h>
#include "api/api.h"
#include "pdf/image.h"
#include "util/mem.h"

#define MAX_IMAGES 1000

struct entry {
	char *path;
	struct dbi_image *image;
};

struct dbi_images {
	pthread_mutex_t mutex;
	struct entry *entries;
	size_t n, cap;
};

int dbi_images_new(struct dbi_images **images, struct dbrief_error *err)
{
	*images = dbi_calloc(1, sizeof(**images));
	if (!*images)
		return dbi_error_memory(err);
	if (pthread_mutex_init(&(*images)->mutex, NULL) == 0)
		return DBRIEF_OK;
	dbi_free(*images);
	*images = NULL;
	return dbi_error_memory(err);
}

void dbi_images_free(struct dbi_images *images)
{
	if (!images)
		return;
	for (size_t i = 0; i < images->n; i++) {
		dbi_image_free(images->entries[i].image);
		dbi_free(images->entries[i].path);
	}
	dbi_free(images->entries);
	(void)pthread_mutex_destroy(&images->mutex);
	dbi_free(images);
}

static bool stays_inside(const char *src)
{
	if (!src[0] || src[0] == '/')
		return false;
	for (const char *part = src; part; part = strchr(part, '/')) {
		size_t len;

		part += *part == '/';
		len = strcspn(part, "/");
		if (len == 0 || (len == 1 && part[0] == '.') || (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
	}
	return true;
}

static int load_new(struct dbi_images *images, char *path, const struct dbi_image **image,
    struct dbrief_error *err)
{
	struct entry *entry;
	int status;

	if (!dbi_grow(&images->entries, &images->cap, images->n + 1, sizeof(*images->entries), MAX_IMAGES))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "out of memory or more than %d pictures; use fewer", MAX_IMAGES);
	entry = &images->entries[images->n];
	*entry = (struct entry){ .path = path };
	status = dbi_image_load(&entry->image, path, err);
	if (status != DBRIEF_OK)
		return status;
	images->n++;
	*image = entry->image;
	return DBRIEF_OK;
}

static const struct dbi_image *find_loaded(const struct dbi_images *images, const char *path)
{
	for (size_t i = 0; i < images->n; i++)
		if (strcmp(images->entries[i].path, path) == 0)
			return images->entries[i].image;
	return NULL;
}

int dbi_images_find(struct dbi_images *images, const char *folder, const char *src,
    const struct dbi_image **image, struct dbrief_error *err)
{
	struct dbi_buf path = DBI_BUF_INIT;
	int status = DBRIEF_OK;
	char *owned;

	*image = NULL;
	if (!stays_inside(src))
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_IMAGE, "",
		    "a picture's src leaves the folder of its document; name a file in it, without '..'");
	dbi_buf_adds(&path, folder);
	dbi_buf_adds(&path, "/");
	dbi_buf_adds(&path, src);
	owned = dbi_buf_take(&path);
	if (!owned)
		return dbi_error_memory(err);
	(void)pthread_mutex_lock(&images->mutex);
	*image = find_loaded(images, owned);
	if (!*image) {
		status = load_new(images, owned, image, err);
		if (status == DBRIEF_OK)
			owned = NULL;
	}
	(void)pthread_mutex_unlock(&images->mutex);
	dbi_free(owned);
	return status;
}
