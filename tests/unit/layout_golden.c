/* SPDX-License-Identifier: MIT */
/* Letters to display lists, compared with files read by people. REGEN=1 writes them anew. */
#include "layout_help.h"

static const char *const cases[] = { "front-b", "front-a", "front-swiss", "front-austria", "front-hybrid", "inserter", "report", "text", "blocks", "tables", "scripts" };

static char *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *bytes = NULL;
	long size;

	*len = 0;
	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0 && (bytes = malloc((size_t)size + 1))) {
		*len = fread(bytes, 1, (size_t)size, f);
		bytes[*len] = '\0';
	}
	fclose(f);
	return bytes;
}

/* The first line that differs, for the reader of the log. */
static void show_difference(const char *got, const char *want)
{
	size_t line = 1, start = 0, i;

	for (i = 0; got[i] && got[i] == want[i]; i++)
		if (got[i] == '\n') {
			line++;
			start = i + 1;
		}
	printf("# line %zu\n# got:  %.*s\n# want: %.*s\n", line, (int)strcspn(got + start, "\n"), got + start, (int)strcspn(want + start, "\n"),
	    want + start);
}

/* `round`: in the first one nothing is kept of the letter yet, in the fourth all that may be. */
static void run_case(struct bench *b, const char *dir, const char *name, int round)
{
	char path[512], what[128];
	size_t len, want_len;
	struct dbi_buf out = DBI_BUF_INIT;
	char *xml, *want;

	snprintf(path, sizeof(path), "%s/%s.xml", dir, name);
	snprintf(what, sizeof(what), "%s is laid out as before%s", name, round ? ", with what is kept of it" : "");
	xml = read_file(path, &len);
	if (!xml || bench_layout(b, xml, len) != DBRIEF_OK || dbi_display_dump(&b->display, &out, &b->err) != DBRIEF_OK) {
		printf("# %s: %s: %s\n", path, b->err.where, b->err.text);
		OK(0, what);
		goto done;
	}
	snprintf(path, sizeof(path), "%s/%s.txt", dir, name);
	if (getenv("REGEN")) {
		FILE *f = fopen(path, "wb");

		OK(f && fwrite(out.data, 1, out.len, f) == out.len && fclose(f) == 0, "written anew");
		goto done;
	}
	want = read_file(path, &want_len);
	if (!OK(want && want_len == out.len && memcmp(want, out.data, out.len) == 0, what))
		show_difference(out.data, want ? want : "");
	free(want);
done:
	free(xml);
	dbi_buf_dispose(&out);
}

int main(void)
{
	struct bench b;
	const char *srcdir = getenv("srcdir");
	char dir[400];

	if (!OK(bench_open(&b), "fonts open"))
		return tap_done();
	snprintf(dir, sizeof(dir), "%s/tests/golden/layout", srcdir ? srcdir : ".");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!bench_has_arimo(&b))
			tap_skip(cases[i], "the golden files are made with Arimo, which is not installed");
		for (int round = 0; round < 4 && bench_has_arimo(&b); round++)
			run_case(&b, dir, cases[i], round);
	}
	bench_close(&b);
	return tap_done();
}
