/* SPDX-License-Identifier: MIT */
#include "page/display.h"

#include <string.h>

#include "util/limits.h"
#include "util/mem.h"

const char *const dbi_role_names[DBI_ROLE_COUNT] = {
	"Document", "Sect", "P", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH",
	"TD", "Figure", "Link", "Span", "Div", "Caption"
};

void dbi_display_init(struct dbi_display *d, struct dbi_arena *arena, const dbi_fontset *fonts)
{
	memset(d, 0, sizeof *d);
	d->arena = arena;
	d->fonts = fonts;
}

/*
 * Next free place of an array in the arena, zeroed. The old copy stays behind
 * in the arena; as the array doubles, that is at most its own size again.
 */
static void *next_slot(struct dbi_arena *arena, void **array, size_t *n, size_t *cap, size_t size, size_t first, size_t max)
{
	if (*n >= max)
		return NULL;
	if (*n == *cap) {
		size_t want = *cap ? *cap * 2 : first, bytes;
		void *grown;

		if (!dbi_size_mul(want, size, &bytes) || !(grown = dbi_arena_alloc(arena, bytes)))
			return NULL;
		if (*n)
			memcpy(grown, *array, *n * size);
		*array = grown;
		*cap = want;
	}
	return memset((char *)*array + (*n)++ * size, 0, size);
}

struct dbi_page *dbi_display_add_page(struct dbi_display *d, dbi_len width, dbi_len height)
{
	void *array = d->pages;
	struct dbi_page *page = next_slot(d->arena, &array, &d->n_pages, &d->cap_pages, sizeof *page, 8, DBI_MAX_PAGES);

	d->pages = array;
	if (page) {
		page->width = width;
		page->height = height;
	}
	return page;
}

dbi_elem dbi_display_add_element(struct dbi_display *d, enum dbi_role role, dbi_elem parent)
{
	void *array = d->elements;
	struct dbi_element *e = next_slot(d->arena, &array, &d->n_elements, &d->cap_elements, sizeof *e, 256,
	    DBI_ELEM_ARTIFACT_PAGINATION);

	d->elements = array;
	if (!e)
		return DBI_ELEM_ARTIFACT;
	e->role = (uint8_t)role;
	e->colspan = e->rowspan = 1;
	e->parent = d->n_elements == 1 ? 0 : parent;
	return (dbi_elem)(d->n_elements - 1);
}

struct dbi_op *dbi_page_add_op(struct dbi_display *d, size_t page, enum dbi_op_kind kind, dbi_elem elem)
{
	struct dbi_page *p = &d->pages[page];
	void *array = p->ops;
	struct dbi_op *op = next_slot(d->arena, &array, &p->n_ops, &p->cap_ops, sizeof *op, 256, SIZE_MAX);

	p->ops = array;
	if (op) {
		op->kind = (uint8_t)kind;
		op->elem = elem;
	}
	return op;
}

struct dbi_link *dbi_page_add_link(struct dbi_display *d, size_t page, dbi_elem elem)
{
	struct dbi_page *p = &d->pages[page];
	void *array = p->links;
	struct dbi_link *link = next_slot(d->arena, &array, &p->n_links, &p->cap_links, sizeof *link, 8, SIZE_MAX);

	p->links = array;
	if (link)
		link->elem = elem;
	return link;
}
