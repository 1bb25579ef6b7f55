/* SPDX-License-Identifier: MIT */
/* Data stays data, limits hold, threads share a template, failed allocations never change a letter. The persons are made up. */
#include <pthread.h>
#include "tap.h"
#include "template.h"
#include "util/mem.h"

static const char *const hostile[] = {
	"{@case}", "{{", "}", "<t:value-of select='secret'/>", "<b>", "&amp;", "]]>", "<![CDATA[x]]>", "<!-- x -->", "<?pi?>",
	"' or '1'='1", "'] | //secret | a['", "\" | //secret", "$secret", "//secret", "t:current()", "document('/etc/passwd')",
	"concat('a', 'b')", "<t:include href='/etc/passwd'/>", "{string(//secret)}", "a&#10;b", "\t x ", ("\xE2\x80\xAE" "gpj.exe"), "%s%n",
	"=1+1", "{page}",
};

static void add_xml(struct dbi_buf *b, const char *s, bool attribute)
{
	dbi_buf_add_xml(b, s, strlen(s), attribute);
}

/* Every way a value can take into a letter: text, attribute, variable, condition, sort key, loop, function. */
static const char all_ways[] = T_OPEN
    "<t:variable name='all' select='v'/><letter title='{v}'><p><t:value-of select='v'/></p>"
    "<t:variable name='x' select='string(v)'/><p title='a{$x}b'><t:value-of select='$x'/></p>"
    "<t:for-each select='$all' as='it'><t:sort select='.'/><t:sort select='.' type='number'/><p><t:value-of select='$it'/></p></t:for-each>"
    "<t:if test='v = $x'><p><t:value-of select='concat(v, @a)'/></p></t:if><p><t:value-of select='t:plural(1, v, 2)'/></p>"
    "<p><t:value-of select='@a'/></p></letter></t:template>";

static void expected_letter(struct dbi_buf *b, const char *s)
{
	dbi_buf_adds(b, "<letter title=\"");
	add_xml(b, s, true);
	dbi_buf_adds(b, "\"><p>");
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p><p title=\"a");
	add_xml(b, s, true);
	dbi_buf_adds(b, "b\">");
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p><p>");
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p><p>");
	add_xml(b, s, false);
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p><p>");
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p><p>");
	add_xml(b, s, false);
	dbi_buf_adds(b, "</p></letter>");
}

static void test_hostile(void)
{
	struct dbi_buf model = DBI_BUF_INIT, want = DBI_BUF_INIT, out = DBI_BUF_INIT;
	size_t i;

	file_write("letter.xml", all_ways);
	for (i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		dbi_buf_clear(&model);
		dbi_buf_clear(&want);
		dbi_buf_adds(&model, "<m case='K' a=\"");
		add_xml(&model, hostile[i], true);
		dbi_buf_adds(&model, "\"><secret>SECRET</secret><v>");
		add_xml(&model, hostile[i], false);
		dbi_buf_adds(&model, "</v></m>");
		expected_letter(&want, hostile[i]);
		IS(template_result(model.data, &out), want.data, "what looks like an instruction stays text");
	}
	dbi_buf_dispose(&model);
	dbi_buf_dispose(&want);
	dbi_buf_dispose(&out);
}

static void test_messages(void)
{
	static const char *const selects[] = { "t:date(v)", "t:money(v, \"EUR\")", "t:money(1, v)", "t:number(v)", "t:number(1, v)", "t:code(v)",
		"t:country(v)", "t:plural(v, 1, 2)", "number(v)", "1 div number(v)" };
	struct dbi_buf text = DBI_BUF_INIT, out = DBI_BUF_INIT;
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(selects) / sizeof(*selects); i++) {
		dbi_buf_clear(&text);
		dbi_buf_addf(&text, "%s<letter><p><t:value-of select='%s'/></p></letter></t:template>", T_OPEN, selects[i]);
		file_write("letter.xml", text.data);
		got = template_result("<m><v>Geheimwert 47</v></m>", &out);
		OK(strncmp(got, "letter.xml:1:", 13) == 0 && !strstr(got, "Geheim") && !strstr(got, "47") == !strstr(selects[i], "47"),
		    "a message names the place and not the value");
		if (strstr(got, "Geheim") || strncmp(got, "letter.xml:1:", 13) != 0)
			printf("# %s\n", got);
	}
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&out);
}

static void test_limits(void)
{
	struct dbi_buf model = DBI_BUF_INIT, text = DBI_BUF_INIT, out = DBI_BUF_INIT;
	int i;

	dbi_buf_adds(&model, "<m>");
	for (i = 0; i < 5000; i++)
		dbi_buf_adds(&model, "<r/>");
	dbi_buf_adds(&model, "</m>");
	dbi_buf_adds(&text, T_OPEN "<t:variable name='r' select='r'/><letter><t:for-each select='$r'><t:for-each select='$r'/></t:for-each></letter></t:template>");
	file_write("letter.xml", text.data);
	OK(strstr(template_result(model.data, &out), "needs more than 20000000 instructions") != NULL, "loops in loops end at the limit");
	dbi_buf_clear(&text);
	dbi_buf_adds(&text, T_OPEN "<letter>");
	for (i = 0; i < 58; i++)
		dbi_buf_adds(&text, "<box>");
	dbi_buf_adds(&text, "<t:include href='deep.xml'/>");
	for (i = 0; i < 58; i++)
		dbi_buf_adds(&text, "</box>");
	dbi_buf_adds(&text, "</letter></t:template>");
	file_write("letter.xml", text.data);
	for (i = 0; i < 6; i++) {
		char name[3][16];

		snprintf(name[0], sizeof(name[0]), i ? "deep%d.xml" : "deep.xml", i);
		snprintf(name[1], sizeof(name[1]), "deep%d.xml", i + 1);
		dbi_buf_clear(&text);
		dbi_buf_adds(&text, F_OPEN);
		for (int k = 0; k < 60; k++)
			dbi_buf_adds(&text, "<box>");
		if (i < 5)
			dbi_buf_addf(&text, "<t:include href='%s'/>", name[1]);
		for (int k = 0; k < 60; k++)
			dbi_buf_adds(&text, "</box>");
		dbi_buf_adds(&text, "</t:fragment>");
		file_write(name[0], text.data);
	}
	OK(strstr(template_result("<m/>", &out), "nested deeper than 256 levels") != NULL, "nesting through includes has a limit");
	unlink(folder_path("deep.xml"));
	for (i = 1; i < 6; i++) {
		char name[16];

		snprintf(name, sizeof(name), "deep%d.xml", i);
		unlink(folder_path(name));
	}
	dbi_buf_dispose(&model);
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&out);
}

