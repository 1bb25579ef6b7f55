/* SPDX-License-Identifier: MIT */
/* Values of expressions. */
#include "xml/xpath.h"

#include <string.h>

#include "util/mem.h"
#include "util/number.h"

void dbi_xvalue_dispose(struct dbi_xvalue *v)
{
	if (!v)
		return;
	dbi_free(v->string);
	dbi_free(v->nodes);
	memset(v, 0, sizeof *v);
}

int dbi_xvalue_string(const struct dbi_xvalue *v, struct dbi_buf *out, struct dbrief_error *err)
{
	switch (v->kind) {
	case DBI_X_STRING:
		dbi_buf_adds(out, v->string ? v->string : "");
		break;
	case DBI_X_BOOLEAN:
		dbi_buf_adds(out, v->boolean ? "true" : "false");
		break;
	case DBI_X_NODES:
		if (v->n)
			(void)dbi_node_string(v->nodes[0], out);
		break;
	case DBI_X_NUMBER:
		if (!dbi_buf_add_real(out, v->number) && !out->failed)
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, "",
			    "the expression gives no number; check that its operands are numbers");
		break;
	}
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

bool dbi_xvalue_true(const struct dbi_xvalue *v)
{
	switch (v->kind) {
	case DBI_X_STRING:
		return v->string && v->string[0];
	case DBI_X_BOOLEAN:
		return v->boolean;
	case DBI_X_NODES:
		return v->n > 0;
	case DBI_X_NUMBER:
	default:
		return v->number < 0 || v->number > 0;
	}
}

int dbi_xvalue_copy(struct dbi_xvalue *to, const struct dbi_xvalue *from)
{
	struct dbi_xvalue copy = *from;

	memset(to, 0, sizeof *to);
	copy.string = NULL;
	copy.nodes = NULL;
	if (from->string) {
		copy.string = dbi_strdup(from->string);
		if (!copy.string)
			return DBRIEF_FAILED;
	}
	if (from->kind == DBI_X_NODES && from->n) {
		copy.nodes = dbi_realloc(NULL, from->n, sizeof *copy.nodes);
		if (!copy.nodes) {
			dbi_free(copy.string);
			return DBRIEF_FAILED;
		}
		memcpy(copy.nodes, from->nodes, from->n * sizeof *copy.nodes);
	}
	*to = copy;
	return DBRIEF_OK;
}
