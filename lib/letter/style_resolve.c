/* SPDX-License-Identifier: MIT */
/* The stylesheet: rules by selector, the cascade, computed styles shared. */
#include <stdio.h>
#include <string.h>

#include "letter/style_rules.h"
#include "util/hash.h"

#define N_BUCKETS 128
#define N_CACHE   256 /* first size of the cache of computed styles */
#define MAX_MATCH 64  /* rules that apply to one element */
#define LARGEST_SIZE    DBI_PT(144)  /* what follows from sizes stays far below 2^31 */
#define LARGEST_LEADING DBI_PT(1000)
#define LARGEST_LENGTH  DBI_PT(2000)

struct computed {
	uint32_t hash;
	const struct dbi_style *parent;
	const char *part, *element, *classes, *css;
	const struct dbi_style *style;
};

struct dbi_stylesheet {
	struct dbi_arena *arena;
	const dbi_fontset *fonts;
	struct dbi_rule *buckets[N_BUCKETS]; /* by element and class */
	unsigned n_rules;
	const char *part;
	struct computed *cache;              /* open addressing, size a power of two */
	size_t n_cache, cap_cache;
};

static uint32_t selector_hash(const char *element, size_t n, const char *cls, size_t m)
{
	uint32_t h = dbi_fnv1a(DBI_FNV_START, element, n);

	return dbi_fnv1a(h * 16777619u, cls, m);
}

static void insert_rule(dbi_stylesheet *sheet, struct dbi_rule *rule)
{
	uint32_t h = selector_hash(rule->element, strlen(rule->element), rule->cls, strlen(rule->cls)) % N_BUCKETS;

	rule->order = sheet->n_rules++;
	rule->next = sheet->buckets[h];
	sheet->buckets[h] = rule;
}

int dbi_stylesheet_new(
    dbi_stylesheet **sheet, struct dbi_arena *arena, const dbi_fontset *fonts, struct dbrief_error *err)
{
	dbi_stylesheet *s = dbi_arena_calloc(arena, 1, sizeof(*s));
	struct dbi_rule *rules = dbi_arena_alloc(arena, dbi_style_n_defaults * sizeof(*rules));

	*sheet = NULL;
	if (!s || !rules)
		return dbi_error_memory(err);
	s->arena = arena;
	s->fonts = fonts;
	s->part = "";
	s->cap_cache = N_CACHE;
	s->cache = dbi_arena_calloc(arena, s->cap_cache, sizeof(*s->cache));
	if (!s->cache)
		return dbi_error_memory(err);
	memcpy(rules, dbi_style_defaults, dbi_style_n_defaults * sizeof(*rules));
	for (size_t i = 0; i < dbi_style_n_defaults; i++)
		insert_rule(s, &rules[i]);
	*sheet = s;
	return DBRIEF_OK;
}

void dbi_stylesheet_set_part(dbi_stylesheet *sheet, const char *part)
{
	sheet->part = part;
}

/* ---- reading rules ---- */

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static int refuse_selector(struct dbrief_error *err, const char *s, size_t len)
{
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL,
	    "selector '%.*s' is not understood; write a name, .class, name.class, or one of these after a part as in 'footer p'",
	    (int)(len < 40 ? len : 40), s);
}

