/* SPDX-License-Identifier: MIT */
#include "text/sfnt.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/mem.h"

#define MAX_FONT_FILE (64u << 20)
#define MAX_SMALL_TABLE (4u << 20)
#define MAX_TABLES 256

static const char tag_names[DBI_SFNT_TAGS][5] = {
	"head", "maxp", "hhea", "hmtx", "cmap", "name", "OS/2", "post", "loca", "glyf"
};

static unsigned u16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static int s16(const unsigned char *p)
{
	int v = (int)u16(p);

	return v >= 0x8000 ? v - 0x10000 : v;
}

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int refuse(struct dbrief_error *err, const char *where, const char *what)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, where, "%s; use another font file", what);
}

static int read_at(int fd, void *to, size_t len, uint64_t offset, const char *where, struct dbrief_error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)to + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (err)
				err->os_errno = n < 0 ? errno : 0;
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, where,
			    "the font file cannot be read; check the file and the disk");
		}
		done += (size_t)n;
	}
	return DBRIEF_OK;
}

/* The directory: where the tables we need lie, each inside the file. */
static int read_directory(struct dbi_sfnt *f, int fd, const char *where, struct dbrief_error *err)
{
	unsigned char head[12], entries[MAX_TABLES * 16];
	unsigned n;
	int rc;

	if (f->file_len < 12 || f->file_len > MAX_FONT_FILE)
		return refuse(err, where, "the file is too small or too large for a font");
	if ((rc = read_at(fd, head, sizeof head, 0, where, err)))
		return rc;
	if (u32(head) == 0x4F54544F)
		return refuse(err, where, "the font has PostScript (CFF) outlines, not TrueType ones");
	if (u32(head) == 0x74746366)
		return refuse(err, where, "the file is a font collection, not a single font");
	if (u32(head) != 0x00010000 && u32(head) != 0x74727565)
		return refuse(err, where, "the file is no TrueType font");
	n = u16(head + 4);
	if (n == 0 || n > MAX_TABLES || 12 + (uint64_t)n * 16 > f->file_len)
		return refuse(err, where, "the table directory of the font is damaged");
	if ((rc = read_at(fd, entries, (size_t)n * 16, 12, where, err)))
		return rc;
	for (unsigned i = 0; i < n; i++) {
		const unsigned char *e = entries + (size_t)i * 16;

		for (int t = 0; t < DBI_SFNT_TAGS; t++) {
			if (memcmp(e, tag_names[t], 4) != 0)
				continue;
			if ((uint64_t)u32(e + 8) + u32(e + 12) > f->file_len)
				return refuse(err, where, "a table of the font lies outside its file");
			f->table[t].offset = u32(e + 8);
			f->table[t].len = u32(e + 12);
		}
	}
	return DBRIEF_OK;
}

/* The table, or its first `most` bytes. *out is NULL when the font has no such table. */
static int load_table(const struct dbi_sfnt *f, int fd, enum dbi_sfnt_tag t, size_t least, size_t most, unsigned char **out,
    const char *where, struct dbrief_error *err)
{
	size_t len = f->table[t].len < most ? f->table[t].len : most;
	int rc;

	*out = NULL;
	if (len == 0 && least == 0)
		return DBRIEF_OK;
	if (len < least || len > MAX_SMALL_TABLE)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_FONT, where,
		    "the table %s of the font is missing or damaged; use another font file", tag_names[t]);
	if (!(*out = dbi_malloc(len)))
		return dbi_error_memory(err);
	if ((rc = read_at(fd, *out, len, f->table[t].offset, where, err))) {
		dbi_free(*out);
		*out = NULL;
	}
	return rc;
}

