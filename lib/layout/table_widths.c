/* SPDX-License-Identifier: MIT */
/*
 * Column widths. Wishes are honoured; the others share the rest: narrow
 * columns get what their contents ask for, wide ones divide the remainder by
 * the square root of what they hold, and nobody falls below the widest word
 * while there is room for that.
 */
#include "layout/table.h"

static dbi_len root(dbi_len v)
{
	int64_t r = 1;

	while (r * r < (int64_t)v)
		r = r < 1000 ? r + 1 : r + r / 500;
	return (dbi_len)r;
}

static dbi_len sum(const struct dbi_table *t, const unsigned *autos, unsigned n, bool max)
{
	int64_t s = 0;

	for (unsigned i = 0; i < n; i++)
		s += max ? t->columns[autos[i]].max : t->columns[autos[i]].min;
	return s > INT32_MAX / 2 ? INT32_MAX / 2 : (dbi_len)s;
}

/* Everything fits on one line: what is left over goes by content. */
static void give_max(struct dbi_table *t, const unsigned *autos, unsigned n, dbi_len room, dbi_len sum_max)
{
	dbi_len rest = room - sum_max, given = 0;

	for (unsigned i = 0; i < n; i++) {
		struct dbi_column *c = &t->columns[autos[i]];
		dbi_len more = sum_max > 0 ? (dbi_len)((int64_t)rest * c->max / sum_max) : rest / (dbi_len)n;

		if (i + 1 == n)
			more = rest - given;
		c->width = c->max + more;
		given += more;
	}
}

/* Columns that need no more than an even share get all they need, if the words of the others still fit; how many. */
static unsigned fix_narrow(struct dbi_table *t, unsigned *autos, unsigned *n, dbi_len *room)
{
	unsigned kept = 0, fixed = 0;
	dbi_len fair = *room / (dbi_len)*n, others = sum(t, autos, *n, false);

	for (unsigned i = 0; i < *n; i++) {
		struct dbi_column *c = &t->columns[autos[i]];

		if (c->max <= fair && *room - c->max >= others - c->min) {
			others -= c->min;
			c->width = c->max;
			*room -= c->width;
			fixed++;
		} else {
			autos[kept++] = autos[i];
		}
	}
	*n = kept;
	return fixed;
}

/* One column at a time that would fall below its widest word, or above its content, is set to that. */
static bool fix_extreme(struct dbi_table *t, unsigned *autos, unsigned *n, dbi_len *room, int64_t weights)
{
	for (int above = 0; above < 2; above++)
		for (unsigned i = 0; i < *n; i++) {
			struct dbi_column *c = &t->columns[autos[i]];
			dbi_len share = (dbi_len)((int64_t)*room * root(c->max) / weights);

			if (above ? share <= c->max : share >= c->min)
				continue;
			c->width = above ? c->max : c->min;
			*room -= c->width;
			autos[i] = autos[--*n];
			return true;
		}
	return false;
}

static void give_shares(struct dbi_table *t, unsigned *autos, unsigned n, dbi_len room)
{
	int64_t weights;

	do {
		weights = 0;
		for (unsigned i = 0; i < n; i++)
			weights += root(t->columns[autos[i]].max);
	} while (n && fix_extreme(t, autos, &n, &room, weights ? weights : 1));
	for (unsigned i = 0; i < n; i++)
		t->columns[autos[i]].width = (dbi_len)((int64_t)room * root(t->columns[autos[i]].max) /
		    (weights ? weights : 1));
}

/* Not even the widest words fit: the widest columns give way, equally. */
static void give_less(struct dbi_table *t, const unsigned *autos, unsigned n, dbi_len room)
{
	dbi_len low = 0, high = room;

	while (low < high) {
		dbi_len level = low + (high - low + 1) / 2;
		int64_t total = 0;

		for (unsigned i = 0; i < n; i++)
			total += t->columns[autos[i]].min < level ? t->columns[autos[i]].min : level;
		if (total <= room)
			low = level;
		else
			high = level - 1;
	}
	for (unsigned i = 0; i < n; i++)
		t->columns[autos[i]].width = t->columns[autos[i]].min < low ? t->columns[autos[i]].min : low;
}

/* Tokens wider than half the room are cut anyway: they do not take what the words of the other columns need to read well. */
static void yield_half(struct dbi_table *t, const unsigned *autos, unsigned n, dbi_len room)
{
	for (unsigned i = 0; i < n && n > 1; i++)
		if (t->columns[autos[i]].min > room / 2)
			t->columns[autos[i]].min = room / 2;
}

