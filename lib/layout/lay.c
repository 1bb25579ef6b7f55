/* SPDX-License-Identifier: MIT */
#include "layout/lay.h"
#include "layout/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int dbi_lay_memory(struct dbi_lay *l)
{
	return dbi_error_memory(l->err);
}

int dbi_lay_error(struct dbi_lay *l, long line, const char *fmt, ...)
{
	char place[192], text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (line > 0)
		snprintf(place, sizeof(place), "%s:%ld", l->letter->name, line);
	else
		snprintf(place, sizeof(place), "%s", l->letter->name);
	return dbi_error(l->err, DBRIEF_FAILED, DBRIEF_CAUSE_LAYOUT, place, "%s", text);
}

int dbi_lay_place_error(struct dbi_lay *l, int status)
{
	return l->line ? dbi_error_prefix(l->err, status, "%s:%ld", l->letter->name, l->line) : status;
}

bool dbi_lay_grow(struct dbi_lay *l, void *array_pointer, size_t n, size_t *cap, size_t size)
{
	void *old, *grown;
	size_t want = *cap ? *cap * 2 : 16;

	if (n < *cap)
		return true;
	memcpy(&old, array_pointer, sizeof(old));
	if (want >= (size_t)-1 / size)
		return false;
	if (dbi_arena_extend(l->arena, old, *cap * size, want * size)) {
		*cap = want;
		return true;
	}
	grown = dbi_arena_alloc(l->arena, want * size);
	if (!grown)
		return false;
	if (n)
		memcpy(grown, old, n * size);
	memcpy(array_pointer, &grown, sizeof(grown));
	*cap = want;
	return true;
}

int dbi_lay_lang(struct dbi_lay *l, const char *lang)
{
	int status;

	if (l->lang_known && l->lang == lang)
		return DBRIEF_OK;
	l->lang = lang;
	l->lang_rtl = dbi_text_is_rtl_lang(lang);
	status = dbi_shaper_lang(l->shaper, lang, &l->lang_number, l->err);
	l->lang_known = status == DBRIEF_OK;
	return status == DBRIEF_OK ? status : dbi_lay_place_error(l, status);
}

unsigned dbi_lay_face(struct dbi_lay *l, const struct dbi_style *style)
{
	if (l->face_style != style) {
		l->face_style = style;
		l->face = dbi_fontset_face(l->fonts, style->family, style->face);
	}
	return l->face;
}

bool dbi_lay_element(struct dbi_lay *l, enum dbi_role role, dbi_elem parent, const char *lang, dbi_elem *out)
{
	*out = dbi_display_add_element(l->out, role, parent);
	if (*out == DBI_ELEM_ARTIFACT)
		return false;
	l->out->elements[*out].lang = lang;
	return true;
}
