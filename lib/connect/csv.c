/* SPDX-License-Identifier: MIT */
/*
 * CSV, read strictly. Own code, because libcsv counts no lines, drops empty
 * lines of tables with one column, lets a value grow without a bound and
 * cannot tell where a quote that never ends began.
 *
 * The file is cut in its own charset: units of one byte, or of two in UTF-16.
 * Only whole values are decoded, so that bytes without meaning spoil the value
 * they stand in and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connect/builtin.h"
#include "connect/fault.h"
#include "connect/file_read.h"
#include "connect/staged.h"

#define NO_UNIT (-1)
#define UNSET 0x10000 /* no unit is this one */

enum end { END_VALUE, END_ROW, END_FILE };

struct csv {
	struct dbi_file_reader reader;
	struct dbi_file_table *table;
	struct dbrief_error *err;
	dbrief_decoder *decoder;
	dbrief_decoder *decoders[DBI_FILE_MAX_COLUMNS]; /* of columns in another charset */
	const char *charset;
	unsigned width;        /* bytes of a unit */
	bool big_endian, open_end;
	int delimiter, quote, cr, lf, nel;
	int held;              /* a unit given back, or NO_UNIT */
	char *value;
	size_t len, room;
	bool quoted;
};

static int fail(struct csv *c, uint64_t line, const char *text)
{
	return c->reader.status != DBRIEF_OK ? c->reader.status : dbi_file_error(c->table, line, c->err, "%s", text);
}

/* ---- charset ---- */

struct mark {
	const char *bytes, *charset;
	size_t len;
};

/* A byte order mark says what the file is. Declared charsets may not say otherwise. */
static int read_mark(struct csv *c)
{
	static const struct mark marks[] = { { "\xEF\xBB\xBF", "UTF-8", 3 }, { "\xFF\xFE", "UTF-16LE", 2 },
		{ "\xFE\xFF", "UTF-16BE", 2 } };
	const char *declared = c->table->charset;

	if (dbi_file_peek(&c->reader) < 0)
		return fail(c, 0, "the file is empty; export it again");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const struct mark *m = &marks[i];

		if (c->reader.len < m->len || memcmp(c->reader.bytes, m->bytes, m->len) != 0)
			continue;
		if (declared && strcmp(declared, m->charset) != 0)
			return dbi_file_error(c->table, 0, c->err, "the file begins with the mark of %s, but %.30s is declared; "
			    "correct charset", m->charset, declared);
		c->charset = m->charset;
		c->reader.at = m->len;
		return DBRIEF_OK;
	}
	c->charset = declared ? declared : "UTF-8";
	return DBRIEF_OK;
}

/* Which byte means this character? In EBCDIC a comma is none of ASCII's. */
static int byte_of(struct csv *c, int character)
{
	for (int i = 0; i < 256; i++) {
		char byte = (char)i;
		const char *text;
		size_t len;

		if (dbrief_decoder_decode(c->decoder, &byte, 1, &text, &len, NULL) != DBRIEF_OK)
			continue;
		if ((len == 1 && (unsigned char)text[0] == character) ||
		    (len == 2 && character == 0x85 && memcmp(text, "\xC2\x85", 2) == 0))
			return i;
	}
	return UNSET;
}

static int syntax_unit(struct csv *c, int character)
{
	return c->width == 2 || strcmp(c->charset, "UTF-8") == 0 ? character : byte_of(c, character);
}

/* A character of a setting; *unit stays when it is not set. */
static int setting(struct csv *c, const char *name, int *character)
{
	const char *text = dbrief_source_setting(c->table->source, name);

	if (!text)
		return DBRIEF_OK;
	if (strcmp(text, "tab") == 0)
		*character = '\t';
	else if (strcmp(text, "none") == 0 && strcmp(name, "quote") == 0)
		*character = UNSET;
	else if (text[0] > ' ' && text[0] < 0x7f && !text[1])
		*character = text[0];
	else
		return dbi_connect_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(c->table->source),
		    "the setting %s is no character of ASCII; write one, or tab%s", name,
		    strcmp(name, "quote") == 0 ? ", or none" : "");
	return DBRIEF_OK;
}

