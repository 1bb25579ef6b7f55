/* SPDX-License-Identifier: MIT */
/*
 * The expressions that letters use hundreds of times, evaluated natively:
 *
 *   path      .  ..  @a  name/name  name[test][test]/@b  $var  $var[test][1]/name  /name  //name  t:current()/@a
 *   nodes     path, path | path, and as a whole (path | path)[last()]
 *   test      nodes, path = path, = text, = number (also != < <= > >=), and, or, not(), contains(), starts-with(), true(), false()
 *   number    1, count(nodes), sum(nodes) of whole numbers, string-length(path), position(), last(), number(path or text), + and -,
 *             and, where a number is asked for, translate(path or text, 'text', 'text')
 *   text      'text', string(path), substring-before(path or text, path or text), substring-after()
 *   value     t:name(path, text, number, test) as a whole
 *
 * Everything else is libxml2's. Both give equal results.
 */
#ifndef DBI_XPATH_FAST_H
#define DBI_XPATH_FAST_H

#include "xml/xpath.h"

struct dbi_xpath_fast;

struct dbi_xpath_scope {
	dbi_xpath_var var;
	void *user;
	const struct dbi_xpath_function *functions;
	size_t position, size;
	bool has_current; /* there is a function t:current(): the node of this evaluation */
};

/* NULL when the expression is of another form, or memory is short. */
struct dbi_xpath_fast *dbi_xpath_fast_compile(const char *text);
void dbi_xpath_fast_free(struct dbi_xpath_fast *fast);
/* *done false: libxml2 must evaluate this one (kind of a variable, set of unrelated nodes, too many steps); *out is untouched. */
int dbi_xpath_fast_eval(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_xvalue *out, bool *done, struct dbrief_error *err);
/* The result as a truth, and the text of its first node, without a copy of the result. */
int dbi_xpath_fast_test(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node, bool *yes,
    bool *done, struct dbrief_error *err);
int dbi_xpath_fast_text(const struct dbi_xpath_fast *fast, const struct dbi_xpath_scope *scope, dbi_xml_node *node,
    struct dbi_buf *out, struct dbi_xtext *lent, bool *hit, bool *done, struct dbrief_error *err);

/* For tests: whether an expression goes this way, and to make it go the other. */
bool dbi_xpath_is_fast(const dbi_xpath *xp);
void dbi_xpath_make_slow(dbi_xpath *xp);

#endif
