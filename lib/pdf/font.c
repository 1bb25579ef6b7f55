/* SPDX-License-Identifier: MIT */
/* Faces prepared once per process, on first use; the choice of a letter's subset. */
#include "pdf/font.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <hb.h>
#include <hb-subset.h>

#include "pdf/document.h"
#include "util/mem.h"
#include "util/publish.h"

struct face_slot {
	atomic_bool face_ready, tier_ready[DBI_TIERS];
	struct dbi_pdf_face face;
	struct dbi_font_stock *stocks[DBI_TIERS];
};

struct dbi_pdf_fonts {
	const dbi_fontset *set;
	size_t n;
	struct face_slot *slots;
	pthread_mutex_t *lock;
};

const dbi_fontset *dbi_pdf_fontset(const dbi_pdf_fonts *fonts)
{
	return fonts->set;
}

int dbi_pdf_fonts_new(dbi_pdf_fonts **out, const dbi_fontset *set, struct dbrief_error *err)
{
	*out = NULL;
	int status = dbi_doc_check_library(err);
	if (status != DBRIEF_OK)
		return status;
	dbi_pdf_fonts *f = dbi_calloc(1, sizeof(*f));
	if (!f)
		return dbi_error_memory(err);
	f->set = set;
	f->n = dbi_fontset_count(set);
	f->slots = dbi_calloc(f->n ? f->n : 1, sizeof(*f->slots));
	f->lock = dbi_malloc(sizeof(*f->lock));
	if (!f->slots || !f->lock || pthread_mutex_init(f->lock, NULL) != 0) {
		dbi_free(f->lock);
		dbi_free(f->slots);
		dbi_free(f);
		return dbi_error_memory(err);
	}
	*out = f;
	return DBRIEF_OK;
}

static void dispose_face(struct dbi_pdf_face *face)
{
	if (face->prepared != face->info->hb_face)
		hb_face_destroy(face->prepared);
	dbi_free(face->widths);
	dbi_free(face->chars);
	memset(face, 0, sizeof(*face));
}

void dbi_pdf_fonts_free(dbi_pdf_fonts *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		if (!dbi_published(&f->slots[i].face_ready))
			continue;
		dispose_face(&f->slots[i].face);
		for (unsigned k = 0; k < DBI_TIERS; k++)
			dbi_font_stock_free(f->slots[i].stocks[k]);
	}
	pthread_mutex_destroy(f->lock);
	dbi_free(f->lock);
	dbi_free(f->slots);
	dbi_free(f);
}

static bool prepare_face(struct dbi_pdf_face *face, const struct dbi_face_info *info)
{
	face->info = info;
	face->widths = dbi_malloc(sizeof(*face->widths) * (info->n_glyphs ? info->n_glyphs : 1));
	if (!face->widths || !dbi_face_read_chars(face)) {
		dispose_face(face);
		return false;
	}
	for (unsigned i = 0; i < info->n_glyphs; i++) {
		unsigned w = (info->advances[i] * 1000u + info->units_per_em / 2) / info->units_per_em;
		face->widths[i] = (uint16_t)(w > UINT16_MAX ? UINT16_MAX : w);
	}
	face->prepared = info->hb_face;
	return true;
}

const struct dbi_pdf_face *dbi_pdf_face(const dbi_pdf_fonts *fonts, unsigned index, struct dbrief_error *err)
{
	if (index >= fonts->n) {
		dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, "font", "face %u does not exist; report this", index);
		return NULL;
	}
	struct face_slot *slot = &fonts->slots[index];
	if (dbi_published(&slot->face_ready))
		return &slot->face;
	if (dbi_fontset_open(fonts->set, index, err) != DBRIEF_OK)
		return NULL;
	pthread_mutex_lock(fonts->lock);
	bool good = dbi_published(&slot->face_ready);
	if (!good) {
		good = prepare_face(&slot->face, dbi_fontset_info(fonts->set, index));
		if (good)
			dbi_publish(&slot->face_ready);
	}
	pthread_mutex_unlock(fonts->lock);
	if (good)
		return &slot->face;
	dbi_error_memory(err);
	return NULL;
}