static int prepare(struct csv *c)
{
	const char *end = dbrief_source_setting(c->table->source, "last-line");
	int delimiter = ',', quote = '"';
	int status = read_mark(c);

	if (status == DBRIEF_OK)
		status = setting(c, "delimiter", &delimiter);
	if (status == DBRIEF_OK)
		status = setting(c, "quote", &quote);
	if (status == DBRIEF_OK)
		status = dbrief_decoder_new(&c->decoder, c->charset, c->err);
	if (status != DBRIEF_OK)
		return status;
	c->open_end = end && strcmp(end, "open") == 0;
	c->width = strncmp(c->charset, "UTF-16", 6) == 0 ? 2 : 1;
	c->big_endian = strcmp(c->charset, "UTF-16BE") == 0;
	c->delimiter = syntax_unit(c, delimiter);
	c->quote = quote == UNSET ? UNSET : syntax_unit(c, quote);
	c->cr = syntax_unit(c, '\r');
	c->lf = syntax_unit(c, '\n');
	/* EBCDIC has a line end of its own. */
	c->nel = strncmp(c->charset, "IBM", 3) == 0 ? byte_of(c, 0x85) : UNSET;
	if (c->delimiter == UNSET || c->delimiter == c->quote)
		return dbi_connect_config(c->err, dbrief_source_place(c->table->source),
		    "delimiter and quote must be two characters which the file's charset has; correct the settings");
	return DBRIEF_OK;
}

/* ---- units ---- */

static int next_unit(struct csv *c)
{
	int a, b;

	if (c->held != NO_UNIT) {
		a = c->held;
		c->held = NO_UNIT;
		return a;
	}
	a = dbi_file_next(&c->reader);
	if (a < 0 || c->width == 1)
		return a;
	b = dbi_file_next(&c->reader);
	if (b < 0) {
		c->reader.status = fail(c, c->reader.line, "the file ends within a character; export it again");
		return NO_UNIT;
	}
	return c->big_endian ? a << 8 | b : b << 8 | a;
}

static int grow(struct csv *c)
{
	size_t room = c->room ? 2 * c->room : 256;
	char *grown;

	if (room > 2 * DBI_FILE_MAX_VALUE)
		return dbi_file_error(c->table, c->reader.line, c->err,
		    "a value is larger than %u MB; look for a quotation mark that is not closed", DBI_FILE_MAX_VALUE >> 20);
	grown = realloc(c->value, room);
	if (!grown)
		return dbi_connect_memory(c->err);
	c->value = grown;
	c->room = room;
	return DBRIEF_OK;
}

static int add(struct csv *c, int unit)
{
	if (c->room - c->len < 2) {
		int status = grow(c);

		if (status != DBRIEF_OK)
			return status;
	}
	if (c->width == 2)
		c->value[c->len++] = (char)(unsigned char)(c->big_endian ? unit >> 8 : unit & 0xff);
	c->value[c->len++] = (char)(unsigned char)(c->width == 2 && !c->big_endian ? unit >> 8 : unit & 0xff);
	return DBRIEF_OK;
}

/* Is this unit a line break? Then all of it is taken. */
static bool ends_line(struct csv *c, int unit)
{
	if (unit == c->cr) {
		int next = next_unit(c);

		if (next != c->lf)
			c->held = next;
		return true;
	}
	return unit == c->lf || unit == c->nel;
}

static bool counts_line(struct csv *c, int unit, int before)
{
	return unit == c->cr || unit == c->nel || (unit == c->lf && before != c->cr);
}

/* ---- values ---- */

/* After the quote that opened it, to the one that closes it. */
static int read_quoted(struct csv *c)
{
	uint64_t opened = c->reader.line;
	int before = NO_UNIT;

	for (;;) {
		int status, unit = next_unit(c);

		if (unit == NO_UNIT)
			return fail(c, opened, "a quotation mark opens here and is not closed before the end of the file; "
			    "the file may be cut off");
		if (unit == c->quote) {
			unit = next_unit(c);
			if (unit != c->quote) {
				c->held = unit;
				return c->reader.status;
			}
		}
		if (counts_line(c, unit, before))
			c->reader.line++;
		before = unit;
		status = add(c, unit);
		if (status != DBRIEF_OK)
			return status;
	}
}

