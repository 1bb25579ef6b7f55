/* SPDX-License-Identifier: MIT */
#include <string.h>
#include "table.h"

static void flush_buffer(struct table *t)
{
	if (t->len && t->err.status == DBRIEF_OK && t->sink.write(t->sink.user, t->buffer, t->len, &t->err) != DBRIEF_OK)
		(void)dbrief_error_set(&t->err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "", "the file could not be written");
	t->len = 0;
}

static void put(struct table *t, char c)
{
	if (t->len == sizeof(t->buffer))
		flush_buffer(t);
	t->buffer[t->len++] = c;
}

/* Always quoted. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
static void put_cell(struct table *t, const char *s)
{
	put(t, '"');
	if (s[0] && strchr("=+-@\t\r", s[0]))
		put(t, '\'');
	for (; *s; s++) {
		if (*s == '"')
			put(t, '"');
		put(t, *s);
	}
	put(t, '"');
}

static int put_row(struct table *t, const char *const *cells)
{
	for (size_t i = 0; cells[i]; i++) {
		if (i)
			put(t, ',');
		put_cell(t, cells[i]);
	}
	put(t, '\r');
	put(t, '\n');
	return t->err.status;
}

int table_row(struct table *t, const char *const *cells)
{
	t->rows++;
	return put_row(t, cells);
}

int table_open(struct table *t, const char *path, const char *const *columns)
{
	int status;

	t->len = t->rows = 0;
	dbrief_error_clear(&t->err);
	status = dbrief_sink_init_file(&t->sink, path, &t->err);
	if (status != DBRIEF_OK)
		return status;
	t->open = true;
	return put_row(t, columns);
}

int table_commit(struct table *t)
{
	flush_buffer(t);
	if (t->err.status == DBRIEF_OK && t->sink.commit(t->sink.user, &t->err) != DBRIEF_OK)
		(void)dbrief_error_set(&t->err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "", "the file could not be written");
	return t->err.status;
}

void table_dispose(struct table *t)
{
	if (t->open)
		dbrief_sink_dispose(&t->sink);
	t->open = false;
}