static int read_head_maxp(struct dbi_sfnt *f, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err)
{
	unsigned char *head = NULL, *maxp = NULL;
	uint64_t loca_need;
	int rc;

	if ((rc = load_table(f, fd, DBI_SFNT_HEAD, 54, 54, &head, where, err))
	    || (rc = load_table(f, fd, DBI_SFNT_MAXP, 6, 6, &maxp, where, err)))
		goto out;
	info->units_per_em = u16(head + 18);
	for (int i = 0; i < 4; i++)
		info->bbox[i] = s16(head + 36 + 2 * i);
	info->italic = (u16(head + 44) & 2) != 0;
	info->n_glyphs = u16(maxp + 4);
	f->long_loca = s16(head + 50) != 0;
	loca_need = (uint64_t)(info->n_glyphs + 1) * (f->long_loca ? 4 : 2);
	if (info->units_per_em < 16 || info->units_per_em > 16384)
		rc = refuse(err, where, "the font's units per em are outside 16..16384");
	else if (info->n_glyphs == 0)
		rc = refuse(err, where, "the font has no glyphs");
	else if (f->table[DBI_SFNT_GLYF].len == 0 || f->table[DBI_SFNT_LOCA].len < loca_need)
		rc = refuse(err, where, "the font has no complete TrueType outlines");
out:
	dbi_free(head);
	dbi_free(maxp);
	return rc;
}

static int read_hhea(struct dbi_sfnt *f, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err)
{
	unsigned char *hhea = NULL;
	uint64_t need;
	int rc = load_table(f, fd, DBI_SFNT_HHEA, 36, 36, &hhea, where, err);

	if (rc)
		return rc;
	info->ascent = s16(hhea + 4);
	info->descent = s16(hhea + 6);
	info->line_gap = s16(hhea + 8);
	f->n_hmetrics = u16(hhea + 34);
	need = (uint64_t)f->n_hmetrics * 4;
	if (f->n_hmetrics > info->n_glyphs)
		need = UINT64_MAX;
	else
		need += (uint64_t)(info->n_glyphs - f->n_hmetrics) * 2;
	if (f->n_hmetrics == 0 || need > f->table[DBI_SFNT_HMTX].len)
		rc = refuse(err, where, "the advance widths of the font are damaged");
	dbi_free(hhea);
	return rc;
}

/* OS/2 fsType: restricted licence, no subsetting, bitmaps only. */
static bool embedding_forbidden(unsigned fs_type)
{
	return (fs_type & 0xF) == 2 || (fs_type & 0x300) != 0;
}

static int read_os2(struct dbi_sfnt *f, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err)
{
	unsigned char *os2 = NULL;
	size_t len = f->table[DBI_SFNT_OS2].len;
	int rc = load_table(f, fd, DBI_SFNT_OS2, 0, 96, &os2, where, err);

	if (rc)
		return rc;
	info->weight = 400;
	info->cap_height = (int)(info->units_per_em * 7 / 10);
	info->x_height = (int)(info->units_per_em / 2);
	if (len >= 72) {
		unsigned family_class = os2[30];

		info->weight = u16(os2 + 4);
		info->serif = (family_class >= 1 && family_class <= 5) || family_class == 7;
		info->italic = info->italic || (u16(os2 + 62) & 1);
		if (info->ascent == 0 && info->descent == 0) {
			info->ascent = s16(os2 + 68);
			info->descent = s16(os2 + 70);
		}
		if (embedding_forbidden(u16(os2 + 8)))
			rc = refuse(err, where, "the licence bits of the font (OS/2 fsType) forbid embedding a subset");
	}
	if (len >= 90 && u16(os2) >= 2) {
		if (s16(os2 + 86) > 0)
			info->x_height = s16(os2 + 86);
		if (s16(os2 + 88) > 0)
			info->cap_height = s16(os2 + 88);
	}
	dbi_free(os2);
	return rc;
}

