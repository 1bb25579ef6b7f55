/* SPDX-License-Identifier: MIT */
/*
 * Templates (urn:datenbrief:template:1): loaded and checked once, immutable;
 * evaluated per thread over a model tree into a letter document.
 *
 * The language never reads files, opens sockets or loops without end. A select
 * that finds nothing is an error with file:line:column unless `default` is
 * given. Data never becomes markup or expression.
 */
#ifndef DBI_TEMPLATE_H
#define DBI_TEMPLATE_H

#include "xml/draft.h"
#include "xml/xmlio.h"
#include "util/env.h"

typedef struct dbi_template dbi_template;           /* shared */
typedef struct dbi_template_eval dbi_template_eval; /* one thread: compiled expressions, context */

/* FATAL, cause TEMPLATE or XML, "file:line:column: what; what to do". */
int dbi_template_load(dbi_template **tmpl, const char *path, struct dbrief_error *err);
void dbi_template_free(dbi_template *tmpl);
const char *dbi_template_lang(const dbi_template *tmpl);
const char *dbi_template_path(const dbi_template *tmpl);
const char *dbi_template_folder(const dbi_template *tmpl);  /* where pictures and includes lie */
const char *dbi_template_name(const dbi_template *tmpl);    /* its title, "" when it has none */
/* What letters a template makes: with all data, a short one that offers them, or one that nothing is held. */
enum dbi_template_kind { DBI_TEMPLATE_FULL, DBI_TEMPLATE_SHORT, DBI_TEMPLATE_NOTHING };
enum dbi_template_kind dbi_template_kind(const dbi_template *tmpl);
unsigned dbi_template_readability(const dbi_template *tmpl); /* threshold of checks, 0: none */
/* Does an element of the template itself, not of the data, give this attribute this value? */
bool dbi_template_writes(const dbi_template *tmpl, const char *element, const char *attr, const char *value);
const char *dbi_template_hash(const dbi_template *tmpl);    /* SHA-256 of all its files, hex */

/*
 * Every expression, in document order, for checks of paths against a model's
 * schema. `context` is the select of the t:for-each around it, which sets the
 * context node, NULL for the model element; each variable names the expression
 * it stands for.
 */
struct dbi_template_xpath {
	const char *text;
	const char *place;                        /* "file:line:column" */
	const struct dbi_template_xpath *context;
	const struct dbi_template_var *vars;      /* those used in text */
	size_t n_vars;
	bool must_find;                           /* a node set that finds nothing is an error */
	size_t index;                             /* 0.. in the order of the calls */
};
struct dbi_template_var {
	const char *name;
	unsigned slot;
	const struct dbi_template_xpath *value;
	bool item;                                /* one node of the value: `as` of t:for-each */
};
/* Stops at and returns the first non-zero result. */
int dbi_template_each_xpath(const dbi_template *tmpl, int (*each)(void *ctx, const struct dbi_template_xpath *xp), void *ctx);

/*
 * The program in document order, for checks: each element of the letter with
 * its constant role ("" when it has none), texts, and expressions. A file
 * included twice is seen twice. Stops at and returns the first non-zero result.
 */
struct dbi_template_visitor {
	int (*enter)(void *ctx, const char *element, const char *role, const char *place);
	int (*leave)(void *ctx, const char *element);
	int (*text)(void *ctx, const char *s, size_t len);
	int (*select)(void *ctx, const struct dbi_template_xpath *xp);
};
int dbi_template_walk(const dbi_template *tmpl, const struct dbi_template_visitor *v, void *ctx);

int dbi_template_eval_new(dbi_template_eval **ev, const dbi_template *tmpl, const struct dbi_env *env, struct dbrief_error *err);
void dbi_template_eval_free(dbi_template_eval *ev);
/* Fills the template from a model tree. The letter borrows from both. FAILED for this letter, which is empty then. */
int dbi_template_run(dbi_template_eval *ev, const dbi_xml_doc *model, struct dbi_draft *letter, struct dbrief_error *err);

#endif