/* One selector of a list: [part] [name][.class] */
static int read_selector(dbi_stylesheet *sheet, const char *s, size_t len, const struct dbi_decl *decls,
    size_t n, struct dbrief_error *err)
{
	struct dbi_rule *rule = dbi_arena_calloc(sheet->arena, 1, sizeof(*rule));
	const char *word[2] = { "", "" }, *cls = "";
	size_t n_words = 0, i = 0;

	while (i < len) {
		size_t start = i;

		while (i < len && is_name(s[i]))
			i++;
		if (i > start && n_words < 2 && !*cls)
			word[n_words++] = dbi_arena_strndup(sheet->arena, s + start, i - start);
		else if (i > start)
			return refuse_selector(err, s, len);
		if (i < len && s[i] == '.') {
			for (start = ++i; i < len && is_name(s[i]); i++)
				;
			if (i == start || *cls)
				return refuse_selector(err, s, len);
			if (n_words == 1 && start >= 2 && !is_name(s[start - 2]))
				n_words = 2; /* "part .class": any element */
			cls = dbi_arena_strndup(sheet->arena, s + start, i - start);
		} else if (i < len && !dbi_css_blank(s + i, len - i)) {
			return refuse_selector(err, s, len);
		}
		i += dbi_css_blank(s + i, len - i);
	}
	if (!rule || !word[0] || !word[1] || !cls)
		return dbi_error_memory(err);
	if (!n_words && !*cls)
		return refuse_selector(err, s, len);
	rule->part = n_words == 2 ? word[0] : "";
	rule->element = n_words == 2 ? word[1] : word[0];
	rule->cls = cls;
	rule->decls = decls;
	rule->n = n;
	insert_rule(sheet, rule);
	return DBRIEF_OK;
}

static int read_selectors(dbi_stylesheet *sheet, const char *s, size_t len, const struct dbi_decl *decls,
    size_t n, struct dbrief_error *err)
{
	size_t i = 0, start;

	for (start = 0; i <= len; i++)
		if (i == len || s[i] == ',') {
			size_t a = start + dbi_css_blank(s + start, i - start), b = i;
			int status;

			while (b > a && (s[b - 1] == ' ' || s[b - 1] == '\n' || s[b - 1] == '\t' || s[b - 1] == '\r'))
				b--;
			status = read_selector(sheet, s + a, b - a, decls, n, err);
			if (status != DBRIEF_OK)
				return status;
			start = i + 1;
		}
	return DBRIEF_OK;
}

/* One rule from css[*at]; *at moves behind it, or to the place of the error. */
static int read_rule(dbi_stylesheet *sheet, const char *css, size_t len, size_t *at, struct dbrief_error *err)
{
	size_t start = *at, i = *at, end = 0, n = 0;
	const struct dbi_decl *decls = NULL;
	int status;

	while (i < len && css[i] != '{' && css[i] != '}')
		i++;
	if (i >= len || css[i] != '{')
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL,
		    "a rule has no '{'; write 'selector { property: value }'");
	if (i > start && css[start] == '@')
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL, "@ rules are not supported; remove the rule");
	status = dbi_css_declarations(sheet->arena, css + i + 1, len - i - 1, &end, &decls, &n, err);
	if (status == DBRIEF_OK && i + 1 + end >= len)
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL, "a rule has no '}'; close it");
	else if (status == DBRIEF_OK)
		status = read_selectors(sheet, css + start, i - start, decls, n, err);
	else
		*at = i + 1 + end;
	if (status == DBRIEF_OK)
		*at = i + 1 + end + 1;
	return status;
}

int dbi_stylesheet_add(
    dbi_stylesheet *sheet, const char *css, const char *place, long line, int status, struct dbrief_error *err)
{
	size_t len = strlen(css), at = dbi_css_blank(css, len);

	while (at < len) {
		struct dbrief_error local = DBRIEF_ERROR_INIT;
		char where[sizeof(local.where)];

		if (read_rule(sheet, css, len, &at, &local) != DBRIEF_OK) {
			if (local.cause == DBRIEF_CAUSE_MEMORY)
				return dbi_error_memory(err);
			for (size_t i = 0; i < at; i++)
				line += css[i] == '\n';
			snprintf(where, sizeof(where), "%s:%ld", place, line);
			return dbi_error(err, status, local.cause, where, "%s", local.text);
		}
		at += dbi_css_blank(css + at, len - at);
	}
	return DBRIEF_OK;
}

/* ---- computing ---- */

static dbi_len in_points(const struct dbi_decl *d, dbi_len size)
{
	int64_t v = d->unit == DBI_CSS_EM ? (int64_t)d->value * size / 1000 : d->value;

	return v > LARGEST_LENGTH ? LARGEST_LENGTH : v < -LARGEST_LENGTH ? -LARGEST_LENGTH : (dbi_len)v;
}

