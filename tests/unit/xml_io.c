/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <stdlib.h>

#include "util/limits.h"
#include "util/mem.h"
#include "xml/xmlio.h"

#define NS "urn:datenbrief:register:1"

static const char schema[] =
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0' ns='" NS "' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>"
    "<start><element name='list'><optional><attribute name='lang'/></optional><zeroOrMore><ref name='item'/></zeroOrMore></element></start>"
    "<define name='item'><element name='item'><attribute name='id'/>"
    "<optional><attribute name='kind'><choice><value>small</value><value>large</value></choice></attribute></optional>"
    "<optional><attribute name='count'><data type='integer'/></attribute></optional>"
    "<element name='name'><text/></element><optional><element name='note'><empty/></element></optional></element></define></grammar>";

static int parse(dbi_xml_doc **doc, const char *text, const char *ns, struct dbrief_error *err)
{
	return dbi_xml_parse_memory(doc, "a.xml", text, strlen(text), ns, err);
}

/* The document as it is written again, or the error as "where: text". */
static char *round_trip(const char *text, bool indent)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_doc *doc;

	if (parse(&doc, text, NULL, &err) == DBRIEF_OK)
		(void)dbi_xml_write(doc, NULL, indent, &b, &err);
	if (err.status != DBRIEF_OK)
		dbi_buf_addf(&b, "%s: %s", err.where, err.text);
	dbi_xml_free(doc);
	return dbi_buf_take(&b);
}

/* ---- parsing ---- */

static void test_refusals(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "a.xml: the document is empty; write an element" },
		{ "<a>", "a.xml:1:4: the document ends inside an element; add the missing end tag" },
		{ "<a>\n <b></c></a>", "a.xml:2:9: an end tag does not match its start tag; close the elements in order" },
		{ "<a/><b/>", "a.xml:1:5: there is text or an element behind the root element; remove it" },
		{ "<a b='1' b='2'/>", "a.xml:1:15: an attribute stands twice in this tag; remove one" },
		{ "<x:a/>", "a.xml:1:5: a prefix is not declared; add its xmlns attribute" },
		{ "<a>&nbsp;</a>", "a.xml:1:10: an entity is not known; only &lt; &gt; &amp; &quot; &apos; and numbers are" },
		{ "<a>\x01</a>", "a.xml:1:4: a character is not allowed in XML or not saved as UTF-8; correct it" },
		{ "<a>\xFF</a>", "a.xml:1:4: a character is not allowed in XML or not saved as UTF-8; correct it" },
		{ "<!DOCTYPE a><a/>", "a.xml:1: a DOCTYPE is not allowed; remove it" },
		{ "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "a.xml:1: a DOCTYPE is not allowed; remove it" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = round_trip(cases[i].text, false);

		IS(got, cases[i].want, cases[i].want);
		dbi_free(got);
	}
}

static void test_round_trips(void)
{
	static const struct {
		const char *text, *want;
		bool indent;
	} cases[] = {
		{ "<a/>", "<a/>\n", false },
		{ "<a b='x&amp;&#10;&quot;'>t&lt;<![CDATA[<&>]]>u</a>", "<a b=\"x&amp;&#10;&quot;\">t&lt;&lt;&amp;&gt;u</a>\n", false },
		{ "<!--c--><a><?pi x?>b<!--c-->c</a>", "<a>bc</a>\n", false },
		{ "<a><b><c/></b><d>x</d></a>", "<a>\n  <b>\n    <c/>\n  </b>\n  <d>x</d>\n</a>\n", true },
		{ "<a><p>one <b><i/><i/></b> two</p></a>", "<a>\n  <p>one <b><i/><i/></b> two</p>\n</a>\n", true },
		{ "<a> <b/> </a>", "<a> <b/> </a>\n", true },
		{ "<a xmlns='u' xmlns:p='v'><p:b p:c='1'/></a>", "<a xmlns=\"u\" xmlns:p=\"v\"><p:b p:c=\"1\"/></a>\n", false },
		{ "\xEF\xBB\xBF<a>\xC3\xBC</a>", "<a>\xC3\xBC</a>\n", false },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xFC</a>", "<a>\xC3\xBC</a>\n", false },
		{ "<a>x\r\ny&#13;</a>", "<a>x\ny&#13;</a>\n", false },
	};
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = round_trip(cases[i].text, cases[i].indent);

		OK(strncmp(got, head, sizeof head - 1) == 0, "a document begins with its declaration");
		IS(got + sizeof head - 1, cases[i].want, cases[i].text);
		dbi_free(got);
	}
}

