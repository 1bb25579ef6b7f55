/* SPDX-License-Identifier: MIT */
/* Inside of the letter reader: the vocabulary and what its files share. */
#ifndef DBI_LETTER_READ_H
#define DBI_LETTER_READ_H

#include "letter/letter.h"

enum dbi_tag {
	DBI_TAG_A, DBI_TAG_B, DBI_TAG_BAR, DBI_TAG_BODY, DBI_TAG_BOX, DBI_TAG_BR, DBI_TAG_CAPTION, DBI_TAG_CHART,
	DBI_TAG_CHECKBOX, DBI_TAG_CLOSING, DBI_TAG_COLUMN, DBI_TAG_DD, DBI_TAG_DL, DBI_TAG_DT, DBI_TAG_FOOTER, DBI_TAG_H1,
	DBI_TAG_H2, DBI_TAG_H3, DBI_TAG_HR, DBI_TAG_I, DBI_TAG_IMG, DBI_TAG_INFO_BLOCK, DBI_TAG_ITEM, DBI_TAG_KEEP,
	DBI_TAG_LETTER, DBI_TAG_LETTERHEAD, DBI_TAG_LI, DBI_TAG_LINE, DBI_TAG_OL, DBI_TAG_P, DBI_TAG_PAGE_BREAK,
	DBI_TAG_PAGE_LABEL, DBI_TAG_QR, DBI_TAG_RECIPIENT, DBI_TAG_REMARK, DBI_TAG_REPLY_SLIP, DBI_TAG_RETURN_ADDRESS,
	DBI_TAG_SALUTATION, DBI_TAG_SPAN, DBI_TAG_STYLE, DBI_TAG_SUBJECT, DBI_TAG_TABLE, DBI_TAG_TBODY, DBI_TAG_TD,
	DBI_TAG_TFOOT, DBI_TAG_TH, DBI_TAG_THEAD, DBI_TAG_TR, DBI_TAG_UL, DBI_TAG_COUNT
};

enum dbi_attr {
	DBI_ATTR_ALT, DBI_ATTR_CASE, DBI_ATTR_CLASS, DBI_ATTR_COLSPAN, DBI_ATTR_DATA, DBI_ATTR_DUPLEX, DBI_ATTR_FORM, DBI_ATTR_HEIGHT,
	DBI_ATTR_HREF, DBI_ATTR_INSERTER, DBI_ATTR_LABEL, DBI_ATTR_LANG, DBI_ATTR_MARKS, DBI_ATTR_PROFILE, DBI_ATTR_ROLE, DBI_ATTR_ROWSPAN, DBI_ATTR_SRC, DBI_ATTR_START, DBI_ATTR_STYLE,
	DBI_ATTR_TEXT, DBI_ATTR_TITLE, DBI_ATTR_VALUE, DBI_ATTR_WIDTH, DBI_ATTR_COUNT
};

enum dbi_tag_kind { DBI_KIND_PART, DBI_KIND_BLOCK, DBI_KIND_INLINE, DBI_KIND_INNER }; /* INNER: only inside its own parent */

struct dbi_attrs { const char *v[DBI_ATTR_COUNT]; };

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

struct dbi_reader {
	struct dbi_arena *arena;
	const dbi_xml_doc *doc;
	dbi_stylesheet *sheet;
	int status;              /* of errors */
	struct dbrief_error *err;
	struct dbi_letter *letter;
	unsigned n_links;
	bool copy_failed;        /* memory ran out for a copy; the letter is refused at the end */
	const char *part;        /* of the letter, as given to the stylesheet */
	const char *sheet_part;  /* what the stylesheet was given last: the part, or head or foot of a table */
	struct dbi_found_style found[DBI_FOUND_STYLES];
	const struct dbi_house *house; /* or NULL */
	const char *folder;      /* of pictures in what is read now; NULL: the letter's */
};

/* Tag of an element; an unknown name is an error. */
int dbi_read_tag(struct dbi_reader *r, const dbi_xml_node *n, enum dbi_tag *tag);
enum dbi_tag_kind dbi_tag_kind(enum dbi_tag tag);
/* The attributes of an element, each checked against what its tag takes. */
int dbi_read_attrs(struct dbi_reader *r, const dbi_xml_node *n, enum dbi_tag tag, struct dbi_attrs *attrs);
/* Records an error at an element. Never a value in the text: names and numbers only. */
int dbi_read_error(struct dbi_reader *r, const dbi_xml_node *n, const char *fmt, ...) DBI_PRINTF(3, 4);
int dbi_read_memory(struct dbi_reader *r);
/* "<x> cannot stand in <y>" with what may. */
int dbi_read_misplaced(struct dbi_reader *r, const dbi_xml_node *n, const char *allowed);
/* The part that styles are found for from now on. Not copied. */
void dbi_read_set_part(struct dbi_reader *r, const char *part);
int dbi_read_style(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_style *parent, const char *element,
    const struct dbi_attrs *attrs, const struct dbi_style **style);
/* A length attribute; 0 when absent. `em` is the font size. */
int dbi_read_length(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_attrs *attrs, enum dbi_attr attr,
    dbi_len em, dbi_len *out);
int dbi_read_count(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_attrs *attrs, enum dbi_attr attr,
    unsigned max, unsigned *out);
/* Line for messages about the letter; 0 for what the house style says, which is another file. */
long dbi_read_line(const struct dbi_reader *r, const dbi_xml_node *n);
char *dbi_read_copy(struct dbi_reader *r, const char *s); /* NULL gives NULL; out of memory is remembered */
bool dbi_text_blank(const char *s);

/* Inline content of n's children from `from` on, up to a block or the end; *stop is where it ended, NULL at the end. */
int dbi_read_inline(struct dbi_reader *r, const dbi_xml_node *parent, dbi_xml_node *from, const struct dbi_style *style,
    struct dbi_span **spans, dbi_xml_node **stop);
/* Block content of an element. `inline_ok`: text may stand there as such and becomes P blocks. */
int dbi_read_blocks(struct dbi_reader *r, const dbi_xml_node *parent, const struct dbi_style *style, bool inline_ok,
    struct dbi_block **blocks);
/* P, H*, or any element that holds only inline content. */
int dbi_read_paragraph(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_style *parent, const char *element,
    enum dbi_tag tag, enum dbi_block_kind kind, struct dbi_block **block);
int dbi_read_table(struct dbi_reader *r, const dbi_xml_node *n, struct dbi_block *block);

#endif
