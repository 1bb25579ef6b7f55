/* SPDX-License-Identifier: MIT */
/* The state of one compilation, shared by compile.c, instruction.c and blank.c. */
#ifndef DBI_TEMPLATE_COMPILE_H
#define DBI_TEMPLATE_COMPILE_H

#include "template/program.h"

struct dbi_compile {
	dbi_template *tmpl;
	const dbi_xml_doc *doc;                   /* the file being read */
	struct dbi_load *load;
	struct dbrief_error *err;
	const struct dbi_scope *scope;
	const struct dbi_template_xpath *context; /* select of the t:for-each around */
	unsigned depth;
	bool inside;                              /* inside the letter element */
	bool page_label;                          /* its text writes {{page}} for {page} */
	bool in_text;                             /* inside a text found by its key */
};
struct dbi_op_list { struct dbi_op *first, **tail; };

/* ---- compile.c ---- */
/* Compiles the children of n from `from` on. Variables set among them end with them. */
int dbi_compile_children(struct dbi_compile *c, const dbi_xml_node *n, const dbi_xml_node *from, struct dbi_op_list *list);
int dbi_compile_fault(struct dbi_compile *c, const char *place, const char *what);
const char *dbi_compile_place(struct dbi_compile *c, const dbi_xml_node *n); /* kept with the template */
struct dbi_op *dbi_compile_add(struct dbi_compile *c, struct dbi_op_list *list, enum dbi_op_kind kind, const char *place);
int dbi_compile_add_text(struct dbi_compile *c, const char *s, struct dbi_op_list *list);
bool dbi_is_instruction(const dbi_xml_node *n, const char *name);
bool dbi_is_own(const dbi_xml_node *n); /* any t: element */

/* ---- blank.c ---- */
bool dbi_is_blank(const char *s);
/* Is this text of only white space a space between words, to be kept? `first` is the first child in question. */
bool dbi_keeps_blank(const dbi_xml_node *parent, const dbi_xml_node *text, const dbi_xml_node *first);

/* ---- instruction.c ---- */
int dbi_compile_instruction(struct dbi_compile *c, const dbi_xml_node *n, struct dbi_op_list *list);

#endif