static int set_family(
    const dbi_stylesheet *sheet, struct dbi_style *s, const char *names, struct dbrief_error *err)
{
	const char *rest = names;

	while (*rest) {
		size_t n = strcspn(rest, ","), a = 0, b = n;
		char name[64];
		int family;

		while (a < b && (rest[a] == ' ' || rest[a] == '"' || rest[a] == '\''))
			a++;
		while (b > a && (rest[b - 1] == ' ' || rest[b - 1] == '"' || rest[b - 1] == '\''))
			b--;
		if (b - a < sizeof(name)) {
			memcpy(name, rest + a, b - a);
			name[b - a] = '\0';
			family = dbi_fontset_family(sheet->fonts, name);
			if (family >= 0) {
				s->family = family;
				return DBRIEF_OK;
			}
		}
		rest += rest[n] ? n + 1 : n;
	}
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL,
	    "font-family '%.60s' is not configured; add it to <fonts> or use a family from there", names);
}

static void set_leading(struct dbi_style *s, const struct dbi_decl *d)
{
	s->leading_factor = 0;
	if (d->unit == DBI_CSS_LEN)
		s->leading = d->value;
	else
		s->leading_factor = (uint32_t)(d->unit == DBI_CSS_PERCENT ? d->value / 100 : d->value);
}

static void set_width(struct dbi_style *s, const struct dbi_decl *d)
{
	s->width_kind = d->unit == DBI_CSS_AUTO ? DBI_WIDTH_AUTO
	    : d->unit == DBI_CSS_PERCENT        ? DBI_WIDTH_PERCENT
						: DBI_WIDTH_LEN;
	s->width = in_points(d, s->size);
}

/* Everything but the font size, which others depend on. */
static int apply(
    const dbi_stylesheet *sheet, struct dbi_style *s, const struct dbi_decl *d, struct dbrief_error *err)
{
	bool on = d->value != 0;

	switch (d->prop) {
	case DBI_PROP_FAMILY: return set_family(sheet, s, d->text, err);
	case DBI_PROP_SIZE: break;
	case DBI_PROP_WEIGHT: s->face = (s->face & DBI_FONT_ITALIC) | (on ? DBI_FONT_BOLD : 0); break;
	case DBI_PROP_SLANT: s->face = (s->face & DBI_FONT_BOLD) | (on ? DBI_FONT_ITALIC : 0); break;
	case DBI_PROP_LEADING: set_leading(s, d); break;
	case DBI_PROP_COLOR: s->color = d->color; break;
	case DBI_PROP_BACKGROUND: s->has_background = on; s->background = d->color; break;
	case DBI_PROP_ALIGN: s->align = (enum dbi_align)d->value; break;
	case DBI_PROP_DECORATION: s->underline = on; break;
	case DBI_PROP_INDENT: s->indent = in_points(d, s->size); break;
	case DBI_PROP_HYPHENS: s->hyphens = on; break;
	case DBI_PROP_WHITE_SPACE: s->nowrap = d->value == 1; s->preline = d->value == 2; break;
	case DBI_PROP_WIDTH: set_width(s, d); break;
	case DBI_PROP_VALIGN: s->valign = (enum dbi_valign)d->value; break;
	case DBI_PROP_BREAK_INSIDE: s->keep_together = on; break;
	case DBI_PROP_BREAK_BEFORE: s->page_before = on; break;
	case DBI_PROP_BREAK_AFTER: s->keep_with_next = on; break;
	case DBI_PROP_WIDOWS: s->widows = (unsigned)d->value; break;
	case DBI_PROP_ORPHANS: s->orphans = (unsigned)d->value; break;
	case DBI_PROP_MARKER: s->marker = d->text; break;
	default:
		if (d->prop >= DBI_PROP_BORDER)
			s->border[d->prop - DBI_PROP_BORDER] = (struct dbi_edge){ in_points(d, s->size), d->color };
		else if (d->prop >= DBI_PROP_PADDING)
			s->padding[d->prop - DBI_PROP_PADDING] = in_points(d, s->size);
		else
			s->margin[d->prop - DBI_PROP_MARGIN] = in_points(d, s->size);
	}
	return DBRIEF_OK;
}

