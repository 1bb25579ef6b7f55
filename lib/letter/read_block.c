/* SPDX-License-Identifier: MIT */
/* Blocks: paragraphs, lists, boxes, pictures, charts. */
#include <string.h>

#include "letter/read.h"
#include "util/number.h"

#define BLOCKS "p h1 h2 h3 ul ol dl table box keep img qr chart hr page-break"

static struct dbi_block *new_block(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_block_kind kind)
{
	struct dbi_block *b = dbi_arena_calloc(r->arena, 1, sizeof(*b));

	if (b) {
		b->kind = kind;
		b->line = dbi_read_line(r, n);
	}
	return b;
}

/* Attributes, look and language of a new block. */
static int start_block(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent,
    const char *element, enum dbi_tag tag, enum dbi_block_kind kind, struct dbi_block **block)
{
	struct dbi_block *b = *block = new_block(r, n, kind);
	int status;

	if (!b)
		return dbi_read_memory(r);
	status = dbi_check_attrs(r, n, tag);
	if (status == DBRIEF_OK)
		status = dbi_read_style(r, n, parent, element, n->attrs, &b->style);
	b->lang = dbi_draft_attr(n, DBI_ATTR_LANG);
	return status;
}

int dbi_read_paragraph(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent,
    const char *element, enum dbi_tag tag, enum dbi_block_kind kind, struct dbi_block **block)
{
	const struct dbi_draft_node *stop = NULL;
	int status = start_block(r, n, parent, element, tag, kind, block);

	if (status == DBRIEF_OK)
		status = dbi_read_inline(r, n->first, (*block)->style, &(*block)->spans, &stop);
	if (status == DBRIEF_OK && stop)
		status = dbi_read_misplaced(r, stop, "text and a, b, i, br, span, img, checkbox");
	return status;
}

static int read_items(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_block *list)
{
	struct dbi_block **tail = &list->children;
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_LI))
			return dbi_draft_is_text(c)
			    ? dbi_read_error(r, n, "text stands between the items of a list; put it into <li>")
			    : dbi_read_misplaced(r, c, "li");
		status = start_block(r, c, list->style, "li", DBI_TAG_LI, DBI_BLOCK_ITEM, tail);
		if (status == DBRIEF_OK)
			status = dbi_read_blocks(r, c, (*tail)->style, true, &(*tail)->children);
		if (status == DBRIEF_OK)
			tail = &(*tail)->next;
	}
	return status;
}

static int read_definitions(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_block *list)
{
	struct dbi_block **tail = &list->children;
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		bool term = dbi_draft_is(c, DBI_TAG_DT);

		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!term && !dbi_draft_is(c, DBI_TAG_DD))
			return dbi_draft_is_text(c) ? dbi_read_error(r, n, "text stands in <dl> as such; put it into <dt> or <dd>")
			                           : dbi_read_misplaced(r, c, "dt dd");
		if (!term && tail == &list->children)
			return dbi_read_error(r, c, "<dd> stands before the first <dt>; start with the term");
		status = start_block(r, c, list->style, term ? "dt" : "dd", term ? DBI_TAG_DT : DBI_TAG_DD,
		    term ? DBI_BLOCK_DT : DBI_BLOCK_DD, tail);
		if (status == DBRIEF_OK)
			status = dbi_read_blocks(r, c, (*tail)->style, true, &(*tail)->children);
		if (status == DBRIEF_OK)
			tail = &(*tail)->next;
	}
	return status;
}

static int need_alt(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_attr also,
    const char *also_name)
{
	if (dbi_draft_attr(n, DBI_ATTR_ALT) && (also == DBI_ATTR_ALT || dbi_draft_attr(n, also)))
		return DBRIEF_OK;
	return dbi_read_error(r, n, "<%s> needs %s%salt, a text for those who do not see it", n->name,
	    also == DBI_ATTR_ALT ? "" : also_name, also == DBI_ATTR_ALT ? "" : " and ");
}

/* A plain decimal; no locale, no exponent. */
static bool read_decimal(const char *s, double *out)
{
	double v = 0, scale = 1;
	bool negative = *s == '-', digits = false;

	for (s += negative; *s >= '0' && *s <= '9'; s++, digits = true)
		v = v * 10 + (*s - '0');
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, digits = true)
			v += (*s - '0') * (scale /= 10);
	*out = negative ? -v : v;
	return digits && !*s && v < 1e15;
}

