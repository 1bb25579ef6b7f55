/* SPDX-License-Identifier: MIT */
/* CSS declarations: property names, values with units, clear complaints. */
#include <string.h>

#include "letter/style_rules.h"

enum value_kind {
	V_LENGTH,
	V_SIZES,
	V_LEADING,
	V_COLOR,
	V_KEYWORD,
	V_COUNT,
	V_FAMILY,
	V_EDGE,
	V_EDGES,
	V_MARKER,
	V_WIDTH,
	V_WEIGHT
};

struct property {
	const char *name;
	uint8_t prop, kind;
	const char *keywords; /* "a|b|c": their index is the value; "*" before one: kept for others' keywords */
};

/* Sorted by name. */
static const struct property properties[] = {
	{ "background", DBI_PROP_BACKGROUND, V_COLOR, "none" },
	{ "background-color", DBI_PROP_BACKGROUND, V_COLOR, "none" },
	{ "border", DBI_PROP_BORDER, V_EDGES, NULL },
	{ "border-bottom", DBI_PROP_BORDER + DBI_BOTTOM, V_EDGE, NULL },
	{ "border-left", DBI_PROP_BORDER + DBI_LEFT, V_EDGE, NULL },
	{ "border-right", DBI_PROP_BORDER + DBI_RIGHT, V_EDGE, NULL },
	{ "border-top", DBI_PROP_BORDER + DBI_TOP, V_EDGE, NULL },
	{ "break-after", DBI_PROP_BREAK_AFTER, V_KEYWORD, "auto|avoid" },
	{ "break-before", DBI_PROP_BREAK_BEFORE, V_KEYWORD, "auto|page" },
	{ "break-inside", DBI_PROP_BREAK_INSIDE, V_KEYWORD, "auto|avoid" },
	{ "color", DBI_PROP_COLOR, V_COLOR, NULL },
	{ "font-family", DBI_PROP_FAMILY, V_FAMILY, NULL },
	{ "font-size", DBI_PROP_SIZE, V_LENGTH, NULL },
	{ "font-style", DBI_PROP_SLANT, V_KEYWORD, "normal|italic" },
	{ "font-weight", DBI_PROP_WEIGHT, V_WEIGHT, "normal|bold" },
	{ "hyphens", DBI_PROP_HYPHENS, V_KEYWORD, "none|auto" },
	{ "line-height", DBI_PROP_LEADING, V_LEADING, NULL },
	{ "list-style-type", DBI_PROP_MARKER, V_MARKER, NULL },
	{ "margin", DBI_PROP_MARGIN, V_SIZES, NULL },
	{ "margin-bottom", DBI_PROP_MARGIN + DBI_BOTTOM, V_LENGTH, NULL },
	{ "margin-left", DBI_PROP_MARGIN + DBI_LEFT, V_LENGTH, NULL },
	{ "margin-right", DBI_PROP_MARGIN + DBI_RIGHT, V_LENGTH, NULL },
	{ "margin-top", DBI_PROP_MARGIN + DBI_TOP, V_LENGTH, NULL },
	{ "orphans", DBI_PROP_ORPHANS, V_COUNT, NULL },
	{ "padding", DBI_PROP_PADDING, V_SIZES, NULL },
	{ "padding-bottom", DBI_PROP_PADDING + DBI_BOTTOM, V_LENGTH, NULL },
	{ "padding-left", DBI_PROP_PADDING + DBI_LEFT, V_LENGTH, NULL },
	{ "padding-right", DBI_PROP_PADDING + DBI_RIGHT, V_LENGTH, NULL },
	{ "padding-top", DBI_PROP_PADDING + DBI_TOP, V_LENGTH, NULL },
	{ "text-align", DBI_PROP_ALIGN, V_KEYWORD, "left|right|center|justify" },
	{ "text-decoration", DBI_PROP_DECORATION, V_KEYWORD, "none|underline" },
	{ "text-indent", DBI_PROP_INDENT, V_LENGTH, NULL },
	{ "vertical-align", DBI_PROP_VALIGN, V_KEYWORD, "top|middle|bottom" },
	{ "white-space", DBI_PROP_WHITE_SPACE, V_KEYWORD, "normal|nowrap|pre-line" },
	{ "widows", DBI_PROP_WIDOWS, V_COUNT, NULL },
	{ "width", DBI_PROP_WIDTH, V_WIDTH, NULL },
};
#define N_PROPERTIES (sizeof(properties) / sizeof(*properties))

struct word { const char *s; size_t len; };

struct parser {
	struct dbi_arena *arena;
	struct dbrief_error *err;
	const struct property *property;
	struct dbi_decl *decls;
	size_t n, cap;
};

