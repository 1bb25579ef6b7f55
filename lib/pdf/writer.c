/* SPDX-License-Identifier: MIT */
/* A letter from its display list to its bytes: the order of the steps. */
#include "pdf/pdf.h"

#include <string.h>

#include "pdf/archive.h"
#include "pdf/content.h"
#include "pdf/document.h"
#include "pdf/picture.h"
#include "pdf/save.h"
#include "pdf/spool.h"
#include "util/limits.h"
#include "util/mem.h"

struct dbi_pdf_writer {
	const dbi_pdf_fonts *fonts;
	dbi_deflater *z, *kept;       /* for what is new in each letter; for what is kept */
	dbi_deflater *z_lot;          /* from the first record on */
	struct dbi_arena arena;       /* of the letter */
	struct dbi_font_cache programs;
	struct dbi_archive archive;
	struct dbi_save save;
	struct dbi_buf out, under, over, scratch, page, packed, text;
};

int dbi_pdf_writer_new(dbi_pdf_writer **out, const dbi_pdf_fonts *fonts, struct dbrief_error *err)
{
	*out = NULL;
	dbi_pdf_writer *w = dbi_calloc(1, sizeof(*w));
	if (!w)
		return dbi_error_memory(err);
	w->fonts = fonts;
	w->z = dbi_deflater_new(DBI_DEFLATE_FAST);
	w->kept = dbi_deflater_new(DBI_DEFLATE_SMALL);
	if (!w->z || !w->kept) {
		dbi_pdf_writer_free(w);
		return dbi_error_memory(err);
	}
	w->programs.fresh = w->z;
	w->programs.kept = w->kept;
	*out = w;
	return DBRIEF_OK;
}

void dbi_pdf_writer_free(dbi_pdf_writer *w)
{
	if (!w)
		return;
	dbi_deflater_free(w->z);
	dbi_deflater_free(w->z_lot);
	dbi_deflater_free(w->kept);
	dbi_font_cache_dispose(&w->programs);
	dbi_archive_dispose(&w->archive);
	dbi_save_dispose(&w->save);
	struct dbi_buf *const bufs[] = { &w->out, &w->under, &w->over, &w->scratch, &w->page, &w->packed, &w->text };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		dbi_buf_dispose(bufs[i]);
	dbi_arena_dispose(&w->arena);
	dbi_free(w);
}

/* What one letter needs while it is written. */
struct letter {
	dbi_pdf_writer *w;
	const struct dbi_display *d;
	const struct dbi_pdf_meta *meta;
	struct dbi_content content;
	struct dbi_tags tags;
	struct dbi_doc doc;
	struct dbi_page_data *pages;
	uint32_t *page_numbers;
};

static bool is_gray(dbi_color c)
{
	return (c & 0xFF) == (c >> 8 & 0xFF) && (c & 0xFF) == (c >> 16 & 0xFF);
}

static bool uses_color(const struct dbi_display *d)
{
	for (size_t p = 0; p < d->n_pages; p++)
		for (size_t i = 0; i < d->pages[p].n_ops; i++) {
			const struct dbi_op *op = &d->pages[p].ops[i];
			if (op->kind == DBI_OP_IMAGE ? !op->u.image.image->gray : !is_gray(op->color))
				return true;
		}
	return false;
}

/* Text put together in w->text, kept in the arena. NULL when memory is out. */
static char *keep_text(struct letter *l, size_t *len)
{
	struct dbi_buf *b = &l->w->text;
	*len = b->len;
	char *s = b->failed || !b->data ? NULL : dbi_arena_strndup(&l->w->arena, b->data, b->len);
	b->failed = false;
	dbi_buf_clear(b);
	return s;
}

static struct dbi_raw *add_text_object(struct letter *l)
{
	size_t len;
	char *body = keep_text(l, &len);
	return body ? dbi_doc_add(&l->doc, body, len) : NULL;
}

