/* SPDX-License-Identifier: MIT */
/* What the words of the letter form mean: where elements and attributes stand, and what is said about others. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "letter/read.h"
#include "letter/style_rules.h"
#include "util/number.h"

#define A(name) (1u << DBI_ATTR_##name)
#define LOOK (A(CLASS) | A(STYLE) | A(LANG) | A(ROLE))

struct word { uint8_t kind; uint32_t attrs; };

static const struct word tags[DBI_TAG_COUNT] = {
	[DBI_TAG_A] = { DBI_KIND_INLINE, LOOK | A(HREF) | A(TITLE) },
	[DBI_TAG_B] = { DBI_KIND_INLINE, LOOK },
	[DBI_TAG_BAR] = { DBI_KIND_INNER, A(LABEL) | A(VALUE) | A(TEXT) },
	[DBI_TAG_BODY] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_BOX] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_BR] = { DBI_KIND_INLINE, 0 },
	[DBI_TAG_CAPTION] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_CHART] = { DBI_KIND_BLOCK, LOOK | A(ALT) | A(WIDTH) },
	[DBI_TAG_CHECKBOX] = { DBI_KIND_INLINE, LOOK | A(ALT) },
	[DBI_TAG_CLOSING] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_COLUMN] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_DD] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_DL] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_DT] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_FOOTER] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_H1] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_H2] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_H3] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_HR] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_I] = { DBI_KIND_INLINE, LOOK },
	[DBI_TAG_IMG] = { DBI_KIND_INLINE, LOOK | A(SRC) | A(ALT) | A(WIDTH) | A(HEIGHT) },
	[DBI_TAG_INFO_BLOCK] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_ITEM] = { DBI_KIND_INNER, A(LABEL) | LOOK },
	[DBI_TAG_KEEP] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_LETTER] = { DBI_KIND_INNER, A(FORM) | A(TITLE) | A(CASE) | A(CLASS) | A(STYLE) | A(LANG) | A(MARKS) | A(PROFILE) | A(DUPLEX) | A(INSERTER) },
	[DBI_TAG_LETTERHEAD] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_LI] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_LINE] = { DBI_KIND_INNER, 0 },
	[DBI_TAG_OL] = { DBI_KIND_BLOCK, LOOK | A(START) },
	[DBI_TAG_P] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_PAGE_BREAK] = { DBI_KIND_BLOCK, 0 },
	[DBI_TAG_PAGE_LABEL] = { DBI_KIND_PART, A(CLASS) | A(STYLE) },
	[DBI_TAG_QR] = { DBI_KIND_BLOCK, LOOK | A(DATA) | A(ALT) | A(WIDTH) },
	[DBI_TAG_RECIPIENT] = { DBI_KIND_PART, A(CLASS) | A(STYLE) },
	[DBI_TAG_REMARK] = { DBI_KIND_PART, A(CLASS) | A(STYLE) },
	[DBI_TAG_REPLY_SLIP] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_RETURN_ADDRESS] = { DBI_KIND_PART, A(CLASS) | A(STYLE) },
	[DBI_TAG_SALUTATION] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_SPAN] = { DBI_KIND_INLINE, LOOK },
	[DBI_TAG_STYLE] = { DBI_KIND_PART, 0 },
	[DBI_TAG_SUBJECT] = { DBI_KIND_PART, LOOK },
	[DBI_TAG_TABLE] = { DBI_KIND_BLOCK, LOOK },
	[DBI_TAG_TBODY] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_TD] = { DBI_KIND_INNER, LOOK | A(COLSPAN) | A(ROWSPAN) },
	[DBI_TAG_TFOOT] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_TH] = { DBI_KIND_INNER, LOOK | A(COLSPAN) | A(ROWSPAN) },
	[DBI_TAG_THEAD] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_TR] = { DBI_KIND_INNER, LOOK },
	[DBI_TAG_UL] = { DBI_KIND_BLOCK, LOOK }
};

int dbi_read_error(struct dbi_reader *r, const struct dbi_draft_node *n, const char *fmt, ...)
{
	char place[128], text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dbi_draft_place(r->doc, n, place);
	return dbi_error(r->err, r->status, DBRIEF_CAUSE_XML, place, "%s", text);
}

int dbi_read_memory(struct dbi_reader *r)
{
	return dbi_error_memory(r->err);
}

int dbi_read_misplaced(struct dbi_reader *r, const struct dbi_draft_node *n, const char *allowed)
{
	return dbi_read_error(r, n, "<%.40s> cannot stand in <%.40s>; allowed here: %s", n->name,
	    n->parent->name, allowed);
}

enum dbi_tag_kind dbi_tag_kind(enum dbi_tag tag)
{
	return (enum dbi_tag_kind)tags[tag].kind;
}

int dbi_read_tag(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag *tag)
{
	const char *near;

	*tag = (enum dbi_tag)n->tag;
	if (*tag != DBI_TAG_COUNT)
		return DBRIEF_OK;
	near = dbi_suggest(n->name, strlen(n->name), dbi_tag_names, DBI_TAG_COUNT);
	return dbi_read_error(r, n, "element <%.40s> is unknown in a letter; %s%s%s", n->name,
	    near ? "did you mean <" : "see the letter form", near ? near : "", near ? ">?" : "");
}

static int refuse_attr(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag, const char *name)
{
	const char *names[DBI_ATTR_COUNT], *near;
	size_t n_names = 0;

	for (size_t i = 0; i < DBI_ATTR_COUNT; i++)
		if (tags[tag].attrs & 1u << i)
			names[n_names++] = dbi_attr_names[i];
	near = dbi_suggest(name, strlen(name), names, n_names);
	return dbi_read_error(r, n, "attribute '%.40s' is unknown in <%s>; %s%s%s", name, dbi_tag_names[tag],
	    near ? "did you mean '" : "remove it", near ? near : "", near ? "'?" : "");
}

/* A language tag by its looks: de, de-AT, zh-Hant-TW. */
static bool is_lang(const char *s)
{
	size_t n = 0, total = 0;

	for (; *s; s++, total++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'), digit = *s >= '0' && *s <= '9';

		if (*s == '-' && n > 0)
			n = 0;
		else if ((letter || (digit && total > 1)) && ++n <= 8)
			continue;
		else
			return false;
	}
	return n > 0 && total >= 2 && total < 36;
}

