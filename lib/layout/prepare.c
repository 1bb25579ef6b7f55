/* SPDX-License-Identifier: MIT */
/* Blocks to items: structure elements in reading order, shaped text, content widths. */
#include <stdio.h>
#include <string.h>

#include "layout/flow.h"
#include "layout/text.h"

static dbi_len side_widths(const struct dbi_style *s)
{
	return s->margin[DBI_LEFT] + s->margin[DBI_RIGHT] + s->padding[DBI_LEFT] + s->padding[DBI_RIGHT] +
	    s->border[DBI_LEFT].width + s->border[DBI_RIGHT].width;
}

void dbi_items_widths(const struct dbi_item *items, dbi_len *min, dbi_len *max)
{
	*min = *max = 0;
	for (; items; items = items->next) {
		if (items->min > *min)
			*min = items->min;
		if (items->max > *max)
			*max = items->max;
	}
}

static void container_widths(struct dbi_item *item)
{
	dbi_len around = side_widths(item->style);

	dbi_items_widths(item->children, &item->min, &item->max);
	item->min = item->min < DBI_WIDEST - around ? item->min + around : DBI_WIDEST;
	item->max = item->max < DBI_WIDEST - around ? item->max + around : DBI_WIDEST;
}

/* The role of a paragraph. An outline leaves out no level (ISO 14289-1, 7.4.2): a heading too deep is raised. */
static enum dbi_role para_role(struct dbi_lay *l, const struct dbi_block *b, dbi_elem parent)
{
	unsigned level = (unsigned)(b->kind - DBI_BLOCK_P);

	if (level == 0 || parent >= DBI_ELEM_ARTIFACT_PAGINATION)
		return DBI_ROLE_P;
	if (level > l->heading + 1)
		level = l->heading + 1;
	l->heading = level;
	return (enum dbi_role)(DBI_ROLE_P + level);
}

static int prepare_para(
    struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent, bool direct)
{
	const struct dbi_block *b = item->block;
	int status;

	item->elem = parent;
	if (!(direct && b->anonymous) &&
	    !dbi_lay_element(l, para_role(l, b, parent), parent, b->lang, &item->elem))
		return dbi_lay_memory(l);
	status = dbi_para_build(l, b->spans, b->style, lang, item->elem, &item->para);
	if (status != DBRIEF_OK)
		return status;
	item->min = item->para->min + side_widths(b->style);
	item->max = item->para->max + side_widths(b->style) + b->style->indent;
	return DBRIEF_OK;
}

/* "3.", "c)", a bullet, or nothing. */
static const char *marker_text(struct dbi_lay *l, const struct dbi_block *list, unsigned number, char buf[16])
{
	const char *m = list->style->marker;

	(void)l;
	if (!m)
		m = list->ordered ? "decimal" : "disc";
	if (strcmp(m, "decimal") == 0)
		snprintf(buf, 16, "%u.", number);
	else if (strcmp(m, "lower-alpha") == 0 && number <= 26)
		snprintf(buf, 16, "%c)", (char)('a' + number - 1));
	else if (strcmp(m, "lower-alpha") == 0)
		snprintf(buf, 16, "%u)", number);
	else if (strcmp(m, "disc") == 0)
		return "\xE2\x80\xA2";
	else if (strcmp(m, "dash") == 0)
		return "\xE2\x80\x93";
	else if (strcmp(m, "none") == 0)
		return NULL;
	else
		return m;
	return buf;
}

