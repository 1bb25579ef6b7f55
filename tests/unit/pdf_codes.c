/* SPDX-License-Identifier: MIT */
/* Codes of glyphs: a reader that follows the character map gets every glyph back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pdf/glyph_code.h"
#include "tap.h"

/* The map as a reader keeps it. */
struct map {
	struct { unsigned n, first, last; } spaces[4];
	struct { unsigned n, first, last, cid; } ranges[64];
	unsigned n_spaces, n_ranges, declared;
};

static void read_line(struct map *m, const char *line, bool in_ranges)
{
	unsigned first, last, cid = 0;
	int fields = sscanf(line, "<%x><%x>%u", &first, &last, &cid);
	unsigned n = (unsigned)(strchr(line, '>') - line - 1) / 2;

	if (fields == 2 && !in_ranges && m->n_spaces < 4) {
		m->spaces[m->n_spaces].n = n;
		m->spaces[m->n_spaces].first = first;
		m->spaces[m->n_spaces++].last = last;
	}
	if (fields == 3 && in_ranges && m->n_ranges < 64) {
		m->ranges[m->n_ranges].n = n;
		m->ranges[m->n_ranges].first = first;
		m->ranges[m->n_ranges].last = last;
		m->ranges[m->n_ranges++].cid = cid;
	}
}

static bool read_map(struct map *m, bool all, dbi_deflater *z)
{
	struct dbi_encoding e;
	char text[8192];
	uLongf len = sizeof(text) - 1;
	bool in_ranges = false;

	memset(m, 0, sizeof(*m));
	if (!dbi_encoding_make(&e, all, z))
		return false;
	bool good = uncompress((Bytef *)text, &len, (const Bytef *)e.data, e.len) == Z_OK;
	dbi_encoding_dispose(&e);
	text[good ? len : 0] = '\0';
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (strstr(line, " begincidrange")) {
			m->declared = (unsigned)strtoul(line, NULL, 10);
			in_ranges = true;
		}
		if (*line == '<')
			read_line(m, line, in_ranges);
	}
	return good;
}

/* The glyph at p as a reader finds it: the only space of codes that fits, then the range. 0: none. */
static unsigned resolve(const struct map *m, const unsigned char *p, size_t *n)
{
	unsigned value = 0, fits = 0;

	*n = 0;
	for (unsigned i = 0; i < m->n_spaces; i++) {
		unsigned shift = 8 * (m->spaces[i].n - 1);
		if (p[0] >= m->spaces[i].first >> shift && p[0] <= m->spaces[i].last >> shift) {
			*n = m->spaces[i].n;
			fits++;
		}
	}
	if (fits != 1)
		return 0;
	for (size_t i = 0; i < *n; i++)
		value = value << 8 | p[i];
	for (unsigned i = 0; i < m->n_ranges; i++)
		if (m->ranges[i].n == *n && value >= m->ranges[i].first && value <= m->ranges[i].last)
			return m->ranges[i].cid + value - m->ranges[i].first;
	return 0;
}

/* The bytes of a literal string as a reader has them; 0 where it would end early or be mistaken (ISO 32000-1, 7.3.4.2). */
static size_t read_literal(const char *s, const char *end, unsigned char out[3])
{
	size_t n = 0;

	for (; s < end && n < 2; s++) {
		if (*s == '(' || *s == ')' || *s == '\r' || (*s == '\\' && s + 1 == end))
			return 0;
		bool escaped = *s == '\\';
		s += escaped;
		out[n++] = (unsigned char)(escaped && *s == 'r' ? '\r' : *s);
	}
	return s == end ? n : 0;
}

static unsigned count_found(const struct map *m, const struct dbi_pdf_face *face, unsigned end)
{
	unsigned found = 0;

	for (unsigned gid = 1; gid < end; gid++) {
		unsigned char code[3] = { 0, 0, 0 };
		char text[DBI_GLYPH_CODE_ROOM];
		size_t n = read_literal(text, dbi_put_glyph_code(text, face, gid), code), read;
		if (resolve(m, code, &read) == gid && read == n)
			found++;
	}
	return found;
}

static void test_ranges(const struct map *m)
{
	bool narrow = true;
	for (unsigned i = 0; i < m->n_ranges; i++)
		narrow = narrow && m->ranges[i].first >> 8 == m->ranges[i].last >> 8;
	OK(narrow && m->n_ranges == m->declared && m->declared <= 100, "ranges of codes differ in the last byte and are as many as announced");
}

int main(void)
{
	struct dbi_face_info info = { .n_glyphs = DBI_CODE_GLYPHS }, large = { .n_glyphs = DBI_CODE_GLYPHS + 1 };
	struct dbi_pdf_face face = { .info = &info }, wide = { .info = &large };
	dbi_deflater *z = dbi_deflater_new(DBI_DEFLATE_SMALL);
	unsigned char code[2];
	struct map m = { .n_spaces = 0 };

	OK(z && read_map(&m, true, z), "the map of all glyphs is a zlib stream");
	test_ranges(&m);
	OK(count_found(&m, &face, DBI_CODE_GLYPHS) == DBI_CODE_GLYPHS - 1, "every glyph comes back from its code in a string");
	OK(z && read_map(&m, false, z), "the map of the first glyphs is a zlib stream");
	test_ranges(&m);
	OK(count_found(&m, &face, DBI_ENCODING_GLYPHS) == DBI_ENCODING_GLYPHS - 1, "each of the first glyphs comes back from its code in a string");
	OK(dbi_glyph_code(&face, 'A' - 29, code) == 1 && code[0] == 'A', "where glyphs are in the order of ASCII, a letter is its own code");
	OK(!dbi_face_is_wide(&face) && dbi_face_is_wide(&wide), "a face of too many glyphs is wide");
	OK(dbi_glyph_code(&wide, 'A' - 29, code) == 2 && code[0] == 0 && code[1] == 'A' - 29, "its codes are the numbers of glyphs in two bytes");
	dbi_deflater_free(z);
	return tap_done();
}
