/* SPDX-License-Identifier: MIT */
/* Faults of a template are found when it is loaded, with their place. */
#include "tap.h"
#include "template.h"

#define SEE "see datenbrief-template(5)"

static const struct { const char *body, *want; } rows[] = {
	{ "<letter>\n  <t:for-eech select='a'/></letter>", "letter.xml:3:3: t:for-eech is not an instruction; did you mean t:for-each?" },
	{ "<letter><t:xyzzy/></letter>", "letter.xml:2:9: t:xyzzy is not an instruction; see datenbrief-template(5)" },
	{ "<letter><t:value-of selct='a'/></letter>", "letter.xml:2:9: t:value-of has no attribute selct; did you mean select?" },
	{ "<letter><t:if test='1' unless='2'/></letter>", "letter.xml:2:9: t:if has no attribute unless; remove it" },
	{ "<letter><t:value-of/></letter>", "letter.xml:2:9: t:value-of lacks the attribute select; add it" },
	{ "<letter><t:value-of select=' '/></letter>", "letter.xml:2:9: select is empty; write an expression" },
	{ "<letter><t:value-of select='a'>x</t:value-of></letter>", "letter.xml:2:9: t:value-of holds nothing; remove its content" },
	{ "<letter><t:text><b/></t:text></letter>", "letter.xml:2:9: t:text holds elements; it takes text only" },
	{ "<letter><t:when test='1'/></letter>", "letter.xml:2:9: t:when stands only in t:choose; move it" },
	{ "<letter><t:for-each select='a'><p/><t:sort select='b'/></t:for-each></letter>",
	    "letter.xml:2:36: t:sort stands only at the start of t:for-each; move it" },
	{ "<letter><t:choose><p/></t:choose></letter>",
	    "letter.xml:2:19: t:choose holds t:when and t:otherwise only; move this into one of them" },
	{ "<letter><t:choose>x</t:choose></letter>",
	    "letter.xml:2:9: t:choose holds t:when and t:otherwise only; move this into one of them" },
	{ "<letter><t:choose><t:otherwise/></t:choose></letter>", "letter.xml:2:9: t:choose has no t:when; add one" },
	{ "<letter><t:choose><t:when test='1'/><t:otherwise/><t:when test='2'/></t:choose></letter>",
	    "letter.xml:2:51: t:otherwise must come last in t:choose; move it to the end" },
	{ "<letter><t:for-each select='a'><t:sort select='b' order='up'/></t:for-each></letter>",
	    "letter.xml:2:32: order is not ascending or descending; write one of these" },
	{ "<letter><t:for-each select='a'><t:sort select='b' type='date'/></t:for-each></letter>",
	    "letter.xml:2:32: type is not text or number; write one of these" },
	{ "<t:value-of select='a'/><letter/>", "letter.xml:2:1: t:value-of stands outside the letter element; move it inside" },
	{ "<p/>", "letter.xml:2:1: p stands outside the letter element; move it inside" },
	{ "<letter><letter/></letter>", "letter.xml:2:9: letter stands inside a letter; move it out" },
	{ "Hallo<letter/>", "letter.xml:1:1: text stands outside the letter element; move it inside" },
	{ "<letter xmlns='urn:x'/>", "letter.xml:2:1: letter is not in the letter's namespace; write xmlns=\"urn:datenbrief:letter:1\" at the root" },
	{ "<t:variable name='a' select='1'/>", NULL },
	{ "", "letter.xml:1:1: the template holds no letter; add a letter element" },
	{ "<letter><t:value-of select='a['/></letter>", "letter.xml:2:9: select: \"a[\" is wrong at character 3: the expression is not understood here; correct it" },
	{ "<letter><t:if test='a b'/></letter>", "letter.xml:2:9: test: \"a b\" is wrong at character 3: the expression is not understood here; correct it" },
	{ "<letter><t:value-of select='dat(a)'/></letter>", "letter.xml:2:9: select: there is no function dat; " SEE },
	{ "<letter><t:value-of select='t:datum(a)'/></letter>", "letter.xml:2:9: select: there is no function t:datum; did you mean t:date?" },
	{ "<letter><t:value-of select='contain(a, b)'/></letter>", "letter.xml:2:9: select: there is no function contain; did you mean contains?" },
	{ "<letter><t:value-of select='document(\"/etc/passwd\")'/></letter>", "letter.xml:2:9: select: there is no function document; " SEE },
	{ "<letter><t:value-of select='t:date()'/></letter>", "letter.xml:2:9: select: the function t:date() takes 1 to 2 arguments, not 0; correct it" },
	{ "<letter><t:value-of select='t:mask(a, b)'/></letter>", "letter.xml:2:9: select: the function t:mask() takes 1 argument, not 2; correct it" },
	{ "<letter><t:value-of select='concat(a)'/></letter>", "letter.xml:2:9: select: the function concat() takes at least 2 arguments, not 1; correct it" },
	{ "<t:variable name='orders' select='a'/><letter><t:value-of select='$ordes'/></letter>",
	    "letter.xml:2:47: select: there is no variable $ordes; did you mean $orders?" },
	{ "<letter><t:value-of select='$x'/></letter>", "letter.xml:2:9: select: there is no variable $x; set it before with t:variable or as" },
	{ "<letter><p><t:variable name='a' select='1'/></p><t:value-of select='$a'/></letter>",
	    "letter.xml:2:49: select: there is no variable $a; set it before with t:variable or as" },
	{ "<letter><t:value-of select='$a'/><t:variable name='a' select='1'/></letter>",
	    "letter.xml:2:9: select: there is no variable $a; set it before with t:variable or as" },
	{ "<letter><t:variable name='a' select='1'/><p><t:variable name='a' select='2'/></p></letter>",
	    "letter.xml:2:45: the variable $a exists here already; choose another name" },
	{ "<letter><t:variable name='1a' select='1'/></letter>",
	    "letter.xml:2:9: \"1a\" is no name for a variable; use up to 40 letters, digits, - and _" },
	{ "<letter title='{a'/>", "letter.xml:2:1: title: a { has no }; close it, or write {{ for a brace" },
	{ "<letter title='a}'/>", "letter.xml:2:1: title: a } has no {; write }} for a brace" },
	{ "<letter title='{ }'/>", "letter.xml:2:1: title: {} holds no expression; write one, or {{ for a brace" },
	{ "<letter title='{a + }'/>", "letter.xml:2:1: title: \"a + \" is wrong at character 5: the expression is not understood here; correct it" },
	{ "<letter><t:include href='../x.xml'/></letter>",
	    "letter.xml:2:9: href is not the plain name of a file in the template's folder; write it without / and leading dot" },
	{ "<letter><t:include href='/etc/passwd'/></letter>",
	    "letter.xml:2:9: href is not the plain name of a file in the template's folder; write it without / and leading dot" },
	{ "<letter><t:include href='..'/></letter>",
	    "letter.xml:2:9: href is not the plain name of a file in the template's folder; write it without / and leading dot" },
	{ "<letter><t:include href='none.xml'/></letter>", "letter.xml:2:9: the file none.xml does not exist; correct the name" },
	{ "<letter><t:include href='outside.xml'/></letter>",
	    "letter.xml:2:9: the file outside.xml leads out of the template's folder; put the file itself there" },
	{ "<letter><t:include href='letter.xml'/></letter>", "letter.xml:2:9: the file letter.xml includes itself here; break the circle" },
	{ "<letter><t:include href='circle-a.xml'/></letter>", "circle-b.xml:1:81: the file circle-a.xml includes itself here; break the circle" },
	{ "<letter><t:include href='broken.xml'/></letter>", "broken.xml:2:2: t:iff is not an instruction; did you mean t:if?" },
	{ "<letter><t:include href='no-fragment.xml'/></letter>",
	    "no-fragment.xml:1:1: an included file must have the root t:fragment; wrap its content" },
	{ "<letter><t:include href='many.xml'/></letter>", "many.xml:1:2289: the template includes files more than 64 times; use fewer" },
};

