/* SPDX-License-Identifier: MIT */
#include "pdf/archive.h"

#include <string.h>

#include "pdf/profile.h"
#include "pdf/strings.h"
#include "util/mem.h"

void dbi_archive_dispose(struct dbi_archive *a)
{
	for (int i = 0; i < 2; i++)
		dbi_free(a->icc[i].data);
	dbi_buf_dispose(&a->xmp);
	dbi_buf_dispose(&a->packed);
	memset(a, 0, sizeof(*a));
}

static void add_digits(struct dbi_buf *out, int v, int digits)
{
	for (int scale = digits == 4 ? 1000 : 10; scale; scale /= 10)
		dbi_buf_addc(out, (char)('0' + v / scale % 10));
}

/* 2026-11-23T00:00:00Z */
static void add_xmp_date(struct dbi_buf *out, const struct dbi_pdf_meta *meta)
{
	add_digits(out, meta->date.year, 4);
	dbi_buf_addc(out, '-');
	add_digits(out, meta->date.month, 2);
	dbi_buf_addc(out, '-');
	add_digits(out, meta->date.day, 2);
	dbi_buf_adds(out, "T00:00:00Z");
}

/* D:20261123000000Z */
void dbi_archive_write_date(struct dbi_buf *out, const struct dbi_pdf_meta *meta)
{
	dbi_buf_adds(out, "D:");
	add_digits(out, meta->date.year, 4);
	add_digits(out, meta->date.month, 2);
	add_digits(out, meta->date.day, 2);
	dbi_buf_adds(out, "000000Z");
}

static void add_xml(struct dbi_buf *out, const char *text)
{
	dbi_buf_add_xml(out, text, strlen(text), false);
}

static const char xmp_head[] =
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
    " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
    "<pdfaid:part>3</pdfaid:part>";
static const char xmp_title[] =
    "<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">";
/* PDF/A knows the names it was made with; the PDF/UA one has to be declared. */
static const char xmp_extension[] =
    "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\""
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\""
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">"
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>part</pdfaProperty:name>"
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n"
    "</rdf:Description>";
static const char xmp_tail[] = "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>";

void dbi_archive_write_xmp(struct dbi_buf *out, const struct dbi_pdf_meta *meta)
{
	dbi_buf_adds(out, xmp_head);
	dbi_buf_adds(out, meta->untagged ? "<pdfaid:conformance>B</pdfaid:conformance>\n" :
	    "<pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>\n");
	dbi_buf_adds(out, xmp_title);
	add_xml(out, meta->title);
	dbi_buf_adds(out, "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>");
	add_xml(out, meta->lang);
	dbi_buf_adds(out, "</rdf:li></rdf:Bag></dc:language>\n<pdf:Producer>");
	add_xml(out, meta->producer);
	dbi_buf_adds(out, "</pdf:Producer><xmp:CreatorTool>");
	add_xml(out, meta->creator);
	dbi_buf_adds(out, "</xmp:CreatorTool><xmp:CreateDate>");
	add_xmp_date(out, meta);
	dbi_buf_adds(out, "</xmp:CreateDate><xmp:ModifyDate>");
	add_xmp_date(out, meta);
	dbi_buf_adds(out, "</xmp:ModifyDate>\n</rdf:Description>\n");
	if (!meta->untagged)
		dbi_buf_adds(out, xmp_extension);
	dbi_buf_adds(out, xmp_tail);
}

/* A copy in the arena that lives as long as the document. */
static char *keep(struct dbi_arena *arena, const struct dbi_buf *b)
{
	return b->failed || !b->data ? NULL : dbi_arena_strndup(arena, b->data, b->len);
}

/* All letters of a run share title, names and date, so the last packet mostly fits. */
static bool add_metadata(struct dbi_archive *a, struct dbi_doc *doc, const struct dbi_pdf_meta *meta, dbi_deflater *z)
{
	struct dbi_buf xmp = DBI_BUF_INIT;
	dbi_archive_write_xmp(&xmp, meta);
	bool same = !xmp.failed && a->packed.len && a->xmp.len == xmp.len && memcmp(a->xmp.data, xmp.data, xmp.len) == 0;
	if (same) {
		dbi_buf_dispose(&xmp);
	} else {
		dbi_buf_dispose(&a->xmp);
		a->xmp = xmp;
		dbi_buf_clear(&a->packed);
		if (!xmp.failed)
			dbi_deflate(z, xmp.data, xmp.len, &a->packed);
		if (xmp.failed || a->packed.failed) {
			dbi_buf_dispose(&a->xmp);
			dbi_buf_dispose(&a->packed);
			return false;
		}
	}
	static const char body[] = "/Type/Metadata/Subtype/XML/Filter/FlateDecode";
	struct dbi_raw *raw = dbi_doc_add_stream(doc, body, sizeof(body) - 1, a->packed.data, a->packed.len);
	if (raw)
		raw->stock = true;
	dbi_doc_catalog_reference(doc, "Metadata", raw);
	return true;
}

static const struct { const char *intent, *stream; } profiles[2] = {
	{ "/Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(Custom)/OutputCondition(Gray)"
	    "/Info(Gray, profile embedded)/DestOutputProfile ", "/N 1/Filter/FlateDecode" },
	{ "/Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/OutputCondition(sRGB)"
	    "/RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile ", "/N 3/Filter/FlateDecode" },
};

const char *dbi_archive_profile(bool color, const char **stream)
{
	*stream = profiles[color].stream;
	return profiles[color].intent;
}

