/* SPDX-License-Identifier: MIT */
#include "text/fontset.h"

#include <stdio.h>
#include <string.h>

#include "text/face.h"
#include "text/fontfind.h"
#include "util/hash.h"
#include "util/limits.h"
#include "util/mem.h"

struct family {
	char *name;
	int face[4]; /* by enum dbi_font_style; -1: this style is missing */
};

struct dbi_fontset {
	struct family *families;
	size_t n_families, cap_families;
	size_t n_main;                    /* families before the fallbacks */
	struct dbi_face **faces;
	struct { uint16_t family; uint16_t style; } *origin; /* of each face */
	size_t n_faces, cap_faces, cap_origin;
};

static const char *const default_names[] = { "Arimo", "Liberation Sans", "DejaVu Sans" };

/* Fonts of one script come before the broad ones: they are drawn better. */
static const char *const fallback_names[] = {
	"Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Armenian", "Noto Sans Georgian", "Noto Sans Devanagari",
	"Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Thai", "Noto Sans Ethiopic",
	"Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Kannada", "Noto Sans Khmer", "Noto Sans Lao",
	"Noto Sans Malayalam", "Noto Sans Myanmar", "Noto Sans Oriya", "Noto Sans Sinhala", "Noto Serif Tibetan",
	"Noto Sans Mongolian", "Noto Sans Syriac", "Noto Sans Thaana", "Noto Sans Cherokee", "Noto Sans NKo",
	"DejaVu Sans", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math"
};

static int add_face(dbi_fontset *set, const char *path, size_t family, int style, struct dbrief_error *err)
{
	struct dbi_face *face;
	int rc;

	if (set->n_faces >= DBI_MAX_FACES)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, "fonts",
		    "more than %d font files; list fewer families in <fonts>", DBI_MAX_FACES);
	if (!dbi_grow(&set->faces, &set->cap_faces, set->n_faces + 1, sizeof *set->faces, DBI_MAX_FACES)
	    || !dbi_grow(&set->origin, &set->cap_origin, set->n_faces + 1, sizeof *set->origin, DBI_MAX_FACES))
		return dbi_error_memory(err);
	if ((rc = dbi_face_new(&face, path, err)))
		return rc;
	set->origin[set->n_faces].family = (uint16_t)family;
	set->origin[set->n_faces].style = (uint16_t)style;
	set->families[family].face[style] = (int)set->n_faces;
	set->faces[set->n_faces++] = face;
	return DBRIEF_OK;
}

/* Adds a family with its files. Skips unusable ones when `lenient`, for families nobody asked for by name. */
static int add_family(dbi_fontset *set, const char *name, const char *const files[4], bool lenient,
    struct dbrief_error *err)
{
	struct family *f;
	size_t index = set->n_families;

	if (!dbi_grow(&set->families, &set->cap_families, index + 1, sizeof *set->families, DBI_MAX_FACES))
		return dbi_error_memory(err);
	f = &set->families[index];
	for (int i = 0; i < 4; i++)
		f->face[i] = -1;
	if (!(f->name = dbi_strdup(name)))
		return dbi_error_memory(err);
	set->n_families++;
	for (int i = 0; i < 4; i++) {
		struct dbrief_error local = DBRIEF_ERROR_INIT;
		int rc = files[i] ? add_face(set, files[i], index, i, &local) : DBRIEF_OK;

		if (rc && lenient && local.cause == DBRIEF_CAUSE_FONT)
			continue;
		if (rc) {
			if (err && err->status == DBRIEF_OK)
				*err = local;
			return rc;
		}
	}
	return DBRIEF_OK;
}

static int add_spec(dbi_fontset *set, const dbi_fontfinder *finder, const struct dbi_family_spec *spec,
    struct dbrief_error *err)
{
	const char *files[4];
	bool given = false;

