/* SPDX-License-Identifier: MIT */
#include "pdf/lot.h"

#include <stdio.h>
#include <string.h>

#include "pdf/archive.h"
#include "pdf/lot_parts.h"
#include "pdf/picture.h"
#include "pdf/profile.h"
#include "util/limits.h"
#include "util/mem.h"

/* A Resources dictionary, shared by all letters that use the same fonts and pictures by the same names. */
struct resources { char *text; uint32_t number; };
struct shared_image { unsigned char sha256[32]; uint32_t number; };

struct dbi_lot {
	const dbi_pdf_fonts *fonts;
	struct dbi_lot_file file;
	struct dbi_lot_tree tree;
	struct dbi_lot_face *faces; size_t n_faces;
	struct resources *resources; size_t n_resources, cap_resources;
	struct shared_image *images; size_t n_images, cap_images;
	struct dbi_arena arena;          /* texts that live as long as the lot */
	struct dbi_buf text, annots;     /* scratch */
	struct dbi_pdf_meta meta;        /* of the first letter, what all share */
	bool named, duplex, color, one_lang;
	uint32_t letters, sheets;
	unsigned char id[16];            /* hash over the hashes of the records */
};

int dbi_lot_new(dbi_lot **out, const dbi_pdf_fonts *fonts, struct dbrief_sink *sink, const char *title, bool duplex,
    struct dbrief_error *err)
{
	dbi_lot *lot = dbi_calloc(1, sizeof(*lot));

	*out = NULL;
	if (!lot)
		return dbi_error_memory(err);
	lot->fonts = fonts;
	lot->duplex = duplex;
	lot->one_lang = true;
	lot->n_faces = dbi_fontset_count(dbi_pdf_fontset(fonts));
	lot->faces = dbi_calloc(lot->n_faces ? lot->n_faces : 1, sizeof(*lot->faces));
	lot->named = title != NULL;
	lot->meta = (struct dbi_pdf_meta){ .untagged = true, .producer = "libdatenbrief " DBRIEF_VERSION_STRING,
		.title = title ? dbi_arena_strndup(&lot->arena, title, strlen(title)) : NULL };
	int status = lot->faces && (!title || lot->meta.title) ? dbi_lot_file_open(&lot->file, sink, err) : dbi_error_memory(err);
	if (status != DBRIEF_OK) {
		dbi_lot_free(lot);
		return status;
	}
	*out = lot;
	return DBRIEF_OK;
}

void dbi_lot_free(dbi_lot *lot)
{
	if (!lot)
		return;
	for (size_t i = 0; lot->faces && i < lot->n_faces; i++)
		dbi_lot_face_dispose(&lot->faces[i]);
	for (size_t i = 0; i < lot->n_resources; i++)
		dbi_free(lot->resources[i].text);
	dbi_free(lot->faces);
	dbi_free(lot->resources);
	dbi_free(lot->images);
	dbi_buf_dispose(&lot->text);
	dbi_buf_dispose(&lot->annots);
	dbi_lot_tree_dispose(&lot->tree);
	dbi_lot_file_dispose(&lot->file);
	dbi_arena_dispose(&lot->arena);
	dbi_free(lot);
}

uint32_t dbi_lot_letters(const dbi_lot *lot)
{
	return lot->letters;
}

uint32_t dbi_lot_pages(const dbi_lot *lot)
{
	return lot->tree.pages;
}

uint32_t dbi_lot_sheets(const dbi_lot *lot)
{
	return lot->sheets;
}

uint64_t dbi_lot_bytes(const dbi_lot *lot)
{
	return dbi_lot_file_bytes(&lot->file);
}

static uint32_t image_number(dbi_lot *lot, const struct dbi_image *image)
{
	for (size_t i = 0; i < lot->n_images; i++)
		if (memcmp(lot->images[i].sha256, image->sha256, 32) == 0)
			return lot->images[i].number;
	if (!dbi_grow(&lot->images, &lot->cap_images, lot->n_images + 1, sizeof(*lot->images), DBI_LOT_OBJECTS)) {
		lot->text.failed = true;
		return 0;
	}
	const struct dbi_picture *p = image->priv;
	struct shared_image *shared = &lot->images[lot->n_images++];
	memcpy(shared->sha256, image->sha256, 32);
	shared->number = dbi_lot_file_number(&lot->file);
	dbi_lot_file_stream(&lot->file, shared->number, p->body, p->body_len, p->data, p->len);
	return shared->number;
}

