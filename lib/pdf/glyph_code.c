/* SPDX-License-Identifier: MIT */
/* The character map of composite fonts (ISO 32000-1, 9.7.5.4). */
#include "pdf/glyph_code.h"

#include "util/mem.h"

/* The last byte alone may differ inside a range of codes. */
#define RANGE 256u

void dbi_encoding_add_codespace(struct dbi_buf *out, const struct dbi_pdf_face *face)
{
	if (face && dbi_face_is_wide(face))
		dbi_buf_adds(out, "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
	else
		dbi_buf_adds(out, "2 begincodespacerange\n<20><FF>\n<0000><1FFF>\nendcodespacerange\n");
}

static void write_encoding(struct dbi_buf *out, bool all)
{
	unsigned n = (all ? DBI_CODE_GLYPHS : DBI_ENCODING_GLYPHS) / RANGE;

	dbi_buf_adds(out, "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	    "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>def\n"
	    "/CMapName/Datenbrief def\n/CMapType 1 def\n");
	dbi_encoding_add_codespace(out, NULL);
	dbi_buf_addf(out, "%u begincidrange\n<20><FF>%u\n", n + 1, DBI_CODE_SHORT_FIRST);
	for (unsigned i = 0; i < n; i++) {
		unsigned code = DBI_CODE_LONG + i * RANGE;
		dbi_buf_addf(out, "<%04X><%04X>%u\n", code, code + RANGE - 1, i * RANGE);
	}
	dbi_buf_adds(out, "endcidrange\nendcmap\nCMapName currentdict/CMap defineresource pop\nend\nend");
}

bool dbi_encoding_make(struct dbi_encoding *e, bool all, dbi_deflater *z)
{
	struct dbi_buf text = DBI_BUF_INIT, packed = DBI_BUF_INIT;

	*e = (struct dbi_encoding){ NULL, 0 };
	write_encoding(&text, all);
	if (!text.failed)
		dbi_deflate(z, text.data, text.len, &packed);
	bool good = !text.failed && !packed.failed;
	dbi_buf_dispose(&text);
	if (good)
		*e = (struct dbi_encoding){ packed.data, packed.len };
	else
		dbi_buf_dispose(&packed);
	return good;
}

void dbi_encoding_dispose(struct dbi_encoding *e)
{
	dbi_free(e->data);
	*e = (struct dbi_encoding){ NULL, 0 };
}
