/* SPDX-License-Identifier: MIT */
/* The table of rules, and how their findings are said. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "api/lint.h"
#include "util/mem.h"

/* The letters a rule looks at; a short letter offers what a full one must hold, and where nothing is stored there is nothing to show. */
#define FULL DBI_LINT_LETTERS(DBI_TEMPLATE_FULL)
#define SHORT DBI_LINT_LETTERS(DBI_TEMPLATE_SHORT)
#define NOTHING DBI_LINT_LETTERS(DBI_TEMPLATE_NOTHING)
#define NO_LETTERS 0
#define R(n, article, letters) { "L" #n, article, dbi_lint_l##n, letters }

static const struct dbi_lint_rule rules[] = {
	R(01, "Art. 15(1) GDPR", FULL | SHORT | NOTHING),
	R(02, "Art. 15(1) GDPR", FULL),
	R(03, "Art. 15(1)(a) GDPR", FULL),
	R(04, "Art. 15(1)(b) GDPR", FULL),
	R(05, "Art. 15(1)(c) GDPR", FULL),
	R(06, "Art. 15(1)(d) GDPR", FULL),
	R(07, "Art. 15(1)(e) GDPR", FULL | SHORT | NOTHING),
	R(08, "Art. 15(1)(f), 77 GDPR", FULL | SHORT | NOTHING),
	R(09, "Art. 15(1)(g) GDPR", FULL),
	R(10, "Art. 15(1)(h), 22 GDPR", FULL),
	R(11, "Art. 15(2) GDPR", FULL),
	R(12, "Art. 15(3) GDPR", NO_LETTERS),
	R(13, "Art. 12(5), 15(3) GDPR", FULL | SHORT | NOTHING),
	R(14, "Art. 15(4) GDPR", FULL),
	R(15, "Art. 15(1), CJEU C-579/21", NO_LETTERS),
	R(16, "Art. 12(1) GDPR", NO_LETTERS),
	R(17, "Art. 11, 12(2), 12(6) GDPR", NO_LETTERS),
	R(18, "Art. 12(3) GDPR", FULL | SHORT | NOTHING),
	R(19, "Art. 12(5) GDPR", NO_LETTERS),
	R(20, "Art. 13(1)(a), (b) GDPR", FULL | SHORT | NOTHING),
	R(21, "Art. 7 GDPR", FULL | SHORT | NOTHING),
	R(22, "Art. 16 to 20 GDPR", FULL | SHORT),
	R(23, "Art. 21(4) GDPR", FULL | SHORT | NOTHING),
	R(24, "Art. 9, 10 GDPR", FULL),
	R(25, "sec. 34(1) BDSG", FULL),
	R(26, "sec. 34(2) BDSG", FULL | SHORT | NOTHING),
	R(27, "Art. 8, 12(1) GDPR", NO_LETTERS),
	R(28, "Recital 27 GDPR", NO_LETTERS),
	R(29, "Art. 5(1)(f) GDPR, sec. 51 BMG", NO_LETTERS),
	R(30, "Art. 5(1)(f), 32 GDPR", NO_LETTERS),
	R(31, "Art. 26, 28 GDPR", NO_LETTERS),
	R(32, "Art. 30 GDPR", FULL | SHORT | NOTHING),
};

/* What is checked beside the law. */
static const struct dbi_lint_rule parts[] = {
	{ "path", "", dbi_lint_paths, NO_LETTERS },
	{ "role", "", dbi_lint_roles, NO_LETTERS },
	{ "readability", "Art. 12(1) GDPR", dbi_lint_readability, NO_LETTERS },
};
static const struct dbi_lint_rule of_attest = { "attest", "", NULL, NO_LETTERS };
static const struct dbi_lint_rule of_source = { "source", "", dbi_lint_sources, NO_LETTERS };
static const struct dbi_lint_rule of_charset = { "charset", "", dbi_lint_charsets, NO_LETTERS };
static const struct dbi_lint_rule of_texts = { "readability", "Art. 12(1) GDPR", dbi_lint_read_texts, NO_LETTERS };
static const struct dbi_lint_rule of_todo = { "todo", "", dbi_lint_todos, NO_LETTERS };
static const struct dbi_lint_rule of_coverage = { "coverage", "Art. 15(1) GDPR", dbi_lint_coverage, NO_LETTERS };

/* Rules that a person may answer for. */
static const char attestable[] = "L12 L14 L15 L17 L19 L20 L21 L24 L27 L28 L29 L31 L32";

void dbi_lint_memory(struct dbi_lint *l)
{
	l->status = dbi_error_memory(l->err);
	l->stop = true;
}

char *dbi_lint_copy(struct dbi_lint *l, const char *s)
{
	static char empty[1];
	char *copy = dbi_arena_strndup(&l->arena, s, strlen(s));

	if (!copy)
		dbi_lint_memory(l);
	return copy ? copy : empty;
}

const char *dbi_lint_template_place(struct dbi_lint *l, const char *place)
{
	const char *folder = dbi_template_folder(l->tmpl);
	char text[512];

	if (strcmp(folder, ".") == 0)
		return place;
	(void)snprintf(text, sizeof(text), "%s/%s", folder, place);
	return dbi_lint_copy(l, text);
}

