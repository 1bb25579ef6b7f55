/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <errno.h>
#include <stdlib.h>

#include "util/arena.h"
#include "util/buf.h"
#include "util/error.h"
#include "util/file.h"
#include "util/mem.h"

/* ---- buffers ---- */

static void test_growth(void)
{
	struct dbi_buf b = DBI_BUF_INIT;
	char *taken;

	for (int i = 0; i < 1000; i++)
		dbi_buf_addc(&b, 'x');
	dbi_buf_addf(&b, "%s-%d", "abc", -5);
	EQ(b.len, 1006, "bytes are counted");
	IS(b.data + 1000, "abc--5", "formatted text is appended");
	dbi_buf_clear(&b);
	IS(b.data, "", "a cleared buffer is empty");
	dbi_buf_addf(&b, "%0400d", 7);
	EQ(b.len, 400, "a long format fits");
	taken = dbi_buf_take(&b);
	OK(taken && b.data == NULL && b.len == 0, "the bytes can be taken");
	dbi_free(taken);
	taken = dbi_buf_take(&b);
	IS(taken, "", "an empty buffer gives an empty text");
	dbi_free(taken);
}

static void test_maximum(void)
{
	struct dbi_buf b = DBI_BUF_INIT;

	b.max = 10;
	dbi_buf_adds(&b, "0123456789");
	OK(!b.failed, "the maximum is reached");
	dbi_buf_addc(&b, 'x');
	OK(b.failed, "one byte more fails");
	dbi_buf_adds(&b, "");
	OK(dbi_buf_room(&b, 0) == NULL, "the failure stays");
	OK(dbi_buf_take(&b) == NULL, "nothing can be taken");
	OK(b.data == NULL, "and the memory is given back");
	b.max = 100;
	for (int i = 0; i < 100; i++)
		dbi_buf_addc(&b, 'x');
	OK(!b.failed && b.len == 100, "single bytes reach the maximum");
	dbi_buf_addc(&b, 'x');
	OK(b.failed, "and fail behind it");
	dbi_buf_dispose(&b);
}