static int read_bars(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_block *chart)
{
	struct dbi_bar **tail = &chart->bars;

	for (const struct dbi_draft_node *c = n->first; c; c = c->next) {
		struct dbi_bar *bar = dbi_arena_calloc(r->arena, 1, sizeof(*bar));

		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_BAR))
			return dbi_draft_is_text(c)
			    ? dbi_read_error(r, n, "text stands in <chart> as such; use <bar>")
			    : dbi_read_misplaced(r, c, "bar");
		if (!bar)
			return dbi_read_memory(r);
		if (dbi_check_attrs(r, c, DBI_TAG_BAR) != DBRIEF_OK)
			return r->status;
		if (!dbi_draft_attr(c, DBI_ATTR_LABEL) || !dbi_draft_attr(c, DBI_ATTR_VALUE) ||
		    !read_decimal(dbi_draft_attr(c, DBI_ATTR_VALUE), &bar->value) || bar->value < 0)
			return dbi_read_error(r, c, "<bar> needs label and value, a decimal of zero or more such as 12.5");
		bar->label = dbi_draft_attr(c, DBI_ATTR_LABEL);
		bar->text = dbi_draft_attr(c, DBI_ATTR_TEXT) ? dbi_draft_attr(c, DBI_ATTR_TEXT) : dbi_draft_attr(c, DBI_ATTR_VALUE);
		*tail = bar;
		tail = &bar->next;
	}
	return chart->bars ? DBRIEF_OK : dbi_read_error(r, n, "<chart> is empty; give it at least one <bar>");
}

/* img, qr and chart, after their attributes. */
static int read_figure(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag,
    struct dbi_block *b)
{
	enum dbi_attr also = tag == DBI_TAG_IMG ? DBI_ATTR_SRC : tag == DBI_TAG_QR ? DBI_ATTR_DATA : DBI_ATTR_ALT;
	int status = need_alt(r, n, also, tag == DBI_TAG_IMG ? "src" : "data");

	if (tag == DBI_TAG_IMG) {
		b->src = dbi_draft_attr(n, DBI_ATTR_SRC);
		b->folder = r->folder;
	} else if (tag == DBI_TAG_QR) {
		b->data = dbi_draft_attr(n, DBI_ATTR_DATA);
	}
	b->alt = dbi_draft_attr(n, DBI_ATTR_ALT);
	if (status == DBRIEF_OK)
		status = dbi_read_length(r, n, DBI_ATTR_WIDTH, b->style->size, &b->width);
	if (status == DBRIEF_OK)
		status = dbi_read_length(r, n, DBI_ATTR_HEIGHT, b->style->size, &b->height);
	if (status == DBRIEF_OK && tag == DBI_TAG_CHART)
		return read_bars(r, n, b);
	if (status == DBRIEF_OK && n->first)
		status = dbi_read_error(r, n, "<%s> must be empty; move its content behind it", n->name);
	return status;
}

static int read_list(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag,
    struct dbi_block *b)
{
	int status = dbi_read_count(r, n, DBI_ATTR_START, 100000, &b->start);

	b->ordered = tag == DBI_TAG_OL;
	if (status == DBRIEF_OK)
		status = read_items(r, n, b);
	if (status == DBRIEF_OK && !b->children)
		status = dbi_read_error(r, n, "the list is empty; give it at least one <li> or leave it out");
	return status;
}

static enum dbi_block_kind block_kind(enum dbi_tag tag)
{
	switch (tag) {
	case DBI_TAG_H1: return DBI_BLOCK_H1;
	case DBI_TAG_H2: return DBI_BLOCK_H2;
	case DBI_TAG_H3: return DBI_BLOCK_H3;
	case DBI_TAG_UL: case DBI_TAG_OL: return DBI_BLOCK_LIST;
	case DBI_TAG_DL: return DBI_BLOCK_DL;
	case DBI_TAG_TABLE: return DBI_BLOCK_TABLE;
	case DBI_TAG_BOX: return DBI_BLOCK_BOX;
	case DBI_TAG_KEEP: return DBI_BLOCK_KEEP;
	case DBI_TAG_IMG: return DBI_BLOCK_IMAGE;
	case DBI_TAG_QR: return DBI_BLOCK_QR;
	case DBI_TAG_CHART: return DBI_BLOCK_CHART;
	case DBI_TAG_HR: return DBI_BLOCK_RULE;
	case DBI_TAG_PAGE_BREAK: return DBI_BLOCK_PAGE_BREAK;
	default: return DBI_BLOCK_P;
	}
}

