/* SPDX-License-Identifier: MIT */
#include "xml/form.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "util/norm.h"

/* ---- errors ---- */

int dbi_form_error(const struct dbi_form *f, const dbi_xml_node *n, const char *fmt, ...)
{
	char place[128], text[256];
	va_list args;
	dbi_node_place(f->doc, n, place);
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return dbi_error(f->err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, place, "%s", text);
}

/* What is read here is needed by every letter: a lower floor's FAILED becomes FATAL. */
int dbi_form_memory(const struct dbi_form *f)
{
	(void)dbi_error_memory(f->err);
	if (f->err)
		f->err->status = DBRIEF_FATAL;
	return DBRIEF_FATAL;
}

const char *dbi_form_place(const struct dbi_form *f, const dbi_xml_node *n)
{
	char place[128];
	dbi_node_place(f->doc, n, place);
	return dbi_arena_strndup(f->arena, place, strlen(place));
}

/* ---- lists of names ---- */

struct word { const char *s; size_t len; char mark; };

/* The next name of a list and the mark behind it; false at the end. */
static bool word_next(const char **list, struct word *w)
{
	const char *p = *list;
	while (*p == ' ')
		p++;
	if (!*p)
		return false;
	w->s = p;
	w->len = strcspn(p, " ");
	*list = p + w->len;
	w->mark = p[w->len - 1];
	if (strchr("!?*+", w->mark))
		w->len--;
	else
		w->mark = 0;
	return true;
}

static bool word_find(const char *list, const char *name, struct word *w, int *index)
{
	*index = 0;
	for (; word_next(&list, w); ++*index)
		if (strlen(name) == w->len && memcmp(name, w->s, w->len) == 0)
			return true;
	return false;
}

static bool blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == 0;
}

/* Levenshtein distance of short names; long ones are never near. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[33];
	if (n > 32 || m > 32)
		return 99;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

/* "did you mean label?" when a name is near, else "allowed are: a, b, c". */
static void advise(char *out, size_t size, const char *name, const char *list)
{
	struct word w, near = { NULL, 0, 0 };
	unsigned best = strlen(name) < 4 ? 2 : 3;
	size_t used;
	for (const char *p = list; word_next(&p, &w);) {
		unsigned d = distance(name, strlen(name), w.s, w.len);
		if (d < best) {
			best = d;
			near = w;
		}
	}
	if (near.s) {
		snprintf(out, size, "did you mean %.*s?", (int)near.len, near.s);
		return;
	}
	used = (size_t)snprintf(out, size, "%s", blank(list) ? "none is allowed here" : "allowed:");
	for (const char *p = list; used < size && word_next(&p, &w);)
		used += (size_t)snprintf(out + used, size - used, " %.*s%s", (int)w.len, w.s, *p ? "," : "");
}

/* ---- attributes ---- */

struct attr_check { const struct dbi_form *f; const dbi_xml_node *n; const char *allowed; };

static int attr_check(void *ctx, const char *name, const char *value)
{
	const struct attr_check *c = ctx;
	char advice[200];
	struct word w;
	int index;
	if (!word_find(c->allowed, name, &w, &index)) {
		advise(advice, sizeof advice, name, c->allowed);
		return dbi_form_error(c->f, c->n, "<%s> has an unknown attribute %s; %s", dbi_node_name(c->n),
		    name, advice);
	}
	if (w.mark != '?' && blank(value))
		return dbi_form_error(c->f, c->n,
		    "the attribute %s of <%s> is empty; fill it or leave it out", name,
		    dbi_node_name(c->n));
	return DBRIEF_OK;
}

int dbi_form_attrs(const struct dbi_form *f, const dbi_xml_node *n, const char *allowed)
{
	struct attr_check check = { f, n, allowed };
	struct word w;
	char name[64];
	int rc = dbi_node_each_attr(n, attr_check, &check);
	if (rc)
		return rc;
	while (word_next(&allowed, &w)) {
		if (w.mark != '!')
			continue;
		snprintf(name, sizeof name, "%.*s", (int)w.len, w.s);
		if (!dbi_node_attr(n, name))
			return dbi_form_error(f, n, "<%s> has no attribute %s; add %s=\"...\"",
			    dbi_node_name(n), name, name);
	}
	return DBRIEF_OK;
}

/* ---- child elements ---- */

