/* SPDX-License-Identifier: MIT */
#include "pdf/tags_node.h"

#include <string.h>

#include "util/mem.h"

int dbi_tags_init(struct dbi_tags *t, const struct dbi_display *d, struct dbi_arena *arena, struct dbrief_error *err)
{
	memset(t, 0, sizeof(*t));
	t->d = d;
	t->nodes = dbi_arena_calloc(arena, d->n_elements ? d->n_elements : 1, sizeof(*t->nodes));
	t->pages = dbi_arena_calloc(arena, d->n_pages ? d->n_pages : 1, sizeof(*t->pages));
	t->numbers = dbi_arena_calloc(arena, d->n_elements + 1, sizeof(*t->numbers));
	t->order = dbi_arena_calloc(arena, d->n_elements + 1, sizeof(*t->order));
	t->places = dbi_arena_calloc(arena, d->n_elements + 1, sizeof(*t->places));
	if (!t->nodes || !t->pages || !t->numbers || !t->order || !t->places)
		return dbi_error_memory(err);
	for (dbi_elem e = 0; e < d->n_elements; e++) {
		const struct dbi_element *el = &d->elements[e];
		if ((e ? el->parent >= e : el->parent != 0) || el->role >= DBI_ROLE_COUNT)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "structure",
			    "element %u has no place in the tree; report this", (unsigned)e);
		if (e == 0)
			continue;
		struct dbi_tag_node *p = &t->nodes[el->parent];
		if (p->last_child)
			t->nodes[p->last_child].sibling = e;
		else
			p->first_child = p->waiting = e;
		p->last_child = e;
	}
	return DBRIEF_OK;
}

void dbi_tags_dispose(struct dbi_tags *t)
{
	if (t->d && t->pages)
		for (size_t i = 0; i < t->d->n_pages; i++)
			dbi_free(t->pages[i].elems);
	dbi_free(t->kids);
	dbi_free(t->annots);
	memset(t, 0, sizeof(*t));
}

static void add_kid(struct dbi_tags *t, dbi_elem elem, enum kid_kind kind, size_t page, uint32_t value)
{
	if (t->n_kids + 2 > t->cap_kids && !dbi_grow(&t->kids, &t->cap_kids, t->n_kids + 2, sizeof(*t->kids), UINT32_MAX)) {
		t->failed = true;
		return;
	}
	uint32_t k = (uint32_t)++t->n_kids;
	struct dbi_tag_node *n = &t->nodes[elem];
	t->kids[k] = (struct dbi_tag_kid){ 0, (uint32_t)page, value, (uint8_t)kind };
	if (n->last_kid)
		t->kids[n->last_kid].next = k;
	else
		n->first_kid = k;
	n->last_kid = k;
}

/*
 * Puts an element among the kids of its parent, and that one likewise. Elder
 * siblings that were not drawn (empty cells) come first, so that the order is
 * that of the display list's tree.
 */
static void attach(struct dbi_tags *t, dbi_elem elem)
{
	for (dbi_elem e = elem; e && !t->nodes[e].attached; e = t->d->elements[e].parent) {
		dbi_elem p = t->d->elements[e].parent, c = 0;
		while (c != e && (c = t->nodes[p].waiting) != 0) {
			add_kid(t, p, KID_ELEMENT, 0, c);
			t->nodes[c].attached = true;
			t->nodes[p].waiting = t->nodes[c].sibling;
		}
	}
}

uint32_t dbi_tags_mark(struct dbi_tags *t, size_t page, dbi_elem elem)
{
	struct dbi_tag_page *p = &t->pages[page];
	struct dbi_tag_node *n = &t->nodes[elem];
	if (p->n == p->cap && !dbi_grow(&p->elems, &p->cap, p->n + 1, sizeof(*p->elems), UINT32_MAX)) {
		t->failed = true;
		return 0;
	}
	attach(t, elem);
	if (!n->marked) {
		n->marked = true;
		n->page = (uint32_t)page;
	}
	add_kid(t, elem, KID_MARK, page, (uint32_t)p->n);
	p->elems[p->n] = elem;
	return (uint32_t)p->n++;
}