static void add_names(dbi_lot *lot, const struct dbi_spool *r, const struct dbi_image *const *images)
{
	struct dbi_buf *b = &lot->text;
	dbi_buf_clear(b);
	dbi_buf_adds(b, "<</Font<<");
	for (size_t i = 0; i < r->n_faces; i++) {
		uint32_t type0 = dbi_lot_face_use(lot->faces, &r->faces[i], &lot->arena, &lot->file);
		if (!type0)
			b->failed = true;
		dbi_buf_addf(b, "/F%zu", i + 1);
		dbi_lot_add_reference(b, type0);
	}
	dbi_buf_adds(b, r->n_images ? ">>/XObject<<" : "");
	for (size_t i = 0; i < r->n_images; i++) {
		dbi_buf_addf(b, "/I%zu", i + 1);
		dbi_lot_add_reference(b, image_number(lot, images[i]));
	}
	dbi_buf_adds(b, ">>>>");
}

/* The dictionary for a letter's pages; most letters need the one of the letter before. */
static uint32_t resources_number(dbi_lot *lot, const struct dbi_spool *r, const struct dbi_image *const *images)
{
	add_names(lot, r, images);
	if (lot->text.failed)
		return 0;
	for (size_t i = lot->n_resources; i > 0; i--)
		if (strcmp(lot->resources[i - 1].text, lot->text.data) == 0)
			return lot->resources[i - 1].number;
	char *text = dbi_strndup(lot->text.data, lot->text.len);
	if (!text || !dbi_grow(&lot->resources, &lot->cap_resources, lot->n_resources + 1, sizeof(*lot->resources), DBI_LOT_OBJECTS)) {
		dbi_free(text);
		lot->text.failed = true;
		return 0;
	}
	uint32_t number = dbi_lot_file_number(&lot->file);
	lot->resources[lot->n_resources++] = (struct resources){ text, number };
	dbi_buf_add(dbi_lot_file_object(&lot->file, number), lot->text.data, lot->text.len);
	return number;
}

