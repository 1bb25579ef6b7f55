/* SPDX-License-Identifier: MIT */
/* Structure elements and ParentTree as text. */
#include "pdf/tags_node.h"

#include <string.h>

#include "pdf/strings.h"

static void add_reference(struct dbi_buf *out, uint32_t number)
{
	char *p = dbi_buf_room(out, DBI_NUMBER_ROOM + 4);
	if (!p)
		return;
	char *end = dbi_put_uint(p, number);
	memcpy(end, " 0 R", 4);
	out->len += (size_t)(end + 4 - p);
}

static void add_uint(struct dbi_buf *out, uint32_t v)
{
	char *p = dbi_buf_room(out, DBI_NUMBER_ROOM);
	if (p)
		out->len += (size_t)(dbi_put_uint(p, v) - p);
}

/* Copies a literal; the caller made room. */
static char *put(char *p, const char *text, size_t len)
{
	memcpy(p, text, len);
	return p + len;
}
#define PUT(p, literal) put(p, literal, sizeof(literal) - 1)

static char *put_reference(char *p, uint32_t number)
{
	return PUT(dbi_put_uint(p, number), " 0 R");
}

/* The most bytes a kid takes. */
#define KID_ROOM (64 + 2 * DBI_NUMBER_ROOM)

static char *put_kid(char *p, const struct dbi_tags *t, const struct dbi_tag_kid *kid, const struct dbi_tag_node *n,
    const uint32_t *page_numbers)
{
	if (kid->kind == KID_ELEMENT)
		return put_reference(p, t->numbers[kid->value]);
	if (kid->kind == KID_ANNOTATION) {
		p = put_reference(PUT(p, "<</Type/OBJR/Obj "), kid->value);
		p = put_reference(PUT(p, "/Pg "), page_numbers[kid->page]);
		return PUT(p, ">>");
	}
	if (kid->page == n->page)
		return dbi_put_uint(p, kid->value);
	p = put_reference(PUT(p, "<</Type/MCR/Pg "), page_numbers[kid->page]);
	p = dbi_put_uint(PUT(p, "/MCID "), kid->value);
	return PUT(p, ">>");
}

/* Returns the length of a reference with the blank before it, when there are some. */
static size_t add_kids(const struct dbi_tags *t, const struct dbi_tag_node *n, const uint32_t *page_numbers, struct dbi_buf *out)
{
	bool several = n->first_kid != n->last_kid;
	size_t len = 0;
	if (!n->first_kid)
		return 0;
	dbi_buf_add(out, several ? "/K[" : "/K", several ? 3 : 2);
	for (uint32_t k = n->first_kid; k; k = t->kids[k].next) {
		char *room = dbi_buf_room(out, KID_ROOM), *p = room;
		if (!room)
			return 0;
		*p++ = ' ';
		p = put_kid(p, t, &t->kids[k], n, page_numbers);
		if (t->kids[k].kind == KID_ELEMENT) {
			len = (size_t)(p - room);
			t->places[t->kids[k].value] = (uint32_t)out->len;
		}
		out->len += (size_t)(p - room);
	}
	if (several)
		dbi_buf_addc(out, ']');
	return several ? len : 0;
}

static bool has_attributes(const struct dbi_element *el, const struct dbi_tag_node *n)
{
	switch (el->role) {
	case DBI_ROLE_TH:
	case DBI_ROLE_TD:
		return el->scope || el->colspan > 1 || el->rowspan > 1;
	case DBI_ROLE_L:
		return true;
	default:
		return el->role == DBI_ROLE_FIGURE && n->covered;
	}
}

static void add_cell(const struct dbi_element *el, struct dbi_buf *out)
{
	dbi_buf_adds(out, "/A<</O/Table");
	if (el->role == DBI_ROLE_TH && el->scope)
		dbi_buf_adds(out, el->scope == 1 ? "/Scope/Column" : "/Scope/Row");
	if (el->colspan > 1) {
		dbi_buf_adds(out, "/ColSpan ");
		add_uint(out, el->colspan);
	}
	if (el->rowspan > 1) {
		dbi_buf_adds(out, "/RowSpan ");
		add_uint(out, el->rowspan);
	}
	dbi_buf_adds(out, ">>");
}

static void add_attributes(const struct dbi_element *el, const struct dbi_tag_node *n, struct dbi_buf *out)
{
	if (el->role == DBI_ROLE_TH || el->role == DBI_ROLE_TD) {
		add_cell(el, out);
	} else if (el->role == DBI_ROLE_L) {
		dbi_buf_adds(out, "/A<</O/List/ListNumbering/");
		dbi_buf_adds(out, n->numbering ? n->numbering : "None");
		dbi_buf_adds(out, ">>");
	} else {
		dbi_buf_adds(out, "/A<</O/Layout/BBox[");
		for (int i = 0; i < 4; i++) {
			if (i)
				dbi_buf_addc(out, ' ');
			dbi_buf_add_fixed(out, n->box[i], 2);
		}
		dbi_buf_adds(out, "]>>");
	}
}