static void set_size(struct dbi_style *s, const struct dbi_decl *d, dbi_len parent)
{
	if (d->unit == DBI_CSS_EM)
		s->size = (dbi_len)((int64_t)d->value * parent / 1000);
	else if (d->unit == DBI_CSS_PERCENT)
		s->size = (dbi_len)((int64_t)d->value * parent / 100000);
	else
		s->size = d->value;
}

static void inherit(struct dbi_style *s, const struct dbi_style *parent)
{
	static const struct dbi_style none;

	if (!parent) {
		s->size = DBI_PT(10);
		s->leading_factor = 1350;
		s->hyphens = true;
		s->widows = s->orphans = 2;
		return;
	}
	memcpy(s, parent, sizeof(*s));
	memcpy(s->margin, none.margin, sizeof(s->margin));
	memcpy(s->padding, none.padding, sizeof(s->padding));
	memcpy(s->border, none.border, sizeof(s->border));
	s->has_background = s->keep_together = s->keep_with_next = s->page_before = false;
	s->background = 0;
	s->width_kind = DBI_WIDTH_AUTO;
	s->valign = DBI_VALIGN_TOP;
	s->width = s->indent = 0;
	s->marker = NULL;
}

struct match { const struct dbi_rule *rule; unsigned rank; };
struct matches { struct match m[MAX_MATCH]; size_t n; };

/* Adds the rules of one selector, in order of rank: weight of the selector, then order of writing. */
static void collect(
    const dbi_stylesheet *sheet, struct matches *all, const char *element, const char *cls, size_t cls_len)
{
	uint32_t h = selector_hash(element, strlen(element), cls, cls_len) % N_BUCKETS;

	for (const struct dbi_rule *r = sheet->buckets[h]; r && all->n < MAX_MATCH; r = r->next) {
		unsigned weight = (*r->part ? 1u : 0) + (*r->element ? 2u : 0) + (*r->cls ? 4u : 0),
			 rank = weight << 24 | r->order;
		size_t k;

		if (strcmp(r->element, element) || strncmp(r->cls, cls, cls_len) || r->cls[cls_len] ||
		    (*r->part && strcmp(r->part, sheet->part)))
			continue;
		for (k = all->n++; k > 0 && all->m[k - 1].rank > rank; k--)
			all->m[k] = all->m[k - 1];
		all->m[k] = (struct match){ r, rank };
	}
}

static int apply_all(const dbi_stylesheet *sheet, struct dbi_style *s, const struct matches *all,
    const struct dbi_decl *own, size_t n_own, dbi_len parent_size, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i <= all->n; i++) {
			const struct dbi_decl *d = i < all->n ? all->m[i].rule->decls : own;
			size_t n = i < all->n ? all->m[i].rule->n : n_own;

			for (size_t k = 0; k < n && status == DBRIEF_OK; k++)
				if (pass == 1)
					status = apply(sheet, s, &d[k], err);
				else if (d[k].prop == DBI_PROP_SIZE)
					set_size(s, &d[k], parent_size);
		}
	if (s->leading_factor) {
		int64_t leading = (int64_t)s->leading_factor * s->size / 1000;

		s->leading = leading <= LARGEST_LEADING ? (dbi_len)leading : LARGEST_LEADING + 1;
	}
	if (s->leading < s->size)
		s->leading = s->size; /* lines are never printed into each other */
	if (status == DBRIEF_OK && (s->size > LARGEST_SIZE || s->leading > LARGEST_LEADING))
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL,
		    "font-size is above 144pt, or line-height above 1000pt; make them smaller");
	return status;
}

