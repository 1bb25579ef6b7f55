/* SPDX-License-Identifier: MIT */
/* A page's content: marked content, order of its parts. */
#include "pdf/content.h"

#include <string.h>

void dbi_content_end_array(struct dbi_content *c)
{
	if (c->in_array)
		dbi_buf_add(c->out, ")]TJ\n", 5);
	c->in_array = false;
}

static void end_mark(struct dbi_content *c)
{
	dbi_content_end_array(c);
	if (c->marked)
		dbi_buf_add(c->out, "EMC\n", 4);
	c->marked = false;
}

static void begin_mark(struct dbi_content *c, dbi_elem elem)
{
	c->elem = elem;
	if (c->plain)
		return;
	c->marked = true;
	if (elem == DBI_ELEM_ARTIFACT) {
		dbi_buf_adds(c->out, "/Artifact BMC\n");
		return;
	}
	if (elem == DBI_ELEM_ARTIFACT_PAGINATION) {
		dbi_buf_adds(c->out, "/Artifact<</Type/Pagination>>BDC\n");
		return;
	}
	char *p = dbi_buf_room(c->out, DBI_NUMBER_ROOM + 40);
	if (!p)
		return;
	char *s = p;
	*s++ = '/';
	for (const char *role = dbi_role_names[c->d->elements[elem].role]; *role; role++)
		*s++ = *role;
	memcpy(s, "<</MCID ", 8);
	s = dbi_put_uint(s + 8, dbi_tags_mark(c->tags, c->page, elem));
	memcpy(s, ">>BDC\n", 6);
	c->out->len += (size_t)(s + 6 - p);
}

void dbi_content_mark(struct dbi_content *c, dbi_elem elem, bool in_text)
{
	/* Without marks, too, an element begins at a place of its own, so that it stands where it stands with them. */
	if (c->in_text == in_text && c->elem == elem && (c->plain || c->marked))
		return;
	end_mark(c);
	if (c->in_text && !in_text)
		dbi_content_end_text(c);
	if (!c->in_text && in_text)
		dbi_buf_add(c->out, "BT\n", 3);
	c->in_text = in_text;
	begin_mark(c, elem);
}

struct dbi_face_use *dbi_content_use(struct dbi_content *c, unsigned index, struct dbrief_error *err)
{
	if (index < c->n_faces && c->uses[index].resource)
		return &c->uses[index];
	const struct dbi_pdf_face *face = dbi_pdf_face(c->fonts, index, err);
	if (!face)
		return NULL;
	struct dbi_face_use *use = &c->uses[index];
	size_t words = DBI_GLYPH_WORDS(face->info->n_glyphs);
	use->face = face;
	use->glyphs = dbi_arena_calloc(c->arena, words < DBI_FIRST_GLYPH_WORDS ? DBI_FIRST_GLYPH_WORDS : words, sizeof(*use->glyphs));
	if (!use->glyphs) {
		dbi_error_memory(err);
		return NULL;
	}
	dbi_glyph_put(use->glyphs, 0);
	c->used[c->n_used++] = (uint16_t)index;
	use->resource = (unsigned)c->n_used;
	return use;
}

static void begin_page(struct dbi_content *c, size_t page)
{
	c->page = page;
	c->height = c->d->pages[page].height;
	c->in_text = c->in_array = c->marked = false;
	c->fill = 0;
	c->size = 0;
	c->line_x = c->line_y = 0;
	c->over_x = c->over_y = 0;
	c->pen_valid = false;
	dbi_buf_clear(c->out);
	dbi_buf_clear(c->under);
	dbi_buf_clear(c->over);
}

static int draw(struct dbi_content *c, const struct dbi_op *op, struct dbrief_error *err)
{
	if (op->elem >= c->d->n_elements && op->elem != DBI_ELEM_ARTIFACT && op->elem != DBI_ELEM_ARTIFACT_PAGINATION)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "structure",
		    "something is drawn for an element that does not exist; report this");
	switch (op->kind) {
	case DBI_OP_TEXT:
		return dbi_content_text(c, op, err);
	case DBI_OP_RULE:
		dbi_content_rule(c, op);
		return DBRIEF_OK;
	case DBI_OP_RECT:
		dbi_content_rect(c, op);
		return DBRIEF_OK;
	case DBI_OP_IMAGE:
		return dbi_content_image(c, op, err);
	case DBI_OP_CELLS:
		dbi_content_cells(c, op);
		return DBRIEF_OK;
	default:
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "page", "unknown drawing operation; report this");
	}
}

/* Decoration lies below the text, rules above it: two artifacts a page, whatever their number. */
static void join_parts(struct dbi_content *c, struct dbi_buf *out)
{
	if (c->under->len) {
		dbi_buf_adds(out, c->plain ? "q\n" : "/Artifact BMC q\n");
		dbi_buf_add(out, c->under->data, c->under->len);
		dbi_buf_adds(out, c->plain ? "f Q\n" : "f Q EMC\n");
	}
	dbi_buf_add(out, c->out->data, c->out->len);
	if (c->over->len) {
		dbi_buf_adds(out, c->plain ? "q\n" : "/Artifact BMC q\n");
		dbi_buf_add(out, c->over->data, c->over->len);
		dbi_buf_adds(out, c->plain ? "Q\n" : "Q EMC\n");
	}
	if (c->under->failed || c->out->failed || c->over->failed)
		out->failed = true;
}

/* The first words of the operations that come next are fetched while this one is at work. */
static inline void fetch_ahead(const struct dbi_page *p, size_t i)
{
	const struct dbi_op *op = p->ops + i;

	if (i + 6 >= p->n_ops)
		return;
	if (op[6].kind == DBI_OP_TEXT)
		__builtin_prefetch(op[6].u.text.runs);
	if (op[4].kind == DBI_OP_TEXT)
		__builtin_prefetch(op[4].u.text.runs->run);
	if (op[2].kind == DBI_OP_TEXT && op[2].u.text.runs->run)
		__builtin_prefetch(op[2].u.text.runs->run->slot);
}

int dbi_content_page(struct dbi_content *c, size_t page, struct dbi_buf *page_out, struct dbrief_error *err)
{
	const struct dbi_page *p = &c->d->pages[page];
	begin_page(c, page);
	for (size_t i = 0; i < p->n_ops; i++) {
		fetch_ahead(p, i);
		int status = draw(c, &p->ops[i], err);
		if (status != DBRIEF_OK)
			return status;
	}
	end_mark(c);
	if (c->in_text)
		dbi_content_end_text(c);
	dbi_buf_clear(page_out);
	if (c->stamp) {
		int status = dbi_content_stamp(c, page, c->stamp, page_out, err);
		if (status != DBRIEF_OK)
			return status;
	}
	join_parts(c, page_out);
	if (page_out->failed || c->tags->failed)
		return dbi_error_memory(err);
	return DBRIEF_OK;
}
