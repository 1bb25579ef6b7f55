/* SPDX-License-Identifier: MIT */
/* Letter documents in memory: from XML and back, walking, use again, short memory. */
#include "tap.h"

#include <stdlib.h>

#include "util/mem.h"
#include "xml/draft.h"

#define NS "urn:datenbrief:letter:1"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static struct dbi_draft draft;

static int read_text(const char *text, struct dbrief_error *err)
{
	dbi_xml_doc *doc = NULL;
	int status = dbi_xml_parse_memory(&doc, "a.xml", text, strlen(text), NS, err);

	if (status == DBRIEF_OK)
		status = dbi_draft_from_xml(&draft, doc, err);
	dbi_xml_free(doc);
	return status;
}

/* ---- words ---- */

static void test_words(void)
{
	unsigned wrong = 0;

	for (int i = 0; i < DBI_TAG_COUNT; i++)
		wrong += dbi_tag_of(dbi_tag_names[i]) != (enum dbi_tag)i;
	for (int i = 0; i < DBI_ATTR_COUNT; i++)
		wrong += dbi_attr_of(dbi_attr_names[i]) != (enum dbi_attr)i;
	EQ(wrong, 0, "each word has the number of its place");
	EQ(dbi_tag_of("tabel"), DBI_TAG_COUNT, "another one has none");
	EQ(dbi_tag_of(""), DBI_TAG_COUNT, "nor has an empty one");
	EQ(dbi_attr_of("widths"), DBI_ATTR_COUNT, "of attributes neither");
	IS(dbi_tag_names[DBI_TAG_PAGE_BREAK], "page-break", "names and numbers agree");
	IS(dbi_attr_names[DBI_ATTR_ROWSPAN], "rowspan", "of attributes, too");
}

/* ---- from XML and back ---- */

static const char *const documents[] = {
	"<letter/>",
	"<letter lang=\"de\" title=\"a &amp; b\"><body><p class=\"\">x <b>y</b> z<br/></p><p/></body><closing/></letter>",
	"<letter><body><strange odd=\"1\" class=\"c\"><p>\xC3\xA4</p></strange>text</body></letter>",
	"<letter><body xml:lang=\"de\"><table><tr><td>1</td><td>2</td></tr><tr><td/></tr></table></body></letter>",
};

static void test_round_trips(void)
{
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		struct dbi_buf text = DBI_BUF_INIT, out = DBI_BUF_INIT, want = DBI_BUF_INIT;
		size_t root = strlen("<letter");

		dbi_buf_addf(&text, "%.*s xmlns=\"" NS "\"%s", (int)root, documents[i], documents[i] + root);
		dbi_buf_addf(&want, HEAD "%s\n", text.data);
		EQ(read_text(text.data, &err), DBRIEF_OK, "a document is taken in");
		EQ(dbi_draft_write(&draft, NS, false, &out, &err), DBRIEF_OK, "and written");
		IS(out.data, want.data, documents[i]);
		dbi_buf_dispose(&text);
		dbi_buf_dispose(&out);
		dbi_buf_dispose(&want);
	}
}

