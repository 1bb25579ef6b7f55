/* SPDX-License-Identifier: MIT */
/*
 * The display list as text, for golden files. One line an operation; lengths
 * in pt with two decimals, rounded half up, so that nothing depends on how
 * reals are printed.
 */
#include "page/display.h"

#include <string.h>

#define MAX_PATH_DEPTH 64

static void put_pt(struct dbi_buf *out, dbi_len v)
{
	int64_t hundredths = v < 0 ? -((-(int64_t)v + 5) / 10) : ((int64_t)v + 5) / 10;
	int64_t whole = hundredths < 0 ? -hundredths : hundredths;

	dbi_buf_addf(out, "%s%ld.%02ld", hundredths < 0 ? "-" : "", (long)(whole / 100), (long)(whole % 100));
}

static void put_pair(struct dbi_buf *out, const char *before, dbi_len a, const char *between, dbi_len b)
{
	dbi_buf_adds(out, before);
	put_pt(out, a);
	dbi_buf_adds(out, between);
	put_pt(out, b);
}

/* A quoted string; only quote, backslash and control characters are escaped. */
static void put_text(struct dbi_buf *out, const char *s, size_t len)
{
	dbi_buf_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			dbi_buf_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7F)
			dbi_buf_addf(out, "\\x%02x", c);
		else
			dbi_buf_addc(out, (char)c);
	}
	dbi_buf_addc(out, '"');
}

static void put_attribute(struct dbi_buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	dbi_buf_addf(out, " %s=", name);
	put_text(out, value, strlen(value));
}

/* Roles from the root down to the element, with the element's number. */
static void put_path(struct dbi_buf *out, const struct dbi_display *d, dbi_elem e)
{
	dbi_elem path[MAX_PATH_DEPTH];
	size_t n = 0;

	if (e == DBI_ELEM_ARTIFACT || e == DBI_ELEM_ARTIFACT_PAGINATION) {
		dbi_buf_adds(out, e == DBI_ELEM_ARTIFACT ? " artifact" : " artifact/pagination");
		return;
	}
	if (e >= d->n_elements) {
		dbi_buf_adds(out, " nowhere");
		return;
	}
	dbi_buf_addf(out, " #%u ", e);
	while (n < MAX_PATH_DEPTH && e < d->n_elements) {
		path[n++] = e;
		if (d->elements[e].parent == e)
			break;
		e = d->elements[e].parent;
	}
	while (n-- > 0)
		dbi_buf_addf(out, "%s%s", dbi_role_names[d->elements[path[n]].role], n ? "/" : "");
}

/* One run of a text; `width` is its own with what it was stretched by. */
static void put_run(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_op *op, uint32_t i, dbi_len width)
{
	const struct dbi_set_run *set = &op->u.text.runs[i];
	const struct dbi_run *r = set->run;

	dbi_buf_adds(out, " ");
	put_text(out, r->text, r->text_len);
	dbi_buf_addf(out, " %s ", dbi_fontset_info(d->fonts, r->face)->ps_name);
	put_pt(out, op->u.text.size);
	dbi_buf_adds(out, " w ");
	put_pt(out, set->width);
	if (width != set->width) {
		dbi_buf_adds(out, width > set->width ? "+" : "");
		put_pt(out, width - set->width);
	}
	if (r->rtl)
		dbi_buf_adds(out, " rtl");
	if (set->space)
		dbi_buf_adds(out, " space");
	if (op->hyphen)
		dbi_buf_adds(out, " hyphen");
	if (op->line_end && i + 1 == op->u.text.n)
		dbi_buf_adds(out, " end");
}

static void put_end(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_op *op)
{
	if (op->color)
		dbi_buf_addf(out, " #%06x", op->color);
	put_path(out, d, op->elem);
	dbi_buf_addc(out, '\n');
}

/* A line for each of its runs. */
static void put_runs(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_op *op)
{
	dbi_len x = op->x;
	uint32_t spaces = 0;

	for (uint32_t i = 0; i < op->u.text.n; i++) {
		dbi_len width = dbi_op_run_width(op, i, &spaces);

		put_pair(out, "  run ", x, ",", op->y);
		put_run(out, d, op, i, width);
		put_end(out, d, op);
		x += width;
	}
}

