/* SPDX-License-Identifier: MIT */
/* Texts of a language by their keys; at most so many of a t:for-each; kinds of templates. */
#include "tap.h"
#include "template.h"

#define T(attrs, body) "<t:template xmlns:t='urn:datenbrief:template:1' xmlns='urn:datenbrief:letter:1' version='1' lang='de' " attrs ">\n" body "</t:template>"
#define X(body) "<t:texts xmlns:t='urn:datenbrief:template:1' xmlns='urn:datenbrief:letter:1'>\n" body "</t:texts>"

static const struct { const char *texts, *tmpl, *want; } faults[] = {
	{ X(""), T("texts='de.xml'", "<letter><t:text key='hello'/></letter>"), "letter.xml:2:9: there is no text 'hello' in the files of texts; add it there" },
	{ X("<t:text key='hallo'>x</t:text>"), T("texts='de.xml'", "<letter><t:text key='hello'/></letter>"),
	    "letter.xml:2:9: there is no text 'hello' in de.xml; did you mean hallo?" },
	{ X("<t:text key='a'>x</t:text>"), T("texts='de.xml'", "<letter title='{#b}'/>"), "letter.xml:2:1: there is no text 'b' in de.xml; add it there" },
	{ X(""), T("", "<letter><t:text key='a'/></letter>"),
	    "letter.xml:2:9: a text is asked for by its key, and the template names no file of texts; add texts=\"...\" to t:template" },
	{ X("<t:text>x</t:text>"), T("texts='de.xml'", "<letter/>"), "de.xml:2:1: this t:text has no key of letters, digits, - _ and .; give it one" },
	{ X("<t:text key='a'>x</t:text><t:text key='a'>y</t:text>"), T("texts='de.xml'", "<letter/>"),
	    "de.xml:2:27: a text with this key stands above; remove one of them" },
	{ X("<p/>"), T("texts='de.xml'", "<letter/>"), "de.xml:2:1: a file of texts holds t:text elements with a key only; move this into one of them" },
	{ X("x"), T("texts='de.xml'", "<letter/>"), "de.xml:1:1: words stand between the texts; put them into a t:text" },
	{ "<t:fragment xmlns:t='urn:datenbrief:template:1'/>", T("texts='de.xml'", "<letter/>"),
	    "de.xml:1:1: a file of texts has the root t:texts; wrap its t:text elements in it" },
	{ X("<t:text key='a'><t:text key='a'/></t:text>"), T("texts='de.xml'", "<letter><t:text key='a'/></letter>"),
	    "de.xml:2:17: a text with a key stands inside another one; write it out there" },
	{ X("<t:text key='a'><t:include href='x.xml'/></t:text>"), T("texts='de.xml'", "<letter><t:text key='a'/></letter>"),
	    "de.xml:2:17: a file is included by a text with a key; include it where the text is used" },
	{ X("<t:text key='a'><t:value-of select='$n'/></t:text>"), T("texts='de.xml'", "<letter><t:text key='a'/></letter>"),
	    "de.xml:2:17: select: there is no variable $n; set it before with t:variable or as" },
	{ X("<t:text key='a'><b>x</b></t:text>"), T("texts='de.xml'", "<letter title='{#a}'/>"),
	    "letter.xml:2:1: title: the text 'a' holds more than an attribute takes; leave text and t:value-of select in it" },
	{ X("<t:text key='a'>x</t:text>"), T("texts='de.xml'", "<letter><t:text key='a'>y</t:text></letter>"), "letter.xml:2:9: t:text holds nothing; remove its content" },
	{ X(""), T("texts='../de.xml'", "<letter/>"),
	    "letter.xml:1:1: texts does not hold plain names of files in the template's folder; write them without / and leading dot" },
	{ X(""), T("texts='no.xml'", "<letter/>"), "letter.xml:1:1: the file no.xml does not exist; correct the name" },
	{ X(""), T("texts='outside.xml'", "<letter/>"), "letter.xml:1:1: the file outside.xml leads out of the template's folder; put the file itself there" },
	{ X(""), T("kind='none'", "<letter/>"), "letter.xml:1:1: kind must be full, short or nothing; write one of these" },
	{ X(""), T("", "<letter><t:for-each select='a' limit='0'/></letter>"), "letter.xml:2:9: limit is not a whole number from 1 to 1000000; correct it" },
};

static void test_faults(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		dbi_template *t = NULL;

		dbrief_error_clear(&err);
		file_write("de.xml", faults[i].texts);
		file_write("letter.xml", faults[i].tmpl);
		EQ(dbi_template_load(&t, folder_path("letter.xml"), &err), DBRIEF_FATAL, "the fault is fatal");
		IS(error_line(&err), faults[i].want, faults[i].want);
		dbi_template_free(t);
	}
}

