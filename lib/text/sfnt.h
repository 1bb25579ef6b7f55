/* SPDX-License-Identifier: MIT */
/*
 * TrueType files, read table by table with every access checked against the
 * table's length. Knows nothing of shaping: it answers whether a font may be
 * used at all, which characters it has and what its metrics are.
 */
#ifndef DBI_TEXT_SFNT_H
#define DBI_TEXT_SFNT_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "util/error.h"
#include "text/fontset.h"

enum dbi_sfnt_tag {
	DBI_SFNT_HEAD, DBI_SFNT_MAXP, DBI_SFNT_HHEA, DBI_SFNT_HMTX, DBI_SFNT_CMAP, DBI_SFNT_NAME, DBI_SFNT_OS2,
	DBI_SFNT_POST, DBI_SFNT_LOCA, DBI_SFNT_GLYF, DBI_SFNT_TAGS
};

struct dbi_sfnt {
	struct { uint32_t offset, len; } table[DBI_SFNT_TAGS]; /* len 0: the file has none */
	uint64_t file_len;
	unsigned n_hmetrics;      /* entries of hmtx with an advance */
	bool long_loca;           /* offsets of loca have four bytes */
	unsigned char *cmap;      /* the whole table, ours */
	const unsigned char *map; /* chosen Unicode subtable inside cmap */
	size_t map_len;
	unsigned map_format;      /* 4 or 12 */
	uint32_t latin[256];      /* glyphs of the first characters, which are asked for most */
	char ps_name[64];
};

/*
 * Reads directory and small tables of an open file and fills the metrics of
 * `info`. Refuses what the library cannot embed: FATAL, cause FONT; an
 * unreadable file has cause SYSTEM. `where` names the file.
 */
int dbi_sfnt_read(struct dbi_sfnt *font, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err);
void dbi_sfnt_dispose(struct dbi_sfnt *font);
/* Glyph of a code point, 0 when there is none. */
uint32_t dbi_sfnt_glyph(const struct dbi_sfnt *font, uint32_t codepoint);
/* True when `bytes` is still the file that was read before. */
bool dbi_sfnt_matches(const struct dbi_sfnt *font, const unsigned char *bytes, size_t len);
/* n_glyphs advance widths out of the whole file. */
void dbi_sfnt_advances(const struct dbi_sfnt *font, const unsigned char *bytes, unsigned n_glyphs, uint16_t *advances);

/* True when the glyph has no outline at all. */
bool dbi_sfnt_is_blank(const struct dbi_sfnt *font, const unsigned char *bytes, unsigned glyph);

#endif