static int read_post(struct dbi_sfnt *f, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err)
{
	unsigned char *post = NULL;
	int rc = load_table(f, fd, DBI_SFNT_POST, 0, 32, &post, where, err);

	if (rc || f->table[DBI_SFNT_POST].len < 16)
		goto out;
	info->italic_angle_100 = s16(post + 4) * 100 + (int)(u16(post + 6) * 100 / 65536);
	info->italic = info->italic || info->italic_angle_100 != 0;
	info->monospace = u32(post + 12) != 0;
out:
	dbi_free(post);
	return rc;
}

/* Keeps what a PDF name may hold without escapes. */
static void keep_name(char out[64], const unsigned char *s, size_t len, bool utf16)
{
	size_t n = 0;

	for (size_t i = utf16 ? 1 : 0; i < len && n < 63; i += utf16 ? 2 : 1) {
		unsigned char c = s[i];

		if (utf16 && s[i - 1] != 0)
			continue;
		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')
			out[n++] = (char)c;
	}
	out[n] = '\0';
}

static int read_name(struct dbi_sfnt *f, int fd, const char *where, struct dbrief_error *err)
{
	unsigned char *name = NULL;
	size_t len = f->table[DBI_SFNT_NAME].len, count, base;
	int rc = load_table(f, fd, DBI_SFNT_NAME, 0, SIZE_MAX, &name, where, err);

	if (rc || len < 6)
		goto out;
	count = u16(name + 2);
	base = u16(name + 4);
	for (size_t i = 0; i < count && 6 + (i + 1) * 12 <= len && !f->ps_name[0]; i++) {
		const unsigned char *r = name + 6 + i * 12;
		size_t n = u16(r + 8), at = base + u16(r + 10);

		if (u16(r + 6) == 6 && at + n <= len)
			keep_name(f->ps_name, name + at, n, u16(r) != 1);
	}
out:
	if (!f->ps_name[0]) {
		const char *slash = strrchr(where, '/');

		slash = slash ? slash + 1 : where;
		keep_name(f->ps_name, (const unsigned char *)slash, strcspn(slash, "."), false);
	}
	dbi_free(name);
	return rc;
}

/* Full Unicode (format 12) before the basic plane (format 4). */
static int map_rank(unsigned platform, unsigned encoding, unsigned format)
{
	if (format == 12 && ((platform == 3 && encoding == 10) || (platform == 0 && (encoding == 4 || encoding == 6))))
		return 2;
	if (format == 4 && ((platform == 3 && encoding == 1) || (platform == 0 && encoding <= 4)))
		return 1;
	return 0;
}

static bool map_valid(const unsigned char *p, size_t len, unsigned format)
{
	if (format == 12)
		return len >= 16 && u32(p + 12) <= (len - 16) / 12;
	return len >= 16 && 16 + (size_t)(u16(p + 6) / 2) * 8 <= len;
}

static int read_cmap(struct dbi_sfnt *f, int fd, const char *where, struct dbrief_error *err)
{
	size_t len = f->table[DBI_SFNT_CMAP].len;
	int best = 0, rc = load_table(f, fd, DBI_SFNT_CMAP, 4, SIZE_MAX, &f->cmap, where, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < u16(f->cmap + 2) && 4 + (i + 1) * 8 <= len; i++) {
		const unsigned char *r = f->cmap + 4 + i * 8;
		size_t at = u32(r + 4);
		unsigned format;
		int rank;

		if (at > len || len - at < 16)
			continue;
		format = u16(f->cmap + at);
		rank = map_rank(u16(r), u16(r + 2), format);
		if (rank > best && map_valid(f->cmap + at, len - at, format)) {
			best = rank;
			f->map = f->cmap + at;
			f->map_len = len - at;
			f->map_format = format;
		}
	}
	if (best == 0)
		return refuse(err, where, "the font has no Unicode character map");
	return DBRIEF_OK;
}

static uint32_t glyph_12(const unsigned char *p, uint32_t c)
{
	size_t low = 0, high = u32(p + 12);

	while (low < high) {
		size_t mid = (low + high) / 2;
		const unsigned char *g = p + 16 + mid * 12;

		if (c < u32(g))
			high = mid;
		else if (c > u32(g + 4))
			low = mid + 1;
		else
			return u32(g + 8) + (c - u32(g));
	}
	return 0;
}