static bool said_before(struct dbi_lint *l, const char *place, const char *text)
{
	struct dbi_lint_said *said;

	for (const struct dbi_lint_said *s = l->said; s; s = s->next)
		if (s->rule == l->rule->id && strcmp(s->place, place) == 0 && strcmp(s->text, text) == 0)
			return true;
	said = dbi_arena_calloc(&l->arena, 1, sizeof(*said));
	if (!said) {
		dbi_lint_memory(l);
		return true;
	}
	*said = (struct dbi_lint_said){ l->said, l->rule->id, dbi_lint_copy(l, place), dbi_lint_copy(l, text) };
	l->said = said;
	return false;
}

void dbi_lint_say(struct dbi_lint *l, int severity, const char *place, const char *fmt, ...)
{
	struct dbrief_finding f = { sizeof(f), l->rule->id, severity, l->rule->article, NULL, NULL };
	char text[512];
	va_list args;

	if (l->stop)
		return;
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	f.place = place ? place : l->tmpl_place;
	f.text = text;
	if (said_before(l, f.place, text) || l->stop)
		return;
	l->path_errors += l->rule->check == dbi_lint_paths;
	if (l->each(l->ctx, &f))
		l->stop = true;
}

bool dbi_lint_attested(struct dbi_lint *l, const char *subject)
{
	bool found = false;

	for (size_t i = 0; i < l->config->n_attests; i++) {
		const struct dbi_attest *a = &l->config->attests[i];

		if (strcmp(a->rule, l->rule->id) != 0 || (a->subject && (!subject || strcmp(a->subject, subject) != 0)))
			continue;
		found = l->attest_used[i] = true;
	}
	return found;
}

bool dbi_lint_attested_field(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	char subject[512];

	(void)snprintf(subject, sizeof(subject), "%s/%s/%s", s->id, c->name, f->name);
	return dbi_lint_attested(l, subject);
}

size_t dbi_lint_words(const char *s)
{
	size_t n = 0;

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		s += strcspn(s, " ");
		n++;
	}
	return n;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool dbi_lint_contains(const char *text, const char *part)
{
	for (; *text; text++) {
		size_t i = 0;

		while (part[i] && lower(text[i]) == lower(part[i]))
			i++;
		if (!part[i])
			return true;
	}
	return !*part;
}

/* ---- the order of work ---- */

static void run(struct dbi_lint *l, const struct dbi_lint_rule *rule)
{
	l->rule = rule;
	if (!l->stop)
		rule->check(l);
}

/* One template: what it holds, and letters of invented customers. */
static void check_template(struct dbi_lint *l, size_t n)
{
	unsigned kind;

	dbi_lint_template_load(l, n);
	for (size_t i = 0; l->tmpl && i < sizeof(parts) / sizeof(*parts); i++)
		run(l, &parts[i]);
	if (l->tmpl && !l->stop)
		dbi_lint_samples_make(l);
	kind = l->n_samples ? DBI_LINT_LETTERS(dbi_template_kind(l->tmpl)) : 0;
	l->made_letters |= (kind & FULL) != 0;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].letters & kind)
			run(l, &rules[i]);
	dbi_lint_samples_free(l);
	dbi_template_free(l->tmpl);
	l->tmpl = NULL;
}

/* An attestation that nothing asked for says something that is not so. */
static void check_attests(struct dbi_lint *l)
{
	l->rule = &of_attest;
	for (size_t i = 0; i < l->config->n_attests; i++) {
		const struct dbi_attest *a = &l->config->attests[i];

		if (!strstr(attestable, a->rule))
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, a->place,
			    "nobody can answer for rule %s, the program decides it; remove the attestation", a->rule);
		else if (!l->attest_used[i] && l->made_letters)
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, a->place,
			    "nothing asks for this attestation of rule %s; correct its for, or remove it", a->rule);
	}
}

static void check_all(struct dbi_lint *l, bool connect)
{
	dbi_lint_templates(l);
	for (size_t i = 0; i < l->config->n_templates && !l->stop; i++)
		check_template(l, i);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (!rules[i].letters)
			run(l, &rules[i]);
	run(l, &of_texts);
	if (!l->stop)
		check_attests(l);
	run(l, &of_todo);
	if (connect) {
		run(l, &of_coverage);
		run(l, &of_source);
		run(l, &of_charset);
	}
}

int dbrief_engine_check(dbrief_engine *engine, const struct dbrief_check_opts *opts,
    int (*each)(void *ctx, const struct dbrief_finding *finding), void *ctx, struct dbrief_error *err)
{
	struct dbi_lint l = { .engine = engine, .each = each, .ctx = ctx, .err = err, .status = DBRIEF_OK };
	struct dbrief_check_opts o;
	int status;

	dbrief_error_clear(err);
	status = dbi_opts_copy(&o, sizeof(o), sizeof(o), opts, err);
	if (status == DBRIEF_OK)
		status = dbi_engine_check(engine, DBI_ENGINE_OPEN | DBI_ENGINE_FROZEN, err);
	if (status != DBRIEF_OK)
		return status;
	if (!each)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the function to call is NULL; pass one");
	if (!engine->config)
		return dbi_misuse(err, DBRIEF_CAUSE_STATE,
		    "the engine has no configuration, so nothing to check; load it with dbrief_engine_load");
	l.config = engine->config;
	l.reg = engine->config->reg;
	l.attest_used = dbi_calloc(l.config->n_attests + 1, sizeof(*l.attest_used));
	l.refused = dbi_calloc(engine->n_sources + 1, sizeof(*l.refused));
	if (l.attest_used && l.refused)
		check_all(&l, o.connect != 0);
	else
		dbi_lint_memory(&l);
	dbi_arena_dispose(&l.arena);
	dbi_free(l.attest_used);
	dbi_free(l.refused);
	return l.status;
}
