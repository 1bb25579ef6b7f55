/* SPDX-License-Identifier: MIT */
/*
 * Every sheet carries marks at the same place, fronts only; the command to
 * insert stands on the last sheet alone.
 *
 * OMR: short black rules below each other, read from the top. The order is
 * that of common machines (start, insert, sequence, parity, safety):
 *
 *   1 start     on every sheet
 *   2 insert    on the last sheet: the set is complete
 *   3 4 5       sequence of the sheet in its set, 1 to 7 and again from 1; 3 counts 1, 4 counts 2, 5 counts 4
 *   6 parity    makes the number of rules on the sheet even
 *   7 safety    on every sheet: nothing was missed up to here
 *
 * Place, length, weight and distance are constants of this profile, within
 * what makers of such machines state (rules of 0.25 to 0.6 mm, 10 mm or
 * longer, 3 to 4.2 mm apart). They stand in the left margin below the lower
 * fold, where no window shows them and no text comes near.
 */
#include "layout/inserter.h"

#include <stdio.h>

#include "layout/datamatrix.h"
#include "layout/flow.h"
#include "layout/qr.h"

#define LEFT   DBI_MM100(700)
#define TOP    DBI_MM100(22000)
#define LENGTH DBI_MM100(1050)
#define WEIGHT DBI_MM100(40)
#define STEP   DBI_MM100(423)
#define CELL   DBI_PT(1.2)      /* 0.42 mm, five dots at 300 dpi: sharp on every printer */
#define SEQUENCE 7

enum { START, INSERT, SEQUENCE_1, SEQUENCE_2, SEQUENCE_4, PARITY, SAFETY, RULES };

struct sheets {
	size_t pages;               /* printed ones */
	size_t step;                /* pages a sheet */
	size_t n;
};

static bool draw_omr(struct dbi_lay *l, size_t page, size_t sheet, const struct sheets *s)
{
	size_t sequence = sheet % SEQUENCE + 1;
	bool on[RULES] = { [START] = true, [INSERT] = sheet + 1 == s->n, [SEQUENCE_1] = sequence & 1,
		[SEQUENCE_2] = sequence & 2, [SEQUENCE_4] = sequence & 4, [SAFETY] = true };
	unsigned count = 0;

	for (unsigned i = 0; i < RULES; i++)
		count += on[i];
	on[PARITY] = count % 2;
	for (unsigned i = 0; i < RULES; i++)
		if (on[i] && !dbi_draw_rect(l, page, DBI_ELEM_ARTIFACT, LEFT, TOP + STEP * (dbi_len)i - WEIGHT / 2, LENGTH, WEIGHT, 0))
			return false;
	return true;
}

/* What the code says; fields of the same length on all sheets of a letter, so that it has one size. */
static void code_text(const struct dbi_lay *l, size_t page, size_t sheet, const struct sheets *s, char *out, size_t size)
{
	int digits = s->pages > 999 ? 6 : 3;

	(void)snprintf(out, size, "DB1;%.32s;S%0*zu/%0*zu;P%0*zu/%0*zu;L%d", l->letter->case_code, digits, sheet + 1, digits, s->n,
	    digits, page + 1, digits, s->pages, sheet + 1 == s->n);
}

static int draw_code(struct dbi_lay *l, size_t page, size_t sheet, const struct sheets *s)
{
	struct dbrief_error local = DBRIEF_ERROR_INIT;
	unsigned side;
	unsigned char *bits;
	char text[128];
	struct dbi_op *op;
	int status;

	code_text(l, page, sheet, s, text, sizeof(text));
	status = l->letter->delivery.inserter == DBI_INSERTER_QR ? dbi_qr_encode(l->arena, text, &side, &bits, &local)
	                                                         : dbi_datamatrix_encode(l->arena, text, &side, &bits, &local);
	if (status != DBRIEF_OK)
		return local.cause == DBRIEF_CAUSE_MEMORY ? dbi_lay_memory(l) : dbi_lay_error(l, 0, "%s", local.text);
	op = dbi_page_add_op(l->out, page, DBI_OP_CELLS, DBI_ELEM_ARTIFACT);
	if (!op)
		return dbi_lay_memory(l);
	op->x = LEFT;
	op->y = TOP;
	op->u.cells.cell = CELL;
	op->u.cells.columns = op->u.cells.rows = (uint16_t)side;
	op->u.cells.bits = bits;
	return DBRIEF_OK;
}

static int draw_sheet(struct dbi_lay *l, size_t sheet, const struct sheets *s)
{
	size_t page = sheet * s->step;

	if (l->letter->delivery.inserter == DBI_INSERTER_OMR)
		return draw_omr(l, page, sheet, s) ? DBRIEF_OK : dbi_lay_memory(l);
	return draw_code(l, page, sheet, s);
}

int dbi_inserter_draw(struct dbi_lay *l)
{
	const struct dbi_delivery *d = &l->letter->delivery;
	struct sheets s = { l->out->n_pages, d->duplex == 1 ? 2 : 1, 0 };
	bool marked = d->inserter > 0 && d->hybrid != 1;
	int status = DBRIEF_OK;

	s.n = (s.pages + s.step - 1) / s.step;
	if (marked && d->inserter != DBI_INSERTER_OMR && !l->letter->case_code)
		return dbi_lay_error(l, 0, "the inserter's code names the letter by its case, and <letter> has none; add case=\"...\"");
	for (size_t sheet = 0; sheet < s.n && marked && status == DBRIEF_OK; sheet++)
		status = draw_sheet(l, sheet, &s);
	if (status == DBRIEF_OK && s.n * s.step > s.pages && !dbi_display_add_page(l->out, DBI_A4_WIDTH, DBI_A4_HEIGHT))
		status = dbi_lay_memory(l);
	return status;
}