static void put_op(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_op *op)
{
	static const char *const names[] = { "text", "rule", "rect", "image", "cells" };

	if (op->kind == DBI_OP_TEXT) {
		put_runs(out, d, op);
		return;
	}
	dbi_buf_addf(out, "  %s", names[op->kind]);
	put_pair(out, " ", op->x, ",", op->y);
	switch ((enum dbi_op_kind)op->kind) {
	case DBI_OP_TEXT:
		break;
	case DBI_OP_RULE:
		put_pair(out, " to ", op->u.rule.x2, ",", op->u.rule.y2);
		dbi_buf_adds(out, " width ");
		put_pt(out, op->u.rule.width);
		break;
	case DBI_OP_RECT:
		put_pair(out, " size ", op->u.rect.w, "x", op->u.rect.h);
		break;
	case DBI_OP_IMAGE:
		put_pair(out, " size ", op->u.image.w, "x", op->u.image.h);
		if (op->u.image.image)
			dbi_buf_addf(out, " of %ux%u", op->u.image.image->width, op->u.image.image->height);
		break;
	case DBI_OP_CELLS:
		dbi_buf_addf(out, " grid %ux%u cell ", op->u.cells.columns, op->u.cells.rows);
		put_pt(out, op->u.cells.cell);
		break;
	}
	put_end(out, d, op);
}

static void put_link(struct dbi_buf *out, const struct dbi_display *d, const struct dbi_link *link)
{
	put_pair(out, "  link ", link->x, ",", link->y);
	put_pair(out, " size ", link->w, "x", link->h);
	put_attribute(out, "uri", link->uri);
	put_path(out, d, link->elem);
	dbi_buf_addc(out, '\n');
}

static void put_page(struct dbi_buf *out, const struct dbi_display *d, size_t number)
{
	const struct dbi_page *p = &d->pages[number];

	dbi_buf_addf(out, "page %zu", number + 1);
	put_pair(out, " ", p->width, "x", p->height);
	dbi_buf_addc(out, '\n');
	for (size_t i = 0; i < p->n_ops; i++)
		put_op(out, d, &p->ops[i]);
	for (size_t i = 0; i < p->n_links; i++)
		put_link(out, d, &p->links[i]);
}

static unsigned element_depth(const struct dbi_display *d, dbi_elem e)
{
	unsigned depth = 0;

	while (e < d->n_elements && d->elements[e].parent != e && depth < MAX_PATH_DEPTH) {
		e = d->elements[e].parent;
		depth++;
	}
	return depth;
}

static void put_element(struct dbi_buf *out, const struct dbi_display *d, dbi_elem i)
{
	static const char *const scopes[] = { "", " scope=column", " scope=row" };
	const struct dbi_element *e = &d->elements[i];

	dbi_buf_addf(out, "  %*s#%u %s", (int)element_depth(d, i) * 2, "", i, dbi_role_names[e->role]);
	dbi_buf_adds(out, scopes[e->scope <= 2 ? e->scope : 0]);
	if (e->colspan > 1)
		dbi_buf_addf(out, " colspan=%u", e->colspan);
	if (e->rowspan > 1)
		dbi_buf_addf(out, " rowspan=%u", e->rowspan);
	put_attribute(out, "lang", e->lang);
	put_attribute(out, "alt", e->alt);
	dbi_buf_addc(out, '\n');
}

int dbi_display_dump(const struct dbi_display *d, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_buf_adds(out, "layout 1");
	put_attribute(out, "lang", d->lang);
	put_attribute(out, "title", d->title);
	dbi_buf_addc(out, '\n');
	for (size_t i = 0; i < d->n_pages; i++)
		put_page(out, d, i);
	dbi_buf_adds(out, "structure\n");
	for (size_t i = 0; i < d->n_elements; i++)
		put_element(out, d, (dbi_elem)i);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
