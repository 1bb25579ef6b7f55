/* SPDX-License-Identifier: MIT */
/* Rules, filled rectangles, pictures, cells of a QR code. */
#include "pdf/content.h"

#include <string.h>

#include "util/mem.h"

static void add_centis(struct dbi_buf *out, const int32_t *v, size_t n, const char *operator)
{
	char text[6 * DBI_NUMBER_ROOM];
	char *p = text;
	for (size_t i = 0; i < n; i++) {
		p = dbi_put_centi(p, v[i]);
		*p++ = ' ';
	}
	dbi_buf_add(out, text, (size_t)(p - text));
	dbi_buf_adds(out, operator);
}

static void add_component(struct dbi_buf *out, unsigned v)
{
	dbi_buf_add_fixed(out, (v * 1000 + 127) / 255, 3);
	dbi_buf_addc(out, ' ');
}

void dbi_content_add_color(struct dbi_buf *out, dbi_color color, bool stroke)
{
	unsigned r = color >> 16 & 0xFF, g = color >> 8 & 0xFF, b = color & 0xFF;
	add_component(out, r);
	if (r == g && g == b) {
		dbi_buf_adds(out, stroke ? "G\n" : "g\n");
		return;
	}
	add_component(out, g);
	add_component(out, b);
	dbi_buf_adds(out, stroke ? "RG\n" : "rg\n");
}

static bool is_artifact(dbi_elem elem)
{
	return elem == DBI_ELEM_ARTIFACT || elem == DBI_ELEM_ARTIFACT_PAGINATION;
}

static void add_line(struct dbi_content *c, struct dbi_buf *out, const struct dbi_op *op)
{
	int32_t from[2] = { dbi_centi(op->x), dbi_content_y(c, op->y) };
	int32_t to[2] = { dbi_centi(op->u.rule.x2), dbi_content_y(c, op->u.rule.y2) };
	add_centis(out, from, 2, "m ");
	add_centis(out, to, 2, "l\n");
}

/* Rules that are decoration are gathered by width and colour and drawn above the page's text. */
static void add_free_rule(struct dbi_content *c, const struct dbi_op *op, int32_t width)
{
	struct dbi_buf *out = c->over;
	int32_t x = dbi_centi(op->x), y = dbi_content_y(c, op->y);
	int32_t to[2] = { dbi_centi(op->u.rule.x2) - x, dbi_content_y(c, op->u.rule.y2) - y };

	if (!out->len || width != c->over_width) {
		add_centis(out, &width, 1, "w ");
		c->over_width = width;
	}
	if (!out->len || op->color != c->over_color) {
		dbi_content_add_color(out, op->color, true);
		c->over_color = op->color;
	}
	/* From one rule to the next the distance is mostly the same, so that they compress to nothing. */
	const int32_t move[2] = { x - c->over_x, y - c->over_y };
	dbi_buf_add(out, "1 0 0 1 ", 8);
	add_centis(out, move, 2, "cm 0 0 m ");
	add_centis(out, to, 2, "l S\n");
	c->over_x = x;
	c->over_y = y;
}

void dbi_content_rule(struct dbi_content *c, const struct dbi_op *op)
{
	int32_t width = dbi_centi(op->u.rule.width);

	if (width <= 0)
		return;
	if (is_artifact(op->elem)) {
		add_free_rule(c, op, width);
		return;
	}
	dbi_content_mark(c, op->elem, false);
	dbi_buf_adds(c->out, "q ");
	add_centis(c->out, &width, 1, "w ");
	dbi_content_add_color(c->out, op->color, true);
	add_line(c, c->out, op);
	dbi_buf_adds(c->out, "S Q\n");
	int32_t y0 = dbi_content_y(c, op->y), y1 = dbi_content_y(c, op->u.rule.y2);
	dbi_tags_cover(c->tags, op->elem, dbi_centi(op->x), y0 < y1 ? y0 : y1, dbi_centi(op->u.rule.x2), y0 < y1 ? y1 : y0);
}

/* x, y, width, height with edges rounded one by one, so that neighbours meet. */
static void box_of(const struct dbi_content *c, dbi_len x, dbi_len y, dbi_len w, dbi_len h, int32_t box[4])
{
	box[0] = dbi_centi(x);
	box[1] = dbi_content_y(c, y + h);
	box[2] = dbi_centi(x + w) - box[0];
	box[3] = dbi_content_y(c, y) - box[1];
}

