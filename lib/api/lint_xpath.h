/* SPDX-License-Identifier: MIT */
/*
 * XPath 1.0 evaluated over the model's form instead of a model: an expression
 * yields the kinds of nodes it can find, and every step that can find nothing
 * is a mistake.
 */
#ifndef DBI_API_LINT_XPATH_H
#define DBI_API_LINT_XPATH_H

#include "api/lint.h"
#include "api/lint_form.h"

/* What an expression can yield. */
struct dbi_kinds {
	bool nodes;                /* a node set */
	bool any;                  /* of unknown content: nothing is checked any more */
	bool document;             /* holds the node above the model */
	bool text;                 /* holds text nodes */
	dbi_parts parts;
	dbi_parts owners;          /* of attribute nodes */
	const char *attr; size_t attr_len;       /* their name, when it is one */
	const char *literal; size_t literal_len; /* of a string */
	const char *collection; size_t collection_len; /* name of the collection the nodes belong to, when known */
	bool direct;               /* an attribute of the context node itself */
};

struct dbi_xcheck {
	struct dbi_lint *l;
	const char *place;         /* of the expression */
	const char *text;          /* the expression */
	const char *at;            /* where reading is */
	struct dbi_kinds current;  /* t:current() */
	const struct dbi_kinds *(*variable)(void *user, const char *name, size_t len); /* NULL result: unknown */
	void *user;
	dbi_parts touched;         /* kinds of all nodes found by paths, and owners of attributes */
	const char *collection; size_t collection_len; /* what the predicate at work narrows to */
	bool narrowing;            /* it may */
};

/* Checks an expression over `context`. The expression compiles. */
struct dbi_kinds dbi_xcheck_run(struct dbi_xcheck *x, const struct dbi_kinds *context);

/* ---- inside: lint_step.c ---- */
struct dbi_kinds dbi_xcheck_step(struct dbi_xcheck *x, const struct dbi_kinds *context);
struct dbi_kinds dbi_xcheck_expr(struct dbi_xcheck *x, const struct dbi_kinds *context);
struct dbi_kinds dbi_xcheck_predicates(struct dbi_xcheck *x, struct dbi_kinds of);
struct dbi_kinds dbi_xcheck_below(const struct dbi_kinds *of);   /* descendant-or-self::node() */
void dbi_xcheck_blanks(struct dbi_xcheck *x);
size_t dbi_xcheck_name(const char *s);    /* length of an NCName */
/* Names in literals: of collections, fields, sources, activities, flags, and words of a fixed list. */
void dbi_xcheck_literal(struct dbi_xcheck *x, const struct dbi_kinds *attr, const struct dbi_kinds *literal);
/* "; did you mean X?" or `otherwise`. */
void dbi_xcheck_hint(char out[96], const char *prefix, const char *word, size_t len, const char *const *candidates, const char *otherwise);

#endif
