/* SPDX-License-Identifier: MIT */
/* The letter and its parts. */
#include <string.h>

#include "letter/read.h"

#define MAX_REMARK 3

#define PARTS "style letterhead return-address remark recipient info-block subject salutation body closing reply-slip footer page-label"

static void set_part(struct dbi_reader *r, const char *part)
{
	r->part = part;
	dbi_read_set_part(r, part);
}

/* Text of an element that holds nothing else, white space collapsed; must not be empty. */
static int read_plain(struct dbi_reader *r, const struct dbi_draft_node *n, const char **out)
{
	const char *s = dbi_draft_text(n);
	char *copy;
	size_t len = 0;

	if (!s)
		return dbi_read_error(r, n, "<%s> takes text only; take the elements out", n->name);
	copy = dbi_arena_alloc(r->arena, strlen(s) + 1);
	if (!copy)
		return dbi_read_memory(r);
	for (; *s; s++) {
		bool blank = *s == ' ' || *s == '\t' || *s == '\n' || *s == '\r';

		if (!blank || (len && copy[len - 1] != ' '))
			copy[len++] = blank ? ' ' : *s;
	}
	while (len && copy[len - 1] == ' ')
		len--;
	copy[len] = '\0';
	*out = copy;
	return len ? DBRIEF_OK : dbi_read_error(r, n, "<%s> is empty; fill it or leave it out", n->name);
}

/* The lines of recipient and remark. */
static int read_lines(struct dbi_reader *r, const struct dbi_draft_node *n, struct dbi_line **lines, unsigned max)
{
	struct dbi_line **tail = lines;
	unsigned count = 0;

	for (const struct dbi_draft_node *c = n->first; c; c = c->next) {
		struct dbi_line *line = dbi_arena_calloc(r->arena, 1, sizeof(*line));
		int status;

		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_LINE))
			return dbi_draft_is_text(c)
			    ? dbi_read_error(
				  r, n, "text stands in <%s> as such; put it into <line>", n->name)
			    : dbi_read_misplaced(r, c, "line");
		if (!line)
			return dbi_read_memory(r);
		status = dbi_check_attrs(r, c, DBI_TAG_LINE);
		if (status == DBRIEF_OK)
			status = read_plain(r, c, &line->text);
		if (status == DBRIEF_OK && max && ++count > max)
			status = dbi_read_error(r, c, "<%s> takes up to %u lines; shorten it", n->name, max);
		if (status != DBRIEF_OK)
			return status;
		*tail = line;
		tail = &line->next;
	}
	return *lines ? DBRIEF_OK : dbi_read_error(r, n, "<%s> has no <line>; add one", n->name);
}

static int read_info(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *style)
{
	struct dbi_info_item **tail = &r->letter->info;
	int status = dbi_read_style(r, n, style, "info-label", NULL, &r->letter->info_label_style);

	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		struct dbi_info_item *item = dbi_arena_calloc(r->arena, 1, sizeof(*item));
		const char *label;

		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_ITEM))
			return dbi_draft_is_text(c) ? dbi_read_error(r, n, "text stands in <info-block> as such; put it into <item>")
			                           : dbi_read_misplaced(r, c, "item");
		if (!item)
			return dbi_read_memory(r);
		status = dbi_read_paragraph(r, c, style, "item", DBI_TAG_ITEM, DBI_BLOCK_P, &item->value);
		label = dbi_draft_attr(c, DBI_ATTR_LABEL);
		if (status == DBRIEF_OK && !label)
			status = dbi_read_error(r, c, "<item> has no label; add label=\"...\"");
		item->label = label;
		*tail = item;
		tail = &item->next;
	}
	return status;
}

static int read_footer(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *style)
{
	struct dbi_letter *l = r->letter;
	const struct dbi_style *column;
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *c = n->first; c && status == DBRIEF_OK; c = c->next) {
		if (dbi_draft_is_text(c) && dbi_text_blank(dbi_draft_text(c)))
			continue;
		if (!dbi_draft_is(c, DBI_TAG_COLUMN))
			return dbi_draft_is_text(c) ? dbi_read_error(r, n, "text stands in <footer> as such; put it into <column>")
			                           : dbi_read_misplaced(r, c, "column");
		if (l->n_footer == 4)
			return dbi_read_error(r, c, "the footer takes up to four columns; join some");
		status = dbi_check_attrs(r, c, DBI_TAG_COLUMN);
		if (status == DBRIEF_OK)
			status = dbi_read_style(r, c, style, "column", c->attrs, &column);
		if (status == DBRIEF_OK)
			status = dbi_read_blocks(r, c, column, true, &l->footer[l->n_footer++]);
	}
	return status;
}

