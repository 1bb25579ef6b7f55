/* SPDX-License-Identifier: MIT */
/* Records come back from a disk: every length is checked before it is believed. */
#include "pdf/spool.h"

#include <string.h>

#include "pdf/spool_form.h"
#include "util/hash.h"

/* A latching cursor: after a fault everything reads as nothing. */
struct cursor {
	const unsigned char *at, *end;
	struct dbi_arena *arena;
	bool bad, no_memory;
};

static const unsigned char *take(struct cursor *c, size_t len)
{
	if (c->bad || len > (size_t)(c->end - c->at)) {
		c->bad = true;
		return NULL;
	}
	c->at += len;
	return c->at - len;
}

static unsigned take_u16(struct cursor *c)
{
	const unsigned char *p = take(c, 2);
	return p ? p[0] | (unsigned)p[1] << 8 : 0;
}

static uint32_t take_u32(struct cursor *c)
{
	uint32_t low = take_u16(c);
	return low | (uint32_t)take_u16(c) << 16;
}

static const char *take_text(struct cursor *c, size_t *len)
{
	*len = take_u32(c);
	const char *p = (const char *)take(c, *len);
	const unsigned char *nul = take(c, 1);
	if (!p || !nul || *nul)
		c->bad = true;
	return c->bad ? "" : p;
}

static const char *take_string(struct cursor *c)
{
	size_t len;
	const char *s = take_text(c, &len);
	if (strlen(s) != len)
		c->bad = true;
	return s;
}

/* An array of as many things as the record says, each of at least `least` bytes there. */
static void *take_array(struct cursor *c, size_t *n, size_t least, size_t size)
{
	*n = take_u32(c);
	if (c->bad || *n > (size_t)(c->end - c->at) / least) {
		c->bad = true;
		*n = 0;
	}
	void *p = dbi_arena_calloc(c->arena, *n ? *n : 1, size);
	if (!p) {
		c->bad = c->no_memory = true;
		*n = 0;
	}
	return p;
}

static void read_face(struct cursor *c, struct dbi_spool_face *f)
{
	f->face = take_u16(c);
	f->identity = take_u32(c);
	f->identity |= (uint64_t)take_u32(c) << 32;
	f->n_glyphs = take_u32(c);
	f->glyphs = take(c, f->n_glyphs <= UINT16_MAX ? 2 * f->n_glyphs : SIZE_MAX);
	f->notes = take_array(c, &f->n_notes, 7, sizeof(*f->notes));
	for (size_t i = 0; i < f->n_notes; i++) {
		size_t len;
		f->notes[i].gid = (uint16_t)take_u16(c);
		f->notes[i].text = take_text(c, &len);
		f->notes[i].len = (uint32_t)len;
	}
}

static void read_page(struct cursor *c, struct dbi_spool_page *p)
{
	p->width = (dbi_len)take_u32(c);
	p->height = (dbi_len)take_u32(c);
	p->links = take_array(c, &p->n_links, 26, sizeof(*p->links));
	for (size_t i = 0; i < p->n_links; i++) {
		for (int k = 0; k < 4; k++)
			p->links[i].box[k] = (int32_t)take_u32(c);
		p->links[i].alt = take_string(c);
		p->links[i].uri = take_string(c);
	}
	p->data = take_text(c, &p->len);
	if (p->width <= 0 || p->height <= 0)
		c->bad = true;
}

static void read_fields(struct cursor *c, struct dbi_spool *r)
{
	r->case_code = take_string(c);
	r->title = take_string(c);
	r->lang = take_string(c);
	r->creator = take_string(c);
	r->year = take_u16(c);
	r->month = take_u16(c);
	r->day = take_u16(c);
	r->color = take_u16(c) != 0;
	r->faces = take_array(c, &r->n_faces, 18, sizeof(*r->faces));
	for (size_t i = 0; i < r->n_faces; i++)
		read_face(c, &r->faces[i]);
	r->images = take_array(c, &r->n_images, 38, sizeof(*r->images));
	for (size_t i = 0; i < r->n_images; i++) {
		const unsigned char *beside;
		r->images[i].sha256 = take(c, 32);
		beside = take(c, 1);
		r->images[i].beside = beside && *beside;
		r->images[i].path = take_string(c);
	}
	r->pages = take_array(c, &r->n_pages, 17, sizeof(*r->pages));
	for (size_t i = 0; i < r->n_pages; i++)
		read_page(c, &r->pages[i]);
}

int dbi_spool_read(struct dbi_spool *r, struct dbi_arena *arena, const void *bytes, size_t len, struct dbrief_error *err)
{
	unsigned char hash[DBI_SPOOL_HASH];
	struct cursor c = { .at = bytes, .arena = arena };

	memset(r, 0, sizeof(*r));
	if (!bytes || len < DBI_SPOOL_MAGIC_LEN + DBI_SPOOL_HASH || memcmp(bytes, DBI_SPOOL_MAGIC, DBI_SPOOL_MAGIC_LEN) != 0)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "lot",
		    "this is no spool record of this version; render the letter again");
	c.end = c.at + len - DBI_SPOOL_HASH;
	r->hash = c.end;
	dbi_blake2b(hash, sizeof(hash), bytes, len - DBI_SPOOL_HASH, NULL, 0);
	if (memcmp(hash, r->hash, sizeof(hash)) == 0) {
		(void)take(&c, DBI_SPOOL_MAGIC_LEN);
		read_fields(&c, r);
	} else {
		c.bad = true;
	}
	if (c.no_memory)
		return dbi_error_memory(err);
	if (c.bad || c.at != c.end || !r->n_pages)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "lot",
		    "a spool record is damaged; render the letter again");
	return DBRIEF_OK;
}