static void test_numbers(void)
{
	static const struct {
		int64_t value;
		int digits;
		const char *want;
	} cases[] = {
		{ 1250, 2, "12.5" }, { -1250, 2, "-12.5" }, { 1200, 2, "12" }, { 5, 3, "0.005" }, { -5, 1, "-0.5" }, { 0, 2, "0" },
		{ 0, 0, "0" }, { 17, 0, "17" }, { 100, 0, "100" }, { 3, -2, "300" }, { INT64_MIN, 0, "-9223372036854775808" },
		{ INT64_MAX, 19, "0.9223372036854775807" }, { 10, 1, "1" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbi_buf b = DBI_BUF_INIT;

		dbi_buf_add_fixed(&b, cases[i].value, cases[i].digits);
		IS(b.data, cases[i].want, cases[i].want);
		if (cases[i].digits == 0) {
			dbi_buf_clear(&b);
			dbi_buf_add_int(&b, cases[i].value);
			IS(b.data, cases[i].want, "  also as an integer");
		}
		dbi_buf_dispose(&b);
	}
}

static void test_xml_and_csv(void)
{
	static const struct {
		const char *text, *want;
	} csv[] = {
		{ "plain", "\"plain\"" }, { "", "\"\"" }, { "a\"b", "\"a\"\"b\"" }, { "=1+1", "\"'=1+1\"" }, { "+49", "\"'+49\"" },
		{ "-1", "\"'-1\"" }, { "@x", "\"'@x\"" }, { "\tx", "\"'\tx\"" }, { "\rx", "\"'\rx\"" }, { "a=b", "\"a=b\"" },
		{ "\xEF\xBC\x9Dx", "\"'\xEF\xBC\x9Dx\"" }, { "a;b,c", "\"a;b,c\"" },
	};
	struct dbi_buf b = DBI_BUF_INIT;

	dbi_buf_add_xml(&b, "a<b>&\"'\t\n\r\xC3\xBC", 12, false);
	IS(b.data, "a&lt;b&gt;&amp;\"'\t\n&#13;\xC3\xBC", "character data is escaped");
	dbi_buf_clear(&b);
	dbi_buf_add_xml(&b, "a<b>&\"'\t\n\r\xC3\xBC", 12, true);
	IS(b.data, "a&lt;b&gt;&amp;&quot;'&#9;&#10;&#13;\xC3\xBC", "attribute values also keep white space");
	for (size_t i = 0; i < sizeof csv / sizeof *csv; i++) {
		dbi_buf_clear(&b);
		dbi_buf_add_csv(&b, csv[i].text);
		IS(b.data, csv[i].want, "a cell of a CSV file");
	}
	dbi_buf_dispose(&b);
}

/* ---- memory ---- */

static void test_sizes(void)
{
	size_t n = 0;
	int *array = NULL;
	size_t cap = 0;

	OK(dbi_size_mul(3, 4, &n) && n == 12, "a product");
	OK(!dbi_size_mul(SIZE_MAX / 2, 3, &n), "an overflow of a product is seen");
	OK(!dbi_size_add(SIZE_MAX, 1, &n), "an overflow of a sum is seen");
	OK(dbi_realloc(NULL, SIZE_MAX / 4, 8) == NULL, "an array beyond all memory is refused");
	OK(dbi_calloc(SIZE_MAX / 4, 8) == NULL, "also zeroed");
	OK(dbi_grow(&array, &cap, 5, sizeof *array, 20) && cap >= 5, "an array grows");
	OK(dbi_grow(&array, &cap, 20, sizeof *array, 20) && cap == 20, "up to its maximum");
	OK(!dbi_grow(&array, &cap, 21, sizeof *array, 20) && cap == 20, "and not beyond");
	dbi_free(array);
	OK(dbi_strdup(NULL) == NULL, "a copy of nothing is nothing");
	dbi_free(NULL);
	dbi_free_wiped(NULL, 0);
}

static void test_planned_failures(void)
{
	void *p;

	dbi_mem_fail_at(2, false);
	p = dbi_malloc(1);
	OK(p != NULL, "the first allocation succeeds");
	dbi_free(p);
	OK(dbi_malloc(1) == NULL, "the second fails");
	p = dbi_malloc(1);
	OK(p != NULL, "the third succeeds");
	dbi_free(p);
	EQ(dbi_mem_count(), 3, "all are counted");
	dbi_mem_fail_at(1, true);
	OK(dbi_malloc(1) == NULL && dbi_calloc(1, 1) == NULL && dbi_strdup("x") == NULL, "from then on all fail");
	dbi_mem_fail_at(0, false);
}

static void test_arena_trim(void)
{
	struct dbi_arena a = DBI_ARENA_INIT;
	size_t small;

	OK(dbi_arena_alloc(&a, 1000) != NULL, "a small letter");
	small = a.total;
	dbi_arena_trim(&a, 1 << 20);
	EQ(a.total, small, "what fits is kept");
	for (int i = 0; i < 100; i++)
		(void)dbi_arena_alloc(&a, 100000);
	OK(dbi_arena_used(&a) >= 100 * 100000, "and a large one");
	dbi_arena_reset(&a);
	dbi_arena_trim(&a, 1 << 20);
	OK(a.total >= small && a.total <= 1 << 20, "of which no more is kept than was said");
	EQ(dbi_arena_used(&a), 0, "and nothing in it");
	a.max = 1 << 20;
	OK(dbi_arena_left(&a) <= 1 << 20 && dbi_arena_left(&a) > (1 << 20) - 64, "all of it is there to be given out");
	for (int i = 0; i < 100; i++)
		(void)dbi_arena_alloc(&a, 100000);
	OK(dbi_arena_left(&a) < 100000 * 2 && dbi_arena_used(&a) > 500000, "until it is used up");
	a.max = 0;
	dbi_arena_reset(&a);
	OK(dbi_arena_alloc(&a, 3 << 20) != NULL, "after which another large one finds room");
	dbi_arena_reset(&a);
	dbi_arena_trim(&a, 0);
	EQ(a.total, 0, "all can be given back");
	OK(dbi_arena_strndup(&a, "again", 5) != NULL, "and be there again");
	dbi_arena_dispose(&a);
}

static void test_buf_trim(void)
{
	struct dbi_buf b = DBI_BUF_INIT;

	dbi_buf_adds(&b, "small");
	dbi_buf_trim(&b, 1000);
	OK(b.data && b.len == 0 && b.data[0] == '\0', "a small buffer is emptied and kept");
	(void)dbi_buf_room(&b, 100000);
	dbi_buf_trim(&b, 1000);
	OK(!b.data && b.cap == 0, "a large one is given back");
	dbi_buf_adds(&b, "again");
	OK(b.data && strcmp(b.data, "again") == 0, "and can be used again");
	dbi_buf_dispose(&b);
}

static void test_arena(void)
{
	struct dbi_arena a = DBI_ARENA_INIT;
	size_t total;
	char *first, *s;
	int aligned = 1;

	first = dbi_arena_alloc(&a, 1);
	for (size_t n = 0; n < 5000; n += 7) {
		char *p = dbi_arena_alloc(&a, n);

		aligned = aligned && p && (uintptr_t)p % 8 == 0;
		if (p)
			memset(p, 'x', n);
	}
	OK(aligned, "all blocks are aligned to 8 bytes");
	s = dbi_arena_alloc(&a, 12);
	OK(s && dbi_arena_extend(&a, s, 12, 30) && dbi_arena_alloc(&a, 1) == s + 32, "what was given out last grows where it is");
	OK(!dbi_arena_extend(&a, s, 30, 60), "not when something came behind it");
	s = dbi_arena_alloc(&a, 8);
	OK(!dbi_arena_extend(&a, s, 8, 2 << 20) && !dbi_arena_extend(&a, NULL, 0, 8), "nor beyond its chunk, nor what is not there");
	s = dbi_arena_strndup(&a, "hello world", 5);
	IS(s, "hello", "a text is copied");
	OK(dbi_arena_alloc(&a, SIZE_MAX) == NULL && dbi_arena_calloc(&a, SIZE_MAX / 2, 4) == NULL, "absurd sizes are refused");
	total = a.total;
	dbi_arena_reset(&a);
	s = dbi_arena_calloc(&a, 1, 1);
	OK(s == first && *s == 0, "after a reset the memory is used again, zeroed");
	for (size_t n = 0; n < 5000; n += 7)
		(void)dbi_arena_alloc(&a, n);
	EQ(a.total, total, "the same work needs no new chunk");
	dbi_arena_dispose(&a);
	a.max = 1000;
	OK(dbi_arena_alloc(&a, 600) != NULL, "a small arena");
	OK(dbi_arena_alloc(&a, 600) == NULL, "keeps to its maximum");
	OK(dbi_arena_alloc(&a, 300) != NULL, "what fits still goes");
	dbi_arena_dispose(&a);
	dbi_arena_dispose(&a);
	test_arena_trim();
}

/* ---- errors ---- */

static void test_first_error_wins(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	EQ(dbi_error(NULL, DBRIEF_FAILED, DBRIEF_CAUSE_XML, "x", "y"), DBRIEF_FAILED, "no record is needed");
	EQ(dbi_error(&err, DBRIEF_WARN, DBRIEF_CAUSE_LAYOUT, "p", "warned"), DBRIEF_WARN, "a warning is recorded");
	EQ(dbi_error(&err, DBRIEF_FAILED, DBRIEF_CAUSE_VALUE, "field a", "no %s, %d", "date", 5), DBRIEF_FAILED, "an error replaces it");
	EQ(dbi_error(&err, DBRIEF_FATAL, DBRIEF_CAUSE_XML, "other", "later"), DBRIEF_FATAL, "a later error returns its own status");
	IS(err.text, "no date, 5", "but the first stays");
	EQ(err.status, DBRIEF_FAILED, "with its status");
	EQ(dbi_error_prefix(&err, DBRIEF_FATAL, "source %s", "crm"), DBRIEF_FAILED, "a higher floor adds a place");
	IS(err.where, "source crm / field a", "in front");
	dbrief_error_clear(&err);
	EQ(err.status, DBRIEF_OK, "cleared");
	EQ(dbi_error_prefix(&err, DBRIEF_FATAL, "x"), DBRIEF_FATAL, "nothing is added to no error");
	IS(err.where, "", "the place stays empty");
	EQ(dbi_error_system(&err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, ENOSPC, "", "full"), DBRIEF_FATAL, "a system error");
	EQ(err.os_errno, ENOSPC, "keeps its errno");
	EQ(dbi_error_prefix(&err, DBRIEF_FATAL, "place"), DBRIEF_FATAL, "a place for what had none");
	IS(err.where, "place", "stands alone");
	EQ(dbi_status_combine(DBRIEF_WARN, DBRIEF_FAILED), DBRIEF_FAILED, "the graver status wins");
	EQ(dbi_status_combine(DBRIEF_EOF, DBRIEF_OK), DBRIEF_OK, "the end of a list is less than all well");
}

static void test_cut_texts(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char longer[600];

	longer[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof longer; i += 2)
		memcpy(longer + i, "\xC3\xBC", 2);
	longer[sizeof longer - 1] = '\0';
	(void)dbrief_error_set(&err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, longer, longer);
	EQ(strlen(err.where), sizeof err.where - 2, "a long place is cut before a half character");
	IS(err.where + strlen(err.where) - 3, "...", "visibly");
	IS(err.text + strlen(err.text) - 3, "...", "so is a long text");
	EQ((unsigned char)err.text[strlen(err.text) - 4], 0xBC, "characters stay whole");
	(void)dbi_error_prefix(&err, DBRIEF_FAILED, "%s", longer);
	EQ(strlen(err.where) < sizeof err.where, 1, "a place that grows too long is cut again");
	dbrief_error_clear(&err);
	(void)dbrief_error_set(&err, DBRIEF_FAILED, DBRIEF_CAUSE_SYSTEM, NULL, "two\nlines\r\n");
	IS(err.text, "two lines  ", "a text is one line");
	IS(err.where, "", "no place is an empty place");
}

static void test_names(void)
{
	int distinct = 1;

	for (int a = 0; a <= DBRIEF_CAUSE_SYSTEM; a++)
		for (int b = 0; b < a; b++)
			distinct = distinct && strcmp(dbrief_cause_name(a), dbrief_cause_name(b)) != 0;
	OK(distinct, "every cause has its own word");
	IS(dbrief_cause_name(DBRIEF_CAUSE_UNDECLARED), "undeclared", "undeclared");
	IS(dbrief_cause_name(-1), "unknown", "no cause below");
	IS(dbrief_cause_name(1000), "unknown", "no cause above");
	IS(dbrief_status_name(DBRIEF_FAILED), "failed", "failed");
	IS(dbrief_status_name(5), "unknown", "no such status");
	IS(dbi_errno_text(ENOSPC), "No space left on device", "texts of errno are our own");
	IS(dbi_errno_text(99999), "System error", "also for unknown ones");
}

/* ---- files ---- */

static void test_file_read(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	const char *name = "util_buf.tmp";
	FILE *f = fopen(name, "wb");

	if (!f)
		exit(99);
	for (int i = 0; i < 100000; i++)
		(void)fputc('a' + i % 26, f);
	(void)fclose(f);
	EQ(dbi_file_read(&b, name, 100000, DBRIEF_CAUSE_XML, &err), DBRIEF_OK, "a file is read up to its maximum");
	EQ(b.len, 100000, "with all its bytes");
	EQ(b.data[99999], 'a' + 99999 % 26, "to the last");
	EQ(dbi_file_read(&b, name, 99999, DBRIEF_CAUSE_XML, &err), DBRIEF_FATAL, "a file over its maximum is refused");
	EQ(err.cause, DBRIEF_CAUSE_LIMIT, "as over the limit");
	dbrief_error_clear(&err);
	EQ(dbi_file_read(&b, "none/none", 10, DBRIEF_CAUSE_FONT, &err), DBRIEF_FATAL, "a file that is not there");
	EQ(err.cause, DBRIEF_CAUSE_FONT, "fails with the caller's cause");
	IS(err.text, "cannot be opened (No such file or directory); check the path", "and a text that helps");
	dbrief_error_clear(&err);
	EQ(dbi_file_read(&b, ".", 10, DBRIEF_CAUSE_XML, &err), DBRIEF_FATAL, "a folder is no file");
	dbi_buf_dispose(&b);
	(void)remove(name);
}

int main(void)
{
	test_growth();
	test_maximum();
	test_numbers();
	test_xml_and_csv();
	test_sizes();
	test_planned_failures();
	test_arena();
	test_buf_trim();
	test_first_error_wins();
	test_cut_texts();
	test_names();
	test_file_read();
	return tap_done();
}