static int make_tier(struct face_slot *slot, unsigned tier, struct dbrief_error *err)
{
	size_t words = DBI_GLYPH_WORDS(slot->face.info->n_glyphs);
	uint64_t *set = dbi_calloc(words, 8);
	dbi_deflater *z = dbi_deflater_new(DBI_DEFLATE_SMALL);
	int status = DBRIEF_OK;
	if (set && z) {
		dbi_face_tier_glyphs(&slot->face, tier, set);
		status = dbi_font_stock_new(&slot->stocks[tier], &slot->face, set, z, err);
	} else {
		status = dbi_error_memory(err);
	}
	dbi_deflater_free(z);
	dbi_free(set);
	return status;
}

/* A prepared subset of a face, made when first asked for. */
static const struct dbi_font_stock *tier_stock(const dbi_pdf_fonts *fonts, unsigned index, unsigned tier,
    struct dbrief_error *err)
{
	struct face_slot *slot = &fonts->slots[index];
	if (dbi_published(&slot->tier_ready[tier]))
		return slot->stocks[tier];
	pthread_mutex_lock(fonts->lock);
	if (!dbi_published(&slot->tier_ready[tier]) && make_tier(slot, tier, err) == DBRIEF_OK)
		dbi_publish(&slot->tier_ready[tier]);
	const struct dbi_font_stock *stock = slot->stocks[tier];
	pthread_mutex_unlock(fonts->lock);
	return stock;
}

void dbi_font_cache_dispose(struct dbi_font_cache *cache)
{
	for (size_t i = 0; i < DBI_FONT_CACHE; i++) {
		dbi_font_program_free(cache->slots[i].program);
		cache->slots[i].program = NULL;
	}
}

static unsigned count_glyphs(const uint64_t *set, size_t words)
{
	int n = 0;
	for (size_t i = 0; i < words; i++)
		n += __builtin_popcountll(set[i]);
	return (unsigned)n;
}

/* No more glyphs than these are headings and the like, which the next letter has, too. */
#define SMALL_SET 48

/* The prepared subset with all the letter's glyphs; DBI_TIERS when there is none. */
static unsigned find_tier(const struct dbi_pdf_face *face, const uint64_t *glyphs)
{
	unsigned tier = 0, n = face->info->n_glyphs;
	for (unsigned gid = dbi_glyph_next(glyphs, n, 1); gid < n; gid = dbi_glyph_next(glyphs, n, gid + 1)) {
		unsigned t = dbi_char_tier(face->chars[gid]);
		tier = t > tier ? t : tier;
	}
	return tier;
}

/* The kept one; NULL for none, and *oldest is the slot to take: there are as many as faces, so it is none of this letter's. */
static struct dbi_font_program *find_kept(struct dbi_font_cache *cache, unsigned index, const uint64_t *glyphs, size_t *oldest)
{
	*oldest = 0;
	for (size_t i = 0; i < DBI_FONT_CACHE; i++) {
		struct dbi_font_program *p = cache->slots[i].program;
		if (p && cache->slots[i].face == index && memcmp(p->glyphs, glyphs, p->n_words * sizeof(*glyphs)) == 0) {
			cache->slots[i].used = ++cache->clock;
			return p;
		}
		if (cache->slots[i].used < cache->slots[*oldest].used)
			*oldest = i;
	}
	return NULL;
}

const struct dbi_font_program *dbi_font_choose(struct dbi_font_cache *cache, const dbi_pdf_fonts *fonts, unsigned index,
    const uint64_t *glyphs, struct dbi_arena *arena, struct dbrief_error *err)
{
	const struct dbi_pdf_face *face = dbi_pdf_face(fonts, index, err);
	if (!face)
		return NULL;
	size_t words = DBI_GLYPH_WORDS(face->info->n_glyphs), oldest = 0;
	unsigned tier = find_tier(face, glyphs);
	const struct dbi_font_stock *stock = tier < DBI_TIERS ? tier_stock(fonts, index, tier, err) : NULL;
	bool recurs = !stock || count_glyphs(glyphs, words) <= SMALL_SET;
	struct dbi_font_program *p = recurs ? find_kept(cache, index, glyphs, &oldest) : NULL;

	if (p || (!stock && tier < DBI_TIERS))
		return p;
	int status = stock ?
	    dbi_font_program_pick(&p, stock, face, glyphs, recurs ? NULL : arena, cache, err) :
	    dbi_font_program_new(&p, face, glyphs, true, cache->kept, err);
	if (status != DBRIEF_OK || !recurs)
		return p;
	dbi_font_program_free(cache->slots[oldest].program);
	cache->slots[oldest].program = p;
	cache->slots[oldest].face = index;
	cache->slots[oldest].used = ++cache->clock;
	return p;
}
