/* SPDX-License-Identifier: MIT */
/* t:sort: stable, by several keys; text by the language's collation, numbers by size. */
#include <string.h>
#include "template/eval.h"
#include "util/limits.h"
#include "util/mem.h"

struct sorting {
	dbi_template_eval *ev;
	const struct dbi_sort_key *keys;
	size_t n_keys;
	char **values;           /* n_keys for each node; numbers as canonical decimals, "" for none */
	uint32_t *order, *spare; /* numbers of nodes */
};

/* A number's text: a field's stored value rather than what is printed of it. */
static int number_text(dbi_template_eval *ev, const struct dbi_xvalue *v)
{
	const char *stored = v->kind == DBI_X_NODES && v->n ? dbi_eval_stored(v->nodes[0]) : NULL;
	struct dbi_buf raw = DBI_BUF_INIT;
	int st = DBRIEF_OK;

	if (v->kind == DBI_X_NUMBER) {
		dbi_buf_add_real(&ev->value, v->number);
		return DBRIEF_OK;
	}
	if (stored)
		dbi_buf_adds(&raw, stored);
	else if (v->kind == DBI_X_NODES && v->n && dbi_node_string(v->nodes[0], &raw))
		raw.failed = true;
	else if (v->kind != DBI_X_NODES)
		st = dbi_xvalue_string(v, &raw, ev->err);
	if (!st && raw.failed)
		st = dbi_error_memory(ev->err);
	if (!st && !(raw.data && dbi_canon_decimal(&ev->value, raw.data, raw.len)) && !ev->value.failed)
		dbi_buf_clear(&ev->value);
	dbi_buf_dispose(&raw);
	return st;
}

/* Keys that find nothing are empty; they sort first, as numbers too. */
static int key_value(struct sorting *s, const struct dbi_sort_key *key, const struct dbi_at *at, char **out)
{
	dbi_template_eval *ev = s->ev;
	struct dbi_xvalue v = { 0 };
	int st = dbi_eval_xpath(ev, key->select, at, &v);

	if (st)
		return st;
	dbi_buf_clear(&ev->value);
	if (key->number)
		st = number_text(ev, &v);
	else if (v.kind != DBI_X_NODES)
		st = dbi_xvalue_string(&v, &ev->value, ev->err);
	else if (v.n > 0 && dbi_node_string(v.nodes[0], &ev->value))
		ev->value.failed = true;
	dbi_xvalue_dispose(&v);
	if (!st) {
		*out = dbi_strndup(ev->value.data ? ev->value.data : "", ev->value.len);
		if (ev->value.failed || !*out)
			st = dbi_error_memory(ev->err);
	}
	return st ? dbi_error_prefix(ev->err, st, "%s", key->select->place) : DBRIEF_OK;
}

/* Of canonical decimals without sign. */
static int compare_magnitude(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");
	int r = n != m ? (n > m) - (n < m) : strncmp(a, b, n);

	if (r)
		return r;
	a += n + (a[n] == '.');
	b += m + (b[m] == '.');
	while (*a || *b) {
		r = (*a ? *a++ : '0') - (*b ? *b++ : '0');
		if (r)
			return r;
	}
	return 0;
}

static int compare_numbers(const char *a, const char *b)
{
	bool x = *a == '-', y = *b == '-';

	if (!*a || !*b)
		return (*a != 0) - (*b != 0);
	if (x && y)
		return compare_magnitude(b + 1, a + 1);
	if (x == y)
		return compare_magnitude(a, b);
	if (!a[x + strspn(a + x, "0.")] && !b[y + strspn(b + y, "0.")])
		return 0; /* minus zero */
	return x ? -1 : 1;
}

static int compare(const struct sorting *s, uint32_t a, uint32_t b)
{
	char *const *x = s->values + (size_t)a * s->n_keys, *const *y = s->values + (size_t)b * s->n_keys;
	const struct dbi_sort_key *key;
	int r;

	for (key = s->keys; key; key = key->next, x++, y++) {
		r = key->number ? compare_numbers(*x, *y) :
		    dbi_format_collate(s->ev->format, s->ev->lang, *x, *y);
		if (r)
			return key->descending ? -r : r;
	}
	return 0;
}

static void merge(struct sorting *s, size_t from, size_t middle, size_t to)
{
	size_t i = from, j = middle, k;

	for (k = from; k < to; k++)
		s->spare[k] = j >= to || (i < middle && compare(s, s->order[i], s->order[j]) <= 0) ? s->order[i++] : s->order[j++];
	memcpy(s->order + from, s->spare + from, (to - from) * sizeof(*s->order));
}

/* Bottom up; runs that are in order already cost one comparison. */
static void merge_sort(struct sorting *s, size_t n)
{
	size_t width, from, middle, to;

	for (width = 1; width < n; width *= 2)
		for (from = 0; from + width < n; from += 2 * width) {
			middle = from + width;
			to = middle + width < n ? middle + width : n;
			if (compare(s, s->order[middle - 1], s->order[middle]) > 0)
				merge(s, from, middle, to);
		}
}

static int read_keys(struct sorting *s, const struct dbi_op *op, const struct dbi_xvalue *nodes)
{
	struct dbi_at at = { NULL, 0, nodes->n };
	const struct dbi_sort_key *key;
	char **value = s->values;
	int st = DBRIEF_OK;
	size_t i;

	for (i = 0; i < nodes->n && !st; i++) {
		at.node = nodes->nodes[i];
		at.position = i + 1;
		s->order[i] = (uint32_t)i;
		st = dbi_eval_set_item(s->ev, op->slot, at.node);
		if (!st)
			st = dbi_eval_count(s->ev, s->n_keys, op->place);
		for (key = op->sorts; key && !st; key = key->next)
			st = key_value(s, key, &at, value++);
	}
	return st;
}

static int reorder(const struct sorting *s, struct dbi_xvalue *nodes)
{
	dbi_xml_node **sorted = dbi_malloc(nodes->n * sizeof(*sorted));
	size_t i;

	if (!sorted)
		return dbi_error_memory(s->ev->err);
	for (i = 0; i < nodes->n; i++)
		sorted[i] = nodes->nodes[s->order[i]];
	memcpy(nodes->nodes, sorted, nodes->n * sizeof(*sorted));
	dbi_free(sorted);
	return DBRIEF_OK;
}

int dbi_eval_sort(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_xvalue *nodes)
{
	struct sorting s = { .ev = ev, .keys = op->sorts };
	const struct dbi_sort_key *key;
	int st = DBRIEF_OK;
	size_t i;

	if (nodes->n < 2)
		return DBRIEF_OK;
	for (key = op->sorts; key; key = key->next)
		s.n_keys++;
	s.values = dbi_calloc(nodes->n, s.n_keys * sizeof(*s.values));
	s.order = dbi_calloc(nodes->n, sizeof(*s.order));
	s.spare = dbi_calloc(nodes->n, sizeof(*s.spare));
	if (!s.values || !s.order || !s.spare)
		st = dbi_error_memory(ev->err);
	if (!st)
		st = read_keys(&s, op, nodes);
	if (!st) {
		merge_sort(&s, nodes->n);
		st = reorder(&s, nodes);
	}
	for (i = 0; s.values && i < nodes->n * s.n_keys; i++)
		dbi_free(s.values[i]);
	dbi_free(s.values);
	dbi_free(s.order);
	dbi_free(s.spare);
	return st;
}
