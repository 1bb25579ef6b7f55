/* SPDX-License-Identifier: MIT */
#include "connect/file_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/base64.h"
#include "connect/fault.h"

int dbi_file_error(const struct dbi_file_table *t, uint64_t line, struct dbrief_error *err, const char *fmt, ...)
{
	char where[128], text[300];
	va_list args;

	if (line)
		(void)snprintf(where, sizeof(where), "%.90s:%llu", t->shown, (unsigned long long)line);
	else
		(void)snprintf(where, sizeof(where), "%.90s", t->shown);
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	return dbrief_error_set(err, DBRIEF_FAILED, DBRIEF_CAUSE_INCOMPLETE, where, text);
}

/* ---- columns ---- */

/* Does the field hold what stands under this path? */
static bool is_field_of(const struct dbrief_field_info *f, const char *path)
{
	return strcmp(f->path ? f->path : f->name, path) == 0;
}

/* Looks through the fields of a collection: their names are those of the columns. */
static void find_field(const struct dbi_file_table *t, size_t collection, const char *path, const char **name,
    struct dbi_file_column *c)
{
	for (size_t i = 0; i < dbrief_source_fields(t->source, collection); i++) {
		struct dbrief_field_info f = { .size = sizeof(f) };

		if (dbrief_source_field(t->source, collection, i, &f) != DBRIEF_OK || !is_field_of(&f, path))
			continue;
		if (collection == t->collection)
			*name = f.name;
		c->binary |= f.type && strcmp(f.type, "binary") == 0;
		c->charset = f.charset ? f.charset : c->charset;
	}
}

/* Is it the column that records are looked for by? */
static bool is_subject(const struct dbi_file_table *t, const char *name)
{
	for (size_t i = 0; i < dbrief_source_collections(t->source); i++) {
		struct dbrief_collection_info info = { .size = sizeof(info) };

		if ((t->collection == DBI_NO_COLLECTION || t->collection == i) &&
		    dbrief_source_collection(t->source, i, &info) == DBRIEF_OK && info.subject_key && strcmp(info.subject_key, name) == 0)
			return true;
	}
	return false;
}

static int add_column(struct dbi_file_table *t, const char *path, struct dbrief_error *err)
{
	struct dbi_file_column *grown, *c;
	const char *name = path;
	int status;

	if (t->n == DBI_FILE_MAX_COLUMNS)
		return dbi_file_error(t, 0, err, "more than %d columns; split the file", DBI_FILE_MAX_COLUMNS);
	grown = realloc(t->columns, (t->n + 1) * sizeof(*grown));
	if (!grown)
		return dbi_connect_memory(err);
	t->columns = grown;
	c = &grown[t->n];
	memset(c, 0, sizeof(*c));
	/* A table that only queries read has its types from all the fields of that name. */
	for (size_t i = 0; i < dbrief_source_collections(t->source); i++)
		if (t->collection == DBI_NO_COLLECTION || t->collection == i)
			find_field(t, i, path, &name, c);
	status = dbi_stage_column(t->stage, t->id, name, err);
	if (status != DBRIEF_OK)
		return status;
	t->n++;
	c->path = strdup(path);
	c->name = strdup(name);
	c->subject = is_subject(t, name);
	return c->path && c->name ? DBRIEF_OK : dbi_connect_memory(err);
}

int dbi_file_column(struct dbi_file_table *t, const char *path, size_t *column, struct dbrief_error *err)
{
	/* Members mostly come in the order of the record before. */
	for (size_t i = 0; i < t->n; i++) {
		size_t at = (*column + i) % t->n;

		if (strcmp(t->columns[at].path, path) == 0) {
			*column = at;
			return DBRIEF_OK;
		}
	}
	*column = t->n;
	return add_column(t, path, err);
}

/* subject-key, key and link name a field, or stand for the path themselves. */
static int declared_key(struct dbi_file_table *t, const char *key, struct dbrief_error *err)
{
	size_t column = 0;

	for (size_t i = 0; key && i < t->n; i++)
		if (strcmp(t->columns[i].name, key) == 0)
			return DBRIEF_OK;
	return key ? dbi_file_column(t, key, &column, err) : DBRIEF_OK;
}