int dbi_check_own_attrs(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_tag tag)
{
	for (const struct dbi_draft_attr *a = n->attrs; a; a = a->next)
		if (a->word == DBI_ATTR_COUNT || !(tags[tag].attrs & 1u << a->word))
			return refuse_attr(r, n, tag, a->name);
	for (const struct dbi_draft_attr *a = n->attrs; a; a = a->next)
		if (a->word == DBI_ATTR_LANG && !is_lang(a->value))
			return dbi_read_error(r, n, "lang of <%s> is no language tag; write one such as de or en-GB", dbi_tag_names[tag]);
	return DBRIEF_OK;
}

/* In a letter made by a template a style may hold data, which no message may show; in a ready document it is the author's. */
static void hide_value(char *text, size_t size)
{
	static const char *const ends[] = { "' is not understood", "' is unknown", "' has no value", "' is not configured" };
	char rest[256] = "'", *first = strchr(text, '\''), *at;

	if (!first)
		return;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		for (at = strstr(first + 1, ends[i]); at; at = strstr(at + 1, ends[i]))
			snprintf(rest, sizeof(rest), "%s", at);
	snprintf(first, size - (size_t)(first - text), "'...%s", rest);
}

void dbi_read_set_part(struct dbi_reader *r, const char *part)
{
	r->sheet_part = part;
	dbi_stylesheet_set_part(r->sheet, part);
}