static void add_text(struct dbi_buf *out, const char *key, const char *text)
{
	if (!text)
		return;
	dbi_buf_adds(out, key);
	dbi_buf_add_text_string(out, text, strlen(text));
}

/* Most elements by far: a text on one page. */
static bool is_leaf(const struct dbi_tags *t, const struct dbi_element *el, const struct dbi_tag_node *n)
{
	return n->first_kid && n->first_kid == n->last_kid && t->kids[n->first_kid].kind == KID_MARK && !el->lang && !el->alt;
}

struct dbi_tags_text dbi_tags_write_element(const struct dbi_tags *t, dbi_elem elem, uint32_t root, const uint32_t *page_numbers,
    struct dbi_buf *out)
{
	const struct dbi_element *el = &t->d->elements[elem];
	const struct dbi_tag_node *n = &t->nodes[elem];
	struct dbi_tags_text text = { 0, 0 };
	const char *role = dbi_role_names[el->role];
	size_t from = out->len;

	char *room = dbi_buf_room(out, 40 + 3 * DBI_NUMBER_ROOM), *p = room;
	if (!room)
		return text;
	p = put(PUT(p, "<</S/"), role, strlen(role));
	if (has_attributes(el, n)) { /* in front, so that what changes follows it and changes no other place */
		out->len += (size_t)(p - room);
		add_attributes(el, n, out);
		if (!(p = room = dbi_buf_room(out, 40 + 3 * DBI_NUMBER_ROOM)))
			return text;
	}
	p = put_reference(PUT(p, "/P "), elem ? t->numbers[el->parent] : root);
	if (n->marked)
		p = put_reference(PUT(p, "/Pg "), page_numbers[n->page]);
	if (is_leaf(t, el, n)) {
		p = PUT(p, "/K ");
		text.mark = out->len + (size_t)(p - room) - from;
		p = dbi_put_uint(p, t->kids[n->first_kid].value);
		out->len += (size_t)(PUT(p, ">>") - room);
		return text;
	}
	out->len += (size_t)(p - room);
	text.reference = add_kids(t, n, page_numbers, out);
	if (el->lang || el->alt) {
		add_text(out, "/Lang", el->lang);
		add_text(out, "/Alt", el->alt);
	}
	dbi_buf_add(out, ">>", 2);
	return text;
}

bool dbi_tags_alike(const struct dbi_tags *t, dbi_elem elem, dbi_elem other, uint32_t *mark)
{
	const struct dbi_element *a = &t->d->elements[elem], *b = &t->d->elements[other];
	const struct dbi_tag_node *n = &t->nodes[elem], *m = &t->nodes[other];

	if (a->role != b->role || a->parent != b->parent || n->page != m->page || a->scope != b->scope || a->colspan != b->colspan ||
	    a->rowspan != b->rowspan || a->role == DBI_ROLE_L || a->role == DBI_ROLE_FIGURE || !elem || !is_leaf(t, a, n))
		return false;
	*mark = t->kids[n->first_kid].value;
	return true;
}

void dbi_tags_forget_places(const struct dbi_tags *t)
{
	memset(t->places, 0, t->d->n_elements * sizeof(*t->places));
}

/* The elements of a row mostly stand here as in the row's own list. */
static void add_owner(const struct dbi_tags *t, dbi_elem elem, struct dbi_buf *out, struct dbi_lz_guides *guides)
{
	size_t from = out->len, place = t->places[elem];
	dbi_buf_addc(out, ' ');
	add_reference(out, t->numbers[elem]);
	dbi_lz_guides_add(guides, from, out->len - from, place ? from - place : 0, 0, 0);
}

void dbi_tags_write_root(const struct dbi_tags *t, struct dbi_buf *out, struct dbi_lz_guides *guides)
{
	dbi_buf_adds(out, "<</Type/StructTreeRoot/K ");
	add_reference(out, t->numbers[0]);
	dbi_buf_adds(out, "/ParentTree<</Nums[");
	for (size_t i = 0; i < t->d->n_pages; i++) {
		const struct dbi_tag_page *p = &t->pages[i];
		add_uint(out, (uint32_t)i);
		dbi_buf_addc(out, '[');
		for (size_t k = 0; k < p->n; k++)
			add_owner(t, p->elems[k], out, guides);
		dbi_buf_addc(out, ']');
	}
	for (size_t i = 0; i < t->n_annots; i++) {
		dbi_buf_addc(out, i ? ' ' : '\n');
		add_uint(out, (uint32_t)(t->d->n_pages + i));
		add_owner(t, t->annots[i].elem, out, guides);
	}
	dbi_buf_adds(out, "]>>/ParentTreeNextKey ");
	add_uint(out, (uint32_t)(t->d->n_pages + t->n_annots));
	dbi_buf_add(out, ">>", 2);
}
