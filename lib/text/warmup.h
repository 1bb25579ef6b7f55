/* SPDX-License-Identifier: MIT */
/* Makes HarfBuzz load all it needs of a font, and finds out whether it could. */
#ifndef DBI_TEXT_WARMUP_H
#define DBI_TEXT_WARMUP_H

#include <hb.h>
#include <stdbool.h>

/*
 * HarfBuzz loads tables on first use, and a failed allocation there gives
 * wrong glyphs without any error. So both fonts, made separately from the same
 * file, shape all kinds of text the file has characters for. True when they
 * agree throughout: then `font` may be used by all threads.
 */
bool dbi_font_warm_up(hb_font_t *font, hb_font_t *fresh);

#endif
