/* SPDX-License-Identifier: MIT */
/* The font dictionaries of ISO 32000-1, 9.7 and 9.8, as text. */
#include "pdf/font.h"

#include "pdf/strings.h"

static unsigned next_glyph(const struct dbi_pdf_face *face, const uint64_t *set, unsigned gid)
{
	return dbi_glyph_next(set, face->info->n_glyphs, gid);
}

/* The width most glyphs have, which need not be listed. */
static uint16_t usual_width(const struct dbi_pdf_face *face, const uint64_t *glyphs)
{
	unsigned n = face->info->n_glyphs, counts[64] = { 0 }, used = 0, best = 0;
	uint16_t widths[64];

	for (unsigned gid = next_glyph(face, glyphs, 0); gid < n; gid = next_glyph(face, glyphs, gid + 1)) {
		unsigned k = 0;
		while (k < used && widths[k] != face->widths[gid])
			k++;
		if (k == 64)
			continue;
		if (k == used)
			widths[used++] = face->widths[gid];
		if (++counts[k] > counts[best])
			best = k;
	}
	return used ? widths[best] : 0;
}

/* DW and W. */
void dbi_font_write_widths(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs)
{
	unsigned n = face->info->n_glyphs, last = n;
	uint16_t usual = usual_width(face, glyphs);

	dbi_buf_adds(out, "/DW ");
	dbi_buf_add_int(out, usual);
	dbi_buf_adds(out, "/W[");
	for (unsigned gid = next_glyph(face, glyphs, 0); gid < n; gid = next_glyph(face, glyphs, gid + 1)) {
		unsigned next = next_glyph(face, glyphs, gid + 1);
		bool goes_on = last < n && gid == last + 1;
		/* One of the usual width between two others is cheaper listed. */
		if (face->widths[gid] == usual && !(goes_on && next == gid + 1 && next < n && face->widths[next] != usual))
			continue;
		if (goes_on) {
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

/* Lines of a CMap in blocks of at most 100. */
struct lines { struct dbi_buf text, blocks; const char *kind; int n; };

static void end_block(struct lines *l)
{
	if (!l->n)
		return;
	dbi_buf_add_int(&l->blocks, l->n);
	dbi_buf_addf(&l->blocks, " begin%s\n", l->kind);
	dbi_buf_add(&l->blocks, l->text.data, l->text.len);
	dbi_buf_addf(&l->blocks, "end%s\n", l->kind);
	l->blocks.failed |= l->text.failed;
	dbi_buf_clear(&l->text);
	l->n = 0;
}

static void add_code(struct dbi_buf *out, unsigned gid)
{
	dbi_buf_addc(out, '<');
	add_hex4(out, gid);
	dbi_buf_addc(out, '>');
}

static void add_line(struct lines *l, unsigned gid, unsigned last, const char *text, size_t len)
{
	add_code(&l->text, gid);
	if (last > gid)
		add_code(&l->text, last);
	dbi_buf_addc(&l->text, '<');
	dbi_buf_add_utf16_hex(&l->text, text, len);
	dbi_buf_adds(&l->text, ">\n");
	if (++l->n == 100)
		end_block(l);
}

/*
 * The last glyph of the set whose character is as far from that of gid as the
 * glyphs are. A range keeps the first byte of codes and characters; glyphs in
 * it that are not in the set do no harm.
 */
static unsigned range_end(const struct dbi_pdf_face *face, const uint64_t *glyphs, unsigned gid)
{
	uint32_t c = face->chars[gid];
	unsigned last = gid;

	if (c > 0xF8FF) /* presentation forms are written as their letters, others as two units */
		return gid;
	for (unsigned k = gid + 1; k < face->info->n_glyphs && k >> 8 == gid >> 8; k++) {
		if (face->chars[k] != c + (k - gid) || face->chars[k] >> 8 != c >> 8)
			break;
		if (dbi_glyph_in(glyphs, k))
			last = k;
	}
	return last;
}

static void add_lines(struct lines *ranges, struct lines *chars, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    const struct dbi_glyph_note *notes, size_t n_notes)
{
	unsigned n = face->info->n_glyphs;

	for (unsigned gid = next_glyph(face, glyphs, 1), last; gid < n; gid = next_glyph(face, glyphs, last + 1)) {
		char own[8];
		const char *text = own;
		size_t len = dbi_glyph_text(face, gid, own);
		const struct dbi_glyph_note *note = len ? NULL : find_note(notes, n_notes, gid);
		last = gid;
		if (note) {
			text = note->text;
			len = note->len;
		} else if (len) {
			last = range_end(face, glyphs, gid);
		}
		if (len)
			add_line(last > gid ? ranges : chars, gid, last, text, len);
	}
	end_block(ranges);
	end_block(chars);
}

void dbi_font_write_cmap(struct dbi_buf *out, const struct dbi_pdf_face *face, const uint64_t *glyphs,
    const struct dbi_glyph_note *notes, size_t n_notes)
{
	struct lines ranges = { .kind = "bfrange" }, chars = { .kind = "bfchar" };

	dbi_buf_adds(out, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	    "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
	    "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
	    "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
	add_lines(&ranges, &chars, face, glyphs, notes, n_notes);
	if (ranges.blocks.len)
		dbi_buf_add(out, ranges.blocks.data, ranges.blocks.len);
	if (chars.blocks.len)
		dbi_buf_add(out, chars.blocks.data, chars.blocks.len);
	dbi_buf_adds(out, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend");
	out->failed |= ranges.blocks.failed || chars.blocks.failed;
	dbi_buf_dispose(&ranges.text);
	dbi_buf_dispose(&ranges.blocks);
	dbi_buf_dispose(&chars.text);
	dbi_buf_dispose(&chars.blocks);
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
	    "/CIDToGIDMap/Identity");
	add_reference(out, "/FontDescriptor", descriptor);
	dbi_buf_adds(out, program->widths);
}

void dbi_font_write_type0(struct dbi_buf *out, const struct dbi_pdf_face *face, const char *tag, uint32_t cid,
    uint32_t cmap)
{
	dbi_buf_adds(out, "/Type/Font/Subtype/Type0/BaseFont");
	add_name(out, face, tag);
	add_reference(out, "/Encoding/Identity-H/DescendantFonts[", cid);
	add_reference(out, "]/ToUnicode", cmap);
}