static void test_walking(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf all = DBI_BUF_INIT;
	const struct dbi_draft_node *p, *b;
	char place[128];

	EQ(read_text("<letter xmlns='" NS "'>\n <p lang='en' odd='x' class='c'>one <b>two</b> three</p><strange/></letter>", &err), DBRIEF_OK, "read");
	IS(draft.name, "a.xml", "the name of the file is kept");
	OK(dbi_draft_is(draft.root, DBI_TAG_LETTER) && !draft.root->parent, "the root");
	p = draft.root->first->next;
	OK(dbi_draft_is_text(draft.root->first) && dbi_draft_is(p, DBI_TAG_P) && p->parent == draft.root, "texts and elements in their order");
	b = p->first->next;
	IS(dbi_draft_text(b), "two", "the text of an element that holds only text");
	IS(dbi_draft_text(p->first), "one ", "of a text");
	EQ(p->first->len, 4, "with its length");
	OK(!dbi_draft_text(p), "of one with elements there is none");
	IS(dbi_draft_text(p->next), "", "an empty one");
	IS(p->next->name, "strange", "an element that is not of the form has its name");
	EQ(p->next->tag, DBI_TAG_COUNT, "and no number");
	IS(dbi_draft_attr(p, DBI_ATTR_CLASS), "c", "an attribute");
	OK(!dbi_draft_attr(p, DBI_ATTR_ALT) && !dbi_draft_attr(p->first, DBI_ATTR_CLASS), "one that is not there, and a text has none");
	dbi_draft_place(&draft, p, place);
	IS(place, "a.xml:2:2", "the place of an element");
	dbi_draft_place(&draft, b->first, place);
	IS(place, "a.xml:2:37", "a text has that of its element");
	dbi_draft_string(draft.root, &all);
	IS(all.data, "\n one two three", "all text of an element");
	dbi_buf_dispose(&all);
}

/* ---- many letters ---- */

/* n paragraphs, some of them with a text. */
static bool build(unsigned n)
{
	struct dbi_draft_node *root = dbi_draft_add(&draft, NULL, "letter", DBI_TAG_LETTER), *p;

	for (unsigned i = 0; root && i < n; i++) {
		p = dbi_draft_add(&draft, root, "p", DBI_TAG_P);
		if (!p || !dbi_draft_set(&draft, p, "class", DBI_ATTR_CLASS, "c") || !dbi_draft_set(&draft, p, "lang", DBI_ATTR_LANG, "de") ||
		    (i % 3 && !dbi_draft_add_text(&draft, p, "text", 4)))
			return false;
	}
	return root != NULL;
}

static unsigned count(const struct dbi_draft_node *n)
{
	unsigned sum = 1;

	for (n = n->name ? n->first : NULL; n; n = n->next)
		sum += count(n);
	return sum;
}

static void test_again(void)
{
	static const unsigned sizes[] = { 1000, 3, 250, 5000, 0, 120 };
	unsigned long before;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		dbi_draft_clear(&draft);
		OK(!draft.root && build(sizes[i]), "a draft is used again");
		EQ(count(draft.root), 1 + sizes[i] + sizes[i] - (sizes[i] + 2) / 3, "and holds what was put in");
		OK(!sizes[i] || strcmp(draft.root->last->attrs->next->name, "lang") == 0, "attributes in their order");
	}
	dbi_draft_clear(&draft);
	before = dbi_mem_count();
	OK(build(5000) && dbi_mem_count() == before, "what was large once needs no memory anew");
	dbi_draft_trim(&draft, 64 << 10);
	before = dbi_mem_count();
	OK(build(5000) && dbi_mem_count() > before, "unless it was given back");
	dbi_draft_trim(&draft, 0);
	OK(!draft.root && !draft.blocks && build(10), "all of it");
}

static void test_memory(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	unsigned long n;
	int status = DBRIEF_FAILED;

	for (n = 1; n < 500 && status != DBRIEF_OK; n++) {
		dbi_draft_dispose(&draft);
		dbi_buf_dispose(&out);
		dbrief_error_clear(&err);
		out = (struct dbi_buf)DBI_BUF_INIT;
		dbi_mem_fail_at(n, false);
		status = read_text("<letter xmlns='" NS "' lang='de'><strange>x</strange></letter>", &err);
		if (status == DBRIEF_OK)
			status = dbi_draft_write(&draft, NS, true, &out, &err);
		dbi_mem_fail_at(0, false);
		if (status != DBRIEF_OK && err.cause != DBRIEF_CAUSE_MEMORY)
			break;
	}
	OK(status == DBRIEF_OK && n > 3, "a failed allocation is reported as such");
	dbi_buf_dispose(&out);
}

int main(void)
{
	test_words();
	test_round_trips();
	test_walking();
	test_again();
	test_memory();
	dbi_draft_dispose(&draft);
	return tap_done();
}