static void cover(struct dbi_content *c, dbi_elem elem, const int32_t box[4])
{
	dbi_tags_cover(c->tags, elem, box[0], box[1], box[0] + box[2], box[1] + box[3]);
}

void dbi_content_rect(struct dbi_content *c, const struct dbi_op *op)
{
	int32_t box[4];
	box_of(c, op->x, op->y, op->u.rect.w, op->u.rect.h, box);
	if (box[2] <= 0 || box[3] <= 0)
		return;
	if (is_artifact(op->elem)) {
		if (!c->under->len || c->under_color != op->color) {
			if (c->under->len)
				dbi_buf_adds(c->under, "f\n");
			dbi_content_add_color(c->under, op->color, false);
			c->under_color = op->color;
		}
		add_centis(c->under, box, 4, "re\n");
		return;
	}
	dbi_content_mark(c, op->elem, false);
	if (c->fill != op->color)
		dbi_content_add_color(c->out, op->color, false);
	c->fill = op->color;
	add_centis(c->out, box, 4, "re f\n");
	cover(c, op->elem, box);
}

static size_t image_index(struct dbi_content *c, const struct dbi_image *image)
{
	size_t i = 0;
	while (i < c->n_images && c->images[i] != image)
		i++;
	if (i == c->n_images) {
		if (!dbi_grow(&c->images, &c->cap_images, i + 1, sizeof(*c->images), 10000))
			return SIZE_MAX;
		c->images[c->n_images++] = image;
	}
	return i;
}

int dbi_content_image(struct dbi_content *c, const struct dbi_op *op, struct dbrief_error *err)
{
	int32_t box[4];
	size_t index = image_index(c, op->u.image.image);
	if (index == SIZE_MAX)
		return dbi_error_memory(err);
	box_of(c, op->x, op->y, op->u.image.w, op->u.image.h, box);
	dbi_content_mark(c, op->elem, false);
	const int32_t matrix[6] = { box[2], 0, 0, box[3], box[0], box[1] };
	dbi_buf_adds(c->out, "q ");
	add_centis(c->out, matrix, 6, "cm/I");
	dbi_buf_add_int(c->out, (int64_t)index + 1);
	dbi_buf_adds(c->out, " Do Q\n");
	cover(c, op->elem, box);
	return DBRIEF_OK;
}

static bool cell_is_set(const struct dbi_op *op, unsigned column, unsigned row)
{
	size_t stride = ((size_t)op->u.cells.columns + 7) / 8;
	return op->u.cells.bits[row * stride + column / 8] >> (7 - column % 8) & 1;
}

/* Drawn in units of a cell, row by row: runs of dark cells as one rectangle. */
void dbi_content_cells(struct dbi_content *c, const struct dbi_op *op)
{
	int32_t box[4];
	unsigned columns = op->u.cells.columns, rows = op->u.cells.rows;
	char text[4 * DBI_NUMBER_ROOM];

	if (!columns || !rows || op->u.cells.cell <= 0)
		return;
	box_of(c, op->x, op->y, op->u.cells.cell * (dbi_len)columns, op->u.cells.cell * (dbi_len)rows, box);
	dbi_content_mark(c, op->elem, false);
	dbi_buf_adds(c->out, "q ");
	dbi_buf_add_fixed(c->out, op->u.cells.cell, 3);
	dbi_buf_adds(c->out, " 0 0 ");
	dbi_buf_add_fixed(c->out, -op->u.cells.cell, 3);
	dbi_buf_addc(c->out, ' ');
	const int32_t origin[2] = { box[0], box[1] + box[3] };
	add_centis(c->out, origin, 2, "cm\n");
	dbi_content_add_color(c->out, op->color, false);
	for (unsigned row = 0; row < rows; row++) {
		for (unsigned from = 0, to; from < columns; from = to) {
			to = from + 1;
			if (!cell_is_set(op, from, row))
				continue;
			while (to < columns && cell_is_set(op, to, row))
				to++;
			char *p = dbi_put_uint(text, from);
			*p++ = ' ';
			p = dbi_put_uint(p, row);
			*p++ = ' ';
			p = dbi_put_uint(p, to - from);
			memcpy(p, " 1 re\n", 6);
			dbi_buf_add(c->out, text, (size_t)(p + 6 - text));
		}
	}
	dbi_buf_adds(c->out, "f Q\n");
	cover(c, op->elem, box);
}