static int read_value(struct csv *c, enum end *end)
{
	int status = DBRIEF_OK, unit = next_unit(c);

	c->len = 0;
	c->quoted = unit == c->quote;
	if (c->quoted) {
		status = read_quoted(c);
		unit = next_unit(c);
	}
	for (; status == DBRIEF_OK; unit = next_unit(c)) {
		if (unit == NO_UNIT || unit == c->delimiter) {
			*end = unit == NO_UNIT ? END_FILE : END_VALUE;
			return c->reader.status;
		}
		if (ends_line(c, unit)) {
			*end = END_ROW;
			return c->reader.status;
		}
		if (c->quoted)
			return fail(c, c->reader.line, "something stands between a closing quotation mark and the delimiter; "
			    "correct delimiter and quote, or the export");
		if (unit == c->quote)
			return fail(c, c->reader.line, "a quotation mark stands inside a value that is not quoted; "
			    "correct delimiter and quote, or the export");
		status = add(c, unit);
	}
	return status;
}

/* The decoder of a column; the file's, if it has none of its own. */
static int decoder_of(struct csv *c, size_t column, dbrief_decoder **decoder, const char **charset)
{
	struct dbi_file_column *own = &c->table->columns[column];
	int status = DBRIEF_OK;

	*decoder = c->decoder;
	*charset = c->charset;
	if (!own->charset || strcmp(own->charset, c->charset) == 0)
		return DBRIEF_OK;
	if (c->width == 2 || strncmp(own->charset, "UTF-16", 6) == 0)
		return dbi_file_error(c->table, 0, c->err, "the column '%.60s' cannot have a charset of its own in this file; "
		    "remove it", own->name);
	if (!c->decoders[column])
		status = dbrief_decoder_new(&c->decoders[column], own->charset, c->err);
	*decoder = c->decoders[column];
	*charset = own->charset;
	return status;
}

static int set_value(struct csv *c, size_t column)
{
	dbrief_decoder *decoder;
	const char *text, *charset;
	size_t len;
	int status;

	if (!c->len && !c->quoted)
		return DBRIEF_OK;
	status = decoder_of(c, column, &decoder, &charset);
	if (status != DBRIEF_OK)
		return status;
	if (dbrief_decoder_decode(decoder, c->value, c->len, &text, &len, NULL) == DBRIEF_OK)
		return dbi_file_set(c->table, column, DBI_CELL_TEXT, text, len, NULL, c->err);
	return dbi_file_set(c->table, column, DBI_CELL_BAD, c->value, c->len, charset, c->err);
}

/* ---- rows ---- */

/* The last line must be whole: a file that was cut off looks like one that ends without a line break. */
static int check_end(struct csv *c, enum end end)
{
	if (end != END_FILE || c->open_end)
		return DBRIEF_OK;
	return fail(c, c->reader.line, "the last line has no line break, so the file may be cut off; export it again, "
	    "or allow it with <setting name=\"last-line\">open</setting>");
}

static int name_column(struct csv *c, size_t i)
{
	const char *text;
	size_t len, column = i;
	int status;

	if (dbrief_decoder_decode(c->decoder, c->value, c->len, &text, &len, NULL) != DBRIEF_OK || !len)
		return dbi_file_error(c->table, c->reader.line, c->err, "the title of column %zu is %s; correct the export", i + 1,
		    len ? "not readable in its charset" : "empty or not readable in its charset");
	status = dbi_file_column(c->table, text, &column, c->err);
	if (status == DBRIEF_OK && column != i)
		return dbi_file_error(c->table, c->reader.line, c->err, "two columns have the title '%.60s'; rename one", text);
	return status;
}