static void share(struct dbi_table *t, unsigned *autos, unsigned n, dbi_len room, bool fill)
{
	dbi_len sum_min = sum(t, autos, n, false), sum_max = sum(t, autos, n, true);

	if (sum_min > room) {
		yield_half(t, autos, n, room);
		sum_min = sum(t, autos, n, false);
	}
	if (sum_max <= room) {
		give_max(t, autos, n, fill ? room : sum_max, sum_max);
	} else if (sum_min > room) {
		give_less(t, autos, n, room);
	} else {
		while (n && fix_narrow(t, autos, &n, &room))
			;
		if (n)
			give_shares(t, autos, n, room);
	}
}

/* The first column as wide as its content, but no more than two fifths, or half where the second column does not need more. */
static void solve_pairs(struct dbi_table *t, dbi_len width)
{
	struct dbi_column *c = t->columns;
	dbi_len most = width * 2 / 5;

	if (t->n_columns > 1 && width - c[1].max > most)
		most = width - c[1].max < width / 2 ? width - c[1].max : width / 2;
	if (c->kind == DBI_WIDTH_AUTO)
		c->width = c->max < most ? c->max : most;
	if (t->n_columns > 1)
		c[1].width = width - c->width;
}

static dbi_len table_width(const struct dbi_table *t, dbi_len width)
{
	dbi_len w = width;

	if (t->style && t->style->width_kind == DBI_WIDTH_LEN)
		w = t->style->width;
	else if (t->style && t->style->width_kind == DBI_WIDTH_PERCENT)
		w = (dbi_len)((int64_t)width * t->style->width / 100000);
	return w < width ? w : width;
}

/* Wishes that leave the other columns no room for their widest words are cut back, down to the widest words of their own. */
static dbi_len cut_wishes(struct dbi_table *t, dbi_len room)
{
	int64_t lacking = -(int64_t)room, slack = 0;

	for (unsigned k = 0; k < t->n_columns; k++) {
		const struct dbi_column *c = &t->columns[k];

		if (c->kind == DBI_WIDTH_AUTO)
			lacking += c->min;
		else if (c->width > c->min)
			slack += c->width - c->min;
	}
	if (lacking <= 0 || slack <= 0)
		return room;
	lacking = lacking < slack ? lacking : slack;
	for (unsigned k = 0; k < t->n_columns; k++) {
		struct dbi_column *c = &t->columns[k];
		dbi_len cut;

		if (c->kind == DBI_WIDTH_AUTO || c->width <= c->min)
			continue;
		cut = (dbi_len)((c->width - c->min) * lacking / slack);
		c->width -= cut;
		room += cut;
	}
	return room;
}

int dbi_table_solve(struct dbi_lay *l, struct dbi_table *t, dbi_len width, long line)
{
	unsigned autos[DBI_MAX_COLUMNS], n = 0;
	bool fill = t->pairs || (t->style && t->style->width_kind != DBI_WIDTH_AUTO);
	dbi_len room, x = 0;

	room = width = table_width(t, width);
	for (unsigned k = 0; k < t->n_columns; k++) {
		struct dbi_column *c = &t->columns[k];

		if (c->kind == DBI_WIDTH_AUTO) {
			autos[n++] = k;
			continue;
		}
		c->width = c->kind == DBI_WIDTH_LEN ? c->wish : (dbi_len)((int64_t)width * c->wish / 100000);
		room -= c->width;
	}
	room = cut_wishes(t, room);
	if (room < 0 || (n && room < (dbi_len)n * DBI_PT(6)))
		return dbi_lay_error(l, line,
		    "the columns of a table do not fit in " DBI_MM_FMT "; use fewer columns or smaller widths",
		    DBI_MM_ARGS(width));
	if (t->pairs)
		solve_pairs(t, width);
	else if (n)
		share(t, autos, n, room, fill);
	t->width = 0;
	for (unsigned k = 0; k < t->n_columns; k++) {
		t->columns[k].x = x;
		x += t->columns[k].width;
	}
	t->width = x;
	for (unsigned k = 0; k < t->n_columns && t->rtl; k++)
		t->columns[k].x = x - t->columns[k].x - t->columns[k].width;
	return DBRIEF_OK;
}
