/* SPDX-License-Identifier: MIT */
/* Cheap looks at a text before it is cut into words. */
#ifndef DBI_LAYOUT_TEXT_H
#define DBI_LAYOUT_TEXT_H

#include "layout/para.h"

#define DBI_TEXT_BREAKS 1u /* where lines may end must be asked; else at spaces only, as in most cells */
#define DBI_TEXT_HYPHENS 4u /* there are hyphens, and lines may end behind some of them */
#define DBI_TEXT_BIDI   2u /* something may run from right to left */
unsigned dbi_text_look(const char *text, size_t len);
/* In a text without DBI_TEXT_BREAKS: a line may end behind the hyphen before text[at]. */
bool dbi_text_is_hyphen_break(const char *text, size_t at);
/* No line may end behind the hyphen before text[at]. */
bool dbi_text_is_hyphen_kept(const char *text, size_t at);
bool dbi_text_is_rtl_lang(const char *lang);
bool dbi_text_has_soft_hyphen(const char *s, size_t len);
/* Takes soft hyphens out of text[0..*len) and notes where they stood. False when memory is out. */
bool dbi_text_take_soft_hyphens(struct dbi_lay *l, struct dbi_parts *p, char *text, size_t *len);
/* No line may end at the space before text[at]. */
bool dbi_text_is_glued(const char *text, size_t at);

#endif