/* ---- threads ---- */

static const char shared_text[] = T_OPEN "<letter title='{@case}'><t:variable name='n' select='count(v)'/><t:for-each select='v' as='x'><t:sort select='.' order='descending'/>"
    "<p lang='en'><t:value-of select=\"t:money($x, 'EUR')\"/> <t:value-of select='$n'/></p></t:for-each></letter></t:template>";
static const char shared_model[] = "<m case='C'><v>1</v><v>3.5</v><v>2</v></m>";

struct work { const dbi_template *t; const char *want; int bad; };

static void *work(void *arg)
{
	struct work *w = arg;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	int i;

	for (i = 0; i < 50; i++) {
		dbi_buf_clear(&out);
		if (template_run_text(w->t, shared_model, &out, &err) || strcmp(out.data, w->want) != 0)
			w->bad++;
	}
	dbi_buf_dispose(&out);
	return NULL;
}

static void test_threads(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf want = DBI_BUF_INIT;
	struct work works[4];
	pthread_t threads[4];
	dbi_template *t = NULL;
	int i, bad = 0;

	file_write("letter.xml", shared_text);
	EQ(dbi_template_load(&t, folder_path("letter.xml"), &err), DBRIEF_OK, "loaded");
	EQ(template_run_text(t, shared_model, &want, &err), DBRIEF_OK, "runs");
	for (i = 0; i < 4; i++) {
		works[i] = (struct work){ t, want.data, 0 };
		if (pthread_create(&threads[i], NULL, work, &works[i]))
			exit(99);
	}
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		bad += works[i].bad;
	}
	EQ(bad, 0, "four threads with one template write the same letter");
	dbi_template_free(t);
	dbi_buf_dispose(&want);
}

/* ---- one state, many letters ---- */

static void test_again(void)
{
	static const char *const models[] = { "<m case='1'><v>1</v></m>", "<m/>", "<m case='3'><v>x</v></m>", "<m case='4'/>" };
	static const int want[] = { DBRIEF_OK, DBRIEF_FAILED, DBRIEF_FAILED, DBRIEF_OK };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_template_eval *ev = NULL;
	dbi_template *t = NULL;
	dbi_xml_doc *model;
	struct dbi_draft letter = { 0 };
	size_t i;
	int st;

	if (dbi_template_load(&t, folder_path("letter.xml"), &err) || dbi_template_eval_new(&ev, t, NULL, &err))
		exit(99);
	for (i = 0; i < 12; i++) {
		model = NULL;
		dbrief_error_clear(&err);
		if (dbi_xml_parse_memory(&model, "m", models[i % 4], strlen(models[i % 4]), NULL, &err))
			exit(99);
		st = dbi_template_run(ev, model, &letter, &err);
		EQ(st, want[i % 4], "a held letter does not touch the next");
		OK(!letter.root == (st != 0), "a letter comes only without error");
		dbi_xml_free(model);
	}
	dbi_draft_dispose(&letter);
	dbi_template_eval_free(ev);
	dbi_template_free(t);
}

static void test_memory(void)
{
	struct dbi_buf out = DBI_BUF_INIT, want = DBI_BUF_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_template *t = NULL;
	unsigned long n, points;
	int bad = 0, st;

	points = dbi_mem_count();
	if (dbi_template_load(&t, folder_path("letter.xml"), &err) || template_run_text(t, shared_model, &want, &err))
		exit(99);
	dbi_template_free(t);
	points = dbi_mem_count() - points;
	for (n = 1; n <= points; n++) {
		dbrief_error_clear(&err);
		dbi_buf_dispose(&out);
		out = (struct dbi_buf)DBI_BUF_INIT;
		t = NULL;
		dbi_mem_fail_at(n, false);
		st = dbi_template_load(&t, folder_path("letter.xml"), &err);
		if (!st)
			st = template_run_text(t, shared_model, &out, &err);
		dbi_mem_fail_at(0, false);
		dbi_template_free(t);
		if (st ? err.cause != DBRIEF_CAUSE_MEMORY : strcmp(out.data, want.data) != 0) {
			printf("# allocation %lu: %s\n", n, st ? error_line(&err) : out.data);
			bad++;
		}
	}
	EQ(bad, 0, "a failed allocation is an error of cause memory");
	OK(points > 50, "at every point of loading and running");
	dbi_buf_dispose(&out);
	dbi_buf_dispose(&want);
}

int main(void)
{
	folder_make();
	test_hostile();
	test_messages();
	test_limits();
	test_threads();
	test_again();
	test_memory();
	unlink(folder_path("letter.xml"));
	rmdir(folder);
	return tap_done();
}