static int begin_letter(struct letter *l, dbi_shaper *shaper, struct dbrief_error *err)
{
	struct dbi_arena *arena = &l->w->arena;
	const struct dbi_display *d = l->d;
	size_t faces = dbi_fontset_count(d->fonts);

	if (!d->n_pages || !d->n_elements || dbi_pdf_fontset(l->w->fonts) != d->fonts)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_ARG, "pdf", "a letter without pages cannot be written");
	int status = dbi_tags_init(&l->tags, d, arena, err);
	if (status != DBRIEF_OK)
		return status;
	l->pages = dbi_arena_calloc(arena, d->n_pages, sizeof(*l->pages));
	l->page_numbers = dbi_arena_calloc(arena, d->n_pages, sizeof(*l->page_numbers));
	l->content = (struct dbi_content){
		.d = d, .shaper = shaper, .fonts = l->w->fonts, .stamp = l->meta->stamp, .arena = arena, .tags = &l->tags, .n_faces = faces,
		.uses = dbi_arena_calloc(arena, faces ? faces : 1, sizeof(*l->content.uses)),
		.used = dbi_arena_calloc(arena, faces ? faces : 1, sizeof(*l->content.used)),
		.out = &l->w->out, .under = &l->w->under, .over = &l->w->over, .scratch = &l->w->scratch,
	};
	if (!l->pages || !l->page_numbers || !l->content.uses || !l->content.used)
		return dbi_error_memory(err);
	return DBRIEF_OK;
}

static int write_pages(struct letter *l, dbi_deflater *z, struct dbrief_error *err)
{
	for (size_t i = 0; i < l->d->n_pages; i++) {
		int status = dbi_content_page(&l->content, i, &l->w->page, err);
		if (status != DBRIEF_OK)
			return dbi_error_prefix(err, status, "page %zu", i + 1);
		struct dbi_buf *packed = &l->w->packed;
		dbi_buf_clear(packed);
		dbi_deflate(z, l->w->page.data, l->w->page.len, packed);
		l->pages[i].len = packed->len;
		l->pages[i].data = packed->failed ? NULL : dbi_arena_strndup(&l->w->arena, packed->data, packed->len);
		if (!l->pages[i].data)
			return dbi_error_memory(err);
	}
	return DBRIEF_OK;
}

static struct dbi_raw *add_cmap(struct letter *l, const struct dbi_face_use *use, const struct dbi_font_program *p)
{
	static const char body[] = "/Filter/FlateDecode";
	if (!use->n_notes)
		return dbi_doc_add_stream(&l->doc, body, sizeof(body) - 1, p->cmap, p->cmap_len);
	struct dbi_buf *text = &l->w->text, *packed = &l->w->packed;
	dbi_font_write_cmap(text, use->face, p->glyphs, use->notes, use->n_notes);
	dbi_buf_clear(packed);
	if (!text->failed)
		dbi_deflate(l->w->z, text->data, text->len, packed);
	bool failed = text->failed || packed->failed;
	dbi_buf_clear(text);
	char *data = failed ? NULL : dbi_arena_strndup(&l->w->arena, packed->data, packed->len);
	return data ? dbi_doc_add_stream(&l->doc, body, sizeof(body) - 1, data, packed->len) : NULL;
}

/* The five objects of a font; returns the Type0 dictionary. */
static struct dbi_raw *add_font(struct letter *l, unsigned index, struct dbrief_error *err)
{
	const struct dbi_face_use *use = &l->content.uses[index];
	const struct dbi_font_program *p =
	    dbi_font_choose(&l->w->programs, l->w->fonts, index, use->glyphs, &l->w->arena, err);
	struct dbi_buf *text = &l->w->text;
	size_t len;
	if (!p)
		return NULL;
	dbi_buf_addf(text, "/Filter/FlateDecode/Length1 %zu", p->raw_len);
	char *body = keep_text(l, &len);
	struct dbi_raw *file = body ? dbi_doc_add_stream(&l->doc, body, len, p->file, p->file_len) : NULL;
	struct dbi_raw *cmap = add_cmap(l, use, p);
	if (file)
		file->stock = true; /* its tag tells it */
	dbi_font_write_descriptor(text, use->face, p->tag, file ? file->number : 0);
	struct dbi_raw *descriptor = add_text_object(l);
	dbi_font_write_cid(text, use->face, p, descriptor ? descriptor->number : 0);
	struct dbi_raw *cid = add_text_object(l);
	dbi_font_write_type0(text, use->face, p->tag, cid ? cid->number : 0, cmap ? cmap->number : 0);
	struct dbi_raw *type0 = add_text_object(l);
	if (file && cmap && descriptor && cid && type0)
		return type0;
	dbi_error_memory(err);
	return NULL;
}

