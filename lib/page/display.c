/* SPDX-License-Identifier: MIT */
#include "page/display.h"

#include <string.h>

#include "util/limits.h"
#include "util/mem.h"

#define FIRST_ELEMENTS 512
#define FIRST_OPS 256

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
 * Makes room behind the n places of an array in the arena. Where it cannot grow
 * in place the old copy stays behind: at most its own size again, as it doubles.
 */
static bool grow(struct dbi_arena *arena, void **array, size_t n, size_t *cap, size_t size, size_t first)
{
	size_t want = *cap ? *cap * 2 : first, bytes;
	void *grown;

	if (!dbi_size_mul(want, size, &bytes))
		return false;
	if (dbi_arena_extend(arena, *array, *cap * size, bytes)) {
		*cap = want;
		return true;
	}
	if (!(grown = dbi_arena_alloc(arena, bytes)))
		return false;
	if (n)
		memcpy(grown, *array, n * size);
	*array = grown;
	*cap = want;
	return true;
}

/* Next free place of an array in the arena, zeroed. */
static void *next_slot(struct dbi_arena *arena, void **array, size_t *n, size_t *cap, size_t size, size_t first, size_t max)
{
	if (*n >= max)
		return NULL;
	if (*n == *cap && !grow(arena, array, *n, cap, size, first))
		return NULL;
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
	size_t n = d->n_elements;

	if (n == d->cap_elements) {
		if (n >= DBI_ELEM_ARTIFACT_PAGINATION || !grow(d->arena, &array, n, &d->cap_elements, sizeof *d->elements, FIRST_ELEMENTS))
			return DBI_ELEM_ARTIFACT;
		d->elements = array;
	}
	d->n_elements++;
	d->elements[n] = (struct dbi_element){ .role = (uint8_t)role, .colspan = 1, .rowspan = 1, .parent = n ? parent : 0 };
	return (dbi_elem)n;
}

struct dbi_op *dbi_page_add_op(struct dbi_display *d, size_t page, enum dbi_op_kind kind, dbi_elem elem)
{
	struct dbi_page *p = &d->pages[page];
	void *array = p->ops;
	size_t first = page ? d->pages[page - 1].n_ops + FIRST_OPS / 16 : FIRST_OPS; /* pages are much like the one before */
	struct dbi_op *op = next_slot(d->arena, &array, &p->n_ops, &p->cap_ops, sizeof *op, first, SIZE_MAX);

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
