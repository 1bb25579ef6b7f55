/* SPDX-License-Identifier: MIT */
#include "layout/frame.h"
#include "layout/inserter.h"

#define LABEL_TOP DBI_MM100(28200) /* without a footer the first page is like the others */
#define LABEL_GAP DBI_PT(7)

/* Subject, salutation and body: what flows through the pages. */
static int prepare_body(struct dbi_lay *l, dbi_elem root, struct dbi_item **items)
{
	const struct dbi_letter *letter = l->letter;
	const struct dbi_block *const parts[] = { letter->subject, letter->salutation, letter->body };
	int status = DBRIEF_OK;

	for (size_t i = 0; i < 3 && status == DBRIEF_OK; i++) {
		if (parts[i])
			status = dbi_prepare_blocks(l, parts[i], letter->lang, root, false, items);
		while (*items)
			items = &(*items)->next;
	}
	return status;
}

/* The line of case code and page label takes its room from the body of the first page. */
static dbi_len reserve_label(struct dbi_lay *l, struct dbi_frame *frame)
{
	dbi_len top = LABEL_TOP;

	if (l->letter->n_footer) {
		top = frame->first_bottom - l->letter->page_label_style->leading;
		frame->first_bottom = top - LABEL_GAP;
	}
	return top;
}

static int lay_out(struct dbi_lay *l)
{
	struct dbi_front front = { 0 };
	struct dbi_frame frame = { 0 };
	struct dbi_flow flow = { .start = true };
	struct dbi_item *items = NULL;
	dbi_elem root;
	dbi_len label;
	int status;

	if (!dbi_lay_element(l, DBI_ROLE_DOCUMENT, 0, NULL, &root) ||
	    !dbi_display_add_page(l->out, DBI_A4_WIDTH, DBI_A4_HEIGHT))
		return dbi_lay_memory(l);
	status = dbi_front_prepare(l, &front, root);
	if (status == DBRIEF_OK)
		status = prepare_body(l, root, &items);
	if (status == DBRIEF_OK)
		status = dbi_front_prepare_footer(l, &front, root);
	if (status == DBRIEF_OK)
		status = dbi_front_draw(l, &front, &frame);
	if (status == DBRIEF_OK)
		status = dbi_flow_items(l, &flow, items, 0, DBI_MM100(16500));
	if (status == DBRIEF_OK)
		status = dbi_front_measure_footer(l, &front, &frame);
	if (status != DBRIEF_OK)
		return status;
	label = reserve_label(l, &frame);
	if (frame.info_bottom > frame.first_bottom)
		return dbi_lay_error(l, 0, "the info block is " DBI_MM_FMT " too long for the first page; shorten it",
		    DBI_MM_ARGS(frame.info_bottom - frame.first_bottom));
	status = dbi_flow_paginate(l, &flow, &frame);
	if (status == DBRIEF_OK)
		status = dbi_front_draw_footer(l, &front);
	if (status == DBRIEF_OK)
		status = dbi_frame_labels(l, label);
	if (status == DBRIEF_OK)
		status = dbi_inserter_draw(l);
	return status == DBRIEF_OK ? dbi_form_check_edges(l) : status;
}

int dbi_layout_letter(struct dbi_layout_ctx *ctx, const struct dbi_letter *letter, struct dbi_display *out,
    struct dbrief_error *err)
{
	struct dbi_lay l = { .fonts = ctx->fonts, .shaper = ctx->shaper, .breaker = ctx->breaker, .arena = ctx->arena,
		.images = ctx->images, .letter = letter, .out = out, .err = err, .body_height = dbi_frame_height() };

	dbi_display_init(out, ctx->arena, ctx->fonts);
	out->lang = letter->lang;
	out->title = letter->title;
	return lay_out(&l);
}