/* One Font dictionary for all pages. */
static struct dbi_raw *add_fonts(struct letter *l, struct dbrief_error *err)
{
	struct dbi_buf list = DBI_BUF_INIT;
	struct dbi_raw *raw = NULL;
	for (size_t i = 0; i < l->content.n_used; i++) {
		struct dbi_raw *font = add_font(l, l->content.used[i], err);
		if (!font)
			goto out;
		dbi_buf_addf(&list, "/F%zu %lu 0 R", i + 1, (unsigned long)font->number);
	}
	dbi_buf_add(&l->w->text, list.data ? list.data : "", list.len);
	raw = list.failed ? NULL : add_text_object(l);
	if (!raw)
		dbi_error_memory(err);
out:
	dbi_buf_dispose(&list);
	return raw;
}

static struct dbi_raw *add_images(struct letter *l, struct dbrief_error *err)
{
	struct dbi_buf list = DBI_BUF_INIT;
	struct dbi_raw *raw = NULL;
	for (size_t i = 0; i < l->content.n_images; i++) {
		const struct dbi_picture *p = l->content.images[i]->priv;
		struct dbi_raw *image = dbi_doc_add_stream(&l->doc, p->body, p->body_len, p->data, p->len);
		dbi_buf_addf(&list, "/I%zu %lu 0 R", i + 1, (unsigned long)(image ? image->number : 0));
	}
	dbi_buf_add(&l->w->text, list.data ? list.data : "", list.len);
	raw = list.failed ? NULL : add_text_object(l);
	if (!raw)
		dbi_error_memory(err);
	dbi_buf_dispose(&list);
	return raw;
}

static void add_link(struct letter *l, size_t page, const struct dbi_link *link)
{
	struct dbi_buf *b = &l->w->text;
	const struct dbi_page *p = &l->d->pages[page];
	const char *alt = l->d->elements[link->elem].alt;
	int32_t box[4] = { dbi_centi(link->x), dbi_centi(p->height - link->y - link->h), dbi_centi(link->x + link->w),
		dbi_centi(p->height - link->y) };

	if (!alt)
		alt = link->uri;
	dbi_buf_adds(b, "/Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
	for (int i = 0; i < 4; i++) {
		if (i)
			dbi_buf_addc(b, ' ');
		dbi_buf_add_fixed(b, box[i], 2);
	}
	dbi_buf_adds(b, "]/Contents");
	dbi_buf_add_text_string(b, alt, strlen(alt));
	dbi_buf_adds(b, "/A<</S/URI/URI");
	dbi_buf_add_text_string(b, link->uri, strlen(link->uri));
	dbi_buf_adds(b, ">>/StructParent ");
	/* The key depends on the order alone, so the number can follow. */
	dbi_buf_add_int(b, (int64_t)(l->d->n_pages + l->tags.n_annots));
	struct dbi_raw *raw = add_text_object(l);
	if (!raw) {
		l->doc.failed = true;
		return;
	}
	dbi_tags_annotate(&l->tags, page, link->elem, raw->number);
	dbi_doc_page_annotation(&l->doc, page, raw);
}

static int add_links(struct letter *l, size_t page, struct dbrief_error *err)
{
	const struct dbi_page *p = &l->d->pages[page];
	for (size_t i = 0; i < p->n_links; i++) {
		const struct dbi_link *link = &p->links[i];
		if (link->elem >= l->d->n_elements || l->d->elements[link->elem].role != DBI_ROLE_LINK || !dbi_is_ascii(link->uri))
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "link",
			    "a link has no element or an address that is not ASCII; write it percent-encoded");
		add_link(l, page, link);
	}
	return DBRIEF_OK;
}

static int add_pages(struct letter *l, const struct dbi_raw *fonts, const struct dbi_raw *images,
    struct dbrief_error *err)
{
	for (size_t i = 0; i < l->d->n_pages; i++) {
		const struct dbi_page *p = &l->d->pages[i];
		dbi_doc_add_page(&l->doc, p->width, p->height, l->pages[i].data, l->pages[i].len);
		if (l->doc.failed)
			break;
		l->page_numbers[i] = dbi_doc_page_number(&l->doc, i);
		dbi_doc_page_resource(&l->doc, i, "Font", fonts);
		if (images)
			dbi_doc_page_resource(&l->doc, i, "XObject", images);
		dbi_doc_page_integer(&l->doc, i, "StructParents", (int32_t)i);
		dbi_doc_page_name(&l->doc, i, "Tabs", "S");
		int status = add_links(l, i, err);
		if (status != DBRIEF_OK)
			return status;
	}
	return dbi_doc_check(&l->doc, err);
}

