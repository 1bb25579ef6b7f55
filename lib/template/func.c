/* SPDX-License-Identifier: MIT */
/*
 * The functions t:date t:money t:number t:mask t:plural t:code t:country
 * t:current. Each takes texts, or nodes by their stored value; an empty text
 * gives an empty text, a node set that found nothing is an error. Messages
 * never hold the argument.
 */
#include <string.h>
#include "template/eval.h"
#include "util/code.h"
#include "util/mem.h"
#include "util/utf8.h"

#define MASK "****"
#define MASK_SHOWN 4 /* characters left at the end of a masked text ... */
#define MASK_MIN 9   /* ... that has at least this many */

const char *dbi_eval_stored(const dbi_xml_node *n)
{
	return dbi_node_is(n, "field") ? dbi_node_attr(n, "value") : NULL;
}

static int wrong(struct dbrief_error *err, const char *function, const char *what)
{
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, function, "%s", what);
}

/* Text of an argument into ev->value. */
static int argument(dbi_template_eval *ev, const char *function, const struct dbi_xvalue *v, struct dbrief_error *err)
{
	const char *stored;
	int st = DBRIEF_OK;

	dbi_buf_clear(&ev->value);
	if (v->kind == DBI_X_NODES && v->n == 0)
		return wrong(err, function, "its argument found nothing in the model; correct the path or test for it before");
	if (v->kind == DBI_X_NUMBER && dbi_buf_add_real(&ev->value, v->number))
		;
	else if (v->kind != DBI_X_NODES)
		st = dbi_xvalue_string(v, &ev->value, err);
	else if ((stored = dbi_eval_stored(v->nodes[0])))
		dbi_buf_adds(&ev->value, stored);
	else if (dbi_node_string(v->nodes[0], &ev->value))
		ev->value.failed = true;
	return !st && ev->value.failed ? dbi_error_memory(err) : st;
}

static const char *value_text(const dbi_template_eval *ev)
{
	return ev->value.data ? ev->value.data : "";
}

/* Ends a function: the text becomes its result, or the error gets its name. */
static int give(struct dbi_buf *text, const char *function, int st, struct dbi_xvalue *out, struct dbrief_error *err)
{
	if (!st) {
		dbi_buf_add(text, "", 0);
		out->kind = DBI_X_STRING;
		out->string = text->data ? dbi_buf_take(text) : dbi_strdup("");
		if (!out->string)
			st = dbi_error_memory(err);
	} else {
		st = dbi_error_prefix(err, st, "%s", function);
	}
	dbi_buf_dispose(text);
	return st;
}

static int date_text(dbi_template_eval *ev, const struct dbi_xvalue *args, size_t n, struct dbi_buf *out, struct dbrief_error *err)
{
	enum dbi_date_style style = DBI_DATE_NUMERIC;
	struct dbi_date d;
	int seconds;
	bool has_time;
	int st;

	if (n > 1) {
		st = argument(ev, NULL, &args[1], err);
		if (st)
			return st;
		if (strcmp(value_text(ev), "long") == 0)
			style = DBI_DATE_LONG;
		else if (strcmp(value_text(ev), "numeric") != 0)
			return wrong(err, NULL, "its second argument is not 'numeric' or 'long'; write one of these");
	}
	st = argument(ev, NULL, &args[0], err);
	if (st || ev->value.len == 0)
		return st;
	if (!dbi_datetime_parse(ev->value.data, ev->value.len, &d, &seconds, &has_time))
		return wrong(err, NULL, "its argument is not a date as YYYY-MM-DD; give the field's stored value, @value");
	return dbi_format_date(ev->format, ev->lang, &d, style, out, err);
}

static int fn_date(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;

	return give(&text, "t:date", date_text(user, args, n, &text, err), out, err);
}