static void add_link(dbi_lot *lot, const struct dbi_spool_link *link)
{
	uint32_t number = dbi_lot_file_number(&lot->file);
	struct dbi_buf *b = dbi_lot_file_object(&lot->file, number);

	dbi_buf_adds(b, "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
	for (int i = 0; i < 4; i++) {
		if (i)
			dbi_buf_addc(b, ' ');
		dbi_buf_add_fixed(b, link->box[i], 2);
	}
	dbi_buf_adds(b, "]/Contents");
	dbi_buf_add_text_string(b, link->alt, strlen(link->alt));
	dbi_buf_adds(b, "/A<</S/URI/URI");
	dbi_buf_add_text_string(b, link->uri, strlen(link->uri));
	dbi_buf_adds(b, ">>>>");
	dbi_lot_add_reference(&lot->annots, number);
}

/* content 0: a blank page. */
static void add_page(dbi_lot *lot, uint32_t number, const struct dbi_spool_page *p, uint32_t resources, uint32_t content)
{
	uint32_t parent = dbi_lot_tree_parent(&lot->tree, &lot->file);

	dbi_buf_clear(&lot->annots);
	for (size_t i = 0; content && i < p->n_links; i++)
		add_link(lot, &p->links[i]);
	struct dbi_buf *b = dbi_lot_file_object(&lot->file, number);
	dbi_buf_adds(b, "<</Type/Page/MediaBox[0 0 ");
	dbi_buf_add_fixed(b, p->width, 3);
	dbi_buf_addc(b, ' ');
	dbi_buf_add_fixed(b, p->height, 3);
	dbi_buf_adds(b, "]/Parent");
	dbi_lot_add_reference(b, parent);
	dbi_buf_adds(b, "/Resources");
	dbi_lot_add_reference(b, resources);
	if (content) {
		dbi_buf_adds(b, "/Contents");
		dbi_lot_add_reference(b, content);
	}
	if (lot->annots.len) {
		dbi_buf_adds(b, "/Annots[");
		dbi_buf_add(b, lot->annots.data, lot->annots.len);
		dbi_buf_addc(b, ']');
	}
	dbi_buf_adds(b, ">>");
	if (lot->annots.failed)
		b->failed = true;
	dbi_lot_tree_page(&lot->tree, number);
}

static void add_pages(dbi_lot *lot, const struct dbi_spool *r, uint32_t resources)
{
	static const char body[] = "/Filter/FlateDecode";
	char title[24];

	for (size_t i = 0; i < r->n_pages; i++) {
		const struct dbi_spool_page *p = &r->pages[i];
		uint32_t content = dbi_lot_file_number(&lot->file), number = dbi_lot_file_number(&lot->file);
		dbi_lot_file_stream(&lot->file, content, body, sizeof(body) - 1, p->data, p->len);
		(void)snprintf(title, sizeof(title), "%lu", (unsigned long)lot->letters);
		if (i == 0)
			dbi_lot_tree_letter(&lot->tree, &lot->file, lot->letters, number, *r->case_code ? r->case_code : title);
		add_page(lot, number, p, resources, content);
	}
	if (lot->duplex && r->n_pages % 2)
		add_page(lot, dbi_lot_file_number(&lot->file), &r->pages[r->n_pages - 1], resources, 0);
}

/* What the file says of itself comes from its first letter. */
static bool note_letter(dbi_lot *lot, const struct dbi_spool *r)
{
	unsigned char both[32];

	lot->color = lot->color || r->color;
	memcpy(both, lot->id, 16);
	memcpy(both + 16, r->hash, 16);
	dbi_blake2b(lot->id, sizeof(lot->id), both, sizeof(both), NULL, 0);
	if (lot->letters > 1) {
		lot->one_lang = lot->one_lang && strcmp(lot->meta.lang, r->lang) == 0;
		return true;
	}
	if (!lot->named)
		lot->meta.title = dbi_arena_strndup(&lot->arena, r->title, strlen(r->title));
	lot->meta.lang = dbi_arena_strndup(&lot->arena, r->lang, strlen(r->lang));
	lot->meta.creator = dbi_arena_strndup(&lot->arena, r->creator, strlen(r->creator));
	lot->meta.date.year = (int)r->year;
	lot->meta.date.month = (int)r->month;
	lot->meta.date.day = (int)r->day;
	return lot->meta.title && lot->meta.lang && lot->meta.creator;
}

static int check_record(dbi_lot *lot, const struct dbi_spool *r, const struct dbi_image *const *images,
    struct dbrief_error *err)
{
	for (size_t i = 0; i < r->n_faces; i++) {
		int status = dbi_lot_face_check(lot->faces, lot->fonts, &r->faces[i], err);
		if (status != DBRIEF_OK)
			return status;
	}
	for (size_t i = 0; i < r->n_images; i++)
		if (!images[i] || memcmp(images[i]->sha256, r->images[i].sha256, 32) != 0)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_IMAGE, images[i] ? images[i]->path : "lot",
			    "the picture is not the one the letter was made with; put it back or render the letter again");
	return DBRIEF_OK;
}

int dbi_lot_add(dbi_lot *lot, const struct dbi_spool *r, const struct dbi_image *const *images,
    struct dbi_lot_place *place, struct dbrief_error *err)
{
	lot->file.err = err;
	if (lot->file.status != DBRIEF_OK)
		return dbi_error(err, lot->file.status, DBRIEF_CAUSE_STATE, "lot", "the lot failed before; make it anew");
	int status = check_record(lot, r, images, err);
	if (status != DBRIEF_OK)
		return status;
	lot->letters++;
	place->letter = lot->letters;
	place->first_page = lot->tree.pages + 1;
	place->pages = (uint32_t)r->n_pages;
	place->sheets = lot->duplex ? ((uint32_t)r->n_pages + 1) / 2 : (uint32_t)r->n_pages;
	lot->sheets += place->sheets;
	uint32_t resources = resources_number(lot, r, images);
	bool noted = note_letter(lot, r);
	add_pages(lot, r, resources);
	if ((!noted || lot->text.failed || lot->annots.failed) && lot->file.status == DBRIEF_OK)
		lot->file.status = dbi_error_memory(err);
	return lot->file.status;
}

