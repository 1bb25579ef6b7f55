/* SPDX-License-Identifier: MIT */
/* What stands on the first page, and the frame of the body. */
#ifndef DBI_LAYOUT_FRAME_H
#define DBI_LAYOUT_FRAME_H

#include "layout/flow.h"
#include "layout/forms.h"

struct dbi_front {                       /* the parts of the first page, prepared */
	struct dbi_form form;
	dbi_len line;                        /* from one line of the address to the next */
	struct dbi_item *letterhead, *info;
	struct dbi_para *return_address;
	struct dbi_para *remark[3], **recipient;
	unsigned n_remark, n_recipient;
	struct dbi_item *footer[4];
	struct dbi_flow columns[4];          /* of the footer */
	dbi_len column[4], gutter;           /* their widths, and what is between them */
	dbi_len footer_top, head_height;
};

/* Prepares what stands before the subject, in reading order. */
int dbi_front_prepare(struct dbi_lay *l, struct dbi_front *f, dbi_elem root);
/* Prepares the footer: last in reading order. */
int dbi_front_prepare_footer(struct dbi_lay *l, struct dbi_front *f, dbi_elem root);
/* Draws what stands before the subject on page 0 and tells where bodies of pages stand, the footer aside. */
int dbi_front_draw(struct dbi_lay *l, struct dbi_front *f, struct dbi_frame *frame);
/* Takes the footer's room from the body of the first page; draws it. */
int dbi_front_measure_footer(struct dbi_lay *l, struct dbi_front *f, struct dbi_frame *frame);
int dbi_front_draw_footer(struct dbi_lay *l, struct dbi_front *f);
/* Case code and page label on every page; `first_line`: top of that line on page 0. */
int dbi_frame_labels(struct dbi_lay *l, dbi_len first_line);
/* Height of the body of a page after the first. */
dbi_len dbi_frame_height(void);

#endif
