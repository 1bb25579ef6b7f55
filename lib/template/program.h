/* SPDX-License-Identifier: MIT */
/*
 * A template in memory: a tree of instructions in one arena, never changed
 * after loading. Private to lib/template.
 */
#ifndef DBI_TEMPLATE_PROGRAM_H
#define DBI_TEMPLATE_PROGRAM_H

#include "template/template.h"
#include "util/arena.h"
#include "xml/xpath.h"

#define DBI_TEMPLATE_NS "urn:datenbrief:template:1"
#define DBI_LETTER_NS "urn:datenbrief:letter:1"
#define DBI_MAX_TEMPLATE_DEPTH 256   /* nesting of elements through all includes; bounds the recursion */
#define DBI_MAX_TEMPLATE_SLOTS 10000 /* variables of a template */

/* A piece of an attribute value: text, or an expression. */
struct dbi_avt {
	const char *text;
	size_t len;
	const struct dbi_template_xpath *xpath; /* NULL: text */
	const struct dbi_avt *next;
};

struct dbi_op_attr {
	const char *name;
	enum dbi_attr word;          /* COUNT: none of the letter's */
	const char *constant;        /* NULL: put together from parts */
	const struct dbi_avt *parts;
	const struct dbi_op_attr *next;
};

struct dbi_sort_key {
	const struct dbi_template_xpath *select;
	bool number, descending;
	const struct dbi_sort_key *next;
};

enum dbi_op_kind {
	DBI_OP_TEXT,     /* text, len */
	DBI_OP_ELEMENT,  /* name, attrs (lang first), first */
	DBI_OP_VALUE,    /* select, fallback */
	DBI_OP_FOR,      /* select, sorts, slot, first; len: at most so many nodes, 0: all */
	DBI_OP_IF,       /* select, first */
	DBI_OP_CHOOSE,   /* first: DBI_OP_IF, the last one perhaps without select */
	DBI_OP_VARIABLE  /* select, slot */
};
#define DBI_NO_SLOT UINT32_MAX

struct dbi_op {
	enum dbi_op_kind kind;
	uint32_t slot;
	enum dbi_tag tag;                        /* of an element; COUNT: none of the letter's */
	const char *name;                        /* of an element; text; fallback of a value (NULL: strict) */
	size_t len;
	const char *place;                       /* elements and values only */
	const struct dbi_template_xpath *select;
	const struct dbi_op_attr *attrs;
	const struct dbi_draft_attr *constant;   /* the attributes, when they are the same in every letter */
	bool simple;                             /* an element that holds one text or value alone */
	const struct dbi_sort_key *sorts;
	struct dbi_op *first, *next;
};

struct dbi_template {
	struct dbi_arena arena;
	const char *path, *folder, *lang, *name;
	enum dbi_template_kind kind;
	char hash[65];
	unsigned readability;
	struct dbi_op *program;
	struct dbi_template_xpath **xpaths;      /* by index */
	size_t n_xpaths, cap_xpaths;
	unsigned n_slots;
};

/* ---- check.c: what may stand where ---- */
struct dbi_attr_rule { const char *name; bool required; };
#define DBI_MAX_RULE_ATTRS 6
struct dbi_element_rule { const char *name; struct dbi_attr_rule attrs[DBI_MAX_RULE_ATTRS]; };
/* The rule of an instruction by its local name; NULL when there is none. */
const struct dbi_element_rule *dbi_template_rule(const char *name);
/* Checks the attributes of a t: element. */
int dbi_template_check_attrs(const struct dbi_element_rule *rule, const dbi_xml_node *n, const char *place, struct dbrief_error *err);
int dbi_template_unknown(const dbi_xml_node *n, const char *place, struct dbrief_error *err);
/* "; did you mean X?" for the candidate nearest to word, else `otherwise`. NULL ends the candidates. */
void dbi_template_suggest(char out[96], const char *prefix, const char *word, const char *const *candidates, const char *otherwise);
bool dbi_template_is_name(const char *s); /* a name for a variable */

/* ---- func.c ---- */
extern const struct dbi_xpath_function dbi_template_functions[];

/* ---- expr.c: expressions in their scope ---- */
struct dbi_load;
struct dbi_scope {
	struct dbi_template_var var;
	const struct dbi_scope *outer;
};
struct dbi_expr_env {
	dbi_template *tmpl;
	const char *place;                        /* of the element */
	const struct dbi_scope *scope;
	const struct dbi_template_xpath *context;
	struct dbrief_error *err;
	const struct dbi_load *load;              /* where texts are looked up */
};
/* Checks an expression and adds it to the template. `attr` names the attribute it stands in. */
int dbi_expr_add(struct dbi_expr_env *env, const char *attr, const char *text, size_t len, bool must_find,
    const struct dbi_template_xpath **out);
/* Takes an attribute's value apart. */
int dbi_avt_parse(struct dbi_expr_env *env, const char *attr, const char *value, struct dbi_op_attr *out);

/* ---- load.c: the files ---- */
/* Opens an included file by its plain name; the loader keeps the document. Every enter that is OK needs its leave. */
int dbi_load_enter(struct dbi_load *l, const char *href, const char *place, const dbi_xml_doc **doc, struct dbrief_error *err);
void dbi_load_leave(struct dbi_load *l);
/* Reads the files of texts that the root names; the loader keeps them. */
int dbi_load_texts(struct dbi_load *l, const char *names, const char *place, struct dbrief_error *err);
const struct dbi_texts *dbi_load_texts_of(const struct dbi_load *l);

/* ---- texts.c: the texts of a language, by key ---- */
#define DBI_MAX_TEXT_FILES 8
struct dbi_texts {
	struct dbi_text_entry { const char *key; const dbi_xml_doc *doc; const dbi_xml_node *node; } *list;
	size_t n, cap;
	size_t n_files;
};
/* Takes in the texts of one file; those of an earlier file win. */
int dbi_texts_add(struct dbi_texts *t, const dbi_xml_doc *doc, struct dbrief_error *err);
void dbi_texts_dispose(struct dbi_texts *t);
/* FATAL when there is no such text, at `place`, which asks for it. */
int dbi_texts_find(const struct dbi_texts *t, const char *key, const char *place, const struct dbi_text_entry **entry,
    struct dbrief_error *err);

/* ---- compile.c ---- */
int dbi_template_compile(dbi_template *tmpl, const dbi_xml_doc *doc, struct dbi_load *load, struct dbrief_error *err);

#endif
