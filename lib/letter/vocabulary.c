/* SPDX-License-Identifier: MIT */
/* The words of the letter form: elements, attributes, and what is said about others. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "letter/read.h"
#include "letter/style_rules.h"
#include "util/number.h"

#define A(name) (1u << DBI_ATTR_##name)
#define LOOK (A(CLASS) | A(STYLE) | A(LANG) | A(ROLE))

struct word { const char *name; uint8_t kind; uint32_t attrs; };

/* In the order of enum dbi_tag, which is alphabetical. */
static const struct word tags[DBI_TAG_COUNT] = {
	{ "a", DBI_KIND_INLINE, LOOK | A(HREF) | A(TITLE) },
	{ "b", DBI_KIND_INLINE, LOOK },
	{ "bar", DBI_KIND_INNER, A(LABEL) | A(VALUE) | A(TEXT) },
	{ "body", DBI_KIND_PART, LOOK },
	{ "box", DBI_KIND_BLOCK, LOOK },
	{ "br", DBI_KIND_INLINE, 0 },
	{ "caption", DBI_KIND_INNER, LOOK },
	{ "chart", DBI_KIND_BLOCK, LOOK | A(ALT) | A(WIDTH) },
	{ "checkbox", DBI_KIND_INLINE, LOOK | A(ALT) },
	{ "closing", DBI_KIND_PART, LOOK },
	{ "column", DBI_KIND_INNER, LOOK },
	{ "dd", DBI_KIND_INNER, LOOK },
	{ "dl", DBI_KIND_BLOCK, LOOK },
	{ "dt", DBI_KIND_INNER, LOOK },
	{ "footer", DBI_KIND_PART, LOOK },
	{ "h1", DBI_KIND_BLOCK, LOOK },
	{ "h2", DBI_KIND_BLOCK, LOOK },
	{ "h3", DBI_KIND_BLOCK, LOOK },
	{ "hr", DBI_KIND_BLOCK, LOOK },
	{ "i", DBI_KIND_INLINE, LOOK },
	{ "img", DBI_KIND_INLINE, LOOK | A(SRC) | A(ALT) | A(WIDTH) | A(HEIGHT) },
	{ "info-block", DBI_KIND_PART, LOOK },
	{ "item", DBI_KIND_INNER, A(LABEL) | LOOK },
	{ "keep", DBI_KIND_BLOCK, LOOK },
	{ "letter", DBI_KIND_INNER, A(FORM) | A(TITLE) | A(CASE) | A(CLASS) | A(STYLE) | A(LANG) | A(MARKS) | A(PROFILE) | A(DUPLEX) | A(INSERTER) },
	{ "letterhead", DBI_KIND_PART, LOOK },
	{ "li", DBI_KIND_INNER, LOOK },
	{ "line", DBI_KIND_INNER, 0 },
	{ "ol", DBI_KIND_BLOCK, LOOK | A(START) },
	{ "p", DBI_KIND_BLOCK, LOOK },
	{ "page-break", DBI_KIND_BLOCK, 0 },
	{ "page-label", DBI_KIND_PART, A(CLASS) | A(STYLE) },
	{ "qr", DBI_KIND_BLOCK, LOOK | A(DATA) | A(ALT) | A(WIDTH) },
	{ "recipient", DBI_KIND_PART, A(CLASS) | A(STYLE) },
	{ "remark", DBI_KIND_PART, A(CLASS) | A(STYLE) },
	{ "reply-slip", DBI_KIND_PART, LOOK },
	{ "return-address", DBI_KIND_PART, A(CLASS) | A(STYLE) },
	{ "salutation", DBI_KIND_PART, LOOK },
	{ "span", DBI_KIND_INLINE, LOOK },
	{ "style", DBI_KIND_PART, 0 },
	{ "subject", DBI_KIND_PART, LOOK },
	{ "table", DBI_KIND_BLOCK, LOOK },
	{ "tbody", DBI_KIND_INNER, LOOK },
	{ "td", DBI_KIND_INNER, LOOK | A(COLSPAN) | A(ROWSPAN) },
	{ "tfoot", DBI_KIND_INNER, LOOK },
	{ "th", DBI_KIND_INNER, LOOK | A(COLSPAN) | A(ROWSPAN) },
	{ "thead", DBI_KIND_INNER, LOOK },
	{ "tr", DBI_KIND_INNER, LOOK },
	{ "ul", DBI_KIND_BLOCK, LOOK }
};

/* In the order of enum dbi_attr, which is alphabetical. */
static const char *const attr_names[DBI_ATTR_COUNT] = { "alt", "case", "class", "colspan", "data", "duplex", "form",
	"height", "href", "inserter", "label", "lang", "marks", "profile", "role", "rowspan", "src", "start", "style", "text", "title", "value",
	"width" };

int dbi_read_error(struct dbi_reader *r, const dbi_xml_node *n, const char *fmt, ...)
{
	char place[128], text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dbi_node_place(r->doc, n, place);
	return dbi_error(r->err, r->status, DBRIEF_CAUSE_XML, place, "%s", text);
}

int dbi_read_memory(struct dbi_reader *r)
{
	return dbi_error_memory(r->err);
}

int dbi_read_misplaced(struct dbi_reader *r, const dbi_xml_node *n, const char *allowed)
{
	return dbi_read_error(r, n, "<%.40s> cannot stand in <%.40s>; allowed here: %s", dbi_node_name(n),
	    dbi_node_name(dbi_node_parent(n)), allowed);
}

