/* SPDX-License-Identifier: MIT */
/* The font dictionaries of ISO 32000-1, 9.7 and 9.8, as text. */
#include "pdf/font.h"

#include "pdf/strings.h"

static size_t count_words(const struct dbi_pdf_face *face)
{
	return DBI_GLYPH_WORDS(face->info->n_glyphs);
}

/* Next glyph of the set from gid on; n_glyphs when there is none. */
static unsigned next_glyph(const struct dbi_pdf_face *face, const uint64_t *set, unsigned gid)
{
	size_t words = count_words(face);
	size_t w = gid >> 6;
	uint64_t bits = w < words ? set[w] >> (gid & 63) << (gid & 63) : 0;
	while (!bits && ++w < words)
		bits = set[w];
	return bits ? (unsigned)(w * 64) + (unsigned)__builtin_ctzll(bits) : face->info->n_glyphs;
}

void dbi_font_write_widths(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs)
{
	unsigned n = face->info->n_glyphs, last = n;
	for (unsigned gid = next_glyph(face, glyphs, 0); gid < n; gid = next_glyph(face, glyphs, gid + 1)) {
		if (last < n && gid == last + 1) {
			dbi_buf_addc(out, ' ');
		} else {
			if (last < n)
				dbi_buf_addc(out, ']');
			dbi_buf_add_int(out, gid);
			dbi_buf_addc(out, '[');
		}
		dbi_buf_add_int(out, face->widths[gid]);
		last = gid;
	}
	if (last < n)
		dbi_buf_addc(out, ']');
}

static const struct dbi_glyph_note *find_note(const struct dbi_glyph_note *notes, size_t n, unsigned gid)
{
	for (size_t i = 0; i < n; i++)
		if (notes[i].gid == gid)
			return &notes[i];
	return NULL;
}

static void add_hex4(struct dbi_buf *out, unsigned v)
{
	for (int shift = 12; shift >= 0; shift -= 4)
		dbi_buf_addc(out, "0123456789ABCDEF"[v >> shift & 15]);
}

/* One line of a bfchar block; false when the glyph has no text. */
static bool add_mapping(struct dbi_buf *out, const struct dbi_pdf_face *face, unsigned gid,
    const struct dbi_glyph_note *notes, size_t n)
{
	char own[8];
	const char *text = own;
	size_t len = dbi_glyph_text(face, gid, own);
	const struct dbi_glyph_note *note = len ? NULL : find_note(notes, n, gid);
	if (note) {
		text = note->text;
		len = note->len;
	}
	if (!len)
		return false;
	dbi_buf_addc(out, '<');
	add_hex4(out, gid);
	dbi_buf_adds(out, "><");
	dbi_buf_add_utf16_hex(out, text, len);
	dbi_buf_adds(out, ">\n");
	return true;
}

static void add_block(struct dbi_buf *out, const struct dbi_buf *lines, int n)
{
	dbi_buf_add_int(out, n);
	dbi_buf_adds(out, " beginbfchar\n");
	dbi_buf_add(out, lines->data, lines->len);
	dbi_buf_adds(out, "endbfchar\n");
}

void dbi_font_write_cmap(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    const struct dbi_glyph_note *notes, size_t n_notes)
{
	struct dbi_buf lines = DBI_BUF_INIT;
	unsigned n = face->info->n_glyphs;
	int in_block = 0;

	dbi_buf_adds(out, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	    "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
	    "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
	for (unsigned gid = next_glyph(face, glyphs, 1); gid < n; gid = next_glyph(face, glyphs, gid + 1)) {
		if (add_mapping(&lines, face, gid, notes, n_notes))
			in_block++;
		if (in_block == 100) {
			add_block(out, &lines, in_block);
			dbi_buf_clear(&lines);
			in_block = 0;
		}
	}
	if (in_block)
		add_block(out, &lines, in_block);
	dbi_buf_adds(out, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend");
	if (lines.failed)
		out->failed = true;
	dbi_buf_dispose(&lines);
}

/* A PostScript name as a PDF name: regular characters only, at most 100. */
static void add_name(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag)
{
	const char *s = face->info->ps_name ? face->info->ps_name : "";
	dbi_buf_addc(out, '/');
	dbi_buf_adds(out, tag);
	size_t n = 0;
	for (; *s && n < 100; s++) {
		bool regular = (*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z') ||
		    *s == '-' || *s == '_' || *s == '.';
		if (!regular)
			continue;
		dbi_buf_addc(out, *s);
		n++;
	}
	if (n == 0)
		dbi_buf_adds(out, "Font");
}

static int64_t scale(const struct dbi_pdf_face *face, int v)
{
	int64_t em = face->info->units_per_em, x = (int64_t)v * 1000;
	return x < 0 ? -((em / 2 - x) / em) : (x + em / 2) / em;
}

static void add_key(struct dbi_buf *out, const char *key, int64_t v)
{
	dbi_buf_adds(out, key);
	dbi_buf_addc(out, ' ');
	dbi_buf_add_int(out, v);
}

static void add_reference(struct dbi_buf *out, const char *key, uint32_t number)
{
	add_key(out, key, number);
	dbi_buf_adds(out, " 0 R");
}

void dbi_font_write_descriptor(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag, uint32_t file)
{
	const struct dbi_face_info *f = face->info;
	int flags = 32 | (f->monospace ? 1 : 0) | (f->serif ? 2 : 0) | (f->italic ? 64 : 0);
	int weight = (int)f->weight;

	dbi_buf_adds(out, "/Type/FontDescriptor/FontName");
	add_name(out, face, tag);
	add_key(out, "/Flags", flags);
	dbi_buf_adds(out, "/FontBBox[");
	for (int i = 0; i < 4; i++) {
		if (i)
			dbi_buf_addc(out, ' ');
		dbi_buf_add_int(out, scale(face, f->bbox[i]));
	}
	dbi_buf_adds(out, "]/ItalicAngle ");
	dbi_buf_add_fixed(out, f->italic_angle_100, 2);
	add_key(out, "/Ascent", scale(face, f->ascent));
	add_key(out, "/Descent", scale(face, f->descent));
	add_key(out, "/CapHeight", scale(face, f->cap_height));
	add_key(out, "/StemV", weight <= 100 ? 50 : 50 + (weight - 100) * 15 / 100);
	add_reference(out, "/FontFile2", file);
}

void dbi_font_write_cid(struct dbi_buf *out, const struct dbi_pdf_face *face, const struct dbi_font_program *program,
    uint32_t descriptor)
{
	dbi_buf_adds(out, "/Type/Font/Subtype/CIDFontType2/BaseFont");
	add_name(out, face, program->tag);
	dbi_buf_adds(out, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
	    "/CIDToGIDMap/Identity/DW 500");
	add_reference(out, "/FontDescriptor", descriptor);
	dbi_buf_adds(out, "/W[");
	dbi_buf_adds(out, program->widths);
	dbi_buf_addc(out, ']');
}

void dbi_font_write_type0(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag, uint32_t cid,
    uint32_t cmap)
{
	dbi_buf_adds(out, "/Type/Font/Subtype/Type0/BaseFont");
	add_name(out, face, tag);
	add_reference(out, "/Encoding/Identity-H/DescendantFonts[", cid);
	add_reference(out, "]/ToUnicode", cmap);
}