static int read_header(struct csv *c)
{
	enum end end = END_VALUE;
	int status = DBRIEF_OK;

	for (size_t i = 0; status == DBRIEF_OK && end == END_VALUE; i++) {
		status = read_value(c, &end);
		if (status == DBRIEF_OK)
			status = name_column(c, i);
	}
	if (status == DBRIEF_OK)
		status = check_end(c, end);
	c->reader.line++;
	return status;
}

static int ragged(struct csv *c, uint64_t line, size_t n)
{
	return dbi_file_error(c->table, line, c->err, n > c->table->n ?
	    "the row has more values than the %zu columns of the header; correct delimiter, quote or the export" :
	    "the row has fewer values than the %zu columns of the header; correct delimiter, quote or the export",
	    c->table->n);
}

/* *more: not at the end of the file. */
static int read_row(struct csv *c, bool *more)
{
	uint64_t line = c->reader.line;
	enum end end = END_VALUE;
	size_t n = 0;
	int status = DBRIEF_OK;

	dbi_file_row_begin(c->table);
	for (; status == DBRIEF_OK && end == END_VALUE; n++) {
		status = read_value(c, &end);
		if (status == DBRIEF_OK && n >= c->table->n)
			return ragged(c, line, n + 1);
		if (status == DBRIEF_OK)
			status = set_value(c, n);
	}
	*more = end == END_ROW;
	if (status != DBRIEF_OK)
		return status;
	if (n == 1 && !c->len && !c->quoted && (end == END_FILE || c->table->n > 1)) {
		c->reader.line++; /* an empty line holds nothing that could be lost */
		return DBRIEF_OK;
	}
	if (n < c->table->n)
		return ragged(c, line, n);
	status = check_end(c, end);
	if (status == DBRIEF_OK)
		status = dbi_file_row_end(c->table, line, c->err);
	c->reader.line++;
	return status;
}

/* Columns of a file without a header are called by their number: as many as the first row has values. */
static int number_columns(struct csv *c)
{
	const char *columns = dbrief_source_setting(c->table->source, "columns");
	size_t n = 0, column;
	int status = DBRIEF_OK;

	for (; columns && *columns >= '0' && *columns <= '9' && n <= DBI_FILE_MAX_COLUMNS; columns++)
		n = n * 10 + (size_t)(*columns - '0');
	if (!n || n > DBI_FILE_MAX_COLUMNS || *columns)
		return dbi_connect_config(c->err, dbrief_source_place(c->table->source),
		    "a file without a header needs <setting name=\"columns\"> with their number");
	for (size_t i = 0; status == DBRIEF_OK && i < n; i++) {
		char name[24];

		(void)snprintf(name, sizeof(name), "%zu", i + 1);
		column = i;
		status = dbi_file_column(c->table, name, &column, c->err);
	}
	return status;
}

static int read_file(struct dbi_file_table *t, struct dbrief_error *err)
{
	const char *header = dbrief_source_setting(t->source, "header");
	struct csv *c = calloc(1, sizeof(*c));
	bool more = true;
	int status;

	if (!c)
		return dbi_connect_memory(err);
	c->table = t;
	c->err = err;
	c->held = NO_UNIT;
	status = dbi_file_open(&c->reader, t, err);
	if (status == DBRIEF_OK)
		status = prepare(c);
	if (status == DBRIEF_OK)
		status = header && strcmp(header, "no") == 0 ? number_columns(c) : read_header(c);
	while (status == DBRIEF_OK && more)
		status = read_row(c, &more);
	if (c->reader.status == DBRIEF_OK && status != DBRIEF_OK)
		c->reader.status = status;
	status = dbi_file_close(&c->reader);
	dbrief_decoder_free(c->decoder);
	for (size_t i = 0; i < DBI_FILE_MAX_COLUMNS; i++)
		dbrief_decoder_free(c->decoders[i]);
	free(c->value);
	free(c);
	return status;
}

static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	return dbi_staged_create(connector, source, "csv", read_file, err);
}

static const char *version(void)
{
	static const char text[] = "CSV (own reader)";

	return text;
}

const struct dbrief_connector_type dbi_connector_csv = {
	.size = sizeof(struct dbrief_connector_type), .type = "csv", .create = create, .destroy = dbi_staged_destroy,
	.version = version,
};