	for (int i = 0; i < 4; i++) {
		files[i] = spec->files[i];
		given = given || files[i];
	}
	if (!given && !dbi_fontfinder_find(finder, spec->name, files)) {
		if (!finder)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, "fonts",
			    "family %s has no files and fonts cannot be found by name here; give the paths of its files", spec->name);
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, "fonts",
		    "no TrueType font family is installed under the name %s; install it or give the paths of its files",
		    spec->name);
	}
	return add_family(set, spec->name, files, false, err);
}

static bool has_faces(const struct family *f)
{
	return f->face[0] >= 0 || f->face[1] >= 0 || f->face[2] >= 0 || f->face[3] >= 0;
}

/* Adds a built-in family if it is installed and usable. */
static int try_family(dbi_fontset *set, const dbi_fontfinder *finder, const char *name,
    struct dbrief_error *err)
{
	const char *files[4];
	int rc;

	if (dbi_fontset_family(set, name) >= 0 || !dbi_fontfinder_find(finder, name, files))
		return DBRIEF_OK;
	rc = add_family(set, name, files, true, err);
	if (!rc && !has_faces(&set->families[set->n_families - 1]))
		dbi_free(set->families[--set->n_families].name);
	return rc;
}

static int add_default_family(dbi_fontset *set, const dbi_fontfinder *finder, struct dbrief_error *err)
{
	size_t before = set->n_families;

	for (size_t i = 0; i < sizeof default_names / sizeof default_names[0] && set->n_families == before; i++) {
		int rc = try_family(set, finder, default_names[i], err);

		if (rc)
			return rc;
	}
	if (set->n_families)
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, "fonts",
	    "none of Arimo, Liberation Sans and DejaVu Sans is installed; install one or list fonts in <fonts>");
}

/* The first of a list "Tinos, Arimo" may be among the configured ones, which know its files. */
static int add_named(dbi_fontset *set, const dbi_fontfinder *finder, const char *names, const struct dbi_family_spec *families,
    size_t n, struct dbrief_error *err)
{
	int rc = DBRIEF_OK;

	while (names && *names && !rc) {
		char name[64];
		struct dbi_family_spec spec = { name, { NULL, NULL, NULL, NULL } };
		size_t len = strcspn(names, ","), end = len;

		while (end > 0 && names[end - 1] == ' ')
			end--;
		snprintf(name, sizeof(name), "%.*s", (int)(end < sizeof(name) ? end : sizeof(name) - 1), names);
		for (size_t i = 0; i < n; i++)
			if (strcmp(families[i].name, name) == 0)
				spec = families[i];
		if (name[0] && dbi_fontset_family(set, name) < 0)
			rc = add_spec(set, finder, &spec, err);
		names += len;
		names += strspn(names, ", ");
	}
	return rc;
}

static int add_families(dbi_fontset *set, const dbi_fontfinder *finder, const char *names, const struct dbi_family_spec *families,
    size_t n, const struct dbi_family_spec *fallbacks, size_t n_fallbacks, struct dbrief_error *err)
{
	int rc = add_named(set, finder, names, families, n, err);

	if (!rc && !n)
		rc = add_default_family(set, finder, err);
	for (size_t i = 0; !rc && i < n; i++)
		if (dbi_fontset_family(set, families[i].name) < 0)
			rc = add_spec(set, finder, &families[i], err);
	set->n_main = set->n_families;
	for (size_t i = 0; !rc && i < n_fallbacks; i++)
		rc = add_spec(set, finder, &fallbacks[i], err);
	if (n || n_fallbacks)
		return rc;
	for (size_t i = 0; !rc && i < sizeof fallback_names / sizeof fallback_names[0]; i++)
		rc = try_family(set, finder, fallback_names[i], err);
	return rc;
}

static bool finder_needed(const struct dbi_family_spec *specs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!specs[i].files[0] && !specs[i].files[1] && !specs[i].files[2] && !specs[i].files[3])
			return true;
	return false;
}

int dbi_fontset_new(dbi_fontset **out, const struct dbi_family_spec *families, size_t n,
    const struct dbi_family_spec *fallbacks, size_t n_fallbacks, struct dbrief_error *err)
{
	return dbi_fontset_new_named(out, NULL, families, n, fallbacks, n_fallbacks, err);
}

