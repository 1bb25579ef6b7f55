/* SPDX-License-Identifier: MIT */
/* Inline content: text with white space collapsed as in HTML, links, line breaks, small pictures. */
#include <string.h>

#include "letter/read.h"

#define MAX_HREF 2000

/* What an inline element hands down to what stands in it. */
struct context {
	const struct dbi_style *style;
	const char *lang;
	const struct dbi_anchor *link;
};

struct inline_list {
	struct dbi_reader *r;
	struct dbi_span *first, **tail, *last;
	bool space; /* the text so far ends in white space, or there is none yet */
	unsigned breaks; /* of pre-line text, not yet added: none are at the start and end of a block */
};

static struct dbi_span *add_span(struct inline_list *l, enum dbi_span_kind kind, const struct context *c)
{
	struct dbi_span *s = dbi_arena_calloc(l->r->arena, 1, sizeof(*s));

	if (!s)
		return NULL;
	s->kind = kind;
	s->style = c->style;
	s->lang = c->lang;
	s->link = c->link;
	*l->tail = s;
	l->tail = &s->next;
	l->last = s;
	return s;
}

/* White space at the end of a block or before a line break is none. */
static void drop_last_space(struct inline_list *l)
{
	if (l->space && l->last && l->last->kind == DBI_SPAN_TEXT && l->last->len &&
	    l->last->text[l->last->len - 1] == ' ')
		l->last->len--;
}

/* White space alone between two elements may have become nothing. */
static void drop_empty(struct dbi_span **spans)
{
	while (*spans)
		if ((*spans)->kind == DBI_SPAN_TEXT && !(*spans)->len)
			*spans = (*spans)->next;
		else
			spans = &(*spans)->next;
}

/* Line breaks stored in the text stand where something follows them. */
static bool add_breaks(struct inline_list *l, const struct context *c)
{
	for (; l->breaks; l->breaks--)
		if (l->first && !add_span(l, DBI_SPAN_BREAK, c))
			return false;
	return true;
}

#define EACH_BYTE(value) (~(uint64_t)0 / 255 * (value))

/* Whether there is a character below the blank in the 8 bytes from s on, or a blank that is followed by another. */
static bool has_run(const char *s)
{
	uint64_t here, next, low;

	memcpy(&here, s, sizeof(here));
	memcpy(&next, s + 1, sizeof(next));
	low = (here - EACH_BYTE(' ')) & ~here & EACH_BYTE(0x80);
	here ^= EACH_BYTE(' ');
	next ^= EACH_BYTE(' ');
	/* The highest bit of a byte is set when both blanks are. */
	return low || ~(((here & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f)) | ((next & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f)) | here | next | EACH_BYTE(0x7f));
}

/* Nothing to collapse: white space is single blanks. One more byte than len can be read. */
static bool is_collapsed(const char *s, size_t len, bool space)
{
	if (space && *s == ' ')
		return false;
	for (; len >= sizeof(uint64_t); s += sizeof(uint64_t), len -= sizeof(uint64_t))
		if (has_run(s))
			return false;
	for (; len > 0; s++, len--)
		if ((unsigned char)*s <= ' ' && (*s != ' ' || (s[1] == ' ' && len > 1)))
			return false;
	return true;
}

/* Most texts stand as they are, and are borrowed. NULL when out of memory. */
static const char *collapse(struct inline_list *l, const char *text, size_t len, size_t *collapsed)
{
	size_t n = 0;
	char *out;

	*collapsed = len;
	if (is_collapsed(text, len, l->space)) {
		l->space = len ? text[len - 1] == ' ' : l->space;
		return text;
	}
	out = dbi_arena_alloc(l->r->arena, len + 1);
	if (!out)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		bool blank = text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';

		if (!blank)
			out[n++] = text[i];
		else if (!l->space)
			out[n++] = ' ';
		l->space = blank;
	}
	out[n] = '\0';
	*collapsed = n;
	return out;
}

