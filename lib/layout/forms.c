/* SPDX-License-Identifier: MIT */
/*
 * The measures of the forms, in one table, in 1/100 mm from the top left
 * corner of the sheet.
 *
 * din5008-a, din5008-b: DIN 5008:2020. Fields, zones, folds and the hole mark
 * agree in two independent implementations of the norm; the place of the
 * subject is the reference line of the older edition, 98.46 mm in form B and
 * 18 mm less in form A. How far marks stand from the edge, 5 mm, is no norm
 * but a constant of this profile, and so is the letterhead's upper edge.
 *
 * swiss: SN 010130 allows the address at the right; its text is not public.
 * Confirmed by makers of envelopes: a window of 100 x 45 mm, in a C5 (229 x
 * 162 mm) 65 mm from the bottom and 12 mm from the right, in a C6/5 (229 x
 * 114 mm) 30 mm and 15 mm. The sheet is narrower than the envelope and slides
 * in it, so what shows in every position is less: 117 to 195 mm from the
 * left, from 52 mm in a C5, down to 75 mm in a C6/5. The profile puts the
 * address there: from 120 mm, 75 mm wide, five lines below 52.7 mm always
 * seen, the sixth in all but the lowest position. The return line follows the
 * address upwards, since a fixed one would slide out of the window; it may be
 * 80 mm long, of which the last 5 mm can slide out. Nothing
 * else may stand where a window can ever be: right of 95 mm, 30 to 97 mm from
 * the top. The folds fit both envelopes: 105 and 210 mm, once at 148.5 mm.
 *
 * austria: OENORM A 1080:2007 (withdrawn in 2018) sets an address block of at
 * most 76 x 25 mm, six lines, two line steps below postal remarks; the window
 * in use is that of DIN 5008 form B, 85 x 45 mm, 45 mm from the top, with
 * folds at 105 and 210 mm. Confirmed: the block and the window; a constant
 * of this profile: the rest, taken from form B.
 *
 * The hybrid profile: free zones that German providers of hybrid post publish.
 */
#include "layout/forms.h"

#include <string.h>

#define MM DBI_MM100
#define LINE MM(423)