static uint32_t glyph_4(const unsigned char *p, size_t len, uint32_t c)
{
	size_t n = u16(p + 6) / 2, low = 0, high = n, at, start, range;

	if (c > 0xFFFF)
		return 0;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (u16(p + 14 + mid * 2) < c)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n)
		return 0;
	start = u16(p + 16 + n * 2 + low * 2);
	if (c < start)
		return 0;
	range = u16(p + 16 + n * 6 + low * 2);
	if (range == 0)
		return (c + u16(p + 16 + n * 4 + low * 2)) & 0xFFFF;
	at = 16 + n * 6 + low * 2 + range + (c - start) * 2;
	if (at + 2 > len || u16(p + at) == 0)
		return 0;
	return (u16(p + at) + u16(p + 16 + n * 4 + low * 2)) & 0xFFFF;
}

static uint32_t find_glyph(const struct dbi_sfnt *f, uint32_t c)
{
	return f->map_format == 12 ? glyph_12(f->map, c) : glyph_4(f->map, f->map_len, c);
}

uint32_t dbi_sfnt_glyph(const struct dbi_sfnt *f, uint32_t c)
{
	return c < sizeof f->latin / sizeof *f->latin ? f->latin[c] : find_glyph(f, c);
}

int dbi_sfnt_read(struct dbi_sfnt *f, int fd, const char *where, struct dbi_face_info *info,
    struct dbrief_error *err)
{
	struct stat st;
	int rc;

	memset(f, 0, sizeof *f);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refuse(err, where, "this is no regular file");
	f->file_len = (uint64_t)st.st_size;
	if ((rc = read_directory(f, fd, where, err)) || (rc = read_head_maxp(f, fd, where, info, err))
	    || (rc = read_hhea(f, fd, where, info, err)) || (rc = read_os2(f, fd, where, info, err))
	    || (rc = read_post(f, fd, where, info, err)) || (rc = read_name(f, fd, where, err))
	    || (rc = read_cmap(f, fd, where, err)))
		dbi_sfnt_dispose(f);
	for (uint32_t c = 0; !rc && c < sizeof f->latin / sizeof *f->latin; c++)
		f->latin[c] = find_glyph(f, c);
	return rc;
}

void dbi_sfnt_dispose(struct dbi_sfnt *f)
{
	dbi_free(f->cmap);
	f->cmap = NULL;
	f->map = NULL;
}

bool dbi_sfnt_matches(const struct dbi_sfnt *f, const unsigned char *bytes, size_t len)
{
	return len == f->file_len
	    && memcmp(bytes + f->table[DBI_SFNT_CMAP].offset, f->cmap, f->table[DBI_SFNT_CMAP].len) == 0;
}

void dbi_sfnt_advances(const struct dbi_sfnt *f, const unsigned char *bytes, unsigned n_glyphs, uint16_t *advances)
{
	const unsigned char *hmtx = bytes + f->table[DBI_SFNT_HMTX].offset;

	for (unsigned i = 0; i < n_glyphs; i++) {
		unsigned k = i < f->n_hmetrics ? i : f->n_hmetrics - 1;

		advances[i] = (uint16_t)u16(hmtx + (size_t)k * 4);
	}
}

bool dbi_sfnt_is_blank(const struct dbi_sfnt *f, const unsigned char *bytes, unsigned glyph)
{
	const unsigned char *loca = bytes + f->table[DBI_SFNT_LOCA].offset;

	if (f->long_loca)
		return u32(loca + (size_t)glyph * 4) == u32(loca + (size_t)glyph * 4 + 4);
	return u16(loca + (size_t)glyph * 2) == u16(loca + (size_t)glyph * 2 + 2);
}
