/* SPDX-License-Identifier: MIT */
/* Inside of the stylesheet: declarations, rules and the parser of CSS text. */
#ifndef DBI_LETTER_STYLE_RULES_H
#define DBI_LETTER_STYLE_RULES_H

#include "letter/style.h"

enum dbi_prop {
	DBI_PROP_FAMILY, DBI_PROP_SIZE, DBI_PROP_WEIGHT, DBI_PROP_SLANT, DBI_PROP_LEADING, DBI_PROP_COLOR,
	DBI_PROP_BACKGROUND, DBI_PROP_ALIGN, DBI_PROP_DECORATION, DBI_PROP_INDENT, DBI_PROP_HYPHENS,
	DBI_PROP_WHITE_SPACE, DBI_PROP_WIDTH, DBI_PROP_VALIGN, DBI_PROP_BREAK_INSIDE, DBI_PROP_BREAK_BEFORE,
	DBI_PROP_BREAK_AFTER, DBI_PROP_WIDOWS, DBI_PROP_ORPHANS, DBI_PROP_MARKER,
	DBI_PROP_MARGIN,                         /* four sides each: top right bottom left */
	DBI_PROP_PADDING = DBI_PROP_MARGIN + 4,
	DBI_PROP_BORDER = DBI_PROP_PADDING + 4,
	DBI_PROP_COUNT = DBI_PROP_BORDER + 4
};

enum dbi_css_unit { DBI_CSS_LEN, DBI_CSS_EM, DBI_CSS_PERCENT, DBI_CSS_NUMBER, DBI_CSS_KEY, DBI_CSS_AUTO };

struct dbi_decl {
	uint8_t prop;        /* enum dbi_prop */
	uint8_t unit;        /* enum dbi_css_unit of value */
	int32_t value;       /* 1/1000 of the unit, or the keyword's number */
	uint32_t color;      /* COLOR, BACKGROUND, BORDER */
	const char *text;    /* MARKER: text; FAMILY: names by comma */
};

struct dbi_rule {
	const char *part, *element, *cls;        /* "" where not asked for */
	const struct dbi_decl *decls;
	size_t n;
	unsigned order;
	struct dbi_rule *next;                   /* in the same bucket */
};

/* The default look: rules without order and next. */
extern const struct dbi_rule dbi_style_defaults[];
extern const size_t dbi_style_n_defaults;

/* Reads "name: value; ..." up to len; *end is where reading stopped at '}' or the end. */
int dbi_css_declarations(struct dbi_arena *arena, const char *css, size_t len, size_t *end,
    const struct dbi_decl **decls, size_t *n, struct dbrief_error *err);
/* The length of white space and comments at css. */
size_t dbi_css_blank(const char *css, size_t len);
/* The entry of a list that resembles `word` most, NULL when none does. */
const char *dbi_suggest(const char *word, size_t len, const char *const *list, size_t n);

#endif