static void run(const char *tmpl, const char *model, const char *want, const char *what)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	dbi_template *t = NULL;

	file_write("letter.xml", tmpl);
	if (dbi_template_load(&t, folder_path("letter.xml"), &err) != DBRIEF_OK || template_run_text(t, model, &out, &err) != DBRIEF_OK)
		IS(error_line(&err), "", what);
	else
		OK(out.data && strstr(out.data, want), what);
	if (out.data && !strstr(out.data, want))
		printf("# got %s\n", out.data);
	dbi_buf_dispose(&out);
	dbi_template_free(t);
}

static void test_texts(void)
{
	file_write("de.xml", X("<t:text key='greet'>Guten Tag <b><t:value-of select='name'/></b></t:text>"
	    "<t:text key='title'>\n  Brief an\n  <t:value-of select='name'/>\n</t:text><t:text key='n'><t:value-of select='$n'/> St&#252;ck</t:text>"));
	file_write("own.xml", X("<t:text key='greet'>Moin</t:text>"));
	run(T("texts='de.xml'", "<letter><p><t:text key='greet'/></p></letter>"), "<m><name>Ada</name></m>", "<p>Guten Tag <b>Ada</b></p>",
	    "a text stands where its key is, with elements and values");
	run(T("texts='de.xml'", "<letter title='{#title}'/>"), "<m><name>Ada</name></m>", "title=\"Brief an Ada\"", "in an attribute, white space collapsed");
	run(T("texts='own.xml de.xml'", "<letter title='{#title}'><p><t:text key='greet'/></p></letter>"), "<m><name>Ada</name></m>",
	    "title=\"Brief an Ada\"><p>Moin</p>", "the first file that has a key wins");
	run(T("texts='de.xml'", "<letter><t:for-each select='c'><t:variable name='n' select='@n'/><p><t:text key='n'/></p></t:for-each></letter>"),
	    "<m><c n='1'/><c n='2'/></m>", "<p>1 Stück</p><p>2 Stück</p>", "it sees the variables of its place");
	run(T("texts='de.xml'", "<letter title='{#title}'><p><t:text key='greet'/></p></letter>"),
	    "<m><name>&lt;t:text key='greet'/&gt;{#title}\"</name></m>", "<b>&lt;t:text key='greet'/&gt;{#title}\"</b>",
	    "a value that looks like a text's key stays text");
	run(T("texts='de.xml'", "<letter title='{#title}'/>"), "<m><name>{#greet}{name}&lt;b/&gt;</name></m>", "title=\"Brief an {#greet}{name}&lt;b/&gt;\"",
	    "in an attribute, too");
}

static void test_limit(void)
{
	run(T("", "<letter><t:for-each select='c' limit='2'><t:sort select='.'/><t:value-of select='.'/>/<t:value-of select='last()'/> </t:for-each></letter>"),
	    "<m><c>3</c><c>1</c><c>2</c></m>", "1/2 2/2", "limit ends after so many, sorted; last() knows");
	run(T("", "<letter><t:for-each select='c' limit='9'><t:value-of select='.'/></t:for-each></letter>"), "<m><c>3</c><c>1</c></m>", "31",
	    "fewer than the limit are all there");
}

static void test_kind(void)
{
	static const struct { const char *attr; enum dbi_template_kind kind; } kinds[] = { { T("", "<letter/>"), DBI_TEMPLATE_FULL },
		{ T("kind='full'", "<letter/>"), DBI_TEMPLATE_FULL }, { T("kind='short'", "<letter/>"), DBI_TEMPLATE_SHORT },
		{ T("kind='nothing'", "<letter/>"), DBI_TEMPLATE_NOTHING } };
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		dbi_template *t = NULL;

		file_write("letter.xml", kinds[i].attr);
		EQ(dbi_template_load(&t, folder_path("letter.xml"), &err), DBRIEF_OK, "loads");
		if (t)
			EQ(dbi_template_kind(t), kinds[i].kind, "kind");
		dbi_template_free(t);
	}
}

int main(void)
{
	static const char *const files[] = { "letter.xml", "de.xml", "own.xml", "outside.xml" };

	folder_make();
	if (symlink("/etc/hostname", folder_path("outside.xml")))
		perror("symlink");
	test_faults();
	test_texts();
	test_limit();
	test_kind();
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(folder_path(files[i]));
	rmdir(folder);
	return tap_done();
}
