/* SPDX-License-Identifier: MIT */
#include "text/hbshape.h"

#include <pthread.h>
#include <string.h>
#include <hb-ot.h>

#include "util/mem.h"

#define MAX_PLANS 4096
#define MANY_PLANS 128
#define CANARY 65536

int dbi_hb_init(struct dbi_hb *hb, struct dbrief_error *err)
{
	memset(hb, 0, sizeof *hb);
	hb->buffer = hb_buffer_create();
	hb->second = hb_buffer_create();
	if (!hb_buffer_allocation_successful(hb->buffer) || !hb_buffer_allocation_successful(hb->second))
		return dbi_error_memory(err);
	return DBRIEF_OK;
}

void dbi_hb_dispose(struct dbi_hb *hb)
{
	dbi_hb_trim(hb, true);
	hb_buffer_destroy(hb->buffer);
	hb_buffer_destroy(hb->second);
	dbi_free(hb->plans);
	memset(hb, 0, sizeof *hb);
}

void dbi_hb_trim(struct dbi_hb *hb, bool now)
{
	if (!now && hb->n < MANY_PLANS)
		return;
	while (hb->n > 0)
		hb_shape_plan_destroy(hb->plans[--hb->n].plan);
}

/* The glyph for U+2011 where the face has none is that of a plain hyphen; HarfBuzz itself tries U+2010 only. */
static uint32_t substitute(const dbi_fontset *set, unsigned face, uint32_t c)
{
	if (c == 0x2011 && !dbi_fontset_glyph(set, face, 0x2011) && !dbi_fontset_glyph(set, face, 0x2010))
		return '-';
	return c;
}

static void fill(hb_buffer_t *buf, const dbi_fontset *set, const struct dbi_text_char *chars, size_t n,
    const hb_segment_properties_t *properties)
{
	hb_buffer_clear_contents(buf);
	hb_buffer_set_flags(buf, HB_BUFFER_FLAG_BOT | HB_BUFFER_FLAG_EOT | HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES
	    | HB_BUFFER_FLAG_DO_NOT_INSERT_DOTTED_CIRCLE);
	for (size_t i = 0; i < n; i++)
		hb_buffer_add(buf, substitute(set, chars[0].face, chars[i].c), chars[i].offset);
	hb_buffer_set_content_type(buf, HB_BUFFER_CONTENT_TYPE_UNICODE);
	hb_buffer_set_segment_properties(buf, properties);
}

static bool execute(hb_shape_plan_t *plan, hb_font_t *font, hb_buffer_t *buf)
{
	return hb_buffer_allocation_successful(buf) && hb_shape_plan_execute(plan, font, buf, NULL, 0)
	    && hb_buffer_allocation_successful(buf);
}

bool dbi_hb_same(hb_buffer_t *a, hb_buffer_t *b)
{
	unsigned n = hb_buffer_get_length(a);
	const hb_glyph_info_t *ia = hb_buffer_get_glyph_infos(a, NULL), *ib = hb_buffer_get_glyph_infos(b, NULL);
	const hb_glyph_position_t *pa = hb_buffer_get_glyph_positions(a, NULL), *pb = hb_buffer_get_glyph_positions(b, NULL);

	if (n != hb_buffer_get_length(b))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (ia[i].codepoint != ib[i].codepoint || ia[i].cluster != ib[i].cluster || pa[i].x_advance != pb[i].x_advance
		    || pa[i].x_offset != pb[i].x_offset || pa[i].y_offset != pb[i].y_offset)
			return false;
	return true;
}

hb_language_t dbi_hb_language(const char *tag)
{
	/* HarfBuzz keeps languages in a list without locks; the lock shows thread checkers the order they cannot see in it. */
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	hb_language_t language;

	pthread_mutex_lock(&lock);
	language = hb_language_from_string(tag, -1);
	pthread_mutex_unlock(&lock);
	return language;
}

