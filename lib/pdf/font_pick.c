/* SPDX-License-Identifier: MIT */
/*
 * A letter's glyphs out of a prepared subset: tables of TrueType are put
 * together anew (OpenType specification 1.9, "Organization of an OpenType
 * font", "glyf", "loca", "hmtx"), outlines and advances copied as they are.
 * Glyphs keep their ids; those after the last one used are left off.
 */
#include "pdf/font.h"

#include <string.h>

#include "pdf/font_code.h"
#include "util/hash.h"
#include "util/mem.h"

#define N_TABLES 6
#define HEAD_SIZE 54
#define HHEA_SIZE 36
#define MAXP_MIN 6
#define DIRECTORY (12 + 16 * N_TABLES)
/* Flags of a composite glyph's component. */
#define WORDS 0x0001u
#define SCALE 0x0008u
#define MORE 0x0020u
#define TWO_SCALES 0x0040u
#define MATRIX 0x0080u

enum table { GLYF, HEAD, HHEA, HMTX, LOCA, MAXP }; /* as the directory is sorted */
static const char tags[N_TABLES][5] = { "glyf", "head", "hhea", "hmtx", "loca", "maxp" };

struct span { const unsigned char *at; size_t len; };

struct dbi_font_stock {
	struct dbi_font_program *program; /* of all its glyphs; file is not deflated */
	struct span tables[N_TABLES];
	unsigned n_glyphs, n_metrics;
	bool long_loca;
	bool has_composites;
	struct dbi_font_code *code; /* of the outlines; NULL when they cannot be coded in advance */
	uint64_t *core;             /* glyphs of every selection that is coded */
};

/* Hardly a letter of some hundred words is without one of these. */
static const char core_chars[] = "abcdefghiklmnoprstuvwz0123456789.,-:/ABDEFGHIKLMNPRSTVWZ";

static unsigned get16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(unsigned char *p, unsigned v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xFFFF);
}

/* ---- taking apart ---- */

static bool find_tables(struct dbi_font_stock *s, const unsigned char *file, size_t len)
{
	if (len < 12)
		return false;
	for (unsigned i = 0, n = get16(file + 4); i < n; i++) {
		const unsigned char *entry = file + 12 + 16 * (size_t)i;
		if (12 + 16 * (size_t)(i + 1) > len)
			return false;
		uint32_t from = get32(entry + 8), size = get32(entry + 12);
		if (from > len || size > len - from)
			return false;
		for (unsigned k = 0; k < N_TABLES; k++)
			if (memcmp(entry, tags[k], 4) == 0)
				s->tables[k] = (struct span){ file + from, size };
	}
	return s->tables[HEAD].len >= HEAD_SIZE && s->tables[HHEA].len >= HHEA_SIZE && s->tables[MAXP].len >= MAXP_MIN;
}

static struct span outline(const struct dbi_font_stock *s, unsigned gid)
{
	const unsigned char *p = s->tables[LOCA].at + (size_t)gid * (s->long_loca ? 4 : 2);
	size_t from = s->long_loca ? get32(p) : 2 * (size_t)get16(p), to = s->long_loca ? get32(p + 4) : 2 * (size_t)get16(p + 2);
	if (from >= to || to > s->tables[GLYF].len)
		return (struct span){ NULL, 0 };
	return (struct span){ s->tables[GLYF].at + from, to - from };
}

static bool is_composite(struct span o)
{
	return o.len > 10 && o.at[0] & 0x80;
}

static bool read_tables(struct dbi_font_stock *s)
{
	s->n_glyphs = get16(s->tables[MAXP].at + 4);
	s->n_metrics = get16(s->tables[HHEA].at + 34);
	s->long_loca = get16(s->tables[HEAD].at + 50) != 0;
	if (!s->n_metrics || s->n_metrics > s->n_glyphs ||
	    s->tables[HMTX].len < 4 * (size_t)s->n_metrics + 2 * (size_t)(s->n_glyphs - s->n_metrics) ||
	    s->tables[LOCA].len < ((size_t)s->n_glyphs + 1) * (s->long_loca ? 4 : 2))
		return false;
	for (unsigned gid = 0; gid < s->n_glyphs; gid++)
		s->has_composites |= is_composite(outline(s, gid));
	return true;
}

/* ---- putting together ---- */

