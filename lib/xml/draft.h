/* SPDX-License-Identifier: MIT */
/*
 * A letter document (urn:datenbrief:letter:1) in memory, as a template makes
 * it and the letter reader takes it. It has a thousand nodes that are read
 * once, so they are small, lie together and know their words by number.
 * What is read from a file is turned into one; to be written it becomes an
 * XML tree again.
 *
 * A draft belongs to its caller: begin with { 0 }, end with dbi_draft_dispose.
 * It is used for one letter after the other.
 */
#ifndef DBI_DRAFT_H
#define DBI_DRAFT_H

#include <stdint.h>

#include "util/arena.h"
#include "xml/letter_words.h"
#include "xml/xmlio.h"

struct dbi_draft_attr {
	const struct dbi_draft_attr *next;
	const char *name, *value;
	enum dbi_attr word;              /* COUNT: none of the form */
};

struct dbi_draft_node {
	struct dbi_draft_node *next, *parent;
	const char *name;                /* NULL: a text, never empty, and there are no two in a row */
	union {
		const struct dbi_draft_attr *attrs;
		const char *text;        /* NUL-terminated */
	};
	union {
		struct dbi_draft_node *first;
		size_t len;
	};
	struct dbi_draft_node *last;     /* child of an element */
	uint32_t line, column;           /* of the start tag in the file; 0: unknown */
	uint8_t tag;                     /* enum dbi_tag; COUNT: a text, or an element not of the form */
};

struct dbi_draft_block;
struct dbi_draft {
	struct dbi_arena arena;          /* of texts and attributes */
	const char *name;                /* of the file, "" for none */
	struct dbi_draft_node *root;
	struct dbi_draft_block *blocks, *block; /* nodes allocated together; those at work, NULL: none yet */
	size_t used, n_blocks;           /* of the block at work; all */
};

/* Empties it for the next letter: what the old one held is wiped, its memory is used again. Nodes hold nothing themselves. */
void dbi_draft_clear(struct dbi_draft *d);
/* The same; memory beyond `keep` bytes is given back. */
void dbi_draft_trim(struct dbi_draft *d, size_t keep);
void dbi_draft_dispose(struct dbi_draft *d);

/* ---- building: NULL when out of memory; names, texts and values are borrowed ---- */
/* Parent NULL: the root of an empty draft. `name` is that of the tag, unless this is COUNT. */
struct dbi_draft_node *dbi_draft_add(struct dbi_draft *d, struct dbi_draft_node *parent, const char *name, enum dbi_tag tag);
struct dbi_draft_node *dbi_draft_add_text(struct dbi_draft *d, struct dbi_draft_node *parent, const char *text, size_t len);
/* Behind the other attributes; the name must not be there yet. */
struct dbi_draft_attr *dbi_draft_set(struct dbi_draft *d, struct dbi_draft_node *n, const char *name, enum dbi_attr word, const char *value);

/* ---- walking ---- */
static inline bool dbi_draft_is_text(const struct dbi_draft_node *n)
{
	return !n->name;
}

static inline bool dbi_draft_is(const struct dbi_draft_node *n, enum dbi_tag tag)
{
	return n->tag == (uint8_t)tag;
}

/* Content of a text, or of an element with only text; "" when empty, NULL when it has child elements. */
static inline const char *dbi_draft_text(const struct dbi_draft_node *n)
{
	const struct dbi_draft_node *child;

	if (!n->name)
		return n->text;
	child = n->first;
	return !child ? "" : child->name || child->next ? NULL : child->text;
}

static inline const char *dbi_draft_attr(const struct dbi_draft_node *n, enum dbi_attr word)
{
	const struct dbi_draft_attr *a = n->name ? n->attrs : NULL;

	while (a && a->word != word)
		a = a->next;
	return a ? a->value : NULL;
}

/* Appends all text in it. */
void dbi_draft_string(const struct dbi_draft_node *n, struct dbi_buf *out);
/* "file:line:column" of an element's start tag, for a text of that around it. */
void dbi_draft_place(const struct dbi_draft *d, const struct dbi_draft_node *n, char out[128]);

/* ---- from and to XML; errors are those of memory ---- */
/* Copies a whole document, whose namespace was stripped, with its places. */
int dbi_draft_from_xml(struct dbi_draft *d, const dbi_xml_doc *doc, struct dbrief_error *err);
/* As dbi_xml_write. */
int dbi_draft_write(const struct dbi_draft *d, const char *ns, bool indent, struct dbi_buf *out, struct dbrief_error *err);

#endif