static const struct { const char *name; uint32_t rgb;
} colors[] = {
	{ "black", 0x000000 },
	{ "white", 0xffffff },
	{ "gray", 0x808080 },
	{ "grey", 0x808080 },
	{ "silver", 0xc0c0c0 },
	{ "red", 0xff0000 },
	{ "maroon", 0x800000 },
	{ "green", 0x008000 },
	{ "blue", 0x0000ff },
	{ "navy", 0x000080 },
	{ "teal", 0x008080 },
	{ "purple", 0x800080 },
	{ "olive", 0x808000 },
	{ "orange", 0xffa500 },
	{ "yellow", 0xffff00 },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool word_is(struct word w, const char *s)
{
	return strlen(s) == w.len && memcmp(w.s, s, w.len) == 0;
}

size_t dbi_css_blank(const char *css, size_t len)
{
	size_t i = 0;

	while (i < len) {
		if (is_blank(css[i])) {
			i++;
		} else if (css[i] == '/' && i + 1 < len && css[i + 1] == '*') {
			i += 2;
			while (i + 1 < len && !(css[i] == '*' && css[i + 1] == '/'))
				i++;
			i = i + 2 > len ? len : i + 2;
		} else {
			break;
		}
	}
	return i;
}

/* The next word of a value; a quoted string is one word with its quotes. */
static bool next_word(struct word *rest, struct word *w)
{
	size_t i = 0;

	while (rest->len && is_blank(*rest->s)) {
		rest->s++;
		rest->len--;
	}
	if (!rest->len)
		return false;
	if (*rest->s == '"' || *rest->s == '\'') {
		for (i = 1; i < rest->len && rest->s[i] != *rest->s; i++)
			;
		i = i < rest->len ? i + 1 : i;
	} else {
		while (i < rest->len && !is_blank(rest->s[i]))
			i++;
	}
	*w = (struct word){ rest->s, i };
	rest->s += i;
	rest->len -= i;
	return true;
}

static int refuse(struct parser *p, struct word w, const char *want)
{
	return dbi_error(p->err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL,
	    "style property %s: value '%.*s' is not understood; write %s", p->property->name,
	    (int)(w.len < 40 ? w.len : 40), w.s, want);
}

static int add(
    struct parser *p, unsigned prop, enum dbi_css_unit unit, int32_t value, uint32_t color, const char *text)
{
	if (p->n == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 8;
		struct dbi_decl *grown = dbi_arena_alloc(p->arena, cap * sizeof(*grown));

		if (!grown)
			return dbi_error_memory(p->err);
		if (p->n)
			memcpy(grown, p->decls, p->n * sizeof(*grown));
		p->decls = grown;
		p->cap = cap;
	}
	p->decls[p->n++] = (struct dbi_decl){ (uint8_t)prop, (uint8_t)unit, value, color, text };
	return DBRIEF_OK;
}

/* "12.5" to 12500 and the length of it, 0 when there is no number. */
static size_t read_number(struct word w, int64_t *value)
{
	size_t i = 0, digits = 0;
	int64_t v = 0, scale = 1000;
	bool negative = false;

	if (i < w.len && (w.s[i] == '-' || w.s[i] == '+'))
		negative = w.s[i++] == '-';
	for (; i < w.len && w.s[i] >= '0' && w.s[i] <= '9' && v < 100000000; i++, digits++)
		v = v * 10 + (w.s[i] - '0');
	v *= 1000;
	if (i < w.len && w.s[i] == '.')
		for (i++; i < w.len && w.s[i] >= '0' && w.s[i] <= '9'; i++, digits++) {
			scale /= 10;
			v += (w.s[i] - '0') * scale;
		}
	*value = negative ? -v : v;
	return digits ? i : 0;
}

/* A number with a unit. Values of millimetres become points at once. */
static bool read_measure(struct word w, enum dbi_css_unit *unit, int32_t *value)
{
	int64_t v;
	size_t i = read_number(w, &v);
	struct word u = { w.s + i, w.len - i };

	if (!i)
		return false;
	if (word_is(u, "mm") || word_is(u, "cm")) {
		v = (v * (word_is(u, "cm") ? 10 : 1) * 2834646) / 1000000;
		*unit = DBI_CSS_LEN;
	} else if (word_is(u, "pt") || (u.len == 0 && v == 0)) {
		*unit = DBI_CSS_LEN;
	} else if (word_is(u, "em")) {
		*unit = DBI_CSS_EM;
	} else if (word_is(u, "%")) {
		*unit = DBI_CSS_PERCENT;
	} else if (u.len == 0) {
		*unit = DBI_CSS_NUMBER;
	} else {
		return false;
	}
	if (v > 10000000 || v < -10000000)
		return false;
	*value = (int32_t)v;
	return true;
}

static bool read_color(struct word w, uint32_t *rgb)
{
	uint32_t v = 0;

	for (size_t i = 0; i < sizeof(colors) / sizeof(*colors); i++)
		if (word_is(w, colors[i].name)) {
			*rgb = colors[i].rgb;
			return true;
		}
	if ((w.len != 4 && w.len != 7) || w.s[0] != '#')
		return false;
	for (size_t i = 1; i < w.len; i++) {
		char c = w.s[i];
		unsigned d;

		if (c >= '0' && c <= '9')
			d = (unsigned)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			d = (unsigned)((c | 0x20) - 'a' + 10);
		else
			return false;
		v = w.len == 4 ? v << 8 | d * 17 : v << 4 | d;
	}
	*rgb = v;
	return true;
}

static bool read_keyword(struct word w, const char *list, int32_t *value)
{
	for (int32_t i = 0; list; i++) {
		const char *end = strchr(list, '|');
		size_t n = end ? (size_t)(end - list) : strlen(list);

		if (n == w.len && memcmp(list, w.s, n) == 0) {
			*value = i;
			return true;
		}
		list = end ? end + 1 : NULL;
	}
	return false;
}

static int parse_length(struct parser *p, struct word w, unsigned prop)
{
	enum dbi_css_unit unit;
	int32_t value;
	/* Not at the sides: the text would leave its column, and the page at last. */
	bool negative_allowed = prop == DBI_PROP_MARGIN + DBI_TOP || prop == DBI_PROP_MARGIN + DBI_BOTTOM;

	if (!read_measure(w, &unit, &value) || unit == DBI_CSS_NUMBER ||
	    (unit == DBI_CSS_PERCENT && prop != DBI_PROP_SIZE))
		return refuse(p, w, "a length in pt, mm, cm or em");
	if ((value < 0 && !negative_allowed) || (prop == DBI_PROP_SIZE && value < 1))
		return refuse(p, w, "a length above zero");
	return add(p, prop, unit, value, 0, NULL);
}

/* One to four lengths, as in margin: 1pt 2pt. */
static int parse_sizes(struct parser *p, struct word rest)
{
	static const uint8_t which[4][4] = { { 0, 0, 0, 0 }, { 0, 1, 0, 1 }, { 0, 1, 2, 1 }, { 0, 1, 2, 3 } };
	struct word words[4], w, all = rest;
	size_t n = 0;

	while (next_word(&rest, &w)) {
		if (n == 4)
			return refuse(p, all, "one to four lengths");
		words[n++] = w;
	}
	if (!n)
		return refuse(p, all, "one to four lengths");
	for (unsigned side = 0; side < 4; side++) {
		int status = parse_length(p, words[which[n - 1][side]], p->property->prop + side);

		if (status != DBRIEF_OK)
			return status;
	}
	return DBRIEF_OK;
}

/* "0.5pt solid #ccc", "none"; sides: how many to set. */
static int parse_edge(struct parser *p, struct word rest, unsigned sides)
{
	struct word w, all = rest;
	int32_t width = 1000;
	uint32_t color = 0;
	enum dbi_css_unit unit = DBI_CSS_LEN;

	while (next_word(&rest, &w)) {
		if (word_is(w, "none"))
			width = 0;
		else if (word_is(w, "solid") || read_color(w, &color))
			continue;
		else if (!read_measure(w, &unit, &width) || (unit != DBI_CSS_LEN && unit != DBI_CSS_EM) || width < 0)
			return refuse(p, all, "none, or a width, solid and a colour: 0.5pt solid #999");
	}
	for (unsigned side = 0; side < sides; side++) {
		int status = add(p, p->property->prop + side, unit, width, color, NULL);

		if (status != DBRIEF_OK)
			return status;
	}
	return DBRIEF_OK;
}

static int parse_marker(struct parser *p, struct word w)
{
	const char *text;

	if (w.len >= 2 && (*w.s == '"' || *w.s == '\''))
		w = (struct word){ w.s + 1, w.len - 2 };
	else if (!word_is(w, "disc") && !word_is(w, "decimal") && !word_is(w, "none") && !word_is(w, "dash") &&
	    !word_is(w, "lower-alpha"))
		return refuse(p, w, "disc, dash, decimal, lower-alpha, none or a \"text\"");
	text = dbi_arena_strndup(p->arena, w.s, w.len);
	return text ? add(p, DBI_PROP_MARKER, DBI_CSS_KEY, 0, 0, text) : dbi_error_memory(p->err);
}

/* Properties of a single word. */
static int parse_word(struct parser *p, struct word w)
{
	const struct property *property = p->property;
	enum dbi_css_unit unit = DBI_CSS_KEY;
	int32_t value = 0;
	uint32_t color = 0;

	switch ((enum value_kind)property->kind) {
	case V_LENGTH:
		return parse_length(p, w, property->prop);
	case V_LEADING:
		if (!read_measure(w, &unit, &value) || value <= 0)
			return refuse(p, w, "a number, a length or a percentage above zero");
		break;
	case V_WIDTH:
		if (word_is(w, "auto"))
			unit = DBI_CSS_AUTO;
		else if (!read_measure(w, &unit, &value) || unit == DBI_CSS_NUMBER || value < 0)
			return refuse(p, w, "auto, a length or a percentage");
		break;
	case V_COLOR:
		if (property->keywords && word_is(w, property->keywords))
			break;
		if (!read_color(w, &color))
			return refuse(p, w, "#rrggbb or a basic colour name");
		value = 1;
		break;
	case V_WEIGHT:
		if (word_is(w, "700") || word_is(w, "600"))
			value = 1;
		else if (!word_is(w, "400") && !read_keyword(w, property->keywords, &value))
			return refuse(p, w, "normal or bold");
		break;
	case V_KEYWORD:
		if (!read_keyword(w, property->keywords, &value))
			return refuse(p, w, property->keywords);
		break;
	case V_COUNT:
		if (!read_measure(w, &unit, &value) || unit != DBI_CSS_NUMBER || value < 1000 ||
		    value > 20000 || value % 1000)
			return refuse(p, w, "a whole number from 1 to 20");
		value /= 1000;
		break;
	case V_MARKER:
		return parse_marker(p, w);
	default:
		break;
	}
	return add(p, property->prop, unit, value, color, NULL);
}

static int parse_value(struct parser *p, struct word value)
{
	struct word rest = value, w, more;
	char *names;

	switch ((enum value_kind)p->property->kind) {
	case V_SIZES:
		return parse_sizes(p, value);
	case V_EDGE:
		return parse_edge(p, value, 1);
	case V_EDGES:
		return parse_edge(p, value, 4);
	case V_FAMILY:
		names = dbi_arena_strndup(p->arena, value.s, value.len);
		return names ? add(p, DBI_PROP_FAMILY, DBI_CSS_KEY, 0, 0, names) : dbi_error_memory(p->err);
	default:
		if (!next_word(&rest, &w) || next_word(&rest, &more))
			return refuse(p, value, "exactly one value");
		return parse_word(p, w);
	}
}

static int find_property(struct parser *p, struct word name)
{
	const char *names[N_PROPERTIES], *near;

	for (size_t i = 0; i < N_PROPERTIES; i++) {
		if (word_is(name, properties[i].name)) {
			p->property = &properties[i];
			return DBRIEF_OK;
		}
		names[i] = properties[i].name;
	}
	near = dbi_suggest(name.s, name.len, names, N_PROPERTIES);
	return dbi_error(p->err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL, "style property '%.*s' is unknown; %s%s%s",
	    (int)(name.len < 40 ? name.len : 40), name.s, near ? "did you mean '" : "see the list in the letter form",
	    near ? near : "", near ? "'?" : "");
}

static struct word trim(const char *s, size_t len)
{
	while (len && is_blank(*s)) {
		s++;
		len--;
	}
	while (len && is_blank(s[len - 1]))
		len--;
	return (struct word){ s, len };
}

int dbi_css_declarations(struct dbi_arena *arena, const char *css, size_t len, size_t *end,
    const struct dbi_decl **decls, size_t *n, struct dbrief_error *err)
{
	struct parser p = { arena, err, NULL, NULL, 0, 0 };
	size_t i = dbi_css_blank(css, len);
	int status = DBRIEF_OK;

	while (status == DBRIEF_OK && i < len && css[i] != '}') {
		size_t start = i, colon;
		char quote = 0;

		while (i < len && css[i] != ':' && css[i] != ';' && css[i] != '}')
			i++;
		colon = i;
		if (i >= len || css[i] != ':') {
			struct word w = trim(css + start, i - start);
			*end = start;
			return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL, "'%.*s' has no value; write 'property: value;'",
			    (int)(w.len < 40 ? w.len : 40), w.s);
		}
		for (i++; i < len && (quote || (css[i] != ';' && css[i] != '}')); i++)
			if (quote ? css[i] == quote : css[i] == '"' || css[i] == '\'')
				quote = quote ? 0 : css[i];
		*end = start;
		status = find_property(&p, trim(css + start, colon - start));
		if (status == DBRIEF_OK)
			status = parse_value(&p, trim(css + colon + 1, i - colon - 1));
		if (status != DBRIEF_OK)
			return status;
		if (i < len && css[i] == ';')
			i++;
		i += dbi_css_blank(css + i, len - i);
	}
	*end = i;
	*decls = p.decls;
	*n = p.n;
	return status;
}