int dbi_fontset_new_named(dbi_fontset **out, const char *names, const struct dbi_family_spec *families, size_t n,
    const struct dbi_family_spec *fallbacks, size_t n_fallbacks, struct dbrief_error *err)
{
	dbi_fontset *set = dbi_calloc(1, sizeof *set);
	dbi_fontfinder *finder = NULL;
	int rc;

	*out = NULL;
	if (!set)
		return dbi_error_memory(err);
	if (names || n == 0 || finder_needed(families, n) || finder_needed(fallbacks, n_fallbacks))
		finder = dbi_fontfinder_new();
	rc = add_families(set, finder, names, families, n, fallbacks, n_fallbacks, err);
	dbi_fontfinder_free(finder);
	for (int i = 0; !rc && i < 4; i++)
		if (set->families[0].face[i] >= 0)
			rc = dbi_fontset_open(set, (unsigned)set->families[0].face[i], err);
	if (rc) {
		dbi_fontset_free(set);
		return rc;
	}
	*out = set;
	return DBRIEF_OK;
}

void dbi_fontset_free(dbi_fontset *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n_faces; i++)
		dbi_face_free(set->faces[i]);
	for (size_t i = 0; i < set->n_families; i++)
		dbi_free(set->families[i].name);
	dbi_free(set->families);
	dbi_free(set->faces);
	dbi_free(set->origin);
	dbi_free(set);
}

int dbi_fontset_family(const dbi_fontset *set, const char *name)
{
	for (size_t i = 0; i < set->n_families; i++)
		if (dbi_font_name_equal(set->families[i].name, name))
			return (int)i;
	return -1;
}

unsigned dbi_fontset_face(const dbi_fontset *set, int family, enum dbi_font_style style)
{
	static const unsigned char nearest[4][4] = { { 0, 2, 1, 3 }, { 1, 0, 3, 2 }, { 2, 0, 3, 1 }, { 3, 1, 2, 0 } };
	const struct family *f = &set->families[family >= 0 && (size_t)family < set->n_families ? family : 0];

	for (int i = 0; i < 4; i++)
		if (f->face[nearest[style][i]] >= 0)
			return (unsigned)f->face[nearest[style][i]];
	return 0;
}

size_t dbi_fontset_count(const dbi_fontset *set)
{
	return set->n_faces;
}

int dbi_fontset_open(const dbi_fontset *set, unsigned face, struct dbrief_error *err)
{
	return dbi_face_open(set->faces[face], err);
}

bool dbi_fontset_is_open(const dbi_fontset *set, unsigned face)
{
	return dbi_face_is_open(set->faces[face]);
}

void dbi_fontset_sha256(const dbi_fontset *set, unsigned face, unsigned char out[32])
{
	dbi_sha256(out, set->faces[face]->info.bytes, set->faces[face]->info.len);
}

size_t dbi_fontset_fallbacks(const dbi_fontset *set, unsigned face, unsigned *faces, size_t max)
{
	size_t n = 0;

	for (size_t i = set->n_main; i < set->n_families && n < max; i++)
		if (i != set->origin[face].family && has_faces(&set->families[i]))
			faces[n++] = dbi_fontset_face(set, (int)i, (enum dbi_font_style)set->origin[face].style);
	return n;
}

const struct dbi_face_info *dbi_fontset_info(const dbi_fontset *set, unsigned face)
{
	return &set->faces[face]->info;
}

uint32_t dbi_fontset_glyph(const dbi_fontset *set, unsigned face, uint32_t codepoint)
{
	uint32_t glyph = dbi_sfnt_glyph(&set->faces[face]->sfnt, codepoint);

	return glyph < set->faces[face]->info.n_glyphs ? glyph : 0;
}

bool dbi_fontset_is_blank(const dbi_fontset *set, unsigned face, unsigned glyph)
{
	return dbi_sfnt_is_blank(&set->faces[face]->sfnt, set->faces[face]->info.bytes, glyph);
}