static int compute(dbi_stylesheet *sheet, const struct dbi_style *parent, const char *element,
    const char *classes, const char *css, const struct dbi_style **style, struct dbrief_error *err)
{
	struct dbi_style *s = dbi_arena_calloc(sheet->arena, 1, sizeof(*s));
	struct matches all = { .n = 0 };
	const struct dbi_decl *own = NULL;
	size_t n_own = 0, end = 0;
	int status = DBRIEF_OK;

	if (!s)
		return dbi_error_memory(err);
	inherit(s, parent);
	if (*element)
		collect(sheet, &all, element, "", 0);
	for (const char *c = classes; *c;) {
		size_t n = strcspn(c, " \t\r\n");

		if (n) {
			collect(sheet, &all, "", c, n);
			collect(sheet, &all, element, c, n);
		}
		c += n + (c[n] != '\0');
	}
	if (*css)
		status = dbi_css_declarations(sheet->arena, css, strlen(css), &end, &own, &n_own, err);
	if (status == DBRIEF_OK && *css && end < strlen(css))
		status = dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_XML, NULL, "style has a '}' too many; remove it");
	if (status == DBRIEF_OK)
		status = apply_all(sheet, s, &all, own, n_own, parent ? parent->size : s->size, err);
	*style = s;
	return status;
}

/* ---- the cache ---- */

static bool cache_grow(dbi_stylesheet *sheet)
{
	size_t cap = sheet->cap_cache * 2;
	struct computed *grown = dbi_arena_calloc(sheet->arena, cap, sizeof(*grown));

	if (!grown)
		return false;
	for (size_t i = 0; i < sheet->cap_cache; i++)
		if (sheet->cache[i].style) {
			size_t k = sheet->cache[i].hash & (cap - 1);

			while (grown[k].style)
				k = (k + 1) & (cap - 1);
			grown[k] = sheet->cache[i];
		}
	sheet->cache = grown;
	sheet->cap_cache = cap;
	return true;
}

static bool computed_is(const struct computed *c, const struct computed *key)
{
	return c->hash == key->hash && c->parent == key->parent && strcmp(c->element, key->element) == 0 &&
	    strcmp(c->classes, key->classes) == 0 && strcmp(c->css, key->css) == 0 && strcmp(c->part, key->part) == 0;
}

int dbi_style_resolve(dbi_stylesheet *sheet, const struct dbi_style *parent, const char *element,
    const char *classes, const char *inline_css, const struct dbi_style **style, struct dbrief_error *err)
{
	struct computed key = { 0, parent, sheet->part, element, classes ? classes : "",
		inline_css ? inline_css : "", NULL };
	size_t k;
	int status;

	key.hash = dbi_fnv1a(DBI_FNV_START ^ (uint32_t)((uintptr_t)parent >> 4), element, strlen(element));
	key.hash = dbi_fnv1a(key.hash, key.classes, strlen(key.classes));
	key.hash = dbi_fnv1a(key.hash, key.css, strlen(key.css));
	for (k = key.hash & (sheet->cap_cache - 1); sheet->cache[k].style; k = (k + 1) & (sheet->cap_cache - 1))
		if (computed_is(&sheet->cache[k], &key)) {
			*style = sheet->cache[k].style;
			return DBRIEF_OK;
		}
	*style = NULL;
	status = compute(sheet, parent, element, key.classes, key.css, &key.style, err);
	if (status != DBRIEF_OK)
		return status;
	key.element = dbi_arena_strndup(sheet->arena, element, strlen(element));
	key.classes = *key.classes ? dbi_arena_strndup(sheet->arena, key.classes, strlen(key.classes)) : "";
	key.css = *key.css ? dbi_arena_strndup(sheet->arena, key.css, strlen(key.css)) : "";
	if (!key.element || !key.classes || !key.css)
		return dbi_error_memory(err);
	sheet->cache[k] = key;
	if (++sheet->n_cache * 2 > sheet->cap_cache && !cache_grow(sheet))
		return dbi_error_memory(err);
	*style = key.style;
	return DBRIEF_OK;
}