static int prepare_list_item(struct dbi_lay *l, struct dbi_item *item, const struct dbi_block *list,
    unsigned number, const char *lang, dbi_elem parent)
{
	char buf[16];
	const char *marker = marker_text(l, list, number, buf);
	dbi_elem elem, label, body;
	int status = DBRIEF_OK;

	if (!dbi_lay_element(l, DBI_ROLE_LI, parent, item->block->lang, &elem))
		return dbi_lay_memory(l);
	if (marker) {
		if (marker == buf)
			marker = dbi_arena_strndup(l->arena, buf, strlen(buf));
		if (!marker || !dbi_lay_element(l, DBI_ROLE_LBL, elem, NULL, &label))
			return dbi_lay_memory(l);
		status = dbi_para_build_text(l, marker, item->style, lang, label, &item->para);
	}
	if (status == DBRIEF_OK && !dbi_lay_element(l, DBI_ROLE_LBODY, elem, NULL, &body))
		return dbi_lay_memory(l);
	if (status == DBRIEF_OK)
		status = dbi_prepare_blocks(l, item->block->children, lang, body, true, &item->children);
	container_widths(item);
	return status;
}

static int prepare_list(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent)
{
	struct dbi_item **tail = &item->children;
	unsigned number = item->block->start;

	item->rtl = dbi_text_is_rtl_lang(lang);
	if (!dbi_lay_element(l, DBI_ROLE_L, parent, item->block->lang, &item->elem))
		return dbi_lay_memory(l);
	for (const struct dbi_block *b = item->block->children; b; b = b->next, number++) {
		struct dbi_item *child = dbi_arena_calloc(l->arena, 1, sizeof(*child));
		int status;

		if (!child)
			return dbi_lay_memory(l);
		child->block = b;
		child->style = b->style;
		l->line = b->line;
		status = prepare_list_item(l, child, item->block, number, b->lang ? b->lang : lang, item->elem);
		if (status != DBRIEF_OK)
			return status;
		*tail = child;
		tail = &child->next;
	}
	container_widths(item);
	return DBRIEF_OK;
}

static int prepare_container(struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent)
{
	bool box = item->block->kind == DBI_BLOCK_BOX;
	int status;

	item->elem = parent;
	if ((box || item->block->lang) && !dbi_lay_element(l, DBI_ROLE_DIV, parent, item->block->lang, &item->elem))
		return dbi_lay_memory(l);
	status = dbi_prepare_blocks(l, item->block->children, lang, item->elem, false, &item->children);
	container_widths(item);
	return status;
}

static int prepare_block(
    struct dbi_lay *l, struct dbi_item *item, const char *lang, dbi_elem parent, bool direct)
{
	struct dbi_row *rows = NULL;
	int status;

	switch (item->block->kind) {
	case DBI_BLOCK_P: case DBI_BLOCK_H1: case DBI_BLOCK_H2: case DBI_BLOCK_H3:
		return prepare_para(l, item, lang, parent, direct);
	case DBI_BLOCK_LIST:
		return prepare_list(l, item, lang, parent);
	case DBI_BLOCK_DL:
		status = dbi_dl_rows(l, item->block, &rows);
		return status == DBRIEF_OK ? dbi_prepare_pairs(l, item, rows, lang, parent) : status;
	case DBI_BLOCK_TABLE:
		return dbi_prepare_table(l, item, lang, parent);
	case DBI_BLOCK_IMAGE: case DBI_BLOCK_QR: case DBI_BLOCK_CHART:
		return dbi_prepare_figure(l, item, lang, parent);
	case DBI_BLOCK_RULE: case DBI_BLOCK_PAGE_BREAK:
		return DBRIEF_OK;
	default:
		return prepare_container(l, item, lang, parent);
	}
}

int dbi_prepare_blocks(struct dbi_lay *l, const struct dbi_block *blocks, const char *lang, dbi_elem parent,
    bool direct, struct dbi_item **items)
{
	struct dbi_item **tail = items;
	int status = DBRIEF_OK;

	*tail = NULL;
	for (const struct dbi_block *b = blocks; b && status == DBRIEF_OK; b = b->next) {
		struct dbi_item *item = dbi_arena_calloc(l->arena, 1, sizeof(*item));

		if (!item)
			return dbi_lay_memory(l);
		item->block = b;
		item->style = b->style;
		l->line = b->line;
		status = prepare_block(l, item, b->lang ? b->lang : lang, parent, direct);
		*tail = item;
		tail = &item->next;
	}
	return status;
}
