/* SPDX-License-Identifier: MIT */
/* The state of one thread's evaluations, shared by eval.c, sort.c and func.c. */
#ifndef DBI_TEMPLATE_EVAL_H
#define DBI_TEMPLATE_EVAL_H

#include "template/program.h"
#include "util/format.h"

/* Where the program stands in the model. */
struct dbi_at {
	dbi_xml_node *node;
	size_t position, size;
};

struct dbi_template_eval {
	const dbi_template *tmpl;
	struct dbi_env env;
	dbi_xpath_ctx *xpath;
	dbi_xpath **compiled;                 /* by index of the expression */
	struct dbi_xvalue *slots;             /* values of variables */
	dbi_format *format;
	struct dbrief_error *err;
	/* of the letter being made */
	const struct dbi_template_xpath *now; /* being evaluated: its variables are seen */
	dbi_xml_node *current;                /* t:current() */
	const char *lang;
	struct dbi_draft *letter;
	unsigned long ops;
	size_t bytes;
	struct dbi_xtext lent;                /* text not yet in the letter, when it is one piece that stands in model or template */
	struct dbi_buf text;                  /* the same, put together of pieces */
	struct dbi_buf attr;                  /* value of the attribute being made */
	struct dbi_buf value;                 /* of a function's argument or a sort key */
};

/* Evaluates an expression at a place; *out is the caller's to dispose. */
int dbi_eval_xpath(dbi_template_eval *ev, const struct dbi_template_xpath *xp, const struct dbi_at *at, struct dbi_xvalue *out);
/* Counts n instructions against the limit. */
int dbi_eval_count(dbi_template_eval *ev, size_t n, const char *place);
/* Sorts nodes in place by the keys of a t:for-each. */
int dbi_eval_sort(dbi_template_eval *ev, const struct dbi_op *op, struct dbi_xvalue *nodes);
/* The stored value of a field of the model that prints another text; NULL for other nodes. */
const char *dbi_eval_stored(const dbi_xml_node *n);
/* Sets the variable of `as` to one node. */
int dbi_eval_set_item(dbi_template_eval *ev, uint32_t slot, dbi_xml_node *node);

#endif