/* "Seite {page} von {pages}" */
static int read_page_label(struct dbi_reader *r, const struct dbi_draft_node *n)
{
	int status = read_plain(r, n, &r->letter->page_label);
	const char *s = status == DBRIEF_OK ? r->letter->page_label : "";

	while ((s = strpbrk(s, "{}"))) {
		if (strncmp(s, "{page}", 6) && strncmp(s, "{pages}", 7))
			return dbi_read_error(r, n,
			    "<page-label> knows {page} and {pages} only; correct the braces (in a template they are doubled)");
		s = strchr(s, '}') + 1;
	}
	return status;
}

/* closing and reply-slip: one block at the end of the body. */
static int read_tail(
    struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *style, struct dbi_block **out)
{
	struct dbi_block *b = *out = dbi_arena_calloc(r->arena, 1, sizeof(*b));

	if (!b)
		return dbi_read_memory(r);
	b->kind = DBI_BLOCK_KEEP;
	b->style = style;
	b->line = dbi_read_line(r, n);
	b->lang = dbi_draft_attr(n, DBI_ATTR_LANG);
	return dbi_read_blocks(r, n, style, false, &b->children);
}

struct parts { struct dbi_block *closing, *slip; unsigned long long seen; };

static int read_part(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag,
    const struct dbi_style *style, struct parts *parts)
{
	struct dbi_letter *l = r->letter;

	switch (tag) {
	case DBI_TAG_LETTERHEAD:
		return dbi_read_blocks(r, n, style, false, &l->letterhead);
	case DBI_TAG_RETURN_ADDRESS:
		l->return_style = style;
		return read_plain(r, n, &l->return_address);
	case DBI_TAG_REMARK:
		l->remark_style = style;
		return read_lines(r, n, &l->remark, MAX_REMARK);
	case DBI_TAG_RECIPIENT:
		l->recipient_style = style;
		return read_lines(r, n, &l->recipient, 0);
	case DBI_TAG_INFO_BLOCK:
		l->info_style = style;
		return read_info(r, n, style);
	case DBI_TAG_SUBJECT:
		return dbi_read_paragraph(r, n, l->style, "subject", tag, DBI_BLOCK_H1, &l->subject);
	case DBI_TAG_SALUTATION:
		return dbi_read_paragraph(r, n, l->style, "salutation", tag, DBI_BLOCK_P, &l->salutation);
	case DBI_TAG_BODY:
		return dbi_read_blocks(r, n, style, false, &l->body);
	case DBI_TAG_CLOSING:
		return read_tail(r, n, style, &parts->closing);
	case DBI_TAG_REPLY_SLIP:
		return read_tail(r, n, style, &parts->slip);
	case DBI_TAG_FOOTER:
		l->footer_style = style;
		return read_footer(r, n, style);
	default:
		l->page_label_style = style;
		return read_page_label(r, n);
	}
}

/* One child of <letter> that is no <style>. */
static int read_child(struct dbi_reader *r, const struct dbi_draft_node *n, struct parts *parts)
{
	enum dbi_tag tag;
	const struct dbi_style *style = NULL;
	int status;

	if (dbi_draft_is_text(n))
		return dbi_text_blank(dbi_draft_text(n)) ? DBRIEF_OK
		    : dbi_read_error(r, n->parent, "text stands in <letter> as such; put it into <body>");
	if (dbi_draft_is(n, DBI_TAG_STYLE))
		return DBRIEF_OK;
	status = dbi_read_tag(r, n, &tag);
	if (status != DBRIEF_OK)
		return status;
	if (dbi_tag_kind(tag) != DBI_KIND_PART)
		return dbi_read_misplaced(r, n, PARTS);
	if (parts->seen & 1ull << tag)
		return dbi_read_error(r, n, "<%s> stands twice; keep one", n->name);
	parts->seen |= 1ull << tag;
	set_part(r, n->name);
	status = dbi_check_attrs(r, n, tag);
	if (status == DBRIEF_OK)
		status = dbi_read_style(r, n, r->letter->style, n->name, n->attrs, &style);
	if (status == DBRIEF_OK)
		status = read_part(r, n, tag, style, parts);
	set_part(r, "");
	return status;
}

static int read_styles(struct dbi_reader *r, const struct dbi_draft_node *root)
{
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *n = root->first; n && status == DBRIEF_OK; n = n->next) {
		const char *css = dbi_draft_text(n);

		if (!dbi_draft_is(n, DBI_TAG_STYLE))
			continue;
		status = dbi_check_attrs(r, n, DBI_TAG_STYLE);
		if (status == DBRIEF_OK && !css)
			status = dbi_read_error(r, n, "<style> takes text only; take the elements out");
		if (status == DBRIEF_OK)
			status = dbi_stylesheet_add(r->sheet, css, r->doc->name, n->line, r->status, r->err);
	}
	return status;
}

