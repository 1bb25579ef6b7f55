/* SPDX-License-Identifier: MIT */
/* Structure elements and ParentTree as text. */
#include "pdf/tags_node.h"

#include <string.h>

#include "pdf/object_stream.h"
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

/* The text begins at `from` in out. */
static void add_kids(const struct dbi_tags *t, const struct dbi_tag_node *n, const uint32_t *page_numbers, struct dbi_buf *out, size_t from,
    struct dbi_tags_text *text)
{
	bool several = n->first_kid != n->last_kid, plain = true;
	if (!n->first_kid)
		return;
	dbi_buf_add(out, several ? "/K[" : "/K", several ? 3 : 2);
	for (uint32_t k = n->first_kid; k; k = t->kids[k].next) {
		const struct dbi_tag_kid *kid = &t->kids[k];
		char *room = dbi_buf_room(out, KID_ROOM), *p = room;
		if (!room)
			return;
		*p++ = ' ';
		p = put_kid(p, t, kid, n, page_numbers);
		plain = plain && (kid->kind == KID_ELEMENT || (kid->kind == KID_MARK && !several)) && text->n < DBI_TAGS_NUMBERS;
		if (plain) {
			text->numbers[text->n] = kid->kind == KID_ELEMENT ? t->numbers[kid->value] : kid->value;
			text->at[text->n++] = out->len + 1 - from;
		}
		if (kid->kind == KID_ELEMENT) {
			text->reference = several ? (size_t)(p - room) : 0;
			t->places[kid->value] = (uint32_t)out->len;
		}
		out->len += (size_t)(p - room);
	}
	if (!plain)
		text->n = 0;
	if (several)
		dbi_buf_addc(out, ']');
}

static void add_cell(const struct dbi_element *el, struct dbi_buf *out)
{
	if (!el->scope && el->colspan < 2 && el->rowspan < 2)
		return;
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
	} else if (el->role == DBI_ROLE_FIGURE && n->covered) {
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

struct dbi_tags_text dbi_tags_write_element(const struct dbi_tags *t, dbi_elem elem, uint32_t root, const uint32_t *page_numbers,
    struct dbi_buf *out)
{
	const struct dbi_element *el = &t->d->elements[elem];
	const struct dbi_tag_node *n = &t->nodes[elem];
	struct dbi_tags_text text = { .n = 1 };
	size_t from = out->len;

	dbi_buf_adds(out, "<</S/");
	dbi_buf_adds(out, dbi_role_names[el->role]);
	add_attributes(el, n, out); /* in front, so that what changes follows it and changes no other place */
	char *room = dbi_buf_room(out, 40 + 2 * DBI_NUMBER_ROOM), *p = room;
	if (!room)
		return text;
	p = PUT(p, "/P ");
	text.at[0] = out->len + (size_t)(p - room) - from;
	text.numbers[0] = elem ? t->numbers[el->parent] : root;
	p = put_reference(p, text.numbers[0]);
	if (n->marked)
		p = put_reference(PUT(p, "/Pg "), page_numbers[n->page]);
	out->len += (size_t)(p - room);
	add_kids(t, n, page_numbers, out, from, &text);
	if (el->lang || el->alt) {
		add_text(out, "/Lang", el->lang);
		add_text(out, "/Alt", el->alt);
		text.n = 0;
	}
	dbi_buf_add(out, ">>", 2);
	return text;
}

static bool is_of_one_kind(const struct dbi_element *a, const struct dbi_element *b)
{
	return a->role == b->role && a->scope == b->scope && a->colspan == b->colspan && a->rowspan == b->rowspan && !a->lang && !a->alt &&
	    a->role != DBI_ROLE_L && a->role != DBI_ROLE_FIGURE;
}

bool dbi_tags_numbers(const struct dbi_tags *t, dbi_elem elem, dbi_elem other, const struct dbi_tags_text *text, size_t from,
    uint32_t numbers[DBI_TAGS_NUMBERS])
{
	const struct dbi_element *el = &t->d->elements[elem];
	const struct dbi_tag_node *n = &t->nodes[elem], *m = &t->nodes[other];
	unsigned i = 1;

	if (!text->n || !elem || !other || !is_of_one_kind(el, &t->d->elements[other]) || n->marked != m->marked || n->page != m->page)
		return false;
	numbers[0] = t->numbers[el->parent];
	for (uint32_t k = n->first_kid; k; k = t->kids[k].next, i++) {
		const struct dbi_tag_kid *kid = &t->kids[k];
		if (i == text->n || kid->kind != t->kids[m->first_kid].kind || kid->kind == KID_ANNOTATION || kid->page != (n->marked ? n->page : 0))
			return false;
		numbers[i] = kid->kind == KID_ELEMENT ? t->numbers[kid->value] : kid->value;
		if (kid->kind == KID_ELEMENT)
			t->places[kid->value] = (uint32_t)(from + text->at[i] - 1);
	}
	return i == text->n;
}

void dbi_tags_forget_places(const struct dbi_tags *t)
{
	memset(t->places, 0, t->d->n_elements * sizeof(*t->places));
}

/* The ParentTree at work: how far before the elements stand in their parents' lists, and the length of a reference. */
struct owners { struct dbi_object_stream *out; size_t reach, reference; };

/* The elements of a row mostly stand here as in the row's own list. */
static void add_owner(const struct dbi_tags *t, dbi_elem elem, struct owners *o)
{
	struct dbi_buf *body = &o->out->body;
	size_t from = body->len, place = t->places[elem], reach = place ? from - place : 0;
	if (reach != o->reach) {
		dbi_object_stream_follow(o->out, o->reference, o->reach, 0);
		o->reach = reach;
	}
	dbi_buf_addc(body, ' ');
	add_reference(body, t->numbers[elem]);
	o->reference = body->len - from;
}

void dbi_tags_write_root(const struct dbi_tags *t, struct dbi_object_stream *out)
{
	struct owners o = { out, 0, 0 };
	struct dbi_buf *body = &out->body;
	dbi_buf_adds(body, "<</Type/StructTreeRoot/K ");
	add_reference(body, t->numbers[0]);
	dbi_buf_adds(body, "/ParentTree<</Nums[");
	for (size_t i = 0; i < t->d->n_pages; i++) {
		const struct dbi_tag_page *p = &t->pages[i];
		add_uint(body, (uint32_t)i);
		dbi_buf_addc(body, '[');
		for (size_t k = 0; k < p->n; k++)
			add_owner(t, p->elems[k], &o);
		dbi_buf_addc(body, ']');
	}
	for (size_t i = 0; i < t->n_annots; i++) {
		dbi_buf_addc(body, i ? ' ' : '\n');
		add_uint(body, (uint32_t)(t->d->n_pages + i));
		add_owner(t, t->annots[i].elem, &o);
	}
	dbi_buf_adds(body, "]>>/ParentTreeNextKey ");
	add_uint(body, (uint32_t)(t->d->n_pages + t->n_annots));
	dbi_buf_add(body, ">>", 2);
	dbi_object_stream_follow(out, o.reference, o.reach, 0);
}