/* Makes a profile on first use. */
static int make_profile(struct dbi_archive *a, int which, dbi_deflater *z, struct dbrief_error *err)
{
	struct dbi_buf profile = DBI_BUF_INIT, packed = DBI_BUF_INIT;
	dbi_profile_write(&profile, which == 1);
	if (!profile.failed)
		dbi_deflate(z, profile.data, profile.len, &packed);
	a->icc[which].len = packed.len;
	a->icc[which].data = profile.failed ? NULL : dbi_buf_take(&packed);
	dbi_buf_dispose(&profile);
	return a->icc[which].data ? DBRIEF_OK : dbi_error_memory(err);
}

static int add_intent(struct dbi_archive *a, struct dbi_doc *doc, bool color, dbi_deflater *z,
    struct dbi_arena *arena, struct dbrief_error *err)
{
	int which = color ? 1 : 0;
	if (!a->icc[which].data) {
		int status = make_profile(a, which, z, err);
		if (status != DBRIEF_OK)
			return status;
	}
	struct dbi_raw *icc = dbi_doc_add_stream(doc, profiles[which].stream, strlen(profiles[which].stream),
	    a->icc[which].data, a->icc[which].len);
	struct dbi_buf body = DBI_BUF_INIT;
	if (icc)
		icc->stock = true;
	dbi_buf_adds(&body, profiles[which].intent);
	dbi_buf_add_int(&body, icc ? icc->number : 0);
	dbi_buf_adds(&body, " 0 R");
	char *text = keep(arena, &body);
	size_t len = body.len;
	dbi_buf_dispose(&body);
	if (!icc || !text)
		return dbi_error_memory(err);
	dbi_doc_catalog_array(doc, "OutputIntents", dbi_doc_add(doc, text, len));
	return DBRIEF_OK;
}

static struct dbi_raw *add_embedded(struct dbi_doc *doc, const struct dbi_pdf_meta *meta, dbi_deflater *z,
    struct dbi_arena *arena)
{
	struct dbi_buf packed = DBI_BUF_INIT, body = DBI_BUF_INIT;
	dbi_deflate(z, meta->attachment, meta->attachment_len, &packed);
	dbi_buf_adds(&body, "/Type/EmbeddedFile/Subtype/text#2Fxml/Filter/FlateDecode/Params<</Size ");
	dbi_buf_add_int(&body, (int64_t)meta->attachment_len);
	dbi_buf_adds(&body, "/ModDate(");
	dbi_archive_write_date(&body, meta);
	dbi_buf_adds(&body, ")>>");
	char *data = keep(arena, &packed), *text = keep(arena, &body);
	struct dbi_raw *raw = data && text ? dbi_doc_add_stream(doc, text, body.len, data, packed.len) : NULL;
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&body);
	return raw;
}

static void add_string(struct dbi_buf *out, const char *key, const char *text)
{
	dbi_buf_adds(out, key);
	dbi_buf_add_text_string(out, text, strlen(text));
}

static int add_attachment(struct dbi_doc *doc, const struct dbi_pdf_meta *meta, dbi_deflater *z,
    struct dbi_arena *arena, struct dbrief_error *err)
{
	struct dbi_raw *file = add_embedded(doc, meta, z, arena);
	struct dbi_buf body = DBI_BUF_INIT, names = DBI_BUF_INIT;
	const char *name = meta->attachment_name ? meta->attachment_name : "datenbrief.xml";
	if (!file)
		return dbi_error_memory(err);
	dbi_buf_adds(&body, "/Type/Filespec");
	add_string(&body, "/F", name);
	add_string(&body, "/UF", name);
	if (meta->attachment_description)
		add_string(&body, "/Desc", meta->attachment_description);
	dbi_buf_addf(&body, "/AFRelationship/Data/EF<</F %lu 0 R/UF %lu 0 R>>", (unsigned long)file->number,
	    (unsigned long)file->number);
	char *text = keep(arena, &body);
	struct dbi_raw *spec = text ? dbi_doc_add(doc, text, body.len) : NULL;
	add_string(&names, "/EmbeddedFiles<</Names[", name);
	dbi_buf_addf(&names, " %lu 0 R]>>", (unsigned long)(spec ? spec->number : 0));
	char *tree = keep(arena, &names);
	dbi_buf_dispose(&body);
	dbi_buf_dispose(&names);
	if (!spec || !tree)
		return dbi_error_memory(err);
	dbi_doc_catalog_array(doc, "AF", spec);
	dbi_doc_catalog_dictionary(doc, "Names", tree);
	return DBRIEF_OK;
}

static void add_info(struct dbi_doc *doc, const struct dbi_pdf_meta *meta)
{
	struct dbi_buf date = DBI_BUF_INIT;
	dbi_archive_write_date(&date, meta);
	dbi_doc_info(doc, "Title", meta->title);
	dbi_doc_info(doc, "Producer", meta->producer);
	dbi_doc_info(doc, "Creator", meta->creator);
	if (date.failed)
		doc->failed = true;
	else {
		dbi_doc_info(doc, "CreationDate", date.data);
		dbi_doc_info(doc, "ModDate", date.data);
	}
	dbi_buf_dispose(&date);
}

int dbi_archive_add(struct dbi_archive *a, struct dbi_doc *doc, const struct dbi_pdf_meta *meta, bool color,
    dbi_deflater *z, dbi_deflater *kept, struct dbi_arena *arena, struct dbrief_error *err)
{
	add_info(doc, meta);
	if (!add_metadata(a, doc, meta, kept))
		return dbi_error_memory(err);
	int status = add_intent(a, doc, color, kept, arena, err);
	if (status == DBRIEF_OK && meta->attachment)
		status = add_attachment(doc, meta, z, arena, err);
	return status;
}
