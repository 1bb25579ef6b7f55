/* SPDX-License-Identifier: MIT */
/* A run whose letters go into lots: places, lists, a merge that was killed, and what verify finds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sqlite3.h>
#include <datenbrief.h>
#include <datenbrief/run.h>
#include "../unit/tap.h"
#include "util/hash.h"
#include "util/buf.h"
#include "util/file.h"

#define DIR "tests/api/run_lots.dir"
#define PEOPLE 30

static const char config[] =
	"<datenbrief xmlns='urn:datenbrief:config:1' lang='de'>"
	"<controller><name>Muster GmbH</name><line>Musterweg 1</line><country>DE</country></controller>"
	"<authority><name>Aufsicht</name><line>Amtsplatz 1</line></authority>"
	"<register xmlns='urn:datenbrief:register:1' version='1'><activity id='a'><name>N</name><purpose>P</purpose>"
	"<legal-basis article='6(1)(b)'>B</legal-basis><retention>R</retention><origin>O</origin></activity></register>"
	"<template href='letter.xml'/>"
	"<source id='crm' type='sqlite' url='sqlite:data.db' label='CRM'>"
	"<subjects>SELECT no FROM person ORDER BY no</subjects>"
	"<records name='person' label='Person' activity='a' subject-key='no'>"
	"<query>SELECT no, name, pages FROM person WHERE no = :subject</query>"
	"<field name='name' label='Name' type='text'/><field name='pages' label='Seiten' type='integer'/></records></source>"
	"<subject><name select=\"collections/collection/record/field[@name='name']\"/>"
	"<line select=\"'Ort'\"/></subject></datenbrief>";

/* As many pages as the field says: one, or eighteen, which need a larger envelope. */
static const char letter[] =
	"<t:template xmlns:t='urn:datenbrief:template:1' xmlns='urn:datenbrief:letter:1' version='1' lang='de' name='T'>"
	"<letter form='report' lang='de' title='Datenbrief' case='{@case}'><subject>Daten</subject><salutation>Guten Tag,</salutation>"
	"<body><p><t:value-of select=\"subject/name\"/></p>"
	"<t:if test=\"collections/collection/record/field[@name='pages'] > 1\">PAGES</t:if></body></letter></t:template>";

static bool put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	bool good = f && fputs(text, f) >= 0;
	return f && fclose(f) == 0 && good;
}

static bool make_database(void)
{
	sqlite3 *db = NULL;
	char sql[200];
	bool good = sqlite3_open(DIR "/data.db", &db) == SQLITE_OK &&
	    sqlite3_exec(db, "CREATE TABLE person (no INTEGER PRIMARY KEY, name TEXT, pages INTEGER)", NULL, NULL, NULL) == SQLITE_OK;
	for (int i = 1; good && i <= PEOPLE; i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO person VALUES (%d, 'Person %d', %d)", i, i, i % 10 == 0 ? 18 : 1);
		good = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
	}
	sqlite3_close(db);
	return good;
}

static bool prepare(void)
{
	struct dbi_buf text = DBI_BUF_INIT;
	const char *mark = strstr(letter, "PAGES");
	(void)system("rm -rf " DIR);
	(void)mkdir(DIR, 0700);
	dbi_buf_add(&text, letter, (size_t)(mark - letter));
	for (int i = 0; i < 17; i++)
		dbi_buf_adds(&text, "<page-break/><p>Seite</p>");
	dbi_buf_adds(&text, mark + 5);
	bool good = put(DIR "/datenbrief.xml", config) && put(DIR "/letter.xml", text.data) && make_database();
	dbi_buf_dispose(&text);
	return good;
}

static dbrief_engine *load(dbrief_template **tmpl)
{
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = NULL;
	opts.date = "2026-11-23";
	if (dbrief_engine_load(&engine, DIR "/datenbrief.xml", &opts, &err) != DBRIEF_OK ||
	    dbrief_engine_freeze(engine, &err) != DBRIEF_OK || dbrief_template_load(tmpl, engine, NULL, &err) != DBRIEF_OK)
		printf("# %s: %s\n", err.where, err.text);
	return engine;
}

struct findings { unsigned n; char last[300]; };

static void note(void *user, const char *place, const char *text)
{
	struct findings *f = user;
	f->n++;
	snprintf(f->last, sizeof(f->last), "%s %s", place, text);
	printf("# %s\n", f->last);
}

struct bed { dbrief_engine *engine; dbrief_template *tmpl; char folder[64]; };

