/* SPDX-License-Identifier: MIT */
/* Where things stand on the first page, form by form. */
#ifndef DBI_LAYOUT_FORMS_H
#define DBI_LAYOUT_FORMS_H

#include "layout/lay.h"

#define DBI_ADDRESS_LINES 6

struct dbi_form {
	const char *name;
	bool window;                         /* false: plain pages that are not posted */
	bool return_follows;                 /* the return line stands right above address and remarks */
	dbi_len head_top, head_bottom;       /* letterhead */
	dbi_len fold[2], hole;               /* marks at the left edge */
	dbi_len info_left, info_top, info_width;
	dbi_len field_top;                   /* address field, return line first */
	dbi_len line_left, line_width;       /* its lines */
	dbi_len return_width, return_bottom; /* the return line: width, lower edge */
	dbi_len remark_bottom;               /* lower edge of the last remark */
	dbi_len address_top, address_height;
	unsigned remarks;                    /* lines of them */
	dbi_len body_top;                    /* the subject */
};

/* The measures of a letter's form, with what its delivery changes. FAILED, cause LAYOUT, when they exclude each other. */
int dbi_form_of_letter(struct dbi_lay *l, struct dbi_form *form);
/* Most an address line may be high when `n` stand below each other: DIN's 4.23 mm, or what the zone leaves. */
dbi_len dbi_form_line(const struct dbi_form *form, unsigned n);
/* With the hybrid profile, whether all ink of the letter keeps off the edges; else FAILED. */
int dbi_form_check_edges(struct dbi_lay *l);

#endif
