/* SPDX-License-Identifier: MIT */
/*
 * The libxml2 door for XPath 1.0: checked at load, compiled again per thread,
 * evaluated with an operation limit, every result copied out.
 *
 * Variables and extension functions are seen through small callbacks, so that
 * no libxml2 type leaves this door. Function names carry the prefix "t:".
 */
#ifndef DBI_XPATH_H
#define DBI_XPATH_H

#include "xml/xmlio.h"

typedef struct dbi_xpath dbi_xpath;         /* one compiled expression, one thread */
typedef struct dbi_xpath_ctx dbi_xpath_ctx; /* evaluation context, one thread */

enum dbi_xvalue_kind { DBI_X_STRING, DBI_X_NUMBER, DBI_X_BOOLEAN, DBI_X_NODES };

/* A result or argument. Strings and arrays belong to the value: end with dbi_xvalue_dispose. */
struct dbi_xvalue {
	enum dbi_xvalue_kind kind;
	char *string;
	double number;
	bool boolean;
	dbi_xml_node **nodes; /* document order */
	size_t n;
};
void dbi_xvalue_dispose(struct dbi_xvalue *v);
/* XPath string() of a value; numbers that are NaN or infinite are FAILED. */
int dbi_xvalue_string(const struct dbi_xvalue *v, struct dbi_buf *out, struct dbrief_error *err);
bool dbi_xvalue_true(const struct dbi_xvalue *v);
int dbi_xvalue_copy(struct dbi_xvalue *to, const struct dbi_xvalue *from);

/* An extension function: fills *out, or returns FAILED with err set. */
typedef int (*dbi_xpath_fn)(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err);
struct dbi_xpath_function {
	const char *name;              /* without prefix: "date" */
	dbi_xpath_fn fn;
	unsigned min_args, max_args;   /* checked at compile time by the caller, at run time here */
};
/* Value of a variable, or NULL when there is none: borrowed. */
typedef const struct dbi_xvalue *(*dbi_xpath_var)(void *user, const char *name);

/* `functions` ends with a NULL name; one called "current" must give the node of the evaluation. `user` goes to functions and variables. */
int dbi_xpath_ctx_new(dbi_xpath_ctx **ctx, const struct dbi_xpath_function *functions, dbi_xpath_var var, void *user,
    struct dbrief_error *err);
void dbi_xpath_ctx_free(dbi_xpath_ctx *ctx);

/* Syntax check and compilation. FATAL, cause TEMPLATE; *column is the offset in text of the fault (0-based). */
int dbi_xpath_compile(dbi_xpath **xp, const char *text, size_t *column, struct dbrief_error *err);
void dbi_xpath_free(dbi_xpath *xp);
/* Evaluates with `node` as context node; position and size are 1-based values of position() and last(). */
int dbi_xpath_eval(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_xvalue *out, struct dbrief_error *err);

/* As dbi_xpath_eval, without copying the result: as a truth; as text of its value or first node, *found false when there is no node. */
int dbi_xpath_test(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size, bool *yes,
    struct dbrief_error *err);
int dbi_xpath_text(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_buf *out, bool *found, struct dbrief_error *err);
/* A text that stands in a tree; text NULL: none. */
struct dbi_xtext {
	const char *text;
	size_t len;
};
/*
 * Of the plainest expressions, "." and "@a", which letters consist of: the text that one node holds. False: another
 * expression, or a text put together of several nodes.
 */
bool dbi_xpath_lend_plain(const dbi_xpath *xp, const dbi_xml_node *node, struct dbi_xtext *lent, bool *found);
/* As dbi_xpath_text, but a text that one node holds is lent by that node instead of appended. */
int dbi_xpath_lend(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_buf *out, struct dbi_xtext *lent, bool *found, struct dbrief_error *err);

/* Names used by an expression, for checks at load: calls `each` with kind 'f' (function with prefix), 'v' (variable), 'e' (element name test), 'a' (attribute name test). */
int dbi_xpath_names(const char *text, int (*each)(void *ctx, char kind, const char *name, size_t args), void *ctx);

#endif
