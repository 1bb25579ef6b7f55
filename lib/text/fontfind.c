/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "text/fontfind.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_FONTCONFIG
#include <fontconfig/fontconfig.h>

dbi_fontfinder *dbi_fontfinder_new(void)
{
	return (dbi_fontfinder *)FcInitLoadConfigAndFonts();
}

void dbi_fontfinder_free(dbi_fontfinder *finder)
{
	if (finder)
		FcConfigDestroy((FcConfig *)finder);
}

static bool has_family(const FcPattern *p, const char *family)
{
	FcChar8 *name;

	for (int i = 0; FcPatternGetString(p, FC_FAMILY, i, &name) == FcResultMatch; i++)
		if (dbi_font_name_equal((const char *)name, family))
			return true;
	return false;
}

static int pattern_int(const FcPattern *p, const char *object, int otherwise)
{
	int v;

	return FcPatternGetInteger(p, object, 0, &v) == FcResultMatch ? v : otherwise;
}

/* How far a font is from a style, 0 for an exact match; -1: not this style. */
static int style_distance(const FcPattern *p, int style)
{
	int weight = pattern_int(p, FC_WEIGHT, FC_WEIGHT_REGULAR), want = style & 1 ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR;
	int width = pattern_int(p, FC_WIDTH, FC_WIDTH_NORMAL);
	bool slanted = pattern_int(p, FC_SLANT, FC_SLANT_ROMAN) != FC_SLANT_ROMAN;
	FcBool variable = FcFalse;

	if (slanted != ((style & 2) != 0) || (weight > 140) != ((style & 1) != 0) || pattern_int(p, FC_INDEX, 0) != 0)
		return -1;
	if (FcPatternGetBool(p, FC_VARIABLE, 0, &variable) == FcResultMatch && variable)
		return -1;
	return abs(weight - want) + 1000 * abs(width - FC_WIDTH_NORMAL);
}

/* The file of a pattern if it has TrueType outlines. */
static const char *truetype_file(const FcPattern *p)
{
	FcChar8 *file, *format;

	if (FcPatternGetString(p, FC_FONTFORMAT, 0, &format) != FcResultMatch || strcmp((const char *)format, "TrueType") != 0
	    || FcPatternGetString(p, FC_FILE, 0, &file) != FcResultMatch)
		return NULL;
	return (const char *)file;
}

bool dbi_fontfinder_find(const dbi_fontfinder *finder, const char *family, const char *files[4])
{
	const FcFontSet *fonts = finder ? FcConfigGetFonts((FcConfig *)finder, FcSetSystem) : NULL;
	int least[4] = { INT_MAX, INT_MAX, INT_MAX, INT_MAX };

	for (int style = 0; style < 4; style++)
		files[style] = NULL;
	for (int i = 0; fonts && i < fonts->nfont; i++) {
		const char *file;

		if (!has_family(fonts->fonts[i], family) || !(file = truetype_file(fonts->fonts[i])))
			continue;
		for (int style = 0; style < 4; style++) {
			int distance = style_distance(fonts->fonts[i], style);

			/* Of equals the first by name, so that the choice does not depend on the order of the cache. */
			if (distance >= 0
			    && (distance < least[style] || (distance == least[style] && strcmp(file, files[style]) < 0))) {
				least[style] = distance;
				files[style] = file;
			}
		}
	}
	return files[0] || files[1] || files[2] || files[3];
}

#else

dbi_fontfinder *dbi_fontfinder_new(void)
{
	return NULL;
}

void dbi_fontfinder_free(dbi_fontfinder *finder)
{
	(void)finder;
}

bool dbi_fontfinder_find(const dbi_fontfinder *finder, const char *family, const char *files[4])
{
	(void)finder;
	(void)family;
	for (int style = 0; style < 4; style++)
		files[style] = NULL;
	return false;
}
#endif