static const struct dbi_form forms[] = {
	{ "din5008-b", true, false, MM(1350), MM(4500), { MM(10500), MM(21000) }, MM(14850), MM(12500), MM(5000), MM(7500),
		MM(4500), MM(2500), MM(8000), MM(8000), MM(5000), MM(6270), MM(6270), MM(2730), 3, MM(9846) },
	{ "din5008-a", true, false, MM(800), MM(2700), { MM(8700), MM(19200) }, MM(14850), MM(12500), MM(3200), MM(7500),
		MM(2700), MM(2500), MM(8000), MM(8000), MM(3200), MM(4470), MM(4470), MM(2730), 3, MM(8046) },
	{ "swiss", true, true, MM(800), MM(3000), { MM(10500), MM(21000) }, MM(14850), MM(2500), MM(4500), MM(6700),
		MM(3500), MM(12000), MM(7500), MM(8000), MM(5200), MM(5270), MM(5270), MM(2540), 3, MM(10000) },
	{ "austria", true, false, MM(1350), MM(4500), { MM(10500), MM(21000) }, MM(14850), MM(12500), MM(5000), MM(7500),
		MM(4500), MM(2500), MM(7600), MM(8000), MM(5000), MM(5847), MM(6270), MM(2500), 2, MM(9846) },
	{ "report", false, false, MM(1350), MM(6000), { 0, 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
};

/* Hybrid post: zones of the window and the sheet's edges that stay free of ink. */
#define HYBRID_FIELD   MM(4500)
#define HYBRID_FRANK   MM(5300)  /* above: return line and remark, 8 mm */
#define HYBRID_ADDRESS MM(6600)  /* 13 mm for the franking above it */
#define HYBRID_HEIGHT  MM(2400)
#define HYBRID_BODY    MM(10700) /* "below 105 mm", the first line's leading included */
#define EDGE_LEFT      MM(1200)
#define EDGE_RIGHT     (DBI_A4_WIDTH - MM(250))
#define EDGE_TOP       MM(700)
#define EDGE_BOTTOM    (DBI_A4_HEIGHT - MM(700))

static int make_hybrid(struct dbi_lay *l, struct dbi_form *form)
{
	if (form->field_top != HYBRID_FIELD)
		return dbi_lay_error(l, 0, "the profile hybrid needs the window at 45 mm, and the form %s has it elsewhere; "
		    "choose the form din5008-b or austria", form->name);
	form->remarks = 1;
	form->remark_bottom = HYBRID_FRANK;
	form->return_bottom = HYBRID_FRANK - LINE;
	form->address_top = HYBRID_ADDRESS;
	form->address_height = HYBRID_HEIGHT;
	form->body_top = HYBRID_BODY;
	return DBRIEF_OK;
}

int dbi_form_of_letter(struct dbi_lay *l, struct dbi_form *form)
{
	size_t i = 0;

	while (i + 1 < sizeof(forms) / sizeof(*forms) && strcmp(forms[i].name, l->letter->form))
		i++;
	*form = forms[i];
	return form->window && l->letter->delivery.hybrid == 1 ? make_hybrid(l, form) : DBRIEF_OK;
}

dbi_len dbi_form_line(const struct dbi_form *form, unsigned n)
{
	dbi_len most = n ? form->address_height / (dbi_len)n : LINE;

	return most < LINE ? most : LINE;
}

/* Left, top, right and bottom of what an operation paints. */
static void ink_of(const struct dbi_op *op, dbi_len box[4])
{
	dbi_len w = 0, h = 0, up = 0, half;
	uint32_t spaces = 0;

	switch ((enum dbi_op_kind)op->kind) {
	case DBI_OP_TEXT:
		for (uint32_t k = 0; k < op->u.text.n; k++)
			w += dbi_op_run_width(op, k, &spaces);
		up = op->u.text.size * 3 / 4;
		h = up + op->u.text.size / 4;
		break;
	case DBI_OP_RULE:
		half = op->u.rule.width / 2;
		box[0] = (op->x < op->u.rule.x2 ? op->x : op->u.rule.x2) - half;
		box[1] = (op->y < op->u.rule.y2 ? op->y : op->u.rule.y2) - half;
		box[2] = (op->x < op->u.rule.x2 ? op->u.rule.x2 : op->x) + half;
		box[3] = (op->y < op->u.rule.y2 ? op->u.rule.y2 : op->y) + half;
		return;
	case DBI_OP_RECT:
		w = op->u.rect.w;
		h = op->u.rect.h;
		break;
	case DBI_OP_IMAGE:
		w = op->u.image.w;
		h = op->u.image.h;
		break;
	case DBI_OP_CELLS:
		w = op->u.cells.cell * op->u.cells.columns;
		h = op->u.cells.cell * op->u.cells.rows;
		break;
	}
	box[0] = op->x;
	box[1] = op->y - up;
	box[2] = op->x + w;
	box[3] = op->y - up + h;
}

int dbi_form_check_edges(struct dbi_lay *l)
{
	if (l->letter->delivery.hybrid != 1)
		return DBRIEF_OK;
	for (size_t page = 0; page < l->out->n_pages; page++)
		for (size_t i = 0; i < l->out->pages[page].n_ops; i++) {
			const struct dbi_op *op = &l->out->pages[page].ops[i];
			dbi_len box[4];

			ink_of(op, box);
			if (box[0] < EDGE_LEFT || box[1] < EDGE_TOP || box[2] > EDGE_RIGHT || box[3] > EDGE_BOTTOM)
				return dbi_lay_error(l, 0, "something on page %zu stands in the edge that the profile hybrid keeps free "
				    "(left 12, right 2.5, top and bottom 7 mm); make it smaller", page + 1);
		}
	return DBRIEF_OK;
}
