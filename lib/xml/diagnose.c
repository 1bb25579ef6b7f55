/* SPDX-License-Identifier: MIT */
/*
 * A schema is read here as a plain list: which elements and attributes may
 * stand in an element, and which must. That is less than RelaxNG says, but
 * what it finds is certain, and said in the words of the document.
 */
#include "xml/diagnose.h"

#include <stdio.h>
#include <string.h>

#define MAX_PATTERNS 16
#define MAX_NESTING 48
#define NAME_SIZE 40
#define WORDS_SIZE 140

/* <element> patterns that a document's element may be an instance of. */
struct patterns {
	const dbi_xml_node *at[MAX_PATTERNS];
	size_t n;
};

struct search {
	const dbi_xml_node *grammar;
	/* Called for each element, attribute, text, data, value, list; true stops. */
	bool (*visit)(struct search *s, const dbi_xml_node *pattern, bool required);
	const char *name;         /* looked for */
	struct patterns *found;
	char near[WORDS_SIZE];    /* known name most like the one looked for */
	unsigned distance;
	const dbi_xml_node *owner; /* element of the document */
	const dbi_xml_node *missing;
	bool any;                 /* an anyName pattern takes everything */
};

static bool is_one_of(const char *name, const char *list)
{
	size_t n = strlen(name);

	for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

static const dbi_xml_node *find_define(const dbi_xml_node *grammar, const char *name)
{
	const dbi_xml_node *d = dbi_node_child(grammar, "define");

	while (d && strcmp(dbi_node_attr(d, "name") ? dbi_node_attr(d, "name") : "", name) != 0)
		d = dbi_node_sibling(d, "define");
	return d;
}

/* Visits the patterns of one level: nested elements and attributes are shown, not entered. */
static bool walk(struct search *s, const dbi_xml_node *parent, bool required, unsigned nesting)
{
	if (nesting > MAX_NESTING)
		return false;
	for (const dbi_xml_node *p = dbi_node_child(parent, NULL); p; p = dbi_node_sibling(p, NULL)) {
		const char *name = dbi_node_name(p);
		const dbi_xml_node *inner = p;
		bool must = required && !is_one_of(name, " optional zeroOrMore choice ");

		if (is_one_of(name, " element attribute text data value list ")) {
			if (s->visit(s, p, required))
				return true;
			continue;
		}
		if (strcmp(name, "ref") == 0)
			inner = dbi_node_attr(p, "name") ? find_define(s->grammar, dbi_node_attr(p, "name")) : NULL;
		else if (!is_one_of(name, " optional zeroOrMore oneOrMore choice group interleave mixed "))
			continue;
		if (strcmp(name, "mixed") == 0 && s->visit(s, p, false))
			return true;
		if (inner && walk(s, inner, must, nesting + 1))
			return true;
	}
	return false;
}

static void search_all(struct search *s, const struct patterns *in)
{
	for (size_t i = 0; i < in->n; i++)
		if (walk(s, in->at[i], in->n == 1, 0))
			return;
}

/* ---- names ---- */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edit distance of short names; large for long ones. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_SIZE + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > NAME_SIZE || m > NAME_SIZE)
		return NAME_SIZE;
	for (unsigned j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned above = row[j];

			row[j] = least(least(above, row[j - 1]) + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[m];
}

static void note_near(struct search *s, const char *known)
{
	unsigned d = distance(s->name, known);

	if (d < s->distance && strlen(known) < NAME_SIZE) {
		s->distance = d;
		(void)snprintf(s->near, sizeof s->near, "%s", known);
	}
}

static bool name_class_matches(struct search *s, const dbi_xml_node *pattern, unsigned nesting)
{
	const char *name = dbi_node_attr(pattern, "name");
	bool match = false;

	if (name) {
		note_near(s, name);
		return strcmp(name, s->name) == 0;
	}
	for (const dbi_xml_node *c = dbi_node_child(pattern, NULL); c && nesting < 4; c = dbi_node_sibling(c, NULL)) {
		if (dbi_node_is(c, "anyName") || dbi_node_is(c, "nsName")) {
			match = true;
		} else if (dbi_node_is(c, "name") && dbi_node_text(c)) {
			note_near(s, dbi_node_text(c));
			match = match || strcmp(dbi_node_text(c), s->name) == 0;
		} else if (dbi_node_is(c, "choice")) {
			match = name_class_matches(s, c, nesting + 1) || match;
		}
		/* The name class is the first child of a pattern, but all of a choice. */
		if (nesting == 0)
			break;
	}
	return match;
}

static bool visit_element(struct search *s, const dbi_xml_node *p, bool required)
{
	(void)required;
	if (!dbi_node_is(p, "element") || !name_class_matches(s, p, 0))
		return false;
	if (s->found->n < MAX_PATTERNS)
		s->found->at[s->found->n++] = p;
	return false;
}

static bool visit_attribute(struct search *s, const dbi_xml_node *p, bool required)
{
	(void)required;
	if (!dbi_node_is(p, "attribute") || !name_class_matches(s, p, 0))
		return false;
	if (s->found->n < MAX_PATTERNS)
		s->found->at[s->found->n++] = p;
	return false;
}

static bool visit_text(struct search *s, const dbi_xml_node *p, bool required)
{
	(void)required;
	if (dbi_node_is(p, "element") || dbi_node_is(p, "attribute"))
		return false;
	s->any = true;
	return true;
}

/* Stops at a required attribute or element that the document's element lacks. */
static bool visit_required(struct search *s, const dbi_xml_node *p, bool required)
{
	const char *name = dbi_node_attr(p, "name");

	if (!required || !name)
		return false;
	if (dbi_node_is(p, "attribute") ? dbi_node_attr(s->owner, name) == NULL
	                                : dbi_node_is(p, "element") && !dbi_node_child(s->owner, name)) {
		s->missing = p;
		return true;
	}
	return false;
}

static struct patterns find(const dbi_xml_node *grammar, const struct patterns *in, const char *name,
    bool (*visit)(struct search *, const dbi_xml_node *, bool), char near[NAME_SIZE])
{
	struct patterns found = { { NULL }, 0 };
	struct search s = { grammar, visit, name, &found, "", 3, NULL, NULL, false };

	search_all(&s, in);
	memcpy(near, s.near, NAME_SIZE);
	/* A short name is like every other short name. */
	if (strlen(name) <= s.distance + 1)
		near[0] = '\0';
	return found;
}

/* ---- checks of one element ---- */

struct check {
	const dbi_xml_node *grammar, *element;
	const struct patterns *patterns;
	char *text;
};

static bool visit_value(struct search *s, const dbi_xml_node *p, bool required)
{
	size_t len = strlen(s->near);

	(void)required;
	if (!dbi_node_is(p, "value") || !dbi_node_text(p)) {
		s->any = true; /* more than a list of words */
		return true;
	}
	if (strcmp(dbi_node_text(p), s->name) == 0)
		s->any = true;
	(void)snprintf(s->near + len, sizeof s->near - len, "%s%s", len ? ", " : "", dbi_node_text(p));
	return s->any;
}

/* False when the attribute must hold one of some words and does not. */
static bool check_words(struct check *c, const struct patterns *attribute, const char *name, const char *value)
{
	struct search s = { c->grammar, visit_value, value, NULL, "", 0, NULL, NULL, false };

	if (attribute->n != 1 || !dbi_node_child(attribute->at[0], NULL))
		return true;
	search_all(&s, attribute);
	if (s.any || !s.near[0])
		return true;
	(void)snprintf(c->text, 256, "attribute '%.40s' of element '%.40s' must be one of: %.110s%s", name,
	    dbi_node_name(c->element), s.near, strlen(s.near) + 1 >= sizeof s.near ? "..." : "");
	return false;
}

static int check_attribute(void *ctx, const char *name, const char *value)
{
	struct check *c = ctx;
	char near[NAME_SIZE];
	struct patterns found = find(c->grammar, c->patterns, name, visit_attribute, near);

	if (found.n)
		return check_words(c, &found, name, value) ? 0 : 1;
	(void)snprintf(c->text, 256, "attribute '%.40s' is not allowed in element '%.40s'%s%s%s", name,
	    dbi_node_name(c->element), near[0] ? "; did you mean '" : "; remove it", near, near[0] ? "'?" : "");
	return 1;
}

static bool check_required(struct check *c)
{
	struct search s = { c->grammar, visit_required, "", NULL, "", 0, c->element, NULL, false };

	search_all(&s, c->patterns);
	if (!s.missing)
		return true;
	(void)snprintf(c->text, 256, "%s '%.40s' is missing in element '%.40s'; add it", dbi_node_name(s.missing),
	    dbi_node_attr(s.missing, "name"), dbi_node_name(c->element));
	return false;
}

static bool is_blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static bool check_text(struct check *c)
{
	struct search s = { c->grammar, visit_text, "", NULL, "", 0, NULL, NULL, false };

	for (const dbi_xml_node *t = dbi_node_first(c->element); t; t = dbi_node_next(t)) {
		if (!dbi_node_is_text(t) || is_blank(dbi_node_text(t)))
			continue;
		search_all(&s, c->patterns);
		if (s.any)
			return true;
		(void)snprintf(c->text, 256, "text is not allowed in element '%.60s'; remove it", dbi_node_name(c->element));
		return false;
	}
	return true;
}

static const dbi_xml_node *diagnose_element(const dbi_xml_node *grammar, const dbi_xml_node *e,
    const struct patterns *patterns, char *text, unsigned depth)
{
	struct check c = { grammar, e, patterns, text };
	struct patterns found;
	const dbi_xml_node *culprit;
	char near[NAME_SIZE];

	if (depth > MAX_NESTING || patterns->n == MAX_PATTERNS)
		return NULL;
	if (dbi_node_each_attr(e, check_attribute, &c))
		return e;
	for (const dbi_xml_node *child = dbi_node_child(e, NULL); child; child = dbi_node_sibling(child, NULL)) {
		found = find(grammar, patterns, dbi_node_name(child), visit_element, near);
		if (found.n == 0) {
			(void)snprintf(text, 256, "element '%.40s' is not allowed in element '%.40s'%s%s%s", dbi_node_name(child),
			    dbi_node_name(e), near[0] ? "; did you mean '" : "; remove it", near, near[0] ? "'?" : "");
			return child;
		}
		culprit = diagnose_element(grammar, child, &found, text, depth + 1);
		if (culprit)
			return culprit;
	}
	return check_required(&c) && check_text(&c) ? NULL : e;
}

const dbi_xml_node *dbi_xml_diagnose(const dbi_xml_doc *doc, const dbi_xml_doc *schema, char text[256])
{
	const dbi_xml_node *grammar = dbi_xml_root(schema), *start = dbi_node_child(grammar, "start"), *root = dbi_xml_root(doc);
	struct patterns from = { { start }, 1 }, found;
	char near[NAME_SIZE];

	if (!start || !root)
		return NULL;
	found = find(grammar, &from, dbi_node_name(root), visit_element, near);
	if (found.n == 0) {
		(void)snprintf(text, 256, "element '%.40s' cannot be the root of this document%s%s%s", dbi_node_name(root),
		    near[0] ? "; did you mean '" : "; see datenbrief(5)", near, near[0] ? "'?" : "");
		return root;
	}
	return diagnose_element(grammar, root, &found, text, 0);
}
