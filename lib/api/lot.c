/* SPDX-License-Identifier: MIT */
/* Lots: records checked, their pictures found, the sink ended once. */
#include <datenbrief/lot.h>
#include <string.h>
#include "api/api.h"
#include "pdf/lot.h"
#include "util/mem.h"

struct dbrief_lot {
	dbrief_engine *engine;
	struct dbrief_sink *sink;
	dbi_lot *lot;
	struct dbi_arena arena; /* of the record at work */
	bool ended;
};

int dbrief_lot_new(dbrief_lot **lot, dbrief_engine *engine, struct dbrief_sink *sink, const struct dbrief_lot_opts *opts,
    struct dbrief_error *err)
{
	struct dbrief_lot_opts o;
	int status;

	dbrief_error_clear(err);
	if (!lot)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place for the lot is NULL; pass its address");
	*lot = NULL;
	if (!dbi_sink_usable(sink))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the sink is incomplete; set its size, write, commit and abort");
	status = dbi_opts_copy(&o, sizeof(o), sizeof(o), opts, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_check(engine, DBI_ENGINE_FROZEN, err);
	dbrief_lot *l = status == DBRIEF_OK ? dbi_calloc(1, sizeof(*l)) : NULL;
	if (status == DBRIEF_OK && !l)
		status = dbi_error_memory(err);
	if (status == DBRIEF_OK)
		status = dbi_lot_new(&l->lot, engine->pdf_fonts, sink, o.title, o.duplex != 0, err);
	if (status != DBRIEF_OK) {
		dbi_free(l);
		sink->abort(sink->user);
		return status;
	}
	l->engine = engine;
	l->sink = sink;
	*lot = l;
	return DBRIEF_OK;
}

void dbrief_lot_free(dbrief_lot *lot)
{
	if (!lot)
		return;
	if (!lot->ended)
		lot->sink->abort(lot->sink->user);
	dbi_lot_free(lot->lot);
	dbi_arena_dispose(&lot->arena);
	dbi_free(lot);
}

static int find_image(dbrief_lot *lot, const struct dbi_spool_image *record, const struct dbi_image **image,
    struct dbrief_error *err)
{
	const char *base = record->beside && lot->engine->config ? lot->engine->config->base : NULL;
	const char *name = strrchr(record->path, '/');
	struct dbi_buf folder = DBI_BUF_INIT;
	int status;

	if (base)
		dbi_buf_addf(&folder, "%s/", base);
	dbi_buf_add(&folder, record->path, name ? (size_t)(name - record->path) : 0);
	if (!folder.len || !name)
		dbi_buf_adds(&folder, ".");
	status = folder.failed ? dbi_error_memory(err) :
	    dbi_images_find(lot->engine->images, folder.data, name ? name + 1 : record->path, image, err);
	dbi_buf_dispose(&folder);
	return status;
}

static int find_images(dbrief_lot *lot, const struct dbi_spool *record, const struct dbi_image ***images,
    struct dbrief_error *err)
{
	*images = dbi_arena_calloc(&lot->arena, record->n_images + 1, sizeof(**images));
	if (!*images)
		return dbi_error_memory(err);
	for (size_t i = 0; i < record->n_images; i++) {
		int status = find_image(lot, &record->images[i], &(*images)[i], err);
		if (status != DBRIEF_OK)
			return status == DBRIEF_FATAL ? DBRIEF_FAILED : status; /* the lot itself is not harmed */
	}
	return DBRIEF_OK;
}

static void fill_place(struct dbrief_lot_place *place, const struct dbi_lot_place *p)
{
	if (!place)
		return;
	place->letter = p->letter;
	place->first_page = p->first_page;
	place->pages = p->pages;
	place->sheets = p->sheets;
}

int dbrief_lot_add(dbrief_lot *lot, const void *record, size_t len, struct dbrief_lot_place *place,
    struct dbrief_error *err)
{
	const struct dbi_image **images = NULL;
	struct dbi_spool r;
	struct dbi_lot_place p;
	int status;

	dbrief_error_clear(err);
	if (!lot || lot->ended)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE, "the lot is NULL or finished; make a new one");
	if (place && place->size < sizeof(*place))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the place has no size; begin it with DBRIEF_LOT_PLACE_INIT");
	status = dbi_spool_read(&r, &lot->arena, record, len, err);
	if (status == DBRIEF_OK)
		status = find_images(lot, &r, &images, err);
	if (status == DBRIEF_OK)
		status = dbi_lot_add(lot->lot, &r, images, &p, err);
	if (status == DBRIEF_OK)
		fill_place(place, &p);
	dbi_arena_reset(&lot->arena);
	return status;
}

void dbrief_lot_count(const dbrief_lot *lot, struct dbrief_lot_info *info)
{
	if (!lot || !info || info->size < sizeof(*info))
		return;
	info->letters = dbi_lot_letters(lot->lot);
	info->pages = dbi_lot_pages(lot->lot);
	info->sheets = dbi_lot_sheets(lot->lot);
	info->bytes = dbi_lot_bytes(lot->lot);
	info->sha256[0] = '\0';
}

int dbrief_lot_finish(dbrief_lot *lot, struct dbrief_lot_info *info, struct dbrief_error *err)
{
	char sha256[65];
	int status;

	dbrief_error_clear(err);
	if (!lot || lot->ended)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE, "the lot is NULL or finished; make a new one");
	if (info && info->size < sizeof(*info))
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the info has no size; begin it with DBRIEF_LOT_INFO_INIT");
	lot->ended = true;
	status = dbi_lot_finish(lot->lot, sha256, err);
	if (status == DBRIEF_OK) {
		status = lot->sink->commit(lot->sink->user, err);
		if (status != DBRIEF_OK)
			status = dbi_error(err, status < 0 ? status : DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "",
			    "the output was refused; check the sink");
	}
	if (status != DBRIEF_OK) {
		lot->sink->abort(lot->sink->user);
		return status;
	}
	dbrief_lot_count(lot, info);
	if (info)
		memcpy(info->sha256, sha256, sizeof(sha256));
	return DBRIEF_OK;
}