static uint32_t add_intent(dbi_lot *lot)
{
	struct dbi_lot_file *f = &lot->file;
	struct dbi_buf profile = DBI_BUF_INIT;
	const char *stream, *intent = dbi_archive_profile(lot->color, &stream);
	uint32_t icc = dbi_lot_file_number(f), number = dbi_lot_file_number(f);

	dbi_profile_write(&profile, lot->color);
	dbi_lot_file_deflated(f, icc, stream, &profile);
	dbi_buf_dispose(&profile);
	struct dbi_buf *out = dbi_lot_file_object(f, number);
	dbi_buf_adds(out, "<<");
	dbi_buf_adds(out, intent);
	dbi_lot_add_reference(out, icc);
	dbi_buf_adds(out, ">>");
	return number;
}

static uint32_t add_metadata(dbi_lot *lot)
{
	struct dbi_buf xmp = DBI_BUF_INIT;
	uint32_t number = dbi_lot_file_number(&lot->file);

	dbi_archive_write_xmp(&xmp, &lot->meta);
	dbi_lot_file_deflated(&lot->file, number, "/Type/Metadata/Subtype/XML/Filter/FlateDecode", &xmp);
	dbi_buf_dispose(&xmp);
	return number;
}

static uint32_t add_info(dbi_lot *lot)
{
	static const char *const keys[] = { "/Title", "/Producer", "/Creator" };
	const char *const texts[] = { lot->meta.title, lot->meta.producer, lot->meta.creator };
	uint32_t number = dbi_lot_file_number(&lot->file);
	struct dbi_buf *out = dbi_lot_file_object(&lot->file, number);

	dbi_buf_adds(out, "<<");
	for (size_t i = 0; i < 3; i++) {
		dbi_buf_adds(out, keys[i]);
		dbi_buf_add_text_string(out, texts[i], strlen(texts[i]));
	}
	dbi_buf_adds(out, "/CreationDate(");
	dbi_archive_write_date(out, &lot->meta);
	dbi_buf_adds(out, ")/ModDate(");
	dbi_archive_write_date(out, &lot->meta);
	dbi_buf_adds(out, ")>>");
	return number;
}

static uint32_t add_catalog(dbi_lot *lot, uint32_t intent, uint32_t metadata)
{
	struct dbi_lot_file *f = &lot->file;
	uint32_t labels, pages = dbi_lot_tree_finish(&lot->tree, f, &labels), number = dbi_lot_file_number(f);
	struct dbi_buf *out = dbi_lot_file_object(f, number);

	dbi_buf_adds(out, "<</Type/Catalog/PageMode/UseOutlines/Pages");
	dbi_lot_add_reference(out, pages);
	dbi_buf_adds(out, "/PageLabels");
	dbi_lot_add_reference(out, labels);
	dbi_buf_adds(out, "/Outlines");
	dbi_lot_add_reference(out, lot->tree.outline);
	dbi_buf_adds(out, "/Metadata");
	dbi_lot_add_reference(out, metadata);
	dbi_buf_adds(out, "/OutputIntents[");
	dbi_lot_add_reference(out, intent);
	dbi_buf_adds(out, "]/ViewerPreferences<</DisplayDocTitle true");
	dbi_buf_adds(out, lot->duplex ? "/Duplex/DuplexFlipLongEdge>>" : ">>");
	if (lot->one_lang) {
		dbi_buf_adds(out, "/Lang");
		dbi_buf_add_text_string(out, lot->meta.lang, strlen(lot->meta.lang));
	}
	dbi_buf_adds(out, ">>");
	return number;
}

int dbi_lot_finish(dbi_lot *lot, char sha256[65], struct dbrief_error *err)
{
	lot->file.err = err;
	if (lot->file.status != DBRIEF_OK || !lot->letters)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "lot", lot->letters ?
		    "the lot failed before; make it anew" : "a lot needs a letter; add one first");
	dbi_deflater *z = dbi_deflater_new(DBI_DEFLATE_SMALL);
	if (!z)
		return lot->file.status = dbi_error_memory(err);
	for (size_t i = 0; i < lot->n_faces && lot->file.status == DBRIEF_OK; i++)
		(void)dbi_lot_face_write(&lot->faces[i], &lot->file, z);
	dbi_deflater_free(z);
	if (lot->file.status != DBRIEF_OK)
		return lot->file.status;
	uint32_t intent = add_intent(lot), metadata = add_metadata(lot), info = add_info(lot);
	uint32_t catalog = add_catalog(lot, intent, metadata);
	return dbi_lot_file_close(&lot->file, catalog, info, lot->id, sha256);
}