static void test_namespace_is_stripped(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_doc *doc;

	EQ(parse(&doc, "<p:a xmlns:p='" NS "'><b xmlns='" NS "' xml:lang='de'/></p:a>", NS, &err), DBRIEF_OK, "any prefix will do");
	IS(dbi_node_ns(dbi_xml_root(doc)), "", "the tree has no namespace");
	EQ(dbi_xml_write(doc, NS, false, &b, &err), DBRIEF_OK, "it is written");
	IS(strstr(b.data, "<a"), "<a xmlns=\"" NS "\"><b xml:lang=\"de\"/></a>\n", "with the namespace on the root");
	dbi_buf_dispose(&b);
	dbi_xml_free(doc);
	EQ(parse(&doc, "<a/>", NS, &err), DBRIEF_FATAL, "no namespace is refused");
	IS(err.where, "a.xml:1:1", "at its place");
	OK(doc == NULL, "no document comes out");
	dbrief_error_clear(&err);
	EQ(parse(&doc, "<a xmlns='" NS "'><b/>\n <c xmlns='x'/></a>", NS, &err), DBRIEF_FATAL, "another namespace is refused");
	IS(err.where, "a.xml:2:2", "at its place");
	dbrief_error_clear(&err);
	EQ(parse(&doc, "<a xmlns='" NS "' xmlns:x='y' x:b='1'/>", NS, &err), DBRIEF_FATAL, "a prefixed attribute is refused");
}

static void test_places(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_node *n;
	dbi_xml_doc *doc;
	char where[128];
	int wrong = 0;

	EQ(parse(&doc, "<a>\n  <!-- < -->\n\t<b\n  x='1'\n  y='&lt;'/>\xC3\xBC<c/></a>", NULL, &err), DBRIEF_OK, "a document of some lines");
	n = dbi_node_child(dbi_xml_root(doc), "b");
	dbi_node_place(doc, n, where);
	IS(where, "a.xml:3:2", "a start tag over three lines has the place of its first");
	dbi_node_place(doc, dbi_node_child(dbi_xml_root(doc), "c"), where);
	IS(where, "a.xml:5:14", "columns are counted in characters");
	dbi_node_place(doc, dbi_node_first(dbi_xml_root(doc)), where);
	IS(where, "a.xml:1:1", "a text has the place of its element");
	dbi_xml_free(doc);

	dbi_buf_adds(&b, "<a>");
	for (int i = 0; i < 70000; i++)
		dbi_buf_addf(&b, "\n%*s<b/>", i % 90, "");
	dbi_buf_adds(&b, "</a>");
	EQ(parse(&doc, b.data, NULL, &err), DBRIEF_OK, "a document of 70000 lines");
	n = dbi_node_child(dbi_xml_root(doc), "b");
	for (int i = 0; i < 70000; i++, n = dbi_node_sibling(n, "b")) {
		char want[128];

		(void)snprintf(want, sizeof want, "a.xml:%d:%d", i + 2, i % 90 + 1);
		dbi_node_place(doc, n, where);
		wrong += strcmp(where, want) != 0;
	}
	EQ(wrong, 0, "every element has its place");
	dbi_xml_free(doc);
	dbi_buf_dispose(&b);
}