/* Adds the components of a composite; true when one is new. */
static bool add_parts(const struct dbi_font_stock *s, uint64_t *set, unsigned gid)
{
	struct span o = outline(s, gid);
	size_t at = 10;
	unsigned flags = is_composite(o) ? MORE : 0;
	bool new = false;

	while (flags & MORE && at + 4 <= o.len) {
		unsigned part = get16(o.at + at + 2);
		flags = get16(o.at + at);
		if (part < s->n_glyphs && !dbi_glyph_in(set, part)) {
			dbi_glyph_put(set, part);
			new = true;
		}
		at += 4 + (flags & WORDS ? 4u : 2u) + (flags & SCALE ? 2u : flags & TWO_SCALES ? 4u : flags & MATRIX ? 8u : 0u);
	}
	return new;
}

/* The glyphs and what they are composed of; returns one more than the last. */
static unsigned close_set(const struct dbi_font_stock *s, uint64_t *set, size_t words)
{
	unsigned end = 1;

	dbi_glyph_put(set, 0);
	/* Again while something was new: components may be composites. */
	for (bool new = s->has_composites; new;) {
		new = false;
		for (unsigned gid = dbi_glyph_next(set, s->n_glyphs, 0); gid < s->n_glyphs; gid = dbi_glyph_next(set, s->n_glyphs, gid + 1))
			new |= add_parts(s, set, gid);
	}
	for (size_t w = words; w > 0 && end == 1; w--)
		if (set[w - 1])
			end = (unsigned)(w * 64) - (unsigned)__builtin_clzll(set[w - 1]);
	return end < s->n_glyphs ? end : s->n_glyphs;
}

static size_t round4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static size_t outlines_size(const struct dbi_font_stock *s, const uint64_t *set, unsigned n)
{
	size_t size = 0;
	for (unsigned gid = dbi_glyph_next(set, n, 0); gid < n; gid = dbi_glyph_next(set, n, gid + 1))
		size += outline(s, gid).len + 1;
	return size;
}

/* A file that is being put together: tables one behind the other, rooms zeroed. */
struct file {
	unsigned char *at;
	size_t len;
	size_t from[N_TABLES], size[N_TABLES];
};

static unsigned char *begin_table(struct file *f, enum table t, size_t size)
{
	f->from[t] = f->len;
	f->size[t] = size;
	f->len += round4(size);
	return f->at + f->from[t];
}

static void copy_table(struct file *f, const struct dbi_font_stock *s, enum table t)
{
	memcpy(begin_table(f, t, s->tables[t].len), s->tables[t].at, s->tables[t].len);
}

/* Unused glyphs have no advance, unless all of them are wanted. */
static void copy_metrics(struct file *f, const struct dbi_font_stock *s, const uint64_t *set, unsigned n, bool all)
{
	unsigned metrics = s->n_metrics < n ? s->n_metrics : n;
	size_t size = 4 * (size_t)metrics + 2 * (size_t)(n - metrics);
	unsigned char *hmtx = begin_table(f, HMTX, size);

	put16(f->at + f->from[HHEA] + 34, metrics);
	if (all)
		memcpy(hmtx, s->tables[HMTX].at, size);
	else /* the last advance is that of the glyphs behind it, too */
		memcpy(hmtx + 4 * (size_t)(metrics - 1), s->tables[HMTX].at + 4 * (size_t)(metrics - 1), 2);
	for (unsigned gid = all ? n : dbi_glyph_next(set, n, 0); gid < n; gid = dbi_glyph_next(set, n, gid + 1)) {
		size_t at = gid < metrics ? 4 * (size_t)gid : 4 * (size_t)metrics + 2 * (size_t)(gid - metrics);
		memcpy(hmtx + at, s->tables[HMTX].at + at, gid < metrics ? 4 : 2);
	}
}

/* The places of glyphs `from` up to `to`. */
static void put_places(unsigned char *loca, bool is_long, unsigned from, unsigned to, size_t place)
{
	for (; from < to; from++) {
		if (is_long)
			put32(loca + 4 * (size_t)from, (uint32_t)place);
		else
			put16(loca + 2 * (size_t)from, (unsigned)(place / 2));
	}
}

static void copy_outlines(struct file *f, const struct dbi_font_stock *s, const uint64_t *set, unsigned n, size_t room)
{
	unsigned char *loca = begin_table(f, LOCA, ((size_t)n + 1) * (s->long_loca ? 4 : 2));
	unsigned char *glyf = begin_table(f, GLYF, room);
	unsigned next = 0;
	size_t at = 0;

	for (unsigned gid = dbi_glyph_next(set, n, 0); gid < n; gid = dbi_glyph_next(set, n, gid + 1)) {
		struct span o = outline(s, gid);
		put_places(loca, s->long_loca, next, gid + 1, at);
		next = gid + 1;
		if (o.len)
			memcpy(glyf + at, o.at, o.len);
		at += o.len + (o.len & 1);
	}
	put_places(loca, s->long_loca, next, n + 1, at);
	f->size[GLYF] = at;
	f->len = f->from[GLYF] + round4(at);
}

