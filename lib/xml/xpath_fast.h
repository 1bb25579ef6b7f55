/* SPDX-License-Identifier: MIT */
/*
 * The expressions that letters use hundreds of times, evaluated natively:
 *
 *   path      .  @a  name/name  name[@a='x']/@b  name[@a=$var/@b]  $var/name  /name  $var
 *   test      path = 'text', path != 'text', not(path)
 *   number    count(path)
 *
 * Everything else is libxml2's. Both give equal results.
 */
#ifndef DBI_XPATH_FAST_H
#define DBI_XPATH_FAST_H

#include "xml/xpath.h"

struct dbi_xpath_fast;

/* NULL when the expression is of another form, or memory is short. */
struct dbi_xpath_fast *dbi_xpath_fast_compile(const char *text);
void dbi_xpath_fast_free(struct dbi_xpath_fast *fast);
/* *done false: libxml2 must evaluate this one (undefined variable, set of unrelated nodes). */
int dbi_xpath_fast_eval(const struct dbi_xpath_fast *fast, dbi_xpath_var var, void *user, dbi_xml_node *node,
    struct dbi_xvalue *out, bool *done, struct dbrief_error *err);

/* For tests: whether an expression goes this way, and to make it go the other. */
bool dbi_xpath_is_fast(const dbi_xpath *xp);
void dbi_xpath_make_slow(dbi_xpath *xp);

#endif
