/* SPDX-License-Identifier: MIT */
/* Cheap looks at a text before it is cut into words. */
#ifndef DBI_LAYOUT_TEXT_H
#define DBI_LAYOUT_TEXT_H

#include "layout/para.h"

/* Lines can end at spaces only. */
bool dbi_text_is_simple(const char *text, size_t len);
/* Something may run from right to left. */
bool dbi_text_is_bidi(const char *text, size_t len);
bool dbi_text_is_rtl_lang(const char *lang);
bool dbi_text_has_soft_hyphen(const char *s, size_t len);
/* Takes soft hyphens out of text[0..*len) and notes where they stood. False when memory is out. */
bool dbi_text_take_soft_hyphens(struct dbi_lay *l, struct dbi_para *p, char *text, size_t *len);
/* No line may end at the space before text[at]. */
bool dbi_text_is_glued(const char *text, size_t at);

#endif