static int child_check(const struct dbi_form *f, const dbi_xml_node *n, const dbi_xml_node *child,
    const char *allowed)
{
	const char *name = dbi_node_name(child), *parent = dbi_node_name(n);
	char advice[200];
	struct word w;
	int index;
	if (dbi_node_is_text(child)) {
		const char *text = dbi_node_text(child);
		if (!text || blank(text))
			return DBRIEF_OK;
		return dbi_form_error(f, n,
		    "<%s> holds text where none belongs; remove it or put it into an element", parent);
	}
	if (!word_find(allowed, name, &w, &index)) {
		advise(advice, sizeof advice, name, allowed);
		return dbi_form_error(f, child, "unknown element <%s> in <%s>; %s", name, parent, advice);
	}
	if (f->ns && strcmp(dbi_node_ns(child), f->ns))
		return dbi_form_error(f, child,
		    "<%s> is not in the namespace of this form; write xmlns=\"%s\" at the root and "
		    "no other", name, f->ns);
	if (w.mark != '*' && w.mark != '+' && dbi_node_child(n, name) != child)
		return dbi_form_error(f, child, "<%s> stands twice in <%s>; keep one", name, parent);
	return DBRIEF_OK;
}

int dbi_form_children(const struct dbi_form *f, const dbi_xml_node *n, const char *allowed)
{
	struct word w;
	char name[64];
	for (const dbi_xml_node *c = dbi_node_first(n); c; c = dbi_node_next(c)) {
		int rc = child_check(f, n, c, allowed);
		if (rc)
			return rc;
	}
	while (word_next(&allowed, &w)) {
		if (w.mark != '!' && w.mark != '+')
			continue;
		snprintf(name, sizeof name, "%.*s", (int)w.len, w.s);
		if (!dbi_node_child(n, name))
			return dbi_form_error(f, n, "<%s> has no <%s>; add one", dbi_node_name(n), name);
	}
	return DBRIEF_OK;
}

/* ---- texts ---- */

const char *dbi_form_copy(const struct dbi_form *f, const char *s, size_t len)
{
	struct dbi_buf buf = DBI_BUF_INIT;
	const char *out = NULL;
	if (dbi_nfc(&buf, s, len, f->err) == DBRIEF_OK && !buf.failed)
		out = dbi_arena_strndup(f->arena, buf.data ? buf.data : "", buf.len);
	dbi_buf_dispose(&buf);
	return out;
}

void dbi_form_collapse(struct dbi_buf *out, const char *s)
{
	size_t start = out->len;
	while (*s) {
		size_t n = strspn(s, " \t\r\n");
		if (n && out->len > start && s[n])
			dbi_buf_addc(out, ' ');
		s += n;
		n = strcspn(s, " \t\r\n");
		dbi_buf_add(out, s, n);
		s += n;
	}
}

static const char *copy_trimmed(const struct dbi_form *f, const char *s, bool collapsed)
{
	struct dbi_buf buf = DBI_BUF_INIT;
	const char *out = NULL;
	size_t len;
	if (!collapsed) {
		s += strspn(s, " \t\r\n");
		for (len = strlen(s); len && strchr(" \t\r\n", s[len - 1]); len--)
			;
		return dbi_form_copy(f, s, len);
	}
	dbi_form_collapse(&buf, s);
	if (!buf.failed)
		out = dbi_form_copy(f, buf.data ? buf.data : "", buf.len);
	dbi_buf_dispose(&buf);
	return out;
}

int dbi_form_text(const struct dbi_form *f, const dbi_xml_node *n, bool collapsed, bool required,
    const char **out)
{
	const char *text = dbi_node_text(n);
	*out = NULL;
	if (!text)
		return dbi_form_error(f, n, "<%s> holds elements where only text belongs; remove them",
		    dbi_node_name(n));
	if (blank(text)) {
		if (required)
			return dbi_form_error(f, n, "<%s> is empty; fill it", dbi_node_name(n));
		return DBRIEF_OK;
	}
	*out = copy_trimmed(f, text, collapsed);
	return *out ? DBRIEF_OK : dbi_form_memory(f);
}

int dbi_form_child_text(const struct dbi_form *f, const dbi_xml_node *n, const char *child, bool required,
    const char **out)
{
	const dbi_xml_node *c = dbi_node_child(n, child);
	*out = NULL;
	return c ? dbi_form_text(f, c, true, required, out) : DBRIEF_OK;
}

int dbi_form_attr(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, const char **out)
{
	const char *value = dbi_node_attr(n, attr);
	*out = NULL;
	if (!value)
		return DBRIEF_OK;
	*out = copy_trimmed(f, value, false);
	return *out ? DBRIEF_OK : dbi_form_memory(f);
}

int dbi_form_word(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, const char *words,
    int missing, int *out)
{
	const char *value = dbi_node_attr(n, attr);
	char advice[200];
	struct word w;
	*out = missing;
	if (!value || word_find(words, value, &w, out))
		return DBRIEF_OK;
	advise(advice, sizeof advice, value, words);
	return dbi_form_error(f, n, "the attribute %s of <%s> has an unknown value '%.40s'; %s", attr,
	    dbi_node_name(n), value,
	    advice);
}
