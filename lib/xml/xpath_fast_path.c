/* SPDX-License-Identifier: MIT */
/* Paths of a natively evaluated expression: start, steps, conditions. */
#include <string.h>

#include "xml/xpath_fast_reader.h"

#define MAX_UP 15

const char *const dbi_fast_only_last[] = { "[", "last", "(", ")", "]", NULL };
static const char *const only_first[] = { "[", "1", "]", NULL };

/* A condition must be a truth: a number would ask for a position. */
static bool is_condition(struct dbi_fast_reader *r, uint16_t i)
{
	const struct dbi_fast_node *n = dbi_fast_node_at(r, i);

	if (n->kind == DBI_FAST_PATH)
		return n->start != DBI_FAST_VARIABLE || n->a != 0 || n->nth != 0;
	return n->kind <= DBI_FAST_UNION;
}

/* "[3]" as first condition. */
static bool read_nth(struct dbi_fast_reader *r, unsigned char *nth)
{
	const char *s = r->at + strspn(r->at, " \t\r\n");
	unsigned n = 0;

	if (*s != '[')
		return true;
	s += 1 + strspn(s + 1, " \t\r\n");
	if (*s < '1' || *s > '9')
		return true;
	while (*s >= '0' && *s <= '9' && n <= 255)
		n = n * 10 + (unsigned)(*s++ - '0');
	s += strspn(s, " \t\r\n");
	if (*s != ']')
		return true;
	r->at = s + 1;
	*nth = (unsigned char)n;
	return n <= 255;
}

bool dbi_fast_take_end(struct dbi_fast_reader *r, const char *const *words)
{
	const char *s = r->at;

	for (; *words; words++) {
		s += strspn(s, " \t\r\n");
		if (strncmp(s, *words, strlen(*words)) != 0)
			return false;
		s += strlen(*words);
	}
	if (s[strspn(s, " \t\r\n")] == '[')
		return false;
	r->at = s;
	return true;
}

/* Conditions into *first; *ends: `end` stands behind them. */
static bool read_conditions(struct dbi_fast_reader *r, uint16_t *first, const char *const *end, bool *ends)
{
	uint16_t last = 0, i;

	*first = 0;
	while (!(end && (*ends = dbi_fast_take_end(r, end))) && dbi_fast_take(r, "[")) {
		r->inside++;
		i = dbi_fast_read_or(r);
		r->inside--;
		if (!i || !is_condition(r, i) || !dbi_fast_take(r, "]"))
			return false;
		if (last)
			dbi_fast_node_at(r, last)->next = i;
		else
			*first = i;
		last = i;
	}
	return true;
}

static uint16_t read_step(struct dbi_fast_reader *r, bool descendant)
{
	uint16_t i, first;
	bool last = false;
	const char *name;

	dbi_fast_skip_blanks(r);
	i = dbi_fast_add(r, descendant ? DBI_FAST_DESCENDANT : DBI_FAST_CHILD);
	if (!i)
		return 0;
	if (*r->at == '@') {
		r->at++;
		dbi_fast_skip_blanks(r);
		dbi_fast_node_at(r, i)->kind = DBI_FAST_ATTRIBUTE;
		if (descendant)
			return 0;
	}
	name = dbi_fast_take_name(r);
	if (!name)
		return 0;
	if (dbi_fast_node_at(r, i)->kind == DBI_FAST_CHILD && !read_nth(r, &dbi_fast_node_at(r, i)->nth))
		return 0;
	if (!read_conditions(r, &first, dbi_fast_node_at(r, i)->kind == DBI_FAST_CHILD ? dbi_fast_only_last : NULL, &last))
		return 0;
	dbi_fast_node_at(r, i)->last = last;
	dbi_fast_node_at(r, i)->text = name;
	dbi_fast_node_at(r, i)->b = first;
	return i;
}

/* Steps behind a separator that has been read. Behind // only an attribute may follow: else the order would be lost. */
static bool read_steps(struct dbi_fast_reader *r, uint16_t *first, bool descendant)
{
	bool seen = descendant;
	uint16_t last = 0, i;

	for (;;) {
		i = read_step(r, descendant);
		if (!i)
			return false;
		if (last)
			dbi_fast_node_at(r, last)->next = i;
		else
			*first = i;
		if (seen && !descendant && dbi_fast_node_at(r, i)->kind != DBI_FAST_ATTRIBUTE)
			return false;
		last = i;
		descendant = dbi_fast_take(r, "//");
		if (!descendant && !dbi_fast_take(r, "/"))
			return true;
		if (dbi_fast_node_at(r, i)->kind == DBI_FAST_ATTRIBUTE || (seen && descendant))
			return false;
		seen |= descendant;
	}
}

/* ".." and "../.." in front of a path. */
static bool read_up(struct dbi_fast_reader *r, struct dbi_fast_node *path)
{
	uint16_t first = 0;

	while (dbi_fast_take(r, "..")) {
		if (++path->up == MAX_UP)
			return false;
		dbi_fast_skip_blanks(r);
		if (r->at[0] != '/' || r->at[1] == '/')
			return *r->at != '[' && *r->at != '/';
		r->at++;
		dbi_fast_skip_blanks(r);
	}
	if (!read_steps(r, &first, false))
		return false;
	path->a = first;
	return true;
}

static bool read_behind_start(struct dbi_fast_reader *r, uint16_t i)
{
	bool descendant, one = false;
	uint16_t first = 0;

	if (!read_conditions(r, &first, dbi_fast_node_at(r, i)->start == DBI_FAST_VARIABLE ? only_first : NULL, &one))
		return false;
	dbi_fast_node_at(r, i)->b = first;
	dbi_fast_node_at(r, i)->first = one;
	descendant = dbi_fast_take(r, "//");
	if (!descendant && !dbi_fast_take(r, "/"))
		return true;
	if (!read_steps(r, &first, descendant))
		return false;
	dbi_fast_node_at(r, i)->a = first;
	return true;
}

static bool read_start(struct dbi_fast_reader *r, uint16_t i)
{
	struct dbi_fast_node *path = dbi_fast_node_at(r, i);
	uint16_t first = 0;
	bool descendant;

	if (*r->at == '$') {
		r->at++;
		path->start = DBI_FAST_VARIABLE;
		path->text = dbi_fast_take_name(r);
		return path->text && read_nth(r, &path->nth) && read_behind_start(r, i);
	}
	if (dbi_fast_take(r, "t:current()")) {
		path->start = DBI_FAST_CURRENT;
		r->f->current = true;
		return read_behind_start(r, i);
	}
	if (*r->at == '/') {
		path->start = DBI_FAST_ROOT;
		descendant = dbi_fast_take(r, "//");
		r->at += !descendant;
		if (!read_steps(r, &first, descendant))
			return false;
		path->a = first;
		return true;
	}
	if (r->at[0] == '.' && r->at[1] == '.')
		return read_up(r, path);
	if (r->at[0] == '.' && !(r->at[1] >= '0' && r->at[1] <= '9')) {
		r->at++;
		return read_behind_start(r, i);
	}
	if (!read_steps(r, &first, false))
		return false;
	path->a = first;
	return true;
}

uint16_t dbi_fast_read_path(struct dbi_fast_reader *r)
{
	uint16_t i = dbi_fast_add(r, DBI_FAST_PATH);

	dbi_fast_skip_blanks(r);
	return i && read_start(r, i) ? i : 0;
}