static void write_includes(void)
{
	struct dbi_buf many = DBI_BUF_INIT;
	int i;

	file_write("circle-a.xml", F_OPEN "<t:include href='circle-b.xml'/></t:fragment>");
	file_write("circle-b.xml", F_OPEN "<t:include href='circle-a.xml'/></t:fragment>");
	file_write("broken.xml", F_OPEN "<p/>\n <t:iff test='1'/></t:fragment>");
	file_write("no-fragment.xml", "<p xmlns='urn:datenbrief:letter:1'/>");
	file_write("good.xml", F_OPEN "<t:variable name='x' select='1'/><p><t:value-of select='$x'/><t:value-of select='@lang'/></p></t:fragment>");
	dbi_buf_adds(&many, F_OPEN);
	for (i = 0; i < 70; i++)
		dbi_buf_addf(&many, "<p><t:include href='good.xml'/></p>");
	dbi_buf_adds(&many, "</t:fragment>");
	file_write("many.xml", many.data);
	dbi_buf_dispose(&many);
	unlink(folder_path("outside.xml"));
	if (symlink("/etc/hostname", folder_path("outside.xml")))
		perror("symlink");
}

static const char *load(const char *text, struct dbrief_error *err, int *st)
{
	dbi_template *t = NULL;

	dbrief_error_clear(err);
	file_write("letter.xml", text);
	*st = dbi_template_load(&t, folder_path("letter.xml"), err);
	OK(*st == DBRIEF_OK ? t != NULL : t == NULL, "a template comes only without error");
	dbi_template_free(t);
	return *st ? error_line(err) : "";
}