/* Canonical form of the decimal in ev->value, into `out`. */
static int decimal_argument(dbi_template_eval *ev, struct dbi_buf *out, struct dbrief_error *err)
{
	if (!dbi_canon_decimal(out, ev->value.data, ev->value.len) && !out->failed)
		return wrong(err, NULL, "its argument is not a number as 1234.50; give the field's stored value, @value");
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

static int money_text(dbi_template_eval *ev, const struct dbi_xvalue *args, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_buf decimal = DBI_BUF_INIT;
	int st = argument(ev, NULL, &args[0], err);

	if (st || ev->value.len == 0)
		return st;
	st = decimal_argument(ev, &decimal, err);
	if (!st)
		st = argument(ev, NULL, &args[1], err);
	if (!st)
		st = dbi_format_money(ev->format, ev->lang, decimal.data, value_text(ev), out, err);
	dbi_buf_dispose(&decimal);
	return st;
}

static int fn_money(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;

	(void)n;
	return give(&text, "t:money", money_text(user, args, &text, err), out, err);
}

static int digits_argument(dbi_template_eval *ev, const struct dbi_xvalue *v, int *digits, struct dbrief_error *err)
{
	int64_t n;
	int st = argument(ev, NULL, v, err);

	if (st)
		return st;
	if (!dbi_parse_int(value_text(ev), ev->value.len, &n) || n < 0 || n > 30)
		return wrong(err, NULL, "its number of digits is not a whole number from 0 to 30; correct it");
	*digits = (int)n;
	return DBRIEF_OK;
}

static int number_text(dbi_template_eval *ev, const struct dbi_xvalue *args, size_t n, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_buf decimal = DBI_BUF_INIT;
	int digits = -1;
	int st = n > 1 ? digits_argument(ev, &args[1], &digits, err) : DBRIEF_OK;

	if (!st)
		st = argument(ev, NULL, &args[0], err);
	if (st || ev->value.len == 0)
		return st;
	st = decimal_argument(ev, &decimal, err);
	if (!st)
		st = dbi_format_number(ev->format, ev->lang, decimal.data, digits, out, err);
	dbi_buf_dispose(&decimal);
	return st;
}

static int fn_number(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;

	return give(&text, "t:number", number_text(user, args, n, &text, err), out, err);
}

/* Where the shown end of a text begins: its last four characters, blanks not counted. */
static size_t mask_end(const char *s, size_t len)
{
	size_t at = len, shown = 0;

	while (at > 0 && shown < MASK_SHOWN) {
		do
			at--;
		while (at > 0 && ((unsigned char)s[at] & 0xC0) == 0x80);
		shown += s[at] != ' ';
	}
	return at;
}

/* Four stars and, of longer texts, the last four characters: neither length nor beginning is shown. */
static int fn_mask(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	dbi_template_eval *ev = user;
	struct dbi_buf text = DBI_BUF_INIT;
	int st = argument(ev, NULL, &args[0], err);
	const char *s = value_text(ev);
	size_t i;

	(void)n;
	if (!st && ev->value.len > 0) {
		dbi_buf_adds(&text, MASK);
		if (dbi_utf8_count(s, ev->value.len) >= MASK_MIN)
			for (i = mask_end(s, ev->value.len); i < ev->value.len; i++)
				if (s[i] != ' ')
					dbi_buf_addc(&text, s[i]);
	}
	return give(&text, "t:mask", st, out, err);
}

static int plural_text(dbi_template_eval *ev, const struct dbi_xvalue *args, struct dbi_buf *out, struct dbrief_error *err)
{
	int64_t n;
	bool one;
	int st = argument(ev, NULL, &args[0], err);

	if (st)
		return st;
	if (!dbi_parse_int(value_text(ev), ev->value.len, &n))
		return wrong(err, NULL, "its first argument is not a whole number; give a count");
	one = strcmp(dbi_format_plural(ev->format, ev->lang, n), "one") == 0;
	st = argument(ev, NULL, &args[one ? 1 : 2], err);
	if (!st)
		dbi_buf_add(out, ev->value.data, ev->value.len);
	return st;
}

static int fn_plural(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;

	(void)n;
	return give(&text, "t:plural", plural_text(user, args, &text, err), out, err);
}

static int code_text(dbi_template_eval *ev, const struct dbi_xvalue *args, struct dbi_buf *out, struct dbrief_error *err)
{
	char item[DBI_ITEM_CODE_SIZE], code[16];
	unsigned collection, record, field;
	int st = argument(ev, NULL, &args[0], err);

	if (st || ev->value.len == 0)
		return st;
	if (dbi_item_code_parse(ev->value.data, &collection, &record, &field)) {
		dbi_item_code_format(item, collection, record, field);
		dbi_buf_adds(out, item);
	} else if (dbi_case_code_parse(code, ev->value.data)) {
		dbi_buf_adds(out, code);
	} else {
		return wrong(err, NULL, "its argument is not an item or case code; give @item or @case");
	}
	return DBRIEF_OK;
}

static int fn_code(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;

	(void)n;
	return give(&text, "t:code", code_text(user, args, &text, err), out, err);
}

static int fn_country(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	dbi_template_eval *ev = user;
	struct dbi_buf text = DBI_BUF_INIT;
	int st = argument(ev, NULL, &args[0], err);

	(void)n;
	if (!st && ev->value.len > 0)
		st = dbi_format_country(ev->format, ev->lang, ev->value.data, &text, err);
	return give(&text, "t:country", st, out, err);
}

static int fn_current(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	const dbi_template_eval *ev = user;

	(void)args;
	(void)n;
	out->nodes = dbi_malloc(sizeof(*out->nodes));
	if (!out->nodes)
		return dbi_error_memory(err);
	out->kind = DBI_X_NODES;
	out->nodes[0] = ev->current;
	out->n = 1;
	return DBRIEF_OK;
}

const struct dbi_xpath_function dbi_template_functions[] = {
	{ "date", fn_date, 1, 2 },
	{ "money", fn_money, 2, 2 },
	{ "number", fn_number, 1, 2 },
	{ "mask", fn_mask, 1, 1 },
	{ "plural", fn_plural, 3, 3 },
	{ "code", fn_code, 1, 1 },
	{ "country", fn_country, 1, 1 },
	{ "current", fn_current, 0, 0 },
	{ NULL, NULL, 0, 0 },
};