enum dbi_tag_kind dbi_tag_kind(enum dbi_tag tag)
{
	return (enum dbi_tag_kind)tags[tag].kind;
}

int dbi_read_tag(struct dbi_reader *r, const dbi_xml_node *n, enum dbi_tag *tag)
{
	const char *name = dbi_node_name(n), *names[DBI_TAG_COUNT], *near;
	size_t low = 0, high = DBI_TAG_COUNT;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, tags[middle].name);

		if (order == 0) {
			*tag = (enum dbi_tag)middle;
			return DBRIEF_OK;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	for (size_t i = 0; i < DBI_TAG_COUNT; i++)
		names[i] = tags[i].name;
	near = dbi_suggest(name, strlen(name), names, DBI_TAG_COUNT);
	return dbi_read_error(r, n, "element <%.40s> is unknown in a letter; %s%s%s", name,
	    near ? "did you mean <" : "see the letter form", near ? near : "", near ? ">?" : "");
}

struct attr_walk {
	struct dbi_reader *r;
	const dbi_xml_node *node;
	const struct word *tag;
	struct dbi_attrs *attrs;
};

static int refuse_attr(const struct attr_walk *w, const char *name)
{
	const char *names[DBI_ATTR_COUNT], *near;
	size_t n = 0;

	for (size_t i = 0; i < DBI_ATTR_COUNT; i++)
		if (w->tag->attrs & 1u << i)
			names[n++] = attr_names[i];
	near = dbi_suggest(name, strlen(name), names, n);
	return dbi_read_error(w->r, w->node, "attribute '%.40s' is unknown in <%s>; %s%s%s", name, w->tag->name,
	    near ? "did you mean '" : "remove it", near ? near : "", near ? "'?" : "");
}

static int take_attr(void *ctx, const char *name, const char *value)
{
	struct attr_walk *w = ctx;

	for (size_t i = 0; i < DBI_ATTR_COUNT; i++)
		if (attr_names[i][0] == name[0] && strcmp(attr_names[i], name) == 0) {
			if (!(w->tag->attrs & 1u << i))
				break;
			w->attrs->v[i] = value;
			return 0;
		}
	return refuse_attr(w, name);
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

int dbi_read_attrs(struct dbi_reader *r, const dbi_xml_node *n, enum dbi_tag tag, struct dbi_attrs *attrs)
{
	struct attr_walk w = { r, n, &tags[tag], attrs };
	int status;

	memset(attrs, 0, sizeof(*attrs));
	status = dbi_node_each_attr(n, take_attr, &w);
	if (status == DBRIEF_OK && attrs->v[DBI_ATTR_LANG] && !is_lang(attrs->v[DBI_ATTR_LANG]))
		status = dbi_read_error(
		    r, n, "lang of <%s> is no language tag; write one such as de or en-GB", tags[tag].name);
	return status;
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

static int resolve_style(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_found_style *key, const struct dbi_style **style)
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

int dbi_read_style(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_style *parent,
    const char *element, const struct dbi_attrs *attrs, const struct dbi_style **style)
{
	struct dbi_found_style key = { parent, r->sheet_part, element, attrs ? attrs->v[DBI_ATTR_CLASS] : NULL,
		attrs ? attrs->v[DBI_ATTR_STYLE] : NULL, NULL }, *found;
	uintptr_t h = ((uintptr_t)parent >> 4) + (uintptr_t)element * 5 + (uintptr_t)key.classes * 3 + (uintptr_t)key.css;

	found = &r->found[(h ^ h >> 6) % DBI_FOUND_STYLES];
	if (!found->style || found->parent != parent || found->element != element || found->classes != key.classes ||
	    found->css != key.css || found->part != key.part) {
		int status = resolve_style(r, n, &key, &key.style);

		if (status != DBRIEF_OK)
			return status;
		*found = key;
	}
	*style = found->style;
	return DBRIEF_OK;
}

int dbi_read_length(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_attrs *attrs,
    enum dbi_attr attr, dbi_len em, dbi_len *out)
{
	const char *s = attrs->v[attr];

	*out = 0;
	if (!s)
		return DBRIEF_OK;
	if (strchr(s, '%') || !dbi_len_parse(s, strlen(s), em, 0, out) || *out <= 0 || *out > DBI_A4_HEIGHT)
		return dbi_read_error(r, n, "%s of <%.40s> is no length; write it as in 25mm, 3cm, 40pt or 2em",
		    attr_names[attr], dbi_node_name(n));
	return DBRIEF_OK;
}

int dbi_read_count(struct dbi_reader *r, const dbi_xml_node *n, const struct dbi_attrs *attrs,
    enum dbi_attr attr, unsigned max, unsigned *out)
{
	const char *s = attrs->v[attr];
	int64_t v = 1;

	if (s && (!dbi_parse_int(s, strlen(s), &v) || v < 1 || v > (int64_t)max))
		return dbi_read_error(r, n, "%s of <%.40s> must be a whole number from 1 to %u",
		    attr_names[attr], dbi_node_name(n), max);
	*out = (unsigned)v;
	return DBRIEF_OK;
}

long dbi_read_line(const struct dbi_reader *r, const dbi_xml_node *n)
{
	return r->folder ? 0 : dbi_node_line(n);
}

char *dbi_read_copy(struct dbi_reader *r, const char *s)
{
	char *copy = s ? dbi_arena_strndup(r->arena, s, strlen(s)) : NULL;

	r->copy_failed |= s && !copy;
	return copy;
}

bool dbi_text_blank(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	return !*s;
}