static void test_faults(void)
{
	struct dbi_buf text = DBI_BUF_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	const char *got;
	size_t i;
	int st;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		dbi_buf_clear(&text);
		dbi_buf_addf(&text, "%s\n%s</t:template>", T_OPEN, rows[i].body);
		got = load(text.data, &err, &st);
		if (!rows[i].want) {
			EQ(st, DBRIEF_OK, "a template whose letter may come from elsewhere loads");
			continue;
		}
		EQ(st, DBRIEF_FATAL, "the fault is fatal");
		IS(got, rows[i].want, rows[i].want);
	}
	dbi_buf_dispose(&text);
}

static void test_roots(void)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "<x/>", "letter.xml:1:1: the root is not t:template of urn:datenbrief:template:1; see datenbrief-template(5)" },
		{ F_OPEN "</t:fragment>", "letter.xml:1:1: the root is not t:template of urn:datenbrief:template:1; see datenbrief-template(5)" },
		{ "<t:template xmlns:t='urn:datenbrief:template:1' version='2' lang='de'/>", "letter.xml:1:1: version is not 1; this library reads version 1 only" },
		{ "<t:template xmlns:t='urn:datenbrief:template:1' version='1'/>", "letter.xml:1:1: t:template lacks the attribute lang; add it" },
		{ "<t:template xmlns:t='urn:datenbrief:template:1' version='1' lang=''/>", "letter.xml:1:1: lang is empty; write a language such as de" },
	};
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	size_t i;
	int st;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		IS(load(cases[i].text, &err, &st), cases[i].want, cases[i].text);
	load("<!DOCTYPE x [<!ENTITY e SYSTEM '/etc/passwd'>]><x>&e;</x>", &err, &st);
	EQ(err.cause, DBRIEF_CAUSE_XML, "a document type is refused");
	load("<a><b></a>", &err, &st);
	EQ(err.cause, DBRIEF_CAUSE_XML, "what is not well-formed is refused");
}

static int count_xpath(void *ctx, const struct dbi_template_xpath *xp)
{
	size_t *n = ctx;

	if (xp->index == *n)
		(*n)++;
	if (strcmp(xp->text, "$rec/x") == 0) {
		IS(xp->vars[0].value->text, "a/b", "a variable knows the expression it stands for");
		OK(xp->vars[0].item, "and that it is one of its nodes");
		IS(xp->context->text, "c", "an expression knows its context");
		OK(xp->must_find, "and whether it must find something");
	}
	return 0;
}

static void test_good(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	dbi_template *t = NULL;
	char hash[65] = "";
	size_t n = 0;

	file_write("letter.xml", "<t:template xmlns:t='urn:datenbrief:template:1' xmlns='urn:datenbrief:letter:1' version='1' lang='en-GB' name='N'>"
	    "<letter><t:for-each select='a/b' as='rec'><t:for-each select='c'><t:value-of select='$rec/x'/></t:for-each></t:for-each>"
	    "<t:include href='good.xml'/><t:include href='good.xml'/></letter></t:template>");
	EQ(dbi_template_load(&t, folder_path("letter.xml"), &err), DBRIEF_OK, "a good template with two includes loads");
	if (!t)
		return;
	IS(dbi_template_lang(t), "en-GB", "language");
	IS(dbi_template_name(t), "N", "name");
	IS(dbi_template_folder(t), folder, "folder");
	IS(dbi_template_path(t), folder_path("letter.xml"), "path");
	EQ(strlen(dbi_template_hash(t)), 64, "hash");
	snprintf(hash, sizeof(hash), "%s", dbi_template_hash(t));
	dbi_template_each_xpath(t, count_xpath, &n);
	EQ(n, 9, "every expression is listed in order");
	EQ(template_run_text(t, "<m lang='x'/>", &out, &err), DBRIEF_OK, "and runs");
	OK(out.data && strstr(out.data, "<letter><p>1x</p><p>1x</p></letter>"), "with both includes");
	dbi_template_free(t);
	file_write("good.xml", F_OPEN "</t:fragment>");
	EQ(dbi_template_load(&t, folder_path("letter.xml"), &err), DBRIEF_OK, "loads again");
	OK(t && strcmp(hash, dbi_template_hash(t)) != 0, "a changed include changes the hash");
	dbi_template_free(t);
	dbi_template_free(NULL);
	dbi_template_eval_free(NULL);
	dbi_buf_dispose(&out);
}

int main(void)
{
	static const char *const files[] = { "letter.xml", "circle-a.xml", "circle-b.xml", "broken.xml", "no-fragment.xml", "good.xml",
		"many.xml", "outside.xml" };
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbi_template *t = NULL;
	size_t i;

	folder_make();
	write_includes();
	test_faults();
	test_roots();
	test_good();
	EQ(dbi_template_load(&t, folder_path("nothing.xml"), &err), DBRIEF_FATAL, "a template that is not there");
	EQ(dbi_template_load(&t, folder, &err), DBRIEF_FATAL, "a folder is no template");
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(folder_path(files[i]));
	rmdir(folder);
	return tap_done();
}