static int add_collapsed(struct inline_list *l, const char *text, size_t len, const struct context *c)
{
	size_t n;
	const char *out = collapse(l, text, len, &n);
	struct dbi_span *s;

	if (!out)
		return dbi_read_memory(l->r);
	if (!n)
		return DBRIEF_OK;
	s = add_breaks(l, c) ? add_span(l, DBI_SPAN_TEXT, c) : NULL;
	if (!s)
		return dbi_read_memory(l->r);
	s->text = out;
	s->len = (uint32_t)n;
	return DBRIEF_OK;
}

/* White space collapses; line breaks (LF, CR, or both together) end lines when the style says so. */
static int add_text(struct inline_list *l, const char *text, size_t len, const struct context *c)
{
	size_t n = c->style->preline ? strcspn(text, "\r\n") : len;
	int status = add_collapsed(l, text, n, c);

	for (text += n; *text && status == DBRIEF_OK; text += n) {
		text += text[0] == '\r' && text[1] == '\n' ? 2 : 1;
		drop_last_space(l);
		l->breaks++;
		l->space = true;
		n = strcspn(text, "\r\n");
		status = add_collapsed(l, text, n, c);
	}
	return status;
}

static bool starts_with(const char *s, const char *lower)
{
	for (; *lower; s++, lower++)
		if ((*s >= 'A' && *s <= 'Z' ? *s | 0x20 : *s) != *lower)
			return false;
	return *s != '\0';
}

static bool href_is_good(const char *s)
{
	if (!starts_with(s, "http://") && !starts_with(s, "https://") && !starts_with(s, "mailto:"))
		return false;
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("<>\"\\^`{|}", *p))
			return false;
	return strlen(s) <= MAX_HREF;
}

static int read_link(struct inline_list *l, const struct dbi_draft_node *n, struct context *c)
{
	const char *href = dbi_draft_attr(n, DBI_ATTR_HREF);
	struct dbi_anchor *link;

	if (c->link)
		return dbi_read_error(l->r, n, "a link stands inside a link; end the outer one first");
	if (!href || !href_is_good(href))
		return dbi_read_error(l->r, n, "href of <a> is %s; give an http:, https: or mailto: address without blanks",
		    href ? "not allowed" : "missing");
	link = dbi_arena_calloc(l->r->arena, 1, sizeof(*link));
	if (!link)
		return dbi_read_memory(l->r);
	*link = (struct dbi_anchor){ href, dbi_draft_attr(n, DBI_ATTR_TITLE) };
	c->link = link;
	return DBRIEF_OK;
}

/* A small picture, or the box of a checkbox, which has but its alternative text. */
static int read_picture(struct inline_list *l, const struct dbi_draft_node *n, bool image, const struct context *c, struct dbi_span *s)
{
	struct dbi_picture *p = dbi_arena_calloc(l->r->arena, 1, sizeof(*p));
	int status = DBRIEF_OK;

	if (!p)
		return dbi_read_memory(l->r);
	s->picture = p;
	p->src = dbi_draft_attr(n, DBI_ATTR_SRC);
	p->folder = l->r->folder;
	p->alt = dbi_draft_attr(n, DBI_ATTR_ALT);
	if (image)
		status = dbi_read_length(l->r, n, DBI_ATTR_WIDTH, c->style->size, &p->width);
	if (status == DBRIEF_OK && image)
		status = dbi_read_length(l->r, n, DBI_ATTR_HEIGHT, c->style->size, &p->height);
	return status;
}