uint32_t dbi_tags_annotate(struct dbi_tags *t, size_t page, dbi_elem elem, uint32_t number)
{
	if (t->n_annots == t->cap_annots &&
	    !dbi_grow(&t->annots, &t->cap_annots, t->n_annots + 1, sizeof(*t->annots), UINT32_MAX)) {
		t->failed = true;
		return 0;
	}
	attach(t, elem);
	add_kid(t, elem, KID_ANNOTATION, page, number);
	t->annots[t->n_annots].elem = elem;
	t->annots[t->n_annots].number = number;
	return (uint32_t)(t->d->n_pages + t->n_annots++);
}

void dbi_tags_cover(struct dbi_tags *t, dbi_elem elem, int32_t x0, int32_t y0, int32_t x1, int32_t y1)
{
	if (elem >= t->d->n_elements)
		return;
	while (elem && t->d->elements[elem].role != DBI_ROLE_FIGURE)
		elem = t->d->elements[elem].parent;
	if (!elem)
		return;
	struct dbi_tag_node *n = &t->nodes[elem];
	const int32_t box[4] = { x0, y0, x1, y1 };
	for (int i = 0; i < 4; i++)
		if (!n->covered || (i < 2 ? box[i] < n->box[i] : box[i] > n->box[i]))
			n->box[i] = box[i];
	n->covered = true;
}

static dbi_elem list_of_label(const struct dbi_tags *t, dbi_elem elem)
{
	if (elem >= t->d->n_elements || t->d->elements[elem].role != DBI_ROLE_LBL)
		return 0;
	dbi_elem list = t->d->elements[t->d->elements[elem].parent].parent;
	return t->d->elements[list].role == DBI_ROLE_L ? list : 0;
}

bool dbi_tags_wants_label(const struct dbi_tags *t, dbi_elem elem)
{
	dbi_elem list = list_of_label(t, elem);
	return list && !t->nodes[list].numbering;
}

void dbi_tags_label(struct dbi_tags *t, dbi_elem elem, const char *text, size_t len)
{
	static const struct { const char *text, *numbering; } marks[] = {
		{ "\xE2\x80\xA2", "Disc" }, { "\xE2\x97\x8F", "Disc" }, { "\xE2\x97\x8B", "Circle" },
		{ "\xE2\x97\xA6", "Circle" }, { "-", "Disc" }, { "\xE2\x80\x93", "Disc" },
		{ "\xE2\x96\xAA", "Square" }, { "\xE2\x96\xA0", "Square" },
	};
	dbi_elem list = list_of_label(t, elem);
	if (!list || !len)
		return;
	/* None: "Lbl elements contain arbitrary text not subject to any numbering scheme" (ISO 32000-1, table 347). */
	const char *numbering = "None";
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len >= strlen(marks[i].text) && memcmp(text, marks[i].text, strlen(marks[i].text)) == 0)
			numbering = marks[i].numbering;
	size_t at = *text == '(' ? 1 : 0, start = at;
	while (at < len && text[at] >= '0' && text[at] <= '9')
		at++;
	if (at > start)
		numbering = "Decimal";
	else if (at + 1 < len && (text[at + 1] == '.' || text[at + 1] == ')'))
		numbering = text[at] >= 'a' && text[at] <= 'z' ? "LowerAlpha" :
		    text[at] >= 'A' && text[at] <= 'Z' ? "UpperAlpha" : numbering;
	t->nodes[list].numbering = numbering;
}

void dbi_tags_finish(struct dbi_tags *t)
{
	for (dbi_elem e = 1; e < t->d->n_elements; e++)
		attach(t, e);
}

/* Rows come last, since ParentTree, which stands behind the elements, repeats their lists of cells. */
static unsigned rank(unsigned role)
{
	return role == DBI_ROLE_TR ? DBI_ROLE_COUNT - 1 : role - (role > DBI_ROLE_TR);
}

void dbi_tags_number(struct dbi_tags *t, uint32_t base)
{
	size_t n = t->d->n_elements;
	uint32_t next[DBI_ROLE_COUNT + 1] = { 0 };

	for (size_t e = 0; e < n; e++)
		next[rank(t->d->elements[e].role) + 1]++;
	for (unsigned i = 0; i < DBI_ROLE_COUNT; i++)
		next[i + 1] += next[i];
	for (size_t e = 0; e < n; e++) {
		uint32_t at = next[rank(t->d->elements[e].role)]++;
		t->numbers[e] = base + at;
		t->order[at] = (dbi_elem)e;
	}
}