static uint32_t sum_words(const unsigned char *p, size_t len)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < len; i += 4)
		sum += get32(p + i);
	return sum;
}

/* The directory, checksums, and in `head` what makes the whole file's sum 0xB1B0AFBA. */
static void write_directory(struct file *f)
{
	unsigned char *p = f->at;
	uint32_t sum = 0;

	put32(p, 0x00010000);
	put16(p + 4, N_TABLES);
	put16(p + 6, 64);          /* searchRange: 16 times the largest power of two below the number */
	put16(p + 8, 2);           /* entrySelector: its logarithm */
	put16(p + 10, 16 * N_TABLES - 64);
	put32(f->at + f->from[HEAD] + 8, 0);
	for (unsigned i = 0; i < N_TABLES; i++) {
		unsigned char *entry = p + 12 + 16 * (size_t)i;
		uint32_t part = sum_words(p + f->from[i], round4(f->size[i]));
		memcpy(entry, tags[i], 4);
		put32(entry + 4, part);
		put32(entry + 8, (uint32_t)f->from[i]);
		put32(entry + 12, (uint32_t)f->size[i]);
		sum += part;
	}
	put32(f->at + f->from[HEAD] + 8, 0xB1B0AFBAu - sum - sum_words(p, DIRECTORY));
}

/* Puts a TrueType file of the first n glyphs in out, those of set drawn; f tells where its tables are. */
static void write_file(const struct dbi_font_stock *s, const uint64_t *set, unsigned n, bool all_metrics, struct file *f,
    struct dbi_buf *out)
{
	size_t outlines = outlines_size(s, set, n);
	size_t room = DIRECTORY + 4 * N_TABLES + s->tables[HEAD].len + s->tables[HHEA].len + s->tables[MAXP].len +
	    4 * (size_t)n + 4 * ((size_t)n + 1) + outlines;

	*f = (struct file){ (unsigned char *)dbi_buf_room(out, room), DIRECTORY, { 0 }, { 0 } };
	if (!f->at)
		return;
	memset(f->at, 0, room);
	copy_table(f, s, HEAD);
	copy_table(f, s, HHEA);
	copy_table(f, s, MAXP);
	put16(f->at + f->from[MAXP] + 4, n);
	copy_metrics(f, s, set, n, all_metrics);
	copy_outlines(f, s, set, n, outlines);
	write_directory(f);
	out->len += f->len;
}

/* The glyphs with their components, and with the core where that is wanted; returns one more than the last. */
static unsigned select_glyphs(const struct dbi_font_stock *s, const uint64_t *glyphs, bool with_core, uint64_t *set)
{
	size_t words = s->program->n_words;

	for (size_t w = 0; w < words; w++)
		set[w] = glyphs[w] | (with_core ? s->core[w] : 0);
	return close_set(s, set, words);
}

void dbi_font_stock_pick(const struct dbi_font_stock *s, const uint64_t *glyphs, struct dbi_buf *out)
{
	uint64_t *set = dbi_malloc(s->program->n_words * sizeof(*set));
	struct file f;

	if (set)
		write_file(s, set, select_glyphs(s, glyphs, false, set), false, &f, out);
	else
		out->failed = true;
	dbi_free(set);
}

/* The file has to `head`'s checksum what is its own, then what all selections have, then places and outlines. */
static size_t own_bytes(const struct file *f)
{
	return f->from[HEAD] + 12;
}

static void write_coded(void *user, struct dbi_bits *bits)
{
	dbi_font_code_write(user, bits);
}