static void test_limits(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_doc *doc;

	for (int i = 0; i < DBI_MAX_XML_DEPTH; i++)
		dbi_buf_adds(&b, "<a>");
	for (int i = 0; i < DBI_MAX_XML_DEPTH; i++)
		dbi_buf_adds(&b, "</a>");
	EQ(parse(&doc, b.data, NULL, &err), DBRIEF_OK, "elements may be nested up to the limit");
	dbi_xml_free(doc);
	dbi_buf_clear(&b);
	for (int i = 0; i <= DBI_MAX_XML_DEPTH; i++)
		dbi_buf_adds(&b, "<a>");
	EQ(parse(&doc, b.data, NULL, &err), DBRIEF_FATAL, "and not deeper");
	EQ(err.cause, DBRIEF_CAUSE_LIMIT, "that is a limit");
	dbrief_error_clear(&err);
	EQ(dbi_xml_parse_memory(&doc, "a.xml", b.data, DBI_MAX_XML_FILE + 1, NULL, &err), DBRIEF_FATAL, "a document may not be too large");
	EQ(err.cause, DBRIEF_CAUSE_LIMIT, "that is one too");
	dbi_buf_dispose(&b);
	dbrief_error_clear(&err);
	EQ(dbi_xml_parse_file(&doc, "none.xml", NULL, &err), DBRIEF_FATAL, "a file that is not there is fatal");
	IS(err.where, "none.xml", "it is named");
	EQ(parse(&doc, "<a>", NULL, NULL), DBRIEF_FATAL, "no error record is needed");
}

/* ---- validation ---- */