static int plan(struct bed *b, size_t letters, size_t sheets)
{
	struct dbrief_plan_opts opts = DBRIEF_PLAN_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	opts.form = "lots";
	opts.lot_letters = letters;
	opts.lot_sheets = sheets;
	opts.duplex = 1;
	int status = dbrief_plan_create(b->folder, b->engine, b->tmpl, &opts, &err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", err.where, err.text);
	return status;
}

/* Each step with a run of its own, as processes would. */
static int step(struct bed *b, int what, unsigned threads, struct findings *f)
{
	struct dbrief_render_opts opts = DBRIEF_RENDER_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_run *run = NULL;
	int status = dbrief_run_open(&run, b->folder, b->engine, b->tmpl, DBRIEF_RUN_ALONE, &err);
	opts.threads = threads;
	if (status == DBRIEF_OK)
		status = what == 0 ? dbrief_run_render(run, &opts, NULL, &err) : what == 1 ? dbrief_run_merge(run, NULL, &err) :
		    dbrief_run_verify(run, note, f, NULL, &err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", err.where, err.text);
	dbrief_run_close(run);
	return status;
}

static int verify(struct bed *b, struct findings *f)
{
	memset(f, 0, sizeof(*f));
	return step(b, 2, 1, f);
}

static bool read_all(const struct bed *b, const char *name, struct dbi_buf *out)
{
	char path[600];
	snprintf(path, sizeof(path), "%s/%s", b->folder, name);
	dbi_buf_clear(out);
	return dbi_file_read(out, path, 1 << 26, DBRIEF_CAUSE_SINK, NULL) == DBRIEF_OK;
}

static bool exists(const struct bed *b, const char *name)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/%s", b->folder, name);
	return access(path, F_OK) == 0;
}

static unsigned count_lines(const struct dbi_buf *text, const char *what)
{
	unsigned n = 0;
	for (const char *p = text->data; p && (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static void test_run(struct bed *b)
{
	struct dbi_buf text = DBI_BUF_INIT;
	struct findings f;
	EQ(plan(b, 10, 0), DBRIEF_OK, "a plan with ten letters a lot");
	EQ(step(b, 0, 2, NULL), DBRIEF_OK, "rendered by two threads");
	OK(!exists(b, "lots/lot-00001.pdf"), "no lot before merge");
	EQ(step(b, 1, 1, NULL), DBRIEF_OK, "merged");
	EQ(verify(b, &f), DBRIEF_OK, "verify finds nothing");
	OK(exists(b, "lots/lot-00004.pdf") && !exists(b, "lots/lot-00005.pdf"), "27 short letters in three lots, 3 long ones in another");
	OK(read_all(b, "manifest.csv", &text), "a manifest");
	EQ(count_lines(&text, "\"lots/lot-"), PEOPLE, "names the lot of each letter");
	EQ(count_lines(&text, "\"C5\""), 3, "three of them in larger envelopes");
	EQ(count_lines(&text, "\"DL\""), 27, "the others in small ones");
	EQ(count_lines(&text, "\"19\",\"C5\""), 1, "the second long letter begins on page 19");
	OK(read_all(b, "journal/lots", &text), "a list of lots");
	EQ(count_lines(&text, "\n"), 4, "with a line each");
	EQ(step(b, 1, 1, NULL), DBRIEF_OK, "merge once more");
	EQ(verify(b, &f), DBRIEF_OK, "changes nothing");
	dbi_buf_dispose(&text);
}

/* The same plan in other folders, by other numbers of threads, or with a merge that began before. */
static void test_same(struct bed *b)
{
	struct bed c = *b;
	struct dbi_buf one = DBI_BUF_INIT, two = DBI_BUF_INIT;
	struct findings f;
	char path[300];
	snprintf(c.folder, sizeof(c.folder), DIR "/other");
	EQ(plan(&c, 10, 0), DBRIEF_OK, "another folder");
	EQ(step(&c, 0, 1, NULL), DBRIEF_OK, "rendered by one thread");
	snprintf(path, sizeof(path), "%s/lots", c.folder);
	(void)mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/lots/lot-00009.pdf", c.folder);
	OK(put(path, "half a lot"), "a merge was killed there before");
	EQ(step(&c, 1, 1, NULL), DBRIEF_OK, "merged");
	OK(!exists(&c, "lots/lot-00009.pdf"), "what it left is gone");
	EQ(verify(&c, &f), DBRIEF_OK, "verify finds nothing");
	for (int i = 1; i <= 4; i++) {
		snprintf(path, sizeof(path), "lots/lot-0000%d.pdf", i);
		OK(read_all(b, path, &one) && read_all(&c, path, &two) && one.len == two.len &&
		    memcmp(one.data, two.data, one.len) == 0, "equal lots");
	}
	dbi_buf_dispose(&one);
	dbi_buf_dispose(&two);
}

static void test_sheets(struct bed *b)
{
	struct bed c = *b;
	struct dbi_buf text = DBI_BUF_INIT;
	struct findings f;
	snprintf(c.folder, sizeof(c.folder), DIR "/sheets");
	EQ(plan(&c, 0, 9), DBRIEF_OK, "nine sheets a lot");
	EQ(step(&c, 0, 2, NULL), DBRIEF_OK, "rendered");
	EQ(step(&c, 1, 1, NULL), DBRIEF_OK, "merged");
	EQ(verify(&c, &f), DBRIEF_OK, "verified");
	OK(read_all(&c, "journal/lots", &text), "list of lots");
	EQ(count_lines(&text, " 9 18 9 "), 3, "three lots of nine letters");
	EQ(count_lines(&text, " 1 18 9 "), 3, "three of one long letter");
	dbi_buf_dispose(&text);
}

static void spoil(const struct bed *b, const char *name, long at)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/%s", b->folder, name);
	FILE *f = fopen(path, "r+b");
	if (f && fseek(f, at, SEEK_SET) == 0) {
		int c = fgetc(f);
		fseek(f, at, SEEK_SET);
		fputc(c ^ 1, f);
	}
	if (f)
		fclose(f);
}

static void move(const struct bed *b, const char *from, const char *to)
{
	char a[200], c[200];
	snprintf(a, sizeof(a), "%s/%s", b->folder, from);
	snprintf(c, sizeof(c), "%s/%s", b->folder, to);
	(void)rename(a, c);
}

static void test_findings(struct bed *b)
{
	struct findings f;
	spoil(b, "lots/lot-00002.pdf", 5000);
	EQ(verify(b, &f), DBRIEF_FATAL, "a changed byte in a lot is found");
	OK(f.n == 1 && strstr(f.last, "lots/lot-00002.pdf"), "and where it is");
	spoil(b, "lots/lot-00002.pdf", 5000);
	EQ(verify(b, &f), DBRIEF_OK, "it is as it was");
	move(b, "lots/lot-00003.pdf", "lots/lot-00009.pdf");
	EQ(verify(b, &f), DBRIEF_FATAL, "a missing lot and one too many are found");
	EQ(f.n, 2, "both");
	EQ(step(b, 1, 1, NULL), DBRIEF_FATAL, "merge refuses to go on without it");
	move(b, "lots/lot-00009.pdf", "lots/lot-00003.pdf");
	move(b, "lots/lot-00001.pdf", "lots/x");
	move(b, "lots/lot-00002.pdf", "lots/lot-00001.pdf");
	move(b, "lots/x", "lots/lot-00002.pdf");
	EQ(verify(b, &f), DBRIEF_FATAL, "swapped lots are found");
	EQ(f.n, 2, "both");
	move(b, "lots/lot-00001.pdf", "lots/x");
	move(b, "lots/lot-00002.pdf", "lots/lot-00001.pdf");
	move(b, "lots/x", "lots/lot-00002.pdf");
	spoil(b, "journal/lots", 14);
	EQ(verify(b, &f), DBRIEF_FATAL, "a changed list of lots is found");
	OK(f.n >= 2, "by its letters and by the seal");
	spoil(b, "journal/lots", 14);
	EQ(verify(b, &f), DBRIEF_OK, "all is well again");
}

/* A rendered letter that was changed before merge never gets into a lot. */
static void test_spool(struct bed *b)
{
	struct bed c = *b;
	struct dbi_buf text = DBI_BUF_INIT;
	char name[100];
	snprintf(c.folder, sizeof(c.folder), DIR "/spool");
	EQ(plan(&c, 0, 0), DBRIEF_OK, "a plan");
	EQ(step(&c, 0, 1, NULL), DBRIEF_OK, "rendered");
	OK(read_all(b, "manifest.csv", &text), "its case codes are those of the other runs");
	const char *code = strstr(text.data, "\r\n\"") + 3;
	snprintf(name, sizeof(name), "journal/spool/%.14s.spool", code);
	OK(exists(&c, name), "a record");
	spoil(&c, name, 300);
	EQ(step(&c, 1, 1, NULL), DBRIEF_FATAL, "is refused when it was changed");
	OK(!exists(&c, "manifest.csv") && !exists(&c, "lots/lot-00001.pdf"), "nothing is left of the merge");
	spoil(&c, name, 300);
	EQ(step(&c, 1, 1, NULL), DBRIEF_OK, "as it was it is taken");
	OK(!exists(&c, name), "records are gone after the merge");
	dbi_buf_dispose(&text);
}

int main(void)
{
	struct bed b = { NULL, NULL, DIR "/out" };
	dbi_hash_init();
	if (!OK(prepare(), "a database of thirty persons"))
		return tap_done();
	b.engine = load(&b.tmpl);
	test_run(&b);
	test_same(&b);
	test_sheets(&b);
	test_findings(&b);
	test_spool(&b);
	dbrief_template_free(b.tmpl);
	dbrief_engine_free(b.engine);
	return tap_done();
}