static int read_block(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag,
    const struct dbi_style *parent, struct dbi_block **block)
{
	enum dbi_block_kind kind = block_kind(tag);
	int status;

	if (kind <= DBI_BLOCK_H3)
		return dbi_read_paragraph(r, n, parent, n->name, tag, kind, block);
	status = start_block(r, n, parent, n->name, tag, kind, block);
	if (status != DBRIEF_OK)
		return status;
	switch (kind) {
	case DBI_BLOCK_LIST:
		return read_list(r, n, tag, *block);
	case DBI_BLOCK_DL:
		return read_definitions(r, n, *block);
	case DBI_BLOCK_TABLE:
		return dbi_read_table(r, n, *block);
	case DBI_BLOCK_BOX:
		return dbi_read_blocks(r, n, (*block)->style, true, &(*block)->children);
	case DBI_BLOCK_KEEP:
		return dbi_read_blocks(r, n, (*block)->style, false, &(*block)->children);
	case DBI_BLOCK_IMAGE: case DBI_BLOCK_QR: case DBI_BLOCK_CHART:
		return read_figure(r, n, tag, *block);
	default:
		return n->first
		    ? dbi_read_error(r, n, "<%s> must be empty; move its content behind it", n->name)
		    : DBRIEF_OK;
	}
}

/* Text that stands in a cell or item as such; *next is where it ended. */
static int read_anonymous(struct dbi_reader *r, const struct dbi_draft_node *parent, const struct dbi_draft_node *from,
    const struct dbi_style *style, struct dbi_block **block, const struct dbi_draft_node **next)
{
	struct dbi_block *b = new_block(r, parent, DBI_BLOCK_P);
	int status;

	if (!b)
		return dbi_read_memory(r);
	b->anonymous = true;
	status = dbi_read_bare_style(r, parent, style, DBI_TAG_COUNT, &b->style);
	if (status == DBRIEF_OK)
		status = dbi_read_inline(r, from, b->style, &b->spans, next);
	*block = b->spans ? b : NULL;
	return status;
}

int dbi_read_blocks(struct dbi_reader *r, const struct dbi_draft_node *parent, const struct dbi_style *style,
    bool inline_ok, struct dbi_block **blocks)
{
	struct dbi_block **tail = blocks;
	const struct dbi_draft_node *n = parent->first, *next;
	int status = DBRIEF_OK;

	*tail = NULL;
	for (; n && status == DBRIEF_OK; n = next) {
		enum dbi_tag tag = DBI_TAG_COUNT;
		bool text = dbi_draft_is_text(n);

		next = n->next;
		if (text && dbi_text_blank(n->text))
			continue;
		if (!text)
			status = dbi_read_tag(r, n, &tag);
		if (status != DBRIEF_OK)
			break;
		if (tag != DBI_TAG_COUNT && (dbi_tag_kind(tag) == DBI_KIND_BLOCK || tag == DBI_TAG_IMG))
			status = read_block(r, n, tag, style, tail);
		else if (tag != DBI_TAG_COUNT && dbi_tag_kind(tag) != DBI_KIND_INLINE)
			status = dbi_read_misplaced(r, n, BLOCKS);
		else if (!inline_ok)
			status = dbi_read_error(r, parent,
			    "text or an inline element stands in <%s> as such; put it into <p>",
			    parent->name);
		else
			status = read_anonymous(r, parent, n, style, tail, &next);
		if (*tail)
			tail = &(*tail)->next;
	}
	return status;
}

static bool is_inline_only(const struct dbi_draft_node *n)
{
	for (const struct dbi_draft_node *c = n->first; c; c = c->next)
		if (!dbi_draft_is_text(c) && (c->tag == DBI_TAG_COUNT || c->tag == DBI_TAG_IMG || dbi_tag_kind((enum dbi_tag)c->tag) != DBI_KIND_INLINE))
			return false;
	return n->first != NULL;
}

int dbi_read_cell_content(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_cell *c)
{
	const struct dbi_draft_node *stop;
	int status;

	if (!is_inline_only(n))
		return dbi_read_blocks(r, n, c->style, true, &c->blocks);
	c->line = (uint32_t)dbi_read_line(r, n);
	status = dbi_read_bare_style(r, n, c->style, DBI_TAG_COUNT, &c->text_style);
	return status == DBRIEF_OK ? dbi_read_inline(r, n->first, c->text_style, &c->text, &stop) : status;
}