/* Form and delivery; the form alone must be said. */
static int read_delivery(struct dbi_reader *r, const struct dbi_draft_node *root)
{
	static const struct { enum dbi_attr attr; const char *name; } said[] = { { DBI_ATTR_FORM, "form" }, { DBI_ATTR_MARKS, "marks" },
		{ DBI_ATTR_PROFILE, "profile" }, { DBI_ATTR_DUPLEX, "duplex" }, { DBI_ATTR_INSERTER, "inserter" } };
	struct dbi_delivery *d = &r->letter->delivery;

	*d = (struct dbi_delivery)DBI_DELIVERY_INIT;
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		const char *value = dbi_draft_attr(root, said[i].attr), *wanted = value ? dbi_delivery_set(d, said[i].name, value) : NULL;

		if (wanted || (i == 0 && !value))
			return dbi_read_error(r, root, "%s of <letter> must be %s", said[i].name, wanted ? wanted : DBI_FORMS);
	}
	r->letter->form = d->form;
	if (dbi_delivery_contradicts(d))
		return dbi_read_error(r, root, "the profile hybrid allows no marks for an inserter; remove inserter or profile");
	return DBRIEF_OK;
}

/* The house style's file is read with its own places and pictures; leaving goes back to the letter. */
struct visit { const struct dbi_draft *doc; int status; };

static struct visit enter_house(struct dbi_reader *r)
{
	struct visit v = { r->doc, r->status };

	r->doc = r->house->doc;
	r->status = DBRIEF_FATAL;
	r->folder = r->house->folder;
	return v;
}

static void leave_house(struct dbi_reader *r, const struct visit *v)
{
	r->doc = v->doc;
	r->status = v->status;
	r->folder = NULL;
}

#define HOUSE_PARTS "style letterhead footer"

/* What stands in <house-style>, and its rules. */
static int read_house_styles(struct dbi_reader *r)
{
	const struct dbi_draft_node *root = r->house->doc->root;
	struct visit v = enter_house(r);
	int status = DBRIEF_OK;

	if (strcmp(root->name, "house-style") != 0)
		status = dbi_read_error(r, root, "the document is <%.40s>, not a house style; its root must be <house-style>", root->name);
	for (const struct dbi_draft_node *n = root->first; n && status == DBRIEF_OK; n = n->next)
		if (dbi_draft_is_text(n) ? !dbi_text_blank(dbi_draft_text(n))
		                        : !dbi_draft_is(n, DBI_TAG_STYLE) && !dbi_draft_is(n, DBI_TAG_LETTERHEAD) && !dbi_draft_is(n, DBI_TAG_FOOTER))
			status = dbi_draft_is_text(n) ? dbi_read_error(r, root, "text stands in <house-style> as such; remove it")
			                             : dbi_read_misplaced(r, n, HOUSE_PARTS);
	if (status == DBRIEF_OK)
		status = read_styles(r, root);
	leave_house(r, &v);
	return status;
}

/* Its letterhead and footer, as if they stood in the letter. */
static int read_house_parts(struct dbi_reader *r, struct parts *parts)
{
	struct visit v = enter_house(r);
	int status = DBRIEF_OK;

	for (const struct dbi_draft_node *n = r->doc->root->first; n && status == DBRIEF_OK; n = n->next)
		status = read_child(r, n, parts);
	leave_house(r, &v);
	return status;
}

/* The house style has this part, so that the letter's own is not read. */
static bool is_of_house(const struct dbi_reader *r, const struct dbi_draft_node *n)
{
	if (!r->house || (!dbi_draft_is(n, DBI_TAG_LETTERHEAD) && !dbi_draft_is(n, DBI_TAG_FOOTER)))
		return false;
	for (const struct dbi_draft_node *c = r->house->doc->root->first; c; c = c->next)
		if (c->tag == n->tag)
			return true;
	return false;
}