int dbi_file_declared(struct dbi_file_table *t, struct dbrief_error *err)
{
	struct dbrief_collection_info info = { .size = sizeof(info) };
	size_t column = 0;
	int status = DBRIEF_OK;

	if (t->collection == DBI_NO_COLLECTION)
		return DBRIEF_OK;
	for (size_t i = 0; status == DBRIEF_OK && i < dbrief_source_fields(t->source, t->collection); i++) {
		struct dbrief_field_info f = { .size = sizeof(f) };

		status = dbrief_source_field(t->source, t->collection, i, &f);
		if (status == DBRIEF_OK && f.type)
			status = dbi_file_column(t, f.path ? f.path : f.name, &column, err);
	}
	if (status == DBRIEF_OK)
		status = dbrief_source_collection(t->source, t->collection, &info);
	if (status == DBRIEF_OK)
		status = declared_key(t, info.subject_key, err);
	if (status == DBRIEF_OK)
		status = declared_key(t, info.key, err);
	return status == DBRIEF_OK ? declared_key(t, info.link, err) : status;
}

/* ---- rows ---- */

void dbi_file_row_begin(struct dbi_file_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->columns[i].cell = (struct dbi_cell){ DBI_CELL_NULL, NULL, 0, NULL };
}

int dbi_file_set(struct dbi_file_table *t, size_t column, enum dbi_cell_kind kind, const char *bytes, size_t len,
    const char *charset, struct dbrief_error *err)
{
	struct dbi_file_column *c = &t->columns[column];
	struct dbi_cell *cell = &c->cell;
	bool more = cell->kind != DBI_CELL_NULL;
	size_t before = more ? cell->len + 1 : 0, need = before + len;

	if (kind == DBI_CELL_NULL)
		return DBRIEF_OK;
	/* Two lines would be nobody's. */
	if (more && c->subject)
		return dbi_file_error(t, 0, err, "the identifier '%.60s' stands twice in one record; correct the export, or <path>", c->name);
	if (need > DBI_FILE_MAX_VALUE)
		return dbi_file_error(t, 0, err, "a value is larger than %u MB; leave it out of the export",
		    DBI_FILE_MAX_VALUE >> 20);
	if (need + 1 > c->room) {
		size_t room = need + 1 + need / 2;
		char *grown = realloc(c->bytes, room);

		if (!grown)
			return dbi_connect_memory(err);
		c->bytes = grown;
		c->room = room;
	}
	if (more)
		c->bytes[before - 1] = '\n';
	if (len)
		memcpy(c->bytes + before, bytes, len);
	if (!more || kind == DBI_CELL_BAD) {
		cell->kind = kind;
		cell->charset = charset;
	}
	cell->bytes = c->bytes;
	cell->len = need;
	return DBRIEF_OK;
}

/* In place. */
static void decode_binary(struct dbi_file_column *c)
{
	size_t len = 0;

	if (c->cell.kind == DBI_CELL_TEXT && dbi_base64_decode(c->bytes, c->cell.len, &len)) {
		c->cell.kind = DBI_CELL_BINARY;
		c->cell.len = len;
	}
}

int dbi_file_row_end(struct dbi_file_table *t, uint64_t line, struct dbrief_error *err)
{
	struct dbi_cell cells[DBI_FILE_MAX_COLUMNS];

	for (size_t i = 0; i < t->n; i++) {
		if (t->columns[i].binary) {
			decode_binary(&t->columns[i]);
			if (t->columns[i].cell.kind == DBI_CELL_TEXT)
				return dbi_file_error(t, line, err, "the binary column '%.60s' holds no base64; correct the export",
				    t->columns[i].name);
		}
		/* Nobody would ever find it: it may be anybody's. */
		if (t->columns[i].subject && t->columns[i].cell.kind == DBI_CELL_BAD)
			return dbi_file_error(t, line, err, "the identifier in column '%.60s' is not readable in its charset; correct charset, or the record",
			    t->columns[i].name);
		cells[i] = t->columns[i].cell;
	}
	t->rows++;
	return dbi_stage_row(t->stage, t->id, cells, t->n, err);
}

void dbi_file_table_dispose(struct dbi_file_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->columns[i].path);
		free(t->columns[i].name);
		free(t->columns[i].bytes);
	}
	free(t->columns);
	free(t->name);
	free(t->file);
	free(t->others);
	memset(t, 0, sizeof(*t));
}
