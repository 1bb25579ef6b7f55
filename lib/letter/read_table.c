/* SPDX-License-Identifier: MIT */
/* Tables: caption, head, body and foot rows, cells. */
#include <string.h>

#include "letter/read.h"

#define MAX_COLUMNS 64

static int read_cell_attrs(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *row, struct dbi_cell *c)
{
	int status = dbi_check_attrs(r, n, (enum dbi_tag)n->tag);

	if (status == DBRIEF_OK)
		status = dbi_read_style(r, n, row, n->name, n->attrs, &c->style);
	if (status == DBRIEF_OK)
		status = dbi_read_count(r, n, DBI_ATTR_COLSPAN, MAX_COLUMNS, &c->colspan);
	if (status == DBRIEF_OK)
		status = dbi_read_count(r, n, DBI_ATTR_ROWSPAN, 1000, &c->rowspan);
	c->lang = dbi_draft_attr(n, DBI_ATTR_LANG);
	return status;
}

static int read_cell(
    struct dbi_reader *r, const struct dbi_draft_node *n, bool head, const struct dbi_style *row, struct dbi_cell **cell)
{
	struct dbi_cell *c = *cell = dbi_arena_calloc(r->arena, 1, sizeof(*c));
	int status;

	if (!c)
		return dbi_read_memory(r);
	c->head = head;
	c->colspan = c->rowspan = 1;
	if (n->attrs)
		status = read_cell_attrs(r, n, row, c);
	else
		status = dbi_read_bare_style(r, n, row, (enum dbi_tag)n->tag, &c->style);
	return status == DBRIEF_OK ? dbi_read_cell_content(r, n, c) : status;
}

static int read_row(
    struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *group, struct dbi_row **row)
{
	struct dbi_row *w = *row = dbi_arena_calloc(r->arena, 1, sizeof(*w));
	struct dbi_cell **tail;
	unsigned columns = 0;
	int status;

	if (!w)
		return dbi_read_memory(r);
	w->line = dbi_read_line(r, n);
	tail = &w->cells;
	status = dbi_check_attrs(r, n, DBI_TAG_TR);
	if (status == DBRIEF_OK)
		status = n->attrs ? dbi_read_style(r, n, group, n->name, n->attrs, &w->style) :
		    dbi_read_bare_style(r, n, group, DBI_TAG_TR, &w->style);
	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		bool head = dbi_draft_is(c, DBI_TAG_TH);

		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (dbi_draft_is_text(c))
			return dbi_read_error(r, n, "text stands in <tr> as such; put it into <td>");
		if (!head && !dbi_draft_is(c, DBI_TAG_TD))
			return dbi_read_misplaced(r, c, "th td");
		status = read_cell(r, c, head, w->style, tail);
		if (status == DBRIEF_OK && (columns += (*tail)->colspan) > MAX_COLUMNS)
			status = dbi_read_error(r, c, "the table has more than %d columns; split it", MAX_COLUMNS);
		if (status == DBRIEF_OK)
			tail = &(*tail)->next;
	}
	if (status == DBRIEF_OK && !w->cells)
		status = dbi_read_error(r, n, "<tr> has no cells; add <td> or leave the row out");
	return status;
}

/* thead, tbody or tfoot. */
static int read_group(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag,
    const struct dbi_style *table, struct dbi_row ***tail)
{
	const struct dbi_style *style;
	int status = dbi_check_attrs(r, n, tag);

	if (status == DBRIEF_OK)
		status = dbi_read_style(r, n, table, n->name, n->attrs, &style);
	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_TR))
			return dbi_draft_is_text(c)
			    ? dbi_read_error(
				  r, n, "text stands in <%s> as such; put it into a cell", n->name)
			    : dbi_read_misplaced(r, c, "tr");
		status = read_row(r, c, style, *tail);
		if (status == DBRIEF_OK)
			*tail = &(**tail)->next;
	}
	return status;
}

struct table_read { struct dbi_row **head, **rows, **foot; const char *part; };

static int read_table_child(
    struct dbi_reader *r, const struct dbi_draft_node *c, struct dbi_block *t, struct table_read *w)
{
	enum dbi_tag tag;
	int status;

	if (dbi_draft_is_text(c))
		return dbi_read_error(r, c->parent, "text stands in <table> as such; put it into a cell");
	status = dbi_read_tag(r, c, &tag);
	if (status != DBRIEF_OK)
		return status;
	if (tag == DBI_TAG_CAPTION) {
		if (t->caption || t->head || t->rows)
			return dbi_read_error(r, c, "<caption> must be the first in its table and the only one; move it");
		return dbi_read_paragraph(r, c, t->style, "caption", tag, DBI_BLOCK_P, &t->caption);
	}
	if (tag == DBI_TAG_THEAD || tag == DBI_TAG_TFOOT)
		dbi_read_set_part(r, tag == DBI_TAG_THEAD ? "thead" : "tfoot");
	if (tag == DBI_TAG_THEAD && (t->head || t->rows))
		status = dbi_read_error(r, c, "<thead> must stand once, before the rows; move it");
	else if (tag == DBI_TAG_TR)
		status = read_row(r, c, t->style, w->rows);
	else if (tag == DBI_TAG_THEAD || tag == DBI_TAG_TBODY || tag == DBI_TAG_TFOOT)
		status = read_group(r, c, tag, t->style,
		    tag == DBI_TAG_THEAD       ? &w->head
			: tag == DBI_TAG_TBODY ? &w->rows
					       : &w->foot);
	else
		status = dbi_read_misplaced(r, c, "caption thead tbody tfoot tr");
	if (status == DBRIEF_OK && tag == DBI_TAG_TR)
		w->rows = &(*w->rows)->next;
	dbi_read_set_part(r, w->part);
	return status;
}

int dbi_read_table(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_block *t)
{
	struct table_read w = { &t->head, &t->rows, &t->foot, r->part };
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next)
		if (!dbi_draft_is_text(c) || !dbi_text_blank(dbi_draft_text(c)))
			status = read_table_child(r, c, t, &w);
	if (status == DBRIEF_OK && !t->rows)
		status = dbi_read_error(r, n, "the table has no rows; add <tr> or leave the table out");
	return status;
}
