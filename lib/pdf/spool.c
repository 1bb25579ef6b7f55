/* SPDX-License-Identifier: MIT */
#include "pdf/spool.h"

#include <string.h>

#include "pdf/spool_form.h"
#include "util/hash.h"

uint64_t dbi_face_identity(const struct dbi_face_info *face)
{
	unsigned char hash[16];
	uint64_t v = 0;

	dbi_blake2b(hash, sizeof(hash), face->bytes, face->len < 512 ? face->len : 512, NULL, 0);
	for (int i = 0; i < 8; i++)
		v = v << 8 | hash[i];
	return v;
}

static void add_u16(struct dbi_buf *out, unsigned v)
{
	const char bytes[2] = { (char)v, (char)(v >> 8) };
	dbi_buf_add(out, bytes, sizeof(bytes));
}

static void add_u32(struct dbi_buf *out, uint32_t v)
{
	add_u16(out, v & 0xFFFF);
	add_u16(out, v >> 16);
}

static void add_text(struct dbi_buf *out, const char *text, size_t len)
{
	add_u32(out, (uint32_t)len);
	dbi_buf_add(out, text, len);
	dbi_buf_addc(out, '\0');
}

static void add_string(struct dbi_buf *out, const char *text)
{
	add_text(out, text ? text : "", text ? strlen(text) : 0);
}

static void add_face(struct dbi_buf *out, unsigned index, const struct dbi_face_use *use)
{
	uint64_t identity = dbi_face_identity(use->face->info);
	size_t words = DBI_GLYPH_WORDS(use->face->info->n_glyphs), count = 0;

	add_u16(out, index);
	add_u32(out, (uint32_t)identity);
	add_u32(out, (uint32_t)(identity >> 32));
	for (size_t w = 0; w < words; w++)
		count += (size_t)__builtin_popcountll(use->glyphs[w]);
	add_u32(out, (uint32_t)count);
	for (size_t w = 0; w < words; w++)
		for (uint64_t bits = use->glyphs[w]; bits; bits &= bits - 1)
			add_u16(out, (unsigned)(w * 64) + (unsigned)__builtin_ctzll(bits));
	add_u32(out, (uint32_t)use->n_notes);
	for (size_t i = 0; i < use->n_notes; i++) {
		add_u16(out, use->notes[i].gid);
		add_text(out, use->notes[i].text, use->notes[i].len);
	}
}

/* Pictures below the configuration are named from its folder, so that a lot may be made where that lies elsewhere. */
static void add_image(struct dbi_buf *out, const struct dbi_image *image, const char *folder)
{
	const char *path = image->path;
	size_t len = folder ? strlen(folder) : 0;
	bool here = folder && strcmp(folder, ".") == 0 && *path != '/';
	bool beside = here || (folder && strncmp(path, folder, len) == 0 && path[len] == '/');

	dbi_buf_add(out, image->sha256, sizeof(image->sha256));
	dbi_buf_addc(out, (char)beside);
	add_string(out, beside && !here ? path + len + 1 : path);
}

static int add_links(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_page *p, struct dbrief_error *err)
{
	add_u32(out, (uint32_t)p->n_links);
	for (size_t i = 0; i < p->n_links; i++) {
		const struct dbi_link *link = &p->links[i];
		const char *alt = link->elem < d->n_elements ? d->elements[link->elem].alt : NULL;
		if (!dbi_is_ascii(link->uri))
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "link",
			    "an address is not ASCII; write it percent-encoded");
		add_u32(out, (uint32_t)dbi_centi(link->x));
		add_u32(out, (uint32_t)dbi_centi(p->height - link->y - link->h));
		add_u32(out, (uint32_t)dbi_centi(link->x + link->w));
		add_u32(out, (uint32_t)dbi_centi(p->height - link->y));
		add_string(out, alt ? alt : link->uri);
		add_string(out, link->uri);
	}
	return DBRIEF_OK;
}

static int add_pages(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_page_data *data,
    struct dbrief_error *err)
{
	add_u32(out, (uint32_t)d->n_pages);
	for (size_t i = 0; i < d->n_pages; i++) {
		add_u32(out, (uint32_t)d->pages[i].width);
		add_u32(out, (uint32_t)d->pages[i].height);
		int status = add_links(out, d, &d->pages[i], err);
		if (status != DBRIEF_OK)
			return status;
		add_text(out, data[i].data, data[i].len);
	}
	return DBRIEF_OK;
}

int dbi_spool_write(struct dbi_buf *out, const struct dbi_content *c, const struct dbi_page_data *data, bool color,
    const struct dbi_pdf_meta *meta, struct dbrief_error *err)
{
	size_t start = out->len;
	unsigned char hash[DBI_SPOOL_HASH];

	dbi_buf_adds(out, DBI_SPOOL_MAGIC);
	add_string(out, meta->case_code);
	add_string(out, meta->title);
	add_string(out, meta->lang);
	add_string(out, meta->creator);
	add_u16(out, (unsigned)meta->date.year);
	add_u16(out, (unsigned)meta->date.month);
	add_u16(out, (unsigned)meta->date.day);
	add_u16(out, color);
	add_u32(out, (uint32_t)c->n_used);
	for (size_t i = 0; i < c->n_used; i++)
		add_face(out, c->used[i], &c->uses[c->used[i]]);
	add_u32(out, (uint32_t)c->n_images);
	for (size_t i = 0; i < c->n_images; i++)
		add_image(out, c->images[i], meta->picture_folder);
	int status = add_pages(out, c->d, data, err);
	if (status != DBRIEF_OK)
		return status;
	if (out->failed)
		return dbi_error_memory(err);
	dbi_blake2b(hash, sizeof(hash), out->data + start, out->len - start, NULL, 0);
	dbi_buf_add(out, hash, sizeof(hash));
	if (!out->failed && out->len - start > DBI_MAX_PDF_BYTES)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "pdf",
		    "the letter is larger than %u bytes; let it show fewer records", DBI_MAX_PDF_BYTES);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
