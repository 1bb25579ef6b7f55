/* SPDX-License-Identifier: MIT */
/* What each instruction and function writes. The persons are made up. */
#include "tap.h"
#include "template.h"

#define NBSP "\xC2\xA0"
#define EUR "\xE2\x82\xAC"

static const char model[] =
    "<model lang='de' date='2026-11-23' case='K7Q3-9XB2-ABC1'>"
    "<subject lang='en'><name>Zo\xC3\xAB Beispiel</name><country code='PL'>Polen</country></subject>"
    "<c name='orders' count='4'>"
    "<r key='4' item='A01-X'><f name='city'>\xC3\x84pfeldorf</f><f name='total'>9.5</f></r>"
    "<r key='1' item='A02-X'><f name='city'>Zell</f><f name='total'>100</f></r>"
    "<r key='3' item='A03-X'><f name='city'>Apolda</f><f name='total'>-2</f></r>"
    "<r key='2' item='A04-X'><f name='city'>Zell</f><f name='total'>x</f></r>"
    "</c><field name='paid' value='1234.5'>geheim</field><field name='on' value='2026-01-04'>neulich</field>"
    "<empty/><b>tief<i>er</i></b></model>";

static const struct { const char *what, *body, *want; } rows[] = {
	{ "text and elements", "<letter form='x'><body><p class='a'>Hallo</p></body></letter>",
	    "<letter form=\"x\"><body><p class=\"a\">Hallo</p></body></letter>" },
	{ "value-of of an element", "<letter><p><t:value-of select='subject/name'/></p></letter>", "<letter><p>Zo\xC3\xAB Beispiel</p></letter>" },
	{ "value-of of an attribute", "<letter><p><t:value-of select='subject/@lang'/></p></letter>", "<letter><p>en</p></letter>" },
	{ "value-of of an element with children", "<letter><p><t:value-of select='b'/></p></letter>", "<letter><p>tiefer</p></letter>" },
	{ "value-of of the first of many", "<letter><p><t:value-of select='c/r/@key'/></p></letter>", "<letter><p>4</p></letter>" },
	{ "value-of of a number", "<letter><p><t:value-of select='count(c/r) div 8'/></p></letter>", "<letter><p>0.5</p></letter>" },
	{ "value-of of a truth", "<letter><p><t:value-of select='1 = 1'/></p></letter>", "<letter><p>true</p></letter>" },
	{ "value-of of an empty element", "<letter><p>a<t:value-of select='empty'/>b</p></letter>", "<letter><p>ab</p></letter>" },
	{ "value-of with default", "<letter><p><t:value-of select='nosuch' default='-'/><t:value-of select='nosuch' default=''/></p></letter>",
	    "<letter><p>-</p></letter>" },
	{ "text pieces are one node", "<letter><p>Guten Tag <t:value-of select='subject/name'/>,</p></letter>",
	    "<letter><p>Guten Tag Zo\xC3\xAB Beispiel,</p></letter>" },
	{ "expressions in attributes", "<letter title='Fall {@case} ({subject/@lang})' lang='{@lang}'/>",
	    "<letter lang=\"de\" title=\"Fall K7Q3-9XB2-ABC1 (en)\"/>" },
	{ "braces in attributes", "<letter title='{{x}} {\"}\"} {concat(\"{\", 1)}'/>", "<letter title=\"{x} } {1\"/>" },
	{ "page label writes doubled braces", "<letter><page-label>Seite {{page}} von {pages}</page-label><p>{{</p></letter>",
	    "<letter><page-label>Seite {page} von {pages}</page-label><p>{{</p></letter>" },
	{ "for-each in document order", "<letter><t:for-each select='c/r'><p><t:value-of select='@key'/></p></t:for-each></letter>",
	    "<letter><p>4</p><p>1</p><p>3</p><p>2</p></letter>" },
	{ "for-each over nothing", "<letter><t:for-each select='nosuch'><p/></t:for-each></letter>", "<letter/>" },
	{ "position and last", "<letter><p><t:for-each select='c/r'><t:value-of select='position()'/>/<t:value-of select='last()'/>"
	    "<t:if test='position() != last()'>, </t:if></t:for-each></p></letter>", "<letter><p>1/4, 2/4, 3/4, 4/4</p></letter>" },
	{ "for-each with a name", "<letter><t:for-each select='c' as='col'><t:for-each select='r' as='rec'><t:for-each select='f[1]'>"
	    "<p><t:value-of select='$col/@name'/> <t:value-of select='$rec/@key'/></p></t:for-each></t:for-each></t:for-each></letter>",
	    "<letter><p>orders 4</p><p>orders 1</p><p>orders 3</p><p>orders 2</p></letter>" },
	{ "t:current is the node of the loop", "<letter><t:for-each select='c/r[2]/f'><p><t:value-of select=\"count(/model/c/r/f[@name = t:current()/@name][. = t:current()])\"/></p></t:for-each></letter>",
	    "<letter><p>2</p><p>1</p></letter>" },
	{ "t:current outside of loops is the model", "<letter><p><t:value-of select='t:current()/@case'/></p></letter>", "<letter><p>K7Q3-9XB2-ABC1</p></letter>" },
	{ "sort by text of the language", "<letter><p><t:for-each select='c/r'><t:sort select=\"f[@name='city']\"/><t:value-of select='@key'/></t:for-each></p></letter>",
	    "<letter><p>4312</p></letter>" },
	{ "sort keeps the order of equals", "<letter><p><t:for-each select='c/r'><t:sort select=\"f[@name='city']\" order='descending'/><t:value-of select='@key'/></t:for-each></p></letter>",
	    "<letter><p>1234</p></letter>" },
	{ "sort by number, what is none first", "<letter><p><t:for-each select='c/r'><t:sort select=\"f[@name='total']\" type='number'/><t:value-of select='@key'/></t:for-each></p></letter>",
	    "<letter><p>2341</p></letter>" },
	{ "sort by two keys", "<letter><p><t:for-each select='c/r'><t:sort select=\"f[@name='city'] = 'Zell'\" order='descending'/><t:sort select='@key' type='number'/>"
	    "<t:value-of select='@key'/></t:for-each></p></letter>", "<letter><p>1234</p></letter>" },
	{ "sort by number of a function", "<letter><p><t:for-each select='c/r'><t:sort select='0 - @key' type='number'/><t:value-of select='@key'/></t:for-each></p></letter>",
	    "<letter><p>4321</p></letter>" },
	{ "if", "<letter><t:if test='c/@count &gt; 3'><p/></t:if><t:if test='nosuch'><h1/></t:if></letter>", "<letter><p/></letter>" },
	{ "choose takes the first that holds", "<letter><t:choose><t:when test='nosuch'><h1/></t:when><t:when test='c'><h2/></t:when><t:otherwise><h3/></t:otherwise></t:choose></letter>",
	    "<letter><h2/></letter>" },
	{ "choose takes otherwise", "<letter><t:choose><t:when test='nosuch'><h1/></t:when><t:otherwise><h3/></t:otherwise></t:choose></letter>", "<letter><h3/></letter>" },
	{ "choose may take nothing", "<letter><t:choose><t:when test='nosuch'><h1/></t:when></t:choose></letter>", "<letter/>" },
	{ "the letter itself may be chosen", "<t:choose><t:when test='nosuch'><letter title='a'/></t:when><t:otherwise><letter title='b'/></t:otherwise></t:choose>",
	    "<letter title=\"b\"/>" },
	{ "variables hold nodes, texts, numbers, truths", "<t:variable name='n' select='c/r'/><t:variable name='s' select='string(@case)'/><letter>"
	    "<t:variable name='k' select='count($n)'/><t:variable name='yes' select='$k = 4'/>"
	    "<p><t:value-of select='$n[3]/@key'/> <t:value-of select='$s'/> <t:value-of select='$k + 1'/> <t:value-of select='$yes'/></p></letter>",
	    "<letter><p>3 K7Q3-9XB2-ABC1 5 true</p></letter>" },
	{ "a variable ends with its element", "<letter><p><t:variable name='a' select='1'/><t:value-of select='$a'/></p><p><t:variable name='a' select='2'/><t:value-of select='$a'/></p></letter>",
	    "<letter><p>1</p><p>2</p></letter>" },
	{ "a variable in a loop is new each time", "<letter><p><t:for-each select='c/r'><t:variable name='a' select='@key * 2'/><t:value-of select='$a'/>;</t:for-each></p></letter>",
	    "<letter><p>8;2;6;4;</p></letter>" },
	{ "indentation is dropped", "\n <letter>\n  <body>\n   <p>\n    <t:value-of select='@lang'/>\n   </p>\n  </body>\n </letter>\n", "<letter><body><p>de</p></body></letter>" },
	{ "blanks between running text stay", "<letter><p><b>a</b> <i>b</i></p><p><t:value-of select='@lang'/> <t:value-of select='@lang'/></p></letter>",
	    "<letter><p><b>a</b> <i>b</i></p><p>de de</p></letter>" },
	{ "blanks in instructions inside running text stay", "<letter><p>x<t:if test='1'> <b>y</b></t:if><t:for-each select='c/r'> <t:value-of select='@key'/></t:for-each></p></letter>",
	    "<letter><p>x <b>y</b> 4 1 3 2</p></letter>" },
	{ "t:text keeps its blanks", "<letter><p><t:text>  </t:text><b>a</b><t:text> {x} </t:text></p></letter>", "<letter><p>  <b>a</b> {x} </p></letter>" },
	{ "a no-break space is text", "<letter><td>" NBSP "</td></letter>", "<letter><td>" NBSP "</td></letter>" },
	{ "t:date", "<letter><p><t:value-of select='t:date(@date)'/>, <t:value-of select=\"t:date(@date, 'long')\"/>, <t:value-of select=\"t:date('2026-01-04T10:00:00', 'numeric')\"/></p></letter>",
	    "<letter><p>23.11.2026, 23. November 2026, 04.01.2026</p></letter>" },
	{ "t:date of a field takes the stored value", "<letter><p><t:value-of select=\"t:date(field[@name='on'])\"/></p></letter>", "<letter><p>04.01.2026</p></letter>" },
	{ "t:money", "<letter><p><t:value-of select=\"t:money(field[@name='paid'], 'EUR')\"/>|<t:value-of select=\"t:money('12345678901234567.89', 'EUR')\"/></p></letter>",
	    "<letter><p>1.234,50" NBSP EUR "|12.345.678.901.234.567,89" NBSP EUR "</p></letter>" },
	{ "t:number", "<letter><p><t:value-of select='t:number(1234.5)'/> <t:value-of select=\"t:number('1234.5', 2)\"/> <t:value-of select='t:number(count(c/r))'/></p></letter>",
	    "<letter><p>1.234,5 1.234,50 4</p></letter>" },
	{ "t:mask", "<letter><p><t:value-of select=\"t:mask('DE00123456781234')\"/> <t:value-of select=\"t:mask('kurz')\"/> <t:value-of select=\"t:mask('\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC')\"/></p></letter>",
	    "<letter><p>****1234 **** ****\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC</p></letter>" },
	{ "t:plural", "<letter><p><t:value-of select=\"t:plural(1, 'Eintrag', 'Eintr\xC3\xA4ge')\"/> <t:value-of select=\"t:plural(c/@count, 'Eintrag', 'Eintr\xC3\xA4ge')\"/></p></letter>",
	    "<letter><p>Eintrag Eintr\xC3\xA4ge</p></letter>" },
	{ "t:country", "<letter><p><t:value-of select='t:country(subject/country/@code)'/></p><p lang='en'><t:value-of select='t:country(subject/country/@code)'/></p></letter>",
	    "<letter><p>Polen</p><p lang=\"en\">Poland</p></letter>" },
	{ "functions of nothing stored give nothing", "<letter><p>[<t:value-of select='t:date(empty)'/><t:value-of select=\"t:money(empty, 'EUR')\"/><t:value-of select='t:number(empty)'/><t:value-of select='t:mask(empty)'/>]</p></letter>",
	    "<letter><p>[]</p></letter>" },
	{ "the language of formats is that of the element", "<letter lang='de' title='{t:date(@date)}'><p title='{t:date(@date)}' lang='{subject/@lang}'><t:value-of select='t:date(@date)'/></p><p><t:value-of select='t:date(@date)'/></p></letter>",
	    "<letter lang=\"de\" title=\"23.11.2026\"><p lang=\"en\" title=\"11/23/2026\">11/23/2026</p><p>23.11.2026</p></letter>" },
	/* what a run refuses */
	{ "value-of finds nothing", "<letter><p>\n<t:value-of select='subject/nmae'/></p></letter>",
	    "letter.xml:3:1: \"subject/nmae\" found nothing in the model; correct it or give default=\"\"" },
	{ "an attribute finds nothing", "<letter title='{nosuch}'/>",
	    "letter.xml:2:1: {nosuch} found nothing in the model; correct it or write {string(...)}" },
	{ "a function finds nothing", "<letter><p><t:value-of select='t:date(nosuch)'/></p></letter>",
	    "letter.xml:2:12 / t:date: its argument found nothing in the model; correct the path or test for it before" },
	{ "t:date of something else", "<letter><p><t:value-of select='t:date(subject/name)'/></p></letter>",
	    "letter.xml:2:12 / t:date: its argument is not a date as YYYY-MM-DD; give the field's stored value, @value" },
	{ "t:date of no style", "<letter><p><t:value-of select=\"t:date(@date, 'kurz')\"/></p></letter>",
	    "letter.xml:2:12 / t:date: its second argument is not 'numeric' or 'long'; write one of these" },
	{ "t:money of something else", "<letter><p><t:value-of select=\"t:money(subject/name, 'EUR')\"/></p></letter>",
	    "letter.xml:2:12 / t:money: its argument is not a number as 1234.50; give the field's stored value, @value" },
	{ "t:money in no currency", "<letter><p><t:value-of select=\"t:money(1, 'Euro')\"/></p></letter>",
	    "letter.xml:2:12 / t:money: a currency is not an ISO 4217 code; give three capital letters such as EUR" },
	{ "t:code of something else", "<letter><p><t:value-of select='t:code(subject/name)'/></p></letter>",
	    "letter.xml:2:12 / t:code: its argument is not an item or case code; give @item or @case" },
	{ "for-each over a text", "<letter><t:for-each select='string(c)'><p/></t:for-each></letter>",
	    "letter.xml:2:9: t:for-each goes over nodes, but \"string(c)\" gives a single value; select nodes" },
	{ "two letters", "<letter/><letter/>", "letter.xml:2:10: a second letter begins here; make only one" },
	{ "no letter for this model", "<t:if test='nosuch'><letter/></t:if>", NULL },
};

int main(void)
{
	struct dbi_buf out = DBI_BUF_INIT, text = DBI_BUF_INIT;
	const char *got;
	size_t i;

	folder_make();
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		dbi_buf_clear(&text);
		dbi_buf_addf(&text, "%s\n%s</t:template>", T_OPEN, rows[i].body);
		file_write("letter.xml", text.data);
		got = template_result(model, &out);
		if (rows[i].want)
			IS(got, rows[i].want, rows[i].what);
		else
			OK(strstr(got, "made no letter") != NULL, rows[i].what);
	}
	unlink(folder_path("letter.xml"));
	rmdir(folder);
	dbi_buf_dispose(&out);
	dbi_buf_dispose(&text);
	return tap_done();
}