static int resolve_style(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_found_style *key, const struct dbi_style **style)
{
	struct dbrief_error local;

	/* Once more for the text of the error: it is large, and there is rarely one. */
	if (dbi_style_resolve(r->sheet, key->parent, key->element, key->classes, key->css, style, NULL) == DBRIEF_OK)
		return DBRIEF_OK;
	local = (struct dbrief_error)DBRIEF_ERROR_INIT;
	if (dbi_style_resolve(r->sheet, key->parent, key->element, key->classes, key->css, style, &local) == DBRIEF_OK)
		return DBRIEF_OK;
	if (local.cause == DBRIEF_CAUSE_MEMORY)
		return dbi_read_memory(r);
	if (r->status != DBRIEF_FATAL)
		hide_value(local.text, sizeof(local.text));
	return dbi_read_error(r, n, "%s", local.text);
}

/* The slot of a style found before, else the one where it shall be. */
static struct dbi_found_style *find_style(struct dbi_reader *r, const struct dbi_found_style *key)
{
	uint64_t h = ((uintptr_t)key->parent ^ (uintptr_t)key->element * 31 ^ (uintptr_t)key->classes * 17) * 0x9E3779B97F4A7C15u;
	size_t first = (size_t)(h >> 32) % DBI_FOUND_STYLES, i;
	struct dbi_found_style *f;

	for (i = 0; i < DBI_FOUND_TRIES; i++) {
		f = &r->found[(first + i) % DBI_FOUND_STYLES];
		if (!f->style || (f->parent == key->parent && f->element == key->element && f->classes == key->classes &&
		    f->css == key->css && f->part == key->part))
			return f;
	}
	f = &r->found[first];
	f->style = NULL;
	return f;
}

int dbi_read_style(struct dbi_reader *r, const struct dbi_draft_node *n, const struct dbi_style *parent,
    const char *element, const struct dbi_draft_attr *attrs, const struct dbi_style **style)
{
	struct dbi_found_style key = { parent, r->sheet_part, element, NULL, NULL, NULL }, *found;
	int status;

	for (; attrs; attrs = attrs->next) {
		if (attrs->word == DBI_ATTR_CLASS)
			key.classes = attrs->value;
		if (attrs->word == DBI_ATTR_STYLE)
			key.css = attrs->value;
	}
	found = find_style(r, &key);
	if (!found->style) {
		status = resolve_style(r, n, &key, &key.style);
		if (status != DBRIEF_OK)
			return status;
		*found = key;
	}
	*style = found->style;
	return DBRIEF_OK;
}

int dbi_read_length(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_attr attr, dbi_len em, dbi_len *out)
{
	const char *s = dbi_draft_attr(n, attr);

	*out = 0;
	if (!s)
		return DBRIEF_OK;
	if (strchr(s, '%') || !dbi_len_parse(s, strlen(s), em, 0, out) || *out <= 0 || *out > DBI_A4_HEIGHT)
		return dbi_read_error(r, n, "%s of <%.40s> is no length; write it as in 25mm, 3cm, 40pt or 2em",
		    dbi_attr_names[attr], n->name);
	return DBRIEF_OK;
}

int dbi_read_count(struct dbi_reader *r, const struct dbi_draft_node *n, enum dbi_attr attr, unsigned max, unsigned *out)
{
	const char *s = dbi_draft_attr(n, attr);
	int64_t v = 1;

	if (s && (!dbi_parse_int(s, strlen(s), &v) || v < 1 || v > (int64_t)max))
		return dbi_read_error(r, n, "%s of <%.40s> must be a whole number from 1 to %u",
		    dbi_attr_names[attr], n->name, max);
	*out = (unsigned)v;
	return DBRIEF_OK;
}

long dbi_read_line(const struct dbi_reader *r, const struct dbi_draft_node *n)
{
	return r->folder ? 0 : n->line;
}