size_t dbi_font_stock_deflate(const struct dbi_font_stock *s, const uint64_t *glyphs, dbi_deflater *z, struct dbi_buf *packed)
{
	uint64_t *set = dbi_malloc(s->program->n_words * sizeof(*set));
	struct dbi_buf file = DBI_BUF_INIT;
	struct file f;

	if (set) {
		unsigned n = select_glyphs(s, glyphs, s->code != NULL, set);
		write_file(s, set, s->code ? s->n_glyphs : n, s->code != NULL, &f, &file);
	}
	if (!set || file.failed) {
		packed->failed = true;
	} else if (s->code) {
		struct dbi_font_selection sel = { s->code, set, f.at, f.at + f.from[LOCA], own_bytes(&f), f.from[GLYF] - f.from[LOCA],
			(unsigned)(f.len - f.from[GLYF] - f.size[GLYF]) };
		dbi_deflate_coded(f.at, f.len, write_coded, &sel, dbi_font_code_bound(f.len), packed);
	} else {
		dbi_deflate(z, f.at, f.len, packed);
	}
	size_t len = file.len;
	dbi_free(set);
	dbi_buf_dispose(&file);
	return len;
}

/* What every selection that is coded has, as far as the font draws it. */
static unsigned find_core(const struct dbi_font_stock *s, const struct dbi_pdf_face *face, uint16_t core[DBI_CORE_GLYPHS])
{
	unsigned n = 0;
	for (unsigned gid = 1; gid < s->n_glyphs && n < DBI_CORE_GLYPHS; gid++) {
		uint32_t c = face->chars[gid];
		if (!c || c >= 0x7F || !strchr(core_chars, (int)c) || !outline(s, gid).len)
			continue;
		core[n++] = (uint16_t)gid;
		dbi_glyph_put(s->core, gid);
	}
	return n;
}

/* Where each outline is, counted from the first; false when one is not right behind the one before. */
static bool find_places(const struct dbi_font_stock *s, uint32_t *from)
{
	uint32_t at = 0;
	for (unsigned gid = 0; gid < s->n_glyphs; gid++) {
		struct span o = outline(s, gid);
		if (o.len & 1 || (o.len && o.at != s->tables[GLYF].at + at))
			return false;
		from[gid] = at;
		at += (uint32_t)o.len;
	}
	from[s->n_glyphs] = at;
	return true;
}

/* Codes the subset in advance; that a font is too large for that is no failure. */
static bool code_file(struct dbi_font_stock *s, const struct dbi_pdf_face *face)
{
	uint32_t *from = dbi_calloc((size_t)s->n_glyphs + 1, sizeof(*from));
	struct dbi_buf file = DBI_BUF_INIT;
	uint16_t core[DBI_CORE_GLYPHS];
	struct file f;
	bool good = false;

	s->core = dbi_calloc(s->program->n_words, sizeof(*s->core));
	if (!from || !s->core)
		goto out;
	write_file(s, s->program->glyphs, s->n_glyphs, true, &f, &file);
	good = !file.failed;
	if (good && find_places(s, from)) {
		struct dbi_font_text text = { .outlines = s->tables[GLYF].at, .fixed = f.at + own_bytes(&f), .places = f.at + f.from[LOCA],
			.from = from, .n = s->n_glyphs, .n_core = find_core(s, face, core), .core = core,
			.n_fixed = f.from[LOCA] - own_bytes(&f), .n_places = f.from[GLYF] - f.from[LOCA], .unit = s->long_loca ? 4 : 2 };
		good = dbi_font_code_new(&s->code, &text);
	}
out:
	dbi_free(from);
	dbi_buf_dispose(&file);
	return good;
}

const struct dbi_font_program *dbi_font_stock_program(const struct dbi_font_stock *s)
{
	return s->program;
}

int dbi_font_stock_new(struct dbi_font_stock **out, const struct dbi_pdf_face *face, const uint64_t *glyphs, dbi_deflater *z,
    struct dbrief_error *err)
{
	struct dbi_font_stock *s = dbi_calloc(1, sizeof(*s));
	int status;

	*out = NULL;
	if (!s)
		return dbi_error_memory(err);
	status = dbi_font_program_new(&s->program, face, glyphs, false, z, err);
	if (status == DBRIEF_OK && (!find_tables(s, (const unsigned char *)s->program->file, s->program->raw_len) || !read_tables(s)))
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_FONT, face->info->path,
		    "the font reduced to common glyphs cannot be read; take another font");
	if (status == DBRIEF_OK && !code_file(s, face))
		status = dbi_error_memory(err);
	if (status != DBRIEF_OK) {
		dbi_font_stock_free(s);
		return status;
	}
	*out = s;
	return DBRIEF_OK;
}

void dbi_font_stock_free(struct dbi_font_stock *s)
{
	if (!s)
		return;
	dbi_font_code_free(s->code);
	dbi_free(s->core);
	dbi_font_program_free(s->program);
	dbi_free(s);
}
