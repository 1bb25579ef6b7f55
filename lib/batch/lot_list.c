/* SPDX-License-Identifier: MIT */
#include "batch/lot_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch/post.h"
#include "util/file.h"
#include "util/limits.h"
#include "util/mem.h"

static uint64_t number(const dbi_plan *plan, const char *name)
{
	return strtoull(dbi_plan_meta(plan, name), NULL, 10);
}

void dbi_lot_list_init(struct dbi_lot_list *list, const dbi_plan *plan)
{
	memset(list, 0, sizeof(*list));
	list->max_letters = number(plan, "lot-letters");
	list->max_sheets = number(plan, "lot-sheets");
	list->duplex = number(plan, "duplex") != 0;
}

void dbi_lot_list_dispose(struct dbi_lot_list *list)
{
	dbi_free(list->lines);
	list->lines = NULL;
	list->n = list->cap = 0;
}

unsigned dbi_lot_class(unsigned pages)
{
	const char *envelope = dbi_post_envelope(dbi_post_sheets(pages));

	return strcmp(envelope, "DL") == 0 ? 0 : strcmp(envelope, "C5") == 0 ? 1 : 2;
}

bool dbi_lot_is_full(const struct dbi_lot_list *list, unsigned class, unsigned pages)
{
	const struct dbi_lot_line *line;

	if (!list->open[class])
		return false;
	line = &list->lines[list->open[class] - 1];
	return (list->max_letters && line->letters >= list->max_letters) ||
	    (list->max_sheets && line->sheets + dbi_post_sheets(pages) > list->max_sheets) ||
	    line->pages + pages > DBI_MAX_LOT_PAGES;
}

int dbi_lot_put(struct dbi_lot_list *list, unsigned class, const struct dbi_journal_row *row, unsigned *first,
    struct dbrief_error *err)
{
	unsigned pages = row->pages;
	struct dbi_lot_line *line;

	if (!list->open[class]) {
		if (!dbi_grow(&list->lines, &list->cap, list->n + 1, sizeof(*list->lines), 99999))
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, "lots",
			    "out of memory or more than 99,999 lots; make larger ones in a new plan");
		memset(&list->lines[list->n], 0, sizeof(*list->lines));
		dbi_sha256_begin(&list->lines[list->n].sum);
		list->open[class] = ++list->n;
	}
	line = &list->lines[list->open[class] - 1];
	*first = (unsigned)line->pages + 1;
	line->letters++;
	line->pages += pages + (list->duplex ? pages % 2 : 0);
	line->sheets += dbi_post_sheets(pages);
	dbi_sha256_add(&line->sum, row->code, strlen(row->code) + 1);
	dbi_sha256_add(&line->sum, row->sha256, sizeof(row->sha256));
	return DBRIEF_OK;
}

static void whose(const struct dbi_lot_line *line, char out[65])
{
	struct dbi_sha256_state sum = line->sum;

	dbi_sha256_end_hex(&sum, out);
}

bool dbi_lot_holds(const struct dbi_lot_line *have, const struct dbi_lot_line *want)
{
	char letters[65];

	whose(want, letters);
	return have->letters == want->letters && have->pages == want->pages && have->sheets == want->sheets &&
	    strcmp(have->whose, letters) == 0;
}

void dbi_lot_name(size_t lot, char name[DBI_LOT_NAME_SIZE])
{
	(void)snprintf(name, DBI_LOT_NAME_SIZE, "lot-%05u.pdf", (unsigned)lot);
}

int dbi_lot_list_write(const struct dbi_lot_list *list, const struct dbi_folder *folder, struct dbrief_error *err)
{
	char *path = dbi_folder_path(folder, "journal/lots");
	struct dbi_buf text = DBI_BUF_INIT;
	struct dbrief_sink sink;
	char name[DBI_LOT_NAME_SIZE], letters[65];
	int status;

	for (size_t i = 0; i < list->n; i++) {
		const struct dbi_lot_line *l = &list->lines[i];

		dbi_lot_name(i + 1, name);
		whose(l, letters);
		dbi_buf_addf(&text, "%s %llu %llu %llu %llu %s %s\n", name, (unsigned long long)l->letters, (unsigned long long)l->pages,
		    (unsigned long long)l->sheets, (unsigned long long)l->bytes, l->sha256, letters);
	}
	memset(&sink, 0, sizeof(sink));
	status = !path || text.failed ? dbi_error_memory(err) : dbrief_sink_init_file(&sink, path, err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, text.data ? text.data : "", text.len, err);
	if (status == DBRIEF_OK)
		status = sink.commit(sink.user, err);
	dbrief_sink_dispose(&sink);
	dbi_buf_dispose(&text);
	dbi_free(path);
	return status;
}

static bool read_line(struct dbi_lot_list *list, char **at)
{
	struct dbi_lot_line *l = &list->lines[list->n];
	char want[DBI_LOT_NAME_SIZE + 1], *p = *at, *end = strchr(p, '\n');
	uint64_t *const fields[] = { &l->letters, &l->pages, &l->sheets, &l->bytes };
	size_t len;

	memset(l, 0, sizeof(*l));
	dbi_lot_name(list->n + 1, want);
	len = strlen(want);
	if (!end || strncmp(p, want, len) != 0)
		return false;
	p += len;
	for (size_t i = 0; i < 4; i++) {
		if (*p++ != ' ' || *p < '0' || *p > '9')
			return false;
		*fields[i] = strtoull(p, &p, 10);
	}
	if (*p++ != ' ' || end - p != 129 || strspn(p, "0123456789abcdef") != 64 || p[64] != ' ' ||
	    strspn(p + 65, "0123456789abcdef") != 64)
		return false;
	memcpy(l->sha256, p, 64);
	memcpy(l->whose, p + 65, 64);
	list->n++;
	*at = end + 1;
	return true;
}

int dbi_lot_list_read(struct dbi_lot_list *list, const struct dbi_folder *folder, struct dbrief_error *err)
{
	char *path = dbi_folder_path(folder, "journal/lots");
	struct dbi_buf text = DBI_BUF_INIT;
	int status = DBRIEF_OK;

	if (!path)
		return dbi_error_memory(err);
	if (faccessat(folder->fd, "journal/lots", F_OK, 0) != 0)
		status = DBRIEF_EOF;
	else
		status = dbi_file_read(&text, path, 16u << 20, DBRIEF_CAUSE_SINK, err);
	for (char *at = text.data; status == DBRIEF_OK && at && *at; )
		if (!dbi_grow(&list->lines, &list->cap, list->n + 1, sizeof(*list->lines), 99999))
			status = dbi_error_memory(err);
		else if (!read_line(list, &at))
			status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, path, "the file is damaged; restore it");
	dbi_buf_dispose(&text);
	dbi_free(path);
	return status;
}
