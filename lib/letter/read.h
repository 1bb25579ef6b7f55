/* SPDX-License-Identifier: MIT */
/* Inside of the letter reader: the vocabulary and what its files share. */
#ifndef DBI_LETTER_READ_H
#define DBI_LETTER_READ_H

#include "letter/letter.h"

enum dbi_tag_kind { DBI_KIND_PART, DBI_KIND_BLOCK, DBI_KIND_INLINE, DBI_KIND_INNER }; /* INNER: only inside its own parent */

/*
 * A style found before. Words are compared by place: those of the documents
 * and of the program stay where they are while a letter is read.
 */
struct dbi_found_style {
	const struct dbi_style *parent;
	const char *part, *element, *classes, *css;
	const struct dbi_style *style;
};
#define DBI_FOUND_STYLES 64
#define DBI_FOUND_TRIES 4

/* The style found last for an element without attributes. */
struct dbi_bare_style {
	const struct dbi_style *parent;
	const char *part;
	const struct dbi_style *style;
};

struct dbi_reader {
	struct dbi_arena *arena;
	const struct dbi_draft *doc;
	dbi_stylesheet *sheet;
	int status;              /* of errors */
	struct dbrief_error *err;
	struct dbi_letter *letter;
	const char *part;        /* of the letter, as given to the stylesheet */
	const char *sheet_part;  /* what the stylesheet was given last: the part, or head or foot of a table */
	struct dbi_found_style found[DBI_FOUND_STYLES];
	struct dbi_bare_style bare[DBI_TAG_COUNT + 1]; /* by tag; the last one: a block that nobody wrote */
	const struct dbi_house *house; /* or NULL */
	const char *folder;      /* of pictures in what is read now; NULL: the letter's */
};

/* Tag of an element; an unknown name is an error. */
int dbi_read_tag(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag *tag);
enum dbi_tag_kind dbi_tag_kind(enum dbi_tag tag);
/* Each attribute of an element against what its tag takes. */
int dbi_check_own_attrs(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag);
static inline int dbi_check_attrs(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag)
{
	return n->attrs ? dbi_check_own_attrs(r, n, tag) : DBRIEF_OK;
}
/* Records an error at an element. Never a value in the text: names and numbers only. */
int dbi_read_error(struct dbi_reader *r, const struct dbi_draft_node *n, const char *fmt, ...) DBI_PRINTF(3, 4);
int dbi_read_memory(struct dbi_reader *r);
/* "<x> cannot stand in <y>" with what may. */
int dbi_read_misplaced(struct dbi_reader *r, const struct dbi_draft_node *n, const char *allowed);
/* The part that styles are found for from now on. Not copied. */
void dbi_read_set_part(struct dbi_reader *r, const char *part);
int dbi_read_style(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent, const char *element,
    const struct dbi_draft_attr *attrs, const struct dbi_style **style);
/* The same of rows and cells, which mostly have no attributes, and of the block that nobody wrote, tag COUNT. */
static inline int dbi_read_bare_style(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent,
    enum dbi_tag tag, const struct dbi_style **style)
{
	struct dbi_bare_style *b = &r->bare[tag];
	int status;

	if (b->parent == parent && b->part == r->sheet_part) {
		*style = b->style;
		return DBRIEF_OK;
	}
	status = dbi_read_style(r, n, parent, tag == DBI_TAG_COUNT ? "" : dbi_tag_names[tag], NULL, style);
	if (status == DBRIEF_OK)
		*b = (struct dbi_bare_style){ parent, r->sheet_part, *style };
	return status;
}

/* A length attribute; 0 when absent. `em` is the font size. */
int dbi_read_length(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_attr attr,
    dbi_len em, dbi_len *out);
int dbi_read_count(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_attr attr,
    unsigned max, unsigned *out);
/* Line for messages about the letter; 0 for what the house style says, which is another file. */
long dbi_read_line(const struct dbi_reader *r, const struct dbi_draft_node *n);
static inline bool dbi_text_blank(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	return !*s;
}

/* Inline content from `from` on among its siblings, up to a block or the end; *stop is where it ended, NULL at the end. */
int dbi_read_inline(struct dbi_reader *r, const struct dbi_draft_node *from, const struct dbi_style *style, struct dbi_span **spans,
    const struct dbi_draft_node **stop);
/* What stands in a cell, whose style is known: text or blocks. */
int dbi_read_cell_content(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_cell *c);
/* Block content of an element. `inline_ok`: text may stand there as such and becomes P blocks. */
int dbi_read_blocks(struct dbi_reader *r, const struct dbi_draft_node *parent, const struct dbi_style *style, bool inline_ok,
    struct dbi_block **blocks);
/* P, H*, or any element that holds only inline content. */
int dbi_read_paragraph(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent, const char *element,
    enum dbi_tag tag, enum dbi_block_kind kind, struct dbi_block **block);
int dbi_read_table(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_block *block);

#endif