/* The attributes of <letter> and the look everything inherits. */
static int read_root(struct dbi_reader *r, const struct dbi_draft_node *root)
{
	struct dbi_letter *l = r->letter;
	int status;

	if (!dbi_draft_is(root, DBI_TAG_LETTER))
		return dbi_read_error(r, root,
		    "the document is <%.40s>, not a letter; its root must be <letter>", root->name);
	status = dbi_check_attrs(r, root, DBI_TAG_LETTER);
	if (status != DBRIEF_OK)
		return status;
	status = read_delivery(r, root);
	if (status != DBRIEF_OK)
		return status;
	l->lang = dbi_draft_attr(root, DBI_ATTR_LANG);
	l->title = dbi_draft_attr(root, DBI_ATTR_TITLE);
	l->case_code = dbi_draft_attr(root, DBI_ATTR_CASE);
	if (!l->lang || !l->title || dbi_text_blank(l->title))
		return dbi_read_error(r, root, "<letter> needs lang and title; add them");
	status = read_styles(r, root);
	if (status == DBRIEF_OK && r->house)
		status = read_house_styles(r);
	return status == DBRIEF_OK ? dbi_read_style(r, root, NULL, "letter", root->attrs, &l->style) : status;
}

static int check_parts(struct dbi_reader *r, const struct dbi_draft_node *root, const struct parts *parts)
{
	static const struct { enum dbi_tag tag; const char *name; } required[] = {
		{ DBI_TAG_RECIPIENT, "recipient" }, { DBI_TAG_SUBJECT, "subject" }, { DBI_TAG_BODY, "body" }
	};

	static const struct { enum dbi_tag tag; const char *name; } window[] = {
		{ DBI_TAG_RECIPIENT, "recipient" }, { DBI_TAG_RETURN_ADDRESS, "return-address" }, { DBI_TAG_REMARK, "remark" },
		{ DBI_TAG_INFO_BLOCK, "info-block" }
	};
	bool report = strcmp(r->letter->form, "report") == 0;

	for (size_t i = 0; i < sizeof(window) / sizeof(*window) && report; i++)
		if (parts->seen & 1ull << window[i].tag)
			return dbi_read_error(r, root, "a letter of the form report has no window, so no <%s>; remove it", window[i].name);
	for (size_t i = report; i < sizeof(required) / sizeof(*required); i++)
		if (!(parts->seen & 1ull << required[i].tag))
			return dbi_read_error(r, root, "<letter> has no <%s>; add it", required[i].name);
	return r->letter->subject->spans ? DBRIEF_OK : dbi_read_error(r, root, "<subject> is empty; fill it");
}

/* Styles of parts that are not written but drawn all the same. */
static int default_styles(struct dbi_reader *r, const struct dbi_draft_node *root)
{
	struct dbi_letter *l = r->letter;
	int status = DBRIEF_OK;

	if (!l->page_label_style)
		status = dbi_read_style(r, root, l->style, "page-label", NULL, &l->page_label_style);
	if (status == DBRIEF_OK && !l->footer_style)
		status = dbi_read_style(r, root, l->style, "footer", NULL, &l->footer_style);
	return status;
}

static void join_body(struct dbi_letter *l, const struct parts *parts)
{
	struct dbi_block **tail = &l->body;

	while (*tail) {
		(*tail)->before_closing = parts->closing && !(*tail)->next;
		tail = &(*tail)->next;
	}
	*tail = parts->closing ? parts->closing : parts->slip;
	if (parts->closing)
		parts->closing->next = parts->slip;
}

int dbi_letter_read(struct dbi_letter **letter, struct dbi_arena *arena, const struct dbi_draft *doc,
    const dbi_fontset *fonts, int status, struct dbrief_error *err)
{
	return dbi_letter_read_in_house(letter, arena, doc, NULL, fonts, status, err);
}

int dbi_letter_read_in_house(struct dbi_letter **letter, struct dbi_arena *arena, const struct dbi_draft *doc,
    const struct dbi_house *house, const dbi_fontset *fonts, int status, struct dbrief_error *err)
{
	struct dbi_reader r = { .arena = arena, .doc = doc, .status = status, .err = err, .part = "", .sheet_part = "", .house = house };
	struct dbi_letter *l = dbi_arena_calloc(arena, 1, sizeof(*l));
	const struct dbi_draft_node *root = doc->root;
	struct parts parts = { NULL, NULL, 0 };
	int got;

	*letter = NULL;
	if (!l)
		return dbi_error_memory(err);
	r.letter = l;
	l->name = doc->name;
	got = dbi_stylesheet_new(&r.sheet, arena, fonts, err);
	if (got == DBRIEF_OK)
		got = read_root(&r, root);
	if (got == DBRIEF_OK && house)
		got = read_house_parts(&r, &parts);
	for (const struct dbi_draft_node *n = root->first; n && got == DBRIEF_OK; n = n->next)
		if (!is_of_house(&r, n))
			got = read_child(&r, n, &parts);
	if (got == DBRIEF_OK)
		got = check_parts(&r, root, &parts);
	if (got == DBRIEF_OK)
		got = default_styles(&r, root);
	if (got != DBRIEF_OK)
		return got;
	join_body(l, &parts);
	*letter = l;
	return DBRIEF_OK;
}
