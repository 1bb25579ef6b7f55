/* SPDX-License-Identifier: MIT */
/* The state of reading an expression: xpath_fast_lex.c takes words, xpath_fast_path.c paths, xpath_fast_read.c the rest. */
#ifndef DBI_XPATH_FAST_READER_H
#define DBI_XPATH_FAST_READER_H

#include "xml/xpath_fast_tree.h"

#define DBI_FAST_MAX_NODES 96

struct dbi_fast_reader {
	const char *at;
	struct dbi_xpath_fast *f;
	char *free;      /* where the next name goes */
	unsigned depth;  /* of brackets */
	unsigned inside; /* of conditions: there position() means something else */
};

static inline struct dbi_fast_node *dbi_fast_node_at(struct dbi_fast_reader *r, uint16_t i)
{
	return &r->f->nodes[i];
}

void dbi_fast_skip_blanks(struct dbi_fast_reader *r);
bool dbi_fast_take(struct dbi_fast_reader *r, const char *token);
/* A word that is an operator, standing alone. */
bool dbi_fast_take_word(struct dbi_fast_reader *r, const char *word);
/* "name(" of a function, blanks allowed before the bracket. */
bool dbi_fast_take_call(struct dbi_fast_reader *r, const char *name);
/* "t:name(" of an extension function; NULL when there is none. */
const char *dbi_fast_take_extension(struct dbi_fast_reader *r);
/* A plain name; NULL when there is none. */
const char *dbi_fast_take_name(struct dbi_fast_reader *r);
/* A copy that lives as long as the expression, in whole blocks as the names of documents. */
const char *dbi_fast_keep(struct dbi_fast_reader *r, const char *s, size_t n);

/* "[last()]" or "[1]", as words up to NULL, behind all other conditions. */
extern const char *const dbi_fast_only_last[];
bool dbi_fast_take_end(struct dbi_fast_reader *r, const char *const *words);

/* Each gives the index of a new node; 0: not understood, or too long. */
uint16_t dbi_fast_add(struct dbi_fast_reader *r, enum dbi_fast_kind kind);
uint16_t dbi_fast_read_or(struct dbi_fast_reader *r);
uint16_t dbi_fast_read_path(struct dbi_fast_reader *r);

#endif
