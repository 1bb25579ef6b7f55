/* SPDX-License-Identifier: MIT */
/* The vocabulary of instructions, and messages that guess what was meant. */
#include <stdio.h>
#include <string.h>
#include "template/program.h"

static const struct dbi_element_rule rules[] = {
	{ "template", { { "version", true }, { "lang", true }, { "name", false }, { "readability", false },
		{ "texts", false }, { "kind", false } } },
	{ "fragment", { { "version", false } } },
	{ "value-of", { { "select", true }, { "default", false } } },
	{ "for-each", { { "select", true }, { "as", false }, { "limit", false } } },
	{ "sort", { { "select", true }, { "order", false }, { "type", false } } },
	{ "if", { { "test", true } } },
	{ "choose", { { NULL, false } } },
	{ "when", { { "test", true } } },
	{ "otherwise", { { NULL, false } } },
	{ "variable", { { "name", true }, { "select", true } } },
	{ "include", { { "href", true } } },
	{ "text", { { "key", false } } },
	{ "texts", { { "version", false } } },
};
#define N_RULES (sizeof(rules) / sizeof(*rules))

const struct dbi_element_rule *dbi_template_rule(const char *name)
{
	size_t i;

	for (i = 0; i < N_RULES; i++)
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	return NULL;
}

#define WORD 40

/* Edits (change, add, drop, swap of neighbours) between two short words. */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[WORD + 1][WORD + 1], best;
	size_t i, j, n = strlen(a), m = strlen(b);

	if (n > WORD || m > WORD)
		return WORD;
	for (i = 0; i <= n; i++)
		d[i][0] = (unsigned)i;
	for (j = 0; j <= m; j++)
		d[0][j] = (unsigned)j;
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++) {
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	return d[n][m];
}

void dbi_template_suggest(char out[96], const char *prefix, const char *word, const char *const *candidates, const char *otherwise)
{
	unsigned best = (unsigned)strlen(word) / 3 + 1, d;
	const char *found = NULL;

	for (; *candidates; candidates++) {
		d = distance(word, *candidates);
		if (d < best) {
			best = d;
			found = *candidates;
		}
	}
	if (found)
		snprintf(out, 96, "; did you mean %s%.*s?", prefix, WORD, found);
	else
		snprintf(out, 96, "; %s", otherwise);
}

int dbi_template_unknown(const dbi_xml_node *n, const char *place, struct dbrief_error *err)
{
	const char *names[N_RULES + 1];
	char hint[96];
	size_t i;

	for (i = 0; i < N_RULES; i++)
		names[i] = rules[i].name;
	names[N_RULES] = NULL;
	dbi_template_suggest(hint, "t:", dbi_node_name(n), names, "see datenbrief-template(5)");
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "t:%.40s is not an instruction%s", dbi_node_name(n), hint);
}

struct attr_check {
	const struct dbi_element_rule *rule;
	const char *place;
	struct dbrief_error *err;
};

static int check_attr(void *ctx, const char *name, const char *value)
{
	const struct attr_check *c = ctx;
	const char *names[DBI_MAX_RULE_ATTRS + 1] = { NULL };
	char hint[96];
	size_t i, n = 0;

	(void)value;
	for (i = 0; i < DBI_MAX_RULE_ATTRS && c->rule->attrs[i].name; i++) {
		if (strcmp(c->rule->attrs[i].name, name) == 0)
			return DBRIEF_OK;
		names[n++] = c->rule->attrs[i].name;
	}
	dbi_template_suggest(hint, "", name, names, "remove it");
	return dbi_error(c->err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, c->place, "t:%s has no attribute %.40s%s", c->rule->name, name, hint);
}

int dbi_template_check_attrs(const struct dbi_element_rule *rule, const dbi_xml_node *n, const char *place, struct dbrief_error *err)
{
	struct attr_check c = { rule, place, err };
	size_t i;
	int st = dbi_node_each_attr(n, check_attr, &c);

	if (st)
		return st;
	for (i = 0; i < DBI_MAX_RULE_ATTRS && rule->attrs[i].name; i++)
		if (rule->attrs[i].required && !dbi_node_attr(n, rule->attrs[i].name))
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, place, "t:%s lacks the attribute %s; add it", rule->name,
			    rule->attrs[i].name);
	return DBRIEF_OK;
}

bool dbi_template_is_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t n = strlen(s);

	return n > 0 && n <= WORD && strchr(letters, s[0]) && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-0123456789")] == '\0';
}