/* Whether two plans apply the same lookups of a table. */
static bool same_lookups(hb_shape_plan_t *a, hb_shape_plan_t *b, hb_tag_t table)
{
	hb_set_t *x = hb_set_create(), *y = hb_set_create();
	bool same;

	hb_ot_shape_plan_collect_lookups(a, table, x);
	hb_ot_shape_plan_collect_lookups(b, table, y);
	same = hb_set_allocation_successful(x) && hb_set_allocation_successful(y) && hb_set_is_equal(x, y);
	hb_set_destroy(x);
	hb_set_destroy(y);
	return same;
}

/* False when memory is out at this moment. */
static bool memory_left(size_t size)
{
	void *p = dbi_malloc(size);

	if (!p)
		return false;
	dbi_free(p);
	return true;
}

static hb_shape_plan_t *find_plan(const struct dbi_hb *hb, unsigned face, uint32_t script, bool rtl, uint16_t lang)
{
	for (size_t i = 0; i < hb->n; i++) {
		const struct dbi_hb_plan *p = &hb->plans[i];

		if (p->face == face && p->script == script && p->lang == lang && p->rtl == rtl)
			return p->plan;
	}
	return NULL;
}

/*
 * Makes a plan twice, shapes with both and keeps one if they agree. The check
 * of memory comes last: when it runs out for good, both plans lack the same.
 */
static int shape_new_plan(struct dbi_hb *hb, const dbi_fontset *set, const struct dbi_text_char *chars, size_t n,
    const hb_segment_properties_t *properties, uint16_t lang, struct dbrief_error *err)
{
	const struct dbi_face_info *info = dbi_fontset_info(set, chars[0].face);
	hb_shape_plan_t *a = hb_shape_plan_create2(info->hb_face, properties, NULL, 0, NULL, 0, NULL);
	hb_shape_plan_t *b = hb_shape_plan_create2(info->hb_face, properties, NULL, 0, NULL, 0, NULL);
	int rc = DBRIEF_OK;

	fill(hb->buffer, set, chars, n, properties);
	fill(hb->second, set, chars, n, properties);
	if (a == hb_shape_plan_get_empty() || b == hb_shape_plan_get_empty() || !same_lookups(a, b, HB_OT_TAG_GSUB)
	    || !same_lookups(a, b, HB_OT_TAG_GPOS) || !execute(a, info->hb_font, hb->buffer)
	    || !execute(b, info->hb_font, hb->second) || !dbi_hb_same(hb->buffer, hb->second) || !memory_left(CANARY)
	    || !dbi_grow(&hb->plans, &hb->cap, hb->n + 1, sizeof *hb->plans, MAX_PLANS))
		rc = dbi_error_memory(err);
	hb_shape_plan_destroy(b);
	if (rc) {
		hb_shape_plan_destroy(a);
		return rc;
	}
	hb->plans[hb->n++] = (struct dbi_hb_plan){ a, chars[0].script, chars[0].face, lang,
		properties->direction == HB_DIRECTION_RTL };
	return DBRIEF_OK;
}

int dbi_hb_shape(struct dbi_hb *hb, const dbi_fontset *set, const struct dbi_text_char *chars, size_t n, bool rtl,
    uint16_t lang, hb_language_t language, struct dbrief_error *err)
{
	hb_segment_properties_t properties = HB_SEGMENT_PROPERTIES_DEFAULT;
	hb_shape_plan_t *plan;
	int rc = dbi_fontset_open(set, chars[0].face, err);

	if (rc)
		return rc;
	properties.direction = rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR;
	properties.script = (hb_script_t)chars[0].script;
	properties.language = language;
	if (!(plan = find_plan(hb, chars[0].face, chars[0].script, rtl, lang)))
		return shape_new_plan(hb, set, chars, n, &properties, lang, err);
	fill(hb->buffer, set, chars, n, &properties);
	if (!execute(plan, dbi_fontset_info(set, chars[0].face)->hb_font, hb->buffer) || !memory_left(256))
		return dbi_error_memory(err);
	return DBRIEF_OK;
}
