/* SPDX-License-Identifier: MIT */
/* The tree of a natively evaluated expression: made as xpath_fast_reader.h says, run as xpath_fast_run.h says. */
#ifndef DBI_XPATH_FAST_TREE_H
#define DBI_XPATH_FAST_TREE_H

#include <stdint.h>

#include "xml/xpath_fast.h"

enum dbi_fast_kind {
	/* truths */
	DBI_FAST_OR, DBI_FAST_AND,   /* a, b */
	DBI_FAST_NOT,                /* a */
	DBI_FAST_TRUE, DBI_FAST_FALSE,
	DBI_FAST_CONTAINS, DBI_FAST_STARTS_WITH, /* texts a, b */
	DBI_FAST_COMPARE,            /* a op b */
	/* nodes */
	DBI_FAST_PATH,               /* start, up, text: variable; a: first step; b: first condition of the start */
	DBI_FAST_UNION,              /* a: path or union, b: path */
	/* texts */
	DBI_FAST_LITERAL,            /* text */
	DBI_FAST_STRING,             /* a: text or path */
	DBI_FAST_BEFORE, DBI_FAST_AFTER, /* the same: part of a before or after b */
	DBI_FAST_TRANSLATE,          /* the same; b and its next: literals of ASCII. Only inside of TO_NUMBER */
	/* numbers */
	DBI_FAST_NUMBER,             /* number */
	DBI_FAST_ADD, DBI_FAST_SUBTRACT, /* a, b */
	DBI_FAST_COUNT, DBI_FAST_SUM, /* a: path or union */
	DBI_FAST_LENGTH,             /* a: path; of its first node's string */
	DBI_FAST_TO_NUMBER,          /* a: text or path */
	DBI_FAST_POSITION, DBI_FAST_LAST,
	DBI_FAST_CALL,               /* of t:text, only as the whole expression; a: first argument; linked by `next` */
	DBI_FAST_CHILD, DBI_FAST_ATTRIBUTE, DBI_FAST_DESCENDANT /* steps; text: name; b: first condition; next: step */
};
enum dbi_fast_op { DBI_FAST_EQ, DBI_FAST_NE, DBI_FAST_LT, DBI_FAST_LE, DBI_FAST_GT, DBI_FAST_GE };
enum dbi_fast_start { DBI_FAST_CONTEXT, DBI_FAST_ROOT, DBI_FAST_VARIABLE, DBI_FAST_CURRENT };

/*
 * Links are indexes; 0 is none. Conditions of one step are linked by `next`.
 * `nth` of a step or variable: only the node of that position, 0: all. `last`
 * of a step: only the last one of those that meet the conditions; `first` of
 * a variable: the first one. `last` of a union: only its last node; so only
 * as the whole expression.
 */
struct dbi_fast_node {
	unsigned char kind, op, start, up, nth;
	uint16_t a, b, next;
	bool first, last;
	const char *text;
	double number;
};

/* Most expressions of a letter are "." or "@a" or "name". */
enum dbi_fast_plain { DBI_FAST_NOT_PLAIN, DBI_FAST_PLAIN_SELF, DBI_FAST_PLAIN_ATTRIBUTE, DBI_FAST_PLAIN_CHILD };

static inline bool dbi_fast_is_text(const struct dbi_fast_node *n)
{
	return n->kind >= DBI_FAST_LITERAL && n->kind <= DBI_FAST_TRANSLATE;
}

static inline bool dbi_fast_is_number(const struct dbi_fast_node *n)
{
	return n->kind >= DBI_FAST_NUMBER && n->kind <= DBI_FAST_LAST;
}

struct dbi_xpath_fast {
	char *names;                /* all texts */
	uint16_t root, n;
	bool current;               /* t:current() is used */
	enum dbi_fast_plain plain;
	const char *plain_name;     /* of attribute or child */
	struct dbi_fast_node nodes[];
};

#endif