static void add_catalog(struct letter *l, const struct dbi_raw *root)
{
	dbi_doc_catalog_reference(&l->doc, "StructTreeRoot", root);
	dbi_doc_catalog_dictionary(&l->doc, "MarkInfo", "/Marked true");
	dbi_doc_catalog_string(&l->doc, "Lang", l->meta->lang);
	dbi_doc_catalog_dictionary(&l->doc, "ViewerPreferences", "/DisplayDocTitle true");
}

static int write_document(struct letter *l, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_raw *images = NULL;
	int status = dbi_doc_open(&l->doc, &l->w->arena, l->d->n_pages, err);
	if (status != DBRIEF_OK)
		return status;
	struct dbi_raw *fonts = add_fonts(l, err);
	if (fonts && l->content.n_images)
		images = add_images(l, err);
	if (!fonts || (l->content.n_images && !images))
		return err ? err->status : DBRIEF_FAILED;
	if ((status = add_pages(l, fonts, images, err)) != DBRIEF_OK)
		return status;
	struct dbi_raw *root = dbi_doc_add(&l->doc, "", 0);
	add_catalog(l, root);
	status = dbi_archive_add(&l->w->archive, &l->doc, l->meta, uses_color(l->d), l->w->z, l->w->kept,
	    &l->w->arena, err);
	if (status != DBRIEF_OK || (status = dbi_doc_check(&l->doc, err)) != DBRIEF_OK)
		return status;
	dbi_tags_finish(&l->tags);
	dbi_tags_number(&l->tags, (uint32_t)dbi_doc_count(&l->doc));
	if (l->tags.failed)
		return dbi_error_memory(err);
	return dbi_save(&l->w->save, &l->doc, &l->tags, root->number, l->page_numbers, l->w->z, out, err);
}

static void end_letter(struct letter *l)
{
	dbi_doc_close(&l->doc);
	for (size_t i = 0; l->content.uses && i < l->content.n_faces; i++)
		dbi_free(l->content.uses[i].notes);
	dbi_free(l->content.images);
	dbi_tags_dispose(&l->tags);
	dbi_buf_clear(&l->w->text);
	dbi_arena_reset(&l->w->arena);
	dbi_arena_trim(&l->w->arena, DBI_KEEP_PDF);
	dbi_save_trim(&l->w->save);
}

/* A buffer that failed once stays failed, so that a letter after a failed one needs fresh ones. */
static void renew_buffers(dbi_pdf_writer *w)
{
	struct dbi_buf *const bufs[] = { &w->out, &w->under, &w->over, &w->scratch, &w->page, &w->packed, &w->text,
		&w->save.stream.head, &w->save.stream.body, &w->save.table };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		if (bufs[i]->failed) {
			dbi_buf_dispose(bufs[i]);
			*bufs[i] = (struct dbi_buf)DBI_BUF_INIT;
		}
}

int dbi_pdf_write(dbi_pdf_writer *w, dbi_shaper *shaper, const struct dbi_display *d, const struct dbi_pdf_meta *meta,
    struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbrief_error local = DBRIEF_ERROR_INIT;
	struct letter l = { .w = w, .d = d, .meta = meta };

	if (!err)
		err = &local;
	renew_buffers(w);
	int status = begin_letter(&l, shaper, err);
	if (status == DBRIEF_OK)
		status = write_pages(&l, w->z, err);
	if (status == DBRIEF_OK)
		status = write_document(&l, out, err);
	end_letter(&l);
	return status;
}

int dbi_pdf_spool(dbi_pdf_writer *w, dbi_shaper *shaper, const struct dbi_display *d, const struct dbi_pdf_meta *meta,
    struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbrief_error local = DBRIEF_ERROR_INIT;
	struct letter l = { .w = w, .d = d, .meta = meta };

	if (!err)
		err = &local;
	if (!w->z_lot && !(w->z_lot = dbi_deflater_new(DBI_DEFLATE_LOT)))
		return dbi_error_memory(err);
	renew_buffers(w);
	int status = begin_letter(&l, shaper, err);
	l.content.plain = true;
	if (status == DBRIEF_OK)
		status = write_pages(&l, w->z_lot, err);
	if (status == DBRIEF_OK)
		status = dbi_spool_write(out, &l.content, l.pages, uses_color(d), meta, err);
	end_letter(&l);
	return status;
}
