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

/* *s stands behind the opening brace, afterwards behind the closing one. */
static int add_expression(struct avt *a, const char **s)
{
	const char *start = *s, *end = expression_end(start);
	struct dbi_avt *p;

	if (!end)
		return fault(a, "a { has no }; close it, or write {{ for a brace");
	if (start + strspn(start, " \t\r\n") == end)
		return fault(a, "{} holds no expression; write one, or {{ for a brace");
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
