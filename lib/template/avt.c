/* SPDX-License-Identifier: MIT */
/* Attribute values at load: text and {expressions}. */
#include <string.h>
#include "template/program.h"

struct avt {
	struct dbi_expr_env *env;
	const char *attr;
	const struct dbi_avt **tail;
};

/* The closing brace of an expression; braces in string literals do not count. */
static const char *expression_end(const char *s)
{
	char quote = 0;

	for (; *s; s++) {
		if (quote)
			quote = *s == quote ? 0 : quote;
		else if (*s == '\'' || *s == '"')
			quote = *s;
		else if (*s == '}')
			return s;
	}
	return NULL;
}

static int fault(const struct avt *a, const char *what)
{
	return dbi_error(a->env->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, a->env->place, "%.40s: %s", a->attr, what);
}

static struct dbi_avt *add_part(struct avt *a)
{
	struct dbi_avt *p = dbi_arena_calloc(&a->env->tmpl->arena, 1, sizeof(*p));

	if (p) {
		*a->tail = p;
		a->tail = &p->next;
	}
	return p;
}

static int add_text(struct avt *a, const char *s, size_t len)
{
	struct dbi_avt *p;

	if (len == 0)
		return DBRIEF_OK;
	p = add_part(a);
	if (p)
		p->text = dbi_arena_strndup(&a->env->tmpl->arena, s, len);
	if (!p || !p->text)
		return dbi_error_memory(a->env->err);
	p->len = len;
	return DBRIEF_OK;
}

/* White space of a text file is collapsed, and dropped at its ends. */
static int add_words(struct avt *a, const char *s, bool first, bool last)
{
	struct dbi_buf text = DBI_BUF_INIT;
	int st;

	for (; *s; s++)
		if (!strchr(" \t\r\n", *s))
			dbi_buf_addc(&text, *s);
		else if (text.len ? text.data[text.len - 1] != ' ' : !first)
			dbi_buf_addc(&text, ' ');
	if (last && text.len && text.data[text.len - 1] == ' ')
		text.len--;
	st = text.failed ? dbi_error_memory(a->env->err) : add_text(a, text.data, text.len);
	dbi_buf_dispose(&text);
	return st;
}

/* {#key}: the text of that key, which may hold t:value-of. */
static int add_keyed(struct avt *a, const char *name, size_t len)
{
	const struct dbi_text_entry *entry = NULL;
	char key[64] = "";
	int st;

	if (len < sizeof(key))
		memcpy(key, name, len);
	st = dbi_texts_find(dbi_load_texts_of(a->env->load), key, a->env->place, &entry, a->env->err);
	for (const dbi_xml_node *n = st ? NULL : dbi_node_first(entry->node), *first = n; n && !st; n = dbi_node_next(n)) {
		const char *select = dbi_node_is_text(n) ? NULL : dbi_node_attr(n, "select");
		struct dbi_avt *p;

		if (dbi_node_is_text(n)) {
			st = add_words(a, dbi_node_text(n), n == first, !dbi_node_next(n));
			continue;
		}
		if (!dbi_node_is(n, "value-of") || strcmp(dbi_node_ns(n), DBI_TEMPLATE_NS) != 0 || !select || dbi_node_attr(n, "default"))
			return dbi_error(a->env->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, a->env->place,
			    "%.40s: the text '%s' holds more than an attribute takes; leave text and t:value-of select in it", a->attr, key);
		p = add_part(a);
		st = p ? dbi_expr_add(a->env, a->attr, select, strlen(select), true, &p->xpath) : dbi_error_memory(a->env->err);
	}
	return st;
}

/* *s stands behind the opening brace, afterwards behind the closing one. */
static int add_expression(struct avt *a, const char **s)
{
	const char *start = *s, *end = expression_end(start);
	struct dbi_avt *p;

	if (!end)
		return fault(a, "a { has no }; close it, or write {{ for a brace");
	if (start + strspn(start, " \t\r\n") == end)
		return fault(a, "{} holds no expression; write one, or {{ for a brace");
	if (*start == '#') {
		*s = end + 1;
		return add_keyed(a, start + 1, (size_t)(end - start - 1));
	}
	p = add_part(a);
	if (!p)
		return dbi_error_memory(a->env->err);
	*s = end + 1;
	return dbi_expr_add(a->env, a->attr, start, (size_t)(end - start), true, &p->xpath);
}

int dbi_avt_parse(struct dbi_expr_env *env, const char *attr, const char *value, struct dbi_op_attr *out)
{
	struct avt a = { env, attr, &out->parts };
	const char *s = value;
	size_t n;
	int st = DBRIEF_OK;

	if (!value[strcspn(value, "{}")]) {
		out->constant = dbi_arena_strndup(&env->tmpl->arena, value, strlen(value));
		return out->constant ? DBRIEF_OK : dbi_error_memory(env->err);
	}
	while (*s && !st) {
		n = strcspn(s, "{}");
		st = add_text(&a, s, n);
		s += n;
		if (st || !*s)
			break;
		if (s[0] == s[1]) {
			st = add_text(&a, s, 1);
			s += 2;
		} else if (*s == '}') {
			st = fault(&a, "a } has no {; write }} for a brace");
		} else {
			s++;
			st = add_expression(&a, &s);
		}
	}
	return st;
}