static int add_object(struct inline_list *l, const struct dbi_draft_node *n, enum dbi_tag tag,
    const struct context *c)
{
	struct dbi_span *s = NULL;
	int status = DBRIEF_OK;

	if (tag == DBI_TAG_IMG && (!dbi_draft_attr(n, DBI_ATTR_SRC) || !dbi_draft_attr(n, DBI_ATTR_ALT)))
		return dbi_read_error(l->r, n, "<img> needs src and alt; alt=\"\" marks decoration");
	if (tag == DBI_TAG_BR)
		drop_last_space(l);
	if (add_breaks(l, c))
		s = add_span(l,
		    tag == DBI_TAG_BR        ? DBI_SPAN_BREAK
			: tag == DBI_TAG_IMG ? DBI_SPAN_IMAGE
					     : DBI_SPAN_CHECKBOX,
		    c);
	if (!s)
		return dbi_read_memory(l->r);
	l->space = tag == DBI_TAG_BR;
	if (tag != DBI_TAG_BR)
		status = read_picture(l, n, tag == DBI_TAG_IMG, c, s);
	if (status == DBRIEF_OK && n->first)
		status = dbi_read_error(l->r, n, "<%s> must be empty; move its content behind it", n->name);
	return status;
}

static int read_children(
    struct inline_list *l, const struct dbi_draft_node *parent, const struct context *c, unsigned depth);

static int read_element(
    struct inline_list *l, const struct dbi_draft_node *n, enum dbi_tag tag, const struct context *c, unsigned depth)
{
	struct context inner = *c;
	int status = dbi_check_attrs(l->r, n, tag);

	if (status == DBRIEF_OK)
		status = dbi_read_style(l->r, n, c->style, n->name, n->attrs, &inner.style);
	if (status == DBRIEF_OK && tag == DBI_TAG_A)
		status = read_link(l, n, &inner);
	if (status != DBRIEF_OK)
		return status;
	if (dbi_draft_attr(n, DBI_ATTR_LANG))
		inner.lang = dbi_draft_attr(n, DBI_ATTR_LANG);
	if (tag == DBI_TAG_BR || tag == DBI_TAG_IMG || tag == DBI_TAG_CHECKBOX)
		return add_object(l, n, tag, &inner);
	return read_children(l, n, &inner, depth + 1);
}

/* One node of inline content; *block is set when it is a block and was left alone. */
static int read_node(
    struct inline_list *l, const struct dbi_draft_node *n, const struct context *c, unsigned depth, bool *block)
{
	enum dbi_tag tag;
	int status;

	*block = false;
	if (dbi_draft_is_text(n))
		return add_text(l, n->text, n->len, c);
	status = dbi_read_tag(l->r, n, &tag);
	if (status != DBRIEF_OK)
		return status;
	*block = dbi_tag_kind(tag) != DBI_KIND_INLINE;
	return *block ? DBRIEF_OK : read_element(l, n, tag, c, depth);
}

static int read_children(
    struct inline_list *l, const struct dbi_draft_node *parent, const struct context *c, unsigned depth)
{
	int status = DBRIEF_OK;
	bool block = false;

	if (depth > 32)
		return dbi_read_error(l->r, parent, "inline elements are nested too deeply; use fewer levels");
	for (const struct dbi_draft_node *n = parent->first; n && status == DBRIEF_OK; n = n->next) {
		status = read_node(l, n, c, depth, &block);
		if (status == DBRIEF_OK && block)
			status = dbi_read_misplaced(l->r, n, "text and a, b, i, br, span, img, checkbox");
	}
	return status;
}

int dbi_read_inline(struct dbi_reader *r, const struct dbi_draft_node *from, const struct dbi_style *style, struct dbi_span **spans,
    const struct dbi_draft_node **stop)
{
	struct inline_list l = { r, NULL, NULL, NULL, true, 0 };
	struct context c = { style, NULL, NULL };
	const struct dbi_draft_node *n = from;
	bool block = false;
	int status = DBRIEF_OK;

	l.tail = &l.first;
	for (; n && status == DBRIEF_OK; n = n->next) {
		status = dbi_draft_is_text(n) ? add_text(&l, n->text, n->len, &c) : read_node(&l, n, &c, 0, &block);
		if (status == DBRIEF_OK && block)
			break;
	}
	drop_last_space(&l);
	drop_empty(&l.first);
	*spans = l.first;
	*stop = status == DBRIEF_OK ? n : NULL;
	return status;
}