static void test_validation(void)
{
	static const struct {
		const char *text, *want; /* NULL: valid */
	} cases[] = {
		{ "<list/>", NULL },
		{ "<list lang='de'><item id='1' kind='small' count='3'><name>x</name><note/></item></list>", NULL },
		{ "<lst/>", "element 'lst' cannot be the root of this document; did you mean 'list'?" },
		{ "<list><itm id='1'/></list>", "element 'itm' is not allowed in element 'list'; did you mean 'item'?" },
		{ "<list><item id='1'><nome>x</nome></item></list>", "element 'nome' is not allowed in element 'item'; did you mean 'name'?" },
		{ "<list><other/></list>", "element 'other' is not allowed in element 'list'; remove it" },
		{ "<list lng='de'/>", "attribute 'lng' is not allowed in element 'list'; did you mean 'lang'?" },
		{ "<list><item><name>x</name></item></list>", "attribute 'id' is missing in element 'item'; add it" },
		{ "<list><item id='1'><note/></item></list>", "element 'name' is missing in element 'item'; add it" },
		{ "<list><item id='1' kind='huge'><name>x</name></item></list>", "attribute 'kind' of element 'item' must be one of: small, large" },
		{ "<list>text</list>", "text is not allowed in element 'list'; remove it" },
		{ "<list><item id='1' count='x'><name>x</name></item></list>", "attribute 'count' of element 'item' has a wrong value; see datenbrief(5)" },
		{ "<list><item id='1'><note/><name>x</name></item></list>", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		dbi_xml_doc *doc;
		int status;

		(void)!parse(&doc, cases[i].text, NULL, &err);
		status = dbi_xml_validate(doc, "test.rng", schema, &err);
		if (!cases[i].want || cases[i].want[0])
			IS(status == DBRIEF_OK ? NULL : err.text, cases[i].want, cases[i].text);
		else
			OK(status == DBRIEF_FATAL && err.text[0], cases[i].text);
		OK(status == DBRIEF_OK || (err.cause == DBRIEF_CAUSE_XML && strncmp(err.where, "a.xml:1:", 8) == 0), "  with its place");
		IS(dbi_node_ns(dbi_xml_root(doc)), "", "  the tree is as before");
		dbi_xml_free(doc);
	}
}

/* ---- building ---- */

static int collect(void *ctx, const char *name, const char *value)
{
	dbi_buf_addf(ctx, "%s=%s ", name, value);
	return strcmp(name, "stop") == 0 ? 7 : 0;
}

static void test_building(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf b = DBI_BUF_INIT;
	dbi_xml_doc *doc = dbi_xml_new("root"), *other = NULL;
	dbi_xml_node *root = dbi_xml_root(doc), *a = dbi_node_add(root, "a"), *c, *copy;

	OK(dbi_node_set(a, "x", "1") && dbi_node_set(a, "y", "<&>") && dbi_node_set(a, "x", "2"), "attributes are set and replaced");
	OK(dbi_node_add_text(a, "one", 3) && dbi_node_add_text(a, " two...", 4), "texts are added");
	c = dbi_node_add(a, "c");
	OK(dbi_node_add_text(c, "", 0) && dbi_node_add_text(a, "end", 3), "also none, and behind an element");
	IS(dbi_node_attr(a, "x"), "2", "an attribute is read");
	IS(dbi_node_attr(a, "z"), NULL, "one that is not there is not");
	IS(dbi_node_text(dbi_node_first(a)), "one two", "neighbouring texts are one");
	IS(dbi_node_text(a), NULL, "an element with children has no plain text");
	IS(dbi_node_text(c), "", "an empty one has an empty text");
	EQ(dbi_node_string(a, &b), DBRIEF_OK, "but it has a string value");
	IS(b.data, "one twoend", "of all texts in it");
	EQ(parse(&other, "<o><p q='1'>t<r><s/></r>u</p></o>", NULL, &err), DBRIEF_OK, "another document");
	copy = dbi_node_copy_into(root, dbi_node_child(dbi_xml_root(other), "p"));
	OK(copy != NULL && dbi_node_parent(copy) == root, "an element is copied");
	OK(dbi_node_copy_into(a, dbi_node_first(copy)) != NULL, "a text is copied");
	dbi_xml_free(other);
	dbi_buf_clear(&b);
	EQ(dbi_xml_write(doc, NS, false, &b, &err), DBRIEF_OK, "the tree is written");
	IS(strstr(b.data, "<root"),
	    "<root xmlns=\"" NS "\"><a x=\"2\" y=\"&lt;&amp;&gt;\">one two<c/>endt</a><p q=\"1\">t<r><s/></r>u</p></root>\n", "as it was built");
	dbi_node_remove(copy);
	OK(dbi_node_sibling(a, NULL) == NULL, "an element is removed");
	dbi_buf_clear(&b);
	OK(dbi_node_set(a, "stop", "") && dbi_node_set(a, "late", ""), "two more attributes");
	EQ(dbi_node_each_attr(a, collect, &b), 7, "a visit of attributes can be stopped");
	IS(b.data, "x=2 y=<&> stop= ", "and goes in order");
	OK(dbi_node_is(a, "a") && !dbi_node_is(a, "b") && !dbi_node_is(dbi_node_first(a), "a"), "names are compared of elements only");
	OK(dbi_node_parent(root) == NULL && dbi_node_next(root) == NULL, "the root stands alone");
	EQ(parse(&other, "<o x='1'>a</o>", NULL, &err), DBRIEF_OK, "a parsed document");
	root = dbi_xml_root(other);
	OK(dbi_node_add_text(root, "bc", 2) && (c = dbi_node_add(root, "p")) && dbi_node_set(c, "q", "1") && dbi_node_set(root, "x", "2<") &&
	    dbi_node_add(root, "gone") && dbi_node_add_text(c, "t", 1), "can be changed too");
	dbi_node_remove(dbi_node_child(root, "gone"));
	dbi_buf_clear(&b);
	EQ(dbi_xml_write(other, NULL, false, &b, &err), DBRIEF_OK, "it is written");
	IS(strstr(b.data, "<o"), "<o x=\"2&lt;\">abc<p q=\"1\">t</p></o>\n", "as it was changed");
	dbi_xml_free(other);
	dbi_buf_dispose(&b);
	dbi_xml_free(doc);
	dbi_xml_free(NULL);
}

static void test_long_texts(void)
{
	struct dbi_buf want = DBI_BUF_INIT, got = DBI_BUF_INIT;
	dbi_xml_doc *doc = dbi_xml_new("root");
	dbi_xml_node *a = dbi_node_add(dbi_xml_root(doc), "a");
	int failures = 0;

	for (int i = 0; i < 20000; i++) {
		failures += !dbi_node_add_text(a, "piece <", 7);
		dbi_buf_adds(&want, "piece <");
	}
	IS(dbi_node_text(a), want.data, "a text of many pieces is whole");
	EQ(dbi_xml_write(doc, NULL, true, &got, NULL), DBRIEF_OK, "it is written");
	EQ(got.len, 39 + 6 + 3 + 3 + 20000 * 10 + 4 + 1 + 7 + 1, "with every piece escaped");
	EQ(failures, 0, "nothing failed on the way");
	dbi_buf_dispose(&want);
	dbi_buf_dispose(&got);
	dbi_xml_free(doc);
}

/* Values are looked at in blocks: each special character stands at every place, in a tree that was built and in one that was parsed. */
static void test_escapes_everywhere(void)
{
	static const struct { const char *special, *text, *attribute; } cases[] = {
		{ "<", "&lt;", "&lt;" }, { ">", "&gt;", "&gt;" }, { "&", "&amp;", "&amp;" }, { "\"", "\"", "&quot;" }, { "\t", "\t", "&#9;" },
		{ "\n", "\n", "&#10;" }, { "\r", "&#13;", "&#13;" }, { "\xC3\xBC", "\xC3\xBC", "\xC3\xBC" }, { "", "", "" }, { "=;$2'", "=;$2'", "=;$2'" },
	};
	static const char a[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop";
	char value[96], want[256];
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int len = 0; len < 40; len++)
			for (int at = 0; at <= len; at++) {
				struct dbrief_error err = DBRIEF_ERROR_INIT;
				struct dbi_buf first = DBI_BUF_INIT, second = DBI_BUF_INIT;
				dbi_xml_doc *doc = dbi_xml_new("n"), *parsed = NULL;

				snprintf(value, sizeof value, "%.*s%s%.*s", at, a, cases[i].special, len - at, a);
				snprintf(want, sizeof want, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<n v=\"%.*s%s%.*s\"><t>x%.*s%s%.*s</t></n>\n", at, a,
				    cases[i].attribute, len - at, a, at, a, cases[i].text, len - at, a);
				if (!dbi_node_set(dbi_xml_root(doc), "v", value) || !dbi_node_add_text(dbi_node_add(dbi_xml_root(doc), "t"), "x", 1) ||
				    !dbi_node_add_text(dbi_node_child(dbi_xml_root(doc), "t"), value, strlen(value)) ||
				    dbi_xml_write(doc, NULL, false, &first, &err) || strcmp(first.data, want) != 0 ||
				    parse(&parsed, first.data, NULL, &err) || dbi_xml_write(parsed, NULL, false, &second, &err) ||
				    strcmp(second.data, want) != 0) {
					printf("# %s# %s", first.data ? first.data : "", second.data ? second.data : "");
					wrong++;
				}
				dbi_xml_free(doc);
				dbi_xml_free(parsed);
				dbi_buf_dispose(&first);
				dbi_buf_dispose(&second);
			}
	EQ(wrong, 0, "a special character is escaped wherever it stands");
}

int main(void)
{
	test_refusals();
	test_round_trips();
	test_namespace_is_stripped();
	test_places();
	test_limits();
	test_validation();
	test_building();
	test_long_texts();
	test_escapes_everywhere();
	return tap_done();
}
