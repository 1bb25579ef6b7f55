/* SPDX-License-Identifier: MIT */
/* manifest.csv and held.csv: every cell quoted and safe against spreadsheet formulas. */
#include <datenbrief/error.h>

#include "batch/post.h"
#include "batch/run.h"

static int put(struct dbrief_sink *sink, struct dbi_buf *line, struct dbrief_error *err)
{
	int status;

	dbi_buf_adds(line, "\r\n");
	status = line->failed ? dbi_error_memory(err) : sink->write(sink->user, line->data, line->len, err);
	dbi_buf_clear(line);
	return status;
}

static void cells(struct dbi_buf *line, const char *const *cell)
{
	for (size_t i = 0; cell[i]; i++) {
		if (line->len)
			dbi_buf_addc(line, ',');
		dbi_buf_add_csv(line, cell[i]);
	}
}

static void number(struct dbi_buf *line, uint64_t n)
{
	dbi_buf_addf(line, ",\"%llu\"", (unsigned long long)n);
}

int dbi_lists_begin(struct dbi_lists *l, struct dbrief_error *err)
{
	static const char *const manifest[] = { "case", "file", "pages", "sheets", "bytes", "sha256", "first_page", "envelope",
		"grams", "replaced", NULL };
	static const char *const held[] = { "case", "status", "cause", "where", "text", NULL };
	int status;

	dbi_buf_clear(&l->line);
	cells(&l->line, manifest);
	status = put(l->manifest, &l->line, err);
	cells(&l->line, held);
	return status == DBRIEF_OK ? put(l->held, &l->line, err) : status;
}

int dbi_lists_letter(struct dbi_lists *l, const struct dbi_journal_row *row, const char *file, unsigned first_page, struct dbrief_error *err)
{
	unsigned sheets = dbi_post_sheets(row->pages);

	cells(&l->line, (const char *const[]){ row->code, file, NULL });
	number(&l->line, row->pages);
	number(&l->line, sheets);
	number(&l->line, row->bytes);
	cells(&l->line, (const char *const[]){ row->sha256, NULL });
	number(&l->line, first_page);
	cells(&l->line, (const char *const[]){ dbi_post_envelope(sheets), NULL });
	number(&l->line, dbi_post_grams(sheets));
	number(&l->line, row->replaced);
	return put(l->manifest, &l->line, err);
}

int dbi_lists_held(struct dbi_lists *l, const struct dbi_journal_row *row, struct dbrief_error *err)
{
	cells(&l->line, (const char *const[]){ row->code, dbrief_status_name(row->status), dbrief_cause_name(row->cause),
	    row->where, row->text, NULL });
	return put(l->held, &l->line, err);
}
