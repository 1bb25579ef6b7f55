/* SPDX-License-Identifier: MIT */
/* The line every page has: case code at the left, "page n of m" at the right. */
#include <string.h>

#include "layout/frame.h"
#include "util/buf.h"

#define LEFT  DBI_MM100(2500)
#define WIDTH DBI_MM100(16500)
#define TOP   DBI_MM100(28200)
#define HIGHEST DBI_MM100(1000)

/* "Seite {page} von {pages}" with numbers. */
static char *label_text(struct dbi_lay *l, size_t page)
{
	struct dbi_buf out = DBI_BUF_INIT;
	const char *s = l->letter->page_label;
	char *text = NULL;

	while (*s) {
		size_t n = strcspn(s, "{");

		dbi_buf_add(&out, s, n);
		s += n;
		if (strncmp(s, "{page}", 6) == 0) {
			dbi_buf_add_int(&out, (int64_t)page + 1);
			s += 6;
		} else if (strncmp(s, "{pages}", 7) == 0) {
			dbi_buf_add_int(&out, (int64_t)l->out->n_pages);
			s += 7;
		} else if (*s) {
			dbi_buf_addc(&out, *s++);
		}
	}
	if (!out.failed)
		text = dbi_arena_strndup(l->arena, out.data ? out.data : "", out.len);
	dbi_buf_dispose(&out);
	return text;
}

static int draw_text(struct dbi_lay *l, const char *text, size_t page, bool right, dbi_len y)
{
	struct dbi_para *p;
	int status = dbi_para_build_text(
	    l, text, l->letter->page_label_style, l->letter->lang, DBI_ELEM_ARTIFACT_PAGINATION, &p);

	if (status == DBRIEF_OK)
		status = dbi_para_break(l, p, WIDTH);
	if (status != DBRIEF_OK)
		return status;
	if (p->n_lines > 1 || p->max > WIDTH / 2)
		return dbi_lay_error(l, 0, "the page label is wider than half a line; shorten it");
	if (p->n_lines && dbi_para_line_height(p, 0) > HIGHEST)
		return dbi_lay_error(l, 0, "the page label is " DBI_MM_FMT " high, " DBI_MM_FMT " are there; make its font smaller",
		    DBI_MM_ARGS(dbi_para_line_height(p, 0)), DBI_MM_ARGS(HIGHEST));
	p->width = p->max; /* placed here, not by its own alignment */
	return p->n_lines ? dbi_para_draw_line(l, p, 0, page, right ? LEFT + WIDTH - p->max : LEFT, y,
				DBI_ELEM_ARTIFACT_PAGINATION)
			  : DBRIEF_OK;
}

int dbi_frame_labels(struct dbi_lay *l, dbi_len first_line)
{
	int status = DBRIEF_OK;

	l->line = 0;
	for (size_t page = 0; page < l->out->n_pages && status == DBRIEF_OK; page++) {
		dbi_len y = page ? TOP : first_line;

		if (l->letter->case_code)
			status = draw_text(l, l->letter->case_code, page, false, y);
		if (status == DBRIEF_OK && l->letter->page_label) {
			const char *text = label_text(l, page);

			status = text ? draw_text(l, text, page, true, y) : dbi_lay_memory(l);
		}
	}
	return status;
}
